#include "kernels/standalone/small_problem.hpp"

#include <algorithm>
#include <complex>
#include <functional>
#include <map>
#include <stdexcept>

#include "models/datacenter/training_load.hpp"
#include "models/datacenter/ups.hpp"
#include "models/exciters/sexs.hpp"
#include "models/governors/tgov1.hpp"
#include "models/loads/zip_load.hpp"
#include "models/machines/gencls.hpp"
#include "models/machines/genrou.hpp"

namespace ballast::batch {
namespace {

using Complex = std::complex<double>;

/// A part of a plant, its model's sizes and its way to rest.
struct Part {
  std::string model;
  int plant, bus;
  double MVA;
  std::vector<double> parameters;
  std::vector<std::string> inputs, outputs;
  int states, modes, held, timers, guards;
  std::function<Outcome(ballast::Rest&, const std::vector<double>&, double*)> initialise;
  int index = 0, x_at = 0, out_at = 0;  ///< index: in its group
  std::vector<int> in_at = {};
};

template <class M>
Part part(int plant, int bus, double MVA, const std::vector<double>& parameters) {
  if (static_cast<int>(parameters.size()) != parameters_of<M>())
    throw std::logic_error(std::string(ModelName<M>::value) + ": another number of parameters");
  Part p{ModelName<M>::value,
         plant,
         bus,
         MVA,
         parameters,
         {},
         {},
         static_cast<int>(M::kStates),
         modes_of<M>(),
         held_of<M>(),
         timers_of<M>(),
         guards_of<M>(),
         [MVA](ballast::Rest& rest, const std::vector<double>& own, double* x) {
           const auto derived = M::template derive<double>(own.data(), {MVA, 100, 60});
           const Outcome outcome = M::initialise(rest, derived, x);
           double dxdt[room_for(static_cast<int>(M::kStates))];
           double guard[room_for(guards_of<M>())];
           M::equations(x, rest.in.data(), derived,
                        Context<double, double>{rest.mode.data(), rest.held.data(), guard}, dxdt,
                        rest.out.data());
           return outcome;
         }};
  for (const InputInfo& i : M::inputs) p.inputs.emplace_back(i.name);
  for (const OutputInfo& o : M::outputs) p.outputs.emplace_back(o.name);
  return p;
}

/// Fill of eliminating the buses in their order.
FactorPattern factor_of(int buses, const std::vector<Branch>& branches) {
  std::vector<std::vector<char>> there(buses, std::vector<char>(buses, 0));
  for (int i = 0; i < buses; ++i) there[i][i] = 1;
  for (const Branch& b : branches) there[b.from][b.to] = there[b.to][b.from] = 1;
  for (int k = 0; k < buses; ++k)
    for (int i = k + 1; i < buses; ++i)
      for (int j = k + 1; j < buses; ++j)
        if (there[i][k] != 0 && there[k][j] != 0) there[i][j] = 1;
  FactorPattern f;
  std::vector<std::vector<int>> entry(buses, std::vector<int>(buses, -1));
  f.row_start.push_back(0);
  for (int i = 0; i < buses; ++i) {
    f.bus.push_back(i);
    f.position.push_back(i);
    for (int j = 0; j < buses; ++j) {
      if (there[i][j] == 0) continue;
      if (j == i) f.diagonal.push_back(static_cast<int>(f.column.size()));
      entry[i][j] = static_cast<int>(f.column.size());
      f.column.push_back(j);
    }
    f.row_start.push_back(static_cast<int>(f.column.size()));
  }
  for (const Branch& b : branches)
    f.branch.push_back({entry[b.from][b.from], entry[b.from][b.to], entry[b.to][b.from], entry[b.to][b.to]});
  return f;
}

constexpr int kCampusBus = 3;
const Complex kVoltage[] = {{1.02, 0.08},  {1.01, 0.05},   {0.99, 0},
                            {0.98, -0.03}, {0.985, -0.04}, {0.985, -0.04}};

class Builder {
 public:
  Builder() {
    const double kNone = kInfinity;
    add(part<Gencls>(0, 0, 300, {4, 2, 0, 0.25}));
    add(part<Genrou>(1, 1, 200, {8, 0.03, 0.4, 0.05, 4, 0, 1.8, 1.7, 0.3, 0.55, 0.25, 0.2, 0.05, 0.3, 0}));
    add(part<Sexs>(1, 1, 200, {0.1, 10, 100, 0.05, -4, 5}));
    add(part<Tgov1>(1, 1, 200, {0.05, 0.5, 1, 0, 2, 7, 0}));
    add(part<TrainingLoad>(2, kCampusBus, 60, {0.3, 0.7, 1,   0.5, 0,     0,  0.5,   0.02, 0.02, 0.05,  7,
                                               0.6, 0.1, 0.2, 0.2, kNone, 1,  kNone, 10,   0.3,  kNone, 0,
                                               0.5, 600, 0,   1,   kNone, 60, 0.45,  0,    1,    0.45}));
    add(part<Ups>(2, kCampusBus, 60, ups_));
    add(part<ZipLoad>(3, 4, 100, {10, 5, 10, 0, 20, 5, 0.7}));
    p.buses = 6;
    p.plants = 4;
    for (const auto& [from, to] : {std::pair(0, 2), {1, 2}, {2, 3}, {2, 4}, {3, 4}, {4, 5}}) {
      Branch b;
      b.from = from;
      b.to = to;
      p.branches.push_back(b);
    }
    p.in_service.assign(p.buses, 1);
    p.factor = factor_of(p.buses, p.branches);
    place();
    wire();
    describe();
  }

