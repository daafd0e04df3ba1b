#include "solver/operations.hpp"

#include <fmt/format.h>

#include <cmath>

#include "solver/check_disturbances.hpp"

namespace ballast {
namespace {
constexpr double kBoltedAdmittance = 1e7;  // pu: leaves a few 1e-6 pu of voltage

std::string branch_label(const Network& n, int branch) {
  const Branch& b = n.branches[branch];
  return fmt::format("{} {}-{} '{}'", b.transformer ? "transformer" : "line", n.buses[b.from].number,
                     n.buses[b.to].number, b.id);
}
}  // namespace

Operations::Operations(System& system, EventLog& log, const std::vector<Disturbance>& disturbances,
                       double start_s)
    : system_(system),
      log_(log),
      disturbances_(disturbances),
      trial_(system),
      admittance_(disturbances.size()),
      struck_(disturbances.size()) {
  check_disturbances(system, disturbances_, start_s);
  for (std::size_t i = 0; i < disturbances_.size(); ++i) {
    const auto& action = disturbances_[i].action;
    const Kind kind = std::holds_alternative<BusFault>(action)    ? Kind::FAULT_ON
                      : std::holds_alternative<LineFault>(action) ? Kind::LINE_FAULT
                                                                  : Kind::SIMPLE;
    schedule(disturbances_[i].at_s, kind, static_cast<int>(i), 0, -1);
  }
}

void Operations::schedule(double time, Kind kind, int disturbance, int shot, int cause) {
  queue_.push({time, order_++, kind, disturbance, shot, cause});
}

Operations::Done Operations::apply_due(double until, const std::vector<double>& y) {
  Done done;
  while (!queue_.empty() && queue_.top().time <= until) {
    const Operation op = queue_.top();
    const bool alone = is_sized(op);
    if (alone && done.any) break;
    queue_.pop();
    apply(op, y, done);
    if (alone) break;
  }
  return done;
}

bool Operations::is_sized(const Operation& op) const {
  const auto& action = disturbances_[op.disturbance].action;
  const auto* bus = std::get_if<BusFault>(&action);
  const auto* line = std::get_if<LineFault>(&action);
  return (op.kind == Kind::FAULT_ON && !std::isnan(bus->strength.residual_voltage_pu)) ||
         (op.kind == Kind::LINE_FAULT && !std::isnan(line->strength.residual_voltage_pu));
}

int Operations::log(const Operation& op, LoggedEvent event, Done& done) {
  event.time_s = op.time;
  event.cause = op.cause;
  if (op.cause < 0) event.cause_text = "case file";
  done.any = true;
  const bool network =
      event.kind != "load-step" && event.kind != "reference-step" && event.kind != "operator-action";
  const int id = log_.add_cause(std::move(event));
  if (network) done.network_events.push_back(id);
  return id;
}

void Operations::apply(const Operation& op, const std::vector<double>& y, Done& done) {
  const Network& net = system_.network();
  const auto& action = disturbances_[op.disturbance].action;
  const auto strike = [&](int bus, const FaultStrength& strength, const std::string& device,
                          std::string text) {
    struck_[op.disturbance] = fault_admittance(op.time, bus, strength, y);
    admittance_[op.disturbance] = struck_[op.disturbance];
    system_.grid.fault[bus] += admittance_[op.disturbance];
    done.network = true;
    LoggedEvent event;
    event.kind = "fault";
    event.device = device;
    event.bus = bus;
    event.text = std::move(text);
    return log(op, std::move(event), done);
  };
  const auto lift = [&](int bus) {
    system_.grid.fault[bus] -= admittance_[op.disturbance];
    if (std::abs(system_.grid.fault[bus]) < 1e-9) system_.grid.fault[bus] = 0;
    admittance_[op.disturbance] = 0;
    done.network = true;
  };

  if (const auto* fault = std::get_if<BusFault>(&action)) {
    const std::string device = net.bus_label(fault->bus);
    if (op.kind == Kind::FAULT_ON) {
      const int id =
          strike(fault->bus, fault->strength, device, fmt::format("three-phase fault at {}", device));
      if (std::isfinite(fault->duration_s))
        schedule(op.time + fault->duration_s, Kind::FAULT_OFF, op.disturbance, 0, id);
    } else {
      lift(fault->bus);
      LoggedEvent event;
      event.kind = "fault-cleared";
      event.device = device;
      event.bus = fault->bus;
      event.text = fmt::format("fault at {} removed", device);
      log(op, std::move(event), done);
    }
    return;
  }
  const auto* line = std::get_if<LineFault>(&action);
  if (line == nullptr) {
    apply_simple(op, done);
    return;
  }
  const Branch& branch = net.branches[line->branch];
  const int bus = line->at_from_end ? branch.from : branch.to;
  const std::string device = branch_label(net, line->branch);
  if (op.kind == Kind::LINE_FAULT) {
    if (system_.grid.branch_closed[line->branch] == 0) {
      LoggedEvent event;
      event.kind = "fault";
      event.device = device;
      event.bus = bus;
      event.text = fmt::format("fault on {}, which is open: nothing feeds it", device);
      log(op, std::move(event), done);
      return;
    }
    const int id = strike(bus, line->strength, device,
                          fmt::format("three-phase fault on {} at {}", device, net.bus_label(bus)));
    schedule(op.time + line->clearing_s, Kind::LINE_CLEAR, op.disturbance, 0, id);
  } else if (op.kind == Kind::LINE_CLEAR) {
    lift(bus);
    system_.grid.branch_closed[line->branch] = 0;
    const bool again = op.shot < static_cast<int>(line->reclose_after_s.size());
    LoggedEvent event;
    event.kind = "branch-opened";
    event.device = device;
    event.bus = bus;
    event.text = again ? fmt::format("{} opened, reclosing in {:g} s", device, line->reclose_after_s[op.shot])
                       : fmt::format("{} opened{}", device, op.shot > 0 ? " and locked out" : "");
    const int id = log(op, std::move(event), done);
    if (again)
      schedule(op.time + line->reclose_after_s[op.shot], Kind::LINE_RECLOSE, op.disturbance, op.shot + 1, id);
  } else {
    system_.grid.branch_closed[line->branch] = 1;
    LoggedEvent event;
    event.kind = "branch-closed";
    event.device = device;
    event.bus = bus;
    event.text = fmt::format("{} reclosed (shot {})", device, op.shot);
    Operation next = op;
    next.cause = log(op, std::move(event), done);
    done.network = true;
    if (op.shot <= line->shots_onto_fault) {
      // The same admittance as before: the fault has not changed, the voltage it leaves may.
      admittance_[op.disturbance] = struck_[op.disturbance];
      system_.grid.fault[bus] += admittance_[op.disturbance];
      LoggedEvent fault;
      fault.kind = "fault";
      fault.device = device;
      fault.bus = bus;
      fault.text = fmt::format("{} closed onto the fault (shot {})", device, op.shot);
      const int id = log(next, std::move(fault), done);
      schedule(op.time + line->clearing_s, Kind::LINE_CLEAR, op.disturbance, op.shot, id);
    }
  }
}

void Operations::apply_simple(const Operation& op, Done& done) {
  const auto& action = disturbances_[op.disturbance].action;
  const Network& net = system_.network();
  LoggedEvent event;
  int plant = -1;
  if (const auto* sw = std::get_if<SwitchBranch>(&action)) {
    system_.grid.branch_closed[sw->branch] = sw->close ? 1 : 0;
    done.network = true;
    event.kind = sw->close ? "branch-closed" : "branch-opened";
    event.device = branch_label(net, sw->branch);
    event.bus = net.branches[sw->branch].from;
    event.text = fmt::format("{} {}", event.device, sw->close ? "closed" : "opened");
  } else if (const auto* trip = std::get_if<TripPlant>(&action)) {
    plant = trip->plant;
    if (!system_.is_active(plant)) return;  // it is gone already
    const Plant& tripped = system_.plants()[plant];
    system_.set_active(trip->plant, false);
    done.network = true;  // an island may have lost its last machine
    event.kind = tripped.kind + "-tripped";
    event.device = tripped.name;
    event.bus = tripped.bus;
    event.text = fmt::format("{} {} tripped", tripped.kind, tripped.name);
  } else if (const auto* step = std::get_if<LoadStep>(&action)) {
    plant = step->plant;
    const Plant& load = system_.plants()[plant];
    for (int i = system_.parts_of(plant).first; i < system_.parts_of(plant).last; ++i) {
      const int p = system_.reference_signal(i, "P_factor");
      const int q = system_.reference_signal(i, "Q_factor");
      if (p >= 0) system_.set_reference(p, system_.signals()[p] * step->P_factor);
      if (q >= 0) system_.set_reference(q, system_.signals()[q] * step->Q_factor);
    }
    event.kind = "load-step";
    event.device = load.name;
    event.bus = load.bus;
    event.text = fmt::format("{} {}: active power times {:g}, reactive power times {:g}", load.kind,
                             load.name, step->P_factor, step->Q_factor);
  } else if (const auto* ref = std::get_if<ReferenceStep>(&action)) {
    const PartRef& part = system_.parts()[ref->part];
    const int s = system_.reference_signal(ref->part, ref->input);
    const double before = system_.signals()[s];
    system_.set_reference(s, ref->relative ? before + ref->value : ref->value);
    event.kind = "reference-step";
    event.device = part.name;
    event.bus = system_.part_bus(ref->part);
    event.text =
        fmt::format("{}: {} from {:.6g} to {:.6g}", part.name, ref->input, before, system_.signals()[s]);
  } else if (const auto* expire = std::get_if<ExpireTimer>(&action)) {
    const PartRef& part = system_.parts()[expire->part];
    PartGroup& group = system_.group(part.group);
    group.timer[static_cast<std::size_t>(part.index) * group.timers + expire->timer] = op.time;
    event.kind = "operator-action";
    event.device = part.name;
    event.bus = system_.part_bus(expire->part);
    event.text = fmt::format("{} {}", part.name, expire->what);
  }
  const int id = log(op, std::move(event), done);
  if (plant >= 0) done.plants.emplace_back(id, plant);
}

std::complex<double> Operations::fault_admittance(double t, int bus, const FaultStrength& strength,
                                                  const std::vector<double>& y) {
  if (std::isnan(strength.residual_voltage_pu)) {
    const double size = std::abs(strength.impedance);
    return size < 1 / kBoltedAdmittance ? kBoltedAdmittance : 1.0 / strength.impedance;
  }
  // A reactance that leaves this voltage the moment it strikes: |V| falls as the susceptance grows.
  // Limits that the low voltage reaches (loads turning to impedance) move with it; automata wait for the
  // event.
  const double wanted = strength.residual_voltage_pu;
  const double present = std::abs(system_.voltage(y.data(), bus));
  if (system_.frame_of(bus) < 0) return kBoltedAdmittance;  // no voltage to hold at a dead bus
  if (wanted >= present)
    throw Error(system_.network().bus_label(bus),
                fmt::format("a fault at {:.6f} s is to leave {:g} pu where the voltage is {:.6g} pu", t,
                            wanted, present),
                "a fault only lowers the voltage: give a smaller residual voltage");
  std::vector<std::vector<int>> modes;
  modes.reserve(system_.group_count());
  for (int g = 0; g < system_.group_count(); ++g) modes.push_back(system_.group(g).mode);
  const auto standing = system_.grid.fault[bus];
  std::vector<double> trial;
  const auto excess = [&](double log_susceptance) {
    trial = y;
    system_.grid.fault[bus] = standing + std::complex<double>(0, -std::exp(log_susceptance));
    system_.grid.rebuild_matrix();
    AlgebraicResult result;
    for (int round = 0; round < 10; ++round) {
      result = trial_.solve(t, trial);
      if (!result.converged || !system_.move_limits()) break;
    }
    for (int g = 0; g < system_.group_count(); ++g) system_.group(g).mode = modes[g];
    // No solution: loads that the network can no longer feed; the voltage sought is on the strong side.
    return (result.converged ? std::abs(system_.voltage(trial.data(), bus)) : 0.0) - wanted;
  };
  // Regula falsi with the Illinois rule, halving while it gains less than that.
  double low = std::log(1e-4);
  double high = std::log(kBoltedAdmittance);
  double above = present - wanted;
  double below = -wanted;
  double found = high;
  for (int i = 0; i < 100 && high - low > 1e-12; ++i) {
    const bool halve = i % 3 == 2 || !(above > 0 && below < 0);
    found = halve ? (low + high) / 2 : low + (high - low) * above / (above - below);
    const double f = excess(found);
    if (std::abs(f) < 1e-12) break;
    if (f > 0) {
      low = found;
      above = f;
      below /= 2;
    } else {
      high = found;
      below = f;
      above /= 2;
    }
  }
  system_.grid.fault[bus] = standing;
  system_.grid.rebuild_matrix();
  system_.evaluate(t, y.data());
  return {0, -std::exp(found)};
}

}  // namespace ballast
