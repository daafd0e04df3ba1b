/// \file
/// Current and power of a branch.
#pragma once

#include "models/contract.hpp"

namespace ballast {

/// What flows into a line or transformer at its near end: I = closed (Ynn V + Ynf V_far), S = V conj(I).
/// The admittances are those of the branch's pi model, pu on the system base; powers are given on the device
/// base of the part, for a controller that counts in the base of its plant.
struct BranchFlowMeter : ModelDefaults {
  static constexpr const char* title = "Branch current and power";
  static constexpr const char* source = "pi model of the branch";
  static constexpr const char* validated =
      "the branch flows of the power flow, which agree with pandapower (tests/grid)";
  static constexpr Role role = Role::MEASUREMENT;

  static constexpr int kStates = 0;
  enum Input { VR, VI, VR_FAR, VI_FAR, CLOSED, kInputs };
  enum Output { IR, II, P_BRANCH, Q_BRANCH, kOutputs };
  enum Parameter { GNN, BNN, GNF, BNF, kParameters };

  static constexpr ParameterInfo parameters[] = {
      {"Gnn", "pu", anything(), anything(), "conductance of the near end"},
      {"Bnn", "pu", anything(), anything(), "susceptance of the near end"},
      {"Gnf", "pu", anything(), anything(), "conductance from the near to the far end"},
      {"Bnf", "pu", anything(), anything(), "susceptance from the near to the far end"},
  };
  static constexpr InputInfo inputs[] = {
      {"Vr", "pu"}, {"Vi", "pu"}, {"Vr_far", "pu"}, {"Vi_far", "pu"}, {"closed", "1"}};
  static constexpr OutputInfo outputs[] = {
      {"Ir_branch", "pu", "current into the branch, system base"},
      {"Ii_branch", "pu", "current into the branch, system base"},
      {"P_branch", "pu", "active power into the branch, device base"},
      {"Q_branch", "pu", "reactive power into the branch, device base"},
  };

  template <class P>
  struct Derived {
    P Gnn, Bnn, Gnf, Bnf;
    P to_device;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    return {p[GNN], p[BNN], p[GNF], p[BNF], P(ratings.system_MVA / ratings.device_MVA)};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T*, const T* in, const Derived<P>& d, const Context<T, P>&, T*,
                                   T* out) {
    const T ir = d.Gnn * in[VR] - d.Bnn * in[VI] + d.Gnf * in[VR_FAR] - d.Bnf * in[VI_FAR];
    const T ii = d.Bnn * in[VR] + d.Gnn * in[VI] + d.Bnf * in[VR_FAR] + d.Gnf * in[VI_FAR];
    out[IR] = in[CLOSED] * ir;
    out[II] = in[CLOSED] * ii;
    out[P_BRANCH] = (in[VR] * out[IR] + in[VI] * out[II]) * d.to_device;
    out[Q_BRANCH] = (in[VI] * out[IR] - in[VR] * out[II]) * d.to_device;
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const Context<double, double> none{nullptr, nullptr, nullptr};
    equations(x, rest.in.data(), d, none, static_cast<double*>(nullptr), rest.out.data());
    return Outcome::fine();
  }
};
BALLAST_MODEL(BranchFlowMeter, "BRANCHFLOW");

}  // namespace ballast
