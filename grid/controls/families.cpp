/// Which families act, and in which order.
#include <fmt/format.h>

#include "grid/controls/control.hpp"

namespace ballast {

ControlStages make_controls(FlowModel& model, const PowerFlowOptions& options,
                            std::vector<Problem>& warnings) {
  ControlStages stages;
  const auto add = [&](std::vector<std::unique_ptr<Control>> families) {
    std::vector<std::unique_ptr<Control>> stage;
    for (auto& family : families) {
      if (family) stage.push_back(std::move(family));
    }
    if (!stage.empty()) stages.push_back(std::move(stage));
  };
  const auto stage = [](auto... family) {
    std::vector<std::unique_ptr<Control>> list;
    (list.push_back(std::move(family)), ...);
    return list;
  };
  const PowerFlowControls& on = options.controls;
  // What follows the voltages, and what holds them without steps.
  add(stage(on.dc ? lcc_control(model, options) : nullptr, on.dc ? vsc_control(model) : nullptr,
            on.dc ? transfer_control(model) : nullptr, on.dc ? facts_control(model) : nullptr,
            induction_control(model, warnings), on.shunts ? continuous_shunt_control(model) : nullptr));
  if (options.slack_weights.empty())
    add(stage(on.interchange ? interchange_control(model, options, warnings) : nullptr));
  else
    add(stage(slack_distribution(model, options)));
  add(stage(on.phase_shifters ? phase_shifter_control(model) : nullptr));
  add(stage(on.taps ? tap_control(model, warnings) : nullptr));
  add(stage(on.shunts ? discrete_shunt_control(model) : nullptr));
  return stages;
}

std::string branch_label(const Network& network, const Branch& branch) {
  return fmt::format("{} {} to {}, circuit '{}'", branch.transformer ? "transformer" : "branch",
                     network.bus_label(branch.from), network.bus_label(branch.to), branch.id);
}

}  // namespace ballast
