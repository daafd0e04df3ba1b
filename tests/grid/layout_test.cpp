#include "grid/layout.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "grid/readers.hpp"
#include "grid/topology.hpp"
#include "tests/grid/networks.hpp"
#include "tests/reference.hpp"

namespace ballast {
namespace {

using testing::make_bus;
using testing::make_line;

Network mesh(int side) {
  Network net;
  for (int i = 0; i < side * side; ++i) net.buses.push_back(make_bus(i + 1, BusType::PQ));
  for (int r = 0; r < side; ++r) {
    for (int c = 0; c < side; ++c) {
      if (c + 1 < side) net.branches.push_back(make_line(r * side + c, r * side + c + 1, 0, 0.1));
      if (r + 1 < side) net.branches.push_back(make_line(r * side + c, (r + 1) * side + c, 0, 0.1));
    }
  }
  return net;
}

double apart(const Position& a, const Position& b) { return std::hypot(a.x - b.x, a.y - b.y); }

/// Smallest distance between two buses.
double closest(const std::vector<Position>& xy) {
  double least = 1e9;
  for (std::size_t i = 0; i < xy.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) least = std::min(least, apart(xy[i], xy[j]));
  }
  return least;
}

TEST(Layout, IsTheSameEveryTime) {
  const Network net = mesh(6);
  const std::vector<Position> a = layout_buses(net), b = layout_buses(net);
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].x, b[i].x);
    EXPECT_EQ(a[i].y, b[i].y);
  }
}

TEST(Layout, AChainIsDrawnStraightAlongX) {
  Network net;
  for (int i = 0; i < 10; ++i) net.buses.push_back(make_bus(i + 1, BusType::PQ));
  for (int i = 0; i < 9; ++i) net.branches.push_back(make_line(i, i + 1, 0, 0.1));
  const std::vector<Position> xy = layout_buses(net);
  const double direction = xy[9].x > xy[0].x ? 1 : -1;
  for (std::size_t i = 0; i + 1 < xy.size(); ++i) {
    EXPECT_NEAR(direction * (xy[i + 1].x - xy[i].x), 1, 0.05);
    EXPECT_NEAR(xy[i].y, xy[0].y, 0.5);  // of a length of 9; measured 0.37
  }
}

TEST(Layout, AMeshIsUnfoldedNotCrumpled) {
  const Network net = mesh(10);
  const std::vector<Position> xy = layout_buses(net);
  for (const Branch& branch : net.branches) {
    const double length =
        apart(xy[static_cast<std::size_t>(branch.from)], xy[static_cast<std::size_t>(branch.to)]);
    EXPECT_GT(length, 0.4);
    EXPECT_LT(length, 1.8);
  }
  EXPECT_GT(apart(xy[0], xy[99]), 9);  // opposite corners; sqrt(2) * 9 = 12.7 if exactly square
  EXPECT_GT(closest(xy), 0.4);
}

TEST(Layout, KeepsGivenCoordinatesAndPutsTheOthersBetween) {
  Network net;
  for (int i = 0; i < 3; ++i) net.buses.push_back(make_bus(i + 1, BusType::PQ));
  net.branches = {make_line(0, 1, 0, 0.1), make_line(1, 2, 0, 0.1)};
  net.buses[0].position = Position{-97.0, 32.0};
  net.buses[2].position = Position{-95.0, 30.0};
  const std::vector<Position> xy = layout_buses(net);
  EXPECT_EQ(xy[0].x, -97.0);
  EXPECT_EQ(xy[2].y, 30.0);
  EXPECT_NEAR(xy[1].x, -96.0, 0.1);  // measured 0.06
  EXPECT_NEAR(xy[1].y, 31.0, 0.1);
}

TEST(Layout, SeparateIslandsDoNotOverlap) {
  Network net = mesh(4);
  const Network other = mesh(3);
  for (const Bus& bus : other.buses) net.buses.push_back(bus);
  for (Branch branch : other.branches) {
    branch.from += 16;
    branch.to += 16;
    net.branches.push_back(branch);
  }
  net.buses.push_back(make_bus(99, BusType::PQ));  // connected to nothing
  const std::vector<Position> xy = layout_buses(net);
  const auto box = [&](std::size_t first, std::size_t last) {
    Position low = xy[first], high = xy[first];
    for (std::size_t i = first; i < last; ++i) {
      low = {std::min(low.x, xy[i].x), std::min(low.y, xy[i].y)};
      high = {std::max(high.x, xy[i].x), std::max(high.y, xy[i].y)};
    }
    return std::pair(low, high);
  };
  const auto [a0, a1] = box(0, 16);
  const auto [b0, b1] = box(16, 25);
  EXPECT_TRUE(a1.x < b0.x || b1.x < a0.x || a1.y < b0.y || b1.y < a0.y);
}

TEST(Layout, AnEmptyNetworkHasAnEmptyMap) { EXPECT_TRUE(layout_buses(Network{}).empty()); }

TEST(Layout, TwoThousandBusesFollowElectricalDistance) {
  BALLAST_NEEDS_REFERENCE(path, "networks/case_ACTIVSg2000.m");
  const Network net = read_network(path);
  const std::vector<Position> xy = layout_buses(net);
  // Rank correlation would be slower and says the same: correlation of map distance and hops from one bus.
  const std::vector<int> steps = hops(net, 0);
  double sx = 0, sy = 0, sxx = 0, sxy = 0, syy = 0;
  const auto n = static_cast<double>(xy.size());
  for (std::size_t i = 0; i < xy.size(); ++i) {
    const double x = steps[i], y = apart(xy[0], xy[i]);
    sx += x;
    sy += y;
    sxx += x * x;
    sxy += x * y;
    syy += y * y;
  }
  const double correlation = (n * sxy - sx * sy) / std::sqrt((n * sxx - sx * sx) * (n * syy - sy * sy));
  RecordProperty("correlation", std::to_string(correlation));
  EXPECT_GT(correlation, 0.7);  // measured 0.787; buses strewn at random give 0
}

}  // namespace
}  // namespace ballast
