/// Loads with dynamic models in a case: who gets which, at rest and through a fault.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cases/reader/case.hpp"
#include "cases/reader/coverage.hpp"
#include "tests/cases/small_case.hpp"
#include "viz/record.hpp"

namespace ballast {
namespace {

using ::testing::HasSubstr;

constexpr const char* kElectronic = R"(
[[load_model]]
load = "2-1"
model = "LDELEC"
Vd1 = 0.8
Vd2 = 0.7
Frcel = 0.4
pfel = 0
)";
constexpr const char* kMotor = R"(
[[load_model]]
load = { area = 1 }
model = "MOTOR_CMP"
LF = 0.75
Rs = 0.03
Ls = 1.8
Lp = 0.19
Lpp = 0.14
Tpo = 0.2
Tppo = 0.0026
H = 0.5
Etrq = 2
Vtr1 = 0
Ttr1 = 0.02
Ftr1 = 0
Vrc1 = 0.65
Trc1 = 0.05
Vtr2 = 0
Ttr2 = 0.025
Ftr2 = 0
Vrc2 = 0.6
Trc2 = 0.05
)";

Case with_model(const std::string& tables) {
  return read_case_text(testing::spoiled("\"bus.*\"", "\"load.*\"") + tables, "small.toml");
}

double last_of(const Record& record, const std::string& quantity) {
  const std::size_t q = record.find(quantity).value();
  return record.at(q, record.samples() - 1, 0);
}

Record run(const Case& c) {
  const PreparedCase ready = prepare(c);
  MemoryRecorder recorder;
  const RunResult result =
      simulate(*ready.system, ready.y, c.disturbances, c.simulation, run_info(c), &recorder);
  EXPECT_TRUE(result.status.completed) << result.status.outcome;
  return recorder.record();
}

TEST(LoadModels, ALoadRestsAtThePowerFlowWithItsModelAndIsListed) {
  for (const char* tables : {kElectronic, kMotor}) {
    const Case c = with_model(tables);
    ASSERT_TRUE(c.load_models.at(0).has_value());
    const PreparedCase ready = prepare(c);
    fmt::print("{}: largest rate {:.1e} 1/s, largest mismatch {:.1e} pu (tolerance 1e-9)\n",
               c.load_models[0]->model, ready.rest.worst_rate, ready.rest.worst_balance);
    EXPECT_LT(ready.rest.worst_rate, 1e-9);
    EXPECT_LT(ready.rest.worst_balance, 1e-9);
    const std::string text = coverage_text(coverage_of(c, &ready.flow));
    EXPECT_THAT(text, HasSubstr(c.load_models[0]->model));
    EXPECT_THAT(text, HasSubstr("100.0  simulated: [[load_model]]"));
  }
  EXPECT_THAT(prepare(with_model(kMotor)).adjustments.at(0).what, HasSubstr("a constant shunt"));
}

TEST(LoadModels, AFaultTakesAwayWhatDoesNotReturn) {
  const Case c = with_model(
      std::string(kElectronic) +
      "\n[[event]]\nat_s = 0.2\nfault = { bus = 2, residual_voltage_pu = 0.5, duration_s = 0.1 }\n");
  const Record record = run(c);
  // All of it drops out below 0.7 pu; 40 % returns, once the voltage is back above 0.8 pu.
  EXPECT_NEAR(last_of(record, "load.power"), 40, 0.01);
}

TEST(LoadModels, AMotorSlowsDownInAFaultAndComesBack) {
  const Case c = with_model(
      std::string(kMotor) +
      "\n[[event]]\nat_s = 0.2\nfault = { bus = 2, residual_voltage_pu = 0.5, duration_s = 0.1 }\n");
  const Record record = run(c);
  EXPECT_NEAR(last_of(record, "load.power"), 100, 0.5);
}

TEST(LoadModels, TwoModelsForOneLoadAndAMissingParameterAreRefused) {
  try {
    (void)with_model(std::string(kElectronic) + kMotor);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("load 2-1 has a model already: LDELEC"));
  }
  std::string without = kElectronic;
  without.erase(without.find("Frcel"), 12);
  try {
    (void)with_model(without);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("Frcel"));
  }
}

}  // namespace
}  // namespace ballast
