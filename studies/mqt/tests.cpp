/// The tests of a model quality report.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "grid/error.hpp"
#include "studies/mqt/mqt.hpp"

namespace ballast::mqt {
namespace {

constexpr double kMargin_pu = 0.005, kMargin_s = 0.001;  ///< a profile stays this much inside its rule

/// Values held one after another, with jumps between them.
Move held(const char* input, const std::vector<std::pair<double, double>>& value_for_s, double at_last) {
  Move move{input, {}, {}};
  double t = 0;
  for (const auto& [value, seconds] : value_for_s) {
    for (const double end : {t, t + seconds}) {
      move.times_s.push_back(end);
      move.values.push_back(value);
    }
    t += seconds;
  }
  move.times_s.push_back(t);
  move.values.push_back(at_last);
  return move;
}

/// The deepest that the rule has a load ride through, its levels one after another, then back.
Move profile(const std::vector<Step>& steps, int side) {
  std::vector<std::pair<double, double>> values;
  double t = 0;
  // Beyond the last level the voltage may be anything: none at all, or what the level before it bounds.
  double value = side < 0 ? 0 : steps.back().level + 0.05;
  for (std::size_t k = steps.size(); k-- > 0;) {
    const double until =
        std::isfinite(steps[k].seconds) ? std::max(0.0, steps[k].seconds - kMargin_s) : t + 10;
    if (until > t) {
      values.emplace_back(value, until - t);
      t = until;
    }
    value = steps[k].level - side * kMargin_pu;
  }
  values.emplace_back(value, 1.0);
  return held("V_factor", values, 1);
}

Test test_of(const std::string& name, const std::string& title, double strength, double until_s) {
  Test test;
  test.name = name;
  test.title = title;
  test.strength = strength;
  test.until_s = until_s;
  return test;
}

constexpr double kReturn_s = 180;  ///< for a UPS to walk in, and for a battery that smooths to come to rest

void add_profiles(const Options& options, double strength, std::vector<Test>& tests) {
  for (const Rule& rule : options.rules) {
    if (!rule.ride_through) continue;
    for (const auto& [side, steps, what] : {std::tuple{-1, &rule.ride_through->low_voltage, "low"},
                                            std::tuple{1, &rule.ride_through->high_voltage, "high"}}) {
      if (steps->empty()) continue;
      Test test = test_of(fmt::format("{}-voltage-{}", what, rule.name),
                          fmt::format("{}-voltage ride-through profile of {}", what, rule.title), strength,
                          kReturn_s);
      test.moves.push_back(profile(*steps, side));
      test.rules.push_back(rule);
      tests.push_back(std::move(test));
    }
  }
}

void add_frequency(double strength, double frequency_Hz, std::vector<Test>& tests) {
  const auto speed = [&](double Hz) { return Hz / frequency_Hz; };
  for (const int side : {-1, 1}) {
    const char* const word = side < 0 ? "down" : "up";
    Test step = test_of(fmt::format("frequency-step-{}", word),
                        fmt::format("Frequency step of {:+.1f} Hz for 10 s", side * 0.3), strength, 25);
    step.moves.push_back(held("speed", {{speed(side * 0.3), 10}}, 0));
    tests.push_back(std::move(step));
    Test ramp =
        test_of(fmt::format("frequency-ramp-{}", word),
                fmt::format("Frequency ramp of {:+.1f} Hz at 0.5 Hz/s, held for 10 s, and back", side * 1.1),
                strength, 30);
    ramp.moves.push_back({"speed", {0, 2.2, 12.2, 14.4}, {0, speed(side * 1.1), speed(side * 1.1), 0}});
    tests.push_back(std::move(ramp));
  }
}

}  // namespace

std::vector<Test> standard_tests(const Options& options, double frequency_Hz) {
  std::vector<Test> tests;
  for (const double strength : options.strengths) {
    Test flat = test_of("flat-start", "Flat start: nothing happens for 20 s", strength, 20);
    flat.flat = !options.running;
    tests.push_back(std::move(flat));
    for (const int side : {1, -1}) {
      Test step = test_of(side > 0 ? "voltage-step-up" : "voltage-step-down",
                          fmt::format("Voltage step of {:+d} % for 10 s", 3 * side), strength, 25);
      step.moves.push_back(held("V_factor", {{1 + 0.03 * side, 10}}, 1));
      tests.push_back(std::move(step));
    }
    add_profiles(options, strength, tests);
    Test dips =
        test_of("dip-train", "Three dips to 0.4 pu of 50 ms, at 0, 5 and 15 s", strength, 15 + kReturn_s);
    dips.moves.push_back(held("V_factor", {{0.4, 0.05}, {1, 4.95}, {0.4, 0.05}, {1, 9.95}, {0.4, 0.05}}, 1));
    dips.rules = options.rules;
    tests.push_back(std::move(dips));
    add_frequency(strength, frequency_Hz, tests);
    for (const int degrees : {20, -20, 60, -60}) {
      Test jump = test_of(fmt::format("phase-jump-{:+d}", degrees),
                          fmt::format("Phase jump of {:+d} degrees", degrees), strength, 15);
      jump.moves.push_back({"phase", {0}, {static_cast<double>(degrees)}});
      tests.push_back(std::move(jump));
    }
  }
  for (const double ratio : options.ratio_sweep) {
    Test step =
        test_of("ratio-sweep", "Voltage step of -3 % for 5 s at falling short-circuit ratio", ratio, 20);
    step.moves.push_back(held("V_factor", {{0.97, 5}}, 1));
    tests.push_back(std::move(step));
  }
  return tests;
}

Test playback_test(const LoadSeries& measured, double frequency_Hz) {
  const std::vector<double>& angle_deg = measured.angle_deg;
  if (measured.voltage_pu.empty())
    throw Error("measurements", "there is no voltage to play", "add a column voltage_pu");
  Test test = test_of("playback", "Measured voltage played into a stiff source", kForever, 0);
  test.settles = false;
  const double first = measured.time_s.front();
  std::vector<double> times;
  for (const double t : measured.time_s) times.push_back(t - first);
  test.starts_s = 0.1;
  test.until_s = test.starts_s + times.back();
  Move voltage{"V_factor", times, {}};
  for (const double v : measured.voltage_pu) voltage.values.push_back(v / measured.voltage_pu.front());
  test.moves.push_back(std::move(voltage));
  if (!angle_deg.empty()) {
    Move angle{"phase", times, {}};
    double turned = 0;  // measured angles wrap at 180 degrees
    for (std::size_t k = 0; k < angle_deg.size(); ++k) {
      if (k > 0) turned += std::remainder(angle_deg[k] - angle_deg[k - 1], 360.0);
      angle.values.push_back(turned);
    }
    test.moves.push_back(std::move(angle));
  } else if (!measured.frequency_Hz.empty()) {
    Move speed{"speed", times, {}};
    for (const double f : measured.frequency_Hz) speed.values.push_back(f / frequency_Hz - 1);
    test.moves.push_back(std::move(speed));
  }
  return test;
}

}  // namespace ballast::mqt
