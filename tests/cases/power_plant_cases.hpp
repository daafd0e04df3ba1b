/// \file
/// A plant of a few 35 MW gas turbines on an island or beside a grid, as the text of a case.
#pragma once

#include <fmt/format.h>

#include <string>

namespace ballast::testing {

inline constexpr const char* kGasTurbine =
    "kind = \"aeroderivative\"\nbase_kV = 13.8\nfirst_bus = 201\nP_rated_MW = 35\nbase_MVA = 41.2\nVset = "
    "1.02\n"
    "transformer = { R = 0.004, X = 0.10, base_MVA = 45 }\n"
    "machine = { model = \"GENROU\", Tdop = 8, Tdopp = 0.035, Tqop = 0.9, Tqopp = 0.06, H = 1.5, D = 0, Xd = "
    "2.0, "
    "Xq = 1.9, Xdp = 0.25, Xqp = 0.45, Xdpp = 0.18, Xl = 0.12, S10 = 0.1, S12 = 0.4, Ra = 0.003 }\n"
    "exciter = { model = \"AC8B\", TR = 0.02, KPR = 80, KIR = 5, KDR = 10, TDR = 0.1, VPIDMAX = 35, VPIDMIN "
    "= 0, "
    "VRMAX = 35, VRMIN = 0, VFEMAX = 6, VEMIN = 0, TA = 0, KA = 1, TE = 1.2, KC = 0.55, KD = 1.1, KE = 1, E1 "
    "= 6.5, "
    "\"SE(E1)\" = 0.3, E2 = 9, \"SE(E2)\" = 3 }\n"
    "governor = { model = \"GGOV1\", Rselect = 0, Flag = 1, R = 0, Tpelec = 1, maxerr = 0.05, minerr = "
    "-0.05, Kpgov = 10"
    ", Kigov = 5, Kdgov = 0, Tdgov = 1, Vmax = 1, Vmin = 0.05, Tact = 0.1, Kturb = 1.5, Wfnl = 0.2, Tb = "
    "0.1, Tc "
    "= 0, Teng = 0, Tfload = 3, Kpload = 2, Kiload = 0.67, Ldref = 1, Dm = 0, Ropen = 0.25, Rclose = -1, "
    "Kimw = 0, "
    "Aset = 0.1, Ka = 10, Ta = 0.1, Trate = 35, db = 0, Tsa = 4, Tsb = 5, Rup = 99, Rdown = -99 }\n";

/// Reciprocating engines of 4 MW: DEGOV1 without droop of its own on a salient-pole machine.
inline constexpr const char* kEngine =
    "kind = \"reciprocating\"\nbase_kV = 11\nfirst_bus = 201\nP_rated_MW = 4\nbase_MVA = 5\nVset = 1.0\n"
    "transformer = { R = 0.005, X = 0.06, base_MVA = 5 }\n"
    "machine = { model = \"GENSAL\", Tdop = 3, Tdopp = 0.02, Tqopp = 0.03, H = 1.0, D = 0, Xd = 2.2, Xq = "
    "1.2, "
    "Xdp = 0.2, Xdpp = 0.13, Xl = 0.1, S10 = 0.1, S12 = 0.4, Ra = 0.005 }\n"
    "exciter = { model = \"SEXS\", TATB = 0.1, TB = 10, K = 200, TE = 0.1, EMIN = 0, EMAX = 5 }\n"
    "governor = { model = \"DEGOV1\", M = 0, T1 = 0.01, T2 = 0.02, T3 = 0.2, K = 12, T4 = 0.25, T5 = 0.009, "
    "T6 = "
    "0.0384, TD = 0.024, TMAX = 1.1, TMIN = 0, DROOP = 0, TE = 0.1 }\n";

/// A plant at bus 2 that holds an island with a load of `load_MW` (constant power) at bus 3, or, with `grid`,
/// beside a stiff source at bus 1.
struct PlantCase {
  int units = 3, running = 2, lumped = 1;
  const char* unit = kGasTurbine;
  std::string sharing = "isochronous";
  std::string control = {};  ///< keys of the table control
  std::string more = {};     ///< keys of the plant
  double load_MW = 60;
  std::string events = {};
  double until_s = 60;
  bool grid = false;
  double P_MW = 0;  ///< of the plant, with a grid
  double step_s = 0.05;

  [[nodiscard]] std::string text() const {
    std::string t = fmt::format(
        "[case]\ntitle = \"plant\"\n[simulation]\nuntil_s = {}\n[network]\nfrequency_Hz = 60\nbase_MVA = "
        "100\n"
        "[[bus]]\nnumber = 2\nbase_kV = 138\n[[bus]]\nnumber = 3\nbase_kV = 138\n"
        "[[line]]\nname = \"feeder\"\nfrom = 2\nto = 3\nR = 0.001\nX = 0.01\nB = 0\n"
        "[[load]]\nbus = 3\nP_MW = {}\nQ_Mvar = {}\nactive = {{ impedance = 0, current = 0, power = 1 }}\n"
        "reactive = {{ impedance = 1, current = 0, power = 0 }}\n",
        until_s, load_MW, load_MW / 4);
    if (grid)
      t += "[[bus]]\nnumber = 1\nbase_kV = 138\nslack = true\n[[generator]]\nbus = 1\nVset = 1.0\nbase_MVA = "
           "10000\n"
           "machine = { model = \"GENCLS\", H = 0, D = 0, Ra = 0, Xdp = 0.2 }\n"
           "[[line]]\nname = \"utility\"\nfrom = 1\nto = 2\nR = 0.002\nX = 0.05\nB = 0\n";
    t += fmt::format(
        "[[power_plant]]\nname = \"Gas\"\nbus = 2\nunits = {}\nrunning = {}\nlumped = {}\nsharing = "
        "\"{}\"\n{}{}{}",
        units, running, lumped, sharing, grid ? fmt::format("P_MW = {}\n", P_MW) : "slack = true\n", unit,
        more);
    if (!control.empty()) t += "control = { " + control + " }\n";
    return t + events +
           fmt::format(
               "[output]\nrecord = [\"frequency\", \"bus.*\", \"machine.*\", \"power_plant.*\", "
               "\"island\"]\nstep_s = {}\n",
               step_s);
  }
};

}  // namespace ballast::testing
