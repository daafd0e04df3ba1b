/// [datacenter.ups.cohorts]: many blocks with settings drawn from declared distributions.
#include "cases/reader/supply_cohorts.hpp"

#include <fmt/format.h>

#include <numeric>

#include "cases/reader/distribution.hpp"
#include "models/check_parameters.hpp"
#include "models/datacenter/random.hpp"

namespace ballast {
namespace {

constexpr int kMostBlocks = 2000;
// Streams of the draws: parameter k of the model is kFirstParameter + k.
enum Stream { SHARES, PHASE, kFirstParameter = 16 };

struct Draw {
  std::string key, unit;
  Range possible;
  int parameter = -1;  ///< of the model; -1: none
  int stream = 0;
};

double drawn(const Distribution& d, double seed, int stream, int block) {
  const double u = random_uniform(seed, stream, block);
  return d.kind == Distribution::Kind::CHOICE ? d.values[chosen(d, u)].number : quantile(d, u);
}

/// Whose draws: `count` blocks from number `first` (from 0) on.
struct Drawn {
  int count, first;
  double seed;
};

/// The values of all blocks; none after a problem.
std::vector<double> draw_all(Section& table, const Draw& draw, const Drawn& blocks) {
  auto section = table.section_if(draw.key);
  if (!section) return {};
  section->relabel(fmt::format("{} of {}", draw.key, table.label()));
  const std::size_t before = table.problems().errors().size();
  const Distribution distribution = read_distribution(*section);
  section->finish();
  for (const TomlValue& value : distribution.values)
    if (value.kind != TomlValue::Kind::NUMBER)
      section->problem("values", fmt::format("a value of {} is {}", section->label(), value.described()),
                       "give numbers");
  if (table.problems().errors().size() > before) return {};
  std::vector<double> values;
  for (int k = 0; k < blocks.count; ++k) {
    values.push_back(drawn(distribution, blocks.seed, draw.stream, blocks.first + k));
    if (draw.possible.contains(values.back())) continue;
    table.problem(
        draw.key,
        fmt::format("{} = {:g} is drawn for block {}, which is not possible", draw.key, values.back(), k + 1),
        fmt::format("truncate it with low and high; possible: {} {}", range_text(draw.possible), draw.unit));
    return {};
  }
  return values;
}

}  // namespace

std::vector<std::string> drawn_parameters(Section& table, const ModelInfo& model) {
  std::vector<std::string> names;
  for (const ParameterInfo& info : model.parameters)
    if (table.has(info.name)) names.emplace_back(info.name);
  return names;
}

std::vector<SupplyBlock> read_cohorts(Section& table, const ModelInfo& model, const SupplyBlock& whole,
                                      const std::string& device, Reading& reading) {
  const std::size_t before = reading.problems.errors().size();
  const int count = table.whole("count", 1, kMostBlocks, "number of blocks");
  const int seed = table.whole("seed", 0, 1e9, "of the draws; the same seed gives the same blocks");
  const int first =
      table.has("first") ? table.whole("first", 1, 1e9, "number of the first block in the draws") : 1;
  const Drawn all{count, first - 1, static_cast<double>(seed)};
  std::vector<SupplyBlock> blocks(count, whole);
  for (int k = 0; k < count; ++k) {
    blocks[k].name = fmt::format("{}-{}", whole.name, k + 1);
    blocks[k].share = whole.share / count;
  }
  const auto list = [&](const Draw& draw, const std::vector<double>& values) {
    for (std::size_t k = 0; k < values.size(); ++k)
      reading.result.assumed.push_back({fmt::format("{}-{}", device, k + 1), draw.key, values[k], draw.unit,
                                        fmt::format("drawn with seed {}", seed)});
  };

  const Draw shares{"shares", "", positive(), -1, SHARES};
  if (const TomlValue* given = table.find("shares");
      given != nullptr && given->kind != TomlValue::Kind::TEXT) {
    const std::vector<double> weights = draw_all(table, shares, all);
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    for (std::size_t k = 0; k < weights.size(); ++k) blocks[k].share = whole.share * weights[k] / sum;
    list(shares, weights);
  } else if (given != nullptr) {
    (void)table.choice("shares", {"equal"}, "");
  }
  const Draw phase{"phase_s", "s", not_negative(), -1, PHASE};
  if (table.has("phase_s")) {
    const std::vector<double> values = draw_all(table, phase, all);
    for (std::size_t k = 0; k < values.size(); ++k) blocks[k].phase_s = values[k];
    list(phase, values);
  }
  const double stagger_s = table.number_if("stagger_s", {"s", not_negative()}).value_or(0);
  for (std::size_t p = 0; p < model.parameters.size(); ++p) {
    const ParameterInfo& info = model.parameters[p];
    if (std::string_view(info.name) == "walk_in_delay_s")
      for (int k = 0; k < count; ++k) blocks[k].parameters[p] += k * stagger_s;
    if (!table.has(info.name)) continue;
    const Draw draw{info.name, std::string_view(info.unit) == "1" ? "" : info.unit, info.possible,
                    static_cast<int>(p), kFirstParameter + static_cast<int>(p)};
    const std::vector<double> values = draw_all(table, draw, all);
    for (std::size_t k = 0; k < values.size(); ++k)
      blocks[k].parameters[p] =
          values[k] + (draw.key == "walk_in_delay_s" ? stagger_s * static_cast<double>(k) : 0);
    list(draw, values);
  }
  table.finish();
  if (reading.problems.errors().size() > before) blocks.clear();
  return blocks;
}

}  // namespace ballast
