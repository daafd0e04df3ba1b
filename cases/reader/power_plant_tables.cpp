/// Plants of several generating units of one kind: [[power_plant]].
#include <fmt/format.h>

#include <algorithm>

#include "cases/reader/campus_tables.hpp"
#include "cases/reader/handbook.hpp"
#include "models/generation/synchroniser.hpp"
#include "models/generation/unit_control.hpp"
#include "models/generation/unit_total.hpp"

namespace ballast {
namespace {

constexpr int kMostUnits = 128;

/// Speed governors that hold their reference without a droop of their own, and the parameter that says so.
constexpr struct IsochronousGovernor {
  const char* model;
  const char* parameter;
} kGovernors[] = {{"GGOV1", "Rselect"}, {"DEGOV1", "DROOP"}};

int parameter_of(const ModelInfo& model, std::string_view name) {
  for (std::size_t k = 0; k < model.parameters.size(); ++k)
    if (name == model.parameters[k].name) return static_cast<int>(k);
  return -1;
}

class PlantReader {
 public:
  PlantReader(Section& s, Reading& reading) : s_(s), reading_(reading), network_(reading.result.network) {}

  void read() {
    const std::size_t before = reading_.problems.errors().size();
    name_ = read_plant_name(s_, reading_.result.plants, "");
    s_.relabel(fmt::format("[[power_plant]] '{}'", name_));
    for (const Plant& other : reading_.power_plants)
      if (other.name == name_)
        s_.problem("name", fmt::format("there are two power plants '{}'", name_), "give each its own name");
    bus_ = read_bus(s_, "bus", network_, "bus that the units feed through their transformers");
    kind_ = s_.choice("kind", power_plant_kinds(), "kind of its units");
    const int units = s_.whole("units", 1, kMostUnits, "units of the plant, in standby or not");
    const int running =
        s_.whole("running", 0, kMostUnits, "units on line at rest; the others are in standby");
    const int lumped = s_.whole_if("lumped", 1, kMostUnits).value_or(1);
    const bool lump_rest = s_.flag_if("lump_rest").value_or(false);
    if (running > units)
      s_.problem("running", fmt::format("{} of {} units of {} are on line", running, units, s_.label()),
                 "raise units");
    if (const int alike = running > 0 ? running : units; lumped > alike)
      s_.problem("lumped", fmt::format("{} lumps {} of {} units", s_.label(), lumped, alike),
                 "units on line, or where none is those in standby, can be one machine; lump fewer");
    first_bus_ = s_.whole("first_bus", 1, 999999, "number for the bus of its first unit, the others follow");
    base_kV_ = s_.number("base_kV", {"kV", positive()}, "nominal voltage of the units");
    P_rated_MW_ = s_.number("P_rated_MW", {"MW", positive()}, "rated power of a unit");
    read_unit();
    read_transformer();
    const bool slack = s_.flag_if("slack").value_or(false);
    const double P_MW =
        slack ? s_.number_if("P_MW", {"MW", anything()}).value_or(0)
              : s_.number("P_MW", {"MW", anything()}, "active power of the plant, or give slack = true");
    read_control();
    if (reading_.problems.errors().size() == before) {
      plant_ = {"power_plant", name_, bus_, {}, s_.place()};
      const double P_each_MW = P_MW / std::max(1, running);
      const int alike = running > 0 ? running : units;  // in one state at rest, so that they can be lumped
      add_unit(running > 0, lumped, slack, P_each_MW);
      if (lump_rest && alike > lumped) add_unit(running > 0, alike - lumped, slack, P_each_MW);
      for (int k = lump_rest ? alike : lumped; k < units; ++k) add_unit(k < running, 1, slack, P_each_MW);
      finish_plant();
    }
    read_tie();
    s_.finish();
    if (reading_.problems.errors().size() == before) reading_.power_plants.push_back(std::move(plant_));
  }

 private:
  Section& s_;
  Reading& reading_;
  Network& network_;
  std::string name_, kind_;
  int bus_ = -1, first_bus_ = 0;
  double base_kV_ = 0, P_rated_MW_ = 0;
  Generator unit_;                      ///< as one of them is
  std::vector<DynamicRecord> records_;  ///< of one of them
  Branch transformer_;
  std::vector<double> control_;  ///< of the first unit
  double sequence_s_ = 0;
  int watched_ = -1;  ///< bus whose voltage starts the units
  std::string parallel_;
  Plant plant_;
  int made_ = 0;      ///< buses and machines so far
  bool root_ = true;  ///< the next unit on line is the slack

