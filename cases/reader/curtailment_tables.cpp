/// Demand response: [datacenter.tiers].
#include "cases/reader/campus_tables.hpp"
#include "cases/reader/handbook.hpp"

namespace ballast {

bool read_tiers(Section& section, const std::string& name, double it_power_MW, Workload& workload,
                Reading& reading) {
  auto table = section.section_if("tiers");
  if (!table) return false;
  Part part = make_part("CURTAIL", "tiers",
                        read_parameters(*table, *find_model("CURTAIL"), reading, name + ".tiers",
                                        curtailment_defaults(reading.result.network.frequency_Hz)),
                        it_power_MW, table->place());
  table->finish();
  part.wires = {{"P_req", workload.P_it}, {"frequency", "meter.frequency"}};
  workload.P_it = "tiers.P_it";
  workload.parts.push_back(std::move(part));
  return true;
}

}  // namespace ballast
