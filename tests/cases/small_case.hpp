/// \file
/// A small valid case for tests that spoil it: a machine, an infinite bus, a load, a campus with a battery.
#pragma once

#include <string>

namespace ballast::testing {

inline const std::string kSmallCase = R"([case]
title = "small"

[network]
frequency_Hz = 60
base_MVA = 100

[[bus]]
number = 1
name = "Plant"
base_kV = 230

[[bus]]
number = 2
name = "Town"
base_kV = 230

[[bus]]
number = 3
name = "Grid"
base_kV = 230
slack = true

[[line]]
from = 1
to = 2
R = 0.001
X = 0.02
B = 0.01

[[line]]
from = 2
to = 3
R = 0.001
X = 0.02
B = 0.01

[[load]]
bus = 2
P_MW = 100
Q_Mvar = 20

[loads]
active = { impedance = 0.2, current = 0.3, power = 0.5 }
reactive = { impedance = 1, current = 0, power = 0 }
pqbrak = 0.7

[[generator]]
bus = 1
P_MW = 150
Vset = 1.02
base_MVA = 200
machine = { model = "GENROU", Tdop = 8, Tdopp = 0.03, Tqop = 0.4, Tqopp = 0.05, H = 6.5, D = 0, Xd = 1.8, Xq = 1.7, Xdp = 0.3, Xqp = 0.55, Xdpp = 0.25, Xl = 0.2, S10 = 0, S12 = 0, Ra = 0 }
exciter = { model = "SEXS", TATB = 0.1, TB = 10, K = 100, TE = 0.1, EMIN = 0, EMAX = 5 }
governor = { model = "TGOV1", R = 0.05, T1 = 0.5, VMAX = 1, VMIN = 0, T2 = 3, T3 = 10, Dt = 0 }

[[generator]]
bus = 3
Vset = 1.0
base_MVA = 100
machine = { model = "GENCLS", H = 0, D = 0, Ra = 0, Xdp = 0.001 }

[[datacenter]]
name = "Campus-A"
bus = 2
it_power_MW = 80
workload = { kind = "training", iteration_s = 1.0, jitter = 0, start_s = 1 }
ups = { kind = "double-conversion", dips_to_lock = 3 }
[[datacenter.bess]]
power_MW = 40
energy_MWh = 80
control = ["smoothing"]

[[event]]
at_s = 5
fault = { bus = 2, residual_voltage_pu = 0.5, duration_s = 0.05 }

[simulation]
until_s = 10

[output]
record = ["frequency", "bus.*", "datacenter.*", "bess.*"]
)";

/// The small case with the first occurrence of `what` replaced.
inline std::string spoiled(const std::string& what, const std::string& with) {
  std::string text = kSmallCase;
  const auto at = text.find(what);
  return at == std::string::npos ? "test error: no such text" : text.replace(at, what.size(), with);
}

/// Line (from 1) of the first occurrence of a text in the small case.
inline int line_of(const std::string& what) {
  const auto at = kSmallCase.find(what);
  int line = 1;
  for (std::size_t i = 0; i < at && i < kSmallCase.size(); ++i) line += kSmallCase[i] == '\n' ? 1 : 0;
  return line;
}

}  // namespace ballast::testing
