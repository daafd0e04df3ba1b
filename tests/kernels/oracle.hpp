/// \file
/// A batch scenario beside the same run by IDA.
#pragma once

#include <string>
#include <vector>

#include "cases/reader/case.hpp"
#include "kernels/batch.hpp"
#include "kernels/prepare/problem_of.hpp"

namespace ballast::test {

struct Agreement {
  std::string ida_outcome;
  batch::Ending ending = batch::Ending::COMPLETED;
  double speed_rms = 0, speed_largest = 0;      ///< pu, over all machines
  double angle_rms = 0;                         ///< degrees, against the first machine that runs to the end
  double voltage_rms = 0, voltage_largest = 0;  ///< pu, over all buses
  std::string voltage_where;                    ///< the largest difference
  std::size_t samples = 0;
  std::vector<std::string> ida_events,
      batch_events;           ///< moves of automata: "12.345678 UPS A.ups: normal to battery"
  double event_time_gap = 0;  ///< s, largest, where both have the same moves in the same order
  bool same_events = true;
  long steps = 0, ida_steps = 0;
  double ida_s = 0, batch_s = 0;  ///< processor time
};

struct OracleOptions {
  double until_s = 0;  ///< 0: the case's
  double step_s = 0;   ///< 0: the batch's own
  double ida_tolerance = 1e-9;
  double sample_every_s = 0.01;
};

/// Runs one set of disturbances both ways. `ready` is left as after the IDA run.
[[nodiscard]] Agreement compare_with_ida(const Case& c, const PreparedCase& ready,
                                         const std::vector<Disturbance>& disturbances,
                                         const OracleOptions& options = {});
/// A case with its own disturbances, prepared twice.
[[nodiscard]] Agreement compare_with_ida(const Case& c, const OracleOptions& options = {});

/// One line: what was measured.
[[nodiscard]] std::string text_of(const Agreement& a);

}  // namespace ballast::test
