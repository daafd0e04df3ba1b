/// Phase shifters that hold the MW into their winding between VMI and VMA by any angle from RMI to RMA. Those
/// out of their band move together, by Newton's method on the response of the network.
#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "grid/controls/control.hpp"

namespace ballast {
namespace {

constexpr double kBand_MW = 1e-5;
constexpr double kNoEffect = 1e-2;  ///< MW per degree
constexpr double kLargestStep_deg = 15;
constexpr int kMostRounds = 40;  ///< then it stays where it is

struct Shifter {
  std::size_t branch = 0;
  double start_deg = 0;
  int rounds = 0;
  bool powerless = false;
};

class PhaseShifters : public Control {
 public:
  PhaseShifters(FlowModel& model, std::vector<Shifter> shifters)
      : model_(model), shifters_(std::move(shifters)) {}

  int adjust(FlowSolver& flow) override {
    undo_.clear();
    std::vector<Shifter*> out = out_of_band(flow);
    while (!out.empty()) {
      const Eigen::VectorXd step = newton_step(out, flow);
      // One at the end of its range stays there, and the others are asked again.
      std::vector<Shifter*> free;
      for (std::size_t k = 0; k < out.size(); ++k) {
        const double by = step[static_cast<Eigen::Index>(k)];
        if (std::isfinite(by) && !at_end(branch(*out[k]), by)) free.push_back(out[k]);
      }
      if (free.size() == out.size()) return move(out, step);
      out = std::move(free);
    }
    return 0;
  }

  void undo() override {
    for (const auto& [shifter, angle] : undo_) {
      model_.network.branches[shifter->branch].angle_deg = angle;
      shifter->rounds = kMostRounds;
    }
  }

  void report(const FlowSolver& flow, PowerFlowResult& result) const override {
    for (const Shifter& shifter : shifters_) {
      const Branch& b = branch(shifter);
      if (!flow.alive(b.from) || !flow.alive(b.to)) continue;
      const double P = flow_MW(b, flow.V(b.from), flow.V(b.to));
      std::string note;
      if (std::abs(error(b, P)) > 10 * kBand_MW)
        note =
            fmt::format("carries {:.3f} MW, outside {} to {}: {}", P, b.tap_control->VMI, b.tap_control->VMA,
                        shifter.rounds >= kMostRounds ? "it did not come to rest and is locked"
                        : shifter.powerless           ? "its angle does not move it"
                                                      : "at the end of its range");
      if (b.angle_deg == shifter.start_deg && note.empty()) continue;
      result.acts.push_back({branch_label(model_.network, b), "angle", shifter.start_deg, b.angle_deg,
                             "degrees", std::move(note)});
    }
  }

 private:
  FlowModel& model_;
  std::vector<Shifter> shifters_;
  std::vector<std::pair<Shifter*, double>> undo_;

  [[nodiscard]] const Branch& branch(const Shifter& s) const { return model_.network.branches[s.branch]; }
  [[nodiscard]] double flow_MW(const Branch& b, std::complex<double> V_from,
                               std::complex<double> V_to) const {
    return branch_flow(branch_block(model_.network, b), V_from, V_to).from.real() * model_.network.base_MVA;
  }
  /// Way back into the band, MW.
  [[nodiscard]] static double error(const Branch& b, double P_MW) {
    return P_MW > b.tap_control->VMA   ? b.tap_control->VMA - P_MW
           : P_MW < b.tap_control->VMI ? b.tap_control->VMI - P_MW
                                       : 0;
  }
  [[nodiscard]] static bool at_end(const Branch& b, double step) {
    return step > 0 ? b.angle_deg >= b.tap_control->RMA : b.angle_deg <= b.tap_control->RMI;
  }

  std::vector<Shifter*> out_of_band(const FlowSolver& flow) {
    std::vector<Shifter*> out;
    for (Shifter& shifter : shifters_) {
      const Branch& b = branch(shifter);
      if (!flow.alive(b.from) || !flow.alive(b.to) || shifter.rounds >= kMostRounds) continue;
      if (std::abs(error(b, flow_MW(b, flow.V(b.from), flow.V(b.to)))) > kBand_MW) out.push_back(&shifter);
    }
    return out;
  }

  /// Degrees for each; NaN for one whose angle moves nothing.
  Eigen::VectorXd newton_step(const std::vector<Shifter*>& out, FlowSolver& flow) {
    const auto n = static_cast<Eigen::Index>(out.size());
    Eigen::MatrixXd slope = Eigen::MatrixXd::Zero(n, n);
    Eigen::VectorXd wanted(n);
    for (Eigen::Index j = 0; j < n; ++j) {
      Shifter& of = *out[static_cast<std::size_t>(j)];
      const FlowResponse response = flow.response(branch(of), [](Branch& b, double h) { b.angle_deg += h; });
      const Branch& own = branch(of);
      wanted[j] = error(own, flow_MW(own, flow.V(own.from), flow.V(own.to)));
      if (!response.known()) continue;
      for (Eigen::Index i = 0; i < n; ++i) {
        const Shifter& on = *out[static_cast<std::size_t>(i)];
        if (flow.at(branch(on).from) != flow.at(own.from)) continue;
        const auto P = [&](double h) {
          Branch b = branch(on);
          if (i == j) b.angle_deg += h;
          return flow_MW(b, response.V(b.from, h), response.V(b.to, h));
        };
        constexpr double h = 1e-4;
        slope(i, j) = (P(h) - P(-h)) / (2 * h);
      }
    }
    for (Eigen::Index k = 0; k < n; ++k) {
      Shifter& shifter = *out[static_cast<std::size_t>(k)];
      shifter.powerless = std::abs(slope(k, k)) < kNoEffect;
      if (!shifter.powerless) continue;
      slope.row(k).setZero();
      slope.col(k).setZero();
      slope(k, k) = 1;
      wanted[k] = std::nan("");
    }
    Eigen::VectorXd finite = wanted.array().isNaN().select(0, wanted);
    Eigen::VectorXd step = slope.fullPivLu().solve(finite);
    for (Eigen::Index k = 0; k < n; ++k)
      if (std::isnan(wanted[k])) step[k] = wanted[k];
    return step;
  }

  int move(const std::vector<Shifter*>& out, const Eigen::VectorXd& step) {
    for (std::size_t k = 0; k < out.size(); ++k) {
      Branch& b = model_.network.branches[out[k]->branch];
      undo_.emplace_back(out[k], b.angle_deg);
      const double by = std::clamp(step[static_cast<Eigen::Index>(k)], -kLargestStep_deg, kLargestStep_deg);
      b.angle_deg = std::clamp(b.angle_deg + by, std::min(b.tap_control->RMI, b.angle_deg),
                               std::max(b.tap_control->RMA, b.angle_deg));
      ++out[k]->rounds;
    }
    return static_cast<int>(out.size());
  }
};

}  // namespace

std::unique_ptr<Control> phase_shifter_control(FlowModel& model) {
  std::vector<Shifter> shifters;
  for (std::size_t k = 0; k < model.network.branches.size(); ++k) {
    const Branch& b = model.network.branches[k];
    if (b.in_service && b.tap_control && b.tap_control->adjusts && b.tap_control->target == TapTarget::MW)
      shifters.push_back({k, b.angle_deg, 0, false});
  }
  if (shifters.empty()) return nullptr;
  return std::make_unique<PhaseShifters>(model, std::move(shifters));
}

}  // namespace ballast
