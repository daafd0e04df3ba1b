#include "tests/kernels/oracle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <numbers>

#include "viz/record.hpp"

namespace ballast::test {
namespace {

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

struct Watch {
  std::vector<int> speed, angle;  ///< states of machines, in the order of the record
  std::vector<int> plant;
};

Watch machines_of(const System& system) {
  Watch w;
  for (std::size_t i = 0; i < system.parts().size(); ++i) {
    const PartRef& r = system.parts()[i];
    const PartGroup& g = system.group(r.group);
    if (!g.forms_voltage) continue;
    w.speed.push_back(g.x_at[r.index] + g.find_state("omega"));
    w.angle.push_back(g.x_at[r.index] + g.find_state("delta"));
    w.plant.push_back(r.plant);
  }
  return w;
}

/// Moves of automata with their times.
struct Moves {
  std::vector<double> time;
  std::vector<std::string> text;
};

Moves moves_of(const std::vector<LoggedEvent>& events) {
  Moves m;
  for (const LoggedEvent& e : events)
    if (e.kind == "mode") {
      m.time.push_back(e.time_s);
      m.text.push_back(e.text);
    }
  return m;
}

Moves moves_of(const std::vector<batch::Event>& events, const System& system) {
  std::vector<std::vector<std::string>> name(system.group_count());
  for (const PartRef& r : system.parts()) {
    name[r.group].resize(static_cast<std::size_t>(system.group(r.group).count));
    name[r.group][r.index] = r.name;
  }
  Moves m;
  for (const batch::Event& e : events) {
    if (e.kind == batch::Event::ACTION || e.mode_before == e.mode_after) continue;
    const PartGroup& g = system.group(e.group);
    if (g.mode_names.empty()) continue;
    m.time.push_back(e.time_s);
    m.text.push_back(fmt::format("{} {}: {} to {}", g.model, name[e.group][e.part],
                                 g.mode_names[e.mode_before], g.mode_names[e.mode_after]));
  }
  return m;
}

/// Moves within a microsecond of each other have no order of their own.
void order(Moves& m) {
  std::vector<std::pair<double, std::string>> all;
  for (std::size_t i = 0; i < m.time.size(); ++i) all.emplace_back(m.time[i], m.text[i]);
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return std::abs(a.first - b.first) < 1e-6 ? a.second < b.second : a.first < b.first;
  });
  for (std::size_t i = 0; i < all.size(); ++i) std::tie(m.time[i], m.text[i]) = all[i];
}

}  // namespace

