/// \file
/// Rows of reference data of machines, exciters and stabilizers.
#pragma once

#include "tests/models/reference_row.hpp"

namespace ballast::test {

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
inline ReferenceRow reference_row<Ac8b>() {
  using M = Ac8b;
  const auto at = [](const char* name, double Vt, double Ifd, double Efd) {
    return OperatingPoint{name, {{M::VT, Vt}, {M::IFD, Ifd}, {M::VS, 0}}, {{M::EFD, Efd}}};
  };
  const OperatingPoint load = at("full load", 1.02, 2.4, 2.4);
  ReferenceRow row;
  row.parameters = {0.01, 80, 5, 10, 0.1, 35, 0, 35, 0, 8, 0, 0.01, 1, 1, 0.3, 0.4, 1, 4.5, 0.1, 6, 0.4};
  row.alternatives = {{{M::TR, 0}},  {{M::TA, 0}},  {{M::KDR, 0}, {M::TDR, 0}},
                      {{M::KIR, 0}}, {{M::KPR, 0}}, {{M::KC, 0}, {M::KD, 0}, {M::SE1, 0}, {M::SE2, 0}}};
  row.rests = {load, at("no load", 1, 1, 1), at("little voltage, much current", 0.9, 2, 0.6),
               at("field current reversed", 1.1, -0.1, 0.2)};
  row.refusals = {{at("beyond the exciter", 1, 5, 6), "VFEMAX"},
                  {load, "VPIDMIN..VPIDMAX", {{M::VPIDMAX, 2}}},
                  {load, "VRMIN..VRMAX", {{M::VRMAX, 2}}},
                  {load, "KPR + KIR", {{M::KPR, 0}, {M::KIR, 0}}},
                  {at("below VEMIN", 1, 0.1, 0.2), "VEMIN", {{M::VEMIN, 0.5}}}};
  row.x = {{0, 1.3}, {-5, 40}, {-0.1, 0.1}, {-5, 40}, {0, 9}};
  row.in = {{0, 1.3}, {-1, 5}, {-0.1, 0.1}, {0.9, 1.1}};
  row.swings = {{"voltage swing",
                 load,
                 {{M::VT, 0.6, 0.1}},
                 40,
                 {M::PID_LIMIT, M::REGULATOR_LIMIT, M::ALTERNATOR_LIMIT},
                 {{M::VRMAX, 30}}},
                {"slow voltage swing, integral alone",
                 load,
                 {{M::VT, 0.3, 0.02}},
                 100,
                 {M::INTEGRAL_LIMIT},
                 {{M::KPR, 0}, {M::KDR, 0}, {M::KIR, 20}}}};
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

}  // namespace ballast::test
