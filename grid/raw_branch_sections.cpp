// Branch, switching device and multi-section line records.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "grid/raw_sections.hpp"

namespace ballast::raw {

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
  const int J = record.integer("J");
  const int other = std::abs(J);
  branch.metered_at_to = J < 0 || record.integer("MET", 1) >= 2;
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
  branch.metered_at_to = record.integer("MET", 1) >= 2;
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

void Builder::add_multi_section_line(const Line& line) {
  // Up to version 31 the metered end may be missing: it is 1 or 2, the dummy buses follow.
  Problems unused;
  Record probe(line, layout(Section::MULTI_SECTION_LINE, 1, 31), file_, unused);
  const int metered = probe.integer("MET", 1);
  const int version = version_ <= 31 && metered != 1 && metered != 2 ? 30 : version_;
  Record record(line, layout(Section::MULTI_SECTION_LINE, 1, version), file_, problems_);
  MultiSectionLine group;
  group.from = bus(record, "I");
  const int other = std::abs(record.integer("J"));  // a minus sign marks the metered end in older files
  group.to = net_.find_bus(other);
  if (record.good() && group.to < 0)
    record.fail("J", fmt::format("J = {}: there is no such bus", other), "name a bus of the bus section");
  group.id = record.text("ID", "&1");
  for (int k = 1; k <= 9; ++k) {
    const std::string name = fmt::format("DUM{}", k);
    if (record.given(name)) group.dummy_buses.push_back(bus(record, name));
  }
  group.place = record.place();
  if (record.good()) net_.multi_section_lines.push_back(std::move(group));
}

}  // namespace ballast::raw
