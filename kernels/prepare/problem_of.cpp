#include "kernels/prepare/problem_of.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <Eigen/OrderingMethods>
#include <algorithm>
#include <cmath>
#include <set>

#include "kernels/lane.hpp"

namespace ballast::batch {
namespace {

/// h times the largest eigenvalue that a block may have and stay explicit.
constexpr double kExplicit = 0.5;
/// Steps where none are asked for, cycles of the nominal frequency.
constexpr double kLongest_cycles = 1;
constexpr double kLeast_cycles = 0.5;

/// Elimination order and fill of the bus matrix.
FactorPattern factor_pattern(int buses, const std::vector<Branch>& branches) {
  FactorPattern f;
  Eigen::SparseMatrix<double> matrix(buses, buses);
  std::vector<Eigen::Triplet<double>> entries;
  for (int b = 0; b < buses; ++b) entries.emplace_back(b, b, 1.0);
  for (const Branch& b : branches) {
    entries.emplace_back(b.from, b.to, 1.0);
    entries.emplace_back(b.to, b.from, 1.0);
  }
  matrix.setFromTriplets(entries.begin(), entries.end());
  Eigen::PermutationMatrix<Eigen::Dynamic, Eigen::Dynamic, int> order;
  Eigen::AMDOrdering<int>()(matrix, order);
  f.bus.assign(order.indices().data(), order.indices().data() + buses);
  f.position.resize(buses);
  for (int i = 0; i < buses; ++i) f.position[f.bus[i]] = i;
  // Eliminating k joins all its later neighbours.
  std::vector<std::set<int>> later(buses);
  const auto join = [&](int a, int b) { later[std::min(a, b)].insert(std::max(a, b)); };
  for (const Branch& b : branches)
    if (b.from != b.to) join(f.position[b.from], f.position[b.to]);
  for (int k = 0; k < buses; ++k)
    if (!later[k].empty()) {
      const int parent = *later[k].begin();
      for (const int i : later[k])
        if (i != parent) join(parent, i);
    }
  std::vector<std::vector<int>> row(buses);
  for (int k = 0; k < buses; ++k)
    for (const int i : later[k]) {
      row[k].push_back(i);
      row[i].push_back(k);
    }
  f.row_start.assign(1, 0);
  for (int i = 0; i < buses; ++i) {
    row[i].push_back(i);
    std::sort(row[i].begin(), row[i].end());
    for (const int j : row[i]) {
      if (j == i) f.diagonal.push_back(static_cast<int>(f.column.size()));
      f.column.push_back(j);
    }
    f.row_start.push_back(static_cast<int>(f.column.size()));
  }
  const auto entry = [&](int from, int to) {
    const int i = f.position[from];
    const auto first = f.column.begin() + f.row_start[i];
    const auto last = f.column.begin() + f.row_start[i + 1];
    return static_cast<int>(std::lower_bound(first, last, f.position[to]) - f.column.begin());
  };
  for (const Branch& b : branches)
    f.branch.push_back({entry(b.from, b.from), entry(b.from, b.to), entry(b.to, b.from), entry(b.to, b.to)});
  return f;
}

/// Largest amplification of one step on x' = A x when the stiff matrix covers `states` of it.
double amplification(const Eigen::MatrixXd& A, const std::vector<int>& states, double h) {
  const auto n = A.rows();
  Eigen::MatrixXd M = Eigen::MatrixXd::Identity(n, n);
  for (const int i : states)
    for (const int j : states) M(i, j) -= kGamma * h * A(i, j);
  const Eigen::MatrixXd W = M.inverse();
  const Eigen::MatrixXd k1 = W * A;
  const Eigen::MatrixXd k2 = W * (A * (Eigen::MatrixXd::Identity(n, n) + h * k1) - 2 * k1);
  const Eigen::MatrixXd step = Eigen::MatrixXd::Identity(n, n) + h * (1.5 * k1 + 0.5 * k2);
  return step.eigenvalues().cwiseAbs().maxCoeff();
}

/// Which of a plant's states take part in its fast modes; empty when the explicit method carries all of them.
std::vector<int> fast_states(const Eigen::MatrixXd& A, double h) {
  const Eigen::EigenSolver<Eigen::MatrixXd> modes(A);
  const Eigen::VectorXcd values = modes.eigenvalues();
  std::vector<int> chosen;
  if ((values.cwiseAbs() * h).maxCoeff() <= kExplicit) return chosen;
  const Eigen::MatrixXcd right = modes.eigenvectors();
  const Eigen::MatrixXcd left = right.inverse();
  std::set<int> taking_part;
  if (left.allFinite())
    for (Eigen::Index m = 0; m < values.size(); ++m) {
      if (std::abs(values[m]) * h <= kExplicit) continue;
      for (Eigen::Index i = 0; i < A.rows(); ++i)
        if (std::abs(right(i, m) * left(m, i)) > 0.02) taking_part.insert(static_cast<int>(i));
    }
  chosen.assign(taking_part.begin(), taking_part.end());
  const double natural = std::max(1.0, std::exp(h * values.real().maxCoeff()));
  if (!chosen.empty() && amplification(A, chosen, h) <= natural + 1e-3) return chosen;
  chosen.clear();
  for (Eigen::Index i = 0; i < A.rows(); ++i) chosen.push_back(static_cast<int>(i));
  return chosen;
}

}  // namespace

ProblemBuilder::ProblemBuilder(System& system, const std::vector<double>& y, const ProblemOptions& options)
    : system_(&system), y_(y), options_(options) {
  if (system.has_loops())
    throw Error("", "parts of this case feed each other without delay; the batch does not take such loops",
                "run it with the backend ida");
  Problem& p = problem_;
  const Network& net = system.network();
  p.base_MVA = net.base_MVA;
  p.frequency_Hz = net.frequency_Hz;
  p.start_s = options.start_s;
  p.until_s = options.until_s;
  p.step_s = options.step_s > 0 ? options.step_s : kLongest_cycles / net.frequency_Hz;
  p.least_step_s = options.step_s > 0 ? options.step_s : kLeast_cycles / net.frequency_Hz;
  p.buses = system.grid.bus_count();
  p.states = system.state_count();
  p.plants = static_cast<int>(system.plants().size());
  p.time_signal = system.time_signal();
  p.frame_signal = static_cast<int>(system.signals().size());
  p.signals = p.frame_signal + 1;
  describe_groups();
  describe_network();
  describe_orders();
  find_spans();
  find_weights();
  add_rest(system, y);
}

void ProblemBuilder::describe_groups() {
  Problem& p = problem_;
  for (int g = 0; g < system_->group_count(); ++g) {
    const PartGroup& from = system_->group(g);
    Group group;
    group.model = from.model;
    group.plant.resize(from.count);
    group.device_MVA.resize(from.count);
    group.table_at.assign(1, 0);
    for (const std::span<const double> table : from.table) {
      group.tables.insert(group.tables.end(), table.begin(), table.end());
      group.table_at.push_back(static_cast<int>(group.tables.size()));
    }
    group.x_at = from.x_at;
    group.out_at = from.out_at;
    group.in_at = from.in_at;
    for (int& signal : group.in_at) signal = system_->plain_signal(signal);  // a lane has one frame
    for (int i = 0; i < from.count; ++i)
      for (int k = 0; k < from.input_count(); ++k)
        if (std::string_view(from.inputs[k].name) == "frame_speed")
          group.in_at[i * from.input_count() + k] = p.frame_signal;
    group.parameters.resize(static_cast<std::size_t>(from.count) * from.parameters.size());
    group.mode_first = p.modes;
    group.held_first = p.held;
    group.timer_first = p.timers;
    group.guard_first = p.guards;
    first_timer_.push_back(p.timers);
    p.modes += from.count * from.modes;
    p.held += from.count * from.held_count;
    p.timers += from.count * from.timers;
    p.guards += from.count * from.guards;
    p.groups.push_back(std::move(group));
  }
  for (std::size_t i = 0; i < system_->parts().size(); ++i) {
    const PartRef& r = system_->parts()[i];
    Group& group = p.groups[r.group];
    group.plant[r.index] = r.plant;
    const int first = system_->parts_of(r.plant).first;
    const Part& part = system_->plants()[r.plant].parts[static_cast<int>(i) - first];
    group.device_MVA[r.index] = part.base_MVA;
    std::copy(part.parameters.begin(), part.parameters.end(),
              group.parameters.begin() + static_cast<std::ptrdiff_t>(r.index * part.parameters.size()));
  }
}

void ProblemBuilder::describe_network() {
  Problem& p = problem_;
  const Network& net = system_->network();
  for (const Bus& bus : net.buses) p.in_service.push_back(bus.type != BusType::ISOLATED ? 1 : 0);
  for (std::size_t k = 0; k < net.branches.size(); ++k) {
    const auto& b = net.branches[k];
    batch::Branch branch;
    branch.from = b.from;
    branch.to = b.to;
    branch.closed = system_->grid.branch_closed[k] != 0;
    if (p.in_service[b.from] != 0 && p.in_service[b.to] != 0) {
      const BranchBlock block = branch_block(net, b);
      branch.block = {block.ff.real(), block.ff.imag(), block.ft.real(), block.ft.imag(),
                      block.tf.real(), block.tf.imag(), block.tt.real(), block.tt.imag()};
    }
    p.branches.push_back(branch);
  }
  for (const std::complex<double> y : system_->grid.to_ground()) {
    p.shunt_G.push_back(y.real());
    p.shunt_B.push_back(y.imag());
  }
  p.factor = factor_pattern(p.buses, p.branches);
  std::set<int> buses;
  for (const System::Injection& i : system_->injections()) {
    p.injections.push_back({i.signal_r, i.signal_i, i.bus, system_->parts()[i.part].plant});
    buses.insert(i.bus);
  }
  p.injecting_buses.assign(buses.begin(), buses.end());
}

void ProblemBuilder::find_spans() {
  Problem& p = problem_;
  std::vector<int> giver(p.signals, -1);
  const auto& parts = system_->parts();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const PartGroup& g = system_->group(parts[i].group);
    for (int k = 0; k < g.output_count(); ++k) giver[g.out_at[parts[i].index] + k] = static_cast<int>(i);
  }
  std::vector<std::vector<int>> part_at(p.groups.size());
  for (std::size_t g = 0; g < p.groups.size(); ++g) part_at[g].resize(p.groups[g].count());
  for (std::size_t i = 0; i < parts.size(); ++i)
    part_at[parts[i].group][parts[i].index] = static_cast<int>(i);

