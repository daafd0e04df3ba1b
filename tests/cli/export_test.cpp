/// `ballast export`: what it writes reads back equal and runs the same.
#include <gmock/gmock.h>

#include "grid/readers.hpp"
#include "models/dyr.hpp"
#include "tests/cli/program.hpp"
#include "tests/grid/every_section.hpp"
#include "tests/grid/same_network.hpp"

namespace ballast {
namespace {

using ::testing::HasSubstr;

class Export : public testing::Workplace {};

TEST_F(Export, ANetworkFileBecomesAnEqualRaw) {
  write("in.raw", testing::every_section(35));
  const testing::Ended ended = run({"export", "in.raw", "--raw", "out.raw", "--version", "35"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("out.raw: RAW version 35, 4 buses"));
  testing::SameNetwork(1e-14).compare(read_network((folder / "in.raw").string()),
                                      read_network((folder / "out.raw").string()));
}

TEST_F(Export, ACaseBecomesANetworkAndItsMachines) {
  const testing::Ended ended = run({"export", std::string(BALLAST_SOURCE_DIR) + "/cases/two-area-campus",
                                    "--raw", "out.raw", "--dyr", "out.dyr"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("has no DYR record and is left out"));  // the campus
  Problems problems;
  const Network network = read_network((folder / "out.raw").string(), problems);
  EXPECT_FALSE(problems.any());
  const auto records = read_dyr((folder / "out.dyr").string(), problems);
  check_dyr(records, problems);
  for (const Problem& problem : problems.errors()) ADD_FAILURE() << problem.text();
  std::size_t machines = 0;
  for (const DynamicRecord& record : records) machines += record.model.rfind("GEN", 0) == 0;
  EXPECT_EQ(machines, network.generators.size());
}

TEST_F(Export, WhatCannotBeWrittenIsSaid) {
  write("in.raw", testing::every_section(33));
  testing::Ended ended = run({"export", "in.raw"});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, HasSubstr("give --raw FILE, --dyr FILE or both"));
  ended = run({"export", "in.raw", "--dyr", "out.dyr"});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, HasSubstr("a network file has no dynamic data for --dyr"));
  ended = run({"export", "in.raw", "--raw", "out.raw", "--version", "30"});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, HasSubstr("RAW version 30 cannot be written; give 33 to 35"));
  ended = run({"export", "in.raw", "--raw", "no/such/folder/out.raw"});
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.err, HasSubstr("no/such/folder/out.raw: cannot be written: No such file or directory"));
}

}  // namespace
}  // namespace ballast
