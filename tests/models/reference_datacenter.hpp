/// \file
/// Rows of reference data of data centers, their static load and their storage.
#pragma once

#include "tests/models/reference_row.hpp"

namespace ballast::test {

// ---- loads
template <>
inline ReferenceRow reference_row<ZipLoad>() {
  using M = ZipLoad;
  const auto at = [](const char* name, double Vr, double Vi) {
    return OperatingPoint{name, {{M::VR, Vr}, {M::VI, Vi}}, {}};
  };
  ReferenceRow row;
  row.parameters = {20, 5, 30, 10, 50, 15, 0.7};
  row.alternatives = {{{M::PZ, 0}, {M::QZ, 0}, {M::PI, 0}, {M::QI, 0}},
                      {{M::PI, 0}, {M::QI, 0}, {M::PP, 0}, {M::QP, 0}},
                      {{M::PP, -50}}};
  row.rests = {at("nominal", 1, 0), at("low, turned", -0.3, 0.75), at("below pqbrak", 0.4, 0.1)};
  row.in = {kVoltage, kVoltage, {0, 1.5}, {0, 1.5}};
  row.swings = {
      {"voltage swing through pqbrak", at("nominal", 1, 0), {{M::VR, 0.6, 0.5}}, 10, {M::LOW_VOLTAGE}}};
  return row;
}

template <>
inline ReferenceRow reference_row<Ldfr>() {
  using M = Ldfr;
  ReferenceRow row = reference_row<ZipLoad>();
  row.parameters.insert(row.parameters.end(), {1.5, -1, 0.8, -2});
  for (OperatingPoint& rest : row.rests) rest.in.push_back({M::FRAME_SPEED, 1});
  row.in.push_back(kSpeed);
  for (Swing& swing : row.swings) swing.start.in.push_back({M::FRAME_SPEED, 1});
  return row;
}

// ---- data centers
template <>
inline ReferenceRow reference_row<TrainingLoad>() {
  using M = TrainingLoad;
  enum { CHECKPOINT_INTERVAL = 17 };
  ReferenceRow row;
  row.parameters = {1,   0.7, 1,    0.5, 0.2,    0.1, 0.3,  0.001, 0.001, 0.05,   1,
                    0.2, 1,   5,    0.2, kNever, 0.5, 1800, 20,    0.25,  kNever, 0,
                    0.5, 300, 0.35, 0.9, 7200,   60,  0.45, 0.02,  1,     0.45};
  row.alternatives = {{{CHECKPOINT_INTERVAL, kNever}}};
  row.rests = {{"before the job starts", {{M::TIME, 0}}, {}},
               {"behind a consumer", {{M::TIME, 0}}, {{M::P_IT, 0.2}}}};
  row.refusals = {{{"another power", {{M::TIME, 0}}, {{M::P_IT, 0.5}}}, "initial_level"}};
  row.in = {{0, 100}};
  row.held = std::vector<Range>(M::kHeld, Range{-2, 2});
  row.modes = {{0, 6}, {0, 4}};
  return row;
}
template <>
inline ReferenceRow reference_row<InferenceLoad>() {
  using M = InferenceLoad;
  ReferenceRow row;
  row.parameters = {0.6, 0.04, 20, 2, 1, 11, 5, 0.05, 120, 30};
  row.rests = {{"before it varies", {{M::TIME, 0}}, {}},
               {"behind a consumer", {{M::TIME, 0}}, {{M::P_IT, 0.6}}}};
  row.refusals = {{{"another power", {{M::TIME, 0}}, {{M::P_IT, 0.5}}}, "mean_level"}};
  row.in = {{0, 100}};
  row.held = std::vector<Range>(M::kHeld, Range{-2, 2});
  row.modes = {{0, 1}};
  return row;
}
/// A source rests at its own level, or where a consumer wants just that.
template <class M>
void add_source_rests(ReferenceRow& row, double level, const char* named) {
  row.rests = {{"before it starts", {{M::TIME, 0}}, {}},
               {"behind a consumer", {{M::TIME, 0}}, {{M::P_IT, level}}}};
  row.refusals = {{{"another power", {{M::TIME, 0}}, {{M::P_IT, level + 0.1}}}, named}};
  row.in = {{0, 100}};
  row.held = std::vector<Range>(M::kHeld, Range{-2, 2});
}
template <>
inline ReferenceRow reference_row<StochasticLoad>() {
  ReferenceRow row;
  row.parameters = {1, 0.1, 0.7, 0.9, 0.05, 0.3, 0.035, 0.02, 0.05, 0.01, 5, 0.8, 1};
  add_source_rests<StochasticLoad>(row, 0.8, "initial_level");
  row.modes = {{0, 1}, {0, 1}};
  return row;
}
template <>
inline ReferenceRow reference_row<ForcedLoad>() {
  enum { WAVEFORM = 0 };
  ReferenceRow row;
  row.parameters = {0, 1, 0.5, 0.5, 0.25, 1, 8, 0.4, 0.3, 0.1, 0.01};
  row.alternatives = {{{WAVEFORM, 1}}, {{WAVEFORM, 2}}};
  add_source_rests<ForcedLoad>(row, 0.4, "low");
  row.modes = {{0, 2}, {0, 1}, {0, 1}};
  return row;
}
template <>
inline ReferenceRow reference_row<ReinforcementLoad>() {
  enum { TAIL_FRACTION = 2 };
  ReferenceRow row;
  row.parameters = {30, 0.7, 0.3,  0.3,  0.1, 5, 0.2,  0.05, 20,     8,
                    1,  0.7, 0.95, 0.45, 0.1, 3, 0.75, 1,    kNever, 0.12};
  row.alternatives = {{{TAIL_FRACTION, 0}}};
  add_source_rests<ReinforcementLoad>(row, 0.75, "initial_level");
  row.modes = {{0, 3}, {0, 4}};
  return row;
}
template <>
inline ReferenceRow reference_row<ServingLoad>() {
  ReferenceRow row;
  row.parameters = {100, 1, 10, 500, 8, 0.5, 0.15, 0.7, 0.9, 0.3, 12, 15, 1, 4, 1};
  const auto d = ServingLoad::derive<double>(row.parameters.data(), row.ratings);
  add_source_rests<ServingLoad>(row, ServingLoad::rest_power(d), "IT power");
  row.modes = {{0, 2}};
  return row;
}
template <>
inline ReferenceRow reference_row<TraceLoad>() {
  enum { REPEAT = 3 };
  ReferenceRow row;
  row.table = {0, 300, 1, 500, 1.5, 400};
  row.parameters = {0.001, 0.1, 0.5, 1, 1};
  row.alternatives = {{{REPEAT, 0}}};
  add_source_rests<TraceLoad>(row, 0.5, "trace");
  row.modes = {{0, 2}};
  return row;
}
template <>
inline ReferenceRow reference_row<JobMix>() {
  using M = JobMix;
  ReferenceRow row;
  row.parameters = {0.9, 0.05, 0.05, 0, 0, 0, 0, 0};
  const Numbers in{{0, 0.8}, {1, 0.6}, {2, 0.4}};
  row.rests = {{"three jobs", in, {}}, {"behind a consumer", in, {{M::P_IT, 0.77}}}};
  row.refusals = {{{"another power", in, {{M::P_IT, 0.8}}}, "sum of the jobs"}};
  row.in = std::vector<Range>(M::kInputs, Range{0, 1.2});
  return row;
}
template <>
inline ReferenceRow reference_row<PowerSmoothing>() {
  using M = PowerSmoothing;
  enum { FLOOR = 0, RAMP_UP = 2, RAMP_DOWN = 3 };
  const Numbers busy{{M::P_REQ, 0.8}};
  ReferenceRow row;
  row.parameters = {0.6, 1, 0.5, 0.2, 2, 0.01, 0.01, 0.3, 5};
  row.alternatives = {{{RAMP_UP, kNever}, {RAMP_DOWN, kNever}}};
  row.rests = {{"following", busy, {}},
               {"behind a consumer", busy, {{M::P_IT, 0.8}}},
               {"burning on its floor", {{M::P_REQ, 0.5}}, {{M::P_IT, 0.6}}, {M::WASTED}},
               {"idle", {{M::P_REQ, 0.1}}, {{M::P_IT, 0.1}}}};
  row.refusals = {{{"below its floor", {{M::P_REQ, 0.5}}, {{M::P_IT, 0.5}}}, "inside the box"},
                  {{"a floor above the cap", busy, {}}, "floor", {{FLOOR, 1.1}}}};
  row.x = {{0, 1}, {0, 10}};
  row.in = {{0, 1.2}};
  row.modes = {{0, 1}, {0, 1}, {0, 2}};
  return row;
}
template <>
inline ReferenceRow reference_row<SoftwareFiller>() {
  using M = SoftwareFiller;
  enum { LEVEL = 0 };
  const Numbers busy{{M::P_REQ, 0.95}};
  ReferenceRow row;
  row.parameters = {0.9, 1, 0.01, 0.3, 5};
  row.rests = {{"nothing to fill", busy, {}},
               {"behind a consumer", busy, {{M::P_IT, 0.95}}},
               {"filling", {{M::P_REQ, 0.5}}, {{M::P_IT, 0.9}}, {M::WASTED}},
               {"idle", {{M::P_REQ, 0.1}}, {{M::P_IT, 0.1}}}};
  row.refusals = {{{"not filled", {{M::P_REQ, 0.5}}, {{M::P_IT, 0.5}}}, "filled up"},
                  {{"a level above the cap", busy, {}}, "level", {{LEVEL, 1.1}}}};
  row.x = {{0, 1}, {0, 10}};
  row.in = {{0, 1.2}};
  row.modes = {{0, 1}, {0, 1}};
  return row;
}
template <>
inline ReferenceRow reference_row<RackStorage>() {
  using M = RackStorage;
  enum { RAMP_LIMIT = 4 };
  const Numbers busy{{M::P_REQ, 0.8}};
  ReferenceRow row;
  row.parameters = {0.065, 0.8, 2, 10, 1, 0.005, 0.5, 0.98, 0.97};
  row.alternatives = {{{RAMP_LIMIT, kNever}}};
  row.rests = {{"at a load", busy, {}}, {"behind a consumer", busy, {{M::P_IT, 0.8}}}};
  row.refusals = {{{"another power", busy, {{M::P_IT, 0.7}}}, "storage at rest"}};
  row.x = {{0, 1}, {-0.001, 0.066}, {0, 1}};
  row.in = {{0, 1.2}};
  return row;
}
template <>
inline ReferenceRow reference_row<Ups>() {
  using M = Ups;
  const auto at = [](const char* name, double Vr, double Vi, double P_it) {
    return OperatingPoint{name,
                          {{M::VR, Vr},
                           {M::VI, Vi},
                           {M::P_IT, P_it},
                           {M::TIME, 0},
                           {M::FREQUENCY, 1},
                           {M::ROCOF, 0},
                           {M::GENERATOR, 0}},
                          {}};
  };
  ReferenceRow row;
  row.parameters = {0.96, 0.98, 1.2, 0.85, 1.1, 0.02,   0.6, 0.01, 10,   3,    10,
                    0.9,  0.01, 3,   60,   0,   kNever, 300, 0.1,  0.05, 0.95, kNever};
  row.parameters.insert(row.parameters.end(), std::begin(M::kPlain), std::end(M::kPlain));
  for (const auto& [time, typical] :
       {std::pair(M::ALERT_S, 3600), std::pair(M::OVERLOAD_1_S, 60), std::pair(M::BYPASS_RETURN_S, 60),
        std::pair(M::BYPASS_LIMIT_S, 60), std::pair(M::RETRANSFER_S, 600)})
    row.parameters[time] = typical;
  row.alternatives = {{{M::DIRECT, 1}, {M::DIRECT_EFFICIENCY, 0.99}, {M::DIRECT_POWER_FACTOR, 0.97}}};
  row.rests = {at("full load", 1, 0, 1), at("half load, turned", -0.6, 0.75, 0.5), at("no load", 1.05, 0, 0)};
  row.refusals = {{at("dead bus", 0, 0, 1), "bus voltage"},
                  {at("more than the rectifier carries", 0.9, 0, 1.1), "active power"}};
  row.x = {{-1, 301}};
  row.in = {kVoltage, kVoltage, {0, 1.2}, {0, 100}, kSpeed, {-2, 2}, {0, 1}};
  row.held = std::vector<Range>(M::kHeld, Range{0, 1});
  row.modes = {{0, 7}, {-1, 1}, {0, 1}, {0, 2}, {0, 1}, {0, 1},
               {0, 1}, {0, 1},  {0, 1}, {0, 1}, {0, 1}, {0, 1}};
  row.swings = {
      {"voltage swing through the current limit",
       at("overload", 1, 0, 1.1),
       {{M::VR, 0.08, 0.5}},
       10,
       {M::CURRENT}},
      {"recharge that tapers", at("full load", 1, 0, 1), {}, 120, {M::RECHARGE}, {}, {{M::ENERGY, 280}}}};
  return row;
}

template <>
inline ReferenceRow reference_row<BlockTotal>() {
  ReferenceRow row;
  const auto of_blocks = [](const char* name, int blocks) {
    OperatingPoint point{name, {}, {}};
    for (int k = 0; k < BlockTotal::kInputs; ++k)
      point.in.emplace_back(k, k % BlockTotal::kBlocks < blocks ? 10 : 0);
    return point;
  };
  row.rests = {of_blocks("three blocks", 3), of_blocks("all blocks", BlockTotal::kBlocks)};
  row.in = std::vector<Range>(BlockTotal::kInputs, Range{0, 100});
  return row;
}

template <>
inline ReferenceRow reference_row<Psu>() {
  using M = Psu;
  const auto at = [](const char* name, double Vr, double Vi, double P_it) {
    return OperatingPoint{name, {{M::VR, Vr}, {M::VI, Vi}, {M::P_IT, P_it}, {M::TIME, 0}}, {}};
  };
  ReferenceRow row;
  row.parameters = {0.96, 0.99, 1.25, 0.5,    0.02, 0.92, 0.02,  0.1,   0.05, 240,  0.5, 0.004,
                    0.2,  0.05, 0.9,  1,      60,   30,   0.004, 0.8,   0.7,  0.02, 0.8, 0.5,
                    0.9,  10,   0,    kNever, 1.1,  0.5,  1.2,   0.003, 1.4,  0.001};
  row.rests = {at("full load", 1, 0, 1), at("half load, turned", -0.6, 0.75, 0.5), at("no load", 1.05, 0, 0)};
  row.refusals = {{at("dead bus", 0, 0, 1), "bus voltage"},
                  {at("more than the input carries", 0.95, 0, 1.2), "active power"}};
  row.x = {{0, 0.02}, {-1, 241}};
  row.in = {kVoltage, kVoltage, {0, 1.2}, {0, 100}};
  row.held = std::vector<Range>(M::kHeld, Range{0, 1});
  row.modes = {{0, 4}, {0, 2}, {0, 1}};
  for (int k = 0; k < M::kLevels; ++k) row.modes.push_back({0, 1});
  row.swings = {{"recharge of the racks that tapers",
                 at("full load", 1, 0, 1),
                 {},
                 600,
                 {M::BBU_RECHARGE},
                 {},
                 {{M::BBU_ENERGY, 220}}},
                {"recharge of the capacitors that tapers",
                 at("full load", 1, 0, 1),
                 {},
                 5,
                 {M::RECHARGE},
                 {},
                 {{M::HOLD_UP, 0.015}}},
                {"voltage swing", at("full load", 1, 0, 1), {{M::VR, 0.2, 5}}, 1, {M::CURRENT}}};
  return row;
}
template <>
inline ReferenceRow reference_row<Genset>() {
  using M = Genset;
  ReferenceRow row;
  row.parameters = {0.02, 1.5, 10, 300, 0.8, 0.03, 20, 1, 0.1, 0.65, 3, 1.1, 0.8};
  row.rests = {{"standstill", {{M::P_OFF, 0}, {M::P_BACKUP, 0}}, {}},
               {"standstill, less off the grid than starts them", {{M::P_OFF, 2}, {M::P_BACKUP, 0}}, {}}};
  row.x = {{-0.1, 0.1}, {0, 1}, {0, 1}, {0, 1}};
  row.in = {{0, 100}, {0, 100}};
  row.modes = {{0, 8}, {0, 1}, {0, 1}, {0, 1}, {0, 1}};
  return row;
}

// ---- storage
template <>
inline ReferenceRow reference_row<Reservoir>() {
  using M = Reservoir;
  ReferenceRow row;
  row.parameters = {2, 1, 1, 60, 0.1, 0.5, 0.6, 0.1, 0.9, 0.05, 0.95, 0.93};
  row.alternatives = {{{M::SMOOTHING_GAIN, 0}, {M::RECENTRING_GAIN, 0}}};
  row.rests = {
      {"idle", {{M::P_TERMINAL, 0}, {M::P_LOAD, 0}}, {{M::PREF, 0}}},
      {"beside a load", {{M::P_TERMINAL, 0}, {M::P_LOAD, 120}}, {{M::PREF, 0}}},
      {"discharging: the charge moves", {{M::P_TERMINAL, 0.8}, {M::P_LOAD, 0}}, {{M::PREF, 0.8}}, {M::SOC}}};
  row.refusals = {
      {{"beyond its power", {{M::P_TERMINAL, 1.2}, {M::P_LOAD, 0}}, {{M::PREF, 1.2}}}, "active power"},
      {row.rests.front(), "soc_initial", {{M::SOC_INITIAL, 0.95}}}};
  row.x = {{0, 2}, {0.05, 0.95}};
  row.in = {{-1, 1}, {0, 300}, {-1, 1}};
  row.modes = {{0, 2}};
  row.swings = {{"a swing of power", row.rests.front(), {{M::P_TERMINAL, 0.5, 0.05}}, 40, {}}};
  return row;
}
template <>
inline ReferenceRow reference_row<Bess>() {
  using M = Bess;
  enum {
    ENERGY_H = 0,
    REACTIVE_PRIORITY = 3,
    DROOP_GAIN = 9,
    VOLTAGE_GAIN = 11,
    SOC_INITIAL = 17,
    SHAVING = 23,
    METER_LIMIT
  };
  const Numbers nominal{{M::FREQUENCY, 1}, {M::P_LOAD, 0}};
  const auto at = [&](const char* name, double V, double degrees, double P, double Q) {
    OperatingPoint point = with(at_bus<M>(name, V, degrees, P, Q), nominal);
    if (P != 0) point.moving = {M::SOC};  // only the state of charge moves
    return point;
  };
  const OperatingPoint idle = at("idle", 1, 30, 0, 0);
  ReferenceRow row;
  row.parameters = {2, 1,  1.1, 0,   0.02, 0.02, 0.02, 0.2,  0.05, 20,   0.0006, 2, 0.02,
                    1, 60, 0.1, 0.5, 0.5,  0.1,  0.9,  0.05, 0.95, 0.93, 0,      1};
  row.alternatives = {{{REACTIVE_PRIORITY, 1}},
                      {{DROOP_GAIN, 0}, {VOLTAGE_GAIN, 0}},
                      {{SHAVING, 1}, {METER_LIMIT, 0.5}},
                      {{SHAVING, 2}}};
  row.rests = {idle, at("discharging", 1.02, -20, 0.9, 0.3), at("charging", 0.97, 100, -1.2, -0.2),
               with(at_bus<M>("beside a load", 1, 0, 0, 0), {{M::FREQUENCY, 1}, {M::P_LOAD, 120}})};
  row.refusals = {{at("beyond its power", 1, 0, 1.6, 0), "active power"},
                  {at("beyond its current", 1, 0, 1.2, 1.5), "converter current"},
                  {at("dead bus", 1e-3, 0, 0, 0), "bus voltage"},
                  {idle, "soc_initial", {{SOC_INITIAL, 0.95}}},
                  {idle, "at the meter", {{SHAVING, 1}, {METER_LIMIT, -0.2}}}};
  row.x = {{0, 1.2}, {0, 2}, {-1.1, 1.1}, {-1.1, 1.1}, {0.05, 0.95}};
  row.in = {kVoltage, kVoltage, kSpeed, {0, 300}, {-1, 1}, {-1, 1}, {0.9, 1.1}, {-1, 3}, {0, 2}};
  row.modes = {{0, 1}};
  const OperatingPoint level = at("idle", 1, 0, 0, 0);
  row.swings = {{"frequency swing", level, {{M::FREQUENCY, 0.08, 0.1}}, 40, {M::FREQUENCY_BAND, M::POWER}},
                {"voltage swing", level, {{M::VR, 0.4, 0.2}}, 20, {M::VOLTAGE_BAND}},
                {"both orders beyond the converter, active first",
                 level,
                 {{M::PREF, 1.5, 0.2}, {M::QREF, 1.5, 0.2}, {M::VR, -0.3, 0.2}},
                 20,
                 {M::POWER, M::FIRST_CURRENT, M::SECOND_CURRENT}},
                {"both orders beyond the converter, reactive first",
                 level,
                 {{M::PREF, 1.5, 0.2}, {M::QREF, 1.5, 0.2}},
                 20,
                 {M::POWER, M::FIRST_CURRENT, M::SECOND_CURRENT},
                 {{REACTIVE_PRIORITY, 1}}},
                {"empty and full in turn",
                 level,
                 {{M::PREF, 0.8, 0.02}},
                 150,
                 {M::DISCHARGE_ROOM, M::CHARGE_ROOM},
                 {{ENERGY_H, 0.003}}}};
  return row;
}

}  // namespace ballast::test
