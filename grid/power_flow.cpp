#include "grid/power_flow.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "grid/admittance.hpp"
#include "grid/controls/control.hpp"
#include "grid/flow_solver.hpp"

namespace ballast {
namespace {

using Complex = std::complex<double>;
constexpr double kRadians = std::numbers::pi / 180;

/// The first stage that moves something; nullptr when all are at rest.
std::vector<std::unique_ptr<Control>>* adjust(ControlStages& stages, FlowSolver& flow) {
  for (auto& stage : stages) {
    int moved = 0;
    for (const auto& control : stage) moved += control->adjust(flow);
    if (moved > 0) return &stage;
  }
  return nullptr;
}

/// Solves and adjusts until nothing moves; returns the number of solutions.
int settle(ControlStages& stages, FlowSolver& flow, const Network& network, int max_rounds,
           std::vector<Problem>& warnings) {
  Problems failures;
  if (!flow.solve(failures)) failures.throw_if_any();
  int round = 1;
  for (auto* moved = adjust(stages, flow); moved != nullptr; moved = adjust(stages, flow)) {
    if (++round > max_rounds) {
      throw Error(network.name,
                  fmt::format("its controls did not come to rest in {} power flow solutions", max_rounds),
                  "switch controls off one family at a time to find the one that hunts");
    }
    Problems none;
    if (flow.solve(none)) continue;
    for (const auto& control : *moved) control->undo();
    warnings.push_back({network.name,
                        "a move of its controls leaves no power flow solution; it is taken back",
                        "the reason was: " + none.errors().front().text()});
    if (!flow.solve(failures)) failures.throw_if_any();
  }
  return round;
}

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
  for (const ElementInjection& element : result.injections) {
    missing[static_cast<std::size_t>(element.bus)] -=
        Complex(element.P_MW, element.Q_Mvar) / network.base_MVA;
  }
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
  FlowModel model{network, {}, {}, {}};
  std::vector<Problem> warnings;
  ControlStages stages = make_controls(model, options, warnings);
  FlowSolver flow(model, options);
  const int rounds = settle(stages, flow, network, options.max_control_rounds, warnings);
  PowerFlowResult result = flow.result();
  result.warnings.insert(result.warnings.end(), warnings.begin(), warnings.end());
  result.control_rounds = rounds;
  for (const auto& stage : stages) {
    for (const auto& control : stage) control->report(flow, result);
  }
  for (std::size_t k = 0; k < network.branches.size(); ++k) {
    result.branch_ratio.push_back(model.network.branches[k].ratio);
    result.branch_angle_deg.push_back(model.network.branches[k].angle_deg);
  }
  for (const SwitchedShunt& shunt : model.network.switched_shunts)
    result.switched_shunt_Mvar.push_back(shunt.BINIT_Mvar);

  model.network.branches.resize(network.branches.size());  // those that stand for a device are injections
  std::vector<bool> alive(network.buses.size(), false);
  for (std::size_t i = 0; i < alive.size(); ++i) alive[i] = flow.alive(static_cast<int>(i));
  check_balance(model.network, admittance_matrix(model.network, {.constant_admittance_loads = true}), alive,
                result);
  return result;
}

void store_controls(const PowerFlowResult& result, Network& network) {
  for (std::size_t k = 0; k < network.branches.size(); ++k) {
    network.branches[k].ratio = result.branch_ratio[k];
    network.branches[k].angle_deg = result.branch_angle_deg[k];
  }
  for (std::size_t k = 0; k < network.switched_shunts.size(); ++k)
    network.switched_shunts[k].BINIT_Mvar = result.switched_shunt_Mvar[k];
}

void store(const PowerFlowResult& result, Network& network) {
  store_controls(result, network);
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
