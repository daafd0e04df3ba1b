/// Any text read as a PSS/E RAW file ends in a network or in problems, never in an exception.
#include "grid/readers.hpp"
#include "tests/fuzz/target.hpp"

void ballast::testing::read_input(std::string_view text) {
  Problems problems;
  (void)read_raw_text(text, "input.raw", problems);
  require_clear(problems);
}
