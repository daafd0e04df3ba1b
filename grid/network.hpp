/// \file
/// The network at rest: what a RAW, MATPOWER or inline-table case says, in the units of such files.
///
/// Elements refer to buses by dense index (position in Network::buses), never by bus number.
/// Units: MW, Mvar, MVA, kV, degrees; impedances and admittances of branches in per unit on base_MVA;
/// voltage magnitudes in per unit of the bus's base_kV. Loads consume for positive P and Q, generators
/// inject for positive P and Q.
#pragma once

#include <array>
#include <limits>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "grid/controls.hpp"
#include "grid/dc_equipment.hpp"
#include "grid/error.hpp"
#include "grid/sequence.hpp"

namespace ballast {

/// What the power flow holds at a bus: PQ (load), PV (regulated voltage), slack (voltage and angle), or
/// isolated (out of service).
enum class BusType { PQ, PV, SLACK, ISOLATED };

struct Position {
  double x;  ///< longitude in degrees, or an abstract coordinate
  double y;  ///< latitude in degrees, or an abstract coordinate
};

struct Bus {
  int number = 0;
  std::string name;
  double base_kV = 0;
  BusType type = BusType::PQ;
  double Vm = 1;      ///< initial guess or solution, pu
  double Va_deg = 0;  ///< initial guess or solution
  double Vmax = 1.1;  ///< normal range, pu
  double Vmin = 0.9;
  int area = 1;
  int zone = 1;
  int owner = 1;
  std::optional<Position> position;
  Place place;  ///< where it was read
};

/// A static load: constant power, constant current and constant admittance parts at nominal voltage
/// (current and admittance parts in MW and Mvar at V = 1 pu; YQ positive consumes, unlike the RAW file's YQ).
struct Load {
  int bus = 0;
  std::string id = "1";
  bool in_service = true;
  double P_MW = 0, Q_Mvar = 0;
  double IP_MW = 0, IQ_Mvar = 0;
  double YP_MW = 0, YQ_Mvar = 0;
  int area = 1, zone = 1, owner = 1;
  Place place;
};

/// Fixed shunt: consumes G, injects B, both at V = 1 pu (B_Mvar > 0 is a capacitor).
struct Shunt {
  int bus = 0;
  std::string id = "1";
  bool in_service = true;
  double G_MW = 0;
  double B_Mvar = 0;
  Place place;
};

struct Generator {
  int bus = 0;
  std::string id = "1";
  bool in_service = true;
  double P_MW = 0, Q_Mvar = 0;
  double Qmax_Mvar = std::numeric_limits<double>::infinity();
  double Qmin_Mvar = -std::numeric_limits<double>::infinity();
  double Pmax_MW = std::numeric_limits<double>::infinity();
  double Pmin_MW = -std::numeric_limits<double>::infinity();
  double Vset = 1;                  ///< pu, at regulated_bus
  int regulated_bus = -1;           ///< dense index; -1 = own bus
  double share_percent = 100;       ///< RMPCT, share of the regulated bus's vars
  double base_MVA = 100;            ///< MBASE
  double ZR = 0, ZX = 1;            ///< ZSOURCE, pu on base_MVA
  double RT = 0, XT = 0, GTAP = 1;  ///< step-up transformer carried in the generator record (XT = 0: none)
  std::string fuel;  ///< as the file names it (mpc.genfuel: "coal", "hydro"); "" when it does not
  Place place;
};

/// Line or two-winding transformer: pi model, tap on the `from` side.
/// I_from = (y + jB/2 + from shunt)/ratio^2 V_from - y/(ratio e^{-j angle}) V_to, as in MATPOWER.
struct Branch {
  int from = 0, to = 0;
  std::string id = "1";
  bool in_service = true;
  double R = 0, X = 0, B = 0;  ///< pu on base_MVA; B is total charging
  double GI = 0, BI = 0;       ///< shunt at the from end, pu (RAW line shunts, transformer magnetising)
  double GJ = 0, BJ = 0;       ///< shunt at the to end, pu
  double ratio = 1;            ///< off-nominal turns ratio at `from`
  double angle_deg = 0;        ///< phase shift, from relative to to
  double rate_MVA = 0;         ///< 0 = no rating
  bool transformer = false;
  double SBASE_MVA = 0;  ///< winding base of a transformer record (SBASE1-2, 2-3, 3-1), 0 = not given
  /// Turns ratio of the winding at `to`, pu of its bus voltage (WINDV2). R and X hold it already, R + jX =
  /// Z12 t2^2, and `ratio` is t1 / t2; the zero-sequence impedances of a SEQ file need it.
  double t2 = 1;
  bool metered_at_to = false;  ///< the end at which area interchange counts it (RAW MET 2, NMETR 1)
  std::string name;
  std::optional<TapControl> tap_control;  ///< of the winding at `from`
  /// Impedance correction table (Network::impedance_corrections, by index); -1 = none. R and X are the values
  /// before correction.
  int correction = -1;
  Place place;
};

/// Three windings as three branches that meet at a star bus; the branches run from the winding's bus to it.
struct ThreeWinding {
  std::string name, id = "1";
  int star_bus = 0;
  std::array<int, 3> branches{};  ///< indices into Network::branches, windings 1 to 3
  Place place;
  int NMETR = 2;  ///< winding that area interchange does not meter: its area bears the losses
};

/// Branches in a row that PSS/E lets a study treat as one line.
struct MultiSectionLine {
  int from = 0, to = 0;
  std::string id = "&1";
  std::vector<int> dummy_buses;
  Place place;
};

struct Network {
  std::string name;
  double base_MVA = 100;
  double frequency_Hz = 60;
  std::vector<Bus> buses;
  std::vector<Load> loads;
  std::vector<Shunt> shunts;
  std::vector<Generator> generators;
  std::vector<Branch> branches;
  std::vector<ThreeWinding> three_windings;
  std::vector<ImpedanceCorrection> impedance_corrections;
  std::vector<SwitchedShunt> switched_shunts;
  std::vector<TwoTerminalDc> two_terminal_dc;
  std::vector<VscDc> vsc_dc;
  std::vector<PowerTransferDc> power_transfer_dc;
  std::vector<Facts> facts;
  std::vector<InductionMachine> induction_machines;
  std::vector<MultiSectionLine> multi_section_lines;
  std::vector<Area> areas;
  std::vector<NumberedName> zones, owners;
  std::vector<AreaTransfer> transfers;
  std::optional<SequenceData> sequence;  ///< negative- and zero-sequence data, when a SEQ file was read

  /// Dense index of a bus number, or -1. Valid after index_buses().
  [[nodiscard]] int find_bus(int number) const;
  /// Rebuilds the number-to-index map; call after changing `buses`.
  void index_buses();
  /// "bus 2101 (NOVA-1 230 kV)" for messages.
  [[nodiscard]] std::string bus_label(int index) const;

 private:
  std::unordered_map<int, int> index_;
};

}  // namespace ballast
