/// The CUDA backend of sweeps, with the host in the place of the device: the same code, the same bits.
#include <gmock/gmock.h>

#include "kernels/batch_cuda.hpp"
#include "kernels/batch_lanes.hpp"
#include "kernels/host_machine.hpp"
#include "studies/results.hpp"
#include "studies/run_sweep.hpp"
#include "tests/studies/small_sweep.hpp"
#include "tests/studies/table_bits.hpp"

namespace ballast {
namespace {

using testing::bits;
using ::testing::HasSubstr;
using testing::kSmallSweep;
using testing::replaced;

/// A device that fails in the middle: its calls work so often, then no more.
class FailingMachine final : public batch::Machine {
 public:
  FailingMachine(std::unique_ptr<batch::Machine> machine, int launches)
      : machine_(std::move(machine)), launches_(launches) {}
  [[nodiscard]] int lanes() const override { return machine_->lanes(); }
  void run(int steps) override {
    if (--launches_ < 0) throw batch::MachineError("CUDA: taking the steps: an illegal memory access");
    machine_->run(steps);
  }
  void statuses(std::span<int> status) override { machine_->statuses(status); }
  void get(std::span<const int> lanes, std::span<double> columns, std::span<int> ints) override {
    machine_->get(lanes, columns, ints);
  }
  void put(std::span<const int> lanes, std::span<const double> columns, std::span<const int> ints) override {
    machine_->put(lanes, columns, ints);
  }

