#include "grid/admittance.hpp"

#include <vector>

namespace ballast {

std::complex<double> shunt_admittance(const Shunt& shunt, double base_MVA) {
  return {shunt.G_MW / base_MVA, shunt.B_Mvar / base_MVA};
}

std::complex<double> shunt_admittance(const SwitchedShunt& shunt, double base_MVA) {
  return {0, shunt.BINIT_Mvar / base_MVA};
}

std::complex<double> load_admittance(const Load& load, double base_MVA) {
  return {load.YP_MW / base_MVA, -load.YQ_Mvar / base_MVA};
}

AdmittanceMatrix admittance_matrix(const Network& network, const AdmittanceOptions& options) {
  using Triplet = Eigen::Triplet<std::complex<double>>;
  std::vector<Triplet> entries;
  entries.reserve(network.buses.size() + 4 * network.branches.size());
  const auto isolated = [&network](int bus) {
    return network.buses[static_cast<std::size_t>(bus)].type == BusType::ISOLATED;
  };
  const int n = static_cast<int>(network.buses.size());
  for (int i = 0; i < n; ++i) entries.emplace_back(i, i, 0.0);
  for (std::size_t k = 0; k < network.branches.size(); ++k) {
    const Branch& branch = network.branches[k];
    bool closed = options.closed.empty() ? branch.in_service : options.closed[k] != 0;
    closed = closed && !isolated(branch.from) && !isolated(branch.to);
    const BranchBlock block = closed ? branch_block(network, branch) : BranchBlock{};
    entries.emplace_back(branch.from, branch.from, block.ff);
    entries.emplace_back(branch.from, branch.to, block.ft);
    entries.emplace_back(branch.to, branch.from, block.tf);
    entries.emplace_back(branch.to, branch.to, block.tt);
  }
  if (options.shunts) {
    for (const Shunt& shunt : network.shunts) {
      if (!shunt.in_service || isolated(shunt.bus)) continue;
      entries.emplace_back(shunt.bus, shunt.bus, shunt_admittance(shunt, network.base_MVA));
    }
    for (const SwitchedShunt& shunt : network.switched_shunts) {
      if (!shunt.in_service || isolated(shunt.bus)) continue;
      entries.emplace_back(shunt.bus, shunt.bus, shunt_admittance(shunt, network.base_MVA));
    }
  }
  if (options.constant_admittance_loads) {
    for (const Load& load : network.loads) {
      if (!load.in_service || isolated(load.bus)) continue;
      entries.emplace_back(load.bus, load.bus, load_admittance(load, network.base_MVA));
    }
  }
  AdmittanceMatrix Y(n, n);
  Y.setFromTriplets(entries.begin(), entries.end());
  return Y;
}

}  // namespace ballast
