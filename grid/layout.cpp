// Stress minimisation by stochastic gradient descent: J. X. Zheng, S. Pawar, D. F. M. Goodman, "Graph Drawing
// by Stochastic Gradient Descent", IEEE Trans. Vis. Comput. Graph. 25 (2019). The random order comes from a
// generator of our own with a fixed seed, so that the map is the same on every machine.
#include "grid/layout.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/connected_components.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

namespace ballast {
namespace {

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS, boost::no_property,
                                    boost::property<boost::edge_weight_t, double>>;

constexpr std::size_t kAllPairs = 800;  ///< up to this many buses every pair counts
constexpr std::size_t kPivots =
    250;  ///< beyond: this many buses to all, and every bus to those a few branches away
constexpr std::size_t kNeighbours = 30;  ///< of those, at most so many
constexpr std::size_t kSmall = 600;      ///< up to here there is time for more sweeps

/// splitmix64 (S. Vigna, public domain).
class Random {
 public:
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

 private:
  std::uint64_t state_ = 2024;
};

/// A wanted distance between two buses.
struct Pull {
  int a, b;
  float distance;
};

/// Lengths on the map: the square root of |z| relative to the median, within bounds, so that a step-up
/// transformer and a long line can stand in one picture.
std::vector<double> map_lengths(const Network& network) {
  std::vector<double> lengths;
  for (const Branch& branch : network.branches) lengths.push_back(std::hypot(branch.R, branch.X));
  if (lengths.empty()) return lengths;
  std::vector<double> sorted = lengths;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  const double median = *middle > 0 ? *middle : 1;
  for (double& length : lengths) length = std::clamp(std::sqrt(length / median), 0.45, 2.0);
  return lengths;
}

class Layout {
 public:
  explicit Layout(const Network& network)
      : net_(network), graph_(network.buses.size()), xy_(network.buses.size()) {
    const std::vector<double> lengths = map_lengths(network);
    for (std::size_t k = 0; k < lengths.size(); ++k) {
      boost::add_edge(static_cast<std::size_t>(network.branches[k].from),
                      static_cast<std::size_t>(network.branches[k].to), lengths[k], graph_);
    }
    for (std::size_t i = 0; i < xy_.size(); ++i) {
      if (is_fixed(i)) xy_[i] = *network.buses[i].position;
    }
  }

  std::vector<Position> run() {
    unit_ = map_unit();
    std::vector<std::vector<int>> anchored, floating;
    for (std::vector<int>& part : parts()) {
      const bool any_fixed =
          std::any_of(part.begin(), part.end(), [this](int i) { return is_fixed(index(i)); });
      (any_fixed ? anchored : floating).push_back(std::move(part));
    }
    for (const std::vector<int>& part : anchored) place(part, true);
    for (const std::vector<int>& part : floating) {
      place(part, false);
      turn(part);
    }
    set_beside(anchored, floating);
    return std::move(xy_);
  }

 private:
  const Network& net_;
  Graph graph_;
  std::vector<Position> xy_;
  Random random_;
  double unit_ = 1;  ///< map distance of length 1

  static std::size_t index(int i) { return static_cast<std::size_t>(i); }
  [[nodiscard]] bool is_fixed(std::size_t i) const { return net_.buses[i].position.has_value(); }

  /// Connected parts, the largest first.
  std::vector<std::vector<int>> parts() {
    std::vector<int> component(xy_.size());
    const int count = boost::connected_components(
        graph_, boost::make_iterator_property_map(component.begin(), get(boost::vertex_index, graph_)));
    std::vector<std::vector<int>> found(index(count));
    for (std::size_t i = 0; i < xy_.size(); ++i) found[index(component[i])].push_back(static_cast<int>(i));
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.size() > b.size(); });
    return found;
  }

  std::vector<double> distances(int from) {
    std::vector<double> distance(xy_.size(), std::numeric_limits<double>::infinity());
    boost::dijkstra_shortest_paths(graph_, index(from),
                                   boost::distance_map(boost::make_iterator_property_map(
                                       distance.begin(), get(boost::vertex_index, graph_))));
    return distance;
  }

  /// How far apart, on the given coordinates, buses of distance 1 are; 1 where less than two are given.
  double map_unit() {
    std::vector<int> fixed;
    for (std::size_t i = 0; i < xy_.size(); ++i) {
      if (is_fixed(i)) fixed.push_back(static_cast<int>(i));
    }
    std::vector<double> ratios;
    const std::size_t step = std::max<std::size_t>(1, fixed.size() / 20);
    for (std::size_t k = 0; k < fixed.size(); k += step) {
      const std::vector<double> distance = distances(fixed[k]);
      for (const int other : fixed) {
        if (other == fixed[k] || !std::isfinite(distance[index(other)])) continue;
        ratios.push_back(apart(fixed[k], other) / distance[index(other)]);
      }
    }
    if (ratios.empty()) return 1;
    const auto middle = ratios.begin() + static_cast<std::ptrdiff_t>(ratios.size() / 2);
    std::nth_element(ratios.begin(), middle, ratios.end());
    return *middle > 0 ? *middle : 1;
  }

