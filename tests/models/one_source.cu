// The unit and the UPS of one_source.hpp, compiled by nvcc: the same function is the body of a kernel and
// host code.
#include <vector>

#include "tests/models/one_source_cuda.hpp"

namespace ballast::test {
namespace {

template <class Thing>
BALLAST_HD void body(Thing* things, int i, double* traces) {
  run_all_steps(things[i], traces + static_cast<std::int64_t>(i) * kSteps * Thing::kTrace);
}

template <class Thing>
__global__ void kernel(Thing* things, int count, double* traces) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < count) body(things, i, traces);
}

template <class Thing>
const char* run_on_device(std::vector<Thing>& things, double* traces) {
  int devices = 0;
  if (cudaGetDeviceCount(&devices) != cudaSuccess || devices == 0) return "";
  const std::size_t thing_bytes = things.size() * sizeof(Thing);
  const std::size_t trace_bytes = things.size() * kSteps * Thing::kTrace * sizeof(double);
  Thing* things_there = nullptr;
  double* traces_there = nullptr;
  cudaError_t error = cudaMalloc(&things_there, thing_bytes);
  if (error == cudaSuccess) error = cudaMalloc(&traces_there, trace_bytes);
  if (error == cudaSuccess)
    error = cudaMemcpy(things_there, things.data(), thing_bytes, cudaMemcpyHostToDevice);
  if (error == cudaSuccess) {
    kernel<<<1, 32>>>(things_there, static_cast<int>(things.size()), traces_there);
    error = cudaGetLastError();
  }
  if (error == cudaSuccess) error = cudaMemcpy(traces, traces_there, trace_bytes, cudaMemcpyDeviceToHost);
  cudaFree(things_there);
  cudaFree(traces_there);
  return error == cudaSuccess ? nullptr : cudaGetErrorString(error);
}

std::vector<Unit<double>> make_units(const UnitScenario* scenarios, int count, double h) {
  std::vector<Unit<double>> units;
  for (int i = 0; i < count; ++i) units.push_back(make_unit<double>(scenarios + i, h));
  return units;
}
std::vector<UpsUnit<double>> make_all_ups(const UpsScenario* scenarios, int count, double h) {
  std::vector<UpsUnit<double>> all;
  for (int i = 0; i < count; ++i) all.push_back(make_ups<double>(scenarios + i, h));
  return all;
}

}  // namespace

void run_units_as_nvcc_host_code(const UnitScenario* scenarios, int count, double h, double* traces) {
  auto units = make_units(scenarios, count, h);
  for (int i = 0; i < count; ++i) body(units.data(), i, traces);
}
void run_ups_as_nvcc_host_code(const UpsScenario* scenarios, int count, double h, double* traces) {
  auto all = make_all_ups(scenarios, count, h);
  for (int i = 0; i < count; ++i) body(all.data(), i, traces);
}
const char* run_units_on_device(const UnitScenario* scenarios, int count, double h, double* traces) {
  auto units = make_units(scenarios, count, h);
  return run_on_device(units, traces);
}
const char* run_ups_on_device(const UpsScenario* scenarios, int count, double h, double* traces) {
  auto all = make_all_ups(scenarios, count, h);
  return run_on_device(all, traces);
}

}  // namespace ballast::test
