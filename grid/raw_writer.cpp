#include "grid/raw_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <set>

#include "grid/raw_layout.hpp"
#include "grid/raw_names.hpp"
#include "grid/raw_record_text.hpp"

namespace ballast {
namespace {

using raw::RecordText;
using raw::Section;

class RawWriter {
 public:
  RawWriter(const Network& network, int version, Problems& problems)
      : net_(network), version_(version), problems_(problems), names_(version) {
    for (const ThreeWinding& transformer : net_.three_windings) {
      star_buses_.insert(transformer.star_bus);
      legs_.insert(transformer.branches.begin(), transformer.branches.end());
    }
    for (const Branch& branch : net_.branches) move_charging(branch);
  }

  std::string write() {
    line(fmt::format("0,{},{},0,0,{} / PSS/E {} RAW written by Ballast", net_.base_MVA, version_,
                     net_.frequency_Hz, version_));
    std::string title = net_.name;
    std::erase_if(title, [](char c) { return c == '\n' || c == '\r'; });
    line(title);
    line("");
    const std::vector<Section> order = raw::sections(version_);
    for (std::size_t k = 0; k < order.size(); ++k) {
      write_section(order[k]);
      line(k + 1 < order.size() ? fmt::format("0 / END OF {} DATA, BEGIN {} DATA", raw::heading(order[k]),
                                              raw::heading(order[k + 1]))
                                : fmt::format("0 / END OF {} DATA", raw::heading(order[k])));
    }
    line("Q");
    warn_lost();
    return std::move(out_);
  }

 private:
  const Network& net_;
  int version_;
  Problems& problems_;
  raw::NameFields names_;
  std::string out_;
  std::set<int> star_buses_, legs_;
  std::vector<Shunt> charging_;  ///< what a transformer record has no field for

  void line(std::string_view text) {
    out_ += text;
    out_ += '\n';
  }
  void line(const RecordText& record) { line(record.text()); }
  [[nodiscard]] int number(int bus) const {
    return bus < 0 ? 0 : net_.buses[static_cast<std::size_t>(bus)].number;
  }
  [[nodiscard]] const Branch& branch(int index) const {
    return net_.branches[static_cast<std::size_t>(index)];
  }
  static bool is_transformer(const Branch& branch) {
    return branch.transformer || branch.ratio != 1 || branch.angle_deg != 0 || branch.tap_control;
  }

  /// Two characters, as the format allows, that no shunt at the bus has.
  [[nodiscard]] std::string free_shunt_id(int bus) const {
    constexpr std::string_view kSigns = "123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0";
    for (const char first : std::string_view("TUVWXYZ"))
      for (const char second : kSigns) {
        const std::string id{first, second};
        const auto has = [&](const Shunt& s) { return s.bus == bus && s.id == id; };
        if (std::none_of(net_.shunts.begin(), net_.shunts.end(), has) &&
            std::none_of(charging_.begin(), charging_.end(), has))
          return id;
      }
    return "";
  }

  /// A transformer record has no charging and no shunt at its second winding: they become fixed shunts.
  void move_charging(const Branch& branch) {
    const double G = branch.GJ, B = branch.BJ + branch.B / 2;
    if (!is_transformer(branch) || (G == 0 && B == 0)) return;
    Shunt shunt;
    shunt.bus = branch.to;
    shunt.in_service = branch.in_service;
    shunt.id = free_shunt_id(branch.to);
    shunt.G_MW = G * net_.base_MVA;
    shunt.B_Mvar = B * net_.base_MVA;
    if (shunt.id.empty())
      problems_.add(net_.bus_label(shunt.bus), "no shunt id is left for the charging of its transformers",
                    "give them fewer, or let lines carry the charging");
    charging_.push_back(shunt);
  }

