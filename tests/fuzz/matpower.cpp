/// Any text read as a MATPOWER case ends in a network or in problems, never in an exception.
#include "grid/readers.hpp"
#include "tests/fuzz/target.hpp"

void ballast::testing::read_input(std::string_view text) {
  Problems problems;
  (void)read_matpower_text(text, "input.m", problems);
  require_clear(problems);
}
