#include "grid/island_solver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ballast {
namespace {

using Complex = std::complex<double>;

double limit_Mvar(const Regulator& regulator) {
  return regulator.state == Regulator::State::AT_MAXIMUM ? regulator.Qmax_Mvar : regulator.Qmin_Mvar;
}

}  // namespace

IslandSolver::IslandSolver(FlowModel& model, const Islands& islands, int island,
                           const PowerFlowOptions& options)
    : model_(model), net_(model.network), options_(options), islands_(islands), island_(island) {
  flow_.buses = islands.buses(island);
  local_.assign(net_.buses.size(), -1);
  for (std::size_t i = 0; i < flow_.buses.size(); ++i)
    local_[static_cast<std::size_t>(flow_.buses[i])] = static_cast<int>(i);
  choose_slack();
  if (dead()) leave_dead();
}

std::optional<Problem> IslandSolver::solve(const AdmittanceMatrix& Y) {
  if (dead()) return std::nullopt;
  warnings_.clear();
  linear_.reset();
  copy_admittance(Y);
  renew_regulators();
  collect_injections();
  std::optional<Problem> problem = solve_with_limits();
  if (!problem) split_sources();
  return problem;
}

void IslandSolver::copy_admittance(const AdmittanceMatrix& Y) {
  network_.rows.assign(flow_.buses.size(), {});
  for (std::size_t j = 0; j < flow_.buses.size(); ++j) {
    for (AdmittanceMatrix::InnerIterator entry(Y, flow_.buses[j]); entry; ++entry) {
      const int i = local_[static_cast<std::size_t>(entry.row())];
      if (i < 0 || (entry.value() == 0.0 && entry.row() != entry.col())) continue;
      network_.rows[static_cast<std::size_t>(i)].push_back({static_cast<int>(j), entry.value()});
    }
  }
}

