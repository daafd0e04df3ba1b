#include "cli/output_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>
#include <utility>

#include "grid/error.hpp"

namespace ballast {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 20> kFiles{
    "record.h5",       "summary.json",      "cascade.dot",     "requirements.json",
    "report.html",     "mqt.html",          "mqt.csv",         "case.raw",
    "equivalent.html", "equivalent.csv",    "validation.html", "validation.json",
    "seeds.csv",       "comparison.html",   "comparison.csv",  "claims.csv",
    "modes.csv",       "participation.csv", "vq.csv",          "forced.csv",
};
/// Folders of results, and what their files end with: series, collections and the scene of the map; records
/// of tests; load models; figures of draws.
constexpr std::array<std::pair<std::string_view, std::array<std::string_view, 3>>, 4> kFolders{
    {{"vtk", {".vtp", ".pvd", "scene.py"}},
     {"records", {".h5", ".h5", ".h5"}},
     {"dyr", {".dyr", ".dyr", ".dyr"}},
     {"draws", {".csv", ".csv", ".csv"}}}};

/// Its name, without what a file on its way to it has at the end.
std::string name_of(const fs::directory_entry& entry) {
  std::string name = entry.path().filename().string();
  for (const std::string_view suffix : {".partial", ".part"})
    if (name.ends_with(suffix)) name.resize(name.size() - suffix.size());
  return name;
}
bool is_plain_file(const fs::directory_entry& entry) {
  return entry.is_regular_file() && !entry.is_symlink();
}
bool is_our_file(const fs::directory_entry& entry) {
  return std::find(kFiles.begin(), kFiles.end(), name_of(entry)) != kFiles.end() && is_plain_file(entry);
}

/// What stands in the folder and is not ours, or "".
std::string foreign(const fs::path& folder) {
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (is_our_file(entry)) continue;
    const std::string name = entry.path().filename().string();
    const auto ours =
        std::find_if(kFolders.begin(), kFolders.end(), [&](const auto& f) { return f.first == name; });
    if (ours == kFolders.end() || !entry.is_directory() || entry.is_symlink()) return name;
    for (const fs::directory_entry& inner : fs::recursive_directory_iterator(entry.path())) {
      const std::string file = name_of(inner);
      const bool known = is_plain_file(inner) &&
                         std::any_of(ours->second.begin(), ours->second.end(),
                                     [&](std::string_view ending) { return file.ends_with(ending); });
      if (!inner.is_directory() && !known) return fs::relative(inner.path(), folder).string();
    }
  }
  return "";
}

}  // namespace

fs::path default_output(const fs::path& case_file) {
  const fs::path absolute = fs::absolute(case_file).lexically_normal();
  return fs::path("ballast-out") /
         (absolute.filename() == "case.toml" ? absolute.parent_path().filename() : absolute.stem());
}

void claim_output_folder(const fs::path& folder) {
  try {
    if (fs::exists(folder)) {
      if (!fs::is_directory(folder))
        throw Error(folder.string(), "the output folder is a file", "name another folder with -o");
      if (const std::string name = foreign(folder); !name.empty())
        throw Error(folder.string(),
                    fmt::format("the folder holds '{}', which is no result of Ballast", name),
                    "nothing was changed; name another folder with -o");
      for (const fs::directory_entry& entry : fs::directory_iterator(folder)) fs::remove_all(entry.path());
    } else {
      fs::create_directories(folder);
    }
  } catch (const fs::filesystem_error& error) {
    throw Error(folder.string(), fmt::format("the output folder cannot be used: {}", error.code().message()),
                "check the path and its permissions, or name another folder with -o");
  }
}

}  // namespace ballast
