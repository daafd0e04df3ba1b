#include "tests/solver/psse_curves.hpp"

#include <algorithm>
#include <cmath>

#include "cases/reader/assemble.hpp"
#include "models/dyr.hpp"
#include "solver/initialise.hpp"
#include "solver/simulate.hpp"
#include "tests/solver/memory_recorder.hpp"

namespace ballast::testing {
namespace {

// ---- alterations

Part* find_part(RawCase& c, std::string_view model) {
  for (Plant& plant : c.plants)
    for (Part& part : plant.parts)
      if (part.model == model) return &part;
  throw std::runtime_error("no part " + std::string(model));
}
/// Scales a parameter of the first part with that model.
void scale(RawCase& c, std::string_view model, std::string_view parameter, double factor) {
  Part* const part = find_part(c, model);
  const auto& table = find_model(model)->parameters;
  for (std::size_t i = 0; i < table.size(); ++i)
    if (table[i].name == parameter) {
      part->parameters[i] *= factor;
      return;
    }
  throw std::runtime_error("no parameter " + std::string(parameter));
}
/// Takes the model out; what it gave stays where it was at rest.
void remove(RawCase& c, std::string_view model) {
  for (Plant& plant : c.plants) std::erase_if(plant.parts, [&](const Part& p) { return p.model == model; });
}
/// The machine of bus 102 as a fixed voltage behind X'd, with its H and D.
void make_classical(RawCase& c, std::string_view model) {
  Part* const part = find_part(c, model);
  const auto& table = find_model(model)->parameters;
  const auto value = [&](std::string_view name) {
    for (std::size_t i = 0; i < table.size(); ++i)
      if (table[i].name == name) return part->parameters[i];
    throw std::runtime_error("no parameter " + std::string(name));
  };
  const std::vector<double> classical{value("H"), value("D"), value("Ra"), value("Xdp")};
  part->model = "GENCLS";
  part->parameters = classical;
}
double bus_voltage_squared(const RawCase& c, const Plant& plant) { return std::norm(c.voltage[plant.bus]); }
/// Moves a share of the current or power parts of all loads to impedance.
void to_impedance(RawCase& c, double share) {
  for (Plant& plant : c.plants)
    for (Part& part : plant.parts) {
      if (part.model != "ZIPLOAD") continue;
      std::vector<double>& p = part.parameters;  // PZ QZ PI QI PP QP pqbrak
      const double P = -part.P_MW;
      const double Q = -part.Q_Mvar;
      const double V2 = bus_voltage_squared(c, plant);
      for (int i = 2; i < 6; ++i) p[i] *= 1 - share;
      p[0] += share * P / V2;
      p[1] += share * Q / V2;
    }
}

/// Converter plants as the admittance that gives their power at rest.
void replace_converters(RawCase& c) {
  for (Plant& plant : c.plants)
    for (const Part& part : plant.parts)
      if (part.model == "REGCA1") {
        const std::complex<double> drawn(-part.P_MW, -part.Q_Mvar);
        plant.parts = {zip_part(drawn, std::abs(c.voltage[plant.bus]), {{1, 0, 0}, {1, 0, 0}, 0.7})};
        break;
      }
}
/// The units of a bus share its reactive power as the RAW file says, not by their ranges.
void share_reactive_power_as_written(RawCase& c) {
  for (std::size_t bus = 0; bus < c.network.buses.size(); ++bus) {
    double written = 0;
    double solved = 0;
    for (std::size_t g = 0; g < c.network.generators.size(); ++g) {
      if (c.network.generators[g].bus != static_cast<int>(bus)) continue;
      written += c.network.generators[g].Q_Mvar;
      solved += c.flow.generator_Q_Mvar[g];
    }
    for (std::size_t g = 0; g < c.network.generators.size() && written != 0; ++g)
      if (c.network.generators[g].bus == static_cast<int>(bus))
        c.flow.generator_Q_Mvar[g] = solved * c.network.generators[g].Q_Mvar / written;
  }
  set_machine_rest(std::span(c.plants).first(c.network.generators.size()), c.network, c.flow);
}

// ---- reading

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::stringstream stream(line);
  for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
  return cells;
}

/// The rows of a curve by sample, k * 0.005 s from its first; of the doubled row at the event the first.
std::vector<std::vector<double>> read_curve(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::vector<double>> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.find_first_not_of(" \t0123456789+-.eE,\r") != std::string::npos || line.empty()) continue;
    std::vector<double> row;
    for (const std::string& cell : cells_of(line)) row.push_back(std::stod(cell));
    if (rows.empty() || row[0] != rows.back()[0]) rows.push_back(row);
  }
  return rows;
}

