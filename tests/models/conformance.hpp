/// \file
/// The machinery of the conformance battery: one model under every scalar type, at rest, at random states and
/// driven against its limits. The claims are in conformance_test.cpp, the data in reference_*.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/check_scalars.hpp"
#include "models/pack.hpp"
#include "tests/models/reference_data.hpp"

namespace ballast::test {

/// Where random states are drawn. Each family is drawn as often as the others.
enum class Family { ANYWHERE, LIMITS_ACTIVE, NEARLY_DEAD_BUS, DEAD_BUS, ISLAND_SLOW, ISLAND_FAST };
struct FamilyName {
  Family family;
  const char* name;
};
inline constexpr FamilyName kFamilies[] = {
    {Family::ANYWHERE, "anywhere"},
    {Family::LIMITS_ACTIVE, "limits active"},
    {Family::NEARLY_DEAD_BUS, "V = 0.01"},
    {Family::DEAD_BUS, "V = 0"},
    {Family::ISLAND_SLOW, "island at 95 % speed"},
    {Family::ISLAND_FAST, "island at 105 % speed"},
};

template <class M>
struct Conformance {
  static constexpr int kX = static_cast<int>(M::kStates);
  static constexpr int kIn = static_cast<int>(M::kInputs);
  static constexpr int kOut = static_cast<int>(M::kOutputs);
  static constexpr int kLimit = limits_of<M>();
  static constexpr int kMode = modes_of<M>();
  static constexpr int kHeld = held_of<M>();
  static constexpr int kGuard = guards_of<M>();
  static constexpr int kN = kX + kIn;               ///< variables: x, then in
  static constexpr int kRows = kX + kOut + kGuard;  ///< results: dxdt, out, guards
  using Derived = typename M::template Derived<double>;

  /// A device with all its numbers.
  struct Device {
    Derived derived;
    std::vector<double> x = std::vector<double>(room_for(kX));
    std::vector<double> in = std::vector<double>(room_for(kIn), kUnknown);
    std::vector<double> out = std::vector<double>(room_for(kOut), kUnknown);
    std::vector<int> mode = std::vector<int>(room_for(kMode));
    std::vector<double> held = std::vector<double>(room_for(kHeld));
    std::vector<double> timer = std::vector<double>(room_for(timers_of<M>()), kNever);
    std::vector<double> rate = std::vector<double>(room_for(kX));
    std::vector<double> guard = std::vector<double>(room_for(kGuard), -1.0);

    void evaluate() { evaluate(x.data(), in.data(), rate.data()); }
    void evaluate(const double* states, const double* inputs, double* rates) {
      M::equations(states, inputs, derived, Context<double, double>{mode.data(), held.data(), guard.data()},
                   rates, out.data());
    }
  };

  static std::vector<double> changed(std::vector<double> parameters, const Numbers& changes) {
    for (const auto& [i, value] : changes) parameters.at(i) = value;
    return parameters;
  }
  static Derived derive(const std::vector<double>& parameters, const Ratings& ratings) {
    return M::template derive<double>(parameters.data(), ratings);
  }

  /// Initialises `device` at a point; inputs that nothing wires are zero where the model says so.
  static Outcome rest(Device& device, const OperatingPoint& point, std::span<const double> table = {}) {
    for (int i = 0; i < kIn; ++i)
      if (M::inputs[i].unwired == Unwired::ZERO) device.in[i] = 0;
    for (const auto& [i, value] : point.in) device.in.at(i) = value;
    for (const auto& [i, value] : point.out) device.out.at(i) = value;
    Rest r{device.in, device.out, device.mode, device.held, device.timer, table};
    return M::initialise(r, device.derived, device.x.data());
  }

  // ---- random states

  struct Sample {
    double z[room_for(kN)];
    int mode[room_for(kMode)];
    double held[room_for(kHeld)];
  };
  static Sample draw(const ReferenceRow& row, Family family, std::mt19937& random) {
    const auto uniform = [&](Range r) { return std::uniform_real_distribution(r.low, r.high)(random); };
    const auto whole = [&](Range r) {
      return std::uniform_int_distribution(static_cast<int>(r.low), static_cast<int>(r.high))(random);
    };
    Sample s{};
    for (int i = 0; i < kX; ++i) s.z[i] = uniform(row.x[i]);
    for (int i = 0; i < kIn; ++i) s.z[kX + i] = uniform(row.in[i]);
    for (int i = 0; i < kHeld; ++i) s.held[i] = uniform(row.held[i]);
    for (int i = 0; i < kLimit; ++i)
      s.mode[i] = family == Family::LIMITS_ACTIVE ? 2 * whole({0, 1}) - 1 : whole({-1, 1});
    for (int i = kLimit; i < kMode; ++i) s.mode[i] = whole(row.modes[i - kLimit]);
    const bool dead = family == Family::DEAD_BUS;
    if (dead || family == Family::NEARLY_DEAD_BUS) set_voltage(s, dead ? 0 : 0.01, uniform(kAngle));
    if (family == Family::ISLAND_SLOW) set_speed(s, -0.05);
    if (family == Family::ISLAND_FAST) set_speed(s, 0.05);
    return s;
  }

  // ---- evaluation in one row of T: dxdt, out, guards

