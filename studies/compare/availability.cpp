#include "studies/compare/availability.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "models/datacenter/random.hpp"

namespace ballast::compare {

double binomial_availability(int units, int needed, double unit) {
  double sum = 0;
  for (int k = needed; k <= units; ++k)
    sum += std::exp(std::lgamma(units + 1.0) - std::lgamma(k + 1.0) - std::lgamma(units - k + 1.0) +
                    k * std::log(unit) + (units - k) * std::log1p(-unit));
  return std::min(sum, 1.0);
}

namespace {

/// Share of the time with enough units, by the chain of how many run.
double one_draw(const Availability& plant, double seed) {
  constexpr double kYear_h = 8766;
  const double end_h = plant.years * kYear_h;
  double t = 0, down_h = 0;
  int up = plant.units;  // where it starts: all run
  for (double n = 0; t < end_h; ++n) {
    const double fails = up / plant.mtbf_h, returns = (plant.units - up) / plant.mttr_h;
    const double step = std::min(random_exponential(seed, 1, n) / (fails + returns), end_h - t);
    if (up < plant.needed) down_h += step;
    t += step;
    up += random_uniform(seed, 2, n) * (fails + returns) < fails ? -1 : 1;
  }
  return 1 - down_h / end_h;
}

}  // namespace

AvailabilityResult availability(const Availability& plant) {
  AvailabilityResult result;
  result.of = &plant;
  result.unit = plant.mtbf_h / (plant.mtbf_h + plant.mttr_h);
  result.exact = binomial_availability(plant.units, plant.needed, result.unit);
  std::vector<double> draws;
  for (int k = 0; k < plant.draws; ++k) {
    draws.push_back(one_draw(plant, static_cast<double>(plant.seed) + 1e6 * k));
    result.mean += draws.back() / plant.draws;
  }
  std::sort(draws.begin(), draws.end());
  const auto at = [&](double share) {
    return draws[static_cast<std::size_t>(share * static_cast<double>(draws.size() - 1))];
  };
  result.low = at(0.025);
  result.high = at(0.975);
  return result;
}

}  // namespace ballast::compare
