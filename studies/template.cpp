/// Scenarios: which value each axis has, and the case file that follows from it.
#include <fmt/format.h>

#include <algorithm>

#include "studies/sweep_parts.hpp"

namespace ballast {
namespace {

using Kind = TomlValue::Kind;

const TomlValue* placeholder(const std::string& name, const std::vector<Axis>& axes,
                             const std::vector<int>& choice, std::vector<std::string>& used) {
  for (std::size_t a = 0; a < axes.size(); ++a) {
    const AxisValue& value = axes[a].values[static_cast<std::size_t>(choice[a])];
    if (name == axes[a].name) {
      used.push_back(axes[a].name);
      return &value.value;
    }
    for (const auto& [part, node] : value.parts)
      if (name == axes[a].name + "." + part) {
        used.push_back(axes[a].name);
        return &node;
      }
  }
  return nullptr;
}

std::vector<std::string> placeholder_names(const std::vector<Axis>& axes) {
  std::vector<std::string> names;
  for (const Axis& axis : axes) {
    names.push_back(axis.name);
    if (axis.values.empty()) continue;
    for (const auto& [part, node] : axis.values.front().parts) names.push_back(axis.name + "." + part);
  }
  return names;
}

std::string plain_text(const TomlValue& value) {
  if (value.kind == Kind::FLAG) return value.flag ? "true" : "false";
  return value.kind == Kind::TEXT ? value.text : fmt::format("{}", value.number);
}

void fill_text(TomlValue& node, const std::vector<Axis>& axes, const std::vector<int>& choice,
               std::vector<std::string>& used, Problems& problems) {
  std::string filled;
  std::size_t at = 0;
  for (;;) {
    const auto open = node.text.find('{', at);
    const auto close = open == std::string::npos ? open : node.text.find('}', open);
    if (close == std::string::npos) break;
    const std::string name = node.text.substr(open + 1, close - open - 1);
    const TomlValue* value = placeholder(name, axes, choice, used);
    if (value == nullptr) {
      const std::vector<std::string> names = placeholder_names(axes);
      const std::string hint = nearest(name, names);
      problems.add(node.place.text(), fmt::format("'{{{}}}' names no axis", name),
                   !hint.empty()   ? fmt::format("did you mean '{{{}}}'?", hint)
                   : names.empty() ? "the sweep has no axis"
                                   : fmt::format("there are {{{}}}", fmt::join(names, "}, {")));
      return;
    }
    if (open == 0 && close + 1 == node.text.size()) {  // the value itself, a number stays one
      const Place place = node.place;
      node = *value;
      node.place = place;
      return;
    }
    if (value->kind == Kind::TABLE) {
      problems.add(node.place.text(), fmt::format("'{{{}}}' is a table and stands within a text", name),
                   fmt::format("let it stand alone: trip = \"{{{}}}\"", name));
      return;
    }
    filled += node.text.substr(at, open - at) + plain_text(*value);
    at = close + 1;
  }
  node.text = filled + node.text.substr(at);
}

}  // namespace

void fill_template(TomlValue& node, const std::vector<Axis>& axes, const std::vector<int>& choice,
                   std::vector<std::string>& used, Problems& problems) {
  if (node.kind == Kind::TEXT) return fill_text(node, axes, choice, used, problems);
  for (TomlValue& item : node.items) fill_template(item, axes, choice, used, problems);
  for (TomlEntry& entry : node.entries) fill_template(entry.value, axes, choice, used, problems);
}

std::size_t factor_of(const std::vector<Axis>& axes, std::size_t axis) {
  const auto end = axes.begin() + static_cast<std::ptrdiff_t>(axis);
  const bool follows =
      axes[axis].sampled && std::any_of(axes.begin(), end, [](const Axis& a) { return a.sampled; });
  return follows ? 1 : axes[axis].values.size();
}

std::vector<int> choice_of(const Sweep& sweep, int scenario) {
  std::vector<int> choice(sweep.axes.size(), scenario);
  if (sweep.zip) return choice;
  int rest = scenario;
  for (std::size_t a = sweep.axes.size(); a-- > 0;) {
    const int count = static_cast<int>(factor_of(sweep.axes, a));
    choice[a] = rest % count;
    rest /= count;
  }
  int sample = -1;  // that of the first sampled axis is that of the others
  for (std::size_t a = 0; a < sweep.axes.size(); ++a) {
    if (!sweep.axes[a].sampled) continue;
    if (sample < 0) sample = choice[a];
    choice[a] = sample;
  }
  return choice;
}

std::string scenario_text(const Sweep& sweep, int scenario) {
  constexpr std::size_t kNamed = 12;  // a line of a hundred values helps nobody
  const std::vector<int> choice = choice_of(sweep, scenario);
  std::string text;
  for (std::size_t a = 0; a < std::min(kNamed, choice.size()); ++a)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", sweep.axes[a].name,
                        sweep.axes[a].values[static_cast<std::size_t>(choice[a])].text);
  if (choice.size() > kNamed) text += fmt::format(", and {} more", choice.size() - kNamed);
  return text;
}

std::string case_key(const Sweep& sweep, int scenario) {
  const std::vector<int> choice = choice_of(sweep, scenario);
  std::string key;
  for (std::size_t a = 0; a < choice.size(); ++a)
    if (const Axis& axis = sweep.axes[a]; !axis.events_only()) {
      // By value: draws from a few values share their cases. The length keeps texts apart.
      const std::string& text = axis.values[static_cast<std::size_t>(choice[a])].text;
      key += fmt::format("{}:{}:{};", a, text.size(), text);
    }
  return key;
}

namespace {

/// The tree of a scenario, or what of it events alone depend on.
TomlValue tree_of(const Sweep& sweep, int scenario, TomlValue tree, bool events_only) {
  const std::vector<int> choice = choice_of(sweep, scenario);
  Problems problems;
  for (std::size_t a = 0; a < choice.size(); ++a)
    if (const Axis& axis = sweep.axes[a]; axis.path && (axis.events_only() || !events_only))
      set_at(tree, *axis.path, axis.values[static_cast<std::size_t>(choice[a])].value, problems);
  if (!sweep.events.empty()) {
    auto list = std::find_if(tree.entries.begin(), tree.entries.end(),
                             [](const TomlEntry& e) { return e.key == "event"; });
    if (list == tree.entries.end()) {
      TomlEntry entry{"event", sweep.events.front().place, {}};
      entry.value.kind = Kind::LIST;
      entry.value.place = entry.place;
      list = tree.entries.insert(tree.entries.end(), std::move(entry));
    }
    std::vector<std::string> used;
    for (TomlValue event : sweep.events) {
      fill_template(event, sweep.axes, choice, used, problems);
      list->value.items.push_back(std::move(event));
    }
  }
  problems.throw_if_any();
  return tree;
}

}  // namespace

TomlValue scenario_tree(const Sweep& sweep, int scenario) {
  return tree_of(sweep, scenario, sweep.base, false);
}

TomlValue event_tree(const Sweep& sweep, int scenario) {
  TomlValue tree;
  tree.kind = sweep.base.kind;
  tree.place = sweep.base.place;
  for (const TomlEntry& entry : sweep.base.entries)
    if (entry.key == "event") tree.entries.push_back(entry);
  return tree_of(sweep, scenario, std::move(tree), true);
}

}  // namespace ballast
