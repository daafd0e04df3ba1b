/// \file
/// A case run in memory, and what its record holds by name.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cases/reader/case.hpp"
#include "studies/cascade/cascade.hpp"
#include "viz/record.hpp"

namespace ballast::testing {

/// Every event has a cause, or a word about what was none; no cause is the last event for want of a better.
inline void expect_explained(const Record& record) {
  const Cascade cascade = cascade_of(record.events);
  EXPECT_TRUE(cascade.unexplained.empty()) << record.events[cascade.unexplained.front()].text;
  for (const LoggedEvent& e : record.events)
    EXPECT_EQ(e.cause_text.find("the last event of its island"), std::string::npos)
        << e.time_s << " s " << e.text << ": " << e.cause_text;
}

/// Runs a case that has to rest and to complete, and whose events have to be explained.
inline Record run_in_memory(const Case& c) {
  const PreparedCase ready = prepare(c);
  EXPECT_LT(std::max(ready.rest.worst_rate, ready.rest.worst_balance), 1e-8) << ready.rest.where;
  MemoryRecorder recorder;
  const RunResult result =
      simulate(*ready.system, ready.y, c.disturbances, c.simulation, run_info(c), &recorder);
  EXPECT_TRUE(result.status.completed) << result.status.outcome;
  expect_explained(recorder.record());
  return recorder.record();
}

/// All samples of one quantity of one element; a failure and nothing where it is not recorded.
inline std::vector<double> recorded(const Record& record, const std::string& quantity,
                                    const std::string& element) {
  const auto q = record.find(quantity);
  if (!q) {
    ADD_FAILURE() << "not recorded: " << quantity;
    return std::vector<double>(record.samples());
  }
  const auto& elements = record.schema.quantities[*q].elements;
  const auto e = std::find(elements.begin(), elements.end(), element);
  if (e == elements.end()) {
    ADD_FAILURE() << quantity << " has no " << element;
    return std::vector<double>(record.samples());
  }
  std::vector<double> values;
  for (std::size_t k = 0; k < record.samples(); ++k)
    values.push_back(record.at(*q, k, static_cast<std::size_t>(e - elements.begin())));
  return values;
}

}  // namespace ballast::testing
