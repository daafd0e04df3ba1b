#include "grid/raw_layout.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <string>
#include <tuple>

namespace ballast::raw {
namespace {

struct SectionRow {
  Section section;
  int first, last;  // versions that have it
  std::string_view title;
  std::string_view keyword;  // in the comment of the end-of-section record before it
};

// In file order.
constexpr std::array kSections = {
    SectionRow{Section::SYSTEM_WIDE, 34, 36, "system-wide", "SYSTEM-WIDE"},
    SectionRow{Section::BUS, 30, 36, "bus", "BUS DATA"},
    SectionRow{Section::LOAD, 30, 36, "load", "LOAD DATA"},
    SectionRow{Section::FIXED_SHUNT, 31, 36, "fixed shunt", "FIXED SHUNT"},
    SectionRow{Section::GENERATOR, 30, 36, "generator", "GENERATOR"},
    SectionRow{Section::BRANCH, 30, 36, "branch", "BRANCH"},
    SectionRow{Section::SWITCHING_DEVICE, 34, 36, "system switching device", "SWITCHING DEVICE"},
    SectionRow{Section::TRANSFORMER, 30, 36, "transformer", "TRANSFORMER"},
    SectionRow{Section::AREA, 30, 36, "area", "BEGIN AREA"},
    SectionRow{Section::TWO_TERMINAL_DC, 30, 36, "two-terminal DC line", "TWO-TERMINAL DC"},
    SectionRow{Section::VSC_DC, 30, 36, "VSC DC line", "VSC DC"},
    SectionRow{Section::IMPEDANCE_CORRECTION, 30, 36, "impedance correction table", "IMPEDANCE CORRECTION"},
    SectionRow{Section::MULTI_TERMINAL_DC, 30, 36, "multi-terminal DC line", "MULTI-TERMINAL DC"},
    SectionRow{Section::MULTI_SECTION_LINE, 30, 36, "multi-section line", "MULTI-SECTION LINE"},
    SectionRow{Section::ZONE, 30, 36, "zone", "ZONE DATA"},
    SectionRow{Section::INTER_AREA_TRANSFER, 30, 36, "inter-area transfer", "INTER-AREA TRANSFER"},
    SectionRow{Section::OWNER, 30, 36, "owner", "OWNER DATA"},
    SectionRow{Section::FACTS, 30, 36, "FACTS device", "FACTS"},
    SectionRow{Section::SWITCHED_SHUNT, 30, 36, "switched shunt", "SWITCHED SHUNT"},
    SectionRow{Section::GNE, 32, 36, "GNE device", "GNE"},
    SectionRow{Section::INDUCTION_MACHINE, 33, 36, "induction machine", "INDUCTION MACHINE"},
    SectionRow{Section::SUBSTATION, 34, 36, "substation", "SUBSTATION"},
};

struct LayoutRow {
  Section section;
  int line;
  int first, last;  // versions
  std::string_view fields;
};

// Source: the field names that PSS/E itself writes as comment lines in RAW 34 files, and the public
// descriptions of the older formats.
#define WINDING_33(n)                                                                                       \
  "WINDV" #n " NOMV" #n " ANG" #n " RATA" #n " RATB" #n " RATC" #n " COD" #n " CONT" #n " RMA" #n " RMI" #n \
  " VMA" #n " VMI" #n " NTP" #n " TAB" #n " CR" #n " CX" #n " CNXA" #n
#define WINDING_34(n)                                                                               \
  "WINDV" #n " NOMV" #n " ANG" #n " RATA" #n " RATB" #n " RATC" #n                                  \
  " RATE4 RATE5 RATE6 RATE7 RATE8 RATE9 RATE10 RATE11 RATE12 COD" #n " CONT" #n " RMA" #n " RMI" #n \
  " VMA" #n " VMI" #n " NTP" #n " TAB" #n " CR" #n " CX" #n " CNXA" #n " NOD" #n
#define OWNERS "O1 F1 O2 F2 O3 F3 O4 F4"
#define TAIL_RATES "RATEB RATEC RATE4 RATE5 RATE6 RATE7 RATE8 RATE9 RATE10 RATE11 RATE12"
#define STEPS "N1 B1 N2 B2 N3 B3 N4 B4 N5 B5 N6 B6 N7 B7 N8 B8"
constexpr std::array kLayouts = {
    LayoutRow{Section::BUS, 1, 32, 32, "I NAME BASKV IDE AREA ZONE OWNER VM VA"},
    LayoutRow{Section::BUS, 1, 33, 34, "I NAME BASKV IDE AREA ZONE OWNER VM VA NVHI NVLO EVHI EVLO"},
    LayoutRow{Section::LOAD, 1, 32, 32, "I ID STATUS AREA ZONE PL QL IP IQ YP YQ OWNER SCALE"},
    LayoutRow{Section::LOAD, 1, 33, 33, "I ID STATUS AREA ZONE PL QL IP IQ YP YQ OWNER SCALE INTRPT"},
    LayoutRow{Section::LOAD, 1, 34, 34,
              "I ID STATUS AREA ZONE PL QL IP IQ YP YQ OWNER SCALE INTRPT DGENP DGENQ DGENF"},
    LayoutRow{Section::FIXED_SHUNT, 1, 32, 34, "I ID STATUS GL BL"},
    LayoutRow{Section::GENERATOR, 1, 32, 33,
              "I ID PG QG QT QB VS IREG MBASE ZR ZX RT XT GTAP STAT RMPCT PT PB " OWNERS " WMOD WPF"},
    LayoutRow{Section::GENERATOR, 1, 34, 34,
              "I ID PG QG QT QB VS IREG MBASE ZR ZX RT XT GTAP STAT RMPCT PT PB " OWNERS " WMOD WPF NREG"},
    LayoutRow{Section::BRANCH, 1, 32, 33, "I J CKT R X B RATEA RATEB RATEC GI BI GJ BJ ST MET LEN " OWNERS},
    LayoutRow{Section::BRANCH, 1, 34, 34,
              "I J CKT R X B NAME RATEA " TAIL_RATES " GI BI GJ BJ ST MET LEN " OWNERS},
    LayoutRow{Section::SWITCHING_DEVICE, 1, 34, 34,
              "I J CKT X RATEA " TAIL_RATES " STAT NSTAT MET STYPE NAME"},
    LayoutRow{Section::TRANSFORMER, 1, 32, 32, "I J K CKT CW CZ CM MAG1 MAG2 NMETR NAME STAT " OWNERS},
    LayoutRow{Section::TRANSFORMER, 1, 33, 33,
              "I J K CKT CW CZ CM MAG1 MAG2 NMETR NAME STAT " OWNERS " VECGRP"},
    LayoutRow{Section::TRANSFORMER, 1, 34, 34,
              "I J K CKT CW CZ CM MAG1 MAG2 NMETR NAME STAT " OWNERS " VECGRP ZCOD"},
    LayoutRow{Section::TRANSFORMER, 2, 32, 34,
              "R1-2 X1-2 SBASE1-2 R2-3 X2-3 SBASE2-3 R3-1 X3-1 SBASE3-1 VMSTAR ANSTAR"},
    LayoutRow{Section::TRANSFORMER, 3, 32, 33, WINDING_33(1)},
    LayoutRow{Section::TRANSFORMER, 4, 32, 33, WINDING_33(2)},
    LayoutRow{Section::TRANSFORMER, 5, 32, 33, WINDING_33(3)},
    LayoutRow{Section::TRANSFORMER, 3, 34, 34, WINDING_34(1)},
    LayoutRow{Section::TRANSFORMER, 4, 34, 34, WINDING_34(2)},
    LayoutRow{Section::TRANSFORMER, 5, 34, 34, WINDING_34(3)},
    LayoutRow{Section::AREA, 1, 32, 34, "I ISW PDES PTOL ARNAME"},
    LayoutRow{Section::TWO_TERMINAL_DC, 1, 32, 34,
              "NAME MDC RDC SETVL VSCHD VCMOD RCOMP DELTI METER DCVMIN CCCITMX CCCACC"},
    LayoutRow{Section::TWO_TERMINAL_DC, 2, 32, 34, "IPR NBR"},
    LayoutRow{Section::TWO_TERMINAL_DC, 3, 32, 34, "IPI NBI"},
    LayoutRow{Section::VSC_DC, 1, 32, 34, "NAME MDC RDC " OWNERS},
    LayoutRow{Section::VSC_DC, 2, 32, 34, "IBUS TYPE MODE DCSET"},
    LayoutRow{Section::VSC_DC, 3, 32, 34, "IBUS TYPE MODE DCSET"},
    LayoutRow{Section::MULTI_TERMINAL_DC, 1, 32, 34, "NAME NCONV NDCBS NDCLN MDC"},
    LayoutRow{Section::MULTI_TERMINAL_DC, 2, 32, 34,
              "IB N ANGMX ANGMN RC XC EBAS TR TAP TPMX TPMN TSTP SETVL"},
    LayoutRow{Section::INTER_AREA_TRANSFER, 1, 32, 34, "ARFROM ARTO TRID PTRAN"},
    LayoutRow{Section::FACTS, 1, 32, 34, "NAME I J MODE PDES QDES"},
    LayoutRow{Section::SWITCHED_SHUNT, 1, 32, 33,
              "I MODSW ADJM STAT VSWHI VSWLO SWREM RMPCT RMIDNT BINIT " STEPS},
    LayoutRow{Section::SWITCHED_SHUNT, 1, 34, 34,
              "I MODSW ADJM STAT VSWHI VSWLO SWREM RMPCT RMIDNT BINIT " STEPS " NREG"},
    LayoutRow{Section::GNE, 1, 32, 34, "NAME MODEL NTERM"},
    LayoutRow{Section::INDUCTION_MACHINE, 1, 33, 34,
              "I ID ST SC DC AREA ZONE OWNER TC BC MBASE RATEKV PC PSET"},
};
#undef WINDING_33
#undef WINDING_34
#undef OWNERS
#undef TAIL_RATES
#undef STEPS

using LayoutKey = std::tuple<Section, int, int>;

std::map<LayoutKey, std::vector<std::string_view>> split_layouts() {
  std::map<LayoutKey, std::vector<std::string_view>> all;
  for (const LayoutRow& row : kLayouts) {
    std::vector<std::string_view> names;
    std::string_view rest = row.fields;
    while (!rest.empty()) {
      const std::size_t blank = std::min(rest.find(' '), rest.size());
      names.push_back(rest.substr(0, blank));
      rest.remove_prefix(std::min(blank + 1, rest.size()));
    }
    for (int version = row.first; version <= row.last; ++version)
      all[{row.section, row.line, version}] = names;
  }
  return all;
}

}  // namespace

std::string_view title(Section section) {
  for (const SectionRow& row : kSections) {
    if (row.section == section) return row.title;
  }
  return "";
}

std::vector<Section> sections(int version) {
  std::vector<Section> order;
  for (const SectionRow& row : kSections) {
    if (row.first <= version && version <= row.last) order.push_back(row.section);
  }
  return order;
}

Section announced(std::string_view comment, Section expected) {
  std::string upper(comment);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const std::size_t begin = upper.find("BEGIN");
  if (begin == std::string::npos) return expected;
  const std::string begun = upper.substr(begin);
  for (const SectionRow& row : kSections) {
    if (row.section == expected && begun.find(row.keyword) != std::string::npos) return expected;
  }
  for (const SectionRow& row : kSections) {
    if (begun.find(row.keyword) != std::string::npos) return row.section;
  }
  return expected;
}

const std::vector<std::string_view>& layout(Section section, int line, int version) {
  static const auto all = split_layouts();
  static const std::vector<std::string_view> none;
  const auto found = all.find({section, line, version});
  return found == all.end() ? none : found->second;
}

}  // namespace ballast::raw
