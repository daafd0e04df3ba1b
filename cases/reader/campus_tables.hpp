/// \file
/// What the tables of a data center share: its workload, its UPS, its batteries. Private to cases/reader/.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "cases/reader/reading.hpp"

namespace ballast {

/// A part with its parameters, where the case names it.
[[nodiscard]] Part make_part(const char* model, const char* name, std::vector<double> parameters,
                             double base_MVA, const Place& place);

/// Whether a model can rest with these parameters at 1 pu voltage: settings that contradict each other are
/// reported here, with their place, rather than at the operating point.
template <class Model>
void check_settings(const Section& table, const std::vector<double>& parameters, const Ratings& ratings,
                    double P_it) {
  double in[Model::kInputs];
  double out[Model::kOutputs];
  int mode[room_for(modes_of<Model>())] = {};
  double held[room_for(held_of<Model>())] = {};
  double timer[room_for(timers_of<Model>())];
  double x[room_for(static_cast<int>(Model::kStates))] = {};
  for (int k = 0; k < Model::kInputs; ++k) {
    const std::string_view name = Model::inputs[k].name;
    in[k] = name == "Vr" || name == "frequency" || name == "frame_speed" ? 1
            : name == "Vi" || name == "time" || name == "P_load"         ? 0
            : name == "P_it"                                             ? P_it
                                                                         : kUnknown;
  }
  std::fill(std::begin(out), std::end(out), kUnknown);
  std::fill(std::begin(timer), std::end(timer), kNever);
  Rest rest{in, out, mode, held, timer};
  const Outcome outcome = Model::initialise(rest, Model::derive(parameters.data(), ratings), x);
  if (!outcome.ok())
    table.problems().add(table.place().text(),
                         fmt::format("{} = {:.6g} in {} is outside {:.6g} to {:.6g}", outcome.quantity,
                                     outcome.value, table.label(), outcome.low, outcome.high),
                         "these settings contradict each other");
}

struct Workload {
  Part part;
  double rest_level = 0;  ///< IT power at rest, pu of the rating
};

/// [datacenter.workload] (workload_tables.cpp). Without initial_level a training case starts in mid-run, at
/// the mean power of an iteration.
[[nodiscard]] Workload read_workload(Section& section, const std::string& name, double it_power_MW,
                                     Reading& reading);
/// [datacenter.ups] (ups_tables.cpp) at an IT load that rests at `rest_level`.
[[nodiscard]] Part read_ups(Section& section, const std::string& name, double it_power_MW, double rest_level,
                            Reading& reading);
/// [[bess]] and [[datacenter.bess]] (bess_tables.cpp), at `bus`; `load` is the data center whose power it
/// smooths, or "".
void read_bess(Section& s, int bus, const std::string& load, const std::string& default_name,
               Reading& reading);

}  // namespace ballast
