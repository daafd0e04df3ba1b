/// Relays of a case: what they see, what they operate, and what the log says of it.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "tests/cases/relay_grid.hpp"

namespace ballast {
namespace {

using testing::CaseRun;
using testing::cause_of;
using testing::event;
using testing::kIsland;
using testing::problem_of;
using testing::relay_grid;

TEST(LoadShedding, AStageShedsItsShareAndTheLogKnowsWhy) {
  // Constant power: the load draws 90 % of its 100 MW afterwards.
  const CaseRun run(
      relay_grid("[[load_shedding]]\nload = \"2-1\"\nstages = [{ f_Hz = 59.3, share = 0.1, delay_s = 0.2, "
                 "breaker_s = 0.1, hysteresis_Hz = 0.05, V_block = 0.6 }]\n" +
                     kIsland,
                 6));
  const LoggedEvent* up = run.find("watching to picked up");
  const LoggedEvent* tripped = run.find("picked up to tripped");
  const LoggedEvent* shed = run.find("10 % shed");
  ASSERT_TRUE(up != nullptr && tripped != nullptr && shed != nullptr);
  EXPECT_NEAR(tripped->time_s - up->time_s, 0.2, 1e-6);
  EXPECT_NEAR(shed->time_s - tripped->time_s, 0.1, 1e-6);
  EXPECT_EQ(tripped->quantity, "frequency");
  EXPECT_EQ(tripped->threshold, 59.3);
  EXPECT_LT(tripped->value, 59.3);
  EXPECT_NEAR(tripped->duration_s, 0.2, 1e-6);
  EXPECT_EQ(cause_of(run, *tripped).kind, "branch-opened");
  EXPECT_EQ(shed->kind, "load-shed");
  EXPECT_EQ(shed->device, "2-1");
  EXPECT_NEAR(shed->power_MW, -10, 0.01);
  EXPECT_NE(cause_of(run, *shed).text.find("tripped to open"), std::string::npos);
  EXPECT_EQ(cause_of(run, cause_of(run, *shed)).kind, "branch-opened");
  EXPECT_NEAR(run.at("load.power", 5.9, "2-1"), 90, 0.01);
  EXPECT_NEAR(run.at("load.power", 5.9, "2-2"), 60, 0.01);
}

TEST(LoadShedding, RelaysOfOneLoadAddUpAndEventsMultiply) {
  // 10 % and 20 % by frequency, 5 % by voltage that never falls; an event trips a quarter of the load at 3 s
  // and one ramps it by +20 % from 4 to 5 s: 100 * 0.75 * 1.2 * (1 - 0.3) = 63 MW.
  const CaseRun run(relay_grid(
      "[[load_shedding]]\nname = \"a\"\nload = \"2-1\"\nstages = [{ f_Hz = 59.8, share = 0.1 }, { V = 0.5, "
      "share = 0.05, delay_s = 1, V_block = 0 }]\ndelay_s = 0.1\n"
      "[[load_shedding]]\nname = \"b\"\nload = \"2-1\"\nstages = [{ f_Hz = 59.7, share = 0.2, delay_s = 0.1 "
      "}]\n" +
          kIsland + event(3, "trip = { load = \"2-1\", share = 0.25 }") +
          event(4, "load_ramp = { load = \"2-1\", active_percent = 20, reactive_percent = 20, over_s = 1 }"),
      6));
  EXPECT_NEAR(run.at("load.power", 2.9, "2-1"), 70, 0.01);
  EXPECT_NEAR(run.at("load.power", 3.5, "2-1"), 52.5, 0.01);
  EXPECT_NEAR(run.at("load.power", 4.5, "2-1"), 57.75, 0.05);
  EXPECT_NEAR(run.at("load.power", 5.9, "2-1"), 63, 0.01);
  EXPECT_NE(run.find("20 % shed, 70 % of it connected"), nullptr);
}

TEST(LoadShedding, APublishedPlanGivesTheStages) {
  const Case c =
      read_case_text(relay_grid("[[load_shedding]]\nload = [\"2-1\", \"2-2\"]\nplan = [\"ERCOT-2021\", "
                                "\"ERCOT-anti-stall\"]\n"),
                     "small.toml");
  const auto relay =
      std::find_if(c.plants.begin(), c.plants.end(), [](const Plant& p) { return p.name == "shedding-2-2"; });
  ASSERT_NE(relay, c.plants.end());
  ASSERT_EQ(relay->parts.size(), 7U);  // three stages, three anti-stall stages, the meter
  EXPECT_EQ(relay->parts[2].parameters, (std::vector<double>{58.5, 0.1, 0.08, 0.1, 0.05, 0.6}));
  EXPECT_EQ(relay->parts[5].parameters, (std::vector<double>{59.5, 150, 0.08, 0.015, 0.05, 0.6}));
  EXPECT_NE(problem_of(relay_grid("[[load_shedding]]\nload = \"2-1\"\nplan = \"Spain\"\n")).find("50 Hz"),
            std::string::npos);
  EXPECT_NE(
      problem_of(relay_grid("[[load_shedding]]\nload = \"2-1\"\nplan = \"ERCOT-2022\"\n")).find("ERCOT-2021"),
      std::string::npos);
}

TEST(UnitProtection, AMachineOnItsOwnTripsByOverFrequencyAndItsIslandDies) {
  // The machine loses its grid and 160 MW of load at once: 120 MW of surplus on 200 MVA.
  const CaseRun run(
      relay_grid("[[protection]]\nmachine = \"1-1\"\nfrequency = [{ FU = 61.5, TP = 0.1, TB = 0.05 }]\n" +
                     event(1, "open = { line = \"1-2\" }"),
                 3));
  const LoggedEvent* tripped = run.find("machine 1-1 tripped");
  ASSERT_NE(tripped, nullptr);
  const LoggedEvent& open = cause_of(run, *tripped);
  EXPECT_EQ(open.threshold, 61.5);
  EXPECT_GT(open.value, 61.5);
  EXPECT_NEAR(open.duration_s, 0.15, 1e-6);
  EXPECT_EQ(cause_of(run, open).kind, "branch-opened");
  // dP/dt = 120 MW / (2 * 6.5 s * 200 MVA) * 60 Hz = 2.77 Hz/s: 1.5 Hz after 0.54 s, the governor not
  // counted.
  fmt::print("tripped {:.3f} s after the loss\n", tripped->time_s - 1);
  EXPECT_NEAR(tripped->time_s - 1, 0.54 + 0.07 + 0.15, 0.1);
  EXPECT_NE(run.find("island"), nullptr);
}

TEST(UnitProtection, ABoltedFaultBesideARateOfChangeRelayDoesNotPickItUpButAnIslandDoes) {
  // The load beside the fault: the angle jumps when the fault strikes and is removed, the frequency does not.
  // (At the machine the fault is an acceleration of 120 MW / (2 * 6.5 * 200) * 60 = 2.8 Hz/s, which is one.)
  const auto relay = [](double rate) {
    return fmt::format(
        "[[protection]]\nload = \"2-1\"\nrocof = {{ rate_Hz_s = {}, delay_s = 0.2, TB = 0.05 }}\n", rate);
  };
  for (const char* strength : {"bolted = true", "residual_voltage_pu = 0.3"}) {
    const CaseRun fault(relay_grid(
        relay(1) + event(1, fmt::format("fault = {{ bus = 2, {}, duration_s = 0.1 }}", strength)), 4));
    EXPECT_EQ(fault.find("picked up"), nullptr) << strength;
    double worst = 0;
    for (double t = 0.9; t < 4; t += 0.01)
      worst = std::max(worst, std::abs(fault.at("protection.meter.rocof", t)));
    fmt::print("{}: at most {:.3f} Hz/s (setting 1)\n", strength, worst);
  }
  // 40 MW missing on 200 MVA: 40 / (2 * 6.5 * 200) * 60 = 0.92 Hz/s.
  const CaseRun island(relay_grid(relay(0.5) + kIsland, 4));
  const LoggedEvent* open = island.find("tripped to open");
  ASSERT_NE(open, nullptr);
  EXPECT_EQ(open->quantity, "rate of change of frequency");
  EXPECT_LT(open->value, -0.5);
  EXPECT_NE(island.find("load 2-1 tripped"), nullptr);
}

TEST(UnitProtection, OverspeedAndLossOfFieldReadTheirMachine) {
  const std::string relays =
      "[[protection]]\nmachine = \"1-1\"\noverspeed = { speed = 1.02, TB = 0 }\nloss_of_field = { offset = "
      "0.15, "
      "diameter_2 = 1.8 }\nout_of_step = { forward = 0.2, reverse = 0.5, blinder = 0.1 }\nvolts_per_hertz = "
      "{}\n";
  const CaseRun speed(relay_grid(relays + event(1, "open = { line = \"1-2\" }"), 3));
  const LoggedEvent* open = speed.find("overspeed-1: picked up to open");
  ASSERT_NE(open, nullptr);
  EXPECT_NEAR(open->value, 1.02, 1e-6);
  EXPECT_NE(speed.find("machine 1-1 tripped"), nullptr);
  // The field goes: the exciter is told to hold 0.3 pu, which it cannot; the machine draws reactive power.
  const CaseRun field(
      relay_grid(relays + event(1,
                                "reference_step = { machine = \"1-1\", part = \"exciter\", input = "
                                "\"Vref\", value = 0.3 }"),
                 30));
  const LoggedEvent* lost = field.find("loss_of_field-1: tripped to open");
  ASSERT_NE(lost, nullptr);
  EXPECT_EQ(lost->quantity, "impedance");
  EXPECT_NE(cause_of(field, *lost).text.find("Vref"), std::string::npos) << cause_of(field, *lost).text;
}

const std::string kDistance = "[[line_protection]]\nbranch = \"2-3\"\ndistance = {}\n";

TEST(LineProtection, ZoneOneClearsAFaultAndTheRecloserTriesOnce) {
  // A fault at 30 % that would stay for 3 s: zone 1 of both ends (1.2 cycles), breaker 3 cycles; the shot
  // after 0.5 s meets it again.
  const CaseRun run(relay_grid(
      kDistance + "recloser = { dead_1 = 0.5 }\n" +
          event(
              1,
              "line_fault = { branch = \"2-3\", near = 2, at_percent = 30, bolted = true, clearing_s = 3 }"),
      3));
  const double clears = 1 + 4.2 / 60;
  EXPECT_NEAR(run.event("line 2-3 '1' opened", 1), clears, 1e-6);
  EXPECT_NEAR(run.event("line 2-3 '1' closed", 1), clears + 0.5, 1e-6);
  EXPECT_NEAR(run.event("line 2-3 '1' opened", 2), clears + 0.5 + 4.2 / 60, 1e-6);
  EXPECT_NEAR(run.event("reclaim to locked out"), clears + 0.5 + 4.2 / 60, 1e-6);
  EXPECT_EQ(run.find("line 2-3 '1' closed", 2), nullptr);
  EXPECT_EQ(cause_of(run, *run.find("line 2-3 '1' closed")).device, "line-2-3-1.recloser");
}

TEST(LineProtection, TheLeaderTriesTheLineAndTheFollowerClosesTheLoop) {
  // A fault at 30 %: zone 1 of both ends, each opens its own (4.2 cycles). It is gone at 1.3 s. Dead time 0.5
  // s, the leader's check 0.1 s, the follower's another 0.1 s once the line is live.
  const std::string relays = kDistance + "recloser = { dead_1 = 0.5, lead = 3, hold_s = 0.1 }\n";
  const auto fault = [](double clearing_s) {
    return event(1, fmt::format("line_fault = {{ branch = \"2-3\", near = 2, at_percent = 30, bolted = true, "
                                "clearing_s = {} }}",
                                clearing_s));
  };
  const CaseRun gone(relay_grid(relays + fault(0.3), 4));
  const double opens = 1 + 4.2 / 60;
  EXPECT_NEAR(gone.event("line 2-3 '1' opened at bus 2"), opens, 1e-6);
  EXPECT_NEAR(gone.event("line 2-3 '1' opened at bus 3"), opens, 1e-6);
  EXPECT_NEAR(gone.event("line 2-3 '1' closed at bus 3"), opens + 0.6, 1e-6);
  // The two ends are islands with speeds of their own: the angle leaves the window within the first check,
  // and the follower closes when the next one has lasted 0.1 s.
  const double back = gone.event("recloser-from: checking to waiting for synchronism");
  EXPECT_LT(back, opens + 0.7);
  const double again = gone.event("recloser-from: waiting for synchronism to checking", 2);
  EXPECT_GT(again, back + 0.5) << "a beat of less than 1 Hz";
  EXPECT_NEAR(gone.event("line 2-3 '1' closed at bus 2"), again + 0.1, 1e-6);
  // A fault that stays: the leader alone meets it, zone 1 opens it again; the follower waits in vain.
  const CaseRun stays(relay_grid(relays + fault(13), 13));
  EXPECT_NEAR(stays.event("line 2-3 '1' closed at bus 3"), opens + 0.6, 1e-6);
  EXPECT_NEAR(stays.event("line 2-3 '1' opened at bus 3", 2), opens + 0.6 + 4.2 / 60, 1e-6);
  EXPECT_EQ(stays.find("line 2-3 '1' closed at bus 2"), nullptr);
  EXPECT_NEAR(stays.event("recloser-to: reclaim to locked out"), opens + 0.6 + 4.2 / 60, 1e-6);
  EXPECT_NEAR(stays.event("recloser-from: waiting for synchronism to locked out"), opens + 0.5 + 10, 1e-6);
}

TEST(UnitProtection, AMachineThatLosesSynchronismTripsAtItsFirstSlip) {
  // A bolted fault of 0.5 s at its terminals accelerates it past the point of no return.
  const std::string relay =
      "[[protection]]\nname = \"pole\"\nmachine = \"1-1\"\nout_of_step = { forward = 0.25, reverse = 0.5, "
      "blinder = "
      "0.1, crossing_s = 0.03 }\n";
  const auto fault = [](double s) {
    return event(1, fmt::format("fault = {{ bus = 1, impedance_pu = [0, 0.0001], duration_s = {} }}", s));
  };
  const CaseRun stable(relay_grid(relay + fault(0.1), 4));
  EXPECT_EQ(stable.find("machine 1-1 tripped"), nullptr);
  const CaseRun lost(relay_grid(relay + fault(0.5), 4));
  const LoggedEvent* slipped = lost.find("between to slipped");
  const LoggedEvent* open = lost.find("tripped to open");
  ASSERT_TRUE(slipped != nullptr && open != nullptr);
  EXPECT_GT(slipped->time_s, 1.5);
  EXPECT_EQ(cause_of(lost, *open).bus, slipped->bus) << cause_of(lost, *open).text;
  EXPECT_NE(lost.find("machine 1-1 tripped"), nullptr);
  fmt::print("slipped at {:.3f} s, open at {:.3f} s, laid to {}\n", slipped->time_s, open->time_s,
             cause_of(lost, *open).text);
}

TEST(LineProtection, AnEndSeesAFaultNearTheOtherInZoneTwoAndItsMeterMeasuresTheFaultedLine) {
  // At 90 % from bus 2: zone 1 of the end at bus 3, which opens the line; the end at bus 2 measures 0.9 of X.
  const CaseRun run(relay_grid(
      kDistance +
          event(
              1,
              "line_fault = { branch = \"2-3\", near = 2, at_percent = 90, bolted = true, clearing_s = 3 }"),
      2));
  const LoggedEvent* near = run.find("distance-from: watching to picked up");
  const LoggedEvent* tripped = run.find("distance-to: picked up to tripped");
  ASSERT_TRUE(near != nullptr && tripped != nullptr);
  fmt::print("impedance {:.5f} pu, by hand {:.5f}\n", near->value, 0.9 * std::hypot(0.001, 0.05));
  EXPECT_NEAR(near->value, 0.9 * std::hypot(0.001, 0.05), 2e-4);
  EXPECT_NEAR(tripped->time_s, 1 + 1.2 / 60, 1e-6);
  EXPECT_EQ(run.find("distance-from: picked up to tripped"), nullptr);
}

TEST(LineProtection, AFaultBeyondTheLineIsLeftToOthersForHalfASecond) {
  // A fault at bus 2 lies behind the end there and 100 % ahead of the end at bus 3: zone 2, 30 cycles.
  const CaseRun cleared(relay_grid(
      kDistance + event(1, "fault = { bus = 2, residual_voltage_pu = 0.05, duration_s = 0.2 }"), 2));
  EXPECT_EQ(cleared.find("tripped"), nullptr);
  const CaseRun stays(relay_grid(
      kDistance + event(1, "fault = { bus = 2, residual_voltage_pu = 0.05, duration_s = 0.7 }"), 2));
  EXPECT_NEAR(stays.event("distance-to: picked up to tripped"), 1.5, 1e-6);
}

TEST(LineProtection, OvercurrentNeedsARating) {
  const CaseRun run(relay_grid(
      "[[line_protection]]\nbranch = \"2-3\"\novercurrent = { curve = \"IEC-very-inverse\", pickup = "
      "1.5, TMS = 0.1 }\n" +
          event(1, "fault = { bus = 2, residual_voltage_pu = 0.2, duration_s = 3 }"),
      3));
  const LoggedEvent* up = run.find("overcurrent: watching to picked up");
  const LoggedEvent* tripped = run.find("overcurrent: picked up to tripped");
  ASSERT_TRUE(up != nullptr && tripped != nullptr);
  const double M = up->value / 1.5;
  fmt::print("{:.4f} s at {:.2f} times the pick-up, by hand {:.4f} s\n", tripped->time_s - up->time_s, M,
             1.35 / (M - 1));
  EXPECT_NEAR(tripped->time_s - up->time_s, 1.35 / (M - 1),
              0.05 * 1.35 / (M - 1));  // the fault current moves
  std::string unrated =
      relay_grid("[[line_protection]]\nbranch = \"2-3\"\nthermal = { pickup = 1, tau_s = 600 }\n");
  unrated.replace(unrated.rfind("rate_MVA = 300"), 14, "");
  EXPECT_NE(problem_of(unrated).find("no rating"), std::string::npos);
}

TEST(ShuntSwitching, ACapacitorComesInWhenTheVoltageStaysLow) {
  const std::string shunt = "[[shunt]]\nbus = 2\nB_Mvar = 60\nin_service = false\n";
  const CaseRun run(
      relay_grid(shunt + "[[shunt_switching]]\nshunt = \"2-1\"\nV_low = 0.99\nV_high = 1.08\ndelay_s = 2\n" +
                     event(1, "load_step = { load = \"2-1\", active_factor = 1, reactive_factor = 6 }"),
                 6));
  EXPECT_NEAR(run.event("switched in"), 3, 1e-3);
  EXPECT_LT(run.at("bus.voltage", 2.9, "2"), 0.99);
  EXPECT_GT(run.at("bus.voltage", 5.9, "2"), 0.99);
  EXPECT_EQ(run.at("protection.switch.in", 5.9), 1);
}

TEST(ShuntSwitching, ASwitchedShuntOfARawFileStepsUpUntilTheVoltageIsBack) {
  const auto folder = std::filesystem::temp_directory_path() / fmt::format("ballast-steps-{}", getpid());
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "grid.raw")
      << "0, 100.0, 33, 0, 1, 60.0 / three buses\nsteps\n\n"
         "1,'A',230.0,2,1,1,1,1.02,0.0,1.1,0.9,1.1,0.9\n2,'B',230.0,1,1,1,1,1.0,0.0,1.1,0.9,1.1,0.9\n"
         "3,'C',230.0,3,1,1,1,1.0,0.0,1.1,0.9,1.1,0.9\n0 / END OF BUS DATA\n"
         "2,'1',1,1,1,100.0,20.0,0.0,0.0,0.0,0.0,1,1,0\n0 / END OF LOAD DATA\n0 / END OF FIXED SHUNT DATA\n"
         "1,'1',80.0,0.0,150.0,-150.0,1.02,0,200.0,0.0,0.25,0.0,0.0,1.0,1,100.0,200.0,0.0,1,1.0\n"
         "3,'1',0.0,0.0,999.0,-999.0,1.0,0,100.0,0.0,0.001,0.0,0.0,1.0,1,100.0,999.0,-999.0,1,1.0\n"
         "0 / END OF GENERATOR DATA\n1,2,'1',0.001,0.05,0.0,300.0,300.0,300.0,0.0,0.0,0.0,0.0,1,1,0.0,1,1.0\n"
         "2,3,'1',0.001,0.05,0.0,300.0,300.0,300.0,0.0,0.0,0.0,0.0,1,1,0.0,1,1.0\n0 / END OF BRANCH DATA\n"
         "0 / TRANSFORMER\n0 / AREA\n0 / TWO-TERMINAL DC\n0 / VSC DC\n0 / IMPEDANCE CORRECTION\n0 / "
         "MULTI-TERMINAL "
         "DC\n0 / MULTI-SECTION LINE\n0 / ZONE\n0 / INTER-AREA\n0 / OWNER\n0 / FACTS\n"
         "2,0,0,1,1.1,0.9,0,100.0,' ',30.0,4,30.0\n0 / END OF SWITCHED SHUNT DATA\n0 / GNE\nQ\n";
  std::ofstream(folder / "grid.dyr") << "1 'GENCLS' 1 5.0 0.0 /\n3 'GENCLS' 1 0.0 0.0 /\n";
  const CaseRun run(fmt::format(
      "[case]\ntitle = \"steps\"\n[network]\nraw = \"{0}/grid.raw\"\ndyr = \"{0}/grid.dyr\"\n{1}"
      "[[shunt_switching]]\nswitched_shunt = \"2\"\nV_low = 0.985\nV_high = 1.08\ndelay_s = 2\n{2}"
      "[simulation]\nuntil_s = 12\n[output]\nrecord = [\"bus.voltage\"]\n",
      folder.string(), testing::kLoads,
      event(1, "load_step = { load = \"2-1\", active_factor = 1, reactive_factor = 7 }")));
  // 30 Mvar at rest; 140 Mvar on 50 pu of short-circuit susceptance lower the voltage, 30 Mvar raise it by
  // 0.01 pu or so. Each step takes the delay anew, the last one leaves the voltage inside the band.
  EXPECT_LT(run.at("bus.voltage", 1.1, "2"), 0.985);
  int steps = 0;
  for (const LoggedEvent& e : run.record.events)
    if (e.kind == "shunt-switched") {
      ++steps;
      EXPECT_NEAR(e.time_s, 1 + 2 * steps, 5e-3) << e.text;
      EXPECT_NE(e.text.find(fmt::format("from {} to {} Mvar", 30 * steps, 30 * steps + 30)),
                std::string::npos)
          << e.text;
      EXPECT_NE(cause_of(run, e).text.find("SHUNTSWITCH"), std::string::npos);
    }
  fmt::print("{} steps, {:.4f} pu before, {:.4f} pu after\n", steps, run.at("bus.voltage", 1.1, "2"),
             run.at("bus.voltage", 11.9, "2"));
  EXPECT_GE(steps, 2);
  EXPECT_LE(steps, 3);
  EXPECT_TRUE(steps == 3 || run.at("bus.voltage", 11.9, "2") > 0.985);
  std::filesystem::remove_all(folder);
}

TEST(Scan, AlarmsOperateNothingAndCauseNothing) {
  const CaseRun run(
      relay_grid("[scan]\nbranch = \"all\"\nmachine = \"all\"\nsettings = \"PRC-024-voltage\"\n" +
                     event(1, "fault = { bus = 2, residual_voltage_pu = 0.1, duration_s = 0.25 }"),
                 2));
  // Both lines end at bus 2: 2-3 is seen from bus 3, 1-2 from bus 1; 0.15 s below 0.45 pu at the machine.
  for (const char* alarm : {"scan-2-3-1.distance-to: picked up to open (only alarms)",
                            "scan-1-2-1.distance-from: picked up to open (only alarms)"}) {
    const LoggedEvent* found = run.find(alarm);
    ASSERT_NE(found, nullptr) << alarm;
    EXPECT_EQ(found->kind, "alarm");
    EXPECT_EQ(cause_of(run, *found).kind, "fault");
  }
  EXPECT_EQ(run.find("line 2-3 '1' opened"), nullptr);
  EXPECT_EQ(run.find("machine 1-1 tripped"), nullptr);
  for (const LoggedEvent& e : run.record.events) EXPECT_NE(cause_of(run, e).kind, "alarm") << e.text;
}

/// The grid with a dynamics file of relay records beside it.
std::string with_records(const std::string& records, const std::filesystem::path& folder) {
  std::ofstream(folder / "relays.dyr") << records;
  std::string text = relay_grid(kIsland, 4);
  return text.insert(text.find("base_MVA = 100"), "dyr = \"relays.dyr\"\n");
}

TEST(RelayRecords, OfADynamicsFileBecomeRelays) {
  const auto folder = std::filesystem::temp_directory_path() / fmt::format("ballast-relays-{}", getpid());
  std::filesystem::create_directories(folder);
  const std::string distance =
      "2 'DISTR1' 3 '1' 1 {} 1 0 0 0 0 0 0 0 0 0 1 .04 85 .02 30 .06 85 .03 60 .1 85 .05 0 1.2 2 1E7 1E7 1E7 "
      "{} 0 0 0 "
      "0 0 /\n";
  const auto read = [&](const std::string& records) {
    return read_case_text(with_records(records, folder), folder / "small.toml");
  };
  const Case c = read(
      "901 'FRQTPAT' 2 1 '1' 57.5 61.8 .1 .05 /\n902 'VTGTPAT' 1 1 '1 ' .45 1.2 .15 .05 /\n"
      "2 'LVSHBL' '1' 2 .9 1 .1 .8 .5 .2 0 0 0 .08 /\n"
      "2 'LDSHBL' '2' 3 59.3 .1 .05 58.9 .1 .1 58.5 .1 .1 .05 /\n"
      "7 'LVSHBL' '1' 2 .9 1 .1 .8 .5 .2 0 0 0 .08 /\n" +
      fmt::format(fmt::runtime(distance), 1, 0));
  const auto part = [&](const std::string& plant, const std::string& name) -> const Part& {
    for (const Plant& p : c.plants)
      if (p.kind == "protection" && p.name == plant)
        for (const Part& one : p.parts)
          if (one.name == name) return one;
    throw Error(plant + "." + name, "is not there");
  };
  EXPECT_EQ(part("FRQTPAT-901", "relay").parameters, (std::vector<double>{57.5, 61.8, 0.1, 0.05}));
  EXPECT_EQ(part("FRQTPAT-901", "meter").at_bus, c.network.find_bus(2));
  EXPECT_EQ(part("VTGTPAT-902", "relay").orders.front().plant, "1-1");
  EXPECT_EQ(part("LVSHBL-2-1", "stage-2").parameters, (std::vector<double>{0.8, 0.5, 0.08, 0.2, 0, 0}));
  EXPECT_EQ(part("LDSHBL-2-2", "stage-3").parameters, (std::vector<double>{58.5, 0.1, 0.05, 0.1, 0, 0}));
  EXPECT_EQ(part("DISTR1-2-3-1", "relay").parameters,
            (std::vector<double>{1, .04, 85, .02, 30, .06, 85, .03, 60, .1, 85, .05, 1.2, 2, 0}));
  EXPECT_EQ(std::count_if(c.record_uses.begin(), c.record_uses.end(),
                          [](const RecordUse& use) { return use.fate == RecordUse::Fate::UNUSED; }),
            1);
  const auto says = [&](const std::string& records, const std::string& words) {
    std::string all;
    try {
      (void)read(records);
    } catch (const Error& error) {
      all = error.what();
    }
    EXPECT_NE(all.find(words), std::string::npos) << all;
  };
  says(fmt::format(fmt::runtime(distance), 2, 0), "relay type 2");
  says(fmt::format(fmt::runtime(distance), 1, 1), "blinders");
  says("901 'FRQTPAT' 2 1 '1' 57.5 61.8 .1 /\n", "it needs 6");
  std::filesystem::remove_all(folder);
}

TEST(Protection, WhatIsWrongIsSaidWithItsPlace) {
  const auto says = [](const std::string& tables, const std::string& words) {
    const std::string all = problem_of(relay_grid(tables));
    EXPECT_NE(all.find(words), std::string::npos) << all;
    EXPECT_NE(all.find("small.toml:"), std::string::npos) << all;
  };
  says("[[load_shedding]]\nload = \"2-1\"\n", "no stages");
  says("[[load_shedding]]\nload = \"2-1\"\nstages = [{ share = 0.1, delay_s = 1 }]\n", "no threshold");
  says(
      "[[load_shedding]]\nload = \"2-1\"\nstages = [{ f_Hz = 59, share = 0.6, delay_s = 1 }, { f_Hz = 58, "
      "share = 0.5, "
      "delay_s = 1 }]\n",
      "1.1 of the load");
  says(
      "[[load_shedding]]\nload = \"2-1\"\nplan = \"ERCOT-2026\"\n[[load_shedding]]\nload = \"2-1\"\nplan = "
      "\"ERCOT-2026\"\n",
      "second plant");
  says("[[protection]]\nmachine = \"1-1\"\n", "no elements");
  says("[[protection]]\nsettings = \"PRC-024-ERCOT\"\n", "protects nothing");
  says("[[protection]]\nload = \"2-1\"\noverspeed = {}\n", "no machine");
  says("[[protection]]\nmachine = \"1-1\"\nsettings = \"PRC-024-ECROT\"\n", "PRC-024-ERCOT");
  says("[[line_protection]]\nbranch = \"2-3\"\n", "no relay");
  says(
      "[[line_protection]]\nbranch = \"2-3\"\nthermal = { pickup = 1, tau_s = 600 }\nrecloser = { dead_1 = 1 "
      "}\n",
      "nothing starts");
}

}  // namespace
}  // namespace ballast
