#include "grid/sequence_network.hpp"

#include <fmt/format.h>

#include <Eigen/LU>
#include <Eigen/SparseLU>
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numbers>

#include "grid/admittance.hpp"
#include "grid/labels.hpp"

namespace ballast {
namespace {

using Complex = std::complex<double>;
constexpr double kLargestAdmittance = 1e7;  // pu: what a bolted fault is given

Complex at(const std::vector<Complex>& values, std::size_t i) { return i < values.size() ? values[i] : 0.0; }

bool represented(int code) { return code >= 1 && code <= 4; }

struct ZeroData {
  std::vector<const BranchSequence*> line;              ///< [branch]
  std::vector<const TransformerSequence*> transformer;  ///< [branch]
  std::vector<int> winding;                             ///< [branch] of a three-winding transformer, else -1
};

ZeroData zero_data(const Network& network) {
  const std::size_t n = network.branches.size();
  ZeroData data{std::vector<const BranchSequence*>(n, nullptr),
                std::vector<const TransformerSequence*>(n, nullptr), std::vector<int>(n, -1)};
  for (const ThreeWinding& t : network.three_windings)
    for (int w = 0; w < 3; ++w) data.winding[static_cast<std::size_t>(t.branches[w])] = w;
  for (const BranchSequence& b : network.sequence->branches) data.line[b.branch] = &b;
  for (const TransformerSequence& t : network.sequence->transformers) data.transformer[t.branch] = &t;
  for (const ThreeWinding& t : network.three_windings)
    for (const int branch : t.branches) data.transformer[branch] = data.transformer[t.branches[0]];
  return data;
}

/// A network of one sequence under construction: buses first, then the points that a fault adds.
class Builder {
 public:
  Builder(const Network& network, Sequence sequence, const SequenceConditions& conditions)
      : network_(network), zero_(sequence == Sequence::ZERO), conditions_(conditions) {
    for (std::size_t i = 0; i < network.buses.size(); ++i) (void)point();
  }

  /// Impedance from the place where the fault is.
  SequenceImpedance from(const FaultPlace& place) {
    const int node = add_branches(place);
    add_shunts();
    add_generators();
    add_loads();
    return solve(node);
  }

 private:
  const Network& network_;
  bool zero_;
  const SequenceConditions& conditions_;
  using Entry = Eigen::Triplet<Complex>;
  std::vector<Entry> entries_;
  std::vector<char> grounded_;  ///< [node] has a path of its own to ground

  int point() {
    grounded_.push_back(0);
    return static_cast<int>(grounded_.size()) - 1;
  }
  [[nodiscard]] bool dead(int bus) const { return network_.buses[bus].type == BusType::ISOLATED; }
  void ground(int node, Complex y) {
    if (y == 0.0 || !std::isfinite(std::abs(y))) return;
    entries_.emplace_back(node, node, y);
    grounded_[node] = 1;
  }
  void pi(int from, int to, const Branch& branch) {
    const BranchBlock block = branch_block(branch);
    entries_.emplace_back(from, from, block.ff);
    entries_.emplace_back(from, to, block.ft);
    entries_.emplace_back(to, from, block.tf);
    entries_.emplace_back(to, to, block.tt);
    if (branch.B != 0 || branch.GI != 0 || branch.BI != 0) grounded_[from] = 1;
    if (branch.B != 0 || branch.GJ != 0 || branch.BJ != 0) grounded_[to] = 1;
  }

  /// The line that the fault splits. Returns the node of the fault.
  int add_faulted(const Branch& branch, const FaultedLine& fault) {
    const int from = fault.from_closed ? branch.from : point();
    const int to = fault.to_closed ? branch.to : point();
    if (fault.share <= 0 || fault.share >= 1) {
      pi(from, to, branch);
      return fault.share <= 0 ? from : to;
    }
    const int middle = point();
    const SplitBranch parts = split_branch(branch, fault.share);
    pi(from, middle, parts.first);
    pi(middle, to, parts.second);
    return middle;
  }

