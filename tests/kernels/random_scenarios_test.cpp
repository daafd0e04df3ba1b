/// Random scenarios of every kind of event, batch against IDA.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "tests/kernels/oracle.hpp"

namespace ballast {
namespace {

/// Draws what happens in one scenario: one to three disturbances between 0.5 and 3 s.
class Draw {
 public:
  Draw(const Case& c, const System& system, unsigned seed) : case_(c), system_(system), random_(seed) {}

  std::vector<Disturbance> scenario() {
    std::vector<Disturbance> list;
    const int count = 1 + whole(3);
    double t = 0.5;
    for (int k = 0; k < count; ++k) {
      t += between(0.05, 0.9);
      list.push_back({t, action(), {}});
    }
    return list;
  }
  std::string told;  ///< the kinds drawn last

 private:
  const Case& case_;
  const System& system_;
  std::mt19937_64 random_;

  int whole(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }
  double between(double a, double b) {
    return a + (b - a) * static_cast<double>(random_() >> 11) * 0x1.0p-53;
  }
  int bus() { return whole(static_cast<int>(case_.network.buses.size())); }
  int branch() { return whole(static_cast<int>(case_.network.branches.size())); }
  int plant(const char* kind) {
    std::vector<int> found;
    for (std::size_t p = 0; p < system_.plants().size(); ++p)
      if (system_.plants()[p].kind == kind) found.push_back(static_cast<int>(p));
    return found[static_cast<std::size_t>(whole(static_cast<int>(found.size())))];
  }

  Action action() {
    switch (whole(9)) {
      case 0:
        told += " bus-fault";
        return BusFault{bus(), {{0, between(0.005, 0.2)}}, between(0.05, 0.15)};
      case 1:
        told += " bus-fault-residual";
        return BusFault{bus(), {0, between(0.1, 0.7)}, between(0.05, 0.2)};
      case 2: {
        told += " line-fault";
        LineFault fault;
        fault.branch = branch();
        fault.at_from_end = whole(2) == 0;
        fault.strength.impedance = {0, between(0.01, 0.1)};
        fault.share = whole(2) == 0 ? 0 : between(0.1, 0.9);
        fault.clearing_s = between(0.05, 0.12);
        if (whole(2) == 0) {
          fault.reclose_after_s = {between(0.3, 0.6)};
          fault.shots_onto_fault = whole(2);
        }
        return fault;
      }
      case 3:
        told += " open-line";
        return SwitchBranch{branch(), false};
      case 4:
        told += " trip-machine";
        return TripPlant{plant("machine")};
      case 5:
        told += " trip-campus";
        return TripPlant{plant("datacenter")};
      case 6: {
        told += " load-step";
        const double by = between(0.7, 1.3);
        return LoadStep{plant("load"), by, by};
      }
      case 7: {
        told += " load-ramp";
        LoadRamp ramp;
        ramp.plants = {plant("load")};
        ramp.P_change = between(-0.3, 0.3);
        ramp.over_s = between(0.2, 1.5);
        return ramp;
      }
      default: {
        told += " reference-step";
        ReferenceStep step;
        do {
          const int machine = plant("machine");
          for (int i = system_.parts_of(machine).first; i < system_.parts_of(machine).last; ++i)
            if (system_.reference_signal(i, "Vref") >= 0) step.part = i, step.input = "Vref";
        } while (step.input.empty());
        step.value = between(-0.03, 0.03);
        step.over_s = whole(2) == 0 ? 0 : between(0.1, 0.5);
        return step;
      }
    }
  }
};

void run(int count, unsigned first_seed) {
  const Case c = read_case(std::filesystem::path(BALLAST_SOURCE_DIR) / "cases/new-england-campuses");
  const PreparedCase shape = prepare(c);
  int inside = 0;
  int compared = 0;
  double worst_speed = 0;
  double worst_voltage = 0;
  for (int k = 0; k < count; ++k) {
    Draw draw(c, *shape.system, first_seed + static_cast<unsigned>(k));
    const std::vector<Disturbance> scenario = draw.scenario();
    const PreparedCase ready = prepare(c);
    const test::Agreement a = test::compare_with_ida(
        c, ready, scenario, {.until_s = 6, .ida_tolerance = 1e-8, .sample_every_s = 0.02});
    if (a.ida_outcome != "completed") {
      fmt::print("{:4}{}: IDA {}; batch ending {}\n", k, draw.told, a.ida_outcome,
                 static_cast<int>(a.ending));
      continue;
    }
    ++compared;
    const bool good = a.ending == batch::Ending::COMPLETED && a.speed_rms < 1e-4 && a.angle_rms < 0.5 &&
                      a.voltage_rms < 2e-3 && a.same_events && a.event_time_gap <= 0.5 / 60;
    inside += good ? 1 : 0;
    if (good) {
      worst_speed = std::max(worst_speed, a.speed_rms);
      worst_voltage = std::max(worst_voltage, a.voltage_rms);
      continue;
    }
    fmt::print("{:4}{}: {} (batch ending {})\n", k, draw.told, test::text_of(a), static_cast<int>(a.ending));
    for (std::size_t i = 0; i < std::max(a.ida_events.size(), a.batch_events.size()) && !a.same_events; ++i) {
      const std::string ida = i < a.ida_events.size() ? a.ida_events[i] : "-";
      const std::string ours = i < a.batch_events.size() ? a.batch_events[i] : "-";
      if (ida.substr(std::min<std::size_t>(9, ida.size())) ==
          ours.substr(std::min<std::size_t>(9, ours.size())))
        continue;
      fmt::print("     first difference: IDA {} | batch {}\n", ida, ours);
      break;
    }
  }
  fmt::print(
      "{} of {} scenarios inside (at least 95 %); of those speed at most {:.1e}, voltage {:.1e} pu RMS\n",
      inside, compared, worst_speed, worst_voltage);
  EXPECT_GE(inside, static_cast<int>(0.95 * compared));
  EXPECT_GE(compared, static_cast<int>(0.9 * count));
}

TEST(BatchRandom, TwentyScenariosAgreeWithIda) { run(20, 1000); }
TEST(LongBatchRandom, TwoHundredScenariosAgreeWithIda) { run(200, 1); }

}  // namespace
}  // namespace ballast
