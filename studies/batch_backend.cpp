#include "studies/batch_backend.hpp"

#include <ctime>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <mutex>

#include "kernels/batch.hpp"
#include "kernels/prepare/mirror.hpp"
#include "studies/batch_problem.hpp"
#include "studies/scenario_recorder.hpp"

namespace ballast {
namespace {

/// Scenarios prepared together: their events are held in memory.
constexpr std::size_t kChunk = 2048;
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
  Scenario(batch::MirrorPool& pool, const batch::Problem& problem, const std::vector<batch::ToldAction>& told,
           const Sweep& sweep, const SharedCase& shared, int scenario, int lanes, Tell tell)
      : sweep_(sweep),
        scenario_(scenario),
        lanes_(lanes),
        tell_(std::move(tell)),
        mirror_(pool, problem, told, scenario_info(sweep, scenario, shared.model),
                recorded_for(shared, false), recorder_),
        recorder_(sweep, shared, mirror_.system(), nullptr) {}

  void begin(const batch::Lane& lane, const batch::Store<double>& store) override {
    mirror_.begin(lane, store);
  }
  bool sample(const batch::Store<double>& store) override { return mirror_.sample(store); }
  void acting(int first, int last, const batch::Store<double>& store) override {
    mirror_.acting(first, last, store);
  }
  void moved(int group, int part, const Happening& happening, int mode_before, Effect effect,
             double pickup_time, double threshold, const batch::Store<double>& store) override {
    mirror_.moved(group, part, happening, mode_before, effect, pickup_time, threshold, store);
  }
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
    // Lanes share their thread's time.
    found.cpu_s = (thread_seconds() - cpu_start_) / lanes_;
    found.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - wall_start_).count();
    found.engine = "cpu";
    tell_(std::move(found));
  }

 private:
  const Sweep& sweep_;
  int scenario_, lanes_;
  Tell tell_;
  batch::Mirror mirror_;
  ScenarioRecorder recorder_;
  double cpu_start_ = thread_seconds();
  std::chrono::steady_clock::time_point wall_start_ = std::chrono::steady_clock::now();
};

class Batches {
 public:
  explicit Batches(const BatchTask& task) : task_(task) {}

  /// One group: scenarios that share a case at rest.
  bool run_group(SharedCase& shared, const std::vector<int>& scenarios) {
    for (std::size_t first = 0; first < scenarios.size(); first += kChunk) {
      const std::size_t last = std::min(scenarios.size(), first + kChunk);
      if (!run_chunk(shared, {scenarios.begin() + static_cast<std::ptrdiff_t>(first),
                              scenarios.begin() + static_cast<std::ptrdiff_t>(last)}))
        return false;
    }
    return true;
  }

 private:
  const BatchTask& task_;
  std::mutex mutex_;
  std::vector<ScenarioResult> waiting_;
  bool stop_ = false;
  std::exception_ptr failure_;

  bool run_chunk(SharedCase& shared, const std::vector<int>& scenarios) {
    const Sweep& sweep = task_.sweep;
    // What the engine does not take is for IDA, whose run says what is wrong with it, if anything is.
    const BatchProblem made = batch_problem(sweep, shared, scenarios);
    if (made.scenario_of.empty()) return true;
    batch::MirrorPool pool(*shared.ready.system);
    batch::Options options;
    options.threads = task_.options.jobs;
    options.sample_every_s = sweep.record_step_s.value_or(shared.model.simulation.record_step_s);
    const int lanes = batch::pack_width(made.problem, options);
    options.observe = [&](int index) -> std::unique_ptr<batch::Observer> {
      return std::make_unique<Scenario>(pool, made.problem, made.told[index], sweep, shared,
                                        made.scenario_of[index], lanes,
                                        [this](ScenarioResult&& result) { keep(std::move(result)); });
    };
    options.done = [](batch::Result&&) {};
    options.stop = [this] { return stopped(); };
    (void)batch::run_cpu(made.problem, options);
    flush();
    if (failure_) std::rethrow_exception(failure_);
    return !stop_;
  }

  bool stopped() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (task_.options.interrupted && task_.options.interrupted()) stop_ = true;
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
      for (const ScenarioResult& r : waiting_) task_.settled(r.ending);
    } catch (...) {
      failure_ = std::current_exception();
    }
    waiting_.clear();
  }
};

}  // namespace

bool run_batches(const BatchTask& task, const std::vector<int>& scenarios) {
  Batches batches(task);
  for (const std::vector<int>& group : groups_at_rest(task.sweep, scenarios)) {
    std::unique_ptr<SharedCase> own;
    if (case_key(task.sweep, group.front()) != task.first_key)
      own = prepare_shared(task.sweep, group.front());
    if (!batches.run_group(own ? *own : task.first, group)) return false;
  }
  return true;
}

}  // namespace ballast
