/// What stands between the grid and the IT load: [datacenter.ups] or several [[datacenter.ups]], and the
/// generators behind it, [datacenter.genset].
#include <fmt/format.h>

#include <cmath>
#include <map>
#include <set>

#include "cases/reader/campus_tables.hpp"
#include "cases/reader/handbook.hpp"
#include "cases/reader/supply_cohorts.hpp"
#include "models/datacenter/block_total.hpp"
#include "models/datacenter/psu.hpp"
#include "models/datacenter/ups.hpp"

namespace ballast {
namespace {

constexpr const char* kDcBus = "dc-800V";

class SupplyReader {
 public:
  SupplyReader(Section& section, const std::string& name, double it_power_MW, const Workload& workload,
               Reading& reading)
      : section_(section),
        name_(name),
        it_power_MW_(it_power_MW),
        workload_(workload),
        reading_(reading),
        before_(reading.problems.errors().size()) {}

  Supply read() {
    read_genset();
    const TomlValue* given = section_.find("ups");
    if (given == nullptr) {
      section_.missing("ups", "what stands between grid and IT load",
                       "add ups = { kind = \"double-conversion\" }");
      return {};
    }
    if (given->kind == TomlValue::Kind::LIST) {
      std::vector<Section> entries = section_.sections("ups");
      for (std::size_t k = 0; k < entries.size(); ++k)
        read_entry(entries[k], fmt::format("ups-{}", k + 1), entries.size());
    } else if (auto table = section_.section_if("ups")) {
      read_entry(*table, "ups", 1);
    }
    if (supply_.parts.empty() || reading_.problems.errors().size() > before_) return {};
    check_shares();
    add_totals();
    add_meter();
    if (has_genset_) supply_.parts.push_back(std::move(genset_));
    if (has_genset_) wire_genset();
    return std::move(supply_);
  }

 private:
  Section& section_;
  const std::string& name_;
  double it_power_MW_;
  const Workload& workload_;
  Reading& reading_;
  std::size_t before_;
  Supply supply_;
  std::vector<std::string> blocks_;  ///< names of the parts that draw power
  std::set<std::string> names_;
  std::map<double, std::string> workload_of_phase_;  ///< part, by phase_s
  double share_ = 0;                                 ///< of all entries so far
  bool scattered_ = false;                           ///< more than one block
  bool metered_ = false;                             ///< a block looks at the frequency
  std::set<std::string> backed_up_;                  ///< blocks that can draw from generators
  bool has_genset_ = false;
  Part genset_;
  double sequence_s_ = 0;  ///< between the blocks that the gensets pick up

  void read_entry(Section& table, const std::string& fallback, std::size_t entries) {
    SupplyBlock whole;
    whole.name = table.text_if("name").value_or(fallback);
    if (!names_.insert(whole.name).second)
      table.problem("name", fmt::format("another block of {} is called '{}'", name_, whole.name),
                    "give each its own name");
    whole.share = table.number_if("share", {"", {0, 1, true}}).value_or(1.0 / static_cast<double>(entries));
    whole.phase_s = table.number_if("phase_s", {"s", not_negative()}).value_or(0);
    const std::string kind = table.choice("kind", kinds(), "kind of UPS; rack-psu or dc-800V without one");
    const bool dc = kind == kDcBus;
    const bool psu = dc || kind == "rack-psu";
    const ModelInfo& model = *find_model(psu ? "PSU" : "UPS");
    std::vector<HandbookDefault> defaults =
        dc    ? dc_bus_defaults()
        : psu ? psu_defaults(table.has("curve") ? table.choice("curve", {"itic", "semi-f47", "none"}, "")
                                                : "itic")
              : ups_defaults(kind);
    if (has_genset_)
      for (HandbookDefault& d : defaults)
        if (std::string_view(d.parameter) == "backup_start_s")
          d = {d.parameter, kInfinity, "the genset says when"};
    const std::string device = name_ + "." + whole.name;
    auto cohorts = table.section_if("cohorts");
    std::map<std::string, double> drawn;
    if (cohorts)
      for (const std::string& parameter : drawn_parameters(*cohorts, model)) {
        drawn[parameter] = kUnknown;
        if (table.find(parameter) != nullptr)
          table.problem(parameter, fmt::format("{} is given and drawn by the cohorts too", parameter),
                        "leave one of them out");
      }
    std::map<std::string, double> derived = drawn;
    if (dc && !derived.contains("efficiency") && table.find("efficiency") == nullptr)
      derived["efficiency"] = two_stages(table, device);
    limit_reconnection(table, psu ? "restart_ramp_s" : "walk_in_ramp_s", device, derived);
    whole.parameters = read_parameters(table, model, reading_, device, defaults, derived);
    table.finish();
    share_ += whole.share;
    scattered_ = scattered_ || cohorts || entries > 1;
    if (cohorts) cohorts->relabel(fmt::format("cohorts of {}", device));
    const std::vector<SupplyBlock> blocks =
        cohorts ? read_cohorts(*cohorts, model, whole, device, reading_) : std::vector{whole};
    for (const SupplyBlock& block : blocks) {
      const std::size_t found = reading_.problems.errors().size();
      if (psu)
        add<Psu>(block, whole.name, table);
      else
        add<Ups>(block, whole.name, table);
      if (reading_.problems.errors().size() > found) break;  // the next thousand have it too
    }
  }

