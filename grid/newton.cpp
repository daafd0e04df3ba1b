#include "grid/newton.hpp"

#include <algorithm>
#include <cmath>

#include "grid/klu.hpp"

namespace ballast {
namespace {

using Complex = std::complex<double>;

/// pu; below this no step comes back.
constexpr double kCollapsedVm = 0.1;

/// The Jacobian by rows, with the place of every entry in KLU's compressed columns.
class Jacobian {
 public:
  Jacobian(const NewtonNetwork& network, const std::vector<NewtonBus>& buses) {
    const std::size_t n = buses.size();
    std::vector<std::pair<int, int>> places;  // (row, column), in the order in which fill() visits them
    for (std::size_t i = 0; i < n; ++i) {
      const int row = static_cast<int>(2 * i);
      if (buses[i].angle_given)
        places.emplace_back(row, row);
      else
        add_row(network, i, row, places);
      switch (buses[i].second) {
        case Equation::REACTIVE_BALANCE:
          add_row(network, i, row + 1, places);
          break;
        case Equation::VOLTAGE:
          places.emplace_back(row + 1, 2 * buses[i].reference + 1);
          break;
        case Equation::SHARE:
          add_row(network, i, row + 1, places);
          add_row(network, static_cast<std::size_t>(buses[i].reference), row + 1, places);
          break;
      }
    }
    compress(static_cast<int>(2 * n), places);
  }

  [[nodiscard]] const SparsePattern& pattern() const { return pattern_; }
  [[nodiscard]] const std::vector<double>& values() const { return values_; }

  void fill(const NewtonNetwork& network, const std::vector<NewtonBus>& buses, const NewtonState& state,
            const std::vector<Complex>& V, const std::vector<Complex>& S) {
    std::fill(values_.begin(), values_.end(), 0.0);
    next_ = 0;
    for (std::size_t i = 0; i < buses.size(); ++i) {
      const NewtonBus& bus = buses[i];
      if (bus.angle_given)
        put(1);
      else
        put_row(network, buses, state, V, S, i, Part::ACTIVE, 1);
      switch (bus.second) {
        case Equation::REACTIVE_BALANCE:
          put_row(network, buses, state, V, S, i, Part::REACTIVE, 1);
          break;
        case Equation::VOLTAGE:
          put(1);
          break;
        case Equation::SHARE:
          put_row(network, buses, state, V, S, i, Part::REACTIVE, bus.reference_weight);
          put_row(network, buses, state, V, S, static_cast<std::size_t>(bus.reference), Part::REACTIVE,
                  -bus.weight);
          break;
      }
    }
  }

 private:
  enum class Part { ACTIVE, REACTIVE };

  SparsePattern pattern_;
  std::vector<double> values_;
  std::vector<std::size_t> place_;  ///< of each visited entry in values_
  std::size_t next_ = 0;

  static void add_row(const NewtonNetwork& network, std::size_t bus, int row,
                      std::vector<std::pair<int, int>>& places) {
    for (const NewtonNetwork::Entry& entry : network.rows[bus]) {
      places.emplace_back(row, 2 * entry.column);
      places.emplace_back(row, 2 * entry.column + 1);
    }
  }

  void compress(int n, const std::vector<std::pair<int, int>>& places) {
    std::vector<std::size_t> order(places.size());
    for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
    std::stable_sort(order.begin(), order.end(), [&places](std::size_t a, std::size_t b) {
      return std::pair(places[a].second, places[a].first) < std::pair(places[b].second, places[b].first);
    });
    pattern_.n = n;
    pattern_.column_start.assign(static_cast<std::size_t>(n) + 1, 0);
    place_.resize(places.size());
    for (std::size_t k = 0; k < order.size(); ++k) {
      if (k == 0 || places[order[k]] != places[order[k - 1]]) {
        pattern_.row.push_back(places[order[k]].first);
        ++pattern_.column_start[static_cast<std::size_t>(places[order[k]].second) + 1];
      }
      place_[order[k]] = pattern_.row.size() - 1;
    }
    for (std::size_t c = 0; c < static_cast<std::size_t>(n); ++c)
      pattern_.column_start[c + 1] += pattern_.column_start[c];
    values_.resize(pattern_.row.size());
  }

