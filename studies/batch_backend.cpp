#include "studies/batch_backend.hpp"

#include <fmt/format.h>

#include <ctime>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <optional>

#include "kernels/batch.hpp"
#include "kernels/batch_cuda.hpp"
#include "studies/joint_problem.hpp"
#include "studies/scenario_recorder.hpp"
#include "studies/team.hpp"

namespace ballast {
namespace {

/// Scenarios prepared together: their events are held in memory. A device has room for more lanes.
constexpr std::size_t kChunk = 2048;
constexpr std::size_t kDeviceChunk = 16384;
/// Results that go to the journal with one write.
constexpr std::size_t kTogether = 64;

double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Takes the figures of one scenario.
class Scenario final : public batch::Observer {
 public:
  using Tell = std::function<void(ScenarioResult&&)>;
  Scenario(batch::MirrorPool& pool, const batch::Problem& problem, int index,
           const std::vector<batch::ToldAction>& told, const Sweep& sweep, const SharedCase& shared,
           int scenario, int lanes, Tell tell)
      : sweep_(sweep),
        scenario_(scenario),
        lanes_(lanes),
        tell_(std::move(tell)),
        mirror_(pool, problem, index, told, scenario_info(sweep, scenario, shared.model),
                recorded_for(shared, false), recorder_),
        recorder_(sweep, shared, mirror_.system(), nullptr) {}

  [[nodiscard]] Reads reads() const override { return mirror_.reads(); }
  void begin(const batch::Lane& lane, const batch::Store<double>& store) override {
    mirror_.begin(lane, store);
  }
  bool sample(const batch::Store<double>& store) override { return mirror_.sample(store); }
  void acting(int first, int last, const batch::Store<double>& store) override {
    mirror_.acting(first, last, store);
  }
  void moved(int group, int part, const Happening& happening, int mode_before, Effect effect,
             const Reason& reason, const batch::Store<double>& store) override {
    mirror_.moved(group, part, happening, mode_before, effect, reason, store);
  }
  void obeying(const batch::Store<double>& store) override { mirror_.obeying(store); }
  void settled(const batch::Lane& lane, const batch::Store<double>& store, bool network) override {
    mirror_.settled(lane, store, network);
  }
  void end(const batch::Result& result) override {
    mirror_.end(result);
    if (result.ending != batch::Ending::COMPLETED && result.ending != batch::Ending::STOPPED) return;
    ScenarioResult found;
    found.scenario = scenario_;
    RunResult run;
    run.status.completed = result.ending == batch::Ending::COMPLETED;
    run.status.end_time_s = result.end_s;
    run.statistics.integrator.steps = result.steps;
    found.ending = ending_of(run.status, recorder_);
    found.cells = cells_of(sweep_, run, recorder_.figures(), recorder_.stability(), recorder_.losses(),
                           recorder_.meters());
    // Lanes share their thread's time; a device's is not the processor's.
    found.cpu_s = lanes_ > 0 ? (thread_seconds() - cpu_start_) / lanes_ : 0;
    found.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - wall_start_).count();
    found.engine = lanes_ > 0 ? "cpu" : "cuda";
    tell_(std::move(found));
  }

 private:
  const Sweep& sweep_;
  int scenario_, lanes_;  ///< lanes that share the thread; 0: on a device
  Tell tell_;
  batch::Mirror mirror_;
  ScenarioRecorder recorder_;
  double cpu_start_ = thread_seconds();
  std::chrono::steady_clock::time_point wall_start_ = std::chrono::steady_clock::now();
};

class Batches {
 public:
  explicit Batches(const BatchTask& task) : task_(task), on_device_(task.on_device) {}

  /// Groups with few scenarios are prepared and run together, so that all lanes are filled; of large ones a
  /// part at a time.
  bool run(const std::vector<int>& scenarios) {
    std::vector<RestGroup> together;
    std::size_t count = 0;
    for (std::vector<int>& all : groups_at_rest(task_.sweep, scenarios)) {
      if (all.size() > most() / 2) {
        if (!run_large(all)) return false;
        continue;
      }
      if (count + all.size() > most() || together.size() == kGroupsPerThread * threads()) {
        if (!run_together(together)) return false;
        together.clear();
        count = 0;
      }
      count += all.size();
      together.emplace_back().scenarios = std::move(all);
    }
    return run_together(together);
  }

 private:
  const BatchTask& task_;
  bool& on_device_;
  std::mutex mutex_;
  std::vector<ScenarioResult> waiting_;
  bool stop_ = false;
  std::exception_ptr failure_;

  [[nodiscard]] std::size_t threads() const {
    return static_cast<std::size_t>(std::max(1, task_.options.jobs));
  }
  [[nodiscard]] std::size_t most() const { return on_device_ ? kDeviceChunk : kChunk; }

