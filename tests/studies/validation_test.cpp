/// Validation tables: what is taken of a run, and what is an error.
#include "studies/validation/event.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "tests/reference.hpp"

namespace ballast::validation {
namespace {

namespace fs = std::filesystem;

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Two sites of 60 and 40 MW behind buses 1 and 2: dips at 0 and 10 s; "A" locks at the first, "B" at the
/// second, A's last watt is long gone then. Zero is at 100 s.
struct Story {
  std::vector<double> times_s{99, 100, 100, 100.05, 105, 110, 110, 110.05, 150};
  Schema schema{{{"bus.voltage", "pu", "", {"1", "2"}, {0, 1}},
                 {"datacenter.power", "MW", "", {"A", "B"}, {}},
                 {"datacenter.ups.P_load", "MW", "", {"A/ups-1", "B/ups-1"}, {}},
                 {"frequency", "Hz", "", {"system"}, {}}}};
  std::vector<std::vector<double>> values{
      {1, 1, 1, 1, 0.3, 0.4, 0.3, 0.4, 1, 1, 1, 1, 0.3, 0.5, 0.3, 0.5, 1.07, 1.06},
      {60, 40, 60, 40, 60, 40, 0, 0, 0, 40, 0, 40, 0, 40, 0, 0, 0, 0},
      {60, 40, 60, 40, 60, 40, 0, 0, 0, 40, 0, 40, 0, 40, 0, 0, 0, 0},
      {60, 60, 60, 60.01, 60.02, 60.02, 60.02, 60.03, 60.04}};
  std::vector<LoggedEvent> events;
  View view{times_s,
            schema,
            values,
            events,
            {{"A", "1"}, {"B", "2"}},
            {{"A.ups-1", {{"dips_to_lock", 1}}}, {"B.ups-1", {{"dips_to_lock", 2}}}}};

