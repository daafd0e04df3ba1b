/// \file
/// The parameters that the electrical controls share, each written once.
#pragma once

#include "models/contract.hpp"

namespace ballast::reec {

inline constexpr ParameterInfo bus{"bus", "1", within(0, 999997), anything(),
                                   "remote bus of the voltage loop; 0 = the terminal"};
inline constexpr ParameterInfo PFFLAG{"PFFLAG", "1", within(0, 1), within(0, 1),
                                      "1: power factor control, 0: Qext"};
inline constexpr ParameterInfo VFLAG{"VFLAG", "1", within(0, 1), within(0, 1),
                                     "1: reactive loop, 0: voltage reference"};
inline constexpr ParameterInfo QFLAG{"QFLAG", "1", within(0, 1), within(0, 1),
                                     "1: voltage loop, 0: constant power factor or Q"};
inline constexpr ParameterInfo PFLAG{"PFLAG", "1", within(0, 1), within(0, 1),
                                     "1: order times the drive train's speed"};
inline constexpr ParameterInfo PQFLAG{"PQFLAG", "1", within(0, 1), within(0, 1),
                                      "1: active current first, 0: reactive current first"};
inline constexpr ParameterInfo Vdip{"Vdip", "pu", anything(), within(-99, 0.95), "a voltage dip below"};
inline constexpr ParameterInfo Vup{"Vup", "pu", anything(), within(1.05, 99), "a voltage dip above"};
inline constexpr ParameterInfo Trv{"Trv", "s", not_negative(), within(0, 0.1), "voltage filter"};
inline constexpr ParameterInfo dbd1{"dbd1", "pu", within(-kInfinity, 0), within(-0.2, 0),
                                    "deadband of the support, overvoltage"};
inline constexpr ParameterInfo dbd2{"dbd2", "pu", not_negative(), within(0, 0.2),
                                    "deadband of the support, undervoltage"};
inline constexpr ParameterInfo Kqv{"Kqv", "pu", not_negative(), within(0, 10),
                                   "support: reactive current per voltage error"};
inline constexpr ParameterInfo Iqh1{"Iqh1", "pu", anything(), within(0, 1.5), "highest support"};
inline constexpr ParameterInfo Iql1{"Iql1", "pu", anything(), within(-1.5, 0), "lowest support"};
inline constexpr ParameterInfo Vref0{"Vref0", "pu", not_negative(), within(0, 1.1),
                                     "reference of the support; 0 = voltage at rest"};
inline constexpr ParameterInfo Iqfrz{"Iqfrz", "pu", anything(), within(-1, 1), "support after a dip"};
inline constexpr ParameterInfo Thld{"Thld", "s", anything(), within(-1, 2),
                                    "length of the support after a dip"};
inline constexpr ParameterInfo Thld2{"Thld2", "s", not_negative(), within(0, 2),
                                     "active current limit held after a dip"};
inline constexpr ParameterInfo Tp{"Tp", "s", not_negative(), within(0, 0.1), "power filter"};
inline constexpr ParameterInfo Qmax{"Qmax", "pu", anything(), within(0, 1), "highest reactive power"};
inline constexpr ParameterInfo Qmin{"Qmin", "pu", anything(), within(-1, 0), "lowest reactive power"};
inline constexpr ParameterInfo Vmax{"Vmax", "pu", anything(), within(1, 1.2), "highest voltage reference"};
inline constexpr ParameterInfo Vmin{"Vmin", "pu", anything(), within(0.8, 1), "lowest voltage reference"};
inline constexpr ParameterInfo Kqp{"Kqp", "pu", not_negative(), within(0, 10), "reactive loop, proportional"};
inline constexpr ParameterInfo Kqi{"Kqi", "pu/s", not_negative(), within(0, 50), "reactive loop, integral"};
inline constexpr ParameterInfo Kvp{"Kvp", "pu", not_negative(), within(0, 50), "voltage loop, proportional"};
inline constexpr ParameterInfo Kvi{"Kvi", "pu/s", not_negative(), within(0, 200), "voltage loop, integral"};
inline constexpr ParameterInfo Vbias{"Vbias", "pu", anything(), within(0, 1.1),
                                     "added to the reference of VFLAG = 0 (Vref1)"};
inline constexpr ParameterInfo Tiq{"Tiq", "s", not_negative(), within(0, 0.1), "reactive current lag"};
inline constexpr ParameterInfo dPmax{"dPmax", "pu/s", positive(), within(0.01, 99),
                                     "rise of the power order"};
inline constexpr ParameterInfo dPmin{"dPmin", "pu/s", within(-kInfinity, -1e-6), within(-99, -0.01),
                                     "fall of the power order"};
inline constexpr ParameterInfo Pmax{"Pmax", "pu", anything(), within(0.5, 1.5), "highest power order"};
inline constexpr ParameterInfo Pmin{"Pmin", "pu", anything(), within(-1, 0.5), "lowest power order"};
inline constexpr ParameterInfo Imax{"Imax", "pu", positive(), within(1, 2), "converter current"};
inline constexpr ParameterInfo Tpord{"Tpord", "s", not_negative(), within(0, 0.2), "power order lag"};

/// Reactive current over the filtered voltage, up to ten points.
inline constexpr ParameterInfo VDL1[] = {
    {"Vq1", "pu", anything(), within(-1, 2), "VDL1, voltage"},
    {"Iq1", "pu", not_negative(), within(0, 2), "VDL1, reactive current"},
    {"Vq2", "pu", anything(), within(-1, 2), "VDL1, voltage"},
    {"Iq2", "pu", not_negative(), within(0, 2), "VDL1, reactive current"},
    {"Vq3", "pu", anything(), within(-1, 2), "VDL1, voltage"},
    {"Iq3", "pu", not_negative(), within(0, 2), "VDL1, reactive current"},
    {"Vq4", "pu", anything(), within(-1, 2), "VDL1, voltage"},
    {"Iq4", "pu", not_negative(), within(0, 2), "VDL1, reactive current"},
    {"Vq5", "pu", anything(), within(-1, 2), "VDL1, voltage"},
    {"Iq5", "pu", not_negative(), within(0, 2), "VDL1, reactive current"},
    {"Vq6", "pu", anything(), within(-1, 2), "VDL1, voltage"},
    {"Iq6", "pu", not_negative(), within(0, 2), "VDL1, reactive current"},
    {"Vq7", "pu", anything(), within(-1, 2), "VDL1, voltage"},
    {"Iq7", "pu", not_negative(), within(0, 2), "VDL1, reactive current"},
    {"Vq8", "pu", anything(), within(-1, 2), "VDL1, voltage"},
    {"Iq8", "pu", not_negative(), within(0, 2), "VDL1, reactive current"},
    {"Vq9", "pu", anything(), within(-1, 2), "VDL1, voltage"},
    {"Iq9", "pu", not_negative(), within(0, 2), "VDL1, reactive current"},
    {"Vq10", "pu", anything(), within(-1, 2), "VDL1, voltage"},
    {"Iq10", "pu", not_negative(), within(0, 2), "VDL1, reactive current"},
};
/// Active current over the filtered voltage.
inline constexpr ParameterInfo VDL2[] = {
    {"Vp1", "pu", anything(), within(-1, 2), "VDL2, voltage"},
    {"Ip1", "pu", not_negative(), within(0, 2), "VDL2, active current"},
    {"Vp2", "pu", anything(), within(-1, 2), "VDL2, voltage"},
    {"Ip2", "pu", not_negative(), within(0, 2), "VDL2, active current"},
    {"Vp3", "pu", anything(), within(-1, 2), "VDL2, voltage"},
    {"Ip3", "pu", not_negative(), within(0, 2), "VDL2, active current"},
    {"Vp4", "pu", anything(), within(-1, 2), "VDL2, voltage"},
    {"Ip4", "pu", not_negative(), within(0, 2), "VDL2, active current"},
    {"Vp5", "pu", anything(), within(-1, 2), "VDL2, voltage"},
    {"Ip5", "pu", not_negative(), within(0, 2), "VDL2, active current"},
    {"Vp6", "pu", anything(), within(-1, 2), "VDL2, voltage"},
    {"Ip6", "pu", not_negative(), within(0, 2), "VDL2, active current"},
    {"Vp7", "pu", anything(), within(-1, 2), "VDL2, voltage"},
    {"Ip7", "pu", not_negative(), within(0, 2), "VDL2, active current"},
    {"Vp8", "pu", anything(), within(-1, 2), "VDL2, voltage"},
    {"Ip8", "pu", not_negative(), within(0, 2), "VDL2, active current"},
    {"Vp9", "pu", anything(), within(-1, 2), "VDL2, voltage"},
    {"Ip9", "pu", not_negative(), within(0, 2), "VDL2, active current"},
    {"Vp10", "pu", anything(), within(-1, 2), "VDL2, voltage"},
    {"Ip10", "pu", not_negative(), within(0, 2), "VDL2, active current"},
};

}  // namespace ballast::reec