  /// Models of one unit, as records without a bus.
  void read_unit() {
    unit_.place = s_.place();
    unit_.id = "1";
    unit_.Vset = s_.number("Vset", {"pu", within(0.5, 1.5)}, "terminal voltage held");
    unit_.base_MVA = s_.number("base_MVA", {"MVA", positive()}, "machine base of a unit");
    if (!s_.has("machine"))
      s_.missing("machine", "the model of a unit", "add machine = { model = \"GENROU\", ... }");
    const std::size_t before = reading_.records.size();
    unit_.bus = std::max(0, bus_);
    if (!network_.buses.empty()) read_machine_models(s_, unit_, network_, reading_);
    const auto first = reading_.records.begin() + static_cast<std::ptrdiff_t>(before);
    records_.assign(std::make_move_iterator(first), std::make_move_iterator(reading_.records.end()));
    reading_.records.resize(before);
    for (const DynamicRecord& record : records_)  // faults see the subtransient reactance
      if (const int k = parameter_of(*find_model(record.model), "Xdpp"); k >= 0)
        unit_.ZX = record.values[static_cast<std::size_t>(k)];
    check_governor();
  }

  void check_governor() {
    std::string models;
    for (const auto& [model, parameter] : kGovernors) {
      models += fmt::format("{}{} with {} = 0", models.empty() ? "" : " or ", model, parameter);
      for (const DynamicRecord& record : records_) {
        if (record.model != model) continue;
        const int k = parameter_of(*find_model(model), parameter);
        if (record.values[static_cast<std::size_t>(k)] == 0) return;
        s_.problem("governor",
                   fmt::format("{} = {:g} of {}: its governor has a droop of its own", parameter,
                               record.values[static_cast<std::size_t>(k)], s_.label()),
                   fmt::format("give {} = 0; the droop is R of the table control", parameter));
        return;
      }
    }
    s_.problem("governor", fmt::format("{} has no governor that holds a reference of speed", s_.label()),
               "give governor = { model = ... }: " + models);
  }

  void read_transformer() {
    auto table = s_.section_if("transformer");
    if (!table) {
      s_.missing("transformer", "the transformer of a unit",
                 "add transformer = { R = 0.005, X = 0.10, base_MVA = ... }");
      return;
    }
    const double base = table->number("base_MVA", {"MVA", positive()}, "base of R and X");
    transformer_.R = network_.base_MVA / base * table->number("R", {"pu", not_negative()}, "resistance");
    transformer_.X = network_.base_MVA / base * table->number("X", {"pu", positive()}, "leakage reactance");
    transformer_.rate_MVA = base;
    transformer_.transformer = true;
    transformer_.place = table->place();
    table->finish();
  }

  void read_control() {
    const bool isochronous =
        s_.choice("sharing", {"isochronous", "droop"}, "how the units share the load") == "isochronous";
    static const TomlValue nothing;
    auto given = s_.section_if("control");
    Section table = given ? *given : Section(nothing, "", reading_.problems);
    table.relabel(fmt::format("control of '{}'", name_));
    sequence_s_ = table.number_if("sequence_s", {"s", not_negative()}).value_or(0);
    control_ = read_parameters(
        table, *find_model("UNITCONTROL"), reading_, name_ + ".unit", unit_control_defaults(kind_),
        {{"P_rated_MW", P_rated_MW_}, {"running", 1}, {"isochronous", isochronous ? 1 : 0}, {"order_s", 0}});
    watched_ =
        table.has("watch") ? read_bus(table, "watch", network_, "bus whose voltage starts the units") : bus_;
    if (table.has("parallel")) {
      const int branch = read_branch(table, "parallel", network_);
      parallel_ = fmt::format("branch {}.closed", branch);
    }
    table.finish();
  }

