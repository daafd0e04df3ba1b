/// `weather` of a unit: what sun and wind allow it, and curtailment.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>

#include "cases/reader/case.hpp"
#include "solver/simulate.hpp"
#include "tests/solver/memory_recorder.hpp"

namespace ballast {
namespace {

using ::testing::HasSubstr;

const std::string kGrid = R"([case]
title = "a park at a source"
[network]
frequency_Hz = 50
base_MVA = 100
[[bus]]
number = 1
base_kV = 110
slack = true
[[bus]]
number = 2
base_kV = 110
[[line]]
from = 1
to = 2
R = 0.01
X = 0.1
B = 0
[[generator]]
bus = 1
Vset = 1
base_MVA = 1000
machine = { model = "GENCLS", H = 5, D = 0, Ra = 0, Xdp = 0.25 }
[[generator]]
bus = 2
Vset = 1
base_MVA = 50
Qmin_Mvar = -20
Qmax_Mvar = 20
WEATHER
converter = { model = "REGCA1", Lvplsw = 0, Tg = 0.02, Rrpwr = 10, Brkpt = 0.9, Zerox = 0.4, Lvpl1 = 1.22, Volim = 1.2, Lvpnt1 = 0.8, Lvpnt0 = 0.4, Iolim = -1.3, Tfltr = 0.02, Khv = 0.7, Iqrmax = 99, Iqrmin = -99, Accel = 0.7 }
electrical_control = { model = "REECB1", bus = 0, PFFLAG = 0, VFLAG = 0, QFLAG = 0, PQFLAG = 1, Vdip = 0.85, Vup = 1.2, Trv = 0.02, dbd1 = -0.05, dbd2 = 0.05, Kqv = 0, Iqh1 = 1.05, Iql1 = -1.05, Vref0 = 0, Tp = 0.05, Qmax = 0.4, Qmin = -0.4, Vmax = 1.1, Vmin = 0.9, Kqp = 0, Kqi = 0.1, Kvp = 0, Kvi = 40, Tiq = 0.02, dPmax = 99, dPmin = -99, Pmax = 1, Pmin = 0, Imax = 1.2, Tpord = 0.02 }
EVENTS
[simulation]
until_s = 40
[output]
record = ["machine.2-1.power"]
step_s = 0.1
)";

class WeatherTest : public ::testing::Test {
 protected:
  WeatherTest() { std::filesystem::create_directories(folder); }
  ~WeatherTest() override { std::filesystem::remove_all(folder); }

