/// \file
/// DeviceGroup for one model type: the only place where model equations are instantiated for the batch.
/// Included by the generated source file of each model, and by nothing else.
#pragma once

#include <cstring>
#include <type_traits>

#include "kernels/device_group.hpp"
#include "models/limit_move.hpp"

namespace ballast::batch {

template <class M>
class DeviceGroupOf final : public DeviceGroup {
  static constexpr int kX = static_cast<int>(M::kStates);
  static constexpr int kIn = static_cast<int>(M::kInputs);
  static constexpr int kOut = static_cast<int>(M::kOutputs);
  static constexpr int kMode = modes_of<M>();
  static constexpr int kLimit = limits_of<M>();
  static constexpr int kHold = held_of<M>();
  static constexpr int kTime = timers_of<M>();
  static constexpr int kGuard = guards_of<M>();
  static constexpr int kParameters = parameters_of<M>();
  template <class T>
  using Derived = typename M::template Derived<T>;
  static constexpr int kNumbers = static_cast<int>(sizeof(Derived<double>) / sizeof(double));
  static_assert(std::is_empty_v<Derived<double>> ||
                    sizeof(Derived<Lanes>) == kLanes * sizeof(Derived<double>),
                "derived parameters are numbers of the parameter type and nothing else");

 public:
  DeviceGroupOf() {
    states = kX;
    inputs = kIn;
    outputs = kOut;
    modes = kMode;
    limits = kLimit;
    held = kHold;
    timers = kTime;
    guards = kGuard;
    Ir = current_of<M>(0);
    Ii = current_of<M>(1);
  }

  void bind(const Problem& problem, const Group& group, std::vector<int> own_of_part) override {
    group_ = &group;
    own_ = std::move(own_of_part);
    derived_.clear();
    for (int i = 0; i < group.count(); ++i)
      derived_.push_back(
          M::template derive<double>(group.parameters.data() + static_cast<std::size_t>(i) * kParameters,
                                     {group.device_MVA[i], problem.base_MVA, problem.frequency_Hz}));
  }
  [[nodiscard]] int derived_size() const override { return kNumbers; }
  void derive(const double* parameters, double device_MVA, const Problem& problem,
              double* numbers) const override {
    const Derived<double> d =
        M::template derive<double>(parameters, {device_MVA, problem.base_MVA, problem.frequency_Hz});
    std::memcpy(numbers, static_cast<const void*>(&d), sizeof d);
  }

  void evaluate_outputs(int first, int last, Store<double>& store) const override {
    outputs_of<false>(first, last, store);
  }
  void evaluate_outputs(int first, int last, Store<Lanes>& store) const override {
    outputs_of<false>(first, last, store);
  }
  void evaluate_currents(int first, int last, Store<double>& store) const override {
    outputs_of<true>(first, last, store);
  }
  void evaluate_currents(int first, int last, Store<Lanes>& store) const override {
    outputs_of<true>(first, last, store);
  }
  void evaluate_rates(int first, int last, Store<double>& store) const override {
    rates_of(first, last, store);
  }
  void evaluate_rates(Store<double>& store) const override { rates_of(0, group_->count(), store); }
  void evaluate_rates(Store<Lanes>& store) const override { rates_of(0, group_->count(), store); }
  bool move_limits(Store<double>& store) const override {
    bool any = false;
    moved(store, [&](bool now) { any = any || now; });
    return any;
  }
  Mask<kLanes> move_limits(Store<Lanes>& store) const override {
    Mask<kLanes> any = Mask<kLanes>::of(false);
    moved(store, [&](const Mask<kLanes>& now) { any = any || now; });
    return any;
  }

  Effect advance(int part, const Happening& happening, Store<double>& store, Reason& reason) const override {
    if constexpr (requires(Automaton & a, const Derived<double>& d) { M::advance(happening, a, d); }) {
      double in[room_for(kIn)];
      gather(part, store, in);
      Automaton automaton{{store.mode.data() + mode_at(part), static_cast<std::size_t>(kMode)},
                          {store.held.data() + held_at(part), static_cast<std::size_t>(kHold)},
                          {store.timer.data() + timer_at(part), static_cast<std::size_t>(kTime)},
                          {store.x.data() + group_->x_at[part], static_cast<std::size_t>(kX)},
                          {in, static_cast<std::size_t>(kIn)},
                          {store.s.data() + group_->out_at[part], static_cast<std::size_t>(kOut)}};
      automaton.table =
          std::span(group_->tables)
              .subspan(static_cast<std::size_t>(group_->table_at[part]),
                       static_cast<std::size_t>(group_->table_at[part + 1] - group_->table_at[part]));
      const Effect effect = M::advance(happening, automaton, own_or_shared(part, store));
      reason = automaton.reason();
      return effect;
    }
    return Effect::NONE;
  }
  void on_jump(int part, const double* signals_before, Store<double>& store) const override {
    if constexpr (requires(double* x, const double* s, const Derived<double>& d) {
                    M::on_jump(x, s, s, d);
                  }) {
      double before[room_for(kIn)];
      double after[room_for(kIn)];
      for (int k = 0; k < kIn; ++k) before[k] = signals_before[group_->in_at[part * kIn + k]];
      gather(part, store, after);
      M::on_jump(store.x.data() + group_->x_at[part], before, after, own_or_shared(part, store));
    }
  }

