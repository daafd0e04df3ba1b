/// \file
/// How the program ends. Scripts may rely on these numbers; docs/exit-codes.md explains them.
#pragma once

namespace ballast {

enum class ExitCode {
  OK = 0,
  RUN_FAILED = 1,    ///< the simulation could not go on; what it reached is in the record
  BAD_INPUT = 2,     ///< wrong arguments, a case or network that is wrong or has no solution
  CANNOT_WRITE = 3,  ///< results could not be written, or not all of them
  INTERNAL = 4,      ///< a fault of the program
  NOT_MET =
      5,  ///< `comply`, `mqt`: a requirement or criterion is not met; `validate`: a verdict is not as stated
  INTERRUPTED = 130,  ///< Ctrl-C; what was reached is in the record
};

}  // namespace ballast
