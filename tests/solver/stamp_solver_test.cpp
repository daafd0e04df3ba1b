/// The bus-stamp solver against KLU on the whole matrix: the same Jacobians, the same runs.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "cases/reader/case.hpp"
#include "grid/power_flow.hpp"
#include "grid/readers.hpp"
#include "solver/initialise.hpp"
#include "solver/klu_solver.hpp"
#include "solver/stamp_solver.hpp"
#include "tests/reference.hpp"
#include "tests/solver/same_unit.hpp"
#include "tests/solver/small_grid.hpp"

namespace ballast {
namespace {

/// b - A x
std::vector<double> residual_of(const System& system, const std::vector<double>& values,
                                const std::vector<double>& x, std::vector<double> b) {
  const auto start = system.column_start();
  for (std::size_t j = 0; j < b.size(); ++j)
    for (auto k = start[j]; k < start[j + 1]; ++k) b[system.row_index()[k]] -= values[k] * x[j];
  return b;
}

/// One step of iterative refinement: the oracle shall be better than what is held to it.
void refine(LinearSolver& solver, const System& system, const std::vector<double>& values,
            std::vector<double>& x, const std::vector<double>& b) {
  std::vector<double> correction = residual_of(system, values, x, b);
  solver.solve(correction.data());
  for (std::size_t i = 0; i < x.size(); ++i) x[i] += correction[i];
}

/// Largest |A x - b| of a row against the sum of the magnitudes of its terms.
double relative_residual(const System& system, const std::vector<double>& values,
                         const std::vector<double>& x, const std::vector<double>& b) {
  const std::vector<double> residual = residual_of(system, values, x, b);
  std::vector<double> terms(b.size());
  for (std::size_t i = 0; i < b.size(); ++i) terms[i] = std::abs(b[i]);
  const auto start = system.column_start();
  for (std::size_t j = 0; j < b.size(); ++j)
    for (auto k = start[j]; k < start[j + 1]; ++k) terms[system.row_index()[k]] += std::abs(values[k] * x[j]);
  double worst = 0;
  for (std::size_t i = 0; i < b.size(); ++i)
    worst = std::max(worst, std::isfinite(x[i]) ? std::abs(residual[i]) / terms[i] : kInfinity);
  return worst;
}

/// Solves the Jacobians of one system in many states by both solvers.
class Comparison {
 public:
  /// At one point, for steps from 10 us to 1 s (cj is about their inverse).
  void at(System& system, double t, const std::vector<double>& y) {
    StampSolver stamp(system);
    KluSolver klu(system.column_start(), system.row_index());
    const auto n = static_cast<std::size_t>(system.size());
    std::vector<double> values(system.row_index().size());
    std::vector<double> b(n);
    for (int trial = 0; trial < 10; ++trial) {
      const double cj = std::pow(10.0, std::uniform_real_distribution<double>(0, 5)(random_));
      system.jacobian(t, y.data(), cj, values.data());
      for (double& value : b) value = std::normal_distribution<double>()(random_);
      std::vector<double> x = b;
      std::vector<double> oracle = b;
      ASSERT_TRUE(stamp.factor(values.data()));
      ASSERT_TRUE(klu.factor(values.data()));
      stamp.solve(x.data());
      klu.solve(oracle.data());
      klu_residual_ = std::max(klu_residual_, relative_residual(system, values, oracle, b));
      refine(klu, system, values, oracle, b);
      residual_ = std::max(residual_, relative_residual(system, values, x, b));
      double largest = 0;
      for (const double value : oracle) largest = std::max(largest, std::abs(value));
      for (std::size_t i = 0; i < n; ++i)
        difference_ = std::max(difference_, std::abs(x[i] - oracle[i]) / largest);
      ++solved_;
    }
    whole_ += stamp.whole_factorisations();
    last_ = fmt::format("{} unknowns, {} blocks of {} patterns, {} left to the buses", n, stamp.block_count(),
                        stamp.pattern_count(), stamp.outside_count());
  }
  /// Runs to each time in turn and compares there; the system ends where the disturbances left it.
  void along(const std::function<std::unique_ptr<System>(std::vector<double>&)>& make,
             const std::vector<Disturbance>& disturbances, const std::vector<double>& times) {
    for (const double until : times) {
      std::vector<double> y;
      const std::unique_ptr<System> system = make(y);
      SimulationOptions options;
      options.until_s = until;
      options.relative_tolerance = 1e-4;
      const RunResult result = simulate(*system, y, disturbances, options, {}, nullptr);
      ASSERT_TRUE(result.status.completed) << result.status.outcome;
      at(*system, until, result.y);
    }
  }
  void expect_agreement(long most_whole = 0) const {
    fmt::print(
        "{}; {} matrices (seed {}): relative residual {:.1e} (KLU {:.1e}), tolerance 1e-9; difference of the "
        "solutions {:.1e} of the largest element, tolerance 1e-9; {} went to KLU, {} allowed\n",
        last_, solved_, kSeed, residual_, klu_residual_, difference_, whole_, most_whole);
    EXPECT_LE(residual_, 1e-9);
    EXPECT_LE(difference_, 1e-9);
    EXPECT_LE(whole_, most_whole);
  }

