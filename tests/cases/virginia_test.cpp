/// The case of 10 July 2024: it is what its script writes, and the counter locks at the third dip.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "cases/reader/case.hpp"
#include "models/datacenter/ups.hpp"
#include "tests/cases/grid_balance.hpp"
#include "tests/cases/recorded.hpp"

namespace ballast {
namespace {

const std::string kFolder = std::string(BALLAST_SOURCE_DIR) + "/cases/virginia-2024";
constexpr double kZero_s = 5;  ///< the first fault

TEST(Virginia2024, CaseIsWhatItsScriptWrites) {
  if (std::system("python3 -c 'import tomllib' 2>/dev/null") != 0) GTEST_SKIP() << "needs Python 3.11";
  EXPECT_EQ(std::system(("python3 '" + kFolder + "/make_case.py' --check").c_str()), 0);
}

TEST(Virginia2024, FaultsAreThosePublished) {
  const Case c = read_case(kFolder);
  std::istringstream lines([] {
    std::ifstream file(kFolder + "/faults.csv");
    return std::string{std::istreambuf_iterator<char>(file), {}};
  }());
  std::string line;
  std::getline(lines, line);  // header
  std::vector<double> published;
  while (std::getline(lines, line)) {
    std::istringstream cells(line);
    std::string number, start, duration_ms;
    std::getline(cells, number, ',');
    std::getline(cells, start, ',');
    std::getline(cells, duration_ms, ',');
    published.push_back(kZero_s + std::stod(start));
    published.push_back(kZero_s + std::stod(start) + std::stod(duration_ms) / 1000);
  }
  ASSERT_EQ(published.size(), 12U);
  std::vector<double> ours;
  for (const Disturbance& d : c.disturbances)
    if (ours.empty() || d.at_s > ours.back() + 1e-9) ours.push_back(d.at_s);
  ASSERT_EQ(ours.size(), 12U);
  for (std::size_t k = 0; k < 12; ++k) EXPECT_NEAR(ours[k], published[k], 1e-9);
}

TEST(Virginia2024, SixtySitesAreOnePopulation) {
  const Case c = read_case(kFolder);
  std::map<double, int> drawn;  // V_low_transfer: continuous, so every site has its own
  int sites = 0, substations = 0;
  for (const Plant& plant : c.plants) {
    if (plant.kind != "datacenter") continue;
    ++substations;
    for (const Part& part : plant.parts)
      if (part.model == "UPS") ++sites, ++drawn[part.parameters[Ups::V_LOW_TRANSFER]];
  }
  EXPECT_EQ(sites, 60);
  EXPECT_EQ(substations, 32);
  EXPECT_EQ(drawn.size(), 60U) << "substations draw each other's sites";
}

/// The case's text until 22 s after the first fault, with another text in the place of one of its own,
/// wherever it stands.
std::string shortened(const std::string& what = "", const std::string& with = "") {
  std::ifstream file(kFolder + "/case.toml");
  std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::string until = "until_s = 205";
  EXPECT_NE(text.find(until), std::string::npos);
  text.replace(text.find(until), until.size(), "until_s = 27");
  EXPECT_NE(text.find(what), std::string::npos) << what;
  for (auto at = text.find(what); !what.empty() && at != std::string::npos;
       at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

/// The usual GGOV1 has no dead-band at all.
TEST(Virginia2024, RunsWithGovernorsWithoutDeadBand) {
  const Record record = testing::run_in_memory(
      read_case_text(shortened(", db = 1.666666667e-05", ", db = 0"), kFolder + "/case.toml"));
  const auto frequency = testing::recorded(
      record, "frequency", record.schema.quantities[*record.find("frequency")].elements.front());
  const double peak = *std::max_element(frequency.begin(), frequency.end());
  fmt::print("peak {:.4f} Hz; with a dead-band of 1 mHz 60.0406 by then\n", peak);
  EXPECT_NEAR(peak, 60.0406, 0.001);
}

TEST(Virginia2024, CounterLocksAtTheThirdDipAndNotBefore) {
  Case c = read_case_text(shortened(), kFolder + "/case.toml");
  testing::record_balance(c);
  std::map<std::string, std::pair<double, double>> setting;  // counter and merge time, by device
  for (const Plant& plant : c.plants)
    for (const Part& part : plant.parts)
      if (part.model == "UPS")
        setting[plant.name + "." + part.name] = {part.parameters[Ups::DIPS_TO_LOCK],
                                                 part.parameters[Ups::DIP_MERGE_S]};
  const Record record = testing::run_in_memory(c);
  const testing::GridBalance balance =
      testing::grid_balance(c, record, {33});  // the arrester's bus has the fault
  EXPECT_LT(balance.worst_MW, 1e-4 * balance.throughput_MW);
  double first_raw = kInfinity, first_merged = kInfinity;
  int locked = 0, sites = 0;
  for (const LoggedEvent& e : record.events) {
    if (!e.text.ends_with(" to locked")) continue;
    const auto [dips, merge_s] = setting.at(e.device);
    if (dips != 3) continue;
    ++locked;
    double& first = merge_s > 0 ? first_merged : first_raw;
    first = std::min(first, e.time_s - kZero_s);
  }
  for (const auto& [device, s] : setting) sites += s.first == 3 ? 1 : 0;
  fmt::print(
      "{} of {} sites with 3 in 60 s locked; first {:.3f} s (15.860), of those that merge {:.3f} s "
      "(21.279)\n",
      locked, sites, first_raw, first_merged);
  EXPECT_NEAR(first_raw, 15.860, 0.02);
  EXPECT_NEAR(first_merged, 21.279, 0.02);
  EXPECT_EQ(locked, sites) << "all of them see every dip";
}

}  // namespace
}  // namespace ballast
