// PSS/E SEQ: sections, and what their records add to the elements of a network that is already read.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <utility>

#include "grid/numbers.hpp"
#include "grid/raw_layout.hpp"
#include "grid/raw_text.hpp"
#include "grid/readers.hpp"
#include "grid/seq_layout.hpp"
#include "grid/sequence_network.hpp"
#include "grid/too_many_errors.hpp"

namespace ballast {
namespace {

using raw::Line;
using raw::Lines;
using raw::Record;
using seq::Section;
using Complex = std::complex<double>;

const std::vector<std::string_view> kHeader = {"IC", "REV"};

class SeqReader {
 public:
  SeqReader(std::string_view text, const std::string& file, Network& network, Problems& problems)
      : lines_(text), file_(file), net_(network), problems_(problems) {
    for (std::size_t k = 0; k < net_.branches.size(); ++k) {
      const Branch& branch = net_.branches[k];
      branches_.try_emplace({std::min(branch.from, branch.to), std::max(branch.from, branch.to), branch.id},
                            static_cast<int>(k));
    }
    for (const ThreeWinding& transformer : net_.three_windings)
      three_.try_emplace({ends(transformer), transformer.id}, &transformer);
  }

  void read() {
    if (!read_header()) return;
    for (const Section section : seq::sections(version_)) {
      if (ended_ || section == Section::REST) break;
      read_section(section);
    }
    for (auto& [index, generator] : generators_) data_.generators.push_back(generator);
    net_.sequence = std::move(data_);
  }

 private:
  Lines lines_;
  const std::string& file_;
  Network& net_;
  Problems& problems_;
  SequenceData data_;
  std::map<int, GeneratorSequence> generators_;
  std::map<std::tuple<int, int, std::string>, int> branches_;
  std::map<std::pair<std::array<int, 3>, std::string>, const ThreeWinding*> three_;
  int version_ = 0;
  bool ended_ = false;

  [[nodiscard]] const Branch& branch(int index) const {
    return net_.branches[static_cast<std::size_t>(index)];
  }

  [[nodiscard]] std::array<int, 3> ends(const ThreeWinding& transformer) const {
    std::array<int, 3> buses{};
    for (std::size_t k = 0; k < 3; ++k) buses[k] = branch(transformer.branches[k]).from;
    std::sort(buses.begin(), buses.end());
    return buses;
  }

  bool read_header() {
    Line line;
    if (!lines_.record(&line)) {
      problems_.add(file_, "the file is empty", "give a PSS/E SEQ file");
      return false;
    }
    Record header(line, kHeader, file_, problems_);
    const int change = header.integer("IC", 0);
    version_ = header.integer("REV", 0);
    if (header.good() && change != 0)
      header.fail("IC", fmt::format("IC = {}: the file changes data that are in memory", change),
                  "write the complete data (IC = 0)");
    if (header.good() && (version_ < raw::kFirstVersion || version_ > raw::kLastVersion))
      header.fail("REV", fmt::format("SEQ version {} is not supported", version_),
                  fmt::format("write the version as the second field ({} to {} are read)", raw::kFirstVersion,
                              raw::kLastVersion));
    return header.good();
  }

  void read_section(Section section) {
    Line line;
    while (lines_.record(&line)) {
      if (line.fields.empty()) continue;
      if (too_many_errors(problems_, {file_, line.number, 0})) {
        ended_ = true;
        return;
      }
      const std::string_view first = line.fields.front().text;
      if (first == "Q" || first == "q") {
        ended_ = true;
        return;
      }
      if (first == "0") {
        // From 34 on solution options may stand before the generators.
        if (section == Section::GENERATOR && line.comment.find("SYSTEM-WIDE") != std::string_view::npos)
          continue;
        return;
      }
      if (section == Section::GENERATOR && !parse_integer(first)) continue;
      const bool three = section == Section::TRANSFORMER && line.fields.size() > 2 &&
                         parse_integer(trimmed(line.fields[2].text)).value_or(0) != 0;
      Record record(line, seq::layout(section, version_, three), file_, problems_);
      add(section, record, three);
    }
    ended_ = true;
    problems_.add(Place{file_, lines_.number(), 0}.text(),
                  fmt::format("the file ends inside the {} section", seq::title(section)),
                  "end every section with a record '0' and the file with 'Q'");
  }

