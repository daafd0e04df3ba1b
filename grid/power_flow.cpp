#include "grid/power_flow.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>

#include "grid/admittance.hpp"
#include "grid/newton.hpp"
#include "grid/regulation.hpp"
#include "grid/start.hpp"
#include "grid/topology.hpp"

namespace ballast {
namespace {

using Complex = std::complex<double>;
constexpr double kRadians = std::numbers::pi / 180;

/// Constant-power and constant-current injections of every bus, generation less load, pu; and the output of
/// generators that do not regulate.
struct Injections {
  std::vector<Complex> power, current;
};

/// The power flow of one island.
class IslandSolver {
 public:
  IslandSolver(const Network& network, const AdmittanceMatrix& Y, const Islands& islands, int island,
               const PowerFlowOptions& options, PowerFlowResult& result)
      : net_(network), options_(options), islands_(islands), island_(island), result_(result) {
    flow_.buses = islands.buses(island);
    local_.assign(network.buses.size(), -1);
    for (std::size_t i = 0; i < flow_.buses.size(); ++i)
      local_[static_cast<std::size_t>(flow_.buses[i])] = static_cast<int>(i);
    copy_admittance(Y);
  }

  /// Nothing to report on success.
  std::optional<Problem> solve() {
    choose_slack();
    if (flow_.slack_bus < 0) {
      leave_dead();
      return std::nullopt;
    }
    regulators_ = find_regulators(net_, islands_.of_bus, island_, flow_.slack_bus, result_.warnings);
    collect_injections();
    std::optional<Problem> problem = solve_with_limits();
    if (!problem) write_result();
    return problem;
  }

 private:
  const Network& net_;
  const PowerFlowOptions& options_;
  const Islands& islands_;
  int island_;
  PowerFlowResult& result_;
  IslandFlow flow_;
  std::vector<int> local_;  ///< of a network bus, -1 elsewhere
  NewtonNetwork network_;
  NewtonState state_;
  Injections given_;  ///< by local bus; regulating generators contribute P only
  std::vector<Regulator> regulators_;

  [[nodiscard]] std::size_t local(int bus) const {
    return static_cast<std::size_t>(local_[static_cast<std::size_t>(bus)]);
  }
  [[nodiscard]] const Bus& bus_at(std::size_t i) const {
    return net_.buses[static_cast<std::size_t>(flow_.buses[i])];
  }
  [[nodiscard]] bool here(int bus) const { return local_[static_cast<std::size_t>(bus)] >= 0; }

  void copy_admittance(const AdmittanceMatrix& Y) {
    network_.rows.resize(flow_.buses.size());
    for (std::size_t j = 0; j < flow_.buses.size(); ++j) {
      for (AdmittanceMatrix::InnerIterator entry(Y, flow_.buses[j]); entry; ++entry) {
        const int i = local_[static_cast<std::size_t>(entry.row())];
        if (i < 0 || (entry.value() == 0.0 && entry.row() != entry.col())) continue;
        network_.rows[static_cast<std::size_t>(i)].push_back({static_cast<int>(j), entry.value()});
      }
    }
  }

  /// The slack bus of the file if a generator runs there, else the bus with the largest running generation.
  void choose_slack() {
    std::vector<double> running_MVA(flow_.buses.size(), 0);
    for (const Generator& generator : net_.generators) {
      if (generator.in_service && here(generator.bus))
        running_MVA[local(generator.bus)] += generator.base_MVA;
    }
    std::size_t largest = 0;
    for (std::size_t i = 0; i < flow_.buses.size(); ++i) {
      if (bus_at(i).type == BusType::SLACK && running_MVA[i] > 0) {
        if (flow_.slack_bus < 0)
          flow_.slack_bus = flow_.buses[i];
        else
          warn(flow_.buses[i],
               fmt::format("is a second slack bus in the island of {}; its angle stays at {} degrees",
                           net_.bus_label(flow_.slack_bus), bus_at(i).Va_deg));
      }
      if (running_MVA[i] > running_MVA[largest]) largest = i;
    }
    if (flow_.slack_bus >= 0 || running_MVA[largest] <= 0) return;
    flow_.slack_bus = flow_.buses[largest];
    warn(flow_.slack_bus, fmt::format("its island of {} buses has no slack bus with a running generator; "
                                      "this bus, with the largest running "
                                      "generation ({} MVA), is taken as slack at its angle of {} degrees",
                                      flow_.buses.size(), running_MVA[largest], bus_at(largest).Va_deg));
  }