  void write_section(Section section) {
    switch (section) {
      case Section::BUS:
        return write_buses();
      case Section::LOAD:
        return write_loads();
      case Section::FIXED_SHUNT:
        for (const std::vector<Shunt>& list : {std::cref(net_.shunts), std::cref(charging_)})
          for (const Shunt& s : list)
            line(RecordText(number(s.bus), names_.id("fixed shunt", s.id), s.in_service, s.G_MW, s.B_Mvar));
        return;
      case Section::GENERATOR:
        return write_generators();
      case Section::BRANCH:
        return write_branches();
      case Section::TRANSFORMER:
        for (std::size_t k = 0; k < net_.branches.size(); ++k)
          if (is_transformer(net_.branches[k]) && !legs_.contains(static_cast<int>(k)))
            write_two_winding(net_.branches[k]);
        for (const ThreeWinding& transformer : net_.three_windings) write_three_winding(transformer);
        return;
      case Section::AREA:
        for (const Area& a : net_.areas)
          line(RecordText(a.number, number(a.swing_bus), a.PDES_MW, a.PTOL_MW, names_.name("area", a.name)));
        return;
      case Section::TWO_TERMINAL_DC:
        return write_two_terminal_dc();
      case Section::VSC_DC:
        return write_vsc_dc();
      case Section::IMPEDANCE_CORRECTION:
        return write_corrections();
      case Section::MULTI_SECTION_LINE:
        for (const MultiSectionLine& group : net_.multi_section_lines) {
          RecordText record(number(group.from), number(group.to), group.id, 1);
          for (const int dummy : group.dummy_buses) record.add(number(dummy));
          line(record);
        }
        return;
      case Section::ZONE:
        for (const NumberedName& zone : net_.zones)
          line(RecordText(zone.number, names_.name("zone", zone.name)));
        return;
      case Section::INTER_AREA_TRANSFER:
        for (const AreaTransfer& t : net_.transfers) line(RecordText(t.from_area, t.to_area, t.id, t.P_MW));
        return;
      case Section::OWNER:
        for (const NumberedName& owner : net_.owners)
          line(RecordText(owner.number, names_.name("owner", owner.name)));
        return;
      case Section::FACTS:
        return write_facts();
      case Section::SWITCHED_SHUNT:
        return write_switched_shunts();
      case Section::INDUCTION_MACHINE:
        return write_induction_machines();
      default:  // nothing of a network belongs there
        return;
    }
  }

  void write_buses() {
    for (std::size_t k = 0; k < net_.buses.size(); ++k) {
      const Bus& b = net_.buses[k];
      if (star_buses_.contains(static_cast<int>(k))) continue;
      const int type = b.type == BusType::PQ      ? 1
                       : b.type == BusType::PV    ? 2
                       : b.type == BusType::SLACK ? 3
                                                  : 4;
      line(RecordText(b.number, names_.name("bus", b.name), b.base_kV, type, b.area, b.zone, b.owner, b.Vm,
                      b.Va_deg, b.Vmax, b.Vmin, b.Vmax, b.Vmin));
    }
  }

  void write_loads() {
    for (const Load& l : net_.loads)
      line(RecordText(number(l.bus), names_.id("load", l.id), l.in_service, l.area, l.zone, l.P_MW, l.Q_Mvar,
                      l.IP_MW, l.IQ_Mvar, l.YP_MW, 0.0 - l.YQ_Mvar, l.owner, 1, 0));
  }

  void write_generators() {
    for (const Generator& g : net_.generators) {
      RecordText record(number(g.bus), names_.id("generator", g.id), g.P_MW, g.Q_Mvar, g.Qmax_Mvar,
                        g.Qmin_Mvar, g.Vset, number(g.regulated_bus));
      if (version_ >= 35) record.add(0);  // NREG
      for (const double value : {g.base_MVA, g.ZR, g.ZX, g.RT, g.XT, g.GTAP}) record.add(value);
      record.add(g.in_service).add(g.share_percent).add(g.Pmax_MW).add(g.Pmin_MW);
      if (version_ >= 35) record.add(0);  // BASLOD
      line(record.add(1).add(1.0));
    }
  }

