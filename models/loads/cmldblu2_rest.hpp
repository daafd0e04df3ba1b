/// \file
/// The composite load at rest. Included by cmldblu2.hpp.
#pragma once

#include <array>
#include <cmath>
#include <complex>

#include "models/loads/cmldblu2.hpp"

namespace ballast {

/// Finds what a composite load must be so that it draws the power given, pu of its base, from a real voltage.
class CompositeRest {
 public:
  using M = Cmldblu2;
  using Complex = std::complex<double>;
  CompositeRest(const M::Derived<double>& d, double V, Complex power) : d_(d), V_(V), power_(power) {}

  double tap = 1, scale = 1, B1 = 0, B2 = 0;
  Complex far;   ///< voltage at the end of the feeder
  double P = 0;  ///< of the loads there
  std::array<double, M::kMotors> slip{};
  std::array<MotorPoint, M::kMotors> motor;
  std::array<double, kSinglePhaseStates> aircon{};
  double aircon_scale = 1;
  double electronic = 1;  ///< share of the electronic load that is connected

  /// Sets all of it.
  Outcome find() {
    const double others = d_.share[0] + d_.share[1] + d_.share[2] + d_.share[3] + d_.share[4];
    if (const Outcome o = Outcome::check("sum of the shares FmA to Fel", others, 0, 1); !o.ok()) return o;
    set_tap();
    if (const Outcome o = find_compensation(); !o.ok()) return o;
    if (std::abs(far) >= M::kShortest) return Outcome::fine();
    double low = 0;
    double high = 1;
    for (int pass = 0; pass < 50; ++pass) {
      scale = 0.5 * (low + high);
      if (const Outcome o = find_compensation(); !o.ok()) return o;
      (std::abs(far) < M::kShortest ? high : low) = scale;
    }
    scale = low;
    return find_compensation();
  }

 private:
  const M::Derived<double>& d_;
  double V_;
  Complex power_;
  Complex low_, current_;  ///< at the low side: voltage, and current out of the transformer

  void set_tap() {
    const Complex I = std::conj(power_) / V_;
    const Complex behind = V_ - Complex(0, d_.X) * I;
    if (d_.LTC > -0.5) {
      const double wanted = 0.5 * (d_.Vmin + d_.Vmax) / std::abs(behind) * d_.Tfixhs - d_.Tfixls + 1;
      tap = d_.Tmin + std::round((wanted - d_.Tmin) / d_.step) * d_.step;
      tap = std::clamp(tap, d_.Tmin, d_.Tmax);
    }
    const double ratio = (tap + d_.Tfixls - 1) / d_.Tfixhs;
    low_ = behind * ratio;
    current_ = I / ratio;
  }

  /// Reactive power at the far end that the loads do not explain, with a compensation B.
  Outcome mismatch(double B, double& excess) {
    B1 = d_.Fb * B;
    B2 = B - B1;
    const Complex feeder = current_ - Complex(0, d_.Bss + B1) * low_;
    far = low_ - scale * Complex(d_.Rfdr, d_.Xfdr) * feeder;
    const Complex drawn = far * std::conj(feeder) + Complex(0, B2 * std::norm(far));
    P = drawn.real();
    if (const Outcome o = Outcome::check("active power at the end of the feeder", P, 1e-9, kInfinity);
        !o.ok())
      return o;
    double Q = 0;
    if (const Outcome o = reactive_power(Q); !o.ok()) return o;
    excess = drawn.imag() - Q;
    return Outcome::fine();
  }

  /// What the loads draw of it at the far end's voltage; sets them.
  Outcome reactive_power(double& Q) {
    const double V = magnitude_(far.real(), far.imag());
    double rest = 1;
    for (int k = 0; k < M::kMotors; ++k) {
      rest -= d_.share[k];
      slip[k] = 0;
      if (d_.share[k] > 0)
        if (const Outcome o = motor_slip(d_.motor[k], V, d_.LF[k], slip[k]); !o.ok()) return o;
      motor[k] = motor_at_slip(d_.motor[k], V, slip[k]);
      Q += d_.share[k] * P * motor[k].reactive / d_.LF[k];
    }
    if (const Outcome o = rest_single_phase(d_.aircon, V, aircon.data(), aircon_scale); !o.ok()) {
      if (d_.share[3] > 0) return o;
      rest_without_aircon(V);
    }
    const RunningPower<double> run = running_power(d_.aircon, V);
    Q += d_.share[3] * P * run.Q * aircon_scale;
    double rate = 0;
    electronic = electronic_share(d_.electronic, V, clamp_(V, d_.electronic.Vd2, d_.electronic.Vd1), rate);
    if (d_.share[4] > 0)
      if (const Outcome o =
              Outcome::check("voltage at the electronic load", V, d_.electronic.Vd2 + 1e-3, kInfinity);
          !o.ok())
        return o;
    Q += d_.share[4] * P * d_.tan_electronic + (rest - d_.share[3] - d_.share[4]) * P * d_.tan_static;
    return Outcome::fine();
  }

