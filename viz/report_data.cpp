#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <numeric>
#include <span>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "viz/frames.hpp"
#include "viz/page.hpp"
#include "viz/report_parts.hpp"
#include "viz/thinning.hpp"

namespace ballast::report {
namespace {

using Json = nlohmann::ordered_json;
using page::base64;

constexpr std::size_t kShown = 12;          // series of a chart at first; there are as many colours
constexpr std::size_t kSeriesMost = 120;    // of one quantity in the page
constexpr double kValuesMost = 1.5e6;       // in the page: 4 MB of text at 2.67 bytes each
constexpr std::size_t kMapBytes = 1500000;  // voltages on the map

static_assert(std::endian::native == std::endian::little, "the page's script reads little-endian arrays");

/// Values as 16-bit steps between their least and their greatest; 65535 is a gap. Extremes are exact.
Json coded(const std::string& name, const std::vector<double>& values, double min, double max) {
  std::vector<std::uint16_t> codes(values.size(), 65535);
  const double steps = max > min ? 65534 / (max - min) : 0;
  for (std::size_t k = 0; k < values.size(); ++k)
    if (std::isfinite(values[k]))
      codes[k] = static_cast<std::uint16_t>(std::lround((values[k] - min) * steps));
  return {{"name", name}, {"min", min}, {"max", max}, {"codes", base64(codes.data(), 2 * codes.size())}};
}

struct Span {
  std::size_t element;
  double min, max;
  bool whole_numbers;
};

/// A frequency of zero says "dead": a gap, not a value.
bool is_gap(const Quantity& quantity, double value) {
  return !std::isfinite(value) || (quantity.unit == "Hz" && value <= 0);
}

std::vector<Span> spans_of(const Quantity& about, std::span<const double> table) {
  const std::size_t columns = about.elements.size();
  constexpr double kNone = std::numeric_limits<double>::infinity();
  std::vector<Span> spans;
  for (std::size_t e = 0; e < columns; ++e) spans.push_back({e, kNone, -kNone, true});
  for (std::size_t row = 0; row + columns <= table.size(); row += columns)
    for (Span& span : spans) {
      const double value = table[row + span.element];
      if (is_gap(about, value)) continue;
      span.min = std::min(span.min, value);
      span.max = std::max(span.max, value);
      span.whole_numbers = span.whole_numbers && value == std::round(value);
    }
  return spans;
}

/// "datacenter.ups_mode" -> "Data center UPS mode"
std::string title_of(const std::string& name) {
  static const std::map<std::string, std::string> kWords = {{"datacenter", "data center"},
                                                            {"bess", "BESS"},
                                                            {"ups", "UPS"},
                                                            {"it", "IT"},
                                                            {"soc", "state of charge"},
                                                            {"agc", "AGC"},
                                                            {"pv", "PV"},
                                                            {"rocof", "RoCoF"},
                                                            {"pll", "PLL"}};
  std::string title, word;
  const auto flush = [&] {
    if (word.empty()) return;
    const auto known = kWords.find(word);
    title += (title.empty() ? "" : " ") + (known != kWords.end() ? known->second : word);
    word.clear();
  };
  for (const char c : name)
    if (c == '.' || c == '_')
      flush();
    else
      word += c;
  flush();
  if (!title.empty() && title[0] >= 'a' && title[0] <= 'z')
    title[0] = static_cast<char>(title[0] - 'a' + 'A');
  return title;
}

/// Groups in the order of the page; the last takes the rest.
constexpr std::array<const char*, 8> kGroups = {"Frequency", "Voltage", "Data centers", "Storage",
                                                "Machines",  "Loads",   "Branches",     "Other quantities"};

std::size_t group_of(const std::string& name) {
  const auto is = [&](std::string_view prefix) { return name.starts_with(prefix); };
  if (is("frequency") || is("bus.frequency")) return 0;
  if (is("bus.")) return 1;
  if (is("datacenter")) return 2;
  if (is("bess") || is("storage")) return 3;
  if (is("machine")) return 4;
  if (is("load")) return 5;
  if (is("branch")) return 6;
  return 7;
}

/// "2101" -> "2101 NOVA-1" where the element is a named bus.
std::string element_label(const Record& record, const Quantity& quantity, std::size_t element) {
  const std::string& name = quantity.elements[element];
  if (quantity.indices.empty() || quantity.name.starts_with("branch.")) return name;
  const MapBus& bus = record.network.buses[quantity.indices[element]];
  return bus.name.empty() || name.find(bus.name) != std::string::npos ? name : name + " " + bus.name;
}

/// "0 resting, 1 warm-up" -> the names, if the meaning is such a list; else nothing.
Json mode_names(const std::string& meaning) {
  Json names = Json::array();
  for (std::size_t at = 0; at < meaning.size();) {
    const std::string number = std::to_string(names.size()) + ' ';
    if (meaning.compare(at, number.size(), number) != 0) return nullptr;
    const std::size_t end = std::min(meaning.find(", ", at), meaning.size());
    names.push_back(meaning.substr(at + number.size(), end - at - number.size()));
    at = end + 2;
  }
  return names.size() > 1 ? names : Json(nullptr);
}

/// Angles against a nominal frame run away with the frequency: each sample's mean is taken out.
std::vector<double> without_mean(std::vector<double> table, std::size_t columns) {
  for (std::size_t row = 0; row + columns <= table.size(); row += columns) {
    const std::span<double> values(table.data() + row, columns);
    double sum = 0;
    std::size_t count = 0;
    for (const double value : values)
      if (std::isfinite(value)) sum += value, ++count;
    for (double& value : values) value -= sum / static_cast<double>(std::max<std::size_t>(count, 1));
  }
  return table;
}

Json quantity_json(const Record& record, std::size_t q, const Thinning& thinning) {
  const Quantity& quantity = record.schema.quantities[q];
  const bool relative = quantity.unit == "deg" && quantity.elements.size() > 1;
  const std::vector<double> adjusted =
      relative ? without_mean(record.values[q], quantity.elements.size()) : std::vector<double>{};
  const std::span<const double> table = relative ? adjusted : record.values[q];
  std::vector<Span> spans = spans_of(quantity, table);
  std::size_t shown = spans.size();
  if (spans.size() > 20) {
    shown = kShown;
    std::stable_sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) {
      const auto excursion = [](const Span& span) { return span.min <= span.max ? span.max - span.min : -1; };
      return excursion(a) > excursion(b);
    });
  } else if (spans.size() > kShown) {
    shown = kShown;
  }
  const bool steps = std::all_of(spans.begin(), spans.end(), [](const Span& s) { return s.whole_numbers; });
  const std::size_t kept = std::min(spans.size(), kSeriesMost);
  Json json = {
      {"title", title_of(quantity.name)},
      {"meaning", relative ? quantity.meaning + "; shown against the mean of all" : quantity.meaning},
      {"inner", std::count(quantity.name.begin(), quantity.name.end(), '.') > 1},
      {"modes", quantity.unit == "1" ? mode_names(quantity.meaning) : Json(nullptr)},
      {"unit", quantity.unit},
      {"unit_label", quantity.unit == "1" ? "" : quantity.unit},
      {"steps", steps && quantity.unit == "1"},
      {"shown", std::min(shown, kept)},
      {"left", spans.size() - kept},
      {"series", Json::array()}};
  for (std::size_t i = 0; i < kept; ++i) {
    std::vector<double> values = thinning.series(table, quantity.elements.size(), spans[i].element);
    for (double& value : values)
      if (is_gap(quantity, value)) value = std::numeric_limits<double>::quiet_NaN();
    const bool any = spans[i].min <= spans[i].max;
    json["series"].push_back(coded(element_label(record, quantity, spans[i].element), values,
                                   any ? spans[i].min : 0, any ? spans[i].max : -1));
  }
  return json;
}

