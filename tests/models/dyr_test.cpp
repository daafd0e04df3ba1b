/// Reading DYR files: what is right, and every kind of wrong with its place.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/dyr.hpp"
#include "models/registry.hpp"
#include "tests/reference.hpp"

namespace ballast {
namespace {

using ::testing::HasSubstr;

TEST(Dyr, AThousandErrorsEndTheReading) {
  for (const std::string line : {"x /\n", "'\n", "1 'GENROU' 1 x /\n"}) {
    std::string text;
    for (int k = 0; k < 5000; ++k) text += line;
    Problems problems;
    check_dyr(read_dyr_text(text, "bad.dyr", problems), problems);
    EXPECT_GE(problems.errors().size(), 1000U);
    EXPECT_LE(problems.errors().size(), 1025U);
    int said = 0;
    for (const Problem& p : problems.errors())
      if (p.what.find("thousand errors") != std::string::npos) ++said;
    EXPECT_EQ(said, 1) << line;
  }
}

TEST(Dyr, ReadsRecordsOverLinesWithQuotesCommentsAndFortranNumbers) {
  Problems problems;
  const auto records = read_dyr_text(
      "// a file of two records\n"
      "  102 'TGOV1'  1   0.05  0.2\n   1.2 , 0.1  3.D-1 +.8 0 / Dt is zero\n"
      "103,'SEXS  ', '1 ',.1 10 100 .1 -5 5/\n",
      "two.dyr", problems);
  ASSERT_TRUE(problems.errors().empty()) << problems.errors().front().text();
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].bus, 102);
  EXPECT_EQ(records[0].model, "TGOV1");
  EXPECT_EQ(records[0].id, "1");
  EXPECT_THAT(records[0].values, ::testing::ElementsAre(0.05, 0.2, 1.2, 0.1, 0.3, 0.8, 0));
  EXPECT_EQ(records[0].fields[2].place.text(), "two.dyr:3:4");
  EXPECT_EQ(records[1].model, "SEXS");
  EXPECT_EQ(records[1].id, "1");
  EXPECT_EQ(records[1].values.size(), 6U);
  check_dyr(records, problems);
  EXPECT_FALSE(problems.any());
}

struct Malformed {
  const char* text;
  const char* place;
  const char* message;
};

TEST(Dyr, EveryMalformedRecordIsNamedWithItsPlace) {
  const Malformed cases[] = {
      {"x 'SEXS' 1 .1 10 100 .1 -5 5 /", "f.dyr:1:1", "'x' is no bus number"},
      {"1.5 'SEXS' 1 .1 10 100 .1 -5 5 /", "f.dyr:1:1", "no bus number"},
      {"-1 'SEXS' 1 .1 10 100 .1 -5 5 /", "f.dyr:1:1", "no bus number"},
      {"\n  7 'SEXS' 1 .1 10 100 .1 -5 5", "f.dyr:2:3", "has no end"},
      {"7 'SEXS /", "f.dyr:1:3", "is not closed"},
      {"7 /", "f.dyr:1:1", "no model and id"},
      {"7 'SEXS' /", "f.dyr:1:1", "no model and id"},
      {"7 'SEXS' 1 .1 10 100 .1 -5 /", "f.dyr:1:1", "has 5 values, SEXS needs 6"},
      {"7 'SEXS' 1 .1 10 100 .1 -5 5 6 /", "f.dyr:1:1", "has 7 values"},
      {"7 'SEXS' 1 .1 10 1oo .1 -5 5 /", "f.dyr:1:18", "is '1oo', not a number"},
      {"7 'SEXS' 1 .1 10 nan .1 -5 5 /", "f.dyr:1:18", "not a number"},
      {"7 'SEXS' 1 .1 10 1e999 .1 -5 5 /", "f.dyr:1:18", "not a number"},
      {"7 'SEXS' 1 .1 10 ,, .1 -5 5 /", "f.dyr:1:19", "blank and has no documented default"},
      {"7 'SEXS' 1 .1 10 -100 .1 -5 5 /", "f.dyr:1:18", "K = -100 pu is not possible"},
      {"7 'GENROU' 1 8 .03 .4 .05 -6.5 0 1.8 1.7 .3 .55 .25 .2 0 0 /", "f.dyr:1:27",
       "H = -6.5 s is not possible"},
      {"7 'GENROV' 1 8 /\n8 'GENROV' 1 9 /", "f.dyr:1:1", "2 records use it"},
      {"7 'SEXS' 1 .1 10 100 .1 -5 5 /\n7 'SEXS' 1 .1 10 100 .1 -5 5 /", "f.dyr:2:1", "second exciter"},
  };
  for (const Malformed& c : cases) {
    Problems problems;
    check_dyr(read_dyr_text(c.text, "f.dyr", problems), problems);
    ASSERT_TRUE(problems.any()) << c.text;
    const std::string text = problems.errors().front().text();
    fmt::print("{}\n", text);
    EXPECT_THAT(text, HasSubstr(c.place)) << c.text;
    EXPECT_THAT(text, HasSubstr(c.message)) << c.text;
  }
}

