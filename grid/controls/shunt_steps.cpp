#include "grid/controls/shunt_steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ballast {
namespace {

constexpr std::size_t kMostTotals = 4096;
constexpr double kSame_Mvar = 1e-6;

void sort_unique(std::vector<double>& totals) {
  std::sort(totals.begin(), totals.end());
  totals.erase(std::unique(totals.begin(), totals.end(),
                           [](double a, double b) { return std::abs(a - b) < kSame_Mvar; }),
               totals.end());
}

std::vector<double> in_input_order(const SwitchedShunt& shunt) {
  std::vector<double> totals{0};
  double reactors = 0, capacitors = 0;
  for (const SwitchedShunt::Block& block : shunt.blocks) {
    if (!block.in_service) continue;
    double& sum = block.B_Mvar < 0 ? reactors : capacitors;
    for (int n = 0; n < block.N; ++n) totals.push_back(sum += block.B_Mvar);
  }
  sort_unique(totals);
  return totals;
}

}  // namespace

std::vector<double> shunt_totals(const SwitchedShunt& shunt) {
  if (shunt.ADJM == 0) return in_input_order(shunt);
  std::vector<double> totals{0};
  for (const SwitchedShunt::Block& block : shunt.blocks) {
    if (!block.in_service) continue;
    const std::vector<double> before = totals;
    for (int n = 1; n <= block.N; ++n) {
      for (const double total : before) totals.push_back(total + n * block.B_Mvar);
      if (totals.size() > 16 * kMostTotals) return in_input_order(shunt);
    }
    sort_unique(totals);
    if (totals.size() > kMostTotals) return in_input_order(shunt);
  }
  return totals;
}

std::vector<double> steps_from(const std::vector<double>& totals, double present, int direction) {
  std::vector<double> way;
  for (const double total : totals) {
    if (direction * (total - present) > kSame_Mvar) way.push_back(total);
  }
  if (direction < 0) std::reverse(way.begin(), way.end());
  return way;
}

std::string shunt_label(const Network& network, const SwitchedShunt& shunt) {
  return fmt::format("switched shunt '{}' at {}", shunt.id, network.bus_label(shunt.bus));
}

}  // namespace ballast
