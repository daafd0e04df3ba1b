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
  if (on.taps) add(stage(tap_control(model, warnings)));
  if (on.shunts) add(stage(discrete_shunt_control(model)));
  return stages;
}

std::string branch_label(const Network& network, const Branch& branch) {
  return fmt::format("{} {} to {}, circuit '{}'", branch.transformer ? "transformer" : "branch",
                     network.bus_label(branch.from), network.bus_label(branch.to), branch.id);
}

}  // namespace ballast