  Problem finish(int scenarios, double until_s) {
    p.until_s = until_s;
    p.step_s = 1.0 / 120;
    p.least_step_s = 1.0 / 480;
    p.rests.push_back(rest_with(ups_));
    std::vector<double> two_dips = ups_;
    two_dips[13] = 2;
    two_dips[17] = 0.15;  // s: the battery runs empty within a step
    p.rests.push_back(rest_with(two_dips));
    p.own_parts.push_back({group_of(ModelName<Ups>::value), 0});
    p.rests[0].parameters = ups_;
    p.rests[1].parameters = two_dips;
    for (Rest& rest : p.rests) rest.device_MVA = {60};
    for (int s = 0; s < scenarios; ++s) add_scenario(s);
    return p;
  }

 private:
  Problem p;
  std::vector<Part> parts_;
  const std::vector<double> ups_ = [] {
    std::vector<double> settings = {0.95,      0.98, 1.25, 0.88, 1.1,   0.02,     0.6, 0.004,
                                    0.2,       0.05, 0.3,  0.88, 0.005, 0,        10,  0.05,
                                    kInfinity, 60,   0.1,  0.1,  0.95,  kInfinity};
    settings.insert(settings.end(), std::begin(Ups::kPlain), std::end(Ups::kPlain));
    return settings;
  }();

  void add(Part part) { parts_.push_back(std::move(part)); }
  int group_of(const std::string& model) const {
    for (std::size_t g = 0; g < p.groups.size(); ++g)
      if (p.groups[g].model == model) return static_cast<int>(g);
    return -1;
  }
  int signal_of(const std::string& model, const std::string& input) const {
    for (const Part& part : parts_)
      for (std::size_t k = 0; k < part.inputs.size(); ++k)
        if (part.model == model && part.inputs[k] == input) return part.in_at[k];
    throw std::logic_error("no input " + input + " of " + model);
  }

