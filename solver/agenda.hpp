/// \file
/// When timers expire, and which of them the integrator has to stop at.
#pragma once

#include <vector>

#include "solver/system.hpp"

namespace ballast {

/// The earliest timers. Each is tried beforehand on its part, and taken back: one that will only move the
/// automaton (Effect::NONE) needs no stop. What it does when its time has come is what counts; this is a
/// hint.
class Agenda {
 public:
  explicit Agenda(System& system);

  /// After the automaton of a part moved, or its timers were set; `y`, and the system evaluated there.
  void look_at(int part, std::vector<double>& y);
  void look_at_all(std::vector<double>& y);
  /// The earliest timer of all parts, of one part, and of all that move more than their automaton.
  [[nodiscard]] double next() const;
  [[nodiscard]] double next_of(int part) const { return next_[part]; }
  [[nodiscard]] double next_stop() const;
  /// What a happening would do now.
  [[nodiscard]] Effect foresee(int part, const Happening& happening, std::vector<double>& y);

 private:
  System& system_;
  std::vector<double> next_, next_stop_;  ///< [part]
  std::vector<int> mode_;
  std::vector<double> held_, timer_, x_;  ///< of the part that is tried, before
};

}  // namespace ballast
