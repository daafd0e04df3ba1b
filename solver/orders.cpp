/// What parts order of breakers, plants, loads and shunts, carried out.
#include <fmt/format.h>

#include <algorithm>

#include "solver/automaton_log.hpp"
#include "solver/operations.hpp"

namespace ballast {
namespace {

/// An order as it counts: whether something is in, or a number.
double meaning(Order::Kind kind, double value) {
  if (kind == Order::Kind::DEMAND) return std::clamp(value, 0.0, 1.0);
  if (kind == Order::Kind::SWITCHED_SHUNT) return value;
  return value >= 0.5 ? 1 : 0;
}

}  // namespace

double Operations::ordered(std::size_t k) const {
  const System::OrderSignal& order = system_.orders()[k];
  return meaning(order.kind, system_.signals()[order.signal]);
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
    const int cause = automata.last_move(order.part);
    // A timer just ahead may have been taken together with what happened at time_s: not before its cause.
    const double time = cause < 0 ? time_s : std::max(time_s, log_.events()[cause].time_s);
    const Operation op{time, order_++, Kind::START, -1, 0, cause};
    const bool in = wanted != 0;
    switch (order.kind) {
      case Order::Kind::BRANCH:
        if (in != (system_.grid.branch_closed[order.index] != 0))
          switch_branch({order.index, in}, op, done, y);
        break;
      case Order::Kind::PLANT:
        if (!in) trip_plant(order.index, op, done);
        break;
      case Order::Kind::DEMAND:
        shed_demand(order.index, before, wanted, op, done);
        break;
      case Order::Kind::SHUNT:
        if (in != (system_.grid.shunt_closed[order.index] != 0)) switch_shunt({order.index, in}, op, done);
        break;
      case Order::Kind::SWITCHED_SHUNT:
        if (wanted != system_.grid.switched_shunt_Mvar[order.index])
          set_switched_shunt({order.index, wanted}, op, done);
        break;
    }
  }
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
