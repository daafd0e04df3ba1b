/// \file
/// The power flow of one island: slack, reactive limits, start values, Newton. Internal to grid/. The state
/// stays between solutions, so that a solution after a small change of the model takes few steps.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "grid/admittance.hpp"
#include "grid/flow_model.hpp"
#include "grid/newton.hpp"
#include "grid/power_flow.hpp"
#include "grid/regulation.hpp"
#include "grid/start.hpp"
#include "grid/topology.hpp"

namespace ballast {

class IslandSolver {
 public:
  IslandSolver(FlowModel& model, const Islands& islands, int island, const PowerFlowOptions& options);

  /// Solves the model as it stands; also writes VarSource::Q_Mvar. Nothing to report on success.
  [[nodiscard]] std::optional<Problem> solve(const AdmittanceMatrix& Y);

  [[nodiscard]] bool dead() const { return flow_.slack_bus < 0; }
  [[nodiscard]] int slack_bus() const { return flow_.slack_bus; }
  [[nodiscard]] double Vm(int bus) const { return state_.Vm[local(bus)]; }
  [[nodiscard]] double Va(int bus) const { return state_.Va[local(bus)]; }  ///< rad
  /// What all slack buses generate beyond their schedule.
  [[nodiscard]] double pickup_MW() const;
  /// The regulating generators of a bus; nullptr without any.
  [[nodiscard]] const Regulator* regulator(int bus) const;
  [[nodiscard]] double regulator_Mvar(const Regulator& regulator) const;

  /// First-order change of the state when the branches and shunts at a bus draw more, by network bus (pu):
  /// angle and magnitude alternate, by place in the island. Empty when the equations are singular.
  struct Drawn {
    int bus;
    std::complex<double> S;
  };
  [[nodiscard]] std::vector<double> response(const std::vector<Drawn>& drawn);
  [[nodiscard]] std::size_t local(int bus) const {
    return static_cast<std::size_t>(local_[static_cast<std::size_t>(bus)]);
  }

  void write(PowerFlowResult& result) const;

 private:
  FlowModel& model_;
  const Network& net_;
  const PowerFlowOptions& options_;
  const Islands& islands_;
  int island_;
  IslandFlow flow_;
  std::vector<int> local_;  ///< of a network bus, -1 elsewhere
  NewtonNetwork network_;
  NewtonState state_;
  std::vector<std::complex<double>> power_, current_;  ///< given injections by local bus, pu
  std::vector<Regulator> regulators_;
  std::vector<Problem> slack_warnings_, warnings_;
  std::unique_ptr<LinearFlow> linear_;

  [[nodiscard]] const Bus& bus_at(std::size_t i) const {
    return net_.buses[static_cast<std::size_t>(flow_.buses[i])];
  }
  [[nodiscard]] bool here(int bus) const { return local_[static_cast<std::size_t>(bus)] >= 0; }
  [[nodiscard]] bool has_generator(int bus) const;
  [[nodiscard]] bool is_slack(std::size_t i) const;
  void warn(int bus, std::string what);

  void choose_slack();
  void leave_dead();
  void copy_admittance(const AdmittanceMatrix& Y);
  void renew_regulators();
  void collect_injections();
  [[nodiscard]] std::vector<NewtonBus> equations(double loading = 1) const;
  [[nodiscard]] NewtonOutcome run_newton(double loading = 1);
  [[nodiscard]] NewtonOutcome first_solution(double* reached);
  [[nodiscard]] std::optional<Problem> solve_with_limits();
  [[nodiscard]] int switch_round(Caution caution);
  [[nodiscard]] std::size_t limited_count() const;
  void warn_stuck();
  void split_sources();
  [[nodiscard]] std::vector<double> outputs() const;
  [[nodiscard]] Problem failure(const NewtonOutcome& outcome, double reached, const std::string& when) const;

  void warn_low_voltage(PowerFlowResult& result) const;
  [[nodiscard]] std::vector<double> split_output_of(const Regulator& regulator, double Q_Mvar) const;
  void share_reactive(const Regulator& regulator, double Q_Mvar, PowerFlowResult& result) const;
  double share_pickup(const Regulator& regulator, const std::vector<std::complex<double>>& drawn,
                      PowerFlowResult& result) const;
};

}  // namespace ballast
