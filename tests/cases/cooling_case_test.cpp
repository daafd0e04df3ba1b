/// Cooling, demand-response tiers and the grid connection of a case: what is read, what a run records.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "cases/reader/case.hpp"
#include "tests/cases/small_case.hpp"
#include "viz/record.hpp"

namespace ballast {
namespace {

const std::string kUps = "ups = { kind = \"double-conversion\", dips_to_lock = 3 }";
const std::string kWorkload =
    "workload = { kind = \"training\", iteration_s = 1.0, jitter = 0, start_s = 1 }";
/// Nothing moves by itself: a constant load of 72 MW.
const std::string kConstant = "workload = { kind = \"constant\", level = 0.9 }";
const std::string kCooling = R"(
[datacenter.cooling]
kind = "liquid"
rack_s_per_K = 0.05
resume_s = 0.5
restart_s = 1
chillers = [ { kind = "water-cooled", capacity_MW = 70, trip_s = 0.03, lockout_s = 2, load_s = 0.5, lag_s = 1 }, { name = "mobile", kind = "mobile", capacity_MW = 30, V_trip = 0.4 } ]
motors = [ { power_MW = 2, duty = "circulation", restart_s = 4, H = 0.1 } ]
drives = [ { power_MW = 2, duty = "circulation", restart_s = 3, ramp_s = 0.5, coast_s = 0.5, blocks = 2, stagger_s = 0.5 }, { name = "fans", power_MW = 1, duty = "rejection", V_trip = 0.5, ride_s = 0.05 } ]
)";

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const auto at = text.find(what);
  return at == std::string::npos ? "test error: no such text" : text.replace(at, what.size(), with);
}
std::string cooled(const std::string& cooling = kCooling) {
  return replaced(testing::spoiled(kWorkload, kConstant), kUps, kUps + cooling);
}
Case read(const std::string& text) { return read_case_text(text, "small.toml"); }
std::string problems_of(const std::string& text) {
  try {
    (void)read(text);
  } catch (const Error& error) {
    std::string all;
    for (const Problem& p : error.problems()) all += p.where + ": " + p.what + "; " + p.remedy + "\n";
    return all;
  }
  return "";
}

class CaseRun {
 public:
  explicit CaseRun(const std::string& text) : text_(text) {
    const Case c = read(text_);
    const PreparedCase ready = prepare(c);
    MemoryRecorder recorder;
    const RunResult result =
        simulate(*ready.system, ready.y, c.disturbances, c.simulation, run_info(c), &recorder);
    EXPECT_TRUE(result.status.completed) << result.status.outcome;
    record = recorder.record();
  }
  Record record;
  /// Of a quantity with one element, at every sample.
  [[nodiscard]] const std::vector<double>& operator[](const std::string& quantity) const {
    const auto found = record.find(quantity);
    if (!found) throw Error(quantity, "is not recorded");
    return record.values[*found];
  }
  /// Of one element, by a part of its name.
  [[nodiscard]] std::vector<double> of(const std::string& quantity, const std::string& element) const {
    const std::size_t q = record.find(quantity).value();
    const auto& names = record.schema.quantities[q].elements;
    std::size_t e = 0;
    while (e < names.size() && names[e].find(element) == std::string::npos) ++e;
    EXPECT_LT(e, names.size()) << element;
    std::vector<double> values;
    for (std::size_t k = 0; k < record.samples(); ++k) values.push_back(record.at(q, k, e));
    return values;
  }
  [[nodiscard]] double at(const std::string& quantity, double t) const {
    const auto& times = record.times_s;
    const auto after = std::upper_bound(times.begin(), times.end(), t + 1e-9) - times.begin();
    return (*this)[quantity][static_cast<std::size_t>(std::max<std::ptrdiff_t>(after, 1) - 1)];
  }
  /// Time of the first event whose text has these words, or NaN.
  [[nodiscard]] double event(const std::string& words) const {
    for (const LoggedEvent& e : record.events)
      if (e.text.find(words) != std::string::npos) return e.time_s;
    return std::nan("");
  }

 private:
  std::string text_;
};

