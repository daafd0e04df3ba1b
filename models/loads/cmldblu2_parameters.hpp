/// \file
/// The record of CMLDBLU2: 133 parameters in the order of PSS/E.
#pragma once

#include "models/contract.hpp"

namespace ballast {

/// Places in the record. A motor's twenty begin at MOTOR_A, MOTOR_B, MOTOR_C, those of motor D at TSTALL.
enum CompositeParameter {
  C_MVA,
  C_BSS,
  C_RFDR,
  C_XFDR,
  C_FB,
  C_XXF,
  C_TFIXHS,
  C_TFIXLS,
  C_LTC,
  C_TMIN,
  C_TMAX,
  C_STEP,
  C_VMIN,
  C_VMAX,
  C_TDEL,
  C_TTAP,
  C_RCMP,
  C_XCMP,
  C_FMA,
  C_FMB,
  C_FMC,
  C_FMD,
  C_FEL,
  C_PFEL,
  C_VD1,
  C_VD2,
  C_PFS,
  C_P1E,
  C_P1C,
  C_P2E,
  C_P2C,
  C_PFRQ,
  C_Q1E,
  C_Q1C,
  C_Q2E,
  C_Q2C,
  C_QFRQ,
  MOTOR_A,
  MOTOR_B = MOTOR_A + 20,
  MOTOR_C = MOTOR_B + 20,
  TSTALL = MOTOR_C + 20,
  TRST,
  D_TV,
  D_TF,
  COMP_LF,
  COMP_PF,
  VSTALL,
  RSTALL,
  XSTALL,
  LF_ADJ,
  KP1,
  NP1,
  KQ1,
  NQ1,
  KP2,
  NP2,
  KQ2,
  NQ2,
  VBRK,
  FRST,
  VRST,
  CMP_KPF,
  CMP_KQF,
  VC1OFF,
  VC2OFF,
  VC1ON,
  VC2ON,
  TTH,
  TH1T,
  TH2T,
  FUVR,
  UVTR1,
  D_TTR1,
  UVTR2,
  D_TTR2,
  C_FRCEL,
  kCompositeParameters
};
/// Places within a motor's twenty.
enum CompositeMotorParameter {
  M_TYPE,
  M_LF,
  M_RS,
  M_LS,
  M_LP,
  M_LPP,
  M_TPO,
  M_TPPO,
  M_H,
  M_ETRQ,
  M_VTR1,
  M_TTR1,
  M_FTR1,
  M_VRC1,
  M_TRC1,
  M_VTR2,
  M_TTR2,
  M_FTR2,
  M_VRC2,
  M_TRC2,
  kCompositeMotorParameters
};

/// Place in the record of a parameter of a motor.
constexpr int motor_place(CompositeParameter motor, CompositeMotorParameter parameter) {
  return int{motor} + int{parameter};
}

// The table is written once per motor, with the motor's letter at the end of each name.
#define BALLAST_COMPOSITE_MOTOR(letter)                                                                     \
  {"Mtp" letter, "1", within(3, 3), anything(), "kind of motor " letter ": 3 = three-phase"},               \
      {"LF" letter, "1", within(0.05, 2), within(0.4, 1),                                                   \
       "loading: MW of motor " letter " per MVA of its base"},                                              \
      {"Rs" letter, "pu", not_negative(), within(0, 0.1), "stator resistance"},                             \
      {"Ls" letter, "pu", positive(), within(1, 5), "synchronous reactance"},                               \
      {"Lp" letter, "pu", positive(), within(0.08, 0.4), "transient reactance"},                            \
      {"Lpp" letter, "pu", positive(), within(0.08, 0.4), "subtransient reactance"},                        \
      {"Tpo" letter, "s", positive(), within(0.05, 2), "transient time constant, open circuit"},            \
      {"Tppo" letter, "s", not_negative(), within(0, 0.05),                                                 \
       "subtransient time constant; 0 = a single cage"},                                                    \
      {"H" letter, "s", positive(), within(0.05, 3), "inertia, on the motor's base"},                       \
      {"Etrq" letter, "1", within(-2, 6), within(0, 3), "exponent of the speed in the load torque"},        \
      {"Vtr1" letter, "pu", within(0, 0.99), within(0, 0.9), "stage 1 picks up below; 0 = off"},            \
      {"Ttr1" letter, "s", not_negative(), anything(), "stage 1: time until it trips"},                     \
      {"Ftr1" letter, "1", within(0, 1), anything(), "stage 1: share it trips"},                            \
      {"Vrc1" letter, "pu", within(0, 1000), anything(), "stage 1: voltage above which the share returns"}, \
      {"Trc1" letter, "s", not_negative(), anything(), "stage 1: until it returns; 9999 or more = never"},  \
      {"Vtr2" letter, "pu", within(0, 0.99), within(0, 0.9), "stage 2 picks up below; 0 = off"},            \
      {"Ttr2" letter, "s", not_negative(), anything(), "stage 2: time until it trips"},                     \
      {"Ftr2" letter, "1", within(0, 1), anything(), "stage 2: share it trips"},                            \
      {"Vrc2" letter, "pu", within(0, 1000), anything(), "stage 2: voltage above which the share returns"}, \
  {                                                                                                         \
    "Trc2" letter, "s", not_negative(), anything(), "stage 2: until it returns; 9999 or more = never"       \
  }

inline constexpr ParameterInfo kCompositeTable[] = {
    {"MVA", "MVA", anything(), anything(),
     "base of the feeder; negative: MW of the load over it, 0: over 0.8"},
    {"Bss", "pu", anything(), within(-0.2, 0.2),
     "shunt at the low side of the transformer, capacitive positive"},
    {"Rfdr", "pu", not_negative(), within(0, 0.1), "feeder resistance"},
    {"Xfdr", "pu", not_negative(), within(0, 0.1), "feeder reactance"},
    {"Fb", "1", within(0, 1), anything(), "share of the feeder's compensation at its beginning"},
    {"Xxf", "pu", not_negative(), within(0, 0.15), "transformer reactance"},
    {"Tfixhs", "1", within(0.5, 1.5), within(0.9, 1.1), "fixed tap, high side"},
    {"Tfixls", "1", within(0.5, 1.5), within(0.9, 1.1), "fixed tap, low side"},
    {"LTC", "1", within(-1, 1), anything(), "tap changer: 1 moves, 0 set at rest only, -1 none"},
    {"Tmin", "1", within(0.5, 1.5), within(0.8, 1), "lowest tap"},
    {"Tmax", "1", within(0.5, 1.5), within(1, 1.2), "highest tap"},
    {"step", "1", within(1e-4, 0.2), within(0.004, 0.03), "step of the tap"},
    {"Vmin", "pu", within(0.5, 1.5), within(0.95, 1.05), "lowest voltage at the low side"},
    {"Vmax", "pu", within(0.5, 1.5), within(0.97, 1.07), "highest voltage at the low side"},
    {"Tdel", "s", not_negative(), within(5, 300), "delay of the tap changer"},
    {"Ttap", "s", positive(), within(0.5, 60), "time of one step"},
    {"Rcmp", "pu", anything(), within(-0.1, 0.1), "resistance of the line drop compensation"},
    {"Xcmp", "pu", anything(), within(-0.1, 0.1), "reactance of the line drop compensation"},
    {"FmA", "1", within(0, 1), anything(), "share of motor A"},
    {"FmB", "1", within(0, 1), anything(), "share of motor B"},
    {"FmC", "1", within(0, 1), anything(), "share of motor C"},
    {"FmD", "1", within(0, 1), anything(), "share of motor D, single-phase air conditioners"},
    {"Fel", "1", within(0, 1), anything(), "share of electronic load"},
    {"PFel", "1", within(-1, 1), anything(), "power factor of the electronic load, negative when leading"},
    {"Vd1", "pu", within(0.05, 1.5), within(0.5, 0.9),
     "voltage below which electronic load begins to drop out"},
    {"Vd2", "pu", within(0.01, 1.5), within(0.3, 0.8), "voltage below which all of it has dropped out"},
    {"PFs", "1", within(-1, 1), anything(), "power factor of the static load, negative when leading"},
    {"P1e", "1", within(0, 6), anything(), "first exponent of the static load's active power"},
    {"P1c", "1", within(-5, 5), within(0, 1), "its share"},
    {"P2e", "1", within(0, 6), anything(), "second exponent"},
    {"P2c", "1", within(-5, 5), within(0, 1), "its share; the rest is constant power"},
    {"Pfrq", "1", anything(), within(-5, 5), "frequency sensitivity of its active power"},
    {"Q1e", "1", within(0, 6), anything(), "first exponent of the static load's reactive power"},
    {"Q1c", "1", within(-5, 5), within(-2, 2), "its share"},
    {"Q2e", "1", within(0, 6), anything(), "second exponent"},
    {"Q2c", "1", within(-5, 5), within(-2, 2), "its share; the rest is constant power"},
    {"Qfrq", "1", anything(), within(-5, 5), "frequency sensitivity of its reactive power"},
    BALLAST_COMPOSITE_MOTOR("A"),
    BALLAST_COMPOSITE_MOTOR("B"),
    BALLAST_COMPOSITE_MOTOR("C"),
    {"Tstall", "s", not_negative(), anything(),
     "motor D: time below Vstall until it stalls; 9999 or more = never"},
    {"Trst", "s", not_negative(), anything(),
     "motor D: time above Vrst until some restart; 9999 or more = never"},
    {"Tv", "s", positive(), within(0.01, 0.1), "motor D: voltage filter"},
    {"Tf", "s", positive(), within(0.02, 0.2), "motor D: frequency filter"},
    {"CompLF", "1", within(0.1, 2), within(0.7, 1), "motor D: MW per MVA of its base"},
    {"CompPF", "1", within(0.5, 1), within(0.9, 1), "motor D: power factor at 1 pu"},
    {"Vstall", "pu", within(0, 0.95), within(0.3, 0.7), "motor D: voltage below which it stalls"},
    {"Rstall", "pu", positive(), within(0.05, 0.3), "motor D: resistance when stalled"},
    {"Xstall", "pu", positive(), within(0.05, 0.3), "motor D: reactance when stalled"},
    {"LFadj", "1", within(-2, 2), within(0, 1), "motor D: how Vstall and Vbrk follow the loading"},
    {"Kp1", "1", anything(), anything(), "motor D: active power above Vbrk"},
    {"Np1", "1", within(0.1, 10), anything(), "its exponent"},
    {"Kq1", "1", anything(), anything(), "motor D: reactive power above Vbrk"},
    {"Nq1", "1", within(0.1, 10), anything(), "its exponent"},
    {"Kp2", "1", anything(), anything(), "motor D: active power below Vbrk"},
    {"Np2", "1", within(0.1, 10), anything(), "its exponent"},
    {"Kq2", "1", anything(), anything(), "motor D: reactive power below Vbrk"},
    {"Nq2", "1", within(0.1, 10), anything(), "its exponent"},
    {"Vbrk", "pu", within(0.1, 0.99), within(0.7, 0.95), "motor D: voltage between the two laws"},
    {"Frst", "1", within(0, 1), anything(), "motor D: share that can restart"},
    {"Vrst", "pu", within(0.1, 1.2), within(0.8, 1), "motor D: voltage above which it restarts"},
    {"CmpKpf", "1", anything(), within(-5, 5), "motor D: frequency sensitivity of its active power"},
    {"CmpKqf", "1", anything(), within(-5, 5), "motor D: frequency sensitivity of its reactive power"},
    {"Vc1off", "pu", within(0.02, 1), within(0.3, 0.7), "motor D: contactors begin to open"},
    {"Vc2off", "pu", within(0.01, 1), within(0.2, 0.6), "motor D: all contactors are open"},
    {"Vc1on", "pu", within(0.02, 1), within(0.3, 0.8), "motor D: all contactors have closed again"},
    {"Vc2on", "pu", within(0.01, 1), within(0.3, 0.7), "motor D: contactors begin to close"},
    {"Tth", "s", positive(), within(5, 30), "motor D: thermal time constant"},
    {"Th1t", "pu", positive(), within(0.5, 2),
     "motor D: temperature at which thermal switches begin to trip"},
    {"Th2t", "pu", positive(), within(1, 5), "motor D: temperature at which all have tripped"},
    {"Fuvr", "1", within(0, 1), anything(), "motor D: share with under-voltage relays"},
    {"UVtr1", "pu", within(0, 0.99), anything(), "motor D: first relay picks up below; 0 = off"},
    {"Ttr1", "s", not_negative(), anything(), "motor D: its time; 9999 or more = never"},
    {"UVtr2", "pu", within(0, 0.99), anything(), "motor D: second relay picks up below; 0 = off"},
    {"Ttr2", "s", not_negative(), anything(), "motor D: its time; 9999 or more = never"},
    {"Frcel", "1", within(0, 1), anything(), "share of the electronic load that returns with the voltage",
     false, 1.0},
};
#undef BALLAST_COMPOSITE_MOTOR
static_assert(std::size(kCompositeTable) == kCompositeParameters);

}  // namespace ballast
