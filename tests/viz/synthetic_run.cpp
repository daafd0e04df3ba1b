#include "tests/viz/synthetic_run.hpp"

#include <unistd.h>

#include <cmath>
#include <fstream>
#include <sstream>

namespace ballast::test {

Network ring_network() {
  Network network;
  network.name = "ring";
  for (int i = 0; i < 5; ++i) {
    Bus bus;
    bus.number = 2101 + i;
    bus.name = i == 2 ? "" : "Süd-" + std::to_string(i);
    bus.base_kV = i < 3 ? 230 : 34.5;
    bus.area = i < 3 ? 1 : 2;
    if (i != 4) bus.position = Position{std::cos(1.2 * i), std::sin(1.2 * i)};
    network.buses.push_back(bus);
    Branch branch;
    branch.from = i;
    branch.to = (i + 1) % 5;
    branch.id = std::to_string(i % 2 + 1);
    branch.rate_MVA = 100.0 * i;
    branch.transformer = i == 2 || i == 4;
    network.branches.push_back(branch);
  }
  for (const int bus : {0, 2}) {
    Generator generator;
    generator.bus = bus;
    generator.P_MW = 500;
    network.generators.push_back(generator);
  }
  Load load;
  load.bus = 3;
  load.P_MW = 300;
  load.IP_MW = 20;
  network.loads.push_back(load);
  network.index_buses();
  return network;
}

RunInfo ring_info() {
  return {"Ring & <campus> \"dip\"",
          "cases/ring/case.toml",
          "[case]\ntitle = \"Ring & <campus> </script><script>alert(1)</script>\"\n",
          {{"ballast", "0.1.0"}, {"SUNDIALS", "6.4.1"}},
          {{"tolerance", "1e-5"}, {"max_step_s", "0.1"}}};
}

Schema ring_schema(const Network& network) {
  Schema schema;
  Quantity bus{"bus.voltage", "pu", "voltage magnitude", {}, {}};
  for (int i = 0; i < static_cast<int>(network.buses.size()); ++i) {
    bus.elements.push_back(std::to_string(network.buses[i].number));
    bus.indices.push_back(i);
  }
  schema.quantities.push_back({"frequency", "Hz", "of each island", {"area <1>"}, {}});
  schema.quantities.push_back(bus);
  bus.name = "bus.angle";
  bus.unit = "deg";
  schema.quantities.push_back(bus);
  bus.name = "island";
  bus.unit = "1";
  schema.quantities.push_back(bus);
  schema.quantities.push_back(
      {"branch.loading", "1", "of the rating", {"line 2101-2102", "line 2103-2104"}, {0, 2}});
  schema.quantities.push_back({"datacenter.power", "MW", "drawn", {"Campus-A", "Campus-B"}, {}});
  schema.quantities.push_back({"datacenter.ups_mode", "1", "0 = grid", {"Campus-A", "Campus-B"}, {}});
  schema.quantities.push_back({"bess.power", "MW", "into the grid", {"Store"}, {}});
  schema.quantities.push_back({"weather.wind", "m/s", "a quantity nobody has heard of", {"mast"}, {}});
  schema.quantities.push_back({"nothing", "1", "a quantity of no elements", {}, {}});
  return schema;
}

std::vector<double> ring_values(const Schema& schema, double t, bool after) {
  const bool dip = (t > 1 || (t == 1 && after)) && (t < 1.1 || (t == 1.1 && !after));
  const bool on_ups = t > 1.25 || (t == 1.25 && after);
  std::vector<double> values;
  for (const Quantity& quantity : schema.quantities)
    for (std::size_t e = 0; e < quantity.elements.size(); ++e) {
      const double shift = 0.1 * static_cast<double>(e);
      if (quantity.name == "frequency")
        values.push_back(60 + (on_ups ? 0.4 * (1 - std::exp(1.25 - t)) : 0));
      else if (quantity.name == "bus.voltage")
        values.push_back(1.03 - shift / 7 - (dip ? 0.6 : 0));
      else if (quantity.name == "bus.angle")
        values.push_back(10 * std::sin(t + shift));
      else if (quantity.name == "island")
        values.push_back(e == 4 && on_ups ? -1 : 0);
      else if (quantity.name == "datacenter.power")
        values.push_back(e == 0 && on_ups ? 0 : 300.0 + 40 * shift);
      else if (quantity.name == "datacenter.ups_mode")
        values.push_back(e == 0 && on_ups ? 1 : 0);
      else if (quantity.name == "bess.power")
        values.push_back(t < 2 ? -10 : 20);
      else
        values.push_back(std::exp(std::sin(3 * t + shift)) / 3);
    }
  return values;
}

std::vector<LoggedEvent> ring_events() {
  LoggedEvent fault;
  fault.id = 0;
  fault.time_s = 1;
  fault.kind = "fault";
  fault.device = "bus 2101";
  fault.text = "Three-phase fault at bus 2101 (Süd-0) <b>";
  fault.bus = 0;
  fault.island = 0;
  fault.cause_text = "case file";
  LoggedEvent cleared = fault;
  cleared.id = 1;
  cleared.time_s = 1.1;
  cleared.kind = "fault-cleared";
  cleared.cause = 0;
  LoggedEvent transfer;
  transfer.id = 2;
  transfer.time_s = 1.25;
  transfer.kind = "mode";
  transfer.device = "Campus-A.ups";
  transfer.text = "Campus-A goes to its UPS: third dip in 60 s";
  transfer.quantity = "V";
  transfer.value = 0.43;
  transfer.threshold = 0.7;
  transfer.duration_s = 0.02;
  transfer.power_MW = -300;
  transfer.bus = 3;
  transfer.cause = 0;
  return {fault, cleared, transfer};
}

void play(Recorder& recorder, int samples) {
  const Network network = ring_network();
  const Schema schema = ring_schema(network);
  recorder.begin(ring_info(), schema, network);
  const std::vector<LoggedEvent> events = ring_events();
  std::size_t next = 0;
  double t = 0;
  for (int k = 0; k < samples; ++k) {
    t = 0.02 * k;
    for (; next < events.size() && events[next].time_s <= t; ++next) {
      recorder.sample(events[next].time_s, ring_values(schema, events[next].time_s, false));
      recorder.event(events[next]);
      recorder.sample(events[next].time_s, ring_values(schema, events[next].time_s, true));
    }
    recorder.sample(t, ring_values(schema, t, true));
  }
  recorder.end({true, "completed", t});
}

ScratchFolder::ScratchFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "ballast-viz-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a scratch folder");
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace ballast::test
