/// \file
/// What is taken of a scenario while it runs, whichever engine runs it. Private to studies/.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "solver/simulate.hpp"
#include "studies/losses.hpp"
#include "studies/meters.hpp"
#include "studies/run_scenario.hpp"
#include "studies/stability_watch.hpp"

namespace ballast {

/// Feeds the figures of a scenario, and its full record when there is one. Ends the run at a loss of
/// synchronism when the sweep says so.
class ScenarioRecorder : public Recorder {
 public:
  /// `system`: the one that runs; it says which machines still do.
  ScenarioRecorder(const Sweep& sweep, const SharedCase& shared, const System& system,
                   std::unique_ptr<Recorder> record)
      : sweep_(sweep),
        shared_(shared),
        until_s_(shared.model.simulation.until_s),
        record_(std::move(record)),
        figures_(sweep.figures_from_s, sweep.rocof_window_s),
        watch_(system, sweep.stability, until_s_) {}

  void begin(const RunInfo& info, const Schema& schema, const Network& network) override {
    figures_.begin(info, schema, network);
    watch_.begin(schema);
    for (const auto& [metric, elements] : shared_.metrics) meters_.emplace_back(metric, elements, schema);
    if (record_) record_->begin(info, schema, network);
  }
  void sample(double time_s, std::span<const double> values) override {
    figures_.sample(time_s, values);
    watch_.sample(time_s, values);
    for (Meter& meter : meters_) meter.sample(time_s, values);
    if (record_) record_->sample(time_s, values);
    if (!sweep_.stability.stop_at_loss || !watch_.lost_synchronism() || stopped_) return;
    if (time_s >= until_s_ * (1 - 1e-9)) return;
    stopped_ = true;
    throw Interrupted();
  }
  void event(const LoggedEvent& event) override {
    figures_.event(event);
    losses_.event(event);
    if (record_) record_->event(event);
  }
  void end(const RunStatus& status) override {
    figures_.end(status);
    if (record_) record_->end(status);
  }
  [[nodiscard]] bool stopped() const { return stopped_; }
  [[nodiscard]] const RunFigures& figures() const { return figures_.figures(); }
  [[nodiscard]] StabilityFigures stability() const { return watch_.figures(); }
  [[nodiscard]] const LossWatch& losses() const { return losses_; }
  [[nodiscard]] const std::vector<Meter>& meters() const { return meters_; }

 private:
  const Sweep& sweep_;
  const SharedCase& shared_;
  double until_s_;
  std::unique_ptr<Recorder> record_;
  FigureRecorder figures_;
  StabilityWatch watch_;
  LossWatch losses_;
  std::vector<Meter> meters_;
  bool stopped_ = false;
};

/// Everything the figures need, and what the record keeps.
[[nodiscard]] std::vector<std::string> recorded_for(const SharedCase& shared, bool keeps_record);
[[nodiscard]] Ending ending_of(const RunStatus& status, const ScenarioRecorder& recorder);
[[nodiscard]] RunInfo scenario_info(const Sweep& sweep, int scenario, const Case& model);

}  // namespace ballast
