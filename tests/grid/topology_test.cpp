#include "grid/topology.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/grid/networks.hpp"

namespace ballast {
namespace {

using ::testing::ElementsAre;
using testing::make_bus;
using testing::make_line;

/// Two triangles joined by a single line (branch 6), and a tail of two parallel circuits (7, 8) with a spur
/// (9):
///
///   0---1      4---5
///    \ /        \ /      5 === 6 --- 7
///     2 -------- 3
Network two_triangles() {
  Network net;
  for (int k = 0; k < 8; ++k) net.buses.push_back(make_bus(k + 1, BusType::PQ));
  net.branches = {make_line(0, 1, 0, 0.1),   make_line(1, 2, 0, 0.2), make_line(2, 0, 0, 0.5),
                  make_line(3, 4, 0, 0.1),   make_line(4, 5, 0, 0.1), make_line(5, 3, 0, 0.1),
                  make_line(2, 3, 0.3, 0.4), make_line(5, 6, 0, 0.1), make_line(5, 6, 0, 0.1, 0, "2"),
                  make_line(6, 7, 0, 0.1)};
  return net;
}

TEST(Islands, AreFoundOverClosedBranchesOnly) {
  Network net = two_triangles();
  EXPECT_EQ(find_islands(net).count, 1);
  net.branches[6].in_service = false;
  const Islands islands = find_islands(net);
  EXPECT_EQ(islands.count, 2);
  EXPECT_THAT(islands.buses(0), ElementsAre(0, 1, 2));
  EXPECT_THAT(islands.buses(1), ElementsAre(3, 4, 5, 6, 7));
}

TEST(Islands, FollowTheMasksOfTheCallerNotTheNetwork) {
  const Network net = two_triangles();
  std::vector<std::uint8_t> closed(net.branches.size(), 1), alive(net.buses.size(), 1);
  closed[9] = 0;
  alive[2] = 0;
  const Islands islands = find_islands(net, closed, alive);
  EXPECT_EQ(islands.count, 3);
  EXPECT_EQ(islands.of_bus[2], -1);
  EXPECT_THAT(islands.buses(0), ElementsAre(0, 1));
  EXPECT_THAT(islands.buses(2), ElementsAre(7));
}

TEST(Islands, AnIsolatedBusBelongsToNone) {
  Network net = two_triangles();
  net.buses[7].type = BusType::ISOLATED;
  EXPECT_EQ(find_islands(net).of_bus[7], -1);
}

TEST(Bridges, AreTheSingleLinesAndNotTheParallelCircuits) {
  EXPECT_THAT(find_bridges(two_triangles()), ElementsAre(6, 9));
}

TEST(Bridges, OpeningOneOfTwoCircuitsMakesTheOtherABridge) {
  Network net = two_triangles();
  net.branches[7].in_service = false;
  EXPECT_THAT(find_bridges(net), ElementsAre(6, 8, 9));
}

TEST(ElectricalDistance, IsTheShortestSumOfImpedances) {
  const Network net = two_triangles();
  const std::vector<double> distance = electrical_distance(net, 0);
  EXPECT_DOUBLE_EQ(distance[0], 0);
  EXPECT_DOUBLE_EQ(distance[2], 0.3);  // over bus 1, shorter than the direct 0.5
  EXPECT_DOUBLE_EQ(distance[3], 0.3 + std::hypot(0.3, 0.4));
}

TEST(ElectricalDistance, IsInfiniteAcrossAnOpenBranch) {
  Network net = two_triangles();
  net.branches[6].in_service = false;
  EXPECT_EQ(electrical_distance(net, 0)[5], std::numeric_limits<double>::infinity());
  EXPECT_EQ(hops(net, 0)[5], -1);
  EXPECT_EQ(hops(net, 0)[2], 1);
}

}  // namespace
}  // namespace ballast
