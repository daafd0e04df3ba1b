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

TEST(BatchNetworkParts, AFaultOnABranchThatIsMeteredIsRefused) {
  std::string text = testing::kSmallCase;
  text.insert(text.find("B = 0.01"), "rate_MVA = 200\n");
  const Case c =
      read_case_text(text +
                         "\n[[line_protection]]\nbranch = \"1-2\"\nalarm_only = true\ndistance = {}\n"
                         "[[event]]\nat_s = 1\nline_fault = { branch = \"1-2\", near = 1, bolted = true, "
                         "clearing_s = 0.1 }\n",
                     "small.toml");
  const PreparedCase ready = prepare(c);
  batch::ProblemBuilder builder(*ready.system, ready.y,
                                {0, 10, 1.0 / 120});  // relays that only alarm it takes
  try {
    builder.add(c.disturbances);
    ADD_FAILURE() << "the batch's meters do not know of faults on their branch";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("whose flow line-1-2-1 measures"), std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace ballast
