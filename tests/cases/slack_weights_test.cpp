/// Who shares a distributed slack, worked out by hand.
#include "cases/reader/slack_weights.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "models/registry.hpp"

namespace ballast {
namespace {

using ::testing::ElementsAre;

Part part_with(const char* model, const std::map<std::string, double>& values) {
  Part part;
  part.model = model;
  for (const ParameterInfo& p : find_model(model)->parameters) {
    const auto found = values.find(p.name);
    part.parameters.push_back(found == values.end() ? 0.0 : found->second);
  }
  return part;
}

/// A steam unit, a hydro unit, one without governor, one out of service, one without any model.
struct Fleet {
  Network network;
  std::vector<Plant> plants;
  Fleet() {
    network.name = "fleet";
    Bus bus;
    bus.number = 7;
    network.buses.push_back(bus);
    network.index_buses();
    const double MVA[] = {100, 200, 50, 400, 80};
    for (int k = 0; k < 5; ++k) {
      Generator g;
      g.id = std::to_string(k + 1);
      g.base_MVA = MVA[k];
      g.in_service = k != 3;
      network.generators.push_back(g);
    }
    plants.push_back(
        {"machine", "7-1", 0, {part_with("GENROU", {{"H", 4}}), part_with("TGOV1", {{"R", 0.05}})}, {}});
    plants.push_back(
        {"machine", "7-2", 0, {part_with("GENSAL", {{"H", 3}}), part_with("IEEEG1", {{"K", 25}})}, {}});
    plants.push_back({"machine", "7-3", 0, {part_with("GENCLS", {{"H", 6}})}, {}});
    plants.push_back(
        {"machine", "7-4", 0, {part_with("GENROU", {{"H", 5}}), part_with("TGOV1", {{"R", 0.05}})}, {}});
    plants.push_back({"load", "7-5", 0, {part_with("ZIPLOAD", {})}, {}});  // of the same name
  }
};

TEST(SlackWeights, AreRatingsInertiasOrDroopsOfWhatIsInService) {
  const Fleet fleet;
  EXPECT_THAT(slack_weights(fleet.network, fleet.plants, SlackShare::PARTICIPATION),
              ElementsAre(100, 200, 50, 0, 80));
  EXPECT_THAT(slack_weights(fleet.network, fleet.plants, SlackShare::INERTIA),
              ElementsAre(400, 600, 300, 0, 0));
  EXPECT_THAT(slack_weights(fleet.network, fleet.plants, SlackShare::GOVERNOR),
              ElementsAre(2000, 5000, 0, 0, 0));
}

TEST(SlackWeights, ThatAreAllNothingAreRefused) {
  Fleet fleet;
  fleet.plants.clear();
  for (const SlackShare share : {SlackShare::INERTIA, SlackShare::GOVERNOR}) {
    try {
      (void)slack_weights(fleet.network, fleet.plants, share);
      FAIL() << "accepted";
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), ::testing::HasSubstr("share by participation"));
    }
  }
  EXPECT_EQ(slack_weights(fleet.network, fleet.plants, SlackShare::PARTICIPATION).size(), 5U);
}

}  // namespace
}  // namespace ballast
