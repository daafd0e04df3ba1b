/// Unit controllers in the batch against IDA.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/cases/power_plant_cases.hpp"
#include "tests/kernels/oracle.hpp"

namespace ballast {
namespace {

using testing::PlantCase;

struct Kind {
  const char* name;
  PlantCase plant;
};
void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

const Kind kKinds[] = {
    {"AUnitIsLost",
     {.running = 3,
      .load_MW = 60,
      .events = "[[event]]\nat_s = 1\ntrip = { machine = \"202-1\" }\n",
      .until_s = 20}},
};

class PowerPlantBatch : public ::testing::TestWithParam<Kind> {};

TEST_P(PowerPlantBatch, IsThatOfIda) {
  const Case c = read_case_text(GetParam().plant.text(), "small.toml");
  const test::Agreement a = test::compare_with_ida(c, {.until_s = GetParam().plant.until_s});
  fmt::print("{}, events {:.2e} s apart\n", test::text_of(a), a.event_time_gap);
  EXPECT_EQ(a.ida_outcome, "completed");
  EXPECT_EQ(a.ending, batch::Ending::COMPLETED);
  EXPECT_LT(a.speed_rms, 1e-4);
  EXPECT_LT(a.voltage_rms, 2e-3);
  EXPECT_FALSE(a.ida_events.empty());
  EXPECT_TRUE(a.same_events) << fmt::format("IDA:\n  {}\nbatch:\n  {}", fmt::join(a.ida_events, "\n  "),
                                            fmt::join(a.batch_events, "\n  "));
  EXPECT_LE(a.event_time_gap, 1.0 / 60);
}

INSTANTIATE_TEST_SUITE_P(Kinds, PowerPlantBatch, ::testing::ValuesIn(kKinds),
                         [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace ballast
