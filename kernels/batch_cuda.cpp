#include "kernels/batch_cuda.hpp"

#include "kernels/batch_lanes.hpp"

namespace ballast::batch {

#ifdef BALLAST_HAVE_CUDA
int cuda_devices() { return count_cuda_devices(); }
std::vector<Result> run_cuda(const Problem& problem, const Options& options, int device) {
  return run_on_machine(problem, options, kTeam, [device](const FlatMemory& memory, int wanted) {
    return make_cuda_machine(memory, wanted, device);
  });
}
#else
namespace {
[[noreturn]] void refuse() {
  throw MachineError(
      "this program was built without the backend cuda; build it where the CUDA toolkit (nvcc) is, or run "
      "with the backend cpu");
}
}  // namespace
int cuda_devices() { refuse(); }
std::vector<Result> run_cuda(const Problem&, const Options&, int) { refuse(); }
#endif

}  // namespace ballast::batch