  [[nodiscard]] double apart(int a, int b) const {
    return std::hypot(xy_[index(a)].x - xy_[index(b)].x, xy_[index(a)].y - xy_[index(b)].y);
  }

  /// Wanted distances within one part.
  std::vector<Pull> pulls(const std::vector<int>& part) {
    std::vector<Pull> wanted;
    const auto add = [&](int a, int b, double distance) {
      if (is_fixed(index(a)) && is_fixed(index(b))) return;
      wanted.push_back({a, b, static_cast<float>(distance * unit_)});
    };
    if (part.size() <= kAllPairs) {
      for (const int a : part) {
        const std::vector<double> distance = distances(a);
        for (const int b : part) {
          if (a < b) add(a, b, distance[index(b)]);
        }
      }
      return wanted;
    }
    for (const int a : part) {
      for (const auto& [b, distance] : nearest(a)) {
        if (a < b) add(a, b, distance);
      }
    }
    // Pivots taken at random stand for all the buses around them.
    for (std::size_t k = 0; k < kPivots; ++k) {
      const int pivot = part[random_.next() % part.size()];
      const std::vector<double> distance = distances(pivot);
      for (const int b : part) {
        if (b != pivot) add(pivot, b, distance[index(b)]);
      }
    }
    return wanted;
  }

  /// The buses a few branches away, with their distance.
  std::vector<std::pair<int, double>> nearest(int from) {
    std::vector<std::pair<int, double>> found = {{from, 0}};
    for (std::size_t k = 0; k < found.size() && found.size() < kNeighbours; ++k) {
      for (const auto edge : boost::make_iterator_range(out_edges(index(found[k].first), graph_))) {
        const int other = static_cast<int>(target(edge, graph_));
        const double distance = found[k].second + get(boost::edge_weight, graph_, edge);
        const bool known =
            std::any_of(found.begin(), found.end(), [other](const auto& f) { return f.first == other; });
        if (!known) found.emplace_back(other, distance);
      }
    }
    found.erase(found.begin());
    return found;
  }

  /// Free buses start around the nearest given position, or anywhere in a square.
  void scatter(const std::vector<int>& part, bool anchored) {
    const double side = unit_ * std::sqrt(static_cast<double>(part.size()));
    std::vector<double> nearest(xy_.size(), std::numeric_limits<double>::infinity());
    std::vector<int> anchor(xy_.size(), -1);
    if (anchored) {
      for (const int a : part) {
        if (!is_fixed(index(a))) continue;
        const std::vector<double> distance = distances(a);
        for (const int b : part) {
          if (distance[index(b)] >= nearest[index(b)]) continue;
          nearest[index(b)] = distance[index(b)];
          anchor[index(b)] = a;
        }
      }
    }
    for (const int i : part) {
      if (is_fixed(index(i))) continue;
      const double reach = anchored ? unit_ * nearest[index(i)] : side;
      xy_[index(i)] = {reach * (random_.unit() - 0.5), reach * (random_.unit() - 0.5)};
      if (!anchored) continue;
      xy_[index(i)].x += xy_[index(anchor[index(i)])].x;
      xy_[index(i)].y += xy_[index(anchor[index(i)])].y;
    }
  }

  void place(const std::vector<int>& part, bool anchored) {
    scatter(part, anchored);
    std::vector<Pull> wanted = pulls(part);
    if (wanted.empty()) return;
    double longest = 0, shortest = std::numeric_limits<double>::infinity();
    for (const Pull& pull : wanted) {
      longest = std::max(longest, static_cast<double>(pull.distance));
      shortest = std::min(shortest, static_cast<double>(pull.distance));
    }
    // The step falls exponentially from "every pair jumps to its distance" to a hundredth of that for the
    // shortest.
    const double first = longest * longest, last = 0.01 * shortest * shortest;
    const int sweeps = part.size() <= kSmall ? 150 : 25;
    for (int sweep = 0; sweep < sweeps; ++sweep) {
      const double step = first * std::pow(last / first, sweep / (sweeps - 1.0));
      for (std::size_t k = wanted.size() - 1; k > 0; --k)
        std::swap(wanted[k], wanted[random_.next() % (k + 1)]);
      for (const Pull& pull : wanted) relax(pull, step);
    }
    settle(part, wanted, part.size() <= kSmall ? 200 : 10);
  }