  void add(Section section, Record& record, bool three) {
    switch (section) {
      case Section::POSITIVE_GENERATOR:
      case Section::NEGATIVE_GENERATOR:
      case Section::ZERO_GENERATOR:
      case Section::GENERATOR:
        return add_generator(record, section);
      case Section::NEGATIVE_LOAD:
      case Section::ZERO_LOAD:
      case Section::LOAD:
        return add_load(record, section);
      case Section::BRANCH:
        return add_branch(record);
      case Section::MUTUAL:
        return add_mutual(record);
      case Section::TRANSFORMER:
        return add_transformer(record, three);
      case Section::SWITCHED_SHUNT:
        return add_switched_shunt(record);
      case Section::FIXED_SHUNT:
        return add_fixed_shunt(record);
      case Section::REST:
        return;
    }
  }

  int bus(Record& record, std::string_view field) {
    const int number = record.integer(field);
    const int index = net_.find_bus(number);
    if (record.good() && index < 0)
      record.fail(field, fmt::format("{} = {}: there is no such bus", field, number),
                  "name a bus of the network");
    return index;
  }

  /// The branch a record names, and whether the record runs from its `to` end.
  int find_branch(Record& record, const char* I, const char* J, const char* CKT, bool* reversed) {
    const int from = bus(record, I), to = bus(record, J);
    const std::string id = record.text(CKT, "1");
    if (!record.good()) return -1;
    const auto found = branches_.find({std::min(from, to), std::max(from, to), id});
    if (found == branches_.end()) {
      record.fail(I,
                  fmt::format("there is no branch {} to {}, circuit '{}'", net_.bus_label(from),
                              net_.bus_label(to), id),
                  "name a branch of the network");
      return -1;
    }
    *reversed = branch(found->second).from != from;
    return found->second;
  }

  static Complex pair(Record& record, const char* real, const char* imaginary, Complex fallback) {
    return {record.real(real, fallback.real()), record.real(imaginary, fallback.imag())};
  }

  void add_generator(Record& record, Section section) {
    const int at = bus(record, "I");
    const std::string id = record.text("ID", "1");
    if (!record.good()) return;
    const auto found = std::find_if(net_.generators.begin(), net_.generators.end(),
                                    [&](const Generator& g) { return g.bus == at && g.id == id; });
    if (found == net_.generators.end())
      return record.fail("ID", fmt::format("{} has no generator '{}'", net_.bus_label(at), id),
                         "name a generator of the network");
    const int index = static_cast<int>(found - net_.generators.begin());
    const bool fresh = !generators_.contains(index);
    GeneratorSequence& g = generators_[index];
    g.generator = index;
    const bool whole = section == Section::GENERATOR;
    if (fresh || whole || section == Section::POSITIVE_GENERATOR)
      g.Zpos = g.Zneg = g.Z0 = pair(record, "ZRPOS", "ZXPPDV", {found->ZR, found->ZX});
    if (whole || section == Section::NEGATIVE_GENERATOR) g.Zneg = pair(record, "ZRNEG", "ZXNEGDV", g.Zneg);
    if (!whole && section != Section::ZERO_GENERATOR) return;
    g.Z0 = pair(record, "ZR0", "ZX0DV", g.Z0);
    g.Zground = pair(record, "ZRG", "ZXG", 0.0);
    if (record.integer("CZG", 1) == 2) g.Zground *= per_ohm(record, at, found->base_MVA);
  }

  /// pu of MVA and the bus's base voltage per ohm.
  double per_ohm(Record& record, int at, double MVA) {
    const double kV = net_.buses[static_cast<std::size_t>(at)].base_kV;
    if (!(kV > 0))
      record.fail("CZG", fmt::format("an impedance in ohm needs the base voltage of {}", net_.bus_label(at)),
                  "give BASKV in the RAW file");
    return MVA / (kV * kV);
  }

  ShuntSequence& shunt(std::vector<ShuntSequence>& list, int at, const std::string& id) {
    const auto found = std::find_if(list.begin(), list.end(),
                                    [&](const ShuntSequence& s) { return s.bus == at && s.id == id; });
    if (found != list.end()) return *found;
    list.push_back({at, id, 0.0, 0.0});
    return list.back();
  }

  void add_load(Record& record, Section section) {
    const int at = bus(record, "I");
    const bool in_MW = version_ >= 33;
    const std::string id = record.text("ID", in_MW ? "1" : "");
    const auto MW = [&](const char* P, const char* Q) {
      return std::conj(pair(record, P, Q, 0.0)) / net_.base_MVA;
    };
    const Complex Yneg = in_MW ? MW("PNEG", "QNEG") : pair(record, "GNEG", "BNEG", 0.0);
    const bool grounded = !in_MW || record.integer("GRDFLG", 0) == 1;
    const Complex Y0 = in_MW ? MW("PZERO", "QZERO") : pair(record, "GZERO", "BZERO", 0.0);
    if (!record.good()) return;
    ShuntSequence& load = shunt(data_.loads, at, id);
    if (section != Section::ZERO_LOAD) load.Yneg = Yneg;
    if (section != Section::NEGATIVE_LOAD) load.Y0 = grounded ? Y0 : 0.0;
  }

