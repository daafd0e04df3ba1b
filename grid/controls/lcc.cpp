#include "grid/controls/lcc.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ballast {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kNoLoad = 3 * std::numbers::sqrt2 / kPi;  ///< Vd0 / E of one bridge
constexpr double kRadians = kPi / 180;

double valve_kV(const LccConverter& c, double V) { return V * c.EBAS_kV * c.TR / c.TAP; }

/// Voltage of a converter as a straight line over the current: A - B Id, kV and kA.
struct Line {
  double A, B;
};
Line rectifier_line(const LccConverter& c, double V, double angle_deg) {
  return {c.bridges * kNoLoad * valve_kV(c, V) * std::cos(angle_deg * kRadians),
          c.bridges * (3 / kPi * c.XC + 2 * c.RC)};
}
Line inverter_line(const LccConverter& c, double V, double angle_deg) {
  return {c.bridges * kNoLoad * valve_kV(c, V) * std::cos(angle_deg * kRadians),
          c.bridges * (3 / kPi * c.XC - 2 * c.RC)};
}

/// Smaller root of (A - B I) I = P, kA; NaN when P is beyond the largest power.
double current_for(const Line& line, double P_MW) {
  if (std::abs(line.B) < 1e-12) return P_MW / line.A;
  const double inside = line.A * line.A - 4 * line.B * P_MW;
  return inside < 0 ? std::nan("") : (line.A - std::sqrt(inside)) / (2 * line.B);
}

/// The current that the order asks for when the inverter follows a line.
double ordered_current(const TwoTerminalDc& dc, const Line& inverter, double share) {
  if (dc.MDC == DcMode::CURRENT) return share * std::abs(dc.SETVL) / 1000;
  const double P = share * std::abs(dc.SETVL);
  return current_for(dc.SETVL > 0 ? Line{inverter.A, inverter.B - dc.RDC} : inverter, P);
}

/// Cosine of the firing or margin angle that a converter needs.
double cosine(const LccConverter& c, double V, double Vd, double B, double Id) {
  return (Vd + B * Id) / (c.bridges * kNoLoad * valve_kV(c, V));
}

double angle_of(double cosine) { return std::acos(std::clamp(cosine, -1.0, 1.0)) / kRadians; }

/// tan of the angle between AC voltage and current.
double tangent(const LccConverter& c, double V, double angle_deg, double Id) {
  const double a = angle_deg * kRadians;
  const double end = std::cos(a) - std::numbers::sqrt2 * c.XC * Id / valve_kV(c, V);
  const double mu = std::acos(std::clamp(end, -1.0, 1.0)) - a;
  if (mu < 1e-6) return std::tan(a + mu / 2);  // hardly any overlap
  return (2 * mu + std::sin(2 * a) - std::sin(2 * (a + mu))) / (std::cos(2 * a) - std::cos(2 * (a + mu)));
}

/// Voltage at the inverter and current before the rectifier's limit is looked at.
struct Order {
  Line inverter;
  double Id;
  bool inverter_limited, by_current;
};

Order order(const TwoTerminalDc& dc, double V_inverter) {
  Order o{{dc.VSCHD_kV, dc.RCOMP}, 0, false, false};
  o.Id = ordered_current(dc, o.inverter, 1);
  const LccConverter& inv = dc.inverter;
  const Line least = inverter_line(inv, V_inverter, inv.ANMN),
             most = inverter_line(inv, V_inverter, inv.ANMX);
  const double Vdi = o.inverter.A - o.inverter.B * o.Id;
  const bool too_low = std::isnan(o.Id) || Vdi > least.A - least.B * o.Id + 1e-12 * std::abs(Vdi);
  if (too_low || Vdi < most.A - most.B * o.Id - 1e-12 * std::abs(Vdi)) {
    o.inverter = too_low ? least : most;
    o.inverter_limited = true;
    o.Id = ordered_current(dc, o.inverter, 1);
  }
  if (dc.MDC == DcMode::POWER && dc.VCMOD_kV > 0 &&
      (std::isnan(o.Id) || o.inverter.A - o.inverter.B * o.Id < dc.VCMOD_kV)) {
    o.by_current = true;
    o.Id = std::abs(dc.SETVL) / dc.VSCHD_kV;
  }
  return o;
}

}  // namespace

