/// How long 10 s of a network take at a given accuracy: a three-phase fault through X = 0.01 pu from 1.00 to
/// 1.15 s, recording off. For a ladder of tolerances it prints the error of the machines' speeds (root mean
/// square over all machines and 10 ms samples, pu) against the same run at 1e-10, and the processor time of
/// one thread (median of 7). Sample run:
///     build/release/bench/bench_speed steam path/to/case39.m 16
///     build/release/bench/bench_speed case path/to/case.toml 1001 [--reference 1e-9] [--repeats 7]
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

#include "cases/reader/case.hpp"
#include "grid/power_flow.hpp"
#include "grid/readers.hpp"
#include "solver/initialise.hpp"
#include "solver/simulate.hpp"
#include "tests/solver/same_unit.hpp"

using namespace ballast;

namespace {

double processor_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}
double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

/// Keeps every sample of a run; of two samples at an event the later one.
class Keep final : public Recorder {
 public:
  std::vector<std::vector<double>> samples;
  void begin(const RunInfo&, const Schema&, const Network&) override {}
  void sample(double t, std::span<const double> values) override {
    const double place = t / 0.01;
    if (std::abs(place - std::round(place)) > 1e-6) return;
    const auto at = static_cast<std::size_t>(std::llround(place));
    if (samples.size() <= at) samples.resize(at + 1);
    samples[at].assign(values.begin(), values.end());
  }
  void event(const LoggedEvent&) override {}
  void end(const RunStatus&) override {}
};

double rms_difference(const Keep& a, const Keep& b) {
  double sum = 0;
  double n = 0;
  for (std::size_t t = 0; t < std::min(a.samples.size(), b.samples.size()); ++t)
    for (std::size_t i = 0; i < a.samples[t].size(); ++i) {
      sum += std::pow(a.samples[t][i] - b.samples[t][i], 2);
      n += 1;
    }
  return std::sqrt(sum / std::max(1.0, n));
}

struct Ready {
  std::unique_ptr<System> system;
  std::vector<double> y;
  PreparedCase prepared;  ///< owns what the system of a case refers to
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    fmt::print(stderr,
               "bench_speed plain|steam|case FILE BUS [--reference TOL] [--repeats N] [--tolerance TOL]... "
               "[--linear-solver stamp|klu]\n");
    return 2;
  }
  const std::string kind = argv[1];
  double reference = 1e-10;
  LinearSolverKind linear_solver = LinearSolverKind::STAMP;
  int repeats = 7;
  std::vector<double> ladder;
  for (int i = 4; i + 1 < argc; i += 2) {
    const std::string option = argv[i];
    if (option == "--reference") reference = std::atof(argv[i + 1]);
    if (option == "--repeats") repeats = std::atoi(argv[i + 1]);
    if (option == "--linear-solver" && std::string(argv[i + 1]) == "klu")
      linear_solver = LinearSolverKind::KLU;
    if (option == "--tolerance") ladder.push_back(std::atof(argv[i + 1]));
  }
  if (ladder.empty()) ladder = {1e-2, 5e-3, 2e-3, 1e-3, 5e-4, 2e-4, 1e-4, 1e-5};

  Case c;
  Network network;
  PowerFlowResult flow;
  std::function<Ready()> make;
  if (kind == "case") {
    c = read_case(argv[2]);
    make = [&]() -> Ready {
      PreparedCase p = prepare(c);
      Ready ready{std::move(p.system), std::move(p.y), {}};
      ready.prepared = std::move(p);
      return ready;
    };
  } else {
    network = read_network(argv[2]);
    flow = solve_power_flow(network);
    store_controls(flow, network);
    make = [&]() -> Ready {
      std::vector<std::complex<double>> voltage;
      for (std::size_t b = 0; b < network.buses.size(); ++b)
        voltage.push_back(flow.voltage(static_cast<int>(b)));
      auto system = std::make_unique<System>(
          network, testing::same_unit_everywhere(
                       network, flow, kind == "plain" ? testing::plain_unit : testing::steam_unit));
      std::vector<double> y = initialise(*system, voltage, 0);
      return {std::move(system), std::move(y), {}};
    };
  }
  const auto run = [&](double tolerance, Recorder* recorder, double& seconds) {
    Ready ready = make();
    SimulationOptions options;
    options.until_s = 10;
    options.relative_tolerance = tolerance;
    options.linear_solver = linear_solver;
    options.record = {"machine.*.speed"};
    FaultStrength strength;
    strength.impedance = {0, 0.01};
    const int bus = ready.system->network().find_bus(std::atoi(argv[3]));
    const double start = processor_seconds();
    RunResult result =
        simulate(*ready.system, ready.y, {{1.0, BusFault{bus, strength, 0.15}, {}}}, options, {}, recorder);
    seconds = processor_seconds() - start;
    return result;
  };
  Keep exact;
  double seconds = 0;
  const RunResult truth = run(reference, &exact, seconds);
  fmt::print("{}: {} states, {} unknowns; reference at {:.0e}: {}, {} steps, {:.1f} s\n", argv[2],
             truth.statistics.states, truth.statistics.unknowns, reference, truth.status.outcome,
             truth.statistics.integrator.steps, seconds);
  fmt::print("{:>9} {:>12} {:>10} {:>7} {:>10} {:>9} {:>9} {:>8} {:>8}  {}\n", "tolerance", "RMS error",
             "CPU ms", "steps", "residuals", "Jacobians", "failures", "restarts", "limits", "outcome");
  for (const double tolerance : ladder) {
    Keep kept;
    run(tolerance, &kept, seconds);
    std::vector<double> times;
    RunResult result;
    for (int i = 0; i < repeats; ++i) {
      result = run(tolerance, nullptr, seconds);
      times.push_back(seconds);
    }
    const IntegratorCounters& k = result.statistics.integrator;
    fmt::print("{:>9.0e} {:>12.2e} {:>10.2f} {:>7} {:>10} {:>9} {:>9} {:>8} {:>8}  {}\n", tolerance,
               rms_difference(kept, exact), 1e3 * median(times), k.steps, k.residuals, k.jacobians,
               k.error_test_failures + k.convergence_failures, k.restarts, k.limit_moves,
               result.status.outcome);
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  fmt::print("largest memory {:.0f} MB (with the kept samples of two runs)\n",
             static_cast<double>(usage.ru_maxrss) / 1024);
  return 0;
}
