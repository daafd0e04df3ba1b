/// \file
/// The method on one lane, its work shared by the threads of a team: the step of stepper.hpp, the evaluation
/// of evaluator.cpp and the choice of steps of tile.hpp, in the same operations and the same order, so
/// that a lane has the bits of run_alone where the compiler fuses no multiplications.
///
/// All members of a team hold the lane's few scalars and decide alike; what they share out is loops. A team
/// offers
///   rank(), size()       this member and how many there are
///   sync()               memory written before it is seen by all after it
///   any(yes)             whether any lane of the tile says yes: the tile goes on in step
///   most(v), least(v)    over the members of the lane's team
/// and every member calls sync, any, most and least equally often.
#pragma once

#include "kernels/lane_equations.hpp"
#include "kernels/method_constants.hpp"

namespace ballast::batch {

template <class Team>
class LaneRun {
 public:
  BALLAST_HD LaneRun(const ProblemView& problem, const LaneView& view, Team& its_team)
      : p(problem), lane(view), team(its_team) {}

  /// At most `steps` steps; lanes that need the host stop before that.
  BALLAST_HD void run(int steps) {
    take();
    for (int k = 0; k < steps; ++k) {
      if (!team.any(status == LANE_RUNS)) break;
      one_step();
    }
    team.sync();
    give();
  }

 private:
  const ProblemView& p;
  const LaneView lane;
  Team& team;
  int status = LANE_IDLE, attempts = 0, steps_done = 0, rejected = 0;
  double t = 0, started = 0, turned = 0, rate = 0, h1 = 0, h2 = 0, redo = 0, pace = 0, stop = 0, look = 0;
  struct Running {
    double value, time, bus;
  };
  Running low{}, high{}, slow{}, fast{};

  // ---- scalars to and from the columns
  template <class Move>
  BALLAST_HD void scalars(const Move& move) {
    move(lane(p.at.t), t);
    move(lane(p.at.started), started);
    move(lane(p.at.turned), turned);
    move(lane(p.at.rate), rate);
    move(lane(p.at.h1), h1);
    move(lane(p.at.h2), h2);
    move(lane(p.at.redo), redo);
    move(lane(p.at.pace), pace);
    move(lane(p.at.stop), stop);
    move(lane(p.at.look), look);
    move(lane.whole(p.int_at.status), status);
    move(lane.whole(p.int_at.attempts), attempts);
    move(lane.whole(p.int_at.steps), steps_done);
    move(lane.whole(p.int_at.rejected), rejected);
  }
  template <class Move>
  BALLAST_HD void extremes_of(const Move& move) {
    int at = p.at.extreme + 12 * team.rank();
    Running* all[] = {&low, &high, &slow, &fast};
    for (Running* r : all) {
      move(lane(at), r->value);
      move(lane(at + 1), r->time);
      move(lane(at + 2), r->bus);
      at += 3;
    }
  }
  struct Load {
    template <class V>
    BALLAST_HD void operator()(V& item, V& own) const {
      own = item;
    }
  };
  struct Save {
    template <class V>
    BALLAST_HD void operator()(V& item, V& own) const {
      item = own;
    }
  };
  BALLAST_HD void take() {
    scalars(Load());
    extremes_of(Load());
    team.sync();
  }
  BALLAST_HD void give() {
    if (team.rank() == 0) scalars(Save());
    extremes_of(Save());
  }

