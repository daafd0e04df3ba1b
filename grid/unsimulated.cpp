#include "grid/unsimulated.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace ballast {
namespace {

constexpr const char* kRemedy = "represent it by loads and generators at its buses if it matters";

void missing(Problems& problems, const Place& place, const std::string& element,
             const std::string& schedule) {
  problems.warn(place.text(),
                fmt::format("{}: {} is not modelled: it is missing from the network", element, schedule),
                kRemedy);
}

std::string number(const Network& network, int bus) {
  return std::to_string(network.buses[static_cast<std::size_t>(bus)].number);
}

void warn_dc(const Network& network, Problems& problems) {
  for (const TwoTerminalDc& line : network.two_terminal_dc) {
    std::string schedule = "blocked";
    if (line.MDC == DcMode::POWER) schedule = fmt::format("{} MW", line.SETVL);
    if (line.MDC == DcMode::CURRENT)
      schedule = fmt::format("{} A, about {:.0f} MW", line.SETVL, line.SETVL * line.VSCHD_kV / 1000);
    missing(problems, line.place, fmt::format("two-terminal DC line '{}'", line.name),
            fmt::format("{}, from bus {} to bus {}", schedule, number(network, line.rectifier.bus),
                        number(network, line.inverter.bus)));
  }
  for (const VscDc& line : network.vsc_dc) {
    if (!line.in_service) continue;
    const VscConverter& converter = line.converters[line.converters[0].TYPE == 2 ? 0 : 1];
    missing(problems, line.place, fmt::format("VSC DC line '{}'", line.name),
            fmt::format("{} MW at bus {}", converter.DCSET, number(network, converter.bus)));
  }
  for (const PowerTransferDc& line : network.power_transfer_dc) {
    if (!line.in_service) continue;
    missing(
        problems, line.place,
        fmt::format("DC line from bus {} to bus {}", number(network, line.from), number(network, line.to)),
        fmt::format("{} MW", line.PF_MW));
  }
}

void warn_controls(const Network& network, Problems& problems) {
  const auto count = [](const auto& elements, const auto& predicate) {
    return std::count_if(elements.begin(), elements.end(), predicate);
  };
  const auto say = [&](std::ptrdiff_t how_many, const char* what) {
    if (how_many > 0) problems.warn(network.name, fmt::format("{} {}", how_many, what));
  };
  say(count(network.areas, [](const Area& area) { return area.PDES_MW != 0; }),
      "area records have a scheduled interchange; it is not enforced");
  say(count(network.transfers, [](const AreaTransfer& transfer) { return transfer.P_MW != 0; }),
      "inter-area transfer records have a scheduled interchange; it is not enforced");
  say(count(network.branches,
            [](const Branch& branch) {
              return branch.tap_control && branch.tap_control->adjusts &&
                     branch.tap_control->target == TapTarget::MW;
            }),
      "phase shifters have automatic control (COD); they stay at the angle of the file");
}

}  // namespace

void warn_unsimulated(const Network& network, Problems& problems) {
  for (const SwitchedShunt& shunt : network.switched_shunts) {
    if (shunt.MODSW != ShuntMode::CONTINUOUS_VOLTAGE || !shunt.in_service) continue;
    problems.warn(shunt.place.text(),
                  fmt::format("switched shunt at {} is held at its initial {} Mvar; its voltage control "
                              "(MODSW = {}) is not modelled",
                              network.bus_label(shunt.bus), shunt.BINIT_Mvar, static_cast<int>(shunt.MODSW)));
  }
  warn_dc(network, problems);
  for (const Facts& device : network.facts) {
    if (device.MODE == 0) continue;
    missing(problems, device.place, fmt::format("FACTS device '{}'", device.name),
            fmt::format("{} MW, {} Mvar at bus {}", device.PDES_MW, device.QDES_Mvar,
                        number(network, device.bus)));
  }
  for (const InductionMachine& machine : network.induction_machines) {
    if (!machine.in_service) continue;
    missing(problems, machine.place, fmt::format("induction machine '{}'", machine.id),
            fmt::format("PSET {} at bus {}", machine.PSET_MW, number(network, machine.bus)));
  }
  warn_controls(network, problems);
}

}  // namespace ballast
