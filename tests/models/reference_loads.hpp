/// \file
/// Rows of reference data of the dynamic loads.
#pragma once

#include "tests/models/reference_row.hpp"

namespace ballast::test {

/// A load at a bus of voltage V (pu, degrees), drawing P + jQ (pu on the system base).
template <class M>
OperatingPoint load_at(const char* name, double V, double degrees, double P, double Q) {
  return at_bus<M>(name, V, degrees, -P, -Q);
}

template <>
inline ReferenceRow reference_row<Ldelec>() {
  using M = Ldelec;
  ReferenceRow row;
  row.parameters = {0.65, 0.6, 0.8, 0};  // PNNL, composite load of a data center
  row.alternatives = {{{M::PFEL, 0.9}}, {{M::PFEL, -0.95}, {M::FRCEL, 0}}, {{M::VD1, 0.8}, {M::VD2, 0.7}}};
  row.rests = {load_at<M>("nominal", 1.01, 15, 0.8, 0.2), load_at<M>("turned, leading", 0.9, -140, 0.3, -0.1),
               load_at<M>("gives power", 1, 0, -0.5, 0.1)};
  row.refusals = {{load_at<M>("below Vd2", 0.55, 0, 0.8, 0.2), "bus voltage"}};
  row.x = {{0.5, 0.7}};
  row.in = {kVoltage, kVoltage, {0, 1.5}, {0, 1.5}};
  row.held = {{-1, 1}, {-1, 1}, {-1, 1}};
  return row;
}

/// The CIM5 motor of OpenIPSL-based models, with a relay.
inline const std::vector<double> kCim5 = {1,   0,   0.0759, 3.1241, 0.0085, 0.0759, 0,  0, 1, 0.06,
                                          1.2, 0.6, 0,      1.25,   0.4,    0.6,    12, 3, 1, 0};
template <>
inline ReferenceRow reference_row<Cim5>() {
  using M = Cim5;
  const Numbers speed{{M::FRAME_SPEED, 1}};
  const auto at = [&](const char* name, double V, double degrees, double P, double Q) {
    return with(load_at<M>(name, V, degrees, P, Q), speed);
  };
  ReferenceRow row;
  row.parameters = kCim5;
  row.alternatives = {{{M::R2, 0.02}, {M::X2, 0.1}},
                      {{M::IT, 2}, {M::R2, 0.02}, {M::X2, 0.1}},
                      {{M::SE1, 0}, {M::SE2, 0}, {M::RA, 0.02}, {M::D, 2}},
                      {{M::MBASE, 110}, {M::V_TRIP, 0}}};
  row.rests = {at("nominal", 1, 10, 0.8, 0.4), at("low voltage, turned", 0.92, -100, 0.8, 0.3),
               at("light load of a large motor", 1.03, 170, 0.6, -0.2)};
  row.refusals = {{at("gives power", 1, 0, -0.5, 0.1), "base of the motor"},
                  {at("beyond the pull-out", 0.62, 0, 0.9, 0.4), "active power", {{M::MBASE, 40}}},
                  {at("below the relay's voltage", 0.5, 0, 0.8, 0.4), "bus voltage"}};
  row.x = {{-1, 1}, {-1, 1}, {-0.3, 0.3}, {-0.3, 0.3}, kDeviation, kAngle};
  row.in = {kVoltage, kVoltage, kSpeed, {0, 1.5}};
  row.held = {{0.1, 2}, {0, 1}, {-1, 1}, {0, 1}};
  row.modes = {{0, 3}};
  return row;
}

/// Motor A of the PNNL data center.
inline const std::vector<double> kMotorA = {0.75, 0.04, 1.8, 0.12,  0.104, 0.095, 0.0021, 0.1,  0,  0.65,
                                            0.5,  0.3,  1,   99999, 0.5,   0.25,  0.6,    0.65, 0.1};
template <>
inline ReferenceRow reference_row<MotorCmp>() {
  using M = MotorCmp;
  const Numbers speed{{M::FRAME_SPEED, 1}};
  const auto at = [&](const char* name, double V, double degrees, double P, double Q) {
    return with(load_at<M>(name, V, degrees, P, Q), speed);
  };
  ReferenceRow row;
  row.parameters = kMotorA;
  row.alternatives = {{{M::TPPO, 0}},
                      // motor B of the same set
                      {{M::RS, 0.03},
                       {M::LP, 0.19},
                       {M::LPP, 0.14},
                       {M::TPO, 0.2},
                       {M::TPPO, 0.0026},
                       {M::H, 0.5},
                       {M::ETRQ, 2},
                       {M::VTR1, 0},
                       {M::VTR2, 0}}};
  row.rests = {at("nominal", 1, 10, 0.8, 0.4), at("low voltage, turned", 0.9, -100, 0.5, 0.1)};
  row.refusals = {{at("gives power", 1, 0, -0.5, 0.1), "base of the motor"},
                  {at("below a stage's voltage", 0.6, 0, 0.5, 0.1), "bus voltage"}};
  row.x = {{-1, 1}, {-1, 1}, {-0.3, 0.3}, {-0.3, 0.3}, kDeviation, kAngle};
  row.in = {kVoltage, kVoltage, kSpeed, {0, 1.5}};
  row.held = {{0.1, 2}, {0, 1}, {-1, 1}, {0, 1}, {0, 1}};
  row.modes = {{0, 3}, {0, 3}};
  return row;
}

template <>
inline ReferenceRow reference_row<Perc1>() {
  using M = Perc1;
  const Numbers known{{M::FRAME_SPEED, 1}, {M::TIME, 0}};
  ReferenceRow row;
  row.parameters = {0.5,  0.01, 0.6,  0.05, 1,    1,       1,      0.02, 0, 0.02, 0,
                    0.02, 0,    0.02, 0,    0.02, -0.0006, 0.0006, 0,    0, 0.02};
  row.alternatives = {
      {{M::KVP, 0.5}, {M::KVQ, 1}, {M::TAP, 0.05}, {M::TAQ, 0.01}, {M::KFP, 10}, {M::KFQ, -5}},
      {{M::TBP, 0}, {M::TBQ, 0}, {M::TRAMP, 0}, {M::FCEASE, 0.7}, {M::FRECON, 0.5}}};
  row.rests = {with(load_at<M>("nominal", 1, 10, 0.8, 0.2), known),
               with(load_at<M>("turned, leading", 0.7, -150, 0.3, -0.1), known)};
  row.refusals = {{with(load_at<M>("below Vcease", 0.4, 0, 0.8, 0.2), known), "bus voltage"}};
  row.x = {{0, 1.2}, kDeviation, {0, 1.2}, {0, 1.2}, {-0.2, 0.2}, {-0.2, 0.2}};
  row.in = {kVoltage, kVoltage, kSpeed, {0, 100}, {0, 1.5}, {0, 1.5}};
  row.held = {{-1, 1}, {-1, 1}, {0, 1}, {0, 1}, {0, 100}, {0, 100}};
  row.modes = {{0, 3}, {0, 1}};
  return row;
}

/// The composite load of a data center, PNNL (CMLDBLU2).
inline std::vector<double> composite_of_a_data_center() {
  std::vector<double> p = {-1.25, 0,  0.04, 0.04, 0.75, 0.08, 1, 1, 1, 0.9,  1.1, 0.00625, 1.025,
                           1.04,  30, 5,    0,    0,    0.09, 0, 0, 0, 0.89, 1,   0.65,    0.6,
                           1,     2,  1,    1,    0,    0,    2, 1, 1, 0,    0};
  const auto add = [&](std::initializer_list<double> values) { p.insert(p.end(), values); };
  add({3,    0.75, 0.04, 1.8, 0.12,  0.104, 0.095, 0.0021, 0.1,  0,
       0.65, 0.5,  0.3,  1,   99999, 0.5,   0.25,  0.6,    0.65, 0.1});
  add({3, 0.75, 0.03, 1.8, 0.19, 0.14, 0.2, 0.0026, 0.5, 2, 0, 0.02, 0, 0.65, 0.05, 0, 0.025, 0, 0.6, 0.05});
  add({3, 0.75, 0.03, 1.8, 0.19, 0.14, 0.2, 0.0026, 0.1, 2, 0, 0.03, 0, 0.68, 0.05, 0, 0.03, 0, 0.62, 0.1});
  add({0.03, 0.3, 0.025, 0.05, 1,    0.98, 0.45, 0.1, 0.1, 0,  0,   1,   6,   2,   12,  3.2, 11,   2.5,
       0.86, 0.2, 0.95,  1,    -3.3, 0.5,  0.4,  0.6, 0.5, 15, 0.7, 1.9, 0.1, 0.6, 0.2, 0,   9999, 0.8});
  return p;
}
/// A generic composite load, GridPACK (CMLDBLU1, with Frcel of a load that returns).
inline std::vector<double> generic_composite() {
  std::vector<double> p = {100,  0.04, 0.04, 0.04, 0, 0.06, 1, 1, 0,   0.9, 1.1, 0.00625, 1.025,
                           1.04, 30,   5,    0,    0, 0.5,  0, 0, 0.3, 0,   0.9, 0.8,     0.7,
                           0.9,  2,    1,    1,    0, 1,    2, 1, 1,   0,   -1};
  const auto add = [&](std::initializer_list<double> values) { p.insert(p.end(), values); };
  add({3, 0.8, 0.01, 3.1, 0.1779, 0.1539, 1.634, 0.0045, 0.3, 0, 0, 999, 0, 999, 999, 0, 999, 0, 999, 999});
  add({3, 0.8, 0.02, 2, 0.2, 0.2, 0.16, 0.02, 0.3, 2, 0, 999, 0, 999, 999, 0, 999, 0, 999, 999});
  add({3, 0.8, 0.02, 2, 0.2, 0.2, 0.16, 0.02, 0.3, 2, 0, 999, 0, 999, 999, 0, 999, 0, 999, 999});
  add({0.033, 0.4, 0.02, 0.05, 0.8,  0.97, 0.6,  0.124, 0.114, 0,  0,   1,   6, 2,   12,  3.2, 11, 2.5,
       0.86,  0,   0.9,  1,    -3.3, 0.45, 0.35, 0.5,   0.4,   10, 1.3, 4.3, 0, 0.8, 0.2, 0.9, 5,  1});
  return p;
}
template <>
inline ReferenceRow reference_row<Cmldblu2>() {
  using M = Cmldblu2;
  const Numbers speed{{M::FRAME_SPEED, 1}};
  const auto at = [&](const char* name, double V, double degrees, double P, double Q) {
    return with(load_at<M>(name, V, degrees, P, Q), speed);
  };
  Numbers generic;
  const std::vector<double> other = generic_composite();
  for (int k = 0; k < kCompositeParameters; ++k) generic.emplace_back(k, other[k]);
  ReferenceRow row;
  row.parameters = composite_of_a_data_center();
  row.alternatives = {generic,
                      {{C_FMB, 0.2},
                       {C_FMC, 0.1},
                       {C_FMD, 0.2},
                       {C_FEL, 0.2},
                       {C_PFS, -0.99},
                       {C_P1C, 0.3},
                       {C_Q1C, -0.5},
                       {C_PFRQ, 1},
                       {C_QFRQ, -1},
                       {C_LTC, -1},
                       {C_MVA, 0}}};
  row.rests = {at("nominal", 1.02, 10, 0.6, 0.15), at("low voltage, turned", 0.96, -130, 0.7, 0.2)};
  row.refusals = {{at("gives power", 1, 0, -0.5, 0.1), "active power of the load"},
                  {at("low bus", 0.4, 0, 0.5, 0.1), "bus voltage"},
                  {at("more than all of it", 1, 0, 0.5, 0.1), "sum of the shares", {{C_FMD, 0.2}}}};
  row.x = {kAngle};
  for (int k = 0; k < M::kMotors; ++k)
    for (const Range& range : {Range{-1, 1}, Range{-1, 1}, Range{-0.3, 0.3}, Range{-0.3, 0.3}, kDeviation})
      row.x.push_back(range);
  for (const Range& range : {Range{0, 1.2}, kDeviation, Range{0, 1}, Range{0, 2}, Range{0, 2}, Range{0, 1},
                             Range{0, 1}, Range{0.5, 0.8}, Range{0, 1.2}})
    row.x.push_back(range);
  row.in = {kVoltage, kVoltage, kSpeed, {0, 1.5}};
  row.held = std::vector<Range>(M::kHeld, Range{0.1, 1});
  row.held[M::TAP] = {0.9, 1.1};
  row.modes = std::vector<Range>(M::kModes, Range{0, 3});
  row.modes[M::AUTOMATON] = {0, 5};
  row.modes[M::TAP_CHANGER] = {-1, 1};
  return row;
}

template <>
inline ReferenceRow reference_row<TransformerSaturation>() {
  using M = TransformerSaturation;
  const Numbers there{{M::FRAME_SPEED, 1}, {M::CLOSED, 1}};
  ReferenceRow row;
  row.parameters = {1.15, 0.3, 0.97};
  row.alternatives = {{{M::KNEE, 1.1}}, {{M::RATIO, 1}, {M::XAC, 0.15}}};
  row.rests = {with(at_bus<M>("below the knee", 1.05, 20, 0, 0), there),
               with(at_bus<M>("dead", 1e-3, 0, 0, 0), there)};
  row.refusals = {{with(at_bus<M>("saturated", 1.2, 0, 0, 0), there), "knee_pu"}};
  row.in = {{-1.6, 1.6}, {-1.6, 1.6}, kSpeed, {0, 1}};
  return row;
}

}  // namespace ballast::test
