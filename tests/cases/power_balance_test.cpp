/// Power and energy from the accelerators to the grid, put together from the record alone: what the meter
/// shows is IT power, losses, cooling and what is stored. The formulas here are written anew; of the models
/// they know the parameters.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <map>

#include "models/registry.hpp"
#include "tests/cases/recorded.hpp"

namespace ballast {
namespace {

using testing::recorded;
using testing::run_in_memory;
using Series = std::vector<double>;

/// The whole chain in one campus: three jobs, smoothing, storage in the rack, UPS cohorts, rack supplies with
/// batteries, power racks on a DC bus, cooling, a battery, its own transformer; and a dip that sends the UPS
/// to their batteries and back.
constexpr const char* kChain = R"([case]
title = "chain"
[network]
frequency_Hz = 60
base_MVA = 100
[[bus]]
number = 1
base_kV = 138
slack = true
[[bus]]
number = 2
base_kV = 138
[[line]]
from = 1
to = 2
R = 0.005
X = 0.08
B = 0.02
[[generator]]
bus = 1
Vset = 1.04
base_MVA = 100
machine = {{ model = "GENCLS", H = 0, D = 0, Ra = 0, Xdp = 0.001 }}
[[datacenter]]
name = "C"
bus = 2
it_power_MW = 100
connection = {{ bus = 3, base_kV = 34.5, transformer = {{ R = 0.004, X = 0.08, base_MVA = 150 }} }}
non_it = {{ power_MW = 9, power_factor = 0.95, active = {{ impedance = 0.2, current = 0.3, power = 0.5 }}, reactive = {{ impedance = 1, current = 0, power = 0 }} }}
[[datacenter.job]]
name = "big"
share = 0.6
workload = {{ kind = "training", phase = "locked", start_s = 1, warm_up_s = 3, jitter = 0 }}
smoothing = {{ kind = "gpu", preset = "floor-70" }}
storage = [ {{ kind = "psu-capacitor", accelerator_W = 1667 }} ]
[[datacenter.job]]
name = "small"
share = 0.3
workload = {{ kind = "fine-tuning", phase = "locked", start_s = 2, warm_up_s = 3, iteration_s = 1.1 }}
storage = [ {{ kind = "capacitor-shelf" }} ]
[[datacenter.job]]
name = "rest"
share = 0.1
workload = {{ kind = "constant", level = 0.9 }}
[[datacenter.ups]]
name = "ups"
kind = "double-conversion"
share = 0.6
qualify_s = 1
walk_in_delay_s = 0.5
walk_in_ramp_s = 2
recharge_power = 0.1
[datacenter.ups.cohorts]
count = 4
seed = 1
shares = {{ kind = "uniform", low = 0.5, high = 1.5 }}
V_low_transfer = {{ kind = "uniform", low = 0.74, high = 0.88 }}
battery_s = {{ kind = "uniform", low = 5, high = 300 }}
[[datacenter.ups]]
name = "psu"
kind = "rack-psu"
share = 0.25
current_limit = 1.05
bbu_s = 240
[[datacenter.ups]]
name = "dc"
kind = "dc-800V"
share = 0.15
current_limit = 1.1
hold_up_s = 0.05
[[datacenter.bess]]
name = "battery"
power_MW = 60
energy_MWh = 1
control = ["smoothing"]
smoothing_s = 20
[[event]]
at_s = 8
fault = {{ bus = 2, residual_voltage_pu = 0.78, duration_s = 0.06 }}
[simulation]
until_s = 14
relative_tolerance = {0:g}
max_step_s = 0.002
[output]
step_s = 0.002
record = ["bus.*", "branch.*", "datacenter.*", "datacenter.*/*", "bess.*"]
)";

/// The parameters of a part by name.
struct Settings {
  const Part* part;
  double operator[](std::string_view name) const {
    const ModelInfo& model = *find_model(part->model);
    for (std::size_t k = 0; k < model.parameters.size(); ++k)
      if (name == model.parameters[k].name) return part->parameters[k];
    ADD_FAILURE() << part->model << " has no " << name;
    return 0;
  }
};

/// Where the power of a campus goes, MW at each sample.
struct Balance {
  std::map<std::string, Series> flows;  ///< by what becomes of it: "IT", "losses", "cooling", "storage"
  std::map<std::string, double> energy_from_state;  ///< MW s kept at the end, by the state of charge; by part
  std::map<std::string, Series> stored;             ///< power that is kept; by part

