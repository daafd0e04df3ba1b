/// The file of remedies.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cases/reader/section.hpp"
#include "studies/compare/comparison.hpp"

namespace ballast::compare {
namespace {

using Kind = TomlValue::Kind;

Bounds read_bounds(Section& s, const char* key, const char* meaning, bool falling) {
  const auto given = s.numbers_if(key, {"", not_negative()});
  if (!given) {
    s.missing(key, meaning, fmt::format("add {} = [<yes>, <possibly>]", key));
    return {};
  }
  const bool ordered =
      given->size() == 2 && (falling ? (*given)[0] >= (*given)[1] : (*given)[0] <= (*given)[1]);
  if (!ordered) {
    s.problem(key, fmt::format("'{}' has not the two bounds of a verdict in their order", key),
              falling ? "give [yes from, possibly from], the greater first"
                      : "give [yes up to, possibly up to], the lesser first");
    return {};
  }
  return {(*given)[0], (*given)[1]};
}

/// A table kept as it is.
TomlValue table_under(Section& s, const char* key) {
  const TomlValue* table = s.find(key);
  if (table == nullptr) return {};
  if (table->kind != Kind::TABLE) {
    s.problem(key, fmt::format("'{}' is {}, not a table", key, table->described()),
              fmt::format("write [mitigation.{}] or [[mitigation.{}.bess]]", key, key));
    return {};
  }
  return *table;
}

Trial read_disturbance(Section& s) {
  Trial d;
  d.name = s.text("name", "of the disturbance");
  s.relabel(fmt::format("[[disturbance]] '{}'", d.name));
  d.title = s.text_if("title").value_or(d.name);
  d.from_s = s.number("from_s", {"s", not_negative()}, "from when on figures count");
  d.until_s = s.number("until_s", {"s", positive()}, "end of the run");
  if (d.until_s <= d.from_s)
    s.problem("until_s", fmt::format("the run ends at {:g} s, before figures count", d.until_s),
              "let until_s come after from_s");
  if (const TomlValue* events = s.find("event"); events != nullptr) {
    if (events->kind != Kind::LIST)
      s.problem("event", "'event' is no list of tables", "write [[disturbance.event]]");
    d.events = true;
    d.tables.entries.push_back({"event", events->place, *events});
    for (const TomlValue& event : events->items) {
      const TomlValue* at = event.find("at_s");
      if (at != nullptr && at->kind == Kind::NUMBER &&
          (event.find("fault") != nullptr || event.find("line_fault") != nullptr))
        d.dips_s.push_back(at->number);
    }
    std::sort(d.dips_s.begin(), d.dips_s.end());
    if (d.dips_s.empty() || d.dips_s.front() <= d.from_s)
      s.problem("event", fmt::format("{} has no fault after from_s", s.label()),
                "ride-through is judged by dips: give a fault or line_fault, the first after from_s");
  }
  s.finish();
  return d;
}

std::vector<Fuel> read_fuels(Section& s) {
  std::vector<Fuel> fuels;
  for (Section& one : s.sections("fuel")) {
    one.relabel("fuel of " + s.label());
    Fuel fuel;
    fuel.machine = one.text("machine", "the machine, \"<bus>-<id>\"");
    fuel.heat_rate_GJ_per_MWh =
        one.number("heat_rate_GJ_per_MWh", {"GJ/MWh", positive()}, "fuel per electric energy");
    one.finish();
    fuels.push_back(fuel);
  }
  return fuels;
}

Mitigation read_mitigation(Section& s) {
  Mitigation m;
  m.name = s.text("name", "of the remedy");
  s.relabel(fmt::format("[[mitigation]] '{}'", m.name));
  m.title = s.text_if("title").value_or(m.name);
  m.combines = s.texts_if("combines").value_or(std::vector<std::string>{});
  for (const TomlEntry& entry : table_under(s, "set").entries)
    m.changes.emplace_back(parse_path(entry.key, entry.place, s.problems()), entry.value);
  m.adds = table_under(s, "add");
  m.fuels = read_fuels(s);
  m.area_acre = s.number_if("area_acre", {"acre", positive()}).value_or(0);
  m.hours_per_year = s.number_if("hours_per_year", {"h", positive()});
  s.finish();
  return m;
}

Availability read_availability(Section& s) {
  Availability a;
  a.name = s.text("name", "of the plant");
  s.relabel(fmt::format("[[availability]] '{}'", a.name));
  a.title = s.text_if("title").value_or(a.name);
  a.units = s.whole("units", 1, 100000, "units installed");
  a.needed = s.whole("needed", 1, 100000, "units that must run");
  if (a.needed > a.units)
    s.problem("needed", fmt::format("{} of {} units are needed", a.needed, a.units),
              "give units at least that many");
  a.mtbf_h = s.number("mtbf_h", {"h", positive()}, "mean time between failures of a unit");
  a.mttr_h = s.number("mttr_h", {"h", positive()}, "mean time to repair it");
  a.years = s.number("years", {"a", positive()}, "simulated in a draw");
  a.draws = s.whole("draws", 1, 1000000, "of the Monte Carlo");
  a.seed = static_cast<std::uint64_t>(s.whole("seed", 0, 1e9, "of the Monte Carlo"));
  s.finish();
  return a;
}

Claim read_claim(Section& s) {
  Claim c;
  c.place = s.place();
  c.table = s.text("table", "whose table it stands in");
  c.item = s.text("item", "what it is about");
  s.relabel(fmt::format("[[claim]] '{}'", c.item));
  c.says = s.text("says", "what is claimed");
  c.figure = s.text_if("figure").value_or("");
  c.over = s.text_if("over").value_or("");
  c.cannot = s.text_if("cannot").value_or("");
  if (s.has("is")) c.is = s.choice("is", {"yes", "possibly", "no"}, "the verdict claimed");
  c.at_least = s.number_if("at_least", {"", anything(), true});
  c.at_most = s.number_if("at_most", {"", anything(), true});
  const bool judged = !c.is.empty() || c.at_least || c.at_most;
  if (c.cannot.empty() == (c.figure.empty() || !judged))
    s.problem("figure", fmt::format("{} says neither what to compare nor why nothing can be", s.label()),
              "give figure with is, at_least or at_most; or cannot = \"<why>\"");
  s.finish();
  return c;
}

/// Does this name a figure that there may be: "<remedy>.<figure>", "<plant>.availability"?
void check_figure(const Comparison& c, const Claim& claim, const std::string& name, bool verdict,
                  Problems& problems) {
  std::vector<std::string> names;
  for (const Mitigation& m : c.mitigations) {
    for (const char* figure : {"smoothing", "ride_through", "flexible"})
      names.push_back(m.name + "." + figure);
    if (verdict) continue;
    for (const char* figure : {"life_years", "area_acre_per_100MW", "fuel_GJ_per_MWh"})
      names.push_back(m.name + "." + figure);
  }
  if (!verdict)
    for (const Availability& a : c.availabilities) names.push_back(a.name + ".availability");
  if (std::find(names.begin(), names.end(), name) != names.end()) return;
  const std::string hint = nearest(name, names);
  problems.add(claim.place.text(), fmt::format("there is no {} '{}'", verdict ? "verdict" : "figure", name),
               hint.empty() ? "write <remedy>.<figure>; docs/compare.md lists them"
                            : fmt::format("did you mean '{}'?", hint));
}

template <class T>
void names_once(const std::vector<T>& list, const char* what, const std::filesystem::path& path,
                Problems& problems) {
  std::set<std::string> seen;
  for (const T& one : list)
    if (!seen.insert(one.name).second)
      problems.add(path.string(), fmt::format("two [[{}]] are called '{}'", what, one.name), "rename one");
}

void read_head(Section& root, Comparison& c) {
  auto s = root.section_if("comparison");
  if (!s) {
    root.missing("comparison", "the table [comparison]", "see docs/compare.md");
    return;
  }
  s->relabel("[comparison]");
  c.title = s->text("title", "one line");
  c.datacenter = s->text("datacenter", "the site's data center");
  c.meter = s->texts_if("meter").value_or(std::vector<std::string>{});
  if (c.meter.empty())
    s->missing("meter", "the branches that feed the site",
               "add meter = [\"2-10-1\"], branches as the report names them");
  c.declared_MW = s->number("declared_MW", {"MW", positive()}, "draw of the grid to be avoided");
  c.average_s = s->number("average_s", {"s", positive()}, "period of the load");
  c.ramp_window_s = s->number("ramp_window_s", {"s", positive()}, "window of the ramp");
  c.training_share =
      s->number("training_share", {"pu", within(0.001, 1)}, "share of the year with the load of the run");
  c.smoothing = read_bounds(*s, "smoothing", "share of the deviation that is left", false);
  c.ride_through = read_bounds(*s, "ride_through", "share of the power that is lost", false);
  c.flexible_min = read_bounds(*s, "flexible_min", "minutes", true);
  if (const TomlValue* bands = s->find("bands_Hz"); bands != nullptr)
    for (const TomlValue& band : bands->items) {
      if (band.items.size() != 2 || band.items[0].kind != Kind::NUMBER ||
          band.items[1].kind != Kind::NUMBER || band.items[0].number >= band.items[1].number) {
        s->problem("bands_Hz", "'bands_Hz' is no list of bands", "write bands_Hz = [[0.1, 0.5], [0.5, 5]]");
        break;
      }
      c.bands_Hz.emplace_back(band.items[0].number, band.items[1].number);
    }
  if (c.bands_Hz.empty())
    s->missing("bands_Hz", "bands of the spectrum", "add bands_Hz = [[0.1, 0.5], [0.5, 5]]");
  s->finish();
}

const Mitigation& named(const Comparison& c, const std::string& name) {
  return *std::find_if(c.mitigations.begin(), c.mitigations.end(),
                       [&](const Mitigation& m) { return m.name == name; });
}

/// What a combination burns and covers is what its members do.
void inherit(const Comparison& c, Mitigation& m) {
  for (const std::string& other : m.combines) {  // these stand above it and have inherited already
    const Mitigation& one = named(c, other);
    m.fuels.insert(m.fuels.end(), one.fuels.begin(), one.fuels.end());
    m.area_acre += one.area_acre;
    if (!m.hours_per_year) m.hours_per_year = one.hours_per_year;
  }
}

void apply(const Comparison& c, const Mitigation& m, TomlValue& tree, Problems& problems) {
  for (const std::string& other : m.combines) apply(c, named(c, other), tree, problems);
  add_tables(tree, m.adds);
  for (const auto& [path, value] : m.changes) set_at(tree, path, value, problems);
}

}  // namespace

Comparison read_comparison(const std::filesystem::path& case_path, const std::filesystem::path& mitigations) {
  Comparison c;
  c.base_file = open_case(case_path);
  c.base = parse_toml(c.base_file.text, c.base_file.path.string());
  std::erase_if(c.base.entries, [](const TomlEntry& e) { return e.key == "event"; });
  c.path = mitigations;
  const TomlValue tree = parse_toml(open_case(mitigations).text, mitigations.string());
  Problems problems;
  Section root(tree, mitigations.filename().string(), problems);
  read_head(root, c);
  for (Section& s : root.sections("disturbance")) c.disturbances.push_back(read_disturbance(s));
  for (Section& s : root.sections("mitigation")) c.mitigations.push_back(read_mitigation(s));
  for (Section& s : root.sections("availability")) c.availabilities.push_back(read_availability(s));
  for (Section& s : root.sections("claim")) c.claims.push_back(read_claim(s));
  root.finish();
  names_once(c.disturbances, "disturbance", c.path, problems);
  names_once(c.mitigations, "mitigation", c.path, problems);
  names_once(c.availabilities, "availability", c.path, problems);
  const auto count = [&](bool events) {
    return std::count_if(c.disturbances.begin(), c.disturbances.end(),
                         [&](const Trial& d) { return d.events == events; });
  };
  if (count(false) != 1 || count(true) < 1)
    problems.add(c.path.string(), "there must be one [[disturbance]] without events and at least one with",
                 "the first shows the load's own swings, the others dips");
  if (c.mitigations.empty() || !c.mitigations.front().changes_nothing())
    problems.add(c.path.string(), "the first [[mitigation]] is not the bare site",
                 "begin with one that has a name only: the others are held against it");
  for (std::size_t k = 0; k < c.mitigations.size(); ++k)
    for (const std::string& other : c.mitigations[k].combines)
      if (std::none_of(c.mitigations.begin(), c.mitigations.begin() + static_cast<std::ptrdiff_t>(k),
                       [&](const Mitigation& m) { return m.name == other; }))
        problems.add(c.path.string(),
                     fmt::format("'{}' combines '{}', which is not above it", c.mitigations[k].name, other),
                     "name remedies that stand before it");
  for (const Claim& claim : c.claims) {
    if (!claim.figure.empty()) check_figure(c, claim, claim.figure, !claim.is.empty(), problems);
    if (!claim.over.empty()) check_figure(c, claim, claim.over, false, problems);
  }
  problems.throw_if_any();
  for (Mitigation& m : c.mitigations) inherit(c, m);
  for (const Mitigation& m : c.mitigations)
    for (const Trial& d : c.disturbances) (void)variant(c, m, d);
  return c;
}

Case variant(const Comparison& c, const Mitigation& m, const Trial& d) {
  TomlValue tree = c.base;
  Problems problems;
  apply(c, m, tree, problems);
  add_tables(tree, d.tables);
  problems.throw_if_any();
  Case one = read_case_tree(tree, c.base_file.text, c.base_file.path);
  one.title = fmt::format("{}: {}", m.title, d.title);
  one.simulation.until_s = d.until_s;
  one.simulation.record = {"branch.power", "datacenter.power", "datacenter.*.P_off", "machine.power"};
  if (std::any_of(one.plants.begin(), one.plants.end(), [](const Plant& p) { return p.kind == "bess"; }))
    one.simulation.record.insert(one.simulation.record.end(), {"bess.power", "bess.battery.soc"});
  return one;
}

}  // namespace ballast::compare
