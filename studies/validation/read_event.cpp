/// event.toml, expected.csv and status.csv.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "cases/reader/section.hpp"
#include "studies/validation/event.hpp"

namespace ballast::validation {
namespace {

namespace fs = std::filesystem;
using Kind = TomlValue::Kind;

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw Error(path.string(), "cannot be read",
                "a folder of an event holds event.toml, expected.csv and status.csv");
  return {std::istreambuf_iterator<char>(file), {}};
}

void read_changes(Section& s, std::vector<std::pair<TreePath, TomlValue>>& changes, const char* label) {
  const TomlValue* set = s.find("set");
  if (set == nullptr) return;
  if (set->kind != Kind::TABLE)
    return s.problem("set", fmt::format("'set' is {}, not a table", set->described()),
                     fmt::format("write [{}.set]", label));
  for (const TomlEntry& entry : set->entries)
    changes.emplace_back(parse_path(entry.key, entry.place, s.problems()), entry.value);
}

Gate read_gate(Section& s) {
  Gate gate{s.whole("least", 1, 1000, "scored rows that must pass"),
            s.texts_if("must_pass").value_or(std::vector<std::string>{})};
  s.finish();
  return gate;
}

Sign read_sign(Section& s) {
  using Expect = Sign::Expect;
  static const std::vector<std::pair<std::string, Expect>> kExpects{{"never", Expect::NEVER},
                                                                    {"later", Expect::LATER},
                                                                    {"still", Expect::STILL},
                                                                    {"less", Expect::LESS},
                                                                    {"within", Expect::WITHIN}};
  std::vector<std::string> names;
  for (const auto& [name, value] : kExpects) names.push_back(name);
  Sign sign;
  sign.id = s.text("id", "of the row");
  sign.of = s.text("of", "name of a metric of the ensemble that this one is of");
  const std::string expect = s.choice("expect", names, "what is to be shown");
  for (const auto& [name, value] : kExpects)
    if (name == expect) sign.expect = value;
  if (sign.expect == Expect::LATER || sign.expect == Expect::LESS)
    sign.margin = s.number("margin", {"", not_negative()}, "seconds later, or share of what it was");
  if (sign.expect == Expect::WITHIN) {
    sign.low = s.number("low", {}, "least that is accepted");
    sign.high = s.number("high", {}, "most that is accepted");
  }
  s.finish();
  return sign;
}

Ensemble read_ensemble(Section& s, const fs::path& folder) {
  Ensemble e;
  e.place = s.place();
  e.name = s.text("name", "of the ensemble");
  s.relabel(fmt::format("[[ensemble]] '{}'", e.name));
  e.title = s.text_if("title").value_or(e.name);
  e.of = s.text_if("of").value_or("");
  e.sweep = folder / s.text("sweep", "the sweep that draws, relative to this file");
  if (const auto adds = s.text_if("adds")) e.adds = folder / *adds;
  read_changes(s, e.changes, "ensemble");
  e.replaces_events = s.flag_if("replace_events").value_or(false);
  e.all_draws = s.flag_if("all_draws").value_or(false);
  e.draws = s.whole("draws", 0, 100000, "how many are run by default");
  e.share = s.number_if("share", {"", within(0, 1)}).value_or(e.share);
  if (const TomlValue* shares = s.find("shares"))
    for (const TomlEntry& entry : shares->entries) {
      if (entry.value.kind != Kind::NUMBER)
        s.problem("shares", fmt::format("'{}' in 'shares' is {}", entry.key, entry.value.described()),
                  "give a share of the draws, 0 to 1");
      e.shares.emplace_back(entry.key, entry.value.number);
    }
  if (auto gate = s.section_if("gate")) e.gate = read_gate(*gate);
  for (Section& sign : s.sections("signs")) e.signs.push_back(read_sign(sign));
  s.finish();
  return e;
}

Run read_run(Section& s, const fs::path& folder) {
  Run run;
  run.name = s.text("name", "of the run");
  s.relabel(fmt::format("[[run]] '{}'", run.name));
  run.title = s.text_if("title").value_or(run.name);
  if (const auto adds = s.text_if("adds")) run.adds = folder / *adds;
  read_changes(s, run.changes, "run");
  s.finish();
  return run;
}

std::vector<std::pair<double, double>> read_accept(Section& s) {
  std::vector<std::pair<double, double>> accept;
  const TomlValue* list = s.find("accept");
  if (list == nullptr) return accept;
  const auto interval = [](const TomlValue& item) {
    return item.kind == Kind::LIST && item.items.size() == 2 && item.items[0].kind == Kind::NUMBER &&
           item.items[1].kind == Kind::NUMBER && item.items[0].number <= item.items[1].number;
  };
  if (list->kind != Kind::LIST || list->items.empty() ||
      !std::all_of(list->items.begin(), list->items.end(), interval)) {
    s.problem("accept", "'accept' is no list of intervals", "write accept = [[low, high], ...], low first");
    return accept;
  }
  for (const TomlValue& item : list->items) accept.emplace_back(item.items[0].number, item.items[1].number);
  return accept;
}

Metric read_metric(Section& s) {
  static const std::vector<std::string> kTakes = {
      "input",         "residual-share", "final-values", "first-event", "count",      "elements",
      "fall",          "left",           "left-share",   "stayed",      "max",        "min",
      "rise-rate",     "ratio",          "difference",   "recovered",   "time-below", "first-below",
      "steepest-fall", "first-steeper",  "value",        "time-of-min", "first-trip", "last-trip",
      "order"};
  Metric m;
  m.place = s.place();
  m.id = s.text("id", "of the row in expected.csv");
  s.relabel(fmt::format("[[metric]] '{}'", m.id));
  m.take = s.choice("take", kTakes, "how the figure is taken");
  const auto text = [&](const char* key) { return s.text_if(key).value_or(""); };
  m.run = text("run");
  m.of = text("of");
  m.unit = text("unit");
  m.label = text("label");
  m.name = text("name");
  m.elements = s.texts_if("elements").value_or(std::vector<std::string>{});
  m.minus = s.texts_if("minus").value_or(std::vector<std::string>{});
  m.together = s.flag_if("together").value_or(false);
  m.at = text("at");
  m.after = text("after");
  m.words = s.texts_if("words").value_or(std::vector<std::string>{});
  m.uses = s.texts_if("uses").value_or(std::vector<std::string>{});
  for (const auto& [key, value] : {std::pair{"from_s", &m.from_s},
                                   {"to_s", &m.to_s},
                                   {"at_s", &m.at_s},
                                   {"low", &m.low},
                                   {"high", &m.high},
                                   {"within_s", &m.within_s},
                                   {"settle_s", &m.settle_s},
                                   {"level", &m.level},
                                   {"scale", &m.scale},
                                   {"less", &m.less}})
    *value = s.number_if(key, {}).value_or(*value);
  m.starts_s = s.numbers_if("starts_s", {}).value_or(std::vector<double>{});
  m.ends_s = s.numbers_if("ends_s", {}).value_or(std::vector<double>{});
  if (const TomlValue* groups = s.find("groups"))
    for (const TomlValue& group : groups->items) {
      m.groups.emplace_back();
      for (const TomlValue& name : group.items) m.groups.back().push_back(name.text);
      if (m.groups.back().empty() ||
          std::any_of(group.items.begin(), group.items.end(),
                      [](const TomlValue& name) { return name.kind != Kind::TEXT; }))
        s.problem("groups", fmt::format("{} in 'groups' is no list of names", group.described()),
                  "write groups = [[\"1-1\"], [\"2-1\", \"3-1\"]]");
    }
  if (m.take == "order" && m.groups.size() < 2)
    s.problem("groups", fmt::format("{} groups have no order", m.groups.size()), "give two at least");
  if (const TomlValue* where = s.find("where"))
    for (const TomlEntry& entry : where->entries) {
      if (entry.value.kind != Kind::NUMBER)
        s.problem("where", fmt::format("'{}' in 'where' is {}", entry.key, entry.value.described()),
                  "give the number that the parameter must have");
      m.where.emplace_back(entry.key, entry.value.number);
    }
  if (m.take == "residual-share" && m.starts_s.size() != m.ends_s.size())
    s.problem("ends_s", fmt::format("{} dips end, {} start", m.ends_s.size(), m.starts_s.size()),
              "give every dip its start and its end");
  static const std::map<std::string, std::vector<const char*>> kNeeded = {{"value", {"at_s"}},
                                                                          {"time-below", {"level"}},
                                                                          {"first-below", {"level"}},
                                                                          {"steepest-fall", {"within_s"}}};
  if (const auto needed = kNeeded.find(m.take); needed != kNeeded.end())
    for (const char* key : needed->second)
      if (!s.has(key) && (std::string_view(key) != "at_s" || m.at.empty()))
        s.problem("take", fmt::format("'{}' needs '{}', which is not there", m.take, key),
                  fmt::format("add {} = ...", key));
  if (m.take == "steepest-fall" && !(m.within_s > 0) && s.has("within_s"))
    s.problem("within_s", fmt::format("within_s = {:g} is no length of time", m.within_s),
              "give seconds above 0");
  m.accept = read_accept(s);
  s.finish();
  return m;
}

void read_event(const TomlValue& tree, Validation& v, Problems& problems) {
  Section root(tree, "event.toml", problems);
  v.title = root.text("title", "one line");
  v.case_path = v.folder / root.text("case", "the case, relative to this file");
  v.assumptions = v.folder / root.text("assumptions", "what the case assumes, relative to this file");
  v.zero_s = root.number("zero_s", {"s", not_negative()}, "simulated time of the event's own zero");
  if (auto seeds = root.section_if("seeds")) {
    v.seed_path = seeds->text("path", "the key that holds the seed");
    v.seed_run = seeds->text("run", "which run is repeated");
    v.seed_ids = seeds->texts_if("metrics").value_or(std::vector<std::string>{});
    v.seed_stands_for = seeds->texts_if("stands_for").value_or(std::vector<std::string>{});
    seeds->finish();
  }
  if (auto drawn = root.section_if("drawn")) {
    v.drawn.power = drawn->text_if("power").value_or("");
    v.drawn.voltage = drawn->text_if("voltage").value_or("");
    v.drawn.voltage_elements = drawn->texts_if("voltage_elements").value_or(std::vector<std::string>{});
    v.drawn.frequency = drawn->text_if("frequency").value_or("");
    drawn->finish();
  }
  if (auto gate = root.section_if("gate")) v.gate = read_gate(*gate);
  for (Section& s : root.sections("run")) v.runs.push_back(read_run(s, v.folder));
  for (Section& s : root.sections("ensemble")) v.ensembles.push_back(read_ensemble(s, v.folder));
  for (Section& s : root.sections("metric")) v.metrics.push_back(read_metric(s));
  for (Section& s : root.sections("published")) {
    Level level;
    level.of = s.choice("of", {"voltage", "frequency", "lost"}, "what the level is of");
    level.from_s = s.number("from_s", {"s"}, "where it begins");
    level.to_s = s.number("to_s", {"s"}, "where it ends");
    level.value = s.number("value", {}, "published");
    s.finish();
    v.levels.push_back(level);
  }
  root.finish();
}

/// What the files say about each other.
void check(const Validation& v, Problems& problems) {
  std::set<std::string> ids, runs, names;
  for (const Expected& e : v.expected)
    if (!ids.insert(e.id).second)
      problems.add("expected.csv, signs.csv", fmt::format("'{}' stands there twice", e.id), "keep one");
  for (const Run& run : v.runs) runs.insert(run.name);
  std::set<std::string> states;  // what status.csv may speak of
  for (const Ensemble& e : v.ensembles) {
    if (!runs.insert(e.name).second)
      problems.add(e.place.text(), fmt::format("the name '{}' is that of another run", e.name),
                   "give it one of its own");
    for (const std::string& id : ids) states.insert(e.name + "/" + id);
    const auto base = std::find_if(v.ensembles.begin(), v.ensembles.end(),
                                   [&](const Ensemble& other) { return other.name == e.of; });
    if (!e.of.empty() && (base == v.ensembles.end() || base->name == e.name))
      problems.add(e.place.text(), fmt::format("there is no ensemble '{}'", e.of), "name another one");
    if (e.of.empty() != e.signs.empty())
      problems.add(e.place.text(), "signs are those of draws repeated with changes",
                   "give both `of` and `signs`, or neither");
    for (const Sign& sign : e.signs)
      if (!ids.contains(sign.id) || std::none_of(v.metrics.begin(), v.metrics.end(), [&](const Metric& m) {
            return m.run == e.of && m.name == sign.of;
          }))
        problems.add(
            e.place.text(),
            fmt::format("a sign is of row '{}' and metric '{}', one of which is not there", sign.id, sign.of),
            "name a row, and a metric of the ensemble that this one is of");
  }
  const auto of_ensemble = [&](const Metric& m) {
    return std::any_of(v.ensembles.begin(), v.ensembles.end(),
                       [&](const Ensemble& e) { return e.name == m.run; });
  };
  for (const Metric& m : v.metrics) {
    if (!ids.contains(m.id))
      problems.add(m.place.text(), fmt::format("expected.csv has no row '{}'", m.id), "name one of its rows");
    const bool of_others = m.take == "ratio" || m.take == "difference";
    if (!m.name.empty() && ((ids.contains(m.name) && m.name != m.id) || !names.insert(m.name).second))
      problems.add(m.place.text(), fmt::format("the name '{}' is that of another metric", m.name),
                   "give it one of its own");
    if (!m.run.empty() ? !runs.contains(m.run) : !of_others && m.take != "input")
      problems.add(m.place.text(), fmt::format("there is no run '{}'", m.run), "name a [[run]]");
    if (of_others && m.uses.size() != 2)
      problems.add(m.place.text(), fmt::format("a {} needs two metrics", m.take),
                   "write uses = [\"A\", \"B\"]");
  }
  if (v.gate)
    for (const std::string& id : v.gate->must_pass)
      if (!ids.contains(id))
        problems.add("event.toml", fmt::format("[gate] names '{}', which expected.csv has not", id),
                     "name one of its rows");
  for (const Expected& e : v.expected) {
    const auto found = v.standings.find(e.id);
    if (found == v.standings.end()) {
      problems.add("status.csv", fmt::format("no line for '{}'", e.id), "add one: id,status,reason");
      continue;
    }
    const bool judged = std::any_of(v.metrics.begin(), v.metrics.end(), [&](const Metric& m) {
      return m.id == e.id && !m.accept.empty() && !of_ensemble(m);
    });
    if (found->second.status != Status::REPORT_ONLY && !judged)
      problems.add(
          "status.csv",
          fmt::format("'{}' is {}, but no metric of it has 'accept'", e.id, name_of(found->second.status)),
          "say what is accepted, or make it report-only");
    if (found->second.status != Status::PASS && found->second.reason.empty())
      problems.add("status.csv",
                   fmt::format("'{}' is {} without a reason", e.id, name_of(found->second.status)),
                   "give the reason");
  }
  for (const auto& [id, standing] : v.standings)
    if (!ids.contains(id) && !states.contains(id))
      problems.add("status.csv", fmt::format("expected.csv has no row '{}'", id), "remove the line");
}

}  // namespace

