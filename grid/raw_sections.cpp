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

int Builder::bus_or_none(Record& record, std::string_view field) {
  return record.given(field) && record.integer(field) != 0 ? bus(record, field) : -1;
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
    case Section::INDUCTION_MACHINE:  // on one line, or on three as the format's description prints it
      return first.fields.size() == 12 ? 2 : 0;
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
      return add_switched_shunt(lines[0]);
    case Section::AREA:
      return add_area(record(section, lines, 0));
    case Section::ZONE:
      return add_group(record(section, lines, 0), "ZONAME", net_.zones);
    case Section::OWNER:
      return add_group(record(section, lines, 0), "OWNAME", net_.owners);
    case Section::INTER_AREA_TRANSFER:
      return add_transfer(record(section, lines, 0));
    case Section::IMPEDANCE_CORRECTION:
      return add_impedance_correction(lines);
    case Section::MULTI_SECTION_LINE:
      return add_multi_section_line(lines[0]);
    case Section::TWO_TERMINAL_DC:
      return add_two_terminal_dc(lines);
    case Section::VSC_DC:
      return add_vsc_dc(lines);
    case Section::FACTS:
      return add_facts(record(section, lines, 0));
    case Section::INDUCTION_MACHINE:
      return add_induction_machine(lines);
    case Section::SUBSTATION:
      return add_substation_node(lines);
    case Section::MULTI_TERMINAL_DC:
    case Section::GNE:
    case Section::VOLTAGE_DROOP:
      return warn_not_modelled(section, lines);
    case Section::SYSTEM_WIDE:  // solution options of another program
    case Section::RATING_SET:   // further ratings of switching devices
      return;
  }
}

void Builder::warn_not_modelled(Section section, const std::vector<Line>& lines) {
  std::string schedule;
  if (section == Section::VOLTAGE_DROOP) {
    ++seen_["voltage droop control records are not modelled; the devices hold their voltage set points"];
    return;
  }
  Record head(lines[0], layout(section, 1, version_), file_, problems_);
  if (section == Section::MULTI_TERMINAL_DC) {
    const auto converters = static_cast<std::size_t>(std::max(head.integer("NCONV", 0), 0));
    for (std::size_t k = 1; k <= converters && k < lines.size(); ++k) {
      Record converter(lines[k], layout(section, 2, version_), file_, problems_);
      schedule += fmt::format("{}{} at bus {}", k == 1 ? ": set points " : ", ", converter.real("SETVL", 0.0),
                              converter.integer("IB", 0));
    }
  }
  problems_.warn(head.place().text(),
                 fmt::format("{} '{}'{} is not modelled: it is missing from the network", title(section),
                             head.text("NAME", ""), schedule),
                 "represent it by loads and generators at its buses if it matters");
}

void Builder::finish() {
  for (const Correction& correction : corrections_) {
    const auto& tables = net_.impedance_corrections;
    const auto found = std::find_if(tables.begin(), tables.end(), [&](const ImpedanceCorrection& table) {
      return table.number == correction.table;
    });
    if (found == tables.end()) {
      problems_.warn(correction.place.text(),
                     fmt::format("impedance correction table {} is not in the file; the impedance is used "
                                 "uncorrected",
                                 correction.table),
                     "give the table, or TAB = 0");
    } else {
      net_.branches[correction.branch].correction = static_cast<int>(found - tables.begin());
    }
  }
  net_.index_buses();
  for (const auto& [what, count] : seen_) problems_.warn(file_, fmt::format("{} {}", count, what));
}

}  // namespace ballast::raw