  void put(double value) { values_[place_[next_++]] += value; }

  /// Derivatives of P or Q of bus i by angle and magnitude of its neighbours, and of its constant-current
  /// part.
  void put_row(const NewtonNetwork& network, const std::vector<NewtonBus>& buses, const NewtonState& state,
               const std::vector<Complex>& V, const std::vector<Complex>& S, std::size_t i, Part part,
               double factor) {
    const auto pick = [part](Complex s) { return part == Part::ACTIVE ? s.real() : s.imag(); };
    for (const NewtonNetwork::Entry& entry : network.rows[i]) {
      const auto j = static_cast<std::size_t>(entry.column);
      const Complex a = V[i] * std::conj(entry.y * V[j]);
      const Complex by_angle = j == i ? Complex(0, 1) * (S[i] - a) : Complex(0, -1) * a;
      Complex by_magnitude = (j == i ? S[i] + a : a) / state.Vm[j];
      if (j == i) by_magnitude -= buses[i].current;
      put(factor * pick(by_angle));
      put(factor * pick(by_magnitude));
    }
  }
};

std::vector<Complex> voltages(const NewtonState& state) {
  std::vector<Complex> V(state.Vm.size());
  for (std::size_t i = 0; i < V.size(); ++i) V[i] = std::polar(state.Vm[i], state.Va[i]);
  return V;
}

std::vector<Complex> powers(const NewtonNetwork& network, const std::vector<Complex>& V) {
  std::vector<Complex> S(V.size());
  for (std::size_t i = 0; i < V.size(); ++i) {
    Complex current = 0;
    for (const NewtonNetwork::Entry& entry : network.rows[i])
      current += entry.y * V[static_cast<std::size_t>(entry.column)];
    S[i] = V[i] * std::conj(current);
  }
  return S;
}

struct Residual {
  std::vector<double> values;
  double squares = 0;
  double largest = 0;  ///< over all equations
  int worst = 0;       ///< equation
};

Residual residual(const std::vector<NewtonBus>& buses, const NewtonState& state,
                  const std::vector<Complex>& S) {
  Residual f;
  f.values.resize(2 * buses.size());
  const auto lack = [&](std::size_t i) { return S[i] - buses[i].power - buses[i].current * state.Vm[i]; };
  for (std::size_t i = 0; i < buses.size(); ++i) {
    const NewtonBus& bus = buses[i];
    const Complex mismatch = lack(i);
    const auto reference = static_cast<std::size_t>(std::max(bus.reference, 0));
    f.values[2 * i] = bus.angle_given ? 0 : mismatch.real();
    switch (bus.second) {
      case Equation::REACTIVE_BALANCE:
        f.values[2 * i + 1] = mismatch.imag();
        break;
      case Equation::VOLTAGE:
        f.values[2 * i + 1] = state.Vm[reference] - bus.target;
        break;
      case Equation::SHARE:
        f.values[2 * i + 1] = bus.reference_weight * mismatch.imag() - bus.weight * lack(reference).imag();
        break;
    }
  }
  for (std::size_t k = 0; k < f.values.size(); ++k) {
    const double size = std::abs(f.values[k]);
    f.squares += size * size;
    if (!(size <= f.largest)) {
      f.largest = size;
      f.worst = static_cast<int>(k);
    }
  }
  return f;
}

/// The longest step, at most 1, that moves no angle by more than 1.5 rad and no magnitude by more than half.
double longest_step(const NewtonState& state, const std::vector<double>& step) {
  double limit = 1;
  for (std::size_t i = 0; i < state.Vm.size(); ++i) {
    limit = std::min(limit, 1.5 / std::max(std::abs(step[2 * i]), 1e-9));
    limit = std::min(limit, 0.5 * state.Vm[i] / std::max(std::abs(step[2 * i + 1]), 1e-9));
  }
  return limit;
}

NewtonState moved(const NewtonState& state, const std::vector<double>& step, double length) {
  NewtonState next = state;
  for (std::size_t i = 0; i < state.Vm.size(); ++i) {
    next.Va[i] -= length * step[2 * i];
    next.Vm[i] -= length * step[2 * i + 1];
  }
  return next;
}

}  // namespace

std::vector<Complex> injections(const NewtonNetwork& network, const NewtonState& state) {
  return powers(network, voltages(state));
}

struct LinearFlow::Factored {
  std::vector<NewtonBus> buses;
  Klu klu;
  bool good = false;
};

LinearFlow::LinearFlow(const NewtonNetwork& network, const std::vector<NewtonBus>& buses,
                       const NewtonState& state)
    : factored_(std::make_unique<Factored>()) {
  factored_->buses = buses;
  const std::vector<Complex> V = voltages(state);
  Jacobian jacobian(network, buses);
  jacobian.fill(network, buses, state, V, powers(network, V));
  factored_->good = factored_->klu.analyse(jacobian.pattern()) && factored_->klu.factor(jacobian.values());
}

LinearFlow::~LinearFlow() = default;

std::vector<double> LinearFlow::response(const std::vector<Complex>& drawn) const {
  if (!factored_->good) return {};
  std::vector<double> change(2 * drawn.size(), 0);  // of the equations, then of the unknowns
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    const NewtonBus& bus = factored_->buses[i];
    if (!bus.angle_given) change[2 * i] = -drawn[i].real();
    if (bus.second == Equation::REACTIVE_BALANCE) change[2 * i + 1] = -drawn[i].imag();
    if (bus.second == Equation::SHARE)
      change[2 * i + 1] = bus.weight * drawn[static_cast<std::size_t>(bus.reference)].imag() -
                          bus.reference_weight * drawn[i].imag();
  }
  if (!factored_->klu.solve(change)) return {};
  return change;
}

