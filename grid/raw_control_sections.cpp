// Switched shunt, area, zone, owner, transfer, impedance correction and substation records.
#include <fmt/format.h>

#include <algorithm>

#include "grid/raw_sections.hpp"

namespace ballast::raw {

void Builder::add_switched_shunt(const Line& line) {
  // Version 31 files are found with and without ADJM and STAT; the quoted RMIDNT tells which.
  const bool short_form = version_ == 31 && line.fields.size() > 6 && line.fields[6].quoted;
  Record record(line, layout(Section::SWITCHED_SHUNT, 1, short_form ? 30 : version_), file_, problems_);
  SwitchedShunt shunt;
  shunt.bus = bus(record, "I");
  shunt.id = record.text("ID", "1");
  shunt.in_service = in_service(record, "STAT");
  const int mode = record.integer("MODSW", 1);
  if (one_of(record, "MODSW", mode, 0, 6)) shunt.MODSW = static_cast<ShuntMode>(mode);
  shunt.ADJM = record.integer("ADJM", 0);
  shunt.VSWHI = record.real("VSWHI", 1.0);
  shunt.VSWLO = record.real("VSWLO", 1.0);
  const int regulated = bus_or_none(record, version_ >= 34 ? "SWREG" : "SWREM");
  if (regulated != shunt.bus) shunt.regulated_bus = regulated;
  shunt.RMPCT = record.real("RMPCT", 100.0);
  shunt.RMIDNT = record.text("RMIDNT", "");
  shunt.BINIT_Mvar = record.real("BINIT", 0.0);
  for (int k = 1; k <= 8; ++k) {
    SwitchedShunt::Block block;
    block.in_service = in_service(record, fmt::format("S{}", k));
    block.N = record.integer(fmt::format("N{}", k), 0);
    block.B_Mvar = record.real(fmt::format("B{}", k), 0.0);
    if (block.N == 0 || block.B_Mvar == 0) break;  // as in PSS/E, the first empty block ends the list
    shunt.blocks.push_back(block);
  }
  shunt.place = record.place();
  if (record.good()) net_.switched_shunts.push_back(std::move(shunt));
}

void Builder::add_area(Record record) {
  Area area;
  area.number = record.integer("I");
  area.swing_bus = bus_or_none(record, "ISW");
  area.PDES_MW = record.real("PDES", 0.0);
  area.PTOL_MW = record.real("PTOL", 10.0);
  area.name = record.text("ARNAME", "");
  area.place = record.place();
  if (record.good()) net_.areas.push_back(std::move(area));
}

void Builder::add_group(Record record, std::string_view name, std::vector<NumberedName>& groups) {
  NumberedName group;
  group.number = record.integer("I");
  group.name = record.text(name, "");
  group.place = record.place();
  if (record.good()) groups.push_back(std::move(group));
}

void Builder::add_transfer(Record record) {
  AreaTransfer transfer;
  transfer.from_area = record.integer("ARFROM");
  transfer.to_area = record.integer("ARTO");
  transfer.id = record.text("TRID", "1");
  transfer.P_MW = record.real("PTRAN", 0.0);
  transfer.place = record.place();
  if (record.good()) net_.transfers.push_back(std::move(transfer));
}

/// Up to version 33 a table is pairs T, F on one line; from 34 on it is triples T, Re F, Im F on as many
/// lines as it needs. An all-zero point ends it.
void Builder::add_impedance_correction(const std::vector<Line>& lines) {
  const std::size_t width = version_ >= 34 ? 3 : 2;
  static const std::vector<std::string_view> kNumber = {"I"};
  static const std::vector<std::string_view> kPair = {"T", "F"}, kTriple = {"T", "Re(F)", "Im(F)"};
  ImpedanceCorrection table;
  Record head(lines[0], kNumber, file_, problems_);
  table.number = head.integer("I");
  table.place = head.place();
  bool good = head.good(), ended = false;
  for (std::size_t k = 0; k < lines.size(); ++k) {
    const std::vector<Field>& fields = lines[k].fields;
    for (std::size_t at = k == 0 ? 1 : 0; at < fields.size() && !ended; at += width) {
      Line point;
      point.number = lines[k].number;
      point.text = lines[k].text;
      point.fields.assign(fields.begin() + static_cast<std::ptrdiff_t>(at),
                          fields.begin() + static_cast<std::ptrdiff_t>(std::min(at + width, fields.size())));
      Record record(point, width == 3 ? kTriple : kPair, file_, problems_);
      const double T = record.real("T", 0.0);
      const std::complex<double> F{record.real(width == 3 ? "Re(F)" : "F", 0.0), record.real("Im(F)", 0.0)};
      good = good && record.good();
      ended = T == 0 && F == 0.0;
      if (!ended) table.points.push_back({T, F});
    }
  }
  if (good) net_.impedance_corrections.push_back(std::move(table));
}

/// A node of a substation: its bus takes the substation's place on the map.
void Builder::add_substation_node(const std::vector<Line>& lines) {
  Record station = record(Section::SUBSTATION, lines, 0);
  Record node = record(Section::SUBSTATION, lines, 1);
  const double latitude = station.real("LATI", 0.0), longitude = station.real("LONG", 0.0);
  const int index = bus_or_none(node, "I");
  ++seen_
      ["substation nodes (node-breaker detail) are read for their place only; the bus-branch model is used"];
  if (!station.good() || index < 0 || (latitude == 0 && longitude == 0)) return;
  net_.buses[static_cast<std::size_t>(index)].position = Position{longitude, latitude};
}

}  // namespace ballast::raw
