/// Negative- and zero-sequence data in a case file: the table `sequence` of an element, and a declared ratio.
#include <fmt/format.h>

#include "cases/reader/reading.hpp"

namespace ballast {
namespace {

/// [R, X] under a key.
std::optional<std::complex<double>> impedance_if(Section& s, const char* key) {
  const auto numbers = s.numbers_if(key, {"pu", anything()});
  if (!numbers) return {};
  if (numbers->size() != 2) {
    s.problem(key, fmt::format("{} in {} has {} numbers", key, s.label(), numbers->size()), "give [R, X]");
    return {};
  }
  return std::complex<double>((*numbers)[0], (*numbers)[1]);
}

std::complex<double> impedance(Section& s, const char* key, const char* meaning) {
  if (!s.has(key)) s.missing(key, meaning, fmt::format("add {} = [R, X]", key));
  const auto Z = impedance_if(s, key);
  if (Z && *Z == 0.0)
    s.problem(key, fmt::format("{} in {} is zero", key, s.label()), "give an impedance that is not zero");
  return Z.value_or(0);
}

SequenceData& data_of(Network& network) {
  if (!network.sequence) network.sequence.emplace();
  return *network.sequence;
}

}  // namespace

void read_line_sequence(Section& section, Network& network, int element) {
  auto s = section.section_if("sequence");
  if (!s) return;
  BranchSequence line;
  line.branch = element;
  line.Z0 = impedance(*s, "Z0", "zero-sequence impedance, pu on the system base");
  line.B0 = s->number("B0", {"pu", anything()}, "zero-sequence charging of the whole line");
  s->finish();
  if (element >= 0) data_of(network).branches.push_back(line);
}

void read_transformer_sequence(Section& section, Network& network, int element, double base_MVA) {
  auto s = section.section_if("sequence");
  if (!s) return;
  TransformerSequence transformer;
  transformer.branch = element;
  transformer.CC =
      s->whole("CC", 1, 4, "connection code: 1 both wyes grounded, 2 ground path at from, 3 at to, 4 none");
  const double scale = network.base_MVA / base_MVA;
  if (transformer.CC != 4 || s->has("Z0"))
    transformer.Z0 = {scale * impedance(*s, "Z0", "zero-sequence impedance, pu on its base_MVA")};
  const auto from = impedance_if(*s, "Zground_from");
  const auto to = impedance_if(*s, "Zground_to");
  transformer.Zground = {scale * from.value_or(0), scale * to.value_or(0)};
  s->finish();
  if (element >= 0) data_of(network).transformers.push_back(transformer);
}

void read_generator_sequence(Section& section, Network& network, int element) {
  auto s = section.section_if("sequence");
  if (!s) return;
  GeneratorSequence generator;
  generator.generator = element;
  generator.Zneg = impedance(*s, "Z2", "negative-sequence impedance, pu on its base_MVA");
  generator.Zpos = generator.Zneg;
  generator.Z0 = impedance_if(*s, "Z0").value_or(0);
  generator.Zground = impedance_if(*s, "Zground").value_or(0);
  s->finish();
  if (element >= 0) data_of(network).generators.push_back(generator);
}

void read_sequence_ratio(Section& section, Case& c) {
  auto s = section.section_if("sequence_ratio");
  if (!s) return;
  SequenceRatio ratio;
  ratio.Z0_over_Z1 = s->number("Z0_over_Z1", {"", positive()}, "zero- over positive-sequence impedance");
  ratio.Z2_over_Z1 = s->number("Z2_over_Z1", {"", positive()}, "negative- over positive-sequence impedance");
  s->finish();
  c.sequence_ratio = ratio;
}

}  // namespace ballast