  bool run_large(const std::vector<int>& scenarios) {
    std::vector<RestGroup> one(1);
    for (std::size_t first = 0; first < scenarios.size(); first += most()) {
      const std::size_t last = std::min(scenarios.size(), first + most());
      one.front().scenarios.assign(scenarios.begin() + static_cast<std::ptrdiff_t>(first),
                                   scenarios.begin() + static_cast<std::ptrdiff_t>(last));
      if (!run_together(one)) return false;
    }
    return true;
  }

  bool run_together(std::vector<RestGroup>& groups) {
    for (RestGroup& group : groups)
      if (case_key(task_.sweep, group.scenarios.front()) == task_.first_key) group.shared = &task_.first;
    // What the engine does not take is for IDA, whose run says what is wrong with it, if anything is.
    prepare_groups(task_.sweep, groups, static_cast<int>(threads()), [this] { return stopped(); });
    const std::vector<JointProblem> joints = join_groups(groups);
    return std::all_of(joints.begin(), joints.end(), [&](const JointProblem& j) { return run_joint(j); }) &&
           !stopped();
  }

  bool run_joint(const JointProblem& joint) {
    const batch::Problem& problem = joint.problem;
    batch::Options options;
    options.threads = task_.options.jobs;
    options.sample_every_s = task_.sweep.record_step_s.value_or(joint.record_step_s);
    const int lanes = batch::pack_width(problem, options);
    options.observe = [&](int index) -> std::unique_ptr<batch::Observer> {
      const auto& [group, k] = joint.place[index];
      return std::make_unique<Scenario>(*group->pool, problem, index, group->made.told[k], task_.sweep,
                                        *group->shared, group->made.scenario_of[k], on_device_ ? 0 : lanes,
                                        [this](ScenarioResult&& result) { keep(std::move(result)); });
    };
    options.stop = [this] { return stopped(); };
    if (on_device_) {
      options.only = run_on_device(problem, options);
      if (on_device_ || options.only.empty()) return finish();
    }
    options.done = [](batch::Result&&) {};
    (void)batch::run_cpu(problem, options);
    return finish();
  }

  /// Returns the scenarios that the device left undone when it failed.
  std::vector<int> run_on_device(const batch::Problem& problem, batch::Options options) {
    std::vector<char> done(problem.scenarios.size(), 0);
    options.done = [&](batch::Result&& result) {
      const std::lock_guard<std::mutex> lock(mutex_);
      done[result.scenario] = 1;
    };
    try {
      if (task_.options.run_on_device)
        (void)task_.options.run_on_device(problem, options);
      else
        (void)batch::run_cuda(problem, options, task_.options.device.value_or(0));
      return {};
    } catch (const batch::MachineError& error) {
      fmt::print(stderr,
                 "warning: {}\nThe device has failed; what it had finished is kept, the rest runs on the "
                 "processor.\n",
                 error.what());
    }
    on_device_ = false;
    std::vector<int> rest;
    for (std::size_t k = 0; k < done.size(); ++k)
      if (done[k] == 0) rest.push_back(static_cast<int>(k));
    return rest;
  }

  /// Everything in the journal; false when stopped.
  bool finish() {
    flush();
    if (failure_) std::rethrow_exception(failure_);
    return !stop_;
  }

  bool stopped() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!task_.watch.going()) stop_ = true;
    return stop_ || failure_ != nullptr;
  }
  void keep(ScenarioResult&& result) {
    if (keeps_record(task_.sweep.keep, result)) return;
    const std::lock_guard<std::mutex> lock(mutex_);
    waiting_.push_back(std::move(result));
    if (waiting_.size() >= kTogether) write();
  }
  void flush() {
    const std::lock_guard<std::mutex> lock(mutex_);
    write();
  }
  /// With the lock held.
  void write() {
    try {
      task_.journal.append(waiting_);
      for (const ScenarioResult& r : waiting_) task_.watch.ended(r.ending);
    } catch (...) {
      failure_ = std::current_exception();
    }
    waiting_.clear();
  }
};

}  // namespace

int choose_device(const SweepOptions& options) {
  if (options.backend != Backend::CUDA || options.run_on_device) return 0;
  int devices = 0;
  try {
    devices = batch::cuda_devices();
  } catch (const batch::MachineError& error) {
    throw Error("backend cuda", error.what());
  }
  if (devices == 0)
    throw Error("backend cuda", "there is no CUDA device on this machine", "run with --backend cpu");
  const int by_turns = options.team != nullptr ? options.team->local_rank() % devices : 0;
  const int device = options.device.value_or(by_turns);
  if (device >= devices)
    throw Error("backend cuda",
                fmt::format("there is no device {}; devices 0 to {} are here", device, devices - 1),
                "name one of them with --device");
  return device;
}

bool run_batches(const BatchTask& task, const std::vector<int>& scenarios) {
  return Batches(task).run(scenarios);
}

}  // namespace ballast
