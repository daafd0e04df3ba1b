/// \file
/// The models' equations on one lane of a tile: what a part reads is gathered into registers, what it gives
/// is put back. The thread's view of DeviceGroupOf.
#pragma once

#include <tuple>

#include "kernels/lane_view.hpp"
#include "kernels/model_rules.hpp"
#include "models/limit_move.hpp"
#include "models/model_list.hpp"

#if defined(__CUDACC__)
#define BALLAST_APART __noinline__  // one copy of each model's equations in a kernel
#else
#define BALLAST_APART
#endif

namespace ballast::batch {

template <class M>
struct LanePart {
  static constexpr int kX = static_cast<int>(M::kStates);
  static constexpr int kIn = static_cast<int>(M::kInputs);
  static constexpr int kOut = static_cast<int>(M::kOutputs);
  static constexpr int kMode = modes_of<M>();
  static constexpr int kLimit = limits_of<M>();
  static constexpr int kHold = held_of<M>();
  static constexpr int kGuard = guards_of<M>();
  using Derived = typename M::template Derived<double>;
  static constexpr int kNumbers = static_cast<int>(sizeof(Derived) / sizeof(double));

  BALLAST_HD static void equations(const ProblemView& p, const PartView& part, const LaneView& lane,
                                   double* guard, double* dxdt, double* out) {
    double x[room_for(kX)];
    double in[room_for(kIn)];
    double held[room_for(kHold)];
    int mode[room_for(kMode)];
    for (int k = 0; k < kX; ++k) x[k] = lane(p.at.x + part.x + k);
    for (int k = 0; k < kIn; ++k) in[k] = lane(p.at.s + p.in[part.in + k]);
    for (int k = 0; k < kHold; ++k) held[k] = lane(p.at.held + part.held + k);
    for (int k = 0; k < kMode; ++k) mode[k] = lane.whole(p.int_at.mode + part.mode + k);
    const double* numbers = part.own != 0 ? &lane(p.at.own + part.derived) : p.derived + part.derived;
    const int apart = part.own != 0 ? kTile : 1;
    Derived d;
    double* to = reinterpret_cast<double*>(&d);
    for (int k = 0; k < kNumbers; ++k) to[k] = numbers[k * apart];
    M::equations(x, in, d, Context<double, double>{mode, held, guard}, dxdt, out);
  }
  BALLAST_HD static bool is_on(const ProblemView& p, const PartView& part, const LaneView& lane) {
    return lane(p.at.active + part.plant) > 0.5;
  }

  static BALLAST_HD BALLAST_APART void outputs(const ProblemView& p, const PartView& part,
                                               const LaneView& lane) {
    double guard[room_for(kGuard)];
    double dxdt[room_for(kX)];
    double out[room_for(kOut)];
    equations(p, part, lane, guard, dxdt, out);
    const bool on = is_on(p, part, lane);
    outputs_from<0>(p, part, lane, on, out);
  }
  static BALLAST_HD BALLAST_APART void currents(const ProblemView& p, const PartView& part,
                                                const LaneView& lane) {
    constexpr int kR = current_of<M>(0);
    constexpr int kI = current_of<M>(1);
    if constexpr (kR >= 0) {
      double guard[room_for(kGuard)];
      double dxdt[room_for(kX)];
      double out[room_for(kOut)];
      equations(p, part, lane, guard, dxdt, out);
      const bool on = is_on(p, part, lane);
      lane(p.at.s + part.out + kR) = on ? out[kR] : 0.0;
      lane(p.at.s + part.out + kI) = on ? out[kI] : 0.0;
    }
  }
  /// Rates and guards; limits whose guards are positive are moved. Says whether any moved.
  static BALLAST_HD BALLAST_APART bool rates(const ProblemView& p, const PartView& part,
                                             const LaneView& lane) {
    double guard[room_for(kGuard)];
    double dxdt[room_for(kX)];
    double out[room_for(kOut)];
    equations(p, part, lane, guard, dxdt, out);
    const bool on = is_on(p, part, lane);
    for (int k = 0; k < kX; ++k) lane(p.at.f + part.x + k) = on ? dxdt[k] : 0.0;
    for (int k = 0; k < kGuard; ++k) {
      guard[k] = on ? guard[k] : -1.0;
      lane(p.at.guard + part.guard + k) = guard[k];
    }
    bool moved = false;
    for (int k = 0; k < kLimit; ++k)
      moved = move_limit(lane.whole(p.int_at.mode + part.mode + k), guard[2 * k] > kGuardTolerance,
                         guard[2 * k + 1] > kGuardTolerance) ||
              moved;
    return moved;
  }

 private:
  template <int K>
  BALLAST_HD static void outputs_from(const ProblemView& p, const PartView& part, const LaneView& lane,
                                      bool on, const double* out) {
    if constexpr (K < kOut) {
      double& s = lane(p.at.s + part.out + K);
      constexpr bool kNone = silenced<M>(K);
      if constexpr (kNone)
        s = on ? out[K] : 0.0;
      else if (on)
        s = out[K];
      outputs_from<K + 1>(p, part, lane, on, out);
    }
  }
};

namespace detail {
template <class List>
struct Models;
template <class... Ms>
struct Models<TypeList<Ms...>> {
  static constexpr int kCount = static_cast<int>(sizeof...(Ms));
  template <int K>
  using At = std::tuple_element_t<K, std::tuple<Ms...>>;
};
/// work.run<Model>() for the model at place `model` of AllModels, found by halving.
template <int kFirst, int kEnd, class Work>
BALLAST_HD bool with_model(int model, const Work& work) {
  if constexpr (kEnd - kFirst == 1) {
    return work.template run<typename Models<AllModels>::template At<kFirst>>();
  } else {
    constexpr int kMiddle = (kFirst + kEnd) / 2;
    return model < kMiddle ? with_model<kFirst, kMiddle>(model, work)
                           : with_model<kMiddle, kEnd>(model, work);
  }
}

struct Outputs {
  const ProblemView& p;
  const PartView& part;
  const LaneView& lane;
  bool currents_only;
  template <class M>
  BALLAST_HD bool run() const {
    if (currents_only)
      LanePart<M>::currents(p, part, lane);
    else
      LanePart<M>::outputs(p, part, lane);
    return false;
  }
};
struct Rates {
  const ProblemView& p;
  const PartView& part;
  const LaneView& lane;
  template <class M>
  BALLAST_HD bool run() const {
    return LanePart<M>::rates(p, part, lane);
  }
};
}  // namespace detail

BALLAST_HD inline void give_outputs(const ProblemView& p, const Task& task, const LaneView& lane) {
  const PartView& part = p.part[task.part];
  (void)detail::with_model<0, detail::Models<AllModels>::kCount>(
      part.model, detail::Outputs{p, part, lane, task.currents_only != 0});
}
BALLAST_HD inline bool give_rates(const ProblemView& p, int part_index, const LaneView& lane) {
  const PartView& part = p.part[part_index];
  return detail::with_model<0, detail::Models<AllModels>::kCount>(part.model, detail::Rates{p, part, lane});
}

}  // namespace ballast::batch