const char* name_of(Status status) {
  return status == Status::PASS ? "pass" : status == Status::KNOWN_MISS ? "known-miss" : "report-only";
}

std::vector<std::vector<std::string>> csv_rows(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> row;
  std::string cell;
  bool quoted = false, any = false;
  const auto end_row = [&] {
    if (any || !cell.empty()) {
      row.push_back(cell);
      rows.push_back(row);
    }
    row.clear();
    cell.clear();
    any = false;
  };
  for (std::size_t k = 0; k < text.size(); ++k) {
    const char c = text[k];
    if (quoted) {
      if (c != '"')
        cell += c;
      else if (k + 1 < text.size() && text[k + 1] == '"')
        cell += text[++k];
      else
        quoted = false;
    } else if (c == '"') {
      quoted = any = true;
    } else if (c == ',') {
      row.push_back(cell);
      cell.clear();
      any = true;
    } else if (c == '\n') {
      end_row();
    } else if (c != '\r') {
      cell += c;
    }
  }
  end_row();
  return rows;
}

Validation read_validation(const fs::path& folder) {
  Validation v;
  v.folder = folder;
  v.name = folder.filename().string();
  Problems problems;
  const fs::path path = folder / "event.toml";
  const TomlValue tree =
      parse_toml(contents(path), path.string());  // the paths of runs refer to nothing in it
  read_event(tree, v, problems);
  const auto rows_of = [&](const char* name, const std::vector<std::string>& header) {
    auto rows = csv_rows(contents(folder / name));
    if (rows.empty() || rows.front() != header) {
      problems.add((folder / name).string(), "the first line is not the header",
                   fmt::format("write {}", fmt::join(header, ",")));
      return std::vector<std::vector<std::string>>{};
    }
    rows.erase(rows.begin());
    std::erase_if(rows, [&](const auto& row) {
      if (row.size() == header.size()) return false;
      problems.add((folder / name).string(),
                   fmt::format("'{}' has {} cells, not {}", row.front(), row.size(), header.size()),
                   "quote commas");
      return true;
    });
    return rows;
  };
  for (const char* name : {"expected.csv", "signs.csv"}) {
    if (name == std::string_view("signs.csv") && !fs::exists(folder / name)) continue;
    for (const auto& row : rows_of(name, {"id", "metric", "published", "tolerance", "gate", "source"}))
      v.expected.push_back({row[0], row[1], row[2], row[3], row[4], row[5]});
  }
  for (const auto& row : rows_of("status.csv", {"id", "status", "reason"})) {
    Standing standing{Status::REPORT_ONLY, row[2]};
    if (row[1] == "pass")
      standing.status = Status::PASS;
    else if (row[1] == "known-miss")
      standing.status = Status::KNOWN_MISS;
    else if (row[1] != "report-only")
      problems.add((folder / "status.csv").string(), fmt::format("'{}' is no status", row[1]),
                   "pass, known-miss or report-only");
    if (!v.standings.emplace(row[0], standing).second)
      problems.add((folder / "status.csv").string(), fmt::format("'{}' stands there twice", row[0]),
                   "keep one");
  }
  problems.throw_if_any();
  check(v, problems);
  problems.throw_if_any();
  const TomlValue assumed = parse_toml(contents(v.assumptions), v.assumptions.string());
  const auto count = [&](const auto& self, const TomlValue& table) -> void {
    if (const TomlValue* on = table.find("calibrated_on"); on != nullptr && on->text != "none") ++v.fitted;
    for (const TomlEntry& entry : table.entries)
      if (entry.value.kind == Kind::TABLE) self(self, entry.value);
  };
  count(count, assumed);
  return v;
}

