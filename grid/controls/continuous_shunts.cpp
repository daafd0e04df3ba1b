/// Switched shunts with MODSW 2: any susceptance between all reactors and all capacitors, so that the voltage
/// stays in its band.
///
/// Newton's method sees a var source that covers the difference to the present susceptance; after each
/// solution the susceptance takes it over, until nothing is left. At a limit the susceptance is the whole
/// truth.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "grid/controls/control.hpp"
#include "grid/controls/shunt_steps.hpp"

namespace ballast {
namespace {

constexpr double kBand = 1e-6;          // pu
constexpr double kSettled_Mvar = 1e-7;  // taken over completely

struct Bank {
  std::size_t shunt = 0, source = 0;
  double low = 0, high = 0, start = 0;  ///< Mvar
};

class ContinuousShunts : public Control {
 public:
  ContinuousShunts(FlowModel& model, std::vector<Bank> banks) : model_(model), banks_(std::move(banks)) {}

  int adjust(FlowSolver& flow) override {
    int moved = 0;
    for (const Bank& bank : banks_) {
      SwitchedShunt& shunt = model_.network.switched_shunts[bank.shunt];
      VarSource& source = model_.sources[bank.source];
      const double V = flow.Vm(shunt.bus), held = flow.Vm(source.regulated_bus);
      if (V <= 0 || held <= 0) continue;
      if (!source.active) {
        if (held <= shunt.VSWHI + kBand && held >= shunt.VSWLO - kBand) continue;
        source.active = true;
        source.Vset = held > shunt.VSWHI ? shunt.VSWHI : shunt.VSWLO;
      } else if (std::abs(source.Q_Mvar) <= kSettled_Mvar) {
        continue;
      } else {
        shunt.BINIT_Mvar = std::clamp(shunt.BINIT_Mvar + source.Q_Mvar / (V * V), bank.low, bank.high);
      }
      source.Qmin_Mvar = (bank.low - shunt.BINIT_Mvar) * V * V;
      source.Qmax_Mvar = (bank.high - shunt.BINIT_Mvar) * V * V;
      ++moved;
    }
    return moved;
  }

  void report(const FlowSolver& flow, PowerFlowResult& result) const override {
    for (const Bank& bank : banks_) {
      const SwitchedShunt& shunt = model_.network.switched_shunts[bank.shunt];
      const double held = flow.Vm(model_.sources[bank.source].regulated_bus);
      std::string note;
      if (held > 0 && (held > shunt.VSWHI + 10 * kBand || held < shunt.VSWLO - 10 * kBand))
        note = fmt::format("holds {:.5g}, outside {:.5g} to {:.5g}: at the end of its range", held,
                           shunt.VSWLO, shunt.VSWHI);
      if (shunt.BINIT_Mvar == bank.start && note.empty()) continue;
      result.acts.push_back(
          {shunt_label(model_.network, shunt), "B", bank.start, shunt.BINIT_Mvar, "Mvar", std::move(note)});
    }
  }

 private:
  FlowModel& model_;
  std::vector<Bank> banks_;
};

}  // namespace

std::unique_ptr<Control> continuous_shunt_control(FlowModel& model) {
  std::vector<Bank> banks;
  for (std::size_t k = 0; k < model.network.switched_shunts.size(); ++k) {
    const SwitchedShunt& shunt = model.network.switched_shunts[k];
    if (!shunt.in_service || shunt.MODSW != ShuntMode::CONTINUOUS_VOLTAGE) continue;
    Bank bank{k, model.sources.size(), 0, 0, shunt.BINIT_Mvar};
    for (const SwitchedShunt::Block& block : shunt.blocks) {
      if (block.in_service) (block.B_Mvar < 0 ? bank.low : bank.high) += block.N * block.B_Mvar;
    }
    bank.low = std::min(bank.low, shunt.BINIT_Mvar);
    bank.high = std::max(bank.high, shunt.BINIT_Mvar);
    model.sources.push_back({shunt_label(model.network, shunt), shunt.bus,
                             shunt.regulated_bus < 0 ? shunt.bus : shunt.regulated_bus, false, 1, 0, 0,
                             shunt.RMPCT, 0});
    banks.push_back(bank);
  }
  if (banks.empty()) return nullptr;
  return std::make_unique<ContinuousShunts>(model, std::move(banks));
}

}  // namespace ballast
