#include "grid/check_controls.hpp"

#include <fmt/format.h>

#include <cmath>
#include <initializer_list>
#include <set>
#include <string>
#include <utility>

namespace ballast {
namespace {

using Values = std::initializer_list<std::pair<const char*, double>>;

/// One element: its place and name, and what is wrong with it.
class Element {
 public:
  Element(const Network& network, Problems& problems, const Place& place, const std::string& name)
      : net_(network), problems_(problems), where_(place.text()) {
    where_ += where_.empty() ? name : ": " + name;
  }

  void fail(const std::string& what, const char* remedy) { problems_.add(where_, what, remedy); }
  void warn(const std::string& what, const char* remedy) { problems_.warn(where_, what, remedy); }
  void finite(Values values) {
    for (const auto& [name, value] : values)
      if (!std::isfinite(value))
        fail(fmt::format("{} = {} is not a finite number", name, value), "give a number");
  }
  void positive(Values values) {
    for (const auto& [name, value] : values)
      if (!(value > 0)) fail(fmt::format("{} = {} is not positive", name, value), "give a value above 0");
  }
  void not_negative(Values values) {
    for (const auto& [name, value] : values)
      if (!(value >= 0)) fail(fmt::format("{} = {} is negative", name, value), "give 0 or more");
  }
  /// `used` false: only a warning.
  void ordered(const char* low_name, double low, const char* high_name, double high, bool used = true) {
    if (high >= low) return;
    const std::string what =
        fmt::format("limits reversed: {} = {} < {} = {}", high_name, high, low_name, low);
    if (used)
      fail(what, "swap them");
    else
      problems_.warn(where_, what, "swap them if they matter");
  }
  /// `optional`: -1 is allowed.
  bool bus(const char* name, int index, bool optional = false) {
    const bool good =
        (optional && index == -1) || (index >= 0 && index < static_cast<int>(net_.buses.size()));
    if (!good) fail(fmt::format("{}: bus index {} does not exist", name, index), "name a bus of the network");
    return good;
  }
  template <class Key>
  void unique(std::set<Key>& seen, const Key& key) {
    if (!seen.insert(key).second) fail("a second one of this name or number", "give each its own");
  }

 private:
  const Network& net_;
  Problems& problems_;
  std::string where_;
};

class ControlChecker {
 public:
  ControlChecker(const Network& network, Problems& problems) : net_(network), problems_(problems) {}

  void run() {
    for (const Branch& branch : net_.branches) check_tap(branch);
    check_corrections();
    check_switched_shunts();
    check_groups();
    check_dc();
    for (const Facts& device : net_.facts) check_facts(device);
    for (const InductionMachine& machine : net_.induction_machines) check_induction(machine);
    for (const MultiSectionLine& group : net_.multi_section_lines) {
      Element e = element(group.place, fmt::format("multi-section line '{}'", group.id));
      for (const int end : {group.from, group.to}) e.bus("end", end);
      for (const int dummy : group.dummy_buses) e.bus("dummy bus", dummy);
    }
  }

 private:
  const Network& net_;
  Problems& problems_;

  Element element(const Place& place, const std::string& name) { return {net_, problems_, place, name}; }

  void check_tap(const Branch& branch) {
    if (!branch.tap_control && branch.correction < 0) return;
    Element e = element(branch.place, fmt::format("transformer '{}' '{}'", branch.name, branch.id));
    if (branch.correction >= static_cast<int>(net_.impedance_corrections.size()))
      e.fail(fmt::format("impedance correction {} does not exist", branch.correction), "name a table");
    if (!branch.tap_control) return;
    const TapControl& c = *branch.tap_control;
    e.finite({{"RMA", c.RMA}, {"RMI", c.RMI}, {"VMA", c.VMA}, {"VMI", c.VMI}, {"CR", c.CR}, {"CX", c.CX}});
    e.bus("CONT", c.bus, true);
    e.ordered("RMI", c.RMI, "RMA", c.RMA, c.adjusts);
    e.ordered("VMI", c.VMI, "VMA", c.VMA, c.adjusts);
    if (c.target != TapTarget::MW && c.target != TapTarget::ASYMMETRIC_MW && c.adjusts)
      e.positive({{"RMI", c.RMI}});
    if (c.NTP < 2 && c.adjusts) e.fail(fmt::format("NTP = {} tap positions", c.NTP), "give 2 or more");
  }

