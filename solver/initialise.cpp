#include "solver/initialise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ballast {
namespace {

/// Walks the parts from the injectors backwards along their inputs.
class Rester {
 public:
  Rester(System& system, std::vector<double>& y, double t, AtLimits at_limits)
      : system_(system), y_(y), t_(t), at_limits_(at_limits) {
    const int n = static_cast<int>(system.parts().size());
    giver_.assign(system.signals().size(), -1);
    known_.assign(system.signals().size(), kUnknown);
    for (int i = 0; i < n; ++i) {
      const PartGroup& g = group(i);
      for (int k = 0; k < g.output_count(); ++k) giver_[out_at(i) + k] = i;
    }
  }

  [[nodiscard]] const std::vector<MovedLimit>& moved_limits() const { return moved_; }

  void run(Problems& problems) {
    const int n = static_cast<int>(system_.parts().size());
    std::vector<int> queue;
    std::vector<char> seen(n, 0);
    const auto enqueue = [&](int part) {
      if (seen[part] == 0) {
        seen[part] = 1;
        queue.push_back(part);
      }
    };
    // Meters and sources know all they read, and then those that read nothing but them.
    for (bool more = true; more;) {
      more = false;
      for (int i = 0; i < n; ++i)
        if (seen[i] == 0 && knows_its_inputs(i)) {
          seen[i] = 1;
          rest(i, problems);
          more = true;
        }
    }
    for (int i = 0; i < n; ++i)
      if (group(i).find_output("Ir") >= 0) enqueue(i);
    std::size_t at = 0;
    for (int next = 0;;) {
      for (; at < queue.size(); ++at) {
        rest_sums_before(queue[at], seen, problems);
        rest(queue[at], problems);
        const PartGroup& g = group(queue[at]);
        for (int k = 0; k < g.input_count(); ++k)
          if (const int giver = giver_[signal(queue[at], k)]; giver >= 0) enqueue(giver);
      }
      while (next < n && seen[next] != 0) ++next;  // parts nothing injecting reads, such as a meter
      if (next == n) break;
      enqueue(next);
    }
  }

 private:
  System& system_;
  std::vector<double>& y_;
  double t_;
  AtLimits at_limits_;
  std::vector<MovedLimit> moved_;
  std::vector<int> giver_;     ///< part giving a signal, -1 for the system's own
  std::vector<double> known_;  ///< value at rest of each signal, NaN until found

  PartGroup& group(int part) { return system_.group(system_.parts()[part].group); }
  int out_at(int part) { return group(part).out_at[system_.parts()[part].index]; }
  int signal(int part, int input) {
    const PartGroup& g = group(part);
    return system_.output_behind(g.in_at[system_.parts()[part].index * g.input_count() + input]);
  }

  /// Injects nothing and reads only what the system gives or a part that rests already.
  bool knows_its_inputs(int part) {
    if (group(part).find_output("Ir") >= 0) return false;
    for (int k = 0; k < group(part).input_count(); ++k)
      if (std::isnan(value_of_input(part, k))) return false;
    return true;
  }

  /// Sums that a part reads, which follow from parts at rest already.
  void rest_sums_before(int part, std::vector<char>& seen, Problems& problems) {
    for (int k = 0; k < group(part).input_count(); ++k) {
      const int giver = giver_[signal(part, k)];
      if (giver < 0 || seen[giver] != 0 || !is_sum(giver)) continue;
      seen[giver] = 1;
      rest_sums_before(giver, seen, problems);
      rest(giver, problems);
    }
  }
  /// Remembers nothing and injects nothing.
  bool is_sum(int part) {
    const PartGroup& g = group(part);
    return g.state_count() == 0 && g.held_count == 0 && g.timers == 0 && g.find_output("Ir") < 0;
  }

  double value_of_input(int part, int input) {
    const int s = signal(part, input);
    if (system_.is_given(s)) return system_.given_at_rest(s, t_, y_.data());
    if (giver_[s] < 0) return system_.signals()[s];  // a constant: NaN when it is to be found
    return known_[s];
  }

  void rest(int part, Problems& problems) {
    const PartRef& ref = system_.parts()[part];
    PartGroup& g = group(part);
    const Plant& plant = system_.plants()[ref.plant];
    std::vector<double> in(g.input_count());
    std::vector<double> out(g.output_count());
    for (int k = 0; k < g.input_count(); ++k) in[k] = value_of_input(part, k);
    for (int k = 0; k < g.output_count(); ++k) out[k] = known_[out_at(part) + k];
    if (const int r = g.find_output("Ir"); r >= 0) {
      const Part& described = plant_part(ref, plant);
      const std::complex<double> v(y_[system_.voltage_at(plant.bus)], y_[system_.voltage_at(plant.bus) + 1]);
      const std::complex<double> s(described.P_MW, described.Q_Mvar);
      const std::complex<double> current =
          std::abs(v) > 0 ? std::conj(s / system_.network().base_MVA / v) : std::complex<double>(0);
      out[r] = current.real();
      out[g.find_output("Ii")] = current.imag();
    }
    const std::vector<double> wanted_in = in;
    const std::vector<double> wanted_out = out;
    Outcome outcome = g.initialise(ref.index, in, out, y_.data() + g.x_at[ref.index]);
    // Each pass moves one limit; a device has no more of them than twice its limit blocks and its inputs'.
    for (int pass = 0; pass < 8 && !outcome.ok() && move_limit(part, outcome); ++pass) {
      in = wanted_in;
      out = wanted_out;
      clear(g, ref.index);
      outcome = g.initialise(ref.index, in, out, y_.data() + g.x_at[ref.index]);
    }
    if (!outcome.ok())  // what the part found out still tells its neighbours about their own limits
      problems.add(fmt::format("{}, {} '{}'", system_.network().bus_label(plant.bus), g.model, ref.name),
                   fmt::format("{} = {:.6g} at the operating point is outside its limits {:.6g} to {:.6g}",
                               outcome.quantity, outcome.value, outcome.low, outcome.high),
                   "widen the limits or change the dispatch");
    for (int k = 0; k < g.input_count(); ++k) {
      const int s = signal(part, k);
      if (std::isnan(in[k]) || system_.is_given(s)) continue;
      if (giver_[s] >= 0)
        known_[s] = std::isnan(known_[s]) ? in[k] : known_[s];
      else if (std::isnan(system_.signals()[s]))
        system_.set_reference(s, in[k]);
    }
    for (int k = 0; k < g.output_count(); ++k)
      if (!std::isnan(out[k])) known_[out_at(part) + k] = out[k];
  }