  void add(const std::string& kind, const Series& power) {
    Series& sum = flows.try_emplace(kind, Series(power.size())).first->second;
    for (std::size_t k = 0; k < power.size(); ++k) sum[k] += power[k];
  }
};

/// Element by element.
template <class F>
Series each(std::size_t samples, F&& f) {
  Series values(samples);
  for (std::size_t k = 0; k < samples; ++k) values[k] = f(k);
  return values;
}

double kept(double power, double charge, double discharge) {
  return power > 0 ? power * charge : power / discharge;
}

class Campus {
 public:
  Campus(const Case& c, const Record& r) : record_(r), n_(r.samples()), plants_(c.plants) {
    for (const Plant& plant : c.plants)
      if (plant.kind == "datacenter")
        for (const Part& part : plant.parts) take(part);
    // Cooling that has models of its own adds a line here.
    balance.add("cooling", non_it({0.2, 0.3, 0.5}, 9));
    take_battery();
    behind_transformer = transformer_loss(0.004 * 100 / 150, 0.08 * 100 / 150);
  }
  Balance balance;
  Series behind_transformer;  ///< its loss: what the meter at the grid shows beyond that at the campus

 private:
  const Record& record_;
  std::size_t n_;
  const std::vector<Plant>& plants_;

  [[nodiscard]] Series get(const std::string& quantity, const std::string& element = "C") const {
    return recorded(record_, quantity, element);
  }

