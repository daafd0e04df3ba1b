#include "models/unit_records.hpp"

#include <cstddef>

namespace ballast {
namespace {

/// Releases of PSS/E that do not have DERA1 have it as a user model of this name.
constexpr const char* kUserName = "DERAU1";
constexpr const char* kModel = "DERA1";
/// USRMDL: name, IC, IT, then the numbers of ICONs, CONs, states and variables.
constexpr std::ptrdiff_t kUserHeader = 7;

}  // namespace

void read_unit_name(DynamicRecord& record) {
  const bool user = record.model == "USRMDL";
  if ((user ? record.vendor_name : record.model) != kUserName) return;
  if (user) {
    if (record.fields.size() < static_cast<std::size_t>(kUserHeader)) return;
    record.header.assign(record.fields.begin(), record.fields.begin() + kUserHeader);
    record.fields.erase(record.fields.begin(), record.fields.begin() + kUserHeader);
  }
  record.written_model = record.model;
  record.model = kModel;
}

}  // namespace ballast