  void add_branch(Record& record) {
    bool reversed = false;
    BranchSequence line;
    line.branch = find_branch(record, "I", "J", "ICKT", &reversed);
    line.Z0 = {record.real("RLINZ", 0.0), record.real("XLINZ")};
    line.B0 = record.real("BCHZ", 0.0);
    line.Y0I = pair(record, "GI", "BI", 0.0);
    line.Y0J = pair(record, "GJ", "BJ", 0.0);
    if (reversed) std::swap(line.Y0I, line.Y0J);
    if (record.good()) data_.branches.push_back(line);
  }

  void add_mutual(Record& record) {
    bool reversed_1 = false, reversed_2 = false;
    MutualSequence mutual;
    mutual.branch_1 = find_branch(record, "I", "J", "ICKT1", &reversed_1);
    mutual.branch_2 = find_branch(record, "K", "L", "ICKT2", &reversed_2);
    mutual.Zm = {record.real("RM", 0.0), record.real("XM")};
    mutual.B1 = record.real("BIJ1", 0.0);
    mutual.E1 = record.real("BIJ2", 1.0);
    mutual.B2 = record.real("BKL1", 0.0);
    mutual.E2 = record.real("BKL2", 1.0);
    if (!record.good()) return;
    const auto turn = [](double& B, double& E) { B = 1 - std::exchange(E, 1 - B); };
    if (reversed_1) turn(mutual.B1, mutual.E1);
    if (reversed_2) turn(mutual.B2, mutual.E2);
    if (reversed_1 != reversed_2) mutual.Zm = -mutual.Zm;
    data_.mutuals.push_back(mutual);
  }

  /// The branches of the windings that a record names, in its order, and where each stands in the RAW record:
  /// order[k] is the winding of the RAW record that is winding k of this one.
  std::vector<int> find_windings(Record& record, bool three, std::vector<std::size_t>& order) {
    if (!three) {
      bool reversed = false;
      const int index = find_branch(record, "I", "J", "ICKT", &reversed);
      order = reversed ? std::vector<std::size_t>{1, 0} : std::vector<std::size_t>{0, 1};
      return {index, index};
    }
    const std::array<int, 3> named = {bus(record, "I"), bus(record, "J"), bus(record, "K")};
    std::array<int, 3> sorted = named;
    std::sort(sorted.begin(), sorted.end());
    const std::string id = record.text("ICKT", "1");
    const auto found = three_.find({sorted, id});
    if (record.good() && found == three_.end())
      record.fail("I", fmt::format("there is no three-winding transformer '{}' between these buses", id),
                  "name a transformer of the network");
    if (!record.good()) return {};
    const std::array<int, 3>& legs = found->second->branches;
    std::vector<int> windings;
    if (std::equal(named.begin(), named.end(), legs.begin(),
                   [&](int at, int leg) { return at == branch(leg).from; })) {
      order = {0, 1, 2};
      return {legs.begin(), legs.end()};
    }
    for (const int at : named) {
      const auto leg = std::find_if(legs.begin(), legs.end(), [&](int k) { return branch(k).from == at; });
      const auto w = static_cast<std::size_t>(leg - legs.begin());
      if (std::find(order.begin(), order.end(), w) != order.end())
        record.fail("I", fmt::format("two windings of transformer '{}' are at {}", id, net_.bus_label(at)),
                    "a record finds its windings by their buses: they must differ");
      order.push_back(w);
      windings.push_back(*leg);
    }
    return windings;
  }

  /// The connection code of a record whose windings stand in another order than in the RAW file. Two
  /// windings: 2 and 3 say at which end the path to ground is. Three: the digits go with the windings.
  int reordered_code(Record& record, int CC, const std::vector<std::size_t>& order) {
    if (order.size() == 2) {
      if (CC == 1 || CC == 4) return CC;
      if (CC == 2 || CC == 3) return 5 - CC;
    } else {
      const std::array<int, 3> of_record = winding_codes(CC);
      std::array<int, 3> of_raw{};
      for (std::size_t k = 0; k < 3; ++k) of_raw[order[k]] = of_record[k];
      if (of_raw == of_record) return CC;
      if (std::all_of(of_raw.begin(), of_raw.end(), [](int code) { return 1 <= code && code <= 4; }))
        return 100 * of_raw[0] + 10 * of_raw[1] + of_raw[2];
    }
    record.fail("CC",
                fmt::format("connection code {} of a transformer whose windings stand in another order than "
                            "in the RAW file cannot be turned",
                            CC),
                "name the buses in the order of the RAW file");
    return CC;
  }

