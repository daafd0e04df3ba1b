// DYR files that are written and read back.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <iostream>

#include "models/dyr.hpp"
#include "tests/reference.hpp"

namespace ballast {
namespace {

void expect_same(const std::vector<DynamicRecord>& a, const std::vector<DynamicRecord>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t r = 0; r < a.size(); ++r) {
    EXPECT_EQ(a[r].bus, b[r].bus);
    EXPECT_EQ(a[r].model, b[r].model);
    EXPECT_EQ(a[r].id, b[r].id);
    ASSERT_EQ(a[r].fields.size(), b[r].fields.size()) << a[r].model << " of bus " << a[r].bus;
    for (std::size_t k = 0; k < a[r].fields.size(); ++k) {
      EXPECT_EQ(a[r].fields[k].text, b[r].fields[k].text);
      EXPECT_EQ(a[r].fields[k].blank, b[r].fields[k].blank);
      if (std::isnan(a[r].values[k]) && std::isnan(b[r].values[k])) continue;
      EXPECT_EQ(std::bit_cast<std::uint64_t>(a[r].values[k]), std::bit_cast<std::uint64_t>(b[r].values[k]));
    }
  }
}

TEST(DyrWriter, BlankFieldsQuotesAndLongRecordsAreReadBackEqual) {
  const std::string text =
      "1 'GENROU' 1 6.0, , 0.05 ,, 0.3 /\n"
      "2 'TWO WORDS' 'A B' 1.0D-3 +.5 'a/b' \"it's\" '' ,, /\n"
      "3,'SEXS','1',1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,,23 / comment\n"
      "4 'NONE' 1 /\n";
  Problems problems;
  const std::vector<DynamicRecord> records = read_dyr_text(text, "case.dyr", problems);
  ASSERT_EQ(records.size(), 4U);
  const std::vector<DynamicRecord> again = read_dyr_text(write_dyr(records), "again.dyr", problems);
  EXPECT_FALSE(problems.any());
  expect_same(records, again);
}

TEST(DyrWriter, NumbersKeepEveryBit) {
  const double values[] = {1.0 / 3, -0.0, 6.02214076e23, 5e-324, std::nan(""), 1e22, 0.1 + 0.2};
  Problems problems;
  const auto again = read_dyr_text(write_dyr({make_record(7, "M", "1", values)}), "again.dyr", problems);
  ASSERT_EQ(again.size(), 1U);
  for (std::size_t k = 0; k < std::size(values); ++k) {
    EXPECT_EQ(again[0].fields[k].blank, std::isnan(values[k]));
    if (std::isnan(values[k])) continue;
    EXPECT_EQ(std::bit_cast<std::uint64_t>(again[0].values[k]), std::bit_cast<std::uint64_t>(values[k]));
  }
}

TEST(DyrWriter, EveryReferenceFileIsReadBackEqual) {
  int files = 0;
  for (const char* folder : {"networks", "psse"}) {
    BALLAST_NEEDS_REFERENCE(path, folder);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
      if (entry.path().extension() != ".dyr") continue;
      ++files;
      Problems problems;
      const std::vector<DynamicRecord> records = read_dyr(entry.path().string(), problems);
      expect_same(records, read_dyr_text(write_dyr(records), "again.dyr", problems));
      std::cout << "  " << entry.path().filename().string() << ": " << records.size() << " records\n";
    }
  }
  EXPECT_GE(files, 4);
}

}  // namespace
}  // namespace ballast
