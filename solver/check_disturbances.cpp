#include "solver/check_disturbances.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace ballast {
namespace {

class Checker {
 public:
  Checker(const System& system, Problems& problems) : system_(system), problems_(problems) {}

  void check(const Disturbance& d, int number, double start_s) {
    where_ = name_of(d, static_cast<std::size_t>(number));
    if (!std::isfinite(d.at_s) || d.at_s < start_s)
      say(fmt::format("its time {:g} s is not after the start of the run, {:g} s", d.at_s, start_s));
    std::visit([&](const auto& action) { check(action); }, d.action);
  }

  /// Ramps that overlap in time, each pair once.
  void check_overlaps(const std::vector<Disturbance>& all) {
    std::vector<std::size_t> ramps;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (std::holds_alternative<LoadRamp>(all[i].action) ||
          std::holds_alternative<ReferenceStep>(all[i].action))
        ramps.push_back(i);
    for (std::size_t j = 1; j < ramps.size(); ++j)
      for (std::size_t i = 0; i < j; ++i) {
        where_ = name_of(all[ramps[j]], ramps[j]);
        check_overlap(all[ramps[i]], all[ramps[j]], name_of(all[ramps[i]], ramps[i]));
      }
  }

 private:
  const System& system_;
  Problems& problems_;
  std::string where_;
  std::set<std::string> told_;  ///< of the sequence data, which all unbalanced faults share

  static std::string name_of(const Disturbance& d, std::size_t number) {
    const std::string place = d.place.text();
    return place.empty() ? fmt::format("event {} at {:g} s", number + 1, d.at_s) : place;
  }
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

  void check(const Element& element) {
    switch (element.kind) {
      case Element::Kind::BRANCH:
        exists("branch", element.index, system_.network().branches.size());
        break;
      case Element::Kind::PLANT:
        exists("plant", element.index, system_.plants().size());
        break;
      case Element::Kind::SHUNT:
        exists("shunt", element.index, system_.network().shunts.size());
        break;
    }
  }
  void check(FaultType type) {
    const Network& network = system_.network();
    if (type == FaultType::THREE_PHASE) return;
    if (!network.sequence && !system_.grid.sequence_ratio) {
      say("an unbalanced fault needs sequence data, and the network has none",
          "name a SEQ file, or declare sequence_ratio in [network]");
      return;
    }
    Problems found;
    check_sequence_data(network, type, found);
    for (const Problem& p : found.errors())
      if (told_.insert(p.text()).second) problems_.add(p.where, p.what, p.remedy);
  }
  void check_backup(double backup_s, double main_s) {
    if (!(backup_s > main_s) || !std::isfinite(backup_s))
      say(fmt::format("its backup opens after {:g} s, not later than the main protection after {:g} s",
                      backup_s, main_s),
          "give backup_s, counted from the fault, above the clearing time");
  }

