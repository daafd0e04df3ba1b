/// \file
/// A chart for paper: curves over time as SVG, without scripts. Private to viz/.
#pragma once

#include <string>
#include <vector>

namespace ballast {

struct PaperCurve {
  const std::vector<double>* times_s;
  const std::vector<double>* values;  ///< not a number: a gap
  const char* style;                  ///< class of the line: "simulated", "measured"
  double shift_s = 0;
};

/// Empty where there is nothing to draw. The scale holds all values, and `least_span` at least.
[[nodiscard]] std::string paper_chart(const std::string& name, const std::vector<PaperCurve>& curves,
                                      double from, double to, double least_span);

}  // namespace ballast
