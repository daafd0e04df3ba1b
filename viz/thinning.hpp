/// \file
/// Thinning of long curves for the screen: few rows, no extreme lost, events sharp. Private to viz/.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "viz/record.hpp"

namespace ballast {

/// The rows that stand for all samples. Every series of a record shares them.
class Thinning {
 public:
  /// About `rows` rows (all samples when there are no more). Half of them are spread evenly over time, half
  /// lie around events; samples before and after an event are never merged.
  Thinning(const Record& record, std::size_t rows);

  [[nodiscard]] const std::vector<double>& times_s() const { return times_s_; }
  /// One column of a table [sample][column] at the rows: exact where a row is a sample, else the least and
  /// the greatest value of a bucket, in the order in which they occur (their times move within the bucket).
  [[nodiscard]] std::vector<double> series(std::span<const double> table, std::size_t columns,
                                           std::size_t column) const;

 private:
  std::vector<std::size_t> starts_;  // first sample of each bucket, and the number of samples
  std::vector<double> times_s_;
};

}  // namespace ballast
