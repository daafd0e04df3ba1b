#include "studies/tree_path.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>

namespace ballast {
namespace {

using Kind = TomlValue::Kind;

/// "8" for a NUMBER, the text of a TEXT, else "".
std::string word_of(const TomlValue* value) {
  if (value == nullptr) return "";
  if (value->kind == Kind::NUMBER) return fmt::format("{:.17g}", value->number);
  return value->kind == Kind::TEXT ? value->text : "";
}

/// What an element of an array of tables may be called, besides its place.
std::vector<std::string> names_of(const TomlValue& element) {
  std::vector<std::string> names;
  if (element.kind != Kind::TABLE) return names;
  for (const char* key : {"name", "number"})
    if (const std::string word = word_of(element.find(key)); !word.empty()) names.push_back(word);
  if (const TomlValue* fuel = element.find("fuel"); fuel != nullptr) {  // of [[machine_data]]: one or a list
    if (fuel->kind == Kind::TEXT) names.push_back(fuel->text);
    for (const TomlValue& one : fuel->items) names.push_back(word_of(&one));
  }
  const std::string own_id = word_of(element.find("id"));
  const std::string id = own_id.empty() ? "1" : own_id;
  if (const std::string bus = word_of(element.find("bus")); !bus.empty()) names.push_back(bus + "-" + id);
  const std::string from = word_of(element.find("from"));
  const std::string to = word_of(element.find("to"));
  if (!from.empty() && !to.empty()) names.push_back(fmt::format("{}-{}-{}", from, to, id));
  return names;
}

bool is_place(const std::string& word) {
  return !word.empty() && word.size() < 9 &&
         std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

class Setter {
 public:
  Setter(const TreePath& path, const TomlValue& value, Problems& problems)
      : path_(path), value_(value), problems_(problems) {}

  void set(TomlValue& node, std::size_t at) {
    if (at == path_.words.size()) {
      node = value_;
    } else if (node.kind == Kind::TABLE) {
      set_in_table(node, at);
    } else if (node.kind == Kind::LIST) {
      set_in_list(node, at);
    } else {
      say(fmt::format("'{}' is {}, it has no '{}'", walked(at), node.described(), path_.words[at]));
    }
  }

 private:
  const TreePath& path_;
  const TomlValue& value_;
  Problems& problems_;

  /// The first `count` words.
  [[nodiscard]] std::string walked(std::size_t count) const {
    return fmt::format("{}",
                       fmt::join(path_.words.begin(), path_.words.begin() + static_cast<long>(count), "."));
  }
  void say(std::string what, std::string remedy = {}) {
    problems_.add(path_.place.text(), fmt::format("path '{}': {}", path_.text, what), std::move(remedy));
  }
  [[nodiscard]] std::string table_name(std::size_t at) const {
    return at == 0 ? "the case file" : fmt::format("'{}'", walked(at));
  }

  void set_in_table(TomlValue& table, std::size_t at) {
    const std::string& word = path_.words[at];
    for (TomlEntry& entry : table.entries) {
      if (entry.key != word) continue;
      if (at + 1 == path_.words.size()) entry.place = path_.place;
      return set(entry.value, at + 1);
    }
    std::vector<std::string> keys;
    for (const TomlEntry& entry : table.entries) {
      keys.push_back(entry.key);
      if (entry.value.kind == Kind::TABLE && entry.value.find(word) != nullptr) {
        const std::string before = at == 0 ? "" : walked(at) + ".";
        return say(fmt::format("{} has no '{}'", table_name(at), word),
                   fmt::format("did you mean '{}{}.{}'?", before, entry.key, word));
      }
    }
    const std::string hint = nearest(word, keys);
    if (at + 1 == path_.words.size() && at > 0) {  // a key that has its default so far
      table.entries.push_back({word, path_.place, value_});
      return;
    }
    const bool of_file = at == 0 && (word == "bus" || word == "line" || word == "transformer" ||
                                     word == "load" || word == "shunt" || word == "generator");
    say(fmt::format("{} has no '{}'", table_name(at), word),
        of_file ? "a path reaches what the case file itself gives, not the elements of its network file"
        : hint.empty() ? "paths are the case file's own words with dots between them"
                       : fmt::format("did you mean '{}'?", hint));
  }

  /// All elements one of whose names matches.
  void set_matching(TomlValue& list, std::size_t at) {
    bool any = false;
    for (TomlValue& item : list.items) {
      const std::vector<std::string> names = names_of(item);
      if (std::none_of(names.begin(), names.end(), [&](const std::string& name) {
            return fnmatch(path_.words[at].c_str(), name.c_str(), 0) == 0;
          }))
        continue;
      any = true;
      set(item, at + 1);
    }
    if (!any) say(fmt::format("no element of {} is called '{}'", table_name(at), path_.words[at]));
  }

  void set_in_list(TomlValue& list, std::size_t at) {
    const std::string& word = path_.words[at];
    if (word == "*") {
      if (list.items.empty()) say(fmt::format("{} is empty", table_name(at)));
      for (TomlValue& item : list.items) set(item, at + 1);
      return;
    }
    if (word.find('*') != std::string::npos) return set_matching(list, at);
    std::vector<TomlValue*> found;
    std::vector<TomlValue*> at_bus;
    std::vector<std::string> all;
    for (TomlValue& item : list.items) {
      const std::vector<std::string> names = names_of(item);
      if (std::find(names.begin(), names.end(), word) != names.end()) found.push_back(&item);
      if (item.kind == Kind::TABLE && word_of(item.find("bus")) == word) at_bus.push_back(&item);
      all.insert(all.end(), names.begin(), names.end());
    }
    if (found.empty()) found = at_bus;
    if (found.size() > 1)
      return say(fmt::format("{} elements of {} are called '{}'", found.size(), table_name(at), word),
                 "name one by its place, counted from 0");
    if (found.size() == 1) return set(*found.front(), at + 1);
    if (is_place(word) && static_cast<std::size_t>(std::stoi(word)) < list.items.size())
      return set(list.items[static_cast<std::size_t>(std::stoi(word))], at + 1);
    const std::string hint = nearest(word, all);
    say(fmt::format("{} has no element '{}'", table_name(at), word),
        !hint.empty() ? fmt::format("did you mean '{}'?", hint)
                      : fmt::format("it has {} elements; name one by its place from 0, its name or number",
                                    list.items.size()));
  }
};

}  // namespace

TreePath parse_path(const std::string& text, const Place& place, Problems& problems) {
  TreePath path{text, {}, place};
  std::string word;
  char quote = 0;
  bool quoted = false;
  bool bad = text.empty();
  const auto end_word = [&] {
    bad = bad || (word.empty() && !quoted);
    path.words.push_back(word);
    word.clear();
    quoted = false;
  };
  for (const char c : text) {
    if (quote != 0 && c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
      quoted = true;
    } else if (quote == 0 && c == '.') {
      end_word();
    } else {
      word += c;
    }
  }
  end_word();
  if (bad || quote != 0)
    problems.add(place.text(), fmt::format("'{}' is no path", text),
                 "write words with dots between them, such as \"simulation.until_s\"");
  return path;
}

namespace {

TomlEntry entry_of(const char* key, const TreePath& path, TomlValue value) {
  value.place = path.place;
  return {key, path.place, std::move(value)};
}
TomlValue text_of(const std::string& text) {
  TomlValue value;
  value.kind = Kind::TEXT;
  value.text = text;
  return value;
}

/// "dyr.30-1.GENROU.H" is one more [[dyr_rule]] of the case, behind its own.
void add_dyr_rule(TomlValue& root, const TreePath& path, const TomlValue& value, Problems& problems) {
  const std::string& unit = path.words.size() == 4 ? path.words[1] : path.text;
  const auto dash = unit.find('-');
  const std::string bus = unit.substr(0, dash);
  if (path.words.size() != 4 || (unit != "*" && !is_place(bus))) {
    problems.add(
        path.place.text(), fmt::format("path '{}' names no parameter of a dynamics record", path.text),
        "write dyr.<bus>-<id>.<model>.<parameter>, or * in the place of bus and id for all of a model");
    return;
  }
  TomlValue rule;
  rule.place = path.place;
  rule.entries.push_back(entry_of("model", path, text_of(path.words[2])));
  if (unit != "*") {
    TomlValue number;
    number.kind = Kind::NUMBER;
    number.whole = true;
    number.number = std::stoi(bus);
    rule.entries.push_back(entry_of("bus", path, number));
    if (dash != std::string::npos)
      rule.entries.push_back(entry_of("id", path, text_of(unit.substr(dash + 1))));
  }
  TomlValue set;
  set.entries.push_back({path.words[3], path.place, value});
  rule.entries.push_back(entry_of("set", path, std::move(set)));
  auto list = std::find_if(root.entries.begin(), root.entries.end(),
                           [](const TomlEntry& e) { return e.key == "dyr_rule"; });
  if (list == root.entries.end()) {
    TomlValue rules;
    rules.kind = Kind::LIST;
    list = root.entries.insert(root.entries.end(), entry_of("dyr_rule", path, rules));
  }
  list->value.items.push_back(std::move(rule));
}

}  // namespace

void set_at(TomlValue& root, const TreePath& path, const TomlValue& value, Problems& problems) {
  if (path.words.front() == "dyr") return add_dyr_rule(root, path, value, problems);
  Setter(path, value, problems).set(root, 0);
}

void add_tables(TomlValue& root, TomlValue more) {
  for (TomlEntry& added : more.entries) {
    if (added.value.kind != Kind::LIST)
      throw Error(added.place.text(),
                  fmt::format("'{}' is {}, not a list of tables", added.key, added.value.described()),
                  "write [[" + added.key + "]]; keys of the case are changed by their paths under 'set'");
    const auto list = std::find_if(root.entries.begin(), root.entries.end(),
                                   [&](const TomlEntry& e) { return e.key == added.key; });
    if (list == root.entries.end())
      root.entries.push_back(std::move(added));
    else if (list->value.kind != Kind::LIST)
      throw Error(added.place.text(),
                  fmt::format("the case has one table [{0}], not a list of [[{0}]]", added.key),
                  "change its keys by their paths under 'set'");
    else
      list->value.items.insert(list->value.items.end(), added.value.items.begin(), added.value.items.end());
  }
}

}  // namespace ballast