  void warn(int bus, std::string what) {
    result_.warnings.push_back({net_.bus_label(bus), std::move(what), ""});
  }

  void leave_dead() {
    for (const Load& load : net_.loads) {
      if (load.in_service && here(load.bus)) flow_.unserved_MW += load.P_MW + load.IP_MW + load.YP_MW;
    }
    warn(flow_.buses.front(),
         fmt::format("its island of {} buses has no running generator: dead, V = 0, {} MW of load not served",
                     flow_.buses.size(), flow_.unserved_MW));
    result_.islands.push_back(std::move(flow_));
  }

  [[nodiscard]] bool is_slack(std::size_t i) const {
    return flow_.buses[i] == flow_.slack_bus ||
           (bus_at(i).type == BusType::SLACK && has_generator(flow_.buses[i]));
  }
  [[nodiscard]] bool has_generator(int bus) const {
    return std::any_of(net_.generators.begin(), net_.generators.end(),
                       [bus](const Generator& g) { return g.in_service && g.bus == bus; });
  }

  void collect_injections() {
    given_.power.assign(flow_.buses.size(), 0);
    given_.current.assign(flow_.buses.size(), 0);
    for (const Load& load : net_.loads) {
      if (!load.in_service || !here(load.bus)) continue;
      given_.power[local(load.bus)] -= Complex(load.P_MW, load.Q_Mvar) / net_.base_MVA;
      given_.current[local(load.bus)] -= Complex(load.IP_MW, load.IQ_Mvar) / net_.base_MVA;
    }
    std::vector<bool> regulating(net_.generators.size(), false);
    for (const Regulator& regulator : regulators_) {
      for (const int g : regulator.generators) regulating[static_cast<std::size_t>(g)] = true;
    }
    for (std::size_t g = 0; g < net_.generators.size(); ++g) {
      const Generator& generator = net_.generators[g];
      if (!generator.in_service || !here(generator.bus)) continue;
      given_.power[local(generator.bus)] +=
          Complex(generator.P_MW, regulating[g] ? 0 : generator.Q_Mvar) / net_.base_MVA;
      if (!regulating[g])
        warn(generator.bus,
             fmt::format("generator '{}' runs at a bus of type PQ: it holds {} Mvar, not a voltage",
                         generator.id, generator.Q_Mvar));
    }
  }

  /// Which equations each bus has, given the present states of the regulators.
  [[nodiscard]] std::vector<NewtonBus> equations(double loading = 1) const {
    std::vector<NewtonBus> buses(flow_.buses.size());
    for (std::size_t i = 0; i < buses.size(); ++i) {
      buses[i].angle_given = is_slack(i);
      buses[i].power = loading * given_.power[i];
      buses[i].current = loading * given_.current[i];
    }
    std::vector<const Regulator*> leader(flow_.buses.size(), nullptr);  // by regulated bus: who holds it
    for (const bool own_bus : {true, false}) {                          // its own generators come first
      for (const Regulator& regulator : regulators_) {
        const std::size_t i = local(regulator.bus), r = local(regulator.regulated_bus);
        if ((i == r) != own_bus) continue;
        NewtonBus& bus = buses[i];
        if (regulator.state != Regulator::State::FREE) {
          bus.power += Complex(0, limit_Mvar(regulator) / net_.base_MVA);
        } else if (leader[r] == nullptr) {
          leader[r] = &regulator;
          bus.second = Equation::VOLTAGE;
          bus.reference = static_cast<int>(r);
          bus.target = regulator.Vset;
        } else {
          bus.second = Equation::SHARE;
          bus.reference = static_cast<int>(local(leader[r]->bus));
          bus.weight = std::max(regulator.share, 1e-6);
          bus.reference_weight = std::max(leader[r]->share, 1e-6);
        }
      }
    }
    return buses;
  }

  [[nodiscard]] static double limit_Mvar(const Regulator& regulator) {
    return regulator.state == Regulator::State::AT_MAXIMUM ? regulator.Qmax_Mvar : regulator.Qmin_Mvar;
  }