  [[nodiscard]] Case read(const std::string& weather, const std::string& file,
                          const std::string& events = "") const {
    std::ofstream(folder / "sky.csv") << file;
    std::string text = kGrid;
    text.replace(text.find("WEATHER"), 7, weather);
    text.replace(text.find("EVENTS"), 6, events);
    return read_case_text(text, folder / "case.toml");
  }
  /// Power of the unit by IDA, MW, at a time.
  [[nodiscard]] static std::function<double(double)> power(const Case& c) {
    const PreparedCase ready = prepare(c);
    testing::MemoryRecorder recorder;
    const RunResult result =
        simulate(*ready.system, ready.y, c.disturbances, c.simulation, run_info(c), &recorder);
    EXPECT_TRUE(result.status.completed) << result.status.outcome;
    return [time = recorder.time, values = recorder.series("machine.power", "2-1")](double t) {
      const auto at = std::lower_bound(time.begin(), time.end(), t - 1e-9);
      return at == time.end() ? kUnknown : values[static_cast<std::size_t>(at - time.begin())];
    };
  }
  [[nodiscard]] std::string problems_of(const std::string& weather, const std::string& file) const {
    try {
      (void)read(weather, file);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("ballast-weather-" + std::to_string(getpid()));
};

const char* const kSky = "time_s,W_m2\n0,-3\n10,-3\n20,800\n30,1200\n";

TEST_F(WeatherTest, TheSunMovesThePowerAndNightIsNothing) {
  const Case c =
      read(R"(weather = { kind = "irradiance", file = "sky.csv", rated_W_m2 = 1000, shift_s = 5 })", kSky);
  const auto p = power(c);
  // The file is 5 s ahead: dawn at 5 s, 0.8 pu at 15 s, full power where 1000 W/m2 are passed, by 25 s.
  const std::pair<double, double> wanted[] = {{0, 0}, {4.9, 0}, {10, 20}, {14.9, 39.6}, {25.5, 50}, {39, 50}};
  double worst = 0;
  for (const auto& [t, MW] : wanted) {
    fmt::print("{:5.1f} s: {:.3f} MW, {:.3f} wanted\n", t, p(t), MW);
    worst = std::max(worst, std::abs(p(t) - MW));
  }
  EXPECT_LT(worst, 0.25) << "MW; the control lags by 40 ms: 0.16 MW on the slope";
}

TEST_F(WeatherTest, WindGivesTheCubeAndStandsInAStorm) {
  const Case c = read(
      R"(weather = { kind = "wind-speed", file = "sky.csv", cut_in_m_s = 3, rated_m_s = 12, cut_out_m_s = 25 })",
      "t,v\n0,8\n10,8\n12,12\n20,12\n22,26\n40,26\n");
  const auto p = power(c);
  const double at_8 = 50 * (512 - 27) / (1728.0 - 27);
  fmt::print("8 m/s: {:.4f} MW, {:.4f} wanted; 12 m/s: {:.4f}; 26 m/s: {:.4f}\n", p(5), at_8, p(19), p(39));
  EXPECT_NEAR(p(5), at_8, 1e-3);
  EXPECT_NEAR(p(19), 50, 1e-2);
  EXPECT_NEAR(p(39), 0, 1e-2);
}

TEST_F(WeatherTest, AnOperatorCurtailsAndLetsGo) {
  const Case c =
      read(R"(weather = { kind = "power", file = "sky.csv", rating = 100 })", "t,MW\n0,80\n40,80\n", R"(
[[event]]
at_s = 5
reference_step = { machine = "2-1", part = "weather_limit", input = "P_limit", value = 0.3 }
[[event]]
at_s = 20
reference_step = { machine = "2-1", part = "weather_limit", input = "P_limit", value = 99 }
)");
  const auto p = power(c);
  fmt::print("free {:.4f}, curtailed {:.4f}, free again {:.4f} MW\n", p(4), p(15), p(35));
  EXPECT_NEAR(p(4), 40, 1e-3);
  EXPECT_NEAR(p(15), 15, 1e-2);
  EXPECT_NEAR(p(35), 40, 1e-2);
}

TEST_F(WeatherTest, RestsCurtailedBelowWhatTheWeatherAllows) {
  const Case c = read("P_MW = 10\nweather = { kind = \"power\", file = \"sky.csv\", rating = 100 }",
                      "t,MW\n0,80\n20,80\n25,6\n");
  const auto p = power(c);
  fmt::print("{:.4f} MW of 40, then {:.4f} of 3\n", p(10), p(39));
  EXPECT_NEAR(p(10), 10, 1e-3);
  EXPECT_NEAR(p(39), 3, 1e-2);
}

TEST_F(WeatherTest, TellsWhatIsWrong) {
  const std::string sun = R"(weather = { kind = "irradiance", file = "sky.csv", rated_W_m2 = 1000 })";
  EXPECT_THAT(problems_of(R"(weather = { kind = "irradiance", file = "sky.csv" })", kSky),
              HasSubstr("rated_W_m2"));
  EXPECT_THAT(problems_of(R"(weather = { kind = "irradiance", file = "sea.csv", rated_W_m2 = 1 })", kSky),
              HasSubstr("sea.csv"));
  EXPECT_THAT(
      problems_of(
          R"(weather = { kind = "wind-speed", file = "sky.csv", cut_in_m_s = 3, rated_m_s = 30, cut_out_m_s = 25 })",
          kSky),
      HasSubstr("do not ascend"));
  EXPECT_THAT(
      problems_of(R"(weather = { kind = "power", file = "sky.csv", rating = 100, shift_s = 50 })", kSky),
      HasSubstr("behind the end"));
  EXPECT_THAT(problems_of(R"(weather = { kind = "power", file = "sky.csv", rating = 100, tilt = 5 })", kSky),
              HasSubstr("tilt"));
  const Case more = read("P_MW = 45\n" + sun, "t,v\n0,500\n10,500\n");
  try {
    (void)prepare(more);
    FAIL() << "45 MW where the sun gives 25";
  } catch (const Error& error) {
    fmt::print("{}\n", error.what());
    EXPECT_THAT(error.what(), HasSubstr("at most what the weather gives"));
  }
}

}  // namespace
}  // namespace ballast
