/// What parts order of branches, plants and loads, carried out in a lane.
#include <algorithm>

#include "kernels/lane.hpp"

namespace ballast::batch {

double LaneKeeper::ordered(const Lane& lane, std::size_t k, const Store<double>& store) const {
  const Order& order = problem_.orders[k];
  const double value = store.s[order.signal];
  if (order.kind != Order::DEMAND) return value >= 0.5 ? 1 : 0;
  if (!order.once) return std::clamp(value, 0.0, 1.0);
  return value < 0.5 ? order.value : k < lane.obeyed.size() ? lane.obeyed[k] : 1.0;
}

int LaneKeeper::demand_at(int signal) const {
  for (std::size_t k = 0; k < problem_.demands.size(); ++k)
    if (problem_.demands[k][0] == signal) return static_cast<int>(k);
  return -1;
}

void LaneKeeper::put_demand(const Lane& lane, std::size_t k, Store<double>& store) const {
  const Lane::Demand& demand = lane.demand[k];
  const int signal = problem_.demands[k][0];
  const auto ramped = std::lower_bound(problem_.ramped.begin(), problem_.ramped.end(), signal);
  if (ramped == problem_.ramped.end() || *ramped != signal) {
    store.s[signal] = demand.kept * demand.to;
    return;
  }
  double* r = store.ramp.data() + 4 * (ramped - problem_.ramped.begin());
  r[2] = demand.kept * demand.from;
  r[3] = demand.kept * demand.to;
}

void LaneKeeper::obey_orders(Lane& lane, Store<double>& store, bool& network) const {
  if (problem_.orders.empty()) return;
  evaluator_.evaluate_all_outputs(store);
  bool told = false;
  for (std::size_t k = 0; k < problem_.orders.size(); ++k) {
    const Order& order = problem_.orders[k];
    const double wanted = ordered(lane, k, store);
    if (wanted == lane.obeyed[k]) continue;
    if (lane.observer && !told) lane.observer->obeying(store);
    told = true;
    lane.obeyed[k] = wanted;
    if (order.kind == Order::DEMAND) {
      double kept = 1;
      for (std::size_t j = 0; j < problem_.orders.size(); ++j)
        if (problem_.orders[j].kind == Order::DEMAND && problem_.orders[j].index == order.index)
          kept -= 1 - lane.obeyed[j];
      for (std::size_t j = 0; j < problem_.demands.size(); ++j)
        if (problem_.demands[j][1] == order.index) {
          lane.demand[j].kept = std::max(kept, 0.0);
          put_demand(lane, j, store);
        }
      continue;
    }
    if (order.once && wanted != 0) continue;  // ready for the next time
    const bool in = order.once && order.kind == Order::BRANCH ? order.value != 0 : wanted != 0;
    if (order.kind == Order::PLANT) {
      if (in || store.active[order.index] < 0.5) continue;
      set_active(store, order.index, false);
    } else {
      if (in == (lane.connects[order.index] != 0)) continue;
      const Rest& rest = problem_.rests[problem_.scenarios[lane.scenario].rest];
      set_closed(lane, store, order.index, in, in ? rest.block[order.index] : Block{});
    }
    network = true;
  }
}

}  // namespace ballast::batch
