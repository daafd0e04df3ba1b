#include "grid/start.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <deque>
#include <numbers>
#include <utility>

#include "grid/klu.hpp"

namespace ballast {
namespace {

using Complex = std::complex<double>;
constexpr double kRadians = std::numbers::pi / 180;

void take_set_points(const std::vector<NewtonBus>& equations, NewtonState& state) {
  for (const NewtonBus& bus : equations) {
    if (bus.second == Equation::VOLTAGE) state.Vm[static_cast<std::size_t>(bus.reference)] = bus.target;
  }
}

/// A square system given entry by entry, solved once.
class LinearSystem {
 public:
  explicit LinearSystem(std::size_t n) : columns_(n), right_(n, 0) {}
  void add(std::size_t row, std::size_t column, double value) {
    columns_[column].emplace_back(static_cast<int>(row), value);
  }
  void right(std::size_t row, double value) { right_[row] += value; }

  bool solve(std::vector<double>* solution) {
    SparsePattern pattern;
    std::vector<double> values;
    pattern.n = static_cast<int>(columns_.size());
    pattern.column_start.push_back(0);
    for (auto& column : columns_) {
      std::stable_sort(column.begin(), column.end(),
                       [](const auto& a, const auto& b) { return a.first < b.first; });
      for (std::size_t k = 0; k < column.size(); ++k) {
        if (k > 0 && column[k].first == column[k - 1].first) {
          values.back() += column[k].second;
        } else {
          pattern.row.push_back(column[k].first);
          values.push_back(column[k].second);
        }
      }
      pattern.column_start.push_back(static_cast<int>(pattern.row.size()));
    }
    *solution = right_;
    Klu klu;
    return klu.analyse(std::move(pattern)) && klu.factor(values) && klu.solve(*solution);
  }

 private:
  std::vector<std::vector<std::pair<int, double>>> columns_;
  std::vector<double> right_;
};

/// Angles of the DC power flow; those of `start` remain where it has no solution.
std::vector<double> dc_angles(const IslandView& island, const std::vector<NewtonBus>& equations,
                              const std::vector<double>& start) {
  LinearSystem system(equations.size());
  const auto balance = [&](std::size_t row, std::size_t other, double b, double shift) {
    if (equations[row].angle_given) return;
    system.add(row, row, b);
    system.add(row, other, -b);
    system.right(row, b * shift);
  };
  for (const Branch& branch : island.network.branches) {
    if (!island.has(branch)) continue;
    const double impedance = branch.X != 0 ? branch.X : std::abs(branch.R);
    const double b = 1 / (impedance * branch.ratio);
    const double shift = branch.angle_deg * kRadians;
    balance(island.from(branch), island.to(branch), b, shift);
    balance(island.to(branch), island.from(branch), b, -shift);
  }
  for (std::size_t i = 0; i < equations.size(); ++i) {
    if (equations[i].angle_given) {
      system.add(i, i, 1);
      system.right(i, start[i]);
    } else {
      system.right(i, (equations[i].power + equations[i].current).real());
    }
  }
  std::vector<double> angles;
  return system.solve(&angles) ? angles : start;
}

}  // namespace

NewtonState file_start(const IslandView& island, const std::vector<NewtonBus>& equations) {
  NewtonState state;
  for (const int index : island.buses) {
    const Bus& bus = island.network.buses[static_cast<std::size_t>(index)];
    state.Vm.push_back(std::clamp(bus.Vm, 0.5, 1.5));
    state.Va.push_back(bus.Va_deg * kRadians);
  }
  take_set_points(equations, state);
  return state;
}

NewtonState flat_start(const IslandView& island, const std::vector<NewtonBus>& equations) {
  NewtonState state = file_start(island, equations);
  std::fill(state.Vm.begin(), state.Vm.end(), 1.0);
  take_set_points(equations, state);
  std::vector<std::vector<std::pair<std::size_t, double>>> neighbours(equations.size());
  for (const Branch& branch : island.network.branches) {
    if (!island.has(branch)) continue;
    const double shift = branch.angle_deg * kRadians;
    neighbours[island.from(branch)].emplace_back(island.to(branch), -shift);
    neighbours[island.to(branch)].emplace_back(island.from(branch), shift);
  }
  std::vector<bool> reached(equations.size(), false);
  std::deque<std::size_t> queue;
  for (std::size_t i = 0; i < equations.size(); ++i) {
    if (!equations[i].angle_given) continue;
    reached[i] = true;
    queue.push_back(i);
  }
  while (!queue.empty()) {
    const std::size_t i = queue.front();
    queue.pop_front();
    for (const auto& [j, shift] : neighbours[i]) {
      if (reached[j]) continue;
      reached[j] = true;
      state.Va[j] = state.Va[i] + shift;
      queue.push_back(j);
    }
  }
  return state;
}

NewtonState linear_start(const IslandView& island, const NewtonNetwork& admittances,
                         const std::vector<NewtonBus>& equations) {
  NewtonState state = flat_start(island, equations);
  state.Va = dc_angles(island, equations, state.Va);
  const std::size_t n = equations.size();
  LinearSystem system(2 * n);  // real and imaginary part of V by bus
  for (std::size_t i = 0; i < n; ++i) {
    if (equations[i].second != Equation::REACTIVE_BALANCE) {
      const Complex V = std::polar(state.Vm[i], state.Va[i]);
      system.add(2 * i, 2 * i, 1);
      system.add(2 * i + 1, 2 * i + 1, 1);
      system.right(2 * i, V.real());
      system.right(2 * i + 1, V.imag());
      continue;
    }
    const auto add = [&](std::size_t j, Complex y) {
      system.add(2 * i, 2 * j, y.real());
      system.add(2 * i, 2 * j + 1, -y.imag());
      system.add(2 * i + 1, 2 * j, y.imag());
      system.add(2 * i + 1, 2 * j + 1, y.real());
    };
    for (const NewtonNetwork::Entry& entry : admittances.rows[i])
      add(static_cast<std::size_t>(entry.column), entry.y);
    add(i, -std::conj(equations[i].power + equations[i].current));
  }
  std::vector<double> parts;
  if (!system.solve(&parts)) return state;
  for (std::size_t i = 0; i < n; ++i) {
    const Complex V(parts[2 * i], parts[2 * i + 1]);
    if (!(std::abs(V) > 0.3) || std::abs(V) > 2) continue;
    state.Vm[i] = std::abs(V);
    // The branch of the argument nearest to the DC angle, which may lie beyond 180 degrees.
    state.Va[i] += std::remainder(std::arg(V) - state.Va[i], 2 * std::numbers::pi);
  }
  take_set_points(equations, state);
  return state;
}

}  // namespace ballast