  const auto inputs_of = [&](int part, int output, auto&& work) {
    const PartRef& r = parts[part];
    const PartGroup& g = system_->group(r.group);
    for (int k = 0; k < g.input_count(); ++k)
      if ((g.pattern[g.state_count() + output] >> (g.state_count() + k) & 1U) != 0)
        work(p.groups[r.group].in_at[r.index * g.input_count() + k]);
  };
  // Signals that move with voltages at fixed states, in evaluation order.
  std::vector<char> follows(p.signals, 0);
  for (int s = 0; s < 2 * p.buses; ++s) follows[s] = 1;
  for (const System::Batch& b : system_->evaluation_order())
    for (int i = b.first; i < b.last; ++i) {
      const PartGroup& g = system_->group(b.group);
      for (int k = 0; k < g.output_count(); ++k)
        inputs_of(part_at[b.group][i], k, [&](int s) {
          if (follows[s] != 0) follows[g.out_at[i] + k] = 1;
        });
    }
  // Signals that currents need, back from the currents.
  std::vector<char> needed(p.signals, 0);
  std::vector<int> open;
  const auto need = [&](int s) {
    if (needed[s] == 0) open.push_back(s);
    needed[s] = 1;
  };
  std::vector<char> current(p.signals, 0);
  for (const Injection& i : p.injections) {
    current[i.signal_r] = current[i.signal_i] = 1;
    need(i.signal_r);
    need(i.signal_i);
  }
  while (!open.empty()) {
    const int s = open.back();
    open.pop_back();
    if (giver[s] < 0) continue;
    inputs_of(giver[s], s - system_->group(parts[giver[s]].group).out_at[parts[giver[s]].index], need);
  }
  std::vector<char> read(p.signals, 0);
  for (const Group& g : p.groups)
    for (const int s : g.in_at) read[s] = 1;
  const auto append = [](std::vector<Span>& spans, const Span& one) {
    if (!spans.empty() && spans.back().group == one.group && spans.back().last == one.first &&
        spans.back().currents_only == one.currents_only)
      spans.back().last = one.last;
    else
      spans.push_back(one);
  };
  for (const System::Batch& b : system_->evaluation_order()) {
    p.order.push_back({b.group, b.first, b.last, false});
    for (int i = b.first; i < b.last; ++i) {
      const PartGroup& g = system_->group(b.group);
      bool steady = false;  // gives something needed that voltages do not move
      bool moving = false;
      bool more = false;  // that is not a current
      for (int k = 0; k < g.output_count(); ++k) {
        const int s = g.out_at[i] + k;
        if (needed[s] == 0) continue;
        (follows[s] != 0 || current[s] != 0 ? moving : steady) = true;
        more = more || (follows[s] != 0 && current[s] == 0);
      }
      for (int k = 0; k < g.output_count(); ++k)
        if (read[g.out_at[i] + k] != 0) {
          append(p.read, {b.group, i, i + 1, false});
          break;
        }
      if (steady) append(p.before, {b.group, i, i + 1, false});
      if (moving) append(p.network, {b.group, i, i + 1, !more});
    }
  }
}

