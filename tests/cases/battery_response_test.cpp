/// What a battery's frequency response does to a grid of little inertia, against the analytic single machine.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "tests/cases/case_run.hpp"

namespace ballast {
namespace {

using testing::CaseRun;

constexpr double kMVA = 100, kH = 2, kR = 0.05, kT = 5, kLoad_MW = 50, kStep = 1.1;
constexpr double kBattery_MW = 50, kGain = 20;
constexpr double kPart_s = 0.005, kLag = 3 * kPart_s;  ///< angle and filter of the meter, active response

std::string grid(bool battery) {
  std::string text = fmt::format(R"([case]
title = "one machine of little inertia"
[network]
frequency_Hz = 60
base_MVA = 100
[[bus]]
number = 1
base_kV = 138
slack = true
[[load]]
bus = 1
P_MW = {}
Q_Mvar = 0
[loads]
active = {{ impedance = 0, current = 0, power = 1 }}
reactive = {{ impedance = 1, current = 0, power = 0 }}
pqbrak = 0.7
[[generator]]
bus = 1
Vset = 1.0
base_MVA = {}
machine = {{ model = "GENCLS", H = {}, D = 0, Ra = 0, Xdp = 0.2 }}
governor = {{ model = "TGOV1", R = {}, T1 = 0.01, VMAX = 1.5, VMIN = 0, T2 = 0, T3 = {}, Dt = 0 }}
[[event]]
at_s = 1
load_step = {{ load = "1-1", active_factor = {}, reactive_factor = 1 }}
[simulation]
until_s = 21
[output]
step_s = 0.005
record = ["frequency"]
)",
                                 kLoad_MW, kMVA, kH, kR, kT, kStep);
  if (battery)
    text += fmt::format(R"([[bess]]
name = "B"
bus = 1
power_MW = {0}
energy_MWh = 50
control = ["frequency-response"]
droop_gain = {1}
frequency_band = 1e-5
active_response_s = {2}
meter = {{ angle_s = {2}, filter_s = {2} }}
)",
                        kBattery_MW, kGain, kPart_s);
  return text;
}

struct Answer {
  double nadir_Hz = 60, slope_Hz_per_s = 0;  ///< slope: mean of the first half second
};

/// 2H dw/dt = Pm - Pm0 w - dP - Pb, T dPm/dt = -Pm - w/R, Tb dPb/dt = K w - Pb, in steps of 10 us. Pm0 w: a
/// turbine that gives power has less torque at more speed. Tb: meter and converter of the battery together.
Answer analytic(bool battery) {
  const double K = battery ? kGain * kBattery_MW / kMVA : 0, Pm0 = kLoad_MW / kMVA,
               dP = (kStep - 1) * kLoad_MW / kMVA;
  Answer a;
  double w = 0, Pm = 0, Pb = 0;
  constexpr double h = 1e-5;
  const auto rate = [&](double w_now, double Pm_now, double Pb_now) {
    return std::array{(Pm_now - Pm0 * w_now - dP - Pb_now) / (2 * kH), (-Pm_now - w_now / kR) / kT,
                      (K * w_now - Pb_now) / kLag};
  };
  for (int k = 1; k <= 2000000; ++k) {
    const auto first = rate(w, Pm, Pb);
    const auto second = rate(w + h * first[0], Pm + h * first[1], Pb + h * first[2]);  // Heun
    w += 0.5 * h * (first[0] + second[0]);
    Pm += 0.5 * h * (first[1] + second[1]);
    Pb += 0.5 * h * (first[2] + second[2]);
    a.nadir_Hz = std::min(a.nadir_Hz, 60 * (1 + w));
    if (k == 50000) a.slope_Hz_per_s = 60 * w / 0.5;
  }
  return a;
}

Answer simulated(bool battery) {
  const CaseRun run(grid(battery));
  Answer a;
  for (double t = 1; t < 21; t += 0.005) a.nadir_Hz = std::min(a.nadir_Hz, run.at("frequency", t));
  a.slope_Hz_per_s = (run.at("frequency", 1.5) - 60) / 0.5;
  return a;
}

TEST(BatteryResponse, NadirAndSlopeAreThoseOfTheSingleMachine) {
  std::array<Answer, 2> found;
  for (const bool battery : {false, true}) {
    const Answer ours = found[battery ? 1 : 0] = simulated(battery);
    const Answer theory = analytic(battery);
    const double dip = 60 - ours.nadir_Hz, expected = 60 - theory.nadir_Hz;
    fmt::print(
        "{}: lowest {:.4f} Hz, single machine {:.4f} ({:+.2f} % of the dip); first half second {:.4f} Hz/s, "
        "{:.4f} ({:+.2f} %); tolerance 2 %\n",
        battery ? "with 50 MW" : "without", ours.nadir_Hz, theory.nadir_Hz, 100 * (dip / expected - 1),
        ours.slope_Hz_per_s, theory.slope_Hz_per_s, 100 * (ours.slope_Hz_per_s / theory.slope_Hz_per_s - 1));
    EXPECT_NEAR(dip / expected, 1, 0.02);
    EXPECT_NEAR(ours.slope_Hz_per_s / theory.slope_Hz_per_s, 1, 0.02);
  }
  EXPECT_GT(found[1].nadir_Hz, found[0].nadir_Hz);
  EXPECT_GT(found[1].slope_Hz_per_s, found[0].slope_Hz_per_s);
}

}  // namespace
}  // namespace ballast
