/// \file
/// Numbers in network files, independent of the locale. Internal to grid/.
#pragma once

#include <optional>
#include <string_view>

namespace ballast {

/// A finite decimal number ("1.5", "+2", "3.E-2", Fortran's "1.0D+03"), or nothing.
[[nodiscard]] std::optional<double> parse_real(std::string_view text);
/// An integer, also when written with a fraction of zero ("3.0"), or nothing.
[[nodiscard]] std::optional<int> parse_integer(std::string_view text);
/// Without blanks at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

}  // namespace ballast
