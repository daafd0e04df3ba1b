// A case as a batch: how far it is from IDA, and how many scenarios it takes through per second.
//
//     bench_batch CASE [--until S] [--step S] [--compare] [--scenarios N] [--threads K] [--export FILE]
//
// --compare: one scenario against IDA at 1e-9. --scenarios: N copies of the case's events, shifted by up to
// 0.1 s. --export: writes the problem for ballast-batch.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <chrono>
#include <cmath>
#include <ctime>
#include <fstream>

#include "cases/reader/case.hpp"
#include "kernels/batch.hpp"
#include "kernels/prepare/problem_of.hpp"
#include "kernels/problem_file.hpp"
#include "viz/record.hpp"

namespace {

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

void compare(const ballast::Case& c, ballast::PreparedCase& ready, const ballast::batch::Problem& problem) {
  using namespace ballast;
  SimulationOptions exact = c.simulation;
  exact.until_s = problem.until_s;
  exact.relative_tolerance = 1e-9;
  exact.record_step_s = 0.01;
  exact.record = {"bus.voltage", "machine.speed"};
  batch::Options options;
  options.sample_every_s = exact.record_step_s;
  for (const batch::Weight& w : problem.weights) options.watch_states.push_back(w.state);
  for (int s = 0; s < 2 * problem.buses; ++s) options.watch_signals.push_back(s);
  double start = cpu_seconds();
  const batch::Result ours = batch::run_alone(problem, 0, options);
  fmt::print("batch: ending {} at {:.4f} s, {} steps, {} rejected, {} events, {:.3f} s\n",
             static_cast<int>(ours.ending), ours.end_s, ours.steps, ours.rejected, ours.events.size(),
             cpu_seconds() - start);
  MemoryRecorder recorder;
  start = cpu_seconds();
  const RunResult theirs = simulate(*ready.system, ready.y, c.disturbances, exact, run_info(c), &recorder);
  fmt::print("IDA 1e-9: {}, {} steps, {} events, {:.3f} s\n", theirs.status.outcome,
             theirs.statistics.integrator.steps, theirs.events.size(), cpu_seconds() - start);
  for (const LoggedEvent& e : theirs.events) fmt::print("  {:.6f} {}\n", e.time_s, e.text);
  for (const batch::Event& e : ours.events)
    fmt::print("  {:.6f} {} {} {} index {} mode {} -> {}\n", e.time_s,
               e.kind == batch::Event::ACTION  ? "action"
               : e.kind == batch::Event::TIMER ? "timer"
                                               : "guard",
               e.group < 0 ? "" : problem.groups[e.group].model, e.part, e.index, e.mode_before,
               e.mode_after);
  const Record& record = recorder.record();
  const std::size_t speed = record.find("machine.speed").value();
  const std::size_t voltage = record.find("bus.voltage").value();
  double worst_speed = 0, worst_voltage = 0, sum_speed = 0, sum_voltage = 0, time_speed = 0, time_voltage = 0;
  std::size_t n = 0, k = 0, where = 0;
  const std::size_t width = options.watch_states.size() + options.watch_signals.size();
  for (std::size_t i = 0; i < ours.sample_times.size(); ++i) {
    const double t = ours.sample_times[i];
    // The first of equal times: before an event.
    while (k + 1 < record.samples() && record.times_s[k] < t - 1e-9) ++k;
    if (std::abs(record.times_s[k] - t) > 1e-9) continue;
    ++n;
    const double* row = ours.samples.data() + i * width;
    for (std::size_t m = 0; m < options.watch_states.size(); ++m) {
      const double d = std::abs(1 + row[m] - record.at(speed, k, m));
      sum_speed += d * d;
      if (d > worst_speed) worst_speed = d, time_speed = t;
    }
    for (int b = 0; b < problem.buses; ++b) {
      const double* v = row + options.watch_states.size() + 2 * b;
      const double d = std::abs(std::hypot(v[0], v[1]) - record.at(voltage, k, static_cast<std::size_t>(b)));
      sum_voltage += d * d;
      if (d > worst_voltage) worst_voltage = d, time_voltage = t, where = b;
    }
  }
  fmt::print(
      "speed: RMS {:.2e} pu, largest {:.2e} at {:.2f} s; voltage: RMS {:.2e} pu, largest {:.2e} at {:.2f} s, "
      "bus {}\n",
      std::sqrt(sum_speed / static_cast<double>(n * std::max<std::size_t>(1, options.watch_states.size()))),
      worst_speed, time_speed, std::sqrt(sum_voltage / static_cast<double>(n * problem.buses)), worst_voltage,
      time_voltage, where);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace ballast;
  CLI::App app("A case as a batch");
  std::string path, file;
  double until = 0, step = 0;
  bool with_ida = false;
  int scenarios = 0, threads = 1;
  app.add_option("case", path)->required();
  app.add_option("--until", until);
  app.add_option("--step", step);
  app.add_flag("--compare", with_ida);
  app.add_option("--scenarios", scenarios);
  app.add_option("--threads", threads);
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
    if (with_ida) compare(c, ready, problem);
    if (scenarios > 0) {
      batch::Options run;
      run.threads = threads;
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
