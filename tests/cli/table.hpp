/// \file
/// A CSV table of results, for tests that compare programs.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace ballast::testing {

/// Columns by name; for texts without quotation marks and line ends.
inline std::map<std::string, std::vector<std::string>> read_table(const std::filesystem::path& path) {
  std::map<std::string, std::vector<std::string>> table;
  std::ifstream file(path);
  std::string line;
  const auto cells = [](const std::string& text) {
    std::vector<std::string> all(1);
    bool quoted = false;
    for (const char c : text) {
      if (c == '"') quoted = !quoted;
      if (c == ',' && !quoted)
        all.emplace_back();
      else if (c != '"')
        all.back() += c;
    }
    return all;
  };
  if (!std::getline(file, line)) ADD_FAILURE() << path << " is empty";
  const std::vector<std::string> names = cells(line);
  while (std::getline(file, line)) {
    const std::vector<std::string> row = cells(line);
    if (row.size() != names.size()) ADD_FAILURE() << path << ": " << line;
    for (std::size_t c = 0; c < std::min(row.size(), names.size()); ++c) table[names[c]].push_back(row[c]);
  }
  return table;
}

}  // namespace ballast::testing
