/// The conformance battery: claims that every model of the model list has to meet. A new model is tested here
/// as soon as it has its row in reference_*.hpp. Compiled in parts, each with every
/// BALLAST_CONFORMANCE_PARTS-th model.
#include "tests/models/conformance.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <type_traits>

#include "models/check_parameters.hpp"
#include "models/registry.hpp"

namespace ballast::test {
namespace {

constexpr unsigned kSeed = 20240710;
constexpr int kStatesPerFamily = 100;

template <class Chosen, class List>
struct ModelsOfThisPart;
template <class... Chosen>
struct ModelsOfThisPart<::testing::Types<Chosen...>, TypeList<>> {
  using type = ::testing::Types<Chosen...>;
};
template <class... Chosen, class M, class... Rest>
struct ModelsOfThisPart<::testing::Types<Chosen...>, TypeList<M, Rest...>> {
  static constexpr bool kHere = sizeof...(Rest) % BALLAST_CONFORMANCE_PARTS == BALLAST_CONFORMANCE_PART;
  using type = typename ModelsOfThisPart<
      std::conditional_t<kHere, ::testing::Types<Chosen..., M>, ::testing::Types<Chosen...>>,
      TypeList<Rest...>>::type;
};
struct RecordName {
  template <class M>
  static std::string GetName(int) {
    return ModelName<M>::value;
  }
};

template <class M>
class EveryModel : public ::testing::Test {
 public:
  ReferenceRow reference = reference_row<M>();
  std::vector<std::vector<double>> parameter_sets{reference.parameters};  ///< typical, then the alternatives

