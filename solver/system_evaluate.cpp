/// Evaluating the system, and what changes when the topology does.
#include <algorithm>
#include <cmath>
#include <complex>
#include <map>
#include <numbers>

#include "solver/jacobian_plan.hpp"
#include "solver/system.hpp"

namespace ballast {

void System::evaluate(double t, const double* y) {
  double* s = signals_.data();
  std::copy(y + nx_, y + nx_ + 2 * grid.bus_count(), s);
  s[time_signal_] = t;
  for (const Ramp& r : ramps_) s[r.signal] = r.share * r.at(t);
  for (std::size_t k = 0; k < cuts_.size(); ++k) s[cuts_[k].signal] = y[cut_at_ + k];
  for (int k = 0; k < frame_count_; ++k) s[frame_signal_ + k] = y[frame_at_ + k];
  for (const int k : turned_) {
    const FarInput& input = far_inputs_[k];
    const double angle =
        y[frame_angle_at(frame_of_bus_[input.far])] - y[frame_angle_at(frame_of_bus_[input.near])];
    const std::complex<double> seen = voltage(y, input.far) * std::polar(1.0, angle);
    s[turned_at_ + k] = input.axis == 0 ? seen.real() : seen.imag();
  }
  for (const Batch& b : batches_) groups_[b.group]->evaluate_outputs(b.first, b.last, y, s);
  for (std::size_t g = 0; g < groups_.size(); ++g)
    groups_[g]->evaluate_rates(0, groups_[g]->count, y, s, f_.data(), guards_.data() + guard_at_[g]);
}

void System::evaluate_guards(int part, const double* y) {
  const PartRef& r = parts_[part];
  groups_[r.group]->evaluate_rates(r.index, r.index + 1, y, signals_.data(), f_.data(),
                                   guards_.data() + guard_at_[r.group]);
}

void System::rates(const double* y, double* yp) const {
  std::copy(f_.begin(), f_.end(), yp);
  std::fill(yp + nx_, yp + size(), 0.0);
  const double omega_base = 2 * std::numbers::pi * network_->frequency_Hz;
  for (int k = 0; k < frame_count_; ++k) yp[frame_angle_at(k)] = omega_base * (y[frame_speed_at(k)] - 1);
}

void System::residual(double t, const double* y, const double* yp, double* F) {
  evaluate(t, y);
  residual_here(y, yp, F);
}

void System::residual_here(const double* y, const double* yp, double* F) const {
  for (int i = 0; i < nx_; ++i) F[i] = yp[i] - f_[i];
  const double* v = y + nx_;
  double* current = F + nx_;
  for (int b = 0; b < grid.bus_count(); ++b) {
    if (frame_of_bus_[b] < 0) {
      current[2 * b] = v[2 * b];
      current[2 * b + 1] = v[2 * b + 1];
      continue;
    }
    double re = 0;
    double im = 0;
    for (int n = grid.row_start[b]; n < grid.row_start[b + 1]; ++n) {
      const double g = grid.value[n].real();
      const double h = grid.value[n].imag();
      const int c = 2 * grid.column[n];
      re += g * v[c] - h * v[c + 1];
      im += h * v[c] + g * v[c + 1];
    }
    current[2 * b] = re;
    current[2 * b + 1] = im;
  }
  for (const Injection& i : injections_) {
    if (frame_of_bus_[i.bus] < 0) continue;
    current[2 * i.bus] -= signals_[i.signal_r];
    current[2 * i.bus + 1] -= signals_[i.signal_i];
  }
  for (std::size_t k = 0; k < cuts_.size(); ++k) F[cut_at_ + k] = y[cut_at_ + k] - signals_[cuts_[k].output];
  for (int k = 0; k < frame_count_; ++k) F[frame_speed_at(k)] = y[frame_speed_at(k)];
  for (const FrameWeight& w : frame_weights_)
    F[frame_speed_at(w.frame)] -= w.weight * (1 + signals_[w.signal]);
  const double omega_base = 2 * std::numbers::pi * network_->frequency_Hz;
  for (int k = 0; k < frame_count_; ++k)
    F[frame_angle_at(k)] = yp[frame_angle_at(k)] - omega_base * (y[frame_speed_at(k)] - 1);
}

void System::settle_cuts(double t, std::vector<double>& y) {
  if (cuts_.empty()) return;
  evaluate(t, y.data());
  for (std::size_t k = 0; k < cuts_.size(); ++k) y[cut_at_ + k] = signals_[cuts_[k].output];
}

void System::find_frames() {
  // An island lives when an active part in it forms a voltage. Its frame's weights sum to one.
  frame_weights_.clear();
  std::vector<int> frame_of_island(grid.island_count, -1);
  std::vector<double> total;
  frame_count_ = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const PartRef& r = parts_[i];
    const PartGroup& g = *groups_[r.group];
    const int island = grid.island[part_bus(static_cast<int>(i))];
    if (!g.forms_voltage || g.active[r.index] == 0 || island < 0) continue;
    int& frame = frame_of_island[island];
    if (frame < 0) {
      frame = frame_count_++;
      total.push_back(0);
    }
    const double inertia = g.inertia(r.index);
    frame_weights_.push_back({output_signal(static_cast<int>(i), "omega"), inertia, frame});
    total[frame] += inertia;
  }
  std::vector<char> infinite_done(frame_count_, 0);
  std::erase_if(frame_weights_, [&](FrameWeight& w) {
    if (std::isinf(total[w.frame])) {
      if (!std::isinf(w.weight) || infinite_done[w.frame] != 0) return true;
      infinite_done[w.frame] = 1;
      w.weight = 1;
      return false;
    }
    w.weight /= total[w.frame];
    return false;
  });
  for (int b = 0; b < grid.bus_count(); ++b)
    frame_of_bus_[b] = grid.island[b] < 0 ? -1 : frame_of_island[grid.island[b]];
  signals_.resize(frame_signal_ + frame_count_, 1.0);