TEST(Cooling, DrawsItsPowerAtRestAndStaysThere) {
  std::string text = replaced(cooled(), "at_s = 5", "at_s = 99");
  const Case c = read(text);
  const double heat = 72;
  const double chillers = heat * (0.7 / 6 + 0.3 / 2.8) + 0.005 * 70 + 0.02 * 30;
  EXPECT_NEAR(c.campuses[0].cooling_MVA.real(), chillers + 2 + 2 + 1, 1e-9);
  const CaseRun run(text);
  for (const char* quantity :
       {"datacenter.coolant.T_rack", "datacenter.coolant.T_water", "datacenter.cooling.P_load",
        "datacenter.cooling.circulation", "datacenter.cooling.rejection"}) {
    const auto& values = run[quantity];
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    fmt::print("{}: {:.6f} to {:.6f}\n", quantity, *low, *high);
    EXPECT_NEAR(*low, *high, 1e-4 * std::abs(*high));
  }
  EXPECT_NEAR(run.at("datacenter.coolant.T_rack", 0), 30 + 0.9 * 10, 1e-6);
  EXPECT_NEAR(run.at("datacenter.cooling.Q_cool", 0), heat, 1e-6);
  EXPECT_NEAR(run.at("datacenter.power", 0),
              run.at("datacenter.ups.P_load", 0) + run.at("datacenter.cooling.P_load", 0), 1e-6);
}

TEST(Cooling, ADipTakesPumpsAndChillersAndTheItLoadIsThrottledAndShutsDown) {
  const CaseRun run(cooled());
  for (const LoggedEvent& e : run.record.events)
    fmt::print("  {:9.4f} {} {}\n", e.time_s, e.text, e.power_MW);
  // 50 ms at half voltage from 5 s on. The motors drop out after 25 ms, the links of the drives are below 0.8
  // within 20 ms, the central chillers stop after 30 ms; the mobile ones and the fans stay.
  EXPECT_NEAR(run.event("motors: dropping out to open"), 5.025, 1e-3);
  EXPECT_LT(run.event("drives-1-1: running to tripped"), 5.021);
  EXPECT_NEAR(run.event("chillers-1: running to stopped"), 5.03, 1e-3);
  EXPECT_TRUE(std::isnan(run.event("mobile: running")));
  EXPECT_TRUE(std::isnan(run.event("fans: running")));
  // Voltage is back at 5.05 s.
  EXPECT_NEAR(run.event("drives-1-1: waiting to starting"), 8.05, 0.02);
  EXPECT_NEAR(run.event("drives-1-2: waiting to starting"), 8.55, 0.02);
  EXPECT_NEAR(run.event("motors: returning to running"), 9.05, 0.02);
  EXPECT_NEAR(run.event("chillers-1: locked out to loading"), 7.05, 0.02);
  const double throttled = run.event("coolant: normal to throttled");
  const double shut = run.event("coolant: throttled to shut down");
  EXPECT_GT(throttled, 5.05);
  EXPECT_GT(shut, throttled);
  EXPECT_LT(run.at("datacenter.coolant.it_share", shut), 0.51);
  EXPECT_GT(run.at("datacenter.coolant.it_share", throttled + 0.01), 0.95);
}

TEST(Cooling, TheHeatOfTheRecordBalances) {
  // Stored heat, from the temperatures, against what the IT load gave and the chillers took.
  std::string text = cooled();
  text += "step_s = 0.001\n";
  const CaseRun run(text);
  const auto& T_rack = run["datacenter.coolant.T_rack"];
  const auto& T_water = run["datacenter.coolant.T_water"];
  const auto& heat = run["datacenter.ups.P_served_MW"];
  const auto& cooling = run["datacenter.cooling.Q_cool"];
  const auto& t = run.record.times_s;
  double given = 0;
  double worst = 0;
  double most = 0;
  for (std::size_t k = 1; k < t.size(); ++k) {
    given += 0.5 * (t[k] - t[k - 1]) * (heat[k] + heat[k - 1] - cooling[k] - cooling[k - 1]);
    const double stored = 80 * (0.05 * (T_rack[k] - T_rack[0]) + 20 * (T_water[k] - T_water[0]));
    worst = std::max(worst, std::abs(stored - given));
    most = std::max(most, std::abs(stored));
  }
  fmt::print("stored heat up to {:.2f} MJ, balance within {:.1e} MJ (allowed 1e-3 of it)\n", most, worst);
  EXPECT_GT(most, 10);
  EXPECT_LT(worst, 1e-3 * most);
  const auto& meter = run["datacenter.power"];
  const auto& it = run["datacenter.ups.P_load"];
  const auto& cooled_by = run["datacenter.cooling.P_load"];
  double open = 0;
  for (std::size_t k = 0; k < meter.size(); ++k)
    open = std::max(open, std::abs(meter[k] - it[k] - cooled_by[k]));
  fmt::print("meter against UPS and cooling: {:.1e} MW (allowed 1e-6)\n", open);
  EXPECT_LT(open, 1e-6);
}

