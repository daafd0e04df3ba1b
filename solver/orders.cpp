/// What parts order of breakers, plants, loads and shunts, carried out.
#include <fmt/format.h>

#include <algorithm>

#include "grid/labels.hpp"
#include "solver/automaton_log.hpp"
#include "solver/operations.hpp"

namespace ballast {
double Operations::ordered(std::size_t k) const {
  const System::OrderSignal& o = system_.orders()[k];
  const double value = system_.signals()[o.signal];
  const bool demand = o.kind == Order::Kind::DEMAND;
  switch (o.order->act) {
    case Order::Act::FORBID_TRIP:
    case Order::Act::FORBID_CLOSE:
      return 0;  // read where something is to be done, see interlock()
    case Order::Act::ONCE:
      if (demand && (value < 0.5 || k < obeyed_.size()))
        return value < 0.5 ? o.order->once.value : obeyed_[k];
      break;
    case Order::Act::FOLLOW:
      if (demand) return std::clamp(value, 0.0, 1.0);
      if (o.kind == Order::Kind::SWITCHED_SHUNT) return value;
      break;
  }
  return value >= 0.5 ? 1 : 0;
}

void Operations::note_orders() {
  obeyed_.clear();
  for (std::size_t k = 0; k < system_.orders().size(); ++k) obeyed_.push_back(ordered(k));
}

bool Operations::orders_changed() const {
  for (std::size_t k = 0; k < obeyed_.size(); ++k)
    if (ordered(k) != obeyed_[k]) return true;
  return false;
}

void Operations::obey_orders(double time_s, const std::vector<double>& y, const AutomatonLog& automata,
                             Done& done) {
  for (std::size_t k = 0; k < obeyed_.size(); ++k) {
    const double wanted = ordered(k);
    if (wanted == obeyed_[k]) continue;
    const double before = obeyed_[k];
    obeyed_[k] = wanted;
    const System::OrderSignal& order = system_.orders()[k];
    const Order::Once& once = order.order->once;
    const bool one_shot = order.order->act == Order::Act::ONCE;
    if (one_shot && order.kind != Order::Kind::DEMAND && wanted != 0) continue;  // ready for the next time
    const int cause = automata.last_move(order.part);
    // A timer just ahead may have been taken together with what happened at time_s: not before its cause.
    const double time = cause < 0 ? time_s : std::max(time_s, log_.events()[cause].time_s);
    const Operation op{time, order_++, Kind::START, -1, 0, cause};
    const bool in = one_shot && order.kind != Order::Kind::PLANT ? once.value != 0 : wanted != 0;
    if (is_as_ordered(order, in) || is_forbidden(order.kind, order.index, !in, op)) continue;
    switch (order.kind) {
      case Order::Kind::BRANCH:
        switch_branch({order.index, in}, op, done, y);
        break;
      case Order::Kind::FROM_END:
      case Order::Kind::TO_END:
        switch_end(order.index, order.kind == Order::Kind::FROM_END, in, op, done, y);
        break;
      case Order::Kind::PLANT:
        trip_plant(order.index, op, done);
        break;
      case Order::Kind::DEMAND:
        shed_demand(order.index, before, wanted, op, done);
        break;
      case Order::Kind::SHUNT:
        switch_shunt({order.index, in}, op, done);
        break;
      case Order::Kind::SWITCHED_SHUNT:
        if (const double Mvar = one_shot ? once.value : wanted;
            Mvar != system_.grid.switched_shunt_Mvar[order.index])
          set_switched_shunt({order.index, Mvar}, op, done);
        break;
      case Order::Kind::REFERENCE:
        if (system_.is_active(order.index))
          step_reference({order.target, once.input, once.value, once.relative, once.over_s}, op, done);
        break;
    }
  }
}

bool Operations::is_as_ordered(const System::OrderSignal& order, bool in) const {
  const GridState& grid = system_.grid;
  switch (order.kind) {
    case Order::Kind::BRANCH:
      return in ? grid.branch_closed[order.index] != 0
                : !grid.end_closed(order.index, true) && !grid.end_closed(order.index, false);
    case Order::Kind::FROM_END:
    case Order::Kind::TO_END:
      return grid.end_closed(order.index, order.kind == Order::Kind::FROM_END) == in;
    case Order::Kind::PLANT:
      return in || !system_.is_active(order.index);
    case Order::Kind::SHUNT:
      return (grid.shunt_closed[order.index] != 0) == in;
    case Order::Kind::DEMAND:
    case Order::Kind::SWITCHED_SHUNT:
    case Order::Kind::REFERENCE:
      break;
  }
  return false;
}

const PartRef* Operations::interlock(Order::Kind kind, int index, bool trips) const {
  if (kind == Order::Kind::FROM_END || kind == Order::Kind::TO_END) kind = Order::Kind::BRANCH;
  const Order::Act act = trips ? Order::Act::FORBID_TRIP : Order::Act::FORBID_CLOSE;
  for (const System::OrderSignal& o : system_.orders()) {
    if (o.order->act != act || o.kind != kind || o.index != index) continue;
    const PartRef& part = system_.parts()[o.part];
    const PartGroup& g = system_.group(part.group);
    if (g.mode[static_cast<std::size_t>(part.index) * g.modes + g.limits] != 0) return &part;
  }
  return nullptr;
}

bool Operations::is_forbidden(Order::Kind kind, int index, bool trips, const Operation& op) {
  const PartRef* by = interlock(kind, index, trips);
  if (by == nullptr) return false;
  const Network& net = system_.network();
  const bool branch =
      kind == Order::Kind::BRANCH || kind == Order::Kind::FROM_END || kind == Order::Kind::TO_END;
  LoggedEvent event;
  event.time_s = op.time;
  event.kind = "order-blocked";
  event.cause = op.cause;
  event.cause_text = op.cause < 0 ? "case file" : "its order";
  if (branch) {
    event.device = branch_label(net, index);
    event.bus = net.branches[index].from;
  } else if (kind == Order::Kind::SHUNT) {
    event.device = shunt_label(net, index);
    event.bus = net.shunts[index].bus;
  } else {
    event.device = fmt::format("{} {}", system_.plants()[index].kind, system_.plants()[index].name);
    event.bus = system_.plants()[index].bus;
  }
  const char* trip = branch || kind == Order::Kind::SHUNT ? "opened" : "tripped";
  event.text = fmt::format("{} not {}: {} forbids it", event.device, trips ? trip : "closed", by->name);
  log_.add(std::move(event));
  return true;
}

void Operations::shed_demand(int plant, double before, double after, const Operation& op, Done& done) {
  if (!system_.is_active(plant)) return;
  double kept = 1;
  for (std::size_t k = 0; k < obeyed_.size(); ++k) {
    const System::OrderSignal& order = system_.orders()[k];
    if (order.kind == Order::Kind::DEMAND && order.index == plant) kept -= 1 - obeyed_[k];
  }
  kept = std::max(kept, 0.0);
  for (int i = system_.parts_of(plant).first; i < system_.parts_of(plant).last; ++i)
    for (const char* factor : {"P_factor", "Q_factor"})
      if (const int signal = system_.reference_signal(i, factor); signal >= 0)
        system_.keep_share(signal, kept);
  const Plant& load = system_.plants()[plant];
  LoggedEvent event;
  event.kind = after < before ? "load-shed" : "load-restored";
  event.device = load.name;
  event.bus = load.bus;
  event.text = fmt::format("load {}: {:.4g} % {}, {:.4g} % of it connected", load.name,
                           100 * std::abs(after - before), after < before ? "shed" : "restored", 100 * kept);
  done.plants.emplace_back(log(op, std::move(event), done, false), plant);
}

}  // namespace ballast
