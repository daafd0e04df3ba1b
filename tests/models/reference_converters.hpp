/// \file
/// Rows of reference data of converters, their controls and measurements.
#pragma once

#include "tests/models/reference_row.hpp"

namespace ballast::test {

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
