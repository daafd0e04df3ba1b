/// Parts that move the network by themselves are left to IDA.
#include <gtest/gtest.h>

#include "cases/reader/case.hpp"
#include "kernels/prepare/problem_of.hpp"
#include "tests/cases/small_case.hpp"

namespace ballast {
namespace {

TEST(BatchNetworkParts, ACaseWithAnOverloadElementIsRefusedWithTheRemedy) {
  Case c = read_case_text(testing::kSmallCase, "small.toml");
  const auto build = [&] {
    const PreparedCase ready = prepare(c);
    const batch::ProblemBuilder builder(*ready.system, ready.y, {0, 10, 1.0 / 120});
  };
  EXPECT_NO_THROW(build());
  std::string text = testing::kSmallCase;
  text.insert(text.find("B = 0.01"), "rate_MVA = 200\n");
  c = read_case_text(text + "\n[[overload]]\nbranch = \"1-2\"\n", "small.toml");
  try {
    build();
    ADD_FAILURE() << "the batch does not operate branches for parts";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("switches or relays"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("backend ida"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace ballast