TEST(Dyr, ABlankFieldMeansWhatTheStandardDocumentsOrIsRefused) {
  Problems problems;
  const auto records = read_dyr_text("7,'IEEEG1',1,,,20,0.1,0,0.2,0.1,-0.1,1,0,0.3,1,0,0,0,0,0,0,0,0,0,0/\n",
                                     "f.dyr", problems);
  ASSERT_EQ(records.size(), 1U);
  check_dyr(records, problems);
  EXPECT_FALSE(problems.any());
  EXPECT_EQ(records[0].values[0], 0);
  EXPECT_THAT(records[0].by_default, ::testing::ElementsAre(0, 1));
}

TEST(Dyr, ARecordWithoutItsSlashEndsBeforeTheNextOne) {
  Problems problems;
  const auto records = read_dyr_text("7 'SEXS' '1 ' .1 10 100 .1 -5 5\n 8 'SEXS' '1 ' .1 10 100 .1 -5 5 /\n",
                                     "f.dyr", problems);
  EXPECT_FALSE(problems.any());
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].values.size(), 6U);
  EXPECT_EQ(records[1].bus, 8);
  ASSERT_EQ(problems.warnings().size(), 1U);
  EXPECT_THAT(problems.warnings()[0].text(), HasSubstr("f.dyr:1:1: the record starting with '7' 'SEXS'"));
}

TEST(Dyr, VendorRecordsAreNamedAndRefused) {
  Problems problems;
  const auto records = read_dyr_text(
      "101 'USRMDL' 1 'MYEXC' 4 0 0 2 3 2 0.1 0.2 /\n0 'USRMSC' 'RELAYS' 512 0 1 1 0 0 5 0.3 /\n"
      "102 'USRMDL' 1 'MYEXC' 4 0 0 2 3 2 0.1 0.2 /\n",
      "f.dyr", problems);
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[0].vendor_name, "MYEXC");
  EXPECT_EQ(records[1].vendor_name, "RELAYS");
  check_dyr(records, problems);
  ASSERT_EQ(problems.errors().size(), 2U);
  EXPECT_THAT(problems.errors()[0].text(), HasSubstr("USRMDL 'MYEXC' is a vendor's model"));
  EXPECT_THAT(problems.errors()[0].text(), HasSubstr("2 records use it"));
  EXPECT_THAT(problems.errors()[0].text(), HasSubstr("[[dyr_rule]]"));
}

TEST(Dyr, UnusualValuesAreCountedPerParameter) {
  Problems problems;
  std::string text;
  for (int bus = 1; bus <= 30; ++bus)
    text += fmt::format("{} 'TGOV1' 1 .05 .2 {} 0 .3 .8 0 /\n", bus, bus == 9 ? 88 : 999999);
  check_dyr(read_dyr_text(text, "f.dyr", problems), problems);
  EXPECT_FALSE(problems.any());
  ASSERT_EQ(problems.warnings().size(), 1U);
  EXPECT_THAT(problems.warnings()[0].text(), HasSubstr("29 more TGOV1: VMAX = 88 to 999999 is unusual"));
}

