/// What opens and closes branches by itself: [[transfer_switch]], [[overload]].
#include <fmt/format.h>

#include "cases/reader/campus_tables.hpp"
#include "cases/reader/handbook.hpp"

namespace ballast {
namespace {

/// Bus at which both branches end, or -1.
int common_bus(const Branch& a, const Branch& b) {
  if (a.from == b.from || a.from == b.to) return a.from;
  return a.to == b.from || a.to == b.to ? a.to : -1;
}

void read_transfer_switch(Section& s, Reading& reading) {
  Network& network = reading.result.network;
  const std::string name = read_plant_name(s, reading.result.plants, "");
  s.relabel(fmt::format("[[transfer_switch]] '{}'", name));
  const int preferred = read_branch(s, "preferred", network);
  const int alternate = read_branch(s, "alternate", network);
  const std::string kind = s.choice("kind", transfer_switch_kinds(), "what it is made of");
  const std::size_t errors = reading.problems.errors().size();
  const std::vector<double> parameters =
      read_parameters(s, *find_model("TRANSFER"), reading, name, transfer_switch_defaults(kind));
  s.finish();
  if (preferred < 0 || alternate < 0 || reading.problems.errors().size() > errors) return;
  const Branch& pole_p = network.branches[preferred];
  Branch& pole_a = network.branches[alternate];
  const int load = preferred == alternate ? -1 : common_bus(pole_p, pole_a);
  if (load < 0) {
    s.problem("alternate", fmt::format("{} has poles that do not end at one bus", s.label()),
              "give two branches from two sources to the bus of the load");
    return;
  }
  if (!pole_p.in_service) {
    s.problem("preferred",
              fmt::format("{} rests on its preferred source, whose branch is out of service", s.label()),
              "close the branch, or swap preferred and alternate");
    return;
  }
  pole_a.in_service = false;
  Part part = make_part("TRANSFER", "switch", parameters, network.base_MVA, s.place());
  for (const auto& [branch, source] : {std::pair{&pole_p, "preferred"}, {&pole_a, "alternate"}}) {
    const int number = network.buses[branch->from == load ? branch->to : branch->from].number;
    for (const char* axis : {"Vr", "Vi"})
      part.wires.emplace_back(fmt::format("{}_{}", axis, source), fmt::format("bus {}.{}", number, axis));
  }
  part.orders = {Order::branch("close_preferred", preferred), Order::branch("close_alternate", alternate)};
  reading.result.plants.push_back({"transfer_switch", name, load, {std::move(part)}, s.place()});
}

void read_overload(Section& s, Reading& reading) {
  const Network& network = reading.result.network;
  const int at = read_branch(s, "branch", network);
  const std::string fallback =
      at < 0 ? ""
             : fmt::format("{}-{}-{}", network.buses[network.branches[at].from].number,
                           network.buses[network.branches[at].to].number, network.branches[at].id);
  const std::string name = read_plant_name(s, reading.result.plants, fallback);
  s.relabel(fmt::format("[[overload]] '{}'", name));
  const std::vector<double> parameters =
      read_parameters(s, *find_model("OVERLOAD"), reading, name, overload_defaults());
  s.finish();
  if (at < 0) return;
  const Branch& branch = network.branches[at];
  if (branch.rate_MVA <= 0) {
    s.problem("branch", fmt::format("{}: the branch has no rating", s.label()), "give the branch rate_MVA");
    return;
  }
  Part meter = make_part("BRANCHFLOW", "meter", {0, 0, 0, 0}, branch.rate_MVA, s.place());
  meter.at_bus = branch.from;  // the power flow says what its parameters are
  meter.branch = at;
  Part element = make_part("OVERLOAD", "element", parameters, branch.rate_MVA, s.place());
  element.orders = {Order::branch("close", at)};
  reading.result.plants.push_back(
      {"overload", name, branch.from, {std::move(meter), std::move(element)}, s.place()});
}

}  // namespace

void read_switch_tables(Section& root, Reading& reading) {
  for (Section& s : root.sections("transfer_switch")) read_transfer_switch(s, reading);
  for (Section& s : root.sections("overload")) read_overload(s, reading);
}

}  // namespace ballast
