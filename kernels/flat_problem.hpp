/// \file
/// A problem as flat memory for a Machine, and a lane's columns to and from the engine's Store. Private to
/// kernels/.
#pragma once

#include <cstddef>
#include <vector>

#include "kernels/evaluator.hpp"
#include "kernels/machine.hpp"

namespace ballast::batch {

class FlatProblem {
 public:
  FlatProblem(const Evaluator& evaluator, double extremes_from_s, int team);

  [[nodiscard]] FlatMemory memory() const { return {bytes_, &FlatProblem::view_at, this}; }
  [[nodiscard]] const ProblemView& layout() const { return view_; }

  /// A lane's numbers into its column; h1 and h2 as they are there.
  void to_column(const Store<double>& store, double* column, int* ints) const;
  /// And back; `store` comes from Evaluator::make_store.
  void from_column(const double* column, const int* ints, Store<double>& store) const;

 private:
  const Evaluator& evaluator_;
  ProblemView view_{};  ///< its pointers are null: places are in offsets_
  std::vector<std::byte> bytes_;
  struct Place {
    std::size_t in_view, at;  ///< of a pointer in ProblemView; of its array in bytes_
  };
  std::vector<Place> places_;

  static ProblemView view_at(const void* flat, const std::byte* base);
  template <class V>
  void array(const V* ProblemView::*pointer, const std::vector<V>& items);
  void place(const void* pointer_in_view, const void* data, std::size_t bytes);
  void levels(Levels& to, const std::vector<Span>& spans);
  void rows(RowLevels& to, bool forward);
  void describe_parts();
  void describe_network();
  void lay_out();
  template <class Column, class Ints, class AStore, class Move>
  void each(Column column, Ints ints, AStore& store, Move&& move) const;
};

}  // namespace ballast::batch
