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
    {"Cooling",
     "ups = { kind = \"double-conversion\" }\n[datacenter.cooling]\nkind = \"liquid\"\nrack_s_per_K = "
     "0.2\nresume_s = 0.2\nrestart_s = 1\nshutdown_s = 0.5\n"
     "chillers = [ { kind = \"water-cooled\", capacity_MW = 70, trip_s = 0.03, lockout_s = 1, load_s = 0.5, "
     "lag_s "
     "= 0.5 }, { kind = \"mobile\", capacity_MW = 30, V_trip = 0.4 } ]\n"
     "motors = [ { power_MW = 2, duty = \"circulation\", restart_s = 1.5 } ]\n"
     "drives = [ { power_MW = 2, duty = \"circulation\", restart_s = 1, ramp_s = 0.5, coast_s = 0.5, blocks "
     "= 2, "
     "stagger_s = 0.5 } ]\n"},
    {"Tiers",
     "ups = { kind = \"double-conversion\" }\ntiers = { share_1 = 0.1, share_2 = 0.2, V_1 = 0.9, delay_s = "
     "0.02, "
     "return_s = 1, ramp_down = 2, ramp_up = 0.2 }\n"
     "[[event]]\nat_s = 2\ncurtail = { datacenter = \"Campus-A\", tiers = 2 }\n"
     "[[event]]\nat_s = 4\ncurtail = { datacenter = \"Campus-A\", tiers = 0 }\n"},
    {"TapChanger",
     "ups = { kind = \"double-conversion\" }\nconnection = { bus = 20, base_kV = 34.5, transformer = { R = "
     "0.003, "
     "X = 0.1, base_MVA = 240, ratio = 0.98, tap_changer = { V_low = 0.995, V_high = 1.035, first_s = 1, "
     "next_s = "
     "0.5, step = 0.01 } } }\n"
     "[[event]]\nat_s = 2\nload_step = { load = \"2-1\", active_factor = 1, reactive_factor = 15 }\n"},
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
