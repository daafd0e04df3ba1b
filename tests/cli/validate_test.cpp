/// `ballast validate` on an event of three rows.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"

namespace ballast {
namespace {

namespace fs = std::filesystem;
using testing::content;
using testing::Ended;
using ::testing::HasSubstr;
using ::testing::Not;

class Validate : public testing::Workplace {
 protected:
  /// The textbook machine of cases/smib after its fault; "X-1" passes, "X-2" misses.
  void event(const std::string& first, const std::string& second) {
    fs::create_directories(folder / "validation/textbook");
    write("validation/textbook/assumed.toml", "[H]\nvalue = 3.5\ncalibrated_on = \"none\"\n");
    write("validation/textbook/expected.csv",
          "id,metric,published,tolerance,gate,source\nX-1,lowest voltage,0.0 pu,0.05,gate,book\n"
          "X-2,highest voltage,2.0 pu,\"0.05, no more\",gate,book\nX-3,nothing,none,-,-,-\n");
    write("validation/textbook/status.csv",
          "id,status,reason\nX-1," + first + ",why\nX-2," + second + ",why\nX-3,report-only,none\n");
    write("validation/textbook/event.toml", R"(
title = "Textbook"
case = ")" + std::string(BALLAST_SOURCE_DIR) + R"(/cases/smib/case.toml"
assumptions = "assumed.toml"
zero_s = 1.0
[drawn]
voltage = "bus.voltage"
frequency = "frequency"
[[run]]
name = "event"
[run.set]
"simulation.until_s" = 2
[[metric]]
id = "X-1"
run = "event"
take = "min"
of = "bus.voltage"
from_s = 0
to_s = 0.5
accept = [[0, 0.05]]
[[metric]]
id = "X-2"
run = "event"
take = "max"
of = "bus.voltage"
from_s = 0
to_s = 0.5
accept = [[1.95, 2.05]]
)");
  }
};

TEST_F(Validate, EndsWellWhenEveryVerdictIsAsStated) {
  event("pass", "known-miss");
  const Ended ended = run({"validate", "--json"});
  ASSERT_EQ(ended.code, 0) << ended.err << ended.out;
  const auto json = nlohmann::json::parse(ended.out);
  EXPECT_EQ(json["rows"][0]["verdict"], "pass");
  EXPECT_EQ(json["rows"][1]["verdict"], "MISS");
  EXPECT_EQ(json["rows"][1]["tolerance"], "0.05, no more");
  EXPECT_THAT(content(folder / "ballast-out/validate-textbook/validation.html"),
              HasSubstr("highest voltage"));
  EXPECT_EQ(run({"validate", "textbook", "--strict"}).code, 5) << "a known miss is a miss";
}

TEST_F(Validate, AMissThatPassesAndAPassThatMissesFail) {
  event("known-miss", "known-miss");
  const Ended passes = run({"validate", "textbook"});
  EXPECT_EQ(passes.code, 5) << passes.err;
  EXPECT_THAT(passes.out, HasSubstr("NOT AS STATED"));
  event("pass", "pass");
  EXPECT_EQ(run({"validate", "textbook"}).code, 5);
}

TEST_F(Validate, WhatIsWrongInItsFilesIsNamed) {
  event("pass", "known-miss");
  write("validation/textbook/status.csv", "id,status,reason\nX-1,pass,\nX-2,maybe,\n");
  const Ended ended = run({"validate", "textbook"});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, HasSubstr("'maybe' is no status"));
  EXPECT_EQ(run({"validate", "no-such-event"}).code, 2);
  event("pass", "known-miss");
  std::string text = content(folder / "validation/textbook/event.toml");
  const std::string accept = "accept = [[0, 0.05]]";
  write("validation/textbook/event.toml", text.replace(text.find(accept), accept.size(), "accept = 0.05"));
  EXPECT_THAT(run({"validate", "textbook"}).err, HasSubstr("no list of intervals"));
}

/// Clearing times drawn between 50 and 200 ms: the machine that loses synchronism leaves at 2 s.
TEST_F(Validate, AnEnsembleIsJudgedByItsShareAndItsCounterfactualByTheSameDraws) {
  event("pass", "known-miss");
  write("draws.toml", R"([sweep]
title = "lengths of the fault"
case = ")" + std::string(BALLAST_SOURCE_DIR) +
                          R"(/cases/smib/case.toml"
base_events = "drop"
[set]
simulation.until_s = 2.5
[sampling]
method = "latin-hypercube"
samples = 8
seed = 1
[[axis]]
name = "length"
distribution = { kind = "uniform", low = 0.05, high = 0.2 }
[[event]]
at_s = 1
fault = { bus = 2, bolted = true, duration_s = "{length}" }
)");
  const std::string own = content(folder / "validation/textbook/event.toml");
  write("validation/textbook/event.toml", own + R"(
[[ensemble]]
name = "B"
sweep = "../../draws.toml"
draws = 3
share = 0.9
[ensemble.gate]
least = 1
must_pass = ["X-1"]
[[ensemble]]
name = "C"
of = "B"
sweep = "../../draws.toml"
draws = 8
signs = [{ id = "X-3", of = "b-150", expect = "later", margin = 0.01 }, { id = "X-2", of = "b-150", expect = "never" }]
[ensemble.set]
"generator.1-*.machine.H" = 20
[[metric]]
id = "X-1"
run = "B"
take = "min"
of = "bus.voltage"
elements = ["2"]
from_s = 0
to_s = 0.05
accept = [[0, 0.05]]
[[metric]]
id = "X-2"
run = "B"
take = "first-below"
of = "bus.angle"
elements = ["3"]
minus = ["1"]
level = -150
from_s = 0
to_s = 1.5
name = "b-150"
label = "150 degrees at"
unit = "s"
accept = [[0, 1.5]]
)");
  std::string status = content(folder / "validation/textbook/status.csv");
  write("validation/textbook/status.csv",
        status + "B/X-1,pass,\nB/X-2,known-miss,the shorter faults are ridden through\n");
  const Ended few = run({"validate", "textbook"});
  EXPECT_EQ(few.code, 0) << few.err << few.out;
  EXPECT_THAT(few.out, HasSubstr("3 draws of 8: 3 by the batch engine"));
  const Ended all = run({"validate", "textbook", "--draws", "8", "--jobs", "2"});
  EXPECT_EQ(all.code, 0) << all.err << all.out;
  EXPECT_THAT(all.out, HasSubstr("inside in 8 of 8 draws, 90 % are asked for"));
  EXPECT_THAT(all.out, HasSubstr("X-2    MISS  known-miss"));
  EXPECT_THAT(all.out, HasSubstr("X-3    pass  report-only"));
  EXPECT_THAT(content(folder / "ballast-out/validate-textbook/draws/B.csv"), HasSubstr("\n7,batch,"));
  EXPECT_THAT(run({"validate", "textbook", "--draws", "0"}).out, Not(HasSubstr("draws of 8")));
}

}  // namespace
}  // namespace ballast
