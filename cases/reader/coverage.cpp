#include "cases/reader/coverage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace ballast {
namespace {

using Fate = CoverageLine::Fate;

constexpr const char* kOutOfService = "out of service";

class Counter {
 public:
  explicit Counter(std::vector<CoverageLine>& lines) : lines_(lines) {}
  void add(const std::string& record, Fate fate, const std::string& how = "", double MW = 0) {
    auto line = std::find_if(lines_.begin(), lines_.end(), [&](const CoverageLine& l) {
      return l.record == record && l.fate == fate && l.how == how;
    });
    if (line == lines_.end()) line = lines_.insert(lines_.end(), {record, fate, how});
    ++line->count;
    line->MW += MW;
  }
  /// Simulated when in service.
  void add_element(const std::string& record, bool in_service, double MW = 0) {
    add(record, in_service ? Fate::SIMULATED : Fate::LEFT_OUT, in_service ? "" : kOutOfService, MW);
  }

 private:
  std::vector<CoverageLine>& lines_;
};

bool live_bus(const Network& network, int bus) { return network.buses[bus].type != BusType::ISOLATED; }

double generator_MW(const Network& network, const PowerFlowResult* flow, std::size_t g) {
  return flow != nullptr ? flow->generator_P_MW[g] : network.generators[g].P_MW;
}

double load_MW(const Network& network, const PowerFlowResult* flow, std::size_t k) {
  const Load& load = network.loads[k];
  return load_power(load, flow != nullptr ? flow->Vm[load.bus] : network.buses[load.bus].Vm).real();
}

void count_branches(const Network& network, Counter& counter) {
  std::vector<char> of_three(network.branches.size(), 0);
  for (const ThreeWinding& t : network.three_windings) {
    bool any = false;
    for (const int k : t.branches) {
      of_three[k] = 1;
      any = any || network.branches[k].in_service;
    }
    counter.add_element("three-winding transformer", any);
  }
  for (std::size_t k = 0; k < network.branches.size(); ++k)
    if (of_three[k] == 0)
      counter.add_element(network.branches[k].transformer ? "transformer" : "branch",
                          network.branches[k].in_service);
}

void count_generators(const Case& c, const PowerFlowResult* flow, Counter& counter) {
  const Network& network = c.network;
  std::size_t plant = 0;
  for (std::size_t g = 0; g < network.generators.size(); ++g) {
    const Generator& generator = network.generators[g];
    if (!generator.in_service || !live_bus(network, generator.bus)) {
      counter.add("generator", Fate::LEFT_OUT, kOutOfService, generator.P_MW);
      continue;
    }
    const double MW = generator_MW(network, flow, g);
    const bool netted = plant < c.plants.size() && c.plants[plant++].kind == "netted";
    if (!netted)
      counter.add("generator", Fate::SIMULATED, "", MW);
    else if (c.netted)
      counter.add("generator", Fate::APPROXIMATED, "negative load, as [generators_without_dynamics] says",
                  MW);
    else
      counter.add("generator", Fate::REFUSED, "no machine model or converter in the dynamic data", MW);
  }
}

void count_controls(const Network& network, Counter& counter) {
  const char* const held = "held where the power flow leaves it";
  for (const Branch& branch : network.branches)
    if (branch.tap_control && branch.in_service) counter.add("tap changer", Fate::APPROXIMATED, held);
  for (const SwitchedShunt& shunt : network.switched_shunts)
    if (shunt.in_service && live_bus(network, shunt.bus))
      counter.add("switched shunt", Fate::APPROXIMATED, held);
    else
      counter.add("switched shunt", Fate::LEFT_OUT, kOutOfService);
  for (std::size_t k = 0; k < network.areas.size(); ++k)
    counter.add("area", Fate::LEFT_OUT, "concerns the power flow");
  for (std::size_t k = 0; k < network.transfers.size(); ++k)
    counter.add("inter-area transfer", Fate::LEFT_OUT, "concerns the power flow");
  for (std::size_t k = 0; k < network.multi_section_lines.size(); ++k)
    counter.add("multi-section line", Fate::LEFT_OUT, "its sections are branches");
}

/// Elements that are neither load, shunt nor generator: their injection of the power flow is what is
/// simulated.
class ElementCounter {
 public:
  ElementCounter(const Case& c, const PowerFlowResult* flow, Counter& counter)
      : dc_(c.power_flow.controls.dc), flow_(flow), counter_(counter) {}
  void add(const char* record, ElementKind kind, std::size_t element, bool in_service) {
    if (!in_service) return counter_.add(record, Fate::LEFT_OUT, kOutOfService);
    if (!dc_) return counter_.add(record, Fate::LEFT_OUT, "switched off in [power_flow]");
    double MW = 0;
    bool injects = flow_ == nullptr;
    if (flow_ != nullptr)
      for (const ElementInjection& i : flow_->injections)
        if (i.kind == kind && static_cast<std::size_t>(i.element) == element) {
          injects = true;
          MW = std::max(MW, std::abs(i.P_MW));
        }
    if (injects)
      counter_.add(record, Fate::APPROXIMATED,
                   "injection of the power flow, constant current, impedance below 0.7 pu", MW);
    else
      counter_.add(record, Fate::REFUSED, "the power flow does not represent it");
  }

