/// \file
/// What the supply blocks of a data center draw and serve together.
#pragma once

#include "models/contract.hpp"

namespace ballast {

/// Sums of up to fifteen blocks; more blocks take totals of totals.
///
///   P_load = sum of P_load_k, and the same of P_off, P_served and P_backup
///
/// Source: none needed, an addition.
///
/// Deviations: none.
struct BlockTotal : ModelDefaults {
  static constexpr const char* title = "Total of the supply blocks of a data center";
  static constexpr const char* source = "an addition";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::DATACENTER;

  static constexpr bool constant_jacobian = true;
  static constexpr int kBlocks = 15;
  enum State { kStates };
  enum Input { LOAD, OFF = kBlocks, SERVED = 2 * kBlocks, FROM_BACKUP = 3 * kBlocks, kInputs = 4 * kBlocks };
  enum Output { P_LOAD, P_OFF, P_SERVED_MW, P_BACKUP, kOutputs };

  static constexpr InputInfo inputs[] = {
      {"P_load_1", "MW", Unwired::ZERO},    {"P_load_2", "MW", Unwired::ZERO},
      {"P_load_3", "MW", Unwired::ZERO},    {"P_load_4", "MW", Unwired::ZERO},
      {"P_load_5", "MW", Unwired::ZERO},    {"P_load_6", "MW", Unwired::ZERO},
      {"P_load_7", "MW", Unwired::ZERO},    {"P_load_8", "MW", Unwired::ZERO},
      {"P_load_9", "MW", Unwired::ZERO},    {"P_load_10", "MW", Unwired::ZERO},
      {"P_load_11", "MW", Unwired::ZERO},   {"P_load_12", "MW", Unwired::ZERO},
      {"P_load_13", "MW", Unwired::ZERO},   {"P_load_14", "MW", Unwired::ZERO},
      {"P_load_15", "MW", Unwired::ZERO},   {"P_off_1", "MW", Unwired::ZERO},
      {"P_off_2", "MW", Unwired::ZERO},     {"P_off_3", "MW", Unwired::ZERO},
      {"P_off_4", "MW", Unwired::ZERO},     {"P_off_5", "MW", Unwired::ZERO},
      {"P_off_6", "MW", Unwired::ZERO},     {"P_off_7", "MW", Unwired::ZERO},
      {"P_off_8", "MW", Unwired::ZERO},     {"P_off_9", "MW", Unwired::ZERO},
      {"P_off_10", "MW", Unwired::ZERO},    {"P_off_11", "MW", Unwired::ZERO},
      {"P_off_12", "MW", Unwired::ZERO},    {"P_off_13", "MW", Unwired::ZERO},
      {"P_off_14", "MW", Unwired::ZERO},    {"P_off_15", "MW", Unwired::ZERO},
      {"P_served_1", "MW", Unwired::ZERO},  {"P_served_2", "MW", Unwired::ZERO},
      {"P_served_3", "MW", Unwired::ZERO},  {"P_served_4", "MW", Unwired::ZERO},
      {"P_served_5", "MW", Unwired::ZERO},  {"P_served_6", "MW", Unwired::ZERO},
      {"P_served_7", "MW", Unwired::ZERO},  {"P_served_8", "MW", Unwired::ZERO},
      {"P_served_9", "MW", Unwired::ZERO},  {"P_served_10", "MW", Unwired::ZERO},
      {"P_served_11", "MW", Unwired::ZERO}, {"P_served_12", "MW", Unwired::ZERO},
      {"P_served_13", "MW", Unwired::ZERO}, {"P_served_14", "MW", Unwired::ZERO},
      {"P_served_15", "MW", Unwired::ZERO}, {"P_backup_1", "MW", Unwired::ZERO},
      {"P_backup_2", "MW", Unwired::ZERO},  {"P_backup_3", "MW", Unwired::ZERO},
      {"P_backup_4", "MW", Unwired::ZERO},  {"P_backup_5", "MW", Unwired::ZERO},
      {"P_backup_6", "MW", Unwired::ZERO},  {"P_backup_7", "MW", Unwired::ZERO},
      {"P_backup_8", "MW", Unwired::ZERO},  {"P_backup_9", "MW", Unwired::ZERO},
      {"P_backup_10", "MW", Unwired::ZERO}, {"P_backup_11", "MW", Unwired::ZERO},
      {"P_backup_12", "MW", Unwired::ZERO}, {"P_backup_13", "MW", Unwired::ZERO},
      {"P_backup_14", "MW", Unwired::ZERO}, {"P_backup_15", "MW", Unwired::ZERO}};
  static constexpr OutputInfo outputs[] = {
      {"P_load", "MW", "active power drawn from the grid"},
      {"P_off", "MW", "IT power that the grid does not carry"},
      {"P_served_MW", "MW", "IT power served"},
      {"P_backup", "MW", "active power drawn from the generators of the site"},
  };
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
    for (int quantity = 0; quantity < kOutputs; ++quantity) {
      T sum = in[quantity * kBlocks];
      for (int k = 1; k < kBlocks; ++k) sum = sum + in[quantity * kBlocks + k];
      out[quantity] = sum;
    }
  }

  static Outcome initialise(Rest& rest, const Derived<double>&, double*) {
    for (int quantity = 0; quantity < kOutputs; ++quantity) {
      double sum = 0;
      for (int k = 0; k < kBlocks; ++k) sum += rest.in[quantity * kBlocks + k];
      rest.out[quantity] = sum;
    }
    return Outcome::fine();
  }
};
BALLAST_MODEL(BlockTotal, "TOTAL");

}  // namespace ballast
