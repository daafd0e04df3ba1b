/// N-1 and N-2: an axis over outages of lines, transformers and machines.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "grid/topology.hpp"
#include "studies/element_selection.hpp"
#include "studies/sweep_parts.hpp"

namespace ballast {
namespace {

using Kind = TomlValue::Kind;

constexpr std::size_t kNamed = 8;  ///< outages named in a warning

/// Something that can go out alone.
struct Candidate {
  std::string key;  ///< of a trip: "branch", "machine"
  std::string name;
  std::vector<int> buses, branches;  ///< dense indices
  int plant = -1;
};

/// What an outage leaves behind.
struct Left {
  std::vector<int> dead;  ///< buses that lose their last machine
  int islands = 0;        ///< living ones
};

class Outages {
 public:
  Outages(const Case& base, const Selection& selection, const Place& place)
      : case_(base), network_(base.network), selection_(selection), place_(place) {
    for (std::size_t p = 0; p < base.plants.size(); ++p) {
      const Plant& plant = base.plants[p];
      const bool machine = std::any_of(plant.parts.begin(), plant.parts.end(),
                                       [](const Part& part) { return part.name == "machine"; });
      if (plant.kind == "machine" && machine) sources_.push_back(static_cast<int>(p));
    }
    before_ = left_by({});
  }

  [[nodiscard]] std::vector<Candidate> elements(const std::string& what) const {
    std::vector<Candidate> all;
    if (what == "machine") {
      for (std::size_t p = 0; p < case_.plants.size(); ++p)
        if (const Plant& plant = case_.plants[p]; plant.kind == "machine" && selection_.plant(case_, plant))
          all.push_back({"machine", plant.name, {plant.bus}, {}, static_cast<int>(p)});
      return all;
    }
    std::set<int> windings;
    if (what == "transformer")
      for (const ThreeWinding& t : network_.three_windings)
        if (selection_.three_winding(network_, t)) add_three_winding(t, all);
    for (const ThreeWinding& t : network_.three_windings)
      windings.insert(t.branches.begin(), t.branches.end());
    for (std::size_t k = 0; k < network_.branches.size(); ++k) {
      const Branch& b = network_.branches[k];
      const auto index = static_cast<int>(k);
      if (b.in_service && b.transformer == (what == "transformer") && !windings.contains(index) &&
          selection_.branch(network_, b))
        all.push_back({"branch", branch_name(network_, b), {b.from, b.to}, {index}});
    }
    return all;
  }

  [[nodiscard]] AxisValue value(const std::vector<const Candidate*>& out) const {
    AxisValue value;
    value.value = trip(out);
    for (const Candidate* e : out)
      value.text += fmt::format("{}{}{}", value.text.empty() ? "" : " + ",
                                e->key == "machine" ? "machine " : "", e->name);
    if (out.size() == 2) {
      value.parts.emplace("first", trip({out[0]}));
      value.parts.emplace("second", trip({out[1]}));
    }
    return value;
  }

  [[nodiscard]] Left left_by(const std::vector<const Candidate*>& out) const {
    std::vector<std::uint8_t> closed;
    for (const Branch& b : network_.branches) closed.push_back(b.in_service ? 1 : 0);
    for (const Candidate* e : out)
      for (const int k : e->branches) closed[k] = 0;
    const Islands islands = find_islands(network_, closed);
    std::vector<bool> lives(static_cast<std::size_t>(islands.count), false);
    for (const int p : sources_) {
      const bool trips =
          std::any_of(out.begin(), out.end(), [&](const Candidate* e) { return e->plant == p; });
      const int island = islands.of_bus[case_.plants[p].bus];
      if (!trips && island >= 0) lives[island] = true;
    }
    Left left;
    left.islands = static_cast<int>(std::count(lives.begin(), lives.end(), true));
    for (std::size_t b = 0; b < network_.buses.size(); ++b)
      if (const int island = islands.of_bus[b]; island >= 0 && !lives[island])
        left.dead.push_back(static_cast<int>(b));
    return left;
  }

  /// "leaves buses 5, 6 without a machine, 40 MW of load", "parts the grid", or "".
  [[nodiscard]] std::string note(const Left& left) const {
    std::string text;
    std::vector<int> numbers;
    for (const int b : left.dead)
      if (std::find(before_.dead.begin(), before_.dead.end(), b) == before_.dead.end() && !is_star(b))
        numbers.push_back(network_.buses[b].number);
    if (!numbers.empty()) {
      double MW = 0;
      for (const Load& load : network_.loads)
        if (load.in_service && std::find(left.dead.begin(), left.dead.end(), load.bus) != left.dead.end())
          MW += load.P_MW + load.IP_MW + load.YP_MW;
      for (const CampusRest& campus : case_.campuses)
        if (std::find(left.dead.begin(), left.dead.end(), case_.plants[campus.plant].bus) != left.dead.end())
          MW += campus.total_MVA().real();
      const std::size_t count = numbers.size();
      numbers.resize(std::min(count, kNamed));
      text = fmt::format("leaves {} {}{} without a machine, {:.0f} MW of load", count == 1 ? "bus" : "buses",
                         fmt::join(numbers, ", "), count > kNamed ? ", ..." : "", MW);
    }
    if (left.islands > before_.islands)
      text += fmt::format("{}parts the grid in {}", text.empty() ? "" : "; ", left.islands);
    return text;
  }
  [[nodiscard]] bool kills(const Left& left) const { return left.dead.size() > before_.dead.size(); }

