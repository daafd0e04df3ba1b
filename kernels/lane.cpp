#include "kernels/lane.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "models/datacenter/tap_changer.hpp"

namespace ballast::batch {
namespace {

/// Multiplies the turns at `from` of a branch's block by 1/factor.
void turn(Block& block, double factor) {
  for (int k = 0; k < 2; ++k) block[k] *= factor * factor;  // ff; then ft and tf
  for (int k = 2; k < 6; ++k) block[k] *= factor;
}

}  // namespace

std::vector<LaneKeeper::Tap> LaneKeeper::find_taps(const Problem& problem) {
  std::vector<Tap> taps;
  for (const Group& group : problem.groups) {
    if (group.model != ModelName<TapChanger>::value) continue;
    for (int i = 0; i < group.count(); ++i)
      for (const auto& [signal, branch] : problem.closed_signals)
        if (signal == group.in_at[i * TapChanger::kInputs + TapChanger::CLOSED])
          taps.push_back({group.out_at[i] + TapChanger::TAP_RATIO, branch});
  }
  return taps;
}

void LaneKeeper::move_taps(Lane& lane, Store<double>& store) const {
  if (taps_.empty()) return;
  evaluator_.evaluate_all_outputs(store);
  const Rest& rest = problem_.rests[problem_.scenarios[lane.scenario].rest];
  for (std::size_t k = 0; k < taps_.size(); ++k) {
    const double now = rest.signals[taps_[k].signal] / store.s[taps_[k].signal];
    if (now == lane.tap[k]) continue;
    turn(lane.block[taps_[k].branch], now / lane.tap[k]);
    lane.tap[k] = now;
  }
}

double LaneKeeper::next_stop(const Lane& lane, double timer) const {
  double stop = std::min(problem_.until_s, timer);
  if (lane.next_action < lane.last_action) stop = std::min(stop, problem_.actions[lane.next_action].time_s);
  return stop;
}

bool LaneKeeper::start(int scenario, Lane& lane, Store<double>& store) {
  const Scenario& s = problem_.scenarios[scenario];
  const Rest& rest = problem_.rests[s.rest];
  lane = Lane();
  lane.scenario = scenario;
  lane.next_action = s.first_action;
  lane.last_action = s.last_action;
  lane.next_sample = problem_.start_s;
  lane.pace = problem_.least_step_s;
  lane.result.scenario = scenario;
  for (std::size_t k = 0; k < problem_.branches.size(); ++k) {
    const bool closed = problem_.branches[k].closed;
    lane.block.push_back(closed ? rest.block[k] : Block{});
    lane.connects.push_back(closed ? 1 : 0);
  }
  lane.tap.assign(taps_.size(), 1.0);
  lane.fault_B.assign(s.faults, 0.0);
  lane.shunt_G = rest.shunt_G;
  lane.shunt_B = rest.shunt_B;
  if (started_rest_ != s.rest) {
    started_rest_ = -1;
    if (!stand(rest, lane, store)) {
      lane.result.ending = Ending::NO_SOLUTION;
      return false;
    }
    started_ = store;
    started_rest_ = s.rest;
  } else {
    store = started_;
  }
  for (const auto& [signal, plant] : problem_.demands)
    lane.demand.push_back({1, store.s[signal], store.s[signal]});
  for (std::size_t k = 0; k < problem_.orders.size(); ++k) lane.obeyed.push_back(ordered(lane, k, store));
  if (options_.observe) lane.observer = options_.observe(scenario);
  if (lane.observer) {
    lane.observer->begin(lane, store);
    lane.reads = lane.observer->reads();
  }
  bool jumped = false;
  return happen(lane, store, jumped);
}

bool LaneKeeper::stand(const Rest& rest, Lane& lane, Store<double>& store) {
  store = evaluator_.make_store<double>();
  store.t = problem_.start_s;
  store.x = rest.x;
  store.s = rest.signals;
  store.mode = rest.mode;
  store.held = rest.held;
  store.timer = rest.timer;
  const double* parameters = rest.parameters.data();
  for (std::size_t k = 0; k < problem_.own_parts.size(); ++k) {
    const int g = problem_.own_parts[k][0];
    evaluator_.group(g).derive(parameters, rest.device_MVA[k], problem_, store.own[k].data());
    parameters += problem_.groups[g].parameters.size() / problem_.groups[g].count();
  }
  for (std::size_t k = 0; k < problem_.ramped.size(); ++k) {
    store.ramp[4 * k] = problem_.start_s;
    store.ramp[4 * k + 1] = 0;
    store.ramp[4 * k + 2] = store.ramp[4 * k + 3] = store.s[problem_.ramped[k]];
  }
  find_islands(lane, store);
  if (!solve(lane, store)) return false;
  evaluator_.evaluate_all_outputs(store);
  return true;
}

void LaneKeeper::find_islands(const Lane& lane, Store<double>& store) const {
  // A bus lives while a source is connected to it.
  std::vector<int> root(problem_.buses);
  std::iota(root.begin(), root.end(), 0);
  const auto find = [&](int b) {
    while (root[b] != b) b = root[b] = root[root[b]];
    return b;
  };
  for (std::size_t k = 0; k < problem_.branches.size(); ++k)
    if (lane.connects[k] != 0) root[find(problem_.branches[k].from)] = find(problem_.branches[k].to);
  std::vector<char> lives(problem_.buses, 0);
  double total = 0;
  int infinite = -1;  // the first source of infinite inertia: the frame turns with it
  const std::vector<double>& inertia = problem_.rests[problem_.scenarios[lane.scenario].rest].inertia;
  for (std::size_t k = 0; k < problem_.weights.size(); ++k) {
    const Weight& w = problem_.weights[k];
    if (store.active[w.plant] < 0.5 || problem_.in_service[w.bus] == 0) continue;
    lives[find(w.bus)] = 1;
    if (!std::isinf(inertia[k]))
      total += inertia[k];
    else if (infinite < 0)
      infinite = static_cast<int>(k);
  }
  store.all_alive = true;
  for (int b = 0; b < problem_.buses; ++b) {
    const bool alive = problem_.in_service[b] != 0 && lives[find(b)] != 0;
    store.alive[b] = alive ? 1 : 0;
    store.all_alive = store.all_alive && alive;
    if (!alive) store.s[2 * b] = store.s[2 * b + 1] = 0;
  }
  store.all_active = std::all_of(store.active.begin(), store.active.end(), [](double a) { return a > 0.5; });
  for (std::size_t k = 0; k < problem_.weights.size(); ++k) {
    const bool counts = store.active[problem_.weights[k].plant] > 0.5 && infinite < 0 && total > 0;
    store.weight[k] = static_cast<int>(k) == infinite ? 1 : counts ? inertia[k] / total : 0;
  }
}

/// Buses without a meaningful angle start from the nearest bus with one (see the solver's NetworkSolution).
void LaneKeeper::lift_dead_voltages(const Lane& lane, Store<double>& store) const {
  constexpr double kMeaningful = 0.3;  // pu
  std::vector<char> known(problem_.buses, 0);
  bool missing = false;
  for (int b = 0; b < problem_.buses; ++b) {
    known[b] = store.alive[b] < 0.5 || std::hypot(store.s[2 * b], store.s[2 * b + 1]) >= kMeaningful ? 1 : 0;
    missing = missing || known[b] == 0;
  }
  while (missing) {
    missing = false;
    bool any = false;
    std::vector<char> now = known;
    for (std::size_t k = 0; k < problem_.branches.size(); ++k) {
      if (lane.connects[k] == 0) continue;
      for (int way = 0; way < 2; ++way) {
        const int from = way == 0 ? problem_.branches[k].from : problem_.branches[k].to;
        const int to = way == 0 ? problem_.branches[k].to : problem_.branches[k].from;
        if (known[from] == 0 || now[to] != 0 || store.alive[from] < 0.5) continue;
        const double size = std::hypot(store.s[2 * from], store.s[2 * from + 1]);
        store.s[2 * to] = store.s[2 * from] / size;
        store.s[2 * to + 1] = store.s[2 * from + 1] / size;
        now[to] = 1;
        any = true;
      }
    }
    known = now;
    missing = any && std::find(known.begin(), known.end(), 0) != known.end();
  }
}

void LaneKeeper::place_fault(Lane& lane, const Action& action, double B) const {
  if (action.kind == Action::BUS_SHUNT)
    lane.shunt_B[action.index] = action.value[1] + B;
  else
    lane.block[action.index][action.end == 0 ? 1 : 7] = action.value[action.end == 0 ? 1 : 7] + B;
}

double LaneKeeper::susceptance_for(int bus, double wanted_pu, const Store<double>& store) {
  double Z[2][2];
  for (int way = 0; way < 2; ++way) {
    std::fill(scratch_.right.begin(), scratch_.right.end(), 0.0);
    scratch_.right[2 * bus + way] = 1;
    evaluator_.solve_factor(store, scratch_.right.data());
    Z[0][way] = scratch_.right[2 * bus];
    Z[1][way] = scratch_.right[2 * bus + 1];
  }
  const double Vr = store.s[2 * bus];
  const double Vi = store.s[2 * bus + 1];
  const auto voltage = [&](double B) {  // (1 + Z jB)^-1 V
    const double a = 1 + Z[0][1] * B;
    const double b = -Z[0][0] * B;
    const double c = Z[1][1] * B;
    const double d = 1 - Z[1][0] * B;
    const double det = a * d - b * c;
    return std::hypot(d * Vr - b * Vi, a * Vi - c * Vr) / std::abs(det);
  };
  // More reactance to ground lowers the voltage; less than there is now raises it.
  const double sign = voltage(0) > wanted_pu ? -1 : 1;
  double low = -16;
  double high = 16;  // of log |B|
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    ((voltage(sign * std::exp(middle)) > wanted_pu) == (sign < 0) ? low : high) = middle;
  }
  return sign * std::exp((low + high) / 2);
}

