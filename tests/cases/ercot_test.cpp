/// The case of 15 February 2021: it is what its script writes, and its story has causes. `ballast validate`
/// compares it with what was published.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "cases/reader/case.hpp"
#include "tests/cases/grid_balance.hpp"
#include "tests/cases/recorded.hpp"

namespace ballast {
namespace {

const std::string kFolder = std::string(BALLAST_SOURCE_DIR) + "/cases/ercot-2021";

TEST(Ercot2021, CaseIsWhatItsScriptWrites) {
  if (std::system("python3 -c 'import tomllib' 2>/dev/null") != 0) GTEST_SKIP() << "needs Python 3.11";
  EXPECT_EQ(std::system(("python3 '" + kFolder + "/make_case.py' --check").c_str()), 0);
}

/// 2,000 MW before 01:51, then 3,000, 3,500 and 2,000 MW: 10,500 MW, spread over all loads.
TEST(Ercot2021, OrdersAreThosePublished) {
  const Case c = read_case(kFolder);
  double before = 0, all = 0;
  int ramps = 0;
  for (const Disturbance& d : c.disturbances)
    if (const auto* ramp = std::get_if<LoadRamp>(&d.action)) {
      ++ramps;
      all -= ramp->P_change;
      if (d.at_s < 1560) before -= ramp->P_change;
    }
  fmt::print("{} orders, {} MW before 01:51, {} MW in all\n", ramps, before, all);
  EXPECT_EQ(ramps, 5);
  EXPECT_NEAR(before, 2000, 1e-9);
  EXPECT_NEAR(all, 10500, 1e-9);
}

/// Losses and shedding are written in the case: what relays did on top has causes, and nothing of the load is
/// theirs.
TEST(Ercot2021, RelaysPickUpAndDropOutAgain) {
  Case c = read_case(kFolder);
  testing::record_balance(c);
  const Record record = testing::run_in_memory(c);
  const testing::GridBalance balance = testing::grid_balance(c, record);
  EXPECT_LT(balance.worst_MW, 1e-4 * balance.throughput_MW);
  const auto count = [&](const char* words) {
    return std::count_if(record.events.begin(), record.events.end(),
                         [&](const LoggedEvent& e) { return e.text.find(words) != std::string::npos; });
  };
  const std::vector<double> frequency =
      testing::recorded(record, "frequency", record.schema.quantities[*record.find("frequency")].elements[0]);
  const double least = *std::min_element(frequency.begin(), frequency.end());
  fmt::print("lowest {:.4f} Hz, {} pick-ups, {} drop-outs, {} trips\n", least, count("watching to picked up"),
             count("picked up to watching"), count("picked up to tripped"));
  EXPECT_GT(least, 59.3);
  EXPECT_LT(least, 59.4);
  EXPECT_GT(count("watching to picked up"), 0);
  EXPECT_GT(count("picked up to watching"), 0);
  EXPECT_EQ(count("picked up to tripped"), 0);
}

}  // namespace
}  // namespace ballast
