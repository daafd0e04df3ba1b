#include "solver/automaton_log.hpp"

#include <fmt/format.h>

#include <cmath>

#include "solver/plant_power.hpp"

namespace ballast {

AutomatonLog::AutomatonLog(const System& system, EventLog& log)
    : system_(system), log_(log), calm_(system.parts().size()) {}

bool AutomatonLog::is_calm(int part) const {
  const PartRef& r = system_.parts()[part];
  const PartGroup& g = system_.group(r.group);
  return g.find_output("Ir") >= 0 &&
         (g.modes <= g.limits || g.mode[static_cast<std::size_t>(r.index) * g.modes + g.limits] == 0);
}

double AutomatonLog::power_MW(const double* y, int part) const {
  const double drawn = part_power_MW(system_, y, part);
  return is_consumer(system_.plants()[system_.parts()[part].plant].kind) ? drawn : -drawn;
}

void AutomatonLog::remember_calm(double t, const double* y) {
  for (std::size_t p = 0; p < calm_.size(); ++p)
    if (is_calm(static_cast<int>(p))) calm_[p] = {power_MW(y, static_cast<int>(p)), t};
}

void AutomatonLog::expect(int event, int plant, const double* y) {
  expected_.push_back({event, plant, -1, plant_power_MW(system_, y, plant)});
}

void AutomatonLog::settle(double t, const double* y) {
  for (const PowerChange& p : expected_) {
    const double now = p.part < 0 ? plant_power_MW(system_, y, p.plant) : power_MW(y, p.part);
    log_.at(p.event).power_MW = now - p.before_MW;
    if (p.part >= 0) calm_[p.part] = {now, t};
  }
  expected_.clear();
}

void AutomatonLog::moved(int part, const Happening& happening, int before, Effect effect, double pickup_time,
                         double threshold, const double* y) {
  const PartRef& r = system_.parts()[part];
  const PartGroup& g = system_.group(r.group);
  const int bus = system_.part_bus(part);
  const int now = g.modes > g.limits ? g.mode[static_cast<std::size_t>(r.index) * g.modes + g.limits] : 0;
  if (now != before && !g.mode_names.empty()) {
    LoggedEvent event;
    event.time_s = happening.time;
    event.kind = "mode";
    event.device = r.name;
    event.bus = bus;
    event.text = fmt::format("{} {}: {} to {}", g.model, r.name, g.mode_names[before], g.mode_names[now]);
    if (happening.kind == Happening::GUARD && happening.index >= 2 * g.limits) {
      const int index = happening.index - 2 * g.limits;
      if (index < static_cast<int>(g.thresholds.size())) event.quantity = g.thresholds[index].quantity;
    }
    const double since = std::isnan(pickup_time) ? happening.time : pickup_time;
    event.duration_s = happening.time - since;
    if (!std::isnan(threshold)) event.threshold = threshold;
    event.value = std::abs(system_.voltage(y, bus));
    if (g.thresholds.empty())
      event.cause_text = "its own schedule";  // a driver that watches nothing
    else
      log_.find_cause(event, since);
    const int id = effect == Effect::JUMP ? log_.add_cause(std::move(event)) : log_.add(std::move(event));
    if (g.find_output("Ir") >= 0) {
      const Calm& calm = calm_[part];
      const bool recent = before != 0 || calm.time_s >= since - kCalmFor_s;
      expected_.push_back({id, r.plant, part, recent ? calm.power_MW : power_MW(y, part)});
    }
  } else if (happening.kind == Happening::TIMER && effect == Effect::KINK) {
    log_.driver(happening.time, bus, fmt::format("a ramp of {}", r.name));
  }
}

}  // namespace ballast
