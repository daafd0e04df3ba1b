/// Cohorts, kinds of UPS, rack power supplies and gensets in the batch against IDA, on a small case.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/cases/small_case.hpp"
#include "tests/kernels/oracle.hpp"

namespace ballast {
namespace {

struct Kind {
  const char* name;
  const char* tables;  ///< in place of the UPS of the small case
};
void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

const Kind kKinds[] = {
    {"TwentyCohorts",
     "[datacenter.ups]\nkind = \"double-conversion\"\n[datacenter.ups.cohorts]\ncount = 20\nseed = 7\n"
     "V_low_transfer = { kind = \"normal\", mean = 0.85, deviation = 0.03, low = 0.78, high = 0.89 }\n"
     "detect_s = { kind = \"uniform\", low = 0.005, high = 0.02 }\n"
     "qualify_s = { kind = \"uniform\", low = 0.5, high = 1.5 }\n"
     "walk_in_delay_s = { kind = \"uniform\", low = 0, high = 0.5 }\n"
     "walk_in_ramp_s = { kind = \"uniform\", low = 0.5, high = 1.5 }\n"},
    {"EcoMode", "ups = { kind = \"eco-mode\", qualify_s = 1, walk_in_delay_s = 0.2, walk_in_ramp_s = 1 }"},
    {"LineInteractive", "ups = { kind = \"line-interactive\", qualify_s = 1 }"},
    {"RackPowerSupplies", "ups = { kind = \"rack-psu\", curve = \"none\", bbu_s = 240, current_limit = 2 }"},
    {"RacksThatAreLostAndComeBack",
     "ups = { kind = \"rack-psu\", curve = \"itic\", restart_s = 1, restart_ramp_s = 1 }"},
    {"Gensets",
     "genset = { kind = \"diesel\", power_MW = 120, sequence_s = 0.3, sense_s = 0.2, start_s = 1, "
     "start_level = "
     "0.01 }\n[datacenter.ups]\nkind = \"double-conversion\"\nqualify_s = "
     "60\n[datacenter.ups.cohorts]\ncount = "
     "4\nseed = 1\n"},
};

class PowerChain : public ::testing::TestWithParam<Kind> {};

TEST_P(PowerChain, InTheBatchIsThatOfIda) {
  const std::string text =
      testing::spoiled("ups = { kind = \"double-conversion\", dips_to_lock = 3 }", GetParam().tables);
  const Case c = read_case_text(text, "small.toml");
  const test::Agreement a = test::compare_with_ida(c, {.until_s = 10});
  fmt::print("{}\n", test::text_of(a));
  EXPECT_EQ(a.ida_outcome, "completed");
  EXPECT_EQ(a.ending, batch::Ending::COMPLETED);
  EXPECT_LT(a.speed_rms, 1e-4);
  EXPECT_LT(a.angle_rms, 0.5);
  EXPECT_LT(a.voltage_rms, 2e-3);
  EXPECT_FALSE(a.ida_events.empty());
  EXPECT_TRUE(a.same_events) << fmt::format("IDA:\n  {}\nbatch:\n  {}", fmt::join(a.ida_events, "\n  "),
                                            fmt::join(a.batch_events, "\n  "));
  EXPECT_LE(a.event_time_gap, 0.5 / 60);
}

INSTANTIATE_TEST_SUITE_P(Kinds, PowerChain, ::testing::ValuesIn(kKinds),
                         [](const auto& kind) { return std::string(kind.param.name); });

}  // namespace
}  // namespace ballast