Case variant(const Validation& v, const Run& run, std::optional<int> seed) {
  const CaseFile file = open_case(v.case_path);
  TomlValue tree = parse_toml(file.text, file.path.string());
  Problems problems;
  for (const auto& [path, value] : run.changes) set_at(tree, path, value, problems);
  if (seed) {
    TomlValue number;
    number.kind = Kind::NUMBER;
    number.number = *seed;
    number.whole = true;
    set_at(tree, parse_path(v.seed_path, {}, problems), number, problems);
  }
  problems.throw_if_any();
  change(tree, {}, run.adds);
  return read_case_tree(tree, file.text, file.path);
}

void change(TomlValue& tree, const std::vector<std::pair<TreePath, TomlValue>>& changes,
            const fs::path& adds) {
  Problems problems;
  for (const auto& [path, value] : changes) set_at(tree, path, value, problems);
  problems.throw_if_any();
  if (adds.empty()) return;
  TomlValue more = parse_toml(contents(adds), adds.string());
  const auto set = std::find_if(more.entries.begin(), more.entries.end(), [](const TomlEntry& e) {
    return e.key == "set" && e.value.kind == Kind::TABLE;
  });
  if (set != more.entries.end()) {
    for (const TomlEntry& entry : set->value.entries)
      set_at(tree, parse_path(entry.key, entry.place, problems), entry.value, problems);
    problems.throw_if_any();
    more.entries.erase(set);
  }
  add_tables(tree, std::move(more));
}

}  // namespace ballast::validation