  // ---- one step
  BALLAST_HD void one_step() {
    const bool runs = status == LANE_RUNS;
    double timer = kInfinity;
    for (int i = team.rank(); runs && i < p.timers; i += team.size())
      timer = min_(timer, lane(p.at.timer + i));
    timer = team.least(timer);
    const double h = runs ? next_step(timer) : 0.0;
    const double speed_before = lane(p.at.s + p.frame_signal);
    const bool failed = step(h, runs);
    double crossed_here = 0;
    double wild_here = 0;
    double error_here = 0;
    for (int k = team.rank(); runs && k < p.watched; k += team.size())
      if (lane(p.at.guard + p.watched_guard[k]) > kGuardTolerance) crossed_here = 1;
    for (int i = team.rank(); runs && i < p.states; i += team.size()) {
      const double apart = p.error_share[i] * abs_(0.5 * h * (lane(p.at.k1 + i) + lane(p.at.f + i)) -
                                                   (lane(p.at.x + i) - lane(p.at.u + i)));
      if (!(apart - apart == 0)) wild_here = 1;
      error_here = max_(apart, error_here);
    }
    const double error = team.most(error_here);
    const bool crossed = team.most(crossed_here) > 0;
    const bool bad = failed || team.most(wild_here) > 0;
    bool again = false;
    if (runs) ++steps_done;
    const bool locates = runs && crossed && !bad && attempts < kAttempts && h > kLocated * p.least_step_s;
    if (team.any(locates)) {
      const double crossing = crossing_share(locates) * h;
      if (locates && h - crossing > kLocated * p.least_step_s) {
        ++attempts;
        ++rejected;
        redo = max_(crossing, 0.0) + 0.5 * kLocated * p.least_step_s;
        again = true;
      }
    }
    if (runs && bad) {
      ++rejected;
      again = h > kShortest * p.least_step_s;
      if (again)
        redo = h / 2;
      else
        status = LANE_FAILED;
    }
    if (runs && !bad && !crossed && error > kTooCoarse * kStepError && !(redo > 0) && h > p.least_step_s) {
      ++rejected;
      redo = h / 2;
      again = true;
    }
    if (again) go_back();
    const bool accepted = runs && !again && !(bad);
    if (accepted) {
      const double speed = lane(p.at.s + p.frame_signal);
      turned = turned + h * p.half_turn * ((speed - 1.0) + (speed_before - 1.0));
      extremes();
      accept(h);
      attempts = 0;
      redo = 0;
      pace = next_pace(pace, h, error, p.least_step_s, p.step_s);
      const double due = t + 1e-12 * (1 + (t < 0 ? -t : t));
      if (crossed || min_(min_(p.until_s, timer), min_(stop, look)) <= due) status = LANE_EVENT;
      for (int k = team.rank(); k < p.watched; k += team.size())
        lane(p.at.was_guard + k) = lane(p.at.guard + p.watched_guard[k]);
    }
    team.sync();
  }

  BALLAST_HD double next_step(double timer) const {
    if (redo > 0) return redo;
    const double left = min_(min_(p.until_s, timer), stop) - t;
    if (left <= kStretch * pace) return left;
    return left < 2 * pace ? left / 2 : pace;
  }

  /// Where in the step the first automaton's guard crossed, by straight lines.
  BALLAST_HD double crossing_share(bool mine) {
    double share = 1;
    for (int k = team.rank(); mine && k < p.watched; k += team.size()) {
      const double now = lane(p.at.guard + p.watched_guard[k]);
      if (!(now > kGuardTolerance)) continue;
      const double was = lane(p.at.was_guard + k);
      share = min_(share, was < 0 ? -was / (now - was) : 0.0);
    }
    return team.least(share);
  }

  BALLAST_HD void go_back() {
    for (int i = team.rank(); i < p.states; i += team.size()) {
      lane(p.at.x + i) = lane(p.at.u + i);
      lane(p.at.f + i) = lane(p.at.f0 + i);
    }
    for (int k = team.rank(); k < 2 * p.buses; k += team.size()) lane(p.at.s + k) = lane(p.at.V + k);
    t = started;
  }

  BALLAST_HD static void put(Running& r, double value, double time, double bus) {
    r.value = value;
    r.time = time;
    r.bus = bus;
  }
  BALLAST_HD void extremes() {
    if (!(t >= p.extremes_from_s)) return;
    for (int b = team.rank(); b < p.buses; b += team.size()) {
      const double Vr = lane(p.at.s + 2 * b);
      const double Vi = lane(p.at.s + 2 * b + 1);
      const double size = Vr * Vr + Vi * Vi;
      if (!(lane(p.at.alive + b) > 0.5)) continue;
      if (size < low.value) put(low, size, t, b);
      if (size > high.value) put(high, size, t, b);
    }
    const double speed = lane(p.at.s + p.frame_signal);
    if (speed < slow.value) put(slow, speed, t, -1);
    if (speed > fast.value) put(fast, speed, t, -1);
  }

  BALLAST_HD void accept(double h) {
    for (int k = team.rank(); k < 2 * p.buses; k += team.size()) {
      lane(p.at.V2 + k) = lane(p.at.V1 + k);
      lane(p.at.V1 + k) = lane(p.at.V + k);
      lane(p.at.correction + k) = lane(p.at.s + k) - lane(p.at.stage + k);
    }
    h2 = h1;
    h1 = h;
  }

