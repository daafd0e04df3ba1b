/// \file
/// What the tables of a data center share: its workload, its UPS, its batteries. Private to cases/reader/.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <complex>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cases/reader/reading.hpp"

namespace ballast {

/// A part with its parameters, where the case names it.
[[nodiscard]] Part make_part(const char* model, const char* name, std::vector<double> parameters,
                             double base_MVA, const Place& place);

/// Whether a model can rest with these parameters at 1 pu voltage and IT power `P_it` (NaN: it is to say so
/// itself): settings that contradict each other are reported here, with their place, rather than at the
/// operating point. Returns the outputs at rest. `data` is Part::table.
template <class Model>
std::vector<double> check_settings(const Section& table, const std::vector<double>& parameters,
                                   const Ratings& ratings, double P_it, std::span<const double> data = {}) {
  double in[Model::kInputs];
  std::vector<double> out(Model::kOutputs, kUnknown);
  int mode[room_for(modes_of<Model>())] = {};
  double held[room_for(held_of<Model>())] = {};
  double timer[room_for(timers_of<Model>())];
  double x[room_for(static_cast<int>(Model::kStates))] = {};
  for (int k = 0; k < Model::kInputs; ++k) {
    const std::string_view name = Model::inputs[k].name;
    in[k] = name == "Vr" || name == "frequency" || name == "frame_speed" ? 1
            : name == "Vi" || name == "time" || name == "P_load"         ? 0
            : name == "P_it" || name == "P_req"                          ? P_it
                                                                         : kUnknown;
  }
  std::fill(std::begin(timer), std::end(timer), kNever);
  Rest rest{in, out, mode, held, timer, data};
  const Outcome outcome = Model::initialise(rest, Model::derive(parameters.data(), ratings), x);
  if (!outcome.ok())
    table.problems().add(table.place().text(),
                         fmt::format("{} = {:.6g} in {} is outside {:.6g} to {:.6g}", outcome.quantity,
                                     outcome.value, table.label(), outcome.low, outcome.high),
                         "these settings contradict each other");
  return out;
}

/// The accelerators of a data center (accelerator_tables.cpp).
struct Hardware {
  double it_power_MW = 0;
  double accelerator_W = 0;  ///< IT power per accelerator, with its share of the rack; 0: not named
};
/// it_power_MW, or what `accelerators` or `racks` come to.
[[nodiscard]] Hardware read_hardware(Section& section, const std::string& name, Reading& reading);

/// What gives the IT power of a data center: parts from the jobs to the supply.
struct Workload {
  std::vector<Part> parts;  ///< none after a problem
  std::string P_it;         ///< the output that is the IT power: "workload.P_it"
  double rest_level = 0;    ///< IT power at rest, pu of the rating
};
/// What a job of another data center gives: "Campus-A/workload.P_it", and its power at rest, pu of its share.
struct JobSignal {
  std::string output;
  double rest_level = 0;
};
/// Every job read so far, by "Campus-A/workload".
using JobSignals = std::map<std::string, JobSignal>;

/// [datacenter.workload] or [[datacenter.job]], with smoothing and storage (workload_tables.cpp). Without
/// initial_level a case starts in mid-run, at the job's mean power.
[[nodiscard]] Workload read_workload(Section& section, const std::string& name, const Hardware& hardware,
                                     JobSignals& jobs, Reading& reading);
/// One job: the source and what its table says of it (source_tables.cpp). `number` counts from 1 where there
/// are several, and is the default of its seed; 0: the only one.
struct Source {
  Part part;              ///< no parameters after a problem, or where another site has the job
  std::string output;     ///< "workload.P_it", "Campus-A/workload.P_it"
  double rest_level = 0;  ///< pu of the job's share
};
[[nodiscard]] Source read_source(Section& table, const std::string& campus, const std::string& job,
                                 double it_power_MW, int number, const JobSignals& jobs, Reading& reading);
/// Samples of a measured trace, time (s, from 0) and value in turn; empty after a problem (trace_file.cpp).
[[nodiscard]] std::vector<double> read_trace(Section& table, const Reading& reading);
/// `smoothing` and `storage` of a job behind `workload` (smoothing_tables.cpp): adds their parts, moves P_it
/// and rest_level on.
void read_smoothing(Section& section, const std::string& campus, const std::string& job, double MVA,
                    const Hardware& hardware, Workload& workload, Reading& reading);
/// Wires every part that reads P_it, and is not wired yet, to the workload's output.
void wire_it_power(std::vector<Part>& parts, const Workload& workload);

/// What stands between the grid and the IT load: one block or many, each a part at the bus.
struct Supply {
  std::vector<Part>
      parts;  ///< further copies of the workload, the blocks, their totals; empty after a problem
  std::complex<double> rest_MVA;  ///< drawn by all blocks at rest
  std::string total;              ///< part that gives P_load, P_off and P_served_MW of all blocks
};
/// [datacenter.ups], [[datacenter.ups]] and their cohorts (ups_tables.cpp).
[[nodiscard]] Supply read_supply(Section& section, const std::string& name, double it_power_MW,
                                 const Workload& workload, Reading& reading);
/// [datacenter.tiers] (curtailment_tables.cpp): adds its part to the workload, moves P_it on. True when there
/// is one: it reads the frequency of a part "meter".
bool read_tiers(Section& section, const std::string& name, double it_power_MW, Workload& workload,
                Reading& reading);
/// The part "meter" of a data center: frequency and its rate of change.
[[nodiscard]] Part frequency_meter(const std::string& name, double MVA, const Place& place, Reading& reading);

/// Motors, drives and chillers of a data center, and their total.
struct Cooling {
  std::vector<Part> parts;  ///< none without a cooling table, or after a problem
  std::complex<double> rest_MVA;
};
/// [datacenter.cooling] (cooling_tables.cpp): adds the coolant to the workload, moves P_it on. The supply is
/// read later: heat_from() wires what it serves.
[[nodiscard]] Cooling read_cooling(Section& section, const std::string& name, double it_power_MW,
                                   Workload& workload, Reading& reading);
/// Wires the IT power that `supply` serves to everything that takes it as heat.
void heat_from(const std::string& supply, std::vector<Part>& parts);

/// The tap changers of the transformers of a connection, at its bus (connection_tables.cpp).
[[nodiscard]] std::vector<Part> read_tap_changers(const TomlValue& connection, int bus,
                                                  const std::string& name, Reading& reading);

/// [[bess]] and [[datacenter.bess]] (bess_tables.cpp), at `bus`; `load` is the data center whose power it
/// smooths, or "".
void read_bess(Section& s, int bus, const std::string& load, const std::string& default_name,
               Reading& reading);

}  // namespace ballast
