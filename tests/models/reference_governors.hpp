/// \file
/// Rows of reference data of governors.
#pragma once

#include "tests/models/reference_row.hpp"

namespace ballast::test {

// ---- governors
template <>
inline ReferenceRow reference_row<Tgov1>() {
  using M = Tgov1;
  const auto at = [](const char* name, double Pm) { return OperatingPoint{name, {}, {{M::PM, Pm}}}; };
  ReferenceRow row;
  row.parameters = {0.05, 0.5, 1, 0, 2.1, 7, 0.1};
  row.alternatives = {{{M::T1, 0}}, {{M::T2, 0}, {M::DT, 0}}};
  row.rests = {at("full load", 0.95), at("half load", 0.5), at("closed", 0), at("wide open", 1)};
  row.refusals = {{at("above VMAX", 1.1), "Pm"}, {at("below VMIN", -0.1), "Pm"}};
  row.x = {{-0.1, 1.1}, {0, 1}};
  row.in = {kDeviation, {0, 0.05}};
  const std::vector<Wave> speed{{M::SPEED_DEVIATION, 0.05, 0.1}};
  row.swings = {{"speed swing", at("half load", 0.5), speed, 40, {M::VALVE_LIMIT}},
                {"speed swing, T1 = 0", at("half load", 0.5), speed, 40, {M::VALVE_LIMIT}, {{M::T1, 0}}}};
  return row;
}
template <>
inline ReferenceRow reference_row<Gast>() {
  using M = Gast;
  const auto at = [](const char* name, double Pm) { return OperatingPoint{name, {}, {{M::PM, Pm}}}; };
  ReferenceRow row;
  row.parameters = {0.05, 0.4, 0.1, 3, 0.9, 2, 1, 0, 0.1};
  row.alternatives = {{{M::T1, 0}}, {{M::T2, 0}, {M::T3, 0}}, {{M::KT, 0}, {M::DTURB, 0}}};
  row.rests = {at("base load", 0.85), at("half load", 0.5), at("idle", 0),
               at("at the temperature limit", 0.9)};
  row.refusals = {{at("above the temperature limit", 0.95), "temperature limit"},
                  {at("below VMIN", -0.1), "VMIN"},
                  {at("above VMAX", 0.8), "VMAX", {{M::VMAX, 0.7}}}};
  row.x = {{-0.1, 1.1}, {0, 1}, {0, 1}};
  row.in = {kDeviation, {0, 1}};
  row.swings = {{"speed swing",
                 at("half load", 0.5),
                 {{M::SPEED_DEVIATION, 0.05, 0.05}},
                 80,
                 {M::TEMPERATURE, M::FUEL_LIMIT}}};
  return row;
}
template <>
inline ReferenceRow reference_row<Hygov>() {
  using M = Hygov;
  const auto at = [](const char* name, double Pm) { return OperatingPoint{name, {}, {{M::PM, Pm}}}; };
  ReferenceRow row;
  row.parameters = {0.05, 0.3, 5, 0.05, 0.5, 0.2, 0.95, 0, 1.25, 1.2, 0.2, 0.08};
  row.alternatives = {{{M::TG, 0}}, {{M::R, 0}}, {{M::DTURB, 0}, {M::QNL, 0}}};
  row.rests = {at("full load", 0.95), at("half load", 0.5), at("wide open", 1.2 * (0.95 - 0.08))};
  row.refusals = {{at("beyond the gate", 1.1), "GMIN..GMAX"},
                  {at("below GMIN", 0.1), "GMIN..GMAX", {{M::GMIN, 0.3}}},
                  {at("no flow", 0), "needs flow", {{M::QNL, 0}}}};
  row.x = {{-0.1, 0.1}, {-0.1, 1.1}, {0, 1}, {0, 1}};
  row.in = {kDeviation, {0, 0.06}};
  row.swings = {
      {"slow speed swing",
       at("half load", 0.5),
       {{M::SPEED_DEVIATION, 0.05, 0.02}},
       200,
       {M::POSITION},
       {{M::TEMPORARY_DROOP, 0.1}}},
      {"quick speed swing", at("half load", 0.5), {{M::SPEED_DEVIATION, 0.05, 0.25}}, 40, {M::VELOCITY}}};
  return row;
}
template <>
inline ReferenceRow reference_row<Ieeeg1>() {
  using M = Ieeeg1;
  const auto at = [](const char* name, double Pm) { return OperatingPoint{name, {}, {{M::PM, Pm}}}; };
  const OperatingPoint half = at("half load", 0.5);
  ReferenceRow row;
  row.parameters = {0,   1, 20, 0.2, 1, 0.2, 0.3, -0.5, 1.05, 0,   0.3,
                    0.3, 0, 7,  0.3, 0, 0.5, 0.3, 0,    0.4,  0.1, 0};
  row.alternatives = {{{M::T1, 0}, {M::T2, 0}},
                      {{M::T4, 0}, {M::T5, 0}, {M::T6, 0}, {M::T7, 0}},
                      {{M::K5, 0}, {M::K7, 0}, {M::T7, 0}}};
  row.rests = {at("full load", 0.6), half, at("closed", 0)};
  row.refusals = {{at("above PMAX", 1.2), "valve"},
                  {at("below PMIN", -0.1), "valve"},
                  {half, "JBUS", {{M::JBUS, 102}}},
                  {half, "shares", {{M::K1, 0}, {M::K3, 0}, {M::K5, 0}, {M::K7, 0}}}};
  row.x = {kDeviation, {-0.1, 1.1}, {0, 1}, {0, 1}, {0, 1}, {0, 1}};
  row.in = {kDeviation, {0, 1}};
  row.swings = {{"speed swing", half, {{M::SPEED_DEVIATION, 0.04, 0.1}}, 40, {M::VELOCITY, M::POSITION}}};
  return row;
}
template <>
inline ReferenceRow reference_row<Ggov1>() {
  using M = Ggov1;
  const auto at = [](const char* name, double Pm) {
    return OperatingPoint{name, {{M::PE, Pm}}, {{M::PM, Pm}}};
  };
  const OperatingPoint half = at("half load", 0.5);
  ReferenceRow row;
  row.parameters = {1, 1, 0.04, 1, 0.05, -0.05, 10,   2, 0.5, 1,  1,   0.1, 0.5,    1.5, 0.2, 0.5, 0.1, 0.02,
                    3, 2, 0.67, 1, 0,    0.1,   -0.1, 0, 0.1, 10, 0.1, 0,   0.0005, 4,   5,   99,  -99};
  row.alternatives = {{{M::RSELECT, 0}, {M::R, 0}},
                      {{M::RSELECT, -1}, {M::FLAG, 0}},
                      {{M::RSELECT, -2}, {M::TRATE, 160}},
                      {{M::TPELEC, 0}, {M::TB, 0}, {M::TENG, 0}},
                      {{M::KDGOV, 0}, {M::TDGOV, 0}, {M::TFLOAD, 0}, {M::TSB, 0}},
                      {{M::KPGOV, 0}, {M::KPLOAD, 0}},
                      {{M::DM, 0.3}, {M::DB, 0}},
                      {{M::DM, -0.5}, {M::KA, 0}},
                      {{M::KIMW, 0.01}}};
  row.rests = {at("full load", 0.95), half, at("at the load limit", 1), at("idle", 0)};
  row.refusals = {{at("above the load limit", 1.1), "load limit"},
                  {at("above Vmax", 1.3), "Vmin..Vmax"},
                  {at("below Vmin", -0.3), "Vmin..Vmax"}};
  row.x = {{-0.2, 1.2}, {-0.05, 0.05}, {0, 1},  {-0.05, 0.05}, {0, 1}, kDeviation, {0, 1},
           {0, 1},      {-0.3, 1.2},   {-1, 1}, {-0.3, 1.2},   {0, 1}, {0, 1}};
  row.in = {kDeviation, {-0.2, 1.2}, {0, 0.06}, {0, 1}};
  row.swings = {{"power swing", half, {{M::PE, 0.3, 0.02}}, 100, {M::RESET_LIMIT}, {{M::KIMW, 0.1}}},
                {"slow speed swing near the load limit",
                 at("near the load limit", 0.9),
                 {{M::SPEED_DEVIATION, -0.01, 0.02}},
                 100,
                 {M::DEADBAND, M::LOAD_GATE}},
                {"speed swing", half, {{M::SPEED_DEVIATION, 0.08, 0.1}}, 40, {M::ERROR_LIMIT, M::VELOCITY}},
                {"speed swing without load limit",
                 half,
                 {{M::SPEED_DEVIATION, 0.04, 0.05}},
                 60,
                 {M::POSITION},
                 {{M::LDREF, 20}, {M::ROPEN, 2}, {M::RCLOSE, -2}}},
                {"quick power swing",
                 half,
                 {{M::PE, 0.8, 1}},
                 10,
                 {M::ACCELERATION_GATE},
                 {{M::TPELEC, 0}, {M::LDREF, 20}}}};
  return row;
}

/// The swings of both Woodward governors: a slow one winds the integral up, a quick one drives the throttle.
template <class M>
std::vector<Swing> woodward_swings(const OperatingPoint& half) {
  return {
      {"slow speed swing", half, {{M::SPEED_DEVIATION, 0.05, 0.1}}, 40, {M::INTEGRAL_LIMIT}},
      {"quick speed swing near full load", half, {{M::SPEED_DEVIATION, 0.15, 0.5}}, 20, {M::THROTTLE_LIMIT}}};
}
template <>
inline ReferenceRow reference_row<Degov>() {
  using M = Degov;
  const auto at = [](const char* name, double Pm) { return OperatingPoint{name, {}, {{M::PM, Pm}}}; };
  const OperatingPoint half = at("half load", 0.5);
  ReferenceRow row;
  row.parameters = {0.01, 0.02, 0.2, 40, 0.25, 0.009, 0.0384, 0.024, 1.1, 0};
  row.alternatives = {{{M::T1, 0}, {M::T3, 0}}, {{M::T2, 0}}, {{M::T5, 0}}, {{M::T6, 0}}, {{M::TD, 0}}};
  row.rests = {at("full load", 1), half, at("idle", 0)};
  row.refusals = {{at("above TMAX", 1.2), "TMIN..TMAX"}, {at("below TMIN", -0.1), "TMIN..TMAX"}};
  row.x = {kDeviation, {-5, 5}, {-0.1, 1.2}, {-0.1, 1.2}, {-0.1, 1.2}, {0, 1}, {-1, 1}};
  row.in = {kDeviation, {-0.01, 0.01}};
  row.swings = woodward_swings<M>(half);
  return row;
}
/// Masses and springs of the IEEE First Benchmark, on 892.4 MVA.
inline const std::vector<double> kFirstBenchmark = {
    0.092897, 0.155589, 0.858670, 0.884215, 0.0342165, 19.303, 34.929, 52.038, 70.858, 2.822,
    0,        0,        0,        0,        0,         0.3,    0.26,   0.22,   0.22};
template <>
inline ReferenceRow reference_row<Shaft>() {
  using M = Shaft;
  const auto at = [](const char* name, double Pm) { return OperatingPoint{name, {}, {{M::PM, Pm}}}; };
  ReferenceRow row;
  row.parameters = kFirstBenchmark;
  row.alternatives = {{{M::H_EXC, 0}, {M::K_EXC, 0}},
                      {{M::H_1, 0},
                       {M::H_1 + 1, 0},
                       {M::K_1, 0},
                       {M::K_1 + 1, 0},
                       {M::F_1, 0},
                       {M::F_1 + 1, 0},
                       {M::F_1 + 2, 0.5},
                       {M::F_1 + 3, 0.5}}};
  row.rests = {at("full load", 1), at("half load", 0.5), at("idle", 0)};
  row.refusals = {{at("shares that do not add up", 1), "sum of F_1 to F_4", {{M::F_1, 0.2}}},
                  {at("a gap between masses", 1), "do not go together", {{M::H_1 + 1, 0}}},
                  {at("an exciter without a spring", 1), "do not go together", {{M::K_EXC, 0}}}};
  row.x = std::vector<Range>(M::kMasses, Range{-0.1, 0.2});
  row.x.insert(row.x.end(), M::kMasses, kDeviation);
  row.in = {kDeviation, {0, 1.1}};
  return row;
}
template <>
inline ReferenceRow reference_row<Degov1>() {
  using M = Degov1;
  const auto at = [](const char* name, double Pm) {
    return OperatingPoint{name, {{M::PE, Pm}}, {{M::PM, Pm}}};
  };
  const OperatingPoint half = at("half load", 0.5);
  ReferenceRow row;
  row.parameters = {0, 0.02, 0.01, 0.1, 20, 0.2, 0.05, 0.04, 0.024, 1.1, 0, 0.05, 0.02};
  row.alternatives = {{{M::M, 1}},
                      {{M::M, 1}, {M::TE, 0}},
                      {{M::T1, 0}, {M::T3, 0}},
                      {{M::T5, 0}, {M::T6, 0}},
                      {{M::TD, 0}, {M::DROOP, 0}}};
  row.rests = {at("full load", 1), half, at("idle", 0)};
  row.refusals = {{at("above TMAX", 1.2), "TMIN..TMAX"}, {at("below TMIN", -0.1), "TMIN..TMAX"}};
  row.x = {kDeviation, {-5, 5}, {-0.1, 1.2}, {-0.1, 1.2}, {-0.1, 1.2}, {0, 1}, {-1, 1}, {0, 1}};
  row.in = {kDeviation, {-0.2, 1.2}, {0, 0.06}};
  row.swings = woodward_swings<M>(half);
  return row;
}

}  // namespace ballast::test