  /// By h where `runs`; says whether this lane's voltages did not converge.
  BALLAST_HD bool step(double h, bool runs) {
    started = runs ? t : started;
    for (int i = team.rank(); runs && i < p.states; i += team.size()) {
      const double f = lane(p.at.f + i);
      lane(p.at.u + i) = lane(p.at.x + i);
      lane(p.at.f0 + i) = f;
      lane(p.at.k1 + i) = f;
    }
    team.sync();
    multiply_stiff(p.at.k1, h, runs);
    for (int i = team.rank(); runs && i < p.states; i += team.size())
      lane(p.at.x + i) = lane(p.at.u + i) + h * lane(p.at.k1 + i);
    if (runs) t = t + h;
    const bool line = h1 > 0.0;
    const bool parabola = line && h2 > 0.0;
    const double safe1 = line ? h1 : 1.0;
    const double safe2 = parabola ? h2 : 1.0;
    const double first = line ? h / safe1 : 0.0;
    const double second = parabola ? h * (h + safe1) / (safe2 * (safe1 + safe2)) : 0.0;
    const double stretch = first * first;
    for (int k = team.rank(); runs && k < 2 * p.buses; k += team.size()) {
      const double V = lane(p.at.s + k);
      lane(p.at.V + k) = V;
      const double V1 = lane(p.at.V1 + k);
      const double back = V - V1;
      const double guess = V + back * first + (back * (safe2 / safe1) - (V1 - lane(p.at.V2 + k))) * second;
      lane(p.at.s + k) = guess - lane(p.at.correction + k) * stretch;
    }
    team.sync();
    const bool failed = evaluate(runs);
    for (int i = team.rank(); runs && i < p.states; i += team.size())
      lane(p.at.f + i) = lane(p.at.f + i) - 2.0 * lane(p.at.k1 + i);
    team.sync();
    multiply_stiff(p.at.f, h, runs);
    for (int i = team.rank(); runs && i < p.states; i += team.size())
      lane(p.at.x + i) = lane(p.at.u + i) + h * (1.5 * lane(p.at.k1 + i) + 0.5 * lane(p.at.f + i));
    for (int k = team.rank(); runs && k < 2 * p.buses; k += team.size()) {
      const double V = lane(p.at.s + k);
      lane(p.at.stage + k) = V;
      lane(p.at.s + k) = V + lane(p.at.correction + k) * stretch;
    }
    team.sync();
    return evaluate(runs && !failed) || failed;
  }

  BALLAST_HD void multiply_stiff(int vector, double h, bool runs) {
    if (p.stiff_states == 0) return;
    int matrices = p.at.stiff;
    double bound = kShort * p.step_s;
    for (int k = 1; k < p.stiff_lengths; ++k, bound /= 2)
      if (h < bound) matrices = p.at.stiff + k * p.stiff_entries;
    for (int r = team.rank(); runs && r < p.stiff_states; r += team.size())
      lane(p.at.stiff_copy + r) = lane(vector + p.stiff_state[r]);
    team.sync();
    for (int r = team.rank(); runs && r < p.stiff_states; r += team.size()) {
      double sum = 0;
      for (int j = 0; j < p.stiff_count[r]; ++j)
        sum = fma_(lane(matrices + p.stiff_matrix[r] + j), lane(p.at.stiff_copy + p.stiff_first[r] + j), sum);
      lane(vector + p.stiff_state[r]) = sum;
    }
    team.sync();
  }

  // ---- rates at a point
  BALLAST_HD void given_signals() {
    lane(p.at.s + p.time_signal) = t;
    for (int k = 0; k < p.ramped; ++k) {
      const int r = p.at.ramp + 4 * k;
      const double share = clamp_((t - lane(r)) * lane(r + 1), 0.0, 1.0);
      lane(p.at.s + p.ramped_signal[k]) = lane(r + 2) + (lane(r + 3) - lane(r + 2)) * share;
    }
    double speed = 1.0;
    for (int k = 0; k < p.weights; ++k)
      speed = speed + lane(p.at.weight + k) * lane(p.at.x + p.weight_state[k]);
    lane(p.at.s + p.frame_signal) = speed;
  }

  BALLAST_HD void give(const Levels& levels, bool mine) {
    for (int l = 0; l < levels.count; ++l) {
      for (int i = levels.start[l] + team.rank(); mine && i < levels.start[l + 1]; i += team.size())
        give_outputs(p, levels.task[i], lane);
      team.sync();
    }
  }

