/// Requirements as a planner meets them: in a case, over a run, over measurements, and written wrongly.
#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "grid/error.hpp"
#include "tests/cases/small_case.hpp"
#include "tests/cli/program.hpp"
#include "viz/requirements_file.hpp"

namespace ballast {
namespace {

namespace fs = std::filesystem;
using testing::content;
using testing::Ended;
using ::testing::HasSubstr;

class Comply : public testing::Workplace {
 protected:
  void demand(const std::string& tables) { write("case.toml", testing::kSmallCase + tables); }
};

constexpr const char* kDemand = R"(
[[requirement]]
datacenter = "all"
rule = ["ercot-nogrr-282", "ours"]
[[rule]]
name = "ours"
source = "a test"
low_voltage = [[0.9, inf], [0.4, 0.2]]
recovery = { share = 0.9, within_s = 60 }
[[rule.limit]]
kind = "span"
most_of_peak = 2
window_s = 5
)";

TEST_F(Comply, ARunTellsWhatItMeetsAndSoDoesASecondLook) {
  demand(kDemand);
  const Ended ran = run({"run", "case.toml", "-o", "out"});
  EXPECT_EQ(ran.code, 0) << ran.err;  // the run is done, whatever it shows
  // One dip to 0.5 pu for 0.05 s sends the UPS to its battery; it is back after 10 s and more.
  EXPECT_THAT(ran.out, HasSubstr("NOT MET         Campus-A: ercot-nogrr-282, recovery"));
  EXPECT_THAT(ran.out, HasSubstr("met             Campus-A: ours, span"));
  const auto summary = nlohmann::json::parse(content(folder / "out/summary.json"));
  ASSERT_EQ(summary["requirements"].size(), 4U);
  EXPECT_EQ(summary["requirements"][0]["verdict"], "NOT MET");
  EXPECT_NEAR(summary["requirements"][0]["time_s"].get<double>(), 7.05, 0.01);  // 5.05 s and the rule's 2 s
  EXPECT_THAT(content(folder / "out/report.html"), HasSubstr("class=\"envelope\""));

  const Ended again = run({"comply", "out"});
  EXPECT_EQ(again.code, 5);
  EXPECT_THAT(ran.out, HasSubstr(again.out));
  const Ended other = run({"comply", "out", "--rule", "southern-ramp", "--json"});
  EXPECT_EQ(other.code, 5);
  EXPECT_EQ(nlohmann::json::parse(other.out)["findings"].size(), 2U);
  const Ended checked = run({"check", "case.toml"});
  EXPECT_THAT(
      checked.out,
      HasSubstr("demanded of Campus-A: ours, at bus 2 with Campus-A-BESS, consumption averaged over 1 s"));
}

TEST_F(Comply, TheFileOfRequirementsReadsBackEqual) {
  std::vector<Requirement> all;
  for (const Rule& rule : built_in_rules()) all.push_back({"A", {"B", "C"}, 7, 1.5, rule});
  const std::string text = requirements_json(all, {});
  write("requirements.json", text);
  EXPECT_EQ(requirements_json(read_requirements_file(folder / "requirements.json"), {}), text);
  write("requirements.json", text.substr(0, text.size() / 2));
  EXPECT_THROW((void)read_requirements_file(folder / "requirements.json"), Error);
}

TEST_F(Comply, MistakesAreToldWithTheirPlaceAndARemedy) {
  demand(R"(
[[requirement]]
datacenter = "Campus-B"
rule = "ercot-nogrr-28"
counted_with = ["no such"]
at = 99
[[rule]]
name = "ours"
source = "a test"
low_voltage = [[0.7, 1], [0.9, 2]]
high_voltage = [1.1]
[[rule.limit]]
kind = "slope"
most = 1
window_s = 1
[[rule]]
name = "empty"
source = "a test"
)");
  const Ended ran = run({"run", "case.toml", "-o", "out"});
  EXPECT_EQ(ran.code, 2);
  for (const char* said :
       {"names no data center: 'Campus-B'; did you mean 'Campus-A'?",
        "there is no rule 'ercot-nogrr-28'; did you mean 'ercot-nogrr-282'?", "there is no battery 'no such'",
        "there is no bus 99", "[0.9, 2] after [0.7, 1]: levels go outwards",
        "each entry is a level and a time", "slope", "[[rule]] 'empty' demands nothing", "case.toml:"})
    EXPECT_THAT(ran.err, HasSubstr(said));
  EXPECT_FALSE(fs::exists(folder / "out"));
}

TEST_F(Comply, MeasurementsAreReadAndTheirMistakesTold) {
  std::string text = "time_s,power_MW,voltage_pu\n";
  for (int k = 0; k <= 6000; ++k) {
    const double t = 0.008 * k;
    text += std::to_string(t) + "," + std::to_string(100 + 8 * std::sin(6.283185307 * t)) + ",1.0\n";
  }
  write("measured.csv", text);
  const Ended ran = run({"comply", "measured.csv", "--rule", "ercot-lcl-variation"});
  EXPECT_EQ(ran.code, 5);
  EXPECT_THAT(ran.out, HasSubstr("16.0"));  // MW peak to peak
  EXPECT_EQ(run({"comply", "measured.csv"}).code, 2);
  write("measured.csv", "time_s,power_MW\n0,1\n1,x\n");
  EXPECT_THAT(run({"comply", "measured.csv", "--rule", "caiso-ramp"}).err,
              HasSubstr("measured.csv:3: 'x' is no number"));
  write("measured.csv", "time_s,power_MW\n1,1\n0,1\n");
  EXPECT_THAT(run({"comply", "measured.csv", "--rule", "caiso-ramp"}).err, HasSubstr("time goes back"));
  write("measured.csv", "time_s,voltage_pu\n1,1\n");
  EXPECT_THAT(run({"comply", "measured.csv", "--rule", "caiso-ramp"}).err, HasSubstr("no column power_MW"));
  EXPECT_EQ(run({"comply", "nowhere", "--rule", "caiso-ramp"}).code, 2);
  EXPECT_THAT(run({"comply", "--list"}).out, HasSubstr("ercot-nogrr-282"));
}

}  // namespace
}  // namespace ballast
