/// Induction machines in the power flow: slip solved from PSET.
#include "grid/controls/induction.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "grid/controls/control.hpp"
#include "grid/controls/injection.hpp"

namespace ballast {
namespace {

using Complex = std::complex<double>;
constexpr double kAbsent = 999;

double ordered_of(const InductionMachine& machine, const InductionPoint& point) {
  return machine.PCODE == 2 ? point.drawn_MVA.real() : point.shaft_MW;
}

}  // namespace

InductionPoint induction_at_slip(const InductionMachine& m, double V, double slip) {
  InductionPoint point;
  point.possible = true;
  point.slip = slip;
  // Admittances, so that slip 0 (an open rotor) needs no case of its own.
  const Complex cage1 = m.R1 < kAbsent ? slip / Complex(m.R1, slip * m.X1) : 0;
  const Complex cage2 = m.R2 < kAbsent ? slip / Complex(m.R2, slip * m.X2) : 0;
  const Complex cages = cage1 + cage2;
  const Complex rotor = cages / (1.0 + Complex(0, m.X3) * cages);
  const Complex inner = 1.0 / Complex(0, m.XM) + rotor;
  const Complex total = inner / (1.0 + Complex(m.RA, m.XA) * inner);
  const Complex I = V * total;
  const Complex V_gap = V - Complex(m.RA, m.XA) * I;
  point.drawn_MVA = V * std::conj(I) * m.MBASE_MVA;
  const double air_gap = std::norm(V_gap) * rotor.real();
  point.shaft_MW = (1 - slip) * air_gap * m.MBASE_MVA;
  return point;
}

InductionPoint induction_point(const InductionMachine& m, double V) {
  const double sign = m.PSET_MW < 0 ? -1 : 1;
  const auto power = [&](double s) { return sign * ordered_of(m, induction_at_slip(m, V, sign * s)); };
  const double wanted = sign * m.PSET_MW;
  // The stable side ends at the largest power; walk there in steps of 2 % of the slip.
  double low = 0, high = 1e-5;
  double before = power(0);
  if (before > wanted) {  // electrical power below the losses at synchronous speed
    low = 0;
    high = 0;
  }
  while (high > 0 && power(high) < wanted) {
    const double now = power(high);
    if (now < before || high > 1) {
      InductionPoint point = induction_at_slip(m, V, sign * low);
      point.possible = false;
      return point;
    }
    before = now;
    low = high;
    high *= 1.02;
  }
  for (int k = 0; k < 200 && high - low > 1e-16 * high; ++k) {
    const double middle = (low + high) / 2;
    (power(middle) < wanted ? low : high) = middle;
  }
  return induction_at_slip(m, V, sign * (low + high) / 2);
}

namespace {

struct Machine {
  std::size_t machine = 0, injection = 0;
  double ratio = 1;  ///< base_kV of the bus / RATEKV
};

class InductionMachines : public Control {
 public:
  InductionMachines(FlowModel& model, std::vector<Machine> machines)
      : model_(model), machines_(std::move(machines)) {}

  int adjust(FlowSolver& flow) override {
    int moved = 0;
    for (const Machine& m : machines_) {
      const double V = flow.Vm(model_.injections[m.injection].bus);
      if (V > 0 && follow_voltage(m, V)) ++moved;
    }
    return moved;
  }

  bool follow_voltage(const Machine& m, double V) {
    const InductionMachine& machine = model_.network.induction_machines[m.machine];
    return follow(model_.injections[m.injection], V, [&](double v) {
      return -induction_point(machine, v * m.ratio).drawn_MVA / model_.network.base_MVA;
    });
  }

  void report(const FlowSolver& flow, PowerFlowResult& result) const override {
    for (const Machine& m : machines_) {
      const InductionMachine& machine = model_.network.induction_machines[m.machine];
      const double V = flow.Vm(machine.bus);
      if (V <= 0) continue;
      const std::string name =
          fmt::format("induction machine '{}' at {}", machine.id, model_.network.bus_label(machine.bus));
      const InductionPoint point = induction_point(machine, V * m.ratio);
      if (!point.possible)
        result.warnings.push_back(
            {name,
             fmt::format(
                 "PSET = {} MW is beyond its breakdown power of {:.2f} MW at {:.4f} pu: it would stall",
                 machine.PSET_MW, ordered_of(machine, point), V),
             "reduce PSET or support the voltage"});
      result.acts.push_back({name, "slip", 0, point.slip, "pu", ""});
      result.injections.push_back({ElementKind::INDUCTION_MACHINE, static_cast<int>(m.machine), machine.bus,
                                   -point.drawn_MVA.real(), -point.drawn_MVA.imag(), name});
    }
  }

 private:
  FlowModel& model_;
  std::vector<Machine> machines_;
};

void check(const InductionMachine& m, const std::string& name, std::vector<Problem>& warnings,
           Problems& problems) {
  if (!(m.MBASE_MVA > 0) || !(m.XM > 0) || !(m.R1 > 0) || (m.R1 >= kAbsent && m.R2 >= kAbsent))
    problems.add(name,
                 fmt::format("MBASE = {} MVA, XM = {}, R1 = {}, R2 = {}", m.MBASE_MVA, m.XM, m.R1, m.R2),
                 "MBASE, XM and R1 must be above 0, and one cage must be given");
  if (m.SE1 != 0 || m.SE2 != 0) warnings.push_back({name, "its saturation (SE1, SE2) is left out", ""});
}

}  // namespace

std::unique_ptr<Control> induction_control(FlowModel& model, std::vector<Problem>& warnings) {
  std::vector<Machine> machines;
  Problems problems;
  for (std::size_t k = 0; k < model.network.induction_machines.size(); ++k) {
    const InductionMachine& machine = model.network.induction_machines[k];
    if (!machine.in_service) continue;
    check(machine,
          fmt::format("induction machine '{}' at {}", machine.id, model.network.bus_label(machine.bus)),
          warnings, problems);
    const double base_kV = model.network.buses[static_cast<std::size_t>(machine.bus)].base_kV;
    machines.push_back({k, model.injections.size(), machine.RATEKV > 0 ? base_kV / machine.RATEKV : 1});
    model.injections.push_back({machine.bus, 0, 0});
  }
  problems.throw_if_any();
  if (machines.empty()) return nullptr;
  auto control = std::make_unique<InductionMachines>(model, machines);
  for (const Machine& m : machines) {
    const Bus& bus = model.network.buses[static_cast<std::size_t>(model.injections[m.injection].bus)];
    (void)control->follow_voltage(m, std::clamp(bus.Vm, 0.9, 1.1));
  }
  return control;
}

}  // namespace ballast
