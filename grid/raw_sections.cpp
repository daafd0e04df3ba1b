#include "grid/raw_sections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ballast::raw {

std::string Builder::branch_name(const Branch& branch, const std::string& id) const {
  return fmt::format("branch {} to {}, circuit '{}'", net_.bus_label(branch.from), net_.bus_label(branch.to),
                     id);
}

Record Builder::record(Section section, const std::vector<Line>& lines, std::size_t line) {
  const auto& names = layout(section, static_cast<int>(line) + 1, version_);
  if (lines[line].fields.size() > names.size()) {
    ++seen_[fmt::format("{} records have more fields than version {} defines ({}); the rest is ignored",
                        title(section), version_, names.size())];
  }
  return Record(lines[line], names, file_, problems_);
}

int Builder::bus(Record& record, std::string_view field) {
  const int number = record.integer(field);
  if (!record.good()) return -1;
  const int index = net_.find_bus(number);
  if (index < 0)
    record.fail(field, fmt::format("{} = {}: there is no such bus", field, number),
                "name a bus of the bus section");
  return index;
}

bool Builder::one_of(Record& record, std::string_view field, int value, int first, int last) {
  if (first <= value && value <= last) return true;
  record.fail(field, fmt::format("{} = {} is not one of {} to {}", field, value, first, last),
              "correct the code");
  return false;
}

bool Builder::in_service(Record& record, std::string_view field) {
  const int status = record.integer(field, 1);
  return one_of(record, field, status, 0, 1) && status == 1;
}

int Builder::more_lines(Section section, const Line& first) {
  const auto count = [&](int line, std::string_view name) {
    Problems unused;  // the record is read again, and reported, when it is complete
    return std::clamp(Record(first, layout(section, line, version_), file_, unused).integer(name, 0), 0,
                      10000);
  };
  switch (section) {
    case Section::TRANSFORMER:
      return count(1, "K") == 0 ? 3 : 4;
    case Section::TWO_TERMINAL_DC:
    case Section::VSC_DC:
      return 2;
    case Section::MULTI_TERMINAL_DC:
      return count(1, "NCONV") + count(1, "NDCBS") + count(1, "NDCLN");
    default:
      return 0;
  }
}

void Builder::add(Section section, const std::vector<Line>& lines) {
  switch (section) {
    case Section::BUS:
      return add_bus(record(section, lines, 0));
    case Section::LOAD:
      return add_load(record(section, lines, 0));
    case Section::FIXED_SHUNT:
      return add_fixed_shunt(record(section, lines, 0));
    case Section::GENERATOR:
      return add_generator(record(section, lines, 0));
    case Section::BRANCH:
      return add_branch(record(section, lines, 0));
    case Section::SWITCHING_DEVICE:
      return add_switching_device(record(section, lines, 0));
    case Section::TRANSFORMER:
      return add_transformer(lines);
    case Section::SWITCHED_SHUNT:
      return add_switched_shunt(record(section, lines, 0));
    case Section::AREA:
    case Section::INTER_AREA_TRANSFER:
      return warn_control(section, record(section, lines, 0));
    case Section::TWO_TERMINAL_DC:
    case Section::VSC_DC:
    case Section::MULTI_TERMINAL_DC:
    case Section::FACTS:
    case Section::INDUCTION_MACHINE:
    case Section::GNE:
    case Section::SUBSTATION:
      return warn_not_modelled(section, lines);
    case Section::SYSTEM_WIDE:           // solution options of another program
    case Section::IMPEDANCE_CORRECTION:  // reported where a transformer refers to a table
    case Section::MULTI_SECTION_LINE:    // a grouping of branches that are all in the branch section
    case Section::ZONE:
    case Section::OWNER:
      return;
  }
}

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

void Builder::add_switched_shunt(Record record) {
  Shunt shunt;
  shunt.bus = bus(record, "I");
  shunt.id = "switched";
  shunt.in_service = in_service(record, "STAT");
  shunt.B_Mvar = record.real("BINIT", 0.0);
  shunt.place = record.place();
  const int mode = record.integer("MODSW", 1);
  if (!record.good()) return;
  if (mode != 0 && shunt.in_service) {
    problems_.warn(record.place("MODSW").text(),
                   fmt::format("switched shunt at {} is held at its initial {} Mvar; its voltage control "
                               "(MODSW = {}) is not modelled",
                               net_.bus_label(shunt.bus), shunt.B_Mvar, mode));
  }
  net_.shunts.push_back(std::move(shunt));
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
  const int regulated = record.integer("IREG", 0);
  if (!record.good()) return;
  if (generator.in_service && (generator.XT != 0 || generator.RT != 0))
    ++seen_["generators carry a step-up transformer in their record; their P and Q are taken at the bus"];
  if (regulated != 0) regulations_.push_back({net_.generators.size(), regulated, record.place("IREG")});
  net_.generators.push_back(std::move(generator));
}

void Builder::keep_unique(Branch& branch) {
  constexpr int kShown = 3;  // one by one; a generated file may have hundreds
  const auto key = [&branch](const std::string& id) {
    return std::make_tuple(std::min(branch.from, branch.to), std::max(branch.from, branch.to), id);
  };
  if (circuits_.insert(key(branch.id)).second) return;
  const std::string old = branch.id;
  for (int k = 2; !circuits_.insert(key(branch.id)).second; ++k) branch.id = fmt::format("{}#{}", old, k);
  if (++repeated_circuits_ > kShown) {
    ++seen_["further branches repeat a circuit id; they are kept and renamed in the same way"];
    return;
  }
  problems_.warn(branch.place.text(),
                 fmt::format("{} is already defined; kept as a parallel circuit with the id '{}'",
                             branch_name(branch, old), branch.id),
                 "give parallel circuits different ids");
}

