/// \file
/// What every family of power-flow controls offers to the loop in power_flow.cpp. Internal to grid/.
///
/// A family looks at a solved state and moves what is out of its band; the network is solved again; and so on
/// until nothing moves. A family must come to rest by itself: an element that turned back kMaxReversals times
/// stays where it is and says so.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "grid/flow_model.hpp"
#include "grid/flow_solver.hpp"
#include "grid/power_flow.hpp"

namespace ballast {

class Control {
 public:
  Control() = default;
  virtual ~Control() = default;
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

  /// Moves what is out of its band; returns how many elements moved.
  virtual int adjust(FlowSolver& flow) = 0;
  /// The last moves left no solution: back to before them, and those elements stay there.
  virtual void undo() {}
  /// Acts, injections and warnings of the final state.
  virtual void report(const FlowSolver& flow, PowerFlowResult& result) const = 0;
};

constexpr int kMaxReversals = 4;

/// Counts how often an element turns back.
struct Reversals {
  int last = 0;  ///< direction of the last move
  int count = 0;
  bool locked = false;
  /// Records a move up (+1) or down (-1). False when the element has turned back too often and must stay.
  bool allow(int direction) {
    if (locked) return false;
    if (last * direction < 0) ++count;
    last = direction;
    locked = count >= kMaxReversals;
    return !locked;
  }
};

/// Families in stages: a stage is asked when all before it have come to rest.
using ControlStages = std::vector<std::vector<std::unique_ptr<Control>>>;

/// The families that the options ask for. May add branches, injections and sources to the model.
[[nodiscard]] ControlStages make_controls(FlowModel& model, const PowerFlowOptions& options,
                                          std::vector<Problem>& warnings);

// One function per family; nullptr when the network has nothing of it. What cannot be modelled is an error.
[[nodiscard]] std::unique_ptr<Control> tap_control(FlowModel& model, std::vector<Problem>& warnings);
[[nodiscard]] std::unique_ptr<Control> phase_shifter_control(FlowModel& model);
[[nodiscard]] std::unique_ptr<Control> discrete_shunt_control(FlowModel& model);
[[nodiscard]] std::unique_ptr<Control> continuous_shunt_control(FlowModel& model);
[[nodiscard]] std::unique_ptr<Control> interchange_control(FlowModel& model, const PowerFlowOptions& options,
                                                           std::vector<Problem>& warnings);
[[nodiscard]] std::unique_ptr<Control> lcc_control(FlowModel& model, const PowerFlowOptions& options);
[[nodiscard]] std::unique_ptr<Control> vsc_control(FlowModel& model);
[[nodiscard]] std::unique_ptr<Control> transfer_control(FlowModel& model);
[[nodiscard]] std::unique_ptr<Control> facts_control(FlowModel& model);
[[nodiscard]] std::unique_ptr<Control> induction_control(FlowModel& model, std::vector<Problem>& warnings);
[[nodiscard]] std::unique_ptr<Control> slack_distribution(FlowModel& model, const PowerFlowOptions& options);

/// "transformer bus 1 (A) to bus 2 (B), circuit '1'" for acts and messages.
[[nodiscard]] std::string branch_label(const Network& network, const Branch& branch);

}  // namespace ballast
