/// \file
/// PSS/E dynamics data (DYR): records `bus 'MODEL' id  values ... /` in free format.
#pragma once

#include <optional>
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

/// Which loads a load record is about: its own, or all of the owner, area or zone whose number stands in the
/// bus's place, or every load.
enum class LoadScope { ONE, OWNER, ZONE, AREA, ALL };

/// One record. `values` follow the model's parameter table once check_dyr() has passed.
struct DynamicRecord {
  int bus = 0;  ///< 0 in records that belong to no bus
  std::string model;
  std::string id;
  std::string vendor_name;           ///< of the model behind a vendor's record (USRMDL and the like)
  std::vector<DyrField> fields;      ///< after the id
  std::vector<double> values;        ///< of the fields, NaN for one that is no number
  LoadScope scope = LoadScope::ONE;  ///< of a load record
  std::string
      written_model;  ///< what stands in the model's place when it is another name ("CIM5AR", "USRLOD")
  std::vector<DyrField> header;  ///< of a USRLOD record: the model's name and the counts before the values
  std::string replaces;          ///< "USRMDL 'MYEXC'": what a rule of the case put it in the place of
  std::string origin;            ///< where a record comes from that no file holds: "declared for fuel coal"
  std::vector<int> by_default;   ///< parameters that are blank in the file, with what the standard says
  Place place;
};

/// A record of a user-written model: USRMDL, USRLOD, USRMSC, ...
[[nodiscard]] bool is_vendor_record(std::string_view model);

/// A name of a load model that stands for another: "CIM5AR" is CIM5BL for an area, "CMLDZNU2" CMLDBLU2 for a
/// zone.
struct LoadModelName {
  std::string_view model;
  LoadScope scope;
};
/// Nothing when the name is not one of a load model with such variants.
[[nodiscard]] std::optional<LoadModelName> load_model_name(std::string_view written);

/// "GENROU", "CMLDARU2", or "USRMDL 'MYEXC'".
[[nodiscard]] std::string full_model_name(const DynamicRecord& record);
/// "GENROU of bus 7 '1'", "CIM5AR of area 3".
[[nodiscard]] std::string record_label(const DynamicRecord& record);

/// Reads all records. Records may span lines and end with '/'; what follows on that line is a comment, as is
/// a line that begins with "//" or "@!". Fields are separated by blanks or commas; two commas enclose a blank
/// field; model and id may be quoted. A record whose '/' is missing ends where a line opens with a number and
/// a quoted model name (a warning). Never throws because of what the text contains: every problem is added
/// with its line and column, and the record concerned is left out.
[[nodiscard]] std::vector<DynamicRecord> read_dyr(const std::string& path, Problems& problems);
[[nodiscard]] std::vector<DynamicRecord> read_dyr_text(std::string_view text, const std::string& file,
                                                       Problems& problems);

/// Checks records against the models there are: unknown models and vendors' models (once per name, with their
/// count), blank fields and fields that are no numbers, wrong counts, values that are not possible (problems)
/// or unusual (one warning per parameter, with the number of records and their range), and two records of one
/// role for the same machine.
void check_dyr(const std::vector<DynamicRecord>& records, Problems& problems);

/// The records as a DYR file that read_dyr_text() reads back with the same fields.
[[nodiscard]] std::string write_dyr(const std::vector<DynamicRecord>& records);

/// A record from numbers, with all their digits; NaN becomes a blank field.
[[nodiscard]] DynamicRecord make_record(int bus, const std::string& model, const std::string& id,
                                        std::span<const double> values);

}  // namespace ballast
