/// \file
/// DC lines, FACTS devices and induction machines as a network file describes them. Part of Network; field
/// names are PSS/E's.
///
/// Bus references are dense indices as everywhere in Network; -1 = none.
#pragma once

#include <array>
#include <string>

#include "grid/error.hpp"

namespace ballast {

/// What a DC line schedules (RAW MDC).
enum class DcMode { BLOCKED = 0, POWER = 1, CURRENT = 2 };

/// A line-commutated converter at one end of a two-terminal DC line.
struct LccConverter {
  int bus = 0;                   ///< IPR, IPI
  int bridges = 1;               ///< NBR, in series
  double ANMX = 90, ANMN = 0;    ///< firing or margin angle limits, degrees
  double RC = 0, XC = 0;         ///< commutating resistance and reactance per bridge, ohm
  double EBAS_kV = 0;            ///< primary base voltage
  double TR = 1;                 ///< transformer ratio
  double TAP = 1;                ///< tap setting
  double TMX = 1.5, TMN = 0.51;  ///< tap limits
  double STP = 0.00625;          ///< tap step
  int measured_bus = -1;         ///< ICR, ICI: commutating bus; -1 = own bus
  double XCAP = 0;               ///< commutating capacitor, ohm
};

/// Two-terminal line-commutated DC line.
struct TwoTerminalDc {
  std::string name;
  DcMode MDC = DcMode::BLOCKED;
  double RDC = 0;                  ///< ohm
  double SETVL = 0;                ///< MW (positive at the rectifier, negative at the inverter) or A
  double VSCHD_kV = 0;             ///< scheduled compounded DC voltage
  double VCMOD_kV = 0;             ///< below it, power mode becomes current mode
  double RCOMP = 0;                ///< compounding resistance, ohm
  double DELTI = 0;                ///< margin
  bool margin_at_inverter = true;  ///< METER = I: the margin is at the rectifier's metered end
  double DCVMIN_kV = 0;
  int CCCITMX = 20;
  double CCCACC = 1;
  LccConverter rectifier, inverter;
  Place place;
};

struct VscConverter {
  int bus = 0;
  int TYPE = 0;               ///< 0 out of service, 1 holds DC voltage, 2 holds MW
  bool holds_voltage = true;  ///< MODE 1: AC voltage; 2: power factor
  double DCSET = 0;           ///< kV or MW into the AC network
  double ACSET = 1;           ///< pu or power factor
  double ALOSS_kW = 0, BLOSS_kW_per_A = 0, MINLOSS_kW = 0;
  double SMAX_MVA = 0, IMAX_A = 0;  ///< 0 = no limit
  double PWF = 1;
  double MAXQ_Mvar = 9999, MINQ_Mvar = -9999;
  int regulated_bus = -1;  ///< REMOT/VSREG; -1 = own bus
  double RMPCT = 100;
};

/// VSC DC line between two converters.
struct VscDc {
  std::string name;
  bool in_service = true;
  double RDC = 0;  ///< ohm
  std::array<VscConverter, 2> converters;
  Place place;
};

/// FACTS device: a shunt element at its sending bus and, with a terminal bus, a series element.
struct Facts {
  std::string name;
  int bus = 0;            ///< I
  int terminal_bus = -1;  ///< J; -1 = shunt only (STATCON)
  int MODE = 1;           ///< 0 out of service, 1 normal, 2 bypassed, 3 ... as PSS/E
  double PDES_MW = 0, QDES_Mvar = 0;
  double VSET = 1;
  double SHMX_MVA = 9999;  ///< shunt current limit at V = 1 pu
  double TRMX_MW = 9999, VTMN = 0.9, VTMX = 1.1, VSMX = 1, IMX_MVA = 0, LINX = 0.05;
  double RMPCT = 100;
  double SET1 = 0, SET2 = 0;
  int VSREF = 0;
  int regulated_bus = -1;  ///< REMOT/FCREG
  Place place;
};

/// Induction machine record (RAW 33 and later): impedances in pu on MBASE.
struct InductionMachine {
  int bus = 0;
  std::string id = "1";
  bool in_service = true;
  int SCODE = 1;  ///< 1: type 1 (shaft load given), 2: type 2
  int DCODE = 2;  ///< NEMA design 1 A, 2 B, 3 C, 4 D, 5 E, 0 custom
  int TCODE = 1;  ///< mechanical load torque curve
  int BCODE = 1;  ///< meaning of MBASE
  int PCODE = 1;  ///< meaning of PSET: 1 mechanical, 2 electrical power
  int area = 1, zone = 1, owner = 1;
  double MBASE_MVA = 100, RATEKV = 0, PSET_MW = 0, H = 1;
  double A = 1, B = 1, D = 1, E = 1;  ///< torque curve coefficients
  double RA = 0, XA = 0, XM = 2.5, R1 = 999, X1 = 999, R2 = 999, X2 = 999, X3 = 0;
  double E1 = 1, SE1 = 0, E2 = 1.2, SE2 = 0;
  double IA1 = 0, IA2 = 0, XAMULT = 1;
  Place place;
};

/// A DC line of a MATPOWER case (mpc.dcline): a power transfer with a loss function and var limits.
struct PowerTransferDc {
  int from = 0, to = 0;
  bool in_service = true;
  double PF_MW = 0, PT_MW = 0, QF_Mvar = 0, QT_Mvar = 0;  ///< PF drawn at from, PT injected at to
  double VF = 1, VT = 1;                                  ///< voltage held at each end, pu
  double PMIN_MW = 0, PMAX_MW = 0;
  double QMINF_Mvar = 0, QMAXF_Mvar = 0, QMINT_Mvar = 0, QMAXT_Mvar = 0;
  double LOSS0_MW = 0, LOSS1 = 0;  ///< PT = PF - LOSS0 - LOSS1 PF
  Place place;
};

}  // namespace ballast
