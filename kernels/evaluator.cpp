#include "kernels/evaluator.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace ballast::batch {
namespace {

template <class T>
Yes<T> none();
template <>
bool none<double>() {
  return false;
}
template <>
Mask<kLanes> none<Lanes>() {
  return Mask<kLanes>::of(false);
}
}  // namespace

Evaluator::Evaluator(const Problem& problem) : problem_(problem) {
  const double half_cycles = std::min(1.0, 2 * problem.step_s * problem.frequency_Hz);
  voltage_tolerance_ = problem.least_step_s < problem.step_s ? kVoltageToleranceByError
                                                             : kVoltageTolerance * half_cycles * half_cycles;
  for (std::size_t g = 0; g < problem.groups.size(); ++g) {
    const Group& group = problem.groups[g];
    auto made = make_device_group(group.model);
    if (!made) throw std::runtime_error("the batch knows no model " + group.model);
    std::vector<int> own(group.count(), -1);
    for (std::size_t k = 0; k < problem.own_parts.size(); ++k)
      if (problem.own_parts[k][0] == static_cast<int>(g)) own[problem.own_parts[k][1]] = static_cast<int>(k);
    made->bind(problem, group, std::move(own));
    for (int i = 0; i < group.count(); ++i) {
      for (int k = 2 * made->limits; k < made->guards; ++k)
        watched_.push_back({group.guard_first + i * made->guards + k, static_cast<int>(g), i, k});
      for (int k = 0; k < made->timers; ++k)
        clocks_.push_back({group.timer_first + i * made->timers + k, static_cast<int>(g), i, k,
                           made->states == 0 && made->guards == 0 && made->Ir < 0});
    }
    groups_.push_back(std::move(made));
  }
  find_plants();
}

void Evaluator::find_plants() {
  plants_.resize(problem_.plants);
  plant_of_.assign(problem_.states, 0);
  for (std::size_t g = 0; g < problem_.groups.size(); ++g) {
    const Group& group = problem_.groups[g];
    for (int i = 0; i < group.count() && groups_[g]->states > 0; ++i) {
      std::fill_n(plant_of_.begin() + group.x_at[i], groups_[g]->states, group.plant[i]);
      plants_[group.plant[i]].moving.push_back({static_cast<int>(g), i, i + 1, false});
    }
  }
  const auto share_out = [&](const std::vector<Span>& spans, std::vector<Span> PlantWork::*of_plant) {
    for (const Span& span : spans)
      for (int i = span.first; i < span.last; ++i)
        (plants_[problem_.groups[span.group].plant[i]].*of_plant)
            .push_back({span.group, i, i + 1, span.currents_only});
  };
  share_out(problem_.before, &PlantWork::before);
  share_out(problem_.network, &PlantWork::network);
  share_out(problem_.read, &PlantWork::read);
}

template <class T>
Store<T> Evaluator::make_store() const {
  Store<T> store(problem_);
  for (const auto& [g, part] : problem_.own_parts) store.own.emplace_back(groups_[g]->derived_size());
  return store;
}
template Store<double> Evaluator::make_store<double>() const;
template Store<Lanes> Evaluator::make_store<Lanes>() const;

template <class T>
void Evaluator::run(const std::vector<Span>& spans, Store<T>& store) const {
  for (const Span& span : spans) {
    if (span.currents_only)
      groups_[span.group]->evaluate_currents(span.first, span.last, store);
    else
      groups_[span.group]->evaluate_outputs(span.first, span.last, store);
  }
}

template void Evaluator::run(const std::vector<Span>&, Store<double>&) const;
template void Evaluator::run(const std::vector<Span>&, Store<Lanes>&) const;

template <class T>
void Evaluator::given_signals(Store<T>& store) const {
  store.s[problem_.time_signal] = store.t;
  for (std::size_t k = 0; k < problem_.ramped.size(); ++k) {
    const T* r = store.ramp.data() + 4 * k;
    const T share = clamp_(T((store.t - r[0]) * r[1]), T(0.0), T(1.0));
    store.s[problem_.ramped[k]] = r[2] + (r[3] - r[2]) * share;
  }
  T speed = 1.0;
  for (std::size_t k = 0; k < problem_.weights.size(); ++k)
    speed = speed + store.weight[k] * store.x[problem_.weights[k].state];
  store.s[problem_.frame_signal] = speed;
}

