/// \file
/// A recorder that keeps everything in memory, for tests.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "solver/recorder.hpp"

namespace ballast::testing {

class MemoryRecorder : public Recorder {
 public:
  void begin(const RunInfo&, const Schema& s, const Network&) override { schema = s; }
  void sample(double t, std::span<const double> v) override {
    time.push_back(t);
    rows.emplace_back(v.begin(), v.end());
  }
  void event(const LoggedEvent& e) override { events.push_back(e); }
  void end(const RunStatus& s) override { status = s; }

  /// Column of an element of a quantity, or -1.
  [[nodiscard]] int column(const std::string& quantity, const std::string& element) const {
    int at = 0;
    for (const Quantity& q : schema.quantities) {
      const auto found = std::find(q.elements.begin(), q.elements.end(), element);
      if (q.name == quantity && found != q.elements.end())
        return at + static_cast<int>(found - q.elements.begin());
      at += static_cast<int>(q.elements.size());
    }
    return -1;
  }
  /// All samples of one element, by time.
  [[nodiscard]] std::vector<double> series(const std::string& quantity, const std::string& element) const {
    const int c = column(quantity, element);
    std::vector<double> values;
    for (const auto& row : rows) values.push_back(c < 0 ? 0 : row[c]);
    return values;
  }

  Schema schema;
  std::vector<double> time;
  std::vector<std::vector<double>> rows;
  std::vector<LoggedEvent> events;
  RunStatus status;
};

}  // namespace ballast::testing
