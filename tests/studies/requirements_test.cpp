/// Ride-through and power-variation rules against timelines worked out by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <functional>
#include <numbers>
#include <set>

#include "studies/requirements/finding.hpp"

namespace ballast {
namespace {

const RideThrough& envelope(const char* rule) { return *find_rule(rule)->ride_through; }

/// A load of 100 MW at 60 Hz, whose power and voltage are written as corners; two corners at one time are a
/// jump.
struct Timeline {
  struct Corner {
    double t, power, voltage, frequency = 60;
  };
  std::vector<Corner> corners;
  double now = 0;
  Timeline() { corners.push_back({0, 100, 1}); }
  Timeline& hold(double seconds) {
    Corner last = corners.back();
    last.t = now += seconds;
    corners.push_back(last);
    return *this;
  }
  Timeline& voltage(double v) {
    return jump([v](Corner& c) { c.voltage = v; });
  }
  Timeline& power(double p) {
    return jump([p](Corner& c) { c.power = p; });
  }
  Timeline& frequency(double f) {
    return jump([f](Corner& c) { c.frequency = f; });
  }
  Timeline& jump(const std::function<void(Corner&)>& change) {
    Corner c = corners.back();
    c.t = now;
    change(c);
    corners.push_back(c);
    return *this;
  }
  [[nodiscard]] LoadSeries series() const {
    LoadSeries s;
    for (const Corner& c : corners) {
      s.time_s.push_back(c.t);
      s.power_MW.push_back(c.power);
      s.voltage_pu.push_back(c.voltage);
      s.frequency_Hz.push_back(c.frequency);
    }
    return s;
  }
};

Finding recovery(const Timeline& line, const char* rule, double averaging_s = 0) {
  const Finding f = check_ride_through(line.series(), envelope(rule), averaging_s).findings.at(0);
  std::printf("%s: %s\n", word_of(f.verdict), f.text.c_str());
  return f;
}

/// 10 s at rest, a dip that takes the load off, its return after `back_s`, 20 s more.
Timeline dip(double depth, double seconds, double back_s) {
  Timeline line;
  line.hold(10).voltage(depth).power(0).hold(seconds).voltage(1).hold(back_s).power(100).hold(20);
  return line;
}

TEST(RideThrough, RecoveryIsJudgedFromTheReturnOfTheVoltage) {
  EXPECT_EQ(recovery(dip(0.3, 0.2, 1.99), "ercot-nogrr-282").verdict, Judgement::MET);
  EXPECT_NEAR(*recovery(dip(0.3, 0.2, 1.99), "ercot-nogrr-282").measured, 1.99, 1.1e-3);
  const Finding late = recovery(dip(0.3, 0.2, 2.01), "ercot-nogrr-282");
  EXPECT_EQ(late.verdict, Judgement::NOT_MET);
  EXPECT_NEAR(*late.time_s, 12.2, 1e-9);
  EXPECT_NEAR(*late.measured, 2.01, 1.1e-3);
}

TEST(RideThrough, EachCornerOfTheEnvelopeFromBothSides) {
  struct Corner {
    const char* rule;
    double level, seconds;
    int side;
  };
  std::vector<Corner> corners;
  for (const char* rule : {"ercot-nogrr-282", "caiso-straw-proposal"}) {
    for (const Step& s : envelope(rule).low_voltage) corners.push_back({rule, s.level, s.seconds, -1});
    for (const Step& s : envelope(rule).high_voltage)
      if (s.seconds > 0) corners.push_back({rule, s.level, s.seconds, 1});
  }
  ASSERT_GE(corners.size(), 10U);
  for (const Corner& c : corners) {
    const double v = c.level + c.side * 0.001;
    EXPECT_EQ(recovery(dip(v, c.seconds - 0.005, 15), c.rule).verdict, Judgement::NOT_MET)
        << c.rule << " " << v;
    EXPECT_EQ(recovery(dip(v, c.seconds + 0.005, 15), c.rule).verdict, Judgement::BEYOND)
        << c.rule << " " << v;
    // On the mild side of the level the next milder step holds.
    EXPECT_NE(recovery(dip(c.level - c.side * 0.001, c.seconds + 0.005, 15), c.rule).verdict,
              Judgement::BEYOND)
        << c.rule << " " << v;
  }
}

TEST(RideThrough, DeeperTimeCountsForMilderLevels) {
  const auto two_steps = [](double second_s) {
    Timeline line;
    line.hold(10)
        .voltage(0.1)
        .power(0)
        .hold(0.14)
        .voltage(0.45)
        .hold(second_s)
        .voltage(1)
        .hold(15)
        .power(100)
        .hold(5);
    return line;
  };
  EXPECT_EQ(recovery(two_steps(0.10), "ercot-nogrr-282").verdict, Judgement::NOT_MET);  // 0.24 s below 0.5 pu
  EXPECT_EQ(recovery(two_steps(0.12), "ercot-nogrr-282").verdict, Judgement::BEYOND);   // 0.26 s
}

TEST(RideThrough, TimesAddUpInTheWindowOfTheRule) {
  const auto train = [](double gap_s) {
    Timeline line;
    line.hold(10)
        .voltage(0.2)
        .hold(0.2)
        .voltage(1)
        .hold(gap_s)
        .voltage(0.2)
        .power(0)
        .hold(0.2)
        .voltage(1)
        .hold(20);
    return line;
  };
  const auto exceeded = [&](double gap_s) {
    const RideThroughResult r = check_ride_through(train(gap_s).series(), envelope("prc-029-1"), 0);
    EXPECT_EQ(r.excursions.size(), 2U);
    return r.excursions.at(1).exceeded_s;
  };
  EXPECT_NEAR(exceeded(5), 10 + 0.2 + 5 + 0.12, 1e-9);  // 0.32 s within 10 s
  EXPECT_EQ(exceeded(11), kForever);
}

TEST(RideThrough, FrequencyHasItsTimes) {
  const auto low = [](double seconds) {
    Timeline line;
    line.hold(10).frequency(58.5).hold(seconds / 2).power(0).hold(seconds / 2).frequency(60).hold(20);
    return line;
  };
  EXPECT_EQ(recovery(low(298), "ercot-nogrr-282").verdict, Judgement::NOT_MET);
  EXPECT_EQ(recovery(low(300), "ercot-nogrr-282").verdict, Judgement::BEYOND);
}

TEST(RideThrough, ASwingingLoadIsJudgedByItsMean) {
  Timeline line;  // 100 MW for 0.7 s, 50 MW for 0.3 s: 85 MW
  const auto swing = [&](int periods) {
    for (int k = 0; k < periods; ++k) line.power(100).hold(0.7).power(50).hold(0.3);
  };
  swing(10);
  line.voltage(0.3).hold(0.1).voltage(1);
  swing(10);
  EXPECT_EQ(recovery(line, "ercot-nogrr-282", 1.0).verdict, Judgement::MET);
  EXPECT_NEAR(check_ride_through(line.series(), envelope("ercot-nogrr-282"), 1.0).excursions[0].before_MW, 85,
              1e-9);
}

TEST(RideThrough, WhatCannotBeJudgedSaysSo) {
  Timeline quiet;
  EXPECT_EQ(recovery(quiet.hold(100), "ercot-nogrr-282").verdict, Judgement::NOT_TESTED);
  Timeline cut;
  cut.hold(10).voltage(0.3).power(0).hold(0.1).voltage(1).hold(1);
  EXPECT_EQ(recovery(cut, "ercot-nogrr-282").verdict, Judgement::UNDECIDED);
  LoadSeries bare = quiet.series();
  bare.voltage_pu.clear();
  bare.frequency_Hz.clear();
  EXPECT_EQ(check_ride_through(bare, envelope("ercot-nogrr-282"), 0).findings.at(0).verdict,
            Judgement::UNDECIDED);
}

TEST(RideThrough, ALoadThatLeftInAnExcursionBeyondTheRuleIsNotBlamedForTheNext) {
  Timeline line;
  line.hold(10).voltage(0.1).power(0).hold(1).voltage(1).hold(5).voltage(0.7).hold(0.1).voltage(1).hold(20);
  EXPECT_EQ(recovery(line, "ercot-nogrr-282").verdict, Judgement::BEYOND);
}

TEST(RideThrough, ADipCounterThatLocksIsFoundWhereCountingIsProhibited) {
  LoadSeries s = dip(0.3, 0.05, 1).series();
  s.events_known = true;
  EXPECT_EQ(check_ride_through(s, envelope("ercot-nogrr-282"), 0).findings.at(1).verdict, Judgement::MET);
  s.locks.push_back({15.87, "Campus-A: locked"});
  const Finding f = check_ride_through(s, envelope("ercot-nogrr-282"), 0).findings.at(1);
  EXPECT_EQ(f.verdict, Judgement::NOT_MET);
  EXPECT_EQ(f.time_s, 15.87);
}

TEST(RideThrough, RateOfChangeIsAStraightLinesSlope) {
  LoadSeries s;
  s.time_s = {0, 10, 12, 20};
  s.power_MW = {100, 100, 100, 100};
  s.frequency_Hz = {50, 50, 48.4, 48.4};
  const auto findings = check_ride_through(s, envelope("eirgrid-mpid-345"), 0).findings;
  EXPECT_NEAR(*findings.at(1).measured, 0.8, 1e-9);
}

// ---- variation

LoadSeries sampled(double seconds, double step_s, const std::function<double(double)>& power) {
  LoadSeries s;
  for (int k = 0; k <= std::lround(seconds / step_s); ++k) {
    s.time_s.push_back(k * step_s);
    s.power_MW.push_back(power(k * step_s));
  }
  return s;
}
double sine(double f, double t) { return std::sin(2 * std::numbers::pi * f * t); }

Finding variation(const LoadSeries& s, const char* rule, std::size_t clause = 0) {
  const Finding f = check_variation(s, find_rule(rule)->variation).at(clause);
  std::printf("%s: %s: %s\n", f.clause.c_str(), word_of(f.verdict), f.text.c_str());
  return f;
}

TEST(Variation, AStraightRampHasItsSlope) {
  const LoadSeries s = sampled(600, 1, [](double t) { return 100 - 25 * t / 60; });
  const Finding f = variation(s, "aeso-ramp");
  EXPECT_NEAR(*f.measured, 25, 1e-9);
  EXPECT_EQ(f.verdict, Judgement::NOT_MET);
  // ERCOT NPRR 1191: downwards the lesser of 20 MW/min and 5 % of a peak of 100 MW, upwards nothing happens.
  EXPECT_NEAR(*variation(s, "ercot-nprr-1191", 0).limit, 5, 1e-12);
  EXPECT_NEAR(*variation(s, "ercot-nprr-1191", 1).measured, 0, 1e-9);
  EXPECT_EQ(variation(s, "ercot-nprr-1191", 1).verdict, Judgement::MET);
}

TEST(Variation, ATenMinuteWindowForgivesAShortRamp) {
  const LoadSeries s = sampled(1800, 1, [](double t) {
    return t < 900 ? 0.0 : t < 1020 ? (t - 900) * 0.5 : 60.0;
  });
  EXPECT_NEAR(*variation(s, "caiso-ramp").measured, 6, 1e-9);      // 60 MW over ten minutes
  EXPECT_NEAR(*variation(s, "southern-ramp").measured, 30, 1e-9);  // 0.5 MW/s
}

TEST(Variation, TheWidestSwingOfAWindow) {
  const LoadSeries s = sampled(60, 0.1, [](double t) { return 100 + (t > 30 ? 2 * (t - 30) : 0); });
  EXPECT_NEAR(*variation(s, "ieso-large-load", 1).measured, 30, 1e-9);  // 2 MW/s for 15 s
  EXPECT_NEAR(*variation(s, "southern-ramp", 1).measured, 12, 1e-9);    // 6 s
}

TEST(Variation, TheBandPassesItsMiddleAndHalvesThePowerAtItsEdge) {
  struct Line {
    double f, gain, tolerance;
  };
  for (const Line& line : {Line{2, 1, 2e-3}, Line{0.1, std::sqrt(0.5), 5e-3}, Line{55, std::sqrt(0.5), 2e-2},
                           Line{0.01, 1e-4, 1e-3}}) {
    const LoadSeries s = sampled(300, 1e-3, [&](double t) { return 100 + 7 * sine(line.f, t); });
    const Finding f = variation(s, "ercot-lcl-variation");
    // In 5 s of a period of 10 s a sine shows sqrt(2) of its amplitude at most around its crossing: 2 there
    // too.
    EXPECT_NEAR(*f.measured / 14, line.gain, line.tolerance) << line.f << " Hz";
  }
}

TEST(Variation, ASeriesThatIsTooCoarseIsNotCleared) {
  const LoadSeries s = sampled(60, 0.02, [](double t) { return 100 + sine(1, t); });
  EXPECT_EQ(variation(s, "ercot-lcl-variation").verdict, Judgement::UNDECIDED);
  EXPECT_EQ(
      variation(sampled(60, 0.008, [](double t) { return 100 + sine(1, t); }), "ercot-lcl-variation").verdict,
      Judgement::MET);
  EXPECT_EQ(variation(sampled(60, 0.02, [](double t) { return 100 + 9 * sine(1, t); }), "ercot-lcl-variation")
                .verdict,
            Judgement::NOT_MET);
}

TEST(Variation, TheShareOfEnergyInABand) {
  const LoadSeries s =
      sampled(180, 1.0 / 320, [](double t) { return 100 + 1 * sine(1, t) + 2 * sine(30, t); });
  const Finding f = variation(s, "spectral-mask-example");
  EXPECT_NEAR(*f.measured, 0.2, 2e-3);  // 1 / (1 + 4)
}

TEST(Variation, VoltageFluctuationLeavesFaultsOut) {
  LoadSeries s = sampled(20, 0.01, [](double) { return 100.0; });
  for (const double t : s.time_s) s.voltage_pu.push_back(t < 5 ? 1 : t < 5.1 ? 0.3 : t < 10 ? 1 : 0.975);
  EXPECT_NEAR(*variation(s, "dominion-fluctuation").measured, 0.025, 1e-12);
  EXPECT_EQ(variation(s, "dominion-fluctuation").verdict, Judgement::MET);
  EXPECT_EQ(variation(s, "ameren-dip").verdict, Judgement::NOT_MET);
}

TEST(Rules, AreWellFormed) {
  std::set<std::string> names;
  for (const Rule& rule : built_in_rules()) {
    EXPECT_TRUE(names.insert(rule.name).second) << rule.name;
    EXPECT_FALSE(rule.source.empty() || rule.confidence.empty() || rule.title.empty()) << rule.name;
    EXPECT_TRUE(rule.ride_through || !rule.variation.empty()) << rule.name;
    if (!rule.ride_through) continue;
    const auto ordered = [&](const std::vector<Step>& steps, int side) {
      for (std::size_t k = 1; k < steps.size(); ++k) {
        EXPECT_GT(side * (steps[k].level - steps[k - 1].level), 0) << rule.name;
        EXPECT_LE(steps[k].seconds, steps[k - 1].seconds) << rule.name;
      }
    };
    ordered(rule.ride_through->low_voltage, -1);
    ordered(rule.ride_through->high_voltage, 1);
    ordered(rule.ride_through->low_frequency, -1);
    ordered(rule.ride_through->high_frequency, 1);
  }
}

}  // namespace
}  // namespace ballast
