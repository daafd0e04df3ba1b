#include "viz/summary.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/viz/synthetic_run.hpp"

namespace ballast {
namespace {

using namespace test;

TEST(Summary, HoldsOutcomeFiguresAndEventsWithCauses) {
  const ScratchFolder scratch;
  MemoryRecorder memory;
  play(memory);
  write_summary(memory.record(), {}, scratch / "summary.json");
  const auto json = nlohmann::json::parse(read_text(scratch / "summary.json"));
  EXPECT_EQ(json["outcome"], "completed");
  EXPECT_EQ(json["completed"], true);
  EXPECT_EQ(json["metrics"]["load_lost_MW"], 300);
  EXPECT_NEAR(json["metrics"]["voltage_min_pu"].get<double>(), 1.03 - 0.4 / 7 - 0.6, 1e-12);
  EXPECT_EQ(json["metrics"]["voltage_min_where"], "2105");
  EXPECT_EQ(json["metrics"]["datacenters"]["Campus-A"]["largest_fall_in_1_s_MW"], 300);
  ASSERT_EQ(json["events"].size(), 3U);
  EXPECT_TRUE(json["events"][0]["cause"].is_null());
  EXPECT_EQ(json["events"][2]["cause"], 0);
  EXPECT_EQ(json["events"][2]["bus"], 2104);
  EXPECT_EQ(json["versions"]["SUNDIALS"], "6.4.1");
}

TEST(Summary, BytesThatAreNoUtf8DoNotStopIt) {
  MemoryRecorder memory;
  RunInfo info;
  info.title = "caf\xe9";
  memory.begin(info, {}, Network{});
  memory.end({false, "failed: x", 0});
  EXPECT_EQ(nlohmann::json::parse(summary_json(memory.record()))["title"], "caf\xef\xbf\xbd");
}

TEST(Summary, AFolderThatDoesNotExistIsAnError) {
  EXPECT_THAT(error_of([] { write_summary(Record{}, {}, "no/such/summary.json"); }),
              testing::HasSubstr("no/such/summary.json: cannot write: No such file or directory"));
}

}  // namespace
}  // namespace ballast