  /// Every model here has one part, so that group and part have one number.
  void place() {
    p.time_signal = 2 * p.buses;
    p.signals = p.time_signal + 1;
    for (Part& part : parts_) {
      part.x_at = p.states;
      part.out_at = p.signals;
      p.states += part.states;
      p.signals += static_cast<int>(part.outputs.size());
    }
    p.frame_signal = p.signals++;
  }
  void wire() {
    for (Part& part : parts_)
      for (const std::string& name : part.inputs) {
        int at = -1;
        if (name == "Vr") at = 2 * part.bus;
        if (name == "Vi") at = 2 * part.bus + 1;
        if (name == "time") at = p.time_signal;
        if (name == "frame_speed") at = p.frame_signal;
        for (const Part& other : parts_)
          for (std::size_t k = 0; k < other.outputs.size(); ++k)
            if (other.plant == part.plant && other.outputs[k] == name)
              at = other.out_at + static_cast<int>(k);
        part.in_at.push_back(at >= 0 ? at : p.signals++);
      }
  }
  void describe() {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const Part& part = parts_[i];
      Group g;
      g.model = part.model;
      g.plant = {part.plant};
      g.x_at = {part.x_at};
      g.out_at = {part.out_at};
      g.in_at = part.in_at;
      g.parameters = part.parameters;
      g.device_MVA = {part.MVA};
      g.table_at = {0, 0};
      g.mode_first = p.modes;
      g.held_first = p.held;
      g.timer_first = p.timers;
      g.guard_first = p.guards;
      p.modes += part.modes;
      p.held += part.held;
      p.timers += part.timers;
      p.guards += part.guards;
      p.groups.push_back(std::move(g));
      const Span span{static_cast<int>(i), 0, 1, false};
      p.order.push_back(span);
      p.read.push_back(span);
      if (part.outputs.front() == "Ir") {
        p.network.push_back({static_cast<int>(i), 0, 1, true});
        p.injections.push_back({part.out_at, part.out_at + 1, part.bus, part.plant});
        p.injecting_buses.push_back(part.bus);
      } else {
        p.before.push_back(span);
      }
    }
    std::sort(p.injecting_buses.begin(), p.injecting_buses.end());
    p.weights.push_back({parts_[0].x_at + Gencls::OMEGA, 0, 0});
    p.weights.push_back({parts_[1].x_at + Genrou::OMEGA, 1, 1});
    p.stiff.push_back({1, {parts_[2].x_at, parts_[2].x_at + 1}, 0});
    p.stiff_entries = 4;
  }

  /// Every voltage is as wanted: machines give what flows, elsewhere a shunt makes up the balance.
  Rest rest_with(const std::vector<double>& ups) {
    Rest rest;
    rest.x.assign(p.states, 0.0);
    rest.signals.assign(p.signals, kUnknown);
    rest.mode.assign(p.modes, 0);
    rest.held.assign(p.held, 0.0);
    rest.timer.assign(p.timers, kNever);
    rest.shunt_G.assign(p.buses, 0.0);
    rest.shunt_B.assign(p.buses, 0.0);
    rest.inertia = {4 * 3.0, 4 * 2.0};
    const Complex line = 1.0 / Complex(0.005, 0.06);
    const Block y = {line.real(),  line.imag() + 0.01, -line.real(), -line.imag(),
                     -line.real(), -line.imag(),       line.real(),  line.imag() + 0.01};
    rest.block.assign(p.branches.size(), y);
    std::vector<Complex> flow(p.buses);
    for (const Branch& b : p.branches) {
      flow[b.from] += Complex(y[0], y[1]) * kVoltage[b.from] + Complex(y[2], y[3]) * kVoltage[b.to];
      flow[b.to] += Complex(y[4], y[5]) * kVoltage[b.from] + Complex(y[6], y[7]) * kVoltage[b.to];
    }
    std::vector<double>& s = rest.signals;
    for (int b = 0; b < p.buses; ++b) {
      s[2 * b] = kVoltage[b].real();
      s[2 * b + 1] = kVoltage[b].imag();
    }
    s[p.time_signal] = 0;
    s[p.frame_signal] = 1;
    for (const Part& part : parts_)
      if (part.plant < 2 && part.outputs.front() == "Ir") {
        s[part.out_at] = flow[part.bus].real();
        s[part.out_at + 1] = flow[part.bus].imag();
      }
    std::vector<Complex> drawn(p.buses);
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const Part& part = parts_[i];
      const Group& g = p.groups[i];
      std::vector<double> in;
      for (const int at : part.in_at) in.push_back(s[at]);
      std::vector<double> out(s.begin() + part.out_at,
                              s.begin() + part.out_at + static_cast<std::ptrdiff_t>(part.outputs.size()));
      ballast::Rest own{in,
                        out,
                        {rest.mode.data() + g.mode_first, static_cast<std::size_t>(part.modes)},
                        {rest.held.data() + g.held_first, static_cast<std::size_t>(part.held)},
                        {rest.timer.data() + g.timer_first, static_cast<std::size_t>(part.timers)}};
      const Outcome o = part.initialise(own, part.model == ModelName<Ups>::value ? ups : part.parameters,
                                        rest.x.data() + part.x_at);
      if (!o.ok()) throw std::logic_error(part.model + " cannot rest: " + o.quantity);
      for (std::size_t k = 0; k < in.size(); ++k) s[part.in_at[k]] = in[k];
      std::copy(out.begin(), out.end(), s.begin() + part.out_at);
      if (part.outputs.front() == "Ir") drawn[part.bus] += Complex(out[0], out[1]);
    }
    for (int b = 2; b < p.buses; ++b) {
      const Complex missing = (drawn[b] - flow[b]) / kVoltage[b];
      rest.shunt_G[b] = missing.real();
      rest.shunt_B[b] = missing.imag();
    }
    return rest;
  }