TEST(Dyr, AGovernorDerivativeWithoutATimeConstantIsRefusedAtItsField) {
  const std::string start = "7 'GGOV1' 1 1 1 .04 1 .05 -.05 10 2\n";
  const std::string end = "\n1 .15 .5 1.5 .2 .1 0 0 3 2 .67 1 0 .1 -.1 0 .01 10 .1 0 0 4 5 99 -99 /\n";
  Problems refused, fine;
  check_dyr(read_dyr_text(start + "2.5 0" + end, "f.dyr", refused), refused);
  ASSERT_EQ(refused.errors().size(), 1U) << refused.errors().back().text();
  EXPECT_THAT(refused.errors()[0].text(),
              HasSubstr("f.dyr:2:1: GGOV1 of bus 7 '1': Kdgov = 2.5 with Tdgov = 0"));
  EXPECT_THAT(refused.errors()[0].remedy, HasSubstr("Tdgov > 0, or Kdgov = 0"));
  check_dyr(read_dyr_text(start + "0 0" + end, "f.dyr", fine), fine);
  check_dyr(read_dyr_text(start + "2.5 1" + end, "f.dyr", fine), fine);
  EXPECT_FALSE(fine.any());
}

TEST(Dyr, AMissingFileIsNamed) {
  Problems problems;
  EXPECT_TRUE(read_dyr("/nowhere/at-all.dyr", problems).empty());
  ASSERT_TRUE(problems.any());
  EXPECT_THAT(problems.errors().front().text(), HasSubstr("/nowhere/at-all.dyr: cannot be read"));
}

TEST(Dyr, RandomBytesNeverCrash) {
  unsigned state = 20261121;
  for (int trial = 0; trial < 2000; ++trial) {
    std::string text;
    for (int i = 0; i < 60; ++i) {
      state = state * 1664525U + 1013904223U;
      text += "0123456789 ,/'\"\n\tSEXGENROU.-+eD\0"[state >> 27U];
    }
    Problems problems;
    check_dyr(read_dyr_text(text, "random.dyr", problems), problems);
  }
}

TEST(Dyr, ReadsThePublicFiles) {
  BALLAST_NEEDS_REFERENCE(kundur, "networks/kundur-twoarea.dyr");
  BALLAST_NEEDS_REFERENCE(wecc, "networks/240busWECC_2018_PSS_mod.dyr");
  Problems problems;
  const auto records = read_dyr(kundur, problems);
  check_dyr(records, problems);
  EXPECT_FALSE(problems.any());
  EXPECT_EQ(records.size(), 12U);
  Problems wide;
  const auto many = read_dyr(wecc, wide);
  EXPECT_FALSE(wide.any());
  fmt::print("240 bus WECC: {} records\n", many.size());
  EXPECT_EQ(many.size(), 438U) << "one of them has no '/'";
}

