#include "viz/report.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "tests/viz/page_text.hpp"
#include "tests/viz/synthetic_run.hpp"
#include "viz/frames.hpp"
#include "viz/thinning.hpp"

namespace ballast {
namespace {

using namespace test;
using testing::HasSubstr;

Record ring_record() {
  MemoryRecorder memory;
  play(memory);
  return memory.record();
}

std::string report_of(const Record& record, const ReportSummary& summary = {}) {
  const ScratchFolder scratch;
  write_report(record, summary, scratch / "report.html");
  return read_text(scratch / "report.html");
}

/// A run of n samples with a spike of one sample at `spike`, and an event at `event_s`.
Record long_record(std::size_t n, std::size_t spike, double event_s) {
  Record record;
  record.schema.quantities = {{"x", "1", "", {"a", "b"}, {}}};
  record.values.resize(1);
  for (std::size_t k = 0; k < n; ++k) {
    const double t = 0.001 * static_cast<double>(k);
    record.times_s.push_back(t);
    record.values[0].push_back(std::sin(t) + (k == spike ? 10 : 0));
    record.values[0].push_back(std::cos(t) - (k == spike + 17 ? 10 : 0));
  }
  LoggedEvent event;
  event.time_s = event_s;
  record.events = {event};
  return record;
}

TEST(Report, NothingOfTheCaseIsTakenForHtml) {
  const std::string html = report_of(ring_record(), {"Verdict <i>", {{"<u>", "<s>", "<q>", 0}}});
  for (const char* raw :
       {"<campus>", "<script>alert", "area <1>", "(Süd-0) <b>", "Verdict <i>", "<u>", "<s>", "<q>"})
    EXPECT_FALSE(html.find(raw) != std::string::npos) << raw;
  EXPECT_THAT(html, HasSubstr("<h1>Ring &amp; &lt;campus&gt; &quot;dip&quot;</h1>"));
  EXPECT_THAT(html, HasSubstr("Verdict &lt;i&gt;"));
  EXPECT_EQ(data_of(html)["events"][0]["text"], "Three-phase fault at bus 2101 (Süd-0) <b>");
}

TEST(Report, PlaceholdersInTheCaseAreNotFilled) {
  Record record = ring_record();
  record.info.title = "{{data}}";
  EXPECT_THAT(report_of(record), HasSubstr("<h1>{{data}}</h1>"));
}

TEST(Report, NeedsNoNetworkAndNoOtherFile) {
  const std::string html = report_of(ring_record());
  for (const char* outside :
       {" src=\"", " href=\"", "<link", "@import", "url(", "sourceMappingURL", "fetch("})
    EXPECT_FALSE(html.find(outside) != std::string::npos) << outside;
  // The chart library can load data by itself; the page's policy forbids it.
  EXPECT_THAT(html, HasSubstr("Content-Security-Policy\" content=\"default-src 'none'"));
  // The one address in the file stands in the licence comment of the chart library.
  std::size_t addresses = 0;
  for (auto at = html.find("://"); at != std::string::npos; at = html.find("://", at + 1)) ++addresses;
  EXPECT_EQ(addresses, 1U);
  EXPECT_TRUE(html.find("@license https://github.com/danvk/dygraphs") != std::string::npos);
}

TEST(Report, ShowsOutcomeFiguresMapAndEventsWithCauses) {
  const std::string html = report_of(ring_record());
  EXPECT_THAT(html, HasSubstr("Completed"));
  EXPECT_THAT(html, HasSubstr("300 MW of load lost."));
  EXPECT_THAT(html, HasSubstr("<dt>Lowest voltage</dt><dd>0.373 pu</dd>"));
  std::size_t buses = 0;
  for (auto at = html.find("data-bus=\""); at != std::string::npos; at = html.find("data-bus=\"", at + 1))
    ++buses;
  EXPECT_EQ(buses, 5U);
  const nlohmann::json data = data_of(html);
  ASSERT_EQ(data["events"].size(), 3U);
  EXPECT_EQ(data["events"][2]["cause"], 0);
  EXPECT_EQ(data["map"]["lowest"][0], 0.43);
}

TEST(Report, AFailedOrUnfinishedRunSaysSo) {
  Record record = ring_record();
  record.status = {false, "failed: no solution at bus 2101 <x>", 3.5};
  EXPECT_THAT(report_of(record), HasSubstr("The run stopped at 3.5 s: no solution at bus 2101 &lt;x&gt;."));
  record.status = {false, "running", 3.5};
  EXPECT_THAT(report_of(record), HasSubstr("The run has not ended"));
}

TEST(Report, UnknownQuantitiesAreShownToo) {
  const nlohmann::json data = data_of(report_of(ring_record()));
  const nlohmann::json& other = data["groups"].back();
  EXPECT_EQ(other["title"], "Other quantities");
  EXPECT_THAT(other.dump(), HasSubstr("Weather wind"));
}

TEST(Report, SeriesAreExactTo16BitsOfTheirRangeAndAtTheirExtremes) {
  const Record record = ring_record();
  const nlohmann::json data = data_of(report_of(record));
  const std::vector<double> times = array_of<double>(data["times"]);
  EXPECT_EQ(times, record.times_s);
  const nlohmann::json& voltage = data["groups"][1]["quantities"][0];
  ASSERT_EQ(voltage["title"], "Bus voltage");
  ASSERT_EQ(data["groups"].back()["quantities"][1]["title"], "Weather wind");
  double worst = 0;
  const auto compare = [&](const nlohmann::json& series, std::size_t quantity, std::size_t element) {
    const double min = series["min"], max = series["max"];
    const std::vector<std::uint16_t> codes = array_of<std::uint16_t>(series["codes"]);
    ASSERT_EQ(codes.size(), record.samples());
    for (std::size_t k = 0; k < codes.size(); ++k) {
      const double shown = min + (max - min) / 65534 * codes[k], kept = record.at(quantity, k, element);
      worst = std::max(worst, std::abs(shown - kept) / (max - min));
      if (kept == min || kept == max) {
        EXPECT_NEAR(shown, kept, 1e-15);
      }
    }
  };
  for (std::size_t e = 0; e < 5; ++e) compare(voltage["series"][e], 1, e);
  compare(data["groups"].back()["quantities"][1]["series"][0], *record.find("weather.wind"), 0);
  std::printf("largest deviation of a shown value: %.1e of its range\n", worst);
  EXPECT_GT(worst, 0);
  EXPECT_LE(worst, 0.51 / 65534);
}

TEST(Report, AFrequencyOfZeroIsAGap) {
  Record record = ring_record();
  record.values[0].back() = 0;
  const nlohmann::json series = data_of(report_of(record))["groups"][0]["quantities"][0]["series"][0];
  EXPECT_EQ(array_of<std::uint16_t>(series["codes"]).back(), 65535);
  EXPECT_GE(series["min"].get<double>(), 60);
}

TEST(Report, ALongRunStaysAtAFewMegabytes) {
  MemoryRecorder memory;
  Schema schema;
  for (int q = 0; q < 8; ++q)
    schema.quantities.push_back(
        {"machine.q" + std::to_string(q), "pu", "", std::vector<std::string>(150, "m"), {}});
  memory.begin({}, schema, Network{});
  std::vector<double> values(8 * 150);
  for (int k = 0; k < 6000; ++k) {  // 600 s at 10 Hz
    for (std::size_t e = 0; e < values.size(); ++e)
      values[e] = std::sin(0.01 * k * static_cast<double>(e % 31));
    memory.sample(0.1 * k, values);
  }
  memory.end({true, "completed", 600});
  const double megabytes = static_cast<double>(report_of(memory.record()).size()) / 1e6;
  std::printf("report of 1200 series over 600 s: %.1f MB\n", megabytes);
  EXPECT_LT(megabytes, 5);
}

TEST(Report, AnEmptyRecordMakesAReport) { EXPECT_THAT(report_of(Record{}), HasSubstr("Untitled run")); }

TEST(Report, AFolderThatDoesNotExistIsAnError) {
  EXPECT_THAT(error_of([] { write_report(Record{}, {}, "no/such/report.html"); }),
              HasSubstr("no/such/report.html"));
}

TEST(Thinning, KeepsEveryExtremeOfEverySeries) {
  const Record record = long_record(100000, 54321, 20);
  const Thinning thinning(record, 1000);
  std::printf("100000 samples in %zu rows\n", thinning.times_s().size());
  EXPECT_LT(thinning.times_s().size(), 1300U);
  EXPECT_TRUE(std::is_sorted(thinning.times_s().begin(), thinning.times_s().end()));
  const std::vector<double> a = thinning.series(record.values[0], 2, 0),
                            b = thinning.series(record.values[0], 2, 1);
  ASSERT_EQ(a.size(), thinning.times_s().size());
  EXPECT_EQ(*std::max_element(a.begin(), a.end()), record.at(0, 54321, 0));
  EXPECT_EQ(*std::min_element(b.begin(), b.end()), record.at(0, 54338, 1));
  const auto at = std::max_element(a.begin(), a.end()) - a.begin();
  EXPECT_NEAR(thinning.times_s()[at], 54.321, 0.5);  // its place moves within a bucket
}

TEST(Thinning, SamplesBeforeAndAfterAnEventStayApart) {
  Record record = long_record(100000, 1, 40);
  // Two samples at 40 s, before and after.
  record.times_s.insert(record.times_s.begin() + 40001, 40.0);
  record.values[0].insert(record.values[0].begin() + 80002, {7, 8});
  record.times_s[40000] = 40.0;
  const Thinning thinning(record, 1000);
  const std::vector<double> a = thinning.series(record.values[0], 2, 0);
  std::vector<double> at_event;
  for (std::size_t row = 0; row < a.size(); ++row)
    if (thinning.times_s()[row] == 40.0) at_event.push_back(a[row]);
  EXPECT_EQ(at_event, (std::vector<double>{record.at(0, 40000, 0), 7}));
}

TEST(Thinning, ManyEventsDoNotMakeManyRows) {
  Record record = long_record(100000, 1, 40);
  for (int i = 0; i < 20000; ++i) {
    LoggedEvent event;
    event.time_s = 0.005 * i;
    record.events.push_back(event);
  }
  EXPECT_LT(Thinning(record, 1000).times_s().size(), 3500U);
}

TEST(Frames, HoldTheEndsAndTheInstantsOfEvents) {
  const Record record = long_record(10000, 1, 3.3333);
  const std::vector<std::size_t> frames =
      select_frames(record, {.frames_per_second = std::nullopt, .max_frames = 5});
  EXPECT_EQ(frames.front(), 0U);
  EXPECT_EQ(frames.back(), 9999U);
  EXPECT_EQ(frames.size(), 6U);
  EXPECT_THAT(frames, testing::Contains(3334U));  // the first sample that shows the event
}

TEST(Frames, RateIsOfSimulatedTimeUpToTheMost) {
  const Record record = long_record(10001, 1, 0);
  EXPECT_EQ(select_frames(record, {.frames_per_second = 2, .max_frames = 300}).size(), 21U);
  EXPECT_EQ(select_frames(record, {.frames_per_second = 1000, .max_frames = 30}).size(), 30U);
  EXPECT_THAT(error_of([&] { (void)select_frames(record, {.frames_per_second = 0, .max_frames = 9}); }),
              HasSubstr("more than 0"));
}

}  // namespace
}  // namespace ballast
