/// Any text read as a sweep over a small case ends in scenarios or in an Error that says what is wrong.
#include "studies/sweep.hpp"

#include "tests/fuzz/target.hpp"

void ballast::testing::read_input(std::string_view text) {
  try {
    const Sweep sweep = read_sweep_text(text, BALLAST_SOURCE_DIR "/tests/fuzz/files/input.toml");
    const int last = sweep.scenarios - 1;
    if (last < 0) std::abort();
    if (scenario_text(sweep, last).empty() != sweep.axes.empty()) std::abort();
    (void)case_key(sweep, last);
    (void)scenario_tree(sweep, last);
  } catch (const Error& error) {
    if (error.problems().empty()) std::abort();
    for (const Problem& p : error.problems())
      if (p.what.empty()) std::abort();
  }
}
