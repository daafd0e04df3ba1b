/// Tap changers: transformers that hold the voltage of a bus (with line-drop compensation) or a var flow, in
/// the discrete positions from RMI to RMA.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <tuple>

#include "grid/controls/control.hpp"

namespace ballast {
namespace {

using Complex = std::complex<double>;

/// pu per pu of ratio; below this a tap does not move what it should hold (a generator holds the bus).
constexpr double kNoEffect = 1e-3;
/// A value counts as out of its band beyond this, pu.
constexpr double kBand = 1e-6;

struct Tap {
  std::size_t branch = 0;
  TapControl control;
  double start = 1;
  Reversals reversals;
  bool powerless = false;
};

/// The taps that hold one value together; they take the same number of steps.
struct Group {
  std::vector<Tap> taps;
  bool too_coarse = false;
};

class TapControls : public Control {
 public:
  TapControls(FlowModel& model, std::vector<Group> groups) : model_(model), groups_(std::move(groups)) {}

  int adjust(FlowSolver& flow) override {
    undo_.clear();
    std::vector<std::pair<std::size_t, double>> moves;  // found at one state, applied together
    for (Group& group : groups_) plan(group, flow, moves);
    for (const auto& [branch, ratio] : moves) {
      undo_.emplace_back(branch, model_.network.branches[branch].ratio);
      model_.network.branches[branch].ratio = ratio;
    }
    return static_cast<int>(moves.size());
  }

  void undo() override {
    for (const auto& [branch, ratio] : undo_) {
      model_.network.branches[branch].ratio = ratio;
      for (Group& group : groups_) {
        for (Tap& tap : group.taps) tap.reversals.locked |= tap.branch == branch;
      }
    }
  }

  void report(const FlowSolver& flow, PowerFlowResult& result) const override {
    for (const Group& group : groups_) {
      for (const Tap& tap : group.taps) report(group, tap, flow, result);
    }
  }

 private:
  FlowModel& model_;
  std::vector<Group> groups_;
  std::vector<std::pair<std::size_t, double>> undo_;

  [[nodiscard]] const Branch& branch(const Tap& tap) const { return model_.network.branches[tap.branch]; }

  /// What a tap holds, pu: the voltage, less the drop of the compensated line; or the vars into the winding.
  [[nodiscard]] double held(const Tap& tap, const Branch& branch, Complex V_from, Complex V_to,
                            Complex V_held) const {
    const TapControl& control = tap.control;
    const BranchBlock block = branch_block(model_.network, branch);
    if (control.target == TapTarget::MVAR) return branch_flow(block, V_from, V_to).from.imag();
    if (control.CR == 0 && control.CX == 0) return std::abs(V_held);
    const Complex out = control.bus == branch.from ? -(block.ff * V_from + block.ft * V_to)
                                                   : -(block.tf * V_from + block.tt * V_to);
    return std::abs(V_held - Complex(control.CR, control.CX) * out);
  }

  [[nodiscard]] double held(const Tap& tap, const FlowSolver& flow) const {
    const Branch& b = branch(tap);
    return held(tap, b, flow.V(b.from), flow.V(b.to),
                tap.control.bus < 0 ? Complex(0) : flow.V(tap.control.bus));
  }

  /// Change of what one tap holds per change of the ratio of another one.
  [[nodiscard]] std::optional<double> effect(const Tap& on, const Tap& of, FlowSolver& flow) const {
    const FlowResponse response = flow.response(branch(of), [](Branch& b, double h) { b.ratio += h; });
    if (!response.known()) return std::nullopt;
    const auto at = [&](double h) {
      Branch moved = branch(on);
      if (on.branch == of.branch) moved.ratio += h;
      return held(on, moved, response.V(moved.from, h), response.V(moved.to, h),
                  on.control.bus < 0 ? Complex(0) : response.V(on.control.bus, h));
    };
    return (at(kProbe) - at(-kProbe)) / (2 * kProbe);
  }

  [[nodiscard]] double limit_pu(const Tap& tap, double value) const {
    return tap.control.target == TapTarget::MVAR ? value / model_.network.base_MVA : value;
  }
  [[nodiscard]] double outside(const Tap& tap, double value) const {
    return std::max({value - limit_pu(tap, tap.control.VMA), limit_pu(tap, tap.control.VMI) - value, 0.0});
  }

  [[nodiscard]] static double step(const TapControl& control) {
    return (control.RMA - control.RMI) / std::max(control.NTP - 1, 1);
  }
  /// The ratio `steps` positions away; a ratio between two positions counts as the nearer one.
  [[nodiscard]] static double moved(const TapControl& control, double ratio, int steps) {
    const double position = std::round((ratio - control.RMI) / step(control)) + steps;
    return control.RMI + step(control) * std::clamp(position, 0.0, static_cast<double>(control.NTP - 1));
  }