  [[nodiscard]] NewtonOutcome run_newton(double loading = 1) {
    const NewtonOptions newton_options{options_.tolerance_pu, options_.max_iterations};
    const NewtonOutcome outcome = newton(network_, equations(loading), state_, newton_options);
    flow_.iterations += outcome.iterations;
    return outcome;
  }

  /// From the wanted start, then from a linear one, then along the path of growing injections.
  /// `reached` is the share of the schedule that could be solved.
  NewtonOutcome first_solution(double* reached) {
    const IslandView view{net_, flow_.buses, local_};
    state_ = options_.start == PowerFlowOptions::Start::FILE ? file_start(view, equations())
                                                             : flat_start(view, equations());
    NewtonOutcome outcome = run_newton();
    if (outcome.converged) return outcome;
    state_ = linear_start(view, network_, equations());
    outcome = run_newton();
    if (outcome.converged) return outcome;
    state_ = linear_start(view, network_, equations(0));
    NewtonOutcome last_try = run_newton(0);
    if (!last_try.converged) return last_try;
    double loading = 0, step = 0.25;
    NewtonState solved = state_;
    while (loading < 1 && step > 1.0 / 256) {
      const double next = std::min(1.0, loading + step);
      last_try = run_newton(next);
      if (last_try.converged) {
        loading = next;
        solved = state_;
      } else {
        state_ = solved;
        step /= 2;
      }
    }
    *reached = loading;
    return last_try;
  }

  std::optional<Problem> solve_with_limits() {
    double reached = 0;
    NewtonOutcome outcome = first_solution(&reached);
    if (!outcome.converged) return failure(outcome, reached, "");
    flow_.limit_rounds = 1;
    if (!options_.reactive_limits) return std::nullopt;
    while (true) {
      const std::vector<Regulator> before = regulators_;
      const NewtonState solved = state_;
      int changes = 0;
      for (const Caution caution : {Caution::ALL, Caution::MAXIMA, Caution::WORST}) {
        regulators_ = before;
        state_ = solved;
        changes = switch_round(caution);
        if (changes == 0) break;
        outcome = run_newton();
        if (outcome.converged) break;
      }
      if (changes == 0 && outcome.converged) break;
      if (!outcome.converged)
        return failure(outcome, 1, fmt::format(" with {} buses at a reactive limit", limited_count()));
      if (++flow_.limit_rounds < options_.max_limit_rounds) continue;
      warn(flow_.slack_bus,
           fmt::format("the generators at a reactive limit did not settle in {} rounds in its island",
                       flow_.limit_rounds));
      break;
    }
    warn_stuck();
    return std::nullopt;
  }

  int switch_round(Caution caution) {
    std::vector<double> Vm(net_.buses.size(), 0);
    for (std::size_t i = 0; i < flow_.buses.size(); ++i)
      Vm[static_cast<std::size_t>(flow_.buses[i])] = state_.Vm[i];
    return switch_limits(regulators_, outputs(), Vm, options_.limit_tolerance_pu * net_.base_MVA,
                         options_.limit_tolerance_pu, caution);
  }

  [[nodiscard]] std::size_t limited_count() const {
    return static_cast<std::size_t>(
        std::count_if(regulators_.begin(), regulators_.end(),
                      [](const Regulator& r) { return r.state != Regulator::State::FREE; }));
  }

  void warn_stuck() {
    for (const Regulator& regulator : regulators_) {
      if (regulator.state == Regulator::State::FREE) continue;
      const double error = state_.Vm[local(regulator.regulated_bus)] - regulator.Vset;
      const bool maximum = regulator.state == Regulator::State::AT_MAXIMUM;
      if (maximum ? error <= options_.limit_tolerance_pu : error >= -options_.limit_tolerance_pu) continue;
      warn(regulator.bus,
           fmt::format("went back and forth between its voltage set point and its reactive limit; left at "
                       "its {} of {} Mvar with the voltage {:+.5f} pu from the set point",
                       maximum ? "maximum" : "minimum", limit_Mvar(regulator), error));
    }
  }

  /// The equations have a second, unstable solution at low voltage; nothing in the mismatch tells them apart.
  void warn_low_voltage() {
    const auto lowest = std::min_element(state_.Vm.begin(), state_.Vm.end());
    if (*lowest >= 0.5) return;
    warn(flow_.buses[static_cast<std::size_t>(lowest - state_.Vm.begin())],
         fmt::format("stands at {:.3f} pu: this is probably the low-voltage solution of the equations",
                     *lowest));
  }

