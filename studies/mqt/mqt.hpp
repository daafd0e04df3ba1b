/// \file
/// Model quality tests: one data center of a case, with its connection and batteries, alone on a voltage
/// source of a declared strength, put through the tests that a planner files. This folder builds the cases
/// and judges what came of them; whoever runs them keeps the records (cli/mqt.cpp).
#pragma once

#include <complex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cases/reader/case.hpp"
#include "studies/requirements/finding.hpp"

namespace ballast::mqt {

/// What is asked for.
struct Options {
  std::string datacenter;  ///< "": the only one
  std::vector<double> strengths{kForever, 3,
                                1.5};  ///< short-circuit ratios at the point of connection; forever: stiff
  std::vector<double> ratio_sweep{20, 10, 5, 3, 2, 1.5, 1.2};
  std::vector<Rule> rules;  ///< for the ride-through profiles and their verdicts
  bool running =
      false;  ///< the workload runs; else it stays at rest, so that nothing but the test moves the campus
  std::optional<double> rated_MVA;  ///< base of the ratios; default: apparent power at rest
  bool alone = false;  ///< without its connection and batteries: the source is at the data center's own bus
};

/// Movement of one reference of the source: straight lines through points (s after the start, value);
/// V_factor and speed in pu, phase in degrees.
struct Move {
  std::string input;
  std::vector<double> times_s, values;
};

/// One test on one source.
struct Test {
  std::string name;  ///< "voltage-step-up"
  std::string title;
  double strength = kForever;
  double starts_s = 1;  ///< when the source moves
  double until_s = 10;
  std::vector<Move> moves;
  bool settles = true;      ///< afterwards consumption must be what it was
  bool flat = false;        ///< nothing may move at all
  std::vector<Rule> rules;  ///< whose ride-through clauses are checked
};

/// The tests in the order of the report; playback has one of its own (playback_test).
[[nodiscard]] std::vector<Test> standard_tests(const Options& options, double frequency_Hz);
/// A measured curve of voltage, and of angle or frequency, on a stiff source. Times from 0. Throws Error when
/// there is no voltage.
[[nodiscard]] Test playback_test(const LoadSeries& measured, double frequency_Hz);

/// The campus on its source. Throws Error: what the case does not allow, with place and remedy.
class Bench {
 public:
  Bench(const Case& c, const Options& options);
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] double rated_MVA() const { return rated_MVA_; }
  [[nodiscard]] double frequency_Hz() const { return frequency_Hz_; }
  /// Over which consumption is averaged: the longest iteration of a workload that runs, else 0.
  [[nodiscard]] double averaging_s() const { return averaging_s_; }
  /// A case of two buses, source and point of connection, the only branch between them; ready to be prepared,
  /// which fails where the source is too weak to carry the campus.
  [[nodiscard]] Case build(const Test& test) const;
  /// The same with a load in the campus's place: what the campus draws at rest, and this model of it.
  [[nodiscard]] Case build_load(const Test& test, std::string_view model,
                                std::span<const double> parameters) const;

 private:
  const Case& case_;
  std::string name_;
  int bus_ = 0;  ///< number, of the point of connection
  double rated_MVA_ = 0, frequency_Hz_ = 60, base_kV_ = 0;
  double averaging_s_ = 0;
  std::complex<double> rest_MVA_;  ///< into the point of connection at 1 pu
  bool running_ = false, alone_ = false;
  [[nodiscard]] Case finish(const Test& test, const TomlValue& tree, const std::string& text) const;
  [[nodiscard]] std::string text_of(const Test& test) const;
};

/// One finding for each criterion, named as its clause. `completed`: the run went to its end, else `outcome`
/// says why not.
[[nodiscard]] std::vector<Finding> judge(const Test& test, const LoadSeries& series, bool completed,
                                         const std::string& outcome, double averaging_s);

}  // namespace ballast::mqt
