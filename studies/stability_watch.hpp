/// \file
/// Does the grid stay together? Rotor angles against their island's centre, voltages that stay low, and
/// whether everything has come to rest at the end. Private to studies/.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "solver/system.hpp"
#include "studies/figures.hpp"

namespace ballast {

/// [stability]: what counts as loss of synchronism, collapse and rest.
struct StabilityCriteria {
  double angle_deg = 180;     ///< a rotor this far from its island's centre of inertia has lost synchronism
  bool stop_at_loss = false;  ///< end the run there
  double collapse_voltage_pu = 0.5;    ///< an energised bus below this ...
  double collapse_for_s = 1.0;         ///< ... for this long without a break is a collapse
  double settled_window_s = 1.0;       ///< at the end of the run
  double settled_frequency_Hz = 0.05;  ///< most that any island's frequency may move within the window
  double settled_voltage_pu = 0.01;    ///< the same for every bus voltage
};

struct StabilityFigures {
  std::optional<Extreme> departure_deg;  ///< largest distance of a rotor from its island's centre of inertia
  std::optional<Extreme>
      difference_deg;               ///< largest angle between two rotors of an island; where: "30-1 to 39-1"
  std::optional<Extreme> loss;      ///< the first loss of synchronism: departure, time, machine
  std::optional<Extreme> collapse;  ///< first collapse: lowest voltage there, time at which it was one, bus
  std::optional<bool> settled;      ///< absent when the run did not reach the end of the window
  /// Since when nothing has moved by more than is allowed within the window; absent unless settled. As fine
  /// as a thousandth of the run.
  std::optional<double> settled_from_s;
};

/// Fed with samples that hold "machine.angle", "island", "bus.voltage" and "frequency".
class StabilityWatch {
 public:
  /// `system` says which machines are there, how heavy they are and which of them are still running; it must
  /// outlive the watch. `until_s` is the end of the run.
  StabilityWatch(const System& system, const StabilityCriteria& criteria, double until_s);
  void begin(const Schema& schema);
  void sample(double time_s, std::span<const double> values);
  [[nodiscard]] bool lost_synchronism() const { return figures_.loss.has_value(); }
  [[nodiscard]] StabilityFigures figures() const;

 private:
  struct Rotor {
    std::string name;
    int plant;
    double weight;  ///< inertia, s on the system base; infinite for an infinite source
    std::ptrdiff_t angle = -1, island = -1;  ///< columns of a sample
    int last_island = -2, island_now = -1;
    double turns_deg = 0;  ///< whole turns taken off, so that an island starts within half a turn
  };
  struct Moving {  ///< a value within the last window
    std::size_t column;
    double least, most;
    double allowed;
  };

  void watch_rotors(double time_s, std::span<const double> values);
  void watch_island(double time_s, std::span<const double> values, std::span<Rotor* const> rotors);
  void watch_voltages(double time_s, std::span<const double> values);
  void watch_rest(double time_s, std::span<const double> values);
  void remember_ranges(double time_s, std::span<const double> values);
  [[nodiscard]] double settled_from() const;

  const System& system_;
  StabilityCriteria criteria_;
  double until_s_;
  Schema schema_;
  std::vector<Rotor> rotors_;
  std::vector<Rotor*> living_;  ///< in this sample, island by island
  std::optional<QuantitySpan> voltage_;
  Energised energised_;
  std::vector<double> low_since_s_, lowest_pu_;  ///< [bus.voltage element]; since: infinite while not low
  std::vector<Moving> moving_;
  bool in_window_ = false;
  /// [bin of time][moving value]: least and most; an empty bin has least above most.
  std::vector<std::vector<std::pair<float, float>>> ranges_;
  double last_s_ = 0;
  StabilityFigures figures_;
};

}  // namespace ballast
