/// A scenario's bits do not depend on its lane, its neighbours or the threads.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <random>

#include "cases/reader/case.hpp"
#include "kernels/batch.hpp"
#include "kernels/host_machine.hpp"
#include "kernels/prepare/join.hpp"
#include "kernels/prepare/problem_of.hpp"
#include "kernels/problem_file.hpp"
#include "models/machines/genrou.hpp"
#include "models/storage/bess.hpp"

namespace ballast {
namespace {

/// Twelve scenarios that differ in when and how deep the faults are.
batch::Problem twelve_scenarios() {
  const Case c = read_case(std::filesystem::path(BALLAST_SOURCE_DIR) / "cases/new-england-campuses");
  const PreparedCase ready = prepare(c);
  batch::ProblemBuilder builder(*ready.system, ready.y, {.until_s = 13});
  for (int s = 0; s < 12; ++s) {
    std::vector<Disturbance> some = c.disturbances;
    for (Disturbance& d : some) d.at_s += 0.037 * s;
    if (s % 3 == 1) some.push_back({2.0 + 0.1 * s, BusFault{s, {{0, 0.01 * s}}, 0.1}, {}});
    if (s % 4 == 2) some.push_back({4.0, SwitchBranch{s, false}, {}});
    std::stable_sort(some.begin(), some.end(), [](const auto& a, const auto& b) { return a.at_s < b.at_s; });
    builder.add(some);
  }
  return builder.finish();
}

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0);
}

void expect_equal(const batch::Result& a, const batch::Result& b) {
  EXPECT_EQ(a.scenario, b.scenario);
  EXPECT_EQ(a.ending, b.ending);
  EXPECT_EQ(a.steps, b.steps);
  EXPECT_TRUE(same_bits(a.x, b.x)) << "scenario " << a.scenario;
  EXPECT_TRUE(same_bits(a.signals, b.signals)) << "scenario " << a.scenario;
  EXPECT_EQ(a.voltage_min.value, b.voltage_min.value);
  EXPECT_EQ(a.voltage_min.time_s, b.voltage_min.time_s);
  EXPECT_EQ(a.voltage_min.bus, b.voltage_min.bus);
  ASSERT_EQ(a.events.size(), b.events.size());
  for (std::size_t i = 0; i < a.events.size(); ++i) EXPECT_EQ(a.events[i].time_s, b.events[i].time_s);
}

TEST(BatchBits, DoNotDependOnLaneNeighboursWidthOrThreads) {
  const batch::Problem problem = twelve_scenarios();
  std::vector<batch::Result> alone;
  for (int s = 0; s < 12; ++s) alone.push_back(batch::run_alone(problem, s));
  std::size_t numbers = 0;
  std::vector<int> widths{4};
  batch::Options eight;
  eight.threads = 1;
  if (batch::pack_width(problem, eight) == 8)
    widths.push_back(8);
  else
    fmt::print("no AVX-512: packs of four alone\n");
  for (const int lanes : widths)
    for (const int threads : {1, 2}) {
      batch::Options options;
      options.threads = threads;
      options.lanes = lanes;
      std::mt19937 random(7 + threads);
      for (int round = 0; round < 3; ++round) {
        options.only.resize(12);
        for (int s = 0; s < 12; ++s) options.only[s] = s;
        std::shuffle(options.only.begin(), options.only.end(), random);
        if (round == 2) options.only.resize(5);
        const std::vector<batch::Result> together = batch::run_cpu(problem, options);
        ASSERT_EQ(together.size(), options.only.size());
        for (const batch::Result& r : together) {
          expect_equal(r, alone[r.scenario]);
          numbers += r.x.size() + r.signals.size();
        }
      }
    }
  fmt::print("{} numbers equal bit for bit\n", numbers);
}

TEST(BatchBits, CodeOfTheDeviceHasThem) {
  const batch::Problem problem = twelve_scenarios();
  batch::Options options;
  options.only = {0, 1, 2, 10};
  for (const batch::Result& r : batch::run_as_on_cuda(problem, options, 2))
    expect_equal(r, batch::run_alone(problem, r.scenario));
}

