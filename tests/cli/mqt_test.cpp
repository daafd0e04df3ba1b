/// Model quality tests as a planner runs them, and the playback of what a test itself recorded.
#include <gmock/gmock.h>

#include <cmath>

#include "grid/error.hpp"
#include "tests/cases/small_case.hpp"
#include "tests/cli/program.hpp"
#include "viz/test_report.hpp"

namespace ballast {
namespace {

namespace fs = std::filesystem;
using testing::content;
using testing::Ended;
using ::testing::HasSubstr;

class QualityTests : public testing::Workplace {
 protected:
  void SetUp() override {
    Workplace::SetUp();
    write("case.toml",
          testing::kSmallCase + "[[requirement]]\ndatacenter = \"all\"\nrule = \"ercot-nogrr-282\"\n");
  }
};

/// The verdict of a criterion in the table, or "".
std::string verdict(const std::string& csv, const std::string& test, const std::string& source,
                    const std::string& criterion) {
  const std::string begin = "\"" + test + "\",\"" + source + "\",\"" + criterion + "\",";
  const auto at = csv.find(begin);
  return at == std::string::npos
             ? ""
             : csv.substr(at + begin.size(), csv.find(',', at + begin.size()) - at - begin.size());
}

TEST_F(QualityTests, EveryTestOnEverySourceLeavesItsPage) {
  const Ended ran = run({"mqt", "case.toml", "-o", "out"});
  EXPECT_EQ(ran.code, 5) << ran.err;  // a UPS that comes back after 10 s does not meet the rule
  const std::string csv = content(folder / "out/mqt.csv");
  for (const char* source : {"stiff source", "short-circuit ratio 3", "short-circuit ratio 1.5"}) {
    EXPECT_EQ(verdict(csv, "Flat start: nothing happens for 20 s", source, "nothing moves"), "met") << source;
    EXPECT_EQ(verdict(csv, "Voltage step of +3 % for 10 s", source, "consumption as before"), "met")
        << source;
    for (const char* jump : {"+20", "-20", "+60", "-60"})
      EXPECT_EQ(verdict(csv, std::string("Phase jump of ") + jump + " degrees", source, "runs to its end"),
                "met")
          << source << jump;
  }
  EXPECT_EQ(verdict(csv, "Three dips to 0.4 pu of 50 ms, at 0, 5 and 15 s", "stiff source",
                    "ercot-nogrr-282: no counting of dips"),
            "NOT MET");
  const std::string html = content(folder / "out/mqt.html");
  EXPECT_THAT(html, HasSubstr("Base of the short-circuit ratios"));
  EXPECT_THAT(html, HasSubstr("Voltage step of -3 % for 5 s at falling short-circuit ratio"));
  std::size_t pages = 0;
  for (std::size_t at = html.find("class=\"page\""); at != std::string::npos;
       at = html.find("class=\"page\"", at + 1))
    ++pages;
  std::size_t records = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(folder / "out/records")) ++records;
  EXPECT_GE(pages, 40U);
  EXPECT_EQ(pages, records);
}

TEST_F(QualityTests, PlayingBackWhatATestRecordedGivesItAgain) {
  ASSERT_EQ(run({"mqt", "case.toml", "-o", "first", "--quiet", "--only", "voltage-step-down"}).code, 0);
  fs::path found;
  for (const auto& entry : fs::directory_iterator(folder / "first/records"))
    if (entry.path().filename().string().find("voltage-step-down") != std::string::npos &&
        (found.empty() || entry.path() < found))
      found = entry.path();
  const LoadSeries series = series_at_branch(read_record(found));
  std::string csv = "time_s,power_MW,reactive_Mvar,voltage_pu\n";
  for (std::size_t k = 0; k < series.time_s.size(); ++k)
    csv += std::to_string(series.time_s[k]) + "," + std::to_string(series.power_MW[k]) + "," +
           std::to_string(series.reactive_Mvar[k]) + "," + std::to_string(series.voltage_pu[k]) + "\n";
  write("measured.csv", csv);
  const Ended ran =
      run({"mqt", "case.toml", "-o", "second", "--measured", "measured.csv", "--only", "playback"});
  const std::string table = content(folder / "second/mqt.csv");
  const auto at = table.find("simulation less measurement");
  ASSERT_NE(at, std::string::npos) << ran.out << ran.err;
  std::printf("%s\n", table.substr(table.find("voltage played")).c_str());
  // The table has six digits: MW to 1e-6.
  double rms = 1;
  const auto power = table.find("\"active power\"");
  ASSERT_EQ(std::sscanf(table.c_str() + table.find("measurement: ", power), "measurement: %lf", &rms), 1);
  EXPECT_LT(rms, 1e-3);
}

TEST_F(QualityTests, WhatCannotBeTestedIsSaid) {
  EXPECT_THAT(run({"mqt", "case.toml", "--datacenter", "B"}).err, HasSubstr("there is no data center 'B'"));
  EXPECT_EQ(run({"mqt", "case.toml", "--rule", "no-such-rule"}).code, 2);
  EXPECT_EQ(run({"mqt", "nowhere.toml"}).code, 2);
  EXPECT_THAT(run({"mqt", "case.toml", "--only", "nothing"}).err, HasSubstr("no test has such a name"));
}

}  // namespace
}  // namespace ballast
