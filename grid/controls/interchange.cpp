/// Area interchange: the swing generator of each area moves until the area exports PDES within PTOL.
#include <fmt/format.h>

#include <cmath>
#include <map>

#include "grid/controls/control.hpp"

namespace ballast {
namespace {

constexpr int kMostRounds = 30;

struct Held {
  std::size_t area = 0;
  std::vector<std::size_t> generators;  ///< at the swing bus
  double start_MW = 0;
  int rounds = 0;
};

class AreaInterchange : public Control {
 public:
  AreaInterchange(FlowModel& model, std::vector<Held> areas, bool loads)
      : model_(model), areas_(std::move(areas)), loads_(loads) {
    for (const Bus& bus : model.network.buses) area_of_bus_.push_back(bus.area);
    // The losses of three windings belong to the winding that is not metered: its area has the star.
    for (const ThreeWinding& t : model.network.three_windings) {
      const int leg = t.branches[static_cast<std::size_t>(t.NMETR - 1)];
      area_of_bus_[static_cast<std::size_t>(t.star_bus)] =
          area_of(model.network.branches[static_cast<std::size_t>(leg)].from);
    }
  }

  int adjust(FlowSolver& flow) override {
    const std::map<int, double> exports = exports_MW(flow);
    undo_.clear();
    for (Held& held : areas_) {
      const Area& area = model_.network.areas[held.area];
      if (!flow.alive(area.swing_bus) || held.rounds >= kMostRounds) continue;
      const double lack = area.PDES_MW - value(exports, area.number);
      if (std::abs(lack) <= area.PTOL_MW) continue;
      undo_.emplace_back(&held, lack);
      change(held, lack);
      ++held.rounds;
    }
    return static_cast<int>(undo_.size());
  }

  void undo() override {
    for (const auto& [held, by] : undo_) {
      change(*held, -by);
      held->rounds = kMostRounds;
    }
  }

  void report(const FlowSolver& flow, PowerFlowResult& result) const override {
    const std::map<int, double> exports = exports_MW(flow);
    for (const Held& held : areas_) {
      const Area& area = model_.network.areas[held.area];
      const std::string name = fmt::format("area {} {}", area.number, area.name);
      const double now = value(exports, area.number);
      std::string note =
          fmt::format("exports {:.2f} MW, wanted {} within {}", now, area.PDES_MW, area.PTOL_MW);
      if (std::abs(now - area.PDES_MW) > area.PTOL_MW) note += ": not reached";
      double most = 0;
      for (const std::size_t g : held.generators) most += model_.network.generators[g].Pmax_MW;
      if (output(held) > most + 1e-6) note += fmt::format("; above Pmax of {} MW", most);
      result.acts.push_back({name, fmt::format("P at {}", model_.network.bus_label(area.swing_bus)),
                             held.start_MW, output(held), "MW", note});
    }
  }

 private:
  FlowModel& model_;
  std::vector<Held> areas_;
  bool loads_;
  std::vector<int> area_of_bus_;
  std::vector<std::pair<Held*, double>> undo_;

  [[nodiscard]] static double value(const std::map<int, double>& exports, int area) {
    const auto found = exports.find(area);
    return found == exports.end() ? 0 : found->second;
  }
  [[nodiscard]] int area_of(int bus) const { return area_of_bus_[static_cast<std::size_t>(bus)]; }
  [[nodiscard]] double output(const Held& held) const {
    double sum = 0;
    for (const std::size_t g : held.generators) sum += model_.network.generators[g].P_MW;
    return sum;
  }

  /// The units of the swing bus share a change by rating.
  void change(const Held& held, double by_MW) {
    double rating = 0;
    for (const std::size_t g : held.generators) rating += model_.network.generators[g].base_MVA;
    for (const std::size_t g : held.generators) {
      Generator& unit = model_.network.generators[g];
      unit.P_MW += by_MW * unit.base_MVA / rating;
    }
  }

  /// Ties are metered where their records say (MET, NMETR, METER), other DC lines at their first end.
  [[nodiscard]] std::map<int, double> exports_MW(const FlowSolver& flow) const {
    std::map<int, double> exports;
    const Network& net = model_.network;
    const auto tie = [&](int from, int to, double P_MW) {
      if (area_of(from) == area_of(to)) return;
      exports[area_of(from)] += P_MW;
      exports[area_of(to)] -= P_MW;
    };
    for (const Branch& branch : net.branches) {
      if (!branch.in_service || area_of(branch.from) == area_of(branch.to)) continue;
      if (!flow.alive(branch.from) || !flow.alive(branch.to)) continue;
      const BranchFlow S = branch_flow(branch_block(net, branch), flow.V(branch.from), flow.V(branch.to));
      if (branch.metered_at_to)
        tie(branch.to, branch.from, S.to.real() * net.base_MVA);
      else
        tie(branch.from, branch.to, S.from.real() * net.base_MVA);
    }
    for (const DcTie& dc : model_.dc_ties) {
      const Injection& metered = model_.injections[dc.metered];
      const double P = -(metered.power + metered.current * flow.Vm(metered.bus)).real() * net.base_MVA;
      tie(metered.bus, dc.other_bus, P);
    }
    if (!loads_) return exports;
    for (const Load& load : net.loads) {
      if (!load.in_service || load.area == area_of(load.bus) || !flow.alive(load.bus)) continue;
      const double P = load_power(load, flow.Vm(load.bus)).real();
      exports[area_of(load.bus)] += P;  // served for the area of the load
      exports[load.area] -= P;
    }
    return exports;
  }
};

}  // namespace

std::unique_ptr<Control> interchange_control(FlowModel& model, const PowerFlowOptions& options,
                                             std::vector<Problem>& warnings) {
  std::vector<Held> areas;
  for (std::size_t k = 0; k < model.network.areas.size(); ++k) {
    const Area& area = model.network.areas[k];
    if (area.swing_bus < 0) continue;
    const std::string name = fmt::format("area {} {}", area.number, area.name);
    const Bus& bus = model.network.buses[static_cast<std::size_t>(area.swing_bus)];
    if (bus.type == BusType::SLACK) continue;  // takes what the other areas leave
    Held held;
    held.area = k;
    for (std::size_t g = 0; g < model.network.generators.size(); ++g) {
      const Generator& unit = model.network.generators[g];
      if (!unit.in_service || unit.bus != area.swing_bus) continue;
      held.generators.push_back(g);
      held.start_MW += unit.P_MW;
    }
    std::string reason;
    if (bus.area != area.number) reason = fmt::format("is in area {}", bus.area);
    if (held.generators.empty()) reason = "has no generator in service";
    if (!(area.PTOL_MW > 0)) reason = fmt::format("has a tolerance PTOL of {} MW", area.PTOL_MW);
    if (!reason.empty()) {
      warnings.push_back({name,
                          fmt::format("its interchange is not held: its swing {} {}",
                                      model.network.bus_label(area.swing_bus), reason),
                          ""});
      continue;
    }
    areas.push_back(std::move(held));
  }
  if (areas.empty()) return nullptr;
  return std::make_unique<AreaInterchange>(model, std::move(areas),
                                           options.interchange == Interchange::TIE_LINES_AND_LOADS);
}

}  // namespace ballast