void ProblemBuilder::find_weights() {
  Problem& p = problem_;
  const auto& parts = system_->parts();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const PartGroup& g = system_->group(parts[i].group);
    if (!g.forms_voltage) continue;
    Weight w;
    w.state = g.x_at[parts[i].index] + g.find_state("omega");
    w.inertia = g.inertia(parts[i].index);
    w.plant = parts[i].plant;
    w.bus = system_->part_bus(static_cast<int>(i));
    p.weights.push_back(w);
  }
}

Rest ProblemBuilder::rest_of(const System& system, const std::vector<double>& y) const {
  Rest rest;
  rest.x.assign(y.begin(), y.begin() + system.state_count());
  rest.signals.assign(system.signals().begin(), system.signals().end());
  rest.signals.resize(problem_.signals);
  std::copy_n(y.begin() + system.voltage_at(0), 2 * problem_.buses, rest.signals.begin());
  rest.signals[problem_.frame_signal] = 1;
  for (int g = 0; g < system.group_count(); ++g) {
    const PartGroup& group = system.group(g);
    rest.mode.insert(rest.mode.end(), group.mode.begin(), group.mode.end());
    rest.held.insert(rest.held.end(), group.held.begin(), group.held.end());
    rest.timer.insert(rest.timer.end(), group.timer.begin(), group.timer.end());
  }
  return rest;
}

