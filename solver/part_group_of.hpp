/// \file
/// PartGroup for one model type: the only place where model equations are instantiated for IDA.
/// Included by the generated source file of each model, and by nothing else.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <type_traits>

#include "models/check_scalars.hpp"
#include "solver/part_group.hpp"
#include "solver/part_packs.hpp"

namespace ballast {

template <class M>
class PartGroupOf final : public PartGroup {
  static constexpr int kX = static_cast<int>(M::kStates);
  static constexpr int kIn = static_cast<int>(M::kInputs);
  static constexpr int kOut = static_cast<int>(M::kOutputs);
  static constexpr int kGuard = guards_of<M>();
  static constexpr int kWidth = kX + kIn;
  static_assert(kWidth <= 64, "a pattern row has 64 bits");
  using Derived = typename M::template Derived<double>;
  /// A campus may have hundreds of parts of one model; of other models that would only be longer to compile.
  static constexpr bool kInPacks = M::role == Role::DATACENTER;
  /// A model may say that its local Jacobian is always the same.
  static constexpr bool kConstantJacobian = requires { M::constant_jacobian; };

 public:
  PartGroupOf() : packs_(*this) {
    model = ModelName<M>::value;
    if constexpr (kX > 0) states = M::states;
    inputs = M::inputs;
    outputs = M::outputs;
    parameters = M::parameters;
    if constexpr (requires { M::thresholds; }) thresholds = M::thresholds;
    if constexpr (requires { M::mode_names; }) mode_names = M::mode_names;
    limits = limits_of<M>();
    modes = modes_of<M>();
    held_count = held_of<M>();
    timers = timers_of<M>();
    guards = kGuard;
    forms_voltage = requires { M::template inertia<double>(std::declval<Derived>()); };
  }

  int add(std::span<const double> p, const Ratings& ratings) override {
    derived_.push_back(M::template derive<double>(p.data(), ratings));
    x_at.push_back(0);
    in_at.insert(in_at.end(), kIn, 0);
    out_at.push_back(0);
    active.push_back(1);
    table.emplace_back();
    mode.insert(mode.end(), static_cast<std::size_t>(modes), 0);
    held.insert(held.end(), static_cast<std::size_t>(held_count), 0.0);
    timer.insert(timer.end(), static_cast<std::size_t>(timers), kNever);
    if (count == 0) find_pattern();
    packs_.add(count, p, ratings);
    return count++;
  }

  void set_parameters(int part, std::span<const double> p, const Ratings& ratings) override {
    derived_[part] = M::template derive<double>(p.data(), ratings);
    packs_.set(part, p, ratings);
  }

  void evaluate_outputs(int first, int last, const double* y, double* signals) override {
    double in[room_for(kIn)];
    double dxdt[room_for(kX)];
    double guard[room_for(kGuard)];
    for (int i = first; i < last; ++i) {
      if constexpr (kInPacks)
        while (packs_.has(i, last)) {
          packs_.evaluate_outputs(i, y, signals);
          i += packs_.kLanes;
        }
      if (i == last) break;
      double* out = signals + out_at[i];
      if (!active[i]) {
        silence(out);
        continue;
      }
      gather(i, signals, in);
      M::equations(y + x_at[i], in, derived_[i], context(i, guard), dxdt, out);
    }
  }

  void evaluate_rates(int first, int last, const double* y, const double* signals, double* f,
                      double* guard) override {
    if constexpr (kX + kGuard == 0) return;
    double in[room_for(kIn)];
    double out[room_for(kOut)];
    for (int i = first; i < last; ++i) {
      if constexpr (kInPacks)
        while (packs_.has(i, last)) {
          packs_.evaluate_rates(i, y, signals, f, guard);
          i += packs_.kLanes;
        }
      if (i == last) break;
      double* g = guard + static_cast<std::ptrdiff_t>(i) * kGuard;
      if (!active[i]) {
        std::fill_n(f + x_at[i], kX, 0.0);
        std::fill_n(g, kGuard, -1.0);
        continue;
      }
      gather(i, signals, in);
      M::equations(y + x_at[i], in, derived_[i], context(i, g), f + x_at[i], out);
    }
  }

