#include "solver/plant_blocks.hpp"

#include <algorithm>

namespace ballast {

void PlantBlocks::clear() { *this = PlantBlocks(); }

void PlantBlocks::add(const PlantBlock& block) {
  std::vector<int> key{static_cast<int>(block.unknowns.size()), static_cast<int>(block.rows.size()),
                       static_cast<int>(block.columns.size())};
  for (const PlantBlock::Entry& e : block.entries) {
    key.push_back(e.row);
    key.push_back(e.column);
  }
  const auto [found, fresh] = shape_of_.emplace(std::move(key), static_cast<int>(shapes_.size()));
  if (fresh) shapes_.push_back(eliminate(block));
  shapes_[found->second].blocks.push_back(block);
  ++count_;
}

PlantBlocks::Shape PlantBlocks::eliminate(const PlantBlock& block) {
  Shape s;
  s.unknowns = static_cast<int>(block.unknowns.size());
  s.rows = static_cast<int>(block.rows.size());
  s.columns = static_cast<int>(block.columns.size());
  const int height = s.unknowns + s.rows;
  const int width = s.unknowns + s.columns;
  // -1: zero; otherwise the number of the value once it has one, 0 before.
  std::vector<int> value(static_cast<std::size_t>(height) * width, -1);
  const auto at = [&](int r, int c) -> int& { return value[static_cast<std::size_t>(r) * width + c]; };
  for (const PlantBlock::Entry& e : block.entries) at(e.row, e.column) = 0;

  // Symbolic elimination: the pivot whose row and column make the smallest product, the first on ties.
  std::vector<char> done(std::max(height, width), 0);
  std::vector<int> sequence;
  std::vector<std::vector<int>> below(s.unknowns);
  std::vector<std::vector<int>> beside(s.unknowns);
  const auto each_below = [&](int p, auto&& work) {
    for (int r = 0; r < height; ++r)
      if (r != p && (r >= s.unknowns || done[r] == 0) && at(r, p) >= 0) work(r);
  };
  const auto each_beside = [&](int p, auto&& work) {
    for (int c = 0; c < width; ++c)
      if (c != p && (c >= s.unknowns || done[c] == 0) && at(p, c) >= 0) work(c);
  };
  s.order.assign(s.unknowns, 0);
  for (int step = 0; step < s.unknowns; ++step) {
    int best = -1;
    int least = 0;
    for (int p = 0; p < s.unknowns; ++p) {
      if (done[p] != 0) continue;
      int rows = 0;
      int columns = 0;
      each_below(p, [&](int) { ++rows; });
      each_beside(p, [&](int) { ++columns; });
      const int work = rows * columns;
      if (best >= 0 && work >= least) continue;
      best = p;
      least = work;
    }
    each_below(best, [&](int r) { below[best].push_back(r); });
    each_beside(best, [&](int c) { beside[best].push_back(c); });
    done[best] = 1;
    s.order[best] = step;
    sequence.push_back(best);
    for (const int r : below[best])
      for (const int c : beside[best]) at(r, c) = std::max(at(r, c), 0);
  }

  // Numbers of the values, then the lists that walk them.
  for (const int p : sequence) {
    at(p, p) = s.values++;
    for (const int r : below[p]) at(r, p) = s.values++;
    for (const int c : beside[p]) at(p, c) = s.values++;
  }
  for (int r = 0; r < s.rows; ++r)
    for (int c = 0; c < s.columns; ++c)
      if (int& v = at(s.unknowns + r, s.unknowns + c); v >= 0) {
        v = s.values++;
        s.stamps.push_back({v, r, c});
      }
  const auto place = [&](int i) { return i < s.unknowns ? s.order[i] : i; };
  for (const int p : sequence) {
    s.steps.push_back({at(p, p), static_cast<int>(below[p].size()), static_cast<int>(beside[p].size()),
                       static_cast<int>(s.places.size()), static_cast<int>(s.targets.size())});
    for (const int r : below[p]) s.places.push_back(place(r));
    for (const int c : beside[p]) s.places.push_back(place(c));
    for (const int r : below[p])
      for (const int c : beside[p]) s.targets.push_back(at(r, c));
  }
  for (const PlantBlock::Entry& e : block.entries) s.entry.push_back(at(e.row, e.column));
  return s;
}

void PlantBlocks::factor(const double* values, double* outside) {
  std::fill(values_.begin(), values_.end(), Lanes{});
  for (const Chunk& chunk : chunks_) {
    const Shape& s = shapes_[chunk.shape];
    Lanes* const v = values_.data() + chunk.value;
    for (std::size_t i = 0; i < s.entry.size(); ++i) {
      const Index& slot = slots_[chunk.slot + i];
      v[s.entry[i]] =
          Lanes(Lanes::Vector{values[slot[0]], values[slot[1]], values[slot[2]], values[slot[3]]});
    }
    for (const Step& step : s.steps) {
      const Lanes inverse = 1.0 / v[step.first];
      v[step.first] = inverse;
      const Lanes* const u = v + step.first + 1 + step.rows;
      const int* target = s.targets.data() + step.target;
      for (int a = 0; a < step.rows; ++a) {
        Lanes& l = v[step.first + 1 + a];
        l = l * inverse;
        const Lanes factor = l;
        for (int b = 0; b < step.columns; ++b, ++target) v[*target] = v[*target] - factor * u[b];
      }
    }
    for (std::size_t i = 0; i < s.stamps.size(); ++i)
      for (int lane = 0; lane < chunk.used; ++lane)
        outside[stamps_[chunk.stamp + i][lane]] += v[s.stamps[i].value][lane];
  }
}

void PlantBlocks::forward(const double* x, double* outside) {
  for (const Chunk& chunk : chunks_) {
    const Shape& s = shapes_[chunk.shape];
    const Lanes* const v = values_.data() + chunk.value;
    Lanes* const y = vectors_.data() + chunk.vector;
    for (int i = 0; i < s.unknowns; ++i) {
      const Index& from = unknowns_[chunk.unknown + i];
      y[i] = Lanes(Lanes::Vector{x[from[0]], x[from[1]], x[from[2]], x[from[3]]});
    }
    std::fill_n(y + s.unknowns, s.rows, Lanes{});
    for (int p = 0; p < s.unknowns; ++p) {
      const Step& step = s.steps[p];
      const Lanes* const l = v + step.first + 1;
      const int* const place = s.places.data() + step.place;
      const Lanes known = y[p];
      for (int a = 0; a < step.rows; ++a) y[place[a]] = y[place[a]] - l[a] * known;
    }
    for (int r = 0; r < s.rows; ++r)
      for (int lane = 0; lane < chunk.used; ++lane)
        outside[rows_[chunk.row + r][lane]] += y[s.unknowns + r][lane];
  }
}

void PlantBlocks::back(double* x, const double* outside) {
  for (const Chunk& chunk : chunks_) {
    const Shape& s = shapes_[chunk.shape];
    const Lanes* const v = values_.data() + chunk.value;
    Lanes* const y = vectors_.data() + chunk.vector;
    for (int c = 0; c < s.columns; ++c) {
      const Index& from = columns_[chunk.column + c];
      y[s.unknowns + c] =
          Lanes(Lanes::Vector{outside[from[0]], outside[from[1]], outside[from[2]], outside[from[3]]});
    }
    for (int p = s.unknowns - 1; p >= 0; --p) {
      const Step& step = s.steps[p];
      const Lanes* const u = v + step.first + 1 + step.rows;
      const int* const place = s.places.data() + step.place + step.rows;
      Lanes sum = y[p];
      for (int b = 0; b < step.columns; ++b) sum = sum - u[b] * y[place[b]];
      y[p] = sum * v[step.first];
    }
    for (int i = 0; i < s.unknowns; ++i)
      for (int lane = 0; lane < chunk.used; ++lane) x[unknowns_[chunk.unknown + i][lane]] = y[i][lane];
  }
}

}  // namespace ballast
