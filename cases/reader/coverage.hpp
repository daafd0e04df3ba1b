/// \file
/// What a case covers of its files: every record is simulated, approximated, left out or refused, in counts
/// and MW.
#pragma once

#include <complex>
#include <string>
#include <vector>

#include "cases/reader/case.hpp"

namespace ballast {

/// One kind of record with one fate.
struct CoverageLine {
  enum class Fate {
    SIMULATED,
    APPROXIMATED,  ///< `how` says by what
    LEFT_OUT,      ///< out of service, or a study's data only; `how` says why
    REFUSED        ///< `how` says why
  };
  std::string record;  ///< "generator", "GENROU"
  Fate fate = Fate::SIMULATED;
  std::string how;
  int count = 0;
  double MW = 0;  ///< drawn by loads, given by generators and their models, 0 for what has no power
};

/// What static loads, or generators without dynamics, draw at rest by the way they depend on voltage.
struct LoadClasses {
  std::string what;
  std::complex<double> impedance, current, power;  ///< MVA
};

struct Coverage {
  std::vector<CoverageLine> network;   ///< records of the network file and of inline tables
  std::vector<CoverageLine> dynamics;  ///< records of the dynamics file and models of the case
  std::vector<LoadClasses> loads;
};

/// From the powers and voltages of the power flow, or of the file when there is none.
[[nodiscard]] Coverage coverage_of(const Case& c, const PowerFlowResult* flow = nullptr);

/// As a table in plain text.
[[nodiscard]] std::string coverage_text(const Coverage& coverage);

[[nodiscard]] const char* fate_name(CoverageLine::Fate fate);

}  // namespace ballast
