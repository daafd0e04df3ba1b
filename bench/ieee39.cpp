/// IEEE 39 bus (case39.m), ten machines with GENROU, SEXS and TGOV1, a bolted fault of 0.1 s at bus 16, 10 s.
/// Prints where the time goes. Sample run: build/release/bench/bench_ieee39 path/to/case39.m [relative
/// tolerance] [repeats]
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <vector>

#include "grid/power_flow.hpp"
#include "grid/readers.hpp"
#include "solver/initialise.hpp"
#include "solver/simulate.hpp"
#include "tests/solver/same_unit.hpp"

using namespace ballast;

namespace {

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
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
  const double t2 = now();
  std::vector<std::complex<double>> voltage;
  for (std::size_t b = 0; b < network.buses.size(); ++b) voltage.push_back(flow.voltage(static_cast<int>(b)));
  int bus = network.find_bus(16);
  if (bus < 0) bus = 0;

  std::vector<double> build, rest, run;
  RunResult result;
  for (int i = 0; i < repeats; ++i) {
    const double a = now();
    System system(network, testing::same_unit_everywhere(network, flow));
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
  const auto median = [](std::vector<double> v) {
    std::sort(v.begin(), v.end());
    return 1e3 * v[v.size() / 2];
  };
  const IntegratorCounters& k = result.statistics.integrator;
  fmt::print("{}: {} states, {} unknowns, relative tolerance {:.0e}, {}\n", network.name,
             result.statistics.states, result.statistics.unknowns, tolerance, result.status.outcome);
  fmt::print(
      "read {:.2f} ms, power flow {:.2f} ms, build {:.2f} ms, rest {:.2f} ms, run {:.2f} ms (median of {})\n",
      1e3 * (t1 - t0), 1e3 * (t2 - t1), median(build), median(rest), median(run), repeats);
  fmt::print(
      "{} steps, {} residuals, {} Jacobians, {} Newton iterations, {} failed error tests, {} failed Newtons, "
      "{} restarts\n",
      k.steps, k.residuals, k.jacobians, k.nonlinear_iterations, k.error_test_failures,
      k.convergence_failures, k.restarts);

  // One evaluation of each kind, at rest.
  System system(network, testing::same_unit_everywhere(network, flow));
  const std::vector<double> y = initialise(system, voltage, 0);
  std::vector<double> yp(y.size()), F(y.size()), J(system.row_index().size());
  const auto each = [&](const char* name, int n, auto&& work) {
    const double start = now();
    for (int i = 0; i < n; ++i) work();
    fmt::print("{}: {:.2f} us\n", name, 1e6 * (now() - start) / n);
  };
  each("residual", 20000, [&] { system.residual(0, y.data(), yp.data(), F.data()); });
  each("Jacobian", 5000, [&] { system.jacobian(0, y.data(), 100, J.data()); });
  return 0;
}
