/// \file
/// Rows of reference data of the cooling and the grid connection of a data center.
#pragma once

#include "tests/models/reference_loads.hpp"

namespace ballast::test {

template <>
inline ReferenceRow reference_row<CoolingMotor>() {
  using M = CoolingMotor;
  const Numbers speed{{M::FRAME_SPEED, 1}};
  const auto at = [&](const char* name, double V, double degrees, double P, double Q) {
    return with(load_at<M>(name, V, degrees, P, Q), speed);
  };
  ReferenceRow row;  // on a base of 150 MVA: 1.2 pu of the system base are 0.8 pu of the motors'
  row.parameters = {0.03, 1.8, 0.19, 0.14, 0.2, 0.0026, 0.5, 2, 0.6, 0.03, 0.8, 5, 1.3, 10, 0.5, 0};
  row.alternatives = {
      {{M::TPPO, 0}}, {{M::V_DROP, 0}, {M::OVERLOAD, kNever}}, {{M::RESTART_S, kNever}, {M::ETRQ, 0}}};
  row.rests = {at("nominal", 1, 10, 1.2, 0.6), at("lower voltage, compensated", 0.92, -100, 1.1, 0.1)};
  row.refusals = {{at("below the contactors' voltage", 0.7, 0, 0.5, 0.1), "bus voltage"},
                  {at("beyond the pull-out", 0.9, 0, 6, 1), "active power"},
                  {at("overloaded", 0.85, 0, 1.7, 0.5), "motor current"}};
  row.x = {{-1, 1}, {-1, 1}, {-0.3, 0.3}, {-0.3, 0.3}, kDeviation, kAngle};
  row.in = {kVoltage, kVoltage, kSpeed};
  row.held = {{0, 1}, {-1, 1}, {0.9, 1}, {0, 1}};
  row.modes = {{0, 4}, {0, 1}};
  return row;
}

template <>
inline ReferenceRow reference_row<CoolingDrive>() {
  using M = CoolingDrive;
  const auto at = [](const char* name, double Vr, double Vi) {
    return OperatingPoint{name, {{M::VR, Vr}, {M::VI, Vi}, {M::TIME, 0}}, {}};
  };
  ReferenceRow row;
  row.parameters = {0.95, 2, 0.8, 1.2, 0.02, 0.9, 80, 30, 3, 0.5, 0};
  row.alternatives = {{{M::RESTART_S, kNever}}, {{M::POWER_FACTOR, 1}, {M::CURRENT_LIMIT, 1.3}}};
  row.rests = {at("nominal", 1, 0), at("turned, low voltage", -0.6, 0.72)};
  row.refusals = {{at("dead bus", 0, 0), "bus voltage"},
                  {at("above the trip", 1.25, 0), "bus voltage"},
                  {with(at("a power flow that gives half", 1, 0), {}), "active power"}};
  row.refusals.back().point.out = {{M::IR, -0.75}, {M::II, 0}};
  row.x = {{0.3, 1.5}, {0, 1}};
  row.in = {kVoltage, kVoltage, {0, 10}};
  row.held = {{0, 1}, {-0.1, 0.1}, {0, 10}};
  row.modes = {{0, 3}};
  return row;
}

template <>
inline ReferenceRow reference_row<Chiller>() {
  using M = Chiller;
  const auto at = [](const char* name, double Vr, double Vi, double heat) {
    return OperatingPoint{name, {{M::VR, Vr}, {M::VI, Vi}, {M::TIME, 0}, {M::HEAT, heat}}, {}};
  };
  ReferenceRow row;
  row.parameters = {6, 0.02, 0.92, 0.5, 30, 0.2, 30, 0.8, 0.1, 0.9, 600, 120};
  row.alternatives = {{{M::LOCKOUT_S, kNever}}, {{M::GAIN, 0}, {M::AUXILIARY, 0}}};
  row.rests = {at("half load", 1, 0, 150), at("full load, turned", -0.6, 0.75, 290),
               with(at("warm water", 1, 0.1, 150), {{M::T_WATER, 30}, {M::REJECTION, 0.8}})};
  row.refusals = {{at("more heat than they take", 1, 0, 310), "cooling asked for"},
                  {at("dead bus", 0, 0, 100), "bus voltage"}};
  row.x = {{0, 1}};
  row.in = {kVoltage, kVoltage, {0, 10}, {0, 300}, {20, 40}, {0, 1}};
  row.held = {{0, 1}, {-0.1, 0.1}, {0, 10}};
  row.modes = {{0, 3}, {0, 1}};
  return row;
}

template <>
inline ReferenceRow reference_row<Coolant>() {
  using M = Coolant;
  const auto at = [](const char* name, double P_req, double heat) {
    return OperatingPoint{
        name, {{M::P_REQ, P_req}, {M::HEAT, heat}, {M::Q_COOL, heat}, {M::TIME, 0}}, {{M::T_WATER, 30}}};
  };
  ReferenceRow row;
  row.parameters = {10, 4, 20, 50, 0.5, 55, 5, 42, 60, 120};
  row.alternatives = {{{M::THROTTLE_LEVEL, 1}}, {{M::RESUME_S, kNever}}};
  row.rests = {at("full load", 1, 150), at("half load", 0.5, 75)};
  row.refusals = {{at("hotter than it may be", 2.1, 315), "coolant temperature"},
                  {at("chillers that do not follow", 1, 150), "heat taken"}};
  row.refusals.back().point.in[2].second = 100;
  row.x = {{20, 70}, {20, 60}};
  row.in = {{0, 1.2}, {0, 150}, {0, 150}, {0, 1}, {0, 10}};
  row.held = {{0, 1}, {-0.1, 0.1}, {0, 10}};
  row.modes = {{0, 4}};
  return row;
}

template <>
inline ReferenceRow reference_row<CoolingTotal>() {
  ReferenceRow row;
  row.parameters = {0.5, 1};
  OperatingPoint three{"three blocks", {}, {}};
  OperatingPoint none{"no block", {}, {}};
  for (int k = 0; k < CoolingTotal::kInputs; ++k) {
    three.in.emplace_back(k, k % CoolingTotal::kBlocks < 3 ? 10 : 0);
    none.in.emplace_back(k, 0);
  }
  row.rests = {three, none};
  row.in = std::vector<Range>(CoolingTotal::kInputs, Range{0, 100});
  return row;
}

template <>
inline ReferenceRow reference_row<Curtailment>() {
  using M = Curtailment;
  const auto at = [](const char* name, double V, double f, double P) {
    return OperatingPoint{name, {{M::VR, V}, {M::VI, 0}, {M::FREQUENCY, f}, {M::P_REQ, P}, {M::TIME, 0}}, {}};
  };
  ReferenceRow row;
  row.parameters = {0.1, 0.2, 0.3, 0.1, 59.7, 59.5, 59.3, 0, 0.9, 0.85, 0, 0, 0.2, 59.9, 0.95, 60, 0.5, 0.01};
  row.alternatives = {{{M::RETURN_S, kNever}}, {{M::SHARE, 0}}};
  row.rests = {at("nominal", 1, 1, 0.9), at("low, but above its levels", 0.92, 0.998, 0.5)};
  row.refusals = {{at("low frequency", 1, 0.99, 0.9), "frequency"},
                  {at("low voltage", 0.8, 1, 0.9), "bus voltage"},
                  {at("tiers out of order", 1, 1, 0.9), "f of a tier", {{M::LEAST_F + 1, 59.8}}}};
  row.in = {kVoltage, kVoltage, {0.98, 1.02}, {0, 1.2}, {0, 10}, {0, 4}};
  row.held = {{0, 1}, {-0.1, 0.1}, {0, 10}, {0, 1}};
  row.modes = {{0, 4}, {0, 4}, {0, 4}, {0, 1}, {0, 1}};
  return row;
}

template <>
inline ReferenceRow reference_row<TapChanger>() {
  using M = TapChanger;
  const auto at = [](const char* name, double V) {
    return OperatingPoint{name, {{M::VR, V}, {M::VI, 0}, {M::CLOSED, 1}}, {}};
  };
  ReferenceRow row;
  row.parameters = {1, 0.0125, -8, 8, 0.98, 1.02, 30, 5, 2, 0.8};
  row.alternatives = {{{M::V_BLOCK, 0}}};
  row.rests = {at("nominal", 1), at("near its upper end", 1.019)};
  row.refusals = {{at("below the band", 0.97), "voltage to be held"}};
  row.in = {kVoltage, kVoltage, {0, 1}};
  row.held = {{-8, 8}};
  row.modes = {{0, 4}, {0, 1}, {-8, 8}};
  return row;
}

}  // namespace ballast::test
