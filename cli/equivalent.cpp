/// `ballast equivalent`: standard load models fitted to a data center, and the case for PSS/E with them.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cases/reader/case.hpp"
#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "cli/output_folder.hpp"
#include "cli/psse_files.hpp"
#include "cli/run_parts.hpp"
#include "grid/raw_writer.hpp"
#include "models/registry.hpp"
#include "studies/equivalent/equivalent.hpp"
#include "viz/test_report.hpp"

namespace ballast {
namespace {

namespace fs = std::filesystem;

/// A load id of two characters that the bus does not have yet.
std::string free_load_id(const Network& network, int bus) {
  for (char last = '1'; last <= '9'; ++last) {
    const std::string id{'D', last};
    if (std::none_of(network.loads.begin(), network.loads.end(),
                     [&](const Load& load) { return load.bus == bus && load.id == id; }))
      return id;
  }
  throw Error(network.bus_label(bus), "loads D1 to D9 exist already: no id is left for the data center",
              "give one of them another id");
}

/// The network with every data center as a load of what it draws at rest; `id`: that of the one named.
Network with_loads(const Case& c, const std::string& datacenter, std::string& id) {
  Network network = power_flow_network(c);
  for (std::size_t k = c.network.loads.size(); k < network.loads.size(); ++k) {
    Load& load = network.loads[k];
    const bool named = load.id == datacenter;
    load.id = free_load_id(network, load.bus);
    if (named) id = load.id;
  }
  return network;
}

TestPage page_of(const equivalent::Trial& trial, const LoadSeries& series, const std::string& model) {
  TestPage page;
  page.title = trial.test.title;
  page.source = model;
  page.series = series;
  page.measured = trial.seen;
  page.series_name = model;
  page.measured_name = "data center";
  const LoadSeries& seen = trial.seen;
  const auto say = [&](const char* what, const std::vector<double>& own, const std::vector<double>& there,
                       const char* unit) {
    const Deviation d = deviation(series.time_s, own, seen.time_s, there);
    Finding finding;
    finding.clause = what;
    finding.verdict = Judgement::NOT_TESTED;  // how close is close enough is for who files it to say
    finding.text = fmt::format("{} less data center: {:.4g} {} rms, at most {:+.4g} {} at {:.3f} s", model,
                               d.rms, unit, d.largest, unit, d.largest_at_s);
    page.findings.push_back(std::move(finding));
  };
  say("active power", series.power_MW, seen.power_MW, "MW");
  say("reactive power", series.reactive_Mvar, seen.reactive_Mvar, "Mvar");
  page.mark = fmt::format("{:.2f} %", 100 * equivalent::misfit({trial}, {series}));
  return page;
}

std::string parameters_csv(const std::vector<equivalent::Fit>& fits) {
  std::string csv = "model,parameter,unit,value,start,fitted\n";
  for (const equivalent::Fit& fit : fits) {
    const ModelInfo& info = *find_model(fit.model);
    for (std::size_t k = 0; k < fit.parameters.size(); ++k) {
      const auto found = std::find_if(fit.fitted.begin(), fit.fitted.end(), [&](const equivalent::Fitted& f) {
        return f.parameter == static_cast<int>(k);
      });
      const bool fitted = found != fit.fitted.end();
      csv += fmt::format("{},{},{},{},{},{}\n", fit.model, info.parameters[k].name, info.parameters[k].unit,
                         fit.parameters[k], fitted ? fmt::format("{}", found->start) : "",
                         fitted ? "yes" : "no");
    }
  }
  return csv;
}

}  // namespace

ExitCode equivalent_command(const EquivalentArguments& arguments) {
  const std::vector<std::string> known = equivalent::models();
  for (const std::string& model : arguments.models)
    if (std::find(known.begin(), known.end(), model) == known.end())
      throw Error("--model", fmt::format("no fit for a model '{}'", model), "PERC1 or CMLDBLU2");
  const Case c = read_case(arguments.case_path);
  print_warnings(c.warnings);
  mqt::Options options;
  options.datacenter = arguments.datacenter;
  options.alone = true;
  const mqt::Bench bench(c, options);

  std::string id;
  Network network = with_loads(c, bench.name(), id);
  Problems problems;
  const std::string raw = write_raw(network, arguments.version, problems);
  problems.throw_if_any();
  print_warnings(problems.warnings());
  const std::vector<DynamicRecord> records = dynamic_records(c);

  const fs::path folder =
      arguments.output.empty() ? fs::path(default_output(c.path).string() + "-equivalent") : arguments.output;
  try {
    claim_output_folder(folder);
    fs::create_directories(folder / "dyr");
  } catch (const Error& error) {
    print_errors(error);
    return ExitCode::CANNOT_WRITE;
  }

  const Interruptible interruptible;
  const std::vector<equivalent::Trial> trials = equivalent::observe_all(
      bench, equivalent::fitting_tests(equivalent::return_time(bench), bench.frequency_Hz()));
  std::vector<equivalent::Fit> fits;
  try {
    for (const std::string& model : arguments.models.empty() ? known : arguments.models) {
      fits.push_back(equivalent::fit(bench, trials, model, arguments.evaluations, [](int) {
        if (Interruptible::asked()) throw Interrupted();
      }));
      const equivalent::Fit& fit = fits.back();
      if (!arguments.quiet)
        fmt::print("{}: {:.2f} % of the power at rest, rms over {} tests (start {:.2f} %, {} evaluations)\n",
                   fit.model, 100 * fit.misfit, trials.size(), 100 * fit.misfit_at_start, fit.evaluations);
    }
  } catch (const Interrupted&) {
    return ExitCode::INTERRUPTED;
  }

  const Plant& plant = *std::find_if(c.plants.begin(), c.plants.end(), [&](const Plant& p) {
    return p.kind == "datacenter" && p.name == bench.name();
  });
  const int bus = c.network.buses[static_cast<std::size_t>(plant.bus)].number;
  TestReport report;
  report.kind = "equivalent load models";
  report.title = fmt::format("{}, equivalent load models", bench.name());
  report.about = {
      {"Case", c.title},
      {"File", c.path.string()},
      {"Seen at", fmt::format("{}, on a stiff source, workload at rest", c.network.bus_label(plant.bus))},
      {"Load", fmt::format("bus {}, id '{}'", bus, id)},
      {"Not in these models", "a dip counter that locks, recharge of batteries, the workload"}};
  bool written =
      write_file(folder / "case.raw", raw) && write_file(folder / "equivalent.csv", parameters_csv(fits));
  for (const equivalent::Fit& fit : fits) {
    const ModelInfo& info = *find_model(fit.model);
    std::string found;
    for (const equivalent::Fitted& f : fit.fitted) {
      const ParameterInfo& parameter = info.parameters[static_cast<std::size_t>(f.parameter)];
      found += fmt::format("{}{} = {:.4g}", found.empty() ? "" : ", ", parameter.name, f.value);
      if (parameter.unit != std::string_view("1")) found += fmt::format(" {}", parameter.unit);
    }
    report.about.emplace_back(fit.model, fmt::format("{:.2f} % rms; {}", 100 * fit.misfit, found));
    for (std::size_t k = 0; k < trials.size(); ++k)
      report.pages.push_back(page_of(trials[k], fit.series[k], fit.model));
    std::vector<DynamicRecord> with_load = records;
    with_load.push_back(make_record(bus, fit.model, id, fit.parameters));
    std::string name = fit.model;
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char x) { return std::tolower(x); });
    written = written && write_file(folder / "dyr" / (name + ".dyr"), write_dyr(with_load));
  }
  if (!written) return ExitCode::CANNOT_WRITE;
  try {
    write_test_report(report, folder / "equivalent.html");
  } catch (const Error& error) {
    print_errors(error);
    return ExitCode::CANNOT_WRITE;
  }
  if (!arguments.quiet)
    for (const char* name : {"equivalent.html", "equivalent.csv", "case.raw", "dyr"})
      fmt::print("  {}\n", (folder / name).string());
  return ExitCode::OK;
}

}  // namespace ballast
