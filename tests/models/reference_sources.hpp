/// \file
/// Rows of reference data of fuel cells and their power conditioning.
#pragma once

#include "tests/models/reference_row.hpp"

namespace ballast::test {

template <>
inline ReferenceRow reference_row<WeatherLimit>() {
  using M = WeatherLimit;
  ReferenceRow row;
  row.parameters = {0.8, 5};
  row.alternatives = {{{0, 0.9}}, {{1, 0}}};
  row.rests = {{"all that there is", {}, {{M::PREF, 0.8}}},
               {"curtailed", {}, {{M::PREF, 0.5}}},
               {"nobody asks", {}, {}}};
  row.refusals = {{{"more than there is", {}, {{M::PREF, 0.95}}}, "power of the plant"}};
  row.x = {{0, 1.2}};
  row.in = {{0, 1.2}, {0, 1.2}};
  return row;
}

template <>
inline ReferenceRow reference_row<Pcs>() {
  using M = Pcs;
  ReferenceRow row;
  row.parameters = {1, 1.1, 0.97, 2, 0.5, 0.6, 20, 0.02, 0.02, 0.02, 2, 0.02, 0.2, 0.05};
  row.alternatives = {{{M::KQV, 0}}, {{M::PBURST, 0}}, {{M::STORE_TARGET, 0.1}}};
  row.rests = {at_bus<M>("nominal", 1.01, 20, 1.2, 0.3), at_bus<M>("idle", 0.98, -130, 0, 0),
               at_bus<M>("absorbing reactive power", 1.03, 90, 0.7, -0.4)};
  row.refusals = {{at_bus<M>("beyond its power", 1, 0, 1.6, 0), "active power"},
                  {at_bus<M>("draws power", 1, 0, -0.2, 0), "active power"},
                  {at_bus<M>("beyond its current", 1, 0, 1.2, 1.3), "inverter current"},
                  {at_bus<M>("dead bus", 1e-3, 0, 0, 0), "bus voltage"}};
  row.x = {{0, 1.2}, {-0.1, 1.1}, {-1.1, 1.1}, {0.02, 0.98}};
  row.in = {kVoltage, kVoltage, {0, 1.2}, {-0.2, 1.2}, {-1, 1}, {0.9, 1.1}};
  row.modes = {{0, 1}};
  const OperatingPoint half = at_bus<M>("half load", 1, 0, 0.75, 0);
  row.swings = {
      {"voltage swing", half, {{M::VR, 0.4, 0.2}}, 20, {M::VOLTAGE_BAND}},
      {"low voltage near its power",
       at_bus<M>("near its power", 1, 0, 1.35, 0),
       {{M::VR, 0.4, 0.2}},
       20,
       {M::ACTIVE_CURRENT}},
      {"more than the source gives: the buffer empties, and fills again",
       half,
       {{M::PREF, 0.4, 0.02}},
       100,
       {M::ROOM, M::POWER}},
      {"less than the source gives: the buffer is full", half, {{M::PREF, 0.4, 0.02}}, 100, {M::CHARGE}},
      {"reactive order beyond the current", half, {{M::QEXT, 1.4, 0.2}}, 20, {M::REACTIVE_CURRENT}}};
  return row;
}

/// The stack of 100 kW of the review's table.
inline const std::vector<double> kSofc = {100,  1.18, 384,  1273,  8.43e-4, 2.81e-4, 2.52e-3,
                                          26.1, 78.3, 2.91, 0.126, 0.8,     5,       1.145,
                                          0.8,  0.85, 0.9,  0.3,   1.1,     0.0017,  0.0033};
template <>
inline ReferenceRow reference_row<Sofc>() {
  using M = Sofc;
  const auto at = [](const char* name, double P) { return OperatingPoint{name, {}, {{M::P_DC, P}}}; };
  ReferenceRow row;
  row.parameters = kSofc;
  row.alternatives = {{{M::U_OPT, 0.8}}, {{M::R_OHM, 0.2}, {M::T_K, 1073}}};
  row.rests = {at("rated", 1), at("half", 0.5), at("least", 0.3)};
  row.refusals = {{at("below Pmin", 0.1), "DC power"},
                  {at("above Pmax", 1.2), "DC power"},
                  {at("more than the stacks give", 1.05), "DC power", {{M::R_OHM, 1}}},
                  {at("rated", 1), "U_opt", {{M::U_OPT, 0.95}}}};
  row.x = {{0.3, 1.1}, {50, 350}, {1e-4, 8e-4}, {0.02, 0.4}, {0.2, 3}, {0.02, 0.4}};
  row.in = {{0, 1.2}};
  row.swings = {
      {"faster than fuel follows", at("mean", 0.7), {{M::P_SOURCE, 0.5, 0.002}}, 600, {M::RANGE, M::RATE}},
      {"out of the window of utilisation",
       at("mean", 0.7),
       {{M::P_SOURCE, 0.35, 0.02}},
       200,
       {M::WINDOW},
       {{M::RISE, 1}, {M::FALL, 1}}}};
  return row;
}

template <>
inline ReferenceRow reference_row<Pem>() {
  using M = Pem;
  const auto at = [](const char* name, double P) { return OperatingPoint{name, {}, {{M::P_DC, P}}}; };
  ReferenceRow row;
  row.parameters = {0.3, 0.1, 1, 0.3, 0.5};
  row.rests = {at("rated", 1), at("half", 0.5), at("least", 0.1)};
  row.refusals = {{at("below Pmin", 0.05), "DC power"}, {at("above Pmax", 1.2), "DC power"}};
  row.x = {{0, 1}, {0, 1}};
  row.in = {{0, 1.2}};
  row.swings = {{"faster than it may", at("half", 0.5), {{M::P_SOURCE, 0.7, 0.2}}, 40, {M::RANGE, M::RATE}}};
  return row;
}

}  // namespace ballast::test
