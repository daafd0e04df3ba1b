/// Parts faster than a step: power electronics of milliseconds, a converter in a weak grid.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "cases/reader/assemble.hpp"
#include "grid/readers.hpp"
#include "solver/initialise.hpp"
#include "tests/cases/plant_network.hpp"
#include "tests/kernels/oracle.hpp"

namespace ballast {
namespace {

using test::Agreement;
using test::compare_with_ida;

/// A shipped case with batteries whose converters answer within `lag_s`.
Case with_fast_batteries(const char* name, double lag_s) {
  Case c = read_case(std::filesystem::path(BALLAST_SOURCE_DIR) / "cases" / name);
  int changed = 0;
  for (Plant& plant : c.plants)
    for (Part& part : plant.parts)
      if (part.model == "BESS") {
        part.parameters[4] = part.parameters[5] = part.parameters[6] = lag_s;
        ++changed;
      }
  EXPECT_GT(changed, 0);
  return c;
}

void expect_inside(const Agreement& a) {
  EXPECT_EQ(a.ida_outcome, "completed");
  EXPECT_EQ(a.ending, batch::Ending::COMPLETED);
  EXPECT_LT(a.speed_rms, 1e-4);
  EXPECT_LT(a.angle_rms, 0.5);
  EXPECT_LT(a.voltage_rms, 2e-3);
  EXPECT_TRUE(a.same_events);
}

TEST(BatchStiff, ConvertersOfMillisecondsAgreeWithIda) {
  for (const double lag_s : {0.001, 0.005, 0.02}) {
    const Case c = with_fast_batteries("new-england-campuses", lag_s);
    const PreparedCase ready = prepare(c);
    batch::ProblemBuilder builder(*ready.system, ready.y, {0, 12, 0});
    builder.add(c.disturbances);
    const std::size_t blocks = builder.finish().stiff.size();
    const Agreement a = compare_with_ida(c, ready, c.disturbances, {.until_s = 12, .ida_tolerance = 1e-8});
    fmt::print("lag {:g} ms, {} stiff blocks: {}\n", 1e3 * lag_s, blocks, test::text_of(a));
    expect_inside(a);
    if (lag_s < 0.01) {
      EXPECT_GT(blocks, 0U);
    }
  }
}

TEST(BatchStiff, TheOrderStaysTwo) {
  const Case c = with_fast_batteries("two-area-campus", 0.002);
  std::vector<double> error;
  for (const double step : {1.0 / 120, 1.0 / 240, 1.0 / 480, 1.0 / 960}) {
    const PreparedCase ready = prepare(c);
    const Agreement a =
        compare_with_ida(c, ready, c.disturbances, {.until_s = 30, .step_s = step, .ida_tolerance = 1e-10});
    error.push_back(a.speed_rms);
    fmt::print("step {:.2f} ms: speed {:.2e} pu RMS\n", 1e3 * step, a.speed_rms);
  }
  // At the first step, four time constants of the batteries, other errors weigh: it says nothing of the
  // order, and is held to what it was with half as many steps after events.
  const double order = std::log2(error[1] / error.back()) / 2;
  fmt::print("order over the last two halvings {:.2f}, at least 1.9; over the first {:.2f}\n", order,
             std::log2(error[0] / error[1]));
  EXPECT_GE(order, 1.9);
  EXPECT_LT(error[0], 1.7e-5);
}

/// A plant of 120 MVA behind reactances of 0.55 pu on 100 MVA: a short-circuit ratio of 1.5.
struct WeakPlant {
  Case c;
  PreparedCase ready;
  WeakPlant() {
    const Network network = plant_network(0.35, 0.275);
    const PowerFlowResult flow = solve_power_flow(network);
    Problems problems;
    const auto records = read_dyr_text(
        "1 'GENCLS' 1 20 1 /\n"
        "3 'REGCA1' 1 1 .02 10 .9 .4 1.22 1.2 .8 .4 -1.3 .02 .7 100 -100 .7 /\n"
        "3 'REECA1' 1 0 0 0 0 0 0 .85 1.2 .02 -.05 .05 2 1.05 -1.05 0 0 0 0 .05 .6 -.6 1.1 .9 0 .1 0 40 0 "
        ".02 99 -99 "
        "1 0 1.3 .02 -1 1.2 2 1.2 0 0 0 0 -1 1.3 2 1.3 0 0 0 0 /\n"
        "3 'REPCA1' 1 0 0 0 '0' 0 1 1 .02 2 3 0 .05 .6 0 0 .02 .1 -.1 0 0 .6 -.6 .5 .2 .1 -.0006 .0006 99 "
        "-99 1 0 .1 20 "
        "20 /\n",
        "weak.dyr", problems);
    check_dyr(records, problems);
    std::vector<Plant> plants = assemble_machines(network, flow, records, problems);
    problems.throw_if_any();
    for (Plant& p : assemble_loads(network, flow, {{0, 0, 1}, {0, 0, 1}})) plants.push_back(std::move(p));
    c.network = network;
    c.simulation.until_s = 6;
    ready.network = std::make_unique<Network>(network);
    ready.system = std::make_unique<System>(*ready.network, plants);
    std::vector<std::complex<double>> v;
    for (std::size_t b = 0; b < network.buses.size(); ++b) v.push_back(flow.voltage(static_cast<int>(b)));
    ready.y = initialise(*ready.system, v, 0);
  }
};

TEST(BatchStiff, AConverterAtAShortCircuitRatioOfOneAndAHalf) {
  // A fault in the distance, then a line out, which weakens the grid further; the load is one of constant
  // power.
  for (const double step : {0.0, 1.0 / 480}) {
    WeakPlant weak;
    const Agreement a = compare_with_ida(
        weak.c, weak.ready, {{1.0, BusFault{1, {{0, 0.3}}, 0.1}, {}}, {3.0, SwitchBranch{1, false}, {}}},
        {.step_s = step, .ida_tolerance = 1e-8});
    fmt::print("step {:.2f} ms: {}\n", step > 0 ? 1e3 * step : 1e3 / 120, test::text_of(a));
    expect_inside(a);
  }
}

}  // namespace
}  // namespace ballast