void ProblemBuilder::add_rest(System& system, const std::vector<double>& y) {
  std::vector<std::vector<double>> parameters(problem_.groups.size());
  if (system.group_count() != static_cast<int>(problem_.groups.size()) ||
      system.state_count() != problem_.states || system.parts().size() != system_->parts().size())
    throw Error("", "two scenarios of a batch have different parts",
                "vary what the parts are in sweeps of their own");
  for (std::size_t g = 0; g < problem_.groups.size(); ++g) {
    const PartGroup& group = system.group(static_cast<int>(g));
    std::vector<double> tables;
    for (const std::span<const double> table : group.table)
      tables.insert(tables.end(), table.begin(), table.end());
    if (tables != problem_.groups[g].tables)
      throw Error("", fmt::format("two scenarios of a batch have different tables of {}", group.model),
                  "vary the files of measured curves in sweeps of their own");
    if (group.model != problem_.groups[g].model || group.out_at != problem_.groups[g].out_at)
      throw Error("", "two scenarios of a batch are wired differently",
                  "vary what the parts are in sweeps of their own");
    parameters[g].resize(problem_.groups[g].parameters.size());
  }
  for (std::size_t i = 0; i < system.parts().size(); ++i) {
    const PartRef& r = system.parts()[i];
    const Part& part = system.plants()[r.plant].parts[static_cast<int>(i) - system.parts_of(r.plant).first];
    std::copy(part.parameters.begin(), part.parameters.end(),
              parameters[r.group].begin() + static_cast<std::ptrdiff_t>(r.index * part.parameters.size()));
  }
  parameters_.push_back(std::move(parameters));
  problem_.rests.push_back(rest_of(system, y));
  system_ = &system;
  y_ = y;
}

void ProblemBuilder::add(const std::vector<Disturbance>& disturbances) {
  refuse_operated(disturbances);
  Unrolled unrolled = unroll(*system_, y_, disturbances, options_.start_s, first_timer_);
  problem_.scenarios.push_back({static_cast<int>(problem_.rests.size()) - 1, 0, 0, unrolled.faults});
  actions_.push_back(std::move(unrolled.actions));
  told_.push_back(std::move(unrolled.told));
}

