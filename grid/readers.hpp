/// \file
/// Network files: MATPOWER case format 2 (.m) and PSS/E RAW 32, 33, 34.
///
/// A reader reads the whole file and collects every problem (line and column) in `problems`; it never throws
/// because of what the text contains. Elements with an error are left out of the returned network, so call
/// `problems.throw_if_any()` before using it. Everything that was read but is not represented (a DC line, a
/// tap control, a missing version) is a warning that names it and, where there is one, the MW concerned.
/// Each reader ends with check_network().
#pragma once

#include <string>
#include <string_view>

#include "grid/error.hpp"
#include "grid/network.hpp"

namespace ballast {

[[nodiscard]] Network read_matpower(const std::string& path, Problems& problems);
[[nodiscard]] Network read_raw(const std::string& path, Problems& problems);

/// The same from memory; `file` is the name used in messages.
[[nodiscard]] Network read_matpower_text(std::string_view text, const std::string& file, Problems& problems);
[[nodiscard]] Network read_raw_text(std::string_view text, const std::string& file, Problems& problems);

/// Chooses the reader by the file's extension: .m or .raw, in any case.
[[nodiscard]] Network read_network(const std::string& path, Problems& problems);
/// The same, throws Error with all the problems; use the form above where warnings are to be shown.
[[nodiscard]] Network read_network(const std::string& path);

}  // namespace ballast
