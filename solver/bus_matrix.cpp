#include "solver/bus_matrix.hpp"

#include <amd.h>

#include <algorithm>
#include <cstring>

#include "models/pack.hpp"

namespace ballast {
namespace {

using Four = detail::Vectors<4>::Vector;
using Two = detail::Vectors<2>::Vector;

template <class V>
V load(const double* from) {
  V v;
  std::memcpy(&v, from, sizeof v);
  return v;
}
template <class V>
void store(double* to, V v) {
  std::memcpy(to, &v, sizeof v);
}

/// a b of two blocks, columns one after the other.
Four product(Four a, Four b) {
  return __builtin_shufflevector(a, a, 0, 1, 0, 1) * __builtin_shufflevector(b, b, 0, 0, 2, 2) +
         __builtin_shufflevector(a, a, 2, 3, 2, 3) * __builtin_shufflevector(b, b, 1, 1, 3, 3);
}
/// b x
Two times(const double* b, const double* x) {
  return load<Two>(b) * (Two{} + x[0]) + load<Two>(b + 2) * (Two{} + x[1]);
}

}  // namespace

void BusMatrix::plan(int blocks, const std::vector<std::pair<int, int>>& couplings) {
  // The symmetric pattern, compressed, without the diagonal.
  std::vector<std::vector<int>> near(blocks);
  for (const auto& [a, b] : couplings) {
    near[a].push_back(b);
    near[b].push_back(a);
  }
  std::vector<int> start(1, 0);
  std::vector<int> index;
  for (auto& list : near) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
    index.insert(index.end(), list.begin(), list.end());
    start.push_back(static_cast<int>(index.size()));
  }
  std::vector<int> at(blocks);  // [place] block
  if (blocks > 0) amd_order(blocks, start.data(), index.data(), at.data(), nullptr, nullptr);
  order_.assign(blocks, 0);
  for (int p = 0; p < blocks; ++p) order_[at[p]] = p;

  // Rows of each column of L: its own, and those of the columns whose first row it is.
  std::vector<std::vector<int>> below(blocks);
  for (int p = 0; p < blocks; ++p)
    for (const int b : near[at[p]])
      if (order_[b] > p) below[p].push_back(order_[b]);
  first_.assign(1, 0);
  rows_.clear();
  for (int p = 0; p < blocks; ++p) {
    auto& rows = below[p];
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    if (!rows.empty()) below[rows.front()].insert(below[rows.front()].end(), rows.begin() + 1, rows.end());
    rows_.insert(rows_.end(), rows.begin(), rows.end());
    first_.push_back(static_cast<int>(rows_.size()));
  }
  update_at_.clear();
  for (int p = 0; p < blocks; ++p)
    for (int a = first_[p]; a < first_[p + 1]; ++a) {
      int q = first_[rows_[a]];
      for (int b = a + 1; b < first_[p + 1]; ++b) {
        while (rows_[q] != rows_[b]) ++q;
        update_at_.push_back(q);
      }
    }
  diagonal_ = static_cast<std::size_t>(blocks);
  store_.assign(diagonal_ + 2 * rows_.size(), Block{});
}

int BusMatrix::place(int row, int column) const {
  const int r = order_[row / 2];
  const int c = order_[column / 2];
  const int within = 2 * (column % 2) + row % 2;
  if (r == c) return 4 * r + within;
  const int low = std::min(r, c);
  const auto begin = rows_.begin() + first_[low];
  const auto end = rows_.begin() + first_[low + 1];
  const auto k = std::lower_bound(begin, end, std::max(r, c)) - rows_.begin();
  const auto block = diagonal_ + (r > c ? 0 : rows_.size()) + static_cast<std::size_t>(k);
  return 4 * static_cast<int>(block) + within;
}

void BusMatrix::clear() { std::fill(store_.begin(), store_.end(), Block{}); }

void BusMatrix::factor() {
  Block* const D = store_.data();
  Block* const L = D + diagonal_;
  Block* const U = L + rows_.size();
  const int* update = update_at_.data();
  for (std::size_t p = 0; p < diagonal_; ++p) {
    const double* d = D[p].v;
    const double one = 1 / (d[0] * d[3] - d[1] * d[2]);
    const Four inverse = {d[3] * one, -d[1] * one, -d[2] * one, d[0] * one};
    store(D[p].v, inverse);
    const int first = first_[p];
    const int last = first_[p + 1];
    for (int a = first; a < last; ++a) store(L[a].v, product(load<Four>(L[a].v), inverse));
    for (int a = first; a < last; ++a) {
      const Four l = load<Four>(L[a].v);
      const Four u = load<Four>(U[a].v);
      double* diagonal = D[rows_[a]].v;
      store(diagonal, load<Four>(diagonal) - product(l, u));
      for (int b = a + 1; b < last; ++b) {
        const int q = *update++;
        store(U[q].v, load<Four>(U[q].v) - product(l, load<Four>(U[b].v)));
        store(L[q].v, load<Four>(L[q].v) - product(load<Four>(L[b].v), u));
      }
    }
  }
}

void BusMatrix::solve(double* x) const {
  const Block* const D = store_.data();
  const Block* const L = D + diagonal_;
  const Block* const U = L + rows_.size();
  for (std::size_t p = 0; p < diagonal_; ++p)
    for (int a = first_[p]; a < first_[p + 1]; ++a) {
      double* to = x + 2 * rows_[a];
      store(to, load<Two>(to) - times(L[a].v, x + 2 * p));
    }
  for (std::size_t p = diagonal_; p-- > 0;) {
    Two sum = load<Two>(x + 2 * p);
    for (int a = first_[p]; a < first_[p + 1]; ++a) sum -= times(U[a].v, x + 2 * rows_[a]);
    double rest[2];
    store(rest, sum);
    store(x + 2 * p, times(D[p].v, rest));
  }
}

}  // namespace ballast
