/// The queue of operations, and those that are over in an instant. Faults are in fault_operations.cpp.
#include "solver/operations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "grid/labels.hpp"
#include "solver/check_disturbances.hpp"

namespace ballast {
Operations::Operations(System& system, EventLog& log, const std::vector<Disturbance>& disturbances,
                       double start_s)
    : system_(system), log_(log), disturbances_(disturbances), trial_(system), struck_(disturbances.size()) {
  check_disturbances(system, disturbances_, start_s);
  for (std::size_t i = 0; i < disturbances_.size(); ++i)
    queue_.push({disturbances_[i].at_s, order_++, Kind::START, static_cast<int>(i), 0, -1});
}

void Operations::schedule(double time, Kind kind, const Operation& after, int cause) {
  queue_.push({time, order_++, kind, after.disturbance, after.shot, cause});
}

Operations::Done Operations::apply_due(double until, const std::vector<double>& y) {
  Done done;
  while (!queue_.empty() && queue_.top().time <= until) {
    const Operation op = queue_.top();
    const bool alone = needs_solution(op);
    if (alone && done.any) break;
    queue_.pop();
    apply(op, y, done);
    if (alone) break;
  }
  return done;
}

int Operations::log(const Operation& op, LoggedEvent event, Done& done, bool network, double until_s) {
  event.time_s = op.time;
  event.cause = op.cause;
  event.cause_text = op.cause < 0         ? op.disturbance < 0 ? "a part's own order" : "case file"
                     : op.disturbance < 0 ? "its order"
                                          : "the sequence of the case file";
  done.any = true;
  const int id = log_.add_cause(std::move(event), network, until_s);
  if (network) done.network_events.push_back(id);
  return id;
}

bool Operations::is_forbidden_by_interlock(const Operation& op) {
  const Action& action = disturbances_[op.disturbance].action;
  if (const auto* sw = std::get_if<SwitchBranch>(&action))
    return is_forbidden(Order::Kind::BRANCH, sw->branch, !sw->close, op);
  if (const auto* shunt = std::get_if<SwitchShunt>(&action))
    return is_forbidden(Order::Kind::SHUNT, shunt->shunt, !shunt->close, op);
  if (const auto* trip = std::get_if<TripPlant>(&action))
    return is_forbidden(Order::Kind::PLANT, trip->plant, true, op);
  return false;
}

void Operations::apply(const Operation& op, const std::vector<double>& y, Done& done) {
  if (op.disturbance < 0) return;  // the end of a ramp that a part ordered: a corner to be hit
  if (is_forbidden_by_interlock(op)) return;
  const Action& action = disturbances_[op.disturbance].action;
  if (const auto* fault = std::get_if<BusFault>(&action)) return bus_fault(*fault, op, y, done);
  if (const auto* fault = std::get_if<LineFault>(&action)) return line_fault(*fault, op, y, done);
  if (const auto* ramp = std::get_if<LoadRamp>(&action)) return ramp_loads(*ramp, op, done);
  if (const auto* step = std::get_if<ReferenceStep>(&action)) return step_reference(*step, op, done);
  if (const auto* play = std::get_if<PlayReference>(&action)) return play_reference(*play, op, done);
  done.jump = true;
  if (const auto* sw = std::get_if<SwitchBranch>(&action))
    switch_branch(*sw, op, done, y);
  else if (const auto* shunt = std::get_if<SwitchShunt>(&action))
    switch_shunt(*shunt, op, done);
  else if (const auto* bank = std::get_if<SetSwitchedShunt>(&action))
    set_switched_shunt(*bank, op, done);
  else if (const auto* cut = std::get_if<OpenCutSet>(&action))
    open_cut_set(*cut, op, done);
  else if (const auto* trip = std::get_if<TripPlant>(&action))
    trip_plant(trip->plant, op, done);
  else if (const auto* load = std::get_if<LoadStep>(&action))
    step_load(*load, op, done);
  else if (const auto* expire = std::get_if<ExpireTimer>(&action))
    expire_timer(*expire, op, done);
}

int Operations::fault_on(int branch) const {
  for (std::size_t i = 0; i < struck_.size(); ++i)
    if (struck_[i].on && struck_[i].place.bus < 0 && struck_[i].place.branch == branch)
      return static_cast<int>(i);
  return -1;
}

void Operations::open_branch(int branch) {
  system_.grid.branch_closed[branch] = 0;
  const int fault = fault_on(branch);
  if (fault < 0) {
    system_.grid.line_fault.erase(branch);
    return;
  }
  // The fault stays where it is, with nothing that feeds it and no unbalance beyond the breakers.
  struck_[fault].isolated = true;
  FaultedLine& line = system_.grid.line_fault.at(branch);
  line.from_closed = line.to_closed = false;
  system_.grid.unbalanced.erase(fault);
}

void Operations::close_branch(int branch, const Operation& op, const std::vector<double>& y) {
  const int fault = fault_on(branch);
  if (fault < 0) {
    system_.grid.line_fault.erase(branch);
    system_.grid.branch_closed[branch] = 1;
    return;
  }
  Struck& s = struck_[fault];
  if (!s.isolated) return;  // it is closed as far as its protection lets it be
  const FaultedLine& ends = s.place.line;
  system_.grid.branch_closed[branch] = ends.from_closed && ends.to_closed ? 1 : 0;
  restrike(fault, op.time, s.place, y);
}

void Operations::take_out(const Element& element, const Operation& op, Done& done) {
  switch (element.kind) {
    case Element::Kind::BRANCH:
      if (system_.grid.branch_closed[element.index] != 0) switch_branch({element.index, false}, op, done);
      break;
    case Element::Kind::PLANT:
      trip_plant(element.index, op, done);
      break;
    case Element::Kind::SHUNT:
      if (system_.grid.shunt_closed[element.index] != 0) switch_shunt({element.index, false}, op, done);
      break;
  }
}

void Operations::switch_branch(const SwitchBranch& action, const Operation& op, Done& done,
                               const std::vector<double>& y) {
  const Network& net = system_.network();
  if (action.close)
    close_branch(action.branch, op, y);
  else
    open_branch(action.branch);
  done.network = true;
  LoggedEvent event;
  event.kind = action.close ? "branch-closed" : "branch-opened";
  event.device = branch_label(net, action.branch);
  event.bus = net.branches[action.branch].from;
  event.text = fmt::format("{} {}", event.device, action.close ? "closed" : "opened");
  log(op, std::move(event), done);
}

void Operations::switch_end(int branch, bool from, bool close, const Operation& op, Done& done,
                            const std::vector<double>& y) {
  GridState& grid = system_.grid;
  FaultedLine ends;
  ends.share = 0.5;  // where a sound branch is cut in two does not matter
  ends.from_closed = from ? close : grid.end_closed(branch, true);
  ends.to_closed = from ? grid.end_closed(branch, false) : close;
  const bool both = ends.from_closed && ends.to_closed;
  const int fault = fault_on(branch);
  if (!ends.from_closed && !ends.to_closed) {
    open_branch(branch);
  } else if (fault >= 0) {
    FaultPlace place = struck_[fault].place;
    place.line.from_closed = ends.from_closed;
    place.line.to_closed = ends.to_closed;
    grid.branch_closed[branch] = both ? 1 : 0;
    restrike(fault, op.time, place, y);
  } else {
    grid.branch_closed[branch] = both ? 1 : 0;
    grid.line_fault.erase(branch);
    if (!both) grid.line_fault[branch] = ends;
  }
  done.network = true;
  const Network& net = system_.network();
  LoggedEvent event;
  event.kind = close ? "branch-end-closed" : "branch-end-opened";
  event.device = branch_label(net, branch);
  event.bus = from ? net.branches[branch].from : net.branches[branch].to;
  event.text =
      fmt::format("{} {} at {}", event.device, close ? "closed" : "opened", net.bus_label(event.bus));
  log(op, std::move(event), done);
}

void Operations::switch_shunt(const SwitchShunt& action, const Operation& op, Done& done) {
  const Network& net = system_.network();
  const Shunt& shunt = net.shunts[action.shunt];
  system_.grid.shunt_closed[action.shunt] = action.close ? 1 : 0;
  done.network = true;
  LoggedEvent event;
  event.kind = action.close ? "shunt-closed" : "shunt-opened";
  event.device = shunt_label(net, action.shunt);
  event.bus = shunt.bus;
  event.text = fmt::format("{} ({:g} Mvar) {}", event.device, shunt.B_Mvar,
                           action.close ? "switched in" : "switched out");
  log(op, std::move(event), done);
}

void Operations::set_switched_shunt(const SetSwitchedShunt& action, const Operation& op, Done& done) {
  const Network& net = system_.network();
  const SwitchedShunt& shunt = net.switched_shunts[action.shunt];
  double& B = system_.grid.switched_shunt_Mvar[action.shunt];
  LoggedEvent event;
  event.kind = "shunt-switched";
  event.device = fmt::format("switched shunt {}-{}", net.buses[shunt.bus].number, shunt.id);
  event.bus = shunt.bus;
  event.text = fmt::format("{} from {:g} to {:g} Mvar", event.device, B, action.B_Mvar);
  B = action.B_Mvar;
  done.network = true;
  log(op, std::move(event), done);
}

void Operations::open_cut_set(const OpenCutSet& action, const Operation& op, Done& done) {
  const Network& net = system_.network();
  std::string opened;
  std::vector<int> closed;
  for (const int branch : action.branches)
    if (system_.grid.branch_closed[branch] != 0) closed.push_back(branch);
  for (const int branch : closed)
    opened += fmt::format("{}{}", opened.empty() ? "" : ", ", branch_label(net, branch));
  LoggedEvent event;
  event.kind = "operator-islanding";
  event.device = closed.empty() ? "" : branch_label(net, closed.front());
  event.bus = net.branches[action.branches.front()].from;
  event.text = fmt::format("{}: {} branches opened{}{}", action.what, closed.size(),
                           closed.empty() ? "" : ": ", opened);
  Operation each = op;
  each.cause = log(op, std::move(event), done);
  for (const int branch : closed) switch_branch({branch, false}, each, done);
}

void Operations::trip_plant(int plant, const Operation& op, Done& done) {
  if (!system_.is_active(plant)) return;  // it is gone already
  const Plant& tripped = system_.plants()[plant];
  system_.set_active(plant, false);
  done.network = true;  // an island may have lost its last machine
  LoggedEvent event;
  event.kind = tripped.kind + "-tripped";
  event.device = tripped.name;
  event.bus = tripped.bus;
  event.text = fmt::format("{} {} tripped", tripped.kind, tripped.name);
  done.plants.emplace_back(log(op, std::move(event), done), plant);
}

void Operations::step_load(const LoadStep& step, const Operation& op, Done& done) {
  const Plant& load = system_.plants()[step.plant];
  for (int i = system_.parts_of(step.plant).first; i < system_.parts_of(step.plant).last; ++i) {
    if (const int p = system_.reference_signal(i, "P_factor"); p >= 0)
      system_.set_reference(p, system_.reference(p) * step.P_factor);
    if (const int q = system_.reference_signal(i, "Q_factor"); q >= 0)
      system_.set_reference(q, system_.reference(q) * step.Q_factor);
  }
  LoggedEvent event;
  event.kind = step.trip ? "load-tripped" : "load-step";
  event.device = load.name;
  event.bus = load.bus;
  event.text = step.trip ? fmt::format("load {}: {:.4g} % tripped", load.name, 100 * (1 - step.P_factor))
                         : fmt::format("{} {}: active power times {:g}, reactive power times {:g}", load.kind,
                                       load.name, step.P_factor, step.Q_factor);
  done.plants.emplace_back(log(op, std::move(event), done, false), step.plant);
}

void Operations::ramp_loads(const LoadRamp& ramp, const Operation& op, Done& done) {
  if (op.kind == Kind::RAMP_END) return;  // a corner the integrator had to hit
  struct Moved {
    int signal;
    double demand;  ///< MW or Mvar at the voltage of the start
  };
  std::vector<Moved> active, reactive;
  double P = 0;
  double Q = 0;
  for (const int plant : ramp.plants) {
    if (!system_.is_active(plant)) continue;
    const Plant& load = system_.plants()[plant];
    const int first = system_.parts_of(plant).first;
    for (int i = first; i < system_.parts_of(plant).last; ++i) {
      const Part& part = load.parts[i - first];
      const int p = system_.reference_signal(i, "P_factor");
      const int q = system_.reference_signal(i, "Q_factor");
      if (p >= 0) P += active.emplace_back(p, -part.P_MW * system_.signals()[p]).demand;
      if (q >= 0) Q += reactive.emplace_back(q, -part.Q_Mvar * system_.signals()[q]).demand;
    }
  }
  const auto move = [&](const std::vector<Moved>& signals, double change, double total, const char* what) {
    if (change == 0) return;
    if (ramp.in_MW && total == 0)
      throw Error(disturbances_[op.disturbance].place.text(),
                  fmt::format("a load ramp at {:g} s is to change {} power, of which the loads draw none",
                              op.time, what),
                  "give the change as a share, or leave it out");
    const double share = ramp.in_MW ? change / total : change;
    for (const Moved& m : signals)
      system_.ramp_reference(m.signal, system_.reference(m.signal) * (1 + share), op.time, ramp.over_s);
  };
  move(active, ramp.P_change, P, "active");
  move(reactive, ramp.Q_change, Q, "reactive");
  const Plant& first = system_.plants()[ramp.plants.front()];
  LoggedEvent event;
  event.kind = "load-ramp";
  event.device = ramp.plants.size() == 1 ? first.name : fmt::format("{} loads", ramp.plants.size());
  event.bus = first.bus;
  event.power_MW = ramp.in_MW ? ramp.P_change : ramp.P_change * P;
  event.text = ramp.in_MW ? fmt::format("{}: {:+g} MW and {:+g} Mvar over {:g} s", event.device,
                                        ramp.P_change, ramp.Q_change, ramp.over_s)
                          : fmt::format("{}: {:+g} % active and {:+g} % reactive power over {:g} s",
                                        event.device, 100 * ramp.P_change, 100 * ramp.Q_change, ramp.over_s);
  schedule(op.time + ramp.over_s, Kind::RAMP_END, op,
           log(op, std::move(event), done, false, op.time + ramp.over_s));
}

void Operations::step_reference(const ReferenceStep& ref, const Operation& op, Done& done) {
  if (op.kind == Kind::RAMP_END) return;
  const PartRef& part = system_.parts()[ref.part];
  const int s = system_.reference_signal(ref.part, ref.input);
  const double before = system_.reference(s);
  const double after = ref.relative ? before + ref.value : ref.value;
  const bool ramp = ref.over_s > 0;
  if (ramp) {
    system_.ramp_reference(s, after, op.time, ref.over_s);
  } else {
    system_.set_reference(s, after);
    done.jump = true;
  }
  LoggedEvent event;
  event.kind = ramp ? "reference-ramp" : "reference-step";
  event.device = part.name;
  event.bus = system_.part_bus(ref.part);
  event.text = fmt::format("{}: {} from {:.6g} to {:.6g}", part.name, ref.input, before, after);
  if (ramp) event.text += fmt::format(" over {:g} s", ref.over_s);
  const int id = log(op, std::move(event), done, false, ramp ? op.time + ref.over_s : -kInfinity);
  if (ramp) schedule(op.time + ref.over_s, Kind::RAMP_END, op, id);
}

void Operations::play_reference(const PlayReference& play, const Operation& op, Done& done) {
  const PartRef& part = system_.parts()[play.part];
  const int s = system_.reference_signal(play.part, play.input);
  Operation next = op;
  if (op.kind == Kind::START) {
    LoggedEvent event;
    event.kind = "reference-play";
    event.device = part.name;
    event.bus = system_.part_bus(play.part);
    event.text = fmt::format("{}: {} follows a curve of {} points over {:g} s", part.name, play.input,
                             play.values.size(), play.after_s.back());
    next.cause = log(op, std::move(event), done, false, op.time + play.after_s.back());
  }
  // Points at one time are a jump to the last of them.
  std::size_t at = static_cast<std::size_t>(next.shot);
  while (at + 1 < play.values.size() && play.after_s[at + 1] <= play.after_s[at]) ++at;
  if (system_.reference(s) != play.values[at]) {
    done.jump = done.jump || at != static_cast<std::size_t>(op.shot) || op.kind == Kind::START;
    done.any = true;
    system_.set_reference(s, play.values[at]);
  }
  if (at + 1 == play.values.size()) return;
  const double over_s = play.after_s[at + 1] - play.after_s[at];
  system_.ramp_reference(s, play.values[at + 1], op.time, over_s);
  next.shot = static_cast<int>(at + 1);
  schedule(disturbances_[op.disturbance].at_s + play.after_s[at + 1], Kind::RAMP_END, next, next.cause);
}

void Operations::expire_timer(const ExpireTimer& action, const Operation& op, Done& done) {
  const PartRef& part = system_.parts()[action.part];
  PartGroup& group = system_.group(part.group);
  group.timer[static_cast<std::size_t>(part.index) * group.timers + action.timer] = op.time;
  LoggedEvent event;
  event.kind = "operator-action";
  event.device = part.name;
  event.bus = system_.part_bus(action.part);
  event.text = fmt::format("{} {}", part.name, action.what);
  log(op, std::move(event), done, false);
}

}  // namespace ballast
