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
  std::string_view heading;  // what PSS/E writes there, less "DATA"
  bool optional = false;     // absent when the record before it announces a later one
};

// In file order, but for version 30, whose switched shunts stand before the impedance correction tables.
constexpr std::array kSections = {
    SectionRow{Section::SYSTEM_WIDE, 34, 36, "system-wide", "SYSTEM-WIDE", "SYSTEM-WIDE"},
    SectionRow{Section::BUS, 30, 36, "bus", "BUS DATA", "BUS"},
    SectionRow{Section::LOAD, 30, 36, "load", "LOAD DATA", "LOAD"},
    SectionRow{Section::FIXED_SHUNT, 31, 36, "fixed shunt", "FIXED SHUNT", "FIXED SHUNT"},
    SectionRow{Section::VOLTAGE_DROOP, 36, 36, "voltage droop control", "VOLTAGE DROOP",
               "VOLTAGE DROOP CONTROL", true},
    SectionRow{Section::GENERATOR, 30, 36, "generator", "GENERATOR", "GENERATOR"},
    SectionRow{Section::RATING_SET, 36, 36, "switching device rating set", "RATING SET",
               "SWITCHING DEVICE RATING SET", true},
    SectionRow{Section::BRANCH, 30, 36, "branch", "BRANCH", "BRANCH"},
    SectionRow{Section::SWITCHING_DEVICE, 34, 36, "system switching device", "SWITCHING DEVICE",
               "SYSTEM SWITCHING DEVICE"},
    SectionRow{Section::TRANSFORMER, 30, 36, "transformer", "TRANSFORMER", "TRANSFORMER"},
    SectionRow{Section::AREA, 30, 36, "area", "BEGIN AREA", "AREA"},
    SectionRow{Section::TWO_TERMINAL_DC, 30, 36, "two-terminal DC line", "TWO-TERMINAL DC",
               "TWO-TERMINAL DC"},
    SectionRow{Section::VSC_DC, 30, 36, "VSC DC line", "VSC DC", "VSC DC LINE"},
    SectionRow{Section::SWITCHED_SHUNT, 30, 30, "switched shunt", "SWITCHED SHUNT", "SWITCHED SHUNT"},
    SectionRow{Section::IMPEDANCE_CORRECTION, 30, 36, "impedance correction table", "IMPEDANCE CORRECTION",
               "IMPEDANCE CORRECTION"},
    SectionRow{Section::MULTI_TERMINAL_DC, 30, 36, "multi-terminal DC line", "MULTI-TERMINAL DC",
               "MULTI-TERMINAL DC"},
    SectionRow{Section::MULTI_SECTION_LINE, 30, 36, "multi-section line", "MULTI-SECTION LINE",
               "MULTI-SECTION LINE"},
    SectionRow{Section::ZONE, 30, 36, "zone", "ZONE DATA", "ZONE"},
    SectionRow{Section::INTER_AREA_TRANSFER, 30, 36, "inter-area transfer", "INTER-AREA TRANSFER",
               "INTER-AREA TRANSFER"},
    SectionRow{Section::OWNER, 30, 36, "owner", "OWNER DATA", "OWNER"},
    SectionRow{Section::FACTS, 30, 36, "FACTS device", "FACTS", "FACTS DEVICE"},
    SectionRow{Section::SWITCHED_SHUNT, 31, 36, "switched shunt", "SWITCHED SHUNT", "SWITCHED SHUNT"},
    SectionRow{Section::GNE, 32, 36, "GNE device", "GNE", "GNE"},
    SectionRow{Section::INDUCTION_MACHINE, 33, 36, "induction machine", "INDUCTION MACHINE",
               "INDUCTION MACHINE"},
    SectionRow{Section::SUBSTATION, 34, 36, "substation", "SUBSTATION", "SUBSTATION"},
};

struct LayoutRow {
  Section section;
  int line;
  int first, last;  // versions
  std::string_view fields;
};

// Sources: docs/network-formats.md.
#define WINDING_30(n)                                                                                       \
  "WINDV" #n " NOMV" #n " ANG" #n " RATA" #n " RATB" #n " RATC" #n " COD" #n " CONT" #n " RMA" #n " RMI" #n \
  " VMA" #n " VMI" #n " NTP" #n " TAB" #n " CR" #n " CX" #n " CNXA" #n