  Story() {
    const auto lock = [&](double t, const char* device) {
      LoggedEvent e;
      e.time_s = t;
      e.kind = "mode";
      e.device = device;
      e.text = fmt::format("UPS {}: battery to locked", device);
      events.push_back(e);
    };
    lock(100.01, "A.ups-1");
    lock(110.01, "B.ups-1");
  }
  /// The figure of one metric.
  Measured take(Metric m) {
    Validation v;
    v.zero_s = 100;
    m.id = "X";
    m.run = "event";
    v.metrics.push_back(m);
    const std::vector<Measured> all = measure(v, {{"event", view}});
    kept.push_back(std::move(v));
    return all.front();
  }
  std::vector<Validation> kept;
};

Metric metric(const std::string& take, const std::string& of, double from_s = 0, double to_s = 50,
              double at_s = 50) {
  Metric m;
  m.take = take;
  m.of = of;
  m.from_s = from_s;
  m.to_s = to_s;
  m.at_s = at_s;
  m.words = {" to locked"};
  return m;
}

TEST(ValidationMeasures, WhatLeftIsDatedByItsLastLock) {
  Story s;
  EXPECT_DOUBLE_EQ(s.take(metric("fall", "datacenter.power", -0.5, 50)).value, 100);
  EXPECT_DOUBLE_EQ(s.take(metric("left", "datacenter.ups.P_load", 0, 10)).value, 60);
  EXPECT_DOUBLE_EQ(s.take(metric("left-share", "datacenter.ups.P_load", 10, 20)).value, 40);
  Metric stayed = metric("stayed", "datacenter.ups.P_load", 0, 5);
  EXPECT_DOUBLE_EQ(s.take(stayed).value, 100) << "of what was off at 5 s";
  Metric unlogged = metric("left", "datacenter.ups.P_load", 9, 20);
  unlogged.words = {" no such word"};
  EXPECT_DOUBLE_EQ(s.take(unlogged).value, 40) << "without an event it counts when it last drew";
}

TEST(ValidationMeasures, EventsAreThoseOfDevicesWithTheSettings) {
  Story s;
  Metric m = metric("first-event", "", 0, 50);
  EXPECT_NEAR(s.take(m).value, 0.01, 1e-9);
  m.where = {{"dips_to_lock", 2}};
  EXPECT_NEAR(s.take(m).value, 10.01, 1e-9);
  m.take = "count";
  EXPECT_DOUBLE_EQ(s.take(m).value, 1);
  m.from_s = 20;
  EXPECT_DOUBLE_EQ(s.take(m).value, 0);
}

TEST(ValidationMeasures, TripsOfMachinesAndTheOrderOfTheirGroups) {
  Story s;
  for (const auto& [t, name] :
       {std::pair{101.0, "11-R"}, {103.0, "21-R"}, {102.0, "31-R"}, {104.0, "12-R"}}) {
    LoggedEvent e;
    e.time_s = t;
    e.kind = "machine-tripped";
    e.device = name;
    s.events.push_back(e);
  }
  Metric m = metric("first-trip", "");
  m.elements = {"1?-R"};
  EXPECT_NEAR(s.take(m).value, 1, 1e-9);
  m.take = "last-trip";
  EXPECT_NEAR(s.take(m).value, 4, 1e-9);
  m.elements = {"9?-R"};
  EXPECT_TRUE(std::isnan(s.take(m).value));
  Metric order = metric("order", "");
  // 1 s, 3 s, 2 s, never, never: eight of ten pairs in order, not the two that never trip.
  order.groups = {{"11-R"}, {"21-R"}, {"31-R"}, {"9?-R"}, {"8?-R"}};
  EXPECT_NEAR(s.take(order).value, 80, 1e-9);
}

TEST(ValidationMeasures, ATimeMayCountFromAnotherFigure) {
  Story s;
  Validation v;
  v.zero_s = 100;
  Metric first = metric("first-event", "", 0, 50);
  first.id = first.name = "lock";
  first.run = "event";
  Metric after = metric("max", "bus.voltage", 9, 30);
  after.id = "after";
  after.run = "event";
  after.after = "lock";
  v.metrics = {first, after};
  const std::vector<Measured> all = measure_run(v, "event", s.view);
  EXPECT_NEAR(all[1].value, 1, 1e-9) << "from 9.01 to 30.01 s";
  v.metrics[0].words = {" no such word"};
  EXPECT_TRUE(std::isnan(measure_run(v, "event", s.view)[1].value)) << "no time to count from";
}

TEST(ValidationMeasures, ResidualVoltageCountsMegawattsOverAllDips) {
  Story s;
  Metric m = metric("residual-share", "bus.voltage");
  m.low = 0.2;
  m.high = 0.45;
  m.starts_s = {0, 10};
  m.ends_s = {0.04, 10.04};
  const Measured found = s.take(m);
  EXPECT_NEAR(found.value, 80, 1e-9) << found.text;  // 60 + 40 of the first, 60 of the second
}

TEST(ValidationMeasures, ExtremesRatesAndShares) {
  Story s;
  Metric peak = metric("max", "frequency");
  peak.accept = {{60.03, 60.05}};
  EXPECT_TRUE(*s.take(peak).inside);
  peak.accept = {{60.045, 60.05}};
  EXPECT_FALSE(*s.take(peak).inside);
  Metric rate = metric("rise-rate", "frequency", 5, 10);
  rate.scale = 1000;
  EXPECT_NEAR(s.take(rate).value, 0, 1e-9);
  Metric high = metric("max", "bus.voltage");
  high.elements = {"?"};
  EXPECT_DOUBLE_EQ(s.take(high).value, 1.07);
  Metric back = metric("recovered", "datacenter.power");
  back.ends_s = {0.05};
  back.within_s = 4.95;
  EXPECT_NEAR(s.take(back).value, 40, 1e-9);
  Metric off = metric("final-values", "datacenter.power");
  off.accept = {{0, 0}};
  EXPECT_TRUE(*s.take(off).inside);
  Metric missing = metric("max", "machine.power");
  EXPECT_THROW((void)s.take(missing), Error);
}

TEST(ValidationMeasures, ElementsAgainstOthersTogetherAndAtAnothersTime) {
  Story s;
  Metric apart = metric("first-below", "datacenter.power");
  apart.elements = {"A"};
  apart.minus = {"B"};
  apart.level = -30;  // 0 at 0.05 s, -40 MW at 5 s
  EXPECT_NEAR(s.take(apart).value, 0.05 + 0.75 * 4.95, 1e-9);
  apart.minus = {"C"};
  EXPECT_THROW((void)s.take(apart), Error);
  Metric both = metric("max", "datacenter.power");
  EXPECT_DOUBLE_EQ(s.take(both).value, 60);
  both.together = true;
  EXPECT_DOUBLE_EQ(s.take(both).value, 100);
  Metric steep = metric("first-steeper", "datacenter.power", 5, 50);
  steep.elements = {"B"};
  steep.within_s = 5;
  steep.level = 7;  // 40 MW within the window that ends at 10.05 s
  EXPECT_NEAR(s.take(steep).value, 10.05, 1e-9);

  Validation v;
  v.zero_s = 100;
  Metric when = metric("first-event", "");
  when.run = "event";
  when.name = "lock";
  Metric there = metric("value", "bus.voltage");
  there.run = "event";
  there.elements = {"1"};
  there.at = "lock";
  v.metrics = {when, there};
  EXPECT_NEAR(measure(v, {{"event", s.view}}).back().value, 0.3, 1e-9);
}

/// A table of one row whose metric is inside or outside of what is accepted.
bool agrees(Status status, std::optional<bool> inside) {
  Validation v;
  v.expected.push_back({"X", "", "", "", "", ""});
  v.standings["X"] = {status, "because"};
  Metric m;
  m.id = "X";
  std::vector<Measured> measured;
  if (inside) measured.push_back({&m, 1, "1", inside});
  return judge(v, measured).front().agrees;
}

TEST(ValidationTable, APassThatMissesAndAMissThatPassesAreErrors) {
  EXPECT_TRUE(agrees(Status::PASS, true));
  EXPECT_FALSE(agrees(Status::PASS, false));
  EXPECT_TRUE(agrees(Status::KNOWN_MISS, false));
  EXPECT_FALSE(agrees(Status::KNOWN_MISS, true));
  EXPECT_TRUE(agrees(Status::REPORT_ONLY, false));
  EXPECT_TRUE(agrees(Status::REPORT_ONLY, true));
  EXPECT_FALSE(agrees(Status::PASS, std::nullopt)) << "a scored row that was not measured";
}

TEST(ValidationTable, FirstLineSaysWhetherTheEventIsReproduced) {
  Validation v;
  v.assumptions = fs::path(BALLAST_SOURCE_DIR) / "cases/iberia-2025/assumptions.toml";
  v.gate = Gate{2, {"A", "B"}};
  std::vector<Row> rows(3);
  const char* const ids[] = {"A", "B", "C"};
  for (std::size_t k = 0; k < rows.size(); ++k) {
    rows[k].expected.id = ids[k];
    rows[k].standing.status = Status::PASS;
    rows[k].inside = k != 1;
  }
  EXPECT_TRUE(
      table_text(v, rows, false)
          .starts_with("does not reproduce: 2 of 3 scored rows pass, at least 2 should; missed of those that "
                       "must: B\n"));
  v.gate->must_pass = {"A"};
  EXPECT_TRUE(
      table_text(v, rows, false).starts_with("reproduces: 2 of 3 scored rows pass, at least 2 should\n"));
}

TEST(ValidationTable, SpreadIsLinearBetweenOrderStatistics) {
  const Spread s = spread({3, 1, 2, 5, 4});
  EXPECT_DOUBLE_EQ(s.median, 3);
  EXPECT_DOUBLE_EQ(s.low, 1.2);
  EXPECT_DOUBLE_EQ(s.high, 4.8);
}

TEST(ValidationFiles, CommaSeparatedCellsMayBeQuoted) {
  const auto rows = csv_rows("a,\"b, \"\"c\"\"\",\r\n\n,x\n");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0], (std::vector<std::string>{"a", "b, \"c\"", ""}));
  EXPECT_EQ(rows[1], (std::vector<std::string>{"", "x"}));
}