Json groups_json(const Record& record, const Thinning& thinning) {
  std::array<Json, kGroups.size()> lists;
  lists.fill(Json::array());
  for (std::size_t q = 0; q < record.schema.quantities.size(); ++q)
    if (record.elements(q) > 0)
      lists[group_of(record.schema.quantities[q].name)].push_back(quantity_json(record, q, thinning));
  Json groups = Json::array();
  for (std::size_t g = 0; g < kGroups.size(); ++g)
    if (!lists[g].empty()) groups.push_back({{"title", kGroups[g]}, {"quantities", std::move(lists[g])}});
  return groups;
}

Json events_json(const Record& record) {
  Json events = Json::array();
  for (const LoggedEvent& event : record.events) {
    Json json = {{"id", event.id},       {"time_s", event.time_s},
                 {"kind", event.kind},   {"device", event.device},
                 {"text", event.text},   {"power_MW", event.power_MW},
                 {"cause", event.cause}, {"cause_text", event.cause_text}};
    if (!event.quantity.empty())
      json["crossed"] = fmt::format("{}{} against {:.4g} for {:.3g} s", event.quantity,
                                    std::isfinite(event.value) ? fmt::format(" {:.4g}", event.value) : "",
                                    event.threshold, event.duration_s);
    events.push_back(std::move(json));
  }
  return events;
}

