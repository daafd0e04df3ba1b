/// \file
/// Network files: MATPOWER case format 2 (.m), PSS/E RAW 30 to 36, and PSS/E SEQ of the same versions, which
/// adds to a network. docs/network-formats.md lists what is read of each.
///
/// A reader reads the whole file and collects every problem (line and column) in `problems`; it never throws
/// because of what the text contains. Elements with an error are left out of the returned network, so call
/// `problems.throw_if_any()` before using it. What was read and is not simulated, and what had to be assumed,
/// is a warning that names it and, where there is one, the MW concerned.
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

/// Reads negative- and zero-sequence data into Network::sequence of the network the file belongs to.
void read_seq(const std::string& path, Network& network, Problems& problems);
void read_seq_text(std::string_view text, const std::string& file, Network& network, Problems& problems);

/// Chooses the reader by the file's extension: .m or .raw, in any case.
[[nodiscard]] Network read_network(const std::string& path, Problems& problems);
/// The same, throws Error with all the problems; use the form above where warnings are to be shown.
[[nodiscard]] Network read_network(const std::string& path);

}  // namespace ballast
