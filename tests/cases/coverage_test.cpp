/// docs/coverage.md: complete, every command known, every case there and running for 10 s.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "tests/cases/recorded.hpp"

namespace ballast {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
const fs::path kSource = BALLAST_SOURCE_DIR;

std::string content(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Row {
  int number = 0;
  std::string shown_by;  ///< without the backticks
  bool is_code = false;
  std::string note;
};

std::vector<Row> rows() {
  std::vector<Row> found;
  std::istringstream text(content(kSource / "docs/coverage.md"));
  for (std::string line; std::getline(text, line);) {
    std::istringstream cells(line);
    std::vector<std::string> cell;
    for (std::string one; std::getline(cells, one, '|');) {
      const auto first = one.find_first_not_of(' ');
      cell.push_back(first == std::string::npos ? ""
                                                : one.substr(first, one.find_last_not_of(' ') - first + 1));
    }
    if (cell.size() < 4 || cell[1].empty() || std::isdigit(static_cast<unsigned char>(cell[1][0])) == 0)
      continue;
    Row row{std::stoi(cell[1]), cell[3], cell[3].starts_with('`'), cell.size() > 4 ? cell[4] : ""};
    if (row.is_code) row.shown_by = row.shown_by.substr(1, row.shown_by.size() - 2);
    found.push_back(row);
  }
  return found;
}

bool is_command(const Row& row) { return row.is_code && row.shown_by.starts_with("ballast "); }

std::vector<std::string> case_names() {
  std::set<std::string> names;
  for (const Row& row : rows())
    if (row.is_code && !is_command(row)) names.insert(row.shown_by);
  return {names.begin(), names.end()};
}

TEST(Coverage, HasEveryRowWithWhatShowsItOrWhyNothingDoes) {
  const std::string words = content(kSource / "cli/main.cpp");
  int number = 0;
  for (const Row& row : rows()) {
    EXPECT_EQ(row.number, ++number);
    EXPECT_NE(row.note, "") << "row " << row.number << " does not say how, or why not";
    if (is_command(row)) {
      EXPECT_THAT(words, HasSubstr(fmt::format("\"{}\"", row.shown_by.substr(8)))) << "row " << row.number;
    } else if (!row.is_code) {
      EXPECT_TRUE(row.shown_by == "context only" || row.shown_by == "not yet") << row.shown_by;
    }
  }
  EXPECT_EQ(number, 78);
}

TEST(Coverage, EveryCaseIsInTheListOfCases) {
  const std::string list = content(kSource / "cases/README.md");
  for (const auto& folder : fs::directory_iterator(kSource / "cases"))
    if (fs::exists(folder.path() / "case.toml")) {
      EXPECT_THAT(list, HasSubstr(fmt::format("({}/README.md)", folder.path().filename().string())));
      EXPECT_TRUE(fs::exists(folder.path() / "README.md")) << folder.path();
    }
}

class CoveredCase : public ::testing::TestWithParam<std::string> {};

TEST_P(CoveredCase, RestsFlatAndRunsTenSeconds) {
  Case c = read_case(kSource / "cases" / GetParam());
  c.simulation.until_s = 10;
  std::erase_if(c.disturbances, [](const Disturbance& d) { return d.at_s >= 10; });
  c.simulation.record = {"frequency"};
  const Record record = testing::run_in_memory(c);
  EXPECT_DOUBLE_EQ(record.times_s.back(), 10);
  if (!c.disturbances.empty()) return;  // its own events may lock a UPS
  for (const LoggedEvent& event : record.events)
    EXPECT_THAT(event.text, ::testing::Not(HasSubstr("to locked"))) << event.time_s;
}

/// As it is shipped, to its end: a graph of causes without a gap, and none of them the last event for want of
/// a better (run_in_memory() looks).
TEST_P(CoveredCase, EveryEventHasACause) {
  Case c = read_case(kSource / "cases" / GetParam());
  c.simulation.record = {"frequency"};
  const Record record = testing::run_in_memory(c);
  int begun = 0;
  for (const LoggedEvent& event : record.events) {
    EXPECT_LT(event.cause, event.id) << "a cause comes before: the graph has no circle";
    begun += event.cause < 0 ? 1 : 0;
  }
  fmt::print("{} events, {} of them beginnings\n", record.events.size(), begun);
}

INSTANTIATE_TEST_SUITE_P(All, CoveredCase, ::testing::ValuesIn(case_names()), [](const auto& name) {
  std::string text = name.param;
  for (char& letter : text)
    if (letter == '-') letter = '_';
  return text;
});

}  // namespace
}  // namespace ballast
