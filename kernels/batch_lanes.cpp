#include "kernels/batch_lanes.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <numeric>

#include "kernels/flat_problem.hpp"
#include "kernels/lane.hpp"

namespace ballast::batch {
namespace {

/// Steps between two looks at what happened.
constexpr int kChunk = 16;
/// Lanes in flight at once, at most.
constexpr int kMostLanes = 1 << 16;

bool sooner(const Extreme& a, const Extreme& b) {
  return a.time_s < b.time_s || (a.time_s == b.time_s && a.bus < b.bus);
}

class Driver {
 public:
  Driver(const Problem& problem, const Options& options, int team,
         const std::function<std::unique_ptr<Machine>(const FlatMemory&, int)>& make)
      : problem_(problem),
        options_(options),
        evaluator_(problem),
        flat_(evaluator_, options.extremes_from_s, team),
        at_(flat_.layout().at),
        int_at_(flat_.layout().int_at),
        scenarios_(options.only) {
    if (scenarios_.empty()) {
      scenarios_.resize(problem.scenarios.size());
      std::iota(scenarios_.begin(), scenarios_.end(), 0);
    }
    slot_.assign(problem.scenarios.size(), -1);
    for (std::size_t k = 0; k < scenarios_.size(); ++k) slot_[scenarios_[k]] = static_cast<int>(k);
    results_.resize(options.done ? 0 : scenarios_.size());
    const int wanted = static_cast<int>(std::min<std::size_t>(scenarios_.size(), kMostLanes));
    machine_ = make(flat_.memory(), std::max(wanted, 1));
    lane_.resize(machine_->lanes());
  }

  std::vector<Result> run() {
    std::vector<int> turn(lane_.size());  // lanes that the host has to see to
    std::iota(turn.begin(), turn.end(), 0);
    std::vector<int> status(lane_.size());
    for (bool goes_on = true; goes_on;) {
      serve(turn);
      machine_->run(kChunk);
      machine_->statuses(status);
      turn.clear();
      goes_on = false;
      for (std::size_t l = 0; l < lane_.size(); ++l) {
        goes_on = goes_on || status[l] != LANE_IDLE;
        if (status[l] == LANE_EVENT || status[l] == LANE_FAILED) turn.push_back(static_cast<int>(l));
      }
    }
    return std::move(results_);
  }

 private:
  const Problem& problem_;
  const Options& options_;
  Evaluator evaluator_;
  FlatProblem flat_;
  const Layout& at_;
  const IntLayout& int_at_;
  std::vector<int> scenarios_, slot_;
  std::vector<Result> results_;
  std::unique_ptr<Machine> machine_;
  std::vector<Lane> lane_;
  std::atomic<std::size_t> next_{0};

  /// Events, ends and starts of these lanes, side by side on the host's threads.
  void serve(const std::vector<int>& turn) {
    constexpr std::size_t kAtOnce = 4096;
    for (std::size_t first = 0; first < turn.size(); first += kAtOnce) {
      const std::span<const int> some =
          std::span(turn).subspan(first, std::min(kAtOnce, turn.size() - first));
      std::vector<double> columns(some.size() * at_.shared);
      std::vector<int> ints(some.size() * int_at_.items);
      machine_->get(some, columns, ints);
      std::exception_ptr failure;
      std::mutex failing;
#pragma omp parallel num_threads(std::max(1, options_.threads))
      {
        LaneKeeper keeper(evaluator_, options_);
        Store<double> store = evaluator_.make_store<double>();
#pragma omp for schedule(dynamic)
        for (std::size_t k = 0; k < some.size(); ++k) try {
            see_to(lane_[some[k]], columns.data() + k * at_.shared, ints.data() + k * int_at_.items, keeper,
                   store);
          } catch (...) {
            const std::lock_guard<std::mutex> lock(failing);
            failure = std::current_exception();
          }
      }
      if (failure) std::rethrow_exception(failure);
      machine_->put(some, columns, ints);
    }
  }

