/// Relays of branches and the switching of shunts: [[line_protection]], [[shunt_switching]].
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <complex>

#include "cases/reader/campus_tables.hpp"
#include "cases/reader/protection_settings.hpp"
#include "models/protection/distr1.hpp"
#include "models/protection/recloser.hpp"
#include "models/protection/shunt_switch.hpp"

namespace ballast {
namespace {

constexpr double kDegrees = 57.29577951308232;

/// "7-8-1"
std::string branch_name(const Network& network, int branch) {
  const Branch& b = network.branches[branch];
  return fmt::format("{}-{}-{}", network.buses[b.from].number, network.buses[b.to].number, b.id);
}

/// Whether a plant of this name may be added; a problem if not.
bool is_new(const std::string& name, Section& s, const Reading& reading) {
  for (const Plant& other : reading.result.plants)
    if (other.name == name) {
      s.problem("name", fmt::format("{} would make a second plant '{}'", s.label(), name),
                "give each table a name of its own");
      return false;
    }
  return true;
}

class LineProtection {
 public:
  LineProtection(Section& s, Reading& reading) : s_(s), reading_(reading), network_(reading.result.network) {}

  void read() {
    const std::string name = s_.text_if("name").value_or("line");
    s_.relabel(fmt::format("[[line_protection]] '{}'", name));
    if (!s_.has("branch")) s_.missing("branch", "what is protected", "add branch = \"7-8-1\"");
    const std::vector<int> branches = select_branches(s_, "branch", network_);
    const std::size_t errors = reading_.problems.errors().size();
    read_distance(name);
    read_overcurrent(name);
    read_parameters_of("thermal", "THERMAL", thermal_defaults(), name, thermal_);
    read_recloser(name);
    alarm_only_ = s_.flag_if("alarm_only").value_or(false);
    s_.finish();
    if (alarm_only_ && !recloser_.empty())
      s_.problem("recloser",
                 fmt::format("{} only alarms, so that there is nothing to close again", s_.label()),
                 "remove one of the two");
    if (distance_.empty() && overcurrent_.empty() && thermal_.empty())
      s_.problem("", fmt::format("{} has no relay", s_.label()), "give distance, overcurrent or thermal");
    if (reading_.problems.errors().size() > errors) return;
    for (const int branch : branches) add(name, branch);
  }

  /// The branches of [scan]: a generic distance relay at both ends of each, at once.
  void scan() {
    alarm_only_ = true;
    for (const ZoneReach& zone : scan_zones()) {
      zones_.push_back(zone.share);
      reading_.result.assumed.push_back({"scan", zone.key, zone.share, "", zone.source});
    }
    distance_.assign(Distr1::kParameters, 0);
    std::vector<int> branches;
    const TomlValue* value = s_.find("branch");
    if (value->kind == TomlValue::Kind::TEXT && value->text == "all") {
      for (std::size_t k = 0; k < network_.branches.size(); ++k)
        if (network_.branches[k].in_service && !network_.branches[k].transformer)
          branches.push_back(static_cast<int>(k));
    } else {
      branches = select_branches(s_, "branch", network_);
    }
    for (const int branch : branches) add("scan", branch);
  }

 private:
  Section& s_;
  Reading& reading_;
  const Network& network_;
  std::vector<double> distance_, overcurrent_, thermal_, recloser_;  ///< parameters; empty: none
  bool alarm_only_ = false;
  std::vector<double> zones_;  ///< shares of the line's impedance
  int lead_ = -1;              ///< bus at whose end a branch is closed first; -1: both ends together

  void read_parameters_of(const char* key, const char* model, const std::vector<HandbookDefault>& defaults,
                          const std::string& name, std::vector<double>& parameters) {
    auto table = s_.section_if(key);
    if (!table) return;
    table->relabel(fmt::format("{} of {}", key, s_.label()));
    parameters =
        read_parameters(*table, *find_model(model), reading_, fmt::format("{}.{}", name, key), defaults);
    table->finish();
  }

