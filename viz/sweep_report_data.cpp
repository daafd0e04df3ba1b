#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>
#include <unordered_map>

#include "viz/page.hpp"
#include "viz/sweep_report_parts.hpp"

namespace ballast::sweep_report {
namespace {

using Json = nlohmann::ordered_json;
using Rows = std::vector<std::size_t>;

static_assert(std::endian::native == std::endian::little, "the page's script reads little-endian arrays");

constexpr double kBytesMost = 8e6;          // of all columns of numbers in the page
constexpr std::size_t kTextBytes = 800000;  // of the different texts of one column
constexpr std::size_t kTextLeast = 60;      // a text is not cut below this
constexpr std::size_t kWorstKept = 1000;    // when not every scenario is in the page
constexpr std::size_t kListable = 4096;     // different numbers of a column that is written as a list of them

template <class Value>
std::string coded(const std::vector<Value>& values) {
  return page::base64(values.data(), values.size() * sizeof(Value));
}

/// Places in a list of `count` entries, in as few bytes as they take.
void put_places(Json& json, const std::vector<std::uint32_t>& places, std::size_t count) {
  if (count <= 256) {
    json["coding"] = "list8";
    json["codes"] = coded(std::vector<std::uint8_t>(places.begin(), places.end()));
  } else if (count <= 65536) {
    json["coding"] = "list16";
    json["codes"] = coded(std::vector<std::uint16_t>(places.begin(), places.end()));
  } else {
    json["coding"] = "list32";
    json["codes"] = coded(places);
  }
}

/// At most `most` bytes; a letter of several bytes is not cut in two.
std::string cut(const std::string& text, std::size_t most) {
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

void put_texts(Json& json, const std::vector<std::string>& texts, const Rows& rows) {
  std::unordered_map<std::string, std::uint32_t> place_of;
  std::vector<std::string> list;
  std::vector<std::uint32_t> places;
  std::size_t bytes = 0;
  for (const std::size_t row : rows) {
    const auto [found, is_new] = place_of.try_emplace(texts[row], static_cast<std::uint32_t>(list.size()));
    if (is_new) {
      list.push_back(texts[row]);
      bytes += texts[row].size();
    }
    places.push_back(found->second);
  }
  if (bytes > kTextBytes)
    for (std::string& text : list) text = cut(text, std::max(kTextLeast, kTextBytes / list.size()));
  json["values"] = list;
  put_places(json, places, list.size());
}

/// Numbers that repeat, as a list of the different ones; false when that would not be shorter.
bool put_list(Json& json, const std::vector<double>& numbers, const Rows& rows) {
  std::unordered_map<std::uint64_t, std::uint32_t> place_of;
  std::vector<double> list;
  std::vector<std::uint32_t> places;
  for (const std::size_t row : rows) {
    if (std::isinf(numbers[row])) return false;  // JSON has no such number
    const auto bits = std::bit_cast<std::uint64_t>(std::isnan(numbers[row]) ? std::nan("") : numbers[row]);
    const auto [found, is_new] = place_of.try_emplace(bits, static_cast<std::uint32_t>(list.size()));
    if (is_new) list.push_back(numbers[row]);
    if (list.size() > kListable || list.size() * 4 > rows.size() + 64) return false;
    places.push_back(found->second);
  }
  json["values"] = list;  // NaN becomes null
  put_places(json, places, list.size());
  return true;
}

/// Steps of 1/65534 of the range; 65535 is a gap. Extremes are exact. Infinite values become gaps.
void put_steps(Json& json, const std::vector<double>& numbers, const Rows& rows) {
  double min = std::numeric_limits<double>::infinity(), max = -min;
  for (const std::size_t row : rows)
    if (std::isfinite(numbers[row])) {
      min = std::min(min, numbers[row]);
      max = std::max(max, numbers[row]);
    }
  std::vector<std::uint16_t> codes;
  const double steps = max > min ? 65534 / (max - min) : 0;
  for (const std::size_t row : rows)
    codes.push_back(std::isfinite(numbers[row])
                        ? static_cast<std::uint16_t>(std::lround((numbers[row] - min) * steps))
                        : std::uint16_t{65535});
  json["coding"] = "steps";
  json["min"] = min <= max ? min : 0;
  json["max"] = min <= max ? max : 0;
  json["codes"] = coded(codes);
}

void put_numbers(Json& json, const std::vector<double>& numbers, const Rows& rows, Coding coding) {
  if (put_list(json, numbers, rows)) return;
  if (coding == Coding::STEPS) return put_steps(json, numbers, rows);
  std::vector<double> doubles;
  std::vector<float> singles;
  for (const std::size_t row : rows) {
    doubles.push_back(numbers[row]);
    if (coding == Coding::SINGLE) singles.push_back(static_cast<float>(numbers[row]));
  }
  json["coding"] = coding == Coding::DOUBLE ? "double" : "single";
  json["codes"] = coding == Coding::DOUBLE ? coded(doubles) : coded(singles);
}

/// Scenario numbers and axes are never rounded: commands and brushes depend on them.
bool is_exact(const TableColumn& column, const SweepReportInfo& info) {
  return role_of(column, info) != std::string_view("figure");
}

/// The finest coding that the page has room for; with the coarsest one, the rows there is room for.
Coding coding_for(const Table& table, Rows& rows, const SweepReportInfo& info) {
  std::size_t exact = 0, figures = 0;
  for (const TableColumn& c : table.columns)
    if (!c.is_text) ++(is_exact(c, info) ? exact : figures);
  const auto bytes = [&](std::size_t of_one) {
    return static_cast<double>(rows.size() * (8 * exact + figures * of_one)) * 4 / 3;
  };
  if (bytes(8) <= kBytesMost) return Coding::DOUBLE;
  if (bytes(4) <= kBytesMost) return Coding::SINGLE;
  if (bytes(2) <= kBytesMost) return Coding::STEPS;
  const auto step = static_cast<std::size_t>(std::ceil(bytes(2) / kBytesMost));
  std::vector<bool> kept(rows.size(), false);
  for (std::size_t row = 0; row < rows.size(); row += step) kept[row] = true;
  for (std::size_t k = 0; k < std::min(kWorstKept, info.worst_first.size()); ++k)
    kept[info.worst_first[k]] = true;
  std::erase_if(rows, [&](std::size_t row) { return !kept[row]; });
  return Coding::STEPS;
}

std::string note_of(Coding coding, std::size_t shown_rows, std::size_t all) {
  if (shown_rows < all)
    return fmt::format(
        "{} of {} scenarios are in this page, the {} worst among them, as 16-bit steps; counts and "
        "percentiles of "
        "the whole sweep are of all. The table of results holds everything.",
        shown_rows, all, std::min(kWorstKept, all));
  if (coding == Coding::STEPS)
    return "Figures are kept in this page in 65535 steps from the least to the greatest; the table of "
           "results "
           "holds every digit.";
  if (coding == Coding::SINGLE)
    return "Figures are kept in this page in single precision; the table of results holds every digit.";
  return {};
}

}  // namespace

std::string page_data(const Table& table, const SweepReportInfo& info, std::string& note) {
  Rows rows(table.rows());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  const Coding coding = coding_for(table, rows, info);
  note = note_of(coding, rows.size(), table.rows());

  Json json;
  json["rows"] = rows.size();
  json["all"] = table.rows();
  json["command"] = info.command;
  json["outcomes"] = Json::array();
  for (const SweepReportInfo::Outcome& o : info.outcomes)
    json["outcomes"].push_back({{"name", o.name}, {"failure", o.failure}});
  json["columns"] = Json::array();
  for (const TableColumn& column : table.columns) {
    Json one = {{"name", column.name},
                {"unit", column.unit},
                {"meaning", column.meaning},
                {"role", role_of(column, info)},
                {"is_text", column.is_text}};
    if (column.is_text)
      put_texts(one, column.texts, rows);
    else
      put_numbers(one, column.numbers, rows, is_exact(column, info) ? Coding::DOUBLE : coding);
    json["columns"].push_back(std::move(one));
  }
  put_texts(json["happened"], info.happened, rows);

  std::vector<std::uint32_t> place_of(table.rows(), std::numeric_limits<std::uint32_t>::max());
  for (std::size_t k = 0; k < rows.size(); ++k) place_of[rows[k]] = static_cast<std::uint32_t>(k);
  std::vector<std::uint32_t> worst;
  for (const std::size_t row : info.worst_first)
    if (place_of[row] < rows.size()) worst.push_back(place_of[row]);
  json["worst"] = coded(worst);
  json["files"] = Json::array();  // [row, record, report]
  for (std::size_t k = 0; k < rows.size(); ++k)
    if (!info.records[rows[k]].empty() || !info.reports[rows[k]].empty())
      json["files"].push_back({k, info.records[rows[k]], info.reports[rows[k]]});
  return page::harmless(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace ballast::sweep_report
