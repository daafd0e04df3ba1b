#include "cases/reader/slack_weights.hpp"

#include <algorithm>
#include <optional>

#include "cases/reader/assemble.hpp"
#include "models/registry.hpp"

namespace ballast {
namespace {

std::optional<double> parameter(const Part& part, const ModelInfo& model, const std::string& name) {
  for (std::size_t k = 0; k < model.parameters.size() && k < part.parameters.size(); ++k) {
    if (model.parameters[k].name == name) return part.parameters[k];
  }
  return std::nullopt;
}

/// Weight of a plant per MVA of its generator.
double weight(const Plant& plant, SlackShare share) {
  for (const Part& part : plant.parts) {
    const ModelInfo* model = find_model(part.model);
    if (model == nullptr) continue;
    if (share == SlackShare::INERTIA && model->role == Role::MACHINE) {
      if (const auto H = parameter(part, *model, "H")) return *H;
    }
    if (share == SlackShare::GOVERNOR && model->role == Role::GOVERNOR) {
      if (const auto R = parameter(part, *model, "R"); R && *R > 0) return 1 / *R;
      if (const auto K = parameter(part, *model, "K")) return *K;
    }
  }
  return 0;
}

}  // namespace

std::vector<double> slack_weights(const Network& network, const std::vector<Plant>& plants,
                                  SlackShare share) {
  std::vector<double> weights;
  for (const Generator& generator : network.generators) {
    double per_MVA = share == SlackShare::PARTICIPATION ? 1 : 0;
    if (share != SlackShare::PARTICIPATION) {
      const std::string name = plant_name(network, generator.bus, generator.id);
      const auto plant = std::find_if(plants.begin(), plants.end(),
                                      [&](const Plant& p) { return p.kind == "machine" && p.name == name; });
      if (plant != plants.end()) per_MVA = weight(*plant, share);
    }
    weights.push_back(generator.in_service ? per_MVA * generator.base_MVA : 0);
  }
  if (std::all_of(weights.begin(), weights.end(), [](double w) { return w <= 0; }))
    throw Error(network.name,
                share == SlackShare::INERTIA ? "no generator has a machine model with an inertia"
                                             : "no generator has a share in the distributed slack",
                "give a case with dynamic data, or share by participation");
  return weights;
}

}  // namespace ballast