  template <class T, class P>
  static void evaluate(const T* z, const typename M::template Derived<P>& derived, const Mode<T>* mode,
                       const P* held, T* row) {
    M::equations(z, z + kX, derived, Context<T, P>{mode, held, row + kX + kOut}, row, row + kX);
  }
  /// Which variables each row may depend on.
  static std::vector<Pattern> pattern(const Derived& derived) {
    Pattern z[kN];
    const Mode<Pattern> mode[room_for(kMode)] = {};
    const double held[room_for(kHeld)] = {};
    std::vector<Pattern> rows(kRows);
    for (int i = 0; i < kN; ++i) z[i] = Pattern::seed(i);
    evaluate<Pattern, double>(z, derived, mode, held, rows.data());
    return rows;
  }
  /// Values and derivatives by duals.
  static std::vector<Dual<kN>> by_duals(const Sample& s, const Derived& derived) {
    Dual<kN> z[kN];
    std::vector<Dual<kN>> rows(kRows);
    for (int i = 0; i < kN; ++i) z[i] = Dual<kN>::seed(s.z[i], i);
    evaluate<Dual<kN>, double>(z, derived, s.mode, s.held, rows.data());
    return rows;
  }
  /// Derivatives of every row by variable i, by complex step.
  static std::vector<double> by_complex_step(const Sample& s, const Derived& derived, int i) {
    constexpr double h = 1e-30;
    Complex z[kN];
    Complex rows[kRows];
    for (int k = 0; k < kN; ++k) z[k] = Complex(s.z[k], k == i ? h : 0);
    evaluate<Complex, double>(z, derived, s.mode, s.held, rows);
    std::vector<double> derivatives(kRows);
    for (int r = 0; r < kRows; ++r) derivatives[r] = rows[r].im / h;
    return derivatives;
  }
  /// "d(omega)/dt", "Pe", "guard 3"
  static std::string row_name(int row) {
    if constexpr (kX > 0)
      if (row < kX) return std::string("d(") + M::states[row].name + ")/dt";
    return row < kX + kOut ? M::outputs[row - kX].name : "guard " + std::to_string(row - kX - kOut);
  }
  static std::string variable_name(int i) {
    if constexpr (kX > 0)
      if (i < kX) return M::states[i].name;
    return M::inputs[i - kX].name;
  }

  // ---- limits

  struct SwingResult {
    int moves[room_for(kLimit)] = {};
    int binds[room_for(kLimit)] = {};
    std::string chatter;  ///< what moves without end, and when; empty when nothing does
  };
  /// Heun with a fixed step; a guard that is positive after a step moves its limit, or the automaton.
  static SwingResult swing(Device& device, const Swing& swing) {
    constexpr double h = 1.0 / 240;
    SwingResult result;
    const std::vector<double> middle = device.in;
    std::vector<double> k1(room_for(kX));
    std::vector<double> predicted(room_for(kX));
    double t = 0;
    settle(device, t, result);
    while (t < swing.duration_s && result.chatter.empty()) {
      k1 = device.rate;
      for (int i = 0; i < kX; ++i) predicted[i] = device.x[i] + h * k1[i];
      t += h;
      drive(device.in, middle, swing, t);
      device.evaluate(predicted.data(), device.in.data(), device.rate.data());
      for (int i = 0; i < kX; ++i) device.x[i] += 0.5 * h * (k1[i] + device.rate[i]);
      settle(device, t, result);
    }
    return result;
  }

 private:
  static void set_voltage(Sample& s, double V, double angle) {
    if constexpr (requires { M::VR; }) {
      s.z[kX + M::VR] = V * std::cos(angle);
      s.z[kX + M::VI] = V * std::sin(angle);
    }
    for (int i = 0; i < kIn; ++i)
      if (std::string_view(M::inputs[i].name) == "Vt") s.z[kX + i] = V;
  }
  /// The whole island runs at 1 + deviation.
  static void set_speed(Sample& s, double deviation) {
    for (int i = 0; i < kIn; ++i) {
      const std::string_view name = M::inputs[i].name;
      if (name == "frame_speed" || name == "frequency") s.z[kX + i] = 1 + deviation;
      if (name == "omega") s.z[kX + i] = deviation;
    }
    if constexpr (kX > 0)
      for (int i = 0; i < kX; ++i)
        if (M::states[i].kind == StateKind::DEVIATION) s.z[i] = deviation;
  }

  static void drive(std::vector<double>& in, const std::vector<double>& middle, const Swing& swing,
                    double t) {
    for (const Wave& w : swing.waves)
      in[w.input] = middle[w.input] + w.amplitude * std::sin(2 * std::numbers::pi * w.frequency_Hz * t);
    if constexpr (requires { M::TIME; }) in[M::TIME] = t;
  }
  static void settle(Device& device, double t, SwingResult& result) {
    int g = 0;
    for (int round = 0; round < 4 * (kLimit + 1); ++round) {
      device.evaluate();
      const auto end = device.guard.begin() + kGuard;
      const auto fired = std::find_if(device.guard.begin(), end, [](double value) { return value > 0; });
      if (fired == end) return;
      g = static_cast<int>(fired - device.guard.begin());
      if (g < 2 * kLimit) {
        advance_limit(device.mode.data(), g);
        ++result.moves[g / 2];
        if (device.mode[g / 2] != 0) ++result.binds[g / 2];
      } else if constexpr (requires(Automaton & a) { M::advance(Happening{}, a, device.derived); }) {
        Automaton a{device.mode, device.held, device.timer, device.x, device.in, device.out};
        M::advance({Happening::GUARD, g, t}, a, device.derived);
      }
    }
    result.chatter = "guard " + std::to_string(g) + " at t = " + std::to_string(t);
  }
};

}  // namespace ballast::test