 private:
  bool dc_;
  const PowerFlowResult* flow_;
  Counter& counter_;
};

void count_elements(const Case& c, const PowerFlowResult* flow, Counter& counter) {
  const Network& network = c.network;
  ElementCounter elements(c, flow, counter);
  for (std::size_t k = 0; k < network.two_terminal_dc.size(); ++k)
    elements.add("two-terminal DC line", ElementKind::LCC_DC, k,
                 network.two_terminal_dc[k].MDC != DcMode::BLOCKED);
  for (std::size_t k = 0; k < network.vsc_dc.size(); ++k)
    elements.add("VSC DC line", ElementKind::VSC_DC, k, network.vsc_dc[k].in_service);
  for (std::size_t k = 0; k < network.power_transfer_dc.size(); ++k)
    elements.add("DC line", ElementKind::POWER_TRANSFER_DC, k, network.power_transfer_dc[k].in_service);
  for (std::size_t k = 0; k < network.facts.size(); ++k)
    elements.add("FACTS device", ElementKind::FACTS, k, network.facts[k].MODE != 0);
  for (std::size_t k = 0; k < network.induction_machines.size(); ++k)
    elements.add("induction machine", ElementKind::INDUCTION_MACHINE, k,
                 network.induction_machines[k].in_service);
}

void count_network(const Case& c, const PowerFlowResult* flow, Counter& counter) {
  const Network& network = c.network;
  for (const Bus& bus : network.buses) counter.add_element("bus", bus.type != BusType::ISOLATED);
  for (std::size_t k = 0; k < network.loads.size(); ++k) {
    const Load& load = network.loads[k];
    counter.add_element("load", load.in_service && live_bus(network, load.bus), load_MW(network, flow, k));
  }
  for (const Shunt& shunt : network.shunts)
    counter.add_element("fixed shunt", shunt.in_service && live_bus(network, shunt.bus));
  count_generators(c, flow, counter);
  count_branches(network, counter);
  count_controls(network, counter);
  count_elements(c, flow, counter);
}

void count_dynamics(const Case& c, const PowerFlowResult* flow, Counter& counter) {
  for (const RecordUse& use : c.record_uses) {
    double MW = use.generator >= 0 ? generator_MW(c.network, flow, use.generator) : 0;
    for (const int load : use.loads) MW += load_MW(c.network, flow, load);
    switch (use.fate) {
      case RecordUse::Fate::SIMULATED:
        counter.add(use.model, Fate::SIMULATED, use.note, MW);
        break;
      case RecordUse::Fate::REPLACED:
        counter.add(use.model, Fate::APPROXIMATED, use.note, MW);
        break;
      case RecordUse::Fate::IGNORED:
      case RecordUse::Fate::UNUSED:
        counter.add(use.model, Fate::LEFT_OUT, use.note, MW);
        break;
      case RecordUse::Fate::REFUSED:
        counter.add(use.model, Fate::REFUSED, use.note, MW);
        break;
    }
  }
}

std::complex<double> by_shares(double P, double Q, double active, double reactive) {
  return {P * active, Q * reactive};
}

void add_converted(LoadClasses& sum, double P, double Q, const LoadConversion& conversion) {
  sum.impedance += by_shares(P, Q, conversion.active.impedance, conversion.reactive.impedance);
  sum.current += by_shares(P, Q, conversion.active.current, conversion.reactive.current);
  sum.power += by_shares(P, Q, conversion.active.power, conversion.reactive.power);
}

void add_load_classes(const Case& c, const PowerFlowResult* flow, std::vector<LoadClasses>& classes) {
  const Network& network = c.network;
  LoadClasses loads{"static loads", 0, 0, 0};
  for (std::size_t k = 0; k < network.loads.size() && k < c.load_conversions.size(); ++k) {
    const Load& load = network.loads[k];
    if (!load.in_service || !live_bus(network, load.bus) || c.load_models[k]) continue;
    const double V = flow != nullptr ? flow->Vm[load.bus] : network.buses[load.bus].Vm;
    const LoadShares& a = c.load_conversions[k].active;
    if (a.impedance + a.current + a.power == 0) return;  // the case does not say
    if (V <= 0) continue;
    add_converted(loads, load.P_MW, load.Q_Mvar, c.load_conversions[k]);
    loads.current += std::complex(load.IP_MW, load.IQ_Mvar) * V;
    loads.impedance += std::complex(load.YP_MW, load.YQ_Mvar) * V * V;
  }
  classes.push_back(loads);
  if (!c.netted) return;
  LoadClasses netted{"generators as negative loads", 0, 0, 0};
  std::size_t plant = 0;
  for (std::size_t g = 0; g < network.generators.size(); ++g) {
    const Generator& generator = network.generators[g];
    if (!generator.in_service || !live_bus(network, generator.bus)) continue;
    if (c.plants[plant++].kind != "netted") continue;
    add_converted(netted, -generator_MW(network, flow, g),
                  -(flow != nullptr ? flow->generator_Q_Mvar[g] : generator.Q_Mvar), *c.netted);
  }
  classes.push_back(netted);
}

std::string table(const char* title, const std::vector<CoverageLine>& lines) {
  std::string text = fmt::format("  {:<26} {:>7} {:>12}  {}\n", title, "count", "MW", "");
  for (const CoverageLine& l : lines)
    text += fmt::format("  {:<26} {:>7} {:>12}  {}{}{}\n", l.record, l.count,
                        l.MW == 0 ? "" : fmt::format("{:.1f}", l.MW), fate_name(l.fate),
                        l.how.empty() ? "" : ": ", l.how);
  return text;
}

}  // namespace

