/// \file
/// The word `modes` of the program.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "cli/exit_code.hpp"

namespace ballast {

struct ModesArguments {
  std::filesystem::path case_path;
  std::filesystem::path output;   ///< "": ballast-out/<case>-modes
  std::vector<double> at_s;       ///< moments of the run; none: at rest
  std::optional<double> near_Hz;  ///< the modes nearest to it; none: those of the band
  double from_Hz = 0.05, to_Hz = 2.5;
  int count = 12;                           ///< modes, or buses and machines, to show
  bool voltage = false;                     ///< the reduced V-Q matrix instead
  double least_kV = 0;                      ///< of its buses
  std::optional<int> forced_bus;            ///< number: the answer to power that swings there instead
  std::vector<double> forced_Hz;            ///< how fast it swings
  double forced_MW = 100, forced_Mvar = 0;  ///< by how much, peak to peak
};
/// Linearises a case at rest or at moments of its run; prints its modes, the smallest eigenvalue of the
/// reduced V-Q matrix, or the answer to a forced oscillation, and writes them as tables.
[[nodiscard]] ExitCode modes_command(const ModesArguments& arguments);

}  // namespace ballast
