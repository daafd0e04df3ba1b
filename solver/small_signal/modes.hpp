/// \file
/// Modes: eigenvalues of the linearised system, who takes part in them and who swings against whom.
///
/// Dense (Eigen's QR of the matrix of the states, all eigenvalues) for small systems, shift-and-invert
/// Arnoldi (ARPACK on KLU's factors) for large ones.
#pragma once

#include <complex>
#include <vector>

#include "solver/small_signal/linear_model.hpp"

namespace ballast {

/// Share of one state in a mode, and how it moves.
struct ModeState {
  int unknown = 0;
  double participation =
      0;  ///< |w_k v_k| over the sum of all, v and w the right and left eigenvector; 0 to 1
  std::complex<double> shape;  ///< v_k, in the unit of the state; the largest of all machine speeds is 1
};

struct Eigenmode {
  std::complex<double> eigenvalue;  ///< 1/s
  double error = 0;                 ///< |A v - lambda v| / |v|, 1/s
  std::vector<ModeState> states;    ///< all, by participation, largest first
  [[nodiscard]] double frequency_Hz() const;
  /// Damping ratio: 1 critical, negative unstable.
  [[nodiscard]] double damping() const;
};

/// All eigenvalues. Memory and time go with the square and cube of the number of states.
[[nodiscard]] std::vector<std::complex<double>> all_eigenvalues(const LinearModel& model);

/// The `count` eigenvalues nearest to a shift, nearest first; of equal ones not every copy. Fewer where
/// Arnoldi's iteration did not settle. Not for several threads at once (ARPACK).
[[nodiscard]] std::vector<std::complex<double>> nearest_eigenvalues(const LinearModel& model,
                                                                    std::complex<double> shift, int count);

/// Eigenvectors of an eigenvalue, by inverse iteration, which also refines it.
[[nodiscard]] Eigenmode describe_mode(const System& system, const LinearModel& model,
                                      std::complex<double> eigenvalue);

struct ModeSearch {
  double from_Hz = 0, to_Hz = 2.5;
  int dense_up_to = 400;  ///< states
};
struct FoundModes {
  std::vector<std::complex<double>>
      eigenvalues;   ///< of the upper half plane, with their frequency in the band
  double reach = 0;  ///< 1/s: all eigenvalues this close to the imaginary axis in the band are among them
};
/// Eigenvalues near the imaginary axis: discs of Arnoldi's iteration laid along it until they cover the band.
[[nodiscard]] FoundModes find_modes(const LinearModel& model, const ModeSearch& search);

}  // namespace ballast