  /// Efficiency from the grid to the IT load over a DC bus: the rectifier's times that of the racks'
  /// converters.
  double two_stages(Section& table, const std::string& device) {
    const auto stage = [&](const char* key, double value, const char* source) {
      if (const auto given = table.number_if(key, {"", within(0.5, 1)})) return *given;
      reading_.result.assumed.push_back({device, key, value, "", source});
      return value;
    };
    return stage("rectifier_efficiency", 0.985, "secondary: memo on rack buffers, 98.5 %") *
           stage("rack_converter_efficiency", 0.975, "800 V to the chips' supply; from memory");
  }

  /// The ramp with which all blocks together come back no faster than reconnect_MW_per_min.
  void limit_reconnection(Section& table, const char* ramp, const std::string& device,
                          std::map<std::string, double>& derived) {
    const auto rate = table.number_if("reconnect_MW_per_min", {"MW/min", positive()});
    if (!rate) return;
    const double ramp_s = 60 * it_power_MW_ / *rate;
    if (table.has(ramp) || derived.contains(ramp) || !within(0.01, 3600).contains(ramp_s)) {
      table.problem("reconnect_MW_per_min",
                    fmt::format("{} MW/min is a ramp of {:g} s, which {} cannot have", *rate, ramp_s, device),
                    fmt::format("give either it or {}, at most 3600 s", ramp));
      return;
    }
    derived[ramp] = ramp_s;
    reading_.result.assumed.push_back({device, ramp, ramp_s, "s", "from reconnect_MW_per_min"});
  }

  static std::vector<std::string> kinds() {
    std::vector<std::string> all = ups_kinds();
    all.emplace_back("rack-psu");
    all.emplace_back(kDcBus);
    return all;
  }

  template <class Model>
  void add(SupplyBlock block, const std::string& family, const Section& table) {
    const double rating = it_power_MW_ * block.share;
    const Network& network = reading_.result.network;
    const Ratings ratings{rating, network.base_MVA, network.frequency_Hz};
    if constexpr (std::is_same_v<Model, Ups>) {
      block.parameters[Ups::BACKUP_DELAY_S] += sequence_s_ * static_cast<double>(blocks_.size());
      metered_ = metered_ || std::isfinite(block.parameters[Ups::FREQUENCY_WINDOW]) ||
                 std::isfinite(block.parameters[Ups::ROCOF_LIMIT]);
      backed_up_.insert(block.name);
    }
    Part part =
        make_part(ModelName<Model>::value, block.name.c_str(), block.parameters, rating, table.place());
    (void)check_settings<Model>(table, part.parameters, ratings, workload_.rest_level);
    const auto d = Model::derive(part.parameters.data(), ratings);
    const std::complex<double> rest_MVA =
        rating * std::complex<double>(Model::rest_power(d, workload_.rest_level),
                                      Model::rest_reactive_power(d, workload_.rest_level));
    supply_.rest_MVA += rest_MVA;
    part.P_MW = -rest_MVA.real();
    part.Q_Mvar = -rest_MVA.imag();
    if (scattered_) part.family = family;
    if (block.phase_s > 0) part.wires.emplace_back("P_it", workload_at(block.phase_s, table) + ".P_it");
    blocks_.push_back(block.name);
    supply_.parts.push_back(std::move(part));
  }

