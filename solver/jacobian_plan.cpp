#include "solver/jacobian_plan.hpp"

#include <algorithm>
#include <numbers>

#include "solver/system.hpp"

namespace ballast {
namespace {

/// Rows of each column, collected before slots are known.
class Pattern {
 public:
  explicit Pattern(int n) : rows_(n) {}
  void add(int row, int column) { rows_[column].push_back(row); }
  void finish(std::vector<std::int64_t>& start, std::vector<std::int64_t>& index) {
    start.assign(1, 0);
    index.clear();
    for (auto& rows : rows_) {
      std::sort(rows.begin(), rows.end());
      rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
      index.insert(index.end(), rows.begin(), rows.end());
      start.push_back(static_cast<std::int64_t>(index.size()));
    }
  }

 private:
  std::vector<std::vector<int>> rows_;
};

struct Gradient {
  std::vector<int> columns;  ///< unknowns, ascending
  int at = 0;                ///< first value in gradient_
  [[nodiscard]] int place(int column) const {
    return at + static_cast<int>(std::lower_bound(columns.begin(), columns.end(), column) - columns.begin());
  }
};

}  // namespace

void JacobianPlan::build(const System& system) {
  const System& s = system;
  signal_operations_.clear();
  rate_operations_.clear();
  copies_.clear();
  network_.clear();
  constants_.clear();
  differential_slots_.clear();
  gradient_.clear();

  // Gradients of signals that are unknowns themselves.
  std::vector<Gradient> gradient(s.signals_.size());
  const auto is_unknown = [&](int signal, int unknown) {
    gradient[signal] = {{unknown}, static_cast<int>(gradient_.size())};
    gradient_.push_back(1.0);
  };
  for (int b = 0; b < s.grid.bus_count(); ++b) {
    if (s.frame_of(b) < 0) continue;
    is_unknown(2 * b, s.voltage_at(b));
    is_unknown(2 * b + 1, s.voltage_at(b) + 1);
  }
  for (std::size_t k = 0; k < s.cuts_.size(); ++k)
    is_unknown(s.cuts_[k].signal, s.cut_at_ + static_cast<int>(k));
  for (int k = 0; k < s.frame_count_; ++k) is_unknown(s.frame_signal_ + k, s.frame_speed_at(k));
  first_computed_ = static_cast<int>(gradient_.size());

  local_at_.clear();
  int local = 0;
  for (const auto& group : s.groups_) {
    local_at_.push_back(local);
    local += group->count * group->nonzeros();
  }
  local_.assign(local, 0.0);

  // Gradients of outputs, in evaluation order.
  for (const System::Batch& batch : s.batches_) {
    const PartGroup& g = *s.groups_[batch.group];
    const int nx = g.state_count();
    for (int i = batch.first; i < batch.last; ++i) {
      const int local_first = local_at_[batch.group] + i * g.nonzeros();
      for (int o = 0; o < g.output_count(); ++o) {
        Gradient& target = gradient[g.out_at[i] + o];
        const int first = g.local_row_start[nx + o];
        const int last = g.local_row_start[nx + o + 1];
        const auto source = [&](int n) -> const Gradient& {
          return gradient[g.in_at[i * g.input_count() + g.local_column[n] - nx]];
        };
        for (int n = first; n < last; ++n) {
          if (g.local_column[n] < nx)
            target.columns.push_back(g.x_at[i] + g.local_column[n]);
          else
            target.columns.insert(target.columns.end(), source(n).columns.begin(), source(n).columns.end());
        }
        std::sort(target.columns.begin(), target.columns.end());
        target.columns.erase(std::unique(target.columns.begin(), target.columns.end()), target.columns.end());
        target.at = static_cast<int>(gradient_.size());
        gradient_.resize(gradient_.size() + target.columns.size(), 0.0);
        for (int n = first; n < last; ++n) {
          if (g.local_column[n] < nx) {
            signal_operations_.push_back({target.place(g.x_at[i] + g.local_column[n]), local_first + n, -1});
          } else {
            const Gradient& in = source(n);
            for (std::size_t q = 0; q < in.columns.size(); ++q)
              signal_operations_.push_back(
                  {target.place(in.columns[q]), local_first + n, in.at + static_cast<int>(q)});
          }
        }
      }
    }
  }

  // The pattern, then the slots. Both passes walk the same structure through `visit`.
  const auto visit = [&](auto&& rate, auto&& copy, auto&& network, auto&& constant, auto&& differential) {
    for (std::size_t gi = 0; gi < s.groups_.size(); ++gi) {
      const PartGroup& g = *s.groups_[gi];
      const int nx = g.state_count();
      for (int i = 0; i < g.count; ++i) {
        const int local_first = local_at_[gi] + i * g.nonzeros();
        for (int r = 0; r < nx; ++r) {
          const int row = g.x_at[i] + r;
          differential(row);
          for (int n = g.local_row_start[r]; n < g.local_row_start[r + 1]; ++n) {
            if (g.local_column[n] < nx) {
              rate(row, g.x_at[i] + g.local_column[n], local_first + n, -1);
            } else {
              const Gradient& in = gradient[g.in_at[i * g.input_count() + g.local_column[n] - nx]];
              for (std::size_t q = 0; q < in.columns.size(); ++q)
                rate(row, in.columns[q], local_first + n, in.at + static_cast<int>(q));
            }
          }
        }
      }
    }
    const auto copy_gradient = [&](int row, int signal, double factor) {
      const Gradient& g = gradient[signal];
      for (std::size_t q = 0; q < g.columns.size(); ++q)
        copy(row, g.columns[q], g.at + static_cast<int>(q), factor);
    };
    for (int b = 0; b < s.grid.bus_count(); ++b) {
      if (s.frame_of(b) < 0) {
        constant(s.voltage_at(b), s.voltage_at(b), 1.0);
        constant(s.voltage_at(b) + 1, s.voltage_at(b) + 1, 1.0);
        continue;
      }
      for (int n = s.grid.row_start[b]; n < s.grid.row_start[b + 1]; ++n)
        network(n, s.voltage_at(b), s.voltage_at(s.grid.column[n]));
    }
    for (const System::Injection& in : s.injections_) {
      if (s.frame_of(in.bus) < 0) continue;
      copy_gradient(s.voltage_at(in.bus), in.signal_r, -1.0);
      copy_gradient(s.voltage_at(in.bus) + 1, in.signal_i, -1.0);
    }
    for (std::size_t k = 0; k < s.cuts_.size(); ++k) {
      const int row = s.cut_at_ + static_cast<int>(k);
      constant(row, row, 1.0);
      copy_gradient(row, s.cuts_[k].output, -1.0);
    }
    const double omega_base = 2 * std::numbers::pi * s.network().frequency_Hz;
    for (int k = 0; k < s.frame_count_; ++k) {
      constant(s.frame_speed_at(k), s.frame_speed_at(k), 1.0);
      differential(s.frame_angle_at(k));
      constant(s.frame_angle_at(k), s.frame_speed_at(k), -omega_base);
    }
    for (const System::FrameWeight& w : s.frame_weights_)
      copy_gradient(s.frame_speed_at(w.frame), w.signal, -w.weight);
  };

  Pattern pattern(s.size());
  visit([&](int row, int column, int, int) { pattern.add(row, column); },
        [&](int row, int column, int, double) { pattern.add(row, column); },
        [&](int, int row, int column) {
          for (const int i : {0, 1})
            for (const int j : {0, 1}) pattern.add(row + i, column + j);
        },
        [&](int row, int column, double) { pattern.add(row, column); },
        [&](int row) { pattern.add(row, row); });
  pattern.finish(column_start_, row_index_);

  const auto slot = [&](int row, int column) {
    const auto first = row_index_.begin() + column_start_[column];
    const auto last = row_index_.begin() + column_start_[column + 1];
    return static_cast<int>(std::lower_bound(first, last, row) - row_index_.begin());
  };
  visit(
      [&](int row, int column, int a, int b) {
        rate_operations_.push_back({slot(row, column), a, b});
      },
      [&](int row, int column, int from, double factor) {
        copies_.push_back({slot(row, column), from, factor});
      },
      [&](int entry, int row, int column) {
        network_.push_back({entry, slot(row, column), slot(row, column + 1), slot(row + 1, column),
                            slot(row + 1, column + 1)});
      },
      [&](int row, int column, double value) {
        constants_.push_back({slot(row, column), value});
      },
      [&](int row) { differential_slots_.push_back(slot(row, row)); });
  drop_unused(system);
}

/// Gradients that no equation reads are not computed, nor the local derivatives that only they need.
void JacobianPlan::drop_unused(const System& system) {
  std::vector<char> needed(gradient_.size(), 0);
  for (const Copy& c : copies_) needed[c.from] = 1;
  for (const Operation& o : rate_operations_)
    if (o.b >= 0) needed[o.b] = 1;
  // Sources come before what is computed of them.
  for (auto o = signal_operations_.rbegin(); o != signal_operations_.rend(); ++o)
    if (o->b >= 0 && needed[o->target] != 0) needed[o->b] = 1;
  std::erase_if(signal_operations_, [&](const Operation& o) { return needed[o.target] == 0; });

  std::vector<char> read(local_.size(), 0);
  for (const auto* operations : {&signal_operations_, &rate_operations_})
    for (const Operation& o : *operations) read[o.a] = 1;
  wanted_.assign(system.groups_.size(), {});
  for (std::size_t g = 0; g < system.groups_.size(); ++g) {
    const PartGroup& group = *system.groups_[g];
    for (int n = 0; n < group.nonzeros(); ++n)
      for (int i = 0; i < group.count; ++i)
        if (read[local_at_[g] + i * group.nonzeros() + n] != 0) {
          wanted_[g].push_back(n);
          break;
        }
  }
}

void JacobianPlan::compute(System& system, const double* y, double cj, double* values) {
  std::fill_n(values, row_index_.size(), 0.0);
  for (std::size_t g = 0; g < system.groups_.size(); ++g)
    system.groups_[g]->linearise(0, system.groups_[g]->count, wanted_[g], y, system.signals_.data(),
                                 local_.data() + local_at_[g]);
  std::fill(gradient_.begin() + first_computed_, gradient_.end(), 0.0);
  for (const Operation& o : signal_operations_)
    gradient_[o.target] += o.b < 0 ? local_[o.a] : local_[o.a] * gradient_[o.b];
  for (const Operation& o : rate_operations_)
    values[o.target] -= o.b < 0 ? local_[o.a] : local_[o.a] * gradient_[o.b];
  for (const Copy& c : copies_) values[c.slot] += c.factor * gradient_[c.from];
  for (const NetworkEntry& n : network_) {
    const std::complex<double> v = system.grid.value[n.entry];
    values[n.rr] += v.real();
    values[n.ri] -= v.imag();
    values[n.ir] += v.imag();
    values[n.ii] += v.real();
  }
  for (const Constant& c : constants_) values[c.slot] += c.value;
  for (const int d : differential_slots_) values[d] += cj;
}

}  // namespace ballast
