/// \file
/// What can be recorded of a system, and what a case chose to record.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "solver/recorder.hpp"
#include "solver/system.hpp"

namespace ballast {

/// Recorded when a case names nothing.
[[nodiscard]] std::vector<std::string> default_record();

/// The chosen quantities of a system and how to compute them.
///
/// Quantities: frequency, bus.{voltage, angle, frequency}, branch.{power, reactive_power, power_to,
/// reactive_power_to, loading}, island, and for plants of each kind: <kind>.{power, reactive_power}
/// (consumption positive for "load" and "datacenter", injection positive otherwise), machine.{speed, angle,
/// field_voltage, mechanical_power}, where the network has sequence data (or a ratio) datacenter.{voltage_a,
/// voltage_b, voltage_c, voltage_a_behind, ...}, and every output and automaton mode of every part as
/// <kind>.<part>.<output>. Patterns: "bus.voltage" or "bus.*.voltage" (all elements), "bus.2101.voltage"
/// (one), "datacenter.*", "datacenter.Campus-A.*"; `*` matches anything.
class Channels {
 public:
  /// Throws Error for a pattern that matches nothing, with the nearest name.
  Channels(const System& system, const std::vector<std::string>& patterns);
  [[nodiscard]] const Schema& schema() const { return schema_; }
  /// Whether any value is taken from the currents of parts, and from other outputs of theirs.
  [[nodiscard]] bool reads_currents() const;
  [[nodiscard]] bool reads_outputs() const;
  /// Values at y; the system must have been evaluated there.
  void sample(const System& system, std::span<const double> y, std::vector<double>& values) const;

 private:
  enum class Source {
    FREQUENCY,
    BUS_VOLTAGE,
    BUS_ANGLE,
    BUS_FREQUENCY,
    BRANCH_P,
    BRANCH_P_TO,
    BRANCH_Q_TO,
    BRANCH_Q,
    BRANCH_LOADING,
    BRANCH_IN_SERVICE,
    ISLAND,
    PLANT_P,
    PLANT_Q,
    SPEED,
    ROTOR_ANGLE,
    PHASE_VOLTAGE,
    SIGNAL,
    MODE
  };
  struct Item {
    Source source;
    int a = 0, b = 0;  ///< bus, branch, plant, signal ... by source
    double factor = 1;
  };
  struct Candidate;
  std::vector<Candidate> candidates(const System& system) const;

  Schema schema_;
  std::vector<Item> items_;
  std::vector<std::vector<std::pair<int, int>>> plant_injections_;  ///< [plant] signals Ir, Ii
};

}  // namespace ballast
