/// The `ballast` program: arguments, then one of its words.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <map>
#include <new>

#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "cli/modes.hpp"
#include "grid/error.hpp"

namespace {

constexpr const char* kFooter =
    "Exit codes: 0 done, 1 the run failed (its record is kept), 2 bad input, 3 cannot write, 4 internal "
    "error, "
    "5 a requirement is not met, 130 interrupted.";

/// What a word printed must have reached its place.
int finish(ballast::ExitCode code) {
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    fmt::print(stderr, "ballast: cannot write to the standard output\n");
    return static_cast<int>(ballast::ExitCode::CANNOT_WRITE);
  }
  return static_cast<int>(code);
}

}  // namespace

// NOLINTNEXTLINE(bugprone-exception-escape): only printing the last error could throw
int main(int argc, char** argv) {
  using namespace ballast;
  std::signal(SIGXFSZ, SIG_IGN);  // a file size limit becomes an error of the write, with a message

  CLI::App app{"Ballast simulates how AI data centers and the power grid shake each other.", "ballast"};
  app.footer(kFooter);
  app.set_version_flag("--version", std::string("ballast ") + BALLAST_VERSION);
  app.require_subcommand(1);

  RunArguments run;
  CLI::App* run_word = app.add_subcommand("run", "Run a case and write record, summary, report and map");
  run_word
      ->add_option("case", run.case_path,
                   "a case file, or a folder with case.toml; with --scenario a sweep file, or the "
                   "folder of its results")
      ->required();
  run_word->add_option("-o,--output", run.output, "folder for the results (default: ballast-out/<case>)");
  run_word->add_option("--scenario", run.scenario, "run this scenario of a sweep in full")
      ->check(CLI::NonNegativeNumber);
  run_word->add_flag("--quiet", run.quiet, "print nothing but warnings and errors");

  CheckArguments check;
  CLI::App* check_word =
      app.add_subcommand("check", "Read a case, say what it covers and put it at rest; run nothing");
  check_word->add_option("case", check.path, "a case, a PSS/E .raw file or a MATPOWER .m file")->required();
  check_word->add_option("--dyr", check.dyr, "with a network file: its PSS/E dynamics file");

  PowerFlowArguments flow;
  CLI::App* flow_word = app.add_subcommand("powerflow", "Solve the power flow of a case or network file");
  flow_word->add_option("file", flow.path, "a case, a PSS/E .raw file or a MATPOWER .m file")->required();
  flow_word->add_flag("--no-limits", flow.no_limits, "let generators give any reactive power");
  flow_word->add_flag("--csv", flow.csv, "print all bus voltages as CSV");
  flow_word->add_flag("--no-taps", flow.no_taps,
                      "leave tap changers (of transformers and DC lines) where they are");
  flow_word->add_flag("--no-shunts", flow.no_shunts, "leave switched shunts where they are");
  flow_word->add_flag("--no-phase-shifters", flow.no_phase_shifters, "leave phase shifters where they are");
  flow_word->add_flag("--no-dc", flow.no_dc, "leave DC lines and FACTS devices out");
  flow_word->add_flag("--interchange", flow.interchange, "hold the areas' interchange on their tie lines");
  flow_word->add_flag("--interchange-and-loads", flow.interchange_and_loads,
                      "hold it, counting loads that belong to other areas");
  flow_word->add_flag("--compare-controls", flow.compare_controls,
                      "solve again with all controls off and print the differences");
  flow_word->add_option("--trip", flow.trips,
                        "switch off a generator first: bus number, or bus-id (may be repeated)");
  flow_word->add_option("--slack", flow.slack, "who makes up for a loss: all generators by the share given")
      ->check(CLI::IsMember({"participation", "inertia", "governor"}));

  ExportArguments out;
  CLI::App* export_word = app.add_subcommand("export", "Write a case or network as PSS/E RAW and DYR");
  export_word->add_option("file", out.path, "a case, a .raw, .m or .dyr file")->required();
  export_word->add_option("--raw", out.raw, "RAW file to write");
  export_word->add_option("--dyr", out.dyr, "DYR file to write");
  export_word->add_option("--version", out.version, "RAW version, 33 to 35 (default: 34)");

  SweepArguments sweep;
  CLI::App* sweep_word =
      app.add_subcommand("sweep", "Run many variants of a case and tabulate what comes of them");
  sweep_word->add_option("file", sweep.sweep_path, "a sweep file")->required();
  sweep_word
      ->add_option(
          "--backend", sweep.backend,
          "what runs the scenarios: ida (one process each, adaptive steps), cpu (many at once in the batch "
          "engine, which leaves to ida what it cannot settle) or cuda (the same on a CUDA device)")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Backend>{
          {"ida", Backend::IDA}, {"cpu", Backend::CPU}, {"cuda", Backend::CUDA}}));
  sweep_word
      ->add_option("--device", sweep.device,
                   "number of the CUDA device (default: 0; under mpirun the ranks of a machine by turns)")
      ->check(CLI::NonNegativeNumber);
  sweep_word
      ->add_option("--jobs,--threads", sweep.jobs,
                   "processes or threads that work at the same time (default: 1)")
      ->check(CLI::Range(1, 1024));
  sweep_word->add_option("-o,--output", sweep.output, "folder for the results");
  sweep_word->add_flag("--resume", sweep.resume, "go on with the sweep in the folder");
  sweep_word->add_option("--export", sweep.export_file,
                         "write the scenarios as problem files for ballast-batch, run nothing");
  sweep_word->add_flag("--list", sweep.list, "count and list the scenarios, run nothing");
  sweep_word->add_flag("--quiet", sweep.quiet, "print nothing but warnings and errors");

  ComplyArguments comply;
  CLI::App* comply_word = app.add_subcommand(
      "comply", "Check what data centers did against ride-through rules and limits on power variation");
  comply_word->add_option("run", comply.path,
                          "the folder of a run, its record, or a CSV file of measurements");
  comply_word->add_option("--rule", comply.rules,
                          "a rule's name (may be repeated; default: what the case demands)");
  comply_word->add_option("--rules", comply.own_rules, "a file with [[rule]] tables of your own");
  comply_word->add_option("--datacenter", comply.datacenters, "only this data center (may be repeated)");
  comply_word->add_option("--at", comply.bus, "number of the bus where the voltage is measured");
  comply_word->add_option("--averaging", comply.averaging_s, "seconds over which consumption is averaged")
      ->check(CLI::NonNegativeNumber);
  comply_word->add_flag("--list", comply.list, "list the rules there are");
  comply_word->add_flag("--json", comply.json, "print the findings as JSON");

  TestArguments mqt;
  CLI::App* mqt_word = app.add_subcommand(
      "mqt",
      "Model quality tests: a data center alone on sources of declared strength, with a report to file");
  mqt_word->add_option("case", mqt.case_path, "a case with the data center")->required();
  mqt_word->add_option("-o,--output", mqt.output, "folder for the results (default: ballast-out/<case>-mqt)");
  mqt_word->add_option("--datacenter", mqt.datacenter, "which one (default: the only one)");
  mqt_word->add_option("--rule", mqt.rules,
                       "ride-through rule (may be repeated; default: what the case demands)");
  mqt_word->add_option("--rules", mqt.own_rules, "a file with [[rule]] tables of your own");
  mqt_word
      ->add_option("--ratio", mqt.strengths,
                   "short-circuit ratio besides the stiff source (default: 3 and 1.5)")
      ->check(CLI::PositiveNumber);
  mqt_word->add_option("--rated-MVA", mqt.rated_MVA, "base of the ratios (default: what it draws at rest)")
      ->check(CLI::PositiveNumber);
  mqt_word->add_option("--measured", mqt.measured, "CSV file of measurements: its voltage is played back");
  mqt_word->add_option("--only", mqt.only,
                       "tests whose names contain this, such as voltage-step (may be repeated)");
  mqt_word->add_flag("--running", mqt.running, "let the workload run (default: it stays at rest)");
  mqt_word->add_flag("--quiet", mqt.quiet, "print nothing but warnings and errors");

  EquivalentArguments equivalent;
  CLI::App* equivalent_word = app.add_subcommand(
      "equivalent", "Fit standard load models to a data center, and write the case for PSS/E with them");
  equivalent_word->add_option("case", equivalent.case_path, "a case with the data center")->required();
  equivalent_word->add_option("-o,--output", equivalent.output,
                              "folder for the results (default: ballast-out/<case>-equivalent)");
  equivalent_word->add_option("--datacenter", equivalent.datacenter, "which one (default: the only one)");
  equivalent_word->add_option("--model", equivalent.models,
                              "PERC1 or CMLDBLU2 (may be repeated; default: both)");
  equivalent_word
      ->add_option("--evaluations", equivalent.evaluations, "of the model in a search, at most (200)")
      ->check(CLI::Range(1, 100000));
  equivalent_word->add_option("--version", equivalent.version, "of the RAW file (34)")
      ->check(CLI::Range(33, 35));
  equivalent_word->add_flag("--quiet", equivalent.quiet, "print nothing but warnings and errors");

  ExplainArguments explain;
  CLI::App* explain_word =
      app.add_subcommand("explain", "Tell what happened in a run, and why, in sentences");
  explain_word->add_option("run", explain.path, "the folder of a run, or its record")->required();
  explain_word->add_flag("--dot", explain.dot, "the graph of causes for Graphviz instead");

  ValidateArguments validate;
  CLI::App* validate_word =
      app.add_subcommand("validate", "Run the cases of published events and compare with what was published");
  validate_word->add_option("event", validate.names, "a folder, or its name in validation/ (default: all)");
  validate_word->add_option("-o,--output", validate.output,
                            "folder for the results (default: ballast-out/validate-<event>)");
  validate_word
      ->add_option("--seeds", validate.seeds, "also run this many seeds and print how the figures spread")
      ->check(CLI::Range(2, 100000));
  validate_word
      ->add_option("--draws", validate.draws,
                   "run so many draws of each ensemble (default: as the event says)")
      ->check(CLI::NonNegativeNumber);
  validate_word->add_option("-j,--jobs", validate.jobs, "threads for draws")->check(CLI::Range(1, 1024));
  validate_word->add_flag("--json", validate.json, "print the table as JSON");
  validate_word->add_flag("--strict", validate.strict, "fail on any miss, also a known one");
  validate_word->add_flag("--quiet", validate.quiet, "print nothing but the table, warnings and errors");

  CompareArguments compare;
  CLI::App* compare_word = app.add_subcommand(
      "compare", "Run remedies of a case under the same disturbances and tabulate what each does");
  compare_word->add_option("case", compare.case_path, "a case file, or a folder with case.toml")->required();
  compare_word->add_option("--mitigations", compare.mitigations,
                           "the file of remedies (default: mitigations.toml beside the case)");
  compare_word->add_option("-o,--output", compare.output,
                           "folder for the results (default: ballast-out/<case>-compare)");
  compare_word->add_flag("--list", compare.list, "list remedies and disturbances, run nothing");
  compare_word->add_flag("--quiet", compare.quiet, "print nothing but the table, warnings and errors");

  ModesArguments modes;
  CLI::App* modes_word = app.add_subcommand(
      "modes",
      "Small-signal modes of a case at rest, or at moments of its run: frequency, damping, who takes part");
  modes_word->add_option("case", modes.case_path, "a case file, or a folder with case.toml")->required();
  modes_word->add_option("--at", modes.at_s, "moments of the run, s (default: at rest)")
      ->delimiter(',')
      ->check(CLI::NonNegativeNumber);
  modes_word->add_option("--near", modes.near_Hz, "the modes nearest to this frequency, Hz")
      ->check(CLI::NonNegativeNumber);
  modes_word->add_option("--from", modes.from_Hz, "lowest frequency, Hz (0.05)")
      ->check(CLI::NonNegativeNumber);
  modes_word->add_option("--to", modes.to_Hz, "highest frequency, Hz (2.5)")->check(CLI::Range(0.01, 1000.0));
  modes_word->add_option("-n,--number", modes.count, "how many to show (12)")->check(CLI::Range(1, 1000));
  modes_word->add_flag("--vq", modes.voltage, "the smallest eigenvalue of the reduced V-Q matrix instead");
  modes_word
      ->add_option("--kV", modes.least_kV,
                   "with --vq or --force: only buses of this voltage or more (default: all)")
      ->check(CLI::NonNegativeNumber);
  CLI::Option* const force_option = modes_word->add_option(
      "--force", modes.forced_bus, "the answer to power that swings at this bus instead");
  modes_word->add_option("--Hz", modes.forced_Hz, "with --force: how fast it swings (may be several)")
      ->delimiter(',')
      ->check(CLI::PositiveNumber)
      ->needs(force_option);
  modes_word->add_option("--MW", modes.forced_MW, "with --force: active power, peak to peak (100)")
      ->needs(force_option);
  modes_word->add_option("--Mvar", modes.forced_Mvar, "with --force: reactive power in step with it (0)")
      ->needs(force_option);
  modes_word->add_option("-o,--output", modes.output,
                         "folder for the tables (default: ballast-out/<case>-modes)");

  bool markdown = false;
  CLI::App* models_word = app.add_subcommand("models", "List the models there are");
  models_word->add_flag("--markdown", markdown, "as the page docs/models.md");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : static_cast<int>(ExitCode::BAD_INPUT);
  }

  try {
    if (*run_word) return finish(run_command(run));
    if (*check_word) return finish(check_command(check));
    if (*flow_word) return finish(power_flow_command(flow));
    if (*export_word) return finish(export_command(out));
    if (*sweep_word) return finish(sweep_command(sweep));
    if (*mqt_word) return finish(test_command(mqt));
    if (*equivalent_word) return finish(equivalent_command(equivalent));
    if (*explain_word) return finish(explain_command(explain));
    if (*comply_word) return finish(comply_command(comply));
    if (*compare_word) return finish(compare_command(compare));
    if (*modes_word) return finish(modes_command(modes));
    if (*validate_word) return finish(validate_command(validate));
    return finish(models_command(markdown));
  } catch (const Error& error) {
    print_errors(error);
    return static_cast<int>(ExitCode::BAD_INPUT);
  } catch (const std::bad_alloc&) {
    fmt::print(stderr, "ballast: out of memory\n");
  } catch (const std::exception& error) {
    fmt::print(stderr, "ballast: internal error: {}\nPlease report it with the case that caused it.\n",
               error.what());
  }
  return static_cast<int>(ExitCode::INTERNAL);
}
