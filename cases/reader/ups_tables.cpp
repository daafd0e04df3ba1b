/// What stands between the grid and the IT load: [datacenter.ups].
#include "cases/reader/campus_tables.hpp"
#include "cases/reader/handbook.hpp"
#include "models/datacenter/ups.hpp"

namespace ballast {

Part read_ups(Section& section, const std::string& name, double it_power_MW, double rest_level,
              Reading& reading) {
  auto table = section.section_if("ups");
  if (!table) {
    if (!section.has("ups"))
      section.missing("ups", "what stands between grid and IT load",
                      "add ups = { kind = \"double-conversion\" }");
    return {};
  }
  (void)table->choice("kind", {"double-conversion"}, "kind of UPS");
  Part part = make_part("UPS", "ups",
                        read_parameters(*table, *find_model("UPS"), reading, name + ".ups", ups_defaults()),
                        it_power_MW, table->place());
  table->finish();
  check_settings<Ups>(*table, part.parameters, {it_power_MW, reading.result.network.base_MVA, 60},
                      rest_level);
  return part;
}

}  // namespace ballast