  void add_transformer(Record& record, bool three) {
    TransformerSequence transformer;
    std::vector<std::size_t> order;
    const std::vector<int> windings = find_windings(record, three, order);
    if (!record.good()) return;
    const bool reordered = !std::is_sorted(order.begin(), order.end());
    const auto first = std::find(order.begin(), order.end(), std::size_t{0}) - order.begin();
    transformer.branch = windings[static_cast<std::size_t>(first)];  // winding 1 of the RAW record
    transformer.CC = record.integer("CC");
    const int CC = transformer.CC;  // as the record counts its windings
    const int CZ0 = record.integer("CZ0", 1), CZG = record.integer("CZG", 1);
    transformer.Zground.resize(windings.size());
    transformer.Z0.resize(windings.size());
    for (std::size_t k = 0; k < windings.size(); ++k) {
      const char digit = static_cast<char>('1' + k);
      const auto read = [&](const char* R, const char* X, const char* tail) {
        return pair(record, (std::string(R) + digit + tail).c_str(), (std::string(X) + digit + tail).c_str(),
                    0.0);
      };
      const Branch& winding = branch(windings[k]);
      const double to_system = winding.SBASE_MVA > 0 ? net_.base_MVA / winding.SBASE_MVA : 1.0;
      const int at = !three && order[k] == 1 ? winding.to : winding.from;
      Complex Zg = read("RG", "XG", "");
      if (CZG == 2) Zg *= to_system;
      if (CZG == 3) Zg *= per_ohm(record, at, net_.base_MVA);
      // Up to version 32 there is one grounding impedance, of the winding that has the path to ground.
      const std::size_t grounded = version_ <= 32 && !three && CC == 3 ? order[1 - k] : order[k];
      transformer.Zground[grounded] = Zg;
      // Of two windings the impedance is one, whichever is named first; it stands with R and X at the `to`
      // end.
      transformer.Z0[three ? order[k] : k] =
          read("R0", "X0", "") * (CZ0 == 2 ? to_system : 1.0) * (winding.t2 * winding.t2);
    }
    Complex neutral = pair(record, "RNUTRL", "XNUTRL", 0.0);
    if (CZG == 3) neutral *= per_ohm(record, branch(windings[0]).from, net_.base_MVA);
    transformer.Zground.push_back(neutral);
    if (reordered) {
      transformer.CC = reordered_code(record, CC, order);
      problems_.warn(record.place("I").text(),
                     "the record names the buses of the transformer in another order than the RAW file; each "
                     "winding's data is taken for the bus that the record names in its place");
    }
    if (record.good()) data_.transformers.push_back(std::move(transformer));
  }

  void add_switched_shunt(Record& record) {
    const int at = bus(record, "I");
    const std::string id = record.text("ID", "1");
    if (!record.good()) return;
    const auto found = std::find_if(net_.switched_shunts.begin(), net_.switched_shunts.end(),
                                    [&](const SwitchedShunt& s) { return s.bus == at && s.id == id; });
    if (found == net_.switched_shunts.end())
      return record.fail("I", fmt::format("{} has no switched shunt '{}'", net_.bus_label(at), id),
                         "name a switched shunt of the network");
    SwitchedShuntSequence shunt;
    shunt.shunt = static_cast<int>(found - net_.switched_shunts.begin());
    for (std::size_t k = 0; k < found->blocks.size(); ++k)
      shunt.BZ.push_back(record.real(fmt::format("BZ{}", k + 1), 0.0));
    if (record.good()) data_.switched_shunts.push_back(std::move(shunt));
  }

  void add_fixed_shunt(Record& record) {
    const int at = bus(record, "I");
    const std::string id = record.text("ID", "1");
    const Complex Y0 = pair(record, "GSZERO", "BSZERO", 0.0);
    if (record.good()) data_.shunts.push_back({at, id, 0.0, Y0});
  }
};

}  // namespace

void read_seq_text(std::string_view text, const std::string& file, Network& network, Problems& problems) {
  SeqReader(text, file, network, problems).read();
}

}  // namespace ballast
