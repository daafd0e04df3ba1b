/// IEEE 39 bus (case39.m), ten machines, a bolted fault of 0.1 s at bus 16, 10 s; with two units: the plain
/// one of 10 states (the one compared with ANDES) and a steam unit of 18 that move. Prints where the
/// processor time goes. Sample run: build/release/bench/bench_ieee39 path/to/case39.m [relative tolerance]
/// [repeats]
#include <fmt/format.h>
#include <klu.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <vector>

#include "grid/power_flow.hpp"
#include "grid/readers.hpp"
#include "solver/initialise.hpp"
#include "solver/simulate.hpp"
#include "tests/solver/same_unit.hpp"

using namespace ballast;

namespace {

/// Seconds of processor time, so that other programs on the machine do not count.
double now() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}
double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}
/// Seconds of one call, the smallest of five means over n calls.
template <class Work>
double seconds_of(int n, Work&& work) {
  double best = 1e9;
  for (int round = 0; round < 5; ++round) {
    const double start = now();
    for (int i = 0; i < n; ++i) work();
    best = std::min(best, (now() - start) / n);
  }
  return best;
}

/// Seconds of one call each, on the rest point.
struct CallTimes {
  double residual, guards, jacobian, factor, solve;
  int entries, factor_entries;
};

CallTimes time_calls(System& system, const std::vector<double>& y) {
  CallTimes t{};
  std::vector<double> yp(y.size()), F(y.size()), J(system.row_index().size()), b(y.size(), 1.0);
  t.residual = seconds_of(4000, [&] { system.residual(0, y.data(), yp.data(), F.data()); });
  t.guards = seconds_of(4000, [&] { system.evaluate(0, y.data()); });
  t.jacobian = seconds_of(2000, [&] { system.jacobian(0, y.data(), 100, J.data()); });
  std::vector<int> start(system.column_start().begin(), system.column_start().end());
  std::vector<int> row(system.row_index().begin(), system.row_index().end());
  const int n = system.size();
  klu_common common;
  klu_defaults(&common);
  common.ordering = 0;  // AMD, as the integrator has it
  klu_symbolic* symbolic = klu_analyze(n, start.data(), row.data(), &common);
  klu_numeric* numeric = klu_factor(start.data(), row.data(), J.data(), symbolic, &common);
  // The integrator keeps the pivots from one Newton matrix to the next.
  t.factor =
      seconds_of(1000, [&] { klu_refactor(start.data(), row.data(), J.data(), symbolic, numeric, &common); });
  t.solve = seconds_of(4000, [&] {
    b.assign(b.size(), 1.0);
    klu_solve(symbolic, numeric, n, 1, b.data(), &common);
  });
  t.entries = static_cast<int>(row.size());
  t.factor_entries = numeric->lnz + numeric->unz;
  klu_free_numeric(&numeric, &common);
  klu_free_symbolic(&symbolic, &common);
  return t;
}

void run_unit(const char* name, testing::Unit unit, const Network& network, const PowerFlowResult& flow,
              double tolerance, int repeats) {
  std::vector<std::complex<double>> voltage;
  for (std::size_t b = 0; b < network.buses.size(); ++b) voltage.push_back(flow.voltage(static_cast<int>(b)));
  const int bus = std::max(0, network.find_bus(16));
  std::vector<double> build, rest, run;
  RunResult result;
  for (int i = 0; i < repeats; ++i) {
    const double a = now();
    System system(network, testing::same_unit_everywhere(network, flow, unit));
    const double b = now();
    const std::vector<double> y = initialise(system, voltage, 0);
    const double c = now();
    SimulationOptions options;
    options.until_s = 10;
    options.relative_tolerance = tolerance;
    result = simulate(system, y, {{1.0, BusFault{bus, {}, 0.1}, {}}}, options, {}, nullptr);
    run.push_back(now() - c);
    build.push_back(b - a);
    rest.push_back(c - b);
  }
  const IntegratorCounters& k = result.statistics.integrator;
  fmt::print("\n{}: {} states, {} unknowns, relative tolerance {:.0e}, {}\n", name, result.statistics.states,
             result.statistics.unknowns, tolerance, result.status.outcome);
  fmt::print("build {:.2f} ms, rest {:.2f} ms, run {:.2f} ms (medians of {})\n", 1e3 * median(build),
             1e3 * median(rest), 1e3 * median(run), repeats);
  fmt::print("{} steps, {} Newton iterations, {} failed error tests, {} failed Newtons, {} restarts\n",
             k.steps, k.nonlinear_iterations, k.error_test_failures, k.convergence_failures, k.restarts);

  System system(network, testing::same_unit_everywhere(network, flow, unit));
  const CallTimes t = time_calls(system, initialise(system, voltage, 0));
  fmt::print("matrix of {} entries, {} in its factors\n", t.entries, t.factor_entries);
  const double wall = median(run);
  double events = 0;
  for (const auto& [kind, cost] : result.statistics.events) events += cost.wall_s;
  double explained = 0;
  const auto share = [&](const char* what, long calls, double each) {
    const double total = static_cast<double>(calls) * each;
    explained += total;
    fmt::print("  {:<28}{:>6} x {:>7.2f} us = {:>6.2f} ms {:>5.1f} %\n", what, calls, 1e6 * each, 1e3 * total,
               100 * total / wall);
  };
  share("residual", k.residuals, t.residual);
  share("guards (root finding)", k.guard_evaluations, t.guards);
  share("Jacobian", k.jacobians, t.jacobian);
  share("factor (KLU)", k.jacobians, t.factor);
  share("solve (KLU)", k.nonlinear_iterations, t.solve);
  share("events", 1, events);
  share("SUNDIALS, stepping (rest)", k.steps,
        (wall - explained) / static_cast<double>(std::max(1L, k.steps)));
}

}  // namespace

int main(int argc, char** argv) {
  const std::string path = argc > 1 ? argv[1] : BALLAST_SOURCE_DIR "/../shared/reference/networks/case39.m";
  const double tolerance = argc > 2 ? std::atof(argv[2]) : 1e-4;
  const int repeats = argc > 3 ? std::atoi(argv[3]) : 9;
  const double t0 = now();
  const Network network = read_network(path);
  const double t1 = now();
  const PowerFlowResult flow = solve_power_flow(network);
  fmt::print("{}: read {:.2f} ms, power flow {:.2f} ms\n", network.name, 1e3 * (t1 - t0), 1e3 * (now() - t1));
  run_unit("GENROU, SEXS, TGOV1", testing::plain_unit, network, flow, tolerance, repeats);
  run_unit("GENROU, EXST1, IEEEST, IEEEG1", testing::steam_unit, network, flow, tolerance, repeats);
  return 0;
}
