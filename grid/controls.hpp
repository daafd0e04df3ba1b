/// \file
/// What a network file says about the controls of a power flow: transformers that change taps, switched
/// shunts, areas that hold their interchange. Part of Network; field names are PSS/E's.
///
/// Bus references are dense indices as everywhere in Network; -1 = none.
#pragma once

#include <complex>
#include <string>
#include <vector>

#include "grid/error.hpp"

namespace ballast {

/// What the adjustable winding of a transformer holds (RAW |COD|).
enum class TapTarget { VOLTAGE = 1, MVAR = 2, MW = 3, DC_LINE = 4, ASYMMETRIC_MW = 5 };

/// The control of a transformer's adjustable winding (winding 1, the `from` side of its branch).
struct TapControl {
  TapTarget target = TapTarget::VOLTAGE;
  bool adjusts = true;  ///< COD > 0; a negative COD keeps the data and locks the tap
  int bus = -1;         ///< |CONT|: bus whose voltage is held; -1 with target VOLTAGE: nothing is held
  /// The sign of CONT: true when the held bus lies on the winding's own (tapped) side, so that raising the
  /// ratio raises its voltage.
  bool on_tapped_side = false;
  double RMA = 1.1, RMI = 0.9;  ///< ratio limits, pu of the bus base; degrees when the target is a MW flow
  double VMA = 1.1, VMI = 0.9;  ///< upper and lower value held: pu, Mvar or MW into the winding
  int NTP = 33;                 ///< tap positions from RMI to RMA
  double CR = 0, CX = 0;        ///< line-drop compensation, pu on base_MVA
};

/// Scaling of a transformer's impedance with its ratio or angle (RAW impedance correction table), linear
/// between points and constant beyond them.
struct ImpedanceCorrection {
  struct Point {
    double T;  ///< ratio, pu, or phase shift, degrees
    std::complex<double> F;
  };
  int number = 0;
  std::vector<Point> points;  ///< T ascending
  Place place;
};

/// How a switched shunt moves (RAW MODSW).
enum class ShuntMode {
  LOCKED = 0,
  DISCRETE_VOLTAGE = 1,
  CONTINUOUS_VOLTAGE = 2,
  DISCRETE_PLANT_MVAR = 3,      ///< holds the var output of the plant at the regulated bus
  DISCRETE_VSC_MVAR = 4,        ///< of the VSC converter named by RMIDNT
  DISCRETE_SHUNT_POSITION = 5,  ///< of the switched shunt at the regulated bus
  DISCRETE_FACTS_MVAR = 6
};

/// Blocks of steps of switched admittance; capacitors positive.
struct SwitchedShunt {
  struct Block {
    bool in_service = true;  ///< S of version 35 and later
    int N = 0;               ///< steps
    double B_Mvar = 0;       ///< per step at V = 1 pu
  };
  int bus = 0;
  std::string id = "1";
  bool in_service = true;
  ShuntMode MODSW = ShuntMode::LOCKED;
  int ADJM = 0;                 ///< 0: blocks in input order, 1: next higher or lower total
  double VSWHI = 1, VSWLO = 1;  ///< band held, pu, or share of the var range for modes 3 to 6
  int regulated_bus = -1;       ///< SWREG/SWREM; -1 = own bus
  double RMPCT = 100;
  std::string RMIDNT;
  double BINIT_Mvar = 0;  ///< admittance at the start
  std::vector<Block> blocks;
  Place place;
};

struct Area {
  int number = 0;
  std::string name;
  int swing_bus = -1;  ///< ISW
  double PDES_MW = 0;  ///< net export wanted
  double PTOL_MW = 10;
  Place place;
};

/// A number with a name: a zone or an owner.
struct NumberedName {
  int number = 0;
  std::string name;
  Place place;
};

/// A scheduled transfer from one area to another.
struct AreaTransfer {
  int from_area = 0, to_area = 0;
  std::string id = "1";
  double P_MW = 0;
  Place place;
};

}  // namespace ballast
