/// \file
/// What a folder of results says about the sweep that made it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "studies/figure_cells.hpp"
#include "studies/result.hpp"
#include "studies/sweep.hpp"

namespace ballast {

/// The file of a result folder with these two lines.
inline constexpr const char* kOriginFile = "origin.txt";

struct SweepOrigin {
  std::filesystem::path sweep;  ///< the sweep file, absolute
  std::string fingerprint;      ///< Sweep::fingerprint when the results were made
};

/// Throws Error when the file cannot be written.
void write_origin(const std::filesystem::path& folder, const Sweep& sweep);
/// Throws Error when the folder is not that of a sweep.
[[nodiscard]] SweepOrigin read_origin(const std::filesystem::path& folder);

/// The sweep that a folder of results is from. Throws Error when its file, its case, a network file or the
/// program has changed since, so that a scenario would not be the one of the results.
[[nodiscard]] Sweep sweep_of_folder(const std::filesystem::path& folder);

/// What the journals of a folder say of a scenario, if it has run.
[[nodiscard]] std::optional<ScenarioResult> recorded_result(const std::filesystem::path& folder,
                                                            int scenario);

/// "all 44 figures are those of the sweep", or how many differ and the first of them with both values.
[[nodiscard]] std::string compare_figures(const std::vector<FigureColumn>& columns,
                                          const ScenarioResult& there, const ScenarioResult& here);

}  // namespace ballast
