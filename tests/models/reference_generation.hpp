/// \file
/// Rows of reference data of unit controllers, their totals and synchronisers.
#pragma once

#include "tests/models/reference_row.hpp"

namespace ballast::test {

template <>
inline ReferenceRow reference_row<UnitTotal>() {
  using M = UnitTotal;
  ReferenceRow row;
  const auto of_units = [](const char* name, int units) {
    OperatingPoint point{name, {}, {}};
    for (int k = 0; k < M::kInputs; ++k)
      point.in.emplace_back(k, k % M::kUnits >= units ? 0 : k < M::kUnits ? 30 : 35);
    return point;
  };
  row.rests = {of_units("two units", 2), of_units("all units", M::kUnits), of_units("no unit", 0)};
  row.in = std::vector<Range>(M::kInputs, Range{1, 100});
  return row;
}

template <>
inline ReferenceRow reference_row<UnitControl>() {
  using M = UnitControl;
  ReferenceRow row;
  row.ratings = {41.2, 100, 60};
  row.parameters = {35, 1, 0.04, 1, 0.01, 0.85, 0.97, 5, 10, 60, 120, 0.05, 0.1, 10, 0.05, 300, 2, 0.9};
  row.alternatives = {{{M::ISOCHRONOUS, 0}}, {{M::V_START, 0}, {M::LOAD_START, kNever}, {M::DEAD_S, kNever}}};
  const auto at = [](const char* name, double closed, double Pe, double parallel) {
    return OperatingPoint{name,
                          {{M::VR, 1},
                           {M::VI, 0.05},
                           {M::VR_FAR, 1},
                           {M::VI_FAR, 0},
                           {M::CLOSED, closed},
                           {M::OMEGA, 0},
                           {M::PE, Pe},
                           {M::IN_SERVICE, 1},
                           {M::FREQUENCY, 1},
                           {M::VR_WATCHED, 1},
                           {M::VI_WATCHED, 0},
                           {M::MEAN, Pe * 41.2 / 35},
                           {M::PLANT_TRIM, 0},
                           {M::PARALLEL, parallel}},
                          {}};
  };
  row.rests = {at("standby", 0, 0, 0), at("on line", 1, 0.8, 0), at("beside a stiff grid", 1, 0.5, 1)};
  row.x = {{0, 1}, kDeviation, {0, 1}};
  row.in = {kVoltage, kVoltage, kVoltage, kVoltage, {0, 1}, kDeviation,    {0, 1}, {0, 1},
            kSpeed,   kVoltage, kVoltage, {0, 1},   {0, 1}, {-0.01, 0.01}, {0, 1}};
  row.held = {{0, 1}, {-0.01, 0.01}, {0, 1}};
  row.modes = {{M::STANDBY, M::LOCKED_OUT}};
  return row;
}

template <>
inline ReferenceRow reference_row<Synchroniser>() {
  using M = Synchroniser;
  ReferenceRow row;
  row.parameters = {0.05, 0.1, 10, 0.05, 2, 300, 300};
  row.alternatives = {{{M::DEAD_S, kNever}, {M::CLOSE_MW, 0}}};
  const auto at = [](const char* name, double Vr_far, double Vi_far, double closed) {
    return OperatingPoint{name,
                          {{M::VR, 1},
                           {M::VI, 0},
                           {M::VR_FAR, Vr_far},
                           {M::VI_FAR, Vi_far},
                           {M::CLOSED, closed},
                           {M::FREQUENCY, 1},
                           {M::FREQUENCY_FAR, 1},
                           {M::SHARE, 200}},
                          {}};
  };
  row.rests = {at("closed", 1, 0, 1), at("open, out of step", -0.6, 0.8, 0),
               at("open, far side dead", 0, 0, 0)};
  row.in = {kVoltage, kVoltage, kVoltage, kVoltage, {0, 1}, kSpeed, kSpeed, {0, 1000}};
  row.held = {{0, 1}};
  row.modes = {{M::OPEN, M::CLOSED_TIE}};
  return row;
}

}  // namespace ballast::test
