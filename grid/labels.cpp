#include "grid/labels.hpp"

#include <fmt/format.h>

namespace ballast {

std::string branch_label(const Network& network, int branch) {
  const Branch& b = network.branches[branch];
  return fmt::format("{} {}-{} '{}'", b.transformer ? "transformer" : "line", network.buses[b.from].number,
                     network.buses[b.to].number, b.id);
}

std::string shunt_label(const Network& network, int shunt) {
  const Shunt& s = network.shunts[shunt];
  return fmt::format("shunt {}-{}", network.buses[s.bus].number, s.id);
}

}  // namespace ballast
