/// \file
/// Tables of results as files: HDF5 for programs, CSV for everything else. docs/sweep-format.md describes
/// both.
#pragma once

#include <filesystem>

#include "studies/table.hpp"

namespace ballast {

/// One dataset per column, with unit and meaning as attributes. The same table gives the same bytes. Appears
/// complete or not at all. Throws Error.
void write_table_hdf5(const Table& table, const std::filesystem::path& path);

/// A header line with the names, then one line per row. Numbers are the shortest that read back to the same
/// bits; an absent one is empty. Texts are quoted where they must be. Appears complete or not at all. Throws
/// Error.
void write_table_csv(const Table& table, const std::filesystem::path& path);

}  // namespace ballast