  /// The branch as this sequence sees it, as a pi; false when its path is none (a transformer's connection).
  bool as_pi(std::size_t k, const ZeroData& data, Branch& branch) {
    branch = corrected_branch(network_, network_.branches[k]);
    branch.angle_deg = -branch.angle_deg;
    if (!zero_) return true;
    branch.angle_deg = 0;
    branch.B = branch.GI = branch.BI = branch.GJ = branch.BJ = 0;
    if (const BranchSequence* line = data.line[k]) {
      branch.R = line->Z0.real();
      branch.X = line->Z0.imag();
      branch.B = line->B0;
      branch.GI = line->Y0I.real();
      branch.BI = line->Y0I.imag();
      branch.GJ = line->Y0J.real();
      branch.BJ = line->Y0J.imag();
      return true;
    }
    const TransformerSequence& t = *data.transformer[k];
    const int winding = data.winding[k];
    const int code = winding < 0 ? t.CC : winding_codes(t.CC)[winding];
    const std::size_t w = winding < 0 ? 0 : static_cast<std::size_t>(winding);
    // Everything is put behind the ratio; a neutral stands at its winding's own bus, that of `from` before
    // it.
    const double tap = branch.ratio * branch.ratio;
    Complex Z = at(t.Z0, w);
    if (code != 3 || winding >= 0) Z += 3.0 * at(t.Zground, w) / tap;
    if (winding < 0 && (code == 1 || code == 3)) Z += 3.0 * at(t.Zground, 1);
    if (code == 2) ground(branch.from, 1.0 / (tap * Z));
    if (code == 3) ground(branch.to, 1.0 / Z);
    branch.R = Z.real();
    branch.X = Z.imag();
    return code == 1;
  }

  int add_branches(const FaultPlace& place) {
    const ZeroData data = zero_ ? zero_data(network_) : ZeroData{};
    int node = place.bus;
    for (std::size_t k = 0; k < network_.branches.size(); ++k) {
      const Branch& own = network_.branches[k];
      const bool faulted = place.bus < 0 && static_cast<int>(k) == place.branch;
      if (dead(own.from) || dead(own.to) || (!faulted && conditions_.branch_closed[k] == 0)) continue;
      Branch branch;
      const bool path = as_pi(k, data, branch);
      if (faulted && path)
        node = add_faulted(branch, place.line);
      else if (faulted)  // at an end of a transformer that has no path of its own
        node = place.line.share <= 0 ? (place.line.from_closed ? own.from : point())
                                     : (place.line.to_closed ? own.to : point());
      else if (path)
        pi(own.from, own.to, branch);
    }
    if (zero_) add_mutuals(place);
    return node;
  }

  /// Two coupled circuits: the inverse of their impedance matrix replaces their series admittances.
  void add_mutuals(const FaultPlace& place) {
    std::map<int, int> group_of;  // branch -> group, by union of coupled pairs
    std::vector<std::vector<int>> groups;
    const auto in = [&](int k) { return conditions_.branch_closed[k] != 0 && k != place.branch; };
    for (const MutualSequence& m : network_.sequence->mutuals) {
      if (!in(m.branch_1) || !in(m.branch_2)) continue;
      const auto one = group_of.find(m.branch_1);
      const auto two = group_of.find(m.branch_2);
      if (one == group_of.end() && two == group_of.end()) {
        group_of[m.branch_1] = group_of[m.branch_2] = static_cast<int>(groups.size());
        groups.push_back({m.branch_1, m.branch_2});
      } else if (one == group_of.end()) {
        groups[group_of[m.branch_1] = two->second].push_back(m.branch_1);
      } else if (two == group_of.end()) {
        groups[group_of[m.branch_2] = one->second].push_back(m.branch_2);
      } else if (one->second != two->second) {
        const int gone = two->second;
        for (const int k : groups[gone]) groups[group_of[k] = one->second].push_back(k);
        groups[gone].clear();
      }
    }
    const ZeroData data = zero_data(network_);
    for (const std::vector<int>& group : groups) {
      const auto n = static_cast<Eigen::Index>(group.size());
      if (n == 0) continue;
      Eigen::MatrixXcd Z = Eigen::MatrixXcd::Zero(n, n);
      for (Eigen::Index i = 0; i < n; ++i) Z(i, i) = data.line[group[i]]->Z0;
      for (const MutualSequence& m : network_.sequence->mutuals)
        for (Eigen::Index i = 0; i < n; ++i)
          for (Eigen::Index j = 0; j < n; ++j)
            if (group[i] == m.branch_1 && group[j] == m.branch_2) Z(i, j) = Z(j, i) = Z(i, j) + m.Zm;
      Eigen::MatrixXcd Y = Z.inverse();
      for (Eigen::Index i = 0; i < n; ++i) Y(i, i) -= 1.0 / Z(i, i);  // already there
      for (Eigen::Index i = 0; i < n; ++i)
        for (Eigen::Index j = 0; j < n; ++j) {
          const Branch& p = network_.branches[group[i]];
          const Branch& q = network_.branches[group[j]];
          entries_.emplace_back(p.from, q.from, Y(i, j));
          entries_.emplace_back(p.from, q.to, -Y(i, j));
          entries_.emplace_back(p.to, q.from, -Y(i, j));
          entries_.emplace_back(p.to, q.to, Y(i, j));
        }
    }
  }