TEST(Dyr, LoadRecordsNameOneLoadOrAllOfAnAreaZoneOwnerOrCase) {
  const std::string motor = " * 1 .01 .08 3 .01 .08 0 0 1 0 1.2 0 0 1.25 .5 0 0 0 1 0 /\n";
  std::string composite;
  for (int k = 0; k < 132; ++k) composite += " 0.5";
  const std::string text = "3 'CIM5BL'" + motor + "3 'CIM5AR'" + motor + "4 'CIM5ZN'" + motor + "5 'CIM5OW'" +
                           motor + "0 'CIM5AL'" + motor +
                           "10 'USRLOD' 1 'CMLDBLU2' 12 1 2 133 27 146 48 0 0" + composite +
                           " 0.25 /\n2 'USRLOD' * 'CMLDZNU1' 12 1 0 132 27 146 48" + composite + " /\n";
  Problems problems;
  const auto records = read_dyr_text(text, "loads.dyr", problems);
  EXPECT_FALSE(problems.any());
  ASSERT_EQ(records.size(), 7U);
  const LoadScope scopes[] = {LoadScope::ONE, LoadScope::AREA, LoadScope::ZONE, LoadScope::OWNER,
                              LoadScope::ALL, LoadScope::ONE,  LoadScope::ZONE};
  for (std::size_t k = 0; k < records.size(); ++k) {
    EXPECT_EQ(records[k].model, k < 5 ? "CIM5BL" : "CMLDBLU2");
    EXPECT_EQ(records[k].scope, scopes[k]) << k;
    EXPECT_EQ(records[k].values.size(), k < 5 ? 20U : 133U) << k;
  }
  EXPECT_EQ(record_label(records[1]), "CIM5AR of area 3");
  EXPECT_EQ(record_label(records[6]), "CMLDZNU1 of zone 2");
  EXPECT_EQ(records[5].values.back(), 0.25);
  EXPECT_EQ(records[6].values.back(), 1) << "CMLDBLU1 has no Frcel";
  EXPECT_EQ(records[6].by_default.size(), 1U);
  // Written and read again they are the same.
  Problems again;
  const auto copies = read_dyr_text(write_dyr(records), "copy.dyr", again);
  ASSERT_EQ(copies.size(), records.size());
  for (std::size_t k = 0; k < records.size(); ++k) {
    EXPECT_EQ(copies[k].scope, records[k].scope) << k;
    EXPECT_EQ(copies[k].values, records[k].values) << k;
    EXPECT_EQ(full_model_name(copies[k]), full_model_name(records[k])) << k;
  }
}

TEST(Dyr, RecordsOfEngineSetsConvertersAndCompensatorsAreReadWithoutAWord) {
  const std::string table4 = " -1 1.2 2 1.2 0 0 0 0";
  const std::string table10 = table4 + " 0 0 0 0 0 0 0 0 0 0 0 0";
  const std::string control = " .85 1.2 .02 -.05 .05 2 1.05 -1.05 0";
  const std::string text =
      "1 'GENROU' 1 8 .03 .4 .05 3 0 1.8 1.7 .3 .55 .25 .2 0 0 /\n"
      "1 'AC8B' 1 .01 80 5 10 .1 35 0 35 0 8 0 .01 1 1.2 .55 1.1 1 6.5 .3 9 3 /\n"
      "1 'DEGOV1' 1 0 .02 .01 .1 20 .2 .05 .04 .024 1.1 0 .05 .02 /\n"
      "2 'DEGOV' 1 .01 .02 .2 40 .25 .009 .0384 .024 1.1 0 /\n"
      "3 'REGCB1' 1 0 1 .02 .02 99 -99 10 .02 1.3 /\n"
      "3 'REECC1' 1 0 0 0 0 0" +
      control + " .05 .6 -.6 1.1 .9 0 .1 0 40 .02 99 -99 1 -1 1.3 .02" + table4 + table4 +
      " 7200 .5 .8 .2 /\n"
      "4 'REGCC1' 1 0 1 .02 .02 99 -99 10 .02 1.3 1 10 60 1400 75 -75 /\n"
      "4 'REECD1' 1 0 0 0 0 0 0" +
      control + " 0 0 0 .05 .6 -.6 1.1 .9 0 .1 0 40 0 .02 99 -99 1 -1 1.3 .02" + table10 + table10 +
      " 0 .05 .02 .02 1 .05 1.4 .05 /\n"
      "5 'REGFM_A1' 1 1 1 .02 .02 .02 1.5 1.3 0 1 -1 .8 -.8 .02 .05 .01 .1 .1 10 0 5.86 /\n"
      "6 'REGFM_B1' 1 0 0 1 1 1 1 0 .15 .05 0 5 .02 .05 -.05 .265 2.65 .2 -.2 0 .5 0 100 50 1 .9 2 1.5 .02 "
      ".02 .02 "
      ".02 .05 /\n"
      "7 'CSVGN1' 1 50 .01 .02 .5 .05 .03 10 1.2 -.1 100 /\n"
      "8 'STATCOM' 1 .01 1 100 .03 .01 1 .3 .6 .1 /\n";
  Problems problems;
  const auto records = read_dyr_text(text, "new.dyr", problems);
  check_dyr(records, problems);
  for (const Problem& p : problems.errors()) ADD_FAILURE() << p.text();
  for (const Problem& p : problems.warnings()) ADD_FAILURE() << p.text();
  EXPECT_EQ(records.size(), 12U);
  // mp of REGFM_A1 in rad/s per pu, as WECC's specification has it, is not taken for per unit.
  Problems radians;
  check_dyr(
      read_dyr_text("5 'REGFM_A1' 1 1 1 .02 .02 .02 1.5 1.3 0 1 -1 .8 -.8 3.77 .05 .01 .1 .1 10 0 5.86 /\n",
                    "radians.dyr", radians),
      radians);
  ASSERT_EQ(radians.errors().size(), 1U);
  EXPECT_THAT(radians.errors()[0].text(), HasSubstr("mp = 3.77 pu is not possible"));
}

