#include "kernels/prepare/mirror.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/lane.hpp"
#include "solver/island_events.hpp"
#include "solver/simulate.hpp"

namespace ballast::batch {

std::unique_ptr<System> MirrorPool::take() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!free_.empty()) {
      std::unique_ptr<System> system = std::move(free_.back());
      free_.pop_back();
      return system;
    }
  }
  return std::make_unique<System>(original_.network(), original_.plants());
}

void MirrorPool::give_back(std::unique_ptr<System> system) {
  const std::lock_guard<std::mutex> lock(mutex_);
  free_.push_back(std::move(system));
}

std::shared_ptr<const Channels> MirrorPool::channels(const System& system,
                                                     const std::vector<std::string>& patterns) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!channels_ || patterns_ != patterns) {
    channels_ = std::make_shared<const Channels>(system, patterns);
    patterns_ = patterns;
  }
  return channels_;
}

Mirror::Mirror(MirrorPool& pool, const Problem& problem, int scenario, const std::vector<ToldAction>& told,
               RunInfo info, std::vector<std::string> patterns, Recorder& recorder)
    : pool_(pool),
      problem_(problem),
      rest_(problem.rests[problem.scenarios[scenario].rest]),
      told_(told),
      info_(std::move(info)),
      patterns_(std::move(patterns)),
      recorder_(recorder),
      system_(pool.take()),
      plain_signals_(static_cast<int>(system_->signals().size()) - system_->frame_count()),
      log_(*system_),
      automata_(*system_, log_),
      operations_(*system_, log_, {}, problem.start_s),
      part_of_(problem.groups.size()) {
  for (std::size_t i = 0; i < system_->parts().size(); ++i) {
    const PartRef& r = system_->parts()[i];
    part_of_[r.group].resize(static_cast<std::size_t>(problem.groups[r.group].count()), -1);
    part_of_[r.group][r.index] = static_cast<int>(i);
  }
}

Mirror::~Mirror() { pool_.give_back(std::move(system_)); }

void Mirror::follow(const Store<double>& store, Reads reads) {
  System& system = *system_;
  t_ = store.t;
  y_.resize(system.size());
  std::copy(store.x.begin(), store.x.end(), y_.begin());
  std::copy_n(store.s.begin(), 2 * problem_.buses, y_.begin() + system.voltage_at(0));
  if (reads == Reads::CURRENTS)
    for (const Injection& i : problem_.injections)
      for (const int signal : {i.signal_r, i.signal_i}) system.signals()[signal] = store.s[signal];
  if (reads == Reads::OUTPUTS) {
    std::copy_n(store.s.begin(), std::min(plain_signals_, problem_.frame_signal), system.signals().begin());
    system.move_taps();
  }
  for (int g = 0; g < system.group_count(); ++g) {
    PartGroup& group = system.group(g);
    std::copy_n(store.mode.begin() + problem_.groups[g].mode_first, group.mode.size(), group.mode.begin());
  }
  // Every island's frame turns with its machines; the angles are those of the lane's one frame.
  frame_weight_.assign(system.frame_count(), 0.0);
  frame_speed_.assign(system.frame_count(), 0.0);
  frame_fixed_.assign(system.frame_count(), 0);  // the first infinite source gives the speed alone
  for (std::size_t k = 0; k < problem_.weights.size(); ++k) {
    const Weight& w = problem_.weights[k];
    const double inertia = rest_.inertia[k];
    const int frame = system.frame_of(w.bus);
    if (frame < 0 || store.active[w.plant] < 0.5) continue;
    if (frame_fixed_[frame] != 0) continue;
    if (std::isinf(inertia)) {
      frame_fixed_[frame] = 1;
      frame_weight_[frame] = 1;
      frame_speed_[frame] = store.x[w.state];
      continue;
    }
    frame_weight_[frame] += inertia;
    frame_speed_[frame] += inertia * store.x[w.state];
  }
  for (int k = 0; k < system.frame_count(); ++k) {
    const double weight = frame_weight_[k];
    y_[system.frame_speed_at(k)] = !(weight > 0) ? 1.0 : 1 + frame_speed_[k] / weight;
    y_[system.frame_angle_at(k)] = store.turned;
  }
}

void Mirror::begin(const Lane& lane, const Store<double>& store) {
  System& system = *system_;
  y_.assign(system.size(), 0.0);
  for (std::size_t k = 0; k < lane.connects.size(); ++k)
    system.grid.branch_closed[k] = static_cast<std::uint8_t>(lane.connects[k]);
  for (int p = 0; p < problem_.plants; ++p) system.set_active(p, store.active[p] > 0.5);
  system.update_topology(y_);
  follow(store);
  automata_.begin(y_.data());
  operations_.note_orders();
  channels_ = pool_.channels(system, patterns_);
  reads_ = channels_->reads_outputs()    ? Reads::OUTPUTS
           : channels_->reads_currents() ? Reads::CURRENTS
                                         : Reads::NOTHING;
  recorder_.begin(info_, channels_->schema(), system.network());
  sample(store);
}

