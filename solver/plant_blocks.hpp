/// \file
/// Blocks of unknowns that couple among themselves and with a few unknowns outside: one per plant, as a rule.
/// Each is eliminated by its own small sparse LU; what remains is a stamp on the unknowns outside.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "models/pack.hpp"

namespace ballast {

/// A block: its unknowns, and the matrix entries of its rows and columns.
struct PlantBlock {
  struct Entry {
    int row, column;  ///< index into `unknowns`, or unknowns.size() + index into rows or columns
    int slot;         ///< of the value in the whole matrix
  };
  std::vector<int> unknowns;
  std::vector<int> rows;     ///< equations outside that read the block's unknowns
  std::vector<int> columns;  ///< unknowns outside that the block's equations read
  std::vector<Entry> entries;
};

/// Blocks of one pattern share their elimination order (least Markowitz count, pivots on the diagonal) and go
/// through it four at a time, one per lane.
class PlantBlocks {
 public:
  static constexpr int kLanes = 4;

  void clear();
  void add(const PlantBlock& block);
  /// After the last add(). `place(row, column)` says where an entry of the matrix outside stands,
  /// `position(unknown)` where an unknown stands in its vectors.
  template <class Place, class Position>
  void finish(Place&& place, Position&& position);

  /// Which entries outside a block's stamp fills: calls work(row, column) of unknowns.
  template <class Work>
  void each_stamp(Work&& work) const;

  /// Factors all blocks of the whole matrix `values` and adds their stamps to `outside`.
  void factor(const double* values, double* outside);
  /// Takes the blocks' part out of the right-hand side x (of the whole matrix) and subtracts what it does to
  /// the equations outside.
  void forward(const double* x, double* outside);
  /// After the unknowns outside are solved: writes the blocks' unknowns into x.
  void back(double* x, const double* outside);
  [[nodiscard]] int count() const { return count_; }
  [[nodiscard]] int shape_count() const { return static_cast<int>(shapes_.size()); }

 private:
  using Lanes = Pack<kLanes>;
  struct Step {  ///< of the elimination: its values are 1/pivot, then L of the rows, then U of the columns
    int first;   ///< value of the pivot
    int rows, columns;
    int place;   ///< first of its rows, then of its columns, in Shape::places
    int target;  ///< first of the values its rows times columns update
  };
  /// One pattern and its elimination.
  struct Shape {
    int unknowns = 0, rows = 0, columns = 0;
    int values = 0;          ///< of the eliminated block, stamp included
    std::vector<int> order;  ///< [unknown] step that eliminates it
    std::vector<Step> steps;
    std::vector<int> places;   ///< in the block's vector: step, or unknowns + border index
    std::vector<int> targets;  ///< values
    std::vector<int> entry;    ///< [entry of the block] value
    struct Stamp {
      int value, row, column;  ///< of the border
    };
    std::vector<Stamp> stamps;
    std::vector<PlantBlock> blocks;  ///< emptied by finish()
  };
  /// Up to kLanes blocks of a shape; missing ones repeat the last. Places of its first numbers in the arrays
  /// below, each [.. * kLanes].
  struct Chunk {
    int shape, used;
    int value, vector, slot, unknown, row, column, stamp;
  };
  [[nodiscard]] static Shape eliminate(const PlantBlock& block);

  int count_ = 0;
  std::map<std::vector<int>, int> shape_of_;  ///< by pattern
  std::vector<Shape> shapes_;
  std::vector<Chunk> chunks_;
  std::vector<Lanes> values_, vectors_;
  using Index = std::array<int, kLanes>;
  std::vector<Index> slots_, unknowns_, rows_, columns_, stamps_;
};

template <class Work>
void PlantBlocks::each_stamp(Work&& work) const {
  for (const Shape& s : shapes_)
    for (const PlantBlock& b : s.blocks)
      for (const Shape::Stamp& stamp : s.stamps) work(b.rows[stamp.row], b.columns[stamp.column]);
}

template <class Place, class Position>
void PlantBlocks::finish(Place&& place, Position&& position) {
  int values = 0;
  int vectors = 0;
  for (std::size_t k = 0; k < shapes_.size(); ++k) {
    Shape& s = shapes_[k];
    for (std::size_t first = 0; first < s.blocks.size(); first += kLanes) {
      const std::size_t used = std::min<std::size_t>(kLanes, s.blocks.size() - first);
      const auto at = [](const std::vector<Index>& list) { return static_cast<int>(list.size()); };
      chunks_.push_back({static_cast<int>(k), static_cast<int>(used), values, vectors, at(slots_),
                         at(unknowns_), at(rows_), at(columns_), at(stamps_)});
      values += s.values;
      vectors += s.unknowns + std::max(s.rows, s.columns);
      const auto list = [&](std::vector<Index>& to, std::size_t length, auto&& number) {
        for (std::size_t i = 0; i < length; ++i) {
          Index index;
          for (std::size_t lane = 0; lane < kLanes; ++lane)
            index[lane] = number(s.blocks[first + std::min(lane, used - 1)], i);
          to.push_back(index);
        }
      };
      std::vector<int> unknown_at(s.unknowns);
      for (int i = 0; i < s.unknowns; ++i) unknown_at[s.order[i]] = i;
      list(slots_, s.entry.size(), [](const PlantBlock& b, std::size_t i) { return b.entries[i].slot; });
      list(unknowns_, s.unknowns,
           [&](const PlantBlock& b, std::size_t i) { return b.unknowns[unknown_at[i]]; });
      list(rows_, s.rows, [&](const PlantBlock& b, std::size_t i) { return position(b.rows[i]); });
      list(columns_, s.columns, [&](const PlantBlock& b, std::size_t i) { return position(b.columns[i]); });
      list(stamps_, s.stamps.size(), [&](const PlantBlock& b, std::size_t i) {
        return place(b.rows[s.stamps[i].row], b.columns[s.stamps[i].column]);
      });
    }
    s.blocks.clear();
  }
  values_.assign(values, Lanes{});
  vectors_.assign(vectors, Lanes{});
}

}  // namespace ballast
