/// The cases in cases/: each runs and shows what its README says.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <fstream>
#include <sstream>

#include "cases/reader/case.hpp"
#include "tests/cases/recorded.hpp"
#include "viz/metrics.hpp"
#include "viz/record.hpp"

namespace ballast {
namespace {

using testing::recorded;
using testing::run_in_memory;

std::string case_file(const std::string& name) {
  return std::string(BALLAST_SOURCE_DIR) + "/cases/" + name + "/case.toml";
}

std::string text_of(const std::string& name) {
  std::ifstream file(case_file(name));
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return at == std::string::npos ? text : text.replace(at, what.size(), with);
}

/// Smallest and largest value between two times.
std::pair<double, double> extremes(const Record& record, const std::vector<double>& values, double from,
                                   double to) {
  double low = kInfinity;
  double high = -kInfinity;
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (record.times_s[k] < from || record.times_s[k] > to) continue;
    low = std::min(low, values[k]);
    high = std::max(high, values[k]);
  }
  return {low, high};
}

/// The first event whose text contains all of this, after a time.
const LoggedEvent* find_event(const Record& record, const std::vector<std::string>& parts,
                              double after = -1) {
  for (const LoggedEvent& e : record.events)
    if (e.time_s > after && std::all_of(parts.begin(), parts.end(), [&](const std::string& p) {
          return e.text.find(p) != std::string::npos;
        }))
      return &e;
  return nullptr;
}

// ---- smib

bool stays_in_step(double clearing_s) {
  const Case c = read_case_text(
      replaced(text_of("smib"), "clearing_s = 0.07", fmt::format("clearing_s = {:.6f}", clearing_s)),
      case_file("smib"));
  const Record record = run_in_memory(c);
  return extremes(record, recorded(record, "machine.angle", "1-1"), 0, 5).second < 180;
}

TEST(Smib, RestsAtTheAngleInTheBook) {
  const Record record = run_in_memory(read_case(case_file("smib")));
  const double angle = recorded(record, "machine.angle", "1-1").front();
  const double terminal = recorded(record, "bus.angle", "1").front();
  fmt::print("rotor {:.3f} deg (41.77 in the book), terminal {:.3f} deg (28.34)\n", angle, terminal);
  EXPECT_NEAR(angle, 41.77, 0.01);
  EXPECT_NEAR(terminal, 28.34, 0.01);
}

/// Critical clearing time of the same machine by its swing equation alone: RK4 and bisection, no network
/// solver. The book accelerates the rotor by power, Pm - Pe; PSS/E, and Ballast with it, by torque, Pm/(1 +
/// dw) - Te.
double swing_equation_limit(bool torque) {
  constexpr double kH = 3.5;
  constexpr double kPm = 0.9;
  constexpr double kW0 = 2 * 3.14159265358979323846 * 60;
  constexpr double kInfinite = 0.90081;
  constexpr double kBehind = 0.3 + 0.15;  // X'd and the transformer
  constexpr double kLines = 0.5 * 0.93 / (0.5 + 0.93);
  // Terminal voltage 1 at the angle that sends 0.9 pu: E' follows.
  const double theta = std::asin(kPm * (0.15 + kLines) / kInfinite);
  const std::complex<double> Et = std::polar(1.0, theta);
  const std::complex<double> current = (Et - kInfinite) / std::complex<double>(0, 0.15 + kLines);
  const std::complex<double> E = Et + std::complex<double>(0, 0.3) * current;
  const double after = std::abs(E) * kInfinite / (kBehind + 0.5);
  const auto in_step = [&](double clearing_s) {
    double delta = std::arg(E);
    double w = 0;
    double pmax = 0;
    const auto slope = [&](double d, double v) {
      const double pm = torque ? kPm / (1 + v) : kPm;
      return std::pair{kW0 * v, (pm - pmax * std::sin(d)) / (2 * kH)};
    };
    const auto advance = [&](double h) {
      const auto [a1, b1] = slope(delta, w);
      const auto [a2, b2] = slope(delta + h / 2 * a1, w + h / 2 * b1);
      const auto [a3, b3] = slope(delta + h / 2 * a2, w + h / 2 * b2);
      const auto [a4, b4] = slope(delta + h * a3, w + h * b3);
      delta += h / 6 * (a1 + 2 * a2 + 2 * a3 + a4);
      w += h / 6 * (b1 + 2 * b2 + 2 * b3 + b4);
    };
    for (int k = 0; k < 200; ++k) advance(clearing_s / 200);
    pmax = after;
    for (int k = 0; k < 4000 && delta < 3.14159; ++k) advance(1e-3);
    return delta < 3.14159;
  };
  double stable = 0.05;
  double unstable = 0.15;
  while (unstable - stable > 1e-6) {
    const double middle = 0.5 * (stable + unstable);
    (in_step(middle) ? stable : unstable) = middle;
  }
  return stable;
}

TEST(Smib, CriticalClearingTimeIsThatOfTheSwingEquation) {
  double stable = 0.07;
  double unstable = 0.12;
  while (unstable - stable > 1e-5) {
    const double middle = 0.5 * (stable + unstable);
    (stays_in_step(middle) ? stable : unstable) = middle;
  }
  const double power = swing_equation_limit(false);
  const double torque = swing_equation_limit(true);
  fmt::print(
      "critical clearing time {:.2f} ms; swing equation with torque {:.2f} ms (tolerance 0.05), with power "
      "{:.2f} ms "
      "(the book: stable at 86, unstable at 87)\n",
      1e3 * stable, 1e3 * torque, 1e3 * power);
  EXPECT_TRUE(stays_in_step(0.070));
  EXPECT_NEAR(stable, torque, 5e-5);
  EXPECT_GT(power, 0.086);
  EXPECT_LT(power, 0.087);
}

// ---- two-area-campus

TEST(TwoAreaCampus, TheThirdDipLocksTheUpsAndAPersonBringsItBack) {
  const Record record = run_in_memory(read_case(case_file("two-area-campus")));
  const LoggedEvent* locked = find_event(record, {"UPS", "to locked"});
  ASSERT_NE(locked, nullptr);
  fmt::print("locked at {:.4f} s (third dip at 25.45 s plus dip_min_s of 10 ms)\n", locked->time_s);
  EXPECT_NEAR(locked->time_s, 25.46, 1e-3);
  ASSERT_GE(locked->cause, 0);
  EXPECT_EQ(record.events[locked->cause].kind, "fault");
  EXPECT_NEAR(record.events[locked->cause].time_s, 25.45, 1e-6);
  const auto power = recorded(record, "datacenter.power", "Campus-A");
  EXPECT_NEAR(extremes(record, power, 26, 72.9).second, 0, 1e-9);
  const LoggedEvent* back = find_event(record, {"walk-in to normal"});
  ASSERT_NE(back, nullptr);
  EXPECT_NEAR(back->time_s, 60 + 10 + 3 + 10, 1e-3);  // reset, qualify_s, walk_in_delay_s, walk_in_ramp_s
  EXPECT_GT(extremes(record, power, 90, 100).second, 300 * 0.95 / 0.964 - 1);
}

std::string without_battery(const std::string& text) {
  return replaced(text, "control = [\"load-hold\", \"frequency-response\", \"voltage-support\"]",
                  "control = []");
}

double tie_swing(const Record& record, double from, double to) {
  const auto [low, high] = extremes(record, recorded(record, "branch.power", "7-8-1"), from, to);
  return high - low;
}

TEST(TwoAreaCampus, WithoutItsBatteryTheCampusShakesTheTieUntilItsOwnUpsLocks) {
  const Record with = run_in_memory(read_case(case_file("two-area-campus")));
  const Record without = run_in_memory(
      read_case_text(without_battery(text_of("two-area-campus")), case_file("two-area-campus")));
  fmt::print("tie 7-8 swings by {:.0f} MW from 8 to 20 s without and {:.0f} MW with the battery\n",
             tie_swing(without, 8, 19.99), tie_swing(with, 8, 19.99));
  EXPECT_GT(tie_swing(without, 8, 19.99), 150);
  EXPECT_LT(tie_swing(with, 8, 19.99), 40);
  const LoggedEvent* locked = find_event(without, {"UPS", "to locked"});
  ASSERT_NE(locked, nullptr);
  fmt::print("locked at {:.2f} s, before any fault; {}\n", locked->time_s, locked->text);
  EXPECT_LT(locked->time_s, 20);
  EXPECT_EQ(find_event(with, {"to battery"})->time_s, find_event(with, {"normal to battery"}, 19.9)->time_s);
}

TEST(TwoAreaCampus, TheBatterySoftensTheBlowOfTheLostLoad) {
  // The same fault with a job that does not swing, so that only the loss of the campus differs.
  const std::string steady = replaced(replaced(text_of("two-area-campus"), "swing = 0.5", "swing = 0"),
                                      "compute_level = 0.95", "compute_level = 0.8");
  const Record with = run_in_memory(read_case_text(steady, case_file("two-area-campus")));
  const Record without = run_in_memory(read_case_text(without_battery(steady), case_file("two-area-campus")));
  const auto peak = [](const Record& r) {
    return extremes(r, recorded(r, "frequency", "system"), 20, 60).second;
  };
  fmt::print("frequency peaks at {:.3f} Hz without and {:.3f} Hz with the battery\n", peak(without),
             peak(with));
  EXPECT_GT(peak(without), 60.2);
  EXPECT_LT(peak(with) - 60, 0.8 * (peak(without) - 60));
  const auto [low, high] = extremes(with, recorded(with, "frequency", "system"), 0, 100);
  EXPECT_GT(low, 59.8);
  EXPECT_LT(high, 60.5);
}

// ---- new-england-campuses

TEST(NewEnglandCampuses, FourCampusesLeaveAndComeBackEachInItsTime) {
  const Record record = run_in_memory(read_case(case_file("new-england-campuses")));
  for (const auto& [name, latest] :
       {std::pair{"Training-20", 45.0}, {"Inference-8", 45.0}, {"Tuning-4", 30.0}, {"Cloud-16", 45.0}}) {
    const LoggedEvent* left = find_event(record, {name, "normal to battery"});
    const LoggedEvent* back = find_event(record, {name, "walk-in to normal"});
    ASSERT_NE(left, nullptr) << name;
    ASSERT_NE(back, nullptr) << name;
    fmt::print("{:12} leaves at {:.3f} s, is back at {:.3f} s\n", name, left->time_s, back->time_s);
    EXPECT_NEAR(left->time_s, 10.01, 0.005) << name;
    EXPECT_LT(back->time_s, latest) << name;
  }
  const Metrics m = compute_metrics(record);
  ASSERT_TRUE(m.frequency_peak_Hz && m.frequency_nadir_Hz && m.voltage_end_min_pu && m.voltage_end_max_pu);
  fmt::print("frequency {:.3f} to {:.3f} Hz, voltages at the end {:.3f} to {:.3f} pu\n",
             m.frequency_nadir_Hz->value, m.frequency_peak_Hz->value, m.voltage_end_min_pu->value,
             m.voltage_end_max_pu->value);
  EXPECT_GT(m.frequency_peak_Hz->value, 60.1);  // load was lost
  EXPECT_LT(m.frequency_peak_Hz->value, 60.6);
  EXPECT_GT(m.voltage_end_min_pu->value, 0.9);
  EXPECT_LT(m.voltage_end_max_pu->value, 1.1);
  EXPECT_EQ(m.dead_buses_at_end.value_or(99), 0U);
}

TEST(NewEnglandCampuses, IsThePublishedPowerFlowWithCampusesInThePlaceOfLoad) {
  const Case c = read_case(case_file("new-england-campuses"));
  const PreparedCase ready = prepare(c);
  double load_MW = 0;
  const Network network = power_flow_network(c);
  for (const Load& load : network.loads) load_MW += load.P_MW;
  // Bus 31 is the slack: 677.871 MW in the published listing, whose loads add up to 6254.23 MW.
  const double slack_MW = ready.flow.generator_P_MW[1];
  fmt::print("load {:.2f} MW (6254.23 published), slack {:.2f} MW (677.87 published)\n", load_MW, slack_MW);
  EXPECT_NEAR(load_MW, 6254.23, 2);
  EXPECT_NEAR(slack_MW, 677.871, 5);
}

}  // namespace
}  // namespace ballast