  void add_rates(RecordText& record, double rate_MVA) const {
    record.add(rate_MVA);
    for (int k = 1; k < (version_ >= 34 ? 12 : 3); ++k) record.add(0.0);
  }

  void write_branches() {
    for (const Branch& b : net_.branches) {
      if (is_transformer(b)) continue;
      RecordText record(number(b.from), number(b.to), names_.id("branch", b.id), b.R, b.X, b.B);
      if (version_ >= 34) record.add(names_.long_name("branch", b.name));
      add_rates(record, b.rate_MVA);
      for (const double value : {b.GI, b.BI, b.GJ, b.BJ}) record.add(value);
      line(record.add(b.in_service).add(b.metered_at_to ? 2 : 1).add(0.0).add(1).add(1.0));
    }
  }

  void write_winding(const Branch& b) {
    RecordText record(b.ratio, 0.0, b.angle_deg);
    add_rates(record, b.rate_MVA);
    const TapControl c = b.tap_control.value_or(TapControl{});
    const int target = static_cast<int>(c.target);
    record.add(!b.tap_control ? 0 : c.adjusts ? target : -target);
    const bool minus = c.on_tapped_side && c.bus != b.from;
    record.add(minus ? -number(c.bus) : number(c.bus));
    if (version_ >= 35) record.add(0);  // NOD
    record.add(c.RMA).add(c.RMI).add(c.VMA).add(c.VMI).add(c.NTP);
    record.add(b.correction < 0 ? 0
                                : net_.impedance_corrections[static_cast<std::size_t>(b.correction)].number);
    line(record.add(c.CR).add(c.CX).add(0.0));
  }

  void write_head(int I, int J, int K, const Branch& b, const std::string& name, const std::string& id,
                  int status, int NMETR) {
    const double square = b.ratio * b.ratio;
    line(RecordText(number(I), number(J), number(K), names_.id("transformer", id), 1, 1, 1, b.GI / square,
                    (b.BI + b.B / 2) / square, NMETR, names_.long_name("transformer", name), status, 1, 1.0));
  }

  void write_two_winding(const Branch& b) {
    write_head(b.from, b.to, -1, b, b.name, b.id, b.in_service ? 1 : 0, b.metered_at_to ? 1 : 2);
    line(RecordText(b.R, b.X, b.SBASE_MVA > 0 ? b.SBASE_MVA : net_.base_MVA));
    write_winding(b);
    line("1.0,0.0");
  }

  void write_three_winding(const ThreeWinding& t) {
    const std::array<const Branch*, 3> leg = {&branch(t.branches[0]), &branch(t.branches[1]),
                                              &branch(t.branches[2])};
    const int closed = leg[0]->in_service + leg[1]->in_service + leg[2]->in_service;
    if (closed == 1)
      problems_.add(t.place.text(),
                    fmt::format("three-winding transformer '{}' has two windings out of service, which RAW "
                                "cannot say",
                                t.name),
                    "take all three out of service, or one");
    int status = closed == 3 ? 1 : 0;
    if (closed == 2) status = !leg[0]->in_service ? 4 : !leg[1]->in_service ? 2 : 3;
    write_head(leg[0]->from, leg[1]->from, leg[2]->from, *leg[0], t.name, t.id, status, t.NMETR);
    RecordText impedances;
    for (std::size_t k = 0; k < 3; ++k) {
      const Branch &one = *leg[k], &two = *leg[(k + 1) % 3];
      impedances.add(one.R + two.R).add(one.X + two.X);
      impedances.add(one.SBASE_MVA > 0 ? one.SBASE_MVA : net_.base_MVA);
    }
    const Bus& star = net_.buses[static_cast<std::size_t>(t.star_bus)];
    line(impedances.add(star.Vm).add(star.Va_deg));
    for (const Branch* winding : leg) write_winding(*winding);
  }

