#include "grid/seq_layout.hpp"

#include <algorithm>
#include <array>

namespace ballast::seq {
namespace {

constexpr std::array kUpTo33 = {Section::POSITIVE_GENERATOR,
                                Section::NEGATIVE_GENERATOR,
                                Section::ZERO_GENERATOR,
                                Section::NEGATIVE_LOAD,
                                Section::ZERO_LOAD,
                                Section::BRANCH,
                                Section::MUTUAL,
                                Section::TRANSFORMER,
                                Section::SWITCHED_SHUNT,
                                Section::FIXED_SHUNT,
                                Section::REST};
constexpr std::array kFrom34 = {Section::GENERATOR,   Section::LOAD,        Section::BRANCH,
                                Section::MUTUAL,      Section::TRANSFORMER, Section::SWITCHED_SHUNT,
                                Section::FIXED_SHUNT, Section::REST};

struct LayoutRow {
  Section section;
  int first, last;  // versions
  int windings;     // of a transformer; 0 elsewhere
  std::string_view fields;
};

// Sources: docs/network-formats.md.
#define STEPS "BZ1 BZ2 BZ3 BZ4 BZ5 BZ6 BZ7 BZ8"
#define OF_33 "I J K ICKT CZ0 CZG CC RG1 XG1 R01 X01 RG2 XG2 R02 X02"
constexpr std::array kLayouts = {
    LayoutRow{Section::POSITIVE_GENERATOR, 30, 33, 0, "I ID ZRPOS ZXPPDV ZXPDV ZXSDV"},
    LayoutRow{Section::NEGATIVE_GENERATOR, 30, 33, 0, "I ID ZRNEG ZXNEGDV"},
    LayoutRow{Section::ZERO_GENERATOR, 30, 33, 0, "I ID ZR0 ZX0DV CZG ZRG ZXG"},
    LayoutRow{Section::NEGATIVE_LOAD, 30, 32, 0, "I GNEG BNEG"},
    LayoutRow{Section::NEGATIVE_LOAD, 33, 33, 0, "I ID PNEG QNEG"},
    LayoutRow{Section::ZERO_LOAD, 30, 32, 0, "I GZERO BZERO"},
    LayoutRow{Section::ZERO_LOAD, 33, 33, 0, "I ID GRDFLG PZERO QZERO"},
    LayoutRow{Section::GENERATOR, 34, 36, 0,
              "I ID ZRPOS ZXPPDV ZXPDV ZXSDV ZRNEG ZXNEGDV ZR0 ZX0DV CZG ZRG ZXG REFDEG"},
    LayoutRow{Section::LOAD, 34, 36, 0, "I ID PNEG QNEG GRDFLG PZERO QZERO"},
    LayoutRow{Section::BRANCH, 30, 36, 0, "I J ICKT RLINZ XLINZ BCHZ GI BI GJ BJ IPR SCTYP"},
    LayoutRow{Section::MUTUAL, 30, 36, 0, "I J ICKT1 K L ICKT2 RM XM BIJ1 BIJ2 BKL1 BKL2"},
    LayoutRow{Section::TRANSFORMER, 30, 32, 2, "I J K ICKT CC RG1 XG1 R01 X01 R02 X02"},
    LayoutRow{Section::TRANSFORMER, 30, 32, 3, "I J K ICKT CC RG1 XG1 R01 X01 R02 X02 R03 X03"},
    LayoutRow{Section::TRANSFORMER, 33, 36, 2, OF_33 " RNUTRL XNUTRL"},
    LayoutRow{Section::TRANSFORMER, 33, 36, 3, OF_33 " RG3 XG3 R03 X03 RNUTRL XNUTRL"},
    LayoutRow{Section::SWITCHED_SHUNT, 30, 34, 0, "I " STEPS},
    LayoutRow{Section::SWITCHED_SHUNT, 35, 36, 0, "I ID " STEPS},
    LayoutRow{Section::FIXED_SHUNT, 30, 36, 0, "I ID GSZERO BSZERO"},
};
#undef STEPS
#undef OF_33

std::vector<std::string_view> split(std::string_view fields) {
  std::vector<std::string_view> names;
  while (!fields.empty()) {
    const std::size_t blank = std::min(fields.find(' '), fields.size());
    names.push_back(fields.substr(0, blank));
    fields.remove_prefix(std::min(blank + 1, fields.size()));
  }
  return names;
}

}  // namespace

std::string_view title(Section section) {
  switch (section) {
    case Section::POSITIVE_GENERATOR:
      return "positive-sequence generator";
    case Section::NEGATIVE_GENERATOR:
      return "negative-sequence generator";
    case Section::ZERO_GENERATOR:
      return "zero-sequence generator";
    case Section::NEGATIVE_LOAD:
      return "negative-sequence load";
    case Section::ZERO_LOAD:
      return "zero-sequence load";
    case Section::GENERATOR:
      return "generator";
    case Section::LOAD:
      return "load";
    case Section::BRANCH:
      return "zero-sequence branch";
    case Section::MUTUAL:
      return "zero-sequence mutual";
    case Section::TRANSFORMER:
      return "zero-sequence transformer";
    case Section::SWITCHED_SHUNT:
      return "zero-sequence switched shunt";
    case Section::FIXED_SHUNT:
      return "zero-sequence fixed shunt";
    case Section::REST:
      return "induction machine";
  }
  return "";
}

std::span<const Section> sections(int version) {
  if (version >= 34) return kFrom34;
  return kUpTo33;
}

const std::vector<std::string_view>& layout(Section section, int version, bool three_winding) {
  static const std::vector<std::vector<std::string_view>> names = [] {
    std::vector<std::vector<std::string_view>> all;
    for (const LayoutRow& row : kLayouts) all.push_back(split(row.fields));
    return all;
  }();
  static const std::vector<std::string_view> none;
  for (std::size_t k = 0; k < kLayouts.size(); ++k) {
    const LayoutRow& row = kLayouts[k];
    const bool windings = row.windings == 0 || row.windings == (three_winding ? 3 : 2);
    if (row.section == section && row.first <= version && version <= row.last && windings) return names[k];
  }
  return none;
}

}  // namespace ballast::seq
