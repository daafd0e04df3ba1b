/// Reading a case file from top to bottom, and the settings of the run.
#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <memory>

#include "cases/reader/reading.hpp"
#include "grid/check.hpp"
#include "solver/channels.hpp"

namespace ballast {
namespace {

void read_title(Section& root, Case& c) {
  auto section = root.section_if("case");
  if (!section) {
    root.missing("case", "what the case is", "add [case] with title = \"...\"");
    return;
  }
  section->relabel("[case]");
  c.title = section->text("title", "one line that says what is shown");
  c.description = section->text_if("description").value_or("");
  section->finish();
}

void read_power_flow(Section& root, Case& c) {
  auto section = root.section_if("power_flow");
  if (!section) return;
  section->relabel("[power_flow]");
  PowerFlowOptions& o = c.power_flow;
  o.start = section->choice("start", {"file", "flat"}, "") == "flat" ? PowerFlowOptions::Start::FLAT
                                                                     : PowerFlowOptions::Start::FILE;
  o.reactive_limits = section->flag_if("reactive_limits").value_or(o.reactive_limits);
  o.tolerance_pu = section->number_if("tolerance_pu", {"pu", within(1e-13, 1e-6)}).value_or(o.tolerance_pu);
  o.controls.taps = section->flag_if("taps").value_or(o.controls.taps);
  o.controls.shunts = section->flag_if("shunts").value_or(o.controls.shunts);
  o.controls.phase_shifters = section->flag_if("phase_shifters").value_or(o.controls.phase_shifters);
  o.controls.dc = section->flag_if("dc").value_or(o.controls.dc);
  o.controls.interchange = section->flag_if("interchange").value_or(o.controls.interchange);
  o.max_iterations = section->whole_if("max_iterations", 1, 1000).value_or(o.max_iterations);
  section->finish();
}

void read_simulation(Section& root, Case& c) {
  auto section = root.section_if("simulation");
  if (!section) {
    root.missing("simulation", "how long to run", "add [simulation] with until_s = 60");
    return;
  }
  section->relabel("[simulation]");
  SimulationOptions& o = c.simulation;
  o.until_s = section->number("until_s", {"s", positive()}, "simulated time");
  o.relative_tolerance =
      section->number_if("relative_tolerance", {"", within(1e-10, 1e-2)}).value_or(o.relative_tolerance);
  o.max_step_s = section->number_if("max_step_s", {"s", positive()}).value_or(o.max_step_s);
  o.merge_window_s = section->number_if("merge_window_s", {"s", within(0, 0.01)}).value_or(o.merge_window_s);
  if (section->choice("linear_solver", {"stamp", "klu"}, "") == "klu")
    o.linear_solver = LinearSolverKind::KLU;
  section->finish();
}

void read_output(Section& root, Case& c) {
  auto section = root.section_if("output");
  if (!section) return;
  section->relabel("[output]");
  c.simulation.record_step_s =
      section->number_if("step_s", {"s", within(1e-6, 3600)}).value_or(c.simulation.record_step_s);
  if (const auto patterns = section->texts_if("record")) {
    const TomlValue& list = *section->find("record");
    for (const TomlValue& item : list.items)
      if (item.kind == TomlValue::Kind::TEXT) c.record.push_back({item.text, item.place});
    c.simulation.record = *patterns;
    if (patterns->empty())
      section->problem("record", "[output] record is empty",
                       "name some quantities, or leave it out for the usual ones");
  }
  section->finish();
}

void read_initialisation(Section& root, Case& c) {
  auto section = root.section_if("initialisation");
  if (!section) return;
  section->relabel("[initialisation]");
  c.at_limits = section->flag_if("strict").value_or(false) ? AtLimits::REFUSE : AtLimits::RELAX;
  section->finish();
}

/// [generators_without_dynamics]
void read_netted_table(Section& root, Reading& reading) {
  auto section = root.section_if("generators_without_dynamics");
  if (!section) return;
  section->relabel("[generators_without_dynamics]");
  (void)section->choice("represent_as", {"negative-load"},
                        "what a generator without a machine model becomes");
  const auto active = read_shares(*section, "active");
  const auto reactive = read_shares(*section, "reactive");
  const auto pqbrak = section->number_if("pqbrak", {"pu", within(0.1, 0.99)});
  if (active.has_value() != reactive.has_value())
    section->problem(active ? "active" : "reactive",
                     "[generators_without_dynamics] has only one of active and reactive",
                     "give both, or neither and let [loads] say");
  const std::optional<LoadConversion>& loads = reading.general_conversion;
  if (!active && !reactive && !loads)
    section->problem("represent_as", "nothing says how these negative loads depend on voltage",
                     "give active and reactive shares here or in [loads]");
  LoadConversion netted = loads.value_or(LoadConversion{});
  if (active && reactive) netted = {*active, *reactive, pqbrak.value_or(netted.pqbrak)};
  if (pqbrak) netted.pqbrak = *pqbrak;
  reading.result.netted = netted;
  section->finish();
}

/// What became of every record, in the case.
void keep_record_uses(const Reading& reading, const std::vector<RecordMatch>& matches) {
  using Fate = RecordUse::Fate;
  for (std::size_t r = 0; r < reading.records.size(); ++r) {
    const DynamicRecord& record = reading.records[r];
    const bool known = find_model(record.model) != nullptr;
    RecordUse use{record.replaces.empty() ? full_model_name(record) : record.replaces, matches[r].generator,
                  Fate::SIMULATED, record.origin, matches[r].loads};
    if (!known) {
      use.fate = Fate::REFUSED;
      use.note = "there is no such model";
    } else if (!matches[r].unused.empty()) {
      use.fate = Fate::UNUSED;
      use.note = matches[r].unused;
    } else if (!record.replaces.empty()) {
      use.fate = Fate::REPLACED;
      use.note = fmt::format("by {}, as a [[dyr_rule]] says", record.model);
    }
    reading.result.record_uses.push_back(std::move(use));
    for (const int k : record.by_default) {
      const ParameterInfo& p = find_model(record.model)->parameters[k];
      reading.result.assumed.push_back({record_label(record), p.name, p.blank, p.unit,
                                        "blank in the dynamics file; the standard's meaning"});
    }
  }
  for (const DynamicRecord& record : reading.ignored_records) {
    const int bus = reading.result.network.find_bus(record.bus);
    int generator = -1;
    const std::vector<Generator>& all = reading.result.network.generators;
    for (std::size_t g = 0; g < all.size() && generator < 0; ++g)
      if (all[g].bus == bus && all[g].id == record.id) generator = static_cast<int>(g);
    reading.result.record_uses.push_back(
        {full_model_name(record), generator, Fate::IGNORED, "a [[dyr_rule]] says so", {}});
  }
}

/// Buses that no branch in service connects to a generator, with the MW that nobody serves.
void check_events_against_network(Reading& reading) {
  const Network& network = reading.result.network;
  for (const Disturbance& d : reading.result.disturbances) {
    if (const auto* fault = std::get_if<BusFault>(&d.action);
        fault != nullptr && network.buses[fault->bus].type == BusType::ISOLATED)
      reading.problems.add(
          d.place.text(),
          fmt::format("a fault at {}, which is out of service", network.bus_label(fault->bus)),
          "choose a bus in service");
    if (const auto* sw = std::get_if<SwitchBranch>(&d.action)) {
      const Branch& b = network.branches[sw->branch];
      if (b.in_service == sw->close &&
          std::none_of(reading.result.disturbances.begin(), reading.result.disturbances.end(),
                       [&](const Disturbance& other) {
                         const auto* earlier = std::get_if<SwitchBranch>(&other.action);
                         return earlier != nullptr && earlier != sw && earlier->branch == sw->branch;
                       }))
        reading.problems.warn(d.place.text(),
                              fmt::format("branch {}-{}-{} is already {}", network.buses[b.from].number,
                                          network.buses[b.to].number, b.id, sw->close ? "closed" : "open"));
    }
  }
}

/// The tables that say what is demanded of the data centers, for studies/.
void keep_demands(Section& root, Case& c) {
  TomlValue demands;
  for (const char* key : {"requirement", "rule"})
    if (const TomlValue* value = root.find(key)) demands.entries.push_back({key, value->place, *value});
  if (!demands.entries.empty()) c.demands = std::make_shared<const TomlValue>(std::move(demands));
}

Case read_tree(const TomlValue& tree, std::string_view text, const std::filesystem::path& path,
               Problems& problems) {
  Case c;
  c.path = path;
  c.text = text;
  Section root(tree, "the case file", problems);
  Reading reading{c, problems, {}, true, {}};

  read_title(root, c);
  read_simulation(root, c);
  read_power_flow(root, c);
  read_initialisation(root, c);
  read_output(root, c);
  read_network_tables(root, reading);
  read_load_models(root, reading);
  read_load_tables(root, reading);
  read_netted_table(root, reading);
  std::vector<RecordMatch> matches;
  c.plants = machine_plants(c.network, reading.records, problems,
                            c.netted ? WithoutDynamics::NEGATIVE_LOAD : WithoutDynamics::REFUSE, &matches);
  add_weather(reading);
  for (std::size_t r = 0; r < matches.size(); ++r)
    if (is_load_record(reading.records[r])) matches[r] = reading.load_matches[r];
  keep_record_uses(reading, matches);
  for (Plant& load : load_plants(c.network, c.load_models)) c.plants.push_back(std::move(load));
  read_campus_tables(root, reading);
  read_switch_tables(root, reading);
  add_power_plants(reading);
  add_relay_records(reading);
  read_protection_tables(root, reading);
  read_line_relay_tables(root, reading);
  read_saturation_tables(root, reading);
  read_scheme_tables(root, reading);
  read_event_tables(root, reading);
  keep_demands(root, c);
  root.finish();
  if (reading.network_complete) check_network(c.network, problems);
  check_events_against_network(reading);
  c.warnings = problems.warnings();
  return c;
}

}  // namespace

Case read_case_tree(const TomlValue& tree, std::string_view text, const std::filesystem::path& path) {
  Problems problems;
  Case c = read_tree(tree, text, path, problems);
  problems.throw_if_any();
  return c;
}

Case read_case_text(std::string_view text, const std::filesystem::path& path, Problems& problems) {
  return read_tree(parse_toml(text, path.string()), text, path, problems);
}

Case read_case_text(std::string_view text, const std::filesystem::path& path) {
  return read_case_tree(parse_toml(text, path.string()), text, path);
}

void read_events(Case& c, const TomlValue& tree) {
  c.disturbances.clear();
  Problems problems;
  Section root(tree, "the case file", problems);
  Reading reading{c, problems, {}, true, {}};
  read_event_tables(root, reading);
  check_events_against_network(reading);
  problems.throw_if_any();
}

CaseFile open_case(const std::filesystem::path& path) {
  std::error_code status;
  const bool folder = std::filesystem::is_directory(path, status);
  const std::filesystem::path file = folder ? path / "case.toml" : path;
  std::ifstream stream(file, std::ios::binary);
  if (!stream || std::filesystem::is_directory(file, status))
    throw Error(file.string(), "the case file cannot be opened",
                folder ? "a case is a folder with a file case.toml" : "check the path and the permissions");
  return {file, std::string(std::istreambuf_iterator<char>(stream), {})};
}

Case read_case(const std::filesystem::path& path) {
  const CaseFile file = open_case(path);
  return read_case_text(file.text, file.path);
}

Case read_case(const std::filesystem::path& path, Problems& problems) {
  const CaseFile file = open_case(path);
  return read_case_text(file.text, file.path, problems);
}

}  // namespace ballast
