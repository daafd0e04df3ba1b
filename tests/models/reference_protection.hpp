/// \file
/// Rows of reference data of relays.
#pragma once

#include "tests/models/reference_row.hpp"

namespace ballast::test {

/// Every relay of DefiniteTime is latched or not, has acted by one of its elements, and any of them may be
/// up.
template <class M>
void definite_time(ReferenceRow& row, int elements) {
  row.held = {{0, 1}, {0, 0}};
  row.modes = {{0, 3}};
  for (int k = 0; k < elements; ++k) {
    row.held.push_back({0, 10});
    row.modes.push_back({0, 1});
  }
}

template <>
inline ReferenceRow reference_row<Ufls>() {
  using M = Ufls;
  ReferenceRow row;
  row.parameters = {59.3, 0.1, 0.08, 0.1, 0.05, 0.6};
  row.alternatives = {{{M::V_BLOCK, 0}}, {{M::BREAKER_S, 0}, {M::HYSTERESIS, 0}}};
  row.rests = {{"nominal", {{M::FREQUENCY, 1}, {M::VR, 1}, {M::VI, 0}}, {}},
               {"low frequency", {{M::FREQUENCY, 0.99}, {M::VR, 0}, {M::VI, 0.9}}, {}}};
  row.in = {{0.95, 1.05}, kVoltage, kVoltage};
  definite_time<M>(row, 1);
  return row;
}

template <>
inline ReferenceRow reference_row<Uvls>() {
  using M = Uvls;
  ReferenceRow row;
  row.parameters = {0.9, 3, 0.1, 0.2, 0.02, 0.5};
  row.alternatives = {{{M::V_BLOCK, 0}}, {{M::BREAKER_S, 0}, {M::HYSTERESIS, 0}}};
  row.rests = {{"nominal", {{M::VR, 1}, {M::VI, 0}}, {}}, {"low voltage", {{M::VR, 0}, {M::VI, 0.95}}, {}}};
  row.in = {kVoltage, kVoltage};
  definite_time<M>(row, 1);
  return row;
}

template <>
inline ReferenceRow reference_row<Frqtpat>() {
  using M = Frqtpat;
  ReferenceRow row;
  row.parameters = {58.4, 61.6, 30, 0.05};
  row.alternatives = {{{M::FL, 0}}, {{M::FU, 1000}, {M::TB, 0}}};
  row.rests = {{"nominal", {{M::FREQUENCY, 1}}, {}}, {"fast", {{M::FREQUENCY, 1.02}}, {}}};
  row.in = {{0.95, 1.05}};
  definite_time<M>(row, 2);
  return row;
}

template <>
inline ReferenceRow reference_row<Vtgtpat>() {
  using M = Vtgtpat;
  ReferenceRow row;
  row.parameters = {0.75, 1.2, 2, 0.05};
  row.alternatives = {{{M::VL, -1}}, {{M::VU, 1000}, {M::TB, 0}}};
  row.rests = {{"nominal", {{M::VR, 1}, {M::VI, 0}}, {}}, {"low voltage", {{M::VR, 0}, {M::VI, 0.95}}, {}}};
  row.in = {kVoltage, kVoltage};
  definite_time<M>(row, 2);
  return row;
}

template <>
inline ReferenceRow reference_row<Rocof>() {
  using M = Rocof;
  ReferenceRow row;
  row.parameters = {1, 0.3, 0.08};
  row.alternatives = {{{M::DELAY_S, 0}, {M::TB, 0}}};
  row.rests = {{"steady", {{M::ROCOF, 0}}, {}}, {"falling", {{M::ROCOF, -0.5}}, {}}};
  row.in = {{-3, 3}};
  definite_time<M>(row, 1);
  return row;
}

template <>
inline ReferenceRow reference_row<Overspeed>() {
  using M = Overspeed;
  ReferenceRow row;
  row.parameters = {1.1, 0, 0.08};
  row.alternatives = {{{M::DELAY_S, 1}, {M::TB, 0}}};
  row.rests = {{"nominal", {{M::OMEGA, 0}}, {}}, {"slow", {{M::OMEGA, -0.02}}, {}}};
  row.in = {{-0.2, 0.2}};
  definite_time<M>(row, 1);
  return row;
}

template <>
inline ReferenceRow reference_row<VoltsPerHertz>() {
  using M = VoltsPerHertz;
  ReferenceRow row;
  row.parameters = {1.1, 45, 1.18, 2, 0.08};
  row.alternatives = {{{M::TB, 0}}};
  row.rests = {{"nominal", {{M::VR, 1}, {M::VI, 0}, {M::FREQUENCY, 1}}, {}},
               {"high", {{M::VR, 0}, {M::VI, 1.05}, {M::FREQUENCY, 0.98}}, {}}};
  row.in = {kVoltage, kVoltage, {0.9, 1.1}};
  definite_time<M>(row, 2);
  return row;
}

template <>
inline ReferenceRow reference_row<LossOfField>() {
  using M = LossOfField;
  ReferenceRow row;
  row.parameters = {0.15, 1, 0.1, 1.8, 0.5, 0.08};
  row.alternatives = {{{M::OFFSET, 0}, {M::TB, 0}}};
  row.rests = {{"loaded", {{M::VR, 1}, {M::VI, 0}, {M::IR, 0.8}, {M::II, -0.3}}, {}},
               {"no load", {{M::VR, 1}, {M::VI, 0}, {M::IR, 0}, {M::II, 0}}, {}}};
  row.in = {kVoltage, kVoltage, {-2, 2}, {-2, 2}};
  definite_time<M>(row, 2);
  return row;
}

template <>
inline ReferenceRow reference_row<OutOfStep>() {
  using M = OutOfStep;
  ReferenceRow row;
  row.parameters = {0.3, 0.5, 0.1, 0.05, 0.08};
  row.alternatives = {{{M::REVERSE, 0}, {M::TB, 0}}};
  row.rests = {{"loaded", {{M::VR, 1}, {M::VI, 0}, {M::IR, 0.8}, {M::II, -0.3}}, {}},
               {"no load", {{M::VR, 1}, {M::VI, 0}, {M::IR, 0}, {M::II, 0}}, {}}};
  row.in = {kVoltage, kVoltage, {-5, 5}, {-5, 5}};
  row.held = {{0, 1}, {0, 10}};
  row.modes = {{0, 5}, {-1, 1}};
  return row;
}

template <>
inline ReferenceRow reference_row<Distr1>() {
  using M = Distr1;
  ReferenceRow row;  // a line of 0.1 pu at 85 degrees: 80 %, 120 %, 225 %
  row.parameters = {1, 0.08, 85, 0.04, 30, 0.12, 85, 0.06, 60, 0.225, 85, 0.1125, 0.5, 2, 0};
  row.alternatives = {{{M::BLINDER, 0.05}}, {{M::REACH3, 0}, {M::TB, 0}, {M::IT, 0}}};
  row.rests = {{"loaded", {{M::VR, 1}, {M::VI, 0}, {M::IR, 0.8}, {M::II, -0.3}, {M::CLOSED, 1}}, {}},
               {"open", {{M::VR, 1}, {M::VI, 0}, {M::IR, 0}, {M::II, 0}, {M::CLOSED, 0}}, {}}};
  row.in = {kVoltage, kVoltage, {-10, 10}, {-10, 10}, {0, 1}};
  definite_time<M>(row, 3);
  row.held.push_back({0, 1});
  return row;
}

template <>
inline ReferenceRow reference_row<InverseTime>() {
  using M = InverseTime;
  ReferenceRow row;
  row.parameters = {1.2, 13.5, 0, 1, 0.3, 5, 0.08};
  row.alternatives = {{{M::RESET_S, 0}}, {{M::A, 19.61}, {M::B, 0.491}, {M::EXPONENT, 2}, {M::TB, 0}}};
  row.rests = {{"loaded", {{M::IR, 0.8}, {M::II, -0.3}, {M::CLOSED, 1}}, {}},
               {"open", {{M::IR, 0}, {M::II, 0}, {M::CLOSED, 0}}, {}}};
  row.x = {{0, 1}};
  row.in = {{-30, 30}, {-30, 30}, {0, 1}};
  row.held = {{0, 1}, {0, 10}, {0, 1}};
  row.modes = {{0, 3}};
  return row;
}

template <>
inline ReferenceRow reference_row<Thermal>() {
  using M = Thermal;
  ReferenceRow row;
  row.parameters = {1.1, 600, 0.08};
  row.alternatives = {{{M::TAU_S, 60}, {M::TB, 0}}};
  row.rests = {{"loaded", {{M::IR, 0.8}, {M::II, -0.3}, {M::CLOSED, 1}}, {}},
               {"open", {{M::IR, 0}, {M::II, 0}, {M::CLOSED, 0}}, {}}};
  row.x = {{0, 1}};
  row.in = {{-3, 3}, {-3, 3}, {0, 1}};
  row.held = {{0, 1}, {0, 10}, {0, 1}};
  row.modes = {{0, 3}};
  return row;
}

template <>
inline ReferenceRow reference_row<Recloser>() {
  using M = Recloser;
  ReferenceRow row;
  row.parameters = {0.5, 15, kNever, kNever, 60, 30, 10, 0, 0.8, 0};
  row.alternatives = {{{M::ANGLE, 180}},
                      {{M::SYNC_S, 0}, {M::DEAD_1, kNever}},
                      {{M::END, 1}, {M::HOLD_S, 0.1}},
                      {{M::END, 2}, {M::HOLD_S, 0.1}}};
  row.rests = {{"closed",
                {{M::TRIP_1, 0},
                 {M::TRIP_2, 0},
                 {M::TRIP_3, 0},
                 {M::CLOSED, 1},
                 {M::VR, 1},
                 {M::VI, 0},
                 {M::VR_FAR, 0.99},
                 {M::VI_FAR, -0.1},
                 {M::FAR_CLOSED, 1}},
                {}},
               {"open, one end dead",
                {{M::TRIP_1, 0},
                 {M::TRIP_2, 0},
                 {M::TRIP_3, 0},
                 {M::CLOSED, 0},
                 {M::VR, 0},
                 {M::VI, 1},
                 {M::VR_FAR, 0},
                 {M::VI_FAR, 0},
                 {M::FAR_CLOSED, 0}},
                {}}};
  row.in = {{0, 1}, {0, 1}, {0, 1}, {0, 1}, kVoltage, kVoltage, kVoltage, kVoltage, {0, 1}};
  row.held = {{0, 1}, {0, 4}, {0, 10}};
  row.modes = {{0, 5}};
  return row;
}

template <>
inline ReferenceRow reference_row<ShuntSwitch>() {
  using M = ShuntSwitch;
  ReferenceRow row;
  row.parameters = {0.95, 1.05, 10, 50, -100, 100, 50, 0.5};
  row.alternatives = {{{M::B_0, 0}}, {{M::B_MIN, 0}, {M::B_0, 0}}};
  row.rests = {{"in the band", {{M::VR, 1}, {M::VI, 0}}, {}}, {"low", {{M::VR, 0}, {M::VI, 0.97}}, {}}};
  row.in = {kVoltage, kVoltage};
  row.held = {{-100, 100}, {0, 10}};
  row.modes = {{0, 2}};
  return row;
}

/// Conditions above 0.8, below 0.5, and six that are not used.
inline std::vector<double> two_conditions() {
  std::vector<double> settings(RemedialAction::kConditionParameters, 0.0);
  for (const auto& [k, value] : {std::pair{0, 1.0}, {1, 0.8}, {2, 0.75}, {3, -1.0}, {4, 0.5}, {5, 0.55}})
    settings[static_cast<std::size_t>(k)] = value;
  return settings;
}
inline void conditions(ReferenceRow& row) {
  row.rests = {{"nothing holds", {}, {}}, {"both hold", {}, {}}};
  for (int k = 0; k < RemedialAction::kConditions; ++k) {
    row.rests[0].in.emplace_back(k, 0.6);
    row.rests[1].in.emplace_back(k, k == 0 ? 0.9 : 0.4);
    row.in.push_back({-2, 2});
    row.modes.push_back({0, 1});
  }
}

template <>
inline ReferenceRow reference_row<RemedialAction>() {
  using M = RemedialAction;
  ReferenceRow row;
  row.parameters = two_conditions();
  row.parameters.insert(row.parameters.end(), {0.2, 1, 0.1, 5, 1, 3, 0, 0.05});
  row.parameters.resize(M::kParameters, kNever);
  row.table = {1, 0, 2, 0, Expression::kNot};  // the first arms, its end acts
  row.alternatives = {{{M::ARM_S, 0}, {M::PICKUP_S, 0}}, {{M::RESET_S, kNever}, {M::COUNT, 2}}};
  row.modes = {{0, 5}};
  conditions(row);
  row.held = {{0, 1}, {0, 7}, {0, 1}, {0, 7}, {0, 10}, {0, 3}, {0, 10}};
  row.held.resize(row.held.size() + M::kActions, {0, 1});
  return row;
}

template <>
inline ReferenceRow reference_row<Interlock>() {
  ReferenceRow row;
  row.parameters = two_conditions();
  row.table = {3, 0, 1, Expression::kOr};
  row.modes = {{0, 1}};
  conditions(row);
  row.held = {{0, 1}, {0, 7}, {0, 1}};
  return row;
}

template <>
inline ReferenceRow reference_row<Transducer>() {
  using M = Transducer;
  ReferenceRow row;
  row.parameters = {100, 1};
  row.alternatives = {{{M::MAGNITUDE, 0}}};
  row.rests = {{"a flow", {{M::A_1, 0.8}, {M::B_1, 0.3}}, {}},
               {"another", {{M::A_1, -0.8}, {M::B_1, 0}}, {}}};
  for (OperatingPoint& rest : row.rests)
    for (int k = 2; k < M::kInputs; ++k) rest.in.emplace_back(k, 0.1 * k);
  row.in.assign(M::kInputs, {-2, 2});
  return row;
}

}  // namespace ballast::test
