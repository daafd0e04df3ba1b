/// \file
/// Rows of reference data of what operates branches.
#pragma once

#include "tests/models/reference_row.hpp"

namespace ballast::test {

template <>
inline ReferenceRow reference_row<TransferSwitch>() {
  using M = TransferSwitch;
  const auto at = [](const char* name, double preferred, double alternate) {
    return OperatingPoint{name,
                          {{M::VR_PREFERRED, preferred},
                           {M::VI_PREFERRED, 0},
                           {M::VR_ALTERNATE, 0},
                           {M::VI_ALTERNATE, alternate}},
                          {}};
  };
  ReferenceRow row;
  row.parameters = {0.85, 1.1, 0.05, 0.3, 5, 60};
  row.alternatives = {{{M::RETRANSFER_S, kNever}}, {{M::TRANSFER_S, 0}, {M::QUALIFY_S, 0}}};
  row.rests = {at("both good", 1, 1.02), at("no alternate source", -0.9, 0)};
  row.refusals = {{at("bad preferred source", 0.8, 1), "voltage of the preferred source"}};
  row.in = std::vector<Range>(M::kInputs, kVoltage);
  row.held = {{0, 1}, {0, 1}};
  row.modes = {{0, 3}, {0, 3}, {0, 3}};
  return row;
}

template <>
inline ReferenceRow reference_row<Overload>() {
  using M = Overload;
  const auto at = [](const char* name, double Ir, double Ii) {
    return OperatingPoint{name, {{M::IR, Ir}, {M::II, Ii}}, {}};
  };
  ReferenceRow row;
  row.parameters = {1, 1, 60};
  row.alternatives = {{{M::TRIP_S, kNever}}, {{M::ALARM_S, 0}}};
  row.rests = {at("half its rating", 0.6, -0.45), at("no load", 0, 0)};
  row.in = {{-2, 2}, {-2, 2}};
  row.held = {{0, 1}};
  row.modes = {{0, 3}};
  return row;
}

}  // namespace ballast::test