template <class T>
void Evaluator::solve_factor(const Store<T>& store, T* right) const {
  // In place, in elimination order of the rows; `right` is by bus.
  const FactorPattern& f = problem_.factor;
  const int n = problem_.buses;
  const T* value = store.factor.data();
  for (int i = 0; i < n; ++i) {
    T* r = right + 2 * f.bus[i];
    T re = r[0];
    T im = r[1];
    for (int k = f.row_start[i]; k < f.diagonal[i]; ++k) {
      const T* a = value + 4 * k;
      const T* v = right + 2 * f.bus[f.column[k]];
      re = fma_(-a[0], v[0], re);
      re = fma_(-a[1], v[1], re);
      im = fma_(-a[2], v[0], im);
      im = fma_(-a[3], v[1], im);
    }
    r[0] = re;
    r[1] = im;
  }
  for (int i = n - 1; i >= 0; --i) {
    T* r = right + 2 * f.bus[i];
    T re = r[0];
    T im = r[1];
    for (int k = f.diagonal[i] + 1; k < f.row_start[i + 1]; ++k) {
      const T* a = value + 4 * k;
      const T* v = right + 2 * f.bus[f.column[k]];
      re = fma_(-a[0], v[0], re);
      re = fma_(-a[1], v[1], re);
      im = fma_(-a[2], v[0], im);
      im = fma_(-a[3], v[1], im);
    }
    const T* d = value + 4 * f.diagonal[i];
    r[0] = d[0] * re + d[1] * im;
    r[1] = d[2] * re + d[3] * im;
  }
}
template void Evaluator::solve_factor(const Store<double>&, double*) const;
template void Evaluator::solve_factor(const Store<Lanes>&, Lanes*) const;

template <class T>
Yes<T> Evaluator::network(Store<T>& store, Yes<T> todo, Scratch<T>& scratch) const {
  const std::vector<int>& buses = problem_.injecting_buses;
  T* V = store.s.data();
  T* right = scratch.right.data();
  T before(0.0);
  for (int iteration = 0; iteration < kMaxIterations; ++iteration) {
    run(problem_.network, store);
    std::fill(scratch.right.begin(), scratch.right.end(), T(0.0));
    for (const Injection& i : problem_.injections) {
      right[2 * i.bus] = right[2 * i.bus] + store.s[i.signal_r];
      right[2 * i.bus + 1] = right[2 * i.bus + 1] + store.s[i.signal_i];
    }
    for (std::size_t k = 0; k < buses.size(); ++k) {
      const T* a = store.slope.data() + 4 * k;
      T* r = right + 2 * buses[k];
      const T* v = V + 2 * buses[k];
      r[0] = r[0] - (a[0] * v[0] + a[1] * v[1]);
      r[1] = r[1] - (a[2] * v[0] + a[3] * v[1]);
    }
    if (!store.all_alive)
      for (int b = 0; b < problem_.buses; ++b) {
        right[2 * b] = right[2 * b] * store.alive[b];
        right[2 * b + 1] = right[2 * b + 1] * store.alive[b];
      }
    solve_factor(store, right);
    T change(0.0);
    for (int k = 0; k < 2 * problem_.buses; ++k) {
      change = max_(change, T(abs_(T(right[k] - V[k]))));
      V[k] = select_(todo, right[k], V[k]);
    }
    if (iteration > 0) {
      const T seen = clamp_(T(2.0 * change / max_(before, T(1e-300))), T(1e-3), T(0.9));
      store.rate = select_(todo, seen, store.rate);
    }
    before = change;
    const T left = change * store.rate / (1.0 - store.rate);
    scratch.iterations += 1;
    todo = todo && !(left <= voltage_tolerance_);
    if (!any(todo)) return todo;
  }
  return todo;
}

