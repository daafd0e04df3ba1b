/// \file
/// What the blocks of a cooling plant give and draw together.
#pragma once

#include "models/contract.hpp"

namespace ballast {

/// Sums of up to fifteen blocks; more blocks take totals of totals.
///
///   circulation = sum of circulation_k, and the same of rejection, Q_cool and P_load
///
/// Source: none needed, an addition.
///
/// Deviations: none.
struct CoolingTotal : ModelDefaults {
  static constexpr const char* title = "Total of the cooling of a data center";
  static constexpr const char* source = "an addition";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::DATACENTER;

  static constexpr int kBlocks = 15;
  enum State { kStates };
  enum Input { FLOW, REJECTED = kBlocks, COOLED = 2 * kBlocks, DRAWN = 3 * kBlocks, kInputs = 4 * kBlocks };
  enum Output { CIRCULATION, REJECTION, Q_COOL, P_LOAD, kOutputs };

#define BALLAST_FIFTEEN(name, unit)                                                                         \
  {name "_1", unit, Unwired::ZERO}, {name "_2", unit, Unwired::ZERO}, {name "_3", unit, Unwired::ZERO},     \
      {name "_4", unit, Unwired::ZERO}, {name "_5", unit, Unwired::ZERO}, {name "_6", unit, Unwired::ZERO}, \
      {name "_7", unit, Unwired::ZERO}, {name "_8", unit, Unwired::ZERO}, {name "_9", unit, Unwired::ZERO}, \
      {name "_10", unit, Unwired::ZERO}, {name "_11", unit, Unwired::ZERO},                                 \
      {name "_12", unit, Unwired::ZERO}, {name "_13", unit, Unwired::ZERO},                                 \
      {name "_14", unit, Unwired::ZERO}, {                                                                  \
    name "_15", unit, Unwired::ZERO                                                                         \
  }
  static constexpr InputInfo inputs[] = {BALLAST_FIFTEEN("circulation", "1"),
                                         BALLAST_FIFTEEN("rejection", "1"), BALLAST_FIFTEEN("Q_cool", "MW"),
                                         BALLAST_FIFTEEN("P_load", "MW")};
#undef BALLAST_FIFTEEN
  static constexpr OutputInfo outputs[] = {{"circulation", "1", "flow of the coolant, 1 = all"},
                                           {"rejection", "1", "heat rejection, 1 = all"},
                                           {"Q_cool", "MW", "heat taken out of the water"},
                                           {"P_load", "MW", "active power of the cooling"}};

  static constexpr ParameterInfo parameters[] = {
      {"circulation_beside", "1", within(0, 1), anything(), "flow of pumps that are not modelled"},
      {"rejection_beside", "1", within(0, 1), anything(), "rejection of what is not modelled"}};

  template <class P>
  struct Derived {
    P beside[2];
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    return {{p[0], p[1]}};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T*, const T* in, const Derived<P>& d, const Context<T, P>&, T*,
                                   T* out) {
    for (int k = 0; k < kOutputs; ++k) {
      out[k] = in[k * kBlocks];
      for (int i = 1; i < kBlocks; ++i) out[k] = out[k] + in[k * kBlocks + i];
    }
    out[CIRCULATION] = out[CIRCULATION] + d.beside[0];
    out[REJECTION] = out[REJECTION] + d.beside[1];
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double*) {
    for (int k = 0; k < kOutputs; ++k) {
      rest.out[k] = 0;
      for (int i = 0; i < kBlocks; ++i) rest.out[k] += rest.in[k * kBlocks + i];
    }
    rest.out[CIRCULATION] += d.beside[0];
    rest.out[REJECTION] += d.beside[1];
    return Outcome::fine();
  }
};
BALLAST_MODEL(CoolingTotal, "COOLTOTAL");

}  // namespace ballast
