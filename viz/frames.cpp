#include "viz/frames.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace ballast {

std::vector<std::size_t> select_frames(const Record& record, const FrameOptions& options) {
  if (options.max_frames < 1)
    throw Error("frames", "at most " + std::to_string(options.max_frames) + " frames", "ask for 1 or more");
  if (options.frames_per_second && !(*options.frames_per_second > 0))
    throw Error("frames", std::to_string(*options.frames_per_second) + " frames per second",
                "ask for more than 0 per second");
  const std::vector<double>& times = record.times_s;
  if (times.empty()) return {};
  // The last sample at or before a time, at the earliest the last of the first instant.
  const auto sample_at = [&](double time) {
    const auto after = std::upper_bound(times.begin(), times.end(), std::max(time, times.front()));
    return static_cast<std::size_t>(after - times.begin()) - 1;
  };
  const double first_s = times.front(), duration_s = times.back() - first_s;
  double count = options.max_frames;
  if (options.frames_per_second)
    count = std::min(count, std::floor(duration_s * *options.frames_per_second) + 1);
  std::set<std::size_t> frames = {sample_at(first_s), times.size() - 1};
  for (double k = 0; k < count; ++k)
    frames.insert(sample_at(options.frames_per_second && count < options.max_frames
                                ? first_s + k / *options.frames_per_second
                                : first_s + duration_s * k / std::max(count - 1, 1.0)));
  for (const LoggedEvent& event : record.events) {
    // The first sample that shows the event; a record cut short may have none.
    const auto at = std::lower_bound(times.begin(), times.end(), event.time_s);
    if (at != times.end()) frames.insert(sample_at(*at));
  }
  return {frames.begin(), frames.end()};
}

}  // namespace ballast