  void add_shunts() {
    if (!zero_) {
      for (std::size_t k = 0; k < network_.shunts.size(); ++k) {
        const Shunt& s = network_.shunts[k];
        if (conditions_.shunt_closed[k] != 0 && !dead(s.bus))
          ground(s.bus, shunt_admittance(s, network_.base_MVA));
      }
      for (std::size_t k = 0; k < network_.switched_shunts.size(); ++k)
        if (const int bus = network_.switched_shunts[k].bus; !dead(bus))
          ground(bus, Complex(0, conditions_.switched_shunt_Mvar[k] / network_.base_MVA));
      return;
    }
    for (const ShuntSequence& s : network_.sequence->shunts) {
      bool closed = true;
      for (std::size_t k = 0; k < network_.shunts.size(); ++k)
        if (network_.shunts[k].bus == s.bus && network_.shunts[k].id == s.id)
          closed = conditions_.shunt_closed[k] != 0;
      if (closed && !dead(s.bus)) ground(s.bus, s.Y0);
    }
    for (const SwitchedShuntSequence& s : network_.sequence->switched_shunts)
      if (const int bus = network_.switched_shunts[s.shunt].bus; !dead(bus))
        ground(bus, Complex(0, zero_susceptance(s)));
  }

  /// Of the steps that make up the present susceptance.
  [[nodiscard]] double zero_susceptance(const SwitchedShuntSequence& s) const {
    const SwitchedShunt& shunt = network_.switched_shunts[s.shunt];
    double left_Mvar = conditions_.switched_shunt_Mvar[s.shunt];
    double B0 = 0;
    for (std::size_t k = 0; k < shunt.blocks.size(); ++k) {
      const SwitchedShunt::Block& block = shunt.blocks[k];
      if (!block.in_service || block.B_Mvar * left_Mvar <= 0) continue;
      const double steps = std::min(static_cast<double>(block.N), left_Mvar / block.B_Mvar);
      B0 += steps * s.BZ[k];
      left_Mvar -= steps * block.B_Mvar;
    }
    return B0;
  }

  void add_generators() {
    std::vector<const GeneratorSequence*> record(network_.generators.size(), nullptr);
    if (network_.sequence)
      for (const GeneratorSequence& g : network_.sequence->generators) record[g.generator] = &g;
    for (std::size_t k = 0; k < network_.generators.size(); ++k) {
      const Generator& g = network_.generators[k];
      if (conditions_.generator_running[k] == 0 || dead(g.bus)) continue;
      const double scale = network_.base_MVA / g.base_MVA;
      if (zero_) {
        if (record[k] != nullptr && record[k]->Z0 != 0.0)
          ground(g.bus, 1.0 / (scale * (record[k]->Z0 + 3.0 * record[k]->Zground)));
        continue;
      }
      Complex Z(g.ZR, g.ZX);
      if (record[k] != nullptr && record[k]->Zpos != 0.0) Z = record[k]->Zpos;
      if (record[k] != nullptr && record[k]->Zneg != 0.0) Z = record[k]->Zneg;
      ground(g.bus, 1.0 / (scale * Z));
    }
  }

  void add_loads() {
    const std::size_t records = network_.sequence ? network_.sequence->loads.size() : 0;
    for (std::size_t k = 0; k < records; ++k) {
      const ShuntSequence& load = network_.sequence->loads[k];
      const Complex share = k < conditions_.load_share.size() ? conditions_.load_share[k] : Complex(1, 1);
      const Complex y = zero_ ? load.Y0 : load.Yneg;
      if (!dead(load.bus)) ground(load.bus, Complex(y.real() * share.real(), y.imag() * share.imag()));
    }
    if (zero_) return;
    for (std::size_t b = 0; b < network_.buses.size(); ++b)
      if (!dead(static_cast<int>(b))) ground(static_cast<int>(b), conditions_.load_admittance[b]);
  }