  BALLAST_HD bool evaluate(bool todo) {
    if (todo && team.rank() == 0) given_signals();
    team.sync();
    bool failed = false;
    for (int round = 0; round < kLimitRounds; ++round) {
      give(p.before, todo);
      failed = network(todo && !failed) || failed;
      give(p.read, todo);
      double moved = 0;
      for (int i = team.rank(); todo && i < p.parts; i += team.size())
        if (give_rates(p, i, lane)) moved = 1;
      todo = team.most(moved) > 0;
      if (!team.any(todo)) break;
    }
    return failed;
  }

  /// Voltages, by iteration on the currents. Says whether those of this lane did not converge.
  BALLAST_HD bool network(bool todo) {
    double before = 0;
    for (int iteration = 0; iteration < kMaxIterations; ++iteration) {
      give(p.network, todo);
      for (int b = team.rank(); todo && b < p.buses; b += team.size()) injected(b);
      team.sync();
      solve(todo);
      double change = 0;
      for (int k = team.rank(); todo && k < 2 * p.buses; k += team.size()) {
        double& V = lane(p.at.s + k);
        const double now = lane.r(k);
        change = max_(change, abs_(now - V));
        V = now;
      }
      change = team.most(change);
      if (todo) {
        if (iteration > 0) rate = clamp_(2.0 * change / max_(before, 1e-300), 1e-3, 0.9);
        before = change;
        const double left = change * rate / (1.0 - rate);
        todo = !(left <= p.voltage_tolerance);
      }
      if (!team.any(todo)) return false;
    }
    return todo;
  }

  /// The current into bus b beyond what the factor holds.
  BALLAST_HD void injected(int b) {
    double re = 0;
    double im = 0;
    if (const int k = p.place[b]; k >= 0) {
      for (int i = p.injection_start[k]; i < p.injection_start[k + 1]; ++i) {
        re = re + lane(p.at.s + p.injection[i].signal_r);
        im = im + lane(p.at.s + p.injection[i].signal_i);
      }
      const double Vr = lane(p.at.s + 2 * b);
      const double Vi = lane(p.at.s + 2 * b + 1);
      const int a = p.at.slope + 4 * k;
      re = re - (lane(a) * Vr + lane(a + 1) * Vi);
      im = im - (lane(a + 2) * Vr + lane(a + 3) * Vi);
    }
    lane.r(2 * b) = re * lane(p.at.alive + b);
    lane.r(2 * b + 1) = im * lane(p.at.alive + b);
  }

  /// A row's products with entries first to last - 1, taken from its right-hand side.
  BALLAST_HD void subtract(int first, int last, double& re, double& im) const {
    for (int k = first; k < last; ++k) {
      const int a = p.at.factor + 4 * k;
      const double Vr = lane.r(2 * p.column[k]);
      const double Vi = lane.r(2 * p.column[k] + 1);
      re = fma_(-lane(a), Vr, re);
      re = fma_(-lane(a + 1), Vi, re);
      im = fma_(-lane(a + 2), Vr, im);
      im = fma_(-lane(a + 3), Vi, im);
    }
  }
  BALLAST_HD void solve(bool mine) {
    for (int l = 0; l < p.forward.count; ++l) {
      for (int n = p.forward.start[l] + team.rank(); mine && n < p.forward.start[l + 1]; n += team.size()) {
        const int i = p.forward.row[n];
        double re = lane.r(2 * p.bus[i]);
        double im = lane.r(2 * p.bus[i] + 1);
        subtract(p.row_start[i], p.diagonal[i], re, im);
        lane.r(2 * p.bus[i]) = re;
        lane.r(2 * p.bus[i] + 1) = im;
      }
      team.sync();
    }
    for (int l = 0; l < p.backward.count; ++l) {
      for (int n = p.backward.start[l] + team.rank(); mine && n < p.backward.start[l + 1]; n += team.size()) {
        const int i = p.backward.row[n];
        double re = lane.r(2 * p.bus[i]);
        double im = lane.r(2 * p.bus[i] + 1);
        subtract(p.diagonal[i] + 1, p.row_start[i + 1], re, im);
        const int d = p.at.factor + 4 * p.diagonal[i];
        lane.r(2 * p.bus[i]) = lane(d) * re + lane(d + 1) * im;
        lane.r(2 * p.bus[i] + 1) = lane(d + 2) * re + lane(d + 3) * im;
      }
      team.sync();
    }
  }
};

}  // namespace ballast::batch