 private:
  std::unique_ptr<batch::Machine> machine_;
  int launches_;
};

/// Bit for bit.
bool same_cells(const std::vector<Cell>& a, const std::vector<Cell>& b) {
  const auto same = [](const Cell& one, const Cell& other) {
    const auto* x = std::get_if<double>(&one);
    const auto* y = std::get_if<double>(&other);
    return x != nullptr && y != nullptr ? std::bit_cast<std::uint64_t>(*x) == std::bit_cast<std::uint64_t>(*y)
                                        : one == other;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same);
}

class DeviceSweep : public testing::SweepFolderTest {
 protected:
  /// Faults of many lengths: enough that some end while others run.
  Sweep sweep() {
    std::string text = replaced(kSmallSweep, "duration_s = 0.1", "duration_s = \"{length}\"");
    text =
        replaced(text, "[[event]]",
                 "[[axis]]\nname = \"length\"\nunit = \"s\"\nrange = { from = 0.05, to = 0.4, step = 0.05 }\n"
                 "[[event]]");
    return read_sweep_text(replaced(text, "angle_deg = 180", "angle_deg = 180\nat_loss = \"stop\""),
                           folder / "sweep.toml");
  }
  SweepOptions into(const char* name, Backend backend) {
    SweepOptions options;
    options.backend = backend;
    options.jobs = 2;
    options.folder = folder / name;
    return options;
  }
  static int ran_on(const SweepRun& run, const std::string& engine) {
    return static_cast<int>(std::count_if(run.results.begin(), run.results.end(),
                                          [&](const ScenarioResult& r) { return r.engine == engine; }));
  }
  /// As run_as_on_cuda with a machine of one tile that fails after so many launches.
  static auto failing_after(int launches) {
    return [launches](const batch::Problem& problem, const batch::Options& options) {
      return batch::run_on_machine(problem, options, 2, [launches](const batch::FlatMemory& memory, int) {
        return std::make_unique<FailingMachine>(batch::make_host_machine(memory, 5, 2), launches);
      });
    };
  }
};

TEST_F(DeviceSweep, HasTheEventsAndFiguresOfTheProcessorBitForBit) {
  const Sweep one = sweep();
  const SweepRun cpu = run_sweep(one, into("cpu", Backend::CPU));
  SweepOptions options = into("cuda", Backend::CUDA);
  options.run_on_device = [](const batch::Problem& problem, const batch::Options& batch_options) {
    return batch::run_as_on_cuda(problem, batch_options, 4);
  };
  const SweepRun cuda = run_sweep(one, options);
  ASSERT_EQ(cuda.results.size(), 48U);
  EXPECT_EQ(ran_on(cpu, "cpu"), 48);
  EXPECT_EQ(ran_on(cuda, "cuda"), 48);
  EXPECT_EQ(bits(result_table(one, cpu)), bits(result_table(one, cuda)));
}

TEST_F(DeviceSweep, CasesThatRunTogetherHaveTheBitsOfEachAlone) {
  std::string text = replaced(kSmallSweep, "values = [60, 80]", "values = [60, 65, 70, 75, 80]");
  const Sweep all = read_sweep_text(text, folder / "sweep.toml");
  const SweepRun together = run_sweep(all, into("together", Backend::CPU));
  EXPECT_EQ(ran_on(together, "cpu"), static_cast<int>(together.results.size()));
  int compared = 0;
  for (const char* power : {"65", "80"}) {
    text = replaced(kSmallSweep, "values = [60, 80]", std::string("values = [") + power + "]");
    const Sweep one = read_sweep_text(text, folder / "sweep.toml");
    const SweepRun alone = run_sweep(one, into(power, Backend::CPU));
    for (const ScenarioResult& r : alone.results)
      for (const ScenarioResult& t : together.results)
        if (scenario_text(all, t.scenario) == scenario_text(one, r.scenario)) {
          EXPECT_TRUE(same_cells(r.cells, t.cells)) << scenario_text(one, r.scenario);
          ++compared;
        }
  }
  std::printf("%d scenarios of 5 cases compared\n", compared);
  EXPECT_EQ(compared, 2 * static_cast<int>(together.results.size()) / 5);
}

TEST_F(DeviceSweep, ADeviceThatFailsLeavesTheRestToTheProcessor) {
  const Sweep one = sweep();
  const SweepRun cpu = run_sweep(one, into("cpu", Backend::CPU));
  SweepOptions options = into("cuda", Backend::CUDA);
  options.run_on_device = failing_after(700);
  ::testing::internal::CaptureStderr();
  const SweepRun failed = run_sweep(one, options);
  const std::string said = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(said, HasSubstr("illegal memory access"));
  EXPECT_THAT(said, HasSubstr("the rest runs on the processor"));
  EXPECT_TRUE(failed.complete);
  std::printf("%d scenarios were done on the device, %d on the processor\n", ran_on(failed, "cuda"),
              ran_on(failed, "cpu"));
  EXPECT_GT(ran_on(failed, "cuda"), 0);
  EXPECT_GT(ran_on(failed, "cpu"), 0);
  EXPECT_EQ(bits(result_table(one, cpu)), bits(result_table(one, failed)));
}

TEST_F(DeviceSweep, OneThatWasInterruptedGoesOnWithoutTheDevice) {
  const Sweep one = sweep();
  const SweepRun cpu = run_sweep(one, into("cpu", Backend::CPU));
  SweepOptions options = into("cuda", Backend::CUDA);
  options.run_on_device = failing_after(1000000);
  int asked = 0;
  options.interrupted = [&] { return ++asked > 20; };
  const SweepRun part = run_sweep(one, options);
  EXPECT_FALSE(part.complete);
  SweepOptions rest = into("cuda", Backend::CPU);
  rest.resume = true;
  const SweepRun whole = run_sweep(one, rest);
  EXPECT_TRUE(whole.complete);
  EXPECT_GT(whole.resumed, 0);
  EXPECT_EQ(bits(result_table(one, cpu)), bits(result_table(one, whole)));
}

TEST_F(DeviceSweep, WithoutADeviceItIsAnErrorBeforeAnythingRuns) {
  int devices = 0;
  try {
    devices = batch::cuda_devices();
  } catch (const batch::MachineError&) {
  }
  SweepOptions options = into("out", Backend::CUDA);
  options.device = devices;  // one too many
  try {
    (void)run_sweep(sweep(), options);
    FAIL() << "ran";
  } catch (const Error& error) {
    std::printf("%s\n", error.what());
    EXPECT_THAT(error.what(), HasSubstr("backend cuda: "));
    EXPECT_THAT(error.what(), devices > 0 ? HasSubstr("--device") : HasSubstr("backend cpu"));
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "out"));
}

}  // namespace
}  // namespace ballast
