/// Relay records of a dynamics file: FRQTPAT, VTGTPAT, LDSHBL, LVSHBL, DISTR1.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "cases/reader/campus_tables.hpp"
#include "cases/reader/protection_settings.hpp"
#include "models/check_parameters.hpp"

namespace ballast {
namespace {

constexpr std::array<std::string_view, 5> kRelayModels = {"FRQTPAT", "VTGTPAT", "LDSHBL", "LVSHBL", "DISTR1"};

/// A reclosing or transfer-trip time from which on the record means "never", cycles.
constexpr double kNeverCycles = 1e5;

/// An identifier without the blanks that fill it up.
std::string trimmed(const std::string& id) { return id.substr(0, id.find_last_not_of(' ') + 1); }

class RelayRecord {
 public:
  RelayRecord(const DynamicRecord& record, Reading& reading)
      : record_(record), reading_(reading), network_(reading.result.network) {}

  void read() {
    const std::string& model = record_.model;
    if (model == "DISTR1")
      distance();
    else if (model == "FRQTPAT" || model == "VTGTPAT")
      unit();
    else
      shedding();
    RecordUse use{
        model, -1, unused_.empty() ? RecordUse::Fate::SIMULATED : RecordUse::Fate::UNUSED, unused_, {}};
    reading_.result.record_uses.push_back(std::move(use));
    if (!unused_.empty())
      reading_.problems.warn(record_.place.text(), fmt::format("{} is not used: {}", label(), unused_));
  }

 private:
  const DynamicRecord& record_;
  Reading& reading_;
  const Network& network_;
  std::string unused_;

  [[nodiscard]] std::string label() const {
    return fmt::format("{} {} '{}'", record_.model, record_.bus, record_.id);
  }
  /// Whether the record has `count` values after its first `names` fields, all of them numbers.
  bool has_values(std::size_t names, std::size_t count) {
    const std::size_t found = record_.values.size();
    if (found != names + count) {
      reading_.problems.add(
          record_.place.text(),
          fmt::format("{} has {} fields after its id, it needs {}", label(), found, names + count),
          "docs/protection.md lists them in order");
      return false;
    }
    for (std::size_t k = names; k < found; ++k)
      if (std::isnan(record_.values[k])) {
        reading_.problems.add(record_.fields[k].place.text(),
                              fmt::format("'{}' in {} is no number", record_.fields[k].text, label()));
        return false;
      }
    return true;
  }
  /// A bus by the number in a field, or -1 with the record unused.
  int bus(double number) {
    const int found = std::isnan(number) ? -1 : network_.find_bus(static_cast<int>(number));
    if (found < 0) unused_ = fmt::format("the network has no bus {}", number);
    return found;
  }
  const Plant* plant(const char* kind, const std::string& name) {
    for (const Plant& p : reading_.result.plants)
      if (p.kind == kind && p.name == name) return &p;
    unused_ = fmt::format("there is no {} {} in service", kind, name);
    return nullptr;
  }
  void add_part(Plant& relay, const char* model, const std::string& name, std::vector<double> values,
                int at_bus, Order order) {
    check_parameters(*find_model(model), values, fmt::format("{}: {}", record_.place.text(), label()),
                     reading_.problems);
    Part part = make_part(model, name.c_str(), std::move(values), network_.base_MVA, record_.place);
    part.at_bus = at_bus;
    part.orders.push_back(std::move(order));
    relay.parts.push_back(std::move(part));
  }
  void add_meter(Plant& relay, int at_bus) {
    std::vector<double> parameters;
    for (const HandbookDefault& d : meter_defaults()) parameters.push_back(d.value);
    Part meter = make_part("BUSFREQ", "meter", std::move(parameters), network_.base_MVA, record_.place);
    meter.at_bus = at_bus;
    relay.parts.push_back(std::move(meter));
  }
  [[nodiscard]] Plant new_relay(const std::string& name, int at) const {
    return {"protection", name, at, {}, record_.place};
  }

  /// MINS 'FRQTPAT' MBUS GBUS GID FL FU TP TB
  void unit() {
    if (!has_values(2, 4)) return;
    const int monitored = bus(std::atof(record_.id.c_str()));
    const Plant* machine =
        plant("machine", fmt::format("{:.0f}-{}", record_.values[0], trimmed(record_.fields[1].text)));
    if (!unused_.empty()) return;
    Plant relay = new_relay(fmt::format("{}-{}", record_.model, record_.bus), machine->bus);
    add_part(relay, record_.model.c_str(), "relay", {record_.values.begin() + 2, record_.values.end()},
             monitored, {"connected", Order::Kind::PLANT, -1, machine->kind, machine->name});
    if (record_.model == "FRQTPAT") add_meter(relay, monitored);
    reading_.result.plants.push_back(std::move(relay));
  }

