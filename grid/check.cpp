#include "grid/check.hpp"
#include "grid/check_controls.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

namespace ballast {
namespace {

class Checker {
 public:
  Checker(const Network& network, Problems& problems) : net_(network), problems_(problems) {}

  void run() {
    check_bases();
    check_buses();
    for (const Load& load : net_.loads) check_load(load);
    for (const Shunt& shunt : net_.shunts) check_shunt(shunt);
    for (const Generator& generator : net_.generators) check_generator(generator);
    for (const Branch& branch : net_.branches) check_branch(branch);
    check_controls(net_, problems_);
    check_slack();
  }

 private:
  const Network& net_;
  Problems& problems_;
  std::set<std::tuple<std::string, int, std::string>> ids_;
  std::map<std::tuple<int, int, std::string>, const Branch*> circuits_;

  [[nodiscard]] bool is_bus(int index) const {
    return index >= 0 && index < static_cast<int>(net_.buses.size());
  }

  [[nodiscard]] static std::string at(const Place& place, const std::string& element) {
    const std::string where = place.text();
    return where.empty() ? element : where + ": " + element;
  }

  /// False, with one error per value, when something is NaN or infinite.
  bool finite(const std::string& where, std::initializer_list<std::pair<const char*, double>> values) {
    bool good = true;
    for (const auto& [name, value] : values) {
      if (std::isfinite(value)) continue;
      problems_.add(where, fmt::format("{} = {} is not a finite number", name, value), "give a number");
      good = false;
    }
    return good;
  }

  void check_bases() {
    if (!(net_.base_MVA > 0) || !std::isfinite(net_.base_MVA)) {
      problems_.add(net_.name, fmt::format("system base {} MVA is not positive", net_.base_MVA),
                    "give a base above 0, usually 100 MVA");
    }
    if (!(net_.frequency_Hz > 0) || !std::isfinite(net_.frequency_Hz)) {
      problems_.add(net_.name, fmt::format("base frequency {} Hz is not positive", net_.frequency_Hz),
                    "give 50 or 60 Hz");
    }
    if (net_.buses.empty()) problems_.add(net_.name, "the network has no buses", "give at least one bus");
  }

  void check_buses() {
    std::unordered_map<int, const Bus*> seen;
    for (const Bus& bus : net_.buses) {
      const std::string where = at(bus.place, fmt::format("bus {}", bus.number));
      if (bus.number <= 0) problems_.add(where, "a bus number must be positive", "renumber the bus");
      const auto [first, fresh] = seen.emplace(bus.number, &bus);
      if (!fresh) {
        const std::string place = first->second->place.text();
        problems_.add(where,
                      "this bus number is already used" + (place.empty() ? std::string{} : " at " + place),
                      "give every bus its own number");
      }
      if (!finite(where, {{"Vm", bus.Vm},
                          {"Va", bus.Va_deg},
                          {"Vmax", bus.Vmax},
                          {"Vmin", bus.Vmin},
                          {"base kV", bus.base_kV}}))
        continue;
      if (bus.base_kV < 0)
        problems_.add(where, fmt::format("base voltage {} kV is negative", bus.base_kV),
                      "give it in kV, above 0");
      if (bus.Vm <= 0 && bus.type != BusType::ISOLATED)
        problems_.add(where, fmt::format("voltage {} pu is not positive", bus.Vm),
                      "give a start value near 1");
      if (bus.Vmax < bus.Vmin)
        problems_.add(where, fmt::format("voltage limits reversed: Vmax {} < Vmin {} pu", bus.Vmax, bus.Vmin),
                      "swap them");
    }
  }

  /// Shared by everything that sits at one bus: the bus exists and the id is unique there.
  bool check_place(const char* kind, int bus, const std::string& id, const Place& place, std::string* where) {
    if (!is_bus(bus)) {
      problems_.add(at(place, fmt::format("{} '{}'", kind, id)),
                    fmt::format("bus index {} does not exist", bus), "refer to a bus of the network");
      return false;
    }
    *where = at(place, fmt::format("{}, {} '{}'", net_.bus_label(bus), kind, id));
    if (!ids_.emplace(kind, bus, id).second) {
      problems_.add(*where, fmt::format("a second {} with this id at this bus", kind),
                    "give each its own id");
    }
    return true;
  }

  void check_load(const Load& load) {
    std::string where;
    if (!check_place("load", load.bus, load.id, load.place, &where)) return;
    finite(where, {{"P", load.P_MW},
                   {"Q", load.Q_Mvar},
                   {"IP", load.IP_MW},
                   {"IQ", load.IQ_Mvar},
                   {"YP", load.YP_MW},
                   {"YQ", load.YQ_Mvar}});
  }

  void check_shunt(const Shunt& shunt) {
    std::string where;
    if (!check_place("shunt", shunt.bus, shunt.id, shunt.place, &where)) return;
    finite(where, {{"G", shunt.G_MW}, {"B", shunt.B_Mvar}});
  }

