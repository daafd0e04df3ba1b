/// \file
/// The negative- and zero-sequence networks: the impedance that an unbalanced fault sees from its place, and
/// the voltages that its currents leave at every bus. docs/unbalanced-faults.md says what is represented.
///
/// Per unit on the system base. Sources of method: P. M. Anderson, Analysis of Faulted Power Systems,
/// chapters 2 and 7; connection codes as in the PSS/E sequence data file.
#pragma once

#include <array>
#include <complex>
#include <cstdint>
#include <optional>
#include <vector>

#include "grid/error.hpp"
#include "grid/line_fault.hpp"
#include "grid/network.hpp"

namespace ballast {

/// The codes of the windings of a three-winding transformer, each that of a two-winding one between the
/// winding's bus and the star: PSS/E's table, or three digits that say them.
[[nodiscard]] std::array<int, 3> winding_codes(int CC);

enum class Sequence { NEGATIVE, ZERO };

/// Unbalanced faults lie between phase A and ground, between B and C, or between B, C and ground.
enum class FaultType { THREE_PHASE, LG, LL, LLG };

/// A place for a fault: a bus, or a share of a branch's length with the state of its breakers.
struct FaultPlace {
  int bus = -1;      ///< -1: on the branch
  int branch = -1;   ///< -1: at the bus
  FaultedLine line;  ///< of the branch; its admittance is not read
};

/// Declared instead of data: the negative- and zero-sequence impedance seen from any place, as multiples of
/// the positive-sequence impedance seen from there.
struct SequenceRatio {
  double Z0_over_Z1 = 0, Z2_over_Z1 = 0;
};

/// What is connected, and what the loads are, at the moment of the fault.
struct SequenceConditions {
  std::vector<std::uint8_t> branch_closed;      ///< [branch]
  std::vector<std::uint8_t> shunt_closed;       ///< [shunt]
  std::vector<std::uint8_t> generator_running;  ///< [generator]
  std::vector<double> switched_shunt_Mvar;      ///< [switched shunt]
  /// [bus] admittance that the static loads without negative-sequence data show to the negative sequence.
  std::vector<std::complex<double>> load_admittance;
  std::optional<SequenceRatio> ratio;  ///< read for a network without sequence data
  /// [SequenceData::loads] share of its conductance (real part) and susceptance that is connected; without an
  /// entry all of it.
  std::vector<std::complex<double>> load_share = {};
};

struct SequenceImpedance {
  bool grounded = true;    ///< false: no path to ground; Z is infinite and no current flows
  std::complex<double> Z;  ///< Thevenin impedance at the place
  /// [bus] voltage per unit of current injected at the place; without a path to ground, 1 at the buses that
  /// are connected to the place.
  std::vector<std::complex<double>> transfer;
};

/// Impedance of one sequence network from a place. Throws Error without sequence data or a declared ratio,
/// and where the data lacks an element that is needed (see check_sequence_data).
[[nodiscard]] SequenceImpedance sequence_impedance(const Network& network, Sequence sequence,
                                                   const SequenceConditions& conditions,
                                                   const FaultPlace& place);

/// What a fault of this type needs of the network's data and does not find: every line and transformer in
/// service needs zero-sequence data for a fault to ground; a connection code that is not represented. Warns
/// of the PSS/E defaults that are used: ZNEG = ZSOURCE and no zero-sequence path for generators without a
/// record.
void check_sequence_data(const Network& network, FaultType type, Problems& problems);

/// The shunt that stands for the fault in the positive sequence, and the sequence voltages it leaves, as
/// multiples of the positive-sequence voltage at its place. Zf: LG phase to ground, LL phase to phase, LLG
/// from the joined phases to ground.
struct UnbalancedFault {
  std::complex<double> admittance;
  std::vector<std::complex<double>> negative, zero;  ///< [bus]
  std::complex<double> negative_at_place, zero_at_place;
};
[[nodiscard]] UnbalancedFault unbalanced_fault(FaultType type, std::complex<double> Zf,
                                               const SequenceImpedance& negative,
                                               const SequenceImpedance& zero);

/// Phase voltages A, B, C from sequence voltages.
struct PhaseVoltages {
  std::complex<double> a, b, c;
};
[[nodiscard]] PhaseVoltages phase_voltages(std::complex<double> positive, std::complex<double> negative,
                                           std::complex<double> zero);
/// What they become behind a delta-wye transformer whose secondary lags by 30 degrees (Dyn1): the zero
/// sequence does not pass.
[[nodiscard]] PhaseVoltages behind_delta_wye(std::complex<double> positive, std::complex<double> negative);

}  // namespace ballast