TEST(Tiers, ACommandCurtailsAndTheyComeBackRampLimited) {
  std::string text =
      replaced(testing::spoiled(kWorkload, kConstant), kUps,
               "tiers = { share_1 = 0.1, share_2 = 0.2, ramp_down = 0.5, ramp_up = 0.1 }\n" + kUps);
  text = replaced(text, "at_s = 5", "at_s = 99");
  text += R"(
[[event]]
at_s = 2
curtail = { datacenter = "Campus-A", tiers = 2 }
[[event]]
at_s = 5
curtail = { datacenter = "Campus-A", tiers = 0 }
)";
  const CaseRun run(text);
  const double full = run.at("datacenter.ups.P_load", 1);
  for (const auto& [t, kept] : {std::pair{2.3, 0.85}, {2.6, 0.7}, {4.9, 0.7}, {6.0, 0.8}, {8.1, 1.0}}) {
    fmt::print("{} s: {:.6f} of the load (wanted {})\n", t, run.at("datacenter.ups.P_load", t) / full, kept);
    EXPECT_NEAR(run.at("datacenter.ups.P_load", t), kept * full, 1e-4 * full);
  }
}

TEST(Tiers, LowVoltageTakesThem) {
  const CaseRun run(replaced(testing::spoiled(kWorkload, kConstant), kUps,
                             "tiers = { share_1 = 0.1, share_2 = 0.2, V_1 = 0.9, V_2 = 0.3, delay_s = 0.02, "
                             "return_s = 1, ramp_down = 2 }\n" +
                                 kUps));
  EXPECT_NEAR(run.event("tiers: all served to tier 1 off"), 5.02, 1e-3);
  EXPECT_NEAR(run.event("tiers: tier 1 off to all served"), 6.05, 0.02);
}

const std::string kConnection =
    "connection = { bus = 20, base_kV = 34.5, capacitors_Mvar = [10], transformer = { R = 0.003, X = 0.1, "
    "base_MVA = "
    "120, "
    "ratio = 0.98, count = 2, tap_changer = { V_low = 0.995, V_high = 1.035, first_s = 1, next_s = 0.5, step "
    "= 0.01 } } "
    "}\n";

TEST(TapChanger, HoldsItsVoltageByStepsThatTheMeterSees) {
  std::string text = replaced(testing::spoiled(kWorkload, kConstant), kUps, kConnection + kUps);
  text = replaced(text, "at_s = 5\nfault = { bus = 2, residual_voltage_pu = 0.5, duration_s = 0.05 }",
                  "at_s = 2\nload_step = { load = \"2-1\", active_factor = 1, reactive_factor = 15 }");
  text = replaced(text, "record = [", "record = [\"branch.*\", ");
  const CaseRun run(text);
  const std::vector<double> V = run.of("bus.voltage", "20");
  const auto& position = run["datacenter.tap_changer.tap_position"];
  for (const LoggedEvent& e : run.record.events) fmt::print("  {:9.4f} {}\n", e.time_s, e.text);
  fmt::print("voltage {:.4f} pu at rest, {:.4f} at worst, {:.4f} at the end; position {}\n", V.front(),
             *std::min_element(V.begin(), V.end()), V.back(), position.back());
  EXPECT_LT(*std::min_element(V.begin(), V.end()), 0.995);
  EXPECT_GE(V.back(), 0.995);
  EXPECT_LT(position.back(), 0);
  EXPECT_NEAR(run.event("tap_changer: too low to raising"), 3, 1e-3);
  // What goes into the data center's bus is what it draws, at every tap.
  const std::vector<double> one = run.of("branch.power_to", "2-20-1");
  const std::vector<double> two = run.of("branch.power_to", "2-20-2");
  const auto& drawn = run["datacenter.power"];
  const auto& battery = run["bess.power"];
  double worst = 0;
  for (std::size_t k = 0; k < drawn.size(); ++k)
    worst = std::max(worst, std::abs(-one[k] - two[k] - drawn[k] + battery[k]));
  fmt::print("meter against what the data center draws: {:.1e} MW (allowed 1e-4)\n", worst);
  EXPECT_LT(worst, 1e-4);
}

