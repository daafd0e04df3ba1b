/// One shipped case as `ballast run` does it, record included: wall time, steps, cost per event of each
/// class, share of recording. Sample run: build/release/bench/bench_case cases/new-england-campuses [repeats]
/// [bare] bare: no record is taken.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "cases/reader/case.hpp"
#include "viz/record.hpp"

using namespace ballast;

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "bench_case CASE [repeats] [bare]\n");
    return 2;
  }
  const int repeats = argc > 2 ? std::atoi(argv[2]) : 5;
  const bool bare = argc > 3 && std::string_view(argv[3]) == "bare";
  const Case c = read_case(argv[1]);
  const std::filesystem::path file = std::filesystem::temp_directory_path() / "ballast-bench-record.h5";
  std::vector<RunStatistics> runs;
  std::vector<LoggedEvent> events;
  for (int i = 0; i < repeats; ++i) {
    const PreparedCase ready = prepare(c);
    std::optional<RecordWriter> writer;
    if (!bare) {
      // Flushes go by wall time: beside other work they would be what is timed.
      RecordOptions options;
      options.flush_interval_s = 1e9;
      writer.emplace(file, options);
    }
    const RunResult result = simulate(*ready.system, ready.y, c.disturbances, c.simulation, run_info(c),
                                      writer ? &*writer : nullptr);
    if (!result.status.completed) {
      fmt::print(stderr, "{}\n", result.status.outcome);
      return 1;
    }
    runs.push_back(result.statistics);
    events = result.events;
  }
  std::sort(runs.begin(), runs.end(), [](const auto& a, const auto& b) { return a.wall_s < b.wall_s; });
  const RunStatistics& s = runs[runs.size() / 2];
  const IntegratorCounters& k = s.integrator;
  fmt::print("{}\n{:g} s, relative tolerance {:.0e}: {:.3f} s wall (median of {}, {:.3f} to {:.3f})\n",
             c.title, c.simulation.until_s, c.simulation.relative_tolerance, s.wall_s, repeats,
             runs.front().wall_s, runs.back().wall_s);
  fmt::print(
      "{} states, {} unknowns; {} steps, {} residuals, {} Jacobians, {} failed error tests, {} failed "
      "Newtons, "
      "{} restarts; {} logged events\n",
      s.states, s.unknowns, k.steps, k.residuals, k.jacobians, k.error_test_failures, k.convergence_failures,
      k.restarts, events.size());
  for (const auto& [name, cost] : s.events)
    fmt::print("{} {} events: {:.0f} us each\n", cost.count, name,
               1e6 * cost.wall_s / static_cast<double>(cost.count));
  if (bare) return 0;
  fmt::print("recording: {:.1f} % ({:.1f} ms, {:.1f} MB)\n", 100 * s.recording_s / s.wall_s,
             1e3 * s.recording_s, 1e-6 * static_cast<double>(std::filesystem::file_size(file)));
  std::filesystem::remove(file);
  return 0;
}
