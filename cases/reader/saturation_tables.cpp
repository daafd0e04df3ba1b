/// Saturation of transformers: [[transformer_saturation]].
#include <fmt/format.h>

#include <algorithm>

#include "cases/reader/campus_tables.hpp"
#include "cases/reader/reading.hpp"
#include "models/loads/transformer_saturation.hpp"

namespace ballast {
namespace {

void read_saturation(Section& s, Reading& reading) {
  const Network& network = reading.result.network;
  s.relabel("[[transformer_saturation]]");
  const std::vector<int> branches = select_branches(s, "transformer", network, "transformer");
  const auto MVA = s.number_if("base_MVA", {"MVA", positive()});
  const std::vector<double> read =
      read_parameters(s, *find_model("XFMRSAT"), reading, "transformer", {}, {{"ratio", 1}});
  s.finish();
  for (const int branch : branches) {
    const Branch& b = network.branches[branch];
    const std::string name =
        fmt::format("{}-{}-{}", network.buses[b.from].number, network.buses[b.to].number, b.id);
    const std::vector<Plant>& plants = reading.result.plants;
    if (std::any_of(plants.begin(), plants.end(),
                    [&](const Plant& p) { return p.kind == "saturation" && p.name == name; })) {
      s.problem("transformer", fmt::format("{}: {} has one already", s.label(), name), "keep one of the two");
      return;
    }
    if (!MVA && b.rate_MVA <= 0) {
      s.problem("base_MVA", fmt::format("{}: {} has no rating", s.label(), name),
                "give base_MVA, the rating that Xac refers to, or the transformer rate_MVA");
      return;
    }
    std::vector<double> parameters = read;
    parameters[TransformerSaturation::RATIO] = b.ratio;
    Part part = make_part("XFMRSAT", "core", std::move(parameters), MVA.value_or(b.rate_MVA), s.place());
    part.branch = branch;
    reading.result.plants.push_back({"saturation", name, b.from, {std::move(part)}, s.place()});
  }
}

}  // namespace

void read_saturation_tables(Section& root, Reading& reading) {
  for (Section& s : root.sections("transformer_saturation")) read_saturation(s, reading);
}

}  // namespace ballast
