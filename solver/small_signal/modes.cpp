#include "solver/small_signal/modes.hpp"

#include <fmt/format.h>
#include <arpack.hpp>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>

namespace ballast {

using Complex = std::complex<double>;

namespace {
/// Of Arnoldi's iteration, in shares of the eigenvalue's distance from the shift; describe_mode() refines.
constexpr double kTolerance = 1e-9;
}  // namespace

double Eigenmode::frequency_Hz() const { return std::abs(eigenvalue.imag()) / (2 * std::numbers::pi); }
double Eigenmode::damping() const {
  const double size = std::abs(eigenvalue);
  return size == 0 ? 0 : -eigenvalue.real() / size;
}

std::vector<Complex> all_eigenvalues(const LinearModel& model) {
  const int nx = model.state_count();
  std::vector<int> place(model.size(), -1);  // among states, or after them among algebraic unknowns
  for (int k = 0; k < nx; ++k) place[model.states[k]] = k;
  std::vector<char> is_algebraic(model.size(), 1);
  for (const std::int64_t slot : model.diagonal) is_algebraic[model.row_index[slot]] = 0;
  int n = nx;
  for (int i = 0; i < model.size(); ++i)
    if (is_algebraic[i] != 0) place[i] = n++;
  Eigen::MatrixXd J = Eigen::MatrixXd::Zero(n, n);
  for (int j = 0; j < model.size(); ++j)
    for (std::int64_t k = model.column_start[j]; k < model.column_start[j + 1]; ++k)
      if (place[j] >= 0 && place[model.row_index[k]] >= 0)
        J(place[model.row_index[k]], place[j]) = model.J[k];
  const int nz = n - nx;
  const Eigen::MatrixXd A = J.topRightCorner(nx, nz) *
                                J.bottomRightCorner(nz, nz).partialPivLu().solve(J.bottomLeftCorner(nz, nx)) -
                            J.topLeftCorner(nx, nx);
  const Eigen::EigenSolver<Eigen::MatrixXd> solver(A, false);
  if (solver.info() != Eigen::Success)
    throw Error("", "the QR iteration for the eigenvalues does not converge",
                "ask for modes near a frequency");
  return {solver.eigenvalues().data(), solver.eigenvalues().data() + nx};
}

std::vector<Complex> nearest_eigenvalues(const LinearModel& model, Complex shift, int count) {
  const auto nearer = [&](Complex a, Complex b) { return std::abs(a - shift) < std::abs(b - shift); };
  const int n = model.state_count();
  if (count > n - 2) {  // more than Arnoldi's iteration can separate
    std::vector<Complex> all = all_eigenvalues(model);
    std::sort(all.begin(), all.end(), nearer);
    all.resize(std::min(count, n));
    return all;
  }
  const int basis = std::min(n, 2 * count + 20);
  const ShiftedFactor factor(model, shift);

  // ARPACK asks for products with (s I - A)^-1, whose largest eigenvalues 1 / (s - lambda) are those nearest
  // to s.
  std::vector<Complex> residual(n), V(static_cast<std::size_t>(n) * basis),
      work(3 * static_cast<std::size_t>(n)),
      work_l(3 * static_cast<std::size_t>(basis) * basis + 5 * static_cast<std::size_t>(basis));
  std::vector<double> real_work(basis);
  std::mt19937 random(1);  // a start of our own: the same modes in every run
  std::normal_distribution<double> normal;
  for (Complex& r : residual) r = {normal(random), normal(random)};
  a_int parameters[11] = {1, 0, 300, 1, 0, 0, 1, 0, 0, 0, 0};  // exact shifts, 300 restarts, standard problem
  a_int pointers[14] = {};
  a_int task = 0, info = 1;
  do {
    arpack::naupd(task, arpack::bmat::identity, n, arpack::which::largest_magnitude, count, kTolerance,
                  residual.data(), basis, V.data(), n, parameters, pointers, work.data(), work_l.data(),
                  static_cast<a_int>(work_l.size()), real_work.data(), info);
    if (task == 1 || task == -1) {
      const std::span<Complex> product(work.data() + pointers[1] - 1, n);
      std::copy_n(work.data() + pointers[0] - 1, n, product.begin());
      factor.resolvent(product);
    }
  } while (task == 1 || task == -1);
  if (info < 0)
    throw Error("", fmt::format("ARPACK's znaupd stops with {}", info), "report it with the case");
  std::vector<Complex> found(count + 1), work_ev(2 * basis), vectors(1);
  std::vector<a_int> select(basis, 0);
  arpack::neupd(0, arpack::howmny::ritz_vectors, select.data(), found.data(), vectors.data(), n, Complex(0),
                work_ev.data(), arpack::bmat::identity, n, arpack::which::largest_magnitude, count,
                kTolerance, residual.data(), basis, V.data(), n, parameters, pointers, work.data(),
                work_l.data(), static_cast<a_int>(work_l.size()), real_work.data(), info);
  if (info != 0)
    throw Error("", fmt::format("ARPACK's zneupd stops with {}", info), "report it with the case");
  found.resize(std::min<std::size_t>(parameters[4], count));
  for (Complex& mu : found) mu = shift - 1.0 / mu;
  std::sort(found.begin(), found.end(), nearer);
  return found;
}

namespace {

/// The vector of s I - A, or of its transpose, that belongs to the eigenvalue beside s, by inverse iteration;
/// `before` is the last right-hand side.
std::vector<Complex> eigenvector(const LinearModel& model, const ShiftedFactor& factor, bool transposed,
                                 std::vector<Complex>* before = nullptr) {
  std::mt19937 random(2);
  std::normal_distribution<double> normal;
  std::vector<Complex> x(model.state_count());
  for (Complex& v : x) v = {normal(random), normal(random)};
  for (int round = 0; round < 3; ++round) {
    double norm = 0;
    for (const Complex& v : x) norm += std::norm(v);
    for (Complex& v : x) v /= std::sqrt(norm);
    if (before != nullptr) *before = x;
    factor.resolvent(x, transposed);
  }
  return x;
}

/// [unknown] 1 for the speeds of machines.
std::vector<char> machine_speeds(const System& system) {
  std::vector<char> speed(system.size(), 0);
  for (int g = 0; g < system.group_count(); ++g) {
    const PartGroup& group = system.group(g);
    const int state = group.forms_voltage ? group.find_state("omega") : -1;
    if (state < 0) continue;
    for (int i = 0; i < group.count; ++i) speed[group.x_at[i] + state] = 1;
  }
  return speed;
}

}  // namespace

Eigenmode describe_mode(const System& system, const LinearModel& model, Complex eigenvalue) {
  // Beside the eigenvalue, or the matrix might be singular to the last bit.
  const Complex s = eigenvalue + 1e-7 * (1 + std::abs(eigenvalue));
  const ShiftedFactor factor(model, s);
  std::vector<Complex> before;
  const std::vector<Complex> v = eigenvector(model, factor, false, &before);
  const std::vector<Complex> w = eigenvector(model, factor, true);
  Eigenmode mode;
  // (s I - A) v = before, so A v = s v - before; the Rayleigh quotient refines the eigenvalue.
  Complex product = 0;
  double norm = 0;
  for (std::size_t k = 0; k < v.size(); ++k) {
    product += std::conj(v[k]) * before[k];
    norm += std::norm(v[k]);
  }
  mode.eigenvalue = s - product / norm;
  double error = 0, sum = 0;
  for (std::size_t k = 0; k < v.size(); ++k) {
    error += std::norm((s - mode.eigenvalue) * v[k] - before[k]);
    sum += std::abs(w[k] * v[k]);
  }
  mode.error = std::sqrt(error / norm);
  const std::vector<char> speed = machine_speeds(system);
  Complex unit = 0;
  for (std::size_t k = 0; k < v.size(); ++k)
    if (speed[model.states[k]] != 0 && std::abs(v[k]) > std::abs(unit)) unit = v[k];
  if (unit == 0.0) unit = std::sqrt(norm);
  for (std::size_t k = 0; k < v.size(); ++k)
    mode.states.push_back({model.states[k], std::abs(w[k] * v[k]) / sum, v[k] / unit});
  std::stable_sort(mode.states.begin(), mode.states.end(),
                   [](const ModeState& a, const ModeState& b) { return a.participation > b.participation; });
  return mode;
}

FoundModes find_modes(const LinearModel& model, const ModeSearch& search) {
  constexpr double kSame = 1e-6;  // 1/s: eigenvalues closer than this are one
  constexpr int kFirst = 40, kMost = 320;
  constexpr double kEnough = 1;     // 1/s: radius of a disc below which more eigenvalues are asked for
  constexpr double kAdvance = 1.7;  // radii from disc to disc
  const double from = 2 * std::numbers::pi * search.from_Hz, to = 2 * std::numbers::pi * search.to_Hz;
  FoundModes found;
  const auto take = [&](const std::vector<Complex>& eigenvalues) {
    for (const Complex& e : eigenvalues)
      if (e.imag() >= from - kSame && e.imag() <= to &&
          std::none_of(found.eigenvalues.begin(), found.eigenvalues.end(),
                       [&](Complex other) { return std::abs(other - e) < kSame * (1 + std::abs(e)); }))
        found.eigenvalues.push_back(e);
  };
  if (model.state_count() <= search.dense_up_to) {
    take(all_eigenvalues(model));
    found.reach = std::numeric_limits<double>::infinity();
  } else {
    found.reach = std::numeric_limits<double>::infinity();
    for (double at = from; at <= to;) {
      std::vector<Complex> near;
      double radius = 0;
      for (int count = kFirst; count <= kMost && radius < kEnough; count *= 2) {
        // A little beside the axis, where the eigenvalue 0 of the common angle lies.
        const Complex shift(0.01, at);
        near = nearest_eigenvalues(model, shift, count);
        radius = near.empty() ? 0 : std::abs(near.back() - shift);
      }
      if (radius < 0.01)
        throw Error("",
                    fmt::format("more than {} eigenvalues within 0.01 1/s of {:g} Hz", kMost,
                                at / (2 * std::numbers::pi)),
                    "ask for modes near another frequency");
      take(near);
      found.reach = std::min(found.reach, radius * std::sqrt(1 - kAdvance * kAdvance / 4));
      at += kAdvance * radius;
    }
  }
  std::sort(found.eigenvalues.begin(), found.eigenvalues.end(), [](Complex a, Complex b) {
    return a.imag() != b.imag() ? a.imag() < b.imag() : a.real() < b.real();
  });
  return found;
}

}  // namespace ballast
