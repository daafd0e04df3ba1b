#include "solver/grid_state.hpp"

#include <algorithm>
#include <numbers>

namespace ballast {
namespace {
using Complex64 = std::complex<double>;

int root(std::vector<int>& parent, int i) {
  while (parent[i] != i) i = parent[i] = parent[parent[i]];
  return i;
}
}  // namespace

GridState::GridState(const Network& network) : network_(&network) {
  const int n = bus_count();
  branch_closed.reserve(network.branches.size());
  for (const Branch& b : network.branches) branch_closed.push_back(b.in_service ? 1 : 0);
  for (const Shunt& s : network.shunts) shunt_closed.push_back(s.in_service ? 1 : 0);
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
    const Complex64 series = 1.0 / Complex64(b.R, b.X);
    const Complex64 half(0, b.B / 2);
    const Complex64 tap = std::polar(b.ratio, b.angle_deg * std::numbers::pi / 180);
    block_.push_back({(series + half + Complex64(b.GI, b.BI)) / std::norm(tap), -series / std::conj(tap),
                      -series / tap, series + half + Complex64(b.GJ, b.BJ)});
  }
  rebuild();
}

void GridState::rebuild() {
  std::fill(value.begin(), value.end(), 0.0);
  for (std::size_t k = 0; k < block_.size(); ++k) {
    if (branch_closed[k] == 0) continue;
    value[stamp_[k].ff] += block_[k].ff;
    value[stamp_[k].ft] += block_[k].ft;
    value[stamp_[k].tf] += block_[k].tf;
    value[stamp_[k].tt] += block_[k].tt;
  }
  for (std::size_t k = 0; k < network_->shunts.size(); ++k) {
    const Shunt& s = network_->shunts[k];
    if (shunt_closed[k] != 0) value[diagonal_[s.bus]] += Complex64(s.G_MW, s.B_Mvar) / network_->base_MVA;
  }
  for (int i = 0; i < bus_count(); ++i) value[diagonal_[i]] += fault[i];

  std::vector<int> parent(bus_count());
  for (int i = 0; i < bus_count(); ++i) parent[i] = i;
  for (std::size_t k = 0; k < block_.size(); ++k) {
    if (branch_closed[k] == 0) continue;
    const int a = root(parent, network_->branches[k].from);
    const int b = root(parent, network_->branches[k].to);
    parent[std::max(a, b)] = std::min(a, b);
  }
  island.assign(bus_count(), -1);
  island_count = 0;
  for (int i = 0; i < bus_count(); ++i) {
    const int r = root(parent, i);
    if (island[r] < 0) island[r] = island_count++;
    island[i] = island[r];
  }
}

std::pair<Complex64, Complex64> GridState::flow(int branch, Complex64 v_from, Complex64 v_to) const {
  if (branch_closed[branch] == 0) return {0.0, 0.0};
  const Block& b = block_[branch];
  const double base = network_->base_MVA;
  return {base * v_from * std::conj(b.ff * v_from + b.ft * v_to), base * v_to * std::conj(b.tf * v_from + b.tt * v_to)};
}

}  // namespace ballast
