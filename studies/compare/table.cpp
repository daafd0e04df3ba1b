/// The table as text and as files.
#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "studies/compare/comparison.hpp"

namespace ballast::compare {
namespace {

std::string minutes_text(const FlexibleFigures& f) {
  return std::isinf(f.minutes) ? "unlimited" : fmt::format("{:.0f}", f.minutes);
}

std::string optional_text(const std::optional<double>& value, int digits) {
  return value ? fmt::format("{:.{}f}", *value, digits) : "-";
}

}  // namespace

std::string table_text(const Comparison& c, const std::vector<Row>& rows,
                       const std::vector<AvailabilityResult>& availabilities,
                       const std::vector<Answer>& all) {
  std::string text = fmt::format("{}\n\n", c.title);
  text += fmt::format("{:<32} {:>9} {:>6} {:>8} {:>9} {:>8} {:>5} {:>9} {:>9} {:>9} {:>7} {:>6} {:>8}\n",
                      "remedy", "deviation", "left", "ramp", "smoothing", "MW lost", "dips", "ride-thr.",
                      "minutes", "flexible", "life", "acres", "GJ/MWh");
  text += fmt::format("{:<32} {:>9} {:>6} {:>8} {:>9} {:>8} {:>5} {:>9} {:>9} {:>9} {:>7} {:>6} {:>8}\n", "",
                      "MW", "", "MW/s", "", "", "", "", "", "", "years", "/100MW", "");
  for (const Row& r : rows) {
    if (!r.failed.empty()) {
      text += fmt::format("{:<32} the run failed: {}\n", r.mitigation->title, r.failed);
      continue;
    }
    text += fmt::format(
        "{:<32} {:>9.2f} {:>5.0f}% {:>8.1f} {:>9} {:>8.1f} {:>5} {:>9} {:>9} {:>9} {:>7} {:>6} {:>8}\n",
        r.mitigation->title, r.smoothing.deviation_MW, 100 * r.deviation_share, r.smoothing.ramp_MW_per_s,
        r.smoothing_verdict, r.ride_through.lost_MW,
        fmt::format("{}/{}", r.ride_through.ridden, r.ride_through.dips), r.ride_through_verdict,
        minutes_text(r.flexible), r.flexible_verdict, optional_text(r.life_years, 2),
        optional_text(r.area_acre_per_100MW, 2), optional_text(r.fuel_GJ_per_MWh, 2));
  }
  if (!availabilities.empty())
    text += fmt::format("\n{:<32} {:>12} {:>10} {:>12} {:>12} {:>23}\n", "availability", "needed", "unit",
                        "binomial", "drawn", "2.5 to 97.5 %");
  for (const AvailabilityResult& a : availabilities)
    text += fmt::format("{:<32} {:>12} {:>10.6f} {:>12.8f} {:>12.8f} {:>11.7f} {:>11.7f}\n", a.of->title,
                        fmt::format("{} of {}", a.of->needed, a.of->units), a.unit, a.exact, a.mean, a.low,
                        a.high);
  std::string table;
  for (const Answer& a : all) {
    if (a.claim->table != table) text += fmt::format("\n{}\n", table = a.claim->table);
    text += fmt::format("  {:<44} {:<26} {:<19} {}\n", a.claim->item, a.claim->says, a.verdict, a.ours);
  }
  return text;
}

Table row_table(const Comparison& c, const std::vector<Row>& rows) {
  Table table;
  table.title = c.title;
  const double none = std::numeric_limits<double>::quiet_NaN();
  const auto text = [&](const char* name, const char* meaning, auto value) {
    TableColumn column{name, "", meaning, true, {}, {}};
    for (const Row& r : rows) column.texts.push_back(value(r));
    table.columns.push_back(std::move(column));
  };
  const auto number = [&](const std::string& name, const char* unit, const char* meaning, auto value) {
    TableColumn column{name, unit, meaning, false, {}, {}};
    for (const Row& r : rows) {
      const std::optional<double> v = r.failed.empty() ? std::optional<double>(value(r)) : std::nullopt;
      column.numbers.push_back(v.value_or(none));
    }
    table.columns.push_back(std::move(column));
  };
  const auto maybe = [&](const std::optional<double>& v) { return v.value_or(none); };
  text("remedy", "name of the remedy", [](const Row& r) { return r.mitigation->name; });
  text("failed", "why it could not be run", [](const Row& r) { return r.failed; });
  number("mean_MW", "MW", "mean power at the meter", [](const Row& r) { return r.smoothing.mean_MW; });
  number("deviation_MW", "MW", "its standard deviation",
         [](const Row& r) { return r.smoothing.deviation_MW; });
  number("deviation_share", "1", "of the bare site's", [](const Row& r) { return r.deviation_share; });
  number("ramp_MW_per_s", "MW/s", "steepest change at the meter",
         [](const Row& r) { return r.smoothing.ramp_MW_per_s; });
  for (std::size_t b = 0; b < c.bands_Hz.size(); ++b)
    number(fmt::format("rms_{:g}_{:g}_Hz_MW", c.bands_Hz[b].first, c.bands_Hz[b].second), "MW",
           "power at the meter in this band, rms", [b](const Row& r) { return r.smoothing.bands_MW[b]; });
  text("smoothing", "verdict", [](const Row& r) { return r.smoothing_verdict; });
  number("before_MW", "MW", "mean before the dips", [](const Row& r) { return r.ride_through.before_MW; });
  number("lost_MW", "MW", "most that the grid lost after them",
         [](const Row& r) { return r.ride_through.lost_MW; });
  number("lost_share", "1", "of what the bare site draws", [](const Row& r) { return r.lost_share; });
  number("lost_end_MW", "MW", "what was away at the end",
         [](const Row& r) { return r.ride_through.lost_end_MW; });
  number("dips", "", "dips", [](const Row& r) { return r.ride_through.dips; });
  number("dips_ridden", "", "dips without transfer of a hundredth of the site",
         [](const Row& r) { return r.ride_through.ridden; });
  text("ride_through", "verdict", [](const Row& r) { return r.ride_through_verdict; });
  number("avoided_MW", "MW", "draw avoided for good", [](const Row& r) { return r.flexible.avoided_MW; });
  number("minutes", "min", "during which the declared draw is avoided",
         [](const Row& r) { return r.flexible.minutes; });
  text("by", "what avoids it", [](const Row& r) { return r.flexible.how; });
  text("flexible", "verdict", [](const Row& r) { return r.flexible_verdict; });
  number("life_years", "a", "life of the storage that lasts least",
         [&](const Row& r) { return maybe(r.life_years); });
  number("full_cycles_per_year", "1/a", "its equivalent full cycles",
         [&](const Row& r) { return maybe(r.full_cycles_per_year); });
  number("area_acre_per_100MW", "acre", "land", [&](const Row& r) { return maybe(r.area_acre_per_100MW); });
  number("fuel_GJ_per_MWh", "GJ/MWh", "fuel of what is generated on the site",
         [&](const Row& r) { return maybe(r.fuel_GJ_per_MWh); });
  number("fuel_GJ_per_h", "GJ/h", "the same per hour", [&](const Row& r) { return maybe(r.fuel_GJ_per_h); });
  return table;
}

Table claim_table(const std::vector<Answer>& all) {
  Table table;
  table.title = "claims";
  const auto text = [&](const char* name, const char* meaning, auto value) {
    TableColumn column{name, "", meaning, true, {}, {}};
    for (const Answer& a : all) column.texts.push_back(value(a));
    table.columns.push_back(std::move(column));
  };
  text("table", "whose", [](const Answer& a) { return a.claim->table; });
  text("item", "what it is about", [](const Answer& a) { return a.claim->item; });
  text("claim", "what is claimed", [](const Answer& a) { return a.claim->says; });
  text("verdict", "ours", [](const Answer& a) { return a.verdict; });
  text("number", "behind it", [](const Answer& a) { return a.ours; });
  return table;
}

}  // namespace ballast::compare