TEST(Dyr, DistributedResourcesAreReadByTheirOwnNameAndAsAUserModel) {
  const std::string values =
      " 0 1 1 1 1 1\n.02 .02 -.05 .05 5 0 .02 .02 20 20 -.0006 .0006 99 -99 1 0 99 -99 .02 .1 10 1.2\n"
      ".44 .49 1.2 1.15 .16 .16 .16 .16 .7 59.3 60.5 .16 .16 .02 2 .02 .8 1 -1 /\n";
  Problems problems;
  const auto records = read_dyr_text(
      "1 'DERA1' 1" + values + "2 'USRMDL' 1 'DERAU1' 101 1 6 41 10 23" + values + "3 'DERAU1' 1" + values,
      "der.dyr", problems);
  check_dyr(records, problems);
  for (const Problem& p : problems.errors()) ADD_FAILURE() << p.text();
  for (const Problem& p : problems.warnings()) ADD_FAILURE() << p.text();
  ASSERT_EQ(records.size(), 3U);
  const char* const names[] = {"DERA1", "DERAU1", "DERAU1"};
  const auto copies = read_dyr_text(write_dyr(records), "copy.dyr", problems);
  ASSERT_EQ(copies.size(), records.size());
  for (std::size_t k = 0; k < records.size(); ++k) {
    EXPECT_EQ(records[k].model, "DERA1");
    EXPECT_EQ(full_model_name(records[k]), names[k]);
    EXPECT_EQ(records[k].values, records[0].values);
    EXPECT_EQ(copies[k].values, records[k].values);
    EXPECT_EQ(copies[k].written_model, records[k].written_model);
    EXPECT_EQ(copies[k].header.size(), records[k].header.size());
  }
  // A header whose counts are wrong leaves the wrong number of values; half a header is no DERA1.
  Problems wrong;
  check_dyr(read_dyr_text("1 'USRMDL' 1 'DERAU1' 101 1 5 41 10 23 0 1 1 1 1" +
                              values.substr(values.find('\n')) + "2 'USRMDL' 1 'DERAU1' 101 1 /\n",
                          "wrong.dyr", wrong),
            wrong);
  ASSERT_GE(wrong.errors().size(), 2U);
  EXPECT_THAT(wrong.errors().front().text(), HasSubstr("DERAU1 of bus 1 '1' has 46 values, DERA1 needs 47"));
  EXPECT_THAT(wrong.errors().back().text(), HasSubstr("USRMDL 'DERAU1' is a vendor's model"));
}

TEST(Registry, EveryModelIsDescribed) {
  for (const ModelInfo& m : all_models()) {
    EXPECT_NE(std::string(m.title), "") << m.name;
    EXPECT_NE(std::string(m.source), "") << m.name;
    for (const ParameterInfo& p : m.parameters)
      EXPECT_NE(std::string(p.meaning), "") << m.name << " " << p.name;
  }
  EXPECT_THAT(model_list_markdown(), HasSubstr("## GENROU"));
}

}  // namespace
}  // namespace ballast