Agreement compare_with_ida(const Case& c, const PreparedCase& ready,
                           const std::vector<Disturbance>& disturbances, const OracleOptions& options) {
  Agreement a;
  System& system = *ready.system;
  const Watch watch = machines_of(system);
  const double until = options.until_s > 0 ? options.until_s : c.simulation.until_s;
  double start = cpu_seconds();
  batch::ProblemBuilder builder(system, ready.y, {0, until, options.step_s});
  builder.add(disturbances);
  const batch::Problem problem = builder.finish();
  batch::Options run;
  run.sample_every_s = options.sample_every_s;
  run.watch_states = watch.speed;
  run.watch_states.insert(run.watch_states.end(), watch.angle.begin(), watch.angle.end());
  for (int b = 0; b < problem.buses; ++b) run.watch_buses.push_back(b);
  const batch::Result ours = batch::run_alone(problem, 0, run);
  a.batch_s = cpu_seconds() - start;
  a.ending = ours.ending;
  a.steps = ours.steps;
  const Moves batch_moves = [&] {
    Moves m = moves_of(ours.events, system);
    order(m);
    return m;
  }();

  SimulationOptions exact = c.simulation;
  exact.until_s = until;
  exact.relative_tolerance = options.ida_tolerance;
  exact.record_step_s = options.sample_every_s;
  exact.record = {"bus.voltage", "machine.speed", "machine.angle"};
  MemoryRecorder recorder;
  start = cpu_seconds();
  const RunResult theirs = simulate(system, ready.y, disturbances, exact, run_info(c), &recorder);
  a.ida_s = cpu_seconds() - start;
  a.ida_outcome = theirs.status.outcome;
  a.ida_steps = theirs.statistics.integrator.steps;
  const Moves ida_moves = [&] {
    Moves m = moves_of(theirs.events);
    order(m);
    return m;
  }();
  a.same_events = ida_moves.text == batch_moves.text;
  for (std::size_t i = 0; i < ida_moves.time.size(); ++i)
    a.ida_events.push_back(fmt::format("{:.6f} {}", ida_moves.time[i], ida_moves.text[i]));
  for (std::size_t i = 0; i < batch_moves.time.size(); ++i)
    a.batch_events.push_back(fmt::format("{:.6f} {}", batch_moves.time[i], batch_moves.text[i]));
  if (a.same_events)
    for (std::size_t i = 0; i < ida_moves.time.size(); ++i)
      a.event_time_gap = std::max(a.event_time_gap, std::abs(ida_moves.time[i] - batch_moves.time[i]));

  const Record& record = recorder.record();
  const std::size_t voltage = record.find("bus.voltage").value();
  const auto speed = record.find("machine.speed");
  const auto angle = record.find("machine.angle");
  const std::size_t machines = watch.speed.size();
  const std::size_t width = 2 * machines + run.watch_buses.size();
  // Angles against the first machine that runs to the end, of those that do.
  std::size_t reference = 0;
  while (reference < machines && !system.is_active(watch.plant[reference])) ++reference;
  double speeds = 0;
  double angles = 0;
  double voltages = 0;
  std::size_t k = 0;
  for (std::size_t i = 0; i < ours.sample_times.size(); ++i) {
    const double t = ours.sample_times[i];
    while (k + 1 < record.samples() && record.times_s[k] < t - 1e-9)
      ++k;  // the first of equal times: before an event
    if (std::abs(record.times_s[k] - t) > 1e-9) continue;
    ++a.samples;
    const double* row = ours.samples.data() + i * width;
    for (std::size_t m = 0; m < machines && speed && angle; ++m) {
      const double d = std::abs(1 + row[m] - record.at(*speed, k, m));
      speeds += d * d;
      a.speed_largest = std::max(a.speed_largest, d);
      if (!system.is_active(watch.plant[m]) || reference == machines) continue;
      const double ours_deg = (row[machines + m] - row[machines + reference]) * 180 / std::numbers::pi;
      const double turn =
          std::remainder(ours_deg - record.at(*angle, k, m) + record.at(*angle, k, reference), 360);
      angles += turn * turn;
    }
    for (int b = 0; b < problem.buses; ++b) {
      const double v = row[2 * machines + static_cast<std::size_t>(b)];
      const double d = std::abs(v - record.at(voltage, k, static_cast<std::size_t>(b)));
      voltages += d * d;
      if (d > a.voltage_largest) {
        a.voltage_largest = d;
        a.voltage_where = fmt::format("{} at {:.2f} s: IDA {:.4f}, batch {:.4f}", c.network.bus_label(b), t,
                                      record.at(voltage, k, static_cast<std::size_t>(b)), v);
      }
    }
  }
  const auto n = static_cast<double>(std::max<std::size_t>(1, a.samples));
  const auto m = static_cast<double>(std::max<std::size_t>(1, machines));
  a.speed_rms = std::sqrt(speeds / (n * m));
  a.angle_rms = std::sqrt(angles / (n * m));
  a.voltage_rms = std::sqrt(voltages / (n * problem.buses));
  return a;
}

Agreement compare_with_ida(const Case& c, const OracleOptions& options) {
  return compare_with_ida(c, prepare(c), c.disturbances, options);
}

std::string text_of(const Agreement& a) {
  return fmt::format(
      "speed {:.1e} pu (1e-4), angle {:.1e} deg (0.5), voltage {:.1e} pu (2e-3) RMS, largest {:.1e} ({}); {} "
      "moves of automata{}, "
      "times "
      "within {:.1e} s; {} steps, IDA {}",
      a.speed_rms, a.angle_rms, a.voltage_rms, a.voltage_largest, a.voltage_where, a.ida_events.size(),
      a.same_events ? " in the same order" : " DIFFER", a.event_time_gap, a.steps, a.ida_steps);
}

}  // namespace ballast::test
