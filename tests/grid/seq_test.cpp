// Sequence data of every version against values worked out beside them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "grid/readers.hpp"
#include "grid/sequence_network.hpp"
#include "tests/grid/every_section.hpp"
#include "tests/grid/raw_text.hpp"

namespace ballast {
namespace {

using Complex = std::complex<double>;
using testing::every_section;
using ::testing::HasSubstr;

constexpr const char* kLine = "4,2,'C1',0.03,0.3,0.02,0.1,0.2,0.3,0.4\n";  // as RAW has it from 2 to 4
constexpr const char* kMutual = "2,4,'C1',4,2,'C1',0.01,0.05,0.0,0.4,0.1,1.0\n";

/// The sequence data of the network of every_section(), in the layout of a version.
std::string sequence(int version) {
  std::string t = "0, " + std::to_string(version) + " / PSS(R)E SEQ\n";
  if (version >= 35)
    t = "@!IC, REV\n" + t + "RPTFORMAT, AMPOUT=0\n0 / END OF SYSTEM-WIDE DATA, BEGIN GENERATOR DATA\n";
  if (version <= 33) {
    t += std::string("1,'G1',0.001,0.2") + (version >= 32 ? ",0.3,1.8" : "") + "\n3,'G2',0.0,0.25\n0\n";
    t += "1,'G1',0.002,0.21\n0\n1,'G1',0.003,0.1" + std::string(version == 33 ? ",2,0.0,5.29" : "") + "\n0\n";
    t += version == 33 ? "2,'L1',12.0,6.0\n0\n2,'L1',1,4.0,2.0\n0\n" : "2,0.12,-0.06\n0\n2,0.04,-0.02\n0\n";
  } else {
    t += "1,'G1',0.001,0.2,0.3,1.8,0.002,0.21,0.003,0.1,2,0.0,5.29,0.0\n3,'G2',0.0,0.25\n0\n";
    t += "2,'L1',12.0,6.0,1,4.0,2.0\n0\n";
  }
  t += std::string(kLine) + "0\n" + kMutual + "0\n";
  if (version <= 32) {
    t += "1,2,0,'T1',2,0.0,0.01,0.001,0.02,0.0,0.0\n1,4,3,'T2',5,0.0,0.0,0.001,0.04,0.002,0.05,0.003,0."
         "06\n0\n";
  } else {
    t += "1,2,0,'T1',2,3,2,0.0,5.29,0.0025,0.05,0.0,0.0,0.0,0.0,0.0,0.0\n"
         "1,4,3,'T2',1,1,5,0.0,0.0,0.001,0.04,0.0,0.0,0.002,0.05,0.0,0.0,0.003,0.06,0.0,0.0\n0\n";
  }
  t += version >= 35 ? "2,'1',0.1,0.05\n0\n" : "2,0.1,0.05\n0\n";
  return t + "2,'1',0.01,-0.2\n0\nQ\n";
}

Network read(int version, const std::string& text, Problems& problems) {
  Network net = read_raw_text(every_section(version), "case.raw", problems);
  read_seq_text(text, "case.seq", net, problems);
  return net;
}

class SeqVersion : public ::testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Versions, SeqVersion, ::testing::Values(30, 31, 32, 33, 34, 35, 36));

void expect_near(Complex a, Complex b) { EXPECT_LT(std::abs(a - b), 1e-15) << a << " and " << b; }

TEST_P(SeqVersion, FillsEverySectionThatTheVersionHas) {
  const int version = GetParam();
  Problems problems;
  const Network net = read(version, sequence(version), problems);
  for (const Problem& problem : problems.errors()) ADD_FAILURE() << problem.text();
  ASSERT_TRUE(net.sequence);
  const SequenceData& s = *net.sequence;

  ASSERT_EQ(s.generators.size(), 2U);
  expect_near(s.generators[0].Zpos, {0.001, 0.2});
  expect_near(s.generators[0].Zneg, {0.002, 0.21});
  expect_near(s.generators[0].Z0, {0.003, 0.1});
  // 5.29 ohm at 230 kV and 120 MVA: 5.29 * 120 / 230^2.
  expect_near(s.generators[0].Zground, {0, version >= 33 ? 0.012 : 0.0});
  expect_near(s.generators[1].Zneg, {0.0, 0.25});
  expect_near(s.generators[1].Z0, {0.0, 0.25});

  ASSERT_EQ(s.loads.size(), 1U);
  EXPECT_EQ(s.loads[0].bus, 1);
  expect_near(s.loads[0].Yneg, {0.12, -0.06});
  expect_near(s.loads[0].Y0, {0.04, -0.02});

  ASSERT_EQ(s.branches.size(), 1U);
  EXPECT_EQ(s.branches[0].branch, 0);
  expect_near(s.branches[0].Z0, {0.03, 0.3});
  EXPECT_EQ(s.branches[0].B0, 0.02);
  expect_near(s.branches[0].Y0I, {0.3, 0.4});  // the record runs the other way
  expect_near(s.branches[0].Y0J, {0.1, 0.2});

  ASSERT_EQ(s.mutuals.size(), 1U);
  expect_near(s.mutuals[0].Zm, {-0.01, -0.05});  // the second branch is named backwards
  EXPECT_EQ(s.mutuals[0].E1, 0.4);
  EXPECT_EQ(s.mutuals[0].B2, 0.0);
  EXPECT_EQ(s.mutuals[0].E2, 0.9);

  ASSERT_EQ(s.transformers.size(), 2U);
  const std::size_t first = version >= 34 ? 2 : 1;
  EXPECT_EQ(s.transformers[0].branch, static_cast<int>(first));
  EXPECT_EQ(s.transformers[0].CC, 2);
  // From 33 on in other units: 5.29 ohm at 230 kV on 100 MVA; 0.05 on 250 MVA.
  expect_near(s.transformers[0].Zground[0], {0, 0.01});
  expect_near(s.transformers[0].Z0[0], {0.001, 0.02});
  EXPECT_EQ(s.transformers[1].branch, static_cast<int>(first + 1));
  EXPECT_EQ(s.transformers[1].CC, 5);
  ASSERT_EQ(s.transformers[1].Z0.size(), 3U);
  expect_near(s.transformers[1].Z0[2], {0.003, 0.06});

  ASSERT_EQ(s.switched_shunts.size(), 1U);
  EXPECT_EQ(s.switched_shunts[0].shunt, 0);
  EXPECT_EQ(s.switched_shunts[0].BZ, (std::vector{0.1, 0.05}));
  ASSERT_EQ(s.shunts.size(), 1U);
  expect_near(s.shunts[0].Y0, {0.01, -0.2});
}

/// A machine (bus 1), a transformer with both ratios off nominal, bus 2; the SEQ file's transformer records.
Network two_windings(const std::string& transformers, Problems& problems) {
  testing::Sections raw = testing::two_bus_sections();
  raw["branch"] = "";
  raw["transformer"] =
      "1,2,0,'1',1,1,1,0.0,0.0,2,'BANK',1,1,1.0\n0.002,0.1,100.0\n1.02,0.0,5.0,0,0,0,0,0,1.1,0.9,1.1,0.9,33,"
      "0,"
      "0,0\n1.05,0.0\n";
  Network net = read_raw_text(testing::raw_file(raw), "case.raw", problems);
  read_seq_text(
      "0,33\n1,'1',0.0,0.2\n0\n0\n1,'1',0.01,0.15,1,0.0,0.0\n0\n0\n0\n0\n0\n" + transformers + "0\n0\n0\nQ\n",
      "case.seq", net, problems);
  return net;
}

Complex zero_impedance(const Network& net, int bus) {
  FaultPlace place;
  place.bus = bus;
  SequenceConditions now{{}, {}, {}, {}, std::vector<Complex>(net.buses.size(), 0.0), {}};
  now.branch_closed.assign(net.branches.size(), 1);
  now.shunt_closed.assign(net.shunts.size(), 1);
  now.generator_running.assign(net.generators.size(), 1);
  return sequence_impedance(net, Sequence::ZERO, now, place).Z;
}

TEST(Seq, TheZeroSequenceOfATransformerIsScaledByItsSecondWindingAsThePositiveOneIs) {
  Problems problems;
  const Network net = two_windings("1,2,0,'1',1,1,1,0.0,0.02,0.002,0.1,0.01,0.03,0,0,0,0\n", problems);
  ASSERT_FALSE(problems.any()) << problems.errors().front().text();
  const Branch& bank = net.branches[0];
  EXPECT_NEAR(bank.X, 0.1 * 1.05 * 1.05, 1e-15);
  expect_near(net.sequence->transformers[0].Z0[0], {bank.R, bank.X});  // Z0 = Z1-2 in the two files
  // By hand: machine and neutral of winding 1 behind t1:1, Z0, 1:t2, neutral of winding 2.
  const Complex Zg = Complex(0.01, 0.15) * 100.0 / 120.0 + 3.0 * Complex(0, 0.02);
  const Complex by_hand =
      (Zg / (1.02 * 1.02) + Complex(0.002, 0.1)) * 1.05 * 1.05 + 3.0 * Complex(0.01, 0.03);
  const Complex found = zero_impedance(net, 1);
  std::cout << "  Z0 at bus 2: " << found << ", by hand " << by_hand << ", tolerance 1e-14\n";
  EXPECT_LT(std::abs(found - by_hand), 1e-14);
}

TEST(Seq, ATransformerNamedTheOtherWayRoundIsTurned) {
  // The same bank from either side: 2 and 3 change places, and so do the neutrals.
  const std::pair<const char*, const char*> both[] = {
      {"1,2,0,'1',1,1,3,0.0,0.0,0.002,0.1,0.01,0.03,0,0,0,0\n",
       "2,1,0,'1',1,1,2,0.01,0.03,0.002,0.1,0.0,0.0,0,0,0,0\n"},
      {"1,2,0,'1',1,1,2,0.01,0.03,0.002,0.1,0.0,0.0,0,0,0,0\n",
       "2,1,0,'1',1,1,3,0.0,0.0,0.002,0.1,0.01,0.03,0,0,0,0\n"},
      {"1,2,0,'1',1,1,1,0.0,0.02,0.002,0.1,0.01,0.03,0,0,0,0\n",
       "2,1,0,'1',1,1,1,0.01,0.03,0.002,0.1,0.0,0.02,0,0,0,0\n"}};
  for (const auto& [along, against] : both) {
    Problems none, warned;
    const Network one = two_windings(along, none), other = two_windings(against, warned);
    EXPECT_TRUE(none.warnings().empty());
    ASSERT_FALSE(warned.any()) << warned.errors().front().text();
    ASSERT_EQ(warned.warnings().size(), 1U);
    EXPECT_THAT(warned.warnings()[0].text(), HasSubstr("in another order than the RAW file"));
    const TransformerSequence &a = one.sequence->transformers[0], &b = other.sequence->transformers[0];
    EXPECT_EQ(a.CC, b.CC);
    for (std::size_t w = 0; w < 2; ++w) expect_near(a.Zground[w], b.Zground[w]);
    expect_near(a.Z0[0], b.Z0[0]);
    if (a.CC != 2) expect_near(zero_impedance(one, 1), zero_impedance(other, 1));
  }
  Problems refused;
  (void)two_windings("2,1,0,'1',1,1,7,0.0,0.0,0.002,0.1,0.0,0.0,0,0,0,0\n", refused);
  ASSERT_EQ(refused.errors().size(), 1U);
  EXPECT_THAT(refused.errors()[0].text(), HasSubstr("case.seq:11:15: connection code 7"));
}

TEST(Seq, ThreeWindingsAreFoundByTheirBuses) {
  // RAW: 1, 4, 3. The record names 4, 3, 1; code 2 is 1-1-3 in its order, that is 3-1-1 in RAW's.
  std::string text = sequence(33);
  const std::string old = "1,4,3,'T2',1,1,5,0.0,0.0,0.001,0.04,0.0,0.0,0.002,0.05,0.0,0.0,0.003,0.06";
  ASSERT_NE(text.find(old), std::string::npos);
  text.replace(text.find(old), old.size(),
               "4,3,1,'T2',1,1,2,0.0,0.01,0.001,0.04,0.0,0.02,0.002,0.05,0.0,0.03,0.003,0.06");
  Problems problems;
  const Network net = read(33, text, problems);
  ASSERT_FALSE(problems.any()) << problems.errors().front().text();
  const TransformerSequence& t = net.sequence->transformers[1];
  EXPECT_EQ(t.branch, net.three_windings[0].branches[0]);
  EXPECT_EQ(t.CC, 311);
  expect_near(t.Z0[0], {0.003, 0.06});
  expect_near(t.Z0[1], {0.001, 0.04});
  expect_near(t.Z0[2], {0.002, 0.05});
  expect_near(t.Zground[0], {0, 0.03});
  expect_near(t.Zground[1], {0, 0.01});
}

TEST(Seq, IsRefusedWithLineAndColumn) {
  const auto with = [](const std::string& old, const std::string& fresh) {
    std::string text = sequence(33);
    return text.replace(text.find(old), old.size(), fresh);
  };
  const std::pair<std::string, const char*> files[] = {
      {"", "case.seq: the file is empty"},
      {"0, 29\n", "case.seq:1:4: SEQ version 29 is not supported"},
      {"1, 33\n", "case.seq:1:1: IC = 1: the file changes data"},
      {with("1,'G1',0.001", "9,'G1',0.001"), "case.seq:2:1: I = 9: there is no such bus"},
      {with("1,'G1',0.001", "1,'GX',0.001"), "case.seq:2:3: bus 1 (ALPHA) has no generator 'GX'"},
      {with("1,'G1',0.001", "1,'G1',zero"), "case.seq:2:8: ZRPOS = 'zero' is not a finite number"},
      {with("4,2,'C1',0.03", "4,3,'C1',0.03"),
       "there is no branch bus 4 (DELTA) to bus 3 (GAMMA), circuit 'C1'"},
      {with("1,4,3,'T2'", "1,4,2,'T2'"), "there is no three-winding transformer 'T2' between these buses"},
      {sequence(33).substr(0, 60), "the file ends inside the"}};
  for (const auto& [text, message] : files) {
    Problems problems;
    (void)read(33, text, problems);
    ASSERT_TRUE(problems.any()) << message;
    EXPECT_THAT(problems.errors().front().text(), HasSubstr(message));
    EXPECT_FALSE(problems.errors().front().remedy.empty());
  }
}

TEST(Seq, NoDamageCrashesTheReader) {
  const std::string good = sequence(35);
  Problems unused;
  Network net = read_raw_text(every_section(35), "case.raw", unused);
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const char c : {'\0', '9', '-', ',', '\'', '\n', '/', '\xff'}) {
      std::string text = good;
      text[at] = c;
      Problems problems;
      read_seq_text(text, "case.seq", net, problems);
      for (const Problem& problem : problems.errors()) ASSERT_FALSE(problem.what.empty());
    }
  }
}

}  // namespace
}  // namespace ballast
