/// Whatever a file contains, reading it ends in a case or in an Error: no crash, no hang, no other exception.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "cases/reader/case.hpp"
#include "tests/cases/small_case.hpp"

namespace ballast {
namespace {

/// 1 when the text is a case that rests, 0 when it is refused.
int accepted(const std::string& text) {
  try {
    const Case c = read_case_text(text, "damaged.toml");
    (void)prepare(c);
    return 1;
  } catch (const Error& error) {
    EXPECT_FALSE(error.problems().empty());
    for (const Problem& p : error.problems()) EXPECT_FALSE(p.what.empty());
    return 0;
  }
}

TEST(DamagedCase, AnyLineMayBeMissing) {
  int good = 0;
  int count = 0;
  for (std::size_t at = 0; at < testing::kSmallCase.size(); ++count) {
    const std::size_t end = testing::kSmallCase.find('\n', at) + 1;
    good += accepted(testing::kSmallCase.substr(0, at) + testing::kSmallCase.substr(end));
    at = end;
  }
  fmt::print("{} of {} cases without one line are still cases\n", good, count);
  EXPECT_LT(good, count);
}

TEST(DamagedCase, AnyLineMayBeThereTwice) {
  for (std::size_t at = 0; at < testing::kSmallCase.size();) {
    const std::size_t end = testing::kSmallCase.find('\n', at) + 1;
    accepted(testing::kSmallCase.substr(0, end) + testing::kSmallCase.substr(at));
    at = end;
  }
}

TEST(DamagedCase, AnyNumberMayBeAnything) {
  const std::string& text = testing::kSmallCase;
  for (const char* value : {"0", "-1", "1e308", "-1e308", "1e-308", "inf", "-inf", "nan", "\"text\"", "true",
                            "[]", "{}", "[[1]]", "9223372036854775807", "1979-05-27", "''"})
    for (std::size_t at = text.find("= "); at != std::string::npos; at = text.find("= ", at + 1)) {
      const std::size_t end = text.find_first_of(",}\n", at);
      if (text[at + 2] == '{' || text[at + 2] == '[') continue;
      accepted(text.substr(0, at + 2) + value + " " + text.substr(end));
    }
}

/// Tables inside tables are walked by recursion, here and in the parser's library.
TEST(DamagedCase, NestingDeeperThanTheStackIsRefused) {
  constexpr int kDeep = 200'000;
  const auto repeated = [](const std::string& part) {
    std::string text;
    for (int k = 0; k < kDeep; ++k) text += part;
    return text;
  };
  for (const std::string& text :
       {"[a" + repeated(".a") + "]\n", "a" + repeated(".a") + " = 1\n", "a" + repeated(" . \"=\"") + " = 1\n",
        "x = \"\"\"a\\\"\"\"\"\"\na" + repeated(".'['") + " = 1\n", "a = " + repeated("["),
        "a = " + repeated("{ a.a = ")}) {
    const std::string file = testing::kSmallCase + text;
    try {
      (void)read_case_text(file, "deep.toml");
      ADD_FAILURE() << "accepted: " << text.substr(0, 20);
    } catch (const Error& error) {
      fmt::print("{}\n", error.problems().front().text());
      EXPECT_EQ(error.problems().front().where.substr(0, 10), "deep.toml:");
    }
  }
  // Dots in texts, comments and numbers are no keys.
  std::string dotted = testing::kSmallCase + "# " + repeated("a.") + "\n";
  dotted.replace(dotted.find("\"small\""), 7, "\"" + repeated("a.") + "[[\"");
  EXPECT_EQ(read_case_text(dotted, "dotted.toml").title.size(), 2U * kDeep + 2U);
}

TEST(DamagedCase, AnyByteMayChange) {
  constexpr unsigned kSeed = 20260101;
  std::mt19937 random(kSeed);
  int good = 0;
  constexpr int kTries = 3000;
  for (int k = 0; k < kTries; ++k) {
    std::string text = testing::kSmallCase;
    for (auto n = 1 + random() % 3; n > 0; --n) {
      const std::size_t at = random() % text.size();
      switch (random() % 3) {
        case 0:
          text[at] = static_cast<char>(random() % 256);
          break;
        case 1:
          text.erase(at, 1 + random() % 20);
          break;
        default:
          text.insert(at, text.substr(random() % text.size(), random() % 40));
          break;
      }
    }
    good += accepted(text);
  }
  fmt::print("seed {}: {} of {} damaged texts are still cases\n", kSeed, good, kTries);
  EXPECT_LT(good, kTries);
}

}  // namespace
}  // namespace ballast
