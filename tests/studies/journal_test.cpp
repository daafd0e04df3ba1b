/// The journal: what is written is read back bit for bit, what is damaged does not count.
#include "studies/journal.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <limits>

#include "grid/error.hpp"
#include "studies/fingerprint.hpp"

namespace ballast {
namespace {

namespace fs = std::filesystem;

ScenarioResult example(int scenario) {
  ScenarioResult r;
  r.scenario = scenario;
  r.ending = Ending::NUMERICAL_FAILURE;
  r.message = "failed at 1.0 s: \"quoted\", caf\xc3\xa9";
  r.cells = {0.1 + 0.2,
             1e-310,
             std::string("bus, 7"),
             std::numeric_limits<double>::infinity(),
             -0.0,
             std::numeric_limits<double>::quiet_NaN()};
  r.cpu_s = 1.25;
  r.attempts = 2;
  return r;
}

class JournalFile : public ::testing::Test {
 protected:
  JournalFile()
      : path_(fs::temp_directory_path() /
              (std::string("ballast-journal-") +
               ::testing::UnitTest::GetInstance()->current_test_info()->name() + std::to_string(getpid()))) {
    fs::remove(path_);
  }
  ~JournalFile() override { fs::remove(path_); }
  fs::path path_;
};

TEST(Crc32, AgreesWithTheStandardCheckValue) {
  EXPECT_EQ(crc32("123456789"), 0xCBF43926U);  // the check value of CRC-32/ISO-HDLC
  EXPECT_EQ(crc32(""), 0U);
}

TEST(Fingerprint, TellsListsOfTextsApart) {
  Fingerprint one, other;
  one.add("ab");
  one.add("c");
  other.add("a");
  other.add("bc");
  EXPECT_NE(one.text(), other.text());
}

TEST(ResultText, KeepsEveryBit) {
  const ScenarioResult r = example(12);
  const auto back = parse_result(result_text(r));
  ASSERT_TRUE(back);
  EXPECT_EQ(result_text(*back), result_text(r));
  EXPECT_EQ(back->message, r.message);
  EXPECT_EQ(back->ending, r.ending);
  EXPECT_EQ(std::get<double>(back->cells[0]), 0.1 + 0.2);
  EXPECT_EQ(std::get<double>(back->cells[1]), 1e-310);
  EXPECT_EQ(std::get<std::string>(back->cells[2]), "bus, 7");
  EXPECT_TRUE(std::isinf(std::get<double>(back->cells[3])));
  EXPECT_TRUE(std::signbit(std::get<double>(back->cells[4])));
  EXPECT_TRUE(std::isnan(std::get<double>(back->cells[5])));
}

TEST(ResultText, WhatIsNoneIsRefused) {
  for (const char* text : {"", "{}", "[1]", "{\"scenario\":-1}", "{\"scenario\":\"x\"}", "nul"})
    EXPECT_FALSE(parse_result(text)) << text;
}

TEST_F(JournalFile, KeepsWhatWasAppended) {
  const Journal journal(path_, "abc", false);
  for (int k = 0; k < 5; ++k) journal.append(example(k));
  const JournalContent content = read_journal(path_);
  EXPECT_EQ(content.fingerprint, "abc");
  ASSERT_EQ(content.results.size(), 5U);
  EXPECT_EQ(content.results[4].scenario, 4);
  EXPECT_EQ(content.damaged, 0U);
}

TEST_F(JournalFile, SurvivesACutAtEveryByte) {
  {
    const Journal journal(path_, "abc", false);
    journal.append(example(0));
    journal.append(example(1));
  }
  const auto size = fs::file_size(path_);
  std::ifstream in(path_, std::ios::binary);
  const std::string whole(std::istreambuf_iterator<char>(in), {});
  std::size_t first_end = whole.find('\n') + 1;
  const std::size_t second_end = whole.find('\n', first_end) + 1;
  for (std::size_t cut = 0; cut < size; ++cut) {
    std::ofstream(path_, std::ios::binary) << whole.substr(0, cut);
    const JournalContent content = read_journal(path_);
    EXPECT_EQ(content.results.size(), cut >= second_end ? 1U : 0U) << cut;
    EXPECT_EQ(content.fingerprint.empty(), cut < first_end) << cut;
  }
}

TEST_F(JournalFile, GoesOnAfterALineThatWasCutOff) {
  const Journal journal(path_, "abc", true);
  journal.append(example(0));
  fs::resize_file(path_, fs::file_size(path_) - 7);
  journal.append(example(1));
  const JournalContent content = read_journal(path_);
  ASSERT_EQ(content.results.size(), 1U);
  EXPECT_EQ(content.results[0].scenario, 1);
  EXPECT_EQ(content.damaged, 1U);
}

TEST_F(JournalFile, AChangedByteDoesNotCount) {
  {
    const Journal journal(path_, "abc", false);
    journal.append(example(0));
    journal.append(example(1));
  }
  std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
  std::string line;
  std::getline(file, line);
  file.seekp(static_cast<long>(line.size()) + 30);
  file.put('#');
  file.close();
  const JournalContent content = read_journal(path_);
  ASSERT_EQ(content.results.size(), 1U);
  EXPECT_EQ(content.results[0].scenario, 1);
  EXPECT_EQ(content.damaged, 1U);
}

TEST_F(JournalFile, AFileThatExistsIsNotWrittenOver) {
  const Journal journal(path_, "abc", false);
  EXPECT_THROW(Journal(path_, "abc", false), Error);
}

}  // namespace
}  // namespace ballast