#define RATES_34(n)                                                \
  "WINDV" #n " NOMV" #n " ANG" #n " RATA" #n " RATB" #n " RATC" #n \
  " RATE4 RATE5 RATE6 RATE7 RATE8 RATE9 RATE10 RATE11 RATE12 COD" #n " CONT" #n
#define LIMITS_34(n) " RMA" #n " RMI" #n " VMA" #n " VMI" #n " NTP" #n " TAB" #n " CR" #n " CX" #n " CNXA" #n
#define WINDING_34(n) RATES_34(n) LIMITS_34(n) " NOD" #n
#define WINDING_35(n) RATES_34(n) " NOD" #n LIMITS_34(n)
#define OWNERS "O1 F1 O2 F2 O3 F3 O4 F4"
#define TAIL_RATES "RATEB RATEC RATE4 RATE5 RATE6 RATE7 RATE8 RATE9 RATE10 RATE11 RATE12"
#define STEPS "N1 B1 N2 B2 N3 B3 N4 B4 N5 B5 N6 B6 N7 B7 N8 B8"
#define STEPS_35 "S1 N1 B1 S2 N2 B2 S3 N3 B3 S4 N4 B4 S5 N5 B5 S6 N6 B6 S7 N7 B7 S8 N8 B8"
#define MACHINE_LINE "I ID PG QG QT QB VS IREG "
#define MACHINE_REST "MBASE ZR ZX RT XT GTAP STAT RMPCT PT PB "
#define VSC_LINE "IBUS TYPE MODE DCSET ACSET ALOSS BLOSS MINLOSS SMAX IMAX PWF MAXQ MINQ "
#define FACTS_LINE \
  "NAME I J MODE PDES QDES VSET SHMX TRMX VTMN VTMX VSMX IMX LINX RMPCT OWNER SET1 SET2 VSREF "
#define DUMMIES "DUM1 DUM2 DUM3 DUM4 DUM5 DUM6 DUM7 DUM8 DUM9"
#define CONVERTER(n, bridges)                                                                         \
  "IP" #n " " bridges " ANMX" #n " ANMN" #n " RC" #n " XC" #n " EBAS" #n " TR" #n " TAP" #n " TMX" #n \
  " TMN" #n " STP" #n " IC" #n
