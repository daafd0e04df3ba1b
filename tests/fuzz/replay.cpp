/// Reads every file of the folder BALLAST_CORPUS, which holds seeds and the inputs of past findings.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/fuzz/target.hpp"

namespace ballast {
namespace {

TEST(Corpus, EveryInputEndsInDataOrInClearProblems) {
  constexpr double kLimit_s = 10;  // each input is at most a few kB; fuzzing runs with the same limit
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(BALLAST_CORPUS)) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto start = std::chrono::steady_clock::now();
    EXPECT_NO_THROW(testing::read_input(text)) << entry.path();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    EXPECT_LT(took.count(), kLimit_s) << entry.path();
    fmt::print("{}: {} bytes, {:.3f} s (limit {} s)\n", entry.path().filename().string(), text.size(),
               took.count(), kLimit_s);
    ++count;
  }
  EXPECT_GT(count, 0) << "no inputs in " << BALLAST_CORPUS;
}

}  // namespace
}  // namespace ballast
