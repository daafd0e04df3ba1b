/// Smoothing at the source: `smoothing` and `storage` of a job, between its power and the supply.
#include <algorithm>

#include "cases/reader/campus_tables.hpp"
#include "cases/reader/handbook.hpp"
#include "models/datacenter/power_smoothing.hpp"
#include "models/datacenter/rack_storage.hpp"
#include "models/datacenter/software_filler.hpp"

namespace ballast {
namespace {

/// Energy of capacitors in the power supplies, in seconds of the rating, where the case does not give it.
void derive_energy(Section& table, const Hardware& hardware, const std::string& device,
                   std::map<std::string, double>& derived, Reading& reading) {
  if (table.has("energy_s")) return;
  const auto given = table.number_if("joules_per_accelerator", {"J", positive()});
  const double joules = given.value_or(65);
  if (!given)
    reading.result.assumed.push_back(
        {device, "joules_per_accelerator", 65, "J", "V: NVIDIA on GB300 power supplies"});
  const double watts = table.has("accelerator_W")
                           ? table.number("accelerator_W", {"W", positive()}, "IT power per accelerator")
                           : hardware.accelerator_W;
  if (watts > 0) {
    derived["energy_s"] = joules / watts;
    reading.result.assumed.push_back({device, "energy_s", joules / watts, "s",
                                      fmt::format("{:g} J per accelerator of {:.4g} W", joules, watts)});
    return;
  }
  derived["energy_s"] = 1;  // stands for it, so that no other error follows
  table.problem("kind", fmt::format("{} does not say how much energy it has", table.label()),
                "name the accelerators of the data center, or give accelerator_W or energy_s");
}

/// Where a part of the chain goes on from, and what it makes of the power at rest.
template <class M>
void append(Part part, Section& table, Workload& workload) {
  part.wires.emplace_back("P_req", workload.P_it);
  workload.P_it = part.name + ".P_it";
  const double level =
      check_settings<M>(table, part.parameters, {part.base_MVA, 100, 60}, workload.rest_level)[M::P_IT];
  workload.rest_level = level == level ? level : 0;
  workload.parts.push_back(std::move(part));
}

void read_box(Section& table, const std::string& device, const std::string& part_name, double MVA,
              Workload& workload, Reading& reading) {
  const bool gpu = table.choice("kind", {"gpu", "software-filler"}, "kind of smoothing") == "gpu";
  const char* const model = gpu ? "PWRSMOOTH" : "FILLER";
  std::vector<HandbookDefault> defaults = gpu ? power_smoothing_defaults() : software_filler_defaults();
  if (gpu && table.has("preset")) {
    const std::string preset = table.choice("preset", smoothing_presets(), "preset of GPU power smoothing");
    const std::vector<HandbookDefault> values = smoothing_preset(preset);
    defaults.insert(defaults.end(), values.begin(), values.end());
  }
  Part part =
      make_part(model, part_name.c_str(),
                read_parameters(table, *find_model(model), reading, device, defaults), MVA, table.place());
  table.finish();
  if (gpu)
    append<PowerSmoothing>(std::move(part), table, workload);
  else
    append<SoftwareFiller>(std::move(part), table, workload);
}

void read_storage(Section& table, const std::string& device, const std::string& part_name, double MVA,
                  const Hardware& hardware, Workload& workload, Reading& reading) {
  const std::string kind = table.choice("kind", rack_storage_kinds(), "kind of storage");
  std::map<std::string, double> derived;
  if (kind == "psu-capacitor") derive_energy(table, hardware, device, derived, reading);
  Part part = make_part(
      "RACKSTORE", part_name.c_str(),
      read_parameters(table, *find_model("RACKSTORE"), reading, device, rack_storage_defaults(kind), derived),
      MVA, table.place());
  table.finish();
  append<RackStorage>(std::move(part), table, workload);
}

}  // namespace

void read_smoothing(Section& section, const std::string& campus, const std::string& job, double MVA,
                    const Hardware& hardware, Workload& workload, Reading& reading) {
  const std::string prefix = job == "workload" ? "" : job + "-";
  if (auto table = section.section_if("smoothing"))
    read_box(*table, fmt::format("{}.{}smoothing", campus, prefix), prefix + "smoothing", MVA, workload,
             reading);
  std::vector<Section> stores = section.sections("storage");
  for (std::size_t k = 0; k < stores.size(); ++k) {
    const std::string name =
        stores.size() == 1 ? prefix + "storage" : fmt::format("{}storage-{}", prefix, k + 1);
    stores[k].relabel(fmt::format("storage {} of {}", k + 1, section.label()));
    read_storage(stores[k], fmt::format("{}.{}", campus, name), name, MVA, hardware, workload, reading);
  }
}

}  // namespace ballast
