/// What parts order, and what is left of references after loads were shed from them.
#include "solver/system.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ballast {
void System::take_order(const Order& order, int self, const std::string& label, Problems& problems) {
  const PartGroup& group = *groups_[parts_[self].group];
  const int output = group.find_output(order.output);
  if (output < 0) {
    problems.add(label, fmt::format("{} has no output '{}' to order anything", group.model, order.output));
    return;
  }
  using Kind = Order::Kind;
  int index = order.index;
  int target = -1;
  if (order.kind == Kind::PLANT || order.kind == Kind::DEMAND || order.kind == Kind::REFERENCE) {
    const auto found = std::find_if(plants_.begin(), plants_.end(), [&](const Plant& p) {
      return p.kind == order.plant_kind && p.name == order.plant;
    });
    if (found == plants_.end()) {
      problems.add(label, fmt::format("its output '{}' operates the {} '{}', which is not there",
                                      order.output, order.plant_kind, order.plant));
      return;
    }
    index = static_cast<int>(found - plants_.begin());
    const auto has_demand = [&](int part) {
      return groups_[parts_[part].group]->find_input("P_factor") >= 0;
    };
    bool any = order.kind != Kind::DEMAND;
    for (int i = first_part_[index]; i < first_part_[index + 1]; ++i) any = any || has_demand(i);
    if (!any)
      problems.add(label,
                   fmt::format("its output '{}' sheds the {} '{}', no model of which has a demand to shed",
                               order.output, order.plant_kind, order.plant),
                   "trip it as a whole");
    if (order.kind == Kind::REFERENCE) {
      target = find_part_of(index, order.once.part);
      if (target < 0 || groups_[parts_[target].group]->find_input(order.once.input) < 0) {
        problems.add(label,
                     fmt::format("its output '{}' sets '{}.{}' of the {} '{}', which has none", order.output,
                                 order.once.part, order.once.input, order.plant_kind, order.plant));
        return;
      }
    }
  } else {
    const bool branch =
        order.kind == Kind::BRANCH || order.kind == Kind::FROM_END || order.kind == Kind::TO_END;
    const std::size_t count = branch                      ? network_->branches.size()
                              : order.kind == Kind::SHUNT ? network_->shunts.size()
                                                          : network_->switched_shunts.size();
    if (index < 0 || index >= static_cast<int>(count)) {
      problems.add(label, fmt::format("its output '{}' operates the {} of index {}, the network has {}",
                                      order.output, branch ? "branch" : "shunt", index, count));
      return;
    }
  }
  orders_.push_back({group.out_at[parts_[self].index] + output, self, order.kind, index, target, &order});
}

void System::check_ordered_references(Problems& problems) const {
  for (const OrderSignal& o : orders_)
    if (o.target >= 0 && reference_signal(o.target, o.order->once.input) < 0)
      problems.add(parts_[o.part].name,
                   fmt::format("'{}' of {} is no reference: another part gives it", o.order->once.input,
                               parts_[o.target].name),
                   "set the reference of the part that gives it");
}

double System::reference(int signal) const {
  for (const Ramp& r : ramps_)
    if (r.signal == signal) return r.at(signals_[time_signal_]);
  for (const Kept& k : kept_)
    if (k.signal == signal) return k.whole;
  return signals_[signal];
}

void System::set_reference(int signal, double value) {
  std::erase_if(ramps_, [&](const Ramp& r) { return r.signal == signal; });
  signals_[signal] = value;
  for (Kept& k : kept_)
    if (k.signal == signal) {
      k.whole = value;
      signals_[signal] = k.share * value;
    }
}

void System::ramp_reference(int signal, double value, double start_s, double over_s) {
  const double from = reference(signal);
  set_reference(signal, from);
  Ramp ramp{signal, start_s, over_s, from, value};
  for (const Kept& k : kept_)
    if (k.signal == signal) ramp.share = k.share;
  ramps_.push_back(ramp);
}

void System::keep_share(int signal, double share) {
  auto kept = std::find_if(kept_.begin(), kept_.end(), [&](const Kept& k) { return k.signal == signal; });
  if (kept == kept_.end()) kept = kept_.insert(kept_.end(), {signal, 1, signals_[signal]});
  kept->share = share;
  signals_[signal] = share * reference(signal);
  for (Ramp& r : ramps_)
    if (r.signal == signal) r.share = share;
}

bool System::move_taps() {
  bool any = false;
  for (const Tap& tap : taps_) {
    if (signals_[tap.signal] == grid.ratio(tap.branch)) continue;
    grid.set_ratio(tap.branch, signals_[tap.signal]);
    any = true;
  }
  if (any) grid.rebuild_matrix();
  return any;
}

}  // namespace ballast
