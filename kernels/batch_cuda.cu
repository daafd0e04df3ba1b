// Lanes on a CUDA device: a block is a tile, a warp is one member of the team of each of its 32 lanes, and a
// launch takes a chunk of steps.
#include <cuda_runtime.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "kernels/lane_method.hpp"
#include "kernels/machine.hpp"

namespace ballast::batch {
namespace {

class DeviceTeam {
 public:
  __device__ DeviceTeam(double* shared) : shared_(shared) {}
  __device__ int rank() const { return static_cast<int>(threadIdx.y); }
  __device__ int size() const { return kTeam; }
  __device__ void sync() { __syncthreads(); }
  __device__ bool any(bool yes) { return __syncthreads_or(yes ? 1 : 0) != 0; }
  __device__ double most(double v) {
    const double* all = exchange(v);
    double best = all[0];
    for (int r = 1; r < kTeam; ++r) best = max_(best, all[r * kTile]);
    return best;
  }
  __device__ double least(double v) {
    const double* all = exchange(v);
    double best = all[0];
    for (int r = 1; r < kTeam; ++r) best = min_(best, all[r * kTile]);
    return best;
  }

 private:
  double* shared_;  // two areas [member][lane] by turns: the other is read while this one is filled again
  int turn_ = 0;
  __device__ const double* exchange(double v) {
    double* area = shared_ + turn_ * kTeam * kTile + threadIdx.x;
    turn_ = 1 - turn_;
    area[threadIdx.y * kTile] = v;
    __syncthreads();
    return area;
  }
};

__global__ void __launch_bounds__(kTile* kTeam)
    take_steps(const __grid_constant__ ProblemView p, double* doubles, int* ints, int steps, bool near) {
  __shared__ double exchanged[2 * kTeam * kTile];
  extern __shared__ double voltages[];  // [2 * bus][lane], where it fits
  DeviceTeam team(exchanged);
  double* d = doubles + static_cast<std::ptrdiff_t>(blockIdx.x) * p.at.items * kTile + threadIdx.x;
  int* m = ints + static_cast<std::ptrdiff_t>(blockIdx.x) * p.int_at.items * kTile + threadIdx.x;
  const LaneView lane{d, m,
                      near ? voltages + threadIdx.x : d + static_cast<std::ptrdiff_t>(p.at.right) * kTile};
  LaneRun<DeviceTeam> run(p, lane, team);
  run.run(steps);
}

/// Columns of some lanes to (kOut) or from one column after another.
template <bool kOut>
__global__ void move_columns(const __grid_constant__ ProblemView p, double* doubles, int* ints,
                             const int* lanes, double* columns, int* whole) {
  const int lane = lanes[blockIdx.x];
  double* d = doubles + static_cast<std::ptrdiff_t>(lane / kTile) * p.at.items * kTile + lane % kTile;
  int* m = ints + static_cast<std::ptrdiff_t>(lane / kTile) * p.int_at.items * kTile + lane % kTile;
  double* c = columns + static_cast<std::ptrdiff_t>(blockIdx.x) * p.at.shared;
  int* w = whole + static_cast<std::ptrdiff_t>(blockIdx.x) * p.int_at.items;
  for (int i = static_cast<int>(threadIdx.x); i < p.at.shared; i += static_cast<int>(blockDim.x)) {
    double& there = d[static_cast<std::ptrdiff_t>(i) * kTile];
    if (kOut)
      c[i] = there;
    else
      there = c[i];
  }
  for (int i = static_cast<int>(threadIdx.x); i < p.int_at.items; i += static_cast<int>(blockDim.x)) {
    int& there = m[static_cast<std::ptrdiff_t>(i) * kTile];
    if (kOut)
      w[i] = there;
    else
      there = w[i];
  }
}

void check(cudaError_t error, const char* call) {
  if (error == cudaSuccess) return;
  (void)cudaGetLastError();
  std::string remedy = "look at the device with nvidia-smi, or run with the backend cpu";
  if (error == cudaErrorNoDevice || error == cudaErrorInsufficientDriver)
    remedy = "a CUDA device and its driver are needed; run with the backend cpu where there is none";
  else if (error == cudaErrorMemoryAllocation)
    remedy = "free memory on the device, or run fewer scenarios at once";
  else if (error == cudaErrorNoKernelImageForDevice)
    remedy = "build for this device: cmake -DCMAKE_CUDA_ARCHITECTURES=native";
  throw MachineError(std::string("CUDA: ") + call + ": " + cudaGetErrorString(error) + "; " + remedy);
}

/// Memory on the device.
template <class V>
class DeviceArray {
 public:
  DeviceArray() = default;
  DeviceArray(const DeviceArray&) = delete;
  DeviceArray& operator=(const DeviceArray&) = delete;
  ~DeviceArray() { cudaFree(data_); }
  [[nodiscard]] cudaError_t make(std::size_t count) {
    cudaFree(data_);
    data_ = nullptr;
    count_ = 0;
    const cudaError_t error = cudaMalloc(&data_, std::max<std::size_t>(count, 1) * sizeof(V));
    if (error == cudaSuccess) count_ = count;
    return error;
  }
  void room_for(std::size_t count) {
    if (count > count_) check(make(count), "memory for the lanes on their way");
  }
  [[nodiscard]] V* data() const { return data_; }