bool LaneKeeper::solve(Lane& lane, Store<double>& store, const Action* sizing) {
  int bus = -1;
  double wanted_pu = 0;
  double B = 0;
  if (sizing != nullptr) {
    const batch::Branch* branch =
        sizing->kind == Action::BRANCH ? &problem_.branches[sizing->index] : nullptr;
    bus = branch == nullptr ? sizing->index : sizing->end == 0 ? branch->from : branch->to;
    wanted_pu = sizing->residual;
    if (store.alive[bus] < 0.5) bus = -1;
    // A fault only lowers the voltage.
    else if (!(std::hypot(store.s[2 * bus], store.s[2 * bus + 1]) > wanted_pu))
      return false;
  }
  // Newton: slope and factor anew at each point.
  const std::vector<double> guess(store.s.begin(), store.s.begin() + 2 * problem_.buses);
  for (const bool lifted : {true, false}) {
    std::copy(guess.begin(), guess.end(), store.s.begin());
    if (bus >= 0 && lifted) continue;
    if (lifted) lift_dead_voltages(lane, store);
    store.rate = 0.25;
    for (int iteration = 0; iteration < 15; ++iteration) {
      const std::vector<double> before(store.s.begin(), store.s.begin() + 2 * problem_.buses);
      evaluator_.find_slopes(store);
      if (!evaluator_.factorise(lane.block, lane.shunt_G, lane.shunt_B, store)) break;
      const bool failed = evaluator_.evaluate(store, true, scratch_);
      double change = 0;
      for (int k = 0; k < 2 * problem_.buses; ++k)
        change = std::max(change, std::abs(store.s[k] - before[k]));
      if (!std::isfinite(change)) break;
      if (bus >= 0 && std::abs(std::hypot(store.s[2 * bus], store.s[2 * bus + 1]) - wanted_pu) > 1e-8) {
        B = std::min(B + susceptance_for(bus, wanted_pu, store), 0.0);
        lane.fault_B[sizing->fault] = B;
        place_fault(lane, *sizing, B);
        continue;
      }
      if (!failed && change < 0.02) {
        evaluator_.find_stiff(store, scratch_);
        evaluator_.evaluate(store, true, scratch_);
        return true;
      }
    }
  }
  return false;
}