  for (const FrameInput& input : frame_inputs_) {
    const int frame = frame_of_bus_[input.bus];
    groups_[input.group]->in_at[input.at] = frame < 0 ? one_signal_ : frame_signal_ + frame;
  }
  // The far end of a branch is seen in the frame of the near one. What reads it across frames (a check of
  // synchronism) uses it in conditions alone, so that it has no gradient.
  turned_.clear();
  for (std::size_t k = 0; k < far_inputs_.size(); ++k) {
    const FarInput& input = far_inputs_[k];
    const int near = frame_of_bus_[input.near];
    const int far = frame_of_bus_[input.far];
    const bool turned = near >= 0 && far >= 0 && near != far;
    if (turned) turned_.push_back(static_cast<int>(k));
    groups_[input.group]->in_at[input.at] =
        turned ? turned_at_ + static_cast<int>(k) : 2 * input.far + input.axis;
  }
  read_positions();
  set_branch_meters();
}

void System::set_branch_meters() {
  if (grid.line_fault.empty() && !meters_see_fault_) return;
  meters_see_fault_ = !grid.line_fault.empty();
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    PartGroup& group = *groups_[parts_[i].group];
    if (group.model != "BRANCHFLOW") continue;
    const Part& part = plants_[parts_[i].plant].parts[i - first_part_[parts_[i].plant]];
    std::vector<double> parameters = part.parameters;
    if (grid.line_fault.contains(part.branch)) {
      const BranchBlock block = grid.block_now(part.branch);
      const bool at_from = network_->branches[part.branch].from == part.at_bus;
      const auto own = at_from ? block.ff : block.tt;
      const auto other = at_from ? block.ft : block.tf;
      parameters = {own.real(), own.imag(), other.real(), other.imag()};
    }
    group.set_parameters(parts_[i].index, parameters,
                         {part.base_MVA, network_->base_MVA, network_->frequency_Hz});
  }
}

bool System::update_topology(std::vector<double>& y) {
  const std::vector<int> old_frame_of_bus = frame_of_bus_;
  const std::vector<FrameWeight> old_weights = frame_weights_;
  const int old_count = frame_count_;
  grid.rebuild();
  find_frames();
  const bool same_weights =
      std::equal(old_weights.begin(), old_weights.end(), frame_weights_.begin(), frame_weights_.end(),
                 [](const FrameWeight& a, const FrameWeight& b) {
                   return a.signal == b.signal && a.weight == b.weight && a.frame == b.frame;
                 });
  const bool same_frames = old_frame_of_bus == frame_of_bus_ && old_count == frame_count_;
  if (same_frames && same_weights) return false;
  if (!same_frames) plan_frames(y, old_frame_of_bus, old_count);
  plan_->build(*this);
  ++pattern_version_;
  return !same_frames;
}