  SequenceImpedance solve(int node) {
    const int size = static_cast<int>(grounded_.size());
    Eigen::SparseMatrix<Complex> all(size, size);
    all.setFromTriplets(entries_.begin(), entries_.end());
    // The part of the network that is connected to the place.
    std::vector<int> row(size, -1);
    std::vector<int> members{node};
    row[node] = 0;
    bool grounded = false;
    for (std::size_t i = 0; i < members.size(); ++i) {
      grounded = grounded || grounded_[members[i]] != 0;
      for (Eigen::SparseMatrix<Complex>::InnerIterator it(all, members[i]); it; ++it) {
        const auto other = static_cast<int>(it.row());
        if (row[other] >= 0) continue;
        row[other] = static_cast<int>(members.size());
        members.push_back(other);
      }
    }
    SequenceImpedance found;
    found.grounded = grounded;
    found.transfer.assign(network_.buses.size(), 0.0);
    const auto in_network = [&](int n) { return n < static_cast<int>(network_.buses.size()); };
    if (!grounded) {
      found.Z = std::numeric_limits<double>::infinity();
      for (const int n : members)
        if (in_network(n)) found.transfer[n] = 1;
      return found;
    }
    const auto n = static_cast<Eigen::Index>(members.size());
    std::vector<Entry> own;
    for (const int column : members)
      for (Eigen::SparseMatrix<Complex>::InnerIterator it(all, column); it; ++it)
        own.emplace_back(row[it.row()], row[column], it.value());
    Eigen::SparseMatrix<Complex> Y(n, n);
    Y.setFromTriplets(own.begin(), own.end());
    Eigen::SparseLU<Eigen::SparseMatrix<Complex>> lu(Y);
    Eigen::VectorXcd unit = Eigen::VectorXcd::Zero(n);
    unit[0] = 1;
    const Eigen::VectorXcd V = lu.info() == Eigen::Success ? Eigen::VectorXcd(lu.solve(unit)) : unit;
    if (lu.info() != Eigen::Success || !std::isfinite(std::abs(V[0])))
      throw Error(
          in_network(node) ? network_.bus_label(node) : std::string(),
          fmt::format("the {}-sequence network seen from the fault is singular", zero_ ? "zero" : "negative"),
          "look for a resonance between its shunts and branches");
    found.Z = V[0];
    for (std::size_t i = 0; i < members.size(); ++i)
      if (in_network(members[i])) found.transfer[members[i]] = V[static_cast<Eigen::Index>(i)];
    return found;
  }
};

}  // namespace

std::array<int, 3> winding_codes(int CC) {
  if (CC >= 111 && CC <= 999) return {CC / 100, CC / 10 % 10, CC % 10};
  switch (CC) {
    case 2:
      return {1, 1, 3};  // wye-wye-delta
    case 3:
      return {3, 1, 3};  // delta-wye-delta
    case 4:
      return {3, 3, 3};  // delta-delta-delta
    case 5:
      return {1, 2, 1};  // autotransformer, delta-wye-delta
    default:
      return {CC, CC, CC};
  }
}

SequenceImpedance sequence_impedance(const Network& network, Sequence sequence,
                                     const SequenceConditions& conditions, const FaultPlace& place) {
  if (network.sequence) return Builder(network, sequence, conditions).from(place);
  if (!conditions.ratio)
    throw Error(network.name, "an unbalanced fault needs sequence data, and the network has none",
                "name a SEQ file, or declare sequence_ratio in [network]");
  const double ratio =
      sequence == Sequence::NEGATIVE ? conditions.ratio->Z2_over_Z1 : conditions.ratio->Z0_over_Z1;
  SequenceImpedance found = Builder(network, Sequence::NEGATIVE, conditions).from(place);
  found.Z *= ratio;
  for (Complex& z : found.transfer) z *= ratio;
  return found;
}

void check_sequence_data(const Network& network, FaultType type, Problems& problems) {
  if (type == FaultType::THREE_PHASE || !network.sequence) return;
  std::vector<char> has(network.generators.size(), 0);
  for (const GeneratorSequence& g : network.sequence->generators) has[g.generator] = 1;
  int defaults = 0;
  std::string first;
  for (std::size_t k = 0; k < has.size(); ++k) {
    if (has[k] != 0 || !network.generators[k].in_service) continue;
    if (defaults++ == 0)
      first = fmt::format("{} '{}'", network.bus_label(network.generators[k].bus), network.generators[k].id);
  }
  if (defaults > 0)
    problems.warn("sequence data",
                  fmt::format("{} generators have no record (first {}): negative-sequence impedance ZSOURCE, "
                              "no zero-sequence path",
                              defaults, first));
  if (type == FaultType::LL) return;
  const ZeroData data = zero_data(network);
  int missing = 0;
  for (std::size_t k = 0; k < network.branches.size(); ++k) {
    const Branch& b = network.branches[k];
    const std::string label = branch_label(network, static_cast<int>(k));
    if (data.line[k] == nullptr && data.transformer[k] == nullptr) {
      if (++missing <= 5)
        problems.add(b.place.text().empty() ? label : b.place.text(),
                     fmt::format("{} has no zero-sequence data, which a fault to ground needs", label),
                     "add it to the SEQ file, or sequence = { ... } to its table");
      continue;
    }
    if (data.line[k] != nullptr) {
      if (data.line[k]->Z0 == 0.0) problems.add(label, "its zero-sequence impedance is 0", "give R0 and X0");
      continue;
    }
    const TransformerSequence& t = *data.transformer[k];
    const int winding = data.winding[k];
    const int code = winding < 0 ? t.CC : winding_codes(t.CC)[winding];
    const std::size_t windings = winding < 0 ? 2 : 3;
    if (winding <= 0 && at(t.Zground, windings) != 0.0)
      problems.add(label, "the impedance of its common neutral is not represented",
                   "give the impedance of each winding's neutral");
    if (!represented(code))
      problems.add(label, fmt::format("zero-sequence connection code CC = {} is not represented", t.CC),
                   "two windings: 1 to 4; three: 2 to 5, or three digits 1 to 4");
    else if (code != 4 && at(t.Z0, winding < 0 ? 0 : static_cast<std::size_t>(winding)) == 0.0)
      problems.add(label, fmt::format("connection code {} needs a zero-sequence impedance, it is 0", code),
                   "give R01 and X01");
  }
  for (const MutualSequence& m : network.sequence->mutuals)
    for (const int k : {m.branch_1, m.branch_2})
      if (data.line[k] == nullptr)
        problems.add(branch_label(network, k),
                     "it is coupled to another branch but has no zero-sequence line data", "add its record");
  if (missing > 5)
    problems.add("sequence data", fmt::format("{} branches in all have no zero-sequence data", missing));
}

UnbalancedFault unbalanced_fault(FaultType type, Complex Zf, const SequenceImpedance& negative,
                                 const SequenceImpedance& zero) {
  const auto limited = [](Complex Z) -> Complex {
    return std::abs(Z) < 1 / kLargestAdmittance ? Complex(kLargestAdmittance) : 1.0 / Z;
  };
  const Complex Z2 = negative.Z;
  UnbalancedFault fault;
  // Currents out of the network, as multiples of the positive-sequence voltage at the place; where the zero
  // sequence has no path its voltage is what the fault's connection makes it.
  Complex I2 = 0;
  Complex I0 = 0;
  Complex V0 = 0;
  switch (type) {
    case FaultType::THREE_PHASE:
      fault.admittance = limited(Zf);
      break;
    case FaultType::LG:
      if (zero.grounded)
        fault.admittance = limited(Z2 + zero.Z + 3.0 * Zf);
      else
        V0 = -1;
      I2 = I0 = fault.admittance;
      break;
    case FaultType::LL:
      fault.admittance = limited(Z2 + Zf);
      I2 = -fault.admittance;
      break;
    case FaultType::LLG: {
      if (!zero.grounded) {
        fault.admittance = limited(Z2);
        I2 = -fault.admittance;
        V0 = 1;
        break;
      }
      const Complex ground = zero.Z + 3.0 * Zf;
      const Complex sum = Z2 + ground;
      fault.admittance = limited(Z2 * ground / sum);
      I2 = -fault.admittance * ground / sum;
      I0 = -fault.admittance * Z2 / sum;
      break;
    }
  }
  fault.negative_at_place = I2 == 0.0 ? 0.0 : -Z2 * I2;
  fault.zero_at_place = zero.grounded && I0 != 0.0 ? -zero.Z * I0 : V0;
  const std::size_t n = negative.transfer.size();
  fault.negative.resize(n);
  fault.zero.resize(n);
  for (std::size_t b = 0; b < n; ++b) {
    fault.negative[b] = -negative.transfer[b] * I2;
    fault.zero[b] = b >= zero.transfer.size() ? 0.0
                    : zero.grounded           ? -zero.transfer[b] * I0
                                              : zero.transfer[b] * V0;
  }
  return fault;
}

PhaseVoltages phase_voltages(Complex positive, Complex negative, Complex zero) {
  const Complex a = std::polar(1.0, 2 * std::numbers::pi / 3);
  return {positive + negative + zero, a * a * positive + a * negative + zero,
          a * positive + a * a * negative + zero};
}

PhaseVoltages behind_delta_wye(Complex positive, Complex negative) {
  const Complex lag = std::polar(1.0, -std::numbers::pi / 6);
  return phase_voltages(positive * lag, negative * std::conj(lag), 0);
}

}  // namespace ballast
