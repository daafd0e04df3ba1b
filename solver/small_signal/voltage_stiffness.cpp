#include "solver/small_signal/voltage_stiffness.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <Eigen/SparseCore>
#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/klu_solver.hpp"

namespace ballast {
namespace {

using Sparse = Eigen::SparseMatrix<double, Eigen::ColMajor, std::int64_t>;

/// [frame] bus of its heaviest machine in service.
std::vector<int> reference_buses(const System& system) {
  std::vector<int> bus(system.frame_count(), -1);
  std::vector<double> heaviest(system.frame_count(), 0);
  for (std::size_t p = 0; p < system.parts().size(); ++p) {
    const PartRef& part = system.parts()[p];
    const int at = system.part_bus(static_cast<int>(p));
    const int frame = system.frame_of(at);
    if (frame < 0 || system.group(part.group).active[part.index] == 0) continue;
    const double inertia = system.group(part.group).inertia(part.index);
    if (inertia <= heaviest[frame]) continue;
    heaviest[frame] = inertia;
    bus[frame] = at;
  }
  return bus;
}

/// J + E / settled_s, with the frame speeds held and, at the reference buses, the balance of active power
/// replaced by a voltage angle that is held; the other row there is the balance of reactive power.
Sparse held_matrix(const System& system, const LinearModel& model, const std::vector<double>& y,
                   double settled_s) {
  enum class Row : char { AS_IT_IS, HELD, FIRST_OF_REFERENCE, SECOND_OF_REFERENCE };
  std::vector<Row> kind(model.size(), Row::AS_IT_IS);
  for (int f = 0; f < system.frame_count(); ++f) kind[system.frame_speed_at(f)] = Row::HELD;
  std::vector<Eigen::Triplet<double, std::int64_t>> entries;
  for (const int bus : reference_buses(system)) {
    if (bus < 0) continue;
    const int r = system.voltage_at(bus);
    kind[r] = Row::FIRST_OF_REFERENCE;
    kind[r + 1] = Row::SECOND_OF_REFERENCE;
    entries.emplace_back(r, r, -y[r + 1]);
    entries.emplace_back(r, r + 1, y[r]);
  }
  for (int f = 0; f < system.frame_count(); ++f)
    entries.emplace_back(system.frame_speed_at(f), system.frame_speed_at(f), 1.0);
  for (int j = 0; j < model.size(); ++j)
    for (std::int64_t k = model.column_start[j]; k < model.column_start[j + 1]; ++k) {
      const int i = static_cast<int>(model.row_index[k]);
      switch (kind[i]) {
        case Row::AS_IT_IS:
          entries.emplace_back(i, j, model.J[k]);
          break;
        case Row::HELD:
          break;
        case Row::FIRST_OF_REFERENCE:  // Q = Vi Ir - Vr Ii
          entries.emplace_back(i + 1, j, y[i + 1] * model.J[k]);
          break;
        case Row::SECOND_OF_REFERENCE:
          entries.emplace_back(i, j, -y[i - 1] * model.J[k]);
          break;
      }
    }
  for (const std::int64_t slot : model.diagonal)
    entries.emplace_back(model.row_index[slot], model.row_index[slot], 1 / settled_s);
  Sparse matrix(model.size(), model.size());
  matrix.setFromTriplets(entries.begin(), entries.end());
  return matrix;
}

}  // namespace

VoltageStiffness voltage_stiffness(const System& system, const LinearModel& model,
                                   const std::vector<double>& y, double least_kV, double settled_s) {
  const Sparse matrix = held_matrix(system, model, y, settled_s);
  const std::span<const std::int64_t> columns(matrix.outerIndexPtr(), model.size() + 1);
  const std::span<const std::int64_t> rows(matrix.innerIndexPtr(), matrix.nonZeros());
  KluSolver klu(columns, rows);
  if (!klu.factor(matrix.valuePtr()))
    throw Error("", "the reduced V-Q matrix is singular: an island's voltages have no point to return to",
                "look at an earlier time");
  const std::vector<int> reference = reference_buses(system);
  std::vector<int> live;
  for (int b = 0; b < system.grid.bus_count(); ++b)
    if (system.frame_of(b) >= 0 && system.network().buses[b].base_kV >= least_kV) live.push_back(b);
  if (live.empty())
    throw Error("", fmt::format("no energised bus has {:g} kV or more", least_kV), "give a lower voltage");
  const auto m = static_cast<Eigen::Index>(live.size());

  // Column by column dV/dQ, the inverse of J_R.
  Eigen::MatrixXd inverse(m, m);
  std::vector<double> x(model.size());
  for (Eigen::Index k = 0; k < m; ++k) {
    std::fill(x.begin(), x.end(), 0.0);
    const int at = system.voltage_at(live[k]);
    const std::complex<double> v = system.voltage(y.data(), live[k]);
    if (reference[system.frame_of(live[k])] == live[k]) {
      x[at + 1] = 1;
    } else {
      const std::complex<double> current = std::conj(std::complex<double>(0, 1) / v);
      x[at] = current.real();
      x[at + 1] = current.imag();
    }
    klu.solve(x.data());
    for (Eigen::Index i = 0; i < m; ++i) {
      const int r = system.voltage_at(live[i]);
      inverse(i, k) = (y[r] * x[r] + y[r + 1] * x[r + 1]) / std::hypot(y[r], y[r + 1]);
    }
  }
  const Eigen::EigenSolver<Eigen::MatrixXd> solver(inverse);
  if (solver.info() != Eigen::Success)
    throw Error("", "the QR iteration for the eigenvalues of the V-Q matrix does not converge",
                "look at another time");
  const double softest = solver.eigenvalues().cwiseAbs().maxCoeff();
  VoltageStiffness found;
  found.smallest = std::numeric_limits<double>::infinity();
  Eigen::Index which = 0;
  for (Eigen::Index k = 0; k < m; ++k) {
    const std::complex<double> mu = solver.eigenvalues()[k];
    if (std::abs(mu) < 1e-9 * softest) continue;
    const double stiffness = (1.0 / mu).real();
    if (stiffness < 0) ++found.negative;
    if (stiffness < found.smallest) {
      found.smallest = stiffness;
      which = k;
    }
  }
  const Eigen::VectorXcd right = solver.eigenvectors().col(which);
  const Eigen::MatrixXcd left = solver.eigenvectors().inverse();
  double sum = 0;
  for (Eigen::Index k = 0; k < m; ++k) sum += std::abs(right[k] * left(which, k));
  for (Eigen::Index k = 0; k < m; ++k)
    found.buses.push_back({live[k], std::abs(right[k] * left(which, k)) / sum});
  std::stable_sort(found.buses.begin(), found.buses.end(),
                   [](const auto& a, const auto& b) { return a.participation > b.participation; });
  return found;
}

}  // namespace ballast
