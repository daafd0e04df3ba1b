/// \file
/// A case in the files of PSS/E.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cases/reader/case.hpp"
#include "models/dyr.hpp"

namespace ballast {

/// Machines and dynamic loads of a case as DYR records; everything else of a case has no standard record, of
/// which it warns.
[[nodiscard]] std::vector<DynamicRecord> dynamic_records(const Case& c);

/// Writes under another name until the file is whole, so that nothing half-written looks finished. Says on
/// stderr why it cannot.
[[nodiscard]] bool write_file(const std::filesystem::path& path, const std::string& text);

}  // namespace ballast