TEST(ValidationFiles, SumsAreThoseOfTheStandard) {
  const fs::path path = fs::temp_directory_path() / fmt::format("ballast-sum-{}", ::getpid());
  const auto sum = [&](const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
    return file_sha256(path);
  };
  // FIPS 180-4 examples
  EXPECT_EQ(sum("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sum("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sum(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  fs::remove(path);
}

TEST(ValidationFiles, EveryEventReads) {
  for (const auto& entry : fs::directory_iterator(fs::path(BALLAST_SOURCE_DIR) / "validation")) {
    if (!fs::exists(entry.path() / "event.toml")) continue;
    const Validation v = read_validation(entry.path());
    fmt::print("{}: {} rows, {} metrics, {} runs\n", v.name, v.expected.size(), v.metrics.size(),
               v.runs.size());
    for (const auto& run : v.runs) (void)variant(v, run);
  }
}

/// A copy of Texas with one mistake in its event.toml: what is said of it.
std::string said_of(const std::string& what, const std::string& with) {
  const fs::path source = fs::path(BALLAST_SOURCE_DIR) / "validation" / "ercot-2021";
  const fs::path folder = fs::temp_directory_path() / fmt::format("ballast-event-{}", ::getpid());
  fs::remove_all(folder);
  fs::copy(source, folder, fs::copy_options::recursive);
  std::string text = content(folder / "event.toml");
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  text.replace(at, what.size(), with);
  std::ofstream(folder / "event.toml") << text;
  std::string said = "nothing";
  try {
    (void)read_validation(folder);
  } catch (const std::exception& e) {
    said = e.what();
  }
  fs::remove_all(folder);
  fmt::print("{}\n", said);
  return said;
}

TEST(ValidationFiles, AMetricWithoutWhatItsTakeNeedsIsRefused) {
  EXPECT_THAT(said_of("within_s = 60\n", "\n"), ::testing::HasSubstr("'steepest-fall' needs 'within_s'"));
  EXPECT_THAT(said_of("within_s = 60\n", "within_s = 0\n"), ::testing::HasSubstr("no length of time"));
  EXPECT_THAT(said_of("at_s = 360\n", "\n"), ::testing::HasSubstr("'value' needs 'at_s'"));
}

/// The table in the facts, row by row and letter by letter.
void expect_table_of_the_facts(const char* event, const char* prefix, std::size_t rows) {
  BALLAST_NEEDS_REFERENCE(facts, (std::string("../facts/events/") + event + ".md").c_str());
  std::istringstream lines(content(facts));
  std::vector<std::vector<std::string>> published;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(prefix)) continue;
    std::vector<std::string> cells;
    std::istringstream rest(line.substr(1, line.rfind('|') - 1));
    for (std::string cell; std::getline(rest, cell, '|');) cells.push_back(cell.substr(1, cell.size() - 2));
    published.push_back(cells);
  }
  auto ours = csv_rows(content(fs::path(BALLAST_SOURCE_DIR) / "validation" / event / "expected.csv"));
  ours.erase(ours.begin());
  EXPECT_EQ(published.size(), rows);
  EXPECT_EQ(ours, published);
}
TEST(ValidationFiles, VirginiaTableIsThatOfTheFacts) {
  expect_table_of_the_facts("virginia-2024", "| VA-", 19);
}
TEST(ValidationFiles, ErcotTableIsThatOfTheFacts) { expect_table_of_the_facts("ercot-2021", "| ER-", 12); }
TEST(ValidationFiles, IberiaTableIsThatOfTheFacts) { expect_table_of_the_facts("iberia-2025", "| IB-", 40); }

}  // namespace
}  // namespace ballast::validation
