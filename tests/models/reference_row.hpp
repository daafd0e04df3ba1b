/// \file
/// The row of reference data that every model has: typical parameters, operating points at which it rests,
/// points it must refuse, ranges of random states, and swings that drive each of its limits.
#pragma once

#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

#include "models/model_list.hpp"

namespace ballast::test {

/// (index of an input, output, state or parameter, value)
using Numbers = std::vector<std::pair<int, double>>;

/// What one device knows before it is put at rest.
struct OperatingPoint {
  const char* name;
  Numbers in;                    ///< inputs known
  Numbers out;                   ///< outputs wanted
  std::vector<int> moving = {};  ///< states that may move at this point, and why is told in `name`
};

/// A point that initialise() refuses, naming `quantity` (a part of its text).
struct Refusal {
  OperatingPoint point;
  const char* quantity;
  Numbers changes = {};  ///< of the typical parameters
};

/// Inputs that swing about a point at rest: input += amplitude sin(2 pi f t).
struct Wave {
  int input;
  double amplitude;
  double frequency_Hz;
};
/// A swing in which the named limits bind and release.
struct Swing {
  const char* name;
  OperatingPoint start;
  std::vector<Wave> waves;
  double duration_s;
  std::vector<int> limits;
  Numbers changes = {};  ///< of the typical parameters
  Numbers x = {};        ///< states moved off their rest at the start
};

struct ReferenceRow {
  Ratings ratings{150, 100, 60};
  std::vector<double> parameters;     ///< typical
  std::vector<Numbers> alternatives;  ///< changes that switch parts of the model off or over
  std::vector<OperatingPoint> rests;
  std::vector<Refusal> refusals;
  std::vector<double> table;       ///< beside the parameters, where the model has one
  std::vector<Range> x, in, held;  ///< of random states
  std::vector<Range> modes;        ///< beyond the limits
  std::vector<Swing> swings;
};

template <class M>
inline constexpr bool kHasNoRow = false;
template <class M>
ReferenceRow reference_row() {
  static_assert(kHasNoRow<M>,
                "this model has no row in tests/models/reference_*.hpp: give it a specialisation of "
                "reference_row with typical parameters, operating points, ranges and swings");
  return {};
}

/// An injector at a bus of voltage V (pu, degrees), injecting P + jQ (pu on the system base).
template <class M>
OperatingPoint at_bus(const char* name, double V, double degrees, double P, double Q) {
  const double angle = degrees * std::numbers::pi / 180;
  const double c = std::cos(angle);
  const double s = std::sin(angle);
  return {
      name, {{M::VR, V * c}, {M::VI, V * s}}, {{M::IR, (P * c + Q * s) / V}, {M::II, (P * s - Q * c) / V}}};
}
/// The same with further inputs.
inline OperatingPoint with(OperatingPoint point, const Numbers& inputs) {
  point.in.insert(point.in.end(), inputs.begin(), inputs.end());
  return point;
}

inline constexpr Range kVoltage{-1.2, 1.2};  ///< of a component
inline constexpr Range kSpeed{0.95, 1.05};
inline constexpr Range kDeviation{-0.05, 0.05};
inline constexpr Range kAngle{-3.2, 3.2};

}  // namespace ballast::test