LccPoint lcc_point(const TwoTerminalDc& dc, double V_rectifier, double V_inverter) {
  LccPoint point;
  const LccConverter &rec = dc.rectifier, &inv = dc.inverter;
  Order o = order(dc, V_inverter);
  point.by_current = o.by_current;
  const Line top = rectifier_line(rec, V_rectifier, rec.ANMN);
  const double inverter_B = inverter_line(inv, V_inverter, 0).B;
  double Vdi = o.inverter.A - o.inverter.B * o.Id;
  const bool short_of_voltage =
      std::isnan(o.Id) || Vdi + dc.RDC * o.Id > top.A - top.B * o.Id + 1e-12 * std::abs(Vdi);
  if (short_of_voltage) {  // minimum firing angle: the inverter holds the order less the margin
    const double share = 1 - dc.DELTI;
    if (dc.MDC == DcMode::CURRENT)
      o.Id = share * std::abs(dc.SETVL) / 1000;
    else if (o.by_current)
      o.Id = share * std::abs(dc.SETVL) / dc.VSCHD_kV;
    else
      o.Id = current_for(dc.SETVL > 0 ? top : Line{top.A, top.B + dc.RDC}, share * std::abs(dc.SETVL));
    Vdi = top.A - (top.B + dc.RDC) * o.Id;
    point.limit = LccPoint::Limit::RECTIFIER;
    const Line least = inverter_line(inv, V_inverter, inv.ANMN);
    if (std::isnan(o.Id) || Vdi > least.A - least.B * o.Id) {
      o.Id = std::max((top.A - least.A) / (top.B + dc.RDC - least.B), 0.0);
      Vdi = least.A - least.B * o.Id;
      point.limit = LccPoint::Limit::BOTH;
    }
  } else if (o.inverter_limited) {
    point.limit = LccPoint::Limit::INVERTER;
  }
  point.possible = std::isfinite(o.Id) && o.Id >= 0 && Vdi > 0;
  if (!point.possible || o.Id == 0) return point;
  const double Id = o.Id, Vdr = Vdi + dc.RDC * Id;
  point.Id_A = 1000 * Id;
  point.Vdr_kV = Vdr;
  point.Vdi_kV = Vdi;
  point.alpha_deg = angle_of(cosine(rec, V_rectifier, Vdr, top.B, Id));
  point.gamma_deg = angle_of(cosine(inv, V_inverter, Vdi, inverter_B, Id));
  const double Pr = Vdr * Id + 2 * rec.bridges * rec.RC * Id * Id;
  const double Pi = Vdi * Id - 2 * inv.bridges * inv.RC * Id * Id;
  point.rectifier_MVA = {-Pr, -Pr * tangent(rec, V_rectifier, point.alpha_deg, Id)};
  point.inverter_MVA = {Pi, -Pi * tangent(inv, V_inverter, point.gamma_deg, Id)};
  return point;
}

namespace {

/// The tap of one converter that brings the cosine of its angle into its range.
double tap_for(const LccConverter& c, double cosine_needed) {
  if (!(c.STP > 0)) return c.TAP;
  const double most = std::cos(c.ANMN * kRadians), least = std::cos(c.ANMX * kRadians);
  // The cosine is proportional to the tap.
  const auto steps_to = [&](double target) { return (target / cosine_needed - 1) * c.TAP / c.STP; };
  double steps = 0;
  if (cosine_needed > most * (1 + 1e-9))
    steps = std::floor(steps_to(most) + 1e-9);
  else if (cosine_needed < least * (1 - 1e-9))
    steps = std::min(std::ceil(steps_to(least) - 1e-9), std::floor(steps_to(most) + 1e-9));
  const double lowest = std::ceil((c.TMN - c.TAP) / c.STP - 1e-9);
  const double highest = std::floor((c.TMX - c.TAP) / c.STP + 1e-9);
  return c.TAP + c.STP * std::clamp(steps, std::min(lowest, 0.0), std::max(highest, 0.0));
}

}  // namespace

LccTaps lcc_taps(const TwoTerminalDc& dc, double V_rectifier, double V_inverter) {
  LccTaps taps{dc.rectifier.TAP, dc.inverter.TAP};
  const double Id = ordered_current(dc, {dc.VSCHD_kV, dc.RCOMP}, 1);
  if (!(Id > 0)) return taps;
  const double Vdi = dc.VSCHD_kV - dc.RCOMP * Id;
  taps.inverter = tap_for(
      dc.inverter, cosine(dc.inverter, V_inverter, Vdi, inverter_line(dc.inverter, V_inverter, 0).B, Id));
  const Order o = order(dc, V_inverter);  // what the inverter can hold at its present tap
  if (!(o.Id > 0)) return taps;
  const double Vdr = o.inverter.A - o.inverter.B * o.Id + dc.RDC * o.Id;
  taps.rectifier = tap_for(dc.rectifier, cosine(dc.rectifier, V_rectifier, Vdr,
                                                rectifier_line(dc.rectifier, V_rectifier, 0).B, o.Id));
  return taps;
}

}  // namespace ballast
