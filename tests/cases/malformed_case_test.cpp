/// Case files that are wrong: every one ends in an error that says what, where, the value, and what to do.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cases/reader/case.hpp"
#include "tests/cases/small_case.hpp"

namespace ballast {
namespace {

using ::testing::HasSubstr;

std::vector<Problem> problems_of(const std::string& text) {
  try {
    const Case c = read_case_text(text, "small.toml");
    (void)prepare(c);
  } catch (const Error& error) {
    return error.problems();
  }
  return {};
}

struct Spoiling {
  const char* name;
  const char* what;  ///< text of the small case
  const char* with;
  std::vector<const char*> says;  ///< all in one problem
  const char* line =
      "";  ///< text of the small case on whose line the problem is: what when empty, - when not checked
};
void PrintTo(const Spoiling& s, std::ostream* out) { *out << s.name; }

class Malformed : public ::testing::TestWithParam<Spoiling> {};

TEST_P(Malformed, EndsInOneErrorWithItsPlaceAndRemedy) {
  const Spoiling& s = GetParam();
  const auto problems = problems_of(testing::spoiled(s.what, s.with));
  ASSERT_FALSE(problems.empty()) << "accepted";
  for (const Problem& p : problems) fmt::print("{}\n", p.text());
  EXPECT_EQ(problems.size(), 1U) << "one mistake, one error";
  const std::string text = problems.front().text();
  for (const char* part : s.says) EXPECT_THAT(text, HasSubstr(part));
  if (std::string_view(s.line) == "-") return;
  EXPECT_THAT(text,
              HasSubstr(fmt::format("small.toml:{}:", testing::line_of(*s.line == '\0' ? s.what : s.line))));
}

/// "" of the line that has this text.
const Spoiling kSpoilings[] = {
    {"NotToml", "until_s = 10", "until_s = = 10", {"TOML"}},
    {"UnclosedQuote", "title = \"small\"", "title = \"small", {"small.toml:2:"}},
    {"DuplicateKey", "until_s = 10", "until_s = 10\nuntil_s = 20", {"small.toml:80:", "redefine"}, "-"},
    {"UnknownKey",
     "it_power_MW = 80",
     "it_powr_MW = 80",
     {"1: unknown key 'it_powr_MW' in [[datacenter]] 'Campus-A'; did you mean 'it_power_MW'?"}},
    {"UnknownTable", "[output]", "[outputs]", {"'outputs'", "did you mean 'output'?"}},
    {"MissingTitle", "title = \"small\"", "", {"small.toml:1:1", "[case]", "'title'"}, "[case]"},
    {"MissingFrequency", "frequency_Hz = 60", "", {"small.toml:4:1", "frequency_Hz", "Hz"}, "[network]"},
    {"MissingReactance", "R = 0.001\nX = 0.02", "R = 0.001", {"[[line]] 1-2-1", "'X'"}, "[[line]]"},
    {"MissingInertia", "H = 6.5, ", "", {"'H'", "inertia", "s"}},
    {"MissingLoads",
     "[loads]\nactive = { impedance = 0.2, current = 0.3, power = 0.5 }\nreactive = { impedance = 1, current "
     "= 0, power = 0 }\npqbrak = 0.7\n",
     "",
     {"'loads'", "1 static loads, 100 MW", "active = { impedance"},
     "[case]"},
    {"SharesDoNotAddUp", "current = 0.3, power = 0.5", "current = 0.3, power = 0.6", {"1.1", "must be 1"}},
    {"TextForNumber", "until_s = 10", "until_s = \"ten\"", {"the text 'ten'", "a number"}},
    {"NumberForText", "title = \"small\"", "title = 3", {"small.toml:2:9", "the number 3", "a text"}},
    {"NotANumber", "P_MW = 100", "P_MW = nan", {"P_MW = nan"}},
    {"InfiniteLoad", "P_MW = 100", "P_MW = inf", {"inf", "finite"}},
    {"NegativeInertia", "H = 6.5", "H = -3", {"H = -3 s", "give > 0 s"}},
    {"ZeroVoltage", "base_kV = 230", "base_kV = 0", {"small.toml:11:11", "0 kV", "> 0"}},
    {"NegativeDuration", "duration_s = 0.05", "duration_s = -1", {"duration_s = -1 s"}},
    {"HalfABus", "number = 1", "number = 1.5", {"small.toml:9:10", "1.5", "whole number"}},
    {"BusTwice",
     "[[line]]",
     "[[bus]]\nnumber = 2\nbase_kV = 230\n[[line]]",
     {"bus 2", "already used", "small.toml:13:1"}},
    {"LineToNowhere", "to = 2", "to = 22", {"bus 22", "3 buses, numbered 1 to 3"}},
    {"LineToItself", "from = 1", "from = 2", {"both ends"}, "[[line]]"},
    {"LineWithoutImpedance", "R = 0.001\nX = 0.02", "R = 0\nX = 0", {"impedance is zero"}, "[[line]]"},
    {"NoSlack", "slack = true", "", {"slack"}, "-"},
    {"UnknownModel", "\"GENROU\"", "\"GENROUV\"", {"'GENROUV'", "did you mean 'GENROU'?"}},
    {"ModelInTheWrongPlace", "exciter = { model = \"SEXS\"", "exciter = { model = \"TGOV1\"", {"'TGOV1'"}},
    {"UnknownParameter", "TATB = 0.1", "TATB = 0.1, VMAX = 3", {"unknown key 'VMAX'"}},
    {"GeneratorWithoutModel",
     "machine = { model = \"GENCLS\", H = 0, D = 0, Ra = 0, Xdp = 0.001 }",
     "",
     {"bus 3", "no machine model"},
     "[[generator]]\nbus = 3"},
    {"CampusOnAMissingBus",
     "name = \"Campus-A\"\nbus = 2",
     "name = \"Campus-A\"\nbus = 7",
     {"bus 7"},
     "bus = 2\nit_power"},
    {"CampusWithoutUps",
     "ups = { kind = \"double-conversion\", dips_to_lock = 3 }",
     "",
     {"'ups'", "double-conversion"},
     "[[datacenter]]"},
    {"UnknownWorkload",
     "kind = \"training\"",
     "kind = \"trainig\"",
     {"'trainig'", "did you mean 'training'?"}},
    {"ImpossibleUps", "dips_to_lock = 3", "dips_to_lock = 99", {"dips_to_lock = 99", "0 to 8"}},
    {"ContradictoryUps", "dips_to_lock = 3", "V_gate_off = 0.9", {"V_gate_off", "contradict"}},
    {"UnknownTask",
     "control = [\"smoothing\"]",
     "control = [\"smothing\"]",
     {"'smothing'", "did you mean 'smoothing'?"}},
    {"SlashInAName", "name = \"Campus-A\"", "name = \"Campus/A\"", {"Campus/A"}},
    {"NameOfAMachine", "name = \"Campus-A\"", "name = \"1-1\"", {"already used", "machine"}},
    {"FaultAtAMissingBus", "fault = { bus = 2", "fault = { bus = 99", {"bus 99"}},
    {"FaultWithoutDepth", "residual_voltage_pu = 0.5, ", "", {"how deep"}},
    {"FaultTwiceDeep",
     "residual_voltage_pu = 0.5",
     "residual_voltage_pu = 0.5, bolted = true",
     {"more than once"}},
    {"ImpossibleResidual",
     "residual_voltage_pu = 0.5",
     "residual_voltage_pu = 1.5",
     {"residual_voltage_pu = 1.5 pu", "0.001 to 0.999"}},
    {"UnknownBranch",
     "fault = { bus = 2, residual_voltage_pu = 0.5, duration_s = 0.05 }",
     "open = { branch = \"1-3-1\" }",
     {"1-3-1", "did you mean"}},
    {"UnknownMachine",
     "fault = { bus = 2, residual_voltage_pu = 0.5, duration_s = 0.05 }",
     "trip = { machine = \"9-1\" }",
     {"no machine '9-1'"}},
    {"NothingHappens",
     "fault = { bus = 2, residual_voltage_pu = 0.5, duration_s = 0.05 }",
     "",
     {"nothing that happens", "line_fault"},
     "[[event]]"},
    {"TwoThingsHappen",
     "fault = { bus = 2, residual_voltage_pu = 0.5, duration_s = 0.05 }",
     "trip = { machine = \"1-1\" }\nopen = { branch = \"1-2\" }",
     {"more than one thing"},
     "[[event]]"},
    {"UnknownReference",
     "fault = { bus = 2, residual_voltage_pu = 0.5, duration_s = 0.05 }",
     "reference_step = { machine = \"1-1\", part = \"governor\", input = \"Pef\", change = 0.1 }",
     {"'Pef'", "did you mean 'Pref'?"}},
    {"NearIsNoEnd",
     "fault = { bus = 2, residual_voltage_pu = 0.5, duration_s = 0.05 }",
     "line_fault = { branch = \"1-2\", near = 3, bolted = true, clearing_s = 0.1 }",
     {"bus 3", "give 1 or 2"}},
    {"RecloseOntoWhat",
     "fault = { bus = 2, residual_voltage_pu = 0.5, duration_s = 0.05 }",
     "line_fault = { branch = \"1-2\", near = 1, bolted = true, clearing_s = 0.1, reclose_after_s = [1, 5] }",
     {"shots_onto_fault"}},
    {"RecordsNothing", "\"frequency\"", "\"frequenci\"", {"frequenci", "did you mean 'frequency'?"}},
    {"NoSuchFile",
     "frequency_Hz = 60\nbase_MVA = 100",
     "raw = \"nowhere.raw\"",
     {"small.toml:5:7", "nowhere.raw", "relative to the case file"}},
    {"EmptyRun", "until_s = 10", "until_s = 0", {"until_s = 0 s", "> 0"}},
};

INSTANTIATE_TEST_SUITE_P(Cases, Malformed, ::testing::ValuesIn(kSpoilings),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(CaseReader, TheSmallCaseIsAccepted) { EXPECT_TRUE(problems_of(testing::kSmallCase).empty()); }

TEST(CaseReader, AllProblemsAreReportedTogether) {
  std::string text = testing::spoiled("it_power_MW", "it_powr_MW");
  for (const auto& [what, with] : {std::pair{"H = 6.5", "H = -3"},
                                   {"until_s = 10", "until_s = \"ten\""},
                                   {"to = 2", "to = 22"},
                                   {"[output]", "[outputs]"}})
    text.replace(text.find(what), std::string(what).size(), with);
  const auto problems = problems_of(text);
  for (const Problem& p : problems) fmt::print("{}\n", p.text());
  EXPECT_EQ(problems.size(), 5U);
}

TEST(CaseReader, AnEmptyFileSaysWhatACaseNeeds) {
  const auto problems = problems_of("");
  for (const Problem& p : problems) fmt::print("{}\n", p.text());
  EXPECT_GE(problems.size(), 3U);
}

TEST(CaseReader, AMissingFileAndAFolderWithoutCaseSayWhatToDo) {
  EXPECT_THROW((void)read_case("no-such-case.toml"), Error);
  try {
    (void)read_case(std::filesystem::temp_directory_path());
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("case.toml"));
  }
}

TEST(CaseReader, DoubtfulButPossibleIsAWarningWithItsPlace) {
  const Case late = read_case_text(testing::spoiled("at_s = 5", "at_s = 50"), "small.toml");
  ASSERT_EQ(late.warnings.size(), 1U);
  EXPECT_THAT(late.warnings[0].text(), HasSubstr("will not happen"));
  const Case odd = read_case_text(testing::spoiled("H = 6.5", "H = 60"), "small.toml");
  ASSERT_EQ(odd.warnings.size(), 1U);
  EXPECT_THAT(odd.warnings[0].text(),
              ::testing::AllOf(HasSubstr(""), HasSubstr("H = 60"), HasSubstr("0.5 to 15")));
}

}  // namespace
}  // namespace ballast
