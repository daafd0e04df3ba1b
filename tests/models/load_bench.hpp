/// \file
/// A dynamic load alone on a bench at a bus whose voltage a test moves.
#pragma once

#include <complex>
#include <utility>
#include <vector>

#include "tests/models/device_bench.hpp"
#include "tests/models/reference_loads.hpp"

namespace ballast::test {

using Complex = std::complex<double>;
inline const Ratings kSystem{100, 100, 60};

inline std::vector<double> with(std::vector<double> parameters, const Numbers& changes) {
  for (const auto& [i, value] : changes) parameters.at(i) = value;
  return parameters;
}

/// A load that draws P + jQ at 1 pu, whose voltage a test moves.
template <class M>
struct LoadBench : DeviceBench<M> {
  using B = DeviceBench<M>;
  explicit LoadBench(const std::vector<double>& parameters) : B(parameters, kSystem) {}
  Outcome start(double P, double Q, double V = 1) {
    std::vector<double> inputs(M::kInputs, kUnknown);
    inputs[M::VR] = V;
    inputs[M::VI] = 0;
    if constexpr (requires { M::FRAME_SPEED; }) inputs[M::FRAME_SPEED] = 1;
    if constexpr (requires { M::TIME; }) inputs[M::TIME] = 0;
    B::out[M::IR] = -P / V;
    B::out[M::II] = Q / V;
    return B::rest_at(inputs);
  }
  /// The voltage, by pieces: (from, pu).
  void profile(const std::vector<std::pair<double, double>>& pieces) {
    for (const auto& [from, V] : pieces)
      if (from > 0) B::breaks.push_back(from);
    B::drive = [pieces](double time, double* inputs) {
      for (const auto& [from, V] : pieces)
        if (time >= from) inputs[M::VR] = V;
      inputs[M::VI] = 0;
    };
  }
  [[nodiscard]] Complex drawn() const {
    return -Complex(B::in[M::VR], B::in[M::VI]) * std::conj(Complex(B::out[M::IR], B::out[M::II]));
  }
};

}  // namespace ballast::test
