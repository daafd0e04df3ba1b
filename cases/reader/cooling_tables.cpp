/// How the heat of a data center leaves it: [datacenter.cooling] and its motors, drives and chillers.
#include <fmt/format.h>

#include <cmath>
#include <set>

#include "cases/reader/campus_tables.hpp"
#include "cases/reader/handbook.hpp"
#include "models/datacenter/chiller.hpp"
#include "models/datacenter/cooling_drive.hpp"
#include "models/datacenter/cooling_total.hpp"

namespace ballast {
namespace {

/// What a group of pumps or fans moves.
struct Mover {
  std::size_t part;  ///< in Cooling::parts
  std::size_t key;   ///< place of the share among its parameters
  double power_MW;
  bool circulates;  ///< the coolant; else it rejects heat
};

class CoolingReader {
 public:
  CoolingReader(Section& table, const std::string& name, double it_power_MW, Workload& workload,
                Reading& reading)
      : table_(table),
        name_(name),
        it_power_MW_(it_power_MW),
        workload_(workload),
        reading_(reading),
        before_(reading.problems.errors().size()) {}

  Cooling read() {
    kind_ = table_.choice("kind", coolant_kinds(), "what carries the heat of the racks");
    read_chillers();
    read_movers("motors", "COOLMOTOR", cooling_motor_defaults());
    read_movers("drives", "COOLDRIVE", cooling_drive_defaults());
    std::vector<double> beside;
    for (const bool circulates : {true, false})
      beside.push_back(share_out(circulates, circulates ? "circulation" : "rejection"));
    Part coolant = make_part("COOLANT", "coolant",
                             read_parameters(table_, *find_model("COOLANT"), reading_, name_ + ".coolant",
                                             coolant_defaults(kind_)),
                             it_power_MW_, table_.place());
    table_.finish();
    if (cooling_.parts.size() > CoolingTotal::kBlocks)
      table_.problem("kind",
                     fmt::format("the cooling of {} has {} blocks, at most {} are possible", name_,
                                 cooling_.parts.size(), static_cast<int>(CoolingTotal::kBlocks)),
                     "join blocks that behave alike");
    if (reading_.problems.errors().size() > before_) return {};
    add_total(beside);
    coolant.wires = {
        {"P_req", workload_.P_it}, {"Q_cool", "cooling.Q_cool"}, {"circulation", "cooling.circulation"}};
    workload_.P_it = "coolant.P_it";
    workload_.parts.push_back(std::move(coolant));
    return std::move(cooling_);
  }

 private:
  Section& table_;
  const std::string& name_;
  double it_power_MW_;
  Workload& workload_;
  Reading& reading_;
  std::size_t before_;
  std::string kind_;
  Cooling cooling_;
  std::vector<Mover> movers_;
  std::set<std::string> names_{"cooling", "coolant"};

  std::string block_name(Section& entry, const std::string& fallback) {
    std::string name = entry.text_if("name").value_or(fallback);
    if (name.empty() || name.find_first_of("./* ") != std::string::npos)
      entry.problem("name", fmt::format("'{}' is no name of a block", name), "use letters, digits and '-'");
    if (!names_.insert(name).second)
      entry.problem("name", fmt::format("another block of the cooling of {} is called '{}'", name_, name),
                    "give each its own name");
    return name;
  }

  void add(Part part, std::complex<double> rest_MVA) {
    part.P_MW = -rest_MVA.real();
    part.Q_Mvar = -rest_MVA.imag();
    cooling_.rest_MVA += rest_MVA;
    cooling_.parts.push_back(std::move(part));
  }

  void read_chillers() {
    std::vector<Section> tables = table_.sections("chillers");
    if (tables.empty())
      table_.missing("chillers", "what takes the heat out of the water",
                     "add chillers = [ { kind = \"water-cooled\", capacity_MW = ... } ]");
    std::vector<double> capacity;
    double all = 0;
    for (Section& entry : tables) {
      capacity.push_back(entry.number("capacity_MW", {"MW", positive()}, "heat they can remove"));
      all += capacity.back();
    }
    double shares = 0;
    for (std::size_t k = 0; k < tables.size(); ++k) {
      Section& entry = tables[k];
      entry.relabel(fmt::format("chillers {} of '{}'", k + 1, name_));
      const std::string kind = entry.choice("kind", chiller_kinds(), "kind of chiller");
      const std::string name = block_name(
          entry, tables.size() == 1 ? "chillers"
                                    : fmt::format("{}-{}", kind == "mobile" ? "mobile" : "chillers", k + 1));
      std::vector<HandbookDefault> defaults = chiller_defaults(kind, kind_);
      defaults.push_back({"heat_share", capacity[k] / all, "by capacity"});
      Part part =
          make_part("CHILLER", name.c_str(),
                    read_parameters(entry, *find_model("CHILLER"), reading_, name_ + "." + name, defaults),
                    capacity[k], entry.place());
      entry.finish();
      part.wires = {{"rejection", "cooling.rejection"}, {"T_water", "coolant.T_water"}};
      shares += part.parameters[Chiller::HEAT_SHARE];
      const auto d = Chiller::derive(part.parameters.data(), ratings(capacity[k]));
      const double P = Chiller::rest_power_MW(d, it_power_MW_ * workload_.rest_level);
      add(std::move(part), {P, P * Chiller::rest_tangent(d)});
    }
    if (!tables.empty() && std::abs(shares - 1) > 1e-9)
      table_.problem("chillers",
                     fmt::format("the heat_share of the chillers of {} add up to {:g}", name_, shares),
                     "let them add up to 1, or leave them all out");
  }