std::string curve_path(const PsseCurve& c, const char* file) {
  return reference_path("psse/" + std::string(c.folder) + "/" + file);
}

/// The case as the program reads it: DYR records checked, wired and put at the power flow's point.
RawCase read_case(const PsseCurve& curve) {
  RawCase c;
  c.network = read_network(curve_path(curve, curve.raw));
  PowerFlowOptions options;
  options.tolerance_pu = 1e-11;
  c.flow = solve_power_flow(c.network, options);
  store_controls(c.flow, c.network);
  for (std::size_t b = 0; b < c.network.buses.size(); ++b)
    c.voltage.push_back(c.flow.voltage(static_cast<int>(b)));
  Problems problems;
  const std::vector<DynamicRecord> records = read_dyr(curve_path(curve, curve.dyr), problems);
  check_dyr(records, problems);
  c.plants = assemble_machines(c.network, c.flow, records, problems);
  problems.throw_if_any();
  const LoadShares shares{curve.loads.Z, curve.loads.I, curve.loads.P};
  for (Plant& plant : assemble_loads(c.network, c.flow, {shares, shares, 0.7})) c.plants.push_back(plant);
  return c;
}

int branch_between(const Network& n, int from, int to) {
  for (std::size_t k = 0; k < n.branches.size(); ++k)
    if (n.buses[n.branches[k].from].number == from && n.buses[n.branches[k].to].number == to)
      return static_cast<int>(k);
  throw std::runtime_error("no branch");
}

/// Recorded rows on the curve's samples, before an event where there are two.
std::vector<std::vector<double>> run(const PsseCurve& curve, const RawCase& c, MemoryRecorder& record) {
  System system(c.network, c.plants);
  const std::vector<double> y = initialise(system, c.voltage, 0);
  SimulationOptions options;
  options.until_s = 20;
  options.relative_tolerance = 1e-7;
  options.record_step_s = 0.005;
  for (const PsseColumn& column : curve.columns) {
    const std::string quantity = column.quantity;
    if (std::find(options.record.begin(), options.record.end(), quantity) == options.record.end())
      options.record.push_back(quantity);
  }
  const int line = branch_between(c.network, curve.from, curve.to);
  const RunResult result = simulate(system, y, {{1.0, SwitchBranch{line, false}, {}}}, options, {}, &record);
  if (!result.status.completed) throw std::runtime_error(result.status.outcome);
  std::vector<std::vector<double>> rows;
  for (std::size_t i = 0; i < record.rows.size(); ++i)
    if (i == 0 || record.time[i] - record.time[i - 1] >= 1e-6) rows.push_back(record.rows[i]);
  return rows;
}

}  // namespace

double ColumnDistance::in_tolerances() const {
  return std::max(outside / tolerance_outside, inside / tolerance_inside);
}
bool CurveDistance::held() const {
  return failure.empty() &&
         std::all_of(columns.begin(), columns.end(), [](const ColumnDistance& c) { return c.held(); });
}
double CurveDistance::in_tolerances() const {
  double worst = 0;
  for (const ColumnDistance& c : columns) worst = std::max(worst, c.in_tolerances());
  return worst;
}

std::vector<std::pair<std::string, std::string>> psse_tolerance_rows() {
  std::ifstream file(reference_path("psse/tolerances.csv"));
  std::vector<std::pair<std::string, std::string>> rows;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    const std::vector<std::string> cells = cells_of(line);
    if (cells.size() == 7) rows.emplace_back(cells[0], cells[1]);
  }
  return rows;
}