  void write_corrections() {
    for (const ImpedanceCorrection& table : net_.impedance_corrections) {
      const std::size_t n = table.points.size();
      RecordText record(table.number);
      if (version_ < 34) {
        for (const auto& point : table.points) record.add(point.T).add(point.F.real());
        line(record);
        continue;
      }
      for (std::size_t k = 0; k <= n; ++k) {  // an all-zero point ends the table
        const auto point = k < n ? table.points[k] : ImpedanceCorrection::Point{0, 0.0};
        record.add(point.T).add(point.F.real()).add(point.F.imag());
        if (k % 6 != 5 && k != n) continue;
        line(record);
        record = RecordText();
      }
    }
  }

  void write_converter(const LccConverter& c) {
    RecordText record(number(c.bus), c.bridges, c.ANMX, c.ANMN, c.RC, c.XC, c.EBAS_kV, c.TR, c.TAP, c.TMX,
                      c.TMN, c.STP, number(c.measured_bus));
    if (version_ >= 35) record.add(0);  // ND
    record.add(0).add(0).add("1").add(c.XCAP);
    line(record);
  }

  void write_two_terminal_dc() {
    for (const TwoTerminalDc& d : net_.two_terminal_dc) {
      line(RecordText(names_.unique_name("two-terminal DC line", d.name, problems_), static_cast<int>(d.MDC),
                      d.RDC, d.SETVL, d.VSCHD_kV, d.VCMOD_kV, d.RCOMP, d.DELTI,
                      d.margin_at_inverter ? "I" : "R", d.DCVMIN_kV, d.CCCITMX, d.CCCACC));
      write_converter(d.rectifier);
      write_converter(d.inverter);
    }
  }

  void write_vsc_dc() {
    for (const VscDc& d : net_.vsc_dc) {
      line(RecordText(names_.unique_name("VSC DC line", d.name, problems_), d.in_service, d.RDC, 1, 1.0));
      for (const VscConverter& c : d.converters) {
        RecordText record(number(c.bus), c.TYPE, c.holds_voltage ? 1 : 2, c.DCSET, c.ACSET, c.ALOSS_kW,
                          c.BLOSS_kW_per_A, c.MINLOSS_kW, c.SMAX_MVA, c.IMAX_A, c.PWF, c.MAXQ_Mvar,
                          c.MINQ_Mvar, number(c.regulated_bus));
        if (version_ >= 35) record.add(0);  // NREG
        line(record.add(c.RMPCT));
      }
    }
  }

  void write_facts() {
    for (const Facts& f : net_.facts) {
      RecordText record(names_.unique_name("FACTS device", f.name, problems_), number(f.bus),
                        number(f.terminal_bus), f.MODE, f.PDES_MW, f.QDES_Mvar, f.VSET, f.SHMX_MVA, f.TRMX_MW,
                        f.VTMN, f.VTMX, f.VSMX, f.IMX_MVA, f.LINX, f.RMPCT, 1, f.SET1, f.SET2, f.VSREF,
                        number(f.regulated_bus));
      if (version_ >= 35) record.add(0);  // NREG
      line(record.add(""));
    }
  }

  void write_switched_shunts() {
    for (const SwitchedShunt& s : net_.switched_shunts) {
      RecordText record(number(s.bus));
      if (version_ >= 35) record.add(names_.id("switched shunt", s.id));
      record.add(static_cast<int>(s.MODSW)).add(s.ADJM).add(s.in_service).add(s.VSWHI).add(s.VSWLO);
      record.add(number(s.regulated_bus));
      if (version_ >= 35) record.add(0);  // NREG
      record.add(s.RMPCT).add(s.RMIDNT).add(s.BINIT_Mvar);
      for (const SwitchedShunt::Block& block : s.blocks) {
        if (version_ >= 35) record.add(block.in_service);
        if (version_ >= 35 || block.in_service) record.add(block.N).add(block.B_Mvar);
      }
      line(record);
    }
  }

