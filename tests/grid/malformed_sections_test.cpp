// Damage in the records of controls, DC lines, FACTS devices and groups.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "grid/readers.hpp"
#include "tests/grid/every_section.hpp"

namespace ballast {
namespace {

using testing::every_section;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Damage {
  int version;
  std::string old, fresh;
  const char* message;  ///< part of the first error: line, column and value
};

TEST(MalformedSections, AreRefusedWithLineAndColumn) {
  const Damage all[] = {
      {33, "253.0,207.0", "25E3.0,207.0", "RMA1 = '25E3.0' is not a finite number"},
      {33, ",1,4,253.0", ",7,4,253.0", "COD1 = 7 is not one of -5 to 5"},
      {33, ",1,4,253.0", ",1,44,253.0", "CONT1 = 44: there is no such bus"},
      {35, ",1,4,7,253.0", ",1,44,7,253.0", "CONT1 = 44: there is no such bus"},
      {33, "1,1,25.0,5.0,'NORTH'", "1,9,25.0,5.0,'NORTH'", "ISW = 9: there is no such bus"},
      {33, "1,1,25.0,5.0,'NORTH'", "A,1,25.0,5.0,'NORTH'", "I = 'A' is not an integer"},
      {33, "'PACE',1,", "'PACE',3,", "MDC = 3 is not one of 0 to 2"},
      {33, "0.1,'R',50.0", "0.1,'X',50.0", "METER = 'X' is not R or I"},
      {33, "2,2,18.0,5.0", "8,2,18.0,5.0", "IPR = 8: there is no such bus"},
      {33, "4,2,18.0,5.0", "8,2,18.0,5.0", "IPI = 8: there is no such bus"},
      {33, "2,1,1,150.0", "2,,1,150.0", "TYPE is missing"},
      {33, "2,1,1,150.0", "2,1,3,150.0", "MODE = 3 is not one of 1 to 2"},
      {33, "2,1,1,150.0", "2,2,1,150.0", "0 of its converters hold the DC voltage"},
      {33, "1,0.9,1.1,1.0,1.0", "1,0.9,x,1.0,1.0", "F = 'x' is not a finite number"},
      {34, "40.0,1.09,0.0", "40.0,1.09,j", "Im(F) = 'j' is not a finite number"},
      {34, "10.0,1.01,0.0", "-16.0,1.01,0.0", "T = -16 follows T = 0"},
      {33, "1,3,'&1',1,2,4", "1,3,'&1',1,2,9", "DUM2 = 9: there is no such bus"},
      {33, "1,2,'A',25.0", "1,,'A',25.0", "ARTO is missing"},
      {33, "'SVC',2,0,1", "'SVC',7,0,1", "I = 7: there is no such bus"},
      {33, "0.2,0,4,''", "0.2,0,9,''", "REMOT = 9: there is no such bus"},
      {35, "0.2,0,4,0,''", "0.2,0,9,0,''", "FCREG = 9: there is no such bus"},
      {33, "2,1,0,1,1.05,0.97,4", "2,8,0,1,1.05,0.97,4", "MODSW = 8 is not one of 0 to 6"},
      {33, "2,1,0,1,1.05,0.97,4", "2,1,0,1,1.05,0.97,9", "SWREM = 9: there is no such bus"},
      {35, "75.0,1,4,25.0", "75.0,2,4,25.0", "S1 = 2 is not one of 0 to 1"},
      {30, "2,1,1.05,0.97,4", "2,1,1.05,0.97,9", "SWREM = 9: there is no such bus"},
      {33, "13.8,1,8.0,0.6", "13.8,1,,0.6", "PSET is missing"},
  };
  for (const Damage& damage : all) {
    std::string text = every_section(damage.version);
    const std::size_t at = text.find(damage.old);
    ASSERT_NE(at, std::string::npos) << damage.old;
    text.replace(at, damage.old.size(), damage.fresh);
    Problems problems;
    (void)read_raw_text(text, "case.raw", problems);
    ASSERT_TRUE(problems.any()) << damage.fresh;
    const std::string said = problems.errors().front().text();
    EXPECT_THAT(said, HasSubstr(damage.message));
    // In its line, or in the first line of its record.
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    EXPECT_THAT(problems.errors().front().where,
                ::testing::AnyOf(StartsWith(fmt::format("case.raw:{}:", line)),
                                 StartsWith(fmt::format("case.raw:{}:", line - 1))));
    EXPECT_FALSE(problems.errors().front().remedy.empty());
  }
}

TEST(MalformedSections, NoDamageCrashesTheReader) {
  for (const int version : {30, 35}) {
    const std::string good = every_section(version);
    int accepted = 0, refused = 0;
    const auto attempt = [&](const std::string& text) {
      Problems problems;
      (void)read_raw_text(text, "case.raw", problems);
      ++(problems.any() ? refused : accepted);
      for (const Problem& problem : problems.errors()) ASSERT_FALSE(problem.what.empty());
    };
    for (std::size_t length = 0; length < good.size(); length += 7) attempt(good.substr(0, length));
    for (std::size_t at = 0; at < good.size(); at += 3) {
      for (const char c : {'9', '-', ',', '\n'}) {
        std::string text = good;
        text[at] = c;
        attempt(text);
      }
    }
    std::cout << "  version " << version << ": " << refused << " refused, " << accepted << " accepted\n";
    EXPECT_GT(refused, 0);
    EXPECT_GT(accepted, 0);
  }
}

}  // namespace
}  // namespace ballast
