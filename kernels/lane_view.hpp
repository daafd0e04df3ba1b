/// \file
/// A problem and its lanes as flat memory that host and device code read alike.
///
/// A lane is a column of doubles and one of ints. 32 lanes side by side are a tile: item i of lane l of a
/// tile lies at [i * 32 + l], so that 32 threads reading item i read one piece of memory.
#pragma once

#include <cstddef>

#include "models/scalar.hpp"

namespace ballast::batch {

inline constexpr int kTile = 32;  ///< lanes of a tile: a warp
inline constexpr int kTeam = 8;   ///< most threads that share the work of a lane

/// What a lane is to do, its first int.
enum LaneStatus { LANE_IDLE, LANE_RUNS, LANE_EVENT, LANE_FAILED };

/// Where things begin in a lane's column of doubles.
struct Layout {
  // What host and device both know.
  int t, started, turned, rate, h1, h2, redo, pace;  ///< started: where the present step began
  int stop, look;                                    ///< next due time; next sample of an observer
  int x, f, s, guard, held, timer, active, weight, ramp, alive, slope, factor, stiff, own;
  int was_guard;  ///< [watched] where the step began
  int extreme;    ///< [team][4 * (value, time, bus)]: lowest, highest voltage squared, frame speed
  int shared;     ///< end of that
  // What only the step knows.
  int u, f0, k1, V, V1, V2, stage, correction, stiff_copy, right;
  int items;
};
/// The same in the column of ints.
struct IntLayout {
  int status, attempts, steps, rejected, mode, items;
};

/// One part of the system.
struct PartView {
  int model;              ///< its place among AllModels
  int plant, x, out, in;  ///< in: into ProblemView::in
  int mode, held, guard;  ///< of this part
  int derived;            ///< into ProblemView::derived; or, of an own part, into Layout::own
  int own;                ///< 1: parameters belong to the lane
};
struct Task {
  int part, currents_only;
};
/// Tasks of one level depend on none of the same level.
struct Levels {
  int count;
  const int* start;  ///< [level + 1]
  const Task* task;
};
struct RowLevels {
  int count;
  const int* start;
  const int* row;  ///< positions
};
struct InjectionView {
  int signal_r, signal_i;
};

/// A problem without its scenarios; the arrays lie in one block of memory.
struct ProblemView {
  Layout at;
  IntLayout int_at;
  int team;  ///< threads that share a lane
  int buses, states, signals, timers, guards, weights, ramped, injecting, watched, stiff_states,
      stiff_entries, stiff_lengths, parts;
  int time_signal, frame_signal;
  double step_s, least_step_s, until_s, extremes_from_s;
  double voltage_tolerance;  ///< pu
  double half_turn;          ///< rad/s of the frame's angle per pu of speed, halved
  const PartView* part;
  const int* in;
  const double* derived;
  Levels before, network, read;
  const double* error_share;  ///< [state]
  const int* weight_state;
  const int* ramped_signal;
  const int* watched_guard;
  const int* place;            ///< [bus] among the injecting buses, or -1
  const int* injection_start;  ///< [place + 1]
  const InjectionView* injection;
  const int *bus, *row_start, *column, *diagonal;  ///< of the factor, column by bus
  RowLevels forward, backward;
  const int *stiff_state, *stiff_first, *stiff_count, *stiff_matrix;  ///< [row of all stiff blocks]
};

/// One lane's columns.
struct LaneView {
  double* d;
  int* m;
  double* right;  ///< [2 * bus], as wide as a tile

  BALLAST_HD double& operator()(int item) const { return d[static_cast<std::ptrdiff_t>(item) * kTile]; }
  BALLAST_HD int& whole(int item) const { return m[static_cast<std::ptrdiff_t>(item) * kTile]; }
  BALLAST_HD double& r(int k) const { return right[static_cast<std::ptrdiff_t>(k) * kTile]; }
};

}  // namespace ballast::batch
