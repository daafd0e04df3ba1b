/// \file
/// Row of reference data of aggregated distributed energy resources.
#pragma once

#include "tests/models/reference_row.hpp"

namespace ballast::test {

template <>
inline ReferenceRow reference_row<Dera1>() {
  using M = Dera1;
  const auto at = [](const char* name, double V, double degrees, double P, double Q) {
    return with(at_bus<M>(name, V, degrees, P, Q), {{M::FREQUENCY, 1}});
  };
  ReferenceRow row;  // 150 MVA on 100 MVA
  row.parameters = {0,    1,    1,    1,    1,      1,     0.02, 0.02, -0.05, 0.05, 5,    0,
                    0.02, 0.02, 20,   10,   -0.001, 0.001, 99,   -99,  1,     0,    99,   -99,
                    0.02, 0.1,  10,   1.2,  0.5,    0.7,   1.2,  1.15, 0.16,  0.3,  0.16, 0.3,
                    0.4,  59.3, 60.5, 0.16, 0.16,   0.02,  2,    0.02, 0.3,   1,    -1};
  row.alternatives = {
      {{M::TRV, 0}, {M::TRF, 0}, {M::TP, 0}, {M::TIQ, 0}, {M::TV, 0}},
      {{M::PFFLAG, 1}, {M::FREQFLAG, 0}, {M::PQFLAG, 0}, {M::VREF0_GIVEN, 1.05}},
      {{M::TYPEFLAG, 0}, {M::PMIN, -1}, {M::VTRIPFLAG, 0}, {M::FTRIPFLAG, 0}, {M::VL0, 0}, {M::VL1, 0}}};
  row.rests = {at("delivering both", 1.02, 20, 1.2, 0.4),
               at("absorbing reactive power", 0.95, -40, 0.6, -0.5), at("nearly idle", 1.06, 170, 0.01, 0)};
  row.refusals = {{at("a voltage of no use", 0.1, 0, 0.1, 0), "needs a voltage"},
                  {at("a generator that charges", 1, 0, -0.3, 0), "generator"},
                  {at("storage that charges beyond Pmin", 1, 0, -0.3, 0), "Pmin..Pmax", {{M::TYPEFLAG, 0}}},
                  {at("beyond Pmax", 1, 0, 1.6, 0), "Pmin..Pmax"},
                  {at("beyond Imax", 1, 0, 1.4, 1.4), "Imax"},
                  {at("below vl1", 0.65, 0, 0.6, 0), "vl1..vh1"},
                  {with(at_bus<M>("below fltrp", 1, 0, 0.6, 0), {{M::FREQUENCY, 0.98}}), "fltrp..fhtrp"},
                  {at("reactive power from no active power", 1, 0, 0, 0.3), "PfFlag", {{M::PFFLAG, 1}}}};
  row.x = {{0, 1.3}, {-0.05, 0.05}, {-1, 1.2},   {-1, 1.2},  {-1, 1.2},  {-1.2, 1.2},
           {0, 1},   {-1.2, 1.2},   {-1.2, 1.2}, {0.5, 0.7}, {1.15, 1.2}};
  row.in = {kVoltage, kVoltage, {0.95, 1.05}, {-1, 1.2}, {-1, 1}, {-0.5, 0.5}, {0.9, 1.1}};
  row.held.assign(M::kHeld, {0, 10});
  row.modes.assign(M::kModes, {0, 2});
  return row;
}

}  // namespace ballast::test