 private:
  V* data_ = nullptr;
  std::size_t count_ = 0;
};

class CudaMachine final : public Machine {
 public:
  CudaMachine(const FlatMemory& memory, int wanted, int device) {
    check(cudaSetDevice(device), "choosing the device");
    check(flat_.make(memory.bytes.size()), "memory for the problem");
    check(cudaMemcpy(flat_.data(), memory.bytes.data(), memory.bytes.size(), cudaMemcpyHostToDevice),
          "copying the problem");
    view_ = memory.view_at(memory.flat, flat_.data());
    tiles_ = (wanted + kTile - 1) / kTile;
    const std::size_t tile_doubles = static_cast<std::size_t>(view_.at.items) * kTile;
    const std::size_t tile_ints = static_cast<std::size_t>(view_.int_at.items) * kTile;
    for (;; tiles_ = (tiles_ + 1) / 2) {  // as many lanes as fit
      cudaError_t error = doubles_.make(tiles_ * tile_doubles);
      if (error == cudaSuccess) error = ints_.make(tiles_ * tile_ints);
      if (error == cudaSuccess) break;
      if (error != cudaErrorMemoryAllocation || tiles_ == 1) check(error, "memory for the lanes");
      (void)cudaGetLastError();
    }
    check(cudaMemset(doubles_.data(), 0, tiles_ * tile_doubles * sizeof(double)), "clearing the lanes");
    check(cudaMemset(ints_.data(), 0, tiles_ * tile_ints * sizeof(int)), "clearing the lanes");
    cudaDeviceProp properties{};
    check(cudaGetDeviceProperties(&properties, device), "asking what the device is");
    const std::size_t voltages = 2 * static_cast<std::size_t>(view_.buses) * kTile * sizeof(double);
    if (voltages + 2 * kTeam * kTile * sizeof(double) <= properties.sharedMemPerBlockOptin) {
      check(cudaFuncSetAttribute(take_steps, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                 static_cast<int>(voltages)),
            "asking for shared memory");
      shared_bytes_ = voltages;
    }
  }

  [[nodiscard]] int lanes() const override { return tiles_ * kTile; }

  void run(int steps) override {
    take_steps<<<tiles_, dim3(kTile, kTeam), shared_bytes_>>>(view_, doubles_.data(), ints_.data(), steps,
                                                              shared_bytes_ > 0);
    check(cudaGetLastError(), "launching the steps");
    check(cudaDeviceSynchronize(), "taking the steps");
  }

  void statuses(std::span<int> status) override {
    const std::size_t pitch = static_cast<std::size_t>(view_.int_at.items) * kTile * sizeof(int);
    check(cudaMemcpy2D(status.data(), kTile * sizeof(int), ints_.data() + view_.int_at.status * kTile, pitch,
                       kTile * sizeof(int), tiles_, cudaMemcpyDeviceToHost),
          "reading what the lanes are at");
  }

  void get(std::span<const int> lanes, std::span<double> columns, std::span<int> ints) override {
    send(lanes, columns.size(), ints.size());
    move_columns<true><<<static_cast<unsigned>(lanes.size()), 256>>>(
        view_, doubles_.data(), ints_.data(), lanes_.data(), columns_.data(), whole_.data());
    check(cudaGetLastError(), "gathering lanes");
    check(cudaMemcpy(columns.data(), columns_.data(), columns.size_bytes(), cudaMemcpyDeviceToHost),
          "reading lanes");
    check(cudaMemcpy(ints.data(), whole_.data(), ints.size_bytes(), cudaMemcpyDeviceToHost), "reading lanes");
  }
  void put(std::span<const int> lanes, std::span<const double> columns, std::span<const int> ints) override {
    send(lanes, columns.size(), ints.size());
    check(cudaMemcpy(columns_.data(), columns.data(), columns.size_bytes(), cudaMemcpyHostToDevice),
          "writing lanes");
    check(cudaMemcpy(whole_.data(), ints.data(), ints.size_bytes(), cudaMemcpyHostToDevice), "writing lanes");
    move_columns<false><<<static_cast<unsigned>(lanes.size()), 256>>>(
        view_, doubles_.data(), ints_.data(), lanes_.data(), columns_.data(), whole_.data());
    check(cudaGetLastError(), "scattering lanes");
  }

 private:
  ProblemView view_{};
  int tiles_ = 0;
  std::size_t shared_bytes_ = 0;
  DeviceArray<std::byte> flat_;
  DeviceArray<double> doubles_, columns_;
  DeviceArray<int> ints_, whole_, lanes_;

  void send(std::span<const int> lanes, std::size_t doubles, std::size_t ints) {
    lanes_.room_for(lanes.size());
    columns_.room_for(doubles);
    whole_.room_for(ints);
    check(cudaMemcpy(lanes_.data(), lanes.data(), lanes.size_bytes(), cudaMemcpyHostToDevice),
          "writing lanes");
  }
};

}  // namespace

__attribute__((visibility("default"))) std::unique_ptr<Machine> make_cuda_machine(const FlatMemory& memory,
                                                                                  int wanted, int device) {
  return std::make_unique<CudaMachine>(memory, wanted, device);
}

__attribute__((visibility("default"))) int count_cuda_devices() {
  int devices = 0;
  const cudaError_t error = cudaGetDeviceCount(&devices);
  if (error == cudaErrorNoDevice || error == cudaErrorInsufficientDriver) {
    (void)cudaGetLastError();
    return 0;
  }
  check(error, "looking for a device");
  return devices;
}

}  // namespace ballast::batch
