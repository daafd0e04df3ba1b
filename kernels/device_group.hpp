/// \file
/// All parts of one model in a batch, behind one interface: the engine knows groups, never model types.
#pragma once

#include <memory>
#include <string_view>

#include "kernels/lanes.hpp"
#include "kernels/model_rules.hpp"
#include "kernels/store.hpp"

namespace ballast::batch {

class DeviceGroup {
 public:
  virtual ~DeviceGroup() = default;
  int states = 0, inputs = 0, outputs = 0, modes = 0, limits = 0, held = 0, timers = 0, guards = 0;
  int Ir = -1;  ///< output, or -1; Ii follows somewhere
  int Ii = -1;

  /// Derives parameters; `own_of_part`: place of each part's own parameters in Store::own, or -1.
  virtual void bind(const Problem& problem, const Group& group, std::vector<int> own_of_part) = 0;
  /// Size of a part's derived parameters, in numbers.
  [[nodiscard]] virtual int derived_size() const = 0;
  /// Derived parameters as numbers.
  virtual void derive(const double* parameters, double device_MVA, const Problem& problem,
                      double* numbers) const = 0;

  virtual void evaluate_outputs(int first, int last, Store<double>& store) const = 0;
  virtual void evaluate_outputs(int first, int last, Store<Lanes>& store) const = 0;
  /// The currents alone.
  virtual void evaluate_currents(int first, int last, Store<double>& store) const = 0;
  virtual void evaluate_currents(int first, int last, Store<Lanes>& store) const = 0;
  /// Rates and guards.
  virtual void evaluate_rates(int first, int last, Store<double>& store) const = 0;
  virtual void evaluate_rates(Store<double>& store) const = 0;
  virtual void evaluate_rates(Store<Lanes>& store) const = 0;
  /// Moves the limits whose guards are positive, and says in which lanes any moved.
  virtual bool move_limits(Store<double>& store) const = 0;
  virtual Mask<kLanes> move_limits(Store<Lanes>& store) const = 0;

  /// The automaton of a part; the limits' own guards never come here.
  virtual Effect advance(int part, const Happening& happening, Store<double>& store,
                         Reason& reason) const = 0;
  virtual void on_jump(int part, const double* signals_before, Store<double>& store) const = 0;
};

/// nullptr when there is no such model.
[[nodiscard]] std::unique_ptr<DeviceGroup> make_device_group(std::string_view model);

}  // namespace ballast::batch
