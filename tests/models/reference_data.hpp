/// \file
/// The row of reference data that every model has: typical parameters, operating points at which it rests,
/// points it must refuse, ranges of random states, and swings that drive each of its limits. A model without
/// a row does not compile here; the battery that uses the rows is conformance.hpp.
#pragma once

#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

#include "models/model_list.hpp"

namespace ballast::test {

/// (index of an input, output, state or parameter, value)
using Numbers = std::vector<std::pair<int, double>>;

/// What one device knows before it is put at rest.
struct OperatingPoint {
  const char* name;
  Numbers in;                    ///< inputs known
  Numbers out;                   ///< outputs wanted
  std::vector<int> moving = {};  ///< states that may move at this point, and why is told in `name`
};

/// A point that initialise() refuses, naming `quantity` (a part of its text).
struct Refusal {
  OperatingPoint point;
  const char* quantity;
  Numbers changes = {};  ///< of the typical parameters
};

/// Inputs that swing about a point at rest: input += amplitude sin(2 pi f t).
struct Wave {
  int input;
  double amplitude;
  double frequency_Hz;
};
/// A swing in which the named limits bind and release.
struct Swing {
  const char* name;
  OperatingPoint start;
  std::vector<Wave> waves;
  double duration_s;
  std::vector<int> limits;
  Numbers changes = {};  ///< of the typical parameters
  Numbers x = {};        ///< states moved off their rest at the start
};

struct ReferenceRow {
  Ratings ratings{150, 100, 60};
  std::vector<double> parameters;     ///< typical
  std::vector<Numbers> alternatives;  ///< changes that switch parts of the model off or over
  std::vector<OperatingPoint> rests;
  std::vector<Refusal> refusals;
  std::vector<double> table;       ///< beside the parameters, where the model has one
  std::vector<Range> x, in, held;  ///< of random states
  std::vector<Range> modes;        ///< beyond the limits
  std::vector<Swing> swings;
};

template <class M>
inline constexpr bool kHasNoRow = false;
template <class M>
ReferenceRow reference_row() {
  static_assert(kHasNoRow<M>,
                "this model has no row in tests/models/reference_data.hpp: give it a specialisation of "
                "reference_row with typical parameters, operating points, ranges and swings");
  return {};
}

/// An injector at a bus of voltage V (pu, degrees), injecting P + jQ (pu on the system base).
template <class M>
OperatingPoint at_bus(const char* name, double V, double degrees, double P, double Q) {
  const double angle = degrees * std::numbers::pi / 180;
  const double c = std::cos(angle);
  const double s = std::sin(angle);
  return {
      name, {{M::VR, V * c}, {M::VI, V * s}}, {{M::IR, (P * c + Q * s) / V}, {M::II, (P * s - Q * c) / V}}};
}
/// The same with further inputs.
inline OperatingPoint with(OperatingPoint point, const Numbers& inputs) {
  point.in.insert(point.in.end(), inputs.begin(), inputs.end());
  return point;
}

inline constexpr Range kVoltage{-1.2, 1.2};  ///< of a component
inline constexpr Range kSpeed{0.95, 1.05};
inline constexpr Range kDeviation{-0.05, 0.05};
inline constexpr Range kAngle{-3.2, 3.2};

// ---- machines
template <>
inline ReferenceRow reference_row<Gencls>() {
  using M = Gencls;
  const Numbers speed{{M::FRAME_SPEED, 1}};
  ReferenceRow row;
  row.parameters = {4, 1, 0.003, 0.3};
  row.alternatives = {{{M::H, 0}}};
  row.rests = {with(at_bus<M>("full load", 1.02, 20, 1.3, 0.4), speed),
               with(at_bus<M>("no load", 1, -40, 0, 0), speed),
               with(at_bus<M>("underexcited", 0.95, 170, 0.8, -0.5), speed)};
  row.x = {kDeviation, kAngle};
  row.in = {kVoltage, kVoltage, kSpeed, {-1, 1.2}};
  row.held = {{0.8, 1.3}};
  return row;
}
template <>
inline ReferenceRow reference_row<Vsource>() {
  using M = Vsource;
  const Numbers speed{{M::FRAME_SPEED, 1}};
  ReferenceRow row;
  row.parameters = {0.001, 0.02, 0.005};
  row.rests = {with(at_bus<M>("full load", 1.02, 20, 1.3, 0.4), speed),
               with(at_bus<M>("absorbing", 0.95, 170, -0.8, -0.5), speed)};
  row.x = {kDeviation, kAngle};
  row.in = {kVoltage, kVoltage, kSpeed, {0, 1.3}, {-90, 90}, kDeviation};
  row.held = {{0.8, 1.3}};
  return row;
}
template <>
inline ReferenceRow reference_row<Genrou>() {
  using M = Genrou;
  const Numbers speed{{M::FRAME_SPEED, 1}};
  ReferenceRow row;
  row.parameters = {6.5, 0.06, 0.7, 0.05, 4, 1, 1.8, 1.75, 0.3, 0.6, 0.22, 0.12, 0.1, 0.4, 0.003};
  row.alternatives = {{{M::S10, 0}, {M::S12, 0}}, {{M::RA, 0}, {M::D, 0}}};
  row.rests = {with(at_bus<M>("full load", 1.02, 20, 1.3, 0.4), speed),
               with(at_bus<M>("no load", 1, -40, 0, 0), speed),
               with(at_bus<M>("underexcited", 0.95, 170, 0.8, -0.5), speed),
               with(at_bus<M>("motoring", 1.05, 0, -0.5, 0.2), speed)};
  row.x = {{0, 1.5}, {-1, 1}, {0, 1.5}, {-1, 1}, kDeviation, kAngle};
  row.in = {kVoltage, kVoltage, kSpeed, {-3, 6}, {-1, 1.2}};
  return row;
}
template <>
inline ReferenceRow reference_row<Gensal>() {
  using M = Gensal;
  const Numbers speed{{M::FRAME_SPEED, 1}};
  ReferenceRow row;
  row.parameters = {6, 0.04, 0.06, 3.5, 1, 1, 0.65, 0.3, 0.22, 0.13, 0.12, 0.45, 0.003};
  row.alternatives = {{{M::S10, 0}, {M::S12, 0}}, {{M::S10, 0}}, {{M::RA, 0}, {M::D, 0}}};
  row.rests = {with(at_bus<M>("full load", 1.02, 20, 1.3, 0.4), speed),
               with(at_bus<M>("no load", 1, -40, 0, 0), speed),
               with(at_bus<M>("underexcited", 0.95, 170, 0.8, -0.5), speed),
               with(at_bus<M>("pumping", 1.05, 0, -0.9, 0.2), speed)};
  row.x = {{0, 1.5}, {0, 1.5}, {-1, 1}, kDeviation, kAngle};
  row.in = {kVoltage, kVoltage, kSpeed, {-3, 6}, {-1, 1.2}};
  return row;
}
template <>
inline ReferenceRow reference_row<Genroe>() {
  ReferenceRow row = reference_row<Genrou>();
  row.alternatives.push_back({{Genroe::S10, 0}});
  return row;
}
template <>
inline ReferenceRow reference_row<Gensae>() {
  return reference_row<Gensal>();
}

// ---- exciters
template <>
inline ReferenceRow reference_row<Sexs>() {
  using M = Sexs;
  const auto at = [](const char* name, double Vt, double Efd) {
    return OperatingPoint{name, {{M::VT, Vt}, {M::VS, 0}}, {{M::EFD, Efd}}};
  };
  ReferenceRow row;
  row.parameters = {0.1, 10, 200, 0.05, -4, 5};
  row.alternatives = {{{M::TE, 0}}, {{M::TB, 0}}, {{M::TE, 0}, {M::TB, 0}}};
  row.rests = {at("full load", 1.02, 2.4), at("no load", 1, 1), at("at its ceiling", 0.9, 5)};
  row.refusals = {{at("above the ceiling", 1, 5.5), "Efd"}, {at("below the floor", 1, -4.5), "Efd"}};
  row.x = {{-0.05, 0.05}, {-5, 6}};
  row.in = {{0, 1.3}, {-0.1, 0.1}, {0.9, 1.1}};
  const std::vector<Wave> voltage{{M::VT, 0.3, 0.2}};
  row.swings = {
      {"voltage swing", at("full load", 1.02, 2.4), voltage, 20, {M::FIELD_LIMIT}},
      {"voltage swing, TE = 0", at("full load", 1.02, 2.4), voltage, 20, {M::FIELD_LIMIT}, {{M::TE, 0}}}};
  return row;
}
template <>
inline ReferenceRow reference_row<Esac1a>() {
  using M = Esac1a;
  const auto at = [](const char* name, double Vt, double Ifd, double Efd) {
    return OperatingPoint{name, {{M::VT, Vt}, {M::IFD, Ifd}, {M::VS, 0}}, {{M::EFD, Efd}}};
  };
  const OperatingPoint load = at("full load", 1.02, 2.4, 2.4);
  ReferenceRow row;
  row.parameters = {0.01, 10,   1, 400, 0.02, 14.5, -14.5, 0.8, 0.03, 1,
                    0.2,  0.38, 1, 4.2, 0.1,  3.1,  0.03,  6,   -5.4};
  row.alternatives = {{{M::TR, 0}},
                      {{M::TB, 0}},
                      {{M::TA, 0}},
                      {{M::KC, 0}, {M::KD, 0}, {M::KF, 0}},
                      {{M::E1, 0}, {M::SE1, 0}, {M::E2, 0}, {M::SE2, 0}}};
  row.rests = {load, at("no load", 1, 1, 1), at("little voltage, much current", 0.9, 2, 0.6),
               at("heavy commutation", 0.8, 3, 0.3), at("field current reversed", 1.1, -0.1, 0.2)};
  row.refusals = {{at("beyond the exciter", 1, 5, 5), "VR"},
                  {load, "VA", {{M::VAMAX, 2}}},
                  {at("negative field voltage", 1, 1, -0.5), "Efd"},
                  {load, "saturation", {{M::SE1, 0.01}, {M::SE2, 0.05}}}};
  row.x = {{0, 1.3}, {-0.05, 0.05}, {-16, 16}, {0, 6}, {-6, 6}};
  row.in = {{0, 1.3}, {-1, 5}, {-0.1, 0.1}, {0.9, 1.1}};
  row.swings = {{"voltage swing", load, {{M::VT, 0.3, 0.1}}, 40, {M::REGULATOR_LIMIT, M::FIELD_LIMIT}},
                {"voltage swing, TA = 0",
                 load,
                 {{M::VT, 0.3, 0.1}},
                 40,
                 {M::REGULATOR_LIMIT, M::FIELD_LIMIT},
                 {{M::TA, 0}}},
                {"voltage stays high, then low", load, {{M::VT, 0.3, 0.05}}, 40, {M::ALTERNATOR_LIMIT}}};
  return row;
}
template <>
inline ReferenceRow reference_row<Exst1>() {
  using M = Exst1;
  const auto at = [](const char* name, double Vt, double Ifd, double Efd) {
    return OperatingPoint{name, {{M::VT, Vt}, {M::IFD, Ifd}, {M::VS, 0}}, {{M::EFD, Efd}}};
  };
  const OperatingPoint load = at("full load", 1.02, 2.4, 2.4);
  ReferenceRow row;
  row.parameters = {0.02, 0.2, -0.2, 1, 10, 200, 0.02, 6, -5, 0.1, 0.02, 1};
  row.alternatives = {{{M::TR, 0}}, {{M::TB, 0}}, {{M::KF, 0}, {M::KC, 0}}};
  row.rests = {load, at("no load", 1, 1, 1), at("at its ceiling", 0.5, 2, 2.8)};
  row.refusals = {{at("above the ceiling of a low voltage", 0.4, 2, 2.4), "Efd"},
                  {at("below the floor", 1, 0, -5.5), "Efd"},
                  {load, "VIMIN..VIMAX", {{M::VIMAX, 0.01}}}};
  row.x = {{0, 1.3}, {-0.1, 0.1}, {-10, 10}, {-10, 10}};
  row.in = {{0, 1.3}, {-1, 5}, {-0.1, 0.1}, {0.9, 1.1}};
  row.swings = {{"voltage swing", load, {{M::VT, 0.4, 0.1}}, 40, {M::ERROR_LIMIT, M::FIELD_LIMIT}}};
  return row;
}
template <>
inline ReferenceRow reference_row<Esst1a>() {
  using M = Esst1a;
  const auto at = [](const char* name, double Vt, double Ifd, double Efd) {
    return OperatingPoint{name, {{M::VT, Vt}, {M::IFD, Ifd}, {M::VS, 0}}, {{M::EFD, Efd}}};
  };
  const OperatingPoint load = at("full load", 1.02, 2.4, 2.4);
  const OperatingPoint underexcited = with(load, {{M::VUEL, -0.05}});
  const OperatingPoint low_field = with(load, {{M::VUEL, 0.5}});
  const OperatingPoint overexcited = with(load, {{M::VOEL, 3}});
  ReferenceRow row;
  row.parameters = {1, 1, 0.02, 0.2, -0.2, 1, 10, 1, 2, 200, 0.02, 7, -6, 6, -5, 0.1, 0.02, 1, 2, 3};
  row.alternatives = {{{M::TR, 0}},
                      {{M::TB, 0}, {M::TB1, 0}},
                      {{M::TA, 0}, {M::KF, 0}},
                      {{M::TF, 0}, {M::KF, 0}},
                      {{M::KLR, 0}, {M::ILR, 0}},
                      {{M::VOS, 2}, {M::UEL, 2}},
                      {{M::UEL, 3}}};
  row.rests = {load, at("no load", 1, 1, 1), at("field current limited", 1, 3.5, 2),
               at("at its ceiling", 0.5, 2, 2.8), with(load, {{M::VOEL, 3}})};
  row.refusals = {{at("above the ceiling of a low voltage", 0.4, 2, 2.4), "Efd"},
                  {at("below the floor", 1, 0, -5.5), "Efd"},
                  {load, "VIMIN..VIMAX", {{M::VIMAX, 0.01}}},
                  {load, "VAMIN..VAMAX", {{M::VAMAX, 2}}},
                  {load, "TF = 0", {{M::TF, 0}}},
                  {load, "TA = 0", {{M::TA, 0}}}};
  row.x = {{0, 1.3}, {-0.1, 0.1}, {-0.1, 0.1}, {-10, 10}, {-10, 10}};
  row.in = {{0, 1.3}, {-1, 5}, {-0.1, 0.1}, {0.9, 1.1}, {-1, 1}, {0, 5}};
  const std::vector<Wave> voltage{{M::VT, 0.4, 0.1}};
  row.swings = {
      {"voltage swing", load, voltage, 40, {M::ERROR_LIMIT, M::REGULATOR_LIMIT, M::FIELD_LIMIT}},
      {"field current swing", load, {{M::IFD, 1.5, 0.2}}, 20, {M::FIELD_CURRENT}},
      {"voltage swing, gate on the error", underexcited, voltage, 40, {M::ERROR_GATE}, {{M::UEL, 2}}},
      {"voltage swing, gate on the output", low_field, voltage, 40, {M::UNDEREXCITATION_GATE}, {{M::UEL, 3}}},
      {"voltage swing, overexcitation limit", overexcited, voltage, 40, {M::OVEREXCITATION_GATE}}};
  return row;
}

// ---- stabilizers
template <>
inline ReferenceRow reference_row<Ieeest>() {
  using M = Ieeest;
  const auto at = [](const char* name, double Pe, double Vt) {
    return OperatingPoint{
        name, {{M::SPEED_DEVIATION, 0}, {M::PE, Pe}, {M::PM, Pe}, {M::VT, Vt}}, {{M::VS, 0}}};
  };
  const OperatingPoint load = at("full load", 0.9, 1.02);
  ReferenceRow row;
  row.parameters = {1,    0,    0.06, 0.017, 0.3, 0.02, 0.2,  0.01, 0.2, 0.02,
                    0.25, 0.03, 5,    5,     20,  0.1,  -0.1, 1.2,  0.7};
  const Numbers no_filter{{M::A1, 0}, {M::A2, 0}, {M::A3, 0}, {M::A4, 0}, {M::A5, 0}, {M::A6, 0}};
  row.alternatives = {no_filter,
                      {{M::A2, 0}, {M::A4, 0}},
                      {{M::A1, 0}, {M::A2, 0}},
                      {{M::A2, 0}},
                      {{M::ICS, 3}, {M::A3, 0}, {M::A4, 0}},
                      {{M::ICS, 4}, {M::T2, 0}, {M::T1, 0}},
                      {{M::ICS, 5}, {M::T4, 0}, {M::T3, 0}},
                      {{M::VCU, 0}, {M::VCL, 0}}};
  row.rests = {load, at("no load", 0, 1), at("consuming", -0.8, 0.95)};
  row.refusals = {{load, "ICS", {{M::ICS, 2}}},     {load, "ICS", {{M::ICS, 6}}},
                  {load, "IB", {{M::IB, 101}}},     {load, "numerator", {{M::A1, 0}, {M::A2, 0}, {M::A4, 0}}},
                  {load, "Vs", {{M::LSMIN, 0.05}}}, {at("voltage below VCL", 0.9, 0.6), "Vt"}};
  row.x = {{-0.1, 0.1}, {-1, 1}, {-0.1, 0.1}, {-1, 1}, {-0.1, 0.1}, {-0.1, 0.1}, {-0.1, 0.1}};
  row.in = {kDeviation, {-1, 1.2}, {-1, 1.2}, {0, 1.3}};
  row.swings = {{"speed swing", load, {{M::SPEED_DEVIATION, 0.03, 0.5}}, 20, {M::OUTPUT_LIMIT}},
                {"voltage swing through VCL and VCU", load, {{M::VT, 0.4, 0.2}}, 20, {M::VOLTAGE_GATE}}};
  return row;
}

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

// ---- loads
template <>
inline ReferenceRow reference_row<ZipLoad>() {
  using M = ZipLoad;
  const auto at = [](const char* name, double Vr, double Vi) {
    return OperatingPoint{name, {{M::VR, Vr}, {M::VI, Vi}}, {}};
  };
  ReferenceRow row;
  row.parameters = {20, 5, 30, 10, 50, 15, 0.7};
  row.alternatives = {{{M::PZ, 0}, {M::QZ, 0}, {M::PI, 0}, {M::QI, 0}},
                      {{M::PI, 0}, {M::QI, 0}, {M::PP, 0}, {M::QP, 0}},
                      {{M::PP, -50}}};
  row.rests = {at("nominal", 1, 0), at("low, turned", -0.3, 0.75), at("below pqbrak", 0.4, 0.1)};
  row.in = {kVoltage, kVoltage, {0, 1.5}, {0, 1.5}};
  row.swings = {
      {"voltage swing through pqbrak", at("nominal", 1, 0), {{M::VR, 0.6, 0.5}}, 10, {M::LOW_VOLTAGE}}};
  return row;
}

// ---- data centers
template <>
inline ReferenceRow reference_row<TrainingLoad>() {
  using M = TrainingLoad;
  enum { CHECKPOINT_INTERVAL = 17 };
  ReferenceRow row;
  row.parameters = {1,   0.7, 1,    0.5, 0.2,    0.1, 0.3,  0.001, 0.001, 0.05,   1,
                    0.2, 1,   5,    0.2, kNever, 0.5, 1800, 20,    0.25,  kNever, 0,
                    0.5, 300, 0.35, 0.9, 7200,   60,  0.45, 0.02,  1,     0.45};
  row.alternatives = {{{CHECKPOINT_INTERVAL, kNever}}};
  row.rests = {{"before the job starts", {{M::TIME, 0}}, {}},
               {"behind a consumer", {{M::TIME, 0}}, {{M::P_IT, 0.2}}}};
  row.refusals = {{{"another power", {{M::TIME, 0}}, {{M::P_IT, 0.5}}}, "initial_level"}};
  row.in = {{0, 100}};
  row.held = std::vector<Range>(M::kHeld, Range{-2, 2});
  row.modes = {{0, 6}, {0, 4}};
  return row;
}
template <>
inline ReferenceRow reference_row<InferenceLoad>() {
  using M = InferenceLoad;
  ReferenceRow row;
  row.parameters = {0.6, 0.04, 20, 2, 1, 11, 5, 0.05, 120, 30};
  row.rests = {{"before it varies", {{M::TIME, 0}}, {}},
               {"behind a consumer", {{M::TIME, 0}}, {{M::P_IT, 0.6}}}};
  row.refusals = {{{"another power", {{M::TIME, 0}}, {{M::P_IT, 0.5}}}, "mean_level"}};
  row.in = {{0, 100}};
  row.held = std::vector<Range>(M::kHeld, Range{-2, 2});
  row.modes = {{0, 1}};
  return row;
}
/// A source rests at its own level, or where a consumer wants just that.
template <class M>
void add_source_rests(ReferenceRow& row, double level, const char* named) {
  row.rests = {{"before it starts", {{M::TIME, 0}}, {}},
               {"behind a consumer", {{M::TIME, 0}}, {{M::P_IT, level}}}};
  row.refusals = {{{"another power", {{M::TIME, 0}}, {{M::P_IT, level + 0.1}}}, named}};
  row.in = {{0, 100}};
  row.held = std::vector<Range>(M::kHeld, Range{-2, 2});
}
template <>
inline ReferenceRow reference_row<StochasticLoad>() {
  ReferenceRow row;
  row.parameters = {1, 0.1, 0.7, 0.9, 0.05, 0.3, 0.035, 0.02, 0.05, 0.01, 5, 0.8, 1};
  add_source_rests<StochasticLoad>(row, 0.8, "initial_level");
  row.modes = {{0, 1}, {0, 1}};
  return row;
}
template <>
inline ReferenceRow reference_row<ForcedLoad>() {
  enum { WAVEFORM = 0 };
  ReferenceRow row;
  row.parameters = {0, 1, 0.5, 0.5, 0.25, 1, 8, 0.4, 0.3, 0.1, 0.01};
  row.alternatives = {{{WAVEFORM, 1}}, {{WAVEFORM, 2}}};
  add_source_rests<ForcedLoad>(row, 0.4, "low");
  row.modes = {{0, 2}, {0, 1}, {0, 1}};
  return row;
}
template <>
inline ReferenceRow reference_row<ReinforcementLoad>() {
  enum { TAIL_FRACTION = 2 };
  ReferenceRow row;
  row.parameters = {30, 0.7, 0.3,  0.3,  0.1, 5, 0.2,  0.05, 20,     8,
                    1,  0.7, 0.95, 0.45, 0.1, 3, 0.75, 1,    kNever, 0.12};
  row.alternatives = {{{TAIL_FRACTION, 0}}};
  add_source_rests<ReinforcementLoad>(row, 0.75, "initial_level");
  row.modes = {{0, 3}, {0, 4}};
  return row;
}
template <>
inline ReferenceRow reference_row<ServingLoad>() {
  ReferenceRow row;
  row.parameters = {100, 1, 10, 500, 8, 0.5, 0.15, 0.7, 0.9, 0.3, 12, 15, 1, 4, 1};
  const auto d = ServingLoad::derive<double>(row.parameters.data(), row.ratings);
  add_source_rests<ServingLoad>(row, ServingLoad::rest_power(d), "IT power");
  row.modes = {{0, 2}};
  return row;
}
template <>
inline ReferenceRow reference_row<TraceLoad>() {
  enum { REPEAT = 3 };
  ReferenceRow row;
  row.table = {0, 300, 1, 500, 1.5, 400};
  row.parameters = {0.001, 0.1, 0.5, 1, 1};
  row.alternatives = {{{REPEAT, 0}}};
  add_source_rests<TraceLoad>(row, 0.5, "trace");
  row.modes = {{0, 2}};
  return row;
}
template <>
inline ReferenceRow reference_row<JobMix>() {
  using M = JobMix;
  ReferenceRow row;
  row.parameters = {0.9, 0.05, 0.05, 0, 0, 0, 0, 0};
  const Numbers in{{0, 0.8}, {1, 0.6}, {2, 0.4}};
  row.rests = {{"three jobs", in, {}}, {"behind a consumer", in, {{M::P_IT, 0.77}}}};
  row.refusals = {{{"another power", in, {{M::P_IT, 0.8}}}, "sum of the jobs"}};
  row.in = std::vector<Range>(M::kInputs, Range{0, 1.2});
  return row;
}
template <>
inline ReferenceRow reference_row<PowerSmoothing>() {
  using M = PowerSmoothing;
  enum { FLOOR = 0, RAMP_UP = 2, RAMP_DOWN = 3 };
  const Numbers busy{{M::P_REQ, 0.8}};
  ReferenceRow row;
  row.parameters = {0.6, 1, 0.5, 0.2, 2, 0.01, 0.01, 0.3, 5};
  row.alternatives = {{{RAMP_UP, kNever}, {RAMP_DOWN, kNever}}};
  row.rests = {{"following", busy, {}},
               {"behind a consumer", busy, {{M::P_IT, 0.8}}},
               {"burning on its floor", {{M::P_REQ, 0.5}}, {{M::P_IT, 0.6}}, {M::WASTED}},
               {"idle", {{M::P_REQ, 0.1}}, {{M::P_IT, 0.1}}}};
  row.refusals = {{{"below its floor", {{M::P_REQ, 0.5}}, {{M::P_IT, 0.5}}}, "inside the box"},
                  {{"a floor above the cap", busy, {}}, "floor", {{FLOOR, 1.1}}}};
  row.x = {{0, 1}, {0, 10}};
  row.in = {{0, 1.2}};
  row.modes = {{0, 1}, {0, 1}, {0, 2}};
  return row;
}
template <>
inline ReferenceRow reference_row<SoftwareFiller>() {
  using M = SoftwareFiller;
  enum { LEVEL = 0 };
  const Numbers busy{{M::P_REQ, 0.95}};
  ReferenceRow row;
  row.parameters = {0.9, 1, 0.01, 0.3, 5};
  row.rests = {{"nothing to fill", busy, {}},
               {"behind a consumer", busy, {{M::P_IT, 0.95}}},
               {"filling", {{M::P_REQ, 0.5}}, {{M::P_IT, 0.9}}, {M::WASTED}},
               {"idle", {{M::P_REQ, 0.1}}, {{M::P_IT, 0.1}}}};
  row.refusals = {{{"not filled", {{M::P_REQ, 0.5}}, {{M::P_IT, 0.5}}}, "filled up"},
                  {{"a level above the cap", busy, {}}, "level", {{LEVEL, 1.1}}}};
  row.x = {{0, 1}, {0, 10}};
  row.in = {{0, 1.2}};
  row.modes = {{0, 1}, {0, 1}};
  return row;
}
template <>
inline ReferenceRow reference_row<RackStorage>() {
  using M = RackStorage;
  enum { RAMP_LIMIT = 4 };
  const Numbers busy{{M::P_REQ, 0.8}};
  ReferenceRow row;
  row.parameters = {0.065, 0.8, 2, 10, 1, 0.005, 0.5, 0.98, 0.97};
  row.alternatives = {{{RAMP_LIMIT, kNever}}};
  row.rests = {{"at a load", busy, {}}, {"behind a consumer", busy, {{M::P_IT, 0.8}}}};
  row.refusals = {{{"another power", busy, {{M::P_IT, 0.7}}}, "storage at rest"}};
  row.x = {{0, 1}, {-0.001, 0.066}, {0, 1}};
  row.in = {{0, 1.2}};
  return row;
}
template <>
inline ReferenceRow reference_row<Ups>() {
  using M = Ups;
  const auto at = [](const char* name, double Vr, double Vi, double P_it) {
    return OperatingPoint{name,
                          {{M::VR, Vr},
                           {M::VI, Vi},
                           {M::P_IT, P_it},
                           {M::TIME, 0},
                           {M::FREQUENCY, 1},
                           {M::ROCOF, 0},
                           {M::GENERATOR, 0}},
                          {}};
  };
  ReferenceRow row;
  row.parameters = {0.96, 0.98, 1.2, 0.85, 1.1, 0.02,   0.6, 0.01, 10,   3,    10,
                    0.9,  0.01, 3,   60,   0,   kNever, 300, 0.1,  0.05, 0.95, kNever};
  row.parameters.insert(row.parameters.end(), std::begin(M::kPlain), std::end(M::kPlain));
  for (const auto& [time, typical] :
       {std::pair(M::ALERT_S, 3600), std::pair(M::OVERLOAD_1_S, 60), std::pair(M::BYPASS_RETURN_S, 60),
        std::pair(M::BYPASS_LIMIT_S, 60), std::pair(M::RETRANSFER_S, 600)})
    row.parameters[time] = typical;
  row.alternatives = {{{M::DIRECT, 1}, {M::DIRECT_EFFICIENCY, 0.99}, {M::DIRECT_POWER_FACTOR, 0.97}}};
  row.rests = {at("full load", 1, 0, 1), at("half load, turned", -0.6, 0.75, 0.5), at("no load", 1.05, 0, 0)};
  row.refusals = {{at("dead bus", 0, 0, 1), "bus voltage"},
                  {at("more than the rectifier carries", 0.9, 0, 1.1), "active power"}};
  row.x = {{-1, 301}};
  row.in = {kVoltage, kVoltage, {0, 1.2}, {0, 100}, kSpeed, {-2, 2}, {0, 1}};
  row.held = std::vector<Range>(M::kHeld, Range{0, 1});
  row.modes = {{0, 7}, {-1, 1}, {0, 1}, {0, 2}, {0, 1}, {0, 1},
               {0, 1}, {0, 1},  {0, 1}, {0, 1}, {0, 1}, {0, 1}};
  row.swings = {
      {"voltage swing through the current limit",
       at("overload", 1, 0, 1.1),
       {{M::VR, 0.08, 0.5}},
       10,
       {M::CURRENT}},
      {"recharge that tapers", at("full load", 1, 0, 1), {}, 120, {M::RECHARGE}, {}, {{M::ENERGY, 280}}}};
  return row;
}

template <>
inline ReferenceRow reference_row<BlockTotal>() {
  ReferenceRow row;
  const auto of_blocks = [](const char* name, int blocks) {
    OperatingPoint point{name, {}, {}};
    for (int k = 0; k < BlockTotal::kInputs; ++k)
      point.in.emplace_back(k, k % BlockTotal::kBlocks < blocks ? 10 : 0);
    return point;
  };
  row.rests = {of_blocks("three blocks", 3), of_blocks("all blocks", BlockTotal::kBlocks)};
  row.in = std::vector<Range>(BlockTotal::kInputs, Range{0, 100});
  return row;
}

template <>
inline ReferenceRow reference_row<Psu>() {
  using M = Psu;
  const auto at = [](const char* name, double Vr, double Vi, double P_it) {
    return OperatingPoint{name, {{M::VR, Vr}, {M::VI, Vi}, {M::P_IT, P_it}, {M::TIME, 0}}, {}};
  };
  ReferenceRow row;
  row.parameters = {0.96,  0.99, 1.25, 0.5,    0.02, 0.92, 0.02, 0.1,   0.05, 240,  0.5,
                    0.004, 0.2,  0.05, 0.9,    1,    60,   30,   0.7,   0.02, 0.8,  0.5,
                    0.9,   10,   0,    kNever, 1.1,  0.5,  1.2,  0.003, 1.4,  0.001};
  row.rests = {at("full load", 1, 0, 1), at("half load, turned", -0.6, 0.75, 0.5), at("no load", 1.05, 0, 0)};
  row.refusals = {{at("dead bus", 0, 0, 1), "bus voltage"},
                  {at("more than the input carries", 0.95, 0, 1.2), "active power"}};
  row.x = {{0, 0.02}, {-1, 241}};
  row.in = {kVoltage, kVoltage, {0, 1.2}, {0, 100}};
  row.held = std::vector<Range>(M::kHeld, Range{0, 1});
  row.modes = {{0, 4}, {0, 1}, {0, 1}};
  for (int k = 0; k < M::kLevels; ++k) row.modes.push_back({0, 1});
  row.swings = {{"recharge of the racks that tapers",
                 at("full load", 1, 0, 1),
                 {},
                 600,
                 {M::BBU_RECHARGE},
                 {},
                 {{M::BBU_ENERGY, 220}}},
                {"recharge of the capacitors that tapers",
                 at("full load", 1, 0, 1),
                 {},
                 5,
                 {M::RECHARGE},
                 {},
                 {{M::HOLD_UP, 0.015}}},
                {"voltage swing", at("full load", 1, 0, 1), {{M::VR, 0.2, 5}}, 1, {M::CURRENT}}};
  return row;
}
template <>
inline ReferenceRow reference_row<Genset>() {
  using M = Genset;
  ReferenceRow row;
  row.parameters = {0.02, 1.5, 10, 300, 0.8, 0.03, 20, 1, 0.1, 0.65, 3, 1.1, 0.8};
  row.rests = {{"standstill", {{M::P_OFF, 0}, {M::P_BACKUP, 0}}, {}},
               {"standstill, less off the grid than starts them", {{M::P_OFF, 2}, {M::P_BACKUP, 0}}, {}}};
  row.x = {{-0.1, 0.1}, {0, 1}, {0, 1}, {0, 1}};
  row.in = {{0, 100}, {0, 100}};
  row.modes = {{0, 8}, {0, 1}, {0, 1}, {0, 1}, {0, 1}};
  return row;
}

// ---- storage
template <>
inline ReferenceRow reference_row<Bess>() {
  using M = Bess;
  enum { ENERGY_H = 0, REACTIVE_PRIORITY = 3, DROOP_GAIN = 9, VOLTAGE_GAIN = 11, SOC_INITIAL = 17 };
  const Numbers nominal{{M::FREQUENCY, 1}, {M::P_LOAD, 0}};
  const auto at = [&](const char* name, double V, double degrees, double P, double Q) {
    OperatingPoint point = with(at_bus<M>(name, V, degrees, P, Q), nominal);
    if (P != 0) point.moving = {M::SOC};  // only the state of charge moves
    return point;
  };
  const OperatingPoint idle = at("idle", 1, 30, 0, 0);
  ReferenceRow row;
  row.parameters = {2,    1, 1.1, 0,   0.02, 0.02, 0.02, 0.2, 0.05, 20,   0.0006, 2,
                    0.02, 1, 60,  0.1, 0.5,  0.5,  0.1,  0.9, 0.05, 0.95, 0.93};
  row.alternatives = {{{REACTIVE_PRIORITY, 1}}, {{DROOP_GAIN, 0}, {VOLTAGE_GAIN, 0}}};
  row.rests = {idle, at("discharging", 1.02, -20, 0.9, 0.3), at("charging", 0.97, 100, -1.2, -0.2),
               with(at_bus<M>("beside a load", 1, 0, 0, 0), {{M::FREQUENCY, 1}, {M::P_LOAD, 120}})};
  row.refusals = {{at("beyond its power", 1, 0, 1.6, 0), "active power"},
                  {at("beyond its current", 1, 0, 1.2, 1.5), "converter current"},
                  {at("dead bus", 1e-3, 0, 0, 0), "bus voltage"},
                  {idle, "soc_initial", {{SOC_INITIAL, 0.95}}}};
  row.x = {{0, 1.2}, {0, 2}, {-1.1, 1.1}, {-1.1, 1.1}, {0.05, 0.95}};
  row.in = {kVoltage, kVoltage, kSpeed, {0, 300}, {-1, 1}, {-1, 1}, {0.9, 1.1}};
  row.modes = {{0, 1}};
  const OperatingPoint level = at("idle", 1, 0, 0, 0);
  row.swings = {{"frequency swing", level, {{M::FREQUENCY, 0.08, 0.1}}, 40, {M::FREQUENCY_BAND, M::POWER}},
                {"voltage swing", level, {{M::VR, 0.4, 0.2}}, 20, {M::VOLTAGE_BAND}},
                {"both orders beyond the converter, active first",
                 level,
                 {{M::PREF, 1.5, 0.2}, {M::QREF, 1.5, 0.2}, {M::VR, -0.3, 0.2}},
                 20,
                 {M::POWER, M::FIRST_CURRENT, M::SECOND_CURRENT}},
                {"both orders beyond the converter, reactive first",
                 level,
                 {{M::PREF, 1.5, 0.2}, {M::QREF, 1.5, 0.2}},
                 20,
                 {M::POWER, M::FIRST_CURRENT, M::SECOND_CURRENT},
                 {{REACTIVE_PRIORITY, 1}}},
                {"empty and full in turn",
                 level,
                 {{M::PREF, 0.8, 0.02}},
                 150,
                 {M::DISCHARGE_ROOM, M::CHARGE_ROOM},
                 {{ENERGY_H, 0.003}}}};
  return row;
}

// ---- converters
template <>
inline ReferenceRow reference_row<Regca1>() {
  using M = Regca1;
  ReferenceRow row;
  row.parameters = {1, 0.02, 10, 0.9, 0.4, 1.22, 1.2, 0.9, 0.5, -1.3, 0.02, 0.7, 100, -100, 0.7};
  row.alternatives = {{{M::LVPLSW, 0}, {M::TFLTR, 0}}, {{M::LVPNT0, 0}, {M::LVPNT1, 0}}};
  row.rests = {at_bus<M>("full power", 1.02, 20, 1.4, 0.4), at_bus<M>("idle", 1, -40, 0, 0),
               at_bus<M>("absorbing", 0.95, 170, 0.8, -0.5), at_bus<M>("above Volim", 1.25, 90, 0.8, -0.5),
               at_bus<M>("where LVACM takes part of it", 0.85, 90, 0.6, 0.1)};
  row.refusals = {{at_bus<M>("above LVPL", 0.8, 0, 1.5, 0), "LVPL", {{M::LVPNT0, 0}, {M::LVPNT1, 0}}},
                  {at_bus<M>("below Lvpnt0", 0.45, 0, 0.5, 0), "Lvpnt0"},
                  {at_bus<M>("dead bus", 0.02, 0, 0, 0), "needs a voltage"},
                  {at_bus<M>("below Iolim", 1, 0, 0, -2.1), "Iolim"}};
  row.x = {{-0.5, 1.5}, {-1.5, 1.5}, {0, 1.3}};
  row.in = {kVoltage, kVoltage, {-0.5, 1.5}, {-1.5, 1.5}};
  row.held = {{-1, 1}};
  return row;
}
/// Voltage, powers and currents of a converter that an electrical control sees at rest.
template <class M>
OperatingPoint at_converter(const char* name, double V, double P, double Q) {
  return {name,
          {{M::VT, V}, {M::VR, V * 0.6}, {M::VI, V * 0.8}, {M::PE, P}, {M::QE, Q}},
          {{M::IPCMD, P / V}, {M::IQCMD, Q / V}}};
}
template <>
inline ReferenceRow reference_row<Reeca1>() {
  using M = Reeca1;
  ReferenceRow row;
  row.parameters = {0,     0,   0,    0,   0,   0,    0.9,  1.1,   0.02, -0.05, 0.05, 2,   1.05,
                    -1.05, 0,   0.15, 0.1, 0.2, 0.05, 0.44, -0.44, 1.1,  0.9,   1,    0.5, 2,
                    20,    0,   0.02, 99,  -99, 1.1,  0,    1.3,   0.02, 0.2,   0.5,  0.6, 0.9,
                    0.9,   1.2, 2,    1.2, 0.2, 0.6,  0.7,  1.1,   2,    1.1,   0,    0};
  row.alternatives = {{{M::QFLAG, 1}, {M::VFLAG, 1}},
                      {{M::QFLAG, 1}, {M::VFLAG, 0}, {M::VBIAS, 1}},
                      {{M::PFFLAG, 1}, {M::PQFLAG, 1}},
                      {{M::TRV, 0}, {M::TP, 0}, {M::TIQ, 0}, {M::TPORD, 0}, {M::THLD, -0.1}}};
  row.rests = {at_converter<M>("full power", 1.02, 1, 0.3), at_converter<M>("absorbing", 0.95, 0.6, -0.3),
               at_converter<M>("half power", 1, 0.5, 0)};
  row.refusals = {
      {at_converter<M>("a voltage dip", 0.85, 0.5, 0), "Vdip..Vup"},
      {at_converter<M>("above Pmax", 1, 1.15, 0), "Pmin..Pmax"},
      {at_converter<M>("consuming", 1, -0.2, 0), "Pmin..Pmax"},
      {at_converter<M>("no current left", 0.95, 1, 0.8), "active current"},
      {at_converter<M>("more than Imax", 1, 0.1, 1.35), "reactive current"},
      {at_converter<M>("above Qmax", 1, 0.5, 0.5), "Qmin..Qmax", {{M::QFLAG, 1}, {M::VFLAG, 1}}},
      {at_converter<M>("above Vmax", 1.08, 0.5, 0), "Vmin..Vmax", {{M::QFLAG, 1}, {M::VMAX, 1.05}}},
      {at_converter<M>("no power to make Q of", 1, 0, 0.1), "PFFLAG", {{M::PFFLAG, 1}}},
      {at_converter<M>("table out of order", 1, 0.5, 0), "ascend", {{M::VQ1 + 4, 0.5}}}};
  row.x = {{0, 1.3}, {0, 1.3}, {-0.2, 1.3}, {0.8, 1.2}, {-1.3, 1.3}, {-1.3, 1.3}, {-0.2, 1.3}};
  row.in = {{0, 1.3}, kVoltage,    kVoltage,    {-0.2, 1.2}, {-1, 1},
            {0, 1.2}, {-0.6, 0.6}, {-0.5, 0.5}, {0.9, 1.1}};
  row.held = {{0, 1.3}};
  row.modes = {{0, 2}, {0, 1}};
  return row;
}
template <>
inline ReferenceRow reference_row<Reecb1>() {
  using M = Reecb1;
  ReferenceRow row;
  row.parameters = {0,    0,     0,   0,   0, 0.9, 1.1, 0.02, -0.05, 0.05, 2,   1.05, -1.05, 0,   0.05,
                    0.44, -0.44, 1.1, 0.9, 1, 0.5, 2,   20,   0.02,  99,   -99, 1.1,  0,     1.3, 0.02};
  row.alternatives = {{{M::QFLAG, 1}, {M::VFLAG, 1}},
                      {{M::QFLAG, 1}, {M::VFLAG, 0}},
                      {{M::PFFLAG, 1}, {M::PQFLAG, 1}, {M::VREF0_GIVEN, 1.09}},
                      {{M::TRV, 0}, {M::TP, 0}, {M::TIQ, 0}, {M::TPORD, 0}}};
  row.rests = {at_converter<M>("full power", 1.02, 1, 0.3), at_converter<M>("absorbing", 0.95, 0.6, -0.3),
               at_converter<M>("half power", 1, 0.5, 0)};
  row.refusals = {{at_converter<M>("a voltage dip", 0.85, 0.5, 0), "Vdip..Vup"},
                  {at_converter<M>("above Pmax", 1, 1.15, 0), "Pmin..Pmax"},
                  {at_converter<M>("no current left", 0.95, 1, 0.8), "active current"},
                  {at_converter<M>("above Qmax", 1, 0.5, 0.5), "Qmin..Qmax", {{M::QFLAG, 1}, {M::VFLAG, 1}}}};
  row.x = {{0, 1.3}, {0, 1.3}, {-0.2, 1.3}, {0.8, 1.2}, {-1.3, 1.3}, {-1.3, 1.3}, {-0.2, 1.3}};
  row.in = {{0, 1.3}, kVoltage,    kVoltage,    {-0.2, 1.2}, {-1, 1},
            {0, 1.2}, {-0.6, 0.6}, {-0.5, 0.5}, {0.9, 1.1}};
  row.modes = {{0, 1}};
  return row;
}
template <>
inline ReferenceRow reference_row<Repca1>() {
  using M = Repca1;
  const auto at = [](const char* name, double V, double P, double Q) {
    const double k = 1.5 / V;  // device base to system base
    return OperatingPoint{name,
                          {{M::VR, V * 0.6},
                           {M::VI, V * 0.8},
                           {M::IR, (0.6 * P + 0.8 * Q) * k},
                           {M::II, (0.8 * P - 0.6 * Q) * k},
                           {M::P_BRANCH, P},
                           {M::Q_BRANCH, Q}},
                          {{M::PREF, P}, {M::QEXT, Q}}};
  };
  ReferenceRow row;
  row.parameters = {0,    0,       0,      0,    1,   1,    1,     0.02, 18,   5,     0.1, 0.3,
                    0.7,  0.01,    0.03,   0.02, 0.1, -0.1, -0.01, 0.01, 0.43, -0.43, 1,   0.05,
                    0.25, -0.0006, 0.0006, 99,   -99, 1,    0,     0.1,  20,   20};
  row.alternatives = {{{M::REFFLAG, 0}},
                      {{M::VCFLAG, 0}, {M::FFLAG, 0}},
                      {{M::TFLTR, 0}, {M::TFT, 0}, {M::TFV, 0}, {M::TP, 0}, {M::TG, 0}}};
  row.rests = {at("full power", 1.02, 1, 0.3), at("absorbing", 0.95, 0.6, -0.3), at("idle", 1, 0, 0),
               with(at("full power in an island at 1.01", 1, 0.5, 0.1), {{M::FREQUENCY, 1.01}})};
  row.refusals = {{at("below Vfrz", 0.65, 0.5, 0), "Vfrz"},
                  {at("above Qmax", 1, 0.5, 0.5), "Qmin..Qmax"},
                  {at("above Pmax", 1, 1.1, 0), "Pmin..Pmax"}};
  row.x = {{-0.5, 1.3}, {-0.6, 0.6}, {-0.6, 0.6}, {-0.2, 1.3}, {-0.2, 1.3}, {-0.2, 1.3}};
  row.in = {kVoltage, kVoltage, {-2, 2},    {-2, 2},     {-0.2, 1.2},
            {-1, 1},  kSpeed,   {0.9, 1.1}, {-0.5, 0.5}, {0, 1}};
  row.swings = {{"voltage swing",
                 at("half power", 1, 0.5, 0),
                 {{M::VR, 0.3, 0.5}, {M::VI, 0.4, 0.5}},
                 10,
                 {M::FREEZE}}};
  return row;
}

// ---- measurement
template <>
inline ReferenceRow reference_row<BranchFlowMeter>() {
  using M = BranchFlowMeter;
  const auto at = [](const char* name, double closed) {
    return OperatingPoint{
        name, {{M::VR, 1}, {M::VI, 0.1}, {M::VR_FAR, 0.98}, {M::VI_FAR, -0.1}, {M::CLOSED, closed}}, {}};
  };
  ReferenceRow row;
  row.parameters = {1, -9.9, -1, 10};
  row.rests = {at("closed", 1), at("open", 0)};
  row.in = {kVoltage, kVoltage, kVoltage, kVoltage, {0, 1}};
  return row;
}
template <>
inline ReferenceRow reference_row<BusFrequency>() {
  using M = BusFrequency;
  const auto at = [](const char* name, double Vr, double Vi, double speed) {
    return OperatingPoint{name, {{M::VR, Vr}, {M::VI, Vi}, {M::FRAME_SPEED, speed}}, {}};
  };
  ReferenceRow row;
  row.parameters = {0.02, 0.05, 0.5, 0.2, 0.02};
  row.rests = {at("nominal", 1, 0, 1), at("island at 47.5 of 50 Hz", -0.4, -0.9, 0.95),
               at("island at 5 % above, low voltage", 0.1, 0.3, 1.05), at("dead bus", 0, 0, 1)};
  row.x = {{-100, 100}, kSpeed, kSpeed};
  row.in = {kVoltage, kVoltage, kSpeed};
  row.modes = {{0, 1}};
  return row;
}

}  // namespace ballast::test
