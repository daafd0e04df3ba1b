/// `ballast modes`: what it prints and writes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program.hpp"

namespace ballast {
namespace {

using testing::content;
using testing::Ended;
using ::testing::HasSubstr;

class Modes : public testing::Workplace {
 protected:
  const std::string smib = std::string(BALLAST_SOURCE_DIR) + "/cases/smib";
};

TEST_F(Modes, OfTheTextbookMachine) {
  const Ended ended = run({"modes", smib, "-o", "out"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("1 of 1 from 0.05 to 2.5 Hz"));
  EXPECT_THAT(ended.out, HasSubstr("   1    1.1724      0.87"));
  EXPECT_THAT(content(folder / "out/modes.csv"), HasSubstr("time_s,mode,frequency_Hz,damping_percent"));
  EXPECT_THAT(content(folder / "out/participation.csv"), HasSubstr("0,1,GENCLS,1-1.machine,1,delta,"));
}

TEST_F(Modes, AtMomentsOfTheRun) {
  const Ended ended = run({"modes", smib, "--at", "0,2", "-o", "out"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("at 0 s: "));
  EXPECT_THAT(ended.out, HasSubstr("at 2 s: ")) << "a circuit is open then";
}

TEST_F(Modes, StiffnessAndForcedResponse) {
  const Ended stiff = run({"modes", smib, "--vq", "--kV", "100", "-o", "out"});
  ASSERT_EQ(stiff.code, 0) << stiff.err;
  EXPECT_THAT(stiff.out, HasSubstr("smallest eigenvalue of the reduced V-Q matrix"));
  EXPECT_THAT(content(folder / "out/vq.csv"), HasSubstr("time_s,smallest,negative,bus,participation"));
  const Ended forced = run({"modes", smib, "--force", "2", "--Hz", "0.5,1.1724", "-o", "out"});
  ASSERT_EQ(forced.code, 0) << forced.err;
  EXPECT_THAT(forced.out, HasSubstr("100 MW +0 Mvar peak to peak into bus 2 (HT) at 0.5 Hz"));
  EXPECT_THAT(content(folder / "out/forced.csv"), HasSubstr("time_s,driven_Hz,bus,base_kV,voltage_kV"));
}

TEST_F(Modes, NearAFrequencyOfASystemOfThreeStates) {
  const Ended ended = run({"modes", smib, "--near", "1", "-n", "5", "-o", "out"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("   1    1.1724"));
}

TEST_F(Modes, RefusesABandThatIsNoneAndABusThatIsNotThere) {
  EXPECT_EQ(run({"modes", smib, "--from", "3", "--to", "1", "-o", "out"}).code, 2);
  const Ended ended = run({"modes", smib, "--force", "77", "--Hz", "1", "-o", "out"});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, HasSubstr("name a bus of the case"));
}

}  // namespace
}  // namespace ballast