Effect LaneKeeper::advance(Lane& lane, Store<double>& store, int group, int part, const Happening& what) {
  const DeviceGroup& g = evaluator_.group(group);
  const int at = problem_.groups[group].mode_first + part * g.modes + g.limits;
  const int before = g.modes > g.limits ? store.mode[at] : 0;
  Reason reason;
  const Effect effect = g.advance(part, what, store, reason);
  if (lane.observer) lane.observer->moved(group, part, what, before, effect, reason, store);
  const int after = g.modes > g.limits ? store.mode[at] : 0;
  if (before != after || effect == Effect::JUMP)
    lane.result.events.push_back({what.kind == Happening::TIMER ? Event::TIMER : Event::GUARD, what.time,
                                  group, part, what.index, before, after});
  return effect;
}

bool LaneKeeper::apply_actions(Lane& lane, Store<double>& store, bool& jump, bool& network,
                               const Action*& sizing) {
  bool any = false;
  const double due = store.t + same_instant(store.t);
  const int first = lane.next_action;
  int last = first;  // of what is taken together: a fault that is sized comes alone
  while (last < lane.last_action && problem_.actions[last].time_s <= due) {
    const bool sized = problem_.actions[last].residual >= 0;
    if (sized && last > first) break;
    ++last;
    if (sized) break;
  }
  if (lane.observer && last > first) lane.observer->acting(first, last, store);
  for (; lane.next_action < last; ++lane.next_action) {
    const Action& a = problem_.actions[lane.next_action];
    any = true;
    lane.result.events.push_back({Event::ACTION, a.time_s, -1, -1, lane.next_action, 0, 0});
    switch (a.kind) {
      case Action::BRANCH:
        set_closed(lane, store, a.index, a.flag != 0, a.value);
        jump = network = true;
        break;
      case Action::BUS_SHUNT:
        lane.shunt_G[a.index] = a.value[0];
        lane.shunt_B[a.index] = a.value[1];
        jump = network = true;
        break;
      case Action::PLANT:
        set_active(store, a.index, a.flag != 0);
        jump = network = true;
        break;
      case Action::SIGNAL:
        store.s[a.index] = a.value[0];
        if (const int k = demand_at(a.index); k >= 0) {
          lane.demand[k].from = lane.demand[k].to = a.value[0];
          put_demand(lane, k, store);
        }
        jump = true;
        break;
      case Action::RAMP: {
        double* r = store.ramp.data() + 4 * a.index;
        r[0] = a.time_s;
        r[1] = a.value[2] > 0 ? 1 / a.value[2] : 1e300;
        r[2] = a.value[0];
        r[3] = a.value[1];
        if (const int k = demand_at(problem_.ramped[a.index]); k >= 0) {
          lane.demand[k].from = r[2];
          lane.demand[k].to = r[3];
          put_demand(lane, k, store);
        }
        jump = jump || !(a.value[2] > 0);
        break;
      }
      case Action::TIMER:
        store.timer[a.index] = a.time_s;
        break;
      default:
        break;
    }
    if (a.fault >= 0) place_fault(lane, a, lane.fault_B[a.fault]);
    if (a.residual >= 0) sizing = &a;
  }
  return any;
}

