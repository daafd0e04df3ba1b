/// `ballast run`: from a case to its record and what shows it.
#include <fmt/format.h>

#include <cmath>
#include <csignal>

#include "cases/reader/case.hpp"
#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "cli/output_folder.hpp"
#include "cli/progress.hpp"
#include "viz/metrics.hpp"
#include "viz/record.hpp"
#include "viz/report.hpp"
#include "viz/summary.hpp"
#include "viz/vtk.hpp"

namespace ballast {
namespace {

volatile std::sig_atomic_t interrupted = 0;

extern "C" void on_interrupt(int) {
  interrupted = 1;
  std::signal(SIGINT, SIG_DFL);  // a second Ctrl-C ends the program at once
}

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

/// Everything that is made from the record.
Record write_products(const std::filesystem::path& folder) {
  Record record = read_record(folder / "record.h5");
  record.network.places = map_positions(record.network);  // once, for report and map
  write_summary(record, folder / "summary.json");
  write_report(record, {}, folder / "report.html");
  if (have_vtk()) write_vtk(record, folder / "vtk");
  return record;
}

void print_key_figures(const Record& record) {
  const Metrics m = compute_metrics(record);
  if (m.frequency_nadir_Hz && m.frequency_peak_Hz)
    fmt::print("frequency {:.3f} Hz at {:.2f} s to {:.3f} Hz at {:.2f} s\n", m.frequency_nadir_Hz->value,
               m.frequency_nadir_Hz->time_s, m.frequency_peak_Hz->value, m.frequency_peak_Hz->time_s);
  if (m.voltage_min_pu && m.voltage_max_pu)
    fmt::print("voltage {:.3f} pu at bus {} to {:.3f} pu at bus {}\n", m.voltage_min_pu->value,
               m.voltage_min_pu->where, m.voltage_max_pu->value, m.voltage_max_pu->where);
  for (const LoggedEvent& e : record.events)
    fmt::print("  {:>10.4f} s  {}{}\n", e.time_s, e.text,
               std::abs(e.power_MW) >= 0.05 ? fmt::format(" ({:+.1f} MW)", e.power_MW) : "");
}

void print_outcome(const RunResult& result, const std::filesystem::path& folder) {
  const RunStatistics& s = result.statistics;
  fmt::print("{}: {:g} s simulated in {:.2f} s, {} steps, {} events, {} unknowns\n", result.status.outcome,
             result.status.end_time_s, s.wall_s, s.integrator.steps, result.events.size(), s.unknowns);
  for (const char* name : {"report.html", "record.h5", "summary.json", "vtk"})
    if (std::filesystem::exists(folder / name)) fmt::print("  {}\n", (folder / name).string());
}

}  // namespace

ExitCode run_command(const RunArguments& arguments) {
  const Case c = read_case(arguments.case_path);
  print_warnings(c.warnings);
  const PreparedCase ready = prepare(c);
  print_warnings(ready.warnings);

  const std::filesystem::path folder = arguments.output.empty() ? default_output(c.path) : arguments.output;
  try {
    claim_output_folder(folder);
  } catch (const Error& error) {
    print_errors(error);
    return ExitCode::CANNOT_WRITE;
  }

  RecordWriter writer(folder / "record.h5");
  WatchedRecorder recorder(writer);
  std::signal(SIGINT, on_interrupt);
  RunResult result;
  {
    ProgressLine line(!arguments.quiet);
    result = simulate(*ready.system, ready.y, c.disturbances, c.simulation, run_info(c), &recorder,
                      [&](const Progress& progress) {
                        if (interrupted != 0) throw Interrupted();
                        line.show(progress);
                      });
  }
  std::signal(SIGINT, SIG_DFL);

  bool written = !recorder.failed();
  if (written) {  // a record that could not be written is no ground for a summary or a report
    try {
      const Record record = write_products(folder);
      if (!arguments.quiet) print_key_figures(record);
    } catch (const Error& error) {
      written = false;
      print_errors(error);
    }
  }
  if (!result.status.completed) fmt::print(stderr, "error: {}\n", result.status.outcome);
  if (!arguments.quiet) print_outcome(result, folder);
  if (!written) return ExitCode::CANNOT_WRITE;
  if (interrupted != 0 && !result.status.completed) return ExitCode::INTERRUPTED;
  return result.status.completed ? ExitCode::OK : ExitCode::RUN_FAILED;
}

}  // namespace ballast