  /// Air conditioners that are not there: all switches open.
  void rest_without_aircon(double V) {
    aircon.fill(0);
    aircon[D_VOLTAGE] = V;
    aircon_scale = 0;
  }

  Outcome find_compensation() {
    double B = 0;
    double before = 0.1;
    double excess = 0;
    double excess_before = 0;
    if (const Outcome o = mismatch(before, excess_before); !o.ok()) return o;
    if (const Outcome o = mismatch(B, excess); !o.ok()) return o;
    for (int pass = 0; pass < 50 && std::abs(excess) > 1e-15 && excess != excess_before; ++pass) {
      const double next = B - excess * (B - before) / (excess - excess_before);
      before = B;
      excess_before = excess;
      B = next;
      if (const Outcome o = mismatch(B, excess); !o.ok()) return o;
    }
    return Outcome::check("reactive power that no compensation of the feeder gives", excess, -1e-10, 1e-10);
  }
};

inline Outcome Cmldblu2::initialise(Rest& rest, const Derived<double>& d, double* x) {
  const std::complex<double> V(rest.in[VR], rest.in[VI]);
  const std::complex<double> power = -V * std::conj(std::complex(rest.out[IR], rest.out[II]));
  if (!(power.real() > 1e-9)) return {"active power of the load (pu)", power.real(), 1e-9, kInfinity};
  if (const Outcome o = Outcome::check("bus voltage", std::abs(V), 0.5, kInfinity); !o.ok()) return o;
  const double base = d.MVA > 0   ? d.MVA / d.system_MVA
                      : d.MVA < 0 ? power.real() / -d.MVA
                                  : power.real() / 0.8;
  CompositeRest found(d, std::abs(V), power / base);
  if (const Outcome o = found.find(); !o.ok()) return o;

  const double far = magnitude_(found.far.real(), found.far.imag());
  x[ANGLE] = atan2_(V.imag(), V.real());
  x[VMIN] = clamp_(far, d.electronic.Vd2, d.electronic.Vd1);
  x[V_INNER] = far;
  for (int k = 0; k < kSinglePhaseStates; ++k) x[AIRCON + k] = found.aircon[k];
  auto& held = rest.held;
  held[BASE] = base;
  held[TAP] = found.tap;
  held[SCALE] = found.scale;
  held[B1] = found.B1;
  held[B2] = found.B2;
  held[V0] = far;
  double fixed = 1;
  for (int k = 0; k < kMotors; ++k) {
    fixed -= d.share[k];
    held[MOTOR_BASE + k] = d.share[k] * found.P / d.LF[k];
    MotorPoint at = found.motor[k];
    const std::complex<double> turn = found.far / std::abs(found.far);
    at.E1 *= turn;
    at.E2 *= turn;
    held[MOTOR_TORQUE + k] = rest_motor(d.motor[k], at, found.slip[k], x + MOTORS + k * int{kMotorStates});
  }
  fixed -= d.share[3] + d.share[4];
  held[AIRCON_BASE] = d.share[3] * found.P / d.aircon.CompLF;
  held[AIRCON_SCALE] = found.aircon_scale;
  held[ELECTRONIC_P] = d.share[4] * found.P / (d.share[4] > 0 ? found.electronic : 1);
  held[ELECTRONIC_Q] = held[ELECTRONIC_P] * d.tan_electronic;
  held[STATIC_P] = fixed * found.P;
  held[STATIC_Q] = held[STATIC_P] * d.tan_static;
  rest.in[P_FACTOR] = 1;
  rest.out[V_FAR] = far;
  rest.out[TAP_POSITION] = found.tap;
  return Outcome::fine();
}

}  // namespace ballast