  void see_to(Lane& lane, double* column, int* ints, LaneKeeper& keeper, Store<double>& store) {
    int& status = ints[int_at_.status];
    if (status == LANE_IDLE) {
      begin(lane, column, ints, keeper, store);
      return;
    }
    flat_.from_column(column, ints, store);
    lane.result.steps = ints[int_at_.steps];
    lane.result.rejected = ints[int_at_.rejected];
    if (status == LANE_FAILED) {
      lane.result.ending = std::isfinite(std::accumulate(store.x.begin(), store.x.end(), 0.0))
                               ? Ending::NO_SOLUTION
                               : Ending::NOT_FINITE;
      finish(lane, column, column[at_.started], store);
      begin(lane, column, ints, keeper, store);
      return;
    }
    const double due = store.t + LaneKeeper::same_instant(store.t);
    const bool over = due >= problem_.until_s;
    bool goes_on = true;
    if (lane.observer && store.t < problem_.until_s && due >= lane.next_sample) {
      lane.next_sample = problem_.start_s +
                         options_.sample_every_s *
                             (std::floor((store.t - problem_.start_s) / options_.sample_every_s + 1e-9) + 1);
      goes_on = sampled(lane, store);
    }
    if (goes_on && !over && only_drivers_due(lane, store, due, keeper)) {
      keeper.drive(lane, store);
      flat_.to_column(store, column, ints);
    } else if (goes_on && (over || is_due(lane, store, due))) {
      bool jumped = false;
      goes_on = sampled(lane, store) && keeper.happen(lane, store, jumped) &&
                (!jumped || over || sampled(lane, store));
      flat_.to_column(store, column, ints);
      if (jumped) {
        column[at_.h1] = column[at_.h2] = 0;
        column[at_.pace] = problem_.least_step_s;
      }
    }
    if (goes_on && !over) {
      go_on(lane, column, ints);
      return;
    }
    finish(lane, column, store.t, store);
    begin(lane, column, ints, keeper, store);
  }
  /// Whether anything happens at this point, beside its being looked at.
  [[nodiscard]] bool is_due(const Lane& lane, const Store<double>& store, double due) const {
    if (lane.next_action < lane.last_action && problem_.actions[lane.next_action].time_s <= due) return true;
    for (const double expiry : store.timer)
      if (expiry <= due) return true;
    return crossed(store);
  }
  [[nodiscard]] bool only_drivers_due(const Lane& lane, const Store<double>& store, double due,
                                      const LaneKeeper& keeper) const {
    return !crossed(store) && keeper.only_drivers(lane, due, [&](int timer) { return store.timer[timer]; });
  }
  [[nodiscard]] bool crossed(const Store<double>& store) const {
    return std::any_of(evaluator_.watched().begin(), evaluator_.watched().end(),
                       [&](const auto& w) { return store.guard[w.guard] > kGuardTolerance; });
  }
  /// False when the scenario's observer ended it.
  bool sampled(Lane& lane, Store<double>& store) const {
    if (!lane.observer) return true;
    evaluator_.evaluate_all_outputs(store);
    if (lane.observer->sample(store)) return true;
    lane.result.ending = Ending::STOPPED;
    return false;
  }

  void go_on(const Lane& lane, double* column, int* ints) const {
    ints[int_at_.status] = LANE_RUNS;
    column[at_.stop] =
        lane.next_action < lane.last_action ? problem_.actions[lane.next_action].time_s : kInfinity;
    column[at_.look] = lane.observer && options_.sample_every_s > 0 ? lane.next_sample : kInfinity;
  }

  /// The next scenario that does not end at its start, if there is one.
  void begin(Lane& lane, double* column, int* ints, LaneKeeper& keeper, Store<double>& store) {
    for (;;) {
      ints[int_at_.status] = LANE_IDLE;
      if (options_.stop && options_.stop()) return;
      const std::size_t k = next_.fetch_add(1);
      if (k >= scenarios_.size()) return;
      std::fill_n(column, at_.shared, 0.0);
      for (int member = 0; member < flat_.layout().team; ++member) {
        double* extreme = column + at_.extreme + 12 * member;
        const double worst[] = {1e300, -1.0, 1e300, -1e300};
        for (int e = 0; e < 4; ++e) {
          extreme[3 * e] = worst[e];
          extreme[3 * e + 2] = -1;
        }
      }
      if (!keeper.start(scenarios_[k], lane, store)) {
        finish(lane, column, problem_.start_s, store);
        continue;
      }
      flat_.to_column(store, column, ints);
      column[at_.pace] = problem_.least_step_s;
      ints[int_at_.attempts] = ints[int_at_.steps] = ints[int_at_.rejected] = 0;
      go_on(lane, column, ints);
      return;
    }
  }

  void finish(Lane& lane, const double* column, double t, Store<double>& store) {
    Result& r = lane.result;
    evaluator_.evaluate_all_outputs(store);
    if (lane.observer && r.ending == Ending::COMPLETED) lane.observer->sample(store);
    r.end_s = t;
    r.voltage_min = extreme(column, 0, 1);
    r.voltage_max = extreme(column, 1, -1);
    r.voltage_min.value = std::sqrt(r.voltage_min.value);
    r.voltage_max.value = std::sqrt(r.voltage_max.value);
    r.speed_min = extreme(column, 2, 1);
    r.speed_max = extreme(column, 3, -1);
    r.x = store.x;
    r.signals = store.s;
    if (lane.observer) lane.observer->end(r);
    if (options_.done)
      options_.done(std::move(r));
    else
      results_[slot_[r.scenario]] = std::move(r);
    lane = Lane();
  }
  /// Of all members of the team: the smallest (sign 1) or largest, the first of equal ones.
  [[nodiscard]] Extreme extreme(const double* column, int which, int sign) const {
    Extreme best;
    for (int member = 0; member < flat_.layout().team; ++member) {
      const double* e = column + at_.extreme + 12 * member + 3 * which;
      const Extreme one{e[0], e[1], static_cast<int>(e[2])};
      const double gain = sign * (best.value - one.value);
      if (member == 0 || gain > 0 || (gain == 0 && sooner(one, best))) best = one;
    }
    return best;
  }
};

}  // namespace

std::vector<Result> run_on_machine(
    const Problem& problem, const Options& options, int team,
    const std::function<std::unique_ptr<Machine>(const FlatMemory&, int)>& make) {
  if (options.sample_every_s > 0 &&
      !(options.watch_states.empty() && options.watch_signals.empty() && options.watch_buses.empty()))
    throw MachineError(
        "states and signals are not watched from step to step on this backend; give an observer, or run "
        "these "
        "scenarios with the backend cpu");
  return Driver(problem, options, team, make).run();
}

}  // namespace ballast::batch
