// MATPOWER case format 2: from the tables to the network. Column numbers are those of MATPOWER's caseformat,
// less one.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "grid/check.hpp"
#include "grid/matlab_text.hpp"
#include "grid/numbers.hpp"
#include "grid/readers.hpp"
#include "grid/too_many_errors.hpp"
#include "grid/unsimulated.hpp"

namespace ballast {
namespace {

using matlab::Assignment;
using matlab::Cell;
using matlab::Row;

class MatpowerReader {
 public:
  MatpowerReader(std::string_view text, const std::string& file, Problems& problems)
      : file_(file), problems_(problems), data_(matlab::read_data(text, file, problems)) {}

  Network read() {
    net_.name = data_.function.empty() ? file_ : data_.function;
    build();
    return std::move(net_);
  }

 private:
  const std::string& file_;
  Problems& problems_;
  matlab::Data data_;
  Network net_;

  void fail(int line, int column, std::string what, std::string remedy) {
    problems_.add(Place{file_, line, column}.text(), std::move(what), std::move(remedy));
  }
  [[nodiscard]] Place place(const Cell& cell) const { return {file_, cell.line, cell.column}; }

  const Assignment* table(const char* field, std::size_t columns) {
    const auto found = data_.fields.find(field);
    if (found == data_.fields.end()) {
      problems_.add(file_, fmt::format("there is no {}.{}", data_.structure, field),
                    "give the table; a MATPOWER case has baseMVA, bus, gen and branch");
      return nullptr;
    }
    Assignment& table = found->second;
    for (const Row& row : table.rows) {
      if (too_many_errors(problems_, place(row.front()))) break;
      for (const Cell& cell : row) {
        if (std::isnan(cell.value))
          fail(cell.line, cell.column,
               fmt::format("'{}' in {}.{} is text", cell.text, data_.structure, field), "write a number");
      }
      if (row.size() >= columns) continue;
      fail(row.front().line, row.front().column,
           fmt::format("a row of {}.{} has {} columns, at least {} are needed", data_.structure, field,
                       row.size(), columns),
           "complete the row");
    }
    std::erase_if(table.rows, [columns](const Row& row) { return row.size() < columns; });
    return &table;
  }

  bool integer(const Cell& cell, const char* what, int* value) {
    if (std::abs(cell.value) < 2e9 && cell.value == std::floor(cell.value)) {
      *value = static_cast<int>(cell.value);
      return true;
    }
    fail(cell.line, cell.column, fmt::format("{} = '{}' is not an integer", what, cell.text),
         "give a whole number");
    return false;
  }

  bool bus(const Cell& cell, const char* what, int* index) {
    int number_ = 0;
    if (!integer(cell, what, &number_)) return false;
    *index = net_.find_bus(number_);
    if (*index >= 0) return true;
    fail(cell.line, cell.column, fmt::format("{} = {}: there is no such bus", what, number_),
         "name a bus of the bus table");
    return false;
  }

  void build() {
    read_base();
    if (const Assignment* buses = table("bus", 13)) add_buses(*buses);
    if (const Assignment* generators = table("gen", 10)) add_generators(*generators);
    if (const Assignment* branches = table("branch", 11)) add_branches(*branches);
    add_dc_lines();
    if (problems_.errors().size() < kMostErrors) check_network(net_, problems_);
    if (!problems_.any()) warn_unsimulated(net_, problems_);
  }

  void read_base() {
    if (const auto version = data_.fields.find("version"); version != data_.fields.end()) {
      const Row& row = version->second.rows.empty() ? Row{} : version->second.rows.front();
      if (row.empty() || row.front().text != "2")
        fail(version->second.line, version->second.column,
             fmt::format("case format version '{}' is not supported", row.empty() ? "" : row.front().text),
             "save the case in format 2");
    }
    if (const Assignment* base = table("baseMVA", 1)) {
      if (base->rows.size() == 1 && std::isfinite(base->rows.front().front().value))
        net_.base_MVA = base->rows.front().front().value;
      else
        fail(base->line, base->column, "baseMVA is not one number", "give the system base in MVA");
    }
    net_.frequency_Hz = 60;
    problems_.warn(file_, "a MATPOWER case does not say its base frequency; 60 Hz is assumed",
                   "set it in the case for a 50 Hz system");
  }