template <class T>
Yes<T> Evaluator::evaluate(Store<T>& store, const Yes<T>& lanes, Scratch<T>& scratch) const {
  given_signals(store);
  Yes<T> todo = lanes;
  Yes<T> failed = none<T>();
  for (int round = 0; round < kLimitRounds; ++round) {
    run(problem_.before, store);
    failed = network(store, todo, scratch) || failed;
    run(problem_.read, store);
    for (const auto& group : groups_) group->evaluate_rates(store);
    Yes<T> moved = none<T>();
    for (const auto& group : groups_) moved = group->move_limits(store) || moved;
    todo = moved && lanes;
    if (!any(todo)) break;
  }
  return failed;
}
template bool Evaluator::evaluate(Store<double>&, const bool&, Scratch<double>&) const;
template Mask<kLanes> Evaluator::evaluate(Store<Lanes>&, const Mask<kLanes>&, Scratch<Lanes>&) const;

void Evaluator::find_slopes(Store<double>& store) const {
  constexpr double kStep = 1e-6;
  const std::vector<int>& buses = problem_.injecting_buses;
  given_signals(store);
  run(problem_.before, store);
  const std::vector<double> at(store.s.begin(), store.s.begin() + 2 * problem_.buses);
  std::vector<double> sum[3];
  for (int way = 0; way < 3; ++way) {
    for (const int b : buses)
      if (way > 0) store.s[2 * b + way - 1] = at[2 * b + way - 1] + kStep;
    run(problem_.network, store);
    sum[way].assign(2 * static_cast<std::size_t>(problem_.buses), 0.0);
    for (const Injection& i : problem_.injections) {
      sum[way][2 * i.bus] += store.s[i.signal_r];
      sum[way][2 * i.bus + 1] += store.s[i.signal_i];
    }
    std::copy(at.begin(), at.end(), store.s.begin());
  }
  for (std::size_t k = 0; k < buses.size(); ++k) {
    const int b = buses[k];
    for (int row = 0; row < 2; ++row)
      for (int way = 0; way < 2; ++way)
        store.slope[4 * k + 2 * row + way] = (sum[way + 1][2 * b + row] - sum[0][2 * b + row]) / kStep;
  }
}

bool Evaluator::factorise(const std::vector<Block>& branch_block, const std::vector<double>& shunt_G,
                          const std::vector<double>& shunt_B, Store<double>& store) const {
  const FactorPattern& f = problem_.factor;
  double* value = store.factor.data();
  std::fill(store.factor.begin(), store.factor.end(), 0.0);
  const auto add = [&](int entry, double re, double im) {
    double* a = value + 4 * entry;
    a[0] += re;
    a[1] -= im;
    a[2] += im;
    a[3] += re;
  };
  for (std::size_t k = 0; k < problem_.branches.size(); ++k) {
    const Block& b = branch_block[k];
    const Branch& branch = problem_.branches[k];
    if (store.alive[branch.from] < 0.5 || store.alive[branch.to] < 0.5) {
      // A live end keeps what the branch is to it: between islands there is nothing but an open line.
      if (store.alive[branch.from] > 0.5) add(f.branch[k][0], b[0], b[1]);
      if (store.alive[branch.to] > 0.5) add(f.branch[k][3], b[6], b[7]);
      continue;
    }
    for (int e = 0; e < 4; ++e) add(f.branch[k][e], b[2 * e], b[2 * e + 1]);
  }
  for (int b = 0; b < problem_.buses; ++b) {
    const int entry = f.diagonal[f.position[b]];
    if (store.alive[b] < 0.5) {
      add(entry, 1, 0);
      continue;
    }
    add(entry, shunt_G[b], shunt_B[b]);
  }
  for (std::size_t k = 0; k < problem_.injecting_buses.size(); ++k) {
    const int b = problem_.injecting_buses[k];
    if (store.alive[b] < 0.5) continue;
    double* a = value + 4 * f.diagonal[f.position[b]];
    for (int e = 0; e < 4; ++e) a[e] -= store.slope[4 * k + e];
  }
  // Row by row: a_ik := a_ik inv(a_kk); a_ij -= a_ik a_kj.
  std::vector<int> place(problem_.buses, -1);
  for (int i = 0; i < problem_.buses; ++i) {
    for (int e = f.row_start[i]; e < f.row_start[i + 1]; ++e) place[f.column[e]] = e;
    for (int e = f.row_start[i]; e < f.diagonal[i]; ++e) {
      const int k = f.column[e];
      double* a = value + 4 * e;
      const double* d = value + 4 * f.diagonal[k];
      const double l[4] = {a[0] * d[0] + a[1] * d[2], a[0] * d[1] + a[1] * d[3], a[2] * d[0] + a[3] * d[2],
                           a[2] * d[1] + a[3] * d[3]};
      for (int n = 0; n < 4; ++n) a[n] = l[n];
      for (int u = f.diagonal[k] + 1; u < f.row_start[k + 1]; ++u) {
        double* c = value + 4 * place[f.column[u]];
        const double* b = value + 4 * u;
        c[0] -= l[0] * b[0] + l[1] * b[2];
        c[1] -= l[0] * b[1] + l[1] * b[3];
        c[2] -= l[2] * b[0] + l[3] * b[2];
        c[3] -= l[2] * b[1] + l[3] * b[3];
      }
    }
    double* d = value + 4 * f.diagonal[i];
    const double det = d[0] * d[3] - d[1] * d[2];
    if (!(std::abs(det) > 1e-300) || !std::isfinite(det)) return false;
    const double inverse[4] = {d[3] / det, -d[1] / det, -d[2] / det, d[0] / det};
    for (int n = 0; n < 4; ++n) d[n] = inverse[n];
    for (int e = f.row_start[i]; e < f.row_start[i + 1]; ++e) place[f.column[e]] = -1;
  }
  return true;
}

