#include "solver/grid_state.hpp"

#include <algorithm>
#include <cmath>

#include "grid/admittance.hpp"
#include "grid/topology.hpp"

namespace ballast {

GridState::GridState(const Network& network) : network_(&network) {
  const int n = bus_count();
  branch_closed.reserve(network.branches.size());
  for (const Branch& b : network.branches) branch_closed.push_back(b.in_service ? 1 : 0);
  for (const Shunt& s : network.shunts) shunt_closed.push_back(s.in_service ? 1 : 0);
  for (const SwitchedShunt& s : network.switched_shunts)
    switched_shunt_Mvar.push_back(s.in_service ? s.BINIT_Mvar : 0.0);
  fault.assign(n, 0.0);

  std::vector<std::vector<int>> neighbours(n);
  for (int i = 0; i < n; ++i) neighbours[i].push_back(i);
  for (const Branch& b : network.branches) {
    neighbours[b.from].push_back(b.to);
    neighbours[b.to].push_back(b.from);
  }
  row_start.assign(1, 0);
  for (auto& row : neighbours) {
    std::sort(row.begin(), row.end());
    row.erase(std::unique(row.begin(), row.end()), row.end());
    column.insert(column.end(), row.begin(), row.end());
    row_start.push_back(static_cast<int>(column.size()));
  }
  value.assign(column.size(), 0.0);
  const auto place = [&](int i, int j) {
    const auto first = column.begin() + row_start[i];
    const auto last = column.begin() + row_start[i + 1];
    return static_cast<int>(std::lower_bound(first, last, j) - column.begin());
  };
  for (int i = 0; i < n; ++i) diagonal_.push_back(place(i, i));
  for (const Branch& b : network.branches) {
    stamp_.push_back({place(b.from, b.from), place(b.from, b.to), place(b.to, b.from), place(b.to, b.to)});
    block_.push_back(branch_block(network, b));
    ratio_.push_back(b.ratio);
  }
  rebuild();
}

Branch GridState::branch_now(int branch) const {
  Branch now = network_->branches[branch];
  now.ratio = ratio_[branch];
  return now;
}

void GridState::set_ratio(int branch, double ratio) {
  ratio_[branch] = ratio;
  block_[branch] = branch_block(*network_, branch_now(branch));
}

std::vector<int> GridState::impossible_branches() const {
  std::vector<int> found;
  const auto finite = [](std::complex<double> v) {
    return std::isfinite(v.real()) && std::isfinite(v.imag());
  };
  for (std::size_t k = 0; k < block_.size(); ++k) {
    const BranchBlock& b = block_[k];
    if (!finite(b.ff) || !finite(b.ft) || !finite(b.tf) || !finite(b.tt))
      found.push_back(static_cast<int>(k));
  }
  return found;
}

bool GridState::has_fault() const {
  return !line_fault.empty() || std::any_of(fault.begin(), fault.end(), [](auto f) { return f != 0.0; });
}

bool GridState::end_closed(int branch, bool from) const {
  const auto found = line_fault.find(branch);
  if (found == line_fault.end()) return branch_closed[branch] != 0;
  return from ? found->second.from_closed : found->second.to_closed;
}

BranchBlock GridState::block_now(int branch) const {
  const auto found = line_fault.find(branch);
  if (found == line_fault.end()) return branch_closed[branch] != 0 ? block_[branch] : BranchBlock{};
  FaultedLine line = found->second;
  line.admittance *= fault_scale;
  return faulted_block(corrected_branch(*network_, branch_now(branch)), line);
}

void GridState::rebuild() {
  rebuild_matrix();
  Islands islands = find_islands(*network_, branch_closed);
  island = std::move(islands.of_bus);
  island_count = islands.count;
}

void GridState::rebuild_matrix() {
  // A branch to a bus out of service carries nothing: its other end is no short circuit.
  const auto out = [&](int bus) { return network_->buses[bus].type == BusType::ISOLATED; };
  std::fill(value.begin(), value.end(), 0.0);
  for (std::size_t k = 0; k < block_.size(); ++k) {
    if (out(network_->branches[k].from) || out(network_->branches[k].to)) continue;
    const bool plain = line_fault.empty();
    if (plain && branch_closed[k] == 0) continue;
    const BranchBlock block = plain ? block_[k] : block_now(static_cast<int>(k));
    value[stamp_[k].ff] += block.ff;
    value[stamp_[k].ft] += block.ft;
    value[stamp_[k].tf] += block.tf;
    value[stamp_[k].tt] += block.tt;
  }
  const std::vector<std::complex<double>> ground = to_ground();
  for (int i = 0; i < bus_count(); ++i) value[diagonal_[i]] += ground[i];
}

std::vector<std::complex<double>> GridState::to_ground() const {
  std::vector<std::complex<double>> ground(fault);
  for (auto& y : ground) y *= fault_scale;
  for (std::size_t k = 0; k < network_->shunts.size(); ++k) {
    const Shunt& s = network_->shunts[k];
    if (shunt_closed[k] != 0) ground[s.bus] += shunt_admittance(s, network_->base_MVA);
  }
  for (std::size_t k = 0; k < switched_shunt_Mvar.size(); ++k)
    if (const int bus = network_->switched_shunts[k].bus; network_->buses[bus].type != BusType::ISOLATED)
      ground[bus] += std::complex<double>(0, switched_shunt_Mvar[k] / network_->base_MVA);
  return ground;
}

BranchFlow GridState::flow(int branch, std::complex<double> v_from, std::complex<double> v_to) const {
  const Branch& b = network_->branches[branch];
  if (island[b.from] < 0 || island[b.to] < 0) return {0.0, 0.0};
  if (branch_closed[branch] == 0 && !line_fault.contains(branch)) return {0.0, 0.0};
  const BranchFlow flow = branch_flow(block_now(branch), v_from, v_to);
  return {network_->base_MVA * flow.from, network_->base_MVA * flow.to};
}

}  // namespace ballast
