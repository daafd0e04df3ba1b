#include "solver/sampling.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace ballast {
namespace {

/// Adds the time of its life to a sum.
class Stopwatch {
 public:
  explicit Stopwatch(double& sum) : sum_(sum) {}
  ~Stopwatch() { sum_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  double& sum_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

double rounding(double t) { return 1e-12 * (1 + std::abs(t)); }

}  // namespace

Sampling::Sampling(System& system, const Integrator& integrator, const SimulationOptions& options,
                   Recorder* recorder, double start_s)
    : system_(system),
      integrator_(integrator),
      recorder_(recorder),
      start_s_(start_s),
      step_s_(options.record_step_s),
      last_written_s_(-kInfinity) {
  if (recorder_ != nullptr)
    channels_.emplace(system, options.record.empty() ? default_record() : options.record);
}

void Sampling::begin(const RunInfo& info) {
  if (recorder_ != nullptr) recorder_->begin(info, channels_->schema(), system_.network());
}

void Sampling::end(const RunStatus& status) {
  if (recorder_ != nullptr) recorder_->end(status);
}

/// Channel values at y, where the system was last evaluated.
void Sampling::sample(const std::vector<double>& y, std::vector<double>& values) {
  if (recorder_ == nullptr) return;
  const Stopwatch watch(seconds_);
  channels_->sample(system_, y, values);
}

void Sampling::write(double t, const std::vector<double>& values) {
  if (recorder_ == nullptr) return;
  const Stopwatch watch(seconds_);
  recorder_->sample(t, values);
  last_written_s_ = t;
}

void Sampling::before_event(const std::vector<double>& y) {
  sample(y, before_);
  in_event_ = true;
}

void Sampling::after_event(double t, const std::vector<double>& y, bool jumped, bool initial) {
  in_event_ = false;
  if (jumped && last_written_s_ < t) write(t, before_);
  if (jumped || initial) {
    sample(y, values_);
    write(t, values_);
  }
  if (initial) written_ = 1;
}

bool Sampling::grid(double t) {
  if (recorder_ == nullptr) return false;
  bool any = false;
  for (;; ++written_) {
    const double next = start_s_ + static_cast<double>(written_) * step_s_;
    if (next > t + rounding(t)) break;
    if (!any) system_.save_limits(limits_);
    any = true;
    const double at = std::min(next, t);
    integrator_.interpolate(at, interpolated_);
    system_.settle_limits(at, interpolated_.data());
    sample(interpolated_, values_);
    write(at, values_);
  }
  if (any) system_.restore_limits(limits_);
  return any;
}

void Sampling::last(double t, const std::vector<double>& y, bool completed) {
  if (recorder_ == nullptr) return;
  if (!completed) {
    if (in_event_ && last_written_s_ < t) write(t, before_);
    return;
  }
  if (last_written_s_ >= t - rounding(t)) return;
  system_.evaluate(t, y.data());
  sample(y, values_);
  write(t, values_);
}

void Sampling::events(const EventLog& log) {
  if (recorder_ == nullptr) return;
  for (; flushed_ < log.events().size(); ++flushed_) recorder_->event(log.events()[flushed_]);
}

}  // namespace ballast
