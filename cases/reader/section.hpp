/// \file
/// Reading one table of a case file: typed values with ranges, and what was never asked for is an unknown
/// key. For cases/reader/ and studies/.
///
/// Every problem is added to the collection with file, line and column, and reading goes on: after a problem
/// a value within its range is returned, so that one mistake is reported once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/reader/toml.hpp"
#include "models/contract.hpp"

namespace ballast {

/// What a number has to be.
struct NumberInfo {
  const char* unit = "";
  Range possible = anything();
  bool infinite = false;  ///< inf is a possible value
};

class Section {
 public:
  /// `label` names the table in messages: "[simulation]", "[[datacenter]] 'Campus-A'".
  Section(const TomlValue& table, std::string label, Problems& problems);

  [[nodiscard]] const std::string& label() const { return label_; }
  void relabel(std::string label) { label_ = std::move(label); }
  [[nodiscard]] const Place& place() const { return table_->place; }
  /// Of a key's value, else of the table.
  [[nodiscard]] Place place(std::string_view key) const;
  [[nodiscard]] Problems& problems() const { return *problems_; }

  /// Marks the key as known; nullptr when it is not there.
  [[nodiscard]] const TomlValue* find(std::string_view key);
  [[nodiscard]] bool empty() const { return table_->entries.empty(); }
  [[nodiscard]] bool has(std::string_view key) const { return table_->find(key) != nullptr; }

  // Required: a missing key is a problem. `meaning` says in the message what is missing.
  [[nodiscard]] double number(std::string_view key, const NumberInfo& info, std::string_view meaning);
  [[nodiscard]] int whole(std::string_view key, double low, double high, std::string_view meaning);
  [[nodiscard]] std::string text(std::string_view key, std::string_view meaning);

  // Optional.
  [[nodiscard]] std::optional<double> number_if(std::string_view key, const NumberInfo& info);
  [[nodiscard]] std::optional<int> whole_if(std::string_view key, double low, double high);
  [[nodiscard]] std::optional<std::string> text_if(std::string_view key);
  [[nodiscard]] std::optional<bool> flag_if(std::string_view key);
  [[nodiscard]] std::optional<std::vector<double>> numbers_if(std::string_view key, const NumberInfo& info);
  [[nodiscard]] std::optional<std::vector<std::string>> texts_if(std::string_view key);
  /// One of `choices`; required when `meaning` is not empty.
  [[nodiscard]] std::string choice(std::string_view key, const std::vector<std::string>& choices,
                                   std::string_view meaning);
  /// A table under this key, or nothing.
  [[nodiscard]] std::optional<Section> section_if(std::string_view key);
  /// The tables of an array of tables; `name` is how they are called: "bus".
  [[nodiscard]] std::vector<Section> sections(std::string_view key);

  /// Problem at the key's value (at the table when it is not there).
  void problem(std::string_view key, const std::string& what, const std::string& remedy = {});
  void warning(std::string_view key, const std::string& what, const std::string& remedy = {});
  /// Reported by finish(), unless an unknown key is a misspelling of this one.
  void missing(std::string_view key, std::string_view meaning, const std::string& remedy = {});
  /// Checks a value against its range, the value returned is possible.
  [[nodiscard]] double checked(const TomlValue& value, std::string_view key, const NumberInfo& info);
  /// Every key that was never asked for is a problem, and every required one that is missing. Call it last.
  void finish();

 private:
  [[nodiscard]] bool is(const TomlValue& value, TomlValue::Kind kind, std::string_view key,
                        const char* wanted);
  const TomlValue* table_;
  std::string label_;
  Problems* problems_;
  std::vector<std::string> known_;
  struct Missing {
    std::string key, what, remedy;
  };
  std::vector<Missing> missing_;
};

}  // namespace ballast