TEST(Connection, CapacitorsAndTransformersAreSwitchedByEvents) {
  std::string text = replaced(testing::spoiled(kWorkload, kConstant), kUps, kConnection + kUps);
  text =
      replaced(text, "at_s = 5\nfault = { bus = 2, residual_voltage_pu = 0.5, duration_s = 0.05 }",
               "at_s = 2\nopen = { shunt = \"20-1\" }\n[[event]]\nat_s = 4\nopen = { branch = \"2-20-2\" }");
  const CaseRun run(text);
  EXPECT_NEAR(run.event("switched out"), 2, 1e-9);
  EXPECT_NEAR(run.event(" opened"), 4, 1e-9);
}

TEST(Cooling, ReconnectionIsLimitedInMegawattsPerMinute) {
  const Case c =
      read(testing::spoiled(kUps, "ups = { kind = \"double-conversion\", reconnect_MW_per_min = 480 }"));
  const auto found = std::find_if(c.assumed.begin(), c.assumed.end(),
                                  [](const AssumedDefault& a) { return a.parameter == "walk_in_ramp_s"; });
  ASSERT_NE(found, c.assumed.end());
  EXPECT_NEAR(found->value, 10, 1e-12);  // 80 MW
}

TEST(Cooling, WhatIsWrongIsSaidWithItsPlace) {
  const std::string no_chillers = problems_of(cooled("\n[datacenter.cooling]\nkind = \"liquid\"\n"));
  EXPECT_NE(no_chillers.find("small.toml:"), std::string::npos) << no_chillers;
  EXPECT_NE(no_chillers.find("chillers"), std::string::npos) << no_chillers;
  const std::string no_capacity = problems_of(
      cooled("\n[datacenter.cooling]\nkind = \"liquid\"\nchillers = [ { kind = \"mobile\" } ]\n"));
  EXPECT_NE(no_capacity.find("capacity_MW"), std::string::npos) << no_capacity;
  const std::string misspelt =
      problems_of(replaced(cooled(), "duty = \"circulation\"", "duty = \"circulatin\""));
  EXPECT_NE(misspelt.find("circulation"), std::string::npos) << misspelt;
  const std::string no_pump =
      problems_of(replaced(replaced(replaced(cooled(), "duty = \"circulation\"", "duty = \"other\""),
                                    "duty = \"circulation\"", "duty = \"other\""),
                           "kind = \"liquid\"\n", "kind = \"liquid\"\ncirculation_beside = 0.5\n"));
  EXPECT_NE(no_pump.find("nothing gives the other 0.5 of the circulation"), std::string::npos) << no_pump;
  const std::string no_tiers = problems_of(
      testing::kSmallCase + "\n[[event]]\nat_s = 2\ncurtail = { datacenter = \"Campus-A\", tiers = 2 }\n");
  EXPECT_NE(no_tiers.find("Campus-A has no tiers to curtail"), std::string::npos) << no_tiers;
  const std::string no_table =
      problems_of(replaced(testing::kSmallCase, kUps,
                           "connection = { bus = 20, base_kV = 34.5, transformer = { R = 0, X = 0.1, "
                           "base_MVA = 120, tap_changer = 5 } }\n" +
                               kUps));
  EXPECT_NE(no_table.find("'tap_changer' in transformer of 'Campus-A' is"), std::string::npos) << no_table;
  // Too little cooling is found at the operating point.
  try {
    (void)prepare(read(replaced(cooled(), "capacity_MW = 70", "capacity_MW = 20")));
    ADD_FAILURE() << "50 MW of chillers for 72 MW of heat";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("cooling asked for"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace ballast