  /// IBUS 'LDSHBL' LID JBUS then threshold, time and share of three stages, and TB
  void shedding() {
    if (!has_values(1, 10)) return;
    const int monitored = bus(record_.values[0]);
    const Plant* load = plant("load", fmt::format("{}-{}", record_.bus, trimmed(record_.id)));
    if (!unused_.empty()) return;
    const bool by_frequency = record_.model == "LDSHBL";
    Plant relay = new_relay(fmt::format("{}-{}", record_.model, load->name), load->bus);
    for (int stage = 0; stage < 3; ++stage) {
      const double* v = record_.values.data() + 1 + 3 * stage;
      if (!(v[2] > 0)) continue;  // sheds nothing
      add_part(relay, by_frequency ? "UFLS" : "UVLS", fmt::format("stage-{}", stage + 1),
               {v[0], v[1], record_.values.back(), v[2], 0, 0}, monitored,
               {"kept", Order::Kind::DEMAND, -1, load->kind, load->name});
    }
    if (relay.parts.empty()) {
      unused_ = "its stages shed nothing";
      return;
    }
    if (by_frequency) add_meter(relay, monitored);
    reading_.result.plants.push_back(std::move(relay));
  }

  /// IBUS 'DISTR1' JBUS ID RS, 11 ICONs, 24 CONs
  void distance() {
    if (!has_values(2, 35)) return;
    const double* icon = record_.values.data() + 2;
    const double* con = icon + 11;
    const int from = network_.find_bus(record_.bus);
    const int to = network_.find_bus(static_cast<int>(std::atof(record_.id.c_str())));
    int branch = -1;
    for (std::size_t k = 0; k < network_.branches.size(); ++k) {
      const Branch& b = network_.branches[k];
      if (((b.from == from && b.to == to) || (b.from == to && b.to == from)) &&
          b.id == trimmed(record_.fields[0].text))
        branch = static_cast<int>(k);
    }
    if (branch < 0) {
      unused_ = "the network has no such branch";
      return;
    }
    const auto refuse = [&](const std::string& what, const char* remedy) {
      reading_.problems.add(record_.place.text(), fmt::format("{}: {}", label(), what), remedy);
    };
    if (icon[0] != 1) {
      refuse(fmt::format("relay type {:g} is not here, only 1 (mho)", icon[0]),
             "leave the record out with a [[dyr_rule]], or use [[line_protection]]");
      return;
    }
    if (con[18] != 0 || con[21] != 0) {
      refuse("its blinders are not read", "use [[line_protection]] with BLINDER, and leave the record out");
      return;
    }
    if (icon[1] == 0) {
      unused_ = "it only monitors";
      return;
    }
    if (con[15] < kNeverCycles || con[16] < kNeverCycles || con[17] < kNeverCycles)
      reading_.problems.warn(record_.place.text(),
                             fmt::format("{}: its reclosing and its transfer trips are not read", label()),
                             "give the branch a recloser in [[line_protection]]");
    std::vector<double> values(con, con + 12);
    values.insert(values.end(), {con[13], con[14], 0});
    Plant relay = new_relay(
        fmt::format("DISTR1-{}-{}-{}", record_.bus, record_.id, trimmed(record_.fields[0].text)), from);
    Part meter = make_part("BRANCHFLOW", "meter", {0, 0, 0, 0}, network_.base_MVA, record_.place);
    meter.at_bus = from;
    meter.branch = branch;
    relay.parts.push_back(std::move(meter));
    add_part(relay, "DISTR1", "relay", std::move(values), from, Order::branch("close", branch));
    relay.parts.back().branch = branch;
    reading_.result.plants.push_back(std::move(relay));
  }
};

}  // namespace

void take_relay_records(Reading& reading) {
  const auto is_relay = [](const DynamicRecord& r) {
    return std::find(kRelayModels.begin(), kRelayModels.end(), r.model) != kRelayModels.end();
  };
  for (const DynamicRecord& r : reading.records)
    if (is_relay(r)) reading.relay_records.push_back(r);
  std::erase_if(reading.records, is_relay);
}

void add_relay_records(Reading& reading) {
  for (const DynamicRecord& record : reading.relay_records) RelayRecord(record, reading).read();
}

}  // namespace ballast
