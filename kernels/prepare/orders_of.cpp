/// What parts of a problem operate and watch, and what of it a batch leaves to IDA.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "grid/labels.hpp"
#include "kernels/prepare/problem_of.hpp"
#include "models/measurement/branch_flow.hpp"

namespace ballast::batch {

void ProblemBuilder::describe_orders() {
  Problem& p = problem_;
  int signal = system_->first_position();
  for (const auto& [kind, index] : system_->positions()) {
    if (kind != System::Position::BRANCH && kind != System::Position::PLANT)
      throw Error(
          "",
          fmt::format("a part watches {}; a batch knows of branches and plants alone whether they are in",
                      kind == System::Position::SHUNT
                          ? shunt_label(system_->network(), index)
                          : "one end of " + branch_label(system_->network(), index)),
          "run it with the backend ida");
    (kind == System::Position::BRANCH ? p.closed_signals : p.active_signals).push_back({signal++, index});
  }
  std::set<std::array<int, 2>> demands;
  for (const System::OrderSignal& o : system_->orders()) {
    const ballast::Order& order = *o.order;
    using Kind = ballast::Order::Kind;
    using Act = ballast::Order::Act;
    const bool forbids = order.act == Act::FORBID_TRIP || order.act == Act::FORBID_CLOSE;
    if (forbids || (o.kind != Kind::BRANCH && o.kind != Kind::PLANT && o.kind != Kind::DEMAND))
      throw Error(
          "",
          fmt::format("'{}' {}; in a batch parts operate branches, plants and shares of loads alone",
                      system_->parts()[o.part].name,
                      forbids                                              ? "forbids what others order"
                      : o.kind == Kind::REFERENCE                          ? "sets a reference"
                      : o.kind == Kind::FROM_END || o.kind == Kind::TO_END ? "operates one end of a branch"
                                                                           : "switches a shunt"),
          "run it with the backend ida");
    p.orders.push_back({o.signal,
                        o.kind == Kind::BRANCH  ? Order::BRANCH
                        : o.kind == Kind::PLANT ? Order::PLANT
                                                : Order::DEMAND,
                        o.index, order.act == Act::ONCE, order.once.value});
    if (o.kind != Kind::DEMAND) continue;
    for (int i = system_->parts_of(o.index).first; i < system_->parts_of(o.index).last; ++i)
      for (const char* factor : {"P_factor", "Q_factor"})
        if (const int at = system_->reference_signal(i, factor); at >= 0) demands.insert({at, o.index});
  }
  p.demands.assign(demands.begin(), demands.end());
}

void ProblemBuilder::refuse_operated(const std::vector<Disturbance>& disturbances) const {
  for (const Disturbance& d : disturbances)
    if (const auto* fault = std::get_if<LineFault>(&d.action)) {
      for (const System::OrderSignal& o : system_->orders())
        if (o.kind == ballast::Order::Kind::BRANCH && o.index == fault->branch)
          throw Error(
              d.place.text(),
              fmt::format("a fault on {}, which {} operates; in a batch parts operate branches without "
                          "fault",
                          branch_label(system_->network(), fault->branch), system_->parts()[o.part].name),
              "run it with the backend ida");
      for (const Plant& plant : system_->plants())
        for (const Part& part : plant.parts)
          if (part.model == ModelName<BranchFlowMeter>::value && part.branch == fault->branch)
            throw Error(
                d.place.text(),
                fmt::format(
                    "a fault on {}, whose flow {} measures; the batch measures branches without fault",
                    branch_label(system_->network(), fault->branch), plant.name),
                "run it with the backend ida");
    }
  for (const Disturbance& d : disturbances)
    if (const auto* ramp = std::get_if<LoadRamp>(&d.action); ramp != nullptr && ramp->in_MW)
      for (const System::OrderSignal& o : system_->orders())
        if (o.kind == ballast::Order::Kind::DEMAND &&
            std::find(ramp->plants.begin(), ramp->plants.end(), o.index) != ramp->plants.end())
          throw Error(
              d.place.text(),
              fmt::format("a ramp in MW of load {}, which {} sheds; a batch does not know what is left of "
                          "it then",
                          system_->plants()[o.index].name, system_->parts()[o.part].name),
              "give the ramp in percent, or run it with the backend ida");
}

}  // namespace ballast::batch