 private:
  const Case& case_;
  const Network& network_;
  const Selection& selection_;
  const Place& place_;
  std::vector<int> sources_;  ///< plants that hold an island's voltage
  Left before_;

  /// The star point of a transformer with three windings is no bus of the file.
  [[nodiscard]] bool is_star(int bus) const {
    return std::any_of(network_.three_windings.begin(), network_.three_windings.end(),
                       [&](const ThreeWinding& t) { return t.star_bus == bus; });
  }

  void add_three_winding(const ThreeWinding& t, std::vector<Candidate>& all) const {
    Candidate e{"branch", "", {}, {}};
    for (const int k : t.branches) {
      const Branch& b = network_.branches[k];
      if (!b.in_service) continue;
      e.branches.push_back(k);
      e.buses.push_back(b.from);
    }
    for (const int k : t.branches)
      e.name += fmt::format("{}-", network_.buses[network_.branches[k].from].number);
    e.name += t.id.substr(0, t.id.find_last_not_of(' ') + 1);
    all.push_back(std::move(e));
  }

  /// { branch = "8-9-1", machine = "1-1" }, with lists where there are two of a kind.
  [[nodiscard]] TomlValue trip(const std::vector<const Candidate*>& out) const {
    TomlValue table;
    table.place = place_;
    for (const char* key : {"branch", "machine"}) {
      TomlValue names;
      names.kind = Kind::LIST;
      names.place = place_;
      for (const Candidate* e : out)
        if (e->key == key) names.items.push_back(axis_value(e->name, place_).value);
      if (names.items.empty()) continue;
      table.entries.push_back({key, place_, names.items.size() == 1 ? names.items.front() : names});
    }
    return table;
  }
};

bool same_corridor(const Candidate& a, const Candidate& b) {
  return a.branches.size() == 1 && b.branches.size() == 1 &&
         std::minmax(a.buses[0], a.buses[1]) == std::minmax(b.buses[0], b.buses[1]);
}

bool share_a_bus(const Candidate& a, const Candidate& b) {
  return std::find_first_of(a.buses.begin(), a.buses.end(), b.buses.begin(), b.buses.end()) != a.buses.end();
}

}  // namespace

std::vector<AxisValue> read_outages(Section& axis, const Case& base, int limit) {
  const Selection selection = read_selection(axis);
  auto table = axis.section_if("outages");
  if (!table) return {};
  table->relabel(fmt::format("outages of {}", axis.label()));
  const std::size_t before = table->problems().errors().size();
  const std::vector<std::string> of =
      table->texts_if("of").value_or(std::vector<std::string>{"line", "transformer", "machine"});
  const int order = table->whole_if("order", 1, 2).value_or(1);
  const std::string pairs = table->choice("pairs", {"any", "shared-bus", "right-of-way"}, "");
  const bool drop = table->choice("radial", {"keep", "drop"}, "") == "drop";
  const Outages outages(base, selection, table->place());
  std::vector<Candidate> elements;
  for (const std::string& what : of) {
    if (what != "line" && what != "transformer" && what != "machine") {
      const std::string hint = nearest(what, {"line", "transformer", "machine"});
      table->problem(
          "of", fmt::format("'{}' in {} is no kind of outage", what, table->label()),
          hint.empty() ? "there are line, transformer and machine" : fmt::format("did you mean '{}'?", hint));
      continue;
    }
    if (std::count(of.begin(), of.end(), what) > 1)
      table->problem("of", fmt::format("{} names '{}' twice", table->label(), what), "name each once");
    for (Candidate& e : outages.elements(what)) elements.push_back(std::move(e));
  }
  if (table->has("pairs") && order != 2)
    table->problem("pairs", fmt::format("{} has pairs, but order = 1", table->label()), "add order = 2");
  table->finish();
  if (table->problems().errors().size() > before) return {};

  std::vector<AxisValue> values;
  std::vector<std::string> radial;
  const auto add = [&](const std::vector<const Candidate*>& out) {
    const Left left = outages.left_by(out);
    AxisValue value = outages.value(out);
    value.note = outages.note(left);
    if (outages.kills(left)) radial.push_back(value.text);
    if (!(drop && outages.kills(left))) values.push_back(std::move(value));
  };
  const auto too_many = [&] { return static_cast<int>(values.size()) > limit; };
  for (std::size_t i = 0; i < elements.size() && !too_many(); ++i) {
    if (order == 1) add({&elements[i]});
    for (std::size_t j = i + 1; order == 2 && j < elements.size() && !too_many(); ++j)
      if (pairs == "any" || pairs.empty() ||
          (pairs == "shared-bus" ? share_a_bus : same_corridor)(elements[i], elements[j]))
        add({&elements[i], &elements[j]});
  }
  if (too_many())
    table->problem("", fmt::format("{} are more than the limit of {} scenarios", table->label(), limit),
                   "raise limit in [sweep], or select less");
  else if (values.empty())
    axis.problem(axis.has("where") ? "where" : "outages", "the base case has no such outage",
                 "widen the selection");
  if (!radial.empty()) {
    const std::size_t count = radial.size();
    radial.resize(std::min(count, kNamed));
    table->warning(
        "",
        fmt::format("{} of the outages of {} leave buses without a machine: {}{}{}", count, axis.label(),
                    fmt::join(radial, ", "), count > kNamed ? ", ..." : "", drop ? "; they are dropped" : ""),
        drop ? "" : "--list says which buses; radial = \"drop\" leaves them out");
  }
  return values;
}

}  // namespace ballast
