/// \file
/// What a simulation tells whoever keeps its record. Implemented in viz/; the solver knows only this.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ballast {

struct Network;

/// One recorded quantity over a set of elements, e.g. "bus.voltage" of all buses.
struct Quantity {
  std::string name;     ///< dotted path: "bus.voltage", "machine.speed", "datacenter.power", "frequency"
  std::string unit;     ///< "pu", "MW", "Mvar", "Hz", "deg", "s", "1"
  std::string meaning;  ///< one sentence
  std::vector<std::string> elements;  ///< names, in the order of the values
  /// For quantities of buses or branches: dense indices into Network::buses or branches, else empty.
  std::vector<int> indices;
};

/// Everything that is sampled; a sample holds the quantities one after another.
struct Schema {
  std::vector<Quantity> quantities;
  [[nodiscard]] std::size_t size() const {
    std::size_t n = 0;
    for (const Quantity& quantity : quantities) n += quantity.elements.size();
    return n;
  }
};

/// Something that happened. Causes make the log a graph.
struct LoggedEvent {
  int id = 0;  ///< position in the log, from 0
  double time_s = 0;
  std::string
      kind;  ///< "fault", "fault-cleared", "branch-opened", "branch-closed", "machine-tripped",
             ///< "load-step", "mode" (an automaton moved), "limit", "island-dead", "island-split", ...
  std::string device;    ///< "bus 2100", "line 7-8 '1'", "Campus-A.ups"
  std::string text;      ///< one sentence for a reader
  std::string quantity;  ///< what crossed a threshold, "" when nothing did
  double value = 0;      ///< of that quantity
  double threshold = 0;
  double duration_s = 0;   ///< how long it had been across
  double power_MW = 0;     ///< load or generation that changed (lost: negative), 0 when none
  int island = -1;         ///< island number, -1 unknown
  int bus = -1;            ///< dense bus index where it happened, -1 none
  int cause = -1;          ///< id of the event that caused it, -1: none in the log
  std::string cause_text;  ///< cause when it is no event: "case file", "training load ramp"
};

/// What the record says about the run before it starts.
struct RunInfo {
  std::string title;
  std::string case_path;
  std::string case_text;                                      ///< the whole case file
  std::vector<std::pair<std::string, std::string>> versions;  ///< library, version
  std::vector<std::pair<std::string, std::string>> options;   ///< solver option, value
};

/// How a run ended.
struct RunStatus {
  bool completed = false;
  std::string outcome;  ///< "completed", "failed: ..."; one line
  double end_time_s = 0;
};

/// Keeps a run. Calls come in the order begin, (sample | event)*, end. Times do not decrease; two samples at
/// one time are before and after an event. Any call may throw ballast::Error (disk full); the run then stops.
class Recorder {
 public:
  virtual ~Recorder() = default;
  virtual void begin(const RunInfo& info, const Schema& schema, const Network& network) = 0;
  virtual void sample(double time_s, std::span<const double> values) = 0;
  virtual void event(const LoggedEvent& event) = 0;
  virtual void end(const RunStatus& status) = 0;
};

}  // namespace ballast