CurveDistance distance_from(const PsseCurve& curve, const Alteration* alteration) {
  CurveDistance distance;
  RawCase c = read_case(curve);
  if (curve.prepare != nullptr) curve.prepare(c);
  if (alteration != nullptr) alteration->apply(c);
  MemoryRecorder record;
  std::vector<std::vector<double>> rows;
  try {
    rows = run(curve, c, record);
  } catch (const std::exception& e) {
    distance.failure = e.what();
    return distance;
  }
  const auto reference = read_curve(curve_path(curve, curve.file));
  const int skipped = static_cast<int>(std::lround(-curve.first_s / 0.005));
  std::ifstream file(reference_path("psse/tolerances.csv"));
  for (std::string line; std::getline(file, line);) {
    const std::vector<std::string> cells = cells_of(line);
    if (cells.size() != 7 || cells[0] != std::string(curve.folder) + "/" + curve.file) continue;
    const auto column = std::find_if(curve.columns.begin(), curve.columns.end(),
                                     [&](const PsseColumn& k) { return k.name == cells[1]; });
    if (column == curve.columns.end()) continue;
    const int at = record.column(column->quantity, column->element);
    if (at < 0) throw std::runtime_error("nothing recorded for " + cells[1]);
    ColumnDistance d{cells[1], 0, 0, 0, std::stod(cells[5]), std::stod(cells[6])};
    std::size_t n = 0;
    for (; n < rows.size() && n + skipped < reference.size(); ++n) {
      const double t = 0.005 * static_cast<double>(n);
      const double e = std::abs((rows[n][at] - column->origin) * column->scale -
                                reference[n + skipped].at(column->position));
      double& largest = t > 0.9999 && t < 1.0501 ? d.inside : d.outside;
      largest = std::max(largest, e);
      d.rms += e * e;
    }
    d.rms = std::sqrt(d.rms / static_cast<double>(n));
    distance.columns.push_back(d);
  }
  return distance;
}

// ---- the curves