  void write_induction_machines() {
    for (const InductionMachine& m : net_.induction_machines) {
      RecordText record(number(m.bus), names_.id("induction machine", m.id), m.in_service, m.SCODE, m.DCODE,
                        m.area, m.zone, m.owner, m.TCODE, m.BCODE, m.MBASE_MVA, m.RATEKV, m.PCODE, m.PSET_MW,
                        m.H);
      for (const double value : {m.A, m.B, m.D, m.E, m.RA, m.XA, m.XM, m.R1, m.X1, m.R2, m.X2, m.X3, m.E1,
                                 m.SE1, m.E2, m.SE2, m.IA1, m.IA2, m.XAMULT})
        record.add(value);
      line(record);
    }
  }

  void warn_lost();
};

void RawWriter::warn_lost() {
  const auto say = [this](std::ptrdiff_t count, const char* what) {
    if (count > 0) problems_.warn(net_.name, fmt::format("{} {}", count, what));
  };
  const auto count = [](const auto& list, const auto& predicate) {
    return std::count_if(list.begin(), list.end(), predicate);
  };
  names_.report(net_.name, problems_);
  say(static_cast<std::ptrdiff_t>(charging_.size()),
      "transformers have charging or a shunt at their second end, which RAW has no field for: that of the "
      "second end became a fixed shunt there, out of service where the transformer is, and no longer "
      "switched with it");
  say(count(net_.branches, [](const Branch& b) { return b.t2 != 1; }),
      "transformers have an off-nominal second winding, written as part of the ratio at their first: a SEQ "
      "file of theirs does not fit this one");
  if (net_.sequence) problems_.warn(net_.name, "sequence data are not written");
  say(static_cast<std::ptrdiff_t>(net_.power_transfer_dc.size()),
      "MATPOWER DC lines have no record in RAW and are left out");
  say(count(net_.generators,
            [](const Generator& g) {
              return std::isinf(g.Qmax_Mvar) || std::isinf(g.Qmin_Mvar) || std::isinf(g.Pmax_MW) ||
                     std::isinf(g.Pmin_MW);
            }),
      "generators have infinite limits, written as 9999");
  say(count(net_.buses, [](const Bus& bus) { return bus.position.has_value(); }),
      "buses have a position, which is not written");
  if (version_ < 35) {
    say(count(net_.switched_shunts,
              [](const SwitchedShunt& s) {
                return std::any_of(s.blocks.begin(), s.blocks.end(),
                                   [](const auto& b) { return !b.in_service; });
              }),
        "switched shunts have blocks out of service, which this version cannot say: they are left out");
    say(count(net_.switched_shunts, [](const SwitchedShunt& s) { return s.id != "1"; }),
        "switched shunts have an id, which this version has no field for");
  }
  if (version_ < 34) {
    say(count(net_.branches, [](const Branch& b) { return !is_transformer(b) && !b.name.empty(); }),
        "branches have a name, which this version has no field for");
    for (const ImpedanceCorrection& table : net_.impedance_corrections) {
      const bool complex_valued = std::any_of(table.points.begin(), table.points.end(),
                                              [](const auto& p) { return p.F.imag() != 0; });
      if (complex_valued || table.points.size() > 11)
        problems_.add(table.place.text(),
                      fmt::format("impedance correction table {} has {} points{}: version {} holds 11 real "
                                  "ones",
                                  table.number, table.points.size(),
                                  complex_valued ? ", some of them complex" : "", version_),
                      "write version 34");
    }
  }
}

}  // namespace

std::string write_raw(const Network& network, int version, Problems& problems) {
  if (version < kFirstWrittenVersion || version > kLastWrittenVersion) {
    problems.add(network.name, fmt::format("RAW version {} cannot be written", version),
                 fmt::format("give {} to {}", kFirstWrittenVersion, kLastWrittenVersion));
    return {};
  }
  return RawWriter(network, version, problems).write();
}

}  // namespace ballast
