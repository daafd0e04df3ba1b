/// Unbalanced faults against the formulas of symmetrical components.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "grid/sequence_network.hpp"

namespace ballast {
namespace {

using Complex = std::complex<double>;
using ::testing::HasSubstr;

/// A machine (bus 1), a transformer to bus 2, a line to bus 3.
struct SmallNetwork {
  Network network;
  SequenceConditions conditions;
  static constexpr Complex kZ2{0.01, 0.2}, kZ0g{0.002, 0.08}, kZ0t{0.001, 0.09}, kZ0l{0.03, 0.25};

  explicit SmallNetwork(int CC) {
    for (int number = 1; number <= 3; ++number) {
      Bus bus;
      bus.number = number;
      bus.base_kV = number == 1 ? 20 : 230;
      network.buses.push_back(bus);
    }
    network.index_buses();
    Generator g;
    g.base_MVA = 50;
    g.ZR = 0.01;
    g.ZX = 0.25;
    network.generators.push_back(g);
    Branch t;
    t.from = 0;
    t.to = 1;
    t.R = 0.002;
    t.X = 0.1;
    t.transformer = true;
    Branch line;
    line.from = 1;
    line.to = 2;
    line.R = 0.01;
    line.X = 0.08;
    network.branches = {t, line};
    SequenceData data;
    data.generators = {{0, kZ2, kZ2, kZ0g, 0.0}};
    data.branches = {{1, kZ0l, 0, 0, 0}};
    data.transformers = {{0, CC, {0.0, 0.0}, {kZ0t}}};
    network.sequence = data;
    conditions = {{1, 1}, {}, {1}, {}, {0.0, 0.0, 0.0}, {}};
  }
  [[nodiscard]] SequenceImpedance from(Sequence sequence, int bus) const {
    FaultPlace place;
    place.bus = bus;
    return sequence_impedance(network, sequence, conditions, place);
  }
};

void expect_near(Complex found, Complex wanted, const char* what) {
  fmt::print("{}: {:.12g} {:+.12g}j, theory {:.12g} {:+.12g}j, tolerance 1e-12\n", what, found.real(),
             found.imag(), wanted.real(), wanted.imag());
  EXPECT_LT(std::abs(found - wanted), 1e-12) << what;
}

TEST(SequenceNetwork, ImpedancesFollowTheConnectionCode) {
  const Complex Zt(0.002, 0.1);
  const Complex Zl(0.01, 0.08);
  const double base = 100.0 / 50;
  const SmallNetwork one(1);  // both wyes grounded: the machine's zero sequence is seen
  expect_near(one.from(Sequence::NEGATIVE, 2).Z, base * SmallNetwork::kZ2 + Zt + Zl, "Z2");
  expect_near(one.from(Sequence::ZERO, 2).Z,
              base * SmallNetwork::kZ0g + SmallNetwork::kZ0t + SmallNetwork::kZ0l, "Z0, CC 1");
  const SmallNetwork three(3);  // delta at the machine, grounded wye at the line
  expect_near(three.from(Sequence::ZERO, 2).Z, SmallNetwork::kZ0t + SmallNetwork::kZ0l, "Z0, CC 3");
  expect_near(three.from(Sequence::ZERO, 0).Z, base * SmallNetwork::kZ0g, "Z0 at the machine, CC 3");
  const SmallNetwork two(2);  // grounded wye at the machine, delta at the line
  EXPECT_FALSE(two.from(Sequence::ZERO, 2).grounded);
  EXPECT_TRUE(std::isinf(two.from(Sequence::ZERO, 2).Z.real()));
  const Complex parallel = 1.0 / (1.0 / (base * SmallNetwork::kZ0g) + 1.0 / SmallNetwork::kZ0t);
  expect_near(two.from(Sequence::ZERO, 0).Z, parallel, "Z0 at the machine, CC 2");
  EXPECT_FALSE(SmallNetwork(4).from(Sequence::ZERO, 1).grounded);
}

TEST(SequenceNetwork, NeutralImpedancesCountThreeTimes) {
  SmallNetwork n(3);
  n.network.sequence->transformers[0].Zground = {0.0, Complex(0.01, 0.02)};
  expect_near(n.from(Sequence::ZERO, 1).Z, SmallNetwork::kZ0t + 3.0 * Complex(0.01, 0.02), "Z0t + 3 Zg");
  n = SmallNetwork(1);
  n.network.sequence->generators[0].Zground = {0.1, 0};
  expect_near(n.from(Sequence::ZERO, 0).Z, 2.0 * (SmallNetwork::kZ0g + 0.3), "Z0g + 3 Zg");
}

TEST(SequenceNetwork, APlaceOnALineSeesItsShareOfTheLine) {
  const SmallNetwork n(3);
  FaultPlace place;
  place.branch = 1;
  place.line.share = 0.3;
  expect_near(sequence_impedance(n.network, Sequence::ZERO, n.conditions, place).Z,
              SmallNetwork::kZ0t + 0.3 * SmallNetwork::kZ0l, "Z0 at 30 % of the line");
  place.line.from_closed = false;  // nothing grounded beyond
  EXPECT_FALSE(sequence_impedance(n.network, Sequence::ZERO, n.conditions, place).grounded);
}

TEST(SequenceNetwork, ASwitchedShuntCountsAsItStands) {
  // Behind a delta the line's end sees its bank alone: j B0 of the steps that are in.
  SmallNetwork n(4);
  SwitchedShunt bank;
  bank.bus = 2;
  bank.BINIT_Mvar = 20;
  bank.blocks = {{true, 2, 20}, {true, 3, 10}};
  n.network.switched_shunts.push_back(bank);
  n.network.sequence->switched_shunts.push_back({0, {0.05, 0.03}});
  for (const auto& [Mvar, B0] : {std::pair{20.0, 0.05}, {40.0, 0.1}, {60.0, 0.16}}) {
    n.conditions.switched_shunt_Mvar = {Mvar};
    expect_near(n.from(Sequence::ZERO, 2).Z, Complex(0, -1 / B0), "Z0 of the bank");
  }
  n.conditions.switched_shunt_Mvar = {0};
  EXPECT_FALSE(n.from(Sequence::ZERO, 2).grounded);
}

TEST(SequenceNetwork, MutualCouplingOfParallelCircuits) {
  // Two equal circuits in parallel with coupling Zm: (Z0 + Zm) / 2 between their ends.
  SmallNetwork n(3);
  Branch second = n.network.branches[1];
  second.id = "2";
  n.network.branches.push_back(second);
  n.conditions.branch_closed.push_back(1);
  n.network.sequence->branches.push_back({2, SmallNetwork::kZ0l, 0, 0, 0});
  const Complex Zm(0.012, 0.13);
  n.network.sequence->mutuals.push_back({1, 2, Zm, 0, 1, 0, 1});
  expect_near(n.from(Sequence::ZERO, 2).Z, SmallNetwork::kZ0t + 0.5 * (SmallNetwork::kZ0l + Zm),
              "two coupled circuits");
}

/// Thevenin impedances for the formulas: V0 = 1 behind Z1.
struct Formula {
  Complex Z1{0.01, 0.2}, Z2{0.012, 0.21}, Z0{0.03, 0.5}, Zf{0.02, 0.01};
  [[nodiscard]] UnbalancedFault fault(FaultType type, bool grounded = true) const {
    return unbalanced_fault(type, Zf, {true, Z2, {Z2}}, {grounded, Z0, {grounded ? Z0 : Complex(1)}});
  }
  /// Positive-sequence voltage and current at the place.
  [[nodiscard]] Complex V1(const UnbalancedFault& f) const { return 1.0 / (1.0 + Z1 * f.admittance); }
};

TEST(UnbalancedFault, LineToGroundCurrentIsThreeVOverTheSum) {
  const Formula k;
  const UnbalancedFault f = k.fault(FaultType::LG);
  const Complex V1 = k.V1(f);
  const Complex I1 = f.admittance * V1;
  expect_near(3.0 * I1, 3.0 / (k.Z1 + k.Z2 + k.Z0 + 3.0 * k.Zf), "phase current of LG");
  const PhaseVoltages v = phase_voltages(V1, f.negative[0] * V1, f.zero[0] * V1);
  expect_near(v.a, 3.0 * k.Zf * I1, "voltage of the faulted phase");
}

TEST(UnbalancedFault, EqualImpedancesGiveTheThreePhaseCurrent) {
  Formula k;
  k.Z2 = k.Z0 = k.Z1;
  k.Zf = 0;
  const UnbalancedFault f = k.fault(FaultType::LG);
  expect_near(3.0 * f.admittance * k.V1(f), 1.0 / k.Z1, "LG with Z1 = Z2 = Z0, bolted");
  const PhaseVoltages v = phase_voltages(k.V1(f), f.negative_at_place * k.V1(f), f.zero_at_place * k.V1(f));
  EXPECT_LT(std::abs(v.a), 1e-12);
  EXPECT_NEAR(std::abs(v.b), 1, 1e-12);  // the sound phases do not move
  EXPECT_NEAR(std::abs(v.c), 1, 1e-12);
}

TEST(UnbalancedFault, LineToLineCurrentAndVoltages) {
  const Formula k;
  const UnbalancedFault f = k.fault(FaultType::LL);
  const Complex V1 = k.V1(f);
  const Complex I1 = f.admittance * V1;
  expect_near(I1, 1.0 / (k.Z1 + k.Z2 + k.Zf), "I1 of LL");
  const PhaseVoltages v = phase_voltages(V1, f.negative[0] * V1, 0);
  // I_b = (a^2 - a) I1 flows from B to C through Zf.
  expect_near(v.b - v.c, k.Zf * I1 * Complex(0, -std::sqrt(3.0)), "voltage across the fault");
  EXPECT_EQ(f.zero[0], 0.0);
}

TEST(UnbalancedFault, LineLineToGround) {
  const Formula k;
  const UnbalancedFault f = k.fault(FaultType::LLG);
  const Complex V1 = k.V1(f);
  const Complex ground = k.Z0 + 3.0 * k.Zf;
  expect_near(f.admittance * V1, 1.0 / (k.Z1 + k.Z2 * ground / (k.Z2 + ground)), "I1 of LLG");
  const PhaseVoltages v = phase_voltages(V1, f.negative[0] * V1, f.zero[0] * V1);
  expect_near(v.b, v.c, "the joined phases");
  const Complex I0 = -f.zero[0] * V1 / k.Z0;
  expect_near(v.b, 3.0 * k.Zf * I0, "their voltage to ground");
}

TEST(UnbalancedFault, WithoutAPathToGroundALineToGroundFaultOnlyMovesTheNeutral) {
  const UnbalancedFault f = Formula().fault(FaultType::LG, false);
  EXPECT_EQ(f.admittance, 0.0);
  const PhaseVoltages v = phase_voltages(1, f.negative[0], f.zero[0]);
  EXPECT_LT(std::abs(v.a), 1e-15);
  EXPECT_NEAR(std::abs(v.b), std::sqrt(3.0), 1e-12);
  const Formula k;
  const UnbalancedFault both = k.fault(FaultType::LLG, false);
  expect_near(both.admittance, 1.0 / k.Z2, "LLG is LL without ground");
}

TEST(UnbalancedFault, BehindADeltaWyeALineToGroundFaultLooksLikeADipOfTwoPhases) {
  // Bolted LG at the terminals of an infinite source: V1 = 2/3, V2 = -1/3, V0 = -1/3.
  const PhaseVoltages own = phase_voltages(2.0 / 3, -1.0 / 3, -1.0 / 3);
  EXPECT_LT(std::abs(own.a), 1e-15);
  const PhaseVoltages behind = behind_delta_wye(2.0 / 3, -1.0 / 3);
  std::array<double, 3> v{std::abs(behind.a), std::abs(behind.b), std::abs(behind.c)};
  std::sort(v.begin(), v.end());
  fmt::print("behind the transformer: {:.6f} {:.6f} {:.6f} pu\n", v[0], v[1], v[2]);
  EXPECT_NEAR(v[0], 1 / std::sqrt(3.0), 1e-12);
  EXPECT_NEAR(v[1], 1 / std::sqrt(3.0), 1e-12);
  EXPECT_NEAR(v[2], 1, 1e-12);
}

TEST(SequenceData, WhatIsMissingIsNamed) {
  SmallNetwork n(3);
  n.network.sequence->branches.clear();
  n.network.sequence->generators.clear();
  n.network.sequence->transformers[0].CC = 8;
  Problems problems;
  check_sequence_data(n.network, FaultType::LG, problems);
  ASSERT_EQ(problems.errors().size(), 2U);
  EXPECT_THAT(problems.errors()[0].text(), HasSubstr("CC = 8"));
  EXPECT_THAT(problems.errors()[1].text(), HasSubstr("line 2-3 '1' has no zero-sequence data"));
  ASSERT_EQ(problems.warnings().size(), 1U);
  EXPECT_THAT(problems.warnings()[0].text(), HasSubstr("ZSOURCE"));
  Problems between;  // a fault between phases needs no zero sequence
  check_sequence_data(n.network, FaultType::LL, between);
  EXPECT_FALSE(between.any());
}

TEST(SequenceData, ARatioStandsForIt) {
  SmallNetwork n(3);
  n.network.sequence.reset();
  EXPECT_THROW((void)n.from(Sequence::ZERO, 2), Error);
  n.conditions.ratio = SequenceRatio{2.5, 1.1};
  const Complex Z1 = 2.0 * Complex(0.01, 0.25) + Complex(0.012, 0.18);
  expect_near(n.from(Sequence::ZERO, 2).Z, 2.5 * Z1, "Z0 by ratio");
  expect_near(n.from(Sequence::NEGATIVE, 2).Z, 1.1 * Z1, "Z2 by ratio");
}

TEST(SequenceData, WindingsOfAThreeWindingTransformer) {
  // Wye-wye-delta, code 1-1-3: the delta grounds the star through its own impedance.
  Network n;
  for (int number = 1; number <= 4; ++number) {
    Bus bus;
    bus.number = number;
    n.buses.push_back(bus);
  }
  n.index_buses();
  for (int w = 0; w < 3; ++w) {
    Branch b;
    b.from = w;
    b.to = 3;
    b.X = 0.1;
    b.transformer = true;
    n.branches.push_back(b);
  }
  n.three_windings.push_back({"T", "1", 3, {0, 1, 2}, {}});
  const Complex Z1(0.01, 0.11), Z2(0.01, 0.05), Z3(0.01, 0.2);
  for (const int code : {2, 113}) {
    SequenceData data;
    data.transformers = {{0, code, {}, {Z1, Z2, Z3}}};
    n.sequence = data;
    FaultPlace place;
    place.bus = 0;
    const SequenceConditions all{{1, 1, 1}, {}, {}, {}, {0.0, 0.0, 0.0, 0.0}, {}};
    expect_near(sequence_impedance(n, Sequence::ZERO, all, place).Z, Z1 + Z3, "wye winding to the delta");
    place.bus = 2;
    EXPECT_FALSE(sequence_impedance(n, Sequence::ZERO, all, place).grounded);
  }
}

}  // namespace
}  // namespace ballast