void Evaluator::rates(const PlantWork& plant, Store<double>& store) const {
  run(plant.before, store);
  run(plant.read, store);
  for (const Span& span : plant.moving) groups_[span.group]->evaluate_rates(span.first, span.last, store);
}

template <class T>
void Evaluator::evaluate_all_outputs(Store<T>& store) const {
  run(problem_.order, store);
}
template void Evaluator::evaluate_all_outputs(Store<double>&) const;
template void Evaluator::evaluate_all_outputs(Store<Lanes>&) const;

/// A current into one bus is eliminated along the path of its row to the last one, and what comes back to the
/// bus comes along it too: the pattern is symmetric, and the first column of a row is the next row of the
/// path.
void Evaluator::driving_point(int bus, const Store<double>& store, Scratch<double>& scratch,
                              double (&Z)[2][2]) const {
  const FactorPattern& f = problem_.factor;
  const double* value = store.factor.data();
  double* right = scratch.right.data();
  std::vector<int> path;
  for (int row = f.position[bus];;) {
    path.push_back(row);
    const int next = f.diagonal[row] + 1;
    if (next >= f.row_start[row + 1]) break;
    row = f.column[next];
  }
  const auto take = [&](int e, double& re, double& im) {
    const double* a = value + 4 * e;
    const double* v = right + 2 * f.bus[f.column[e]];
    re = fma_(-a[0], v[0], re);
    re = fma_(-a[1], v[1], re);
    im = fma_(-a[2], v[0], im);
    im = fma_(-a[3], v[1], im);
  };
  std::fill(scratch.right.begin(), scratch.right.end(), 0.0);
  for (int way = 0; way < 2; ++way) {
    right[2 * bus + way] = store.alive[bus];
    for (const int row : path) {
      double* r = right + 2 * f.bus[row];
      for (int e = f.row_start[row]; e < f.diagonal[row]; ++e) take(e, r[0], r[1]);
    }
    for (auto row = path.rbegin(); row != path.rend(); ++row) {
      double* r = right + 2 * f.bus[*row];
      for (int e = f.diagonal[*row] + 1; e < f.row_start[*row + 1]; ++e) take(e, r[0], r[1]);
      const double* d = value + 4 * f.diagonal[*row];
      const double re = r[0];
      r[0] = d[0] * re + d[1] * r[1];
      r[1] = d[2] * re + d[3] * r[1];
    }
    Z[0][way] = right[2 * bus];
    Z[1][way] = right[2 * bus + 1];
    for (const int row : path) right[2 * f.bus[row]] = right[2 * f.bus[row] + 1] = 0;
  }
}

