/// \file
/// PSS/E dynamics data (DYR): records `bus 'MODEL' id  values ... /` in free format.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "grid/error.hpp"

namespace ballast {

/// One field of a record as written; `blank` when two commas enclose nothing.
struct DyrField {
  std::string text;
  Place place;
  bool blank = false;
};

/// One record. `values` follow the model's parameter table once check_dyr() has passed.
struct DynamicRecord {
  int bus = 0;
  std::string model;
  std::string id;
  std::vector<DyrField> fields;  ///< after the id
  std::vector<double> values;    ///< of the fields, NaN for one that is no number
  Place place;
};

/// Reads all records. Records may span lines and end with '/'; what follows on that line is a comment, as is
/// a line that begins with "//". Fields are separated by blanks or commas; model and id may be quoted. Never
/// throws because of what the text contains: every problem is added with its line and column, and the record
/// concerned is left out.
[[nodiscard]] std::vector<DynamicRecord> read_dyr(const std::string& path, Problems& problems);
[[nodiscard]] std::vector<DynamicRecord> read_dyr_text(std::string_view text, const std::string& file,
                                                       Problems& problems);

/// Checks records against the models there are: unknown models (once per name, with their count), blank
/// fields and fields that are no numbers, wrong counts, values that are not possible (problems) or unusual
/// (warnings), and two records of one role for the same machine.
void check_dyr(const std::vector<DynamicRecord>& records, Problems& problems);

/// The records as a DYR file that read_dyr_text() reads back with the same fields.
[[nodiscard]] std::string write_dyr(const std::vector<DynamicRecord>& records);

/// A record from numbers, with all their digits; NaN becomes a blank field.
[[nodiscard]] DynamicRecord make_record(int bus, const std::string& model, const std::string& id,
                                        std::span<const double> values);

}  // namespace ballast