  /// `count` units as one machine on a bus of its own.
  void add_unit(bool running, int count, bool slack, double P_each_MW) {
    const int number = first_bus_ + made_;
    if (network_.find_bus(number) >= 0) {
      s_.problem("first_bus", fmt::format("bus {} for unit {} exists already", number, made_ + 1),
                 "choose numbers that nobody has");
      return;
    }
    const std::string label = fmt::format("unit-{}", made_ + 1);
    Bus bus;
    bus.place = s_.place();
    bus.number = number;
    bus.name = fmt::format("{} {}", name_, made_ + 1);
    bus.base_kV = base_kV_;
    bus.type = !running || (slack && root_) ? BusType::SLACK : BusType::PV;
    if (running) root_ = false;
    bus.area = network_.buses[bus_].area;
    bus.zone = network_.buses[bus_].zone;
    bus.owner = network_.buses[bus_].owner;
    Branch branch = transformer_;
    branch.from = static_cast<int>(network_.buses.size());
    branch.to = bus_;
    branch.name = fmt::format("{} {}", name_, made_ + 1);
    branch.R /= count;
    branch.X /= count;
    branch.rate_MVA *= count;
    branch.in_service = running;
    Generator generator = unit_;
    generator.bus = branch.from;
    generator.base_MVA *= count;
    generator.P_MW = running ? count * P_each_MW : 0;
    network_.buses.push_back(std::move(bus));
    network_.branches.push_back(std::move(branch));
    network_.generators.push_back(generator);
    network_.index_buses();
    if (slack) {
      reading_.result.power_flow.slack_weights.resize(network_.generators.size(), 0.0);
      if (running) reading_.result.power_flow.slack_weights.back() = generator.base_MVA;
    }
    for (DynamicRecord record : records_) {
      record.bus = number;
      record.id = generator.id;
      if (record.model == "GGOV1")  // the only rating in MW among the records of a unit
        record.values[static_cast<std::size_t>(parameter_of(*find_model("GGOV1"), "Trate"))] *= count;
      reading_.records.push_back(std::move(record));
    }
    add_control(label, number, running, count, generator.base_MVA);
    ++made_;
  }

  void add_control(const std::string& label, int number, bool running, int count, double base_MVA) {
    std::vector<double> values = control_;
    values[UnitControl::P_RATED] *= count;
    values[UnitControl::ORDER_S] = sequence_s_ * (running ? made_ : standby_++);
    values[UnitControl::DEAD_S] *= made_ + 1;  // the first of them has the right to a dead bus
    Part part = make_part("UNITCONTROL", label.c_str(), std::move(values), base_MVA, s_.place());
    part.at_bus = static_cast<int>(network_.buses.size()) - 1;
    part.branch = static_cast<int>(network_.branches.size()) - 1;
    part.orders = {Order::branch("breaker", part.branch)};
    const std::string machine = fmt::format("{}-1", number);
    part.watches = {{"bus voltage", watched_, {}, {}}};
    const std::string watched = fmt::format("bus {}", network_.buses[watched_].number);
    part.wires = {{"omega", machine + "/machine.omega"},
                  {"Pe", machine + "/machine.Pe"},
                  {"in_service", fmt::format("machine {}.in_service", machine)},
                  {"frequency", "meter.frequency"},
                  {"Vr_watched", watched + ".Vr"},
                  {"Vi_watched", watched + ".Vi"},
                  {"mean", "total.mean"}};
    if (!parallel_.empty()) part.wires.emplace_back("parallel", parallel_);
    plant_.parts.push_back(std::move(part));
  }
  int standby_ = 0;  ///< units of it so far

  /// Sums of the units, in two layers where there are many, and the meter of the plant's bus.
  void finish_plant() {
    std::vector<Part> totals;
    const auto sum = [&](const std::string& label) {
      totals.push_back(make_part("UNITTOTAL", label.c_str(), {}, network_.base_MVA, s_.place()));
    };
    const auto add = [&](int at, const std::string& part, const char* power, const char* share) {
      totals.back().wires.emplace_back(fmt::format("P_{}", at), fmt::format("{}.{}", part, power));
      totals.back().wires.emplace_back(fmt::format("share_{}", at), fmt::format("{}.{}", part, share));
    };
    const bool layers = made_ > UnitTotal::kUnits;
    for (int k = 0; k < made_; ++k) {
      const int place = k % UnitTotal::kUnits;
      if (place == 0) sum(layers ? fmt::format("subtotal-{}", k / UnitTotal::kUnits + 1) : "total");
      add(place + 1, fmt::format("unit-{}", k + 1), "P_unit", "share");
    }
    if (layers) {
      const std::size_t parts = totals.size();
      sum("total");
      for (std::size_t k = 0; k < parts; ++k)
        add(static_cast<int>(k) + 1, totals[k].name, "P_plant", "share_plant");
    }
    plant_.parts.push_back(frequency_meter(name_, network_.base_MVA, s_.place(), reading_));
    for (Part& total : totals) plant_.parts.push_back(std::move(total));
  }

