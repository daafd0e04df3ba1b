/// \file
/// Cases with the standard converter models: an island that grid-forming converters hold, and an area with
/// grid-following ones and compensators.
#pragma once

#include <fmt/format.h>

#include <string>

namespace ballast::testing {

inline const std::string kRegfmA1 =
    "{ model = \"REGFM_A1\", Vflag = 1, QVflag = 1, Tpf = 0.02, Tqf = 0.02, Tvf = 0.02, Imax = 1.5, Emax = "
    "1.3, Emin "
    "= 0, Pmax = 1, Pmin = -1, Qmax = 0.8, Qmin = -0.8, mp = 0.02, mq = 0.05, kppmax = 0.01, kipmax = 0.1, "
    "kpqmax = "
    "0.1, kiqmax = 10, kpv = 0, kiv = 5.86, Re = 0.01, Xe = 0.15 }";
inline const std::string kRegfmB1 =
    "{ model = \"REGFM_B1\", wFlag = 0, VdrpFlag = 0, QVflag = 1, PQflag = 1, FFlag = 1, ESFlag = 1, Re = 0, "
    "Xe = "
    "0.15, mq = 0.05, kpv = 0, kiv = 5, mp = 0.02, Dwmax = 0.05, Dwmin = -0.05, kpPLL = 0.265, kiPLL = 2.65, "
    "DwPLLmax = 0.2, DwPLLmin = -0.2, Tp = 0, H = 0.5, D1 = 0, D2 = 100, wD = 50, Issmax = 1, Kf = 0.9, kI = "
    "2, "
    "Ifaultmax = 1.5, Tpf = 0.02, TQf = 0.02, TVf = 0.02, TIf = 0.02, VPLLfrz = 0.05 }";

inline const std::string kDera1 =
    "{ model = \"DERA1\", PfFlag = 0, FreqFlag = 1, PQFlag = 1, TypeFlag = 1, VtripFlag = 1, FtripFlag "
    "= 1, Trv = 0.02, Trf = 0.02, dbd1 = -0.05, dbd2 = 0.05, Kqv = 5, Vref0 = 0, Tp = 0.02, Tiq = "
    "0.02, Ddn = 20, Dup = 10, fdbd1 = -0.001, fdbd2 = 0.001, femax = 99, femin = -99, Pmax = 1, Pmin "
    "= 0, dPmax = 99, dPmin = -99, Tpord = 0.02, Kpg = 0.1, Kig = 10, Imax = 1.2, vl0 = 0.5, vl1 = "
    "0.8, vh0 = 1.2, vh1 = 1.15, tvl0 = 0.16, tvl1 = 0.2, tvh0 = 0.16, tvh1 = 0.2, Vrfrac = 0.4, fltrp "
    "= 59.4, fhtrp = 62, tfl = 0.16, tfh = 0.16, Tg = 0.02, rrpwr = 2, Tv = 0.02, Vpr = 0.3, Iqhl = 1, "
    "Iqll = -1 }";
/// A machine with a governor, for bus 1 of an island.
inline const std::string kGoverned =
    "{ model = \"GENCLS\", H = 5, D = 1, Ra = 0, Xdp = 0.2 }\ngovernor = { model = \"TGOV1\", R = 0.05, T1 = "
    "0.4, VMAX = 1, VMIN = 0, T2 = 1, T3 = 5, Dt = 0 }";

/// Buses 1 (slack, a machine of 100 MVA), 2 (a machine of 50 MVA, or none) and 3 (60 MW), lines of 0.05 pu
/// without losses; `power` is the share of the load of constant power, the rest is an impedance.
inline std::string island_case(const std::string& first, const std::string& second, const std::string& events,
                               double until_s = 20, double power = 1) {
  std::string text = R"([case]
title = "an island"
[network]
frequency_Hz = 60
base_MVA = 100
[[bus]]
number = 1
base_kV = 34.5
slack = true
[[bus]]
number = 2
base_kV = 34.5
[[bus]]
number = 3
base_kV = 34.5
[[line]]
from = 1
to = 3
R = 0
X = 0.05
B = 0
[[line]]
from = 2
to = 3
R = 0
X = 0.05
B = 0
[[load]]
bus = 3
P_MW = 60
Q_Mvar = 10
[loads]
reactive = { impedance = 1, current = 0, power = 0 }
pqbrak = 0.7
)";
  text += fmt::format("active = {{ impedance = {}, current = 0, power = {} }}\n", 1 - power, power);
  text += "[[generator]]\nbus = 1\nVset = 1.02\nbase_MVA = 100\nmachine = " + first + "\n";
  if (!second.empty())
    text += "[[generator]]\nbus = 2\nP_MW = 20\nVset = 1.02\nbase_MVA = 50\nmachine = " + second + "\n";
  return text + events +
         fmt::format(
             "[simulation]\nuntil_s = {}\n[output]\nrecord = [\"bus.voltage\", \"bus.frequency\", "
             "\"machine.power\", \"machine.reactive_power\"]\nstep_s = 0.005\n",
             until_s);
}