const char* fate_name(CoverageLine::Fate fate) {
  switch (fate) {
    case Fate::SIMULATED:
      return "simulated";
    case Fate::APPROXIMATED:
      return "approximated";
    case Fate::LEFT_OUT:
      return "left out";
    case Fate::REFUSED:
      return "refused";
  }
  return "";
}

Coverage coverage_of(const Case& c, const PowerFlowResult* flow) {
  Coverage coverage;
  Counter network(coverage.network);
  count_network(c, flow, network);
  Counter dynamics(coverage.dynamics);
  count_dynamics(c, flow, dynamics);
  std::stable_sort(coverage.dynamics.begin(), coverage.dynamics.end(),
                   [](const CoverageLine& a, const CoverageLine& b) { return a.record < b.record; });
  add_load_classes(c, flow, coverage.loads);
  return coverage;
}

std::string coverage_text(const Coverage& coverage) {
  std::string text = "coverage\n" + table("network record", coverage.network);
  if (!coverage.dynamics.empty()) text += table("dynamic model", coverage.dynamics);
  text +=
      fmt::format("  {:<26} {:>20} {:>20} {:>20}\n", "at rest, MW and Mvar", "impedance", "current", "power");
  const auto pair = [](std::complex<double> s) { return fmt::format("{:.1f} {:.1f}", s.real(), s.imag()); };
  for (const LoadClasses& l : coverage.loads)
    text += fmt::format("  {:<26} {:>20} {:>20} {:>20}\n", l.what, pair(l.impedance), pair(l.current),
                        pair(l.power));
  return text;
}

}  // namespace ballast