 private:
  static constexpr unsigned kSeed = 20261121;
  std::mt19937 random_{kSeed};
  double residual_ = 0, klu_residual_ = 0, difference_ = 0;
  long whole_ = 0;
  int solved_ = 0;
  std::string last_;
};

TEST(StampSolver, AgreesWithKluOnIslandsAndAfterTrips) {
  const testing::SmallGrid grid(0.3);
  const auto make = [&](std::vector<double>& y) {
    auto system = std::make_unique<System>(grid.network, grid.plants);
    y = initialise(*system, grid.voltage, 0);
    return system;
  };
  Comparison comparison;
  comparison.along(make, {{0.1, BusFault{2, {}, 0.1}, {}}}, {0, 0.15, 0.3});
  comparison.along(make,
                   {{0.1, SwitchBranch{testing::SmallGrid::kTie, false}, {}},
                    {0.1, SwitchBranch{testing::SmallGrid::kTie2, false}, {}}},
                   {0.05, 0.2, 0.5});
  comparison.along(make, {{0.1, TripPlant{1}, {}}, {0.2, TripPlant{3}, {}}}, {0.15, 0.3});
  comparison.expect_agreement();
}

TEST(StampSolver, AgreesWithKluOnTheCampusesOfNewEngland) {
  const Case c = read_case(std::string(BALLAST_SOURCE_DIR) + "/cases/new-england-campuses/case.toml");
  PreparedCase ready;
  Comparison comparison;
  comparison.along(
      [&](std::vector<double>& y) {
        ready = prepare(c);
        y = ready.y;
        return std::move(ready.system);
      },
      c.disturbances, {0, 9.9, 10.05, 10.2, 14});
  comparison.expect_agreement();
}

TEST(StampSolver, AgreesWithKluOnIeee39) {
  BALLAST_NEEDS_REFERENCE(path, "networks/case39.m");
  Network network = read_network(path);
  const PowerFlowResult flow = solve_power_flow(network);
  store_controls(flow, network);
  std::vector<std::complex<double>> voltage;
  for (std::size_t b = 0; b < network.buses.size(); ++b) voltage.push_back(flow.voltage(static_cast<int>(b)));
  const auto make = [&](std::vector<double>& y) {
    auto system =
        std::make_unique<System>(network, testing::same_unit_everywhere(network, flow, testing::steam_unit));
    y = initialise(*system, voltage, 0);
    return system;
  };
  Comparison comparison;
  const BusFault fault{network.find_bus(16), {}, 0.1};
  comparison.along(make, {{0.1, fault, {}}, {0.5, TripPlant{0}, {}}}, {0, 0.15, 0.25, 1});
  comparison.expect_agreement();
}

/// A case of validation/basecases with a fault at a bus, as if it lay beside the files it names.
void compare_base_case(const std::string& name, const std::string& beside, int bus) {
  std::ifstream file(std::filesystem::path(BALLAST_SOURCE_DIR) / "validation/basecases" / name);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const Case c = read_case_text(text, std::filesystem::path(beside).parent_path() / name);
  PreparedCase ready;
  Comparison comparison;
  const auto make = [&](std::vector<double>& y) {
    ready = prepare(c);
    y = ready.y;
    return std::move(ready.system);
  };
  const BusFault fault{prepare(c).system->network().find_bus(bus), {}, 0.1};
  comparison.along(make, {{0.1, fault, {}}, {0.5, TripPlant{0}, {}}}, {0, 0.15, 0.25, 1});
  comparison.expect_agreement();
}

TEST(StampSolver, AgreesWithKluOnWecc240) {
  BALLAST_NEEDS_REFERENCE(raw, "networks/240busWECC_2018_PSS_fixedshunt.raw");
  compare_base_case("wecc240.toml", raw, 1001);
}

TEST(StampSolver, AgreesWithKluOnActivsg2000) {
  BALLAST_NEEDS_REFERENCE(raw, "networks/case_ACTIVSg2000_1.raw");
  compare_base_case("activsg2000.toml", raw, 1001);
}

TEST(StampSolver, PivotsThatDoNotServeGoToKlu) {
  const testing::SmallGrid grid;
  System system(grid.network, grid.plants);
  const std::vector<double> y = initialise(system, grid.voltage, 0);
  std::vector<double> values(system.row_index().size());
  const auto diagonal = [&](int unknown) -> double& {
    for (auto k = system.column_start()[unknown];; ++k)
      if (system.row_index()[k] == unknown) return values[k];
  };
  long whole = 0;
  int tried = 0;
  double worst = 0;
  std::vector<double> b(system.size(), 1.0);
  // A step for which cj cancels one state's own derivative: a pivot of zero where it is the first.
  for (int i = 0; i < system.state_count(); ++i) {
    system.jacobian(0, y.data(), 0, values.data());
    const double cj = -diagonal(i);
    if (cj == 0) continue;
    system.jacobian(0, y.data(), cj, values.data());
    StampSolver stamp(system);
    KluSolver klu(system.column_start(), system.row_index());
    if (!klu.factor(values.data())) continue;
    ASSERT_TRUE(stamp.factor(values.data())) << system.unknown_name(i);
    std::vector<double> x = b;
    stamp.solve(x.data());
    worst = std::max(worst, relative_residual(system, values, x, b));
    whole += stamp.whole_factorisations();
    ++tried;
  }
  fmt::print("{} matrices with a vanishing pivot, {} went to KLU; relative residual {:.1e}, tolerance 1e-9\n",
             tried, whole, worst);
  EXPECT_GT(whole, 0);
  EXPECT_LE(worst, 1e-9);
}

TEST(StampSolver, RefusesASingularMatrixAndOneThatIsNoNumber) {
  const testing::SmallGrid grid;
  System system(grid.network, grid.plants);
  const std::vector<double> y = initialise(system, grid.voltage, 0);
  std::vector<double> good(system.row_index().size());
  system.jacobian(0, y.data(), 10, good.data());
  for (const LinearSolverKind kind : {LinearSolverKind::STAMP, LinearSolverKind::KLU}) {
    const auto solver = make_linear_solver(kind, system);
    EXPECT_TRUE(solver->factor(good.data()));
    EXPECT_FALSE(solver->factor(std::vector<double>(good.size(), 0.0).data()));
    std::vector<double> bad = good;
    bad[bad.size() / 2] = kUnknown;
    EXPECT_FALSE(solver->factor(bad.data()));
    EXPECT_TRUE(solver->factor(good.data()));
  }
}

TEST(StampSolver, RunsLikeKlu) {
  Case c = read_case(std::string(BALLAST_SOURCE_DIR) + "/cases/new-england-campuses/case.toml");
  c.simulation.until_s = 20;
  c.simulation.record = {"bus.voltage", "machine.speed"};
  struct Kept {
    RunResult result;
    testing::MemoryRecorder record;
  };
  const auto run = [&](LinearSolverKind kind, double tolerance) {
    c.simulation.linear_solver = kind;
    c.simulation.relative_tolerance = tolerance;
    const PreparedCase ready = prepare(c);
    Kept kept;
    kept.result = simulate(*ready.system, ready.y, c.disturbances, c.simulation, {}, &kept.record);
    return kept;
  };
  const Kept exact = run(LinearSolverKind::KLU, 1e-8);
  const Kept klu = run(LinearSolverKind::KLU, 1e-5);
  const Kept stamp = run(LinearSolverKind::STAMP, 1e-5);
  ASSERT_TRUE(stamp.result.status.completed) << stamp.result.status.outcome;
  // Rounding grows until a decision about a step falls the other way: from then on the two are compared by
  // their errors.
  constexpr double kAlike_s = 11;
  ASSERT_EQ(stamp.result.events.size(), klu.result.events.size());
  ASSERT_EQ(stamp.result.events.size(), exact.result.events.size());
  double later = 0;
  double late = 0;
  double klu_late = 0;
  for (std::size_t i = 0; i < stamp.result.events.size(); ++i) {
    const LoggedEvent& event = stamp.result.events[i];
    EXPECT_EQ(event.kind, klu.result.events[i].kind);
    EXPECT_EQ(event.device, klu.result.events[i].device);
    const double klu_s = klu.result.events[i].time_s;
    const double exact_s = exact.result.events[i].time_s;
    if (klu_s <= kAlike_s) later = std::max(later, std::abs(event.time_s - klu_s));
    late = std::max(late, std::abs(event.time_s - exact_s));
    klu_late = std::max(klu_late, std::abs(klu_s - exact_s));
  }
  /// Largest difference of voltages and speeds, pu, over samples up to a time.
  const auto difference = [&](const Kept& a, const Kept& b, double until) {
    EXPECT_EQ(a.record.rows.size(), b.record.rows.size());
    double worst = 0;
    for (std::size_t k = 0; k < std::min(a.record.rows.size(), b.record.rows.size()); ++k)
      for (std::size_t i = 0; i < a.record.rows[k].size() && a.record.time[k] <= until; ++i)
        worst = std::max(worst, std::abs(a.record.rows[k][i] - b.record.rows[k][i]));
    return worst;
  };
  const double early = difference(stamp, klu, kAlike_s);
  const double error = difference(stamp, exact, 20);
  const double klu_error = difference(klu, exact, 20);
  fmt::print(
      "{} events; for {:g} s times within {:.1e} s of KLU's, tolerance 1e-6, voltages and speeds within "
      "{:.1e} pu, tolerance 1e-7; against 1e-8 for 20 s: errors {:.2e} pu and {:.2e} s, KLU {:.2e} and "
      "{:.2e}, allowed 1.5 times that\n",
      stamp.result.events.size(), kAlike_s, later, early, error, late, klu_error, klu_late);
  EXPECT_GT(stamp.result.events.size(), 10U);
  EXPECT_LE(later, 1e-6);
  EXPECT_LE(early, 1e-7);
  EXPECT_LE(error, 1.5 * klu_error);
  EXPECT_LE(late, 1.5 * klu_late);
}

}  // namespace
}  // namespace ballast
