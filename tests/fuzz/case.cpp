/// Any text read as a case file ends in a case, in problems, or in the Error of text that is no TOML. Files
/// that a case names are looked for in tests/fuzz/files/.
#include "cases/reader/case.hpp"
#include "tests/fuzz/target.hpp"

void ballast::testing::read_input(std::string_view text) {
  Problems problems;
  try {
    (void)read_case_text(text, BALLAST_SOURCE_DIR "/tests/fuzz/files/input.toml", problems);
  } catch (const Error& error) {
    for (const Problem& p : error.problems()) problems.add(p.where, p.what, p.remedy);
    if (!problems.any()) std::abort();
  }
  require_clear(problems);
}