  /// Groups of motors or drives.
  void read_movers(const char* key, const char* model, const std::vector<HandbookDefault>& defaults) {
    const bool motors = std::string_view(key) == "motors";
    std::vector<Section> tables = table_.sections(key);
    for (std::size_t k = 0; k < tables.size(); ++k) {
      Section& entry = tables[k];
      entry.relabel(fmt::format("{} {} of '{}'", key, k + 1, name_));
      const std::string name = block_name(entry, tables.size() == 1 ? key : fmt::format("{}-{}", key, k + 1));
      const double power_MW = entry.number("power_MW", {"MW", positive()}, "power drawn at rest");
      const std::string duty = entry.choice("duty", {"circulation", "rejection", "other"},
                                            "what they move: the coolant, or heat away from the chillers");
      const double loading =
          motors ? entry.number_if("loading", {"", within(0.1, 1.2)}).value_or(kLoading) : 1;
      const double factor =
          motors ? entry.number_if("power_factor", {"", within(0.5, 1)}).value_or(kFactor) : 1;
      if (motors && !entry.has("loading")) assume(name, "loading", kLoading);
      if (motors && !entry.has("power_factor")) assume(name, "power_factor", kFactor);
      const int blocks = entry.whole_if("blocks", 1, CoolingTotal::kBlocks).value_or(1);
      const double stagger_s = entry.number_if("stagger_s", {"s", not_negative()}).value_or(0);
      const std::vector<double> parameters =
          read_parameters(entry, *find_model(model), reading_, name_ + "." + name, defaults,
                          {{"circulation", 0}, {"rejection", 0}});  // share_out() says
      entry.finish();
      for (int b = 0; b < blocks; ++b) {
        const double each = power_MW / blocks;
        Part part = make_part(model, blocks == 1 ? name.c_str() : fmt::format("{}-{}", name, b + 1).c_str(),
                              parameters, each / loading, entry.place());
        part.parameters[place_of(model, "restart_s")] += b * stagger_s;
        if (duty != "other")
          movers_.push_back({cooling_.parts.size(), place_of(model, duty), each, duty == "circulation"});
        const double tangent =
            motors ? std::sqrt(1 - factor * factor) / factor
                   : CoolingDrive::rest_tangent(CoolingDrive::derive(parameters.data(), ratings(each)));
        add(std::move(part), {each, each * tangent});
      }
    }
  }

  /// Gives every mover its share of the flow; returns what moves beside them.
  double share_out(bool circulates, const std::string& what) {
    double sum = 0;
    for (const Mover& m : movers_)
      if (m.circulates == circulates) sum += m.power_MW;
    const std::string key = what + "_beside";
    const double beside = table_.number_if(key, {"", within(0, 1)}).value_or(sum > 0 ? 0.0 : 1.0);
    if (sum == 0 && beside < 1)
      table_.problem(key,
                     fmt::format("nothing gives the other {:g} of the {} of {}", 1 - beside, what, name_),
                     fmt::format("give motors or drives the duty \"{}\"", what));
    for (const Mover& m : movers_)
      if (m.circulates == circulates)
        cooling_.parts[m.part].parameters[m.key] = (1 - beside) * m.power_MW / sum;
    return beside;
  }

  void add_total(const std::vector<double>& beside) {
    Part total = make_part("COOLTOTAL", "cooling", beside, it_power_MW_, table_.place());
    int block = 0;
    for (const Part& part : cooling_.parts) {
      ++block;
      for (const OutputInfo& output : find_model(part.model)->outputs)
        for (const std::string_view summed : {"circulation", "rejection", "Q_cool", "P_load"})
          if (summed == output.name)
            total.wires.emplace_back(fmt::format("{}_{}", summed, block),
                                     fmt::format("{}.{}", part.name, summed));
    }
    cooling_.parts.push_back(std::move(total));
  }

  static constexpr double kLoading = 0.75;
  static constexpr double kFactor = 0.9;
  void assume(const std::string& block, const char* parameter, double value) {
    const bool loading = std::string_view(parameter) == "loading";
    reading_.result.assumed.push_back(
        {name_ + "." + block, parameter, value, "",
         loading ? "PNNL data-center set, CMLD motor B" : "compensated; common practice, from memory"});
  }
  [[nodiscard]] Ratings ratings(double MVA) const {
    const Network& network = reading_.result.network;
    return {MVA, network.base_MVA, network.frequency_Hz};
  }
  static std::size_t place_of(const char* model, std::string_view parameter) {
    const auto& all = find_model(model)->parameters;
    std::size_t k = 0;
    while (parameter != all[k].name) ++k;
    return k;
  }
};

}  // namespace

Cooling read_cooling(Section& section, const std::string& name, double it_power_MW, Workload& workload,
                     Reading& reading) {
  auto table = section.section_if("cooling");
  if (!table) return {};
  table->relabel(fmt::format("cooling of '{}'", name));
  return CoolingReader(*table, name, it_power_MW, workload, reading).read();
}

void heat_from(const std::string& supply, std::vector<Part>& parts) {
  for (Part& part : parts)
    if (part.model == "CHILLER" || part.model == "COOLANT")
      part.wires.emplace_back("heat", supply + ".P_served_MW");
}

}  // namespace ballast