/// Lowest voltage of each bus, and voltages at the map's instants: code 0 to 253 is 200 V, 254 unknown, 255
/// dead.
Json map_json(const Record& record) {
  const std::size_t buses = record.network.buses.size();
  Json json = {{"labels", Json::array()}, {"frames", Json::array()}};
  for (std::size_t bus = 0; bus < buses; ++bus)
    json["labels"].push_back(fmt::format("{}, {:g} kV", record.network.bus_label(static_cast<int>(bus)),
                                         record.network.buses[bus].base_kV));
  const auto voltage = record.find("bus.voltage"), island = record.find("island");
  if (!voltage || record.schema.quantities[*voltage].indices.empty() || record.samples() == 0) return json;
  const std::vector<int>& measured = record.schema.quantities[*voltage].indices;
  std::vector<std::size_t> island_of(buses, std::numeric_limits<std::size_t>::max());
  if (island)
    for (std::size_t e = 0; e < record.schema.quantities[*island].indices.size(); ++e)
      island_of[record.schema.quantities[*island].indices[e]] = e;
  const auto dead = [&](std::size_t sample, int bus) {
    return island && island_of[bus] < record.elements(*island) &&
           record.at(*island, sample, island_of[bus]) < 0;
  };

  std::vector<double> least(measured.size(), std::numeric_limits<double>::infinity());
  for (std::size_t k = 0; k < record.samples(); ++k)
    for (std::size_t e = 0; e < measured.size(); ++e)
      if (!dead(k, measured[e])) least[e] = std::fmin(least[e], record.at(*voltage, k, e));
  std::vector<Json> lowest(buses);
  for (std::size_t e = 0; e < measured.size(); ++e)
    lowest[measured[e]] = std::isfinite(least[e]) ? Json(std::round(least[e] * 1e4) / 1e4) : Json("dead");
  json["lowest"] = lowest;

  FrameOptions options;
  const std::size_t most = std::clamp<std::size_t>(kMapBytes / buses, 2, 400);
  options.max_frames = static_cast<int>(std::min<std::size_t>(120, most));
  std::vector<std::size_t> frames = select_frames(record, options);
  const std::size_t skip = (frames.size() + most - 1) / most;
  std::vector<std::uint8_t> codes;
  for (std::size_t f = 0; f < frames.size(); f += skip) {
    json["frames"].push_back(record.times_s[frames[f]]);
    std::vector<std::uint8_t> row(buses, 254);
    for (std::size_t e = 0; e < measured.size(); ++e) {
      const double value = record.at(*voltage, frames[f], e);
      if (dead(frames[f], measured[e]))
        row[measured[e]] = 255;
      else if (std::isfinite(value))
        row[measured[e]] = static_cast<std::uint8_t>(std::clamp(std::lround(200 * value), 0L, 253L));
    }
    codes.insert(codes.end(), row.begin(), row.end());
  }
  json["voltages"] = base64(codes.data(), codes.size());
  return json;
}

}  // namespace

std::string page_data(const Record& record, bool& thinned) {
  double series = 0;
  for (std::size_t q = 0; q < record.schema.quantities.size(); ++q)
    series += static_cast<double>(std::min(record.elements(q), kSeriesMost));
  const double rows = std::clamp(kValuesMost / std::max(series, 1.0), 600.0, 6000.0);
  const Thinning thinning(record, static_cast<std::size_t>(rows));
  thinned = thinning.times_s().size() < record.samples();
  Json json;
  json["times"] = base64(thinning.times_s().data(), 8 * thinning.times_s().size());
  json["groups"] = groups_json(record, thinning);
  json["events"] = events_json(record);
  if (!record.network.buses.empty()) json["map"] = map_json(record);
  return page::harmless(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace ballast::report
