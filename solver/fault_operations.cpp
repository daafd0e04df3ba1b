/// Faults: striking, clearing by the main and the backup protection, reclosing. What stands for them is in
/// fault_shunts.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "grid/labels.hpp"
#include "solver/network_solution.hpp"
#include "solver/operations.hpp"
#include "solver/phase_voltages.hpp"

namespace ballast {
namespace {

const char* type_name(FaultType type) {
  switch (type) {
    case FaultType::THREE_PHASE:
      return "three-phase";
    case FaultType::LG:
      return "line-to-ground";
    case FaultType::LL:
      return "line-to-line";
    case FaultType::LLG:
      return "line-line-to-ground";
  }
  return "";
}

}  // namespace

bool Operations::needs_solution(const Operation& op) const {
  const auto depends = [](FaultType type, const FaultStrength& strength) {
    return type != FaultType::THREE_PHASE || !std::isnan(strength.residual_voltage_pu);
  };
  if (op.disturbance < 0) return false;
  const Action& action = disturbances_[op.disturbance].action;
  if (const auto* fault = std::get_if<BusFault>(&action))
    return op.kind == Kind::START && depends(fault->type, fault->strength);
  if (const auto* fault = std::get_if<LineFault>(&action))
    return (op.kind == Kind::START && depends(fault->type, fault->strength)) ||
           (op.kind != Kind::LINE_CLEAR && fault->type != FaultType::THREE_PHASE);
  if (const auto* sw = std::get_if<SwitchBranch>(&action); sw != nullptr && sw->close) {
    const int on = fault_on(sw->branch);
    return on >= 0 && struck_[on].isolated &&
           std::get<LineFault>(disturbances_[on].action).type != FaultType::THREE_PHASE;
  }
  return false;
}

// ---- bus faults

void Operations::bus_fault(const BusFault& fault, const Operation& op, const std::vector<double>& y,
                           Done& done) {
  const std::string device = system_.network().bus_label(fault.bus);
  done.jump = done.network = true;
  LoggedEvent event;
  event.device = device;
  event.bus = fault.bus;
  if (op.kind == Kind::START) {
    FaultPlace place;
    place.bus = fault.bus;
    strike(op.disturbance, op.time, place, fault.type, fault.strength, y);
    event.kind = "fault";
    event.text = fmt::format("{} fault at {}", type_name(fault.type), device);
    const int id = log(op, std::move(event), done);
    if (fault.type != FaultType::THREE_PHASE) announce_ = id;
    if (std::isfinite(fault.duration_s)) schedule(op.time + fault.duration_s, Kind::FAULT_OFF, op, id);
    if (fault.breaker_failure) schedule(op.time + fault.breaker_failure->backup_s, Kind::BACKUP, op, id);
    return;
  }
  const auto& failure = fault.breaker_failure;
  const auto is_stuck = [&](const Element& e) {
    return failure && e.kind == failure->stuck.kind && e.index == failure->stuck.index;
  };
  Operation each = op;
  if (op.kind == Kind::FAULT_OFF && failure) {
    event.kind = "breaker-failure";
    event.text = fmt::format("a breaker does not open: the fault at {} is left to the backup", device);
    each.cause = log(op, std::move(event), done);
    for (const Element& e : fault.trips)
      if (!is_stuck(e)) take_out(e, each, done);
    return;
  }
  remove(op.disturbance);
  event.kind = "fault-cleared";
  event.text = op.kind == Kind::BACKUP ? fmt::format("fault at {} cleared by the backup", device)
               : fault.trips.empty()   ? fmt::format("fault at {} removed", device)
                                       : fmt::format("fault at {} cleared", device);
  each.cause = log(op, std::move(event), done);
  if (op.kind == Kind::BACKUP) {
    take_out(failure->stuck, each, done);
    for (const Element& e : failure->backup) take_out(e, each, done);
  } else {
    for (const Element& e : fault.trips) take_out(e, each, done);
  }
}

// ---- line faults

FaultPlace Operations::place_of(const LineFault& fault) {
  FaultPlace place;
  place.branch = fault.branch;
  place.line.share = fault.at_from_end ? fault.share : 1 - fault.share;
  return place;
}

void Operations::line_fault(const LineFault& fault, const Operation& op, const std::vector<double>& y,
                            Done& done) {
  done.jump = true;
  switch (op.kind) {
    case Kind::START:
      line_struck(fault, op, y, done);
      break;
    case Kind::LINE_END: {
      // One breaker opens: the fault is fed from the other end alone.
      const auto& failure = fault.breaker_failure;
      const bool far_first = !std::isnan(fault.far_clearing_s) && fault.far_clearing_s < fault.clearing_s;
      const bool near_opens = failure ? !failure->near_end : !far_first;
      const bool from_opens = near_opens == fault.at_from_end;
      Struck& s = struck_[op.disturbance];
      FaultPlace place = s.place;
      (from_opens ? place.line.from_closed : place.line.to_closed) = false;
      system_.grid.branch_closed[fault.branch] = 0;
      if (s.isolated)
        s.place = place;  // when the line is closed again, it is by the other end alone
      else
        restrike(op.disturbance, op.time, place, y);
      done.network = true;
      const Network& net = system_.network();
      const Branch& branch = net.branches[fault.branch];
      LoggedEvent event;
      event.kind = "branch-end-opened";
      event.device = branch_label(net, fault.branch);
      event.bus = from_opens ? branch.from : branch.to;
      event.text =
          fmt::format("{} opened at {}{}", event.device, net.bus_label(event.bus),
                      failure ? "; the breaker at the other end fails, the fault is left to the backup" : "");
      const int id = log(op, std::move(event), done);
      if (fault.type != FaultType::THREE_PHASE) announce_ = id;
      break;
    }
    case Kind::LINE_CLEAR:
    case Kind::BACKUP:
      line_cleared(fault, op, done);
      break;
    default:
      line_reclosed(fault, op, y, done);
      break;
  }
}

void Operations::line_struck(const LineFault& fault, const Operation& op, const std::vector<double>& y,
                             Done& done) {
  const Network& net = system_.network();
  const Branch& branch = net.branches[fault.branch];
  LoggedEvent event;
  event.kind = "fault";
  event.device = branch_label(net, fault.branch);
  event.bus = (fault.share < 0.5) == fault.at_from_end ? branch.from : branch.to;
  if (system_.grid.branch_closed[fault.branch] == 0) {
    event.text = fmt::format("fault on {}, which is open: nothing feeds it", event.device);
    log(op, std::move(event), done);
    return;
  }
  const std::string near = net.bus_label(fault.at_from_end ? branch.from : branch.to);
  strike(op.disturbance, op.time, place_of(fault), fault.type, fault.strength, y);
  done.network = true;
  event.text = fault.share == 0
                   ? fmt::format("{} fault on {} at {}", type_name(fault.type), event.device, near)
                   : fmt::format("{} fault on {}, {:g} % of its length from {}", type_name(fault.type),
                                 event.device, 100 * fault.share, near);
  const int id = log(op, std::move(event), done);
  if (fault.type != FaultType::THREE_PHASE) announce_ = id;
  schedule_clearing(fault, op, id);
}

void Operations::schedule_clearing(const LineFault& fault, const Operation& op, int cause) {
  const double near = fault.clearing_s;
  const double far = std::isnan(fault.far_clearing_s) ? near : fault.far_clearing_s;
  if (const auto& failure = fault.breaker_failure) {
    schedule(op.time + (failure->near_end ? far : near), Kind::LINE_END, op, cause);
    schedule(op.time + failure->backup_s, Kind::BACKUP, op, cause);
    return;
  }
  if (near != far) schedule(op.time + std::min(near, far), Kind::LINE_END, op, cause);
  schedule(op.time + std::max(near, far), Kind::LINE_CLEAR, op, cause);
}

void Operations::line_cleared(const LineFault& fault, const Operation& op, Done& done) {
  const Network& net = system_.network();
  remove(op.disturbance);
  system_.grid.line_fault.erase(fault.branch);  // a sound line that a recloser has closed at one end
  system_.grid.branch_closed[fault.branch] = 0;
  done.network = true;
  const Branch& branch = net.branches[fault.branch];
  const bool backup = op.kind == Kind::BACKUP;
  const bool again = !backup && op.shot < static_cast<int>(fault.reclose_after_s.size());
  LoggedEvent event;
  event.kind = "branch-opened";
  event.device = branch_label(net, fault.branch);
  event.bus = fault.at_from_end ? branch.from : branch.to;
  event.text =
      again    ? fmt::format("{} opened, reclosing in {:g} s", event.device, fault.reclose_after_s[op.shot])
      : backup ? fmt::format("{} is isolated by the backup protection", event.device)
               : fmt::format("{} opened{}", event.device, op.shot > 0 ? " and locked out" : "");
  Operation next = op;
  next.cause = log(op, std::move(event), done);
  if (backup)
    for (const Element& e : fault.breaker_failure->backup) take_out(e, next, done);
  ++next.shot;
  if (again) schedule(op.time + fault.reclose_after_s[op.shot], Kind::LINE_RECLOSE, next, next.cause);
}

void Operations::line_reclosed(const LineFault& fault, const Operation& op, const std::vector<double>& y,
                               Done& done) {
  const Network& net = system_.network();
  const Branch& branch = net.branches[fault.branch];
  system_.grid.line_fault.erase(fault.branch);
  system_.grid.branch_closed[fault.branch] = 1;
  done.network = true;
  LoggedEvent event;
  event.kind = "branch-closed";
  event.device = branch_label(net, fault.branch);
  event.bus = fault.at_from_end ? branch.from : branch.to;
  event.text = fmt::format("{} reclosed (shot {})", event.device, op.shot);
  Operation next = op;
  LoggedEvent onto = event;
  next.cause = log(op, std::move(event), done);
  if (op.shot > fault.shots_onto_fault) return;
  // The same fault as before: its impedance has not changed, the voltage it leaves may.
  strike(op.disturbance, op.time, place_of(fault), fault.type, {struck_[op.disturbance].Zf, kUnknown}, y);
  onto.kind = "fault";
  onto.text = fmt::format("{} closed onto the fault (shot {})", onto.device, op.shot);
  const int id = log(next, std::move(onto), done);
  if (fault.type != FaultType::THREE_PHASE) announce_ = id;
  schedule_clearing(fault, next, id);
}

void Operations::settled(double time_s, const std::vector<double>& y) {
  if (announce_ < 0) return;
  const int cause = announce_;
  announce_ = -1;
  const Network& net = system_.network();
  for (std::size_t p = 0; p < system_.plants().size(); ++p) {
    const Plant& plant = system_.plants()[p];
    if (plant.kind != "datacenter" || system_.frame_of(plant.bus) < 0) continue;
    const SequenceVoltages v = sequence_voltages(system_, y.data(), plant.bus);
    const PhaseVoltages own = phase_voltages(v.positive, v.negative, v.zero);
    const PhaseVoltages behind = behind_delta_wye(v.positive, v.negative);
    LoggedEvent event;
    event.time_s = time_s;
    event.kind = "phase-voltages";
    event.device = plant.name;
    event.bus = plant.bus;
    event.cause = cause;
    event.cause_text = "what the phases see of it";
    event.quantity = "lowest phase voltage";
    event.value = std::min({std::abs(own.a), std::abs(own.b), std::abs(own.c)});
    event.text = fmt::format(
        "{}: A {:.4f}, B {:.4f}, C {:.4f} pu to ground at {}; behind a delta-wye transformer A {:.4f}, B "
        "{:.4f}, C {:.4f} pu",
        plant.name, std::abs(own.a), std::abs(own.b), std::abs(own.c), net.bus_label(plant.bus),
        std::abs(behind.a), std::abs(behind.b), std::abs(behind.c));
    log_.add(std::move(event));
  }
}

}  // namespace ballast
