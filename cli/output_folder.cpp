#include "cli/output_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>

#include "grid/error.hpp"

namespace ballast {
namespace {

namespace fs = std::filesystem;

constexpr std::array kFiles{"record.h5",          "summary.json",         "requirements.json",
                            "report.html",        "summary.json.partial", "requirements.json.partial",
                            "report.html.partial"};
constexpr std::string_view kMapFolder = "vtk";

bool is_our_file(const fs::directory_entry& entry) {
  return std::find(kFiles.begin(), kFiles.end(), entry.path().filename().string()) != kFiles.end() &&
         entry.is_regular_file() && !entry.is_symlink();
}

/// Files of the map: series, collections, the scene for ParaView, and temporary files on their way to these.
bool is_map_file(const fs::directory_entry& entry) {
  std::string name = entry.path().filename().string();
  if (name.ends_with(".partial")) name.resize(name.size() - std::string_view(".partial").size());
  return entry.is_regular_file() && !entry.is_symlink() &&
         (name.ends_with(".vtp") || name.ends_with(".pvd") || name == "scene.py");
}

/// What stands in the folder and is not ours, or "".
std::string foreign(const fs::path& folder) {
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (is_our_file(entry)) continue;
    if (entry.path().filename().string() != kMapFolder || !entry.is_directory() || entry.is_symlink())
      return entry.path().filename().string();
    for (const fs::directory_entry& inner : fs::recursive_directory_iterator(entry.path()))
      if (!inner.is_directory() && !is_map_file(inner)) return fs::relative(inner.path(), folder).string();
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
