// Bus, load, shunt and generator records.
#include <fmt/format.h>

#include "grid/raw_sections.hpp"

namespace ballast::raw {

void Builder::add_bus(Record record) {
  Bus bus;
  bus.number = record.integer("I");
  bus.name = record.text("NAME", "");
  bus.base_kV = record.real("BASKV", 0.0);
  const int type = record.integer("IDE", 1);
  if (one_of(record, "IDE", type, 1, 4)) {
    constexpr BusType kTypes[] = {BusType::PQ, BusType::PV, BusType::SLACK, BusType::ISOLATED};
    bus.type = kTypes[type - 1];
  }
  bus.area = record.integer("AREA", 1);
  bus.zone = record.integer("ZONE", 1);
  bus.owner = record.integer("OWNER", 1);
  bus.Vm = record.real("VM", 1.0);
  bus.Va_deg = record.real("VA", 0.0);
  bus.Vmax = record.real("NVHI", 1.1);
  bus.Vmin = record.real("NVLO", 0.9);
  bus.place = record.place();
  Shunt shunt;  // version 30 writes the fixed shunt into the bus record
  shunt.bus = static_cast<int>(net_.buses.size());
  shunt.G_MW = record.real("GL", 0.0);
  shunt.B_Mvar = record.real("BL", 0.0);
  shunt.place = record.place("GL");
  if (shunt.G_MW != 0 || shunt.B_Mvar != 0) net_.shunts.push_back(std::move(shunt));
  // Kept even with a bad field, so that the elements at this bus are not reported as well.
  net_.buses.push_back(std::move(bus));
}

void Builder::add_load(Record record) {
  Load load;
  load.bus = bus(record, "I");
  load.id = record.text("ID", "1");
  load.in_service = in_service(record, "STATUS");
  const bool found = load.bus >= 0;
  load.area = record.integer("AREA", found ? net_.buses[static_cast<std::size_t>(load.bus)].area : 1);
  load.zone = record.integer("ZONE", found ? net_.buses[static_cast<std::size_t>(load.bus)].zone : 1);
  load.owner = record.integer("OWNER", found ? net_.buses[static_cast<std::size_t>(load.bus)].owner : 1);
  load.P_MW = record.real("PL", 0.0);
  load.Q_Mvar = record.real("QL", 0.0);
  load.IP_MW = record.real("IP", 0.0);
  load.IQ_Mvar = record.real("IQ", 0.0);
  load.YP_MW = record.real("YP", 0.0);
  load.YQ_Mvar = 0.0 - record.real("YQ", 0.0);  // in the file a positive YQ is a capacitor
  if (record.integer("DGENF", 0) != 0) {        // generation on the feeder, netted
    load.P_MW -= record.real("DGENP", 0.0);
    load.Q_Mvar -= record.real("DGENQ", 0.0);
  }
  load.place = record.place();
  if (record.good()) net_.loads.push_back(std::move(load));
}

void Builder::add_fixed_shunt(Record record) {
  Shunt shunt;
  shunt.bus = bus(record, "I");
  shunt.id = record.text("ID", "1");
  shunt.in_service = in_service(record, "STATUS");
  shunt.G_MW = record.real("GL", 0.0);
  shunt.B_Mvar = record.real("BL", 0.0);
  shunt.place = record.place();
  if (record.good()) net_.shunts.push_back(std::move(shunt));
}

void Builder::add_generator(Record record) {
  Generator generator;
  generator.bus = bus(record, "I");
  generator.id = record.text("ID", "1");
  generator.P_MW = record.real("PG", 0.0);
  generator.Q_Mvar = record.real("QG", 0.0);
  generator.Qmax_Mvar = record.real("QT", 9999.0);
  generator.Qmin_Mvar = record.real("QB", -9999.0);
  generator.Vset = record.real("VS", 1.0);
  generator.base_MVA = record.real("MBASE", net_.base_MVA);
  generator.ZR = record.real("ZR", 0.0);
  generator.ZX = record.real("ZX", 1.0);
  generator.RT = record.real("RT", 0.0);
  generator.XT = record.real("XT", 0.0);
  generator.GTAP = record.real("GTAP", 1.0);
  generator.in_service = in_service(record, "STAT");
  generator.share_percent = record.real("RMPCT", 100.0);
  generator.Pmax_MW = record.real("PT", 9999.0);
  generator.Pmin_MW = record.real("PB", -9999.0);
  generator.place = record.place();
  const double WMOD = record.real("WMOD", 0.0);
  const int regulated = bus_or_none(record, "IREG");
  if (!record.good()) return;
  if (regulated != generator.bus) generator.regulated_bus = regulated;
  if (generator.in_service && (generator.XT != 0 || generator.RT != 0))
    ++seen_["generators carry a step-up transformer in their record; their P and Q are taken at the bus"];
  if (generator.in_service && WMOD == 2)
    ++seen_
        ["machines in service have WMOD 2 (var limits that follow P by the power factor WPF, both ways); "
         "their "
         "QT and QB are taken"];
  if (generator.in_service && WMOD == 3)
    ++seen_
        ["machines in service have WMOD 3 (vars that follow P by the power factor WPF, no voltage held); "
         "they "
         "hold their voltage within QT and QB"];
  net_.generators.push_back(std::move(generator));
}

}  // namespace ballast::raw