  /// Zones are given in shares of each line's impedance; the circles go through the origin.
  void read_distance(const std::string& name) {
    auto table = s_.section_if("distance");
    if (!table) return;
    table->relabel(fmt::format("distance of {}", s_.label()));
    for (const ZoneReach& zone : zone_reaches()) {
      const auto share = table->number_if(zone.key, {"", within(0, 10)});
      zones_.push_back(share.value_or(zone.share));
      if (!share)
        reading_.result.assumed.push_back({name + ".distance", zone.key, zone.share, "", zone.source});
    }
    std::map<std::string, double> circles;
    for (const ParameterInfo& p : Distr1::parameters)
      for (const char* part : {"REACH", "ANGLE", "CENTRE"})
        if (std::string_view(p.name).starts_with(part)) circles[p.name] = 0;
    distance_ = read_parameters(*table, *find_model("DISTR1"), reading_, name + ".distance",
                                distance_defaults(), circles);
    table->finish();
  }

  void read_recloser(const std::string& name) {
    auto table = s_.section_if("recloser");
    if (!table) return;
    table->relabel(fmt::format("recloser of {}", s_.label()));
    const bool by_ends = table->has("lead");
    if (by_ends) lead_ = read_bus(*table, "lead", network_, "the end that is closed first");
    std::map<std::string, double> derived = {{"END", 0}};
    if (!by_ends) derived.insert({{"live_pu", 1}, {"hold_s", 0}});  // nothing reads them
    recloser_ = read_parameters(*table, *find_model("RECLOSER"), reading_, name + ".recloser",
                                recloser_defaults(), derived);
    table->finish();
    if (by_ends && recloser_[Recloser::HOLD_S] >= recloser_[Recloser::SYNC_S])
      s_.problem(
          "recloser",
          fmt::format(
              "hold_s = {:g} s is not below sync_s = {:g} s: the check of the far end would be given up "
              "before it has held",
              recloser_[Recloser::HOLD_S], recloser_[Recloser::SYNC_S]),
          "give sync_s more time than hold_s");
    if (by_ends && distance_.empty())
      s_.problem("recloser",
                 fmt::format("{} closes end by end, and has relays at one end at most", s_.label()),
                 "give distance, which stands at both ends");
  }

  void read_overcurrent(const std::string& name) {
    auto table = s_.section_if("overcurrent");
    if (!table) return;
    table->relabel(fmt::format("overcurrent of {}", s_.label()));
    std::vector<std::string> names;
    for (const InverseCurve& curve : inverse_curves()) names.emplace_back(curve.name);
    const std::string chosen = table->choice("curve", names, "the characteristic");
    std::map<std::string, double> constants;
    for (const InverseCurve& curve : inverse_curves())
      if (chosen == curve.name) constants = {{"A", curve.A}, {"B", curve.B}, {"p", curve.p}};
    overcurrent_ = read_parameters(*table, *find_model("INVERSETIME"), reading_, name + ".overcurrent",
                                   inverse_time_defaults(), constants);
    table->finish();
  }

