/// The tests of a fit and what is seen in them.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "solver/recorder.hpp"
#include "studies/equivalent/equivalent.hpp"

namespace ballast::equivalent {
namespace {

constexpr double kDip_s = 0.15;
constexpr double kSample_s = 0.05;  ///< events are sampled besides

/// Voltage and power at the second bus of a bench, kept in memory.
class BusMeter : public Recorder {
 public:
  LoadSeries series;
  RunStatus status;

  void begin(const RunInfo&, const Schema& schema, const Network& network) override {
    const int bus = network.branches.at(0).to;
    std::size_t first = 0;
    for (const Quantity& q : schema.quantities) {
      if (q.name == "branch.power_to") power_ = first;
      if (q.name == "branch.reactive_power_to") reactive_ = first;
      if (q.name == "bus.voltage") {
        const auto at = std::find(q.indices.begin(), q.indices.end(), bus);
        voltage_ = first + static_cast<std::size_t>(at - q.indices.begin());
      }
      first += q.elements.size();
    }
  }
  void sample(double time_s, std::span<const double> values) override {
    series.time_s.push_back(time_s);
    series.power_MW.push_back(-values[power_]);
    series.reactive_Mvar.push_back(-values[reactive_]);
    series.voltage_pu.push_back(values[voltage_]);
  }
  void event(const LoggedEvent&) override {}
  void end(const RunStatus& s) override { status = s; }

 private:
  std::size_t power_ = 0, reactive_ = 0, voltage_ = 0;
};

mqt::Test test_of(std::string name, std::string title, double until_s, mqt::Move move) {
  mqt::Test test;
  test.name = std::move(name);
  test.title = std::move(title);
  test.until_s = until_s;
  test.settles = false;
  test.moves.push_back(std::move(move));
  return test;
}
mqt::Move held(const char* input, double value, double seconds, double after) {
  return {input, {0, seconds, seconds}, {value, value, after}};
}
mqt::Test dip(double depth, double seconds, double returns_s) {
  return test_of(fmt::format("dip-{:g}-{:g}ms", depth, 1000 * seconds),
                 fmt::format("Dip to {:g} pu of {:g} ms", depth, 1000 * seconds), 1 + seconds + returns_s,
                 held("V_factor", depth, seconds, 1));
}

}  // namespace

std::vector<mqt::Test> fitting_tests(double returns_s, double frequency_Hz) {
  std::vector<mqt::Test> tests;
  returns_s = 1.2 * returns_s + 0.5;  // and some of what comes after
  tests.push_back(test_of("sag", "Slow sag to 0.3 pu and back, 0.1 pu a second", 17 + returns_s,
                          {"V_factor", {0, 7, 8, 15}, {1, 0.3, 0.3, 1}}));
  // Between the round values at which thresholds are set.
  for (const double depth : {0.93, 0.87, 0.78, 0.67, 0.5, 0.2})
    tests.push_back(dip(depth, kDip_s, returns_s));
  for (const double seconds : {0.02, 0.05, 0.5, 2.0}) tests.push_back(dip(0.5, seconds, returns_s));
  for (const double factor : {1.03, 0.97})
    tests.push_back(test_of(fmt::format("step-{:g}", factor),
                            fmt::format("Voltage {:+.0f} % for 5 s", 100 * (factor - 1)), 12,
                            held("V_factor", factor, 5, 1)));
  for (const double Hz : {0.3, -0.3})
    tests.push_back(test_of(fmt::format("frequency{:+g}", Hz), fmt::format("Frequency {:+g} Hz for 5 s", Hz),
                            12, held("speed", Hz / frequency_Hz, 5, 0)));
  return tests;
}

double return_time(const mqt::Bench& bench) {
  constexpr double kLong_s = 180;
  const LoadSeries s = observe(bench.build(dip(0.5, kDip_s, kLong_s)));
  const double last = s.power_MW.back();
  double back = 0;
  for (std::size_t k = 0; k < s.time_s.size(); ++k)
    if (std::abs(s.power_MW[k] - last) > 0.01 * std::abs(s.power_MW.front())) back = s.time_s[k];
  return std::max(2.0, back - 1 - kDip_s);
}

LoadSeries observe(const Case& bench_case) {
  const PreparedCase ready = prepare(bench_case);
  BusMeter meter;
  SimulationOptions options = bench_case.simulation;
  options.record_step_s = kSample_s;
  options.record = {"bus.voltage", "branch.power_to", "branch.reactive_power_to"};
  const RunResult result = simulate(*ready.system, ready.y, bench_case.disturbances, options, {}, &meter);
  if (!result.status.completed) throw Error(bench_case.title, result.status.outcome);
  return std::move(meter.series);
}

std::vector<Trial> observe_all(const mqt::Bench& bench, const std::vector<mqt::Test>& tests) {
  std::vector<Trial> trials;
  for (const mqt::Test& test : tests) trials.push_back({test, observe(bench.build(test))});
  return trials;
}

namespace {

/// Integral of the squared distance of two curves over the time both have. Two samples at one time are a
/// jump; between samples everything is a straight line.
double squared_distance(const std::vector<double>& t1, const std::vector<double>& v1,
                        const std::vector<double>& t2, const std::vector<double>& v2) {
  double sum = 0;
  double from = std::max(t1.front(), t2.front());
  for (std::size_t i = 1, j = 1; i < t1.size() && j < t2.size();) {
    const double to = std::min(t1[i], t2[j]);
    const auto at = [](const std::vector<double>& t, const std::vector<double>& v, std::size_t k, double x) {
      return v[k - 1] + (x - t[k - 1]) / (t[k] - t[k - 1]) * (v[k] - v[k - 1]);
    };
    if (to > from) {
      const double first = at(t1, v1, i, from) - at(t2, v2, j, from);
      const double last = at(t1, v1, i, to) - at(t2, v2, j, to);
      sum += (first * first + first * last + last * last) / 3 * (to - from);
      from = to;
    }
    const bool next1 = t1[i] <= from, next2 = t2[j] <= from;
    if (next1) ++i;
    if (next2) ++j;
  }
  return sum;
}

}  // namespace

double misfit(const std::vector<Trial>& trials, const std::vector<LoadSeries>& series) {
  double sum = 0;
  for (std::size_t k = 0; k < trials.size(); ++k) {
    const LoadSeries& seen = trials[k].seen;
    const LoadSeries& own = series[k];
    const double rest = std::hypot(seen.power_MW.front(), seen.reactive_Mvar.front());
    const double squares = squared_distance(seen.time_s, seen.power_MW, own.time_s, own.power_MW) +
                           squared_distance(seen.time_s, seen.reactive_Mvar, own.time_s, own.reactive_Mvar);
    sum += squares / (rest * rest * (seen.time_s.back() - seen.time_s.front()));
  }
  return std::sqrt(sum / static_cast<double>(trials.size()));
}

}  // namespace ballast::equivalent
