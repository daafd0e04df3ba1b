#include "grid/flow_solver.hpp"

namespace ballast {

using Complex = std::complex<double>;

Complex FlowResponse::V(int bus, double h) const {
  const std::size_t i = island_->local(bus);
  return std::polar(island_->Vm(bus) + h * change_[2 * i + 1], island_->Va(bus) + h * change_[2 * i]);
}

FlowSolver::FlowSolver(FlowModel& model, const PowerFlowOptions& options)
    : model_(model), options_(options), islands_(find_islands(model.network)) {
  solvers_.reserve(static_cast<std::size_t>(islands_.count));
  for (int island = 0; island < islands_.count; ++island)
    solvers_.emplace_back(model, islands_, island, options);
}

bool FlowSolver::solve(Problems& failures) {
  const AdmittanceMatrix Y = admittance_matrix(model_.network, {.constant_admittance_loads = true});
  bool good = true;
  for (IslandSolver& solver : solvers_) {
    const std::optional<Problem> failed = solver.solve(Y);
    if (!failed) continue;
    failures.add(failed->where, failed->what, failed->remedy);
    good = false;
  }
  return good;
}

const IslandSolver* FlowSolver::at(int bus) const {
  const int island = islands_.of_bus[static_cast<std::size_t>(bus)];
  if (island < 0) return nullptr;
  const IslandSolver& solver = solvers_[static_cast<std::size_t>(island)];
  return solver.dead() ? nullptr : &solver;
}

IslandSolver* FlowSolver::at(int bus) {
  return const_cast<IslandSolver*>(static_cast<const FlowSolver&>(*this).at(bus));  // NOLINT
}

double FlowSolver::Vm(int bus) const {
  const IslandSolver* solver = at(bus);
  return solver == nullptr ? 0 : solver->Vm(bus);
}

Complex FlowSolver::V(int bus) const {
  const IslandSolver* solver = at(bus);
  return solver == nullptr ? Complex(0) : std::polar(solver->Vm(bus), solver->Va(bus));
}

FlowResponse FlowSolver::response(const Branch& branch, const std::function<void(Branch&, double)>& move) {
  IslandSolver* solver = at(branch.from);
  if (solver == nullptr || !branch.in_service || !alive(branch.to)) return {nullptr, {}};
  const auto flow = [&](double h) {
    Branch moved = branch;
    move(moved, h);
    return branch_flow(branch_block(model_.network, moved), V(branch.from), V(branch.to));
  };
  const BranchFlow up = flow(kProbe), down = flow(-kProbe);
  return {solver, solver->response({{branch.from, (up.from - down.from) / (2 * kProbe)},
                                    {branch.to, (up.to - down.to) / (2 * kProbe)}})};
}

FlowResponse FlowSolver::response_to_susceptance(int bus) {
  IslandSolver* solver = at(bus);
  if (solver == nullptr) return {nullptr, {}};
  const double V = solver->Vm(bus);
  return {solver, solver->response({{bus, Complex(0, -V * V)}})};
}

PowerFlowResult FlowSolver::result() const {
  PowerFlowResult result;
  const Network& network = model_.network;
  result.Vm.assign(network.buses.size(), 0);
  result.Va_deg.assign(network.buses.size(), 0);
  result.generator_P_MW.assign(network.generators.size(), 0);
  result.generator_Q_Mvar.assign(network.generators.size(), 0);
  for (const IslandSolver& solver : solvers_) solver.write(result);
  return result;
}

}  // namespace ballast
