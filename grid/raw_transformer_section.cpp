// Transformer records: two windings as one branch, three as a star.
#include <fmt/format.h>

#include <cmath>
#include <complex>

#include "grid/raw_sections.hpp"
#include "grid/raw_transformer.hpp"

namespace ballast::raw {

/// The control of a winding; `ends` are its own bus and the transformer's others (-1: none).
std::optional<TapControl> Builder::tap_control(Record& record, char digit, int CW, double nominal_kV,
                                               const std::array<int, 3>& ends) {
  const auto name = [digit](const char* stem) { return std::string(stem) + digit; };
  const int COD = record.integer(name("COD"), 0);
  if (!one_of(record, name("COD"), COD, -5, 5) || COD == 0) return std::nullopt;
  TapControl control;
  control.target = static_cast<TapTarget>(std::abs(COD));
  control.adjusts = COD > 0;
  const int CONT = record.integer(name("CONT"), 0);
  if (CONT != 0) {
    control.bus = net_.find_bus(std::abs(CONT));
    if (control.bus < 0)
      record.fail(name("CONT"), fmt::format("{} = {}: there is no such bus", name("CONT"), CONT),
                  "name a bus of the bus section");
    const bool other_end = control.bus == ends[1] || control.bus == ends[2];
    control.on_tapped_side = control.bus == ends[0] || (CONT < 0 && !other_end);
  }
  const bool angle = control.target == TapTarget::MW || control.target == TapTarget::ASYMMETRIC_MW;
  const double base_kV = net_.buses[static_cast<std::size_t>(ends[0])].base_kV;
  const double unit = CW == 2 && !angle ? base_kV : 1.0;  // of the defaults
  const double RMA = record.real(name("RMA"), 1.1 * unit), RMI = record.real(name("RMI"), 0.9 * unit);
  control.RMA = angle ? RMA : turns_ratio(CW, RMA, nominal_kV, base_kV);
  control.RMI = angle ? RMI : turns_ratio(CW, RMI, nominal_kV, base_kV);
  control.VMA = record.real(name("VMA"), 1.1);
  control.VMI = record.real(name("VMI"), 0.9);
  control.NTP = record.integer(name("NTP"), 33);
  control.CR = record.real(name("CR"), 0.0);
  control.CX = record.real(name("CX"), 0.0);
  return control;
}

/// A winding's record; `ends` are its own bus and the transformer's others (-1: none).
Builder::Winding Builder::winding(Record record, char digit, int CW, const std::array<int, 3>& ends) {
  const auto name = [digit](const char* stem) { return std::string(stem) + digit; };
  Winding winding;
  if (ends[0] < 0) return winding;
  const double base_kV = net_.buses[static_cast<std::size_t>(ends[0])].base_kV;
  const double nominal_kV = record.real(name("NOMV"), 0.0);
  if ((CW == 2 || (CW == 3 && nominal_kV != 0)) && !(base_kV > 0)) {
    record.fail(name("WINDV"),
                fmt::format("CW = {} needs the base voltage of {}, which is {} kV", CW,
                            net_.bus_label(ends[0]), base_kV),
                "give BASKV, or the ratio in per unit with CW = 1");
    return winding;
  }
  winding.ratio = turns_ratio(CW, record.real(name("WINDV"), CW == 2 ? base_kV : 1.0), nominal_kV, base_kV);
  if (record.good() && !(winding.ratio > 0))
    record.fail(name("WINDV"), fmt::format("turns ratio {} is not positive", winding.ratio),
                "give WINDV above 0");
  winding.angle_deg = record.real(name("ANG"), 0.0);
  winding.rate_MVA = record.real(name("RATA"), 0.0);
  winding.control = tap_control(record, digit, CW, nominal_kV, ends);
  winding.table = record.integer(name("TAB"), 0);
  winding.place = record.place(name("TAB"));
  return winding;
}

/// Call before the branch of the winding is added.
void Builder::use_correction(const Winding& winding) {
  if (winding.table != 0) corrections_.push_back({net_.branches.size(), winding.table, winding.place});
}

/// NMETR; a number that is none of the windings becomes the default.
int Builder::not_metered(Record& head, int windings) {
  const int NMETR = head.integer("NMETR", 2);
  if (1 <= NMETR && NMETR <= windings) return NMETR;
  ++seen_["transformers have an NMETR that is none of their windings; 2 is taken"];
  return 2;
}

void Builder::add_transformer(const std::vector<Line>& lines) {
  const std::size_t errors = problems_.errors().size();
  Record head = record(Section::TRANSFORMER, lines, 0);
  Record impedance = record(Section::TRANSFORMER, lines, 1);
  Branch branch;
  branch.place = head.place();
  branch.transformer = true;
  branch.from = bus(head, "I");
  branch.to = bus(head, "J");
  const bool three = head.integer("K", 0) != 0;
  const int third = three ? bus(head, "K") : -1;
  branch.id = head.text("CKT", "1");
  branch.name = head.text("NAME", "");
  const int CW = head.integer("CW", 1), CZ = head.integer("CZ", 1), CM = head.integer("CM", 1);
  const int status = head.integer("STAT", 1);
  bool codes = one_of(head, "CW", CW, 1, 3);
  codes = one_of(head, "CZ", CZ, 1, 3) && codes;
  codes = one_of(head, "CM", CM, 1, 2) && codes;
  codes = one_of(head, "STAT", status, 0, three ? 4 : 1) && codes;
  branch.in_service = status == 1;

  const double mag1 = head.real("MAG1", 0.0), mag2 = head.real("MAG2", 0.0);
  const double R = impedance.real("R1-2", 0.0), X = impedance.real("X1-2");
  const double rated_MVA = impedance.real("SBASE1-2", net_.base_MVA);
  if (!(rated_MVA > 0))
    impedance.fail("SBASE1-2", fmt::format("SBASE1-2 = {} MVA is not positive", rated_MVA),
                   "give the rating in MVA");
  if (!head.good() || !impedance.good() || !codes) return;

  Record first = record(Section::TRANSFORMER, lines, 2);
  const double nominal_kV = first.real("NOMV1", 0.0);
  const double base_kV = net_.buses[static_cast<std::size_t>(branch.from)].base_kV;
  if (CM == 2 && (mag1 != 0 || mag2 != 0) && !(base_kV > 0)) {
    head.fail("CM",
              fmt::format("CM = 2 needs the base voltage of {}, which is {} kV", net_.bus_label(branch.from),
                          base_kV),
              "give BASKV");
  }
  const std::complex<double> Ym =
      magnetising_admittance(CM, mag1, mag2, rated_MVA, net_.base_MVA, nominal_kV, base_kV);
  if (std::isnan(Ym.real()))
    head.fail(
        "MAG2",
        fmt::format("exciting current {} pu is smaller than the no-load loss of {} W means", mag2, mag1),
        "correct MAG1 or MAG2");
  branch.GI = Ym.real();
  branch.BI = Ym.imag();
  Winding one = winding(first, '1', CW, {branch.from, branch.to, third});
  branch.ratio = one.ratio;
  branch.angle_deg = one.angle_deg;
  branch.rate_MVA = one.rate_MVA;
  if (three) {
    if (problems_.errors().size() == errors) add_three_winding(lines, branch, one, third);
    return;
  }

  const Winding two = winding(record(Section::TRANSFORMER, lines, 3), '2', CW, {branch.to, branch.from, -1});
  const std::complex<double> Z = series_impedance(CZ, R, X, rated_MVA, net_.base_MVA);
  if (std::isnan(Z.real()))
    impedance.fail("X1-2", fmt::format("|Z| = {} pu is smaller than the load loss of {} W means", X, R),
                   "correct R1-2 or X1-2");
  if (problems_.errors().size() != errors) return;
  branch.R = Z.real() * two.ratio * two.ratio;
  branch.X = Z.imag() * two.ratio * two.ratio;
  branch.t2 = two.ratio;
  branch.metered_at_to = not_metered(head, 2) == 1;
  branch.SBASE_MVA = rated_MVA;
  branch.ratio = one.ratio / two.ratio;
  if (one.control && one.control->target != TapTarget::MW &&
      one.control->target != TapTarget::ASYMMETRIC_MW) {
    one.control->RMA /= two.ratio;
    one.control->RMI /= two.ratio;
  }
  branch.tap_control = one.control;
  branch.GI *= branch.ratio * branch.ratio;
  branch.BI *= branch.ratio * branch.ratio;
  if (branch.R == 0 && branch.X == 0) {
    branch.X = kJumperX;
    problems_.warn(impedance.place("X1-2").text(), fmt::format("{} has zero impedance; X = {} pu is used",
                                                               branch_name(branch, branch.id), kJumperX));
  }
  keep_unique(branch);
  use_correction(one);
  net_.branches.push_back(std::move(branch));
}

/// Three windings become three branches to a fictitious bus in the middle of the star.
void Builder::add_three_winding(const std::vector<Line>& lines, const Branch& common, const Winding& first,
                                int third) {
  const std::size_t errors = problems_.errors().size();
  Record head = record(Section::TRANSFORMER, lines, 0);
  Record impedance = record(Section::TRANSFORMER, lines, 1);
  const int CW = head.integer("CW", 1), CZ = head.integer("CZ", 1), status = head.integer("STAT", 1);
  const auto pair = [&](const char* R, const char* X, const char* base) {
    const double r = impedance.real(R, 0.0), x = impedance.real(X);
    const double rated_MVA = impedance.real(base, net_.base_MVA);
    if (!(rated_MVA > 0))
      impedance.fail(base, fmt::format("{} = {} MVA is not positive", base, rated_MVA),
                     "give the rating in MVA");
    const std::complex<double> Z = series_impedance(CZ, r, x, rated_MVA, net_.base_MVA);
    if (impedance.good() && std::isnan(Z.real()))
      impedance.fail(X, fmt::format("|Z| = {} pu is smaller than the load loss of {} W means", x, r),
                     "correct it");
    return Z;
  };
  const std::complex<double> z12 = pair("R1-2", "X1-2", "SBASE1-2");
  const std::complex<double> z23 = pair("R2-3", "X2-3", "SBASE2-3");
  const std::complex<double> z31 = pair("R3-1", "X3-1", "SBASE3-1");
  const Star star = star_of(z12, z23, z31);
  const Winding windings[] = {
      first, winding(record(Section::TRANSFORMER, lines, 3), '2', CW, {common.to, common.from, third}),
      winding(record(Section::TRANSFORMER, lines, 4), '3', CW, {third, common.from, common.to})};
  Bus middle;
  middle.Vm = impedance.real("VMSTAR", 1.0);
  middle.Va_deg = impedance.real("ANSTAR", 0.0);
  if (problems_.errors().size() != errors) return;
  const Bus& primary = net_.buses[static_cast<std::size_t>(common.from)];
  // PSS/E bus numbers end at 999997.
  middle.number = 1000001 + star_buses_++;
  while (net_.find_bus(middle.number) >= 0) middle.number = 1000001 + star_buses_++;
  middle.name = "star " + (common.name.empty() ? primary.name : common.name);
  middle.base_kV = primary.base_kV;
  middle.area = primary.area;
  middle.zone = primary.zone;
  middle.owner = primary.owner;
  middle.place = common.place;
  if (status == 0) middle.type = BusType::ISOLATED;
  const int star_bus = static_cast<int>(net_.buses.size());
  net_.buses.push_back(middle);

  ThreeWinding transformer;
  transformer.name = common.name;
  transformer.id = common.id;
  transformer.star_bus = star_bus;
  transformer.NMETR = not_metered(head, 3);
  transformer.place = common.place;
  constexpr const char* kBases[] = {"SBASE1-2", "SBASE2-3", "SBASE3-1"};
  const int ends[] = {common.from, common.to, third};
  const std::complex<double> legs[] = {star.z1, star.z2, star.z3};
  // STAT: 1 all in service; 2, 3, 4: winding 2, 3, 1 out.
  const bool closed[] = {status != 0 && status != 4, status != 0 && status != 2, status != 0 && status != 3};
  for (std::size_t k = 0; k < 3; ++k) {
    Branch leg = common;
    leg.from = ends[k];
    leg.to = star_bus;
    leg.in_service = closed[k];
    leg.ratio = windings[k].ratio;
    leg.angle_deg = windings[k].angle_deg;
    leg.rate_MVA = windings[k].rate_MVA;
    leg.SBASE_MVA = impedance.real(kBases[k], net_.base_MVA);
    leg.tap_control = windings[k].control;
    leg.R = legs[k].real();
    leg.X = legs[k].imag();
    leg.GI = k == 0 ? common.GI * leg.ratio * leg.ratio : 0;
    leg.BI = k == 0 ? common.BI * leg.ratio * leg.ratio : 0;
    if (std::abs(legs[k]) < kJumperX) {
      leg.R = 0;
      leg.X = kJumperX;
    }
    keep_unique(leg);
    use_correction(windings[k]);
    transformer.branches[k] = static_cast<int>(net_.branches.size());
    net_.branches.push_back(std::move(leg));
  }
  net_.three_windings.push_back(std::move(transformer));
}

}  // namespace ballast::raw