  void check_corrections() {
    std::set<int> numbers;
    for (const ImpedanceCorrection& table : net_.impedance_corrections) {
      Element e = element(table.place, fmt::format("impedance correction table {}", table.number));
      e.unique(numbers, table.number);
      if (table.points.size() < 2)
        e.fail(fmt::format("the table has {} points", table.points.size()), "give 2 or more");
      for (std::size_t k = 0; k < table.points.size(); ++k) {
        const auto& point = table.points[k];
        e.finite({{"T", point.T}, {"Re(F)", point.F.real()}, {"Im(F)", point.F.imag()}});
        if (point.F == 0.0) e.fail(fmt::format("F = 0 at T = {}", point.T), "give a factor near 1");
        if (k > 0 && !(point.T > table.points[k - 1].T))
          e.fail(fmt::format("T = {} follows T = {}", point.T, table.points[k - 1].T),
                 "give the points in ascending order");
      }
    }
  }

  void check_switched_shunts() {
    std::set<std::pair<int, std::string>> ids;
    for (const SwitchedShunt& s : net_.switched_shunts) {
      Element e = element(s.place, fmt::format("switched shunt '{}'", s.id));
      if (!e.bus("I", s.bus)) continue;
      e.unique(ids, {s.bus, s.id});
      e.bus("SWREG", s.regulated_bus, true);
      e.finite({{"VSWHI", s.VSWHI}, {"VSWLO", s.VSWLO}, {"BINIT", s.BINIT_Mvar}});
      e.ordered("VSWLO", s.VSWLO, "VSWHI", s.VSWHI, s.MODSW != ShuntMode::LOCKED && s.in_service);
      e.not_negative({{"RMPCT", s.RMPCT}});
      for (const SwitchedShunt::Block& block : s.blocks) {
        e.finite({{"B", block.B_Mvar}});
        e.not_negative({{"N", block.N}});
      }
    }
  }

  void check_groups() {
    std::set<int> areas;
    for (const Area& area : net_.areas) {
      Element e = element(area.place, fmt::format("area {}", area.number));
      e.unique(areas, area.number);
      e.bus("ISW", area.swing_bus, true);
      e.finite({{"PDES", area.PDES_MW}});
      e.not_negative({{"PTOL", area.PTOL_MW}});
    }
    for (const auto& [list, kind] : {std::pair{&net_.zones, "zone"}, std::pair{&net_.owners, "owner"}}) {
      std::set<int> numbers;
      for (const NumberedName& group : *list)
        element(group.place, fmt::format("{} {}", kind, group.number)).unique(numbers, group.number);
    }
    for (const AreaTransfer& t : net_.transfers) {
      Element e = element(t.place, fmt::format("transfer '{}'", t.id));
      e.finite({{"PTRAN", t.P_MW}});
      for (const int number : {t.from_area, t.to_area})
        if (!areas.contains(number))
          e.warn(fmt::format("area {} does not exist; the transfer has no effect", number), "name an area");
    }
  }