void LaneKeeper::set_closed(Lane& lane, Store<double>& store, int branch, bool closed,
                            const Block& block) const {
  lane.block[branch] = block;
  for (std::size_t k = 0; k < taps_.size(); ++k)
    if (taps_[k].branch == branch) turn(lane.block[branch], lane.tap[k]);
  lane.connects[branch] = closed ? 1 : 0;
  for (const auto& [signal, of] : problem_.closed_signals)
    if (of == branch) store.s[signal] = closed ? 1 : 0;
}

void LaneKeeper::set_active(Store<double>& store, int plant, bool active) const {
  store.active[plant] = active ? 1 : 0;
  for (const auto& [signal, of] : problem_.active_signals)
    if (of == plant) store.s[signal] = active ? 1 : 0;
}

void LaneKeeper::drive(Lane& lane, Store<double>& store) {
  const double due = store.t + same_instant(store.t);
  for (const Evaluator::Clock& clock : evaluator_.clocks()) {
    double& expiry = store.timer[clock.timer];
    while (expiry <= due) {
      const double time = expiry;
      expiry = std::numeric_limits<double>::infinity();
      (void)advance(lane, store, clock.group, clock.part, {Happening::TIMER, clock.index, time});
    }
  }
}

bool LaneKeeper::happen(Lane& lane, Store<double>& store, bool& jumped) {
  jumped = false;
  const auto end = [&](Ending why) {
    lane.result.ending = why;
    return false;
  };
  for (int round = 0;; ++round) {
    if (round == 200) return end(Ending::NO_REST);
    bool jump = false;
    bool network = false;
    const Action* sizing = nullptr;
    bool any = apply_actions(lane, store, jump, network, sizing);
    const double due = store.t + same_instant(store.t);
    for (const Evaluator::Clock& clock : evaluator_.clocks()) {
      double& expiry = store.timer[clock.timer];
      if (expiry > due) continue;
      const double time = expiry;
      expiry = std::numeric_limits<double>::infinity();
      jump = advance(lane, store, clock.group, clock.part, {Happening::TIMER, clock.index, time}) ==
                 Effect::JUMP ||
             jump;
      any = true;
    }
    if (!any) {
      std::vector<const Evaluator::Watched*> fired;
      for (const Evaluator::Watched& w : evaluator_.watched())
        if (store.guard[w.guard] > kGuardTolerance) fired.push_back(&w);
      for (const Evaluator::Watched* w : fired) {
        jump =
            advance(lane, store, w->group, w->part, {Happening::GUARD, w->index, store.t}) == Effect::JUMP ||
            jump;
        any = true;
      }
    }
    if (!any) return true;
    if (!jump) {
      if (evaluator_.evaluate(store, true, scratch_)) return end(Ending::NO_SOLUTION);
      evaluator_.evaluate_all_outputs(store);
      if (lane.observer) lane.observer->settled(lane, store, false);
      continue;
    }
    jumped = true;
    obey_orders(lane, store, network);
    if (network) find_islands(lane, store);
    const std::vector<double> before = store.s;
    move_taps(lane, store);
    if (!solve(lane, store, sizing)) return end(Ending::NO_SOLUTION);
    for (std::size_t g = 0; g < problem_.groups.size(); ++g)
      for (int i = 0; i < problem_.groups[g].count(); ++i)
        evaluator_.group(static_cast<int>(g)).on_jump(i, before.data(), store);
    if (evaluator_.evaluate(store, true, scratch_)) return end(Ending::NO_SOLUTION);
    evaluator_.evaluate_all_outputs(store);
    if (lane.observer) lane.observer->settled(lane, store, network);
  }
}

}  // namespace ballast::batch
