/// \file
/// Rows of reference data of compensators.
#pragma once

#include "tests/models/reference_row.hpp"

namespace ballast::test {

template <>
inline ReferenceRow reference_row<Csvgn1>() {
  using M = Csvgn1;
  const OperatingPoint half = at_bus<M>("half of the reactor", 1.02, 20, 0, 0.1);
  ReferenceRow row;  // 150 MVA
  row.parameters = {50, 0.01, 0.02, 0.5, 0.05, 0.03, 10, 1.2, -0.1, 100};
  row.alternatives = {{{M::T3, 0}}, {{M::T4, 0}, {M::T2, 0}}, {{M::T5, 0}}};
  row.rests = {half, at_bus<M>("reactor alone", 1.05, -40, 0, -0.5),
               at_bus<M>("nearly all capacitor", 0.95, 170, 0, 0.8)};
  row.refusals = {{at_bus<M>("more than the capacitor", 1, 0, 0, 1.1), "RMIN"},
                  {at_bus<M>("more than the reactor", 1, 0, 0, -0.6), "RMIN"},
                  {at_bus<M>("active power", 1, 0, 0.3, 0), "active power"},
                  {half, "VMIN..VMAX", {{M::VMAX, 0.2}}}};
  row.x = {{-0.1, 0.1}, {-0.1, 0.1}, {-0.1, 1.2}};
  row.in = {kVoltage, kVoltage, {-0.05, 0.05}, {0.9, 1.1}};
  const std::vector<Wave> voltage{{M::VR, 0.3, 0.2}, {M::VI, 0.1, 0.2}};
  row.swings = {
      {"voltage swing", half, voltage, 20, {M::REGULATOR_LIMIT, M::REACTOR_LIMIT}},
      {"voltage swing, T5 = 0", half, voltage, 20, {M::REGULATOR_LIMIT, M::REACTOR_LIMIT}, {{M::T5, 0}}}};
  return row;
}
template <>
inline ReferenceRow reference_row<Statcom>() {
  using M = Statcom;
  ReferenceRow row;
  row.parameters = {0.01, 1, 100, 0.03, 0.01, 1, 0.3, 0.6, 0.1};
  row.alternatives = {{{M::TM, 0}, {M::KP, 0}}, {{M::XS, 0}}};
  row.rests = {at_bus<M>("delivering", 0.98, 20, 0, 1.2), at_bus<M>("idle", 1, -40, 0, 0),
               at_bus<M>("absorbing", 1.05, 170, 0, -1.4)};
  row.refusals = {{at_bus<M>("beyond Imax", 1, 0, 0, 1.6), "Imax"},
                  {at_bus<M>("active power", 1, 0, 0.3, 0), "active power"},
                  {at_bus<M>("blocked", 0.25, 0, 0, 0), "Vblock"}};
  row.x = {{0, 1.3}, {-1.1, 1.1}, {-1.1, 1.1}};
  row.in = {kVoltage, kVoltage, {-0.05, 0.05}, {0.9, 1.1}};
  row.modes = {{0, 2}};
  return row;
}

}  // namespace ballast::test
