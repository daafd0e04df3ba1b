/// Storage in cases: the limit at a meter, faded and grid-forming batteries, supercapacitors.
#include <cmath>
#include <fstream>

#include "tests/cases/case_run.hpp"
#include "tests/cases/inverter_cases.hpp"
#include "viz/metrics.hpp"

namespace ballast {
namespace {

using testing::CaseRun;
using testing::island_case;
using testing::kRegfmA1;

std::string shipped(const std::string& name) {
  std::ifstream file(std::string(BALLAST_SOURCE_DIR) + "/cases/" + name + "/case.toml");
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(StorageCase, ACallForDemandResponseIsHeldForAsLongAsTheEnergyLasts) {
  const CaseRun run(shipped("demand-response-5h"));
  const double limit = run.at("branch.power", 7200, "1-2-1"), given = run.at("bess.power", 7200);
  // From 90 % to where the last 5 % above 5 % no longer carry it, 400 MWh at 95 %.
  const double wanted_min = 60 * (0.9 - 0.05 - 0.05 * given / 100) * 400 * 0.95 / given;
  double held_min = 0;
  for (double t = 630; t < 18600 && run.at("branch.power", t, "1-2-1") < 20.2; t += 30)
    held_min = (t - 600) / 60;
  fmt::print("{:.6f} MW at the meter, {:.2f} MW given; held for {:.1f} min, by hand {:.1f} (tolerance 0.6)\n",
             limit, given, held_min, wanted_min);
  EXPECT_NEAR(limit, 20, 1e-6);
  EXPECT_NEAR(held_min, wanted_min, 0.6) << "samples every half minute";
  for (double t = 18630; t <= 57600; t += 300) EXPECT_LT(run.at("branch.power", t, "1-2-1"), 120 + 1e-6);
  // Down and up again are two halves of a cycle.
  const StorageMetrics battery = compute_metrics(run.record).storage.at(0);
  ASSERT_TRUE(battery.life.has_value());
  const double down = 0.9 - *battery.min_soc, up = *battery.final_soc - *battery.min_soc;
  fmt::print("{:.6f} full cycles, by hand {:.6f}; {:.2f} years, by hand {:.2f}\n", battery.life->full_cycles,
             0.5 * (down + up), battery.life->years, 10000 / (0.5 * (down + up)) * 57600 / (365.25 * 86400));
  EXPECT_NEAR(battery.life->full_cycles, 0.5 * (down + up), 1e-9);
  EXPECT_NEAR(battery.life->years, 10000 / (0.5 * (down + up)) * 57600 / (365.25 * 86400), 1e-6);
}

/// 60 MW on an infinite source and a grid-forming battery of 100 MW; the source is lost at 1 s.
std::string battery_island(const std::string& storage, double until_s) {
  std::string text =
      island_case("{ model = \"GENCLS\", H = 0, D = 0, Ra = 0, Xdp = 0.01 }", "",
                  "[[event]]\nat_s = 1\nopen = { line = \"1-3\" }\n[[bess]]\nname = \"B\"\nbus = 3\n"
                  "power_MW = 100\ncontrol = []\nconverter = " +
                      kRegfmA1 + "\n" + storage,
                  until_s, 1);
  const std::string last = "\"machine.reactive_power\"";
  text.insert(text.find(last) + last.size(), ", \"bess.power\", \"island\"");
  return text;
}

TEST(StorageCase, AGridFormingBatteryHoldsAnIslandUntilItIsEmptyAndTrips) {
  // From 50 to 20 % of 2 MWh at 95 %: 0.57 MWh, 34.2 s at 60 MW. Its droop of 2 % on an order of 0: 59.28 Hz.
  const CaseRun run(battery_island("energy_MWh = 2\nrecentring_gain = 0\nsoc_margin = 0.001\n", 60));
  const double wanted = 1 + 0.3 * 2 * 0.95 / 60 * 3600, tripped = run.event("B.battery: runs to empty");
  fmt::print("empty at {:.3f} s, by hand {:.3f} (tolerance 0.05); {:.4f} Hz, by hand {:.4f}\n", tripped,
             wanted, run.at("bus.frequency", 20, "3"), 60 * (1 - 0.02 * 0.6));
  EXPECT_NEAR(tripped, wanted, 0.05);
  EXPECT_NEAR(run.at("bus.frequency", 20, "3"), 60 * (1 - 0.02 * 0.6), 1e-3);
  EXPECT_NEAR(run.at("bess.power", 20), 60, 1e-3);
  EXPECT_EQ(run.at("island", 60, "3"), -1) << "dead";
}

TEST(StorageCase, WhatAFadedBatteryKeepsIsWhatItLasts) {
  const CaseRun run(
      battery_island("energy_MWh = 2\ncapacity_kept = 0.5\nrecentring_gain = 0\nsoc_margin = 0.001\n", 60));
  const double wanted = 1 + 0.15 * 2 * 0.95 / 60 * 3600, tripped = run.event("B.battery: runs to empty");
  fmt::print("empty at {:.3f} s, by hand {:.3f} (tolerance 0.05)\n", tripped, wanted);
  EXPECT_NEAR(tripped, wanted, 0.05);
}

TEST(StorageCase, BesideAGridItsPowerSettlesAtItsOrder) {
  std::string text = battery_island("energy_MWh = 100\nrecentring_gain = 0.1\nsoc_initial = 0.5\n", 20);
  const std::string opens = "open = { line = \"1-3\" }";
  text.replace(text.find(opens), opens.size(),
               "reference_step = { bess = \"B\", part = \"battery\", input = \"Pset\", change = 0.25 }");
  const CaseRun run(text);
  fmt::print("{:.4f} MW, ordered 25 (tolerance 0.05)\n", run.at("bess.power", 20));
  EXPECT_NEAR(run.at("bess.power", 20), 25, 0.05);
}

TEST(StorageCase, TheTieOfAnIslandClosesWhereItsEndsAreInStep) {
  const CaseRun run(shipped("colossus-2027"));
  const double holds = run.event("recloser-to: waiting for synchronism to checking"),
               closes = run.event("recloser-to: checking to reclaim");
  const auto across = [&](double t) {
    const double turn = run.at("bus.angle", t, "2") - run.at("bus.angle", t, "1");
    return std::remainder(turn, 360.0);
  };
  fmt::print(
      "its angle is {:.2f} degrees when the check begins to hold, by its setting 15 (tolerance 1); {:.2f} as "
      "it "
      "closes; {:.4f} Hz before, {:.4f} at the end\n",
      across(holds), across(closes - 1e-3), run.at("bus.frequency", holds, "2"),
      run.at("bus.frequency", 119, "2"));
  EXPECT_NEAR(std::abs(across(holds)), 15, 1) << "samples every 20 ms of a slip of 40 degrees a second";
  EXPECT_NEAR(closes, holds + 0.1, 1e-6);
  EXPECT_LT(std::abs(across(closes - 1e-3)), 15);
  EXPECT_NEAR(run.at("bus.frequency", 119, "2"), 60, 0.01);
}

TEST(StorageCase, MistakesAreNamed) {
  const auto errors = [](const std::string& storage) {
    try {
      (void)read_case_text(battery_island(storage, 5), "small.toml");
    } catch (const Error& error) {
      std::string all;
      for (const Problem& p : error.problems()) all += p.text() + "\n";
      return all;
    }
    return std::string("accepted");
  };
  const auto has = [](const std::string& text, const std::string& words) {
    EXPECT_NE(text.find(words), std::string::npos) << text;
  };
  has(errors("energy_MWh = 2\nkind = \"flywheel\"\n"), "flywheel");
  has(errors("energy_MWh = 2\ncapacity_kept = 1.2\n"), "capacity_kept");
  has(errors("energy_MWh = 2\nlife = { cycles = 5000 }\n"), "exponent");
}

}  // namespace
}  // namespace ballast
