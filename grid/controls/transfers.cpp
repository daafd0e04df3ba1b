/// DC lines of MATPOWER cases: a fixed transfer with a loss, each end holding a voltage within its var
/// limits.
#include <fmt/format.h>

#include "grid/controls/control.hpp"

namespace ballast {
namespace {

struct Transfer {
  std::size_t line = 0, injection = 0, source = 0;  ///< first of two each: from, to
};

class Transfers : public Control {
 public:
  Transfers(FlowModel& model, std::vector<Transfer> lines) : model_(model), lines_(std::move(lines)) {}

  int adjust(FlowSolver& flow) override {
    int moved = 0;
    for (const Transfer& transfer : lines_) {
      const PowerTransferDc& dc = model_.network.power_transfer_dc[transfer.line];
      if (!model_.sources[transfer.source].active || (flow.alive(dc.from) && flow.alive(dc.to))) continue;
      for (std::size_t k = 0; k < 2; ++k) {
        model_.injections[transfer.injection + k].power = 0;
        model_.sources[transfer.source + k].active = false;
      }
      ++moved;
    }
    return moved;
  }

  void report(const FlowSolver&, PowerFlowResult& result) const override {
    for (const Transfer& transfer : lines_) {
      const std::string& name = model_.sources[transfer.source].name;
      if (!model_.sources[transfer.source].active) {
        result.warnings.push_back({name, "one of its buses is dead: it carries nothing", ""});
        continue;
      }
      for (std::size_t k = 0; k < 2; ++k) {
        const Injection& injection = model_.injections[transfer.injection + k];
        const VarSource& source = model_.sources[transfer.source + k];
        result.injections.push_back({ElementKind::POWER_TRANSFER_DC, static_cast<int>(transfer.line),
                                     injection.bus, injection.power.real() * model_.network.base_MVA,
                                     source.Q_Mvar, source.name});
        const bool top = source.Q_Mvar > source.Qmax_Mvar - 1e-6,
                   bottom = source.Q_Mvar < source.Qmin_Mvar + 1e-6;
        if (top || bottom)
          result.acts.push_back({source.name, "Q", source.Q_Mvar, source.Q_Mvar, "Mvar",
                                 top ? "at its maximum" : "at its minimum"});
      }
    }
  }

 private:
  FlowModel& model_;
  std::vector<Transfer> lines_;
};

}  // namespace

std::unique_ptr<Control> transfer_control(FlowModel& model) {
  std::vector<Transfer> lines;
  for (std::size_t k = 0; k < model.network.power_transfer_dc.size(); ++k) {
    const PowerTransferDc& dc = model.network.power_transfer_dc[k];
    if (!dc.in_service) continue;
    lines.push_back({k, model.injections.size(), model.sources.size()});
    model.dc_ties.push_back({model.injections.size(), dc.to});
    const double PT = dc.PF_MW - dc.LOSS0_MW - dc.LOSS1 * dc.PF_MW;
    model.injections.push_back({dc.from, -dc.PF_MW / model.network.base_MVA, 0});
    model.injections.push_back({dc.to, PT / model.network.base_MVA, 0});
    const std::string name =
        fmt::format("DC line {} to {}", model.network.bus_label(dc.from), model.network.bus_label(dc.to));
    model.sources.push_back(
        {name + " (from end)", dc.from, dc.from, true, dc.VF, dc.QMINF_Mvar, dc.QMAXF_Mvar, 100, 0});
    model.sources.push_back(
        {name + " (to end)", dc.to, dc.to, true, dc.VT, dc.QMINT_Mvar, dc.QMAXT_Mvar, 100, 0});
  }
  if (lines.empty()) return nullptr;
  return std::make_unique<Transfers>(model, std::move(lines));
}

}  // namespace ballast