  void add_buses(const Assignment& table) {
    const auto names = data_.fields.find("bus_name");
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      const Row& row = table.rows[i];
      Bus bus;
      int type = 1;
      if (!integer(row[0], "bus number", &bus.number) || !integer(row[1], "bus type", &type) ||
          !integer(row[6], "area", &bus.area) || !integer(row[10], "zone", &bus.zone))
        continue;
      if (type < 1 || type > 4) {
        fail(row[1].line, row[1].column, fmt::format("bus type {} is not one of 1 to 4", type),
             "1 PQ, 2 PV, 3 slack, 4 isolated");
        type = 1;
      }
      constexpr BusType kTypes[] = {BusType::PQ, BusType::PV, BusType::SLACK, BusType::ISOLATED};
      bus.type = kTypes[type - 1];
      bus.Vm = row[7].value;
      bus.Va_deg = row[8].value;
      bus.base_kV = row[9].value;
      bus.Vmax = row[11].value;
      bus.Vmin = row[12].value;
      bus.place = place(row[0]);
      if (names != data_.fields.end() && i < names->second.rows.size() && !names->second.rows[i].empty())
        bus.name = trimmed(names->second.rows[i].front().text);
      const int index = static_cast<int>(net_.buses.size());
      net_.buses.push_back(bus);
      if (row[2].value != 0 || row[3].value != 0) {
        Load load;
        load.bus = index;
        load.P_MW = row[2].value;
        load.Q_Mvar = row[3].value;
        load.area = bus.area;
        load.zone = bus.zone;
        load.place = place(row[2]);
        net_.loads.push_back(load);
      }
      if (row[4].value != 0 || row[5].value != 0) {
        Shunt shunt;
        shunt.bus = index;
        shunt.G_MW = row[4].value;
        shunt.B_Mvar = row[5].value;
        shunt.place = place(row[4]);
        net_.shunts.push_back(shunt);
      }
    }
    net_.index_buses();
  }

  void add_generators(const Assignment& table) {
    std::map<int, int> count;
    const auto fuels = data_.fields.find("genfuel");
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      const Row& row = table.rows[i];
      Generator generator;
      if (!bus(row[0], "generator bus", &generator.bus)) continue;
      generator.id = std::to_string(++count[generator.bus]);
      generator.P_MW = row[1].value;
      generator.Q_Mvar = row[2].value;
      generator.Qmax_Mvar = row[3].value;
      generator.Qmin_Mvar = row[4].value;
      generator.Vset = row[5].value;
      generator.base_MVA =
          row[6].value != 0 ? row[6].value : net_.base_MVA;  // caseformat: defaults to baseMVA
      generator.in_service = row[7].value > 0;
      generator.Pmax_MW = row[8].value;
      generator.Pmin_MW = row[9].value;
      if (fuels != data_.fields.end() && i < fuels->second.rows.size() && !fuels->second.rows[i].empty())
        generator.fuel = trimmed(fuels->second.rows[i].front().text);
      generator.place = place(row[0]);
      net_.generators.push_back(generator);
    }
  }

  void add_branches(const Assignment& table) {
    std::map<std::pair<int, int>, int> count;
    for (const Row& row : table.rows) {
      Branch branch;
      if (!bus(row[0], "from bus", &branch.from) || !bus(row[1], "to bus", &branch.to)) continue;
      branch.id = std::to_string(++count[std::minmax(branch.from, branch.to)]);
      branch.R = row[2].value;
      branch.X = row[3].value;
      branch.B = row[4].value;
      branch.rate_MVA = row[5].value;
      branch.transformer = row[8].value != 0 || row[9].value != 0;
      branch.ratio = row[8].value == 0 ? 1 : row[8].value;  // 0 means a line
      branch.angle_deg = row[9].value;
      branch.in_service = row[10].value != 0;
      branch.place = place(row[0]);
      net_.branches.push_back(branch);
    }
  }

  void add_dc_lines() {
    if (!data_.fields.contains("dcline")) return;
    for (const Row& row : table("dcline", 17)->rows) {
      PowerTransferDc line;
      if (!bus(row[0], "from bus", &line.from) || !bus(row[1], "to bus", &line.to)) continue;
      line.in_service = row[2].value != 0;
      double* const values[] = {&line.PF_MW,      &line.PT_MW,      &line.QF_Mvar,    &line.QT_Mvar,
                                &line.VF,         &line.VT,         &line.PMIN_MW,    &line.PMAX_MW,
                                &line.QMINF_Mvar, &line.QMAXF_Mvar, &line.QMINT_Mvar, &line.QMAXT_Mvar,
                                &line.LOSS0_MW,   &line.LOSS1};
      for (std::size_t k = 0; k < std::size(values); ++k) *values[k] = row[k + 3].value;
      line.place = place(row[0]);
      net_.power_transfer_dc.push_back(line);
    }
  }
};

}  // namespace

Network read_matpower_text(std::string_view text, const std::string& file, Problems& problems) {
  return MatpowerReader(text, file, problems).read();
}

}  // namespace ballast
