// A case as a batch: how many scenarios it takes through per second.
//
//     bench_batch CASE [--until S] [--step S] [--compare] [--scenarios N] [--threads K] [--lanes W] [--export
//     FILE]
//
// --compare: one scenario against IDA at 1e-9. --scenarios: N copies of the case's events, shifted by up to
// 0.1 s. --export: writes the problem for ballast-batch.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <chrono>
#include <ctime>

#include "cases/reader/case.hpp"
#include "kernels/batch.hpp"
#include "kernels/prepare/problem_of.hpp"
#include "kernels/problem_file.hpp"

namespace {

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

int main(int argc, char** argv) {
  using namespace ballast;
  CLI::App app("A case as a batch");
  std::string path, file;
  double until = 0, step = 0;
  int scenarios = 16, threads = 1, lanes = 0;
  app.add_option("case", path)->required();
  app.add_option("--until", until);
  app.add_option("--step", step);
  app.add_option("--scenarios", scenarios);
  app.add_option("--threads", threads);
  app.add_option("--lanes", lanes);
  app.add_option("--export", file);
  CLI11_PARSE(app, argc, argv);
  try {
    const Case c = read_case(path);
    PreparedCase ready = prepare(c);
    batch::ProblemOptions options;
    options.until_s = until > 0 ? until : c.simulation.until_s;
    options.step_s = step;
    batch::ProblemBuilder builder(*ready.system, ready.y, options);
    double start = cpu_seconds();
    for (int s = 0; s < std::max(1, scenarios); ++s) {
      std::vector<Disturbance> shifted = c.disturbances;
      for (Disturbance& d : shifted) d.at_s += 0.1 * s / std::max(1, scenarios);
      builder.add(shifted);
    }
    const batch::Problem problem = builder.finish();
    fmt::print(
        "{} states, {} buses, {} factor blocks, {} signals, {} stiff blocks ({} entries), prepared in {:.3f} "
        "s\n",
        problem.states, problem.buses, problem.factor.column.size(), problem.signals, problem.stiff.size(),
        problem.stiff_entries, cpu_seconds() - start);
    for (const batch::StiffBlock& b : problem.stiff)
      fmt::print("  stiff: bus {}, {} states\n", b.bus, b.states.size());
    if (!file.empty()) batch::save_problem(problem, file);
    if (scenarios > 0) {
      batch::Options run;
      run.threads = threads;
      run.lanes = lanes;
      const auto wall = std::chrono::steady_clock::now();
      start = cpu_seconds();
      const auto results = batch::run_cpu(problem, run);
      const double cpu = cpu_seconds() - start;
      const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count();
      long steps = 0, rejected = 0, failed = 0;
      for (const batch::Result& r : results) {
        steps += r.steps;
        rejected += r.rejected;
        failed += r.ending == batch::Ending::COMPLETED ? 0 : 1;
      }
      fmt::print(
          "{} scenarios in {:.3f} s wall, {:.3f} s cpu: {:.2f} us of cpu per lane step; {} steps, {} "
          "rejected, {} did not complete\n",
          scenarios, seconds, cpu, 1e6 * cpu / static_cast<double>(steps), steps, rejected, failed);
    }
  } catch (const std::exception& error) {
    fmt::print(stderr, "error: {}\n", error.what());
    return 1;
  }
  return 0;
}
