#include <gmock/gmock.h>

#include <bit>
#include <chrono>
#include <cstdint>
#include <limits>

#include "tests/viz/synthetic_run.hpp"

namespace ballast {
namespace {

using namespace test;
using testing::HasSubstr;

void expect_same_bits(const std::vector<double>& read, const std::vector<double>& kept,
                      const std::string& what) {
  ASSERT_EQ(read.size(), kept.size()) << what;
  for (std::size_t i = 0; i < read.size(); ++i)
    ASSERT_EQ(std::bit_cast<std::uint64_t>(read[i]), std::bit_cast<std::uint64_t>(kept[i]))
        << what << " " << i;
}

/// A record written, and the same run kept in memory.
struct Pair {
  Record read, kept;
};

Pair round_trip(const ScratchFolder& scratch, int samples = 200) {
  MemoryRecorder memory;
  play(memory, samples);
  RecordWriter writer(scratch / "record.h5");
  play(writer, samples);
  return {read_record(scratch / "record.h5"), memory.record()};
}

TEST(Record, ValuesAndTimesComeBackBitForBit) {
  const ScratchFolder scratch;
  for (const int samples :
       {1, 200, 5000}) {  // less than, about and more than what is gathered between writes
    const Pair pair = round_trip(scratch, samples);
    expect_same_bits(pair.read.times_s, pair.kept.times_s, "time");
    ASSERT_EQ(pair.read.values.size(), pair.kept.values.size());
    for (std::size_t q = 0; q < pair.kept.values.size(); ++q)
      expect_same_bits(pair.read.values[q], pair.kept.values[q], pair.kept.schema.quantities[q].name);
  }
}

TEST(Record, NotANumberAndInfinityComeBack) {
  const ScratchFolder scratch;
  const Schema schema{{{"x", "1", "", {"a", "b", "c"}, {}}}};
  const std::vector<double> values = {std::numeric_limits<double>::quiet_NaN(),
                                      -std::numeric_limits<double>::infinity(), -0.0};
  RecordWriter writer(scratch / "r.h5");
  writer.begin({}, schema, Network{});
  writer.sample(0, values);
  writer.end({true, "completed", 0});
  expect_same_bits(read_record(scratch / "r.h5").values[0], values, "x");
}

TEST(Record, SchemaCaseAndNetworkComeBack) {
  const ScratchFolder scratch;
  const Pair pair = round_trip(scratch);
  const RunInfo info = ring_info();
  EXPECT_EQ(pair.read.info.title, info.title);
  EXPECT_EQ(pair.read.info.case_path, info.case_path);
  EXPECT_EQ(pair.read.info.case_text, info.case_text);
  EXPECT_EQ(pair.read.info.versions, info.versions);
  EXPECT_EQ(pair.read.info.options, info.options);
  for (std::size_t q = 0; q < pair.kept.schema.quantities.size(); ++q) {
    const Quantity &read = pair.read.schema.quantities[q], &kept = pair.kept.schema.quantities[q];
    EXPECT_EQ(read.name, kept.name);
    EXPECT_EQ(read.unit, kept.unit);
    EXPECT_EQ(read.meaning, kept.meaning);
    EXPECT_EQ(read.elements, kept.elements) << read.name;
    EXPECT_EQ(read.indices, kept.indices) << read.name;
  }
  ASSERT_EQ(pair.read.network.buses.size(), 5U);
  EXPECT_EQ(pair.read.network.bus_label(0), "bus 2101 (Süd-0)");
  EXPECT_EQ(pair.read.network.bus_label(2), "bus 2103");
  EXPECT_EQ(pair.read.network.buses[1].position->x, pair.kept.network.buses[1].position->x);
  EXPECT_FALSE(pair.read.network.buses[4].position);
  EXPECT_EQ(pair.read.network.buses[0].generation_MW, 500);
  EXPECT_EQ(pair.read.network.buses[3].load_MW, 320);
  ASSERT_EQ(pair.read.network.branches.size(), 5U);
  EXPECT_TRUE(pair.read.network.branches[2].transformer);
  EXPECT_EQ(pair.read.network.branches[3].rate_MVA, 300);
}

TEST(Record, AnEventHasASampleBeforeAndOneAfter) {
  const ScratchFolder scratch;
  const Record record = round_trip(scratch).read;
  const auto voltage = record.find("bus.voltage");
  std::vector<double> at_fault;
  for (std::size_t k = 0; k < record.samples(); ++k)
    if (record.times_s[k] == 1.0) at_fault.push_back(record.at(*voltage, k, 0));
  ASSERT_GE(at_fault.size(), 2U);
  EXPECT_EQ(at_fault.front(), 1.03);
  EXPECT_EQ(at_fault.back(), 1.03 - 0.6);
}

TEST(Record, EventsComeBackWithTheirCauses) {
  const ScratchFolder scratch;
  const Record record = round_trip(scratch).read;
  const std::vector<LoggedEvent> kept = ring_events();
  ASSERT_EQ(record.events.size(), kept.size());
  for (std::size_t i = 0; i < kept.size(); ++i) {
    EXPECT_EQ(record.events[i].id, kept[i].id);
    EXPECT_EQ(record.events[i].time_s, kept[i].time_s);
    EXPECT_EQ(record.events[i].kind, kept[i].kind);
    EXPECT_EQ(record.events[i].device, kept[i].device);
    EXPECT_EQ(record.events[i].text, kept[i].text);
    EXPECT_EQ(record.events[i].quantity, kept[i].quantity);
    EXPECT_EQ(record.events[i].value, kept[i].value);
    EXPECT_EQ(record.events[i].threshold, kept[i].threshold);
    EXPECT_EQ(record.events[i].duration_s, kept[i].duration_s);
    EXPECT_EQ(record.events[i].power_MW, kept[i].power_MW);
    EXPECT_EQ(record.events[i].island, kept[i].island);
    EXPECT_EQ(record.events[i].bus, kept[i].bus);
    EXPECT_EQ(record.events[i].cause, kept[i].cause);
    EXPECT_EQ(record.events[i].cause_text, kept[i].cause_text);
  }
}

TEST(Record, AnOverlongEventTextEndsInAnEllipsisAtAWholeCharacter) {
  const ScratchFolder scratch;
  LoggedEvent event;
  for (int i = 0; i < 400; ++i) event.text += "ü";  // 800 bytes
  RecordWriter writer(scratch / "r.h5");
  writer.begin({}, {}, Network{});
  writer.sample(0, {});
  writer.event(event);
  writer.end({true, "completed", 0});
  const std::string text = read_record(scratch / "r.h5").events.at(0).text;
  EXPECT_THAT(text, testing::EndsWith("ü…"));
  EXPECT_LE(text.size(), 512U);
  EXPECT_GE(text.size(), 508U);
}

TEST(Record, StatusSaysHowTheRunEnded) {
  const ScratchFolder scratch;
  const Record completed = round_trip(scratch).read;
  EXPECT_TRUE(completed.status.completed);
  EXPECT_EQ(completed.status.outcome, "completed");
  EXPECT_DOUBLE_EQ(completed.status.end_time_s, 199 * 0.02);
  EXPECT_TRUE(completed.wall_time_s);

  RecordWriter writer(scratch / "failed.h5");
  writer.begin({}, {}, Network{});
  writer.end({false, "failed: no solution at bus 2101", 3.5});
  const Record failed = read_record(scratch / "failed.h5");
  EXPECT_FALSE(failed.status.completed);
  EXPECT_EQ(failed.status.outcome, "failed: no solution at bus 2101");
  EXPECT_EQ(failed.status.end_time_s, 3.5);
}

TEST(Record, ACaseTextAndElementListsOfAnyLengthFit) {
  const ScratchFolder scratch;
  RunInfo info;
  info.case_text.assign(300000, 'x');
  info.options.emplace_back("long", std::string(100000, 'y'));
  Schema schema{{{"bus.voltage", "pu", "", {}, {}}}};
  Network network;
  for (int i = 0; i < 20000; ++i) {
    network.buses.emplace_back().number = i + 1;
    schema.quantities[0].elements.push_back("bus number " + std::to_string(i + 1));
    schema.quantities[0].indices.push_back(i);
  }
  RecordWriter writer(scratch / "r.h5");
  writer.begin(info, schema, network);
  const std::vector<double> values(20000, 1.0 / 3);
  for (int k = 0; k < 20; ++k) writer.sample(k, values);
  writer.end({true, "completed", 19});
  const Record record = read_record(scratch / "r.h5");
  EXPECT_EQ(record.info.case_text, info.case_text);
  EXPECT_EQ(record.info.options, info.options);
  EXPECT_EQ(record.schema.quantities[0].elements, schema.quantities[0].elements);
  EXPECT_EQ(record.values[0].size(), 400000U);
}

TEST(Record, ReadsOnlyTheQuantitiesAskedFor) {
  const ScratchFolder scratch;
  (void)round_trip(scratch);
  const Record record = read_record(scratch / "record.h5", {"frequency"});
  ASSERT_EQ(record.schema.quantities.size(), 1U);
  EXPECT_EQ(record.values[0].size(), record.samples());
  EXPECT_THAT(error_of([&] { (void)read_record(scratch / "record.h5", {"frequncy"}); }),
              HasSubstr("did you mean 'frequency'?"));
}

TEST(Record, WritingKeepsUpWithFarMoreThanASimulationProduces) {
  const ScratchFolder scratch;
  Schema schema{{{"x", "1", "", std::vector<std::string>(1000), {}}}};
  std::vector<double> values(1000);
  RecordWriter writer(scratch / "r.h5");
  const auto start = std::chrono::steady_clock::now();
  writer.begin({}, schema, Network{});
  constexpr int kSamples = 5000;
  for (int k = 0; k < kSamples; ++k) {
    for (std::size_t e = 0; e < values.size(); ++e)
      values[e] = 1 + 1e-3 * ((k * 7 + static_cast<int>(e) * 13) % 97);
    writer.sample(0.01 * k, values);
  }
  writer.end({true, "completed", 1});
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const double rate = kSamples * 1000 / seconds;
  std::printf("written: %.1f million values/s, %.2f bytes per value\n", rate * 1e-6,
              static_cast<double>(std::filesystem::file_size(scratch / "r.h5")) / (kSamples * 1000));
  EXPECT_GT(rate, 5e5);  // a 1000-value sample in 2 ms: slow machines and sanitizers included
}

}  // namespace
}  // namespace ballast
