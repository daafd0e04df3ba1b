/// What a solved island hands to the result.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "grid/island_solver.hpp"

namespace ballast {
namespace {

using Complex = std::complex<double>;
constexpr double kDegrees = 180 / std::numbers::pi;

}  // namespace

const Regulator* IslandSolver::regulator(int bus) const {
  const auto found = std::find_if(regulators_.begin(), regulators_.end(),
                                  [bus](const Regulator& r) { return r.bus == bus; });
  return found == regulators_.end() ? nullptr : &*found;
}

double IslandSolver::regulator_Mvar(const Regulator& regulator) const {
  return outputs()[static_cast<std::size_t>(&regulator - regulators_.data())];
}

double IslandSolver::pickup_MW() const {
  const std::vector<Complex> drawn = injections(network_, state_);
  double sum = 0;
  for (const Regulator& regulator : regulators_) {
    const std::size_t i = local(regulator.bus);
    if (is_slack(i)) sum += (drawn[i] - power_[i] - current_[i] * state_.Vm[i]).real() * net_.base_MVA;
  }
  return sum;
}

void IslandSolver::write(PowerFlowResult& result) const {
  result.warnings.insert(result.warnings.end(), slack_warnings_.begin(), slack_warnings_.end());
  result.warnings.insert(result.warnings.end(), warnings_.begin(), warnings_.end());
  IslandFlow flow = flow_;
  if (dead()) {
    result.islands.push_back(std::move(flow));
    return;
  }
  for (std::size_t i = 0; i < flow_.buses.size(); ++i) {
    result.Vm[static_cast<std::size_t>(flow_.buses[i])] = state_.Vm[i];
    result.Va_deg[static_cast<std::size_t>(flow_.buses[i])] = state_.Va[i] * kDegrees;
  }
  for (std::size_t g = 0; g < net_.generators.size(); ++g) {
    const Generator& generator = net_.generators[g];
    if (!generator.in_service || !here(generator.bus)) continue;
    result.generator_P_MW[g] = generator.P_MW;
    result.generator_Q_Mvar[g] = generator.Q_Mvar;
  }
  warn_low_voltage(result);
  const std::vector<double> Q = outputs();
  const std::vector<Complex> drawn = injections(network_, state_);
  for (std::size_t r = 0; r < regulators_.size(); ++r) {
    const Regulator& regulator = regulators_[r];
    share_reactive(regulator, Q[r], result);
    if (is_slack(local(regulator.bus))) flow.slack_pickup_MW += share_pickup(regulator, drawn, result);
    if (regulator.generators.empty()) continue;  // elements report their own limits
    if (regulator.state != Regulator::State::FREE)
      result.at_limit.push_back({regulator.bus, regulator.state == Regulator::State::AT_MAXIMUM, Q[r]});
    else if (is_slack(local(regulator.bus)) &&
             (Q[r] > regulator.Qmax_Mvar + 1e-3 || Q[r] < regulator.Qmin_Mvar - 1e-3))
      result.warnings.push_back(
          {net_.bus_label(regulator.bus),
           fmt::format("the slack needs {:.1f} Mvar, outside its limits of {} to {} Mvar", Q[r],
                       regulator.Qmin_Mvar, regulator.Qmax_Mvar),
           ""});
  }
  result.iterations = std::max(result.iterations, flow.iterations);
  result.islands.push_back(std::move(flow));
}

/// The equations have a second, unstable solution at low voltage; nothing in the mismatch tells them apart.
void IslandSolver::warn_low_voltage(PowerFlowResult& result) const {
  const auto lowest = std::min_element(state_.Vm.begin(), state_.Vm.end());
  if (*lowest >= 0.5) return;
  result.warnings.push_back(
      {net_.bus_label(flow_.buses[static_cast<std::size_t>(lowest - state_.Vm.begin())]),
       fmt::format("stands at {:.3f} pu: this is probably the low-voltage solution of the equations",
                   *lowest),
       ""});
}

/// Units of one bus share in proportion to the outputs of the file where those have one sign, else to their
/// ranges, else (an unlimited range) to their ratings. With another element at the bus (a FACTS device) all
/// share by range.
std::vector<double> IslandSolver::split_output_of(const Regulator& regulator, double Q_Mvar) const {
  std::vector<double> in_file, range, rating, low, high;
  bool bounded = true;
  for (const int g : regulator.generators) {
    const Generator& unit = net_.generators[static_cast<std::size_t>(g)];
    in_file.push_back(unit.Q_Mvar);
    range.push_back(unit.Qmax_Mvar - unit.Qmin_Mvar);
    rating.push_back(unit.base_MVA);
    const bool limits = options_.reactive_limits && regulator.limited;
    low.push_back(limits ? unit.Qmin_Mvar : -std::numeric_limits<double>::infinity());
    high.push_back(limits ? unit.Qmax_Mvar : std::numeric_limits<double>::infinity());
    bounded =
        bounded && std::isfinite(range.back()) && range.back() < 2 * 9999;  // 9999: "no limit" in RAW files
  }
  for (const int s : regulator.sources) {
    const VarSource& source = model_.sources[static_cast<std::size_t>(s)];
    range.push_back(std::min(source.Qmax_Mvar - source.Qmin_Mvar, 2 * 9999.0));
    rating.push_back(range.back());
    low.push_back(source.Qmin_Mvar);
    high.push_back(source.Qmax_Mvar);
  }
  const bool positive = std::all_of(in_file.begin(), in_file.end(), [](double q) { return q >= 0; });
  const bool negative = std::all_of(in_file.begin(), in_file.end(), [](double q) { return q <= 0; });
  std::vector<double> weights = bounded ? range : rating;
  if (positive != negative && regulator.sources.empty()) {
    weights = in_file;
    for (double& weight : weights) weight = std::abs(weight);
  }
  return split_output(Q_Mvar, weights, low, high);
}

void IslandSolver::share_reactive(const Regulator& regulator, double Q_Mvar, PowerFlowResult& result) const {
  const std::vector<double> shares = split_output_of(regulator, Q_Mvar);
  for (std::size_t k = 0; k < regulator.generators.size(); ++k)
    result.generator_Q_Mvar[static_cast<std::size_t>(regulator.generators[k])] = shares[k];
}

void IslandSolver::split_sources() {
  for (VarSource& source : model_.sources) {
    if (here(source.bus)) source.Q_Mvar = 0;
  }
  const std::vector<double> Q = outputs();
  for (std::size_t r = 0; r < regulators_.size(); ++r) {
    if (regulators_[r].sources.empty()) continue;
    const std::vector<double> shares = split_output_of(regulators_[r], Q[r]);
    for (std::size_t k = 0; k < regulators_[r].sources.size(); ++k)
      model_.sources[static_cast<std::size_t>(regulators_[r].sources[k])].Q_Mvar =
          shares[regulators_[r].generators.size() + k];
  }
}

/// What a slack bus generates beyond its schedule, by rating, MW.
double IslandSolver::share_pickup(const Regulator& regulator, const std::vector<Complex>& drawn,
                                  PowerFlowResult& result) const {
  const std::size_t i = local(regulator.bus);
  const double pickup_MW = (drawn[i] - power_[i] - current_[i] * state_.Vm[i]).real() * net_.base_MVA;
  double rating = 0;
  for (const int g : regulator.generators) rating += net_.generators[static_cast<std::size_t>(g)].base_MVA;
  for (const int g : regulator.generators) {
    const auto unit = static_cast<std::size_t>(g);
    result.generator_P_MW[unit] += pickup_MW * net_.generators[unit].base_MVA / rating;
  }
  return pickup_MW;
}

}  // namespace ballast
