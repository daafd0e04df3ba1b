/// Cohorts: many blocks with settings that scatter, and lists of unlike blocks.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

#include "cases/reader/case.hpp"
#include "models/datacenter/ups.hpp"
#include "studies/figures.hpp"
#include "tests/cases/recorded.hpp"
#include "tests/cases/small_case.hpp"
#include "viz/record.hpp"

namespace ballast {
namespace {

using testing::recorded;
using testing::spoiled;

/// The small case with other tables in place of its UPS.
std::string with(const std::string& supply) {
  return spoiled("ups = { kind = \"double-conversion\", dips_to_lock = 3 }", supply);
}
std::string cohorts(const std::string& keys) {
  return with("[datacenter.ups]\nkind = \"double-conversion\"\n[datacenter.ups.cohorts]\n" + keys + "\n");
}
const std::string kScatter =
    "shares = { kind = \"uniform\", low = 0.5, high = 1.5 }\n"
    "V_low_transfer = { kind = \"normal\", mean = 0.85, deviation = 0.03, low = 0.78, high = 0.89 }\n"
    "detect_s = { kind = \"uniform\", low = 0.005, high = 0.02 }\n"
    "dips_to_lock = { kind = \"choice\", values = [0, 3] }\n";

std::string problems_of(const std::string& text) {
  Problems problems;
  (void)read_case_text(text, "small.toml", problems);
  std::string all;
  for (const Problem& p : problems.errors()) all += p.what + "; ";
  return all;
}
std::vector<const Part*> blocks(const Case& c, const std::string& model = "UPS") {
  std::vector<const Part*> found;
  for (const Plant& plant : c.plants)
    for (const Part& part : plant.parts)
      if (part.model == model) found.push_back(&part);
  return found;
}
struct Ran {
  RunResult result;
  Record record;
};
Ran run(const Case& c) {
  const PreparedCase ready = prepare(c);
  EXPECT_LT(std::max(ready.rest.worst_rate, ready.rest.worst_balance), 1e-8) << ready.rest.where;
  MemoryRecorder recorder;
  Ran ran;
  ran.result = simulate(*ready.system, ready.y, c.disturbances, c.simulation, run_info(c), &recorder);
  EXPECT_TRUE(ran.result.status.completed) << ran.result.status.outcome;
  ran.record = recorder.record();
  return ran;
}

TEST(Cohorts, AreDrawnFromTheirSeedAndSaySo) {
  const Case c = read_case_text(cohorts("count = 20\nseed = 7\n" + kScatter), "small.toml");
  const Case again = read_case_text(cohorts("count = 20\nseed = 7\n" + kScatter), "small.toml");
  const Case other = read_case_text(cohorts("count = 20\nseed = 8\n" + kScatter), "small.toml");
  const auto parts = blocks(c);
  ASSERT_EQ(parts.size(), 20U);
  double MW = 0;
  double mean = 0;
  for (std::size_t k = 0; k < parts.size(); ++k) {
    MW += parts[k]->base_MVA;
    const double V = parts[k]->parameters[Ups::V_LOW_TRANSFER];
    mean += V / 20;
    EXPECT_GE(V, 0.78);
    EXPECT_LE(V, 0.89);
    EXPECT_EQ(parts[k]->parameters, blocks(again)[k]->parameters);
    EXPECT_NE(V, blocks(other)[k]->parameters[Ups::V_LOW_TRANSFER]);
  }
  fmt::print("ratings add up to {:.12f} MW (80), mean threshold {:.4f} pu (0.85)\n", MW, mean);
  EXPECT_NEAR(MW, 80, 1e-9);
  EXPECT_NEAR(mean, 0.85, 0.03);
  // Every draw is told, with the value that the part has.
  for (std::size_t k = 0; k < parts.size(); ++k) {
    const std::string device = fmt::format("Campus-A.ups-{}", k + 1);
    const auto told = std::find_if(c.assumed.begin(), c.assumed.end(), [&](const AssumedDefault& a) {
      return a.device == device && a.parameter == "V_low_transfer";
    });
    ASSERT_NE(told, c.assumed.end()) << device;
    EXPECT_EQ(told->value, parts[k]->parameters[Ups::V_LOW_TRANSFER]);
    EXPECT_EQ(told->source, "drawn with seed 7");
  }
}

TEST(Cohorts, OfOneSettingAreOneBlock) {
  const Case one = read_case_text(with("ups = { kind = \"double-conversion\" }"), "small.toml");
  const Case many = read_case_text(cohorts("count = 40\nseed = 1"), "small.toml");
  const Ran a = run(one);
  const Ran b = run(many);
  const auto voltage = recorded(a.record, "bus.voltage", "2");
  const auto same = recorded(b.record, "bus.voltage", "2");
  const auto load = recorded(a.record, "datacenter.ups.P_load", "Campus-A");
  const auto total = recorded(b.record, "datacenter.total.P_load", "Campus-A");
  ASSERT_EQ(a.record.samples(), b.record.samples());
  double worst = 0;
  double worst_MW = 0;
  for (std::size_t k = 0; k < voltage.size(); ++k) {
    worst = std::max(worst, std::abs(voltage[k] - same[k]));
    worst_MW = std::max(worst_MW, std::abs(load[k] - total[k]));
  }
  fmt::print("40 blocks against one: {:.1e} pu, {:.1e} MW of 80\n", worst, worst_MW);
  EXPECT_LT(worst, 2e-5);
  EXPECT_LT(worst_MW, 2e-2);
  EXPECT_FALSE(b.record.find("datacenter.ups.P_load")) << "blocks are recorded only where a pattern has '/'";
}

/// Parts go through their equations four at a time; a range of fewer goes one by one.
TEST(Cohorts, FourAtATimeHaveTheBitsOfOneByOne) {
  const Case c = read_case_text(cohorts("count = 9\nseed = 7\n" + kScatter), "small.toml");
  PreparedCase ready = prepare(c);
  System& system = *ready.system;
  const auto name = [&](int g) { return system.group(g).model; };
  int found = 0;
  for (int g = 0; g < system.group_count(); ++g) {
    if (name(g) != "UPS" && name(g) != "TOTAL") continue;
    ++found;
    PartGroup& group = system.group(g);
    if (name(g) == "UPS") {  // of the first of four: the others keep theirs
      std::vector<double> other = blocks(c)[4]->parameters;
      other[Ups::EFFICIENCY] -= 0.01;
      group.set_parameters(4, other, {blocks(c)[4]->base_MVA, c.network.base_MVA, c.network.frequency_Hz});
    }
    system.evaluate(3.5, ready.y.data());
    // Every part in another mode, at another place of its ramp.
    for (int i = 0; i < group.count && name(g) == "UPS"; ++i) {
      int* const mode = group.mode.data() + static_cast<std::ptrdiff_t>(i) * group.modes;
      double* const held = group.held.data() + static_cast<std::ptrdiff_t>(i) * group.held_count;
      mode[Ups::AUTOMATON] = i % 8;
      mode[Ups::RECTIFIER] = i % 3 == 0 ? 1 : 0;
      mode[Ups::BACKUP] = i % 4 == 1 ? 1 : 0;
      mode[Ups::CURRENT] = i % 5 == 2 ? 1 : 0;
      held[Ups::RAMP_VALUE] = 0.1 * i;
      held[Ups::RAMP_SLOPE] = 0.05;
      ready.y[group.x_at[i]] *= 1 - 0.07 * i;
    }
    ++group.moves;
    struct Result {
      std::vector<double> signals, rates, guards;
      bool operator==(const Result&) const = default;
    };
    const auto evaluated = [&](int at_a_time) {
      Result r{{system.signals().begin(), system.signals().end()},
               std::vector<double>(ready.y.size(), 0.0),
               std::vector<double>(static_cast<std::size_t>(group.count) * group.guards + 1, 0.0)};
      for (int i = 0; i < group.count; i += at_a_time) {
        const int last = std::min(i + at_a_time, group.count);
        group.evaluate_outputs(i, last, ready.y.data(), r.signals.data());
        group.evaluate_rates(i, last, ready.y.data(), r.signals.data(), r.rates.data(), r.guards.data());
      }
      return r;
    };
    EXPECT_TRUE(evaluated(group.count) == evaluated(1)) << name(g);
    // Rates alone, with inputs that the outputs have not seen.
    Result rates = evaluated(1);
    std::fill(rates.rates.begin(), rates.rates.end(), 0.0);
    group.evaluate_rates(0, group.count, ready.y.data(), rates.signals.data(), rates.rates.data(),
                         rates.guards.data());
    EXPECT_TRUE(rates == evaluated(1)) << name(g);
  }
  EXPECT_EQ(found, 2);
}

TEST(Cohorts, LoadLostIsCountedOncePerBlock) {
  // Two dips: every block leaves twice, qualifying in between.
  std::string text = cohorts(
      "count = 10\nseed = 3\nqualify_s = { kind = \"uniform\", low = 0.2, high = 0.6 }\nwalk_in_delay_s = { "
      "kind "
      "= \"uniform\", low = 0, high = 0.2 }\nwalk_in_ramp_s = { kind = \"uniform\", low = 0.1, high = 0.5 }");
  text.replace(text.find("[simulation]"), 0,
               "[[event]]\nat_s = 8\nfault = { bus = 2, residual_voltage_pu = 0.5, duration_s = 0.05 }\n");
  const Case c = read_case_text(text, "small.toml");
  const Ran ran = run(c);
  FigureRecorder figures;
  int left = 0;
  for (const LoggedEvent& e : ran.result.events) {
    figures.event(e);
    left += e.kind == "mode" && e.text.ends_with("normal to battery") ? 1 : 0;
  }
  const auto drawn = recorded(ran.record, "datacenter.total.P_load", "Campus-A");
  const double most = *std::max_element(drawn.begin(), drawn.end());
  fmt::print("{} departures of 10 blocks, load lost {:.2f} MW, drawn at most {:.2f} MW\n", left,
             figures.figures().load_lost_MW, most);
  EXPECT_EQ(left, 20);
  EXPECT_LE(figures.figures().load_lost_MW, most + 1e-6);
  EXPECT_GT(figures.figures().load_lost_MW, 0.5 * most);
}

TEST(Cohorts, UnlikeBlocksStandSideBySide) {
  std::string text = with(
      "[[datacenter.ups]]\nname = \"hall-1\"\nshare = 0.5\nkind = \"double-conversion\"\n[[datacenter.ups]]\n"
      "name = \"hall-2\"\nshare = 0.3\nkind = \"eco-mode\"\nV_low_transfer = 0.88\n[[datacenter.ups]]\nname "
      "= "
      "\"hall-3\"\nshare = 0.2\nkind = \"rack-psu\"\ncurve = \"semi-f47\"\nbbu_s = 240\n");
  text = text.replace(text.find("\"datacenter.*\""), 0, "\"datacenter.*/*\", ");
  const Case c = read_case_text(text, "small.toml");
  ASSERT_EQ(blocks(c).size(), 2U);
  ASSERT_EQ(blocks(c, "PSU").size(), 1U);
  EXPECT_NEAR(blocks(c, "PSU")[0]->base_MVA, 16, 1e-12);
  const Ran ran = run(c);
  const auto served = recorded(ran.record, "datacenter.total.P_served_MW", "Campus-A");
  const auto asked = recorded(ran.record, "datacenter.workload.P_it", "Campus-A");
  for (std::size_t k = 0; k < served.size(); ++k) EXPECT_NEAR(served[k], 80 * asked[k], 1e-6);
  (void)recorded(ran.record, "datacenter.hall-2.mode", "Campus-A/hall-2");
}

TEST(Cohorts, GensetsTakeTheBlocksInSequenceAfterAnOutage) {
  std::string text = with(
      "genset = { kind = \"diesel\", power_MW = 120, sequence_s = 2 }\n[datacenter.ups]\nkind = "
      "\"double-conversion\"\n[datacenter.ups.cohorts]\ncount = 4\nseed = 1\n");
  text.replace(text.find("residual_voltage_pu = 0.5, duration_s = 0.05"), 44,
               "residual_voltage_pu = 0.6, duration_s = 40");
  text.replace(text.find("until_s = 10"), 12, "until_s = 40");
  const Ran ran = run(read_case_text(text, "small.toml"));
  std::map<std::string, double> at;
  for (const LoggedEvent& e : ran.result.events) {
    fmt::print("{:9.4f} s  {}\n", e.time_s, e.text);
    if (e.device == "Campus-A.genset") at.try_emplace(e.text, e.time_s);
  }
  EXPECT_NEAR(at["GENSET Campus-A.genset: sensing to starting"], 5 + 1.5, 0.1);
  EXPECT_NEAR(at["GENSET Campus-A.genset: starting to on load, class G3"], 5 + 11.5, 0.1);
  const auto power = recorded(ran.record, "datacenter.genset.P_genset", "Campus-A");
  EXPECT_GT(*std::max_element(power.begin(), power.end()), 40);
}

TEST(Cohorts, WhatIsWrongIsNamed) {
  const auto expect = [](const std::string& text, const std::string& message) {
    EXPECT_NE(problems_of(text).find(message), std::string::npos)
        << problems_of(text) << "wanted: " << message;
  };
  expect(cohorts("seed = 1"), "count");
  expect(cohorts("count = 5"), "seed");
  expect(cohorts("count = 5\nseed = 1\nV_low_transfer = { kind = \"uniform\", low = 0.9, high = 1.2 }"),
         "which is not possible");
  expect(cohorts("count = 5\nseed = 1\nV_low_transfr = { kind = \"uniform\", low = 0.8, high = 0.9 }"),
         "V_low_transfr");
  expect(with("[datacenter.ups]\nkind = \"double-conversion\"\nqualify_s = "
              "5\n[datacenter.ups.cohorts]\ncount = 2\nseed "
              "= 1\nqualify_s = { kind = \"uniform\", low = 5, high = 9 }\n"),
         "given and drawn");
  expect(cohorts("count = 5\nseed = 1\nV_gate_off = { kind = \"uniform\", low = 0.84, high = 0.9 }"),
         "V_gate_off");
  expect(
      with("ups = [ { kind = \"double-conversion\", share = 0.5 }, { kind = \"eco-mode\", share = 0.4 } ]"),
      "add up to 0.9");
  expect(
      with("ups = [ { kind = \"double-conversion\", name = \"a\" }, { kind = \"eco-mode\", name = \"a\" } ]"),
      "is called 'a'");
  expect(with("ups = { kind = \"ecomode\" }"), "eco");
  expect(with("genset = { kind = \"diesel\", power_MW = 10 }\nups = { kind = \"rack-psu\" }"),
         "could take a generator");
}

std::string text_of(const char* path) {
  std::ifstream file(std::string(BALLAST_SOURCE_DIR) + path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// 200 blocks of other thresholds, timers and phases in New England's four campuses; three dips within a
/// minute.
TEST(Cohorts, TwoHundredWithThreeDipsInAMinute) {
  const std::string plain = text_of("/cases/new-england-campuses/case.toml");
  const std::string supply = text_of("/bench/cohorts-supply.toml");
  const auto seed_at = supply.rfind("{seed}");
  ASSERT_NE(seed_at, std::string::npos);
  std::istringstream lines(plain);
  std::string scattered;
  int seed = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("ups = {")) {
      line = supply;
      line.replace(seed_at, 6, std::to_string(++seed));
    }
    scattered += line + "\n";
  }
  const std::string dips = "reclose_after_s = [5.0, 12.0, 6.0], shots_onto_fault = 2";
  const auto at = scattered.find("reclose_after_s = [5.0], shots_onto_fault = 0");
  ASSERT_NE(at, std::string::npos);
  scattered.replace(at, 45, dips);
  const std::string path = std::string(BALLAST_SOURCE_DIR) + "/cases/new-england-campuses/case.toml";
  const Ran one = run(read_case_text(plain, path));
  const Ran many = run(read_case_text(scattered, path));

  std::map<std::string, std::string> story;
  std::map<std::string, std::string> mode;  // of each block, as the record tells it
  std::map<std::string, int> locked;
  double last_s = 0;
  for (const LoggedEvent& e : many.record.events) {
    if (e.kind != "mode" || e.device.find(".ups-") == std::string::npos) continue;
    const std::string move = e.text.substr(e.text.find(": ") + 2);
    story[e.device] += fmt::format("  {:.3f} {}", e.time_s, move);
    const auto to = move.find(" to ");
    EXPECT_EQ(move.substr(0, to), mode.try_emplace(e.device, "normal").first->second)
        << e.device << " at " << e.time_s << " s";
    mode[e.device] = move.substr(to + 4);
    EXPECT_GE(e.time_s, last_s - 1e-4) << "events share a restart within 0.1 ms and keep their times";
    last_s = e.time_s;
    if (e.text.ends_with(" to locked")) ++locked[e.device];
  }
  int shown = 0;
  for (const auto& [device, moves] : story)
    if (shown++ % 20 == 0) fmt::print("{}:{}\n", device, moves);
  const IntegratorCounters& cost = many.result.statistics.integrator;
  const IntegratorCounters& cost_of_one = one.result.statistics.integrator;
  fmt::print("{} of 200 blocks moved, {} locked; {} restarts, at most 60; {} steps and {} residuals\n",
             story.size(), locked.size(), cost.restarts, cost.steps, cost.residuals);
  fmt::print("one block each and one dip: {} and {}, at most 1.4 times these\n", cost_of_one.steps,
             cost_of_one.residuals);
  // What the blocks cost is counted here and timed by bench/cohorts.py.
  EXPECT_LE(cost.restarts, 60);
  EXPECT_LE(static_cast<double>(cost.steps), 1.4 * static_cast<double>(cost_of_one.steps));
  EXPECT_LE(static_cast<double>(cost.residuals), 1.4 * static_cast<double>(cost_of_one.residuals));
  EXPECT_EQ(story.size(), 200U);
  EXPECT_GT(locked.size(), 50U);
  EXPECT_LT(locked.size(), 200U) << "some have no counter, or another";
  for (const auto& [device, times] : locked) EXPECT_EQ(times, 1) << device;
}

}  // namespace
}  // namespace ballast
