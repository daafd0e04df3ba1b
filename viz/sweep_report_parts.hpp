/// \file
/// The parts the report of a sweep is put together from. Private to viz/.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "viz/sweep_report.hpp"

namespace ballast::sweep_report {

/// How the values of a figure lie. Percentiles are linear between order statistics: value p of n lies at
/// rank 1 + p (n - 1) (Hyndman and Fan 1996, definition 7; also NumPy's and spreadsheets' inclusive one).
struct Distribution {
  std::size_t present = 0, absent = 0;                 ///< absent: NaN; infinite values count as present
  double min = 0, p05 = 0, p50 = 0, p95 = 0, max = 0;  ///< without meaning when none is present
};
[[nodiscard]] Distribution distribution_of(std::span<const double> values);

/// A number as the page shows it: five significant digits, "1234567", "0.00012", "1.2e-7"; never "-0".
[[nodiscard]] std::string shown(double value);

[[nodiscard]] const TableColumn* find_column(const Table& table, const std::string& name);

/// What role a column plays in the page: "scenario", "axis", "category" (an axis of names), "outcome",
/// "message", "figure", or "text" (a text that goes with a figure).
[[nodiscard]] const char* role_of(const TableColumn& column, const SweepReportInfo& info);

/// How finely numbers are written into the page.
enum class Coding { DOUBLE, SINGLE, STEPS };

/// What the page's script works on, as JSON that may stand inside a script element. `note` says what of the
/// table is not in it to the last bit; "" when all is.
[[nodiscard]] std::string page_data(const Table& table, const SweepReportInfo& info, std::string& note);

}  // namespace ballast::sweep_report