void System::plan_frames(std::vector<double>& y, const std::vector<int>& old_frame_of_bus,
                         int old_frame_count) {
  const std::vector<double> old(y.begin() + frame_at_, y.end());
  const auto old_angle = [&](int frame) { return old[old_frame_count + frame]; };
  const int nb = grid.bus_count();

  // The new frame of an island continues the old frame that gives it the most machines' weight (first on
  // ties); buses that were in another frame are turned by the difference of the frame angles.
  std::vector<int> parent(frame_count_, -1);
  std::vector<double> best(frame_count_, -1);
  std::map<std::pair<int, int>, double> weight;  // of (new frame, old frame)
  const auto each_source = [&](auto&& work) {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const PartRef& r = parts_[i];
      const PartGroup& g = *groups_[r.group];
      if (!g.forms_voltage || g.active[r.index] == 0) continue;
      const int bus = part_bus(static_cast<int>(i));
      if (frame_of_bus_[bus] >= 0 && old_frame_of_bus[bus] >= 0)
        work(frame_of_bus_[bus], old_frame_of_bus[bus], g.inertia(r.index));
    }
  };
  each_source([&](int now, int was, double inertia) { weight[{now, was}] += inertia; });
  each_source([&](int now, int was, double) {
    if (const double w = weight[{now, was}]; w > best[now]) {
      best[now] = w;
      parent[now] = was;
    }
  });
  y.resize(size());
  for (int k = 0; k < frame_count_; ++k) {
    y[frame_speed_at(k)] = parent[k] >= 0 ? old[parent[k]] : 1.0;
    y[frame_angle_at(k)] = parent[k] >= 0 ? old_angle(parent[k]) : 0.0;
  }
  std::vector<double> turn(nb, 0.0);
  for (int b = 0; b < nb; ++b) {
    const int now = frame_of_bus_[b];
    const int was = old_frame_of_bus[b];
    std::complex<double> v(y[voltage_at(b)], y[voltage_at(b) + 1]);
    if (now < 0) {
      v = 0;
    } else if (was >= 0) {
      turn[b] = old_angle(was) - y[frame_angle_at(now)];
      if (turn[b] != 0) v *= std::polar(1.0, turn[b]);
    }
    y[voltage_at(b)] = v.real();
    y[voltage_at(b) + 1] = v.imag();
  }
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const PartRef& r = parts_[i];
    const PartGroup& g = *groups_[r.group];
    const double angle = turn[measured_bus(static_cast<int>(i))];
    if (angle == 0) continue;
    for (int k = 0; k < g.state_count(); ++k)
      if (g.states[k].kind == StateKind::ANGLE) y[g.x_at[r.index] + k] += angle;
  }
  // First guess for buses that come alive: spread from living neighbours.
  std::vector<int> front;
  std::vector<char> known(nb, 0);
  for (int b = 0; b < nb; ++b)
    if (frame_of_bus_[b] >= 0 && old_frame_of_bus[b] >= 0) {
      known[b] = 1;
      front.push_back(b);
    }
  for (std::size_t at = 0; at < front.size(); ++at) {
    const int b = front[at];
    for (int n = grid.row_start[b]; n < grid.row_start[b + 1]; ++n) {
      const int c = grid.column[n];
      if (known[c] != 0 || frame_of_bus_[c] != frame_of_bus_[b] || grid.value[n] == 0.0) continue;
      known[c] = 1;
      y[voltage_at(c)] = y[voltage_at(b)];
      y[voltage_at(c) + 1] = y[voltage_at(b) + 1];
      front.push_back(c);
    }
  }
}

std::span<const std::int64_t> System::column_start() const { return plan_->column_start(); }
std::span<const std::int64_t> System::row_index() const { return plan_->row_index(); }

void System::jacobian(double t, const double* y, double cj, double* values) {
  evaluate(t, y);
  jacobian_here(y, cj, values);
}

void System::jacobian_here(const double* y, double cj, double* values) {
  plan_->compute(*this, y, cj, values);
}

}  // namespace ballast
