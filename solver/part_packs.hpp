/// \file
/// Parts of one model side by side in SIMD lanes. Included by part_group_of.hpp.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "models/pack.hpp"
#include "solver/part_group.hpp"

namespace ballast {

/// Four parts of a group at a time, with the bits that each gives alone. The pass for outputs keeps the rates
/// and guards that come with them: the pass for rates takes these unless an input that outputs do not depend
/// on has been given since.
template <class M>
class PartPacks {
 public:
  static constexpr int kLanes = 4;

  PartPacks(const PartGroup& group) : group_(group) {}

  /// Takes the parameters of a part; parts come in their order.
  void add(int part, std::span<const double> parameters, const Ratings& ratings) {
    if (packs_.empty()) find_late();
    if (part % kLanes == 0) packs_.emplace_back();
    set(part, parameters, ratings);
  }
  void set(int part, std::span<const double> parameters, const Ratings& ratings) {
    Lanes p[room_for(parameters_of<M>())];
    for (std::size_t k = 0; k < parameters.size(); ++k) p[k] = Lanes(parameters[k]);
    const Derived all = M::template derive<Lanes>(p, ratings);
    const auto narrow = M::template derive<double>(parameters.data(), ratings);
    Pack& pack = packs_[part / kLanes];
    // Lane by lane: Derived holds one pack where the other holds a number, or these parts cannot share one.
    char* const to = reinterpret_cast<char*>(&pack.derived);
    const char* const wide = reinterpret_cast<const char*>(&all);
    const char* const one = reinterpret_cast<const char*>(&narrow);
    for (std::size_t word = 0; word < sizeof(Derived) / sizeof(Lanes); ++word)
      for (int lane = 0; lane < kLanes; ++lane) {
        const std::size_t at = word * sizeof(Lanes) + lane * sizeof(double);
        if (sizeof narrow * kLanes != sizeof all ||
            std::memcmp(wide + at, one + word * sizeof(double), sizeof(double)) != 0)
          usable_ = false;
        if (lane == part % kLanes) std::memcpy(to + at, wide + at, sizeof(double));
      }
  }

  /// Whether the parts from `first` on, before `last`, fill a pack that can be evaluated as one.
  [[nodiscard]] bool has(int first, int last) const {
    if (!usable_ || first % kLanes != 0 || first + kLanes > last) return false;
    return std::all_of(group_.active.begin() + first, group_.active.begin() + first + kLanes,
                       [](char active) { return active != 0; });
  }
  void evaluate_outputs(int first, const double* y, double* signals) {
    Pack& pack = packs_[first / kLanes];
    evaluate(first, y, signals, pack);
    pack.fresh = true;
    scatter<kOut>(pack.out, [&](int lane) { return signals + group_.out_at[first + lane]; });
  }
  /// After evaluate_outputs() at the same point.
  void evaluate_rates(int first, const double* y, const double* signals, double* f, double* guard) {
    Pack& pack = packs_[first / kLanes];
    if (!pack.fresh || !late_inputs_are(first, signals, pack)) evaluate(first, y, signals, pack);
    pack.fresh = false;
    scatter<kX>(pack.dxdt, [&](int lane) { return f + group_.x_at[first + lane]; });
    scatter<kGuard>(pack.guard,
                    [&](int lane) { return guard + static_cast<std::ptrdiff_t>(first + lane) * kGuard; });
  }

 private:
  using Lanes = ballast::Pack<kLanes>;
  using Vector = Lanes::Vector;
  using Derived = typename M::template Derived<Lanes>;
  static constexpr int kX = static_cast<int>(M::kStates);
  static constexpr int kIn = static_cast<int>(M::kInputs);
  static constexpr int kOut = static_cast<int>(M::kOutputs);
  static constexpr int kGuard = guards_of<M>();
  static constexpr int kModes = modes_of<M>();
  static constexpr int kHeld = held_of<M>();

  struct Pack {
    Derived derived;
    Lanes in[room_for(kIn)];  ///< where it was evaluated
    Lanes dxdt[room_for(kX)], out[room_for(kOut)], guard[room_for(kGuard)];
    Mode<Lanes> mode[room_for(kModes)];
    Lanes held[room_for(kHeld)];
    int seen_mode[room_for(kLanes * kModes)] = {};  ///< of the group, from which `mode` was taken
    long seen_moves = -1;                           ///< of the group, after which `held` was taken
    bool fresh = false;                             ///< dxdt and guard are of the point whose rates come next
  };

