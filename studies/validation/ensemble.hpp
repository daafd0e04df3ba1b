/// \file
/// Draws of what no source gives, through the batch engine, and what a published table says of all of them.
///
///     EnsembleRun run = run_ensemble(v, v.ensembles[0], numbers, jobs, {});    // draws by their numbers in
///     the sweep std::vector<Row> rows = judge_ensemble(v, run, nullptr);
///
/// An ensemble `of` another one repeats the draws of that with changes (a counterfactual); what it is judged
/// by is whether a thing that happened in a draw of the other happens in the same draw with the changes.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "studies/validation/event.hpp"

namespace ballast::validation {

/// The figures of one draw, in the order of EnsembleRun::metrics.
struct Draw {
  int number = 0;       ///< of its scenario in the sweep
  std::string engine;   ///< "batch" or "IDA"; "" where the run could not go on
  std::string problem;  ///< why it could not
  std::vector<double> values;
  std::vector<std::optional<bool>> inside;
};
struct EnsembleRun {
  const Ensemble* ensemble = nullptr;
  std::vector<const Metric*> metrics;  ///< of the Validation that it was run for
  std::vector<Draw> draws;
  int all = 0;  ///< draws of the sweep
  /// Place of a metric by its name; -1: none.
  [[nodiscard]] int find(const std::string& name) const;
};

/// Runs draws on `jobs` threads; what the batch engine does not take is run by IDA. `tell(done)` may throw
/// Interrupted. Throws Error for files that cannot be read and changes that lead nowhere.
[[nodiscard]] EnsembleRun run_ensemble(const Validation& validation, const Ensemble& ensemble,
                                       const std::vector<int>& draws, int jobs,
                                       const std::function<void(int done)>& tell);
/// The first `count` draws of a sweep (all of them when it has fewer) that an ensemble is run for: of one
/// `of` another those in which what it asks about has happened, unless it asks all.
[[nodiscard]] std::vector<int> draws_for(const Ensemble& ensemble, int count, const EnsembleRun* base);

/// One row for each id. `base`: the ensemble that this one is of. The status that status.csv states of
/// "<ensemble>/<id>" is held against rows of all draws only.
[[nodiscard]] std::vector<Row> judge_ensemble(const Validation& validation, const EnsembleRun& run,
                                              const EnsembleRun* base);
/// Lines of text: what was run, the gate if there is one, the rows.
[[nodiscard]] std::string ensemble_text(const EnsembleRun& run, const std::vector<Row>& rows);
/// Every figure of every draw as comma-separated values.
[[nodiscard]] std::string draws_csv(const EnsembleRun& run);

}  // namespace ballast::validation
