/// \file
/// What runs the steps of many lanes: a GPU, or the host standing in for one. Private to kernels/.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "kernels/lane_view.hpp"
#include "kernels/machine_error.hpp"

namespace ballast::batch {

/// Lanes in tiles on some machine. Lane n is lane n % 32 of tile n / 32. Columns are Layout::shared doubles
/// and IntLayout::items ints; what comes and goes is one lane's column after another.
class Machine {
 public:
  virtual ~Machine() = default;
  [[nodiscard]] virtual int lanes() const = 0;
  /// Steps of every lane that runs, up to so many.
  virtual void run(int steps) = 0;
  /// [lane] LaneStatus
  virtual void statuses(std::span<int> status) = 0;
  virtual void get(std::span<const int> lanes, std::span<double> columns, std::span<int> ints) = 0;
  virtual void put(std::span<const int> lanes, std::span<const double> columns,
                   std::span<const int> ints) = 0;
};

/// A problem's flat memory and the view of it for where it lies.
struct FlatMemory {
  std::span<const std::byte> bytes;
  /// The view with its arrays at `base`, a copy of `bytes`.
  ProblemView (*view_at)(const void* flat, const std::byte* base);
  const void* flat;
};

/// Lanes on a CUDA device, `wanted` or as many as fit. Throws MachineError.
[[nodiscard]] std::unique_ptr<Machine> make_cuda_machine(const FlatMemory& memory, int wanted, int device);
/// Throws MachineError when the driver fails; a machine without driver has none.
[[nodiscard]] int count_cuda_devices();

}  // namespace ballast::batch
