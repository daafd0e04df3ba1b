/// \file
/// The whole system's right-hand side in complex arithmetic, put together from the wiring alone and
/// independent of the evaluation order and the Jacobian plan: the oracle of System::jacobian.
#pragma once

#include <complex>
#include <functional>
#include <numbers>
#include <vector>

#include "models/check_scalars.hpp"
#include "models/model_list.hpp"
#include "solver/system.hpp"

namespace ballast::testing {

/// Evaluates one part's equations in complex arithmetic: x, in -> dxdt, out.
using ComplexPart = std::function<void(const Complex* x, const Complex* in, const int* mode,
                                       const double* held, Complex* dxdt, Complex* out)>;

template <class M>
ComplexPart complex_part(const std::vector<double>& parameters, const Ratings& ratings) {
  const auto derived = M::template derive<double>(parameters.data(), ratings);
  return [derived](const Complex* x, const Complex* in, const int* mode, const double* held, Complex* dxdt,
                   Complex* out) {
    Complex guard[room_for(guards_of<M>())];
    M::equations(x, in, derived, Context<Complex, double>{mode, held, guard}, dxdt, out);
  };
}

template <class... M>
ComplexPart find_complex_part(TypeList<M...>, const std::string& model, const std::vector<double>& parameters,
                              const Ratings& ratings) {
  ComplexPart found;
  ((model == ModelName<M>::value ? void(found = complex_part<M>(parameters, ratings)) : void()), ...);
  return found;
}

class ComplexSystem {
 public:
  explicit ComplexSystem(const System& system) : system_(system) {
    for (const Plant& plant : system.plants())
      for (const Part& part : plant.parts)
        parts_.push_back(
            find_complex_part(AllModels{}, part.model, part.parameters,
                              {part.base_MVA, system.network().base_MVA, system.network().frequency_Hz}));
  }

  /// F(t, y, 0) of the differential rows (-f) and of the balances and frame speeds, in complex arithmetic.
  [[nodiscard]] std::vector<Complex> residual(double t, const std::vector<Complex>& y) const {
    const System& s = system_;
    const int nb = s.grid.bus_count();
    std::vector<Complex> F(y.size());
    std::vector<Complex> signals(s.signals().size());
    for (std::size_t i = 0; i < signals.size(); ++i) signals[i] = s.signals()[i];
    for (int i = 0; i < 2 * nb; ++i) signals[i] = y[s.state_count() + i];
    const int first_frame = static_cast<int>(signals.size()) - s.frame_count();
    for (int k = 0; k < s.frame_count(); ++k) signals[first_frame + k] = y[s.frame_speed_at(k)];
    (void)t;  // time is already among the signals
    // As many passes as parts can wait for each other; each pass overwrites all outputs.
    for (int pass = 0; pass < 6; ++pass)
      for (std::size_t i = 0; i < parts_.size(); ++i) evaluate(i, y, signals, F);
    for (int b = 0; b < nb; ++b) {
      Complex re = 0.0;
      Complex im = 0.0;
      if (s.frame_of(b) < 0) {
        re = y[s.voltage_at(b)];
        im = y[s.voltage_at(b) + 1];
      } else {
        for (int n = s.grid.row_start[b]; n < s.grid.row_start[b + 1]; ++n) {
          const std::complex<double> v = s.grid.value[n];
          const Complex a = y[s.voltage_at(s.grid.column[n])];
          const Complex c = y[s.voltage_at(s.grid.column[n]) + 1];
          re = re + a * v.real() - c * v.imag();
          im = im + a * v.imag() + c * v.real();
        }
      }
      F[s.voltage_at(b)] = re;
      F[s.voltage_at(b) + 1] = im;
    }
    std::vector<double> weight(s.frame_count(), 0.0);
    std::vector<Complex> speed(s.frame_count(), Complex(0.0));
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const int part = static_cast<int>(i);
      const PartRef& r = s.parts()[i];
      const PartGroup& g = s.group(r.group);
      const int bus = s.part_bus(part);
      if (const int at = s.output_signal(part, "Ir"); at >= 0 && s.frame_of(bus) >= 0) {
        F[s.voltage_at(bus)] = F[s.voltage_at(bus)] - signals[at];
        F[s.voltage_at(bus) + 1] = F[s.voltage_at(bus) + 1] - signals[s.output_signal(part, "Ii")];
      }
      if (g.forms_voltage && g.active[r.index] != 0 && s.frame_of(bus) >= 0) {
        const int f = s.frame_of(bus);
        weight[f] += g.inertia(r.index);
        if (std::isfinite(g.inertia(r.index)))
          speed[f] = speed[f] + (signals[s.output_signal(part, "omega")] + 1.0) * g.inertia(r.index);
      }
    }
    const double w0 = 2 * std::numbers::pi * s.network().frequency_Hz;
    for (int k = 0; k < s.frame_count(); ++k) {
      F[s.frame_speed_at(k)] = std::isfinite(weight[k]) ? y[s.frame_speed_at(k)] - speed[k] / weight[k]
                                                        : y[s.frame_speed_at(k)] - 1.0;
      F[s.frame_angle_at(k)] = (y[s.frame_speed_at(k)] - 1.0) * -w0;
    }
    return F;
  }

 private:
  const System& system_;
  std::vector<ComplexPart> parts_;

  void evaluate(std::size_t i, const std::vector<Complex>& y, std::vector<Complex>& signals,
                std::vector<Complex>& F) const {
    const PartRef& r = system_.parts()[i];
    const PartGroup& g = system_.group(r.group);
    std::vector<Complex> in(room_for(g.input_count()));
    std::vector<Complex> out(room_for(g.output_count()));
    std::vector<Complex> dxdt(room_for(g.state_count()));
    for (int k = 0; k < g.input_count(); ++k) in[k] = signals[g.in_at[r.index * g.input_count() + k]];
    parts_[i](y.data() + g.x_at[r.index], in.data(),
              g.mode.data() + static_cast<std::ptrdiff_t>(r.index) * g.modes,
              g.held.data() + static_cast<std::ptrdiff_t>(r.index) * g.held_count, dxdt.data(), out.data());
    for (int k = 0; k < g.output_count(); ++k) signals[g.out_at[r.index] + k] = out[k];
    for (int k = 0; k < g.state_count(); ++k) F[g.x_at[r.index] + k] = -dxdt[k];
  }
};

}  // namespace ballast::testing