  void SetUp() override {
    using C = Conformance<M>;
    ASSERT_EQ(reference.parameters.size(), std::size(M::parameters)) << "reference row: typical parameters";
    ASSERT_EQ(reference.x.size(), C::kX) << "reference row: one range per state";
    ASSERT_EQ(reference.in.size(), C::kIn) << "reference row: one range per input";
    ASSERT_EQ(reference.held.size(), C::kHeld) << "reference row: one range per held number";
    ASSERT_EQ(reference.modes.size(), C::kMode - C::kLimit)
        << "reference row: one range per mode beyond the limits";
    ASSERT_GE(reference.rests.size(), 2U) << "reference row: several operating points";
    for (const Numbers& changes : reference.alternatives)
      parameter_sets.push_back(C::changed(reference.parameters, changes));
  }
};
using Models = ModelsOfThisPart<::testing::Types<>, AllModels>::type;
TYPED_TEST_SUITE(EveryModel, Models, RecordName);

TYPED_TEST(EveryModel, RestsAtItsOperatingPoints) {
  using M = TypeParam;
  using C = Conformance<M>;
  for (std::size_t set = 0; set < this->parameter_sets.size(); ++set)
    for (const OperatingPoint& point : this->reference.rests) {
      SCOPED_TRACE(fmt::format("{}, parameter set {}", point.name, set));
      typename C::Device device{C::derive(this->parameter_sets[set], this->reference.ratings)};
      const Outcome outcome = C::rest(device, point, this->reference.table);
      ASSERT_TRUE(outcome.ok()) << outcome.quantity << " = " << outcome.value << " outside " << outcome.low
                                << ".." << outcome.high;
      for (int i = 0; i < C::kIn; ++i)
        ASSERT_TRUE(std::isfinite(device.in[i])) << "input " << M::inputs[i].name << " left unknown";
      const std::vector<double> promised = device.out;
      device.evaluate();
      double fastest = 0;
      double farthest = 0;
      for (int i = 0; i < C::kX; ++i) {
        if (std::find(point.moving.begin(), point.moving.end(), i) != point.moving.end()) continue;
        fastest = std::max(fastest, std::abs(device.rate[i]));
        EXPECT_LT(std::abs(device.rate[i]), 1e-9) << C::row_name(i);
      }
      for (const auto& [i, wanted] : point.out) {
        farthest = std::max(farthest, std::abs(device.out[i] - wanted));
        EXPECT_NEAR(device.out[i], wanted, 1e-9) << M::outputs[i].name;
      }
      for (int i = 0; i < C::kOut; ++i) {  // what initialise() told its neighbours
        if (!std::isnan(promised[i])) {
          EXPECT_NEAR(device.out[i], promised[i], 1e-9) << M::outputs[i].name;
        }
      }
      for (int g = 0; g < C::kGuard; ++g)
        EXPECT_LE(device.guard[g], 1e-9) << "guard " << g << " fires at rest";
      if (set == 0)
        std::printf("%s, %s: |dx/dt| %.1e, outputs within %.1e (tolerance 1e-9)\n", ModelName<M>::value,
                    point.name, fastest, farthest);
    }
}

TYPED_TEST(EveryModel, RefusesPointsItCannotRestAt) {
  using M = TypeParam;
  using C = Conformance<M>;
  for (const Refusal& refusal : this->reference.refusals) {
    SCOPED_TRACE(refusal.point.name);
    typename C::Device device{
        C::derive(C::changed(this->reference.parameters, refusal.changes), this->reference.ratings)};
    const Outcome outcome = C::rest(device, refusal.point, this->reference.table);
    ASSERT_FALSE(outcome.ok());
    EXPECT_NE(std::string(outcome.quantity).find(refusal.quantity), std::string::npos) << outcome.quantity;
    EXPECT_FALSE(outcome.value >= outcome.low && outcome.value <= outcome.high)
        << outcome.quantity << " = " << outcome.value << " is inside " << outcome.low << ".." << outcome.high;
  }
}

TYPED_TEST(EveryModel, JacobianByDualsEqualsComplexStepAndLiesInThePattern) {
  using M = TypeParam;
  using C = Conformance<M>;
  const std::vector<Pattern> pattern =
      C::pattern(C::derive(this->reference.parameters, this->reference.ratings));
  for (const auto& [family, family_name] : kFamilies) {
    const unsigned seed = kSeed + static_cast<unsigned>(family);
    std::mt19937 random(seed);
    double worst = 0;
    std::string where = "every one agrees to the last bit";
    for (std::size_t trial = 0; trial < kStatesPerFamily * this->parameter_sets.size(); ++trial) {
      const auto& parameters = this->parameter_sets[trial % this->parameter_sets.size()];
      const auto derived = C::derive(parameters, this->reference.ratings);
      const auto s = C::draw(this->reference, family, random);
      const auto duals = C::by_duals(s, derived);
      for (int i = 0; i < C::kN; ++i) {
        const std::vector<double> exact = C::by_complex_step(s, derived, i);
        for (int r = 0; r < C::kRows; ++r) {
          const double found = duals[r].d[i];
          const auto what = [&] {
            return fmt::format("d {}/d {} = {} against {} ({}, trial {}, seed {})", C::row_name(r),
                               C::variable_name(i), found, exact[r], family_name, trial, seed);
          };
          const double error = std::abs(found - exact[r]) / std::max(1e-6, std::abs(exact[r]));
          ASSERT_LT(error, 1e-6) << what();  // fails for a NaN, too
          if (error > worst) worst = error, where = what();
          if (found != 0 || exact[r] != 0) {
            ASSERT_TRUE(pattern[r].depends_on(i)) << "outside the pattern: " << what();
          }
        }
      }
    }
    std::printf("%s, %s: %zu states, worst relative difference %.1e (tolerance 1e-6; seed %u): %s\n",
                ModelName<M>::value, family_name, kStatesPerFamily * this->parameter_sets.size(), worst, seed,
                where.c_str());
  }
}

TYPED_TEST(EveryModel, ValuesOfDualsEqualDoubleBitForBit) {
  using C = Conformance<TypeParam>;
  std::mt19937 random(kSeed);
  for (const auto& [family, family_name] : kFamilies)
    for (const auto& parameters : this->parameter_sets) {
      const auto derived = C::derive(parameters, this->reference.ratings);
      for (int trial = 0; trial < kStatesPerFamily; ++trial) {
        const auto s = C::draw(this->reference, family, random);
        double plain[C::kRows];
        C::template evaluate<double, double>(s.z, derived, s.mode, s.held, plain);
        const auto duals = C::by_duals(s, derived);
        for (int r = 0; r < C::kRows; ++r)
          ASSERT_EQ(detail::bits(duals[r].value), detail::bits(plain[r]))
              << C::row_name(r) << ", " << family_name << ", seed " << kSeed;
      }
    }
}

TYPED_TEST(EveryModel, PackEqualsDoubleBitForBitInEveryLane) {
  using M = TypeParam;
  using C = Conformance<M>;
  using P4 = Pack<4>;
  constexpr int kParameters = parameters_of<M>();
  std::mt19937 random(kSeed);
  std::uniform_real_distribution stretch(0.95, 1.05);
  std::uniform_int_distribution<std::size_t> any_set(0, this->parameter_sets.size() - 1);
  std::uniform_int_distribution<std::size_t> any_family(0, std::size(kFamilies) - 1);
  for (int trial = 0; trial < 4 * kStatesPerFamily; ++trial) {
    P4 parameters[room_for(kParameters)];
    P4 z[C::kN];
    P4 held[room_for(C::kHeld)];
    Mode<P4> mode[room_for(C::kMode)];
    P4 row[C::kRows];
    double wanted[4][C::kRows];
    for (int lane = 0; lane < 4; ++lane) {
      std::vector<double> p = this->parameter_sets[any_set(random)];
      for (int i = 0; i < kParameters; ++i) {
        const double value = p[i] * stretch(random);
        if (M::parameters[i].possible.contains(value)) p[i] = value;
        parameters[i].set(lane, p[i]);
      }
      const auto s = C::draw(this->reference, kFamilies[any_family(random)].family, random);
      C::template evaluate<double, double>(s.z, C::derive(p, this->reference.ratings), s.mode, s.held,
                                           wanted[lane]);
      for (int i = 0; i < C::kN; ++i) z[i].set(lane, s.z[i]);
      for (int i = 0; i < C::kHeld; ++i) held[i].set(lane, s.held[i]);
      for (int i = 0; i < C::kMode; ++i) mode[i].set(lane, s.mode[i]);
    }
    C::template evaluate<P4, P4>(z, M::template derive<P4>(parameters, this->reference.ratings), mode, held,
                                 row);
    for (int lane = 0; lane < 4; ++lane)
      for (int r = 0; r < C::kRows; ++r) {
        ASSERT_FALSE(std::isnan(wanted[lane][r])) << C::row_name(r);
        ASSERT_EQ(detail::bits(row[r][lane]), detail::bits(wanted[lane][r]))
            << C::row_name(r) << ", lane " << lane << ", trial " << trial << ", seed " << kSeed;
      }
  }
  std::printf("%s: %d packs of four different parameter sets, states and modes (seed %u)\n",
              ModelName<M>::value, 4 * kStatesPerFamily, kSeed);
}

TYPED_TEST(EveryModel, ItsNortonFormInjectsTheSameCurrent) {
  using M = TypeParam;
  using C = Conformance<M>;
  if constexpr (requires(const typename C::Derived& d) { M::norton_admittance(d); }) {
    std::mt19937 random(kSeed);
    double worst = 0;
    for (const auto& [family, family_name] : kFamilies)
      for (const auto& parameters : this->parameter_sets) {
        const auto d = C::derive(parameters, this->reference.ratings);
        const Admittance<double> Y = M::norton_admittance(d);
        for (int trial = 0; trial < kStatesPerFamily; ++trial) {
          const auto s = C::draw(this->reference, family, random);
          double rows[C::kRows];
          C::template evaluate<double, double>(s.z, d, s.mode, s.held, rows);
          double Jr = 0;
          double Ji = 0;
          M::norton_current(s.z, d, s.held, Jr, Ji);
          const double Vr = s.z[C::kX + M::VR];
          const double Vi = s.z[C::kX + M::VI];
          const double error = std::max(std::abs(Jr - (Y.G * Vr - Y.B * Vi) - rows[C::kX + M::IR]),
                                        std::abs(Ji - (Y.B * Vr + Y.G * Vi) - rows[C::kX + M::II]));
          worst = std::max(worst, error);
          ASSERT_LT(error, 1e-12) << family_name << ", trial " << trial << ", seed " << kSeed;
        }
      }
    std::printf("%s: largest difference %.1e pu (tolerance 1e-12; seed %u)\n", ModelName<M>::value, worst,
                kSeed);
  }
}

TYPED_TEST(EveryModel, CountsItsOperations) {
  using M = TypeParam;
  using C = Conformance<M>;
  const auto derived = C::derive(this->reference.parameters, this->reference.ratings);
  const Mode<Count> mode[room_for(C::kMode)] = {};
  const double held[room_for(C::kHeld)] = {};
  const Count z[C::kN] = {};
  Count row[C::kRows];
  Count::tally() = {};
  C::template evaluate<Count, double>(z, derived, mode, held, row);
  const Tally t = Count::tally();
  std::printf(
      "%s: %ld flop (%ld add, %ld multiply, %ld fma, %ld divide, %ld root, %ld function), %ld choices\n",
      ModelName<M>::value, t.flops(), t.add, t.multiply, t.fma, t.divide, t.root, t.function, t.choose);
  EXPECT_GT(t.flops(), 0);
}

TYPED_TEST(EveryModel, LimitsBindAndReleaseWithoutChatter) {
  using M = TypeParam;
  using C = Conformance<M>;
  std::vector<char> driven(room_for(C::kLimit), 0);
  for (const Swing& swing : this->reference.swings) {
    SCOPED_TRACE(swing.name);
    typename C::Device device{
        C::derive(C::changed(this->reference.parameters, swing.changes), this->reference.ratings)};
    ASSERT_TRUE(C::rest(device, swing.start).ok());
    for (const auto& [i, value] : swing.x) device.x.at(i) = value;
    const auto result = C::swing(device, swing);
    EXPECT_EQ(result.chatter, "") << "a limit moves without end";
    double turns = 1;
    for (const Wave& w : swing.waves) turns = std::max(turns, w.frequency_Hz * swing.duration_s);
    // In and out on two sides per turn of a wave.
    const int most = static_cast<int>(4 * turns) + 4;
    for (int i = 0; i < C::kLimit; ++i)
      EXPECT_LE(result.moves[i], most) << "limit " << i << " moves more often than the swing explains";
    for (const int i : swing.limits) {
      driven[i] = 1;
      EXPECT_GE(result.binds[i], 1) << "limit " << i << " never binds";
      EXPECT_GT(result.moves[i], result.binds[i]) << "limit " << i << " never releases";
      std::printf("%s, %s: limit %d bound %d times, moved %d times (at most %d)\n", ModelName<M>::value,
                  swing.name, i, result.binds[i], result.moves[i], most);
    }
    for (const double x : device.x) EXPECT_TRUE(std::isfinite(x));
  }
  for (int i = 0; i < C::kLimit; ++i) EXPECT_TRUE(driven[i]) << "reference row: no swing drives limit " << i;
}

TYPED_TEST(EveryModel, TypicalParametersAreAcceptedWithoutWarning) {
  using M = TypeParam;
  Problems problems;
  check_parameters(*find_model(ModelName<M>::value), this->reference.parameters, "here", problems);
  for (const Problem& p : problems.errors()) ADD_FAILURE() << p.text();
  for (const Problem& p : problems.warnings()) ADD_FAILURE() << p.text();
  for (std::size_t set = 1; set < this->parameter_sets.size(); ++set) {
    Problems alternative;
    check_parameters(*find_model(ModelName<M>::value), this->parameter_sets[set], "here", alternative);
    for (const Problem& p : alternative.errors()) ADD_FAILURE() << "alternative " << set << ": " << p.text();
  }
}

TYPED_TEST(EveryModel, ABadParameterIsRefusedWithNameValueAndRange) {
  using M = TypeParam;
  int refused = 0;
  for (std::size_t i = 0; i < std::size(M::parameters); ++i) {
    const ParameterInfo& info = M::parameters[i];
    std::vector<double> bad{kUnknown};
    const Range& possible = info.possible;
    if (std::isfinite(possible.low))
      bad.push_back(possible.low - std::max(1e-3, 1e-3 * std::abs(possible.low)));
    if (possible.open) bad.push_back(possible.low);
    if (std::isfinite(possible.high))
      bad.push_back(possible.high + std::max(1e-3, 1e-3 * std::abs(possible.high)));
    for (const double value : bad) {
      std::vector<double> parameters = this->reference.parameters;
      parameters[i] = value;
      Problems problems;
      check_parameters(M::parameters, parameters, "bus 7, device '1'", problems);
      ASSERT_EQ(problems.errors().size(), 1U) << info.name << " = " << value;
      const std::string text = problems.errors()[0].text();
      EXPECT_EQ(text.find("bus 7, device '1'"), 0U) << text;
      EXPECT_NE(text.find(fmt::format("{} = {:g}", info.name, value)), std::string::npos) << text;
      EXPECT_NE(text.find(range_text(possible)), std::string::npos) << text;
      ++refused;
    }
  }
  std::printf("%s: %d bad values refused\n", ModelName<M>::value, refused);
}

TYPED_TEST(EveryModel, ParametersThatContradictEachOtherAreRefusedWithBothNamesAndValues) {
  using M = TypeParam;
  const ModelInfo& info = *find_model(ModelName<M>::value);
  for (const Relation& relation : info.relations) {
    const std::string lower = info.parameters[relation.lower].name;
    const std::string upper = info.parameters[relation.upper].name;
    std::vector<double> parameters = this->reference.parameters;
    parameters[relation.lower] = parameters[relation.upper] + (relation.order == Relation::BELOW ? 0 : 1e-3);
    Problems problems;
    check_relations(info.relations, info.parameters, parameters, "bus 7, device '1'", problems);
    const std::string wanted = fmt::format("{} = {:g} with {} = {:g}", lower, parameters[relation.lower],
                                           upper, parameters[relation.upper]);
    const auto names_it = [&](const Problem& p) { return p.text().find(wanted) != std::string::npos; };
    EXPECT_TRUE(std::any_of(problems.errors().begin(), problems.errors().end(), names_it)) << wanted;
  }
}

TYPED_TEST(EveryModel, AParameterWithoutTheOneItNeedsIsRefusedWithBothNames) {
  using M = TypeParam;
  const ModelInfo& info = *find_model(ModelName<M>::value);
  for (const Need& need : info.needs) {
    std::vector<double> parameters = this->reference.parameters;
    parameters[need.parameter] = 1;
    parameters[need.other] = 0;
    Problems problems;
    check_parameters(info, parameters, "bus 7, device '1'", problems);
    const std::string wanted = fmt::format("{} = 1 with {} = 0", info.parameters[need.parameter].name,
                                           info.parameters[need.other].name);
    const auto names_it = [&](const Problem& p) { return p.text().find(wanted) != std::string::npos; };
    EXPECT_TRUE(std::any_of(problems.errors().begin(), problems.errors().end(), names_it)) << wanted;
    parameters[need.parameter] = 0;
    Problems none;
    check_needs(info.needs, info.parameters, parameters, "bus 7, device '1'", none);
    EXPECT_FALSE(none.any());
  }
}

TYPED_TEST(EveryModel, AllBadParametersAreReportedTogether) {
  using M = TypeParam;
  Problems problems;
  check_parameters(M::parameters, std::vector<double>(std::size(M::parameters), kUnknown), "here", problems);
  EXPECT_EQ(problems.errors().size(), std::size(M::parameters));
}

}  // namespace
}  // namespace ballast::test