  void linearise(int first, int last, std::span<const int> wanted, const double* y, const double* signals,
                 double* local) override {
    if constexpr (kConstantJacobian) {
      if (constant_.empty()) find_constant();
      for (int i = first; i < last; ++i)
        for (const int n : wanted)
          local[static_cast<std::ptrdiff_t>(i) * nonzeros() + n] = active[i] ? constant_[n] : 0;
      return;
    }
    Directions directions;
    for (const int n : wanted) directions.take(local_column[n]);
    if constexpr (kInPacks && kWidth > kFew)
      if (directions.count <= kFew) return linearise_few(first, last, directions, wanted, y, signals, local);
    linearise_along<kWidth>(first, last, directions, wanted, y, signals, local);
  }

  Outcome initialise(int part, std::span<double> in, std::span<double> out, double* x) override {
    ++moves;
    Rest rest{in,
              out,
              std::span(mode).subspan(static_cast<std::size_t>(part) * modes, modes),
              std::span(held).subspan(static_cast<std::size_t>(part) * held_count, held_count),
              std::span(timer).subspan(static_cast<std::size_t>(part) * timers, timers),
              table[part]};
    return M::initialise(rest, derived_[part], x);
  }

  Effect advance(int part, const Happening& happening, double* y, const double* signals,
                 Reason& reason) override {
    int* m = mode.data() + static_cast<std::ptrdiff_t>(part) * modes;
    if (happening.kind == Happening::GUARD && happening.index < 2 * limits_of<M>()) {
      advance_limit(m, happening.index);
      return Effect::KINK;
    }
    if constexpr (requires(Automaton & a, const Derived& d) { M::advance(happening, a, d); }) {
      double in[room_for(kIn)];
      gather(part, signals, in);
      Automaton automaton{std::span(mode).subspan(static_cast<std::size_t>(part) * modes, modes),
                          std::span(held).subspan(static_cast<std::size_t>(part) * held_count, held_count),
                          std::span(timer).subspan(static_cast<std::size_t>(part) * timers, timers),
                          std::span(y + x_at[part], kX),
                          std::span<const double>(in, kIn),
                          std::span<const double>(signals + out_at[part], kOut)};
      automaton.table = table[part];
      ++moves;
      const Effect effect = M::advance(happening, automaton, derived_[part]);
      reason = automaton.reason();
      return effect;
    }
    return Effect::NONE;
  }

  void on_jump(int part, const double* before, const double* after, double* y) override {
    if constexpr (requires(double* x, const double* s, const Derived& d) { M::on_jump(x, s, s, d); }) {
      double in_before[room_for(kIn)];
      double in_after[room_for(kIn)];
      gather(part, before, in_before);
      gather(part, after, in_after);
      M::on_jump(y + x_at[part], in_before, in_after, derived_[part]);
    }
  }

  [[nodiscard]] double inertia(int part) const override {
    if constexpr (requires { M::template inertia<double>(std::declval<Derived>()); })
      return M::template inertia<double>(derived_[part]);
    return 0;
  }

 private:
  std::vector<Derived> derived_;
  std::conditional_t<kInPacks, PartPacks<M>, NoPartPacks> packs_;
  std::vector<int> local_row_;    ///< row of each nonzero of the local Jacobian
  std::vector<double> constant_;  ///< the local Jacobian of all parts, once it is known

