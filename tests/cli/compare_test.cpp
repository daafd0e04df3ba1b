/// `ballast compare` on the site of cases/compare-100MW, with remedies of its own.
#include <gmock/gmock.h>

#include "tests/cli/program.hpp"

namespace ballast {
namespace {

using testing::content;
using testing::Ended;
using ::testing::HasSubstr;

const std::string kHead = R"([comparison]
title = "small site"
datacenter = "Campus"
meter = ["1-2-1"]
declared_MW = 50
average_s = 1
ramp_window_s = 0.1
training_share = 0.5
bands_Hz = [[0.2, 5]]
smoothing = [0.3, 0.8]
ride_through = [0.2, 0.9]
flexible_min = [60, 20]
[[disturbance]]
name = "load"
from_s = 22
until_s = 30
[[disturbance]]
name = "dip"
from_s = 22
until_s = 32
[[disturbance.event]]
at_s = 26
fault = { bus = 2, impedance_pu = [0, 0.2], duration_s = 0.1 }
[[mitigation]]
name = "bare"
)";
const std::string kBattery = R"([[mitigation]]
name = "battery"
area_acre = 1
[[mitigation.add.bess]]
name = "B"
bus = 2
load = "Campus"
power_MW = 100
energy_MWh = 100
control = ["load-hold"]
life = { cycles = 5000, exponent = 1, calendar_years = 15 }
)";

class Compare : public testing::Workplace {
 protected:
  Ended compare(const std::string& text) {
    write("remedies.toml", text);
    return run({"compare", std::string(BALLAST_SOURCE_DIR) + "/cases/compare-100MW", "--mitigations",
                "remedies.toml", "-o", "out", "--quiet"});
  }
};

TEST_F(Compare, SetsTheRemediesSideBySide) {
  const Ended ended = compare(kHead + kBattery + R"([[claim]]
table = "vendor"
item = "battery holds the load"
says = "yes"
figure = "battery.ride_through"
is = "yes"
[[claim]]
table = "vendor"
item = "battery lasts"
says = "30 years"
figure = "battery.life_years"
at_least = 30
[[claim]]
table = "vendor"
item = "price"
says = "low"
cannot = "no prices"
)");
  ASSERT_EQ(ended.code, 0) << ended.err << ended.out;
  EXPECT_THAT(ended.out, HasSubstr("agree"));
  EXPECT_THAT(ended.out, HasSubstr("differ              15.0")) << "never longer than the calendar\n"
                                                                << ended.out;
  EXPECT_THAT(ended.out, HasSubstr("cannot be computed  no prices"));
  // 100 MWh at 50 % of charge down to 20 %, 95 %: 28.5 MWh, 34.2 minutes at 50 MW.
  EXPECT_THAT(content(folder / "out/comparison.csv"), HasSubstr(",34.2,storage,possibly,15,"));
  EXPECT_THAT(content(folder / "out/comparison.html"), HasSubstr("battery holds the load"));
  EXPECT_THAT(content(folder / "out/claims.csv"), HasSubstr("no prices"));
}

TEST_F(Compare, SaysEverythingThatIsWrongWithTheFile) {
  const Ended ended = compare(kHead + kBattery + R"([[mitigation]]
name = "both"
combines = ["batery"]
[[claim]]
table = "vendor"
item = "x"
says = "y"
)");
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, HasSubstr("'both' combines 'batery', which is not above it"));
  EXPECT_THAT(ended.err, HasSubstr("says neither what to compare nor why nothing can be"));
  EXPECT_THAT(
      compare(kHead +
              "[[mitigation]]\nname = \"wrong\"\n[mitigation.set]\n\"datacenter.Campuss.it_power_MW\" = 5\n")
          .err,
      HasSubstr("did you mean 'Campus'?"));
}

TEST_F(Compare, AFigureThatIsNotThereIsAnError) {
  const Ended ended = compare(
      kHead +
      "[[claim]]\ntable = \"v\"\nitem = \"i\"\nsays = \"s\"\nfigure = \"bare.flexibel\"\nat_least = 1\n");
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, HasSubstr("did you mean 'bare.flexible'?"));
}

}  // namespace
}  // namespace ballast