void IslandSolver::choose_slack() {
  std::vector<double> running_MVA(flow_.buses.size(), 0);
  for (const Generator& generator : net_.generators) {
    if (generator.in_service && here(generator.bus)) running_MVA[local(generator.bus)] += generator.base_MVA;
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
  if (flow_.slack_bus < 0 && running_MVA[largest] > 0) {
    flow_.slack_bus = flow_.buses[largest];
    warn(flow_.slack_bus,
         fmt::format("its island of {} buses has no slack bus with a running generator; this bus, with the "
                     "largest running generation ({} MVA), is taken as slack at its angle of {} degrees",
                     flow_.buses.size(), running_MVA[largest], bus_at(largest).Va_deg));
  }
  slack_warnings_ = std::move(warnings_);
}

void IslandSolver::warn(int bus, std::string what) {
  warnings_.push_back({net_.bus_label(bus), std::move(what), ""});
}

void IslandSolver::leave_dead() {
  for (const Load& load : net_.loads) {
    if (load.in_service && here(load.bus)) flow_.unserved_MW += load.P_MW + load.IP_MW + load.YP_MW;
  }
  warn(flow_.buses.front(),
       fmt::format("its island of {} buses has no running generator: dead, V = 0, {} MW of load not served",
                   flow_.buses.size(), flow_.unserved_MW));
  slack_warnings_ = std::move(warnings_);
}

bool IslandSolver::is_slack(std::size_t i) const {
  return flow_.buses[i] == flow_.slack_bus ||
         (bus_at(i).type == BusType::SLACK && has_generator(flow_.buses[i]));
}

bool IslandSolver::has_generator(int bus) const {
  return std::any_of(net_.generators.begin(), net_.generators.end(),
                     [bus](const Generator& g) { return g.in_service && g.bus == bus; });
}

/// The regulators of the model as it stands; those known from the last solution keep their limits.
void IslandSolver::renew_regulators() {
  const std::vector<Regulator> before = std::move(regulators_);
  regulators_ = find_regulators(net_, model_.sources, islands_.of_bus, island_, flow_.slack_bus, warnings_);
  for (Regulator& regulator : regulators_) {
    const auto known = std::find_if(before.begin(), before.end(),
                                    [&](const Regulator& old) { return old.bus == regulator.bus; });
    if (known != before.end() && known->regulated_bus == regulator.regulated_bus)
      regulator.state = known->state;
    if (!options_.reactive_limits && !regulator.generators.empty()) regulator.limited = false;
  }
}

void IslandSolver::collect_injections() {
  power_.assign(flow_.buses.size(), 0);
  current_.assign(flow_.buses.size(), 0);
  for (const Load& load : net_.loads) {
    if (!load.in_service || !here(load.bus)) continue;
    power_[local(load.bus)] -= Complex(load.P_MW, load.Q_Mvar) / net_.base_MVA;
    current_[local(load.bus)] -= Complex(load.IP_MW, load.IQ_Mvar) / net_.base_MVA;
  }
  for (const Injection& injection : model_.injections) {
    if (!here(injection.bus)) continue;
    power_[local(injection.bus)] += injection.power;
    current_[local(injection.bus)] += injection.current;
  }
  std::vector<bool> regulating(net_.generators.size(), false);
  for (const Regulator& regulator : regulators_) {
    for (const int g : regulator.generators) regulating[static_cast<std::size_t>(g)] = true;
  }
  for (std::size_t g = 0; g < net_.generators.size(); ++g) {
    const Generator& generator = net_.generators[g];
    if (!generator.in_service || !here(generator.bus)) continue;
    power_[local(generator.bus)] +=
        Complex(generator.P_MW, regulating[g] ? 0 : generator.Q_Mvar) / net_.base_MVA;
    if (!regulating[g])
      warn(generator.bus,
           fmt::format("generator '{}' runs at a bus of type PQ: it holds {} Mvar, not a voltage",
                       generator.id, generator.Q_Mvar));
  }
}

/// Which equations each bus has, given the present states of the regulators.
std::vector<NewtonBus> IslandSolver::equations(double loading) const {
  std::vector<NewtonBus> buses(flow_.buses.size());
  for (std::size_t i = 0; i < buses.size(); ++i) {
    buses[i].angle_given = is_slack(i);
    buses[i].power = loading * power_[i];
    buses[i].current = loading * current_[i];
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

NewtonOutcome IslandSolver::run_newton(double loading) {
  const NewtonOptions newton_options{options_.tolerance_pu, options_.max_iterations};
  const NewtonOutcome outcome = newton(network_, equations(loading), state_, newton_options);
  flow_.iterations += outcome.iterations;
  return outcome;
}

/// From the wanted start, then from a linear one, then along the path of growing injections.
/// `reached` is the share of the schedule that could be solved.
NewtonOutcome IslandSolver::first_solution(double* reached) {
  const IslandView view{net_, flow_.buses, local_};
  if (!state_.Vm.empty()) {  // from the solution before the controls moved
    const NewtonOutcome outcome = run_newton();
    if (outcome.converged) return outcome;
  }
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

std::optional<Problem> IslandSolver::solve_with_limits() {
  double reached = 0;
  NewtonOutcome outcome = first_solution(&reached);
  if (!outcome.converged) return failure(outcome, reached, "");
  flow_.limit_rounds = 1;
  if (!options_.reactive_limits && model_.sources.empty()) return std::nullopt;
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

int IslandSolver::switch_round(Caution caution) {
  std::vector<double> Vm(net_.buses.size(), 0);
  for (std::size_t i = 0; i < flow_.buses.size(); ++i)
    Vm[static_cast<std::size_t>(flow_.buses[i])] = state_.Vm[i];
  return switch_limits(regulators_, outputs(), Vm, options_.limit_tolerance_pu * net_.base_MVA,
                       options_.limit_tolerance_pu, caution);
}

std::size_t IslandSolver::limited_count() const {
  return static_cast<std::size_t>(
      std::count_if(regulators_.begin(), regulators_.end(),
                    [](const Regulator& r) { return r.state != Regulator::State::FREE; }));
}

void IslandSolver::warn_stuck() {
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

/// Present reactive output of each regulator, Mvar.
std::vector<double> IslandSolver::outputs() const {
  const std::vector<Complex> drawn = injections(network_, state_);
  std::vector<double> Q;
  for (const Regulator& regulator : regulators_) {
    const std::size_t i = local(regulator.bus);
    Q.push_back((drawn[i] - power_[i] - current_[i] * state_.Vm[i]).imag() * net_.base_MVA);
  }
  return Q;
}

Problem IslandSolver::failure(const NewtonOutcome& outcome, double reached, const std::string& when) const {
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

std::vector<double> IslandSolver::response(const std::vector<Drawn>& drawn) {
  if (!linear_) linear_ = std::make_unique<LinearFlow>(network_, equations(), state_);
  std::vector<Complex> by_bus(flow_.buses.size());
  for (const Drawn& change : drawn) by_bus[local(change.bus)] += change.S;
  return linear_->response(by_bus);
}

}  // namespace ballast