NewtonOutcome newton(const NewtonNetwork& network, const std::vector<NewtonBus>& buses, NewtonState& state,
                     const NewtonOptions& options) {
  NewtonOutcome outcome;
  Jacobian jacobian(network, buses);
  Klu klu;
  outcome.singular = !klu.analyse(jacobian.pattern());
  std::vector<Complex> V = voltages(state);
  std::vector<Complex> S = powers(network, V);
  Residual f = residual(buses, state, S);
  bool polished = false;  // one more step after convergence costs little and leaves rounding only
  while (!outcome.singular && outcome.iterations < options.max_iterations) {
    if (f.largest <= options.tolerance) {
      if (polished || f.largest == 0) break;
      polished = true;
    }
    jacobian.fill(network, buses, state, V, S);
    std::vector<double> step = f.values;
    if (!klu.factor(jacobian.values()) || !klu.solve(step)) {
      outcome.singular = true;
      break;
    }
    double length = longest_step(state, step);
    bool better = false;
    for (int halving = 0; halving < 8 && !better; ++halving, length /= 2) {
      NewtonState trial = moved(state, step, length);
      std::vector<Complex> trial_V = voltages(trial);
      std::vector<Complex> trial_S = powers(network, trial_V);
      Residual trial_f = residual(buses, trial, trial_S);
      if (!(trial_f.squares < f.squares)) continue;
      better = true;
      state = std::move(trial);
      V = std::move(trial_V);
      S = std::move(trial_S);
      f = std::move(trial_f);
    }
    if (!better) break;
    ++outcome.iterations;
    // V = 0 solves the equations of a bus without injection; a step towards it only ends there.
    if (*std::min_element(state.Vm.begin(), state.Vm.end()) < kCollapsedVm) break;
  }
  outcome.converged = f.largest <= options.tolerance;
  outcome.mismatch = f.largest;
  outcome.worst_bus = f.worst / 2;
  outcome.worst_is_reactive = f.worst % 2 == 1;
  return outcome;
}

}  // namespace ballast