/// A machine with AC8B and DEGOV1 (bus 1), a load (2), a plant of REGCB1 and REECC1 (3), one of REGCC1 and
/// REECD1 (4), a CSVGN1 and a STATCOM (2).
inline std::string area_case(const std::string& events, double until_s = 10) {
  std::string points;
  const auto table = [&](char k, int n) {
    points += fmt::format(", V{0}1 = -1, I{0}1 = 1.2, V{0}2 = 2, I{0}2 = 1.2", k);
    for (int i = 3; i <= n; ++i) points += fmt::format(", V{0}{1} = 0, I{0}{1} = 0", k, i);
    return points;
  };
  const auto tables = [&](int n) {
    points.clear();
    table('q', n);
    table('p', n);
    return points;
  };
  const std::string common =
      "PFFLAG = 0, VFLAG = 0, QFLAG = 0, PQFLAG = 0, Vdip = 0.85, Vup = 1.2, Trv = 0.02, dbd1 = -0.05, dbd2 "
      "= 0.05, "
      "Kqv = 2, Iqh1 = 1.05, Iql1 = -1.05, Vref0 = 0, Tp = 0.05, Qmax = 0.6, Qmin = -0.6, Vmax = 1.1, Vmin = "
      "0.9, "
      "Kqp = 0, Kqi = 0.1, Kvp = 0, Kvi = 40, Tiq = 0.02, dPmax = 99, dPmin = -99, Pmax = 1, Pmin = -1, Imax "
      "= 1.2, "
      "Tpord = 0.02";
  const std::string source =
      "RateFlag = 0, PQFlag = 0, Tg = 0.02, Tfltr = 0.02, Iqrmax = 99, Iqrmin = -99, rrpwr = 10, Te = 0.02, "
      "Imax = "
      "1.2, Re = 0.01, Xe = 0.15";
  std::string text = R"([case]
title = "an area"
[network]
frequency_Hz = 60
base_MVA = 100
[loads]
active = { impedance = 1, current = 0, power = 0 }
reactive = { impedance = 1, current = 0, power = 0 }
pqbrak = 0.7
)";
  for (int bus = 1; bus <= 4; ++bus)
    text += fmt::format("[[bus]]\nnumber = {}\nbase_kV = 138\n{}", bus, bus == 1 ? "slack = true\n" : "");
  for (const int from : {1, 3, 4})
    text += fmt::format("[[line]]\nfrom = {}\nto = 2\nR = 0.005\nX = 0.08\nB = 0\n", from);
  text += "[[load]]\nbus = 2\nP_MW = 140\nQ_Mvar = 30\n";
  text +=
      "[[generator]]\nbus = 1\nVset = 1.02\nbase_MVA = 200\nmachine = { model = \"GENROU\", H = 3, D = 0, Ra "
      "= 0, Xd = "
      "1.8, Xq = 1.7, Xdp = 0.3, Xqp = 0.55, Xdpp = 0.25, Xl = 0.2, Tdop = 8, Tqop = 0.4, Tdopp = 0.03, "
      "Tqopp = 0.05, "
      "S10 = 0, S12 = 0 }\nexciter = { model = \"AC8B\", TR = 0.01, KPR = 40, KIR = 5, KDR = 5, TDR = 0.1, "
      "VPIDMAX = "
      "35, VPIDMIN = 0, VRMAX = 35, VRMIN = 0, VFEMAX = 8, VEMIN = 0, TA = 0.01, KA = 1, TE = 1, KC = 0.3, "
      "KD = 0.4, "
      "KE = 1, E1 = 4.5, \"SE(E1)\" = 0.1, E2 = 6, \"SE(E2)\" = 0.4 }\ngovernor = { model = \"DEGOV1\", M = "
      "0, T1 = "
      "0.02, T2 = 0.01, T3 = 0.1, K = 8, T4 = 0.2, T5 = 0.05, T6 = 0.04, TD = 0.024, TMAX = 1.1, TMIN = 0, "
      "DROOP = "
      "0.05, TE = 0.02 }\n";
  text +=
      "[[generator]]\nbus = 3\nP_MW = 30\nVset = 1.02\nbase_MVA = 50\nconverter = { model = \"REGCB1\", " +
      source + " }\nelectrical_control = { model = \"REECC1\", bus = 0, " + common + tables(4) +
      ", T = 7200, SOCini = 0.5, SOCmax = 0.8, SOCmin = 0.2 }\n";
  text +=
      "[[generator]]\nbus = 4\nP_MW = 30\nVset = 1.02\nbase_MVA = 50\nconverter = { model = \"REGCC1\", " +
      source +
      ", Kip = 1, Kii = 10, Kppll = 60, Kipll = 1400, wmax = 75, wmin = -75 }\nelectrical_control = { "
      "model = \"REECD1\", PFLAG = 0, VCMPFLAG = 0, Iqfrz = 0, Thld = 0.05, Thld2 = 0.05, Vbias = 0, " +
      common + tables(10) +
      ", Rc = 0, Xc = 0.05, Tr1 = 0.02, Kc = 0.02, Ke = 1, Vblkl = 0.05, Vblkh = 1.4, Tblk_delay = 0.05 }\n";
  text +=
      "[[generator]]\nbus = 2\nid = \"S\"\nP_MW = 0\nVset = 1.0\nbase_MVA = 60\nQmin_Mvar = 10\nQmax_Mvar = "
      "10\nmachine = "
      "{ model = \"CSVGN1\", K = 50, T1 = 0, T2 = 0, T3 = 0.3, T4 = 0, T5 = 0.03, RMIN = 0, VMAX = 1.2, VMIN "
      "= -0.1, "
      "CBASE = 40 }\n";
  text +=
      "[[generator]]\nbus = 2\nid = \"T\"\nP_MW = 0\nVset = 1.0\nbase_MVA = 40\nQmin_Mvar = 10\nQmax_Mvar = "
      "10\nmachine = "
      "{ model = \"STATCOM\", Tm = 0.01, Kp = 1, Ki = 50, Xs = 0.03, To = 0.01, Imax = 1, Vblock = 0.3, "
      "Vrestart = 0.6, "
      "Trestart = 0.1 }\n";
  return text + events +
         fmt::format(
             "[simulation]\nuntil_s = {}\n[output]\nrecord = [\"bus.voltage\", \"bus.frequency\", "
             "\"machine.power\", \"machine.reactive_power\"]\nstep_s = 0.005\n",
             until_s);
}

}  // namespace ballast::testing