  /// Present reactive output of each regulator, Mvar.
  [[nodiscard]] std::vector<double> outputs() const {
    const std::vector<Complex> drawn = injections(network_, state_);
    std::vector<double> Q;
    for (const Regulator& regulator : regulators_) {
      const std::size_t i = local(regulator.bus);
      Q.push_back((drawn[i] - given_.power[i] - given_.current[i] * state_.Vm[i]).imag() * net_.base_MVA);
    }
    return Q;
  }

  [[nodiscard]] Problem failure(const NewtonOutcome& outcome, double reached, const std::string& when) const {
    const int worst = flow_.buses[static_cast<std::size_t>(std::max(outcome.worst_bus, 0))];
    std::string what = fmt::format(
        "no power flow solution{} in the island of {} ({} buses): after {} iterations the largest mismatch "
        "is {:.4g} {} at {}",
        when, net_.bus_label(flow_.slack_bus), flow_.buses.size(), flow_.iterations,
        outcome.mismatch * net_.base_MVA, outcome.worst_is_reactive ? "Mvar" : "MW", net_.bus_label(worst));
    if (outcome.singular) what += "; the Jacobian is singular";
    if (reached > 0 && reached < 1)
      what += fmt::format("; {:.1f} % of all injections can be solved", 100 * reached);
    return {net_.name, what, "check loads, set points and branches around this bus, or reduce the transfer"};
  }

  void write_result() {
    for (std::size_t i = 0; i < flow_.buses.size(); ++i) {
      result_.Vm[static_cast<std::size_t>(flow_.buses[i])] = state_.Vm[i];
      result_.Va_deg[static_cast<std::size_t>(flow_.buses[i])] = state_.Va[i] / kRadians;
    }
    for (std::size_t g = 0; g < net_.generators.size(); ++g) {
      const Generator& generator = net_.generators[g];
      if (!generator.in_service || !here(generator.bus)) continue;
      result_.generator_P_MW[g] = generator.P_MW;
      result_.generator_Q_Mvar[g] = generator.Q_Mvar;
    }
    warn_low_voltage();
    const std::vector<double> Q = outputs();
    const std::vector<Complex> drawn = injections(network_, state_);
    for (std::size_t r = 0; r < regulators_.size(); ++r) {
      const Regulator& regulator = regulators_[r];
      share_reactive(regulator, Q[r]);
      if (is_slack(local(regulator.bus))) share_pickup(regulator, drawn);
      if (regulator.state != Regulator::State::FREE)
        result_.at_limit.push_back({regulator.bus, regulator.state == Regulator::State::AT_MAXIMUM, Q[r]});
      else if (!regulator.limited && (Q[r] > regulator.Qmax_Mvar + 1e-3 || Q[r] < regulator.Qmin_Mvar - 1e-3))
        warn(regulator.bus, fmt::format("the slack needs {:.1f} Mvar, outside its limits of {} to {} Mvar",
                                        Q[r], regulator.Qmin_Mvar, regulator.Qmax_Mvar));
    }
    result_.iterations = std::max(result_.iterations, flow_.iterations);
    result_.islands.push_back(std::move(flow_));
  }

  /// Units of one bus share in proportion to the outputs of the file where those have one sign, else to their
  /// ranges, else (an unlimited range) to their ratings.
  void share_reactive(const Regulator& regulator, double Q_Mvar) {
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
    const bool positive = std::all_of(in_file.begin(), in_file.end(), [](double q) { return q >= 0; });
    const bool negative = std::all_of(in_file.begin(), in_file.end(), [](double q) { return q <= 0; });
    std::vector<double> weights = bounded ? range : rating;
    if (positive != negative) {
      weights = in_file;
      for (double& weight : weights) weight = std::abs(weight);
    }
    const std::vector<double> shares = split_output(Q_Mvar, weights, low, high);
    for (std::size_t k = 0; k < shares.size(); ++k)
      result_.generator_Q_Mvar[static_cast<std::size_t>(regulator.generators[k])] = shares[k];
  }