  void check_dc() {
    std::set<std::string> names;
    for (const TwoTerminalDc& line : net_.two_terminal_dc) {
      Element e = element(line.place, fmt::format("two-terminal DC line '{}'", line.name));
      e.unique(names, line.name);
      const bool on = line.MDC != DcMode::BLOCKED;
      e.finite({{"SETVL", line.SETVL}, {"VSCHD", line.VSCHD_kV}, {"VCMOD", line.VCMOD_kV}});
      e.not_negative({{"RDC", line.RDC}, {"DELTI", line.DELTI}});
      if (on) e.positive({{"VSCHD", line.VSCHD_kV}});
      for (const LccConverter* c : {&line.rectifier, &line.inverter}) {
        e.bus("converter bus", c->bus);
        e.bus("commutating bus", c->measured_bus, true);
        e.finite({{"RC", c->RC}, {"XC", c->XC}, {"XCAP", c->XCAP}, {"STP", c->STP}});
        e.ordered("ANMN", c->ANMN, "ANMX", c->ANMX, on);
        e.ordered("TMN", c->TMN, "TMX", c->TMX, on);
        if (on) e.positive({{"EBAS", c->EBAS_kV}, {"TR", c->TR}, {"TAP", c->TAP}, {"NB", c->bridges}});
      }
    }
    for (const VscDc& line : net_.vsc_dc) check_vsc(line);
    for (const PowerTransferDc& line : net_.power_transfer_dc) {
      Element e = element(line.place, "DC line");
      e.bus("from", line.from);
      e.bus("to", line.to);
      e.finite({{"PF", line.PF_MW}, {"LOSS0", line.LOSS0_MW}, {"LOSS1", line.LOSS1}});
      e.ordered("PMIN", line.PMIN_MW, "PMAX", line.PMAX_MW, false);
      e.ordered("QMINF", line.QMINF_Mvar, "QMAXF", line.QMAXF_Mvar, line.in_service);
      e.ordered("QMINT", line.QMINT_Mvar, "QMAXT", line.QMAXT_Mvar, line.in_service);
      if (line.in_service) e.positive({{"VF", line.VF}, {"VT", line.VT}});
    }
  }

  void check_vsc(const VscDc& line) {
    Element e = element(line.place, fmt::format("VSC DC line '{}'", line.name));
    e.not_negative({{"RDC", line.RDC}});
    int holds_voltage = 0, out = 0;
    for (const VscConverter& c : line.converters) {
      e.bus("IBUS", c.bus);
      e.bus("VSREG", c.regulated_bus, true);
      e.finite({{"DCSET", c.DCSET}, {"ACSET", c.ACSET}, {"PWF", c.PWF}});
      e.not_negative({{"ALOSS", c.ALOSS_kW},
                      {"BLOSS", c.BLOSS_kW_per_A},
                      {"MINLOSS", c.MINLOSS_kW},
                      {"SMAX", c.SMAX_MVA},
                      {"IMAX", c.IMAX_A},
                      {"RMPCT", c.RMPCT}});
      e.ordered("MINQ", c.MINQ_Mvar, "MAXQ", c.MAXQ_Mvar, line.in_service);
      holds_voltage += c.TYPE == 1;
      out += c.TYPE == 0;
    }
    if (line.in_service && out == 0 && holds_voltage != 1)
      e.fail(fmt::format("{} of its converters hold the DC voltage (TYPE = 1)", holds_voltage),
             "let exactly one hold it");
  }

  void check_facts(const Facts& device) {
    Element e = element(device.place, fmt::format("FACTS device '{}'", device.name));
    e.bus("I", device.bus);
    e.bus("J", device.terminal_bus, true);
    e.bus("FCREG", device.regulated_bus, true);
    e.finite(
        {{"PDES", device.PDES_MW}, {"QDES", device.QDES_Mvar}, {"SET1", device.SET1}, {"SET2", device.SET2}});
    e.not_negative({{"SHMX", device.SHMX_MVA},
                    {"TRMX", device.TRMX_MW},
                    {"VSMX", device.VSMX},
                    {"IMX", device.IMX_MVA},
                    {"RMPCT", device.RMPCT}});
    e.ordered("VTMN", device.VTMN, "VTMX", device.VTMX, device.MODE != 0);
    if (device.MODE != 0) e.positive({{"VSET", device.VSET}});
  }

  void check_induction(const InductionMachine& machine) {
    Element e = element(machine.place, fmt::format("induction machine '{}'", machine.id));
    e.bus("I", machine.bus);
    e.positive({{"MBASE", machine.MBASE_MVA}});
    e.finite({{"PSET", machine.PSET_MW},
              {"RA", machine.RA},
              {"XA", machine.XA},
              {"R1", machine.R1},
              {"X1", machine.X1},
              {"R2", machine.R2},
              {"X2", machine.X2},
              {"X3", machine.X3}});
    if (machine.in_service) e.positive({{"H", machine.H}, {"XM", machine.XM}});
  }
};

}  // namespace

void check_controls(const Network& network, Problems& problems) { ControlChecker(network, problems).run(); }

}  // namespace ballast
