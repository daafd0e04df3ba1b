/// \file
/// The IT power of a campus with several jobs.
#pragma once

#include "models/contract.hpp"

namespace ballast {

/// P_it = sum over jobs of share_k P_k: each P_k in pu of its own share of the rating.
///
/// Source: a sum.
///
/// Deviations: none.
struct JobMix : ModelDefaults {
  static constexpr const char* title = "Several jobs behind one supply";
  static constexpr const char* source = "a sum";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::DATACENTER;
  static constexpr int kJobs = 8;

  enum State { kStates };
  enum Input { P_1, kInputs = kJobs };
  enum Output { P_IT, kOutputs };

  static constexpr InputInfo inputs[] = {{"P_1", "pu"},
                                         {"P_2", "pu", Unwired::ZERO},
                                         {"P_3", "pu", Unwired::ZERO},
                                         {"P_4", "pu", Unwired::ZERO},
                                         {"P_5", "pu", Unwired::ZERO},
                                         {"P_6", "pu", Unwired::ZERO},
                                         {"P_7", "pu", Unwired::ZERO},
                                         {"P_8", "pu", Unwired::ZERO}};
  static constexpr OutputInfo outputs[] = {{"P_it", "pu", "power of the IT load, of its rating"}};

  static constexpr ParameterInfo parameters[] = {
      {"share_1", "1", within(0, 1), anything(), "of the rating, for job 1"},
      {"share_2", "1", within(0, 1), anything(), "of the rating, for job 2"},
      {"share_3", "1", within(0, 1), anything(), "of the rating, for job 3"},
      {"share_4", "1", within(0, 1), anything(), "of the rating, for job 4"},
      {"share_5", "1", within(0, 1), anything(), "of the rating, for job 5"},
      {"share_6", "1", within(0, 1), anything(), "of the rating, for job 6"},
      {"share_7", "1", within(0, 1), anything(), "of the rating, for job 7"},
      {"share_8", "1", within(0, 1), anything(), "of the rating, for job 8"},
  };

  template <class P>
  struct Derived {
    P share[kJobs];
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    Derived<P> d;
    for (int k = 0; k < kJobs; ++k) d.share[k] = p[k];
    return d;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T*, const T* in, const Derived<P>& d, const Context<T, P>&, T*,
                                   T* out) {
    T sum = in[P_1] * d.share[0];
    for (int k = 1; k < kJobs; ++k) sum = sum + in[k] * d.share[k];
    out[P_IT] = sum;
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double*) {
    double sum = 0;
    for (int k = 0; k < kJobs; ++k) sum += rest.in[k] * d.share[k];
    if (rest.out[P_IT] == rest.out[P_IT])
      if (const Outcome o = Outcome::check("IT power (pu; sum of the jobs)", rest.out[P_IT], sum, sum);
          !o.ok())
        return o;
    rest.out[P_IT] = sum;
    return Outcome::fine();
  }
};
BALLAST_MODEL(JobMix, "JOBMIX");

}  // namespace ballast
