/// \file
/// A key of a case file by its dotted path: "simulation.until_s", "datacenter.Campus-A.it_power_MW",
/// "event.0.fault.duration_s", "load.*.P_MW". Private to studies/.
///
/// An element of an array of tables is named by its place from 0, its `name`, its `number`, "<bus>-<id>" (the
/// bus alone when that is the only one), "<from>-<to>-<id>" or one of its fuels; `*` means all of them, a
/// word with `*` in it those of whose names one matches. Words may be quoted: "bess.'A.1'.bus".
/// "dyr.<bus>-<id>.<model>.<parameter>" is a parameter of a record of the dynamics file;
/// "dyr.*.<model>.<parameter>" of all records of a model.
#pragma once

#include <string>
#include <vector>

#include "cases/reader/toml.hpp"

namespace ballast {

struct TreePath {
  std::string text;
  std::vector<std::string> words;
  Place place;  ///< where it is written
};

/// Splits a path; an empty word or an open quote is a problem.
[[nodiscard]] TreePath parse_path(const std::string& text, const Place& place, Problems& problems);

/// Gives every key that the path names this value. A key that its table does not have yet is added. Problems:
/// a table or element that does not exist (with the nearest name).
void set_at(TomlValue& root, const TreePath& path, const TomlValue& value, Problems& problems);

/// Appends the lists of tables of `more` ([[event]], [[bess]], ...) to those of a case. Throws Error for what
/// is no such list there or here.
void add_tables(TomlValue& root, TomlValue more);

}  // namespace ballast