  /// Derivatives that one pass computes where a whole local Jacobian needs no more: one register of them.
  static constexpr int kFew = 4;
  /// Which of the derivatives of a pass belongs to which column of the local Jacobian.
  struct Directions {
    int of[room_for(kWidth)];  ///< -1: nobody wants the column
    int count = 0;
    Directions() { std::fill_n(of, kWidth, -1); }
    void take(int column) {
      if (of[column] < 0) of[column] = count++;
    }
  };
  /// All that the equations call is inlined, so that guards are not differentiated.
  [[gnu::flatten]] void linearise_few(int first, int last, const Directions& directions,
                                      std::span<const int> wanted, const double* y, const double* signals,
                                      double* local) {
    linearise_along<kFew>(first, last, directions, wanted, y, signals, local);
  }
  template <int N>
  void linearise_along(int first, int last, const Directions& directions, std::span<const int> wanted,
                       const double* y, const double* signals, double* local) {
    using D = Dual<N>;
    D x[room_for(kX)];
    D in[room_for(kIn)];
    D row[kX + kOut];
    D guard[room_for(kGuard)];
    const auto seed = [&](int column, double value) {
      const int direction = directions.of[column];
      return direction < 0 ? D(value) : D::seed(value, direction);
    };
    for (int i = first; i < last; ++i) {
      double* values = local + static_cast<std::ptrdiff_t>(i) * nonzeros();
      if (!active[i]) {
        for (const int n : wanted) values[n] = 0;
        continue;
      }
      for (int k = 0; k < kX; ++k) x[k] = seed(k, y[x_at[i] + k]);
      for (int k = 0; k < kIn; ++k) in[k] = seed(kX + k, signals[in_at[i * kIn + k]]);
      const Context<D, double> c{mode.data() + static_cast<std::ptrdiff_t>(i) * modes,
                                 held.data() + static_cast<std::ptrdiff_t>(i) * held_count, guard};
      M::equations(x, in, derived_[i], c, row, row + kX);
      for (const int n : wanted) values[n] = row[local_row_[n]].d[directions.of[local_column[n]]];
    }
  }

  Context<double, double> context(int i, double* guard) const {
    return {mode.data() + static_cast<std::ptrdiff_t>(i) * modes,
            held.data() + static_cast<std::ptrdiff_t>(i) * held_count, guard};
  }
  void gather(int i, const double* signals, double* in) const {
    for (int k = 0; k < kIn; ++k) in[k] = signals[in_at[i * kIn + k]];
  }
  /// A tripped part injects nothing and gives zero power, also to plants that follow it; its other outputs
  /// keep their last values.
  void silence(double* out) const {
    for (int k = 0; k < kOut; ++k) {
      const std::string_view name = M::outputs[k].name;
      const std::string_view unit = M::outputs[k].unit;
      if (name == "Ir" || name == "Ii" || name == "Pe" || name == "Qe" || name == "battery_power" ||
          unit == "MW" || unit == "Mvar" || name.starts_with("P_") || name.starts_with("Q_"))
        out[k] = 0;
    }
  }
  void find_constant() {
    using D = Dual<kWidth>;
    D x[room_for(kX)];
    D in[room_for(kIn)];
    D row[kX + kOut];
    D guard[room_for(kGuard)];
    for (int k = 0; k < kX; ++k) x[k] = D::seed(0, k);
    for (int k = 0; k < kIn; ++k) in[k] = D::seed(0, kX + k);
    M::equations(x, in, derived_.front(), Context<D, double>{mode.data(), held.data(), guard}, row, row + kX);
    for (int n = 0; n < nonzeros(); ++n) constant_.push_back(row[local_row_[n]].d[local_column[n]]);
  }
  void find_pattern() {
    Pattern x[room_for(kX)];
    Pattern in[room_for(kIn)];
    Pattern row[kX + kOut];
    Pattern guard[room_for(kGuard)];
    const Mode<Pattern> free_modes[room_for(modes_of<M>())] = {};
    const double no_held[room_for(held_of<M>())] = {};
    for (int k = 0; k < kX; ++k) x[k] = Pattern::seed(k);
    for (int k = 0; k < kIn; ++k) in[k] = Pattern::seed(kX + k);
    M::equations(x, in, derived_.front(), Context<Pattern, double>{free_modes, no_held, guard}, row,
                 row + kX);
    local_row_start.assign(1, 0);
    for (const Pattern& p : row) {
      pattern.push_back(p.bits);
      for (int c = 0; c < kWidth; ++c)
        if (p.depends_on(c)) {
          local_column.push_back(c);
          local_row_.push_back(static_cast<int>(pattern.size()) - 1);
        }
      local_row_start.push_back(static_cast<int>(local_column.size()));
    }
  }
};

}  // namespace ballast
