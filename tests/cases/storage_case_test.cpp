/// Storage in cases: the limit at a meter, faded and grid-forming batteries, supercapacitors.
#include <fstream>

#include "tests/cases/case_run.hpp"
#include "tests/cases/inverter_cases.hpp"

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
}

/// 60 MW on an infinite source and a grid-forming battery of 100 MW; the source is lost at 1 s.
std::string battery_island(const std::string& storage, double until_s) {
  return island_case("{ model = \"GENCLS\", H = 0, D = 0, Ra = 0, Xdp = 0.01 }", "",
                     "[[event]]\nat_s = 1\nopen = { line = \"1-3\" }\n[[bess]]\nname = \"B\"\nbus = 3\n"
                     "power_MW = 100\ncontrol = []\nconverter = " +
                         kRegfmA1 + "\n" + storage,
                     until_s, 1);
}

TEST(StorageCase, AGridFormingBatteryHoldsAnIslandUntilItIsEmptyAndTrips) {
  // From 50 to 20 % of 2 MWh at 95 %: 0.57 MWh, 34.2 s at 60 MW. Its droop of 2 % on an order of 0: 59.28 Hz.
  const CaseRun run(battery_island("energy_MWh = 2\nrecentring_gain = 0\nsoc_margin = 0.001\n", 60));
  const double wanted = 1 + 0.3 * 2 * 0.95 / 60 * 3600, tripped = run.event("B.battery from runs to empty");
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
  const double wanted = 1 + 0.15 * 2 * 0.95 / 60 * 3600, tripped = run.event("B.battery from runs to empty");
  fmt::print("empty at {:.3f} s, by hand {:.3f} (tolerance 0.05)\n", tripped, wanted);
  EXPECT_NEAR(tripped, wanted, 0.05);
}

TEST(StorageCase, BesideAGridItsPowerSettlesAtItsOrder) {
  std::string text = battery_island("energy_MWh = 100\nrecentring_gain = 0.1\nsoc_initial = 0.5\n", 20);
  text.replace(text.find("open = { line = \"1-3\" }"), 24,
               "reference_step = { bess = \"B\", part = \"battery\", input = \"Pset\", change = 0.25 }");
  const CaseRun run(text);
  fmt::print("{:.4f} MW, ordered 25 (tolerance 0.05)\n", run.at("bess.power", 20));
  EXPECT_NEAR(run.at("bess.power", 20), 25, 0.05);
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
