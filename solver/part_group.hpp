/// \file
/// All parts of one model type, behind one interface: the system knows groups, never model types.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/contract.hpp"

namespace ballast {

/// The parts of one model type. Numbers are kept per part, one after another.
/// Pointers: `y` are the system's unknowns, `signals` its signal values; a part finds its states in y at
/// x_at, its inputs in signals through in_at, its outputs in signals at out_at.
class PartGroup {
 public:
  virtual ~PartGroup() = default;

  // What the model is.
  std::string model;
  std::span<const StateInfo> states;
  std::span<const InputInfo> inputs;
  std::span<const OutputInfo> outputs;
  std::span<const ParameterInfo> parameters;
  std::span<const ThresholdInfo> thresholds;  ///< of guards 2 * limits onward
  std::span<const char* const> mode_names;    ///< of mode[limits], the automaton; empty when there is none
  int limits = 0, modes = 0, held_count = 0, timers = 0, guards = 0;
  bool forms_voltage = false;  ///< an island with such a part lives
  /// Which of [x, in] each row of [dxdt, out] depends on: bit i is variable i.
  std::vector<std::uint64_t> pattern;
  std::vector<int> local_row_start;  ///< of the local Jacobian: rows as `pattern`
  std::vector<int> local_column;     ///< column (index into [x, in]) of each nonzero

  // Where each part finds its numbers; [part] or [part * width].
  int count = 0;
  std::vector<int> x_at;                       ///< first state in y
  std::vector<int> in_at;                      ///< [part * inputs]: signal of each input
  std::vector<int> out_at;                     ///< first output in signals
  std::vector<char> active;                    ///< 0: tripped; injects nothing, its states rest
  std::vector<int> mode;                       ///< [part * modes]
  std::vector<double> held;                    ///< [part * held_count]
  long moves = 0;                              ///< counted up by whoever writes `held`
  std::vector<double> timer;                   ///< [part * timers]
  std::vector<std::span<const double>> table;  ///< [part] of Part::table, which the system keeps

  /// Adds a part and returns its index; derive() is called.
  virtual int add(std::span<const double> parameters, const Ratings& ratings) = 0;
  /// Replaces a part's parameters.
  virtual void set_parameters(int part, std::span<const double> parameters, const Ratings& ratings) = 0;
  virtual void evaluate_outputs(int first, int last, const double* y, double* signals) = 0;
  /// Writes f[x_at + i] = dx_i/dt, and the guards [part * guards].
  virtual void evaluate_rates(int first, int last, const double* y, const double* signals, double* f,
                              double* guard) = 0;
  /// Writes the wanted nonzeros of the local Jacobians, [part * nonzeros].
  virtual void linearise(int first, int last, std::span<const int> wanted, const double* y,
                         const double* signals, double* local) = 0;
  virtual Outcome initialise(int part, std::span<double> in, std::span<double> out, double* x) = 0;
  virtual Effect advance(int part, const Happening& happening, double* y, const double* signals,
                         Reason& reason) = 0;
  /// Tells a part that its inputs jumped (see on_jump in the contract); states in y may be shifted.
  virtual void on_jump(int part, const double* before, const double* after, double* y) = 0;
  /// Weight in the island's frame speed, s on the system base; infinite for a source of fixed frequency; 0
  /// none.
  [[nodiscard]] virtual double inertia(int part) const = 0;

  [[nodiscard]] int state_count() const { return static_cast<int>(states.size()); }
  [[nodiscard]] int input_count() const { return static_cast<int>(inputs.size()); }
  [[nodiscard]] int output_count() const { return static_cast<int>(outputs.size()); }
  [[nodiscard]] int nonzeros() const { return static_cast<int>(local_column.size()); }
  /// Index of a signal name, or -1.
  [[nodiscard]] int find_input(std::string_view name) const;
  [[nodiscard]] int find_output(std::string_view name) const;
  [[nodiscard]] int find_state(std::string_view name) const;
};

/// An empty group of a model, by its record name; nullptr when there is no such model.
[[nodiscard]] std::unique_ptr<PartGroup> make_part_group(std::string_view model);
/// The record names of all models.
[[nodiscard]] std::vector<std::string> part_group_names();

}  // namespace ballast
