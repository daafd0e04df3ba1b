/// \file
/// The words of the program, one source file each. They wire rooms together and decide nothing themselves.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/exit_code.hpp"
#include "studies/run_sweep.hpp"

namespace ballast {

struct RunArguments {
  std::filesystem::path case_path;
  std::filesystem::path output;  ///< "": ballast-out/<case>
  std::optional<int> scenario;   ///< case_path is a sweep file, or the folder of its results
  bool quiet = false;
};
/// Runs a case, or one scenario of a sweep; writes record.h5, summary.json and what else shows it.
[[nodiscard]] ExitCode run_command(const RunArguments& arguments);
[[nodiscard]] ExitCode run_one_scenario(const RunArguments& arguments);

struct CheckArguments {
  std::filesystem::path path;  ///< a case, or a .raw or .m file
  std::filesystem::path dyr;   ///< with a network file: its dynamics
};
/// Reads a case, or the files of one to be, says what it covers and puts it at rest; runs nothing.
[[nodiscard]] ExitCode check_command(const CheckArguments& arguments);

struct PowerFlowArguments {
  std::filesystem::path path;  ///< a case, or a .raw or .m file
  bool no_limits = false;
  bool csv = false;
  bool no_taps = false, no_shunts = false, no_phase_shifters = false, no_dc = false;
  bool interchange = false;            ///< hold it, by tie lines
  bool interchange_and_loads = false;  ///< hold it, by tie lines and loads
  bool compare_controls = false;       ///< also solve without controls, print the differences
  std::vector<std::string> trips;      ///< generators "bus" or "bus-id", switched off before solving
  std::string slack;                   ///< "", "participation", "inertia", "governor"
};
[[nodiscard]] ExitCode power_flow_command(const PowerFlowArguments& arguments);

struct ExportArguments {
  std::filesystem::path path;      ///< a case, or a .raw, .m or .dyr file
  std::filesystem::path raw, dyr;  ///< files to write; "": none
  int version = 34;                ///< of the RAW file
};
/// Writes PSS/E files that read back equal.
[[nodiscard]] ExitCode export_command(const ExportArguments& arguments);

struct EquivalentArguments {
  std::filesystem::path case_path;
  std::filesystem::path output;     ///< "": ballast-out/<case>-equivalent
  std::string datacenter;           ///< "": the only one
  std::vector<std::string> models;  ///< of PERC1 and CMLDBLU2; empty: both
  int evaluations = 200;            ///< of a search, at most
  int version = 34;                 ///< of the RAW file
  bool quiet = false;
};
/// Fits standard load models to a data center; writes them with the case as RAW and DYR, and a report of the
/// fit.
[[nodiscard]] ExitCode equivalent_command(const EquivalentArguments& arguments);

struct SweepArguments {
  std::filesystem::path sweep_path;
  std::filesystem::path output;
  Backend backend = Backend::IDA;
  int jobs = 1;
  std::optional<int> device;  ///< of Backend::CUDA
  bool resume = false;
  bool list = false;                  ///< say what would run, run nothing
  std::filesystem::path export_file;  ///< "": none; else write the batch problem there, run nothing
  bool quiet = false;
};
/// Runs a sweep; writes report.html, results.h5, results.csv, timing.csv and the journal they are made from.
[[nodiscard]] ExitCode sweep_command(const SweepArguments& arguments);

struct ComplyArguments {
  std::filesystem::path path;  ///< the folder or record of a run, or a CSV file of measurements
  std::vector<std::string> rules;
  std::filesystem::path own_rules;  ///< file with [[rule]] tables
  std::vector<std::string> datacenters;
  std::optional<int> bus;             ///< where voltage is measured; default: as in the case
  std::optional<double> averaging_s;  ///< default: as in the case; 0 for measurements
  bool list = false;
  bool json = false;
};
/// Checks what a run's data centers, or measurements, did against rules; NOT_MET when a clause is not met.
[[nodiscard]] ExitCode comply_command(const ComplyArguments& arguments);

struct TestArguments {
  std::filesystem::path case_path;
  std::filesystem::path output;  ///< "": ballast-out/<case>-tests
  std::string datacenter;
  std::vector<std::string> rules;  ///< none: those that the case demands of it
  std::filesystem::path own_rules;
  std::vector<double> strengths;  ///< short-circuit ratios; none: the usual ones
  std::optional<double> rated_MVA;
  std::filesystem::path measured;  ///< CSV file to be played back
  std::vector<std::string> only;   ///< tests whose names contain one of these; none: all
  bool running = false;            ///< the workload runs
  bool quiet = false;
};
/// Puts a data center of a case through the model quality tests; writes a printable report, a table and the
/// records. NOT_MET when a criterion is not met.
[[nodiscard]] ExitCode test_command(const TestArguments& arguments);

struct ExplainArguments {
  std::filesystem::path path;  ///< the folder of a run, or its record
  bool dot = false;            ///< the graph for Graphviz instead of sentences
};
/// Tells what happened in a run, why, and what became of its islands.
[[nodiscard]] ExitCode explain_command(const ExplainArguments& arguments);

struct ValidateArguments {
  std::vector<std::string> names;  ///< folders, or names in validation/; none: every event there
  std::filesystem::path output;    ///< "": ballast-out/validate-<name>
  int seeds = 0;                   ///< how many more runs with other seeds
  std::optional<int> draws;        ///< of every ensemble; else what the event says
  int jobs = 1;                    ///< threads for draws
  bool json = false;
  bool strict = false;  ///< any miss is NOT_MET, a known one too
  bool quiet = false;
};
/// Runs the cases of published events and compares; writes a report. NOT_MET when a verdict is not what
/// status.csv says.
[[nodiscard]] ExitCode validate_command(const ValidateArguments& arguments);

struct CompareArguments {
  std::filesystem::path case_path;
  std::filesystem::path mitigations;  ///< "": mitigations.toml beside the case
  std::filesystem::path output;       ///< "": ballast-out/<case>-compare
  bool list = false;                  ///< say what would run, run nothing
  bool quiet = false;
};
/// Runs remedies of a case under one set of disturbances; writes comparison.html, comparison.csv and, where
/// claims are held against them, claims.csv.
[[nodiscard]] ExitCode compare_command(const CompareArguments& arguments);

[[nodiscard]] ExitCode models_command(bool markdown);

}  // namespace ballast
