/// Energy by quadrature of the record against what the models say they stored and drew.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "cases/reader/case.hpp"
#include "tests/cases/small_case.hpp"
#include "viz/record.hpp"

namespace ballast {
namespace {

constexpr double kEnergy_MWh = 1;  // small, so that the state of charge moves

Record run(const std::string& text) {
  const Case c = read_case_text(text, "small.toml");
  const PreparedCase ready = prepare(c);
  MemoryRecorder recorder;
  const RunResult result =
      simulate(*ready.system, ready.y, c.disturbances, c.simulation, run_info(c), &recorder);
  EXPECT_TRUE(result.status.completed) << result.status.outcome;
  return recorder.record();
}

std::vector<double> only(const Record& record, const char* quantity) {
  const std::size_t q = record.find(quantity).value();
  EXPECT_EQ(record.elements(q), 1U);
  return record.values[q];
}

/// Integral of the positive part of a piecewise linear curve between two times at which there are samples.
double integral_of_positive(const std::vector<double>& t, const std::vector<double>& x, double sign,
                            double from, double to) {
  double sum = 0;
  for (std::size_t k = 1; k < t.size(); ++k) {
    if (t[k - 1] < from - 1e-9 || t[k] > to + 1e-9) continue;
    const double h = t[k] - t[k - 1];
    const double a = sign * x[k - 1];
    const double b = sign * x[k];
    if (a >= 0 && b >= 0)
      sum += 0.5 * h * (a + b);
    else if (a > 0 || b > 0)  // crosses zero
      sum += 0.5 * h * std::max(a, b) * std::max(a, b) / std::abs(a - b);
  }
  return sum;
}

/// The small case without its fault, sampled every millisecond.
std::string calm_case(double relative_tolerance, const std::string& battery) {
  std::string text = testing::spoiled(
      "until_s = 10", fmt::format("until_s = 11\nrelative_tolerance = {:g}", relative_tolerance));
  text.replace(text.find("at_s = 5"), 8, "at_s = 99");
  const std::string settings =
      "edge_up_s = 0.1, edge_down_s = 0.1, warm_up_s = 5, compute_fraction = 0.7, compute_level = 0.95, "
      "swing = 0.5, start_s = 1";
  text.replace(text.find("start_s = 1"), 11, settings);
  text.replace(text.find("ups = { kind = \"double-conversion\","), 35,
               "ups = { kind = \"double-conversion\", efficiency = 0.96,");
  text.replace(text.find("energy_MWh = 80"), 15, "energy_MWh = 1\n" + battery);
  text += "step_s = 0.001\n";
  return text;
}

class EnergyBalance : public ::testing::TestWithParam<double> {};

TEST_P(EnergyBalance, TheStateOfChargeIsTheIntegralOfTheBatteryPower) {
  const double tolerance = GetParam();
  const Record record = run(calm_case(tolerance, "charge_efficiency = 0.95\ndischarge_efficiency = 0.95"));
  const auto power = only(record, "bess.power");
  const auto soc = only(record, "bess.battery.soc");
  const double discharged = integral_of_positive(record.times_s, power, 1, 0, 11) / 3600;
  const double charged = integral_of_positive(record.times_s, power, -1, 0, 11) / 3600;
  const double wanted = soc.front() + (charged * 0.95 - discharged / 0.95) / kEnergy_MWh;
  const double error = std::abs(soc.back() / wanted - 1);
  fmt::print(
      "relative tolerance {:g}: charged {:.6f}, discharged {:.6f} MWh; state of charge {:.9f}, by quadrature "
      "{:.9f}; "
      "relative error {:.2e} (allowed {:.0e}); of the energy moved {:.1e}\n",
      tolerance, charged, discharged, soc.back(), wanted, error, 10 * tolerance,
      std::abs(soc.back() - wanted) * kEnergy_MWh / (charged + discharged));
  EXPECT_GT(std::abs(soc.back() - soc.front()), 100 * tolerance * soc.front()) << "the battery hardly moved";
  EXPECT_LT(error, 10 * tolerance);
}

TEST_P(EnergyBalance, GridEnergyIsTheEnergyOfTheLoadPlusWhatTheBatteryStored) {
  const double tolerance = GetParam();
  const Record record = run(calm_case(tolerance, "charge_efficiency = 1\ndischarge_efficiency = 1"));
  const auto drawn = only(record, "datacenter.power");
  const auto battery = only(record, "bess.power");
  const auto soc = only(record, "bess.battery.soc");
  std::vector<double> grid(drawn.size());
  for (std::size_t k = 0; k < grid.size(); ++k) grid[k] = drawn[k] - battery[k];
  const auto soc_at = [&](double t) {
    for (std::size_t k = 0; k < soc.size(); ++k)
      if (std::abs(record.times_s[k] - t) < 1e-9) return soc[k];
    ADD_FAILURE() << "no sample at " << t;
    return 0.0;
  };
  // From 6 s the job iterates: in each second 0.7 s of compute at 0.95 and 0.3 s of exchange at 0.45; each
  // edge of 0.1 s lies in the phase it leads into and takes half the step from it, once up and once down:
  // they cancel.
  const double load = 80 * (0.95 * 0.7 + 0.45 * 0.3) / 0.96 * 4;  // MW s from 7 to 11 s
  const double stored = (soc_at(11) - soc_at(7)) * kEnergy_MWh * 3600;
  const double from_grid = integral_of_positive(record.times_s, grid, 1, 7, 11);
  const double found = integral_of_positive(record.times_s, drawn, 1, 7, 11);
  const double error = std::abs(from_grid - load - stored) / load;
  fmt::print(
      "relative tolerance {:g}: from the grid {:.6f}, load {:.6f} (by its schedule; its power's integral "
      "{:.6f}), stored "
      "{:+.6f} MW s; relative error {:.2e} (allowed {:.0e})\n",
      tolerance, from_grid, load, found, stored, error, 10 * tolerance);
  EXPECT_LT(std::abs(found / load - 1), 10 * tolerance);
  EXPECT_LT(error, 10 * tolerance);
}

INSTANTIATE_TEST_SUITE_P(Tolerances, EnergyBalance, ::testing::Values(1e-4, 1e-5, 1e-6));

}  // namespace
}  // namespace ballast