#define CONVERTER_30(n, bridges) CONVERTER(n, bridges) " IF" #n " IT" #n " ID" #n " XCAP" #n " ND" #n
#define CONVERTER_35(n, bridges) CONVERTER(n, bridges) " ND" #n " IF" #n " IT" #n " ID" #n " XCAP" #n
#define INDUCTION_1 "I ID ST SC DC AREA ZONE OWNER TC BC MBASE RATEKV "
#define INDUCTION_2 "PC PSET H A B D E RA XA XM R1 X1 R2 X2 X3 E1 SE1 E2 SE2 IA1 IA2"
constexpr std::array kLayouts = {
    LayoutRow{Section::BUS, 1, 30, 30, "I NAME BASKV IDE GL BL AREA ZONE VM VA OWNER"},
    LayoutRow{Section::BUS, 1, 31, 32, "I NAME BASKV IDE AREA ZONE OWNER VM VA"},
    LayoutRow{Section::BUS, 1, 33, 36, "I NAME BASKV IDE AREA ZONE OWNER VM VA NVHI NVLO EVHI EVLO"},
    LayoutRow{Section::LOAD, 1, 30, 31, "I ID STATUS AREA ZONE PL QL IP IQ YP YQ OWNER"},
    LayoutRow{Section::LOAD, 1, 32, 32, "I ID STATUS AREA ZONE PL QL IP IQ YP YQ OWNER SCALE"},
    LayoutRow{Section::LOAD, 1, 33, 33, "I ID STATUS AREA ZONE PL QL IP IQ YP YQ OWNER SCALE INTRPT"},
    LayoutRow{Section::LOAD, 1, 34, 34,
              "I ID STATUS AREA ZONE PL QL IP IQ YP YQ OWNER SCALE INTRPT DGENP DGENQ DGENF"},
    LayoutRow{Section::LOAD, 1, 35, 36,
              "I ID STATUS AREA ZONE PL QL IP IQ YP YQ OWNER SCALE INTRPT DGENP DGENQ DGENF LOADTYPE"},
    LayoutRow{Section::FIXED_SHUNT, 1, 31, 36, "I ID STATUS GL BL"},
    LayoutRow{Section::GENERATOR, 1, 30, 33, MACHINE_LINE MACHINE_REST OWNERS " WMOD WPF"},
    LayoutRow{Section::GENERATOR, 1, 34, 34, MACHINE_LINE MACHINE_REST OWNERS " WMOD WPF NREG"},
    LayoutRow{Section::GENERATOR, 1, 35, 36, MACHINE_LINE "NREG " MACHINE_REST "BASLOD " OWNERS " WMOD WPF"},
    LayoutRow{Section::BRANCH, 1, 30, 30, "I J CKT R X B RATEA RATEB RATEC GI BI GJ BJ ST LEN " OWNERS},
    LayoutRow{Section::BRANCH, 1, 31, 33, "I J CKT R X B RATEA RATEB RATEC GI BI GJ BJ ST MET LEN " OWNERS},
    LayoutRow{Section::BRANCH, 1, 34, 36,
              "I J CKT R X B NAME RATEA " TAIL_RATES " GI BI GJ BJ ST MET LEN " OWNERS},
    LayoutRow{Section::SWITCHING_DEVICE, 1, 34, 36,
              "I J CKT X RATEA " TAIL_RATES " STAT NSTAT MET STYPE NAME"},
    LayoutRow{Section::TRANSFORMER, 1, 30, 32, "I J K CKT CW CZ CM MAG1 MAG2 NMETR NAME STAT " OWNERS},
    LayoutRow{Section::TRANSFORMER, 1, 33, 33,
              "I J K CKT CW CZ CM MAG1 MAG2 NMETR NAME STAT " OWNERS " VECGRP"},
    LayoutRow{Section::TRANSFORMER, 1, 34, 36,
              "I J K CKT CW CZ CM MAG1 MAG2 NMETR NAME STAT " OWNERS " VECGRP ZCOD"},
    LayoutRow{Section::TRANSFORMER, 2, 30, 36,
              "R1-2 X1-2 SBASE1-2 R2-3 X2-3 SBASE2-3 R3-1 X3-1 SBASE3-1 VMSTAR ANSTAR"},
    LayoutRow{Section::TRANSFORMER, 3, 30, 33, WINDING_30(1)},
    LayoutRow{Section::TRANSFORMER, 4, 30, 33, WINDING_30(2)},
    LayoutRow{Section::TRANSFORMER, 5, 30, 33, WINDING_30(3)},
    LayoutRow{Section::TRANSFORMER, 3, 34, 34, WINDING_34(1)},
    LayoutRow{Section::TRANSFORMER, 4, 34, 34, WINDING_34(2)},
    LayoutRow{Section::TRANSFORMER, 5, 34, 34, WINDING_34(3)},
    LayoutRow{Section::TRANSFORMER, 3, 35, 36, WINDING_35(1)},
    LayoutRow{Section::TRANSFORMER, 4, 35, 36, WINDING_35(2)},
    LayoutRow{Section::TRANSFORMER, 5, 35, 36, WINDING_35(3)},
    LayoutRow{Section::AREA, 1, 30, 36, "I ISW PDES PTOL ARNAME"},
    LayoutRow{Section::TWO_TERMINAL_DC, 1, 30, 36,
              "NAME MDC RDC SETVL VSCHD VCMOD RCOMP DELTI METER DCVMIN CCCITMX CCCACC"},
    LayoutRow{Section::TWO_TERMINAL_DC, 2, 30, 34, CONVERTER_30(R, "NBR")},
    LayoutRow{Section::TWO_TERMINAL_DC, 3, 30, 34, CONVERTER_30(I, "NBI")},
    LayoutRow{Section::TWO_TERMINAL_DC, 2, 35, 36, CONVERTER_35(R, "NBR")},
    LayoutRow{Section::TWO_TERMINAL_DC, 3, 35, 36, CONVERTER_35(I, "NBI")},
    LayoutRow{Section::VSC_DC, 1, 30, 36, "NAME MDC RDC " OWNERS},
    LayoutRow{Section::VSC_DC, 2, 30, 33, VSC_LINE "REMOT RMPCT"},
    LayoutRow{Section::VSC_DC, 3, 30, 33, VSC_LINE "REMOT RMPCT"},
    LayoutRow{Section::VSC_DC, 2, 34, 34, VSC_LINE "VSREG RMPCT NREG"},
    LayoutRow{Section::VSC_DC, 3, 34, 34, VSC_LINE "VSREG RMPCT NREG"},
    LayoutRow{Section::VSC_DC, 2, 35, 36, VSC_LINE "VSREG NREG RMPCT"},
    LayoutRow{Section::VSC_DC, 3, 35, 36, VSC_LINE "VSREG NREG RMPCT"},
    LayoutRow{Section::IMPEDANCE_CORRECTION, 1, 30, 33,
              "I T1 F1 T2 F2 T3 F3 T4 F4 T5 F5 T6 F6 T7 F7 T8 F8 T9 F9 T10 F10 T11 F11"},
    LayoutRow{Section::MULTI_TERMINAL_DC, 1, 30, 36, "NAME NCONV NDCBS NDCLN MDC VCONV VCMOD VCONVN"},
    LayoutRow{Section::MULTI_TERMINAL_DC, 2, 30, 36,
              "IB N ANGMX ANGMN RC XC EBAS TR TAP TPMX TPMN TSTP SETVL DCPF MARG CNVCOD"},
    LayoutRow{Section::MULTI_SECTION_LINE, 1, 30, 30, "I J ID " DUMMIES},
    LayoutRow{Section::MULTI_SECTION_LINE, 1, 31, 36, "I J ID MET " DUMMIES},
    LayoutRow{Section::ZONE, 1, 30, 36, "I ZONAME"},
    LayoutRow{Section::INTER_AREA_TRANSFER, 1, 30, 36, "ARFROM ARTO TRID PTRAN"},
    LayoutRow{Section::OWNER, 1, 30, 36, "I OWNAME"},
    LayoutRow{Section::FACTS, 1, 30, 33, FACTS_LINE "REMOT MNAME"},
    LayoutRow{Section::FACTS, 1, 34, 34, FACTS_LINE "FCREG MNAME NREG"},
    LayoutRow{Section::FACTS, 1, 35, 36, FACTS_LINE "FCREG NREG MNAME"},
    LayoutRow{Section::SWITCHED_SHUNT, 1, 30, 30, "I MODSW VSWHI VSWLO SWREM RMPCT RMIDNT BINIT " STEPS},
    LayoutRow{Section::SWITCHED_SHUNT, 1, 31, 33,
              "I MODSW ADJM STAT VSWHI VSWLO SWREM RMPCT RMIDNT BINIT " STEPS},
    LayoutRow{Section::SWITCHED_SHUNT, 1, 34, 34,
              "I MODSW ADJM STAT VSWHI VSWLO SWREG RMPCT RMIDNT BINIT " STEPS " NREG"},
    LayoutRow{Section::SWITCHED_SHUNT, 1, 35, 36,
              "I ID MODSW ADJM STAT VSWHI VSWLO SWREG NREG RMPCT RMIDNT BINIT " STEPS_35},
    LayoutRow{Section::GNE, 1, 32, 36, "NAME MODEL NTERM"},
    LayoutRow{Section::INDUCTION_MACHINE, 1, 33, 36, INDUCTION_1 INDUCTION_2 " XAMULT"},
    LayoutRow{Section::INDUCTION_MACHINE, 2, 33, 36, INDUCTION_2},
    LayoutRow{Section::INDUCTION_MACHINE, 3, 33, 36, "XAMULT"},
    LayoutRow{Section::SUBSTATION, 1, 34, 36, "IS NAME LATI LONG SRG"},
    LayoutRow{Section::SUBSTATION, 2, 34, 36, "NI NAME I STATUS VM VA"},
};
#undef WINDING_30
#undef RATES_34
#undef LIMITS_34
#undef WINDING_34
#undef WINDING_35
#undef OWNERS
#undef TAIL_RATES
#undef STEPS
#undef STEPS_35
#undef MACHINE_LINE
#undef MACHINE_REST
#undef VSC_LINE
#undef FACTS_LINE
#undef DUMMIES
#undef CONVERTER
#undef CONVERTER_30
#undef CONVERTER_35
#undef INDUCTION_1
#undef INDUCTION_2

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

std::string_view heading(Section section) {
  for (const SectionRow& row : kSections) {
    if (row.section == section) return row.heading;
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

bool optional(Section section) {
  return std::any_of(kSections.begin(), kSections.end(),
                     [section](const SectionRow& row) { return row.section == section && row.optional; });
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
