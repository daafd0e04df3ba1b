#include "solver/island_events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "solver/plant_power.hpp"

namespace ballast {

IslandsBefore::IslandsBefore(const System& system, const double* y)
    : frame(system.grid.bus_count()), island(system.grid.island), draw_MW(bus_draws_MW(system, y)) {
  for (int b = 0; b < system.grid.bus_count(); ++b) frame[b] = system.frame_of(b);
}

void log_islands(const System& system, EventLog& log, double t, const IslandsBefore& before,
                 const std::vector<int>& network_events) {
  const Network& net = system.network();
  // The last of the network events that happened in the island as it was, or as it is now.
  const auto cause_at = [&](int bus) {
    for (auto id = network_events.rbegin(); id != network_events.rend(); ++id)
      if (const int place = log.events()[*id].bus;
          before.island[place] == before.island[bus] || system.grid.island[place] == system.grid.island[bus])
        return *id;
    return -1;
  };
  struct Summary {
    int first = -1, buses = 0, died = 0, revived = 0;
    double load = 0;
    std::vector<int> from;
  };
  std::vector<Summary> now(system.grid.island_count);
  for (int b = 0; b < system.grid.bus_count(); ++b) {
    if (system.grid.island[b] < 0) continue;
    Summary& s = now[system.grid.island[b]];
    if (s.first < 0) s.first = b;
    ++s.buses;
    if (std::find(s.from.begin(), s.from.end(), before.island[b]) == s.from.end())
      s.from.push_back(before.island[b]);
    if (before.frame[b] >= 0 && system.frame_of(b) < 0) {
      ++s.died;
      s.load += before.draw_MW[b];
    }
    if (before.frame[b] < 0 && system.frame_of(b) >= 0) ++s.revived;
  }
  std::map<int, int> pieces;  // old island -> living pieces
  for (const Summary& s : now)
    if (s.first >= 0 && system.frame_of(s.first) >= 0 && s.from.size() == 1) ++pieces[s.from.front()];
  const auto tell = [&](const char* kind, int bus, std::string text, double power) {
    LoggedEvent event;
    event.time_s = t;
    event.kind = kind;
    event.device = net.bus_label(bus);
    event.bus = bus;
    event.text = std::move(text);
    event.power_MW = power;
    event.cause = cause_at(bus);
    event.cause_text = event.cause < 0 ? "what was connected at the start" : "it changed what is connected";
    log.add(std::move(event));
  };
  const auto buses = [](int n) { return fmt::format("{} bus{}", n, n == 1 ? "" : "es"); };
  const auto are = [](int n) { return n == 1 ? "is" : "are"; };
  for (const Summary& s : now) {
    const bool lives = system.frame_of(s.first) >= 0;
    const std::string label = net.bus_label(s.first);
    if (s.died > 0)
      tell("island-dead", s.first,
           fmt::format("{} around {} {} dead: no source is left", buses(s.died), label, are(s.died)),
           -s.load);
    if (s.revived > 0)
      tell("island-energised", s.first,
           fmt::format("{} around {} {} energised again", buses(s.revived), label, are(s.revived)), 0);
    if (lives && s.from.size() > 1 && s.revived == 0)
      tell("island-merged", s.first, fmt::format("islands joined around {}: {}", label, buses(s.buses)), 0);
    if (lives && s.from.size() == 1 && pieces[s.from.front()] > 1)
      tell("island-split", s.first,
           fmt::format("an island of {} around {} stands alone", buses(s.buses), label), 0);
  }
}

}  // namespace ballast
