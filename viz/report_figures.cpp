#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "viz/report_parts.hpp"

namespace ballast::report {
namespace {

std::string note_of(const Extreme& extreme) {
  const std::string when = fmt::format("{:.2f} s", extreme.time_s);
  return extreme.where.empty() ? when : fmt::format("{}, at {}", extreme.where, when);
}

/// Rounded; without the minus of a small negative number.
double rounded(double value) { return std::round(value) + 0.0; }

/// "59.43 to 60.02 Hz"
std::string range_of(const Extreme& low, const Extreme& high, int digits, const char* unit) {
  return fmt::format("{:.{}f} to {:.{}f} {}", low.value, digits, high.value, digits, unit);
}

}  // namespace

std::vector<KeyFigure> figures_of(const Record& record, const Metrics& metrics) {
  std::vector<KeyFigure> figures;
  const auto put = [&](const char* name, const std::optional<Extreme>& extreme, int digits, const char* unit,
                       double factor = 1, const char* element = "") {
    if (!extreme) return;
    Extreme shown = *extreme;
    if (!shown.where.empty()) shown.where = element + shown.where;
    figures.push_back({name, fmt::format("{:.{}f} {}", factor * extreme->value, digits, unit), note_of(shown),
                       extreme->time_s});
  };
  put("Lowest frequency", metrics.frequency_nadir_Hz, 3, "Hz");
  put("Highest frequency", metrics.frequency_peak_Hz, 3, "Hz");
  put("Steepest in 0.5 s", metrics.rocof_Hz_per_s, 3, "Hz/s");
  put("Lowest voltage", metrics.voltage_min_pu, 3, "pu", 1, "bus ");
  put("Highest voltage", metrics.voltage_max_pu, 3, "pu", 1, "bus ");
  put("Highest branch loading", metrics.loading_max, 0, "%", 100);
  if (metrics.load_lost_MW > 0)
    figures.push_back({"Load lost", fmt::format("{:.0f} MW", metrics.load_lost_MW), "sum over events"});
  if (metrics.generation_lost_MW > 0)
    figures.push_back(
        {"Generation lost", fmt::format("{:.0f} MW", metrics.generation_lost_MW), "sum over events"});
  if (metrics.dead_buses_at_end && *metrics.dead_buses_at_end > 0)
    figures.push_back({"De-energised at the end", fmt::format("{} buses", *metrics.dead_buses_at_end),
                       fmt::format("of {}", record.network.buses.size())});
  if (metrics.islands_at_end && *metrics.islands_at_end > 1)
    figures.push_back({"Islands at the end", std::to_string(*metrics.islands_at_end), ""});
  constexpr std::size_t kMost = 4;  // sites; the charts show all
  for (std::size_t i = 0; i < std::min(kMost, metrics.datacenters.size()); ++i) {
    const DatacenterMetrics& one = metrics.datacenters[i];
    figures.push_back({one.name + ", largest fall",
                       fmt::format("{:.0f} MW in 1 s", rounded(one.largest_step_MW)),
                       fmt::format("drew {:.0f} to {:.0f} MW, {:.1f} MWh in all", rounded(one.min_power_MW),
                                   rounded(one.max_power_MW), one.energy_MWh)});
  }
  for (std::size_t i = 0; i < std::min(kMost, metrics.storage.size()); ++i) {
    const StorageMetrics& one = metrics.storage[i];
    figures.push_back(
        {one.name, fmt::format("{:.0f} to {:.0f} MW", rounded(one.min_power_MW), rounded(one.max_power_MW)),
         fmt::format("{:.2f} MWh out, {:.2f} MWh in", one.discharged_MWh, one.charged_MWh)});
  }
  return figures;
}

std::string verdict_of(const Record& record, const Metrics& metrics) {
  std::string text;
  const auto sentence = [&](const std::string& words) { text += (text.empty() ? "" : " ") + words; };
  if (record.status.outcome == "running")
    sentence(
        fmt::format("The run has not ended: it was stopped, or still goes on. The record reaches {:g} s.",
                    record.status.end_time_s));
  else if (!record.status.completed)
    sentence(fmt::format("The run stopped at {:g} s: {}.", record.status.end_time_s,
                         record.status.outcome.starts_with("failed: ") ? record.status.outcome.substr(8)
                                                                       : record.status.outcome));
  else
    sentence(fmt::format("{:g} s simulated, {} event{}.", metrics.duration_s, metrics.events,
                         metrics.events == 1 ? "" : "s"));
  if (metrics.frequency_nadir_Hz)
    sentence("Frequency " + range_of(*metrics.frequency_nadir_Hz, *metrics.frequency_peak_Hz, 2, "Hz") +
             (metrics.voltage_min_pu
                  ? ", voltage " + range_of(*metrics.voltage_min_pu, *metrics.voltage_max_pu, 2, "pu") + "."
                  : "."));
  if (metrics.voltage_end_min_pu)
    sentence("At the end the voltage lies within " +
             range_of(*metrics.voltage_end_min_pu, *metrics.voltage_end_max_pu, 3, "pu") + ".");
  if (metrics.load_lost_MW > 0) sentence(fmt::format("{:.0f} MW of load lost.", metrics.load_lost_MW));
  if (metrics.generation_lost_MW > 0)
    sentence(fmt::format("{:.0f} MW of generation lost.", metrics.generation_lost_MW));
  return text;
}

}  // namespace ballast::report
