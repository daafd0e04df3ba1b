/// \file
/// What `ballast run` does around a run, of a case or of one scenario of a sweep.
#pragma once

#include <filesystem>
#include <vector>

#include "grid/error.hpp"
#include "solver/recorder.hpp"
#include "solver/simulate.hpp"
#include "studies/requirements/finding.hpp"
#include "studies/requirements/requirement.hpp"
#include "viz/record.hpp"

namespace ballast {

/// Passes everything on and remembers whether writing was what failed.
class WatchedRecorder : public Recorder {
 public:
  explicit WatchedRecorder(Recorder& target) : target_(target) {}
  void begin(const RunInfo& info, const Schema& schema, const Network& network) override {
    watch([&] { target_.begin(info, schema, network); });
  }
  void sample(double time_s, std::span<const double> values) override {
    watch([&] { target_.sample(time_s, values); });
  }
  void event(const LoggedEvent& event) override {
    watch([&] { target_.event(event); });
  }
  void end(const RunStatus& status) override {
    watch([&] { target_.end(status); });
  }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  template <class Call>
  void watch(Call call) {
    try {
      call();
    } catch (const Error&) {
      failed_ = true;
      throw;
    }
  }
  Recorder& target_;
  bool failed_ = false;
};

/// A record and what its data centers were found to meet.
struct Products {
  Record record;
  std::vector<Finding> findings;
};
/// Summary, report, map and, where something is demanded, requirements.json from the record in this folder.
Products write_products(const std::filesystem::path& folder, const std::vector<Requirement>& requirements);
void print_findings(const std::vector<Finding>& findings);
void print_key_figures(const Record& record);
/// How the run ended, and the files it left.
void print_outcome(const RunResult& result, const std::filesystem::path& folder);

/// While it lives Ctrl-C sets a flag; a second one ends the program at once.
class Interruptible {
 public:
  Interruptible();
  ~Interruptible();
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;
  [[nodiscard]] static bool asked();
};

}  // namespace ballast
