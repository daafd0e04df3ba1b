/// What a case file says is what is simulated: networks from files, connections, loads, names, steps.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "cases/reader/case.hpp"
#include "tests/cases/small_case.hpp"
#include "tests/reference.hpp"
#include "viz/record.hpp"

namespace ballast {
namespace {

using ::testing::HasSubstr;

Case small(const std::string& what = "", const std::string& with = "") {
  return read_case_text(what.empty() ? testing::kSmallCase : testing::spoiled(what, with), "small.toml");
}

Record run(const Case& c) {
  const PreparedCase ready = prepare(c);
  MemoryRecorder recorder;
  const RunResult result =
      simulate(*ready.system, ready.y, c.disturbances, c.simulation, run_info(c), &recorder);
  EXPECT_TRUE(result.status.completed) << result.status.outcome;
  return recorder.record();
}

double value_at(const Record& record, const std::string& quantity, const std::string& element,
                double time_s) {
  const std::size_t q = record.find(quantity).value();
  const auto& names = record.schema.quantities[q].elements;
  const auto e = static_cast<std::size_t>(std::find(names.begin(), names.end(), element) - names.begin());
  EXPECT_LT(e, names.size()) << element;
  std::size_t last = 0;
  for (std::size_t k = 0; k < record.samples(); ++k)
    if (record.times_s[k] <= time_s + 1e-9) last = k;
  return record.at(q, last, e);
}

constexpr const char* kFault = "fault = { bus = 2, residual_voltage_pu = 0.5, duration_s = 0.05 }";

TEST(CaseFeatures, ADataCenterRestsAtWhatItsWorkloadAndUpsDraw) {
  const Case c = small("jitter = 0", "jitter = 0, initial_level = 0.6");
  ASSERT_EQ(c.campuses.size(), 1U);
  const double P = 80 * 0.6 / 0.964;
  EXPECT_NEAR(c.campuses[0].total_MVA().real(), P, 1e-12);
  EXPECT_NEAR(c.campuses[0].total_MVA().imag(), P * std::tan(std::acos(0.99)), 1e-12);
  const PreparedCase ready = prepare(c);
  fmt::print("largest rate {:.1e} 1/s, largest current mismatch {:.1e} pu (tolerance 1e-9)\n",
             ready.rest.worst_rate, ready.rest.worst_balance);
  EXPECT_LT(ready.rest.worst_rate, 1e-9);
  EXPECT_LT(ready.rest.worst_balance, 1e-9);
}

TEST(CaseFeatures, LoadBesideTheUpsIsDrawnAtRestAndFollowsTheVoltage) {
  Case c = small(
      "ups = {",
      "non_it = { power_MW = 12, power_factor = 0.8, active = { impedance = 1, current = 0, power = 0 }, "
      "reactive = { impedance = 1, current = 0, power = 0 } }\nups = {");
  EXPECT_NEAR(c.campuses[0].non_it_MVA.real(), 12, 1e-12);
  EXPECT_NEAR(c.campuses[0].non_it_MVA.imag(), 9, 1e-12);
  c.simulation.record_step_s = 0.01;
  const Record record = run(c);
  const double rest = c.campuses[0].total_MVA().real();
  EXPECT_NEAR(value_at(record, "datacenter.power", "Campus-A", 0), rest, 1e-6);
  // During the fault the UPS is off the grid; what is left is the impedance at 0.5 pu.
  const double V0 = value_at(record, "bus.voltage", "2", 0);
  const double V = value_at(record, "bus.voltage", "2", 5.04);
  const double left = value_at(record, "datacenter.power", "Campus-A", 5.04);
  fmt::print("{:.3f} MW left at {:.3f} pu, wanted {:.3f}\n", left, V, 12 * V * V / (V0 * V0));
  EXPECT_NEAR(left, 12 * V * V / (V0 * V0), 1e-6);
}

TEST(CaseFeatures, AConnectionAddsABusBehindItsTransformer) {
  const Case c = small(
      "ups = {",
      "connection = { bus = 20, base_kV = 34.5, transformer = { R = 0.004, X = 0.1, base_MVA = 125, ratio "
      "= 0.98 } }\nups = {");
  ASSERT_EQ(c.network.buses.size(), 4U);
  EXPECT_EQ(c.network.buses[3].number, 20);
  EXPECT_EQ(c.network.buses[3].base_kV, 34.5);
  const Branch& t = c.network.branches.front();
  EXPECT_TRUE(t.transformer);
  EXPECT_EQ(c.network.buses[t.from].number, 2);
  EXPECT_NEAR(t.R, 0.0032, 1e-15);
  EXPECT_NEAR(t.X, 0.08, 1e-15);
  EXPECT_EQ(t.ratio, 0.98);
  EXPECT_EQ(c.network.buses[c.plants[c.campuses[0].plant].bus].number, 20);
  EXPECT_EQ(c.network.buses[c.plants.back().bus].number, 20);  // its battery
  (void)prepare(c);
}

TEST(CaseFeatures, AFeederKeepsTheVoltageLevel) {
  const auto with = [](const char* kV) {
    return fmt::format(
        "connection = {{ bus = 20, base_kV = {}, feeder = {{ R = 0, X = 0.01, B = 0 }} }}\nups = {{", kV);
  };
  (void)prepare(small("ups = {", with("230")));
  try {
    (void)small("ups = {", with("34.5"));
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("230 kV to 34.5 kV"));
  }
}

TEST(CaseFeatures, ALoadMayHaveItsOwnShares) {
  const Case c = small("Q_Mvar = 20",
                       "Q_Mvar = 20\nactive = { impedance = 0, current = 0, power = 1 }\nreactive = { "
                       "impedance = 0, current = "
                       "0, power = 1 }\npqbrak = 0.6");
  EXPECT_EQ(c.load_conversions[0].active.power, 1);
  EXPECT_EQ(c.load_conversions[0].pqbrak, 0.6);
}

TEST(CaseFeatures, BusesAndBranchesAreFoundByEveryName) {
  for (const char* bus : {"2", "\"Town\"", "\"Town 230\""})
    EXPECT_EQ(std::get<BusFault>(
                  small("fault = { bus = 2", fmt::format("fault = {{ bus = {}", bus)).disturbances[0].action)
                  .bus,
              1);
  for (const char* branch :
       {"\"2-3-1\"", "\"3-2\"", "{ from = 2, to = 3 }", "{ from = \"Grid\", to = 2, id = \"1\" }"})
    EXPECT_EQ(std::get<SwitchBranch>(
                  small(kFault, fmt::format("open = {{ branch = {} }}", branch)).disturbances[0].action)
                  .branch,
              1);
  EXPECT_EQ(std::get<SwitchBranch>(small(kFault, "trip = { branch = \"2-3\" }").disturbances[0].action).close,
            false);
  try {
    (void)small(kFault, "fault = { bus = \"Twon\", bolted = true, duration_s = 1 }");
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("did you mean 'Town'?"));
  }
}