 private:
  const Group* group_ = nullptr;
  std::vector<int> own_;
  std::vector<Derived<double>> derived_;

  [[nodiscard]] int mode_at(int part) const { return group_->mode_first + part * kMode; }
  [[nodiscard]] int held_at(int part) const { return group_->held_first + part * kHold; }
  [[nodiscard]] int timer_at(int part) const { return group_->timer_first + part * kTime; }
  [[nodiscard]] int guard_at(int part) const { return group_->guard_first + part * kGuard; }

  template <class T>
  void gather(int part, const Store<T>& store, T* in) const {
    for (int k = 0; k < kIn; ++k) in[k] = store.s[group_->in_at[part * kIn + k]];
  }
  [[nodiscard]] Derived<double> own_or_shared(int part, const Store<double>& store) const {
    if (own_[part] < 0) return derived_[part];
    Derived<double> d;
    std::memcpy(static_cast<void*>(&d), store.own[own_[part]].data(), sizeof d);
    return d;
  }
  /// Inlined where it is used, so that what a pass does not ask for is not computed.
  template <class T>
  void equations(int part, Store<T>& store, const T* in, T* guard, T* dxdt, T* out) const {
    const T* x = store.x.data() + group_->x_at[part];
    if (own_[part] < 0) {
      M::equations(
          x, in, derived_[part],
          Context<T, double>{store.mode.data() + mode_at(part), store.held.data() + held_at(part), guard},
          dxdt, out);
      return;
    }
    Derived<T> d;
    std::memcpy(static_cast<void*>(&d), store.own[own_[part]].data(), sizeof d);
    M::equations(x, in, d,
                 Context<T, T>{store.mode.data() + mode_at(part), store.held.data() + held_at(part), guard},
                 dxdt, out);
  }

  /// All outputs, or the currents alone; what is not asked for is not computed.
  template <bool kCurrentsOnly, class T>
  [[gnu::flatten]] void outputs_of(int first, int last, Store<T>& store) const {
    T in[room_for(kIn)];
    T dxdt[room_for(kX)];
    T guard[room_for(kGuard)];
    T out[room_for(kOut)];
    const auto asked = [](int k) { return !kCurrentsOnly || k == current_of<M>(0) || k == current_of<M>(1); };
    for (int i = first; i < last; ++i) {
      gather(i, store, in);
      equations(i, store, in, guard, dxdt, out);
      T* s = store.s.data() + group_->out_at[i];
      if (store.all_active) {
        for (int k = 0; k < kOut; ++k)
          if (asked(k)) s[k] = out[k];
        continue;
      }
      const auto on = store.active[group_->plant[i]] > 0.5;
      for (int k = 0; k < kOut; ++k)
        if (asked(k)) s[k] = select_(on, out[k], silenced<M>(k) ? T(0.0) : s[k]);
    }
  }
  template <class T>
  [[gnu::flatten]] void rates_of(int first, int last, Store<T>& store) const {
    T in[room_for(kIn)];
    T out[room_for(kOut)];
    for (int i = first; i < last; ++i) {
      gather(i, store, in);
      T* f = store.f.data() + group_->x_at[i];
      T* guard = store.guard.data() + guard_at(i);
      equations(i, store, in, guard, f, out);
      if (store.all_active) continue;
      const auto on = store.active[group_->plant[i]] > 0.5;
      for (int k = 0; k < kX; ++k) f[k] = select_(on, f[k], T(0.0));
      for (int k = 0; k < kGuard; ++k) guard[k] = select_(on, guard[k], T(-1.0));
    }
  }

  template <class T, class Tell>
  void moved(Store<T>& store, Tell&& tell) const {
    if constexpr (kLimit > 0) {
      for (int i = 0; i < group_->count(); ++i) {
        const T* guard = store.guard.data() + guard_at(i);
        Mode<T>* mode = store.mode.data() + mode_at(i);
        for (int k = 0; k < kLimit; ++k) {
          const auto up = guard[2 * k] > kGuardTolerance;
          const auto down = guard[2 * k + 1] > kGuardTolerance;
          tell(up || down);
          move_lanes(mode[k], up, down);
        }
      }
    }
  }
  static void move_lanes(int& mode, bool up, bool down) { move_limit(mode, up, down); }
  static void move_lanes(ModePack<kLanes>& mode, const Mask<kLanes>& up, const Mask<kLanes>& down) {
    if (!(up || down).any()) return;
    for (int lane = 0; lane < kLanes; ++lane) {
      int one = mode[lane];
      move_limit(one, up[lane], down[lane]);
      mode.set(lane, one);
    }
  }
};

}  // namespace ballast::batch
