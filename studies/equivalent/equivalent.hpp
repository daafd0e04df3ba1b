/// \file
/// A data center in the terms of other programs: what it does at its own bus, fitted by a standard load model
/// that PSS/E has.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "studies/mqt/mqt.hpp"

namespace ballast::equivalent {

/// One test with what was seen at the data center's bus.
struct Trial {
  mqt::Test test;
  LoadSeries seen;
};

/// A parameter that was searched for.
struct Fitted {
  int parameter = 0;  ///< place in the record
  double start = 0;   ///< read off the trials
  double value = 0;   ///< what was found
};

/// A load model with its parameters, and how far it is from the data center.
struct Fit {
  std::string model;               ///< "PERC1", "CMLDBLU2"
  std::vector<double> parameters;  ///< in the order of its record
  std::vector<Fitted> fitted;
  double misfit_at_start = 0;  ///< see misfit()
  double misfit = 0;
  int evaluations = 0;
  std::vector<LoadSeries> series;  ///< per trial
};

/// The tests a fit looks at: a slow sag and its return, dips of six depths, four durations, steps of voltage
/// and frequency, all on a stiff source. `returns_s`: how long the data center takes to come back.
[[nodiscard]] std::vector<mqt::Test> fitting_tests(double returns_s, double frequency_Hz);
/// How long it takes after a dip to 0.5 pu of 150 ms, s, within 1 % of where it stands 180 s later; at least
/// 2.
[[nodiscard]] double return_time(const mqt::Bench& bench);

/// What the second bus of a bench sees. Throws Error when the run cannot go to its end.
[[nodiscard]] LoadSeries observe(const Case& bench_case);
/// The data center in every test.
[[nodiscard]] std::vector<Trial> observe_all(const mqt::Bench& bench, const std::vector<mqt::Test>& tests);

/// Root of the mean over tests and time of (dP^2 + dQ^2), in pu of the apparent power at rest.
[[nodiscard]] double misfit(const std::vector<Trial>& trials, const std::vector<LoadSeries>& series);

/// Names of the models that can be fitted: PERC1, CMLDBLU2.
[[nodiscard]] std::vector<std::string> models();
/// Least squares over all trials, from a start read off the trials, by a search without derivatives (NLopt's
/// Subplex within bounds). `progress` is told the evaluations done and may throw to stop. Throws Error when
/// there is no such model.
[[nodiscard]] Fit fit(const mqt::Bench& bench, const std::vector<Trial>& trials, const std::string& model,
                      int most_evaluations, const std::function<void(int)>& progress = {});

}  // namespace ballast::equivalent