TEST(CaseFeatures, ANameThatTwoBusesHaveIsAmbiguous) {
  std::string text = testing::spoiled("name = \"Plant\"", "name = \"Town\"");
  const std::string fault = "fault = { bus = 2";
  text.replace(text.find(fault), fault.size(), "fault = { bus = \"Town\"");
  try {
    (void)read_case_text(text, "small.toml");
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("2 buses are called 'Town'"));
  }
}

TEST(CaseFeatures, ALoadStepAndATripMoveWhatTheyName) {
  Case with_loads = small(kFault, "load_step = { load = \"2\", active_factor = 1.5, reactive_factor = 1 }");
  with_loads.simulation.record = {"load.power", "bus.voltage"};
  const Record record = run(with_loads);
  const double before = value_at(record, "load.power", "2-1", 4.99);
  const double after = value_at(record, "load.power", "2-1", 5.0);
  fmt::print("load steps from {:.3f} to {:.3f} MW\n", before, after);
  EXPECT_NEAR(after / before, 1.5, 0.01);  // the voltage gives a little
  const Record trip = run(small(kFault, "trip = { datacenter = \"Campus-A\" }"));
  EXPECT_EQ(value_at(trip, "datacenter.power", "Campus-A", 6), 0);
}

TEST(CaseFeatures, AReferenceStepReachesItsGovernor) {
  Case c =
      small(kFault,
            "reference_step = { machine = \"1-1\", part = \"governor\", input = \"Pref\", change = 0.005 }");
  c.simulation.until_s = 40;
  c.simulation.record = {"machine.mechanical_power"};
  const Record record = run(c);
  const double rise = value_at(record, "machine.mechanical_power", "1-1", 40) -
                      value_at(record, "machine.mechanical_power", "1-1", 4.9);
  fmt::print("Pref + 0.005 at a droop of 0.05 raises the power by {:.4f} pu (0.1 wanted)\n", rise);
  EXPECT_NEAR(rise, 0.005 / 0.05, 0.004);
}