bool Mirror::sample(const Store<double>& store) {
  follow(store, reads_);
  channels_->sample(*system_, y_, values_);
  try {
    recorder_.sample(t_, values_);
  } catch (const Interrupted&) {
    return false;
  }
  flush();
  return true;
}

void Mirror::flush() {
  for (; flushed_ < log_.events().size(); ++flushed_) recorder_.event(log_.events()[flushed_]);
}

void Mirror::acting(int first, int last, const Store<double>& store) {
  follow(store);
  before_jump(store);
  automata_.remember_calm(t_, y_.data());
  const double from = problem_.actions[first].time_s;
  const double to = problem_.actions[last - 1].time_s;
  for (const ToldAction& told : told_) {
    if (told.event.time_s < from || told.event.time_s > to || id_of_.contains(told.event.id)) continue;
    LoggedEvent event = told.event;
    const auto cause = id_of_.find(event.cause);
    event.cause = cause == id_of_.end() ? -1 : cause->second;
    const int id = log_.add_cause(std::move(event));
    id_of_[told.event.id] = id;
    if (told.network) network_events_.push_back(id);
    if (told.plant >= 0) automata_.expect(id, told.plant, y_.data());
  }
}

void Mirror::moved(int group, int part, const Happening& happening, int mode_before, Effect effect,
                   const Reason& reason, const Store<double>& store) {
  const PartGroup& g = system_->group(group);
  const int mode = problem_.groups[group].mode_first + part * g.modes + g.limits;
  t_ = store.t;
  if (effect == Effect::JUMP || (g.modes > g.limits && store.mode[mode] != mode_before)) follow(store);
  if (effect == Effect::JUMP) before_jump(store);
  automata_.moved(part_of_[group][part], happening, mode_before, effect, reason, y_.data());
}

void Mirror::obeying(const Store<double>& store) {
  follow(store);
  automata_.remember_calm(t_, y_.data());
  Operations::Done done;
  operations_.obey_orders(t_, y_, automata_, done);
  for (const auto& [event, plant] : done.plants) automata_.expect(event, plant, y_.data());
  network_events_.insert(network_events_.end(), done.network_events.begin(), done.network_events.end());
}

Motion Mirror::motion(const Store<double>& store) const {
  const System& system = *system_;
  std::vector<double> weight(static_cast<std::size_t>(system.frame_count()), 0.0), sum(weight);
  for (std::size_t k = 0; k < problem_.weights.size(); ++k) {
    const Weight& w = problem_.weights[k];
    const double inertia = rest_.inertia[k];
    const int frame = store.active[w.plant] < 0.5 ? -1 : system.frame_of(w.bus);
    if (frame < 0) continue;
    weight[frame] += inertia;
    if (std::isfinite(inertia)) sum[frame] += inertia * store.f[w.state];
  }
  const auto buses = static_cast<std::size_t>(problem_.buses);
  Motion now{std::vector<double>(buses, 0.0), std::vector<double>(buses, 0.0)};
  for (int b = 0; b < problem_.buses; ++b) {
    const int frame = system.frame_of(b);
    if (frame < 0) continue;
    now.voltage_pu[b] = std::hypot(store.s[2 * b], store.s[2 * b + 1]);
    if (weight[frame] > 0) now.acceleration_Hz_per_s[b] = problem_.frequency_Hz * sum[frame] / weight[frame];
  }
  return now;
}

void Mirror::settled(const Lane& lane, const Store<double>& store, bool network) {
  System& system = *system_;
  if (network) {
    const IslandsBefore before(system, y_.data());
    for (std::size_t k = 0; k < lane.connects.size(); ++k)
      system.grid.branch_closed[k] = static_cast<std::uint8_t>(lane.connects[k]);
    for (int p = 0; p < problem_.plants; ++p)
      if (const bool active = store.active[p] > 0.5; active != system.is_active(p))
        system.set_active(p, active);
    if (system.update_topology(y_)) log_islands(system, log_, store.t, before, network_events_);
    network_events_.clear();
  }
  follow(store);
  if (before_) log_.jumped(*before_, motion(store));
  before_.reset();
  automata_.settle(t_, y_.data());
}

void Mirror::end(const Result& result) {
  flush();
  RunStatus status;
  status.end_time_s = result.end_s;
  status.completed = result.ending == Ending::COMPLETED;
  status.outcome = status.completed ? "completed" : "stopped";
  recorder_.end(status);
}

}  // namespace ballast::batch
