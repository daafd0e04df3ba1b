/// \file
/// Distance protection of a line: three mho zones.
#pragma once

#include "models/protection/definite_time.hpp"
#include "models/protection/impedance.hpp"

namespace ballast {

/// Trips its branch once the impedance V/I at its near end has been inside a zone for the zone's time (21). A
/// zone is a circle through the origin as a rule: diameter REACH, centre CENTRE from the origin at ANGLE.
/// Zones look only while the current is above IT. With BLINDER > 0 they see only what lies between two lines
/// parallel to ANGLE1 at that distance: load does not encroach.
///
/// The branch opens at both ends, TB after the trip. The relay watches again once the branch is closed again.
/// A zone drops out outside 102 % of its radius.
///
/// Source: PSS/E DISTR1, relay type 1 (mho); zones as GridPACK: inside when |Z - centre| < reach/2.
///
/// Deviations: self-polarised without memory, so that a bolted fault at its own bus lies on the circle and is
/// not seen; positive sequence; no impedance or reactance characteristic, no transfer trip of its own.
struct Distr1 : DefiniteTime<Distr1, 3, true> {
  static constexpr const char* title = "Distance protection, three mho zones (21)";
  static constexpr const char* source = "PSS/E DISTR1 (mho), as in GridPACK";
  static constexpr const char* validated = "";

  enum Input { VR, VI, IR, II, CLOSED, kInputs };
  enum Output { CLOSE, TRIP, kOutputs };
  static constexpr int kZones = 3;
  static constexpr double kReset = 1.02;  ///< of a zone's radius

  static constexpr InputInfo inputs[] = {
      {"Vr", "pu"}, {"Vi", "pu"}, {"Ir_branch", "pu"}, {"Ii_branch", "pu"}, {"closed", "1"}};
  static constexpr OutputInfo outputs[] = {{"close", "1", "0 while it holds the branch open"},
                                           {"trip", "1", "1 while it holds the branch open"}};
  static constexpr ThresholdInfo thresholds[] = {
      {"impedance", "pu"}, {"impedance", "pu"}, {"impedance", "pu"}, {"breaker", "1"}};

  enum Parameter {
    T1,
    REACH1,
    ANGLE1,
    CENTRE1,
    T2,
    REACH2,
    ANGLE2,
    CENTRE2,
    T3,
    REACH3,
    ANGLE3,
    CENTRE3,
    IT,
    TB,
    BLINDER,
    kParameters
  };
  static constexpr ParameterInfo parameters[] = {
      {"T1", "cycles", not_negative(), within(0, 5), "inside zone 1 before it trips"},
      {"REACH1", "pu", not_negative(), anything(), "diameter of zone 1, system base; 0: no such zone"},
      {"ANGLE1", "deg", within(-90, 180), within(30, 90), "of the centre of zone 1"},
      {"CENTRE1", "pu", not_negative(), anything(), "distance of the centre of zone 1 from the origin"},
      {"T2", "cycles", not_negative(), within(10, 60), "inside zone 2 before it trips"},
      {"REACH2", "pu", not_negative(), anything(), "diameter of zone 2; 0: no such zone"},
      {"ANGLE2", "deg", within(-90, 180), within(30, 90), "of the centre of zone 2"},
      {"CENTRE2", "pu", not_negative(), anything(), "distance of the centre of zone 2 from the origin"},
      {"T3", "cycles", not_negative(), within(30, 300), "inside zone 3 before it trips"},
      {"REACH3", "pu", not_negative(), anything(), "diameter of zone 3; 0: no such zone"},
      {"ANGLE3", "deg", within(-90, 180), within(30, 90), "of the centre of zone 3"},
      {"CENTRE3", "pu", not_negative(), anything(), "distance of the centre of zone 3 from the origin"},
      {"IT", "pu", not_negative(), anything(), "current below which it does not look, system base"},
      {"TB", "cycles", not_negative(), within(1, 10), "breaker time"},
      {"BLINDER", "pu", not_negative(), anything(),
       "distance of the blinders from the line's angle; 0: none"},
  };

  template <class P>
  struct Derived {
    P delay_s[kZones], threshold[kZones], breaker_s;
    Mho<P> zone[kZones];
    P IT, blinder, along_R, along_X;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    Derived<P> d;
    constexpr double kRadian = 0.017453292519943295;
    const double per_cycle = 1 / ratings.frequency_Hz;
    for (int k = 0; k < kZones; ++k) {
      const P* zone = p + 4 * k;
      P sine;
      P cosine;
      sincos_(zone[ANGLE1] * kRadian, sine, cosine);
      d.delay_s[k] = zone[T1] * per_cycle;
      d.threshold[k] = zone[REACH1];
      d.zone[k] = {zone[CENTRE1] * cosine, zone[CENTRE1] * sine, 0.5 * zone[REACH1]};
      if (k == 0) {
        d.along_R = cosine;
        d.along_X = sine;
      }
    }
    d.breaker_s = p[TB] * per_cycle;
    d.IT = p[IT];
    d.blinder = p[BLINDER];
    return d;
  }

  template <class T, class P>
  BALLAST_HD static Reach<T> reach(const T* in, const Derived<P>& d, int zone) {
    const T excess = magnitude_(in[IR], in[II]) - d.IT;
    const T between = select_(d.blinder > 0, between_blinders(in, d), T(1.0));
    const T inside = d.zone[zone].inside(in[VR], in[VI], in[IR], in[II]);
    const T outside = -d.zone[zone].inside(in[VR], in[VI], in[IR], in[II], kReset);
    return {min_(min_(inside, excess), between), max_(max_(outside, T(-excess)), T(-between))};
  }
  BALLAST_HD static double measured(const double* in, const Derived<double>&, int) {
    return impedance(in[VR], in[VI], in[IR], in[II]);
  }
  template <class T, class P>
  BALLAST_HD static void order(const T& connected, const Derived<P>&, T* out) {
    out[CLOSE] = connected;
    out[TRIP] = 1.0 - connected;
  }

 private:
  /// Positive between the blinders: distance of V/I from the line's angle, times |I|^2.
  template <class T, class P>
  BALLAST_HD static T between_blinders(const T* in, const Derived<P>& d) {
    const T P_ = in[VR] * in[IR] + in[VI] * in[II];
    const T Q_ = in[VI] * in[IR] - in[VR] * in[II];
    const T across = d.along_X * P_ - d.along_R * Q_;
    return d.blinder * (in[IR] * in[IR] + in[II] * in[II]) - abs_(across);
  }
};
BALLAST_MODEL(Distr1, "DISTR1");

}  // namespace ballast
