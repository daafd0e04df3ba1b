#include "grid/topology.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/biconnected_components.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/connected_components.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

namespace ballast {
namespace {

struct Edge {
  int branch = 0;
  double length = 0;
  std::size_t component = 0;
};
using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS, boost::no_property, Edge>;

bool is_alive(const Network& network, Mask alive, int bus) {
  const auto i = static_cast<std::size_t>(bus);
  return alive.empty() ? network.buses[i].type != BusType::ISOLATED : alive[i] != 0;
}

Graph graph_of(const Network& network, Mask closed, Mask alive) {
  Graph graph(network.buses.size());
  for (std::size_t k = 0; k < network.branches.size(); ++k) {
    const Branch& branch = network.branches[k];
    const bool in = closed.empty() ? branch.in_service : closed[k] != 0;
    if (!in || !is_alive(network, alive, branch.from) || !is_alive(network, alive, branch.to)) continue;
    boost::add_edge(static_cast<std::size_t>(branch.from), static_cast<std::size_t>(branch.to),
                    Edge{static_cast<int>(k), std::hypot(branch.R, branch.X), 0}, graph);
  }
  return graph;
}

}  // namespace

std::vector<int> Islands::buses(int island) const {
  std::vector<int> members;
  for (std::size_t i = 0; i < of_bus.size(); ++i) {
    if (of_bus[i] == island) members.push_back(static_cast<int>(i));
  }
  return members;
}

Islands find_islands(const Network& network, Mask closed, Mask alive) {
  const Graph graph = graph_of(network, closed, alive);
  std::vector<int> component(network.buses.size());
  const int components = boost::connected_components(
      graph, boost::make_iterator_property_map(component.begin(), get(boost::vertex_index, graph)));
  Islands islands;
  islands.of_bus.assign(network.buses.size(), -1);
  std::vector<int> island_of_component(static_cast<std::size_t>(components), -1);
  for (std::size_t i = 0; i < network.buses.size(); ++i) {
    if (!is_alive(network, alive, static_cast<int>(i))) continue;
    int& island = island_of_component[static_cast<std::size_t>(component[i])];
    if (island < 0) island = islands.count++;
    islands.of_bus[i] = island;
  }
  return islands;
}

std::vector<int> find_bridges(const Network& network, Mask closed, Mask alive) {
  // Parallel circuits are never bridges; Boost's algorithm wants them as one edge.
  std::map<std::pair<std::size_t, std::size_t>, std::vector<int>> circuits;
  const Graph all = graph_of(network, closed, alive);
  for (const auto edge : boost::make_iterator_range(boost::edges(all))) {
    circuits[std::minmax({source(edge, all), target(edge, all)})].push_back(all[edge].branch);
  }
  Graph graph(network.buses.size());
  for (const auto& [ends, branches] : circuits) {
    boost::add_edge(ends.first, ends.second, Edge{branches.size() == 1 ? branches.front() : -1, 0, 0}, graph);
  }
  const std::size_t components = boost::biconnected_components(graph, get(&Edge::component, graph));
  std::vector<int> edges(components, 0), last(components, -1);
  for (const auto edge : boost::make_iterator_range(boost::edges(graph))) {
    ++edges[graph[edge].component];
    last[graph[edge].component] = graph[edge].branch;
  }
  std::vector<int> bridges;
  for (std::size_t c = 0; c < components; ++c) {
    if (edges[c] == 1 && last[c] >= 0) bridges.push_back(last[c]);
  }
  std::sort(bridges.begin(), bridges.end());
  return bridges;
}

std::vector<double> electrical_distance(const Network& network, int from, Mask closed, Mask alive) {
  const Graph graph = graph_of(network, closed, alive);
  std::vector<double> distance(network.buses.size(), std::numeric_limits<double>::infinity());
  boost::dijkstra_shortest_paths(graph, static_cast<std::size_t>(from),
                                 boost::weight_map(get(&Edge::length, graph))
                                     .distance_inf(std::numeric_limits<double>::infinity())
                                     .distance_map(boost::make_iterator_property_map(
                                         distance.begin(), get(boost::vertex_index, graph))));
  return distance;
}

std::vector<int> hops(const Network& network, int from, Mask closed, Mask alive) {
  const Graph graph = graph_of(network, closed, alive);
  std::vector<int> count(network.buses.size(), -1);
  count[static_cast<std::size_t>(from)] = 0;
  boost::breadth_first_search(
      graph, static_cast<std::size_t>(from),
      boost::visitor(boost::make_bfs_visitor(boost::record_distances(
          boost::make_iterator_property_map(count.begin(), get(boost::vertex_index, graph)),
          boost::on_tree_edge()))));
  return count;
}

}  // namespace ballast
