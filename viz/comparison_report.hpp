/// \file
/// The report of a comparison: one printable HTML file with the table and what the meter showed.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace ballast {

struct ComparisonReport {
  struct Cell {
    std::string text;
    std::string style;  ///< "met", "not", "open", or ""
  };
  struct Block {
    std::string title, note;
    std::vector<std::string> columns;
    std::vector<std::vector<Cell>> rows;
  };
  struct Curve {
    std::string name;
    std::vector<double> times_s, values;
  };
  struct Page {
    std::string title;
    std::vector<Curve> curves;  ///< a chart each
  };
  std::string title;
  std::vector<std::pair<std::string, std::string>> about;
  Block table;
  std::vector<Block> more;  ///< availabilities, claims: on a page behind the table
  std::vector<Page> pages;
};

/// The file appears complete or not at all. Throws Error when it cannot be written.
void write_comparison_report(const ComparisonReport& report, const std::filesystem::path& path);

}  // namespace ballast