std::vector<double> Evaluator::stiff_jacobian(const std::vector<int>& states, int bus, Store<double>& store,
                                              Scratch<double>& scratch) const {
  double Z[2][2];
  driving_point(bus, store, scratch, Z);
  const auto current = [&](double& re, double& im) {
    re = im = 0;
    for (const Injection& i : problem_.injections)
      if (i.bus == bus) {
        re += store.s[i.signal_r];
        im += store.s[i.signal_i];
      }
  };
  const std::size_t n = states.size();
  const PlantWork& plant = plants_[plant_of_[states.front()]];
  std::vector<double> jacobian(n * n);
  given_signals(store);
  rates(plant, store);
  // The network's iteration left the currents of the voltages before its last: far from these against 1e-6.
  run(plant.network, store);
  std::vector<double> f0(n);
  for (std::size_t i = 0; i < n; ++i) f0[i] = store.f[states[i]];
  const double Vr = store.s[2 * bus];
  const double Vi = store.s[2 * bus + 1];
  double r0 = 0;
  double i0 = 0;
  current(r0, i0);
  for (std::size_t j = 0; j < n; ++j) {
    const double x0 = store.x[states[j]];
    const double step = 1e-6 * (1 + std::abs(x0));
    store.x[states[j]] = x0 + step;
    given_signals(store);
    run(plant.before, store);
    run(plant.network, store);
    double r1 = 0;
    double i1 = 0;
    current(r1, i1);
    store.s[2 * bus] = Vr + Z[0][0] * (r1 - r0) + Z[0][1] * (i1 - i0);
    store.s[2 * bus + 1] = Vi + Z[1][0] * (r1 - r0) + Z[1][1] * (i1 - i0);
    rates(plant, store);
    for (std::size_t i = 0; i < n; ++i) jacobian[i * n + j] = (store.f[states[i]] - f0[i]) / step;
    store.x[states[j]] = x0;
    store.s[2 * bus] = Vr;
    store.s[2 * bus + 1] = Vi;
  }
  given_signals(store);
  rates(plant, store);
  return jacobian;
}

namespace {

/// The inverse of I - gamma h A, by Gauss-Jordan with pivoting.
void invert_stiff(const std::vector<double>& A, std::size_t n, double h, double* inverse) {
  std::vector<double> a(n * n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      a[i * n + j] = (i == j ? 1.0 : 0.0) - kGamma * h * A[i * n + j];
      inverse[i * n + j] = i == j ? 1.0 : 0.0;
    }
  for (std::size_t c = 0; c < n; ++c) {
    std::size_t pivot = c;
    for (std::size_t r = c + 1; r < n; ++r)
      if (std::abs(a[r * n + c]) > std::abs(a[pivot * n + c])) pivot = r;
    for (std::size_t k = 0; k < n; ++k) {
      std::swap(a[c * n + k], a[pivot * n + k]);
      std::swap(inverse[c * n + k], inverse[pivot * n + k]);
    }
    const double per = 1 / a[c * n + c];
    for (std::size_t k = 0; k < n; ++k) {
      a[c * n + k] *= per;
      inverse[c * n + k] *= per;
    }
    for (std::size_t r = 0; r < n; ++r) {
      if (r == c) continue;
      const double by = a[r * n + c];
      if (by == 0) continue;
      for (std::size_t k = 0; k < n; ++k) {
        a[r * n + k] -= by * a[c * n + k];
        inverse[r * n + k] -= by * inverse[c * n + k];
      }
    }
  }
}

}  // namespace

void Evaluator::find_stiff(Store<double>& store, Scratch<double>& scratch) const {
  for (const StiffBlock& block : problem_.stiff) {
    const std::vector<double> A = stiff_jacobian(block.states, block.bus, store, scratch);
    double* inverse = store.stiff.data() + block.matrix_at;
    double h = problem_.step_s;
    for (int k = 0; k < problem_.stiff_lengths(); ++k, h /= 2, inverse += problem_.stiff_entries)
      invert_stiff(A, block.states.size(), h, inverse);
  }
}

}  // namespace ballast::batch
