/// \file
/// PSS/E SEQ record layouts by version. Internal to grid/.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace ballast::seq {

enum class Section {
  POSITIVE_GENERATOR,  ///< up to version 33 the generators come in three sections
  NEGATIVE_GENERATOR,
  ZERO_GENERATOR,
  NEGATIVE_LOAD,
  ZERO_LOAD,
  GENERATOR,  ///< from 34 in one
  LOAD,
  BRANCH,
  MUTUAL,
  TRANSFORMER,
  SWITCHED_SHUNT,
  FIXED_SHUNT,
  REST  ///< induction machines and non-conventional sources: not used
};

[[nodiscard]] std::string_view title(Section section);

/// The sections of a version in file order.
[[nodiscard]] std::span<const Section> sections(int version);

/// Field names of a record in file order; a transformer's depend on whether it has a third winding.
[[nodiscard]] const std::vector<std::string_view>& layout(Section section, int version, bool three_winding);

}  // namespace ballast::seq