/// One scenario of a case that is changed before it is put at rest.
batch::Problem problem_of(Case& c, int scenario) {
  const PreparedCase ready = prepare(c);
  batch::ProblemBuilder builder(*ready.system, ready.y, {.until_s = 4});
  builder.add(
      {{1.0, BusFault{3, {{0, 0.02}}, 0.1 + 0.01 * scenario}, {}}, {2.5, SwitchBranch{5, false}, {}}});
  return builder.finish();
}

TEST(BatchBits, DoNotDependOnWhichCasesAreJoined) {
  // Settings, loads, lines, ratings and inertia differ; what is stiff does not.
  std::vector<batch::Problem> own;
  for (int k = 0; k < 6; ++k) {
    Case c = read_case(std::filesystem::path(BALLAST_SOURCE_DIR) / "cases/new-england-campuses");
    for (auto& load : c.network.loads) load.P_MW *= 1 - 0.01 * k;
    c.network.branches[2].X *= 1 + 0.02 * k;
    for (Plant& plant : c.plants)
      for (Part& part : plant.parts) {
        if (part.model == ModelName<Bess>::value) part.base_MVA *= 1 + 0.1 * k;
        if (part.model == ModelName<Genrou>::value) part.parameters[Genrou::H] *= 1 + 0.05 * k;
      }
    own.push_back(problem_of(c, k));
  }
  for (const batch::Problem& p : own) EXPECT_TRUE(batch::alike(own.front(), p));
  std::vector<batch::Result> alone;
  for (const batch::Problem& p : own) alone.push_back(batch::run_alone(p, 0));
  for (const auto& [first, last] : {std::pair{0, 6}, {2, 5}, {4, 5}}) {
    const batch::Problem joint =
        batch::join(std::vector<batch::Problem>(own.begin() + first, own.begin() + last));
    EXPECT_EQ(static_cast<int>(joint.scenarios.size()), last - first);
    EXPECT_EQ(joint.own_parts.empty(), last - first == 1);
    const batch::Problem back = batch::problem_from(batch::problem_bytes(joint), "problem");
    const auto check = [&](batch::Result r) {
      r.scenario += first;
      batch::Result wanted = alone[r.scenario];
      wanted.scenario = r.scenario;
      expect_equal(r, wanted);
    };
    batch::Options two;
    two.threads = 2;
    for (const batch::Result& r : batch::run_cpu(back, two)) check(r);
    for (const batch::Result& r : batch::run_as_on_cuda(back, {}, 2)) check(r);
  }
  double apart = 0;
  for (std::size_t k = 1; k < alone.size(); ++k)
    apart = std::max(apart, std::abs(alone[k].voltage_min.value - alone[k - 1].voltage_min.value));
  fmt::print("{} cases, lowest voltages up to {:.2e} pu apart from one to the next\n", alone.size(), apart);
  EXPECT_GT(apart, 1e-4);
}

TEST(BatchBits, CasesWithOtherPartsAreNotAlike) {
  Case c = read_case(std::filesystem::path(BALLAST_SOURCE_DIR) / "cases/new-england-campuses");
  const batch::Problem whole = problem_of(c, 0);
  Case other = read_case(std::filesystem::path(BALLAST_SOURCE_DIR) / "cases/new-england-campuses");
  other.network.branches[7].in_service = false;
  EXPECT_FALSE(batch::alike(whole, problem_of(other, 0)));
  EXPECT_TRUE(batch::alike(whole, problem_of(c, 1)));
}

TEST(BatchBits, SurviveAFile) {
  const batch::Problem problem = twelve_scenarios();
  const std::vector<unsigned char> bytes = batch::problem_bytes(problem);
  const batch::Problem back = batch::problem_from(bytes, "problem");
  EXPECT_EQ(batch::problem_bytes(back), bytes);
  expect_equal(batch::run_alone(back, 5), batch::run_alone(problem, 5));
  fmt::print("{} scenarios in {} bytes\n", problem.scenarios.size(), bytes.size());
}

}  // namespace
}  // namespace ballast
