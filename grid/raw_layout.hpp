/// \file
/// PSS/E RAW record layouts as tables by version. Internal to grid/. Supporting another version is adding
/// rows here.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace ballast::raw {

enum class Section {
  SYSTEM_WIDE,
  BUS,
  LOAD,
  FIXED_SHUNT,
  VOLTAGE_DROOP,
  GENERATOR,
  RATING_SET,
  BRANCH,
  SWITCHING_DEVICE,
  TRANSFORMER,
  AREA,
  TWO_TERMINAL_DC,
  VSC_DC,
  IMPEDANCE_CORRECTION,
  MULTI_TERMINAL_DC,
  MULTI_SECTION_LINE,
  ZONE,
  INTER_AREA_TRANSFER,
  OWNER,
  FACTS,
  SWITCHED_SHUNT,
  GNE,
  INDUCTION_MACHINE,
  SUBSTATION
};

/// "transformer", as in messages.
[[nodiscard]] std::string_view title(Section section);
/// "TRANSFORMER", as PSS/E names it in end-of-section records.
[[nodiscard]] std::string_view heading(Section section);

inline constexpr int kFirstVersion = 30;
inline constexpr int kLastVersion = 36;

/// The sections of a version in file order.
[[nodiscard]] std::vector<Section> sections(int version);

/// A file may leave the section out if the comment of the record before it says so.
[[nodiscard]] bool optional(Section section);

/// The section that the comment of an end-of-section record announces ("END OF BUS DATA, BEGIN LOAD DATA"),
/// or `expected` when the comment does not say.
[[nodiscard]] Section announced(std::string_view comment, Section expected);

/// Field names of one line of a record (a transformer has lines 1 to 5), in file order.
[[nodiscard]] const std::vector<std::string_view>& layout(Section section, int line, int version);

}  // namespace ballast::raw
