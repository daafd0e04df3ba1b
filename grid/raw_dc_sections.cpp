// DC line, FACTS device and induction machine records.
#include <fmt/format.h>

#include "grid/raw_sections.hpp"

namespace ballast::raw {

/// One converter of a two-terminal DC line; `end` is R (rectifier) or I (inverter).
LccConverter Builder::lcc_converter(Record record, char end) {
  const auto name = [end](const char* stem) { return std::string(stem) + end; };
  LccConverter converter;
  converter.bus = bus(record, name("IP"));
  converter.bridges = record.integer(name("NB"), 1);
  converter.ANMX = record.real(name("ANMX"), 90.0);
  converter.ANMN = record.real(name("ANMN"), 0.0);
  converter.RC = record.real(name("RC"), 0.0);
  converter.XC = record.real(name("XC"), 0.0);
  converter.EBAS_kV = record.real(name("EBAS"), 0.0);
  converter.TR = record.real(name("TR"), 1.0);
  converter.TAP = record.real(name("TAP"), 1.0);
  converter.TMX = record.real(name("TMX"), 1.5);
  converter.TMN = record.real(name("TMN"), 0.51);
  converter.STP = record.real(name("STP"), 0.00625);
  const int measured = bus_or_none(record, name("IC"));
  if (measured != converter.bus) converter.measured_bus = measured;
  converter.XCAP = record.real(name("XCAP"), 0.0);
  return converter;
}

void Builder::add_two_terminal_dc(const std::vector<Line>& lines) {
  const std::size_t errors = problems_.errors().size();
  Record record = this->record(Section::TWO_TERMINAL_DC, lines, 0);
  TwoTerminalDc line;
  line.name = record.text("NAME", "");
  const int mode = record.integer("MDC", 0);
  if (one_of(record, "MDC", mode, 0, 2)) line.MDC = static_cast<DcMode>(mode);
  line.RDC = record.real("RDC", 0.0);
  line.SETVL = record.real("SETVL", 0.0);
  line.VSCHD_kV = record.real("VSCHD", 0.0);
  line.VCMOD_kV = record.real("VCMOD", 0.0);
  line.RCOMP = record.real("RCOMP", 0.0);
  line.DELTI = record.real("DELTI", 0.0);
  const std::string METER = record.text("METER", "I");
  if (METER != "I" && METER != "R")
    record.fail("METER", fmt::format("METER = '{}' is not R or I", METER), "name the metered converter");
  line.margin_at_inverter = METER == "I";
  line.DCVMIN_kV = record.real("DCVMIN", 0.0);
  line.CCCITMX = record.integer("CCCITMX", 20);
  line.CCCACC = record.real("CCCACC", 1.0);
  line.rectifier = lcc_converter(this->record(Section::TWO_TERMINAL_DC, lines, 1), 'R');
  line.inverter = lcc_converter(this->record(Section::TWO_TERMINAL_DC, lines, 2), 'I');
  line.place = record.place();
  if (problems_.errors().size() == errors) net_.two_terminal_dc.push_back(std::move(line));
}

VscConverter Builder::vsc_converter(Record record) {
  VscConverter converter;
  converter.bus = bus(record, "IBUS");
  converter.TYPE = record.integer("TYPE");
  const int mode = record.integer("MODE", 1);
  if (!one_of(record, "TYPE", converter.TYPE, 0, 2) || !one_of(record, "MODE", mode, 1, 2)) return converter;
  converter.holds_voltage = mode == 1;
  converter.DCSET = record.real("DCSET", 0.0);
  converter.ACSET = record.real("ACSET", 1.0);
  converter.ALOSS_kW = record.real("ALOSS", 0.0);
  converter.BLOSS_kW_per_A = record.real("BLOSS", 0.0);
  converter.MINLOSS_kW = record.real("MINLOSS", 0.0);
  converter.SMAX_MVA = record.real("SMAX", 0.0);
  converter.IMAX_A = record.real("IMAX", 0.0);
  converter.PWF = record.real("PWF", 1.0);
  converter.MAXQ_Mvar = record.real("MAXQ", 9999.0);
  converter.MINQ_Mvar = record.real("MINQ", -9999.0);
  const int regulated = bus_or_none(record, version_ >= 34 ? "VSREG" : "REMOT");
  if (regulated != converter.bus) converter.regulated_bus = regulated;
  converter.RMPCT = record.real("RMPCT", 100.0);
  return converter;
}

void Builder::add_vsc_dc(const std::vector<Line>& lines) {
  const std::size_t errors = problems_.errors().size();
  Record record = this->record(Section::VSC_DC, lines, 0);
  VscDc line;
  line.name = record.text("NAME", "");
  line.in_service = in_service(record, "MDC");
  line.RDC = record.real("RDC", 0.0);
  for (std::size_t k = 0; k < 2; ++k)
    line.converters[k] = vsc_converter(this->record(Section::VSC_DC, lines, k + 1));
  line.place = record.place();
  if (problems_.errors().size() == errors) net_.vsc_dc.push_back(std::move(line));
}

void Builder::add_facts(Record record) {
  Facts device;
  device.name = record.text("NAME", "");
  device.bus = bus(record, "I");
  device.terminal_bus = bus_or_none(record, "J");
  device.MODE = record.integer("MODE", 1);
  device.PDES_MW = record.real("PDES", 0.0);
  device.QDES_Mvar = record.real("QDES", 0.0);
  device.VSET = record.real("VSET", 1.0);
  device.SHMX_MVA = record.real("SHMX", 9999.0);
  device.TRMX_MW = record.real("TRMX", 9999.0);
  device.VTMN = record.real("VTMN", 0.9);
  device.VTMX = record.real("VTMX", 1.1);
  device.VSMX = record.real("VSMX", 1.0);
  device.IMX_MVA = record.real("IMX", 0.0);
  device.LINX = record.real("LINX", 0.05);
  device.RMPCT = record.real("RMPCT", 100.0);
  device.SET1 = record.real("SET1", 0.0);
  device.SET2 = record.real("SET2", 0.0);
  device.VSREF = record.integer("VSREF", 0);
  const int regulated = bus_or_none(record, version_ >= 34 ? "FCREG" : "REMOT");
  if (regulated != device.bus) device.regulated_bus = regulated;
  device.place = record.place();
  if (record.good()) net_.facts.push_back(std::move(device));
}

void Builder::add_induction_machine(const std::vector<Line>& lines) {
  Line line = lines[0];
  for (std::size_t k = 1; k < lines.size(); ++k)
    line.fields.insert(line.fields.end(), lines[k].fields.begin(), lines[k].fields.end());
  Record record(line, layout(Section::INDUCTION_MACHINE, 1, version_), file_, problems_);
  InductionMachine machine;
  machine.bus = bus(record, "I");
  machine.id = record.text("ID", "1");
  machine.in_service = in_service(record, "ST");
  machine.SCODE = record.integer("SC", 1);
  machine.DCODE = record.integer("DC", 2);
  const bool found = machine.bus >= 0;
  const Bus* at = found ? &net_.buses[static_cast<std::size_t>(machine.bus)] : nullptr;
  machine.area = record.integer("AREA", found ? at->area : 1);
  machine.zone = record.integer("ZONE", found ? at->zone : 1);
  machine.owner = record.integer("OWNER", found ? at->owner : 1);
  machine.TCODE = record.integer("TC", 1);
  machine.BCODE = record.integer("BC", 1);
  machine.MBASE_MVA = record.real("MBASE", net_.base_MVA);
  machine.RATEKV = record.real("RATEKV", 0.0);
  machine.PCODE = record.integer("PC", 1);
  machine.PSET_MW = record.real("PSET");
  const std::pair<const char*, double*> numbers[] = {
      {"H", &machine.H},     {"A", &machine.A},     {"B", &machine.B},     {"D", &machine.D},
      {"E", &machine.E},     {"RA", &machine.RA},   {"XA", &machine.XA},   {"XM", &machine.XM},
      {"R1", &machine.R1},   {"X1", &machine.X1},   {"R2", &machine.R2},   {"X2", &machine.X2},
      {"X3", &machine.X3},   {"E1", &machine.E1},   {"SE1", &machine.SE1}, {"E2", &machine.E2},
      {"SE2", &machine.SE2}, {"IA1", &machine.IA1}, {"IA2", &machine.IA2}, {"XAMULT", &machine.XAMULT}};
  for (const auto& [name, value] : numbers) *value = record.real(name, *value);
  machine.place = record.place();
  if (record.good()) net_.induction_machines.push_back(std::move(machine));
}

}  // namespace ballast::raw