TEST(CaseFeatures, ResettingAUpsThatIsNotLockedChangesNothing) {
  const Record record = run(small(kFault, "ups_reset = { datacenter = \"Campus-A\" }"));
  for (const LoggedEvent& e : record.events)
    EXPECT_TRUE(e.device != "Campus-A.ups" || e.kind == "operator-action") << e.text;
}

TEST(CaseFeatures, EveryDefaultThatIsUsedIsListedOnceWithItsSource) {
  const Case c = small();
  std::set<std::string> seen;
  for (const AssumedDefault& a : c.assumed) {
    EXPECT_TRUE(seen.insert(a.device + "/" + a.parameter).second) << a.parameter;
    EXPECT_FALSE(a.source.empty()) << a.parameter;
  }
  EXPECT_TRUE(seen.count("Campus-A.ups/V_low_transfer"));
  EXPECT_FALSE(seen.count("Campus-A.ups/dips_to_lock"));       // given
  EXPECT_FALSE(seen.count("Campus-A-BESS.battery/energy_h"));  // follows from the ratings
  const RunInfo info = run_info(c);
  const auto in_record = std::count_if(info.options.begin(), info.options.end(),
                                       [](const auto& o) { return o.first.rfind("assumed ", 0) == 0; });
  EXPECT_EQ(static_cast<std::size_t>(in_record), c.assumed.size());
}

TEST(CaseFeatures, ACaseOnRawAndDyrFilesRuns) {
  BALLAST_NEEDS_REFERENCE(raw, "networks/kundur-twoarea_v33.raw");
  BALLAST_NEEDS_REFERENCE(dyr, "networks/kundur-twoarea.dyr");
  const Case c = read_case_text(fmt::format(R"([case]
title = "Kundur from files"
[network]
raw = "{}"
dyr = "{}"
[loads]
active = {{ impedance = 1, current = 0, power = 0 }}
reactive = {{ impedance = 1, current = 0, power = 0 }}
[[bess]]
name = "B"
bus = 8
power_MW = 50
energy_MWh = 100
control = ["frequency-response"]
[[event]]
at_s = 1
fault = {{ bus = 8, impedance_pu = [0, 0.001], duration_s = 0.05 }}
[simulation]
until_s = 3
)",
                                            raw, dyr),
                                "files.toml");
  const Record record = run(c);
  EXPECT_EQ(record.network.buses.size(), c.network.buses.size());
  EXPECT_EQ(record.events.size() >= 2, true);
}

TEST(CaseFeatures, AMatpowerFileTakesItsMachinesFromTheCase) {
  BALLAST_NEEDS_REFERENCE(m, "networks/case9.m");
  std::string text = fmt::format(R"([case]
title = "nine buses"
[network]
m = "{}"
frequency_Hz = 60
[loads]
active = {{ impedance = 1, current = 0, power = 0 }}
reactive = {{ impedance = 1, current = 0, power = 0 }}
[simulation]
until_s = 1
)",
                                 m);
  try {
    (void)read_case_text(text, "nine.toml");
    FAIL() << "machines without models were accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.problems().size(), 3U);
    EXPECT_THAT(error.what(), HasSubstr("no machine model"));
  }
  for (const int bus : {1, 2, 3})
    text += fmt::format(
        "[[machine]]\nbus = {}\nbase_MVA = 200\nmachine = {{ model = \"GENCLS\", H = 5, D = 0, Ra = 0, Xdp = "
        "0.2 }}\n",
        bus);
  const Case c = read_case_text(text, "nine.toml");
  EXPECT_EQ(c.network.generators[0].base_MVA, 200);
  (void)run(c);
}

}  // namespace
}  // namespace ballast
