/// Any text read and checked as a PSS/E DYR file ends in records or in problems, never in an exception.
#include "models/dyr.hpp"
#include "tests/fuzz/target.hpp"

void ballast::testing::read_input(std::string_view text) {
  Problems problems;
  check_dyr(read_dyr_text(text, "input.dyr", problems), problems);
  require_clear(problems);
}
