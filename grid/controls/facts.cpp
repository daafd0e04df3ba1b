/// FACTS devices: the shunt element holds a voltage with a current of at most SHMX; a series element in
/// normal operation passes PDES + jQDES to its terminal bus, bypassed it is the reactance LINX, with constant
/// impedance the impedance SET1 + jSET2.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "grid/controls/control.hpp"

namespace ballast {
namespace {

using Complex = std::complex<double>;
constexpr double kSettled_pu = 1e-9;

struct Device {
  std::size_t facts = 0, source = 0;
  std::size_t shunt = 0, sending = 0, terminal = 0;  ///< injections
  std::size_t branch = 0;                            ///< stands for the series element
  bool series = false;                               ///< controlled: power to the terminal bus
  bool through = false;                              ///< a branch stands for it
};

class FactsDevices : public Control {
 public:
  FactsDevices(FlowModel& model, std::vector<Device> devices) : model_(model), devices_(std::move(devices)) {}

  int adjust(FlowSolver& flow) override {
    int moved = 0;
    for (const Device& device : devices_) moved += adjust(device, flow);
    return moved;
  }

  void report(const FlowSolver& flow, PowerFlowResult& result) const override {
    for (const Device& device : devices_) {
      if (flow.alive(facts(device).bus)) report(device, flow, result);
    }
  }

 private:
  FlowModel& model_;
  std::vector<Device> devices_;

  [[nodiscard]] const Facts& facts(const Device& d) const { return model_.network.facts[d.facts]; }

  /// The shunt's current is jI, I Mvar at 1 pu; the source covers the difference to the present I.
  int adjust(const Device& device, const FlowSolver& flow) {
    const Facts& f = facts(device);
    const double V = flow.Vm(f.bus), base = model_.network.base_MVA;
    if (V <= 0) return 0;
    int moved = 0;
    Injection& shunt = model_.injections[device.shunt];
    VarSource& source = model_.sources[device.source];
    const double before = shunt.current.imag() * base;
    const double now = std::clamp(before + source.Q_Mvar / V, -f.SHMX_MVA, f.SHMX_MVA);
    if (std::abs(now - before) > kSettled_pu * base) {
      shunt.current = {0, now / base};
      source.Qmin_Mvar = (-f.SHMX_MVA - now) * V;
      source.Qmax_Mvar = (f.SHMX_MVA - now) * V;
      ++moved;
    }
    if (device.series) {
      const Complex drawn = series_drawn(f, flow);
      Injection& sending = model_.injections[device.sending];
      if (std::abs(sending.power + drawn) > kSettled_pu) {
        sending.power = -drawn;
        ++moved;
      }
    }
    return moved;
  }

  /// What the series element takes from its sending bus, pu: PDES, and the vars of its current there.
  [[nodiscard]] Complex series_drawn(const Facts& f, const FlowSolver& flow) const {
    const Complex S(f.PDES_MW / model_.network.base_MVA, f.QDES_Mvar / model_.network.base_MVA);
    const Complex V = flow.V(f.terminal_bus);
    if (V == 0.0) return 0;
    return {S.real(), (flow.V(f.bus) * S / V).imag()};
  }

  void report(const Device& device, const FlowSolver& flow, PowerFlowResult& result) const {
    const Facts& f = facts(device);
    const std::string name = fmt::format("FACTS device '{}'", f.name);
    const double base = model_.network.base_MVA, V = flow.Vm(f.bus);
    const int index = static_cast<int>(device.facts);
    const double I = model_.injections[device.shunt].current.imag() * base;
    const double Q = I * V + model_.sources[device.source].Q_Mvar;
    Complex sending(0, Q), terminal(0, 0);
    if (device.series) {
      sending += model_.injections[device.sending].power * base;
      terminal = model_.injections[device.terminal].power * base;
      warn_series(f, flow, name, result);
    }
    if (device.through) {
      const Branch& b = model_.network.branches[device.branch];
      const BranchFlow through = branch_flow(branch_block(b), flow.V(b.from), flow.V(b.to));
      sending -= through.from * base;
      terminal -= through.to * base;
    }
    result.injections.push_back({ElementKind::FACTS, index, f.bus, sending.real(), sending.imag(), name});
    if (device.series || device.through)
      result.injections.push_back(
          {ElementKind::FACTS, index, f.terminal_bus, terminal.real(), terminal.imag(), name + " terminal"});
    const bool at_limit = f.SHMX_MVA > 0 && std::abs(I) > f.SHMX_MVA * (1 - 1e-7);
    if (Q != 0)
      result.acts.push_back({name, "shunt Q", 0, Q, "Mvar", at_limit ? "its current is at SHMX" : ""});
  }

