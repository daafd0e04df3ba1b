/// \file
/// Negative- and zero-sequence data of a network (PSS/E SEQ file). Part of Network.
///
/// Impedances and admittances in pu on base_MVA unless said otherwise.
#pragma once

#include <complex>
#include <string>
#include <vector>

namespace ballast {

/// What a SEQ file adds to one generator, pu on its MBASE.
struct GeneratorSequence {
  int generator = 0;  ///< index into Network::generators
  std::complex<double> Zpos, Zneg, Z0;
  std::complex<double> Zground;  ///< of its neutral
};

/// What it adds to a line.
struct BranchSequence {
  int branch = 0;  ///< index into Network::branches
  std::complex<double> Z0;
  double B0 = 0;                  ///< total charging
  std::complex<double> Y0I, Y0J;  ///< zero-sequence line shunts at either end
};

/// What it adds to a transformer: its winding connections seen by the zero sequence.
struct TransformerSequence {
  int branch = 0;  ///< first branch of the transformer (the winding 1 branch of a three-winding one)
  int CC = 0;      ///< connection code as PSS/E counts them
  /// Per winding, 0 = solidly grounded, pu of the base voltage of the winding's bus; then the common neutral.
  std::vector<std::complex<double>> Zground;
  /// As the connection code wants them; of two windings where R + jX of the branch stands, behind the ratio.
  std::vector<std::complex<double>> Z0;
};

/// A shunt or load path at a bus, negative and zero sequence. A load without id (up to version 32) stands for
/// all loads of its bus.
struct ShuntSequence {
  int bus = 0;
  std::string id;
  std::complex<double> Yneg, Y0;
};

/// The zero sequence of a switched shunt: that of the steps which are switched in, taken in the order of its
/// blocks.
struct SwitchedShuntSequence {
  int shunt = 0;           ///< index into Network::switched_shunts
  std::vector<double> BZ;  ///< of one step of each block
};

/// Zero-sequence mutual impedance between two branches.
struct MutualSequence {
  int branch_1 = 0, branch_2 = 0;
  std::complex<double> Zm;
  double B1 = 0, E1 = 1, B2 = 0, E2 = 1;  ///< coupled stretch of each branch, share of its length
};

struct SequenceData {
  std::vector<GeneratorSequence> generators;
  std::vector<BranchSequence> branches;
  std::vector<TransformerSequence> transformers;
  std::vector<ShuntSequence> shunts, loads;
  std::vector<SwitchedShuntSequence> switched_shunts;
  std::vector<MutualSequence> mutuals;
};

}  // namespace ballast