  void plan(Group& group, FlowSolver& flow, std::vector<std::pair<std::size_t, double>>& moves) {
    Tap& leader = group.taps.front();
    const Branch& first = branch(leader);
    if (!flow.alive(first.from) || !flow.alive(first.to) ||
        (leader.control.bus >= 0 && flow.at(leader.control.bus) != flow.at(first.from)))
      return;
    const double value = held(leader, flow);
    if (outside(leader, value) <= kBand) {
      group.too_coarse = false;
      return;
    }
    const bool high = value > limit_pu(leader, leader.control.VMA);
    const double wanted =
        (high ? limit_pu(leader, leader.control.VMA) : limit_pu(leader, leader.control.VMI)) - value;
    double effect_of_step = 0;
    std::vector<std::pair<Tap*, int>> movable;
    for (Tap& tap : group.taps) {
      if (tap.reversals.locked) continue;
      const std::optional<double> slope = effect(leader, tap, flow);
      tap.powerless = !slope || std::abs(*slope) < kNoEffect;
      if (tap.powerless) continue;
      const int direction = (*slope > 0) == (wanted > 0) ? 1 : -1;
      const double ratio = branch(tap).ratio;
      if (moved(tap.control, ratio, direction) == moved(tap.control, ratio, 0)) continue;  // at its end
      effect_of_step += std::abs(*slope) * step(tap.control);
      movable.emplace_back(&tap, direction);
    }
    if (movable.empty()) return;
    // Just into the band; not at all when the next position is no better than this one.
    const int steps = std::clamp(static_cast<int>(std::ceil(std::abs(wanted) / effect_of_step - 1e-9)), 1,
                                 std::max(leader.control.NTP / 2, 1));
    if (steps == 1) {
      const double after = value + (wanted > 0 ? 1 : -1) * effect_of_step;
      group.too_coarse = outside(leader, after) >= outside(leader, value);
      if (group.too_coarse) return;
    }
    for (const auto& [tap, direction] : movable) {
      if (tap->reversals.allow(direction))
        moves.emplace_back(tap->branch, moved(tap->control, branch(*tap).ratio, direction * steps));
    }
  }

  void report(const Group& group, const Tap& tap, const FlowSolver& flow, PowerFlowResult& result) const {
    const Branch& b = branch(tap);
    if (!flow.alive(b.from) || !flow.alive(b.to)) return;
    const double value = held(group.taps.front(), flow);
    const double out = outside(group.taps.front(), value);
    std::string note;
    if (out > kBand) {
      const bool vars = tap.control.target == TapTarget::MVAR;
      const double scale = vars ? model_.network.base_MVA : 1;
      note = fmt::format("holds {:.5g} {}, outside {:.5g} to {:.5g}: {}", value * scale, vars ? "Mvar" : "pu",
                         tap.control.VMI, tap.control.VMA,
                         tap.reversals.locked ? fmt::format("locked after {} reversals", kMaxReversals)
                         : tap.powerless      ? "its ratio does not move it"
                         : group.too_coarse   ? "one step would pass the band"
                                              : "at the end of its range");
    }
    if (b.ratio == tap.start && note.empty()) return;
    result.acts.push_back(
        {branch_label(model_.network, b), "ratio", tap.start, b.ratio, "pu", std::move(note)});
  }
};

/// False, with a warning where something is wrong, when the tap stays where it is.
bool moves(const Network& network, const Branch& branch, std::vector<Problem>& warnings) {
  const TapControl& control = *branch.tap_control;
  const bool voltage = control.target == TapTarget::VOLTAGE, vars = control.target == TapTarget::MVAR;
  if (control.target == TapTarget::DC_LINE || control.target == TapTarget::ASYMMETRIC_MW) {
    warnings.push_back({branch_label(network, branch),
                        control.target == TapTarget::DC_LINE
                            ? "its tap is to serve a DC line (COD 4); it stays at the ratio of the file"
                            : "an asymmetric phase shifter (COD 5) stays at the ratio and angle of the file",
                        ""});
    return false;
  }
  if (!(voltage || vars) || (voltage && control.bus < 0)) return false;
  if (!(control.RMA > control.RMI) || control.NTP < 2 || control.VMA < control.VMI) {
    warnings.push_back({branch_label(network, branch),
                        fmt::format("its tap range {} to {} in {} positions or its band {} to {} is empty; "
                                    "it stays at its ratio",
                                    control.RMI, control.RMA, control.NTP, control.VMI, control.VMA),
                        "correct RMA, RMI, NTP, VMA, VMI"});
    return false;
  }
  return true;
}

}  // namespace

std::unique_ptr<Control> tap_control(FlowModel& model, std::vector<Problem>& warnings) {
  const Network& network = model.network;
  std::vector<Group> groups;
  std::map<std::tuple<int, double, double>, std::size_t> by_bus;
  for (std::size_t k = 0; k < network.branches.size(); ++k) {
    const Branch& branch = network.branches[k];
    if (!branch.in_service || !branch.tap_control || !branch.tap_control->adjusts ||
        !moves(network, branch, warnings))
      continue;
    Tap tap{k, *branch.tap_control, branch.ratio, {}, false};
    if ((tap.control.CR != 0 || tap.control.CX != 0) && tap.control.bus != branch.from &&
        tap.control.bus != branch.to) {
      warnings.push_back({branch_label(network, branch),
                          "line-drop compensation needs a held bus at its own end; it is left out", ""});
      tap.control.CR = tap.control.CX = 0;
    }
    const bool together =
        tap.control.target == TapTarget::VOLTAGE && tap.control.CR == 0 && tap.control.CX == 0;
    if (together) {
      const auto [found, fresh] = by_bus.try_emplace(
          std::make_tuple(tap.control.bus, tap.control.VMI, tap.control.VMA), groups.size());
      if (!fresh) {
        groups[found->second].taps.push_back(tap);
        continue;
      }
    }
    groups.push_back({{tap}, false});
  }
  if (groups.empty()) return nullptr;
  return std::make_unique<TapControls>(model, std::move(groups));
}

}  // namespace ballast
