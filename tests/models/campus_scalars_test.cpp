/// The data-center, storage and measurement models under every scalar type, at random states in every mode.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <random>

#include "models/check_scalars.hpp"
#include "models/datacenter/inference_load.hpp"
#include "models/datacenter/training_load.hpp"
#include "models/datacenter/ups.hpp"
#include "models/measurement/bus_frequency.hpp"
#include "models/pack.hpp"
#include "models/storage/bess.hpp"

namespace ballast::test {
namespace {

/// What a model needs to be evaluated at random: parameters, and the ranges of its numbers.
template <class M>
struct Sample;

template <>
struct Sample<TrainingLoad> {
  std::vector<double> parameters{1,   0.7, 1,   0.5,    0.2, 0.1,    0.3, 0.001, 0.001,  0.05, 1,   0.2,
                                 1.0, 5,   0.2, kNever, 0.5, kNever, 20,  0.25,  kNever, 0,    0.5, 60};
  std::vector<Range> x{}, in{{0, 100}};
  std::vector<Range> modes{{0, 5}, {0, 2}, {0, 1}};
  std::vector<Range> held = std::vector<Range>(TrainingLoad::kHeld, Range{-2, 2});
};
template <>
struct Sample<InferenceLoad> {
  std::vector<double> parameters{0.6, 0.04, 20, 2, 1, 11, 5, 0.05, 120, 30};
  std::vector<Range> x{}, in{{0, 100}};
  std::vector<Range> modes{{0, 1}};
  std::vector<Range> held = std::vector<Range>(InferenceLoad::kHeld, Range{-2, 2});
};
template <>
struct Sample<Ups> {
  std::vector<double> parameters{0.96, 0.98, 1.2, 0.85, 1.1, 0.02,   0.6, 0.01, 10,   3,    10,
                                 0.9,  0.01, 3,   60,   0,   kNever, 300, 0.1,  0.05, 0.95, kNever};
  std::vector<Range> x{{-1, 301}}, in{{-1.2, 1.2}, {-1.2, 1.2}, {0, 1.2}, {0, 100}};
  std::vector<Range> modes{{-1, 1}, {-1, 1}, {0, 6}, {-1, 1}, {0, 1}, {0, 2}, {0, 1}};
  std::vector<Range> held = std::vector<Range>(Ups::kHeld, Range{0, 1});
};
template <>
struct Sample<Bess> {
  std::vector<double> parameters{2,    1, 1.1, 0,   0.02, 0.02, 0.02, 0.2, 0.05, 20,   0.0006, 2,
                                 0.02, 1, 60,  0.1, 0.5,  0.5,  0.1,  0.9, 0.05, 0.95, 0.93};
  std::vector<Range> x{{0, 1.2}, {0, 2}, {-1.1, 1.1}, {-1.1, 1.1}, {0.05, 0.95}};
  std::vector<Range> in{{-1.2, 1.2}, {-1.2, 1.2}, {0.95, 1.05}, {0, 300}, {-1, 1}, {-1, 1}, {0.9, 1.1}};
  std::vector<Range> modes{{-1, 1}, {-1, 1}, {-1, 1}, {-1, 1}, {-1, 1}, {-1, 1}, {-1, 1}, {0, 1}};
  std::vector<Range> held{};
};
template <>
struct Sample<BusFrequency> {
  std::vector<double> parameters{0.02, 0.05, 0.5, 0.2, 0.02};
  std::vector<Range> x{{-100, 100}, {0.95, 1.05}, {0.95, 1.05}}, in{{-1.2, 1.2}, {-1.2, 1.2}, {0.95, 1.05}};
  std::vector<Range> modes{{0, 1}};
  std::vector<Range> held{};
};

template <class M>
class CampusScalars : public ::testing::Test {
 public:
  static constexpr int kX = int{M::kStates};
  static constexpr int kIn = int{M::kInputs};
  static constexpr int kOut = int{M::kOutputs};
  static constexpr int kGuard = guards_of<M>();
  static constexpr int kMode = modes_of<M>();
  static constexpr int kHeld = held_of<M>();
  static constexpr int kRows = kX + kOut + kGuard;

  Sample<M> sample;
  std::mt19937 random{20240710};  // printed with a failure
  double z[room_for(kX + kIn)];   ///< x, then in
  int mode[room_for(kMode)];
  double held[room_for(kHeld)];

