#include "viz/table_file.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <string>

#include "grid/error.hpp"
#include "viz/file_output.hpp"
#include "viz/hdf5.hpp"

namespace ballast {
namespace {

using namespace hdf5;

std::string csv_text(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

std::string csv_cell(const TableColumn& column, std::size_t row) {
  if (column.is_text) return csv_text(column.texts[row]);
  const double value = column.numbers[row];
  return std::isnan(value) ? "" : fmt::format("{}", value);
}

void write_columns(const Table& table, const std::filesystem::path& path) {
  const Check check(path, true);
  // Nothing in the file says when it was made, so that equal tables are equal files.
  const Properties creation(check(H5Pcreate(H5P_FILE_CREATE), "create the file"));
  check(H5Pset_obj_track_times(creation.get(), false), "create the file");
  check(H5Pset_link_creation_order(creation.get(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED),
        "create the file");
  FileHandle file(
      check(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation.get(), H5P_DEFAULT), "create the file"));
  write_attribute(file.get(), "title", table.title, check);
  for (const TableColumn& column : table.columns) {
    const Dataset dataset = column.is_text ? write_table(file.get(), column.name, column.texts, check)
                                           : write_table(file.get(), column.name, column.numbers, check);
    write_attribute(dataset.get(), "unit", column.unit, check);
    write_attribute(dataset.get(), "meaning", column.meaning, check);
  }
  check(file.reset(), "close the file");
}

}  // namespace

void write_table_hdf5(const Table& table, const std::filesystem::path& path) {
  const Quiet quiet;
  std::filesystem::path partial = path;
  partial += ".partial";
  try {
    write_columns(table, partial);
    std::filesystem::rename(partial, path);
  } catch (const std::filesystem::filesystem_error& error) {
    throw Error(path.string(), fmt::format("cannot write: {}", error.code().message()),
                "check the permissions");
  }
}

void write_table_csv(const Table& table, const std::filesystem::path& path) {
  std::string text;
  for (const TableColumn& column : table.columns) text += (text.empty() ? "" : ",") + csv_text(column.name);
  text += '\n';
  for (std::size_t row = 0; row < table.rows(); ++row) {
    for (std::size_t c = 0; c < table.columns.size(); ++c)
      text += (c == 0 ? "" : ",") + csv_cell(table.columns[c], row);
    text += '\n';
  }
  write_whole_file(path, text);
}

}  // namespace ballast