  void add(const std::string& name, int branch) {
    const Branch& b = network_.branches[branch];
    const std::string full = fmt::format("{}-{}", name, branch_name(network_, branch));
    if (!is_new(full, s_, reading_)) return;
    const bool rated = overcurrent_.empty() && thermal_.empty();
    if (!rated && b.rate_MVA <= 0) {
      s_.problem("branch", fmt::format("{}: {} has no rating", s_.label(), branch_name(network_, branch)),
                 "give the branch rate_MVA");
      return;
    }
    if (lead_ >= 0 && b.from != lead_ && b.to != lead_) {
      s_.problem(
          "recloser",
          fmt::format("{} does not end at {}", branch_name(network_, branch), network_.bus_label(lead_)),
          "name one of its buses as `lead`");
      return;
    }
    Plant plant{"protection", full, b.from, {}, s_.place()};
    const auto at_from = [&](int bus) { return bus == b.from; };
    const auto relay = [&](const char* model, const std::string& part_name, std::vector<double> parameters,
                           int bus, double base_MVA) -> Part& {
      Part part = make_part(model, part_name.c_str(), std::move(parameters), base_MVA, s_.place());
      part.at_bus = bus;
      part.branch = branch;
      const std::string_view name_of_model = model;
      if (name_of_model != "BRANCHFLOW" && !alarm_only_) part.orders = {Order::branch("close", branch)};
      if (lead_ >= 0 && name_of_model != "THERMAL") {  // by itself at its own end
        part.wires.emplace_back("closed",
                                fmt::format("branch {}.{}_closed", branch, at_from(bus) ? "from" : "to"));
        for (Order& order : part.orders)
          order.kind = at_from(bus) ? Order::Kind::FROM_END : Order::Kind::TO_END;
      }
      plant.parts.push_back(std::move(part));
      return plant.parts.back();
    };
    const auto current_of = [&](const std::string& meter) {
      for (const char* axis : {"Ir_branch", "Ii_branch"})
        plant.parts.back().wires.emplace_back(axis, fmt::format("{}.{}", meter, axis));
    };
    const double rate = b.rate_MVA > 0 ? b.rate_MVA : network_.base_MVA;
    std::vector<std::string> starts[2];  // relays that start the recloser, at the two ends
    relay("BRANCHFLOW", "meter-from", {0, 0, 0, 0}, b.from, rate);  // the power flow says what they are
    if (!distance_.empty()) {
      relay("BRANCHFLOW", "meter-to", {0, 0, 0, 0}, b.to, rate);
      for (const auto& [end, bus] : {std::pair{"from", b.from}, {"to", b.to}}) {
        relay("DISTR1", fmt::format("distance-{}", end), circles_of(b), bus, network_.base_MVA);
        current_of(fmt::format("meter-{}", end));
        starts[lead_ >= 0 && !at_from(bus) ? 1 : 0].push_back(plant.parts.back().name);
      }
    }
    if (!overcurrent_.empty()) {
      relay("INVERSETIME", "overcurrent", overcurrent_, b.from, rate);
      current_of("meter-from");
      starts[0].push_back(plant.parts.back().name);
    }
    if (!thermal_.empty()) {
      relay("THERMAL", "thermal", thermal_, b.from, rate);
      current_of("meter-from");
    }
    const auto add_recloser = [&](const std::string& part_name, int bus,
                                  const std::vector<std::string>& trips) {
      std::vector<double> parameters = recloser_;
      if (lead_ >= 0) parameters[Recloser::END] = bus == lead_ ? 1 : 2;
      Part& part = relay("RECLOSER", part_name, std::move(parameters), bus, rate);
      for (std::size_t k = 0; k < trips.size(); ++k)
        part.wires.emplace_back(fmt::format("trip_{}", k + 1), trips[k] + ".trip");
      if (lead_ >= 0)
        part.wires.emplace_back("far_closed",
                                fmt::format("branch {}.{}_closed", branch, at_from(bus) ? "to" : "from"));
      if (trips.empty())
        s_.problem("recloser", fmt::format("nothing starts the recloser of {}", s_.label()),
                   "give distance or overcurrent; a line that was too warm is not closed again");
    };
    if (!recloser_.empty() && lead_ < 0) add_recloser("recloser", b.from, starts[0]);
    if (!recloser_.empty() && lead_ >= 0) {
      add_recloser("recloser-from", b.from, starts[0]);
      add_recloser("recloser-to", b.to, starts[1]);
    }
    reading_.result.plants.push_back(std::move(plant));
  }