  /// The synchroniser of the breaker between the plant and the rest.
  void read_tie() {
    auto table = s_.section_if("tie");
    if (!table) return;
    table->relabel(fmt::format("tie of '{}'", name_));
    const int at = read_branch(*table, "branch", network_);
    const std::vector<double> values = read_parameters(*table, *find_model("SYNCHRONISER"), reading_,
                                                       name_ + ".tie", synchroniser_defaults());
    table->finish();
    if (at < 0 || bus_ < 0) return;
    const Branch& branch = network_.branches[at];
    if (branch.from != bus_ && branch.to != bus_) {
      table->problem(
          "branch",
          fmt::format("{} does not end at the plant's bus {}", table->label(), network_.bus_label(bus_)),
          "name a branch between the plant's bus and the rest");
      return;
    }
    Part far = frequency_meter(name_, network_.base_MVA, s_.place(), reading_);
    far.name = "far_meter";
    far.at_bus = branch.from == bus_ ? branch.to : branch.from;
    plant_.parts.push_back(std::move(far));
    Part tie = make_part("SYNCHRONISER", "tie", values, network_.base_MVA, table->place());
    tie.at_bus = bus_;
    tie.branch = at;
    tie.orders = {Order::branch("close", at)};
    tie.wires = {{"frequency", "meter.frequency"},
                 {"frequency_far", "far_meter.frequency"},
                 {"share", "total.share_plant"}};
    plant_.parts.push_back(std::move(tie));
    for (Part& part : plant_.parts)
      if (part.model == "UNITCONTROL") part.wires.emplace_back("plant_trim", "tie.trim");
  }
};

}  // namespace

void read_power_plant_tables(Section& root, Reading& reading) {
  for (Section& s : root.sections("power_plant")) PlantReader(s, reading).read();
  if (!reading.result.power_flow.slack_weights.empty())
    reading.result.power_flow.slack_weights.resize(reading.result.network.generators.size(), 0.0);
}

void add_power_plants(Reading& reading) {
  std::vector<Plant>& plants = reading.result.plants;
  for (Plant& plant : reading.power_plants) {
    for (const Part& control : plant.parts) {
      if (control.model != "UNITCONTROL") continue;
      const Network& network = reading.result.network;
      const std::string machine = plant_name(network, control.at_bus, "1");
      for (Plant& unit : plants) {
        if (unit.kind != "machine" || unit.name != machine) continue;
        for (Part& part : unit.parts)
          if (part.name == role_name(Role::GOVERNOR))
            part.wires.emplace_back("Pref", fmt::format("{}/{}.Pref", plant.name, control.name));
      }
    }
    plants.push_back(std::move(plant));
  }
}

std::vector<Action> read_power_plant_event(Section& s, const Case& c) {
  std::vector<Action> actions;
  const int at = read_plant(s, "name", "power_plant", c.plants);
  if (at < 0) return actions;
  const Plant& plant = c.plants[at];
  int first = 0;
  for (int p = 0; p < at; ++p) first += static_cast<int>(c.plants[p].parts.size());
  const auto part = [&](const std::string& name) {
    for (std::size_t k = 0; k < plant.parts.size(); ++k)
      if (plant.parts[k].name == name) return first + static_cast<int>(k);
    return -1;
  };
  int count = 0;
  for (const auto& [key, timer, what] : {std::tuple{"start", UnitControl::START, "started by hand"},
                                         {"stop", UnitControl::STOP, "stopped by hand"}}) {
    const auto units = s.numbers_if(key, {"", within(1, kMostUnits)});
    if (!units) continue;
    ++count;
    for (const double unit : *units) {
      const int control = part(fmt::format("unit-{:g}", unit));
      if (control < 0)
        s.problem(key, fmt::format("{} has no unit {:g}", plant.name, unit),
                  "its machines are numbered from 1; lumped units are the first");
      else
        actions.emplace_back(ExpireTimer{control, timer, what});
    }
  }
  if (const auto set = s.number_if("Pset", {"pu", within(-0.2, 1.2)})) {
    ++count;
    for (std::size_t k = 0; k < plant.parts.size(); ++k)
      if (plant.parts[k].model == "UNITCONTROL")
        actions.emplace_back(ReferenceStep{first + static_cast<int>(k), "Pset", *set, false, 0});
  }
  if (s.flag_if("synchronise").value_or(false)) {
    ++count;
    if (part("tie") < 0)
      s.problem("synchronise", fmt::format("{} has no tie", plant.name),
                "give its table tie = { branch = ... }");
    else
      actions.emplace_back(ExpireTimer{part("tie"), Synchroniser::COMMAND, "told to synchronise"});
  }
  if (count != 1)
    s.problem("", fmt::format("{} says {} things to do", s.label(), count),
              "give one of start = [1, 2], stop = [1], Pset = 0.5, synchronise = true");
  return actions;
}

}  // namespace ballast
