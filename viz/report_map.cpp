#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "viz/page.hpp"
#include "viz/report_parts.hpp"

namespace ballast::report {
namespace {

constexpr double kWidth = 640, kMargin = 22;  // SVG units
constexpr std::size_t kDense = 400;           // branches: beyond, lines are thin
constexpr std::size_t kLabelled = 60;         // buses: beyond, numbers would hide the map

/// Positions in SVG units, y downwards, and the height of the picture.
std::vector<Position> on_paper(const Record& record, double& height) {
  std::vector<Position> places = map_positions(record.network);
  // Degrees of longitude shrink with latitude; abstract coordinates rarely look like degrees far from the
  // equator.
  const bool given = std::any_of(record.network.buses.begin(), record.network.buses.end(),
                                 [](const MapBus& bus) { return bus.position.has_value(); });
  double latitude = 0;
  bool degrees = given;
  for (const Position& p : places) {
    latitude += p.y / static_cast<double>(places.size());
    degrees = degrees && std::abs(p.x) <= 180 && std::abs(p.y) <= 75;
  }
  const double squeeze = degrees && std::abs(latitude) > 20 ? std::cos(latitude * std::numbers::pi / 180) : 1;
  for (Position& p : places) p.x *= squeeze;

  const auto by_x = [](const Position& a, const Position& b) { return a.x < b.x; };
  const auto by_y = [](const Position& a, const Position& b) { return a.y < b.y; };
  const auto [left, right] = std::minmax_element(places.begin(), places.end(), by_x);
  const auto [low, high] = std::minmax_element(places.begin(), places.end(), by_y);
  const double x0 = left->x, y1 = high->y, width = right->x - left->x, tall = high->y - low->y;
  const double scale = (kWidth - 2 * kMargin) / std::max({width, tall, 1e-9});
  height = std::max(tall * scale + 2 * kMargin, 140.0);
  const double right_shift = (kWidth - 2 * kMargin - width * scale) / 2;
  const double down_shift = (height - 2 * kMargin - tall * scale) / 2;
  for (Position& p : places)
    p = {kMargin + right_shift + (p.x - x0) * scale, kMargin + down_shift + (y1 - p.y) * scale};
  return places;
}

/// Highest loading of each branch over the run; 0 where it was not recorded.
std::vector<double> highest_loading(const Record& record) {
  std::vector<double> loading(record.network.branches.size(), 0);
  const auto quantity = record.find("branch.loading");
  if (!quantity) return loading;
  const std::vector<int>& indices = record.schema.quantities[*quantity].indices;
  for (std::size_t k = 0; k < record.samples(); ++k)
    for (std::size_t e = 0; e < indices.size(); ++e)
      loading[indices[e]] = std::fmax(loading[indices[e]], record.at(*quantity, k, e));
  return loading;
}

std::string branch_svg(const Record& record, std::size_t index, const Position& a, const Position& b,
                       double loading) {
  const MapBranch& branch = record.network.branches[index];
  std::string kind = branch.transformer ? "transformer" : "";
  if (!branch.in_service) kind += " out";
  if (loading > 1)
    kind += " over";
  else if (loading > 0.9)
    kind += " high";
  std::string title = branch.name.empty()
                          ? fmt::format("{} to {}, circuit {}", record.network.bus_label(branch.from),
                                        record.network.bus_label(branch.to), branch.id)
                          : branch.name;
  if (loading > 0) title += fmt::format(": highest loading {:.0f} %", 100 * loading);
  return fmt::format(
      "<line class=\"{}\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"><title>{}</title></line>\n",
      kind, a.x, a.y, b.x, b.y, page::escaped(title));
}

}  // namespace

std::string network_svg(const Record& record) {
  const NetworkMap& map = record.network;
  if (map.buses.empty()) return {};
  double height = 0;
  const std::vector<Position> places = on_paper(record, height);
  const std::vector<double> loading = highest_loading(record);
  std::string svg =
      fmt::format("<svg{} viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"Network map\">\n",
                  map.branches.size() > kDense ? " class=\"dense\"" : "", kWidth, height);
  for (std::size_t k = 0; k < map.branches.size(); ++k)
    svg += branch_svg(record, k, places[map.branches[k].from], places[map.branches[k].to], loading[k]);
  const double radius = std::clamp(60 / std::sqrt(static_cast<double>(map.buses.size())), 1.6, 6.5);
  for (std::size_t i = 0; i < map.buses.size(); ++i) {
    const Position& p = places[i];
    if (map.buses[i].generation_MW > 0)
      svg += fmt::format(
          "<rect data-bus=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>\n", i,
          p.x - radius, p.y - radius, 2 * radius, 2 * radius);
    else
      svg += fmt::format("<circle data-bus=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\"/>\n", i, p.x, p.y,
                         radius);
  }
  if (map.buses.size() <= kLabelled)
    for (std::size_t i = 0; i < map.buses.size(); ++i)
      svg += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"11\">{}</text>\n",
                         places[i].x + radius + 2.5, places[i].y - radius * 0.6, map.buses[i].number);
  return svg + "</svg>";
}

}  // namespace ballast::report
