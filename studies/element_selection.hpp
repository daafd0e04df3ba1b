/// \file
/// The table `where` of an axis: which elements of the base case it runs over. Private to studies/.
#pragma once

#include <optional>
#include <vector>

#include "cases/reader/case.hpp"
#include "cases/reader/section.hpp"

namespace ballast {

/// What an element has to be. Absent keys allow everything.
struct Selection {
  std::optional<std::vector<double>> area, zone, owner, number, kV;
  std::optional<double> min_kV, max_kV;
  std::optional<double> min_rate_MVA, max_rate_MVA;

  [[nodiscard]] bool bus(const Bus& bus) const;
  /// One end in the areas, zones, owners and bus numbers asked for; a line has the voltage of its ends, a
  /// transformer is chosen by either. A branch without a rating has none that could be asked for.
  [[nodiscard]] bool branch(const Network& network, const Branch& b) const;
  /// By any bus of its windings, in service with one winding that is; its rating is the largest of theirs.
  [[nodiscard]] bool three_winding(const Network& network, const ThreeWinding& t) const;
  /// A machine has the MVA base of its generator for a rating.
  [[nodiscard]] bool plant(const Case& base, const Plant& plant) const;
  [[nodiscard]] bool by_rating() const { return min_rate_MVA || max_rate_MVA; }

 private:
  [[nodiscard]] bool voltage(const Bus& bus) const;
  [[nodiscard]] bool place(const Bus& bus) const;
  [[nodiscard]] bool rate(double rate_MVA) const;
};

/// The table `where` of this section, if it has one.
[[nodiscard]] Selection read_selection(Section& axis);

/// "8-9-1", without the blanks that network files put around an id.
[[nodiscard]] std::string branch_name(const Network& network, const Branch& b);

}  // namespace ballast
