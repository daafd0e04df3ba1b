// Bad files: each must be refused with the place and the value, never crash, never pass.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <iostream>

#include "grid/power_flow.hpp"
#include "grid/readers.hpp"
#include "tests/grid/raw_text.hpp"

namespace ballast {
namespace {

using ::testing::HasSubstr;
using testing::raw_file;
using testing::Sections;

struct Malformed {
  const char* name;
  std::string text;
  std::string message;  ///< must be part of the first error: place and value
};

using Reader = Network (*)(std::string_view, const std::string&, Problems&);

void expect_refused(Reader reader, const std::string& file, const Malformed& bad) {
  Problems problems;
  const Network net = reader(bad.text, file, problems);
  ASSERT_TRUE(problems.any()) << bad.name << " was accepted";
  std::cout << "  " << problems.errors().front().text() << "\n";
  EXPECT_THAT(problems.errors().front().text(), HasSubstr(bad.message)) << bad.name;
  EXPECT_FALSE(problems.errors().front().remedy.empty()) << bad.name;
}

/// The sound two-bus file with the records of one section replaced.
std::string with(const std::string& section, const std::string& records) {
  Sections sections = testing::two_bus_sections();
  sections[section] = records;
  return raw_file(sections);
}

std::string with_transformer(const std::string& records) {
  Sections sections = testing::two_bus_sections();
  sections["branch"] = "";
  sections["transformer"] = records;
  return raw_file(sections);
}

TEST(MalformedRaw, IsRefusedWithLineAndColumn) {
  // In raw_file the bus section starts on line 4, the load section on line 7, generators on line 10, branches
  // on line 12 (14 with both loads and shunts); transformers, without branches, on line 13.
  const Malformed files[] = {
      {"empty file", "", "case.raw: the file is empty"},
      {"binary rubbish", std::string("\x01\x02\x00\xff\n\x7f", 6), "case.raw:1:1: IC = '"},
      {"header only", "0,100.0,33,0,0,60.0\n", "case.raw:1: the file ends in its header"},
      {"change case", raw_file({}, "1,100.0,33,0,0,60.0\n"), "case.raw:1:1: IC = 1: the file changes a case"},
      {"base not a number", raw_file({}, "0,1OO.0,33,0,0,60.0\n"),
       "case.raw:1:3: SBASE = '1OO.0' is not a finite number"},
      {"base zero", raw_file({}, "0,0.0,33,0,0,60.0\n"), "case.raw:1:3: system base 0 MVA is not positive"},
      {"unknown version", raw_file({}, "0,100.0,23,0,0,60.0\n"),
       "case.raw:1:9: RAW version 23 is not supported"},
      {"version not a number", raw_file({}, "0,100.0,v33,0,0,60.0\n"),
       "case.raw:1:9: REV = 'v33' is not an integer"},
      {"bus number missing", with("bus", ",'ONE',230.0,3\n"), "case.raw:4:1: I is missing"},
      {"bus number not a number", with("bus", "ONE,'ONE',230.0,3\n"),
       "case.raw:4:1: I = 'ONE' is not an integer"},
      {"bus type unknown", with("bus", "1,'ONE',230.0,7\n"), "case.raw:4:15: IDE = 7 is not one of 1 to 4"},
      {"bus voltage NaN", with("bus", "1,'ONE',230.0,3,1,1,1,NaN\n"),
       "case.raw:4:23: VM = 'NaN' is not a finite number"},
      {"bus voltage overflows", with("bus", "1,'ONE',230.0,3,1,1,1,1e999\n"),
       "case.raw:4:23: VM = '1e999' is not a finite number"},
      {"open quote", with("bus", "1,'ONE,230.0,3\n"),
       "case.raw:4:3: a quote is opened here and never closed"},
      {"bus twice", with("bus", "1,'A',230.0,3\n1,'B',230.0,1\n2,'C',1,1\n"),
       "case.raw:5:1: bus 1: this bus number is already used at case.raw:4:1"},
      {"no slack", with("bus", "1,'A',230.0,2\n2,'B',230.0,1\n"), "TITLE: no bus is the slack"},
      {"load at unknown bus", with("load", "77,'1',1,1,1,5,2\n"),
       "case.raw:7:1: I = 77: there is no such bus"},
      {"load status", with("load", "2,'1',5,1,1,5,2\n"), "case.raw:7:7: STATUS = 5 is not one of 0 to 1"},
      {"load twice", with("load", "2,'1',1,1,1,5,2\n2,'1',1,1,1,6,2\n"),
       "case.raw:8:1: bus 2 (TWO), load '1': a second load"},
      {"load not a number", with("load", "2,'1',1,1,1,5.0.1,2\n"),
       "case.raw:7:13: PL = '5.0.1' is not a finite number"},
      {"generator limits", with("generator", "1,'1',5,0,-10,10\n"),
       "case.raw:10:1: bus 1 (ONE), generator '1': Q limits reversed"},
      {"generator base", with("generator", "1,'1',5,0,10,-10,1.0,0,0.0\n"),
       "machine base 0 MVA is not positive"},
      {"regulated bus", with("generator", "1,'1',5,0,10,-10,1.0,66\n"),
       "case.raw:10:22: IREG = 66: there is no such bus"},
      {"branch to unknown bus", with("branch", "1,9,'1',0.01,0.1\n"),
       "case.raw:12:3: J = 9: there is no such bus"},
      {"branch without reactance", with("branch", "1,2,'1',0.01\n"), "case.raw:12:13: X is missing"},
      {"branch to itself", with("branch", "2,2,'1',0.01,0.1\n"), "both ends are the same bus"},
      {"transformer cut short", with("transformer", "1,2,0,'1',1,1,1,0,0,2,'',1\n0.0,0.1,100\n"),
       "case.raw:14:1: the transformer record has 2 of 4 lines: line 16 ends the section"},
      {"CW unknown", with_transformer("1,2,0,'1',4,1,1,0,0,2,'',1\n0.0,0.1,100\n1.0,0,0\n1.0,0\n"),
       "case.raw:13:11: CW = 4 is not one of 1 to 3"},
      {"winding ratio zero", with_transformer("1,2,0,'1',1,1,1,0,0,2,'',1\n0.0,0.1,100\n0.0,0,0\n1.0,0\n"),
       "case.raw:15:1: turns ratio 0 is not positive"},
      {"winding base zero", with_transformer("1,2,0,'1',1,2,1,0,0,2,'',1\n0.0,0.1,0.0\n1.0,0,0\n1.0,0\n"),
       "case.raw:14:9: SBASE1-2 = 0 MVA is not positive"},
      {"loss larger than impedance",
       with_transformer("1,2,0,'1',1,3,1,0,0,2,'',1\n5e7,0.1,100\n1.0,0,0\n1.0,0\n"),
       "case.raw:14:5: |Z| = 0.1 pu is smaller than the load loss of 50000000 W means"},
      {"exciting current too small",
       with_transformer("1,2,0,'1',1,1,2,5e6,0.01,2,'',1\n0,0.1,100\n1.0,0,0\n1.0,0\n"),
       "case.raw:13:21: exciting current 0.01 pu is smaller"},
      {"third winding unknown",
       with_transformer("1,2,8,'1',1,1,1,0,0,2,'',1\n0,0.1,100,0,.1,100,0,.1,100\n1\n1\n1\n"),
       "case.raw:13:5: K = 8: there is no such bus"},
      {"file cut in a section", "0,100.0,33,0,0,60.0\nT\n\n1,'ONE',230.0,3\n",
       "case.raw:4: the file ends inside the bus section"},
      {"file cut in a record",
       "0,100.0,33,0,0,60.0\nT\n\n1,'ONE',230.0,3\n2,'TWO',230.0,1\n0\n0\n0\n0\n0\n1,2,0,'1'\n0.0,0.1\n",
       "case.raw:11:1: the file ends inside a transformer record: 2 of 4 lines"},
      {"section missing",
       "0,100.0,33,0,0,60.0\nT\n\n1,'ONE',230.0,3\n0 / END OF BUS DATA, BEGIN GENERATOR DATA\n1,'1'\n0\nQ\n",
       "case.raw:5:1: this record announces the generator section where version 33 has the load section"},
  };
  for (const Malformed& bad : files) expect_refused(read_raw_text, "case.raw", bad);
}

constexpr const char* kBase = "mpc.version = '2';\nmpc.baseMVA = 100;\n";
constexpr const char* kBus =
    "mpc.bus = [\n1 3 0 0 0 0 1 1 0 230 1 1.1 0.9;\n2 1 9 3 0 0 1 1 0 230 1 1.1 0.9;\n];\n";
constexpr const char* kGen = "mpc.gen = [\n1 9 0 99 -99 1 100 1 50 0;\n];\n";
constexpr const char* kBranch = "mpc.branch = [\n1 2 0 0.1 0 0 0 0 0 0 1;\n];\n";

/// The sound case with one of its tables replaced; bus starts on line 3, gen on line 7, branch on line 10.
std::string case_with(const std::string& table, const std::string& text) {
  return std::string(kBase) + (table == "bus" ? text : kBus) + (table == "gen" ? text : kGen) +
         (table == "branch" ? text : kBranch) + (table == "end" ? text : "");
}

TEST(MalformedMatpower, IsRefusedWithLineAndColumn) {
  const Malformed files[] = {
      {"empty file", "", "case.m: there is no mpc.baseMVA"},
      {"no branch table", case_with("branch", ""), "case.m: there is no mpc.branch"},
      {"format 1", "function [baseMVA, bus, gen, branch] = case9\n" + case_with("", ""),
       "case.m:1:1: this is a case of MATPOWER format 1"},
      {"version 1", "mpc.version = '1';\nmpc.baseMVA = 100;\n" + std::string(kBus) + kGen + kBranch,
       "case.m:1:1: case format version '1' is not supported"},
      {"expression in the base", "mpc.baseMVA = 10*10;\n" + std::string(kBus) + kGen + kBranch,
       "case.m:1:15: '10*10' in mpc.baseMVA is not a number"},
      {"expression in a row", case_with("branch", "mpc.branch = [\n1 2 0 1/10 0 0 0 0 0 0 1;\n];\n"),
       "case.m:11:7: '1/10' in mpc.branch is not a number"},
      {"computed afterwards", case_with("end", "mpc.bus(:, 3) = mpc.bus(:, 3) * 1.5;\n"),
       "case.m:13:1: the statement 'mpc.bus(:, 3) = mpc.bus(:, 3) * 1.5;' would have to be computed"},
      {"constants defined", case_with("end", "define_constants;\n"),
       "case.m:13:1: the statement 'define_constants;'"},
      {"NaN", case_with("bus", "mpc.bus = [\n1 3 0 0 0 0 1 NaN 0 230 1 1.1 0.9;\n];\n"),
       "case.m:4:15: mpc.bus contains NaN"},
      {"infinite load",
       case_with("bus", "mpc.bus = [\n1 3 Inf 0 0 0 1 1 0 230 1 1.1 0.9;\n2 1 0 0 0 0 1 1 0 1 1 1 1];\n"),
       "case.m:4:5: bus 1, load '1': P = inf is not a finite number"},
      {"row too short", case_with("bus", "mpc.bus = [\n1 3 0 0 0 0 1;\n];\n"),
       "case.m:4:1: a row of mpc.bus has 7 columns, at least 13 are needed"},
      {"bracket never closed", std::string(kBase) + "mpc.bus = [\n1 3 0 0 0 0 1 1 0 230 1 1.1 0.9;\n",
       "case.m:3:11: the '[' of mpc.bus is never closed"},
      {"bracket missing", case_with("bus", "mpc.bus = [\n1 3 0 0 0 0 1 1 0 230 1 1.1 0.9;\n"),
       "case.m:5:1: 'mpc.gen = [' begins before mpc.bus (line 3) is closed"},
      {"open quote", case_with("end", "mpc.bus_name = {\n'ONE;\n};\n"),
       "case.m:14:1: a quote is opened here and never closed"},
      {"unknown bus type",
       case_with("bus", "mpc.bus = [\n1 3 0 0 0 0 1 1 0 230 1 1.1 0.9;\n2 8 0 0 0 0 1 1 0 230 1 1.1 0.9];\n"),
       "case.m:5:3: bus type 8 is not one of 1 to 4"},
      {"bus number with a fraction", case_with("bus", "mpc.bus = [\n1.5 3 0 0 0 0 1 1 0 230 1 1.1 0.9];\n"),
       "case.m:4:1: bus number = '1.5' is not an integer"},
      {"bus twice",
       case_with("bus",
                 "mpc.bus = [\n1 3 0 0 0 0 1 1 0 230 1 1.1 0.9;\n1 1 0 0 0 0 1 1 0 230 1 1.1 0.9;2 1 0 0 0 0 "
                 "1 1 0 1 1 1 1];\n"),
       "case.m:5:1: bus 1: this bus number is already used at case.m:4:1"},
      {"generator at unknown bus",
       case_with("gen", "mpc.gen = [\n1 9 0 99 -99 1 100 1 50 0;\n5 9 0 99 -99 1 100 1 50 0;\n];\n"),
       "case.m:9:1: generator bus = 5: there is no such bus"},
      {"generator limits", case_with("gen", "mpc.gen = [\n1 9 0 -99 99 1 100 1 50 0;\n];\n"),
       "case.m:8:1: bus 1, generator '1': Q limits reversed: Qmax -99 < Qmin 99"},
      {"branch to unknown bus", case_with("branch", "mpc.branch = [\n1 7 0 0.1 0 0 0 0 0 0 1;\n];\n"),
       "case.m:11:3: to bus = 7: there is no such bus"},
      {"zero impedance", case_with("branch", "mpc.branch = [\n1 2 0 0 0 0 0 0 0 0 1;\n];\n"),
       "case.m:11:1: branch bus 1 to bus 2, circuit '1': impedance is zero"},
      {"negative ratio", case_with("branch", "mpc.branch = [\n1 2 0 0.1 0 0 0 0 -1 0 1;\n];\n"),
       "turns ratio -1 is not positive"},
      {"table twice", case_with("end", kBranch), "case.m:13:1: mpc.branch is assigned a second time"},
      {"rubbish", case_with("end", "\x01\xff !?\n"), "is not data"},
  };
  for (const Malformed& bad : files) expect_refused(read_matpower_text, "case.m", bad);
}

TEST(Malformed, AllProblemsOfAFileAreReportedTogether) {
  Problems problems;
  const Network net = read_raw_text(with("load", "77,'1',1,1,1,5,2\n2,'1',1,1,1,x,2\n2,'1',9,1,1,5,2\n"),
                                    "case.raw", problems);
  EXPECT_EQ(net.buses.size(), 2U);
  EXPECT_EQ(problems.errors().size(), 3U);
  EXPECT_THROW(problems.throw_if_any(), Error);
}

TEST(Malformed, AFileThatCannotBeOpenedIsNamed) {
  for (const char* name : {"/nowhere/case.raw", "/nowhere/case.m"}) {
    Problems problems;
    EXPECT_TRUE(read_network(name, problems).buses.empty());
    EXPECT_THAT(problems.errors().at(0).text(), HasSubstr("the file cannot be opened"));
  }
  EXPECT_THROW((void)read_network("case.xlsx"), Error);
  Problems problems;
  EXPECT_TRUE(read_raw(std::filesystem::temp_directory_path().string(), problems).buses.empty());
  EXPECT_THAT(problems.errors().at(0).text(), HasSubstr("this is a folder"));
}

/// Every prefix of a sound file, and the file with each byte replaced in several ways: the reader ends, and
/// what it accepts can be solved or is refused with a message.
void expect_robust(Reader reader, const std::string& good) {
  std::uint64_t accepted = 0, refused = 0;
  const auto attempt = [&](const std::string& text) {
    Problems problems;
    const Network net = reader(text, "case", problems);
    if (problems.any()) {
      ++refused;
      for (const Problem& problem : problems.errors()) ASSERT_FALSE(problem.what.empty());
      return;
    }
    ++accepted;
    try {
      const PowerFlowResult flow = solve_power_flow(net);
      ASSERT_LT(flow.mismatch_pu, 1e-6) << text;
    } catch (const Error& error) {
      ASSERT_FALSE(error.problems().empty());
    }
  };
  for (std::size_t length = 0; length < good.size(); ++length) attempt(good.substr(0, length));
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const char c : {'\0', '9', '-', ',', '\'', '\n', ']', 'e', '%', '\xff'}) {
      std::string text = good;
      text[at] = c;
      attempt(text);
    }
  }
  std::cout << "  " << refused << " refused, " << accepted << " accepted\n";
  EXPECT_GT(refused, good.size());
  EXPECT_GT(accepted, 0U);
}

TEST(Malformed, NoDamageToARawFileCrashesTheReader) {
  Sections sections = testing::two_bus_sections();
  sections["transformer"] = "1,2,0,'T',1,2,1,0,0,2,'',1\n0.0,0.1,100\n1.0,0,0\n1.0,0\n";
  sections["switched shunt"] = "2,1,0,1,1.02,0.95,0,100.0,'',75.0,4,25.0\n";
  expect_robust(read_raw_text, raw_file(sections));
}

TEST(Malformed, NoDamageToAMatpowerFileCrashesTheReader) {
  expect_robust(read_matpower_text, case_with("end", "mpc.bus_name = { 'ONE'; 'TWO' };\n"));
}

}  // namespace
}  // namespace ballast