  void take(const Part& part) {
    const Settings p{&part};
    if (part.model == "JOBMIX") return take_jobs(part);
    if (part.model == "RACKSTORE") return take_rack_storage(part, p);
    if (part.model == "UPS") return take_ups(part, p);
    if (part.model == "PSU") return take_psu(part, p);
  }
  /// What the accelerators turn into heat: the power of each job behind its smoothing, before any storage.
  void take_jobs(const Part& mix) {
    const std::map<std::string, std::string> source{
        {"big", "big-smoothing"}, {"small", "small"}, {"rest", "rest"}};
    int j = 0;
    for (const char* job : {"big", "small", "rest"}) {
      const Series P = get(fmt::format("datacenter.{}.P_it", source.at(job)));
      const double MW = 100 * mix.parameters[j++];
      balance.add("IT", each(n_, [&](std::size_t k) { return MW * P[k]; }));
    }
  }
  void keep(const std::string& name, const Series& power, double state_MWs) {
    balance.add("storage", power);
    balance.stored[name] = power;
    balance.energy_from_state[name] = state_MWs;
  }
  void take_rack_storage(const Part& part, const Settings& p) {
    const std::string name = "datacenter." + part.name;
    const Series into = get(name + ".P_storage");
    const Series soc = get(name + ".soc");
    const Series stays = each(n_, [&](std::size_t k) {
      return part.base_MVA * kept(into[k], p["charge_efficiency"], p["discharge_efficiency"]);
    });
    keep(part.name, stays, (soc.back() - soc.front()) * p["energy_s"] * part.base_MVA);
    balance.add("losses", each(n_, [&](std::size_t k) { return part.base_MVA * into[k] - stays[k]; }));
  }
  /// Converter on what comes from the grid, charging on the part that the battery takes.
  void take_ups(const Part& part, const Settings& p) {
    const std::string name = "datacenter." + part.family;
    const std::string block = "C/" + part.name;
    const Series load = get(name + ".P_load", block);
    const Series off = get(name + ".P_off", block);
    const Series served = get(name + ".P_served_MW", block);
    const Series battery = get(name + ".battery_power", block);
    const Series soc = get(name + ".soc", block);
    const double MW = part.base_MVA;
    keep(part.name, each(n_, [&](std::size_t k) { return -MW * battery[k]; }),
         (soc.back() - soc.front()) * p["battery_s"] * MW);
    const double efficiency = p["efficiency"];
    balance.add("losses", each(n_, [&](std::size_t k) {
                  const double share = 1 - off[k] / served[k];
                  const double recharge =
                      share * MW *
                      std::min(p["recharge_power"], (1 - soc[k]) * p["recharge_power"] / p["recharge_taper"]);
                  return (1 - efficiency) * load[k] + efficiency * (1 - p["charge_efficiency"]) * recharge;
                }));
  }
  /// Rectifier on what goes to load and capacitors, charging on what the rack batteries take.
  void take_psu(const Part& part, const Settings& p) {
    const std::string name = "datacenter." + part.family;
    const std::string block = "C/" + part.name;
    const Series load = get(name + ".P_load", block);
    const Series hold_up = get(name + ".P_hold_up", block);
    const Series soc = get(name + ".soc", block);
    const Series bbu = get(name + ".P_bbu", block);
    const Series bbu_soc = get(name + ".soc_bbu", block);
    const double MW = part.base_MVA;
    const double efficiency = p["efficiency"];
    const double charge = efficiency * p["bbu_charge_efficiency"];
    const Series charging = each(n_, [&](std::size_t k) {
      const double most = p["bbu_recharge_power"];
      return p["bbu_s"] > 0 && load[k] > 0
                 ? MW * std::min(most, (1 - bbu_soc[k]) * most / p["recharge_taper"])
                 : 0;
    });
    keep(
        part.name, each(n_, [&](std::size_t k) { return charge * charging[k] - MW * (hold_up[k] + bbu[k]); }),
        ((soc.back() - soc.front()) * p["hold_up_s"] + (bbu_soc.back() - bbu_soc.front()) * p["bbu_s"]) * MW);
    balance.add("losses", each(n_, [&](std::size_t k) {
                  return (1 - efficiency) * (load[k] - charging[k]) + (1 - charge) * charging[k];
                }));
  }
  [[nodiscard]] Series non_it(const std::array<double, 3>& shares, double MW) const {
    const Series V = get("bus.voltage", "3");
    return each(n_, [&](std::size_t k) {
      const double v = V[k] / V[0];
      return MW * (shares[0] * v * v + shares[1] * v + shares[2]);
    });
  }
  void take_battery() {
    for (const Plant& plant : plants_) {
      if (plant.kind != "bess") continue;
      const Part& part = plant.parts.back();
      const Settings p{&part};
      const Series given = get("bess.power", plant.name);
      const Series soc = get("bess.battery.soc", plant.name);
      const Series stays = each(n_, [&](std::size_t k) {
        return kept(-given[k], p["charge_efficiency"], p["discharge_efficiency"]);
      });
      keep(plant.name, stays, (soc.back() - soc.front()) * p["energy_h"] * part.base_MVA * 3600);
      balance.add("losses", each(n_, [&](std::size_t k) { return -given[k] - stays[k]; }));
    }
  }
  /// Copper loss from the voltages at both ends.
  [[nodiscard]] Series transformer_loss(double R, double X) const {
    const Series V2 = get("bus.voltage", "2"), a2 = get("bus.angle", "2");
    const Series V3 = get("bus.voltage", "3"), a3 = get("bus.angle", "3");
    const double degree = std::acos(-1.0) / 180;
    return each(n_, [&](std::size_t k) {
      const std::complex<double> dV = std::polar(V2[k], a2[k] * degree) - std::polar(V3[k], a3[k] * degree);
      return 100 * R * std::norm(dV / std::complex<double>(R, X));
    });
  }
};

/// Trapezoidal rule; nothing is added over an instant with a sample before and after an event.
double integral(const Series& t, const Series& x) {
  double sum = 0;
  for (std::size_t k = 1; k < t.size(); ++k) sum += 0.5 * (t[k] - t[k - 1]) * (x[k] + x[k - 1]);
  return sum;
}

class PowerBalance : public ::testing::TestWithParam<double> {};

/// Largest difference of a meter and of the sum of all flows (and `more`), of the rating.
double worst_difference(const Series& meter, const Balance& balance, const Series& more) {
  double worst = 0;
  for (std::size_t k = 0; k < meter.size(); ++k) {
    double sum = more[k];
    for (const auto& [kind, power] : balance.flows) sum += power[k];
    worst = std::max(worst, std::abs(meter[k] - sum) / 100);
  }
  return worst;
}

TEST_P(PowerBalance, TheMeterShowsWhatIsBurntLostCooledAndStored) {
  const double tolerance = GetParam();
  const Case c = read_case_text(fmt::format(fmt::runtime(kChain), tolerance), "chain.toml");
  const Record record = run_in_memory(c);
  const Series campus = recorded(record, "datacenter.power", "C");
  const Series battery = recorded(record, "bess.power", "battery");
  const Series meter = each(campus.size(), [&](std::size_t k) { return campus[k] - battery[k]; });
  const Series grid_meter = recorded(record, "branch.power", "2-3-1");
  const Campus flows(c, record);
  const Balance& balance = flows.balance;

  const double worst = worst_difference(meter, balance, Series(meter.size()));
  const double worst_at_grid = worst_difference(grid_meter, balance, flows.behind_transformer);
  double energy = 0;
  std::string parts;
  for (const auto& [kind, power] : balance.flows) {
    const double part = integral(record.times_s, power);
    energy += part;
    parts += fmt::format(" {} {:.3f}", kind, part);
  }
  const double metered = integral(record.times_s, meter);
  const double at_grid = integral(record.times_s, grid_meter);
  const double grid_energy = energy + integral(record.times_s, flows.behind_transformer);
  fmt::print(
      "relative tolerance {:g}, {} samples: worst difference at the campus {:.1e} of the rating (allowed "
      "1e-6)\n"
      "  energy, MW s: meter {:.3f} ={}; relative error {:.1e} (allowed {:.0e})\n"
      "  at the grid's side of the transformer {:.3f}; relative error {:.1e} (allowed {:.0e}); worst sample "
      "{:.1e}: "
      "between steps voltages are interpolated\n",
      tolerance, meter.size(), worst, metered, parts, std::abs(energy / metered - 1), 10 * tolerance, at_grid,
      std::abs(grid_energy / at_grid - 1), 10 * tolerance, worst_at_grid);
  EXPECT_LT(worst, 1e-6);
  EXPECT_LT(std::abs(energy / metered - 1), 10 * tolerance);
  EXPECT_LT(std::abs(grid_energy / at_grid - 1), 10 * tolerance);
  // What is kept, by its power and by its state of charge.
  for (const auto& [name, power] : balance.stored) {
    const double kept_MWs = integral(record.times_s, power);
    const double error = std::abs(kept_MWs - balance.energy_from_state.at(name)) / metered;
    fmt::print("  {:14} keeps {:+.6f} MW s, by its state of charge {:+.6f}; {:.1e} of the meter's energy\n",
               name, kept_MWs, balance.energy_from_state.at(name), error);
    EXPECT_LT(error, 10 * tolerance) << name;
  }
}

TEST(PowerRacks, ADcBusHasTheEfficiencyOfItsTwoStages) {
  const Case c = read_case_text(fmt::format(fmt::runtime(kChain), 1e-4), "chain.toml");
  for (const Plant& plant : c.plants)
    for (const Part& part : plant.parts)
      if (part.name == "dc") {
        EXPECT_DOUBLE_EQ(Settings{&part}["efficiency"], 0.985 * 0.975);
        EXPECT_EQ(Settings{&part}["hold_up_s"], 0.05);
        EXPECT_EQ(Settings{&part}["low_1"], 0);
        return;
      }
  ADD_FAILURE() << "no part of this name";
}

INSTANTIATE_TEST_SUITE_P(Tolerances, PowerBalance, ::testing::Values(1e-4, 1e-6));

}  // namespace
}  // namespace ballast
