/// \file
/// Rows of reference data of converters as voltage sources and of storage plants' controls.
#pragma once

#include "tests/models/reference_converters.hpp"

namespace ballast::test {

// ---- electrical controls that can charge
template <>
inline ReferenceRow reference_row<Reecc1>() {
  using M = Reecc1;
  const auto moving = [](OperatingPoint point) {  // only the state of charge moves
    point.moving = {M::SOC};
    return point;
  };
  ReferenceRow row;
  row.parameters = {0,   0,    0,   0,    0,   0.9, 1.1, 0.02, -0.05, 0.05, 2,    1.05, -1.05,
                    0,   0.05, 0.5, -0.5, 1.1, 0.9, 1,   0.5,  2,     20,   0.02, 99,   -99,
                    1.1, -1,   1.3, 0.02, 0.2, 0.5, 0.6, 0.9,  0.9,   1.2,  2,    1.2,  0.2,
                    0.6, 0.7,  1.1, 2,    1.1, 0,   0,   7200, 0.5,   0.8,  0.2};
  row.alternatives = {{{M::QFLAG, 1}, {M::VFLAG, 1}},
                      {{M::QFLAG, 1}, {M::VFLAG, 0}},
                      {{M::PFFLAG, 1}, {M::PQFLAG, 1}, {M::VREF0_GIVEN, 1.05}},
                      {{M::TRV, 0}, {M::TP, 0}, {M::TIQ, 0}, {M::TPORD, 0}}};
  row.rests = {moving(at_converter<M>("discharging at full power", 1.02, 1, 0.3)),
               moving(at_converter<M>("charging", 0.97, -0.8, -0.3)),
               moving(at_converter<M>("nearly idle", 1, 0.1, 0))};
  row.refusals = {{at_converter<M>("a voltage dip", 0.85, 0.5, 0), "Vdip..Vup"},
                  {at_converter<M>("charging beyond Pmin", 1, -1.05, 0), "Pmin..Pmax"},
                  {at_converter<M>("no current left to charge with", 0.95, -0.98, 0.85), "active current"},
                  {at_converter<M>("too full", 1, 0.5, 0), "SOCini", {{M::SOCINI, 0.9}}},
                  {at_converter<M>("empty", 1, 0.5, 0), "at this state of charge", {{M::SOCINI, 0.2}}},
                  {at_converter<M>("full", 1, -0.5, 0), "at this state of charge", {{M::SOCINI, 0.8}}},
                  {at_converter<M>("table out of order", 1, 0.5, 0), "ascend", {{M::VP1 + 4, 0.5}}}};
  row.x = {{0, 1.3}, {0, 1.3}, {-1.2, 1.3}, {0.8, 1.2}, {-1.3, 1.3}, {-1.3, 1.3}, {-1.2, 1.3}, {0.1, 0.9}};
  row.in = {{0, 1.3},  kVoltage,    kVoltage,    {-1.2, 1.2}, {-1, 1},
            {-1, 1.2}, {-0.6, 0.6}, {-0.5, 0.5}, {0.9, 1.1}};
  row.modes = {{0, 1}};
  row.swings = {{"power swing through an hour of storage in seconds",
                 at_converter<M>("idle", 1, 0, 0),
                 {{M::PE, 1, 0.1}},
                 40,
                 {M::CHARGE},
                 {{M::DISCHARGE, 10}}}};
  return row;
}
template <>
inline ReferenceRow reference_row<Reecd1>() {
  using M = Reecd1;
  ReferenceRow row;
  row.parameters = {0,    0,     0,  0,    0,    1,   0.9,  1.1, 0.02, -0.05, 0.05, 2,
                    1.05, -1.05, 0,  0.15, 0.1,  0.2, 0.05, 0.5, -0.5, 1.1,   0.9,  1,
                    0.5,  2,     20, 0,    0.02, 99,  -99,  1.1, -1,   1.3,   0.02};
  const std::vector<double> VDL1{0.2, 0.5, 0.6, 0.9, 0.9, 1.2, 1, 1.2, 1.2, 1.2,
                                 1.4, 0.9, 0,   0,   0,   0,   0, 0,   0,   0};
  const std::vector<double> VDL2{0.2, 0.6, 0.7, 1.1, 2, 1.1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  row.parameters.insert(row.parameters.end(), VDL1.begin(), VDL1.end());
  row.parameters.insert(row.parameters.end(), VDL2.begin(), VDL2.end());
  for (const double p : {0.01, 0.05, 0.02, 0.02, 0.8, 0.15, 1.3, 0.1}) row.parameters.push_back(p);
  row.alternatives = {
      {{M::QFLAG, 1}, {M::VFLAG, 1}},
      {{M::QFLAG, 1}, {M::VFLAG, 0}, {M::VCMPFLAG, 0}},
      {{M::PFFLAG, 1}, {M::PQFLAG, 1}, {M::THLD, -0.1}},
      {{M::TRV, 0}, {M::TP, 0}, {M::TIQ, 0}, {M::TPORD, 0}, {M::TR1, 0}, {M::KE, 0}, {M::PMIN, 0}}};
  row.rests = {at_converter<M>("full power", 1.02, 1, 0.3), at_converter<M>("absorbing", 0.97, 0.6, -0.3),
               at_converter<M>("half power", 1, 0.5, 0)};
  row.refusals = {{at_converter<M>("a voltage dip", 0.85, 0.5, 0), "Vdip..Vup"},
                  {at_converter<M>("blocked", 0.14, 0, 0), "Vblkl..Vblkh"},
                  {at_converter<M>("charging without leave", 1, -0.5, 0), "active current", {{M::KE, 0}}},
                  {at_converter<M>("table out of order", 1, 0.5, 0), "ascend", {{M::VQ1 + 4, 0.5}}}};
  row.x = {{0, 1.3}, {0, 1.3}, {-1.2, 1.3}, {0.8, 1.2}, {-1.3, 1.3}, {-1.3, 1.3}, {-1.2, 1.3}};
  row.in = {{0, 1.3},  kVoltage,    kVoltage,    {-1.2, 1.2}, {-1, 1},
            {-1, 1.2}, {-0.6, 0.6}, {-0.5, 0.5}, {0.9, 1.1}};
  row.held = {{-1, 1}, {-1, 1}, {0, 1.3}};
  row.modes = {{0, 2}, {0, 1}, {0, 2}};
  return row;
}

// ---- converters as voltage sources
template <class M>
void fill_source_row(ReferenceRow& row) {
  row.rests = {at_bus<M>("full power", 1.02, 20, 1.4, 0.4), at_bus<M>("idle", 1, -40, 0, 0),
               at_bus<M>("absorbing", 0.95, 170, 0.8, -0.5), at_bus<M>("charging", 1, 90, -1.2, 0.2)};
  row.refusals = {{at_bus<M>("beyond Imax", 1, 0, 1.7, 0.5), "up to Imax"},
                  {at_bus<M>("dead bus", 0.02, 0, 0, 0), "needs a voltage"}};
  row.x = {{-1.5, 1.5}, {-1.5, 1.5}, {0, 1.3}, {-1.3, 1.3}, {-1.3, 1.3}};
  row.in = {kVoltage, kVoltage, {-1.5, 1.5}, {-1.5, 1.5}};
  row.held = {{-1, 1}};
}
template <>
inline ReferenceRow reference_row<Regcb1>() {
  using M = Regcb1;
  ReferenceRow row;
  row.parameters = {0, 0, 0.02, 0.02, 100, -100, 10, 0.02, 1.15, 0.01, 0.15};
  row.alternatives = {{{M::RATEFLAG, 1}, {M::PQFLAG, 1}}, {{M::TFLTR, 0}, {M::TE, 0}, {M::RE, 0}}};
  fill_source_row<M>(row);
  row.x.push_back(kAngle);
  return row;
}
template <>
inline ReferenceRow reference_row<Regcc1>() {
  using M = Regcc1;
  ReferenceRow row;
  row.parameters = {0, 0, 0.02, 0.02, 100, -100, 10, 0.02, 1.15, 1, 10, 60, 1400, 75, -75, 0.01, 0.15};
  row.alternatives = {{{M::RATEFLAG, 1}, {M::PQFLAG, 1}}, {{M::TFLTR, 0}, {M::KIP, 0}, {M::KPPLL, 0}}};
  fill_source_row<M>(row);
  for (OperatingPoint& point : row.rests) point = with(point, {{M::FRAME_SPEED, 1}});
  for (Refusal& refusal : row.refusals) refusal.point = with(refusal.point, {{M::FRAME_SPEED, 1}});
  for (const Range range : {Range{-1.5, 1.5}, Range{-1.5, 1.5}, Range{-80, 80}, kAngle})
    row.x.push_back(range);
  row.in.push_back(kSpeed);
  return row;
}

// ---- grid-forming converters
template <>
inline ReferenceRow reference_row<RegfmA1>() {
  using M = RegfmA1;
  const Numbers speed{{M::FRAME_SPEED, 1}};
  ReferenceRow row;
  row.parameters = {1,    1,    0.02, 0.02, 0.02, 1.5, 1.3, 0,   1,    -1,   0.8,
                    -0.8, 0.02, 0.05, 0.01, 0.1,  0.1, 10,  0.5, 5.86, 0.01, 0.15};
  row.alternatives = {{{M::VFLAG, 0}}, {{M::QVFLAG, 0}}, {{M::TVF, 0}, {M::IMAX, 0}, {M::MP, 0}}};
  row.rests = {with(at_bus<M>("full power", 1.02, 20, 1.4, 0.4), speed),
               with(at_bus<M>("idle", 1, -40, 0, 0), speed),
               with(at_bus<M>("charging", 0.97, 170, -1.2, -0.3), speed)};
  row.refusals = {{with(at_bus<M>("beyond Pmax", 1, 0, 1.6, 0), speed), "Pmin..Pmax"},
                  {with(at_bus<M>("beyond Qmax", 1, 0, 0.3, 1.3), speed), "Qmin..Qmax"},
                  {with(at_bus<M>("beyond Imax", 0.6, 0, 1.4, 0), speed), "Imax"},
                  {with(at_bus<M>("beyond Emax", 1.28, 0, 0.1, 0.9), speed), "Emin..Emax"}};
  row.x = {{-1.2, 1.2}, {-1, 1},   {0, 1.3},  kAngle,   {0, 1.4},
           {-0.05, 0},  {0, 0.05}, {-0.3, 0}, {0, 0.3}, kDeviation};
  row.in = {kVoltage, kVoltage, kSpeed, {-1, 1}, {-0.5, 0.5}, {0.9, 1.1}};
  return row;
}
template <>
inline ReferenceRow reference_row<RegfmB1>() {
  using M = RegfmB1;
  const Numbers speed{{M::FRAME_SPEED, 1}};
  ReferenceRow row;
  // The example of NREL/TP-5D00-90260, table 1, with a coupling of 0.15 pu.
  row.parameters = {0,   0,    1, 1,   1, 1,   0,  0.15, 0.05, 0, 5,   0.02, 0.05, -0.05, 0.265, 2.65,
                    0.2, -0.2, 0, 0.5, 0, 100, 50, 1,    0.9,  2, 1.5, 0.02, 0.02, 0.02,  0.02,  0.05};
  row.alternatives = {{{M::WFLAG, 1}, {M::VDRPFLAG, 1}},
                      {{M::QVFLAG, 0}, {M::PQFLAG, 0}},
                      {{M::FFLAG, 0}, {M::ESFLAG, 0}, {M::TVF, 0}},
                      {{M::ISSMAX, 0}, {M::KF, 0}, {M::IFAULTMAX, 0}, {M::TP, 0.1}, {M::RE, 0.02}}};
  row.rests = {with(at_bus<M>("full power", 1.02, 20, 1.3, 0.4), speed),
               with(at_bus<M>("idle", 1, -40, 0, 0), speed),
               with(at_bus<M>("absorbing", 0.97, 170, 0.6, -0.5), speed)};
  row.refusals = {
      {with(at_bus<M>("beyond Ifaultmax", 1, 0, 2.3, 0.5), speed), "Ifaultmax"},
      {with(at_bus<M>("beyond the steady limit", 1, 0, 1.45, 0), speed), "active current"},
      {with(at_bus<M>("drawing without storage", 1, 0, -0.5, 0), speed), "active current", {{M::ESFLAG, 0}}},
      {with(at_bus<M>("no current left for Q", 1, 0, 1.2, 1.1), speed), "reactive current"},
      {with(at_bus<M>("dead bus", 0.05, 0, 0, 0), speed), "VPLLfrz"}};
  row.x = {{-1.2, 1.2}, {-1, 1},     {0, 1.3},  {-1.2, 1.2}, {-1.2, 1.2}, kDeviation,  kDeviation,
           {-1, 1},     {-0.2, 0.2}, {0, 0.15}, {-0.15, 0},  {0, 1.4},    {-0.2, 0.2}, kAngle};
  row.in = {kVoltage, kVoltage, kSpeed, {-1, 1}, {-0.5, 0.5}, {0.9, 1.1}, {-0.01, 0.01}};
  return row;
}

}  // namespace ballast::test
