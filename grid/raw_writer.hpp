/// \file
/// PSS/E RAW files from a network.
#pragma once

#include <string>

#include "grid/error.hpp"
#include "grid/network.hpp"

namespace ballast {

inline constexpr int kFirstWrittenVersion = 33;
inline constexpr int kLastWrittenVersion = 35;

/// The network as a RAW file that read_raw_text() reads back equal; docs/network-formats.md lists what RAW
/// has no place for. Transformers are written with CW = CZ = CM = 1, numbers with all their digits. What is
/// lost or had to be written in another form is a warning; what cannot be written at all is an error in
/// `problems`.
[[nodiscard]] std::string write_raw(const Network& network, int version, Problems& problems);

}  // namespace ballast