void Builder::add_branch(Record record) {
  Branch branch;
  branch.place = record.place();
  branch.from = bus(record, "I");
  // A minus sign marks the metered end in older files.
  const int other = std::abs(record.integer("J"));
  branch.to = net_.find_bus(other);
  if (branch.to < 0)
    record.fail("J", fmt::format("J = {}: there is no such bus", other), "name a bus of the bus section");
  branch.id = record.text("CKT", "1");
  branch.R = record.real("R", 0.0);
  branch.X = record.real("X");
  branch.B = record.real("B", 0.0);
  branch.name = record.text("NAME", "");
  branch.rate_MVA = record.real("RATEA", 0.0);
  branch.GI = record.real("GI", 0.0);
  branch.BI = record.real("BI", 0.0);
  branch.GJ = record.real("GJ", 0.0);
  branch.BJ = record.real("BJ", 0.0);
  branch.in_service = in_service(record, "ST");
  if (!record.good()) return;
  if (branch.R == 0 && branch.X == 0) {
    branch.X = kJumperX;
    problems_.warn(record.place("X").text(), fmt::format("{} has zero impedance; X = {} pu is used",
                                                         branch_name(branch, branch.id), kJumperX));
  }
  keep_unique(branch);
  net_.branches.push_back(std::move(branch));
}

void Builder::add_switching_device(Record record) {
  Branch branch;
  branch.place = record.place();
  branch.from = bus(record, "I");
  branch.to = bus(record, "J");
  branch.id = record.text("CKT", "1");
  branch.X = record.real("X", 1e-4);
  branch.rate_MVA = record.real("RATEA", 0.0);
  branch.in_service = in_service(record, "STAT");
  branch.name = record.text("NAME", "");
  if (!record.good()) return;
  if (branch.X == 0) {
    branch.X = kJumperX;
    ++seen_[fmt::format("switching devices have zero impedance; X = {} pu is used", kJumperX)];
  }
  keep_unique(branch);
  net_.branches.push_back(std::move(branch));
}

void Builder::warn_control(Section section, Record record) {
  const double target = record.real(section == Section::AREA ? "PDES" : "PTRAN", 0.0);
  if (target != 0)
    ++seen_[fmt::format("{} records have a scheduled interchange; it is not enforced", title(section))];
}

void Builder::warn_not_modelled(Section section, const std::vector<Line>& lines) {
  Record head = record(section, lines, 0);
  const std::string name =
      head.text(section == Section::INDUCTION_MACHINE || section == Section::SUBSTATION ? "I" : "NAME", "");
  std::string schedule;
  switch (section) {
    case Section::TWO_TERMINAL_DC: {
      const int mode = head.integer("MDC", 0);
      const double demand = head.real("SETVL", 0.0);
      const double amperes_kV = head.real("VSCHD", 0.0);
      if (mode == 0)
        schedule = "blocked";
      else if (mode == 1)
        schedule = fmt::format("{} MW", demand);
      else
        schedule = fmt::format("{} A, about {:.0f} MW", demand, demand * amperes_kV / 1000);
      schedule += fmt::format(", from bus {} to bus {}", record(section, lines, 1).integer("IPR", 0),
                              record(section, lines, 2).integer("IPI", 0));
      break;
    }
    case Section::VSC_DC: {
      for (std::size_t k = 1; k < lines.size(); ++k) {
        Record converter = record(section, lines, k);
        if (converter.integer("TYPE", 0) == 2)
          schedule =
              fmt::format("{} MW at bus {}", converter.real("DCSET", 0.0), converter.integer("IBUS", 0));
      }
      break;
    }
    case Section::MULTI_TERMINAL_DC: {
      const auto converters = static_cast<std::size_t>(std::max(head.integer("NCONV", 0), 0));
      for (std::size_t k = 1; k <= converters && k < lines.size(); ++k) {
        const Record converter(lines[k], layout(section, 2, version_), file_, problems_);
        Record each = converter;
        schedule += fmt::format("{}{} at bus {}", k == 1 ? "set points " : ", ", each.real("SETVL", 0.0),
                                each.integer("IB", 0));
      }
      break;
    }
    case Section::FACTS:
      schedule = fmt::format("{} MW, {} Mvar at bus {}", head.real("PDES", 0.0), head.real("QDES", 0.0),
                             head.integer("I", 0));
      break;
    case Section::INDUCTION_MACHINE:
      schedule = fmt::format("PSET {} at bus {}", head.real("PSET", 0.0), head.integer("I", 0));
      break;
    case Section::SUBSTATION:
      ++seen_["substation records (node-breaker detail) are not used; the bus-branch model is"];
      return;
    default:
      break;
  }
  problems_.warn(head.place().text(),
                 fmt::format("{} '{}'{}{} is not modelled: it is missing from the network", title(section),
                             name, schedule.empty() ? "" : ": ", schedule),
                 "represent it by loads and generators at its buses if it matters");
}

void Builder::finish() {
  net_.index_buses();
  for (const Regulation& regulation : regulations_) {
    Generator& generator = net_.generators[regulation.generator];
    const int index = net_.find_bus(regulation.bus);
    if (index < 0) {
      problems_.add(regulation.place.text(), fmt::format("IREG = {}: there is no such bus", regulation.bus),
                    "name a bus of the bus section, or 0");
    } else if (index != generator.bus) {
      generator.regulated_bus = index;
    }
  }
  for (const auto& [what, count] : seen_) problems_.warn(file_, fmt::format("{} {}", count, what));
}

}  // namespace ballast::raw
