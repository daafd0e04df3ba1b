/// \file
/// The network while it is simulated: which breakers are closed, which faults are on, which islands live.
#pragma once

#include <complex>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "grid/network.hpp"
#include "grid/sequence_network.hpp"

namespace ballast {

/// Breaker positions, faults and the admittance matrix they make, with a pattern that never changes:
/// open branches keep their places with value zero.
class GridState {
 public:
  explicit GridState(const Network& network);

  [[nodiscard]] const Network& network() const { return *network_; }
  [[nodiscard]] int bus_count() const { return static_cast<int>(network_->buses.size()); }

  std::vector<std::uint8_t> branch_closed;  ///< [branch]
  std::vector<std::uint8_t> shunt_closed;   ///< [shunt]
  std::vector<double> switched_shunt_Mvar;  ///< [switched shunt] in service at V = 1 pu, capacitive positive
  std::vector<std::complex<double>> fault;  ///< [bus] admittance to ground, pu on the system base
  /// Faults along branches, by branch: the branch is then this two-port, whatever branch_closed says (which
  /// alone decides about islands). A sound branch that is closed at one end is here too, with a fault that
  /// draws nothing.
  std::map<int, FaultedLine> line_fault;
  /// Unbalanced faults that are on, by whoever set them: `fault` or `line_fault` hold the shunt that stands
  /// for each in the positive sequence.
  struct Unbalanced {
    FaultPlace place;
    UnbalancedFault fault;
  };
  std::map<int, Unbalanced> unbalanced;
  std::optional<SequenceRatio> sequence_ratio;  ///< stands for the sequence data of a network without
  double fault_scale = 1;  ///< multiplies the admittance of every fault: a way to approach a deep one
  [[nodiscard]] bool has_fault() const;
  /// Whether the breaker at one end of a branch is closed.
  [[nodiscard]] bool end_closed(int branch, bool from) const;

  /// Ratio of a branch as its tap changer has left it.
  [[nodiscard]] double ratio(int branch) const { return ratio_[branch]; }
  /// The matrix is to be recomputed after it. Sequence networks of unbalanced faults keep the network's
  /// ratio.
  void set_ratio(int branch, double ratio);

  /// Branches whose impedance gives no finite admittance.
  [[nodiscard]] std::vector<int> impossible_branches() const;

  /// A branch as it is now: zero when open, with the fault on it if there is one.
  [[nodiscard]] BranchBlock block_now(int branch) const;
  /// Shunts and faults to ground at every bus. [bus]
  [[nodiscard]] std::vector<std::complex<double>> to_ground() const;

  /// Recomputes the matrix after a change of the fields above; the islands stay as they were.
  void rebuild_matrix();
  /// Recomputes the matrix and the islands after a change of the fields above.
  void rebuild();

  // Y in compressed rows.
  std::vector<int> row_start, column;
  std::vector<std::complex<double>> value;

  std::vector<int> island;  ///< [bus] island number from 0; -1 for buses out of service
  int island_count = 0;

  /// Complex power in MVA flowing into a branch at its ends, for bus voltages in pu; zero when open.
  [[nodiscard]] BranchFlow flow(int branch, std::complex<double> v_from, std::complex<double> v_to) const;

 private:
  struct Stamp {  ///< where a branch's 2x2 block lies in value[]
    int ff, ft, tf, tt;
  };
  const Network* network_;
  std::vector<Stamp> stamp_;
  std::vector<BranchBlock> block_;
  std::vector<double> ratio_;  ///< [branch]
  /// A branch of the network with its ratio of now.
  [[nodiscard]] Branch branch_now(int branch) const;
  std::vector<int> diagonal_;
};

}  // namespace ballast
