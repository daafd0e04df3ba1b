/// \file
/// Small grids for tests of relays, written with their elements, and what such tests ask of a run.
#pragma once

#include <fmt/format.h>

#include <string>

#include "tests/cases/case_run.hpp"

namespace ballast::testing {

// Elements as tables of a case, at 230 kV.
inline std::string bus(int number, const char* more = "") {
  return fmt::format("[[bus]]\nnumber = {}\nbase_kV = 230\n{}", number, more);
}
inline std::string line(int from, int to, double X, const std::string& more = "") {
  return fmt::format("[[line]]\nfrom = {}\nto = {}\nR = 0.001\nX = {}\nB = 0\n{}", from, to, X, more);
}
inline std::string load(int at, const char* id, double P_MW, double Q_Mvar) {
  return fmt::format("[[load]]\nbus = {}\nid = \"{}\"\nP_MW = {}\nQ_Mvar = {}\n", at, id, P_MW, Q_Mvar);
}
/// Constant active power, reactive power of an impedance.
inline const char* const kLoads =
    "[loads]\nactive = { impedance = 0, current = 0, power = 1 }\nreactive = { impedance = 1, current = 0, "
    "power = 0 }\npqbrak = 0.7\n";
inline const char* const kGovernor =
    "governor = { model = \"TGOV1\", R = 0.05, T1 = 0.5, VMAX = 1, VMIN = 0, T2 = 3, T3 = 10, Dt = 0 }\n";
/// A round-rotor machine with an exciter.
inline std::string unit(int at, double P_MW, double base_MVA, double H, const char* more = "") {
  return fmt::format(R"([[generator]]
bus = {}
P_MW = {}
Vset = 1.02
base_MVA = {}
machine = {{ model = "GENROU", Tdop = 8, Tdopp = 0.03, Tqop = 0.4, Tqopp = 0.05, H = {}, D = 0, Xd = 1.8, Xq = 1.7, Xdp = 0.3, Xqp = 0.55, Xdpp = 0.25, Xl = 0.2, S10 = 0, S12 = 0, Ra = 0 }}
exciter = {{ model = "SEXS", TATB = 0.1, TB = 10, K = 100, TE = 0.1, EMIN = 0, EMAX = 5 }}
{})",
                     at, P_MW, base_MVA, H, more);
}
inline std::string infinite_bus(int at) {
  return fmt::format(
      "[[generator]]\nbus = {}\nVset = 1.0\nbase_MVA = 100\nmachine = {{ model = \"GENCLS\", H = 0, D = 0, "
      "Ra = "
      "0, Xdp = 0.001 }}\n",
      at);
}
inline std::string event(double at_s, const std::string& what) {
  return fmt::format("[[event]]\nat_s = {}\n{}\n", at_s, what);
}
inline std::string case_of(const char* title, const std::string& tables, double until_s, const char* output) {
  return fmt::format(
      "[case]\ntitle = \"{}\"\n\n[network]\nfrequency_Hz = 60\nbase_MVA = 100\n\n{}\n[simulation]\nuntil_s = "
      "{}\n\n[output]\n{}",
      title, tables, until_s, output);
}

/// A machine of 200 MVA and two loads of 100 and 60 MW that take 40 MW from a strong grid over the line 2-3.
inline std::string relay_grid(const std::string& tables, double until_s = 10) {
  return case_of("relays",
                 bus(1) + bus(2) + bus(3, "slack = true\n") + line(1, 2, 0.05, "rate_MVA = 300\n") +
                     line(2, 3, 0.05, "rate_MVA = 300\n") + load(2, "1", 100, 20) + load(2, "2", 60, 10) +
                     kLoads + unit(1, 120, 200, 6.5, kGovernor) + infinite_bus(3) + tables,
                 until_s,
                 "step_s = 0.01\nrecord = [\"frequency\", \"bus.*\", \"load.power\", \"machine.power\", "
                 "\"branch.in_service\", \"protection.*\"]\n");
}
/// The machine and the loads of relay_grid() alone from 1 s on.
inline const std::string kIsland = event(1, "open = { line = \"2-3\" }");

/// What is said against a case; empty: nothing.
inline std::string problem_of(const std::string& text) {
  try {
    (void)prepare(read_case_text(text, "small.toml"));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}
inline const LoggedEvent& cause_of(const CaseRun& run, const LoggedEvent& event) {
  static const LoggedEvent none;
  return event.cause < 0 ? none : run.record.events[static_cast<std::size_t>(event.cause)];
}

}  // namespace ballast::testing
