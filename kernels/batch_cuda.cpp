#include "kernels/batch_cuda.hpp"

#include "kernels/batch_lanes.hpp"

namespace ballast::batch {

#ifdef BALLAST_HAVE_CUDA
bool built_with_cuda() { return true; }
std::vector<Result> run_cuda(const Problem& problem, const Options& options) {
  return run_on_machine(problem, options, kTeam, make_cuda_machine);
}
#else
bool built_with_cuda() { return false; }
std::vector<Result> run_cuda(const Problem&, const Options&) {
  throw MachineError(
      "this program was built without the backend cuda; build it where the CUDA toolkit (nvcc) is, or run "
      "with "
      "the backend cpu");
}
#endif

}  // namespace ballast::batch
