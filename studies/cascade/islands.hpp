/// \file
/// What became of every island: parted, joined, blacked out, brought back, collapsed or survived.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "solver/recorder.hpp"
#include "studies/figures.hpp"

namespace ballast {

/// What counts as what. Published limits differ from grid to grid; these are wide enough to hold for all.
struct FateCriteria {
  double collapse_voltage_pu = 0.5;  ///< an energised bus below this ...
  double collapse_for_s = 1;         ///< ... for this long without a break: voltage collapse
  double collapse_frequency =
      0.05;                      ///< farther from nominal, in shares of it (3 Hz of 60): frequency collapse
  double held_frequency = 0.01;  ///< at the end within this share of nominal (0.6 Hz of 60)
  double held_low_pu = 0.9, held_high_pu = 1.1;  ///< and every bus within these
};

enum class Fate {
  SURVIVED,     ///< alive at the end, within the limits of voltage and frequency
  STRAINED,     ///< alive at the end, outside them
  COLLAPSED,    ///< voltage or frequency collapse while it was alive
  BLACKED_OUT,  ///< lost its last source
  PARTED,       ///< went on as several islands
  JOINED,       ///< went on as part of a larger one
};
[[nodiscard]] const char* name_of(Fate fate);

/// One island from its birth to its end. Figures are absent where the run did not record them.
struct IslandStory {
  std::vector<int> buses;  ///< dense indices
  std::string label;       ///< number of its first bus
  double from_s = 0, to_s = 0;
  bool restored = false;  ///< some of its buses were dead before
  bool parted = false;    ///< born by separation from a larger island
  Fate fate = Fate::SURVIVED;
  std::string why;  ///< of COLLAPSED and STRAINED: "12 (EAST) below 0.5 pu for 1 s at 3.20 s"
  std::optional<Extreme> frequency_min_Hz, frequency_max_Hz, voltage_min_pu, voltage_max_pu;
  std::optional<double> frequency_end_Hz;
  std::optional<Extreme> voltage_end_min_pu, voltage_end_max_pu;
};

/// Follows the islands of a run by its samples of "island", "bus.voltage" and "bus.frequency".
class IslandWatch : public Recorder {
 public:
  explicit IslandWatch(FateCriteria criteria = {}) : criteria_(criteria) {}
  void begin(const RunInfo& info, const Schema& schema, const Network& network) override;
  void sample(double time_s, std::span<const double> values) override;
  void event(const LoggedEvent&) override {}
  void end(const RunStatus& status) override;
  /// In order of birth; none when "island" was not recorded. Complete after end().
  [[nodiscard]] const std::vector<IslandStory>& islands() const { return islands_; }

 private:
  void regroup(double time_s, std::span<const double> numbers);
  void close(std::size_t island, double time_s, Fate fate);
  void watch(IslandStory& island, double time_s, std::span<const double> values);
  [[nodiscard]] double value(const std::optional<QuantitySpan>& span, const std::vector<int>& column, int bus,
                             std::span<const double> values) const;

  FateCriteria criteria_;
  Schema schema_;
  double nominal_Hz_ = 60;
  std::optional<QuantitySpan> island_, voltage_, frequency_;
  std::vector<int> voltage_column_, frequency_column_;  ///< [bus] element, -1 none
  std::vector<std::string> label_;                      ///< [bus]
  std::vector<double> numbers_;                         ///< [island element] of the last sample
  std::vector<double> low_since_s_;                     ///< [bus] infinite while not low
  std::vector<std::size_t> alive_;                      ///< positions in islands_
  std::vector<IslandStory> islands_;
  double last_s_ = 0;
};

}  // namespace ballast
