/// Scenarios in packs on the processor. Compiled twice: for every processor, and for those with AVX-512.
#include "kernels/packs.hpp"

#include <omp.h>

#include <atomic>
#include <mutex>

#include "kernels/tile.hpp"

namespace ballast::batch {
namespace {

std::vector<int> chosen(const Problem& problem, const Options& options) {
  if (!options.only.empty()) return options.only;
  std::vector<int> all(problem.scenarios.size());
  std::iota(all.begin(), all.end(), 0);
  return all;
}

std::vector<Result> run_tiles(const Problem& problem, const Options& options) {
  const Evaluator evaluator(problem);
  const std::vector<int> scenarios = chosen(problem, options);
  std::vector<Result> results(options.done ? 0 : scenarios.size());
  std::atomic<std::size_t> next{0};
  std::vector<int> slot(problem.scenarios.size(), -1);
  for (std::size_t k = 0; k < scenarios.size(); ++k) slot[scenarios[k]] = static_cast<int>(k);
  std::exception_ptr failure;
  std::mutex failing;
#pragma omp parallel num_threads(std::max(1, options.threads))
  {
    try {
      Tile<Lanes> tile(
          evaluator, options,
          [&] {
            if (options.stop && options.stop()) return -1;
            const std::size_t k = next.fetch_add(1);
            return k < scenarios.size() ? scenarios[k] : -1;
          },
          [&](Result&& result) {
            if (options.done)
              options.done(std::move(result));
            else
              results[slot[result.scenario]] = std::move(result);
          });
      tile.run();
    } catch (...) {
      const std::lock_guard<std::mutex> lock(failing);
      failure = std::current_exception();
    }
  }
  if (failure) std::rethrow_exception(failure);
  return results;
}

}  // namespace

#ifdef BALLAST_AVX512
std::vector<Result> run_packs_of_eight(const Problem& problem, const Options& options) {
#else
std::vector<Result> run_packs_of_four(const Problem& problem, const Options& options) {
#endif
  return run_tiles(problem, options);
}

}  // namespace ballast::batch
