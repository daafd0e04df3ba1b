/// \file
/// Injections that depend on the voltage of their bus, kept in the model to first order. Internal to grid/.
#pragma once

#include <cmath>
#include <complex>
#include <functional>

#include "grid/flow_model.hpp"

namespace ballast {

/// An injection counts as settled when the model's straight line is this near to the element's equations, pu.
constexpr double kSettled = 1e-9;

/// Lays the line through S(V), an injection in pu as a function of the magnitude of its bus. True when the
/// present line was off.
inline bool follow(Injection& injection, double V, const std::function<std::complex<double>(double)>& S) {
  const std::complex<double> present = S(V);
  if (std::abs(injection.power + injection.current * V - present) <= kSettled) return false;
  constexpr double h = 1e-5;
  injection.current = (S(V + h) - S(V - h)) / (2 * h);
  injection.power = present - injection.current * V;
  return true;
}

}  // namespace ballast