const std::vector<PsseCurve>& psse_curves() {
  static const std::vector<PsseColumn> angle{{"angle", 1, "machine.angle", "102-1"}};
  static const std::vector<PsseColumn> angle_and_voltage{{"angle", 1, "machine.angle", "102-1"},
                                                         {"V2", 2, "bus.voltage", "102"}};
  static const std::vector<PsseColumn> angle_and_field{{"angle", 1, "machine.angle", "102-1"},
                                                       {"Efd", 2, "machine.field_voltage", "102-1"}};
  static const std::vector<PsseColumn> field_and_voltage{{"Efd", 1, "machine.field_voltage", "102-1"},
                                                         {"V2", 2, "bus.voltage", "102"}};
  static const std::vector<PsseColumn> sexs{{"V2", 1, "bus.voltage", "102"},
                                            {"P13", 2, "branch.power", "101-103-1"},
                                            {"Q13", 3, "branch.reactive_power", "101-103-1"},
                                            {"P31", 4, "branch.power_to", "101-103-1"},
                                            {"Q31", 5, "branch.reactive_power_to", "101-103-1"},
                                            {"Efd", 6, "machine.field_voltage", "102-1"}};
  static const std::vector<PsseColumn> load{{"V2", 1, "bus.voltage", "102"},
                                            {"a2", 2, "bus.angle", "102"},
                                            {"V3", 3, "bus.voltage", "103"},
                                            {"a3", 4, "bus.angle", "103"}};
  static const std::vector<PsseColumn> hygov{{"V2", 1, "bus.voltage", "102"},
                                             {"angle", 2, "machine.angle", "102-1"},
                                             {"speed", 3, "machine.speed", "102-1", 1}};
  static const std::vector<PsseColumn> esst1a{{"V2", 1, "bus.voltage", "2"},
                                              {"V3", 2, "bus.voltage", "3"},
                                              {"w", 3, "machine.speed", "2-1"},
                                              {"Efd", 4, "machine.field_voltage", "2-1"}};
  constexpr double kPerUnit = 0.01;  // of 100 MVA
  static const std::vector<PsseColumn> several{{"P 1", 2, "machine.power", "101-1", 0, kPerUnit},
                                               {"SPD 1", 4, "machine.speed", "101-1", 1},
                                               {"P S", 22, "machine.power", "102-S", 0, kPerUnit},
                                               {"Q S", 23, "machine.reactive_power", "102-S", 0, kPerUnit},
                                               {"SPD SH", 34, "machine.speed", "102-SH", 1},
                                               {"P WG", 42, "machine.power", "102-WG", 0, kPerUnit},
                                               {"Q WG", 43, "machine.reactive_power", "102-WG", 0, kPerUnit},
                                               {"SPD WG", 44, "machine.speed", "102-WG", 1},
                                               {"IFD WG", 45, "machine.machine.Ifd", "102-WG"},
                                               {"V101", 46, "bus.voltage", "101"},
                                               {"V102", 48, "bus.voltage", "102"},
                                               {"V104", 52, "bus.voltage", "104"}};
  const char* const three = "ThreeBusMulti.raw";
  static const std::vector<Alteration> genrou{
      {"replaced by GENCLS", [](RawCase& c) { make_classical(c, "GENROU"); }},
      {"H + 10 %", [](RawCase& c) { scale(c, "GENROU", "H", 1.1); }},
      {"Xd + 10 %", [](RawCase& c) { scale(c, "GENROU", "Xd", 1.1); }}};
  static std::vector<Alteration> saturated = genrou;
  static const bool once = [] {
    saturated.push_back({"no saturation", [](RawCase& c) { scale(c, "GENROU", "S10", 0); }});
    saturated.push_back({"S(1.2) + 10 %", [](RawCase& c) { scale(c, "GENROU", "S12", 1.1); }});
    return true;
  }();
  static_cast<void>(once);
  static const std::vector<Alteration> current{
      {"replaced by impedance", [](RawCase& c) { to_impedance(c, 1); }},
      {"a tenth replaced by impedance", [](RawCase& c) { to_impedance(c, 0.1); }}};
  static const std::vector<Alteration> excitation{
      {"removed", [](RawCase& c) { remove(c, "ESAC1A"); }},
      {"KA + 10 %", [](RawCase& c) { scale(c, "ESAC1A", "KA", 1.1); }},
      {"TE + 10 %", [](RawCase& c) { scale(c, "ESAC1A", "TE", 1.1); }}};
  static const std::vector<Alteration> simple{{"removed", [](RawCase& c) { remove(c, "SEXS"); }},
                                              {"K + 10 %", [](RawCase& c) { scale(c, "SEXS", "K", 1.1); }}};
  static const std::vector<Alteration> stabilizer{
      {"removed", [](RawCase& c) { remove(c, "IEEEST"); }},
      {"KS + 10 %", [](RawCase& c) { scale(c, "IEEEST", "KS", 1.1); }}};
  static const char* const weak =
      "CONVENTIONS.md calls this curve weak; the governor is tested under a real swing on the ESST1A curve";
  static const std::vector<PsseCurve> all{
      {"Genrou", "GENROU", "GENROU", "TEST_GENROU.csv", three, "ThreeBus_GENROU.dyr", angle, saturated},
      {"GenrouHighSaturation", "GENROU", "GENROU", "TEST_GENROU_HIGH_SAT.csv", three,
       "ThreeBus_GENROU_HIGH_SAT.dyr", angle, saturated},
      {"GenrouNoSaturation", "GENROU", "GENROU", "TEST_GENROU_NO_SAT.csv", three,
       "ThreeBus_GENROU_NO_SAT.dyr", angle, genrou},
      {"Gensal",
       "GENSAL",
       "GENSAL",
       "TEST_GENSAL.csv",
       three,
       "ThreeBus_GENSAL.dyr",
       angle,
       {{"replaced by GENCLS", [](RawCase& c) { make_classical(c, "GENSAL"); }},
        {"H + 10 %", [](RawCase& c) { scale(c, "GENSAL", "H", 1.1); }},
        {"Xd + 10 %", [](RawCase& c) { scale(c, "GENSAL", "Xd", 1.1); }},
        {"no saturation", [](RawCase& c) { scale(c, "GENSAL", "S10", 0); }}}},
      {"ConstantCurrentLoad",
       "constant-current load",
       "LOAD",
       "constantcurrent.csv",
       three,
       "ThreeBus_GENROU.dyr",
       load,
       current,
       {0, 1, 0}},
      {"ConstantPowerLoad",
       "constant-power load",
       "LOAD",
       "constantpower.csv",
       three,
       "ThreeBus_GENROU.dyr",
       load,
       current,
       {0, 0, 1}},
      {"Sexs", "SEXS", "SEXS", "SEXS_RESULTS.csv", three, "ThreeBus_SEXS.dyr", sexs, simple},
      {"SexsWithoutTE", "SEXS", "SEXS", "SEXS_RESULTS_NoTE.csv", three, "ThreeBus_SEXS_noTE.dyr", sexs,
       simple},
      {"Esac1a", "ESAC1A", "AC1A", "TEST_ESAC1A.csv", three, "ThreeBus_ESAC1A.dyr", angle_and_voltage,
       excitation},
      {"Esac1aSaturated", "ESAC1A", "AC1A", "TEST_ESAC1A_SAT.csv", three, "ThreeBus_ESAC1A_SAT.dyr",
       angle_and_voltage, excitation},
      {"Ieeest", "IEEEST", "IEEEST", "IEEEST_SEXS_RESULTS_NOFILT.csv", three, "ThreeBus_IEEEST.dyr",
       field_and_voltage, stabilizer},
      {"IeeestWithFilter", "IEEEST", "IEEEST", "IEEEST_SEXS_RESULTS_FILT.csv", three,
       "ThreeBus_IEEEST_with_filter.dyr", field_and_voltage, stabilizer},
      {"Tgov1",
       "TGOV1",
       "TGOV1",
       "TEST_TGOV1.csv",
       three,
       "ThreeBus_TGOV1.dyr",
       angle_and_field,
       {{"removed", [](RawCase& c) { remove(c, "TGOV1"); }},
        {"R - 10 %", [](RawCase& c) { scale(c, "TGOV1", "R", 0.9); }}}},
      {"Gast",
       "GAST",
       "GAST",
       "GAST_TEST.csv",
       three,
       "ThreeBus_GAST.dyr",
       angle_and_field,
       {{"removed", [](RawCase& c) { remove(c, "GAST"); }},
        {"AT + 10 %", [](RawCase& c) { scale(c, "GAST", "AT", 1.1); }},
        {"R + 10 %", [](RawCase& c) { scale(c, "GAST", "R", 1.1); },
         "the temperature limit AT holds the fuel, so that the droop hardly acts"}}},
      {"Hygov",
       "HYGOV",
       "HYGOV",
       "HYGOV_RESULTS.csv",
       three,
       "ThreeBus_HYGOV.dyr",
       hygov,
       {{"removed", [](RawCase& c) { remove(c, "HYGOV"); }, weak},
        {"r + 10 %", [](RawCase& c) { scale(c, "HYGOV", "r", 1.1); }, weak}}},
      {"Esst1a",
       "ESST1A",
       "ESST1A",
       "results_PSSe.csv",
       "TVC_System_32.raw",
       "TVC_System.dyr",
       esst1a,
       {{"removed", [](RawCase& c) { remove(c, "ESST1A"); }},
        {"KA + 10 %", [](RawCase& c) { scale(c, "ESST1A", "KA", 1.1); }},
        {"TB + 10 %", [](RawCase& c) { scale(c, "ESST1A", "TB", 1.1); }},
        {"KC = 0", [](RawCase& c) { scale(c, "ESST1A", "KC", 0); }},
        {"HYGOV removed", [](RawCase& c) { remove(c, "HYGOV"); }},
        {"HYGOV r - 10 %", [](RawCase& c) { scale(c, "HYGOV", "r", 0.9); }}},
       {1, 0, 0},
       1,
       4,
       [](RawCase& c) {
         Part* const exciter = find_part(c, "EXST1");
         exciter->model = "ESST1A";
         exciter->parameters = {1,   1,   0.01, 5, -5, 14.14213562, 20,   14.14213562, 20,   200,
                                0.1, 6.3, 2.1,  6, 0,  0.5,         0.01, 0.01,        0.01, 2.8};
       }},
      {"SeveralMachines",
       "REGCA1 + REECB1 + REPCA1",
       "MultiGen",
       "line_trip_results.csv",
       "FourBusMulti.raw",
       "FourBus_multigen.dyr",
       several,
       {{"converters replaced by impedance", replace_converters},
        {"REPCA1 Ki + 10 %", [](RawCase& c) { scale(c, "REPCA1", "Ki", 1.1); },
         "CONVENTIONS.md: this curve tests the converters near steady state only"},
        {"IEEEST removed", [](RawCase& c) { remove(c, "IEEEST"); }},
        {"GENROU H + 10 %", [](RawCase& c) { scale(c, "GENROU", "H", 1.1); }}},
       {1, 0, 0},
       101,
       103,
       share_reactive_power_as_written,
       -0.01},
  };
  return all;
}

}  // namespace ballast::testing