  void act(double t, int kind, int index, int flag, const Block& value) {
    p.actions.push_back({t, kind, index, flag, value, -1, 0, -1});
  }
  void fault(double t, int bus, double seconds, double B) {
    act(t, Action::BUS_SHUNT, bus, 0, shunt(bus, B));
    act(t + seconds, Action::BUS_SHUNT, bus, 0, shunt(bus));
  }
  /// Alike in all rests.
  [[nodiscard]] Block shunt(int bus, double B = 0) const {
    return {p.rests[0].shunt_G[bus], p.rests[0].shunt_B[bus] + B};
  }
  void add_scenario(int i) {
    Scenario s;
    s.rest = i % 2;
    s.first_action = static_cast<int>(p.actions.size());
    const double shift = 0.0007 * (i % 50);
    if (i % 8 != 7) fault(0.1 + shift, i % 3 == 0 ? kCampusBus : 2, 0.05 + shift, i % 5 == 0 ? -50 : -8);
    if (i % 4 == 1) act(0.3, Action::BRANCH, 5, 0, Block{});  // the stub goes dead
    if (i % 4 == 2) act(0.35 + shift, Action::SIGNAL, signal_of("TGOV1", "Pref"), 0, {0.04});
    if (i % 4 == 3) {
      p.ramped = {signal_of(ModelName<ZipLoad>::value, "P_factor")};
      act(0.4, Action::RAMP, 0, 0, {1, 1.5, 0.2});
    }
    if (i % 8 == 3) {  // one that is sized when it strikes
      act(0.55 + shift, Action::BUS_SHUNT, kCampusBus, 0, shunt(kCampusBus));
      p.actions.back().fault = 0;
      p.actions.back().residual = 0.5;
      s.faults = 1;
      act(0.63 + shift, Action::BUS_SHUNT, kCampusBus, 0, shunt(kCampusBus));
    } else if (i % 8 != 7) {
      fault(0.55 + shift, kCampusBus, 0.08, -12);
    }
    if (i % 8 == 5) act(0.8, Action::PLANT, 0, 0, {});
    s.last_action = static_cast<int>(p.actions.size());
    p.scenarios.push_back(s);
  }
};

}  // namespace

Problem small_problem(int scenarios, double until_s) { return Builder().finish(scenarios, until_s); }

}  // namespace ballast::batch
