/// `ballast modes`: eigenvalues of a case, or of a moment of its run, who takes part, who swings against
/// whom.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "cases/reader/case.hpp"
#include "cli/messages.hpp"
#include "cli/modes.hpp"
#include "cli/output_folder.hpp"
#include "solver/small_signal/forced_response.hpp"
#include "solver/small_signal/modes.hpp"
#include "solver/small_signal/voltage_stiffness.hpp"
#include "solver/visits.hpp"
#include "viz/table_file.hpp"

namespace ballast {
namespace {

/// The part a state belongs to, or -1.
int part_of(const System& system, int unknown) {
  for (std::size_t p = 0; p < system.parts().size(); ++p) {
    const PartRef& r = system.parts()[p];
    const PartGroup& g = system.group(r.group);
    const int at = g.x_at[r.index];
    if (unknown >= at && unknown < at + g.state_count()) return static_cast<int>(p);
  }
  return -1;
}

/// "3-1 (1.00), 4-1 (0.93) against 1-1 (0.27)": machines whose speeds move at least a quarter as far as the
/// farthest, by which way they go; "" where none does.
std::string swing_of(const System& system, const Eigenmode& mode) {
  constexpr double kShownSwing = 0.25;
  std::vector<std::pair<double, std::string>> with, against;
  for (const ModeState& s : mode.states) {
    const int part = s.unknown < system.state_count() ? part_of(system, s.unknown) : -1;
    if (part < 0 || !system.unknown_name(s.unknown).ends_with(": omega")) continue;
    const double size = std::abs(s.shape);
    if (size < kShownSwing) continue;
    const std::string& plant = system.plants()[system.parts()[part].plant].name;
    (s.shape.real() >= 0 ? with : against).emplace_back(size, plant);
  }
  const auto list = [](std::vector<std::pair<double, std::string>>& who) {
    constexpr std::size_t kShown = 5;
    std::stable_sort(who.begin(), who.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::string text;
    for (std::size_t k = 0; k < std::min(kShown, who.size()); ++k)
      text += fmt::format("{}{} ({:.2f})", k == 0 ? "" : ", ", who[k].second, who[k].first);
    if (who.size() > kShown) text += fmt::format(" and {} more", who.size() - kShown);
    return text;
  };
  if (with.empty()) return "";
  return against.empty() ? list(with) + " together" : list(with) + " against " + list(against);
}

/// Columns of modes.csv, participation.csv, vq.csv and forced.csv.
struct Tables {
  Table modes, states, voltage, forced;
  Tables() {
    modes = {
        "modes",
        {number("time_s", "s"), number("mode"), number("frequency_Hz", "Hz"), number("damping_percent", "%"),
         number("real_per_s", "1/s"), number("imaginary_rad_per_s", "rad/s"), number("error_per_s", "1/s")}};
    states = {"participation",
              {number("time_s", "s"), number("mode"), text("model"), text("part"), number("bus"),
               text("state"), number("participation"), number("shape"), number("shape_deg", "deg")}};
    voltage = {"vq",
               {number("time_s", "s"), number("smallest", "pu/pu"), number("negative"), text("bus"),
                number("participation")}};
    forced = {"forced",
              {number("time_s", "s"), number("driven_Hz", "Hz"), number("bus"), number("base_kV", "kV"),
               number("voltage_kV", "kV"), number("voltage_deg", "deg"), number("frequency_mHz", "mHz"),
               number("frequency_deg", "deg")}};
  }
  static TableColumn number(const char* name, const char* unit = "") {
    return {name, unit, "", false, {}, {}};
  }
  static TableColumn text(const char* name) { return {name, "", "", true, {}, {}}; }
};
void add(Table& table, std::initializer_list<double> numbers, std::initializer_list<std::string> texts = {}) {
  auto n = numbers.begin();
  auto t = texts.begin();
  for (TableColumn& column : table.columns) {
    if (column.is_text)
      column.texts.push_back(*t++);
    else
      column.numbers.push_back(*n++);
  }
}

void show_mode(const System& system, const Eigenmode& mode, int number, double t, Tables& tables) {
  constexpr double kListed = 0.001;  // of participation
  constexpr int kPrinted = 4;
  std::string who;
  int printed = 0;
  for (const ModeState& s : mode.states) {
    const int part = s.unknown < system.state_count() ? part_of(system, s.unknown) : -1;
    const std::string name = system.unknown_name(s.unknown);
    const bool speed = name.ends_with(": omega");
    if (s.participation < kListed && !(speed && std::abs(s.shape) >= 0.01)) continue;
    if (printed++ < kPrinted)
      who += fmt::format("{}{} {:.2f}", who.empty() ? "" : ", ", name, s.participation);
    const double bus = part < 0 ? std::numeric_limits<double>::quiet_NaN()
                                : system.network().buses[system.part_bus(part)].number;
    add(tables.states,
        {t, static_cast<double>(number), bus, s.participation, std::abs(s.shape),
         std::arg(s.shape) * 180 / std::numbers::pi},
        {part < 0 ? "" : system.group(system.parts()[part].group).model,
         part < 0 ? "" : system.parts()[part].name, name.substr(name.rfind(' ') + 1)});
  }
  add(tables.modes, {t, static_cast<double>(number), mode.frequency_Hz(), 100 * mode.damping(),
                     mode.eigenvalue.real(), mode.eigenvalue.imag(), mode.error});
  fmt::print("{:>4} {:>9.4f} {:>9.2f} {:>10.4f} {:>10.4f}  {}\n", number, mode.frequency_Hz(),
             100 * mode.damping(), mode.eigenvalue.real(), mode.eigenvalue.imag(), who);
  if (const std::string swing = swing_of(system, mode); !swing.empty()) fmt::print("{:>48}{}\n", "", swing);
}

void show_modes(const ModesArguments& arguments, const System& system, const LinearModel& model, double t,
                Tables& tables) {
  std::vector<std::complex<double>> eigenvalues;
  std::string found;
  if (arguments.near_Hz) {
    const double at = 2 * std::numbers::pi * *arguments.near_Hz;
    eigenvalues = nearest_eigenvalues(model, {0.01, at}, 2 * arguments.count + 10);
    std::erase_if(eigenvalues, [](auto e) { return e.imag() < 0; });
    if (static_cast<int>(eigenvalues.size()) > arguments.count) eigenvalues.resize(arguments.count);
    found = fmt::format("the {} nearest to {:g} Hz", eigenvalues.size(), *arguments.near_Hz);
  } else {
    const ModeSearch search{arguments.from_Hz, arguments.to_Hz};
    FoundModes modes = find_modes(model, search);
    eigenvalues = std::move(modes.eigenvalues);
    std::sort(eigenvalues.begin(), eigenvalues.end(),
              [](auto a, auto b) { return -a.real() / std::abs(a) < -b.real() / std::abs(b); });
    const std::size_t all = eigenvalues.size();
    if (static_cast<int>(all) > arguments.count) eigenvalues.resize(arguments.count);
    found = fmt::format("{} of {} from {:g} to {:g} Hz, least damped first ({})", eigenvalues.size(), all,
                        search.from_Hz, search.to_Hz,
                        std::isinf(modes.reach)
                            ? "all eigenvalues computed"
                            : fmt::format("complete within {:.2g} 1/s of the imaginary axis", modes.reach));
  }
  fmt::print("at {:g} s: {} states, {} unknowns, fastest drift {:.1e} 1/s; modes: {}\n", t,
             model.state_count(), model.size(), model.largest_rate, found);
  fmt::print("{:>4} {:>9} {:>9} {:>10} {:>10}  {}\n", "mode", "Hz", "damping %", "real 1/s", "imag rad/s",
             "participation; speeds, the largest 1");
  int number = 0;
  for (const auto& e : eigenvalues) show_mode(system, describe_mode(system, model, e), ++number, t, tables);
}

void show_voltage(double least_kV, const System& system, const LinearModel& model,
                  const std::vector<double>& y, double t, Tables& tables) {
  const VoltageStiffness v = voltage_stiffness(system, model, y, least_kV);
  std::string who;
  for (std::size_t k = 0; k < std::min<std::size_t>(5, v.buses.size()); ++k) {
    const std::string bus = system.network().bus_label(v.buses[k].bus);
    who += fmt::format("{}{} {:.2f}", k == 0 ? "" : ", ", bus, v.buses[k].participation);
    add(tables.voltage, {t, v.smallest, static_cast<double>(v.negative), v.buses[k].participation}, {bus});
  }
  fmt::print("at {:g} s: smallest eigenvalue of the reduced V-Q matrix {:.3f} pu/pu{}; {}\n", t, v.smallest,
             v.negative > 0 ? fmt::format(" ({} negative: no point that holds)", v.negative) : "", who);
}

/// Peak to peak, of the buses whose voltage swings farthest.
void show_forced(const ModesArguments& arguments, const System& system, const LinearModel& model,
                 const std::vector<double>& y, double t, Tables& tables) {
  const Network& network = system.network();
  const int bus = network.find_bus(*arguments.forced_bus);
  for (const double Hz : arguments.forced_Hz) {
    const ForcedResponse response =
        forced_response(system, model, y, bus, {arguments.forced_MW, arguments.forced_Mvar}, Hz);
    std::vector<std::pair<double, int>> farthest;
    for (int b = 0; b < system.grid.bus_count(); ++b) {
      const double kV = std::abs(response.voltage_pu[b]) * network.buses[b].base_kV;
      const double mHz = 1e3 * std::abs(response.frequency_Hz[b]);
      add(tables.forced, {t, Hz, static_cast<double>(network.buses[b].number), network.buses[b].base_kV, kV,
                          std::arg(response.voltage_pu[b]) * 180 / std::numbers::pi, mHz,
                          std::arg(response.frequency_Hz[b]) * 180 / std::numbers::pi});
      if (network.buses[b].base_kV >= arguments.least_kV) farthest.emplace_back(-kV, b);
    }
    std::sort(farthest.begin(), farthest.end());
    fmt::print("at {:g} s: {:g} MW {:+g} Mvar peak to peak into {} at {:g} Hz moves, peak to peak\n", t,
               arguments.forced_MW, arguments.forced_Mvar, network.bus_label(bus), Hz);
    for (std::size_t k = 0; k < std::min<std::size_t>(arguments.count, farthest.size()); ++k) {
      const int b = farthest[k].second;
      fmt::print("  {:<28} {:8.3f} kV {:8.1f} mHz\n", network.bus_label(b), -farthest[k].first,
                 1e3 * std::abs(response.frequency_Hz[b]));
    }
  }
}

}  // namespace

ExitCode modes_command(const ModesArguments& arguments) {
  const Case c = read_case(arguments.case_path);
  print_warnings(c.warnings);
  if (arguments.forced_bus && (c.network.find_bus(*arguments.forced_bus) < 0 || arguments.forced_Hz.empty()))
    throw Error("--force",
                fmt::format("bus {} at {} frequencies", *arguments.forced_bus, arguments.forced_Hz.size()),
                "name a bus of the case, and frequencies with --Hz");
  if (arguments.from_Hz >= arguments.to_Hz)
    throw Error("--from",
                fmt::format("{:g} Hz is not below --to {:g} Hz", arguments.from_Hz, arguments.to_Hz),
                "give a band");
  const PreparedCase ready = prepare(c);
  print_warnings(ready.warnings);
  const std::filesystem::path folder = arguments.output.empty()
                                           ? std::filesystem::path(default_output(c.path).string() + "-modes")
                                           : arguments.output;
  try {
    claim_output_folder(folder);
  } catch (const Error& error) {
    print_errors(error);
    return ExitCode::CANNOT_WRITE;
  }
  Tables tables;
  Visits visits;
  visits.at_s = arguments.at_s;
  if (visits.at_s.empty()) visits.at_s = {0};
  std::sort(visits.at_s.begin(), visits.at_s.end());
  SimulationOptions options = c.simulation;
  options.until_s = visits.at_s.back();
  visits.look = [&](double t, System& system, const std::vector<double>& y) {
    const LinearModel model = linear_model(system, t, y);
    if (arguments.forced_bus)
      show_forced(arguments, system, model, y, t, tables);
    else if (arguments.voltage)
      show_voltage(arguments.least_kV, system, model, y, t, tables);
    else
      show_modes(arguments, system, model, t, tables);
  };
  const RunResult result = simulate_with_visits(*ready.system, ready.y, c.disturbances, options, visits);
  try {
    if (arguments.forced_bus) {
      write_table_csv(tables.forced, folder / "forced.csv");
    } else if (arguments.voltage) {
      write_table_csv(tables.voltage, folder / "vq.csv");
    } else {
      write_table_csv(tables.modes, folder / "modes.csv");
      write_table_csv(tables.states, folder / "participation.csv");
    }
  } catch (const Error& error) {
    print_errors(error);
    return ExitCode::CANNOT_WRITE;
  }
  for (const char* name : {"modes.csv", "participation.csv", "vq.csv", "forced.csv"})
    if (std::filesystem::exists(folder / name)) fmt::print("  {}\n", (folder / name).string());
  if (result.status.completed) return ExitCode::OK;
  fmt::print(stderr, "error: {}\n", result.status.outcome);
  return ExitCode::RUN_FAILED;
}

}  // namespace ballast
