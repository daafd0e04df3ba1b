#include <algorithm>
#include <stdexcept>
#include <string>

#include "kernels/packs.hpp"
#include "kernels/tile.hpp"

namespace ballast::batch {

namespace {

bool has_avx512() {
#ifdef BALLAST_HAVE_AVX512
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl");
#else
  return false;
#endif
}

}  // namespace

int pack_width(const Problem& problem, const Options& options) {
  const bool wide = has_avx512();
  if (options.lanes == 0) {
    const std::size_t scenarios = options.only.empty() ? problem.scenarios.size() : options.only.size();
    return wide && scenarios > 4 * static_cast<std::size_t>(std::max(1, options.threads)) ? 8 : 4;
  }
  if (options.lanes == 4 || (options.lanes == 8 && wide)) return options.lanes;
  throw std::invalid_argument("packs of " + std::to_string(options.lanes) + " scenarios: this build takes 4" +
                              (wide ? " or 8" : " on this processor"));
}

std::vector<Result> run_cpu(const Problem& problem, const Options& options) {
#ifdef BALLAST_HAVE_AVX512
  if (pack_width(problem, options) == 8) return run_packs_of_eight(problem, options);
#endif
  return run_packs_of_four(problem, options);
}

Result run_alone(const Problem& problem, int scenario, const Options& options) {
  const Evaluator evaluator(problem);
  Result kept;
  bool taken = false;
  Tile<double> tile(
      evaluator, options, [&] { return std::exchange(taken, true) ? -1 : scenario; },
      [&](Result&& result) { kept = std::move(result); });
  tile.run();
  return kept;
}

}  // namespace ballast::batch