  /// The part that gives the workload `phase_s` later: a copy of the job that starts later.
  std::string workload_at(double phase_s, const Section& table) {
    const auto [found, is_new] =
        workload_of_phase_.try_emplace(phase_s, fmt::format("workload-{}", workload_of_phase_.size() + 2));
    if (!is_new) return found->second;
    if (workload_.parts.empty()) return found->second;  // it had problems
    Part copy = workload_.parts.front();
    const ModelInfo& model = *find_model(copy.model);
    const auto start =
        std::find_if(model.parameters.begin(), model.parameters.end(),
                     [](const ParameterInfo& p) { return std::string_view(p.name) == "start_s"; });
    if (workload_.parts.size() > 1 || start == model.parameters.end()) {
      table.problems().add(
          table.place().text(),
          fmt::format("{} gives its blocks a phase_s, but its workload is no single job with a "
                      "start_s",
                      name_),
          "use one job without smoothing, or leave phase_s out");
      return found->second;
    }
    copy.parameters[start - model.parameters.begin()] += phase_s;
    copy.name = found->second;
    copy.family = "workload";
    supply_.parts.insert(supply_.parts.begin(), std::move(copy));
    return found->second;
  }

  void check_shares() {
    if (std::abs(share_ - 1) > 1e-6)
      section_.problem("ups", fmt::format("the shares of the UPS of {} add up to {:g}", name_, share_),
                       "give shares that add up to 1");
  }

  /// Sums over the blocks, by as many layers of totals as it takes.
  void add_totals() {
    std::vector<std::string> open = blocks_;
    for (int layer = 1; open.size() > 1; ++layer) {
      std::vector<std::string> next;
      const std::size_t sums = (open.size() + BlockTotal::kBlocks - 1) / BlockTotal::kBlocks;
      for (std::size_t s = 0; s < sums; ++s) {
        Part total = make_part("TOTAL", "total", {}, it_power_MW_, section_.place());
        if (sums > 1) {
          total.name = fmt::format("total-{}-{}", layer, s + 1);
          total.family = "subtotal";
        }
        const std::size_t first = s * BlockTotal::kBlocks;
        for (std::size_t k = first; k < std::min(open.size(), first + BlockTotal::kBlocks); ++k)
          for (const char* quantity : {"P_load", "P_off", "P_served_MW", "P_backup"}) {
            const std::string_view name = quantity;
            if (name == "P_backup" && layer == 1 && !backed_up_.contains(open[k])) continue;
            total.wires.emplace_back(
                fmt::format("{}_{}", name == "P_served_MW" ? "P_served" : name, k - first + 1),
                fmt::format("{}.{}", open[k], quantity));
          }
        next.push_back(total.name);
        supply_.parts.push_back(std::move(total));
      }
      open = next;
    }
    supply_.total = open.front();
  }

  /// Frequency and its rate of change, where a UPS looks at them.
  void add_meter() {
    if (metered_) supply_.parts.push_back(frequency_meter(name_, it_power_MW_, section_.place(), reading_));
  }

  void read_genset() {
    auto table = section_.section_if("genset");
    if (!table) return;
    has_genset_ = true;
    const double power = table->number("power_MW", {"MW", positive()}, "rated power of all together");
    sequence_s_ = table->number_if("sequence_s", {"s", not_negative()}).value_or(0);
    const std::string kind = table->choice("kind", genset_kinds(), "diesel or gas");
    genset_ = make_part(
        "GENSET", "genset",
        read_parameters(*table, *find_model("GENSET"), reading_, name_ + ".genset", genset_defaults(kind)),
        power, table->place());
    table->finish();
  }
  void wire_genset() {
    const bool any = blocks_.size() > 1 || backed_up_.contains(blocks_.front());
    if (!any || backed_up_.empty())
      return section_.problem("genset", fmt::format("no UPS of {} could take a generator", name_),
                              "give it a UPS, or remove the genset");
    Part& genset = supply_.parts.back();
    genset.wires.emplace_back("P_off", supply_.total + ".P_off");
    genset.wires.emplace_back("P_backup", supply_.total + ".P_backup");
  }
};

}  // namespace

Part frequency_meter(const std::string& name, double MVA, const Place& place, Reading& reading) {
  std::vector<double> parameters;
  for (const HandbookDefault& d : meter_defaults()) {
    parameters.push_back(d.value);
    reading.result.assumed.push_back({name + ".meter", d.parameter, d.value, "", d.source});
  }
  return make_part("BUSFREQ", "meter", parameters, MVA, place);
}

Supply read_supply(Section& section, const std::string& name, double it_power_MW, const Workload& workload,
                   Reading& reading) {
  return SupplyReader(section, name, it_power_MW, workload, reading).read();
}

}  // namespace ballast
