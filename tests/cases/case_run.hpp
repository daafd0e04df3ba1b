/// \file
/// The text of a case, run: its record by quantity and time, its log by the words of an event.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "cases/reader/case.hpp"
#include "viz/record.hpp"

namespace ballast::testing {

class CaseRun {
 public:
  explicit CaseRun(const std::string& text) {
    const Case c = read_case_text(text, "small.toml");
    const PreparedCase ready = prepare(c);
    MemoryRecorder recorder;
    const RunResult result =
        simulate(*ready.system, ready.y, c.disturbances, c.simulation, run_info(c), &recorder);
    EXPECT_TRUE(result.status.completed) << result.status.outcome;
    record = recorder.record();
    for (const LoggedEvent& e : record.events)
      fmt::print("  {:9.4f} {} (cause {}{})\n", e.time_s, e.text, e.cause, e.cause_text);
  }
  Record record;
  /// Value of a quantity's only element, or of that with this name, at the last sample not after t.
  [[nodiscard]] double at(const std::string& quantity, double t, const std::string& element = "") const {
    const std::size_t q = record.find(quantity).value();
    const auto& names = record.schema.quantities[q].elements;
    const auto e = element.empty() ? names.begin() : std::find(names.begin(), names.end(), element);
    if (e == names.end()) throw Error(element, "is not recorded");
    const auto& times = record.times_s;
    const auto after = std::upper_bound(times.begin(), times.end(), t + 1e-9) - times.begin();
    return record.at(q, static_cast<std::size_t>(std::max<std::ptrdiff_t>(after, 1) - 1),
                     static_cast<std::size_t>(e - names.begin()));
  }
  /// The n-th event whose text has these words; nullptr when there are not so many.
  [[nodiscard]] const LoggedEvent* find(const std::string& words, int n = 1) const {
    for (const LoggedEvent& e : record.events)
      if (e.text.find(words) != std::string::npos && --n == 0) return &e;
    return nullptr;
  }
  [[nodiscard]] double event(const std::string& words, int n = 1) const {
    const LoggedEvent* found = find(words, n);
    return found == nullptr ? kUnknown : found->time_s;
  }
};

}  // namespace ballast::testing
