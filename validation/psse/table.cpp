/// Writes README.md beside it from the same runs as tests/solver/psse_curve_test.cpp:
///   cmake --build build/release --target psse_table && build/release/tests/solver/psse_table >
///   validation/psse/README.md
#include <fmt/format.h>

#include "tests/solver/psse_curves.hpp"

namespace ballast::testing {
namespace {

constexpr const char* kIntroduction = R"(# Against PSS/E

Written by a program; not edited by hand:

    cmake --build build/release --target psse_table
    build/release/tests/solver/psse_table > validation/psse/README.md

The curves are PSS/E results from the test data of PowerSimulationsDynamics.jl (BSD-3-Clause), which are not part of this
project; tests find them as `tests/reference.hpp` says. `ctest -R PsseCurve` holds every column to its tolerance and requires
that the curve is left when the model is removed or its constant changed.

Distances over the whole 20 s, "event" the largest within 50 ms after the line trips, where PSS/E's explicit step is off by its
own making. Units: degree for angles, pu for V, Efd, speed, w; MW and Mvar for P and Q.

## Distance

| model | curve | column | RMS | maximum | tolerance | maximum, event | tolerance, event |
|---|---|---|---|---|---|---|---|
)";

constexpr const char* kSensitivity = R"(
## What each curve notices

The same run with a wrong model. "Off" is the largest distance in tolerances: above 1 the test would fail. "Weak" means that the
curve cannot notice it, for the reason given; nothing else may stay below 1.

| model | curve | change | off | column | |
|---|---|---|---|---|---|
)";

std::string worst_column(const CurveDistance& d) {
  std::string name;
  double worst = -1;
  for (const ColumnDistance& c : d.columns)
    if (c.in_tolerances() > worst) {
      worst = c.in_tolerances();
      name = c.name;
    }
  return name;
}

int write() {
  std::string sensitivity;
  fmt::print("{}", kIntroduction);
  for (const PsseCurve& curve : psse_curves()) {
    const std::string path = fmt::format("{}/{}", curve.folder, curve.file);
    const CurveDistance distance = distance_from(curve);
    if (!distance.failure.empty()) {
      fmt::print(stderr, "{}: {}\n", path, distance.failure);
      return 1;
    }
    for (const ColumnDistance& c : distance.columns)
      fmt::print("| {} | {} | {} | {:.1e} | {:.1e} | {:.1e} | {:.1e} | {:.1e} |\n", curve.model, path, c.name,
                 c.rms, c.outside, c.tolerance_outside, c.inside, c.tolerance_inside);
    for (const Alteration& a : curve.alterations) {
      const CurveDistance wrong = distance_from(curve, &a);
      if (!wrong.failure.empty()) {
        fmt::print(stderr, "{}, {}: {}\n", path, a.what, wrong.failure);
        return 1;
      }
      sensitivity += fmt::format("| {} | {} | {} | {} | {} | {} |\n", curve.model, path, a.what,
                                 fmt::format("{:.3g}", wrong.in_tolerances()), worst_column(wrong),
                                 a.weak == nullptr ? "" : fmt::format("weak: {}", a.weak));
    }
  }
  fmt::print("{}{}", kSensitivity, sensitivity);
  return 0;
}

}  // namespace
}  // namespace ballast::testing

int main() { return ballast::testing::write(); }