void ProblemBuilder::find_stiff_blocks() {
  Problem& p = problem_;
  std::vector<std::vector<int>> states(p.plants);
  for (std::size_t g = 0; g < p.groups.size(); ++g) {
    const int width = system_->group(static_cast<int>(g)).state_count();
    for (int i = 0; i < p.groups[g].count(); ++i)
      for (int k = 0; k < width; ++k) states[p.groups[g].plant[i]].push_back(p.groups[g].x_at[i] + k);
  }
  const Evaluator evaluator(p);
  const Options no_options;
  LaneKeeper keeper(evaluator, no_options);
  Lane lane;
  Store<double> store = evaluator.make_store<double>();
  auto scratch = evaluator.make_scratch<double>();
  const bool resting = !p.scenarios.empty() && keeper.start(0, lane, store);
  if (!resting) return;
  std::vector<StiffBlock> found;
  int entries = 0;
  for (int plant = 0; plant < p.plants; ++plant) {
    if (states[plant].empty()) continue;
    const int bus = system_->plants()[plant].bus;
    const std::vector<double> jacobian = evaluator.stiff_jacobian(states[plant], bus, store, scratch);
    const auto n = static_cast<Eigen::Index>(states[plant].size());
    const Eigen::MatrixXd A =
        Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
            jacobian.data(), n, n);
    StiffBlock block;
    block.bus = bus;
    for (const int i : fast_states(A, p.step_s)) block.states.push_back(states[plant][i]);
    if (block.states.empty()) continue;
    block.matrix_at = entries;
    entries += static_cast<int>(block.states.size() * block.states.size());
    found.push_back(std::move(block));
  }
  p.stiff = std::move(found);
  p.stiff_entries = entries;
}

Problem ProblemBuilder::finish() {
  Problem& p = problem_;
  // Parameters that differ between rests belong to the lane.
  for (std::size_t g = 0; g < p.groups.size(); ++g) {
    p.groups[g].parameters = parameters_.front()[g];
    const std::size_t width = p.groups[g].parameters.size() / std::max(1, p.groups[g].count());
    for (int i = 0; i < p.groups[g].count(); ++i) {
      const auto differs = [&](const std::vector<std::vector<double>>& other) {
        const auto first = static_cast<std::ptrdiff_t>(i * width);
        return !std::equal(other[g].begin() + first,
                           other[g].begin() + first + static_cast<std::ptrdiff_t>(width),
                           p.groups[g].parameters.begin() + first);
      };
      if (std::any_of(parameters_.begin(), parameters_.end(), differs))
        p.own_parts.push_back({static_cast<int>(g), i});
    }
  }
  for (std::size_t r = 0; r < p.rests.size(); ++r)
    for (const auto& [g, i] : p.own_parts) {
      const std::size_t width = p.groups[g].parameters.size() / p.groups[g].count();
      const double* from = parameters_[r][g].data() + i * width;
      p.rests[r].parameters.insert(p.rests[r].parameters.end(), from, from + width);
    }
  find_stiff_blocks();  // before any scenario has actions: what is stiff is a property of the rest
  // Signals on ramps have a place each.
  std::set<int> ramped;
  for (const auto& list : actions_)
    for (const Action& a : list)
      if (a.kind == Action::RAMP) ramped.insert(a.index);
  p.ramped.assign(ramped.begin(), ramped.end());
  for (std::size_t s = 0; s < actions_.size(); ++s) {
    p.scenarios[s].first_action = static_cast<int>(p.actions.size());
    for (Action a : actions_[s]) {
      if ((a.kind == Action::RAMP || a.kind == Action::SIGNAL) && ramped.contains(a.index)) {
        if (a.kind == Action::SIGNAL) a.value = {a.value[0], a.value[0], 0};
        a.kind = Action::RAMP;
        a.index =
            static_cast<int>(std::lower_bound(p.ramped.begin(), p.ramped.end(), a.index) - p.ramped.begin());
      }
      p.actions.push_back(a);
    }
    p.scenarios[s].last_action = static_cast<int>(p.actions.size());
  }
  return std::move(problem_);
}

}  // namespace ballast::batch
