/// A data center handed to PSS/E: the files that `ballast equivalent` writes read back and rest.
#include <gmock/gmock.h>

#include "tests/cases/small_case.hpp"
#include "tests/cli/program.hpp"

namespace ballast {
namespace {

using testing::content;
using testing::Ended;
using ::testing::HasSubstr;

class EquivalentFiles : public testing::Workplace {};

TEST_F(EquivalentFiles, TheCaseWithEachLoadModelReadsBackAndRests) {
  write("case.toml", testing::kSmallCase);
  const Ended ran = run({"equivalent", "case.toml", "-o", "out", "--evaluations", "3"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("PERC1: "));
  EXPECT_THAT(ran.out, HasSubstr("CMLDBLU2: "));
  EXPECT_THAT(content(folder / "out/dyr/cmldblu2.dyr"),
              HasSubstr("'USRLOD',D1,CMLDBLU2,12,1,2,133,27,146,48,0,0,"));
  for (const char* model : {"perc1", "cmldblu2"}) {
    write(
        std::string(model) + ".toml",
        std::string("[case]\ntitle = \"handed over\"\n[network]\nraw = \"out/case.raw\"\ndyr = \"out/dyr/") +
            model +
            ".dyr\"\n[loads]\nactive = { impedance = 0, current = 1, power = 0 }\n"
            "reactive = { impedance = 1, current = 0, power = 0 }\npqbrak = 0.7\n[simulation]\nuntil_s = "
            "1\n");
    const Ended checked = run({"check", std::string(model) + ".toml"});
    EXPECT_EQ(checked.code, 0) << checked.err;
    EXPECT_EQ(run({"run", std::string(model) + ".toml", "-o", std::string("run-") + model}).code, 0);
  }
  const std::string csv = content(folder / "out/equivalent.csv");
  EXPECT_THAT(csv, HasSubstr("PERC1,Vcease,pu,"));
  EXPECT_THAT(csv, HasSubstr("CMLDBLU2,Vd1,pu,"));
  EXPECT_THAT(content(folder / "out/equivalent.html"), HasSubstr("Slow sag to 0.3 pu"));
  // Again into the same folder: it holds nothing but its own results.
  EXPECT_EQ(run({"equivalent", "case.toml", "-o", "out", "--evaluations", "1", "--model", "PERC1"}).code, 0);
}

TEST_F(EquivalentFiles, AModelThatCannotBeFittedIsRefused) {
  write("case.toml", testing::kSmallCase);
  const Ended ran = run({"equivalent", "case.toml", "--model", "CIM5BL"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("no fit for a model 'CIM5BL'"));
}

}  // namespace
}  // namespace ballast
