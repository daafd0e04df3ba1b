/// Every kind of job and of smoothing in the batch against IDA, on a small case.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/cases/small_case.hpp"
#include "tests/kernels/oracle.hpp"

namespace ballast {
namespace {

struct Kind {
  const char* name;
  const char* tables;  ///< in place of the workload of the small case
};
void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

const Kind kKinds[] = {
    {"TrainingWithAllItsPhases",
     "workload = { kind = \"training\", warm_up_s = 1, forward_fraction = 0.33, forward_level = 0.85, "
     "checkpoint_interval_s = 2, checkpoint_s = 1, evaluation_interval_s = 4, evaluation_s = 1, "
     "straggler_chance = 0.3, straggler_s = 0.3, crash_at_s = 8, restart_s = 0.5 }"},
    {"Reinforcement",
     "workload = { kind = \"reinforcement\", rollout_s = 2, reward_s = 0.5, stall_chance = 0.5, stall_s = 1, "
     "updates = 3, update_s = 0.5 }"},
    {"Serving",
     "workload = { kind = \"serving\", requests_per_s = 1000, service_s = 10, servers = 5000, batch = 16, "
     "burstiness = 4, sample_s = 0.2 }"},
    {"KoZhu", "workload = { kind = \"ko-zhu-training\" }"},
    {"BiPeriodic",
     "workload = { kind = \"bi-periodic\", frequency_Hz = 0.25, frequency_fast_Hz = 1, low = 0.4, amplitude "
     "= "
     "0.4, amplitude_fast = 0.2 }"},
    {"Triangular", "workload = { kind = \"triangular\", frequency_Hz = 0.5, low = 0.4, amplitude = 0.4 }"},
    {"PowerSmoothing",
     "workload = { kind = \"training\", warm_up_s = 1, checkpoint_interval_s = 3, checkpoint_s = 2 }\n"
     "smoothing = { kind = \"gpu\", floor = 0.6, ramp_up = 0.5, ramp_down = 0.5, hysteresis_s = 0.1 }"},
    {"SoftwareFiller",
     "workload = { kind = \"training\", warm_up_s = 1 }\nsmoothing = { kind = \"software-filler\" }"},
    {"RackStorage",
     "workload = { kind = \"training\", warm_up_s = 1, iteration_s = 0.5 }\n"
     "storage = [ { kind = \"psu-capacitor\", accelerator_W = 1000 }, { kind = \"capacitor-shelf\" } ]"},
};

class Workloads : public ::testing::TestWithParam<Kind> {};

void expect_agreement(const std::string& text, double until_s) {
  const Case c = read_case_text(text, "small.toml");
  const test::Agreement a = test::compare_with_ida(c, {.until_s = until_s});
  fmt::print("{}\n", test::text_of(a));
  EXPECT_EQ(a.ida_outcome, "completed");
  EXPECT_EQ(a.ending, batch::Ending::COMPLETED);
  EXPECT_LT(a.speed_rms, 1e-4);
  EXPECT_LT(a.angle_rms, 0.5);
  EXPECT_LT(a.voltage_rms, 2e-3);
  EXPECT_TRUE(a.same_events) << fmt::format("IDA:\n  {}\nbatch:\n  {}", fmt::join(a.ida_events, "\n  "),
                                            fmt::join(a.batch_events, "\n  "));
  EXPECT_LE(a.event_time_gap, 0.5 / 60);
}

TEST_P(Workloads, RunInTheBatchAsUnderIda) {
  expect_agreement(
      testing::spoiled("workload = { kind = \"training\", iteration_s = 1.0, jitter = 0, start_s = 1 }",
                       GetParam().tables),
      10);
}
INSTANTIATE_TEST_SUITE_P(Small, Workloads, ::testing::ValuesIn(kKinds),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(BatchWorkloads, AMixedCampusWithATraceRunsAsUnderIda) {
  const std::filesystem::path file = std::filesystem::temp_directory_path() / "ballast-batch-trace.csv";
  {
    std::ofstream trace(file);
    for (int k = 0; k < 20; ++k) trace << 0.1 * k << "," << 500 + 100 * (k % 3) << "\n";
  }
  const std::string jobs = fmt::format(R"([[datacenter.job]]
name = "main"
share = 0.7
workload = {{ kind = "training", warm_up_s = 1 }}
storage = [ {{ kind = "psu-capacitor", accelerator_W = 1000 }} ]
[[datacenter.job]]
share = 0.2
workload = {{ kind = "trace", file = "{}", rating = 800 }}
[[datacenter.job]]
share = 0.1
workload = {{ kind = "constant", level = 0.9 }}
)",
                                       file.string());
  std::string text =
      testing::spoiled("workload = { kind = \"training\", iteration_s = 1.0, jitter = 0, start_s = 1 }", "");
  text.insert(text.find("[[datacenter.bess]]"), jobs);
  expect_agreement(text, 8);
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace ballast
