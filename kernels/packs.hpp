/// \file
/// run_cpu by packs of one width. Private to kernels/.
#pragma once

#include <vector>

#include "kernels/batch.hpp"

namespace ballast::batch {

std::vector<Result> run_packs_of_four(const Problem& problem, const Options& options);
/// Needs a processor with AVX-512. The one symbol that its library shows.
[[gnu::visibility("default")]] std::vector<Result> run_packs_of_eight(const Problem& problem,
                                                                      const Options& options);

}  // namespace ballast::batch
