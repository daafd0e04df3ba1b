#include "viz/paper_chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "viz/page.hpp"

namespace ballast {
namespace {

using page::escaped;

constexpr double kWidth = 680, kHeight = 148, kLeft = 52, kRight = 8, kTop = 16, kBottom = 16;
constexpr std::size_t kPoints = 1500;  ///< of a curve on paper

double round_step(double raw) {
  const double power = std::pow(10, std::floor(std::log10(raw)));
  for (const double m : {1.0, 2.0, 5.0})
    if (m * power >= raw) return m * power;
  return 10 * power;
}

/// The least and the greatest of every stretch of a long curve, in their order.
std::string points_of(const PaperCurve& curve, const auto& x, const auto& y) {
  const std::size_t n = curve.values->size();
  const std::size_t stride = std::max<std::size_t>(1, n / (kPoints / 2));
  std::string points;
  const auto put = [&](std::size_t k) {
    points += fmt::format("{:.1f},{:.1f} ", x((*curve.times_s)[k] + curve.shift_s), y((*curve.values)[k]));
  };
  for (std::size_t first = 0; first < n; first += stride) {
    const auto begin = curve.values->begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = curve.values->begin() + static_cast<std::ptrdiff_t>(std::min(first + stride, n));
    const auto [low, high] = std::minmax_element(begin, end);
    const auto a = static_cast<std::size_t>(std::min(low, high) - curve.values->begin());
    const auto b = static_cast<std::size_t>(std::max(low, high) - curve.values->begin());
    put(a);
    if (b != a) put(b);
  }
  return points;
}

}  // namespace

std::string paper_chart(const std::string& name, const std::vector<PaperCurve>& curves, double from,
                        double to, double least_span) {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
  for (const PaperCurve& curve : curves)
    for (const double v : *curve.values) low = std::min(low, v), high = std::max(high, v);
  if (!(low <= high)) return {};
  if (high - low < least_span) {  // a flat line is drawn flat
    const double middle = 0.5 * (low + high);
    low = middle - least_span / 2;
    high = middle + least_span / 2;
  }
  const double pad = 0.06 * (high - low);
  low -= pad;
  high += pad;
  const auto x = [&](double t) {
    return kLeft + (t - from) / std::max(to - from, 1e-9) * (kWidth - kLeft - kRight);
  };
  const auto y = [&](double v) { return kTop + (high - v) / (high - low) * (kHeight - kTop - kBottom); };
  std::string svg = fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n", kWidth,
                                kHeight, escaped(name));
  const double step = round_step((high - low) / 4);
  const int digits = std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
  for (double v = std::ceil(low / step) * step; v <= high; v += step)
    svg += fmt::format(
        "<line class=\"grid\" x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/><text x=\"{}\" y=\"{:.1f}\" "
        "text-anchor=\"end\">{:.{}f}</text>\n",
        kLeft, kWidth - kRight, y(v), y(v), kLeft - 4, y(v) + 3, v + 0.0, digits);
  const double second = round_step((to - from) / 8);
  for (double t = std::ceil(from / second) * second; t <= to * (1 + 1e-9); t += second)
    svg += fmt::format(
        "<line class=\"grid\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\"/><text x=\"{0:.1f}\" "
        "y=\"{3}\" text-anchor=\"middle\">{4:g} s</text>\n",
        x(t), kTop, kHeight - kBottom, kHeight - 4, t + 0.0);
  for (const PaperCurve& curve : curves) {
    if (std::none_of(curve.values->begin(), curve.values->end(), [](double v) { return std::isnan(v); })) {
      svg += fmt::format("<polyline class=\"{}\" points=\"{}\"/>\n", curve.style, points_of(curve, x, y));
      continue;
    }
    std::string points;  // what is not a number is a gap
    for (std::size_t k = 0; k <= curve.values->size(); ++k) {
      const bool gap = k == curve.values->size() || std::isnan((*curve.values)[k]);
      if (!gap)
        points +=
            fmt::format("{:.1f},{:.1f} ", x((*curve.times_s)[k] + curve.shift_s), y((*curve.values)[k]));
      if (!gap || points.empty()) continue;
      svg += fmt::format("<polyline class=\"{}\" points=\"{}\"/>\n", curve.style, points);
      points.clear();
    }
  }
  return svg + fmt::format("<text class=\"name\" x=\"{}\" y=\"10\">{}</text></svg>\n", kLeft, escaped(name));
}

}  // namespace ballast