  /// What the slack bus generates beyond its schedule, by rating.
  void share_pickup(const Regulator& regulator, const std::vector<Complex>& drawn) {
    const std::size_t i = local(regulator.bus);
    const double pickup_MW =
        (drawn[i] - given_.power[i] - given_.current[i] * state_.Vm[i]).real() * net_.base_MVA;
    double rating = 0;
    for (const int g : regulator.generators) rating += net_.generators[static_cast<std::size_t>(g)].base_MVA;
    for (const int g : regulator.generators) {
      const auto unit = static_cast<std::size_t>(g);
      result_.generator_P_MW[unit] += pickup_MW * net_.generators[unit].base_MVA / rating;
    }
    flow_.slack_pickup_MW += pickup_MW;
  }
};

/// The largest |P| or |Q| missing at a live bus, from the outputs of all elements.
void check_balance(const Network& network, const AdmittanceMatrix& Y, const std::vector<bool>& alive,
                   PowerFlowResult& result) {
  const int n = static_cast<int>(network.buses.size());
  Eigen::VectorXcd V(n);
  for (int i = 0; i < n; ++i) V[i] = result.voltage(i);
  const Eigen::VectorXcd current = Y * V;
  std::vector<Complex> missing(network.buses.size());
  for (int i = 0; i < n; ++i) missing[static_cast<std::size_t>(i)] = V[i] * std::conj(current[i]);
  for (std::size_t g = 0; g < network.generators.size(); ++g)
    missing[static_cast<std::size_t>(network.generators[g].bus)] -=
        Complex(result.generator_P_MW[g], result.generator_Q_Mvar[g]) / network.base_MVA;
  for (Load load : network.loads) {
    if (!load.in_service) continue;
    load.YP_MW = load.YQ_Mvar = 0;  // in Y
    missing[static_cast<std::size_t>(load.bus)] +=
        load_power(load, result.Vm[static_cast<std::size_t>(load.bus)]) / network.base_MVA;
  }
  for (std::size_t i = 0; i < missing.size(); ++i) {
    const double size = std::max(std::abs(missing[i].real()), std::abs(missing[i].imag()));
    if (!alive[i] || size <= result.mismatch_pu) continue;
    result.mismatch_pu = size;
    result.worst_bus = static_cast<int>(i);
  }
}

}  // namespace

std::complex<double> PowerFlowResult::voltage(int bus) const {
  const auto i = static_cast<std::size_t>(bus);
  return std::polar(Vm[i], Va_deg[i] * kRadians);
}

std::complex<double> load_power(const Load& load, double Vm) {
  return {load.P_MW + load.IP_MW * Vm + load.YP_MW * Vm * Vm,
          load.Q_Mvar + load.IQ_Mvar * Vm + load.YQ_Mvar * Vm * Vm};
}

PowerFlowResult solve_power_flow(const Network& network, const PowerFlowOptions& options) {
  PowerFlowResult result;
  result.Vm.assign(network.buses.size(), 0);
  result.Va_deg.assign(network.buses.size(), 0);
  result.generator_P_MW.assign(network.generators.size(), 0);
  result.generator_Q_Mvar.assign(network.generators.size(), 0);
  const AdmittanceMatrix Y = admittance_matrix(network, {.constant_admittance_loads = true});
  const Islands islands = find_islands(network);
  Problems failures;
  for (int island = 0; island < islands.count; ++island) {
    const std::optional<Problem> failed = IslandSolver(network, Y, islands, island, options, result).solve();
    if (failed) failures.add(failed->where, failed->what, failed->remedy);
  }
  failures.throw_if_any();
  std::vector<bool> alive(network.buses.size(), false);
  for (const IslandFlow& flow : result.islands) {
    for (const int bus : flow.buses) alive[static_cast<std::size_t>(bus)] = flow.slack_bus >= 0;
  }
  check_balance(network, Y, alive, result);
  return result;
}

void store(const PowerFlowResult& result, Network& network) {
  for (std::size_t i = 0; i < network.buses.size(); ++i) {
    network.buses[i].Vm = result.Vm[i];
    network.buses[i].Va_deg = result.Va_deg[i];
  }
  for (std::size_t g = 0; g < network.generators.size(); ++g) {
    network.generators[g].P_MW = result.generator_P_MW[g];
    network.generators[g].Q_Mvar = result.generator_Q_Mvar[g];
  }
}

}  // namespace ballast
