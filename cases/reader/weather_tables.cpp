/// `weather` of a generator: what sun or wind allow its plant.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cases/reader/campus_tables.hpp"
#include "cases/reader/reading.hpp"
#include "models/datacenter/trace_load.hpp"
#include "models/sources/weather_limit.hpp"

namespace ballast {
namespace {

constexpr const char* kTrace = "weather";
constexpr const char* kLimit = "weather_limit";

/// Turns the file's values into power, pu of the unit's base.
void convert(Section& table, const std::string& kind, std::vector<double>& samples) {
  const auto each = [&](auto&& power) {
    for (std::size_t k = 1; k < samples.size(); k += 2) samples[k] = std::max(0.0, power(samples[k]));
  };
  if (kind == "power") {
    const double rating =
        table.number("rating", {"", positive()}, "value of the file that is 1 pu of the unit");
    each([&](double v) { return v / rating; });
  } else if (kind == "irradiance") {
    const double full =
        table.number("rated_W_m2", {"W/m2", positive()}, "irradiance from which on the unit gives 1 pu");
    each([&](double v) { return std::min(1.0, v / full); });
  } else {
    const NumberInfo speed{"m/s", positive()};
    const double in = table.number("cut_in_m_s", speed, "wind speed from which on the unit gives power");
    const double rated = table.number("rated_m_s", speed, "wind speed from which on the unit gives 1 pu");
    const double out = table.number("cut_out_m_s", speed, "wind speed above which the unit stands");
    if (!(in < rated && rated < out))
      table.problem(
          "rated_m_s",
          fmt::format("cut-in, rated and cut-out speed {:g}, {:g}, {:g} do not ascend", in, rated, out),
          "give them in m/s, such as 3, 12 and 25");
    const auto cube = [](double v) { return v * v * v; };
    each([&](double v) {
      if (v < in || v > out) return 0.0;
      return std::min(1.0, (cube(v) - cube(in)) / (cube(rated) - cube(in)));
    });
  }
}

}  // namespace

std::optional<Weather> read_weather(Section& unit, const std::string& device, double base_MVA,
                                    const Reading& reading) {
  auto table = unit.section_if("weather");
  if (!table) return {};
  table->relabel("weather of " + device);
  Weather weather;
  const std::size_t before = reading.problems.errors().size();
  const std::string kind = table->choice("kind", {"power", "irradiance", "wind-speed"}, "what the file has");
  std::vector<double> samples = read_trace(*table, reading);
  convert(*table, kind, samples);
  const std::vector<double> parameters = {1, 0,
                                          table->number_if("shift_s", {"s", not_negative()}).value_or(0),
                                          table->flag_if("repeat").value_or(false) ? 1.0 : 0.0,
                                          table->number_if("start_s", {"s", not_negative()}).value_or(0)};
  weather.smoothing_s = table->number_if("smoothing_s", {"s", not_negative()}).value_or(0);
  table->finish();
  if (reading.problems.errors().size() > before) return weather;
  const auto derived = TraceLoad::derive<double>(parameters.data(), {});
  if (parameters[3] < 0.5 && derived.shift_s > samples[samples.size() - 2]) {
    table->problem("shift_s",
                   fmt::format("{:g} s is behind the end of the trace, {:g} s", derived.shift_s,
                               samples[samples.size() - 2]),
                   "begin earlier, or set repeat = true");
    return weather;
  }
  weather.at_rest = TraceLoad::rest_power(derived, samples);
  weather.trace = make_part(ModelName<TraceLoad>::value, kTrace, parameters, base_MVA, table->place());
  weather.trace.table = std::make_shared<const std::vector<double>>(std::move(samples));
  return weather;
}

void add_weather(Reading& reading) {
  for (Plant& plant : reading.result.plants) {
    const auto found = reading.weather.find(plant.name);
    if (plant.kind != "machine" || found == reading.weather.end()) continue;
    const Weather& weather = found->second;
    if (weather.trace.table == nullptr) continue;
    const auto has = [&](Role role) {
      return std::find_if(plant.parts.begin(), plant.parts.end(),
                          [&](const Part& p) { return p.name == role_name(role); });
    };
    const auto control = has(Role::ELECTRICAL_CONTROL);
    if (control == plant.parts.end() || has(Role::PLANT_CONTROL) != plant.parts.end()) {
      reading.problems.add(
          weather.trace.place.text(),
          fmt::format("weather of machine {}, which has {}", plant.name,
                      control == plant.parts.end() ? "no electrical control" : "a plant control"),
          control == plant.parts.end() ? "weather gives the power order of REECA1, REECB1, REECC1 or REECD1; "
                                         "add one with its converter"
                                       : "both would give the power order: leave the plant control out and "
                                         "let the electrical control hold the voltage");
      continue;
    }
    control->wires.emplace_back("Pref", fmt::format("{}.Pref", kLimit));
    Part limit = make_part(ModelName<WeatherLimit>::value, kLimit, {weather.at_rest, weather.smoothing_s},
                           weather.trace.base_MVA, weather.trace.place);
    limit.wires = {{"available", fmt::format("{}.P_it", kTrace)}};
    plant.parts.push_back(std::move(limit));
    plant.parts.push_back(weather.trace);
  }
}

}  // namespace ballast
