/// \file
/// Which samples of a record become pictures.
#pragma once

#include <optional>
#include <vector>

#include "viz/record.hpp"

namespace ballast {

struct FrameOptions {
  /// Frames per second of simulated time; without it, frames are spread evenly.
  std::optional<double> frames_per_second;
  int max_frames = 300;  ///< of the even ones; instants of events come on top
};

/// Sample numbers in order, one per instant (the last sample of an instant: after its events). Evenly spread
/// instants, the first and the last sample, and the instants of all events.
[[nodiscard]] std::vector<std::size_t> select_frames(const Record& record, const FrameOptions& options);

}  // namespace ballast
