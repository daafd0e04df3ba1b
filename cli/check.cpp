/// `ballast check`: what a case contains, what it assumes, and whether it rests.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

#include "cases/reader/case.hpp"
#include "cases/reader/coverage.hpp"
#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "studies/requirement_reader.hpp"

namespace ballast {
namespace {

void print_counts(const Case& c) {
  const Network& n = c.network;
  fmt::print("network: {} buses, {} branches, {} generators, {} loads, {} shunts; {:g} MVA, {:g} Hz\n",
             n.buses.size(), n.branches.size(), n.generators.size(), n.loads.size(), n.shunts.size(),
             n.base_MVA, n.frequency_Hz);
  std::map<std::string, int> models;
  for (const Plant& plant : c.plants)
    for (const Part& part : plant.parts) ++models[part.model];
  fmt::print("models:");
  const char* separator = " ";
  for (const auto& [name, count] : models) {
    fmt::print("{}{} {}", separator, count, name);
    separator = ", ";
  }
  fmt::print("\nevents: {}, until {:g} s\n", c.disturbances.size(), c.simulation.until_s);
}

void print_assumed(const Case& c) {
  if (c.assumed.empty()) return;
  fmt::print("assumed, because the case does not say:\n");
  std::string device;
  for (const AssumedDefault& a : c.assumed) {
    if (a.device != device) fmt::print("  {}\n", a.device);
    device = a.device;
    fmt::print("    {:<22} {:>10} {:<5} {}\n", a.parameter, fmt::format("{:g}", a.value),
               a.unit == "1" ? "" : a.unit, a.source);
  }
}

/// The case that files alone make: what it does not say is reported as missing.
Case case_of_files(const CheckArguments& arguments, Problems& problems) {
  const auto quoted = [](const std::filesystem::path& path) {
    std::string text;
    for (const char c : path.string())
      text += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    return '"' + text + '"';
  };
  const bool raw = arguments.path.extension() != ".m" && arguments.path.extension() != ".M";
  std::string text =
      fmt::format("[case]\ntitle = {}\n[network]\n{} = {}\n", quoted(arguments.path.filename()),
                  raw ? "raw" : "m", quoted(std::filesystem::absolute(arguments.path)));
  if (!arguments.dyr.empty())
    text += fmt::format("dyr = {}\n", quoted(std::filesystem::absolute(arguments.dyr)));
  return read_case_text(text + "[simulation]\nuntil_s = 1\n", "a case of these files", problems);
}

void print_adjustments(const char* title, const std::vector<Adjustment>& adjustments) {
  if (adjustments.empty()) return;
  fmt::print("{}:\n", title);
  for (const Adjustment& a : adjustments) fmt::print("  {}: {}\n", a.where, a.what);
}

/// One line per limit up to kShown of one parameter of one model, then their number.
void print_moved_limits(const PreparedCase& ready) {
  constexpr int kShown = 10;
  if (ready.rest.moved_limits.empty()) return;
  fmt::print("limits moved to the operating point ([initialisation] strict = true refuses them):\n");
  std::map<std::string, int> count;
  for (const MovedLimit& m : ready.rest.moved_limits) {
    const PartRef& ref = ready.system->parts()[m.part];
    const PartGroup& group = ready.system->group(ref.group);
    const char* const parameter = group.parameters[m.parameter].name;
    if (++count[fmt::format("{} {}", group.model, parameter)] <= kShown)
      fmt::print("  {} {}: {} {:g} -> {:g} ({})\n", group.model, ref.name, parameter, m.from, m.to,
                 m.quantity);
  }
  for (const auto& [what, n] : count)
    if (n > kShown) fmt::print("  and {} more {}\n", n - kShown, what);
}

}  // namespace

ExitCode check_command(const CheckArguments& arguments) {
  Problems problems;
  const Case c = is_network_file(arguments.path) ? case_of_files(arguments, problems)
                                                 : read_case(arguments.path, problems);
  fmt::print("{}: {}\n", c.path.string(), c.title);
  print_warnings(c.warnings);
  print_counts(c);
  print_assumed(c);
  print_adjustments("adjusted, as the case says", c.adjustments);
  if (problems.any()) {
    fmt::print("{}", coverage_text(coverage_of(c)));
    problems.throw_if_any();
  }
  const std::vector<Requirement> requirements = read_requirements(c);
  const PreparedCase ready = prepare(c);
  print_warnings(ready.warnings);
  fmt::print("{}", coverage_text(coverage_of(c, &ready.flow)));
  print_moved_limits(ready);
  print_adjustments("beside load models, so that their loads draw what the power flow says",
                    ready.adjustments);
  print_flow_summary(power_flow_network(c), ready.flow);
  for (const CampusRest& campus : c.campuses)
    fmt::print("  data center {}: {:.2f} MW, {:.2f} Mvar at rest\n", c.plants[campus.plant].name,
               campus.total_MVA().real(), campus.total_MVA().imag());
  for (const Requirement& r : requirements)
    fmt::print("  demanded of {}: {}, at bus {}{}, consumption averaged over {:g} s\n", r.load, r.rule.title,
               r.bus, r.beside.empty() ? "" : fmt::format(" with {}", fmt::join(r.beside, ", ")),
               r.averaging_s);
  fmt::print(
      "at rest: {} unknowns ({} states), largest rate {:.1e} 1/s, largest current mismatch {:.1e} pu, in "
      "{}\n",
      ready.system->size(), ready.system->state_count(), ready.rest.worst_rate, ready.rest.worst_balance,
      ready.rest.where);
  return ExitCode::OK;
}

}  // namespace ballast
