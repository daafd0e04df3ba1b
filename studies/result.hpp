/// \file
/// What one scenario comes to. Private to studies/, as far as results.hpp does not show it.
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace ballast {

/// How a scenario ended. Loss of synchronism, collapse and islanding are answers; the last three are not.
enum class Ending {
  COMPLETED,
  ISLANDED,             ///< at the end more islands or more dead buses than at the start
  LOSS_OF_SYNCHRONISM,  ///< a rotor left its island's centre by more than the sweep's angle
  VOLTAGE_COLLAPSE,     ///< a voltage stayed below the sweep's threshold
  NUMERICAL_FAILURE,    ///< the run could not go on, whatever it had shown before
  CRASHED,              ///< its process died twice, or used up its processor time
  BAD_INPUT             ///< the variant is no valid case, has no power flow, or cannot rest
};
inline constexpr int kEndings = 7;
/// "completed", "loss of synchronism", ...
[[nodiscard]] const char* ending_name(Ending ending);
/// Is this no answer: numerical failure, crashed, bad input?
[[nodiscard]] bool is_failure(Ending ending);

/// A figure: a number (NaN: absent) or a text.
using Cell = std::variant<double, std::string>;

struct ScenarioResult {
  int scenario = -1;
  Ending ending = Ending::CRASHED;
  std::string message;      ///< why it failed: what, where, when; one line
  std::vector<Cell> cells;  ///< as figure_columns(); all absent when nothing ran
  // How long it took; kept apart from what it came to.
  double cpu_s = 0, wall_s = 0;
  int attempts = 1;
  std::string engine = "ida";  ///< what ran it: "ida", "cpu"
};

}  // namespace ballast
