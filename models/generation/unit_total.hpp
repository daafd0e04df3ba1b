/// \file
/// The load-sharing line of a plant of several units.
#pragma once

#include "models/contract.hpp"

namespace ballast {

/// Sums of up to sixteen units; more units take totals of totals.
///
///   P_MW = sum of P_k,  share_MW = sum of share_k,  mean = P_MW / share_MW
///
/// share_k is the rated power of a unit times how far it has taken up its load, 0 while its breaker is open;
/// so `mean` is the loading at which each unit on line carries its part. Without a unit on line mean is 0.
///
/// Source: none needed, an addition (what an analogue load-sharing line carries).
///
/// Deviations: no delay of the line.
struct UnitTotal : ModelDefaults {
  static constexpr const char* title = "Load-sharing line of generating units";
  static constexpr const char* source = "an addition";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::MEASUREMENT;

  static constexpr int kUnits = 16;
  enum State { kStates };
  enum Input { POWER, SHARE = kUnits, kInputs = 2 * kUnits };
  enum Output { P_MW, SHARE_MW, MEAN, kOutputs };

  static constexpr InputInfo inputs[] = {
      {"P_1", "MW", Unwired::ZERO},      {"P_2", "MW", Unwired::ZERO},      {"P_3", "MW", Unwired::ZERO},
      {"P_4", "MW", Unwired::ZERO},      {"P_5", "MW", Unwired::ZERO},      {"P_6", "MW", Unwired::ZERO},
      {"P_7", "MW", Unwired::ZERO},      {"P_8", "MW", Unwired::ZERO},      {"P_9", "MW", Unwired::ZERO},
      {"P_10", "MW", Unwired::ZERO},     {"P_11", "MW", Unwired::ZERO},     {"P_12", "MW", Unwired::ZERO},
      {"P_13", "MW", Unwired::ZERO},     {"P_14", "MW", Unwired::ZERO},     {"P_15", "MW", Unwired::ZERO},
      {"P_16", "MW", Unwired::ZERO},     {"share_1", "MW", Unwired::ZERO},  {"share_2", "MW", Unwired::ZERO},
      {"share_3", "MW", Unwired::ZERO},  {"share_4", "MW", Unwired::ZERO},  {"share_5", "MW", Unwired::ZERO},
      {"share_6", "MW", Unwired::ZERO},  {"share_7", "MW", Unwired::ZERO},  {"share_8", "MW", Unwired::ZERO},
      {"share_9", "MW", Unwired::ZERO},  {"share_10", "MW", Unwired::ZERO}, {"share_11", "MW", Unwired::ZERO},
      {"share_12", "MW", Unwired::ZERO}, {"share_13", "MW", Unwired::ZERO}, {"share_14", "MW", Unwired::ZERO},
      {"share_15", "MW", Unwired::ZERO}, {"share_16", "MW", Unwired::ZERO}};
  static constexpr OutputInfo outputs[] = {
      {"P_plant", "MW", "active power of the units on line, at their terminals"},
      {"share_plant", "MW", "rated power that has taken up its load"},
      {"mean", "pu", "loading of the units on line"}};
  static constexpr std::array<ParameterInfo, 0> parameters{};

  template <class P>
  struct Derived {};
  template <class P>
  static Derived<P> derive(const P*, const Ratings&) {
    return {};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T*, const T* in, const Derived<P>&, const Context<T, P>&, T*,
                                   T* out) {
    out[P_MW] = in[POWER];
    out[SHARE_MW] = in[SHARE];
    for (int k = 1; k < kUnits; ++k) {
      out[P_MW] = out[P_MW] + in[POWER + k];
      out[SHARE_MW] = out[SHARE_MW] + in[SHARE + k];
    }
    out[MEAN] = out[P_MW] / max_(out[SHARE_MW], T(kNone_MW));
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const Context<double, double> none{nullptr, nullptr, nullptr};
    equations(x, rest.in.data(), d, none, static_cast<double*>(nullptr), rest.out.data());
    return Outcome::fine();
  }

 private:
  static constexpr double kNone_MW = 1e-3;  ///< below it no unit is on line
};
BALLAST_MODEL(UnitTotal, "UNITTOTAL");

}  // namespace ballast
