/// \file
/// A machine, a load, and a plant of solid-oxide and one of PEM cells behind their power conditioning.
#pragma once

#include <fmt/format.h>

#include <string>

namespace ballast::testing {

/// Buses 1 (slack, 200 MVA), 2 (load of 120 MW; SOFC of 20 MW) and 3 (PEM of 20 MW); `store_s` is the buffer
/// of both.
inline std::string fuel_cell_case(const std::string& events, double until_s = 60, double store_s = 5) {
  std::string text = R"([case]
title = "fuel cells"
[network]
frequency_Hz = 60
base_MVA = 100
[loads]
active = { impedance = 0, current = 1, power = 0 }
reactive = { impedance = 1, current = 0, power = 0 }
pqbrak = 0.7
[[bus]]
number = 1
base_kV = 138
slack = true
[[bus]]
number = 2
base_kV = 138
[[bus]]
number = 3
base_kV = 138
[[line]]
from = 1
to = 2
R = 0.005
X = 0.05
B = 0
[[line]]
from = 2
to = 3
R = 0.005
X = 0.05
B = 0
[[load]]
bus = 2
P_MW = 120
Q_Mvar = 20
[[generator]]
bus = 1
Vset = 1.02
base_MVA = 200
machine = { model = "GENROU", H = 3, D = 0, Ra = 0, Xd = 1.8, Xq = 1.7, Xdp = 0.3, Xqp = 0.55, Xdpp = 0.25, Xl = 0.2, Tdop = 8, Tqop = 0.4, Tdopp = 0.03, Tqopp = 0.05, S10 = 0, S12 = 0 }
exciter = { model = "SEXS", TATB = 0.1, TB = 10, K = 100, TE = 0.1, EMIN = 0, EMAX = 5 }
governor = { model = "TGOV1", R = 0.05, T1 = 0.5, VMAX = 1, VMIN = 0, T2 = 3, T3 = 10, Dt = 0 }
)";
  const std::string conditioning = fmt::format(
      "converter = {{ model = \"PCS\", Pmax = 1, Imax = 1.1, efficiency = 0.97, store_s = {}, Pburst = 0.5, "
      "store_target = 0.6, recentre_s = 20, "
      "Tp = 0.02, Tq = 0.02, Tv = 0.02, Kqv = 2, dbv = 0.02, V_block = 0.2, V_block_hysteresis = 0.05 }}\n",
      store_s);
  text +=
      "[[generator]]\nbus = 2\nid = \"F\"\nP_MW = 12\nVset = 1.0\nQmin_Mvar = 0\nQmax_Mvar = 0\nbase_MVA = "
      "20\n" +
      conditioning;
  text +=
      "electrical_control = { model = \"SOFC\", P_stack = 100, E0 = 1.18, N0 = 384, T = 1273, K_H2 = "
      "8.43e-4, K_H2O = 2.81e-4, K_O2 = 2.52e-3, tau_H2 = "
      "26.1, tau_H2O = 78.3, tau_O2 = 2.91, r = 0.126, tau_e = 0.8, tau_f = 5, r_HO = 1.145, U_min = 0.8, "
      "U_opt = 0.85, U_max = 0.9, Pmin = 0.3, Pmax = "
      "1.1, rise = 0.0017, fall = 0.0033 }\n";
  text +=
      "[[generator]]\nbus = 3\nid = \"P\"\nP_MW = 12\nVset = 1.0\nQmin_Mvar = 0\nQmax_Mvar = 0\nbase_MVA = "
      "20\n" +
      conditioning;
  text +=
      "electrical_control = { model = \"PEM\", T_stack = 0.3, Pmin = 0.1, Pmax = 1.1, rise = 0.3, fall = 0.5 "
      "}\n";
  return text + events +
         fmt::format(
             "[simulation]\nuntil_s = {}\n[output]\nrecord = [\"frequency\", \"bus.voltage\", "
             "\"machine.power\", \"machine.*\"]\nstep_s = 0.02\n",
             until_s);
}

}  // namespace ballast::testing
