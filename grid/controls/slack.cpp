/// Distributed slack: what an island's slack would pick up beyond its schedule is shared among its
/// generators.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "grid/controls/control.hpp"

namespace ballast {
namespace {

constexpr double kSettled_MW = 1e-6;
constexpr int kMostRounds = 100;

class SlackDistribution : public Control {
 public:
  SlackDistribution(FlowModel& model, const PowerFlowOptions& options)
      : model_(model), weights_(options.slack_weights), limits_(options.slack_limits) {
    for (const Generator& g : model.network.generators) start_MW_.push_back(g.P_MW);
  }

  /// Before the first solution, which the slack alone might not be able to carry: load less generation.
  void start() {
    const Network& net = model_.network;
    const Islands islands = find_islands(net);
    const auto of = [&](int bus) { return islands.of_bus[static_cast<std::size_t>(bus)]; };
    std::vector<double> lack(static_cast<std::size_t>(islands.count), 0);
    const auto add = [&](int bus, double P_MW) {
      if (of(bus) >= 0) lack[static_cast<std::size_t>(of(bus))] += P_MW;
    };
    for (const Load& load : net.loads)
      if (load.in_service) add(load.bus, load_power(load, 1).real());
    for (const Generator& unit : net.generators)
      if (unit.in_service) add(unit.bus, -unit.P_MW);
    for (const Injection& i : model_.injections) add(i.bus, -(i.power + i.current).real() * net.base_MVA);
    for (int island = 0; island < islands.count; ++island)
      (void)share([&](int bus) { return of(bus) == island; }, lack[static_cast<std::size_t>(island)]);
  }

  int adjust(FlowSolver& flow) override {
    if (++rounds_ > kMostRounds) return 0;
    int moved = 0;
    for (const IslandSolver& island : flow.solvers()) {
      if (island.dead()) continue;
      const double pickup = island.pickup_MW();
      const auto here = [&](int bus) { return flow.at(bus) == &island; };
      if (std::abs(pickup) > kSettled_MW && share(here, pickup)) ++moved;
    }
    return moved;
  }

  void report(const FlowSolver& flow, PowerFlowResult& result) const override {
    const Network& net = model_.network;
    for (std::size_t g = 0; g < net.generators.size(); ++g) {
      const Generator& unit = net.generators[g];
      if (unit.P_MW == start_MW_[g] || !flow.alive(unit.bus)) continue;
      const bool limited = limits_ && (unit.P_MW >= unit.Pmax_MW || unit.P_MW <= unit.Pmin_MW);
      result.acts.push_back({fmt::format("generator '{}' at {}", unit.id, net.bus_label(unit.bus)), "P",
                             start_MW_[g], unit.P_MW, "MW", limited ? "at its limit" : ""});
    }
    for (const IslandFlow& island : result.islands) {
      if (std::abs(island.slack_pickup_MW) <= 10 * kSettled_MW) continue;
      result.warnings.push_back(
          {net.bus_label(island.slack_bus),
           fmt::format("picks up {:.3f} MW as slack: no other generator has a share or room",
                       island.slack_pickup_MW),
           ""});
    }
  }

 private:
  FlowModel& model_;
  std::vector<double> weights_, start_MW_;
  bool limits_;
  int rounds_ = 0;

  [[nodiscard]] double clamped(const Generator& unit, double P) const {
    if (!limits_) return P;
    // A schedule beyond a limit is no reason to move.
    return std::clamp(P, std::min(unit.Pmin_MW, unit.P_MW), std::max(unit.Pmax_MW, unit.P_MW));
  }

  /// Shares a pickup among the generators at the buses `here`. False when nobody can take anything.
  bool share(const std::function<bool(int)>& here, double pickup_MW) {
    std::vector<std::size_t> room;
    for (std::size_t g = 0; g < weights_.size(); ++g) {
      const Generator& unit = model_.network.generators[g];
      if (unit.in_service && weights_[g] > 0 && here(unit.bus)) room.push_back(g);
    }
    double rest = pickup_MW;
    bool any = false;
    for (std::size_t round = 0; std::abs(rest) > kSettled_MW / 10 && !room.empty() && round < 50; ++round) {
      double sum = 0, taken = 0;
      for (const std::size_t g : room) sum += weights_[g];
      std::vector<std::size_t> left;
      for (const std::size_t g : room) {
        Generator& unit = model_.network.generators[g];
        const double wanted = unit.P_MW + rest * weights_[g] / sum, now = clamped(unit, wanted);
        taken += now - unit.P_MW;
        if (now == wanted) left.push_back(g);
        any = any || now != unit.P_MW;
        unit.P_MW = now;
      }
      rest -= taken;
      room = std::move(left);
    }
    return any;
  }
};

}  // namespace

std::unique_ptr<Control> slack_distribution(FlowModel& model, const PowerFlowOptions& options) {
  if (options.slack_weights.empty()) return nullptr;
  if (options.slack_weights.size() != model.network.generators.size())
    throw Error("slack weights",
                fmt::format("{} weights for {} generators", options.slack_weights.size(),
                            model.network.generators.size()),
                "give one per generator");
  auto control = std::make_unique<SlackDistribution>(model, options);
  control->start();
  return control;
}

}  // namespace ballast