  void evaluate(int first, const double* y, const double* signals, Pack& pack) {
    Lanes x[room_for(kX)];
    const int* const x_at = group_.x_at.data() + first;
    for (int k = 0; k < kX; ++k)
      x[k] = Lanes(Vector{y[x_at[0] + k], y[x_at[1] + k], y[x_at[2] + k], y[x_at[3] + k]});
    for (int k = 0; k < kIn; ++k) pack.in[k] = input(first, k, signals);
    take_modes(first, pack);
    M::equations(x, pack.in, pack.derived, Context<Lanes, Lanes>{pack.mode, pack.held, pack.guard}, pack.dxdt,
                 pack.out);
  }
  [[nodiscard]] Lanes input(int first, int k, const double* signals) const {
    const int* const at = group_.in_at.data() + static_cast<std::ptrdiff_t>(first) * kIn + k;
    return Lanes(Vector{signals[at[0]], signals[at[kIn]], signals[at[2 * kIn]], signals[at[3 * kIn]]});
  }
  /// Whether inputs that no output depends on, and that may be given later, are still what they were.
  [[nodiscard]] bool late_inputs_are(int first, const double* signals, const Pack& pack) const {
    return std::all_of(late_.begin(), late_.end(), [&](int k) {
      const Lanes now = input(first, k, signals);
      return std::memcmp(&now, &pack.in[k], sizeof now) == 0;
    });
  }
  void find_late() {
    for (int k = 0; k < kIn; ++k)
      if (std::none_of(group_.pattern.begin() + kX, group_.pattern.end(),
                       [&](std::uint64_t row) { return (row >> (kX + k) & 1U) != 0; }))
        late_.push_back(k);
  }
  void take_modes(int first, Pack& pack) {
    const auto mode =
        std::span(group_.mode).subspan(static_cast<std::size_t>(first) * kModes, kLanes * kModes);
    if (!std::equal(mode.begin(), mode.end(), pack.seen_mode)) {
      std::copy(mode.begin(), mode.end(), pack.seen_mode);
      for (int k = 0; k < kModes; ++k)
        for (int lane = 0; lane < kLanes; ++lane) pack.mode[k].set(lane, mode[lane * kModes + k]);
    }
    if (pack.seen_moves == group_.moves) return;
    pack.seen_moves = group_.moves;
    const double* const held = group_.held.data() + static_cast<std::ptrdiff_t>(first) * kHeld;
    for (int k = 0; k < kHeld; ++k)
      for (int lane = 0; lane < kLanes; ++lane) pack.held[k].set(lane, held[lane * kHeld + k]);
  }

  /// `count` numbers of every lane to where the lane keeps them: four by four transposed.
  template <int count, class Place>
  static void scatter(const Lanes* from, Place&& place) {
    int k = 0;
    for (; k + kLanes <= count; k += kLanes) {
      const Vector low[] = {__builtin_shufflevector(from[k].v, from[k + 1].v, 0, 4, 2, 6),
                            __builtin_shufflevector(from[k + 2].v, from[k + 3].v, 0, 4, 2, 6)};
      const Vector high[] = {__builtin_shufflevector(from[k].v, from[k + 1].v, 1, 5, 3, 7),
                             __builtin_shufflevector(from[k + 2].v, from[k + 3].v, 1, 5, 3, 7)};
      Lanes(__builtin_shufflevector(low[0], low[1], 0, 1, 4, 5)).store(place(0) + k);
      Lanes(__builtin_shufflevector(high[0], high[1], 0, 1, 4, 5)).store(place(1) + k);
      Lanes(__builtin_shufflevector(low[0], low[1], 2, 3, 6, 7)).store(place(2) + k);
      Lanes(__builtin_shufflevector(high[0], high[1], 2, 3, 6, 7)).store(place(3) + k);
    }
    for (; k < count; ++k)
      for (int lane = 0; lane < kLanes; ++lane) place(lane)[k] = from[k][lane];
  }
  const PartGroup& group_;
  std::vector<Pack> packs_;
  std::vector<int> late_;  ///< inputs that no output depends on
  bool usable_ = true;
};

/// Stands where the parts of a model go one by one.
struct NoPartPacks {
  NoPartPacks(const PartGroup&) {}
  void add(int, std::span<const double>, const Ratings&) {}
  void set(int, std::span<const double>, const Ratings&) {}
};

}  // namespace ballast