  void check_limits(const std::string& where, const char* name, const char* unit, double low, double high,
                    bool used) {
    if (std::isnan(low) || std::isnan(high)) {
      problems_.add(where, fmt::format("{} limits are not numbers", name),
                    "give numbers, or Inf for no limit");
    } else if (high < low) {
      const std::string what =
          fmt::format("{0} limits reversed: {0}max {1} < {0}min {2} {3}", name, high, low, unit);
      if (used)
        problems_.add(where, what, "swap them");
      else
        problems_.warn(where, what, "swap them if they matter");
    }
  }

  void check_generator(const Generator& generator) {
    std::string where;
    if (!check_place("generator", generator.bus, generator.id, generator.place, &where)) return;
    if (!finite(where, {{"P", generator.P_MW},
                        {"Q", generator.Q_Mvar},
                        {"Vset", generator.Vset},
                        {"base MVA", generator.base_MVA},
                        {"ZR", generator.ZR},
                        {"ZX", generator.ZX},
                        {"RT", generator.RT},
                        {"XT", generator.XT},
                        {"GTAP", generator.GTAP},
                        {"RMPCT", generator.share_percent}}))
      return;
    check_limits(where, "Q", "Mvar", generator.Qmin_Mvar, generator.Qmax_Mvar, generator.in_service);
    check_limits(where, "P", "MW", generator.Pmin_MW, generator.Pmax_MW, false);
    if (generator.regulated_bus != -1 && !is_bus(generator.regulated_bus))
      problems_.add(where, fmt::format("regulated bus index {} does not exist", generator.regulated_bus),
                    "name a bus of the network");
    if (!(generator.base_MVA > 0))
      problems_.add(where, fmt::format("machine base {} MVA is not positive", generator.base_MVA),
                    "give MBASE in MVA");
    if (!(generator.GTAP > 0))
      problems_.add(where, fmt::format("GTAP = {} is not positive", generator.GTAP), "give a ratio near 1");
    if (!(generator.share_percent >= 0))
      problems_.add(where, fmt::format("RMPCT = {} is negative", generator.share_percent),
                    "give a share of 0 to 100 percent");
    if (generator.in_service && !(generator.Vset > 0))
      problems_.add(where, fmt::format("voltage set point {} pu is not positive", generator.Vset),
                    "give a value near 1");
  }

  void check_branch(const Branch& branch) {
    if (!is_bus(branch.from) || !is_bus(branch.to)) {
      problems_.add(at(branch.place, fmt::format("branch '{}'", branch.id)),
                    fmt::format("bus index {} does not exist", is_bus(branch.from) ? branch.to : branch.from),
                    "refer to buses of the network");
      return;
    }
    const std::string where =
        at(branch.place, fmt::format("branch {} to {}, circuit '{}'", net_.bus_label(branch.from),
                                     net_.bus_label(branch.to), branch.id));
    if (branch.from == branch.to)
      problems_.add(where, "both ends are the same bus", "connect two different buses");
    const auto [first, fresh] = circuits_.emplace(
        std::make_tuple(std::min(branch.from, branch.to), std::max(branch.from, branch.to), branch.id),
        &branch);
    if (!fresh) {
      const std::string place = first->second->place.text();
      problems_.add(where,
                    "a second branch with this circuit id between these buses" +
                        (place.empty() ? std::string{} : ", first at " + place),
                    "give parallel circuits different ids");
    }
    if (!finite(where, {{"R", branch.R},
                        {"X", branch.X},
                        {"B", branch.B},
                        {"GI", branch.GI},
                        {"BI", branch.BI},
                        {"GJ", branch.GJ},
                        {"BJ", branch.BJ},
                        {"ratio", branch.ratio},
                        {"angle", branch.angle_deg},
                        {"rating", branch.rate_MVA}}))
      return;
    if (branch.R == 0 && branch.X == 0)
      problems_.add(where, "impedance is zero", "merge the two buses or give X, e.g. 0.0001 pu");
    if (!(branch.ratio > 0))
      problems_.add(where, fmt::format("turns ratio {} is not positive", branch.ratio),
                    "give a ratio near 1");
    if (branch.rate_MVA < 0)
      problems_.add(where, fmt::format("rating {} MVA is negative", branch.rate_MVA), "give 0 for no rating");
  }

  void check_slack() {
    if (net_.buses.empty()) return;
    bool slack = false;
    for (const Bus& bus : net_.buses) slack = slack || bus.type == BusType::SLACK;
    if (!slack)
      problems_.add(net_.name, "no bus is the slack (swing) bus",
                    "make one generator bus the slack: type 3 in RAW and MATPOWER files");
    std::set<int> sources;
    for (const Generator& generator : net_.generators) {
      if (generator.in_service) sources.insert(generator.bus);
    }
    for (std::size_t i = 0; i < net_.buses.size(); ++i) {
      const Bus& bus = net_.buses[i];
      if (bus.type == BusType::SLACK && sources.count(static_cast<int>(i)) == 0)
        problems_.warn(at(bus.place, net_.bus_label(static_cast<int>(i))),
                       "slack bus without a generator in service", "the power flow will choose another one");
    }
  }
};

}  // namespace

void check_network(const Network& network, Problems& problems) { Checker(network, problems).run(); }

}  // namespace ballast