  void draw(int trial) {
    const auto uniform = [&](Range r) { return std::uniform_real_distribution(r.low, r.high)(random); };
    for (int i = 0; i < kX; ++i) z[i] = uniform(sample.x[i]);
    for (int i = 0; i < kIn; ++i) z[kX + i] = uniform(sample.in[i]);
    for (int i = 0; i < kMode; ++i)
      mode[i] = std::uniform_int_distribution(static_cast<int>(sample.modes[i].low),
                                              static_cast<int>(sample.modes[i].high))(random);
    for (int i = 0; i < kHeld; ++i) held[i] = uniform(sample.held[i]);
    if constexpr (requires { M::VR; }) {  // dead and nearly dead buses, also with a device that rests
      if (trial % 5 == 0) z[kX + M::VR] = z[kX + M::VI] = 0;
      if (trial % 5 == 1) z[kX + M::VR] = 0.01, z[kX + M::VI] = 0;
    }
  }
  /// dxdt, out and guards in one row of T.
  template <class T, class P>
  void evaluate(const T* variables, const typename M::template Derived<P>& derived, const Mode<T>* modes,
                const P* numbers, T* row) {
    M::equations(variables, variables + kX, derived, Context<T, P>{modes, numbers, row + kX + kOut}, row,
                 row + kX);
  }
};
using CampusModels = ::testing::Types<TrainingLoad, InferenceLoad, Ups, Bess, BusFrequency>;
TYPED_TEST_SUITE(CampusScalars, CampusModels);

constexpr Ratings kRatings{150, 100, 60};

TYPED_TEST(CampusScalars, DualEqualsComplexStepAndPatternCoversIt) {
  using M = TypeParam;
  using F = CampusScalars<M>;
  constexpr int kN = F::kX + F::kIn;
  using D = Dual<kN>;
  const auto derived = M::template derive<double>(this->sample.parameters.data(), kRatings);
  Pattern seeds[kN];
  Pattern pattern[F::kRows];
  Mode<Pattern> any[room_for(F::kMode)] = {};
  double zero[room_for(F::kHeld)] = {};
  for (int i = 0; i < kN; ++i) seeds[i] = Pattern::seed(i);
  this->template evaluate<Pattern, double>(seeds, derived, any, zero, pattern);
  double worst = 0;
  for (int trial = 0; trial < 500; ++trial) {
    this->draw(trial);
    D dual[kN];
    D dual_row[F::kRows];
    for (int i = 0; i < kN; ++i) dual[i] = D::seed(this->z[i], i);
    this->template evaluate<D, double>(dual, derived, this->mode, this->held, dual_row);
    for (int i = 0; i < kN; ++i) {
      constexpr double h = 1e-30;
      Complex complex[kN];
      Complex row[F::kRows];
      for (int k = 0; k < kN; ++k) complex[k] = Complex(this->z[k], k == i ? h : 0);
      this->template evaluate<Complex, double>(complex, derived, this->mode, this->held, row);
      for (int r = 0; r < F::kRows; ++r) {
        const double exact = row[r].im / h;
        const double found = dual_row[r].d[i];
        ASSERT_TRUE(std::isfinite(found)) << "row " << r << ", variable " << i << ", trial " << trial;
        const double error = std::abs(found - exact) / std::max(1e-6, std::abs(exact));
        worst = std::max(worst, error);
        ASSERT_LT(error, 1e-6) << "row " << r << ", variable " << i << ", trial " << trial << ": " << found
                               << " against " << exact;
        if (found != 0) {
          ASSERT_TRUE(pattern[r].depends_on(i)) << "row " << r << ", variable " << i;
        }
      }
    }
  }
  std::printf("%s: largest relative difference %.1e (tolerance 1e-6)\n", ModelName<M>::value, worst);
}

TYPED_TEST(CampusScalars, PackEqualsDoubleBitForBit) {
  using M = TypeParam;
  using F = CampusScalars<M>;
  using P4 = Pack<4>;
  constexpr int kN = F::kX + F::kIn;
  const auto derived = M::template derive<double>(this->sample.parameters.data(), kRatings);
  std::vector<P4> packed_parameters(this->sample.parameters.begin(), this->sample.parameters.end());
  const auto packed_derived = M::template derive<P4>(packed_parameters.data(), kRatings);
  for (int trial = 0; trial < 500; trial += 4) {
    P4 variables[kN];
    P4 numbers[room_for(F::kHeld)];
    Mode<P4> modes[room_for(F::kMode)];
    P4 row[F::kRows];
    double wanted[4][F::kRows];
    for (int lane = 0; lane < 4; ++lane) {
      this->draw(trial + lane);
      this->template evaluate<double, double>(this->z, derived, this->mode, this->held, wanted[lane]);
      for (int i = 0; i < kN; ++i) variables[i].set(lane, this->z[i]);
      for (int i = 0; i < F::kHeld; ++i) numbers[i].set(lane, this->held[i]);
      for (int i = 0; i < F::kMode; ++i) modes[i].set(lane, this->mode[i]);
    }
    this->template evaluate<P4, P4>(variables, packed_derived, modes, numbers, row);
    for (int lane = 0; lane < 4; ++lane)
      for (int r = 0; r < F::kRows; ++r)
        ASSERT_EQ(detail::bits(row[r][lane]), detail::bits(wanted[lane][r]))
            << "row " << r << ", lane " << lane << ", trial " << trial;
  }
}

}  // namespace
}  // namespace ballast::test
