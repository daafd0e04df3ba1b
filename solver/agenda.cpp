#include "solver/agenda.hpp"

#include <algorithm>

namespace ballast {

Agenda::Agenda(System& system)
    : system_(system), next_(system.parts().size(), kNever), next_stop_(system.parts().size(), kNever) {}

void Agenda::look_at_all(std::vector<double>& y) {
  for (std::size_t part = 0; part < next_.size(); ++part) look_at(static_cast<int>(part), y);
}

void Agenda::look_at(int part, std::vector<double>& y) {
  const PartRef& r = system_.parts()[part];
  const PartGroup& g = system_.group(r.group);
  next_[part] = next_stop_[part] = kNever;
  for (int k = 0; k < g.timers; ++k) {
    const double expiry = g.timer[static_cast<std::size_t>(r.index) * g.timers + k];
    next_[part] = std::min(next_[part], expiry);
    if (expiry < next_stop_[part] && foresee(part, {Happening::TIMER, k, expiry}, y) != Effect::NONE)
      next_stop_[part] = expiry;
  }
}

double Agenda::next() const { return next_.empty() ? kNever : *std::min_element(next_.begin(), next_.end()); }

double Agenda::next_stop() const {
  return next_stop_.empty() ? kNever : *std::min_element(next_stop_.begin(), next_stop_.end());
}

Effect Agenda::foresee(int part, const Happening& happening, std::vector<double>& y) {
  const PartRef& r = system_.parts()[part];
  PartGroup& g = system_.group(r.group);
  const auto keep = [&](auto& kept, const auto& all, int width, std::ptrdiff_t first) {
    kept.assign(all.begin() + first, all.begin() + first + width);
  };
  const auto put_back = [](const auto& kept, auto& all, std::ptrdiff_t first) {
    std::copy(kept.begin(), kept.end(), all.begin() + first);
  };
  const auto first_of = [&](int width) { return static_cast<std::ptrdiff_t>(r.index) * width; };
  keep(mode_, g.mode, g.modes, first_of(g.modes));
  keep(held_, g.held, g.held_count, first_of(g.held_count));
  keep(timer_, g.timer, g.timers, first_of(g.timers));
  keep(x_, y, g.state_count(), g.x_at[r.index]);
  if (happening.kind == Happening::TIMER) g.timer[first_of(g.timers) + happening.index] = kNever;
  Reason reason;
  const Effect effect = g.advance(r.index, happening, y.data(), system_.signals().data(), reason);
  put_back(mode_, g.mode, first_of(g.modes));
  put_back(held_, g.held, first_of(g.held_count));
  put_back(timer_, g.timer, first_of(g.timers));
  put_back(x_, y, g.x_at[r.index]);
  return effect;
}

}  // namespace ballast