  [[nodiscard]] std::vector<double> circles_of(const Branch& b) const {
    std::vector<double> parameters = distance_;
    const std::complex<double> Z(b.R, b.X);
    for (int zone = 0; zone < Distr1::kZones; ++zone) {
      const double reach = zones_[static_cast<std::size_t>(zone)] * std::abs(Z);
      parameters[static_cast<std::size_t>(4 * zone + Distr1::REACH1)] = reach;
      parameters[static_cast<std::size_t>(4 * zone + Distr1::ANGLE1)] = std::arg(Z) * kDegrees;
      parameters[static_cast<std::size_t>(4 * zone + Distr1::CENTRE1)] = reach / 2;
    }
    return parameters;
  }
};

/// What is switched, and what its steps are.
struct Bank {
  Order order;
  int bus = 0;
  std::string name;
  Place place;
  double step = 0, low = 0, high = 0;
  double set = 0;  ///< in service at rest
};

/// Fixed shunts are one step; the blocks of a switched shunt must have steps of one size.
std::vector<Bank> read_banks(Section& s, const Network& network) {
  std::vector<Bank> banks;
  if (s.has("switched_shunt")) {
    const int k = read_switched_shunt(s, "switched_shunt", network);
    if (k < 0) return {};
    const SwitchedShunt& shunt = network.switched_shunts[k];
    Bank bank{{"B_Mvar", Order::Kind::SWITCHED_SHUNT, k, {}, {}},
              shunt.bus,
              plant_name(network, shunt.bus, shunt.id),
              shunt.place};
    for (const SwitchedShunt::Block& block : shunt.blocks) {
      if (!block.in_service || block.N == 0) continue;
      const double step = std::abs(block.B_Mvar);
      if (bank.step != 0 && std::abs(step - bank.step) > 1e-6 * bank.step) {
        s.problem("switched_shunt",
                  fmt::format("{}: its blocks have steps of {:g} and {:g} Mvar", s.label(), bank.step, step),
                  "only shunts with steps of one size are switched by voltage");
        return {};
      }
      bank.step = step;
      (block.B_Mvar < 0 ? bank.low : bank.high) += block.N * block.B_Mvar;
    }
    bank.set = std::clamp(shunt.BINIT_Mvar, bank.low, bank.high);
    banks.push_back(std::move(bank));
    return banks;
  }
  if (!s.has("shunt")) s.missing("shunt", "what is switched", "add shunt = \"101-1\" or switched_shunt");
  for (const int k : select_shunts(s, "shunt", network)) {
    const Shunt& shunt = network.shunts[k];
    banks.push_back({{"in", Order::Kind::SHUNT, k, {}, {}},
                     shunt.bus,
                     plant_name(network, shunt.bus, shunt.id),
                     shunt.place,
                     std::abs(shunt.B_Mvar),
                     std::min(shunt.B_Mvar, 0.0),
                     std::max(shunt.B_Mvar, 0.0),
                     shunt.in_service ? shunt.B_Mvar : 0});
  }
  return banks;
}

void read_shunt_switching(Section& s, Reading& reading) {
  const Network& network = reading.result.network;
  const std::string name = s.text_if("name").value_or("shunt");
  s.relabel(fmt::format("[[shunt_switching]] '{}'", name));
  const std::vector<Bank> banks = read_banks(s, network);
  std::vector<double> parameters =
      read_parameters(s, *find_model("SHUNTSWITCH"), reading, name, shunt_switch_defaults(),
                      {{"STEP_Mvar", 1}, {"B_min", 0}, {"B_max", 0}, {"B_0", 0}});
  s.finish();
  for (const Bank& bank : banks) {
    const std::string full = fmt::format("{}-{}", name, bank.name);
    if (!is_new(full, s, reading)) return;
    if (bank.step == 0) {
      s.problem("", fmt::format("{}: shunt {} has nothing to switch", s.label(), bank.name),
                "switch a capacitor or a reactor");
      return;
    }
    parameters[ShuntSwitch::STEP] = bank.step;
    parameters[ShuntSwitch::B_MIN] = bank.low;
    parameters[ShuntSwitch::B_MAX] = bank.high;
    parameters[ShuntSwitch::B_0] = bank.set;
    Part part = make_part("SHUNTSWITCH", "switch", parameters, network.base_MVA, s.place());
    part.orders = {bank.order};
    reading.result.plants.push_back({"protection", full, bank.bus, {std::move(part)}, s.place()});
  }
}

}  // namespace

void read_line_relay_tables(Section& root, Reading& reading) {
  for (Section& s : root.sections("line_protection")) LineProtection(s, reading).read();
  for (Section& s : root.sections("shunt_switching")) read_shunt_switching(s, reading);
  if (auto scan = root.section_if("scan")) {
    scan->relabel("[scan]");
    if (scan->has("branch")) LineProtection(*scan, reading).scan();
    if (scan->has("machine")) scan_machines(*scan, reading);
    if (!scan->has("branch") && !scan->has("machine"))
      scan->problem("", "[scan] scans nothing", "give branch = \"all\" or machine = \"all\", or selections");
    scan->finish();
  }
}

}  // namespace ballast
