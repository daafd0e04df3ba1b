#include "studies/origin.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <system_error>

#include "studies/journal.hpp"

namespace ballast {

namespace fs = std::filesystem;

void write_origin(const fs::path& folder, const Sweep& sweep) {
  const fs::path path = folder / kOriginFile;
  std::ofstream file(path);
  file << fmt::format("sweep {}\nfingerprint {}\n", fs::absolute(sweep.path).lexically_normal().string(),
                      sweep.fingerprint);
  file.close();
  if (!file)
    throw Error(path.string(), "cannot be written", "check the space on the disk and the permissions");
}

SweepOrigin read_origin(const fs::path& folder) {
  std::ifstream file(folder / kOriginFile);
  std::string sweep;
  std::string fingerprint;
  if (!std::getline(file, sweep) || !std::getline(file, fingerprint) || !sweep.starts_with("sweep ") ||
      !fingerprint.starts_with("fingerprint "))
    throw Error(folder.string(), "the folder is not that of a sweep",
                "name the folder given to 'ballast sweep -o', or the sweep file");
  return {sweep.substr(std::string("sweep ").size()), fingerprint.substr(std::string("fingerprint ").size())};
}

Sweep sweep_of_folder(const fs::path& folder) {
  const SweepOrigin origin = read_origin(folder);
  Sweep sweep = read_sweep(origin.sweep);
  // Behind it may stand the engine that made the results.
  if (!origin.fingerprint.starts_with(sweep.fingerprint))
    throw Error(
        folder.string(),
        fmt::format("the sweep file {}, its case, a network file or the program has changed since these "
                    "results were made",
                    origin.sweep.string()),
        "name the sweep file instead of the folder to run what it says now");
  return sweep;
}

std::optional<ScenarioResult> recorded_result(const fs::path& folder, int scenario) {
  std::error_code none;
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder / "journal", none))
    files.push_back(entry.path());
  std::sort(files.begin(), files.end());  // the first line about a scenario counts, as in the table
  for (const fs::path& file : files)
    for (ScenarioResult& r : read_journal(file).results)
      if (r.scenario == scenario) return std::move(r);
  return {};
}

std::string compare_figures(const std::vector<FigureColumn>& columns, const ScenarioResult& there,
                            const ScenarioResult& here) {
  const auto text = [](const Cell& cell) {
    if (const auto* words = std::get_if<std::string>(&cell)) return fmt::format("'{}'", *words);
    return fmt::format("{}", std::get<double>(cell));
  };
  // Another engine takes other steps: its figures agree to a percent.
  const bool other_engine = there.engine != here.engine;
  const auto same = [other_engine](const Cell& a, const Cell& b) {
    const auto* x = std::get_if<double>(&a);
    const auto* y = std::get_if<double>(&b);
    if (a == b) return true;
    if (x == nullptr || y == nullptr) return false;
    if (std::isnan(*x) && std::isnan(*y)) return true;
    return other_engine && std::abs(*x - *y) <= 0.01 * std::max(std::abs(*x), std::abs(*y));
  };
  std::size_t differ = 0;
  std::string first;
  for (std::size_t c = 0; c < std::min({columns.size(), there.cells.size(), here.cells.size()}); ++c) {
    if (same(there.cells[c], here.cells[c]) || (other_engine && columns[c].name == "steps")) continue;
    if (differ++ == 0)
      first = fmt::format("{} {} there, {} here", columns[c].name, text(there.cells[c]), text(here.cells[c]));
  }
  if (there.ending != here.ending)
    return fmt::format("the sweep has another outcome: {}", ending_name(there.ending));
  const std::string whose = other_engine
                                ? fmt::format("those of the sweep (engine {}), to a percent", there.engine)
                                : std::string("those of the sweep");
  if (differ == 0) return fmt::format("all {} figures are {}", columns.size(), whose);
  return fmt::format("{} of {} figures differ from {}; first {}", differ, columns.size(), whose, first);
}

}  // namespace ballast