  /// The discrete state of a part as before initialisation.
  static void clear(PartGroup& g, int part) {
    std::fill_n(g.mode.begin() + static_cast<std::ptrdiff_t>(part) * g.modes, g.modes, 0);
    std::fill_n(g.held.begin() + static_cast<std::ptrdiff_t>(part) * g.held_count, g.held_count, 0.0);
    std::fill_n(g.timer.begin() + static_cast<std::ptrdiff_t>(part) * g.timers, g.timers, kNever);
  }

  /// Moves the limit that excludes the operating point to it; false when it may not be moved.
  bool move_limit(int part, const Outcome& outcome) {
    const bool above = outcome.value > outcome.high;
    const Movable& limit = above ? outcome.upper : outcome.lower;
    const double bound = above ? outcome.high : outcome.low;
    if (at_limits_ == AtLimits::REFUSE || limit.parameter < 0 || limit.slope == 0 ||
        !std::isfinite(outcome.value))
      return false;
    const PartRef& ref = system_.parts()[part];
    std::vector<double> parameters = plant_part(ref, system_.plants()[ref.plant]).parameters;
    const double from = parameters[limit.parameter];
    parameters[limit.parameter] = from + (outcome.value - bound) / limit.slope;
    moved_.push_back({part, limit.parameter, from, parameters[limit.parameter], outcome.quantity});
    system_.set_parameters(part, std::move(parameters));
    return true;
  }

  static const Part& plant_part(const PartRef& ref, const Plant& plant) {
    const std::string name = ref.name.substr(plant.name.size() + 1);
    return *std::find_if(plant.parts.begin(), plant.parts.end(),
                         [&](const Part& p) { return p.name == name; });
  }
};

}  // namespace

std::vector<double> initialise(System& system, std::span<const std::complex<double>> voltage, double t,
                               RestReport* report, AtLimits at_limits) {
  if (voltage.size() != static_cast<std::size_t>(system.grid.bus_count()))
    throw Error(
        "",
        fmt::format("{} voltages given, the network has {} buses", voltage.size(), system.grid.bus_count()),
        "give the power flow's voltage of every bus");
  std::vector<double> y(system.size(), 0.0);
  for (int b = 0; b < system.grid.bus_count(); ++b) {
    const bool live = system.frame_of(b) >= 0;
    y[system.voltage_at(b)] = live ? voltage[b].real() : 0;
    y[system.voltage_at(b) + 1] = live ? voltage[b].imag() : 0;
  }
  for (int k = 0; k < system.frame_count(); ++k) y[system.frame_speed_at(k)] = 1;

  Problems problems;
  Rester rester(system, y, t, at_limits);
  rester.run(problems);
  for (std::size_t i = 0; i < system.parts().size(); ++i) {
    const PartRef& ref = system.parts()[i];
    const PartGroup& g = system.group(ref.group);
    for (const InputInfo& input : g.inputs) {
      const int s = system.reference_signal(static_cast<int>(i), input.name);
      if (s >= 0 && std::isnan(system.signals()[s]) && !problems.any())
        problems.add(fmt::format("{} '{}'", g.model, ref.name),
                     fmt::format("nothing determines its reference '{}' at rest", input.name),
                     "wire the input or set the reference in the case");
    }
  }
  problems.throw_if_any();

  // Loop signals start from the outputs they stand for; a few passes settle chains of them.
  for (int pass = 0; pass < 4; ++pass) system.settle_cuts(t, y);

  std::vector<double> yp(y.size(), 0.0);
  std::vector<double> F(y.size());
  system.residual(t, y.data(), yp.data(), F.data());
  RestReport found;
  found.moved_limits = rester.moved_limits();
  double worst = -1;
  const std::vector<char> counters = system.counters();
  for (int i = 0; i < system.size(); ++i) {
    if (counters[i] != 0) continue;
    const double size = std::isfinite(F[i]) ? std::abs(F[i]) : kInfinity;
    double& slot = system.is_differential(i) ? found.worst_rate : found.worst_balance;
    slot = std::max(slot, size);
    if (size > worst) {
      worst = size;
      found.where = system.unknown_name(i);
    }
    if (size > 1e-6)
      problems.add(system.unknown_name(i), fmt::format("not at rest: residual {:.3g}", F[i]),
                   "the model's initialisation disagrees with its equations or with the power flow");
  }
  if (report != nullptr) *report = found;
  problems.throw_if_any();
  return y;
}

}  // namespace ballast
