/// \file
/// Writing a whole text file so that it appears complete or not at all. For viz/ and cli/.
#pragma once

#include <filesystem>
#include <string_view>

namespace ballast {

/// Writes beside the target, then renames. Throws Error with the reason and a remedy.
void write_whole_file(const std::filesystem::path& path, std::string_view content);

/// Makes a folder and those above it. Throws Error.
void make_folder(const std::filesystem::path& folder);

}  // namespace ballast