  /// Every bus in turn to the best place for it alone (stress majorisation by Gauss-Seidel): removes what the
  /// random steps leave.
  void settle(const std::vector<int>& part, const std::vector<Pull>& wanted, int rounds) {
    std::vector<std::vector<std::pair<int, double>>> partners(xy_.size());
    for (const Pull& pull : wanted) {
      partners[index(pull.a)].emplace_back(pull.b, pull.distance);
      partners[index(pull.b)].emplace_back(pull.a, pull.distance);
    }
    for (int round = 0; round < rounds; ++round) {
      for (const int i : part) {
        if (is_fixed(index(i)) || partners[index(i)].empty()) continue;
        const Position here = xy_[index(i)];
        double x = 0, y = 0, weight = 0;
        for (const auto& [j, d] : partners[index(i)]) {
          const Position& other = xy_[index(j)];
          const double dx = here.x - other.x, dy = here.y - other.y;
          const double scale = d / std::max(std::hypot(dx, dy), 1e-3 * d);
          const double w = 1 / (d * d);
          x += w * (other.x + scale * dx);
          y += w * (other.y + scale * dy);
          weight += w;
        }
        xy_[index(i)] = {x / weight, y / weight};
      }
    }
  }

  void relax(const Pull& pull, double step) {
    Position& a = xy_[index(pull.a)];
    Position& b = xy_[index(pull.b)];
    const double d = pull.distance;
    const double mu = std::min(1.0, step / (d * d));
    double dx = a.x - b.x, dy = a.y - b.y;
    const double length = std::hypot(dx, dy);
    if (length < 1e-9 * d) {
      dx = 1e-3 * d;
      dy = 0;
    }
    const bool a_free = !is_fixed(index(pull.a)), b_free = !is_fixed(index(pull.b));
    const double share = a_free && b_free ? 0.5 : 1;
    const double move = share * mu * (length - d) / std::max(length, 1e-3 * d);
    if (a_free) {
      a.x -= move * dx;
      a.y -= move * dy;
    }
    if (b_free) {
      b.x += move * dx;
      b.y += move * dy;
    }
  }

  /// Principal axis along x, so that a long network fills a wide screen.
  void turn(const std::vector<int>& part) {
    double x = 0, y = 0, xx = 0, xy = 0, yy = 0;
    for (const int i : part) {
      x += xy_[index(i)].x / static_cast<double>(part.size());
      y += xy_[index(i)].y / static_cast<double>(part.size());
    }
    for (const int i : part) {
      const double dx = xy_[index(i)].x - x, dy = xy_[index(i)].y - y;
      xx += dx * dx;
      xy += dx * dy;
      yy += dy * dy;
    }
    const double angle = 0.5 * std::atan2(2 * xy, xx - yy);
    const double c = std::cos(angle), s = std::sin(angle);
    for (const int i : part) {
      const double dx = xy_[index(i)].x - x, dy = xy_[index(i)].y - y;
      xy_[index(i)] = {c * dx + s * dy, c * dy - s * dx};
    }
  }

  /// Parts without a given position: on shelves under everything that has one.
  void set_beside(const std::vector<std::vector<int>>& anchored,
                  const std::vector<std::vector<int>>& floating) {
    double left = 0, right = 0, shelf_top = 0;
    bool first = true;
    for (const auto& part : anchored) {
      for (const int i : part) {
        const Position& p = xy_[index(i)];
        left = first ? p.x : std::min(left, p.x);
        right = first ? p.x : std::max(right, p.x);
        shelf_top = first ? p.y : std::min(shelf_top, p.y);
        first = false;
      }
    }
    if (!first) shelf_top -= unit_;
    double x = left, shelf_height = 0;
    for (const auto& part : floating) {
      double x0 = xy_[index(part.front())].x, x1 = x0, y0 = xy_[index(part.front())].y, y1 = y0;
      for (const int i : part) {
        x0 = std::min(x0, xy_[index(i)].x);
        x1 = std::max(x1, xy_[index(i)].x);
        y0 = std::min(y0, xy_[index(i)].y);
        y1 = std::max(y1, xy_[index(i)].y);
      }
      if (x > left && x + (x1 - x0) > right) {
        x = left;
        shelf_top -= shelf_height + unit_;
        shelf_height = 0;
      }
      for (const int i : part) {
        xy_[index(i)].x += x - x0;
        xy_[index(i)].y += shelf_top - y1;
      }
      x += x1 - x0 + unit_;
      right = std::max(right, x - unit_);
      shelf_height = std::max(shelf_height, y1 - y0);
    }
  }
};

}  // namespace

std::vector<Position> layout_buses(const Network& network) { return Layout(network).run(); }

}  // namespace ballast