  /// Limits of the series element are looked at, not enforced.
  void warn_series(const Facts& f, const FlowSolver& flow, const std::string& name,
                   PowerFlowResult& result) const {
    const Complex Vi = flow.V(f.bus), Vj = flow.V(f.terminal_bus);
    if (Vj == 0.0) return;
    const Complex S = Complex(f.PDES_MW, f.QDES_Mvar);
    const double I_MVA = std::abs(S) / std::abs(Vj), series_V = std::abs(Vj - Vi);
    const double bridge_MW = (Vi * std::conj(std::conj(S / Vj))).real() - f.PDES_MW;
    const auto beyond = [&](const char* what, double value, double limit) {
      if (limit <= 0 || value <= limit) return;
      result.warnings.push_back(
          {name,
           fmt::format("{} = {:.4g} is beyond its limit of {:.4g}, which is not enforced", what, value,
                       limit),
           "reduce PDES or QDES"});
    };
    beyond("series current (MVA at 1 pu)", I_MVA, f.IMX_MVA);
    beyond("series voltage (pu)", series_V, f.VSMX);
    beyond("power through the bridge (MW)", std::abs(bridge_MW), f.TRMX_MW);
    if (std::abs(Vj) > f.VTMX || std::abs(Vj) < f.VTMN)
      result.warnings.push_back(
          {name,
           fmt::format("its terminal bus stands at {:.4f} pu, outside {} to {}, which is "
                       "not enforced",
                       std::abs(Vj), f.VTMN, f.VTMX),
           ""});
  }
};

void check(const Facts& f, const Network& network, Problems& problems) {
  const std::string name = fmt::format("FACTS device '{}'", f.name);
  if (f.terminal_bus >= 0 && f.MODE > 3)
    problems.add(name, fmt::format("MODE = {} (constant series voltage, IPFC) is not modelled", f.MODE),
                 "use MODE 1, 2 or 3, set MODE to 0, or switch DC elements off");
  if (f.MODE == 3 && f.SET1 == 0 && f.SET2 == 0)
    problems.add(name, "MODE 3: the series impedance SET1 + jSET2 is zero", "give it in pu");
  if (!(f.SHMX_MVA >= 0))
    problems.add(name, fmt::format("SHMX = {} MVA is negative", f.SHMX_MVA), "correct it");
  if (f.terminal_bus == f.bus)
    problems.add(name, fmt::format("both ends are {}", network.bus_label(f.bus)), "correct J");
}

}  // namespace

std::unique_ptr<Control> facts_control(FlowModel& model) {
  std::vector<Device> devices;
  Problems problems;
  Network& network = model.network;
  for (std::size_t k = 0; k < network.facts.size(); ++k) {
    const Facts& f = network.facts[k];
    if (f.MODE == 0) continue;
    check(f, network, problems);
    Device device;
    device.facts = k;
    device.source = model.sources.size();
    model.sources.push_back({fmt::format("FACTS device '{}'", f.name), f.bus,
                             f.regulated_bus < 0 ? f.bus : f.regulated_bus, f.SHMX_MVA > 0, f.VSET,
                             -f.SHMX_MVA, f.SHMX_MVA, f.RMPCT, 0});
    device.shunt = model.injections.size();
    model.injections.push_back({f.bus, 0, 0});
    const Complex S = Complex(f.PDES_MW, f.QDES_Mvar) / network.base_MVA;
    device.series = f.terminal_bus >= 0 && f.MODE == 1;
    device.through = f.terminal_bus >= 0 && (f.MODE == 2 || f.MODE == 3);
    if (device.series) {
      device.sending = model.injections.size();
      model.injections.push_back({f.bus, -S, 0});
      device.terminal = model.injections.size();
      model.injections.push_back({f.terminal_bus, S, 0});
    }
    if (device.through) {
      Branch branch;
      branch.from = f.bus;
      branch.to = f.terminal_bus;
      branch.id = f.name;
      branch.R = f.MODE == 3 ? f.SET1 : 0;
      branch.X = f.MODE == 3 ? f.SET2 : f.LINX;
      device.branch = network.branches.size();
      network.branches.push_back(branch);
    }
    devices.push_back(device);
  }
  problems.throw_if_any();
  if (devices.empty()) return nullptr;
  return std::make_unique<FactsDevices>(model, std::move(devices));
}

}  // namespace ballast
