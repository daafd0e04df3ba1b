#include "kernels/prepare/unroll.hpp"

#include <algorithm>
#include <cmath>

#include "grid/line_fault.hpp"
#include "solver/event_log.hpp"
#include "solver/operations.hpp"

namespace ballast::batch {
namespace {

Block block_of(const BranchBlock& b) {
  return {b.ff.real(), b.ff.imag(), b.ft.real(), b.ft.imag(),
          b.tf.real(), b.tf.imag(), b.tt.real(), b.tt.imag()};
}

/// What operations can change.
struct Snapshot {
  std::vector<Block> block;
  std::vector<std::uint8_t> closed;
  std::vector<std::complex<double>> ground;
  std::vector<char> active;
  std::vector<double> signals;
  std::vector<std::vector<double>> timers;  ///< [group]
  std::vector<System::Ramp> ramps;

  explicit Snapshot(const System& system)
      : closed(system.grid.branch_closed),
        ground(system.grid.to_ground()),
        signals(system.signals().begin(), system.signals().end()),
        ramps(system.ramps().begin(), system.ramps().end()) {
    for (std::size_t k = 0; k < closed.size(); ++k)
      block.push_back(block_of(system.grid.block_now(static_cast<int>(k))));
    for (std::size_t p = 0; p < system.plants().size(); ++p)
      active.push_back(system.is_active(static_cast<int>(p)) ? 1 : 0);
    for (int g = 0; g < system.group_count(); ++g) timers.push_back(system.group(g).timer);
  }
};

/// The one disturbance that faults a bus (branch < 0) or a branch; -1 when there are several or none, or when
/// its fault is not a three-phase one given by what it leaves.
int sized_fault(int bus, int branch, const std::vector<Disturbance>& disturbances) {
  int found = -1;
  int candidates = 0;
  for (std::size_t k = 0; k < disturbances.size(); ++k) {
    const auto consider = [&](FaultType type, const FaultStrength& strength) {
      ++candidates;
      if (type == FaultType::THREE_PHASE && !std::isnan(strength.residual_voltage_pu))
        found = static_cast<int>(k);
    };
    if (const auto* at_bus = std::get_if<BusFault>(&disturbances[k].action);
        at_bus && branch < 0 && at_bus->bus == bus)
      consider(at_bus->type, at_bus->strength);
    if (const auto* on_line = std::get_if<LineFault>(&disturbances[k].action);
        on_line && on_line->branch == branch)
      consider(on_line->type, on_line->strength);
  }
  return candidates == 1 ? found : -1;
}

double residual_of(const Disturbance& d) {
  const auto* at_bus = std::get_if<BusFault>(&d.action);
  return at_bus != nullptr ? at_bus->strength.residual_voltage_pu
                           : std::get<LineFault>(d.action).strength.residual_voltage_pu;
}

/// The disturbances with any reactance in place of those that are found when the fault strikes: sizing them
/// here would be for nothing. A line whose ends open apart keeps its own, for it is sized here.
std::vector<Disturbance> without_sizing(std::vector<Disturbance> disturbances) {
  const std::vector<Disturbance> original = disturbances;
  const FaultStrength any{{0, 0.1}};
  for (std::size_t k = 0; k < disturbances.size(); ++k) {
    if (auto* at_bus = std::get_if<BusFault>(&disturbances[k].action)) {
      if (sized_fault(at_bus->bus, -1, original) == static_cast<int>(k)) at_bus->strength = any;
    } else if (auto* on_line = std::get_if<LineFault>(&disturbances[k].action)) {
      const bool at_end = on_line->share == 0 || on_line->share == 1;
      const bool together = std::isnan(on_line->far_clearing_s) && !on_line->breaker_failure;
      if (at_end && together && sized_fault(-1, on_line->branch, original) == static_cast<int>(k))
        on_line->strength = any;
    }
  }
  return disturbances;
}

bool same(const System::Ramp& a, const System::Ramp& b) {
  return a.signal == b.signal && a.start_s == b.start_s && a.over_s == b.over_s && a.from == b.from &&
         a.to == b.to;
}

/// Which of a scenario's faults are sized when they strike, by disturbance.
struct Sized {
  std::vector<int> fault;  ///< [disturbance] its number, -1
  int count = 0;
  /// Makes an action the one that sizes the fault, or one that uses what was found.
  void mark(Action& action, int disturbance, int end, const std::vector<Disturbance>& disturbances) {
    if (fault[disturbance] < 0) {
      fault[disturbance] = count++;
      action.residual = residual_of(disturbances[disturbance]);
    }
    action.fault = fault[disturbance];
    action.end = end;
  }
};

/// [branch] 1: the case opens or closes it at t, which may change what a part has done to it before.
std::vector<char> switched_at(double t, const System& system, const std::vector<Disturbance>& disturbances) {
  std::vector<char> switched(system.network().branches.size(), 0);
  for (const Disturbance& d : disturbances)
    if (const auto* sw = std::get_if<SwitchBranch>(&d.action);
        sw != nullptr && d.at_s == t &&
        std::any_of(system.orders().begin(), system.orders().end(), [&](const System::OrderSignal& o) {
          return o.kind == ballast::Order::Kind::BRANCH && o.index == sw->branch;
        }))
      switched[sw->branch] = 1;
  return switched;
}

void note(const Snapshot& was, const Snapshot& is, double t, const System& system,
          const std::vector<int>& first_timer, const Snapshot& rest,
          const std::vector<Disturbance>& disturbances, const std::vector<char>& switched, Sized& sized,
          std::vector<Action>& actions) {
  const auto add = [&](Action::Kind kind, std::size_t index, int flag, const Block& value) -> Action& {
    actions.push_back({t, kind, static_cast<int>(index), flag, value});
    return actions.back();
  };
  for (std::size_t k = 0; k < is.block.size(); ++k) {
    if (is.block[k] == was.block[k] && is.closed[k] == was.closed[k] && switched[k] == 0) continue;
    Action& action = add(Action::BRANCH, k, is.closed[k] != 0 ? 1 : 0, is.block[k]);
    // A fault at an end of a line that is closed is a shunt there.
    const auto found = system.grid.line_fault.find(static_cast<int>(k));
    if (found == system.grid.line_fault.end()) continue;
    FaultedLine line = found->second;
    const int disturbance = sized_fault(-1, static_cast<int>(k), disturbances);
    if (disturbance < 0 || !line.from_closed || !line.to_closed || (line.share != 0 && line.share != 1))
      continue;
    line.admittance = 0;
    action.value =
        block_of(faulted_block(corrected_branch(system.network(), system.network().branches[k]), line));
    sized.mark(action, disturbance, line.share == 0 ? 0 : 1, disturbances);
  }
  for (std::size_t b = 0; b < is.ground.size(); ++b) {
    if (is.ground[b] == was.ground[b]) continue;
    Action& action = add(Action::BUS_SHUNT, b, 0, {is.ground[b].real(), is.ground[b].imag()});
    const int disturbance = sized_fault(static_cast<int>(b), -1, disturbances);
    if (disturbance < 0 || was.ground[b] != rest.ground[b] || is.ground[b] == rest.ground[b]) continue;
    action.value = {was.ground[b].real(), was.ground[b].imag()};
    sized.mark(action, disturbance, 0, disturbances);
  }
  for (std::size_t p = 0; p < is.active.size(); ++p)
    if (is.active[p] != was.active[p]) add(Action::PLANT, p, is.active[p], {});
  std::vector<char> ramps(is.signals.size(), 0);
  for (const System::Ramp& r : is.ramps) {
    bool old = false;
    for (const System::Ramp& o : was.ramps) old = old || same(o, r);
    ramps[r.signal] = 1;
    if (!old) add(Action::RAMP, r.signal, 0, {r.from, r.to, r.over_s});
  }
  for (std::size_t s = 0; s < is.signals.size(); ++s)
    if (is.signals[s] != was.signals[s] && ramps[s] == 0 && !system.is_given(static_cast<int>(s)))
      add(Action::SIGNAL, s, 0, {is.signals[s]});
  for (std::size_t g = 0; g < is.timers.size(); ++g)
    for (std::size_t k = 0; k < is.timers[g].size(); ++k)
      if (is.timers[g][k] != was.timers[g][k])
        add(Action::TIMER, static_cast<std::size_t>(first_timer[g]) + k, 0, {});
}

}  // namespace

Unrolled unroll(System& system, const std::vector<double>& y, const std::vector<Disturbance>& disturbances,
                double start_s, const std::vector<int>& first_timer) {
  std::vector<Action> actions;
  std::vector<ToldAction> told;
  const GridState grid = system.grid;
  const Snapshot rest(system);
  Sized sized;
  sized.fault.assign(disturbances.size(), -1);
  {
    EventLog log(system);
    Operations operations(system, log, without_sizing(disturbances), start_s);
    while (operations.next_time() < kNever) {
      const double t = operations.next_time();
      system.evaluate(t, y.data());  // what ramps have made of their signals by then
      const Snapshot was(system);
      const Operations::Done done = operations.apply_due(t, y);
      for (std::size_t k = told.size(); k < log.events().size(); ++k) {
        told.push_back({log.events()[k], false, -1});
        const int id = log.events()[k].id;
        told.back().network = std::find(done.network_events.begin(), done.network_events.end(), id) !=
                              done.network_events.end();
        for (const auto& [event, plant] : done.plants)
          if (event == id) told.back().plant = plant;
      }
      // A ramp that is over leaves its signal at its end.
      note(was, Snapshot(system), t, system, first_timer, rest, disturbances,
           switched_at(t, system, disturbances), sized, actions);
    }
  }
  system.grid = grid;
  for (std::size_t p = 0; p < rest.active.size(); ++p)
    system.set_active(static_cast<int>(p), rest.active[p] != 0);
  for (std::size_t s = 0; s < rest.signals.size(); ++s)
    if (!system.is_given(static_cast<int>(s)) && system.signals()[s] != rest.signals[s])
      system.set_reference(static_cast<int>(s), rest.signals[s]);
  for (int g = 0; g < system.group_count(); ++g) system.group(g).timer = rest.timers[g];
  return {std::move(actions), std::move(told), sized.count};
}

}  // namespace ballast::batch
