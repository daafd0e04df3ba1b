/// Any text read as a PSS/E DYR file, changed by the rules of a case, checked and joined to the generators of
/// a small network ends in plants or in problems, never in an exception.
#include "cases/reader/assemble.hpp"
#include "cases/reader/reading.hpp"
#include "cases/reader/toml.hpp"
#include "grid/readers.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/grid/every_section.hpp"

namespace {

constexpr const char* kRules = R"(
[[dyr_rule]]
model = "USRMDL"
name = "MYEXC"
replace_with = { model = "SEXS", TATB = 0.1, TB = 10, K = 100, TE = 0.1, EMIN = 0, EMAX = 5 }
[[dyr_rule]]
model = "TGOV1"
bus = 3
set = { T3 = 8, Dt = 0.5 }
[[dyr_rule]]
model = "REPCA1"
set = { Kp = 2, to = 4 }
[[dyr_rule]]
id = "9"
ignore = true
)";

}  // namespace

void ballast::testing::read_input(std::string_view text) {
  static const TomlValue rules = parse_toml(kRules, "case.toml");
  static const Network network = [] {
    Problems problems;
    return read_raw_text(every_section(33), "network.raw", problems);
  }();
  Case result;
  Problems problems;
  Section root(rules, "the case file", problems);
  Reading reading{result, problems, {}, true, {}};
  reading.records = read_dyr_text(text, "input.dyr", problems);
  apply_dyr_rules(root, reading);
  check_dyr(reading.records, problems);
  (void)machine_plants(network, reading.records, problems, WithoutDynamics::NEGATIVE_LOAD);
  require_clear(problems);
}
