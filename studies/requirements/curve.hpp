/// \file
/// A measured quantity over time. Private to studies/requirements/.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace ballast {

/// A piecewise linear curve with jumps.
class Curve {
 public:
  Curve(const std::vector<double>& times_s, const std::vector<double>& values) : t_(times_s), v_(values) {
    sum_.assign(t_.size(), 0.0);
    for (std::size_t k = 1; k < t_.size(); ++k)
      sum_[k] = sum_[k - 1] + 0.5 * (v_[k] + v_[k - 1]) * (t_[k] - t_[k - 1]);
  }
  [[nodiscard]] double start() const { return t_.front(); }
  [[nodiscard]] double end() const { return t_.back(); }
  /// After a jump at t.
  [[nodiscard]] double at(double t) const {
    const std::size_t k = after(t);
    if (k == 0) return v_.front();
    if (k == t_.size()) return v_.back();
    return v_[k - 1] + (v_[k] - v_[k - 1]) * (t - t_[k - 1]) / (t_[k] - t_[k - 1]);
  }
  /// Before a jump at t.
  [[nodiscard]] double before(double t) const {
    const std::size_t k = static_cast<std::size_t>(std::lower_bound(t_.begin(), t_.end(), t) - t_.begin());
    if (k == 0) return v_.front();
    if (k == t_.size()) return v_.back();
    return v_[k - 1] + (v_[k] - v_[k - 1]) * (t - t_[k - 1]) / (t_[k] - t_[k - 1]);
  }
  [[nodiscard]] double mean(double from, double to) const {
    return to > from ? (integral(to) - integral(from)) / (to - from) : at(from);
  }

 private:
  [[nodiscard]] std::size_t after(double t) const {
    return static_cast<std::size_t>(std::upper_bound(t_.begin(), t_.end(), t) - t_.begin());
  }
  [[nodiscard]] double integral(double t) const {
    const std::size_t k = after(t);
    if (k == 0) return 0;
    if (k == t_.size()) return sum_.back();
    return sum_[k - 1] + 0.5 * (v_[k - 1] + at(t)) * (t - t_[k - 1]);
  }
  const std::vector<double>& t_;
  const std::vector<double>& v_;
  std::vector<double> sum_;
};

}  // namespace ballast
