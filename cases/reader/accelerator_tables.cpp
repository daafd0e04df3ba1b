/// The rated IT power of a data center, given in MW or by its accelerators or racks.
#include <cmath>

#include "cases/reader/campus_tables.hpp"

namespace ballast {
namespace {

/// A kind of accelerator, and the rack that it comes in.
struct Accelerator {
  const char* kind;
  double tdp_W;
  double rack_kW;      ///< IT power of one rack or node, with its processors, network and fans
  double per_rack;     ///< accelerators in it
  const char* source;  ///< with the mark of confidence
};

/// docs/datacenter-models.md gives the sources in full. "D" racks: the same rack power per chip power as
/// GB200 NVL72, 120 kW/(72 x 1.2 kW) = 1.389.
constexpr Accelerator kAccelerators[] = {
    {"H100", 700, 10.2, 8, "M: DGX H100 node of 8, 10.2 kW; S: 700 W"},
    {"B200", 1000, 14.3, 8, "M: DGX B200 node of 8, 14.3 kW; S: 1,000 W"},
    {"GB200", 1200, 120, 72, "S: GB200 NVL72, 120 kW for 72 GPUs of 1,200 W"},
    {"GB300", 1400, 132, 72, "S: GB300 NVL72, 120 to 132 kW for 72 GPUs, the upper end; M: 1,400 W"},
    {"Rubin", 2300, 230, 72, "D: 2,300 W per package (estimate), rack power per chip power of GB200 NVL72"},
    {"Kyber", 2300, 331, 144, "S: Kyber rack, above 330 kW for 144 packages; another figure is 662 kW"},
    {"MI350X", 1000, 11.1, 8, "S: 1,000 W; D: rack power per chip power of GB200 NVL72"},
    {"TPU", 1000, 88.9, 64, "S: about 1,000 W (TPU v7); D: rack power per chip power of GB200 NVL72"},
};

/// Racks that are no more than a power.
struct Rack {
  const char* kind;
  double kW;
  const char* source;
};
constexpr Rack kRacks[] = {
    {"conventional", 12, "S: 12 kW"},
    {"GB200-NVL72", 120, "S: 120 kW"},
    {"GB300-NVL72", 132, "S: 120 to 132 kW, the upper end"},
    {"Kyber", 331, "S: above 330 kW; another figure is 662 kW"},
    {"1MW", 1000, "S: announced class of 1 MW"},
};

std::vector<std::string> names_of(const auto& list) {
  std::vector<std::string> names;
  for (const auto& one : list) names.emplace_back(one.kind);
  names.emplace_back("generic");
  return names;
}

double count_of(Section& table, const char* what) {
  return table.number("count", {"", positive()}, fmt::format("number of {}", what));
}

void assume(Reading& reading, const std::string& name, const char* parameter, double value, const char* unit,
            const std::string& source) {
  reading.result.assumed.push_back({name, parameter, value, unit, source});
}

Hardware of_accelerators(Section& table, const std::string& name, Reading& reading) {
  const std::string kind = table.choice("kind", names_of(kAccelerators), "kind of accelerator");
  const double count = count_of(table, "accelerators");
  Hardware hardware;
  if (table.has("kW_each") || kind == "generic") {
    hardware.accelerator_W =
        1000 * table.number("kW_each", {"kW", positive()}, "IT power per accelerator, its share of the rack");
    hardware.it_power_MW = count * hardware.accelerator_W * 1e-6;
    assume(reading, name, "it_power_MW", hardware.it_power_MW, "MW", "accelerators of the given power");
    return hardware;
  }
  const Accelerator* found = kAccelerators;
  for (const Accelerator& a : kAccelerators)
    if (kind == a.kind) found = &a;
  const double racks = std::ceil(count / found->per_rack);
  hardware.it_power_MW = racks * found->rack_kW * 1e-3;
  hardware.accelerator_W = 1000 * found->rack_kW / found->per_rack;
  assume(reading, name, "it_power_MW", hardware.it_power_MW, "MW",
         fmt::format("{:.0f} racks or nodes of {} ({})", racks, found->kind, found->source));
  assume(reading, name, "accelerator_share", found->tdp_W * found->per_rack / (1000 * found->rack_kW), "1",
         "for information: TDP of the accelerators over IT power; the rest hardly follows the job");
  return hardware;
}

Hardware of_racks(Section& table, const std::string& name, Reading& reading) {
  const std::string kind = table.choice("kind", names_of(kRacks), "kind of rack");
  const double count = count_of(table, "racks");
  Hardware hardware;
  if (table.has("kW_each") || kind == "generic") {
    hardware.it_power_MW = count * table.number("kW_each", {"kW", positive()}, "IT power per rack") * 1e-3;
    assume(reading, name, "it_power_MW", hardware.it_power_MW, "MW", "racks of the given power");
    return hardware;
  }
  const Rack* found = kRacks;
  for (const Rack& r : kRacks)
    if (kind == r.kind) found = &r;
  hardware.it_power_MW = count * found->kW * 1e-3;
  assume(reading, name, "it_power_MW", hardware.it_power_MW, "MW",
         fmt::format("racks {} ({})", found->kind, found->source));
  return hardware;
}

}  // namespace

Hardware read_hardware(Section& section, const std::string& name, Reading& reading) {
  const bool accelerators = section.has("accelerators");
  const bool racks = section.has("racks");
  if (accelerators && racks)
    section.problem("racks", fmt::format("{} has accelerators and racks", section.label()),
                    "give one of them: each says the rated IT power");
  if ((accelerators || racks) && section.has("it_power_MW"))
    section.problem("it_power_MW", fmt::format("{} gives its IT power twice", section.label()),
                    "leave it_power_MW out, or the accelerators and racks");
  if (accelerators)
    if (auto table = section.section_if("accelerators")) {
      const Hardware hardware = of_accelerators(*table, name, reading);
      table->finish();
      return hardware;
    }
  if (racks)
    if (auto table = section.section_if("racks")) {
      const Hardware hardware = of_racks(*table, name, reading);
      table->finish();
      return hardware;
    }
  return {section.number("it_power_MW", {"MW", positive()}, "rated IT power"), 0};
}

}  // namespace ballast
