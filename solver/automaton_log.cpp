#include "solver/automaton_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/registry.hpp"
#include "solver/plant_power.hpp"

namespace ballast {
namespace {

constexpr double kSameInstant_s = 1e-6;  ///< a delay counts from its pickup, to rounding

}  // namespace

AutomatonLog::AutomatonLog(const System& system, EventLog& log)
    : system_(system),
      log_(log),
      calm_(system.parts().size()),
      ramped_(system.parts().size()),
      deepest_(system.parts().size()),
      latest_(system.parts().size()),
      seen_(system.parts().size()),
      last_move_(system.parts().size(), -1) {}

bool AutomatonLog::is_calm(int part) const {
  const PartRef& r = system_.parts()[part];
  const PartGroup& g = system_.group(r.group);
  return g.find_output("Ir") >= 0 &&
         (g.modes <= g.limits || g.mode[static_cast<std::size_t>(r.index) * g.modes + g.limits] == 0);
}

bool AutomatonLog::only_alarms(int part) const {
  const PartRef& r = system_.parts()[part];
  const Part& described = system_.plants()[r.plant].parts[part - system_.parts_of(r.plant).first];
  return described.orders.empty() && find_model(described.model)->role == Role::PROTECTION;
}

double AutomatonLog::power_MW(const double* y, int part) const {
  const double drawn = part_power_MW(system_, y, part);
  return is_consumer(system_.plants()[system_.parts()[part].plant].kind) ? drawn : -drawn;
}

void AutomatonLog::remember_calm(double t, const double* y) {
  for (std::size_t p = 0; p < calm_.size(); ++p) {
    const int part = static_cast<int>(p);
    if (is_calm(part)) {
      calm_[p] = {power_MW(y, part), t};
    } else if (system_.group(system_.parts()[p].group).find_output("Ir") >= 0) {
      const double power = power_MW(y, part);
      if (power > ramped_[p].power_MW || t - ramped_[p].time_s > kCalmFor_s) ramped_[p] = {power, t};
    }
  }
}

void AutomatonLog::expect(int event, int plant, const double* y) {
  expected_.push_back({event, plant, -1, plant_power_MW(system_, y, plant)});
}

void AutomatonLog::settle(double t, const double* y) {
  std::map<int, int> together;  // [plant] events that took of it at one instant: each a part
  for (const PowerChange& p : expected_)
    if (p.part < 0) ++together[p.plant];
  for (const PowerChange& p : expected_) {
    const double now = p.part < 0 ? plant_power_MW(system_, y, p.plant) : power_MW(y, p.part);
    // What came back on a ramp since the last event goes with what this one takes.
    const double before = now < p.ramped_MW ? std::max(p.before_MW, p.ramped_MW) : p.before_MW;
    log_.at(p.event).power_MW = (now - before) / (p.part < 0 ? together[p.plant] : 1);
    if (p.part >= 0) calm_[p.part] = ramped_[p.part] = {now, t};
  }
  expected_.clear();
}

AutomatonLog::Seen AutomatonLog::seen(const double* y, int bus) const {
  const int frame = system_.frame_of(bus);
  return {frame < 0 ? 0 : std::abs(system_.voltage(y, bus)),
          frame < 0 ? 0 : system_.network().frequency_Hz * y[system_.frame_speed_at(frame)]};
}

void AutomatonLog::begin(const double* y) {
  for (std::size_t p = 0; p < seen_.size(); ++p) {
    const int part = static_cast<int>(p);
    seen_[p] = seen(y, system_.measured_bus(part));
    for (int k = 0; const Watch* watch = watch_of(part, k); ++k)
      watched_[{part, k}] = seen(y, watch->bus >= 0 ? watch->bus : system_.measured_bus(part));
  }
}

const Watch* AutomatonLog::watch_of(int part, int threshold) const {
  const PartRef& r = system_.parts()[part];
  const auto& watches = system_.plants()[r.plant].parts[part - system_.parts_of(r.plant).first].watches;
  return threshold >= 0 && threshold < static_cast<int>(watches.size()) ? &watches[threshold] : nullptr;
}

int AutomatonLog::last_switching(const Watch& watch) const {
  const auto& events = log_.events();
  if (!watch.device.empty())
    for (auto e = events.rbegin(); e != events.rend(); ++e)
      if (e->device == watch.device && e->kind.starts_with(watch.event)) return e->id;
  return -1;
}

int AutomatonLog::order_to(int part, double time_s) const {
  const std::string& name = system_.parts()[part].name;
  const auto& events = log_.events();
  for (auto e = events.rbegin(); e != events.rend() && e->time_s >= time_s - kSameInstant_s; ++e)
    if (e->kind == "operator-action" && e->device == name) return e->id;
  return -1;
}

int AutomatonLog::own_event(int part) const {
  if (last_move_[part] >= 0) return last_move_[part];
  const System::PartSpan plant = system_.parts_of(system_.parts()[part].plant);
  return *std::max_element(last_move_.begin() + plant.first, last_move_.begin() + plant.last);
}

int AutomatonLog::last_death() const {
  const auto& events = log_.events();
  const auto last = std::find_if(events.rbegin(), events.rend(),
                                 [](const LoggedEvent& e) { return e.kind == "island-dead"; });
  return last == events.rend() ? -1 : last->id;
}

AutomatonLog::Pickup AutomatonLog::picked_up(int part, const Happening& happening, const double* y) {
  const PartGroup& g = system_.group(system_.parts()[part].group);
  const int index = happening.index - 2 * g.limits;
  Pickup pickup;
  pickup.time_s = happening.time;
  if (index >= 0 && index < static_cast<int>(g.thresholds.size()))
    pickup.quantity = g.thresholds[index].quantity;
  const Watch* watch = watch_of(part, index);
  if (watch != nullptr) pickup.quantity = watch->quantity;
  const int bus = watch != nullptr && watch->bus >= 0 ? watch->bus : system_.measured_bus(part);
  Seen& before = watch != nullptr ? watched_[{part, index}] : seen_[part];
  const Seen now = seen(y, bus);
  Watched watched = watched_of(pickup.quantity);
  if (watch != nullptr && watched == Watched::OWN) watched = Watched::EITHER;  // what a device gives
  const double moved_pu = now.voltage_pu - before.voltage_pu;
  const double moved_Hz = now.frequency_Hz - before.frequency_Hz;
  const auto explain = [&]() -> Explanation {
    if (watch != nullptr) {
      if (const int switching = last_switching(*watch); switching >= 0) return {switching, "what it watches"};
    } else {
      if (watched == Watched::OWN) {
        if (const int own = own_event(part); own >= 0) return {own, "what its plant did before"};
        if (bus >= 0 && system_.frame_of(bus) < 0)
          if (const int death = last_death(); death >= 0) return {death, "its island is dead"};
        if (deepest_[part].dip_pu > 0) return deepest_[part].explanation;  // what emptied its stores
      }
      // A second guard of the same instant, with nothing moved in between.
      if (happening.time - latest_[part].time_s < kSameInstant_s && latest_[part].watched == watched &&
          moved_pu == 0 && moved_Hz == 0)
        return latest_[part].explanation;
    }
    return log_.explain({happening.time, bus, watched, moved_pu, moved_Hz});
  };
  pickup.explanation = explain();
  pickup.dip_pu = -moved_pu;
  pickup.watched = watched;
  before = now;
  if (pickup.dip_pu > deepest_[part].dip_pu) deepest_[part] = pickup;
  if (watch == nullptr) latest_[part] = pickup;
  return pickups_[{part, happening.index}] = pickup;
}

void AutomatonLog::moved(int part, const Happening& happening, int before, Effect effect,
                         const Reason& reason, const double* y) {
  const PartRef& r = system_.parts()[part];
  const PartGroup& g = system_.group(r.group);
  const int bus = system_.part_bus(part);
  const int now = g.modes > g.limits ? g.mode[static_cast<std::size_t>(r.index) * g.modes + g.limits] : 0;
  const bool crossed = happening.kind == Happening::GUARD && happening.index >= 2 * g.limits;
  Pickup pickup;
  if (crossed) pickup = picked_up(part, happening, y);
  if (now == before || g.mode_names.empty()) {
    if (happening.kind == Happening::TIMER && effect == Effect::KINK)
      log_.driver(happening.time, bus, fmt::format("a ramp of {}", r.name));
    return;
  }
  const double since = std::isnan(reason.pickup_time) ? happening.time : reason.pickup_time;
  if (!std::isnan(reason.pickup_time)) {  // a delay ended: the guard that fired when it began
    const auto first = pickups_.lower_bound({part, 0}), last = pickups_.lower_bound({part + 1, 0});
    const auto began = std::find_if(first, last, [&](const auto& p) {
      return (reason.guard < 0 || p.first.second == reason.guard) &&
             std::abs(p.second.time_s - since) < kSameInstant_s;
    });
    if (began != last) pickup = began->second;
  }
  LoggedEvent event;
  event.time_s = happening.time;
  event.kind = "mode";
  event.device = r.name;
  event.bus = bus;
  event.text = fmt::format("{} {}: {} to {}", g.model, r.name, g.mode_names[before], g.mode_names[now]);
  const bool alarm = only_alarms(part);
  if (alarm) {
    event.kind = "alarm";
    event.text += " (only alarms)";
  }
  event.duration_s = happening.time - since;
  if (!std::isnan(reason.threshold)) event.threshold = reason.threshold;
  event.quantity = pickup.quantity;
  const Seen value = seen(y, system_.measured_bus(part));
  const Watched watched = watched_of(event.quantity);
  event.value = !std::isnan(reason.value)       ? reason.value
                : watched == Watched::VOLTAGE   ? value.voltage_pu
                : watched == Watched::FREQUENCY ? value.frequency_Hz
                                                : kUnknown;
  if (!std::isnan(pickup.time_s)) {
    event.cause = pickup.explanation.event;
    event.cause_text = pickup.explanation.text;
  } else if (const int order = order_to(part, happening.time); order >= 0) {
    event.cause = order;
    event.cause_text = "its order";
  } else if (const int own = own_event(part); own >= 0) {
    event.cause = own;
    event.cause_text = "a delay after it";
  } else {
    event.cause_text = "its own schedule";
  }
  const std::string ramp = fmt::format("a ramp of {}", r.name);
  const int id =
      effect == Effect::JUMP && !alarm ? log_.add_cause(std::move(event)) : log_.add(std::move(event));
  last_move_[part] = id;
  if (effect == Effect::KINK) log_.driver(happening.time, bus, ramp, id);
  if (g.find_output("Ir") >= 0) {
    const Calm& calm = calm_[part];
    const bool recent = before != 0 || calm.time_s >= since - kCalmFor_s;
    const double power = power_MW(y, part);
    const Calm& ramped = ramped_[part];
    const double lately = ramped.time_s >= since - kCalmFor_s ? std::max(power, ramped.power_MW) : power;
    expected_.push_back(
        {id, r.plant, part, recent ? calm.power_MW : power, before != 0 ? lately : -kInfinity});
  }
}

}  // namespace ballast
