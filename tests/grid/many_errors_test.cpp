/// A file that is nothing but errors: a thousand are enough, the memory they take is bounded.
#include <gtest/gtest.h>

#include <string>

#include "grid/readers.hpp"
#include "grid/too_many_errors.hpp"
#include "tests/grid/every_section.hpp"

namespace ballast {
namespace {

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int k = 0; k < times; ++k) all += text;
  return all;
}

void expect_ended(const Problems& problems) {
  constexpr std::size_t kOfLastRecord = 20;  // what one record, and the check of the network, may add
  EXPECT_GE(problems.errors().size(), kMostErrors);
  EXPECT_LE(problems.errors().size(), kMostErrors + kOfLastRecord);
  int said = 0;
  for (const Problem& p : problems.errors())
    if (p.what.find("thousand errors") != std::string::npos) ++said;
  EXPECT_EQ(said, 1);
}

TEST(ManyErrors, EndTheReadingOfMatpower) {
  const std::string head = "function mpc = a\n";
  for (const std::string& body :
       {repeated("a;", 5000), repeated("a\n", 5000), "mpc.bus = [" + repeated("x ", 5000) + "];",
        "mpc.bus = [" + repeated("1;", 5000) + "];"}) {
    Problems problems;
    (void)read_matpower_text(head + body, "input.m", problems);
    expect_ended(problems);
  }
}

TEST(ManyErrors, EndTheReadingOfRaw) {
  const std::string head = "0,100.0,34,0,0,60.0 /\nT\n\n0 / END OF SYSTEM-WIDE DATA, BEGIN BUS DATA\n";
  Problems problems;
  (void)read_raw_text(head + repeated("1,'\n", 5000), "input.raw", problems);
  expect_ended(problems);
}

TEST(ManyErrors, EndTheReadingOfSeq) {
  Problems of_network, problems;
  Network network = read_raw_text(testing::every_section(33), "network.raw", of_network);
  read_seq_text("0, 33 /\n" + repeated("9,x\n", 5000), "input.seq", network, problems);
  expect_ended(problems);
}

}  // namespace
}  // namespace ballast
