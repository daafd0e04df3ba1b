/// \file
/// Single figures that a sweep file asks for: an extreme, an integral, a time beyond a threshold, of what a
/// pattern names. Taken while the run goes on; no trajectory is held. Private to studies/.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "grid/error.hpp"
#include "studies/figures.hpp"

namespace ballast {

/// [[metric]]: what to take of a recorded quantity.
struct MetricSpec {
  enum class Take {
    MIN,  ///< over time and elements, with where and when
    MAX,
    END_MIN,  ///< over elements, in the last sample
    END_MAX,
    INTEGRAL,    ///< over time in hours, summed over elements: MW becomes MWh
    TIME_BELOW,  ///< s, during which at least one element is below the threshold
    TIME_ABOVE
  };
  std::string name;  ///< of the column
  std::string of;    ///< pattern of solver/channels.hpp
  Take take = Take::MIN;
  double threshold = 0;
  double from_s = 0;  ///< samples before this time do not count
  Place place;
};

/// One metric, fed sample by sample. Between samples values are taken to be straight lines; two samples at
/// one time are before and after a jump.
class Meter {
 public:
  /// Takes `elements` of one quantity, which the schema must have.
  Meter(MetricSpec spec, const Quantity& elements, const Schema& schema);
  void sample(double time_s, std::span<const double> values);
  [[nodiscard]] const MetricSpec& spec() const { return spec_; }
  /// Absent when nothing was sampled.
  [[nodiscard]] std::optional<Extreme> result() const { return result_; }

 private:
  MetricSpec spec_;
  std::vector<std::size_t> columns_;
  std::vector<std::string> names_;
  Energised energised_;
  bool positive_only_;  ///< a frequency of 0 is that of a dead island
  std::optional<Extreme> result_;
  double last_s_ = 0, last_value_ = 0;
  bool started_ = false;
};

/// True for a metric whose place is part of the answer: MIN, MAX, END_MIN, END_MAX.
[[nodiscard]] bool has_place(MetricSpec::Take take);
/// Unit of a metric of a quantity with this unit.
[[nodiscard]] std::string metric_unit(MetricSpec::Take take, const std::string& unit);

}  // namespace ballast
