/// Faults of [[event]]: fault and line_fault.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cases/reader/reading.hpp"

namespace ballast {
namespace {

/// Which parts of a fault say how deep it is: exactly one.
FaultStrength read_strength(Section& s, const Network& network) {
  FaultStrength strength;
  const auto impedance = s.numbers_if("impedance_pu", {"pu", anything()});
  const auto residual = s.number_if("residual_voltage_pu", {"pu", within(0.001, 0.999)});
  const auto bolted = s.flag_if("bolted");
  const int given =
      (s.has("impedance_pu") ? 1 : 0) + (s.has("residual_voltage_pu") ? 1 : 0) + (s.has("bolted") ? 1 : 0);
  if (given != 1)
    s.problem(
        given == 0 ? "" : "bolted",
        fmt::format(
            "{} {}", s.label(),
            given == 0 ? "does not say how deep the fault is" : "says more than once how deep the fault is"),
        "give one of residual_voltage_pu = 0.3, impedance_pu = [R, X] (on the system base), bolted = true");
  if (bolted && !*bolted)
    s.problem("bolted", "bolted = false says nothing", "give impedance_pu or residual_voltage_pu");
  if (impedance) {
    if (impedance->size() != 2)
      s.problem("impedance_pu",
                fmt::format("impedance_pu in {} has {} numbers", s.label(), impedance->size()),
                fmt::format("give [R, X] in pu on {:g} MVA", network.base_MVA));
    else if ((*impedance)[0] < 0)
      s.problem("impedance_pu", fmt::format("fault resistance {:g} pu is negative", (*impedance)[0]),
                "give R >= 0");
    else
      strength.impedance = {(*impedance)[0], (*impedance)[1]};
  }
  if (residual) strength.residual_voltage_pu = *residual;
  return strength;
}

FaultType read_type(Section& s, const Case& c) {
  const std::string type = s.choice("type", {"three-phase", "LG", "LL", "LLG"}, "");
  if (type == "three-phase") return FaultType::THREE_PHASE;
  if (!c.network.sequence && !c.sequence_ratio)
    s.problem(
        "type", fmt::format("a fault of type {} needs sequence data, and the network has none", type),
        "name a SEQ file, or declare sequence_ratio = { Z0_over_Z1 = ..., Z2_over_Z1 = ... } in [network]");
  return type == "LG" ? FaultType::LG : type == "LL" ? FaultType::LL : FaultType::LLG;
}

/// The table `trips` of a section; empty without one.
std::vector<Element> read_trips(Section& s, const Network& network, const std::vector<Plant>& plants) {
  auto table = s.section_if("trips");
  if (!table) return {};
  std::vector<Element> trips = select_elements(*table, network, plants);
  table->finish();
  return trips;
}

double read_backup(Section& failure, const char* main, double main_s) {
  const double backup_s =
      failure.number("backup_s", {"s", positive()}, "from the fault to the opening of the backup");
  if (failure.has("backup_s") && backup_s <= main_s)
    failure.problem(
        "backup_s",
        fmt::format("the backup opens after {:g} s, not later than {} = {:g} s", backup_s, main, main_s),
        "give the time from the fault, above that of the main protection");
  if (!failure.has("trips"))
    failure.missing("trips", "what the backup opens", "add trips = { branch = [...] } or { bus = ... }");
  return backup_s;
}

}  // namespace

std::optional<BusFault> read_bus_fault(Section& s, const Case& c) {
  const Network& network = c.network;
  const std::vector<Plant>& plants = c.plants;
  BusFault fault;
  fault.bus = read_bus(s, "bus", network, "where the fault is");
  fault.type = read_type(s, c);
  fault.strength = read_strength(s, network);
  fault.duration_s = s.number("duration_s", {"s", positive(), true}, "how long it lasts; inf = for ever");
  fault.trips = read_trips(s, network, plants);
  if (auto failure = s.section_if("breaker_failure")) {
    fault.breaker_failure.emplace();
    fault.breaker_failure->backup_s = read_backup(*failure, "duration_s", fault.duration_s);
    fault.breaker_failure->backup = read_trips(*failure, network, plants);
    auto stuck = failure->section_if("stuck");
    if (!stuck) {
      failure->missing("stuck", "which of the trips does not open", "add stuck = { branch = \"7-8-1\" }");
    } else {
      const std::vector<Element> found = select_elements(*stuck, network, plants);
      stuck->finish();
      const auto is_trip = [&](const Element& e) {
        return std::any_of(fault.trips.begin(), fault.trips.end(),
                           [&](const Element& t) { return t.kind == e.kind && t.index == e.index; });
      };
      if (found.size() > 1 || (found.size() == 1 && !is_trip(found.front())))
        failure->problem("stuck",
                         fmt::format("stuck in {} is not one of the elements in trips", failure->label()),
                         "name the one element whose breaker does not open");
      else if (found.size() == 1)
        fault.breaker_failure->stuck = found.front();
    }
    failure->finish();
  }
  if (fault.bus < 0) return {};
  return fault;
}

std::optional<LineFault> read_line_fault(Section& s, const Case& c) {
  const Network& network = c.network;
  const std::vector<Plant>& plants = c.plants;
  LineFault fault;
  fault.branch = read_branch(s, "branch", network);
  const int near = read_bus(s, "near", network, "the end of the branch that at_percent counts from");
  const double percent = s.number_if("at_percent", {"%", within(0, 100)}).value_or(0);
  fault.share = percent / 100;
  fault.type = read_type(s, c);
  fault.strength = read_strength(s, network);
  fault.clearing_s = s.number("clearing_s", {"s", positive()}, "from the fault to the opening of the branch");
  if (const auto far = s.number_if("far_clearing_s", {"s", positive()})) fault.far_clearing_s = *far;
  fault.reclose_after_s = s.numbers_if("reclose_after_s", {"s", positive()}).value_or(std::vector<double>{});
  const int shots = static_cast<int>(fault.reclose_after_s.size());
  const auto onto = s.whole_if("shots_onto_fault", 0, 1000);
  if (shots > 0 && !onto)
    s.missing("shots_onto_fault", "how many of the reclosings meet the fault again",
              fmt::format("add shots_onto_fault = {} for a fault that stays, 0 for one that is gone", shots));
  if (onto && *onto > shots)
    s.problem("shots_onto_fault", fmt::format("{} shots onto the fault, but {} reclosings", *onto, shots));
  fault.shots_onto_fault = onto.value_or(0);

  int stuck_end = -1;
  if (auto failure = s.section_if("breaker_failure")) {
    fault.breaker_failure.emplace();
    stuck_end = read_bus(*failure, "end", network, "the end of the branch whose breaker does not open");
    const double main_s = std::isnan(fault.far_clearing_s) ? fault.clearing_s
                                                           : std::max(fault.clearing_s, fault.far_clearing_s);
    fault.breaker_failure->backup_s = read_backup(*failure, "clearing_s", main_s);
    fault.breaker_failure->backup = read_trips(*failure, network, plants);
    failure->finish();
    if (shots > 0)
      s.problem("reclose_after_s", fmt::format("{} both recloses and has a breaker that fails", s.label()),
                "keep one of the two");
  }

  if (fault.branch < 0 || near < 0) return {};
  const Branch& b = network.branches[fault.branch];
  const auto check_end = [&](const char* key, int bus, Section& where) {
    if (bus == b.from || bus == b.to) return true;
    where.problem(key,
                  fmt::format("{} is no end of branch {}-{}-{}", network.bus_label(bus),
                              network.buses[b.from].number, network.buses[b.to].number, b.id),
                  fmt::format("give {} or {}", network.buses[b.from].number, network.buses[b.to].number));
    return false;
  };
  if (!check_end("near", near, s)) return {};
  if (fault.breaker_failure && (stuck_end < 0 || !check_end("breaker_failure", stuck_end, s))) return {};
  if (b.transformer && fault.share != 0 && fault.share != 1)
    s.problem("at_percent", fmt::format("a fault at {:g} % of a transformer", percent),
              "give 0 or 100: its terminals");
  if (!b.in_service) s.problem("branch", "the branch is out of service", "a fault on it would not be seen");
  fault.at_from_end = near == b.from;
  if (fault.breaker_failure) fault.breaker_failure->near_end = stuck_end == near;
  return fault;
}

}  // namespace ballast
