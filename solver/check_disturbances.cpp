#include "solver/check_disturbances.hpp"

#include <fmt/format.h>

#include <cmath>

namespace ballast {
namespace {

class Checker {
 public:
  Checker(const System& system, Problems& problems) : system_(system), problems_(problems) {}

  void check(const Disturbance& d, int number, double start_s) {
    const std::string place = d.place.text();
    where_ = place.empty() ? fmt::format("event {} at {:g} s", number + 1, d.at_s) : place;
    if (!std::isfinite(d.at_s) || d.at_s < start_s)
      say(fmt::format("its time {:g} s is not after the start of the run, {:g} s", d.at_s, start_s));
    std::visit([&](const auto& action) { check(action); }, d.action);
  }

 private:
  const System& system_;
  Problems& problems_;
  std::string where_;

  void say(std::string what, std::string remedy = {}) {
    problems_.add(where_, std::move(what), std::move(remedy));
  }
  bool exists(const char* what, int index, std::size_t count) {
    if (index >= 0 && index < static_cast<int>(count)) return true;
    say(fmt::format("there is no {} with index {}, there are {}", what, index, count));
    return false;
  }
  void check(const FaultStrength& s) {
    if (std::isnan(s.residual_voltage_pu)) {
      if (!std::isfinite(s.impedance.real()) || !std::isfinite(s.impedance.imag()) || s.impedance.real() < 0)
        say(fmt::format("the fault's impedance {:g} + j {:g} pu is not possible", s.impedance.real(),
                        s.impedance.imag()),
            "give a resistance of zero or more");
    } else if (!(s.residual_voltage_pu >= 0 && s.residual_voltage_pu < 1)) {
      say(fmt::format("the residual voltage {:g} pu is not possible", s.residual_voltage_pu),
          "give a value from 0 to less than 1");
    }
  }
  void check_time(const char* what, double value, bool may_be_never) {
    if (!(value > 0) || (!may_be_never && !std::isfinite(value)))
      say(fmt::format("its {} of {:g} s is not positive", what, value));
  }

  void check(const BusFault& fault) {
    exists("bus", fault.bus, system_.network().buses.size());
    check(fault.strength);
    check_time("duration", fault.duration_s, true);
  }
  void check(const LineFault& fault) {
    exists("branch", fault.branch, system_.network().branches.size());
    check(fault.strength);
    check_time("clearing time", fault.clearing_s, false);
    for (const double dead_time : fault.reclose_after_s) check_time("dead time", dead_time, false);
    if (fault.shots_onto_fault < 0)
      say(fmt::format("{} shots onto the fault are not possible", fault.shots_onto_fault));
  }
  void check(const SwitchBranch& action) {
    exists("branch", action.branch, system_.network().branches.size());
  }
  void check(const TripPlant& action) { exists("plant", action.plant, system_.plants().size()); }
  void check(const LoadStep& step) {
    if (!std::isfinite(step.P_factor) || !std::isfinite(step.Q_factor))
      say(fmt::format("its factors {:g} and {:g} are no numbers", step.P_factor, step.Q_factor));
    if (!exists("plant", step.plant, system_.plants().size())) return;
    for (int i = system_.parts_of(step.plant).first; i < system_.parts_of(step.plant).last; ++i)
      if (system_.reference_signal(i, "P_factor") >= 0 || system_.reference_signal(i, "Q_factor") >= 0)
        return;
    const Plant& plant = system_.plants()[step.plant];
    say(fmt::format("{} '{}' has no demand that a load step could multiply", plant.kind, plant.name),
        "name a load");
  }
  void check(const ReferenceStep& step) {
    if (!std::isfinite(step.value)) say(fmt::format("its value {:g} is no number", step.value));
    if (!exists("part", step.part, system_.parts().size())) return;
    if (system_.reference_signal(step.part, step.input) >= 0) return;
    const PartRef& part = system_.parts()[step.part];
    std::vector<std::string> names;
    for (const InputInfo& input : system_.group(part.group).inputs)
      if (system_.reference_signal(step.part, input.name) >= 0) names.emplace_back(input.name);
    say(fmt::format("{} '{}' has no free reference '{}'", system_.group(part.group).model, part.name,
                    step.input),
        names.empty() ? "all its inputs are wired" : fmt::format("it has {}", fmt::join(names, ", ")));
  }
  void check(const ExpireTimer& action) {
    if (!exists("part", action.part, system_.parts().size())) return;
    exists("timer", action.timer,
           static_cast<std::size_t>(system_.group(system_.parts()[action.part].group).timers));
  }
};

}  // namespace

void check_disturbances(const System& system, const std::vector<Disturbance>& disturbances, double start_s) {
  Problems problems;
  Checker checker(system, problems);
  for (std::size_t i = 0; i < disturbances.size(); ++i)
    checker.check(disturbances[i], static_cast<int>(i), start_s);
  problems.throw_if_any();
}

}  // namespace ballast