  void check(const BusFault& fault) {
    exists("bus", fault.bus, system_.network().buses.size());
    check(fault.strength);
    check(fault.type);
    check_time("duration", fault.duration_s, true);
    for (const Element& e : fault.trips) check(e);
    if (!fault.breaker_failure) return;
    const auto& failure = *fault.breaker_failure;
    check_backup(failure.backup_s, fault.duration_s);
    if (std::none_of(fault.trips.begin(), fault.trips.end(), [&](const Element& e) {
          return e.kind == failure.stuck.kind && e.index == failure.stuck.index;
        }))
      say("the breaker that fails is none of those that are to clear the fault",
          "name one of the elements in trips");
    for (const Element& e : failure.backup) check(e);
  }
  void check(const LineFault& fault) {
    exists("branch", fault.branch, system_.network().branches.size());
    check(fault.strength);
    check(fault.type);
    check_time("clearing time", fault.clearing_s, false);
    if (!std::isnan(fault.far_clearing_s)) check_time("far clearing time", fault.far_clearing_s, false);
    if (!(fault.share >= 0 && fault.share <= 1))
      say(fmt::format("its place at {:g} % of the length is not on the line", 100 * fault.share),
          "give 0 to 100");
    if (fault.breaker_failure) {
      const double far = std::isnan(fault.far_clearing_s) ? fault.clearing_s : fault.far_clearing_s;
      check_backup(fault.breaker_failure->backup_s, std::max(fault.clearing_s, far));
      if (!fault.reclose_after_s.empty())
        say("it both recloses and has a breaker that fails", "keep one of the two");
      for (const Element& e : fault.breaker_failure->backup) check(e);
    }
    for (const double dead_time : fault.reclose_after_s) check_time("dead time", dead_time, false);
    if (fault.shots_onto_fault < 0)
      say(fmt::format("{} shots onto the fault are not possible", fault.shots_onto_fault));
  }
  void check(const SwitchBranch& action) {
    exists("branch", action.branch, system_.network().branches.size());
  }
  void check(const SwitchShunt& action) { exists("shunt", action.shunt, system_.network().shunts.size()); }
  void check(const SetSwitchedShunt& action) {
    const auto& shunts = system_.network().switched_shunts;
    if (!exists("switched shunt", action.shunt, shunts.size())) return;
    double low = 0;
    double high = 0;
    for (const SwitchedShunt::Block& block : shunts[action.shunt].blocks)
      if (block.in_service) (block.B_Mvar < 0 ? low : high) += block.N * block.B_Mvar;
    if (!(action.B_Mvar >= low - 1e-9 && action.B_Mvar <= high + 1e-9))
      say(fmt::format("its {:g} Mvar are more than the switched shunt has", action.B_Mvar),
          fmt::format("give {:g} to {:g} Mvar", low, high));
  }
  void check(const OpenCutSet& action) {
    if (action.branches.empty()) say("its cut-set has no branch", "name the branches to open");
    for (const int branch : action.branches) exists("branch", branch, system_.network().branches.size());
  }
  void check(const TripPlant& action) { exists("plant", action.plant, system_.plants().size()); }
  void check(const LoadStep& step) {
    if (!std::isfinite(step.P_factor) || !std::isfinite(step.Q_factor))
      say(fmt::format("its factors {:g} and {:g} are no numbers", step.P_factor, step.Q_factor));
    check_demand(step.plant);
  }
  void check_demand(int index) {
    if (!exists("plant", index, system_.plants().size())) return;
    for (int i = system_.parts_of(index).first; i < system_.parts_of(index).last; ++i)
      if (system_.reference_signal(i, "P_factor") >= 0 || system_.reference_signal(i, "Q_factor") >= 0)
        return;
    const Plant& plant = system_.plants()[index];
    say(fmt::format("{} '{}' has no demand that a load step could multiply", plant.kind, plant.name),
        "name a load");
  }
  void check(const LoadRamp& ramp) {
    if (!std::isfinite(ramp.P_change) || !std::isfinite(ramp.Q_change))
      say(fmt::format("its changes {:g} and {:g} are no numbers", ramp.P_change, ramp.Q_change));
    check_time("ramp time", ramp.over_s, false);
    if (ramp.plants.empty()) say("it has no load", "name one");
    for (const int plant : ramp.plants) check_demand(plant);
  }
  /// Two ramps of one thing at one time: the later would take it from the earlier one.
  void check_overlap(const Disturbance& a, const Disturbance& b, const std::string& other) {
    const auto clash = [&](double over_a, double over_b, const std::string& what) {
      if (a.at_s + over_a <= b.at_s || b.at_s + over_b <= a.at_s) return;
      say(fmt::format("it ramps {} from {:g} to {:g} s, and so does the event {} from {:g} to {:g} s", what,
                      b.at_s, b.at_s + over_b, other, a.at_s, a.at_s + over_a),
          "let one end before the other begins, or give one ramp for the sum of both");
    };
    if (const auto* p = std::get_if<LoadRamp>(&a.action), *q = std::get_if<LoadRamp>(&b.action); p && q) {
      if ((p->P_change == 0 || q->P_change == 0) && (p->Q_change == 0 || q->Q_change == 0)) return;
      for (const int plant : q->plants) {
        if (std::find(p->plants.begin(), p->plants.end(), plant) == p->plants.end()) continue;
        clash(p->over_s, q->over_s,
              fmt::format("load {}", plant >= 0 && plant < static_cast<int>(system_.plants().size())
                                         ? system_.plants()[plant].name
                                         : ""));
        return;
      }
    }
    if (const auto* p = std::get_if<ReferenceStep>(&a.action), *q = std::get_if<ReferenceStep>(&b.action);
        p && q && p->over_s > 0 && q->over_s > 0 && p->part == q->part && p->input == q->input)
      clash(p->over_s, q->over_s, p->input);
  }

  void check(const ReferenceStep& step) {
    if (!std::isfinite(step.value)) say(fmt::format("its value {:g} is no number", step.value));
    if (step.over_s != 0) check_time("ramp time", step.over_s, false);
    check_reference(step.part, step.input);
  }
  void check(const PlayReference& play) {
    bool sound = !play.values.empty() && play.values.size() == play.after_s.size() && play.after_s[0] == 0;
    for (std::size_t k = 0; sound && k < play.values.size(); ++k)
      sound = std::isfinite(play.values[k]) && std::isfinite(play.after_s[k]) &&
              (k == 0 || play.after_s[k] >= play.after_s[k - 1]);
    if (!sound) say("its curve is empty, goes back in time, does not begin at 0, or holds what is no number");
    check_reference(play.part, play.input);
  }
  void check_reference(int index, const std::string& reference) {
    if (!exists("part", index, system_.parts().size())) return;
    if (system_.reference_signal(index, reference) >= 0) return;
    const PartRef& part = system_.parts()[index];
    std::vector<std::string> names;
    for (const InputInfo& input : system_.group(part.group).inputs)
      if (system_.reference_signal(index, input.name) >= 0) names.emplace_back(input.name);
    say(fmt::format("{} '{}' has no free reference '{}'", system_.group(part.group).model, part.name,
                    reference),
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
  checker.check_overlaps(disturbances);
  problems.throw_if_any();
}

}  // namespace ballast
