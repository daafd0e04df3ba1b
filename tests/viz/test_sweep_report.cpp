#include "viz/sweep_report.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <random>

#include "tests/viz/page_text.hpp"
#include "tests/viz/synthetic_run.hpp"
#include "viz/sweep_report_parts.hpp"

namespace ballast {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::Not;

constexpr double kAbsent = std::numeric_limits<double>::quiet_NaN();

TableColumn numbers(std::string name, std::string unit, std::vector<double> values) {
  return {std::move(name), std::move(unit), "meaning", false, std::move(values), {}};
}
TableColumn texts(std::string name, std::vector<std::string> values) {
  return {std::move(name), "", "meaning", true, {}, std::move(values)};
}

struct Example {
  Table table;
  SweepReportInfo info;
};

/// What goes with a table: every row completed unless its outcome says else.
SweepReportInfo info_for(const Table& table) {
  SweepReportInfo info;
  info.sweep_path = "sweep.toml";
  info.sweep_text = "[sweep]";
  info.command = "ballast run out --scenario";
  info.axes = {{"battery", false}, {"bus", true}};
  info.outcomes = {{"completed", false}, {"loss of synchronism", false}, {"crashed", true}};
  info.worst_first.resize(table.rows());
  std::iota(info.worst_first.rbegin(), info.worst_first.rend(), std::size_t{0});
  info.happened.assign(table.rows(), "nothing");
  info.records.assign(table.rows(), "");
  info.reports.assign(table.rows(), "");
  return info;
}

Example four_scenarios() {
  Example e;
  e.table.title = "Four";
  e.table.columns = {numbers("scenario", "", {0, 1, 2, 3}),
                     numbers("battery", "MW", {0, 0, 50, 50}),
                     numbers("bus", "", {16, 4, 16, 4}),
                     texts("outcome", {"completed", "loss of synchronism", "completed", "crashed"}),
                     texts("message", {"", "", "", "died <twice> by signal 9"}),
                     numbers("frequency_min_Hz", "Hz", {59.5, 1.0 / 3, 59.75, kAbsent}),
                     texts("frequency_min_bus", {"16", "4", "", ""}),
                     numbers("load_lost_MW", "MW", {0, 120.26, -0.0, kAbsent}),
                     numbers("odd", "", {std::numeric_limits<double>::infinity(), 1e-300, -1e300, kAbsent}),
                     numbers("never", "s", {kAbsent, kAbsent, kAbsent, kAbsent})};
  e.info = info_for(e.table);
  return e;
}

std::string report_of(const Table& table, const SweepReportInfo& info) {
  const ScratchFolder scratch;
  write_sweep_report(table, info, scratch / "report.html");
  return read_text(scratch / "report.html");
}

const nlohmann::json& column_of(const nlohmann::json& data, const std::string& name) {
  for (const nlohmann::json& c : data["columns"])
    if (c["name"] == name) return c;
  throw std::runtime_error("no column " + name);
}

std::vector<std::size_t> places_of(const nlohmann::json& coded) {
  const auto all = [&](auto one) {
    const auto values = array_of<decltype(one)>(coded["codes"]);
    return std::vector<std::size_t>(values.begin(), values.end());
  };
  if (coded["coding"] == "list8") return all(std::uint8_t{});
  return coded["coding"] == "list16" ? all(std::uint16_t{}) : all(std::uint32_t{});
}

/// As the page's script reads a column of numbers.
std::vector<double> read_numbers(const nlohmann::json& coded) {
  std::vector<double> values;
  if (coded["coding"] == "double") return array_of<double>(coded["codes"]);
  if (coded["coding"] == "single") {
    for (const float v : array_of<float>(coded["codes"])) values.push_back(v);
  } else if (coded["coding"] == "steps") {
    const double min = coded["min"], step = (coded["max"].get<double>() - min) / 65534;
    for (const std::uint16_t c : array_of<std::uint16_t>(coded["codes"]))
      values.push_back(c == 65535 ? kAbsent : min + step * c);
  } else {
    for (const std::size_t place : places_of(coded))
      values.push_back(coded["values"][place].is_null() ? kAbsent : coded["values"][place].get<double>());
  }
  return values;
}

bool same(double a, double b) { return std::isnan(a) ? std::isnan(b) : a == b; }

/// Long table of random figures; figures + 2 columns of numbers.
Table random_table(std::size_t rows, std::size_t figures) {
  std::mt19937 random(7);
  std::normal_distribution<double> normal(60, 1);
  Table table{"random",
              {numbers("scenario", "", {}), numbers("battery", "MW", {}), texts("outcome", {}),
               texts("message", {})}};
  for (std::size_t row = 0; row < rows; ++row) {
    table.columns[0].numbers.push_back(static_cast<double>(row));
    table.columns[1].numbers.push_back(static_cast<double>(row % 100));
    table.columns[2].texts.emplace_back(row % 10 == 0 ? "crashed" : "completed");
    table.columns[3].texts.push_back(row % 10 == 0 ? std::string(300, 'x') + std::to_string(row) : "");
  }
  for (std::size_t f = 0; f < figures; ++f) {
    std::vector<double> values(rows);
    for (double& v : values) v = normal(random);
    table.columns.push_back(numbers("figure_" + std::to_string(f), "Hz", std::move(values)));
  }
  return table;
}

TEST(SweepReport, NumbersAreTheTablesToTheLastBit) {
  const Example e = four_scenarios();
  const nlohmann::json data = data_of(report_of(e.table, e.info));
  EXPECT_EQ(data["rows"], 4);
  ASSERT_EQ(data["columns"].size(), e.table.columns.size());
  for (const TableColumn& column : e.table.columns) {
    const nlohmann::json& coded = column_of(data, column.name);
    EXPECT_EQ(coded["unit"], column.unit);
    if (column.is_text) {
      const std::vector<std::size_t> places = places_of(coded);
      for (std::size_t k = 0; k < 4; ++k) EXPECT_EQ(coded["values"][places.at(k)], column.texts[k]);
    } else {
      const std::vector<double> read = read_numbers(coded);
      ASSERT_EQ(read.size(), 4U);
      for (std::size_t k = 0; k < 4; ++k)
        EXPECT_TRUE(same(read[k], column.numbers[k]))
            << column.name << ": " << read[k] << " for " << column.numbers[k];
    }
  }
  EXPECT_EQ(column_of(data, "battery")["role"], "axis");
  EXPECT_EQ(column_of(data, "bus")["role"], "category");
  EXPECT_EQ(array_of<std::uint32_t>(data["worst"]), (std::vector<std::uint32_t>{3, 2, 1, 0}));
}

TEST(SweepReport, ALongTableIsThereToTheLastBitToo) {
  const Table table = random_table(10000, 40);
  const std::string html = report_of(table, info_for(table));
  const nlohmann::json data = data_of(html);
  for (const TableColumn& column : table.columns)
    if (!column.is_text) {
      EXPECT_EQ(read_numbers(column_of(data, column.name)), column.numbers) << column.name;
    }
  std::printf("10000 scenarios, 40 figures: %.1f MB (at most 10)\n", 1e-6 * static_cast<double>(html.size()));
  EXPECT_LT(html.size(), 10000000U);
}

TEST(SweepReport, MoreFiguresAreKeptCoarserAndThePageSaysSo) {
  for (const auto& [figures, coding, error, words] :
       {std::tuple{100U, "single", 4e-6, "single precision"}, {250U, "steps", 1e-4, "65535 steps"}}) {
    const Table table = random_table(10000, figures);
    const std::string html = report_of(table, info_for(table));
    const nlohmann::json data = data_of(html);
    const nlohmann::json& coded = column_of(data, "figure_3");
    EXPECT_EQ(coded["coding"], coding);
    const std::vector<double> read = read_numbers(coded);
    double worst = 0;
    for (std::size_t k = 0; k < read.size(); ++k)
      worst = std::max(worst, std::abs(read[k] - table.columns[7].numbers[k]));
    std::printf("%u figures: %.1f MB (at most 10), largest error %.2g Hz (at most %.2g)\n", figures,
                1e-6 * static_cast<double>(html.size()), worst, error);
    EXPECT_LE(worst, error);
    EXPECT_LT(html.size(), 10000000U);
    EXPECT_THAT(html, HasSubstr(words));
  }
}

TEST(SweepReport, OfAVeryLongTableTheWorstScenariosStayAndAllAreCounted) {
  const Table table = random_table(300000, 15);
  const SweepReportInfo info = info_for(table);
  const std::string html = report_of(table, info);
  const nlohmann::json data = data_of(html);
  std::printf("300000 scenarios: %.1f MB (at most 10), %d in the page\n",
              1e-6 * static_cast<double>(html.size()), data["rows"].get<int>());
  EXPECT_LT(html.size(), 10000000U);
  EXPECT_EQ(data["all"], 300000);
  EXPECT_LT(data["rows"], 300000);
  const std::vector<double> scenario = read_numbers(column_of(data, "scenario"));
  const auto worst = array_of<std::uint32_t>(data["worst"]);
  for (std::size_t k = 0; k < 1000; ++k)
    EXPECT_EQ(scenario.at(worst.at(k)), static_cast<double>(info.worst_first[k]));
  EXPECT_THAT(html, HasSubstr("<td class=\"n\">300000</td>"));
  EXPECT_THAT(html, HasSubstr("300000 scenarios over 2 axes: 270000 completed, 30000 crashed."));
}

TEST(SweepReport, PercentilesAreLinearBetweenNeighbours) {
  using sweep_report::distribution_of;
  const std::vector<double> five{50, 10, kAbsent, 40, 20, 30};
  const auto d = distribution_of(five);
  EXPECT_EQ(d.present, 5U);
  EXPECT_EQ(d.absent, 1U);
  EXPECT_DOUBLE_EQ(d.p05, 12);  // rank 1.2
  EXPECT_DOUBLE_EQ(d.p50, 30);
  EXPECT_DOUBLE_EQ(d.p95, 48);
  EXPECT_EQ(d.min, 10);
  EXPECT_EQ(d.max, 50);
  const auto one = distribution_of(std::vector<double>{7});
  EXPECT_EQ(one.p05, 7);
  EXPECT_EQ(one.p95, 7);
  EXPECT_EQ(distribution_of(std::vector<double>{kAbsent}).present, 0U);
  const double inf = std::numeric_limits<double>::infinity();
  EXPECT_EQ(distribution_of(std::vector<double>{inf, inf, inf}).p50, inf);
}

TEST(SweepReport, ShowsCountsPercentilesAndWhatIsAbsent) {
  const Example e = four_scenarios();
  const std::string html = report_of(e.table, e.info);
  EXPECT_THAT(html, HasSubstr("4 scenarios over 2 axes: 2 completed, 1 loss of synchronism, 1 crashed."));
  EXPECT_THAT(html, HasSubstr("What ended by crashed gives no answer."));
  EXPECT_THAT(html, HasSubstr("Answers missing"));
  const std::string load = between(html, "<tr data-figure=\"load_lost_MW\">", "</tr>");
  // 0, 0, 120.26: 95 % lies at rank 2.9
  EXPECT_THAT(load, HasSubstr("<td>MW</td><td class=\"n\">3</td><td class=\"n absent\">1</td>"
                              "<td class=\"n\">0</td><td class=\"n\">0</td><td class=\"n\">0</td>"
                              "<td class=\"n\">108.23</td><td class=\"n\">120.26</td>"));
  const std::string never = between(html, "<tr data-figure=\"never\">", "</tr>");
  EXPECT_THAT(never, HasSubstr("<td class=\"n\">0</td><td class=\"n absent\">4</td><td class=\"n\"></td>"));
  EXPECT_THAT(html,
              HasSubstr("<dt>Lowest frequency</dt><dd>0.33333 Hz</dd><dd class=\"note\">scenario 1</dd>"));
}

TEST(SweepReport, NumbersAreShownWithFiveDigits) {
  using sweep_report::shown;
  EXPECT_EQ(shown(59.98765432), "59.988");
  EXPECT_EQ(shown(-0.0), "0");
  EXPECT_EQ(shown(-1234567), "−1234567");
  EXPECT_EQ(shown(0.000123456), "0.00012346");
  EXPECT_EQ(shown(1.5e-7), "1.5e-7");
  EXPECT_EQ(shown(100), "100");
  EXPECT_EQ(shown(kAbsent), "absent");
}

TEST(SweepReport, NothingOfTheSweepIsTakenForHtml) {
  Example e = four_scenarios();
  e.table.title = "{{data}} <b> & \"q\"";
  e.table.columns[4].texts[0] = "</script><script>alert(1)</script><!--";
  e.table.columns[5].name = "fig<u>\"";
  e.info.sweep_text = "</pre><i>";
  e.info.command = "ballast run 'a<s>b' --scenario";
  e.info.happened[1] = "bus <q>";
  const std::string html = report_of(e.table, e.info);
  for (const char* raw :
       {"<b> &", "</script><script>alert", "fig<u>", "</pre><i>", "a<s>b", "bus <q>", "<twice>"})
    EXPECT_THAT(html, Not(HasSubstr(raw)));
  EXPECT_THAT(html, HasSubstr("<h1>{{data}} &lt;b&gt; &amp; &quot;q&quot;</h1>"));
  const nlohmann::json data = data_of(html);
  EXPECT_EQ(data["command"], e.info.command);
  EXPECT_EQ(data["columns"][4]["values"][0], e.table.columns[4].texts[0]);
}

TEST(SweepReport, NeedsNoNetworkAndNoOtherFile) {
  const Example e = four_scenarios();
  const std::string html = report_of(e.table, e.info);
  for (const char* outside : {" src=\"", " href=\"", "<link", "@import", "url(", "fetch(", "://"})
    EXPECT_THAT(html, Not(HasSubstr(outside)));
  EXPECT_THAT(html, HasSubstr("Content-Security-Policy\" content=\"default-src 'none'"));
}

TEST(SweepReport, KeptRecordsAreLinked) {
  Example e = four_scenarios();
  e.info.records[3] = "records/000003.h5";
  e.info.reports[3] = "records/000003.html";
  const nlohmann::json data = data_of(report_of(e.table, e.info));
  ASSERT_EQ(data["files"].size(), 1U);
  EXPECT_EQ(data["files"][0], (nlohmann::json{3, "records/000003.h5", "records/000003.html"}));
}

TEST(SweepReport, AnEmptyAndAOneScenarioSweepAreReports) {
  Example e = four_scenarios();
  for (const std::size_t rows : {0U, 1U}) {
    Table table = e.table;
    for (TableColumn& c : table.columns) c.is_text ? c.texts.resize(rows) : c.numbers.resize(rows);
    const std::string html = report_of(table, info_for(table));
    EXPECT_EQ(data_of(html)["rows"], rows);
    EXPECT_THAT(html,
                HasSubstr(rows == 0 ? "No scenario has finished." : "1 scenario over 2 axes: 1 completed."));
  }
}

TEST(SweepReport, LongTextsAreCutBetweenLetters) {
  Table table = random_table(40000, 1);
  for (std::size_t row = 0; row < table.rows(); ++row)
    table.columns[3].texts[row] = "€€€€€€€€€€€€€€€€€€€€€€€€€€€€" + std::to_string(row);
  const std::string html = report_of(table, info_for(table));
  const std::string first = column_of(data_of(html), "message")["values"][0];
  EXPECT_EQ(first, "€€€€€€€€€€€€€€€€€€€€…");
  EXPECT_LT(html.size(), 10000000U);
}

TEST(SweepReport, AFolderThatIsNotThereIsAnError) {
  const Example e = four_scenarios();
  const ScratchFolder scratch;
  EXPECT_THROW(write_sweep_report(e.table, e.info, scratch / "absent/report.html"), Error);
}

}  // namespace
}  // namespace ballast
