#include <gmock/gmock.h>
#include <hdf5.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include <csignal>
#include <fstream>

#include "tests/viz/synthetic_run.hpp"

#if defined(__SANITIZE_ADDRESS__)
/// HDF5 1.10 forgets memory when it refuses a damaged file; ours is checked.
extern "C" const char* __lsan_default_suppressions() { return "leak:libhdf5"; }
#endif

namespace ballast {
namespace {

using namespace test;
using testing::AllOf;
using testing::HasSubstr;

/// Runs an action in a child process that ends without any clean-up, as a kill does. Returns its exit code.
template <class Action>
int in_killed_child(Action action) {
  const pid_t child = fork();
  if (child == 0) {
    int code = 99;
    try {
      code = action();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "child: %s\n", error.what());
    }
    _exit(code);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

TEST(RecordFailure, AKilledRunLeavesARunningRecordWithWhatWasFlushed) {
  const ScratchFolder scratch;
  const Network network = ring_network();
  const Schema schema = ring_schema(network);
  const int code = in_killed_child([&] {
    RecordWriter writer(scratch / "r.h5", {.flush_interval_s = 0});  // flush at every sample
    writer.begin(ring_info(), schema, network);
    for (int k = 0; k < 500; ++k) {
      writer.sample(0.02 * k, ring_values(schema, 0.02 * k, true));
      if (k == 100) writer.event(ring_events()[0]);
    }
    return 0;
  });
  ASSERT_EQ(code, 0);
  const Record record = read_record(scratch / "r.h5");
  EXPECT_EQ(record.status.outcome, "running");
  EXPECT_FALSE(record.status.completed);
  EXPECT_EQ(record.info.case_text, ring_info().case_text);
  ASSERT_GT(record.samples(), 100U);
  EXPECT_EQ(record.events.size(), 1U);
  for (std::size_t k = 0; k < record.samples(); ++k) {
    const std::vector<double> values = ring_values(schema, record.times_s[k], true);
    ASSERT_EQ(record.at(0, k, 0), values[0]) << k;
    ASSERT_EQ(record.at(1, k, 4), values[5]) << k;
  }
  std::printf("samples kept of 500 when killed, flushing as often as allowed: %zu\n", record.samples());
}

TEST(RecordFailure, AKilledRunIsReadableWhereverTheKillStrikes) {
  // Samples come as fast as they can; the kill strikes at arbitrary moments of writing.
  const ScratchFolder scratch;
  Schema schema{{{"x", "1", "", std::vector<std::string>(300), {}}, {"y", "1", "", {"one"}, {}}}};
  for (int round = 0; round < 12; ++round) {
    const std::filesystem::path path = scratch / fmt::format("r{}.h5", round);
    const pid_t child = fork();
    if (child == 0) {
      try {
        RecordWriter writer(path, {.flush_interval_s = 0.01});
        writer.begin(ring_info(), schema, Network{});
        std::vector<double> values(301);
        for (int k = 0;; ++k) {
          for (double& value : values) value = k + 1e-3 * static_cast<double>(&value - values.data());
          writer.sample(k, values);
        }
      } catch (...) {
      }
      _exit(1);
    }
    const auto has_samples = [&] {
      try {
        return read_record(path).samples() > 0;
      } catch (const Error&) {
        return false;  // not there yet
      }
    };
    for (int waited_ms = 0; waited_ms < 20000 && !has_samples(); waited_ms += 5) usleep(5000);
    usleep(7919 * round);
    if (round % 3 == 0) {
      EXPECT_GT(read_record(path).samples(), 0U) << "while it grows";
    }
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    const Record record = read_record(path);
    EXPECT_EQ(record.status.outcome, "running");
    ASSERT_GT(record.samples(), 0U) << "round " << round;
    for (std::size_t k = 0; k < record.samples(); ++k) {
      ASSERT_EQ(record.times_s[k], static_cast<double>(k));
      ASSERT_EQ(record.at(0, k, 299), static_cast<double>(k) + 1e-3 * 299) << "round " << round;
      ASSERT_EQ(record.at(1, k, 0), static_cast<double>(k) + 1e-3 * 300) << "round " << round;
    }
  }
}

TEST(RecordFailure, AFileSizeLimitIsAnErrorWithARemedyAndTheRecordStaysRunning) {
  const ScratchFolder scratch;
  const int code = in_killed_child([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{3000000, 3000000};
    setrlimit(RLIMIT_FSIZE, &limit);
    std::string message;
    {
      RecordWriter writer(scratch / "r.h5", {.flush_interval_s = 0.01});
      Schema schema{{{"x", "1", "", std::vector<std::string>(100), {}}}};
      writer.begin(ring_info(), schema, Network{});
      std::vector<double> values(100);
      message = error_of([&] {
        for (int k = 0; k < 100000; ++k) {
          for (std::size_t e = 0; e < values.size(); ++e)
            values[e] = 1 / (k + 1.7 * static_cast<double>(e) + 1);
          writer.sample(k, values);
        }
      });
      const std::string again = error_of([&] { writer.end({true, "completed", 1}); });
      if (again.find("earlier failure") == std::string::npos) return 2;
    }
    std::ofstream(scratch / "message.txt") << message;
    return message.empty() ? 1 : 0;
  });
  EXPECT_EQ(code, 0);
  EXPECT_THAT(read_text(scratch / "message.txt"),
              AllOf(HasSubstr("r.h5"), HasSubstr("File too large"), HasSubstr("ulimit -f")));
  const Record record = read_record(scratch / "r.h5");
  EXPECT_EQ(record.status.outcome, "running");
  EXPECT_GT(record.samples(), 0U);
}

TEST(RecordFailure, AFullDiskIsAnErrorWithARemedy) {
  RecordWriter writer("/dev/full");
  EXPECT_THAT(error_of([&] {
                writer.begin(ring_info(), {}, Network{});
                writer.end({true, "completed", 0});
              }),
              HasSubstr("/dev/full"));
}

TEST(RecordFailure, AnUnwritablePlaceIsNamed) {
  RecordWriter writer("no/such/folder/record.h5");
  EXPECT_THAT(error_of([&] { writer.begin(ring_info(), {}, Network{}); }),
              AllOf(HasSubstr("no/such/folder/record.h5"), HasSubstr("No such file"),
                    HasSubstr("create the folder")));
}

TEST(RecordFailure, AMissingFileIsNamed) {
  EXPECT_THAT(error_of([] { (void)read_record("no-such.h5"); }), HasSubstr("no-such.h5: no such file"));
}

TEST(RecordFailure, AFolderIsNoRecord) {
  const ScratchFolder scratch;
  EXPECT_THAT(error_of([&] { (void)read_record(scratch.path()); }), HasSubstr("is not a file"));
}

TEST(RecordFailure, AFileThatIsNoHdf5IsSaidSo) {
  const ScratchFolder scratch;
  std::ofstream(scratch / "r.h5") << "time,voltage\n0,1\n";
  EXPECT_THAT(error_of([&] { (void)read_record(scratch / "r.h5"); }), HasSubstr("is not an HDF5 file"));
}

TEST(RecordFailure, AnHdf5FileOfSomeoneElseIsSaidSo) {
  const ScratchFolder scratch;
  H5Fclose(H5Fcreate((scratch / "r.h5").c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
  EXPECT_THAT(error_of([&] { (void)read_record(scratch / "r.h5"); }),
              HasSubstr("not a record of this program"));
}

TEST(RecordFailure, ATruncatedRecordIsAnErrorWhereverItIsCut) {
  const ScratchFolder scratch;
  {
    RecordWriter writer(scratch / "r.h5");
    play(writer, 2000);
  }
  const std::string whole = read_text(scratch / "r.h5");
  for (std::size_t cut = 0; cut < whole.size(); cut += 1 + whole.size() / 40) {
    std::ofstream(scratch / "cut.h5", std::ios::binary) << whole.substr(0, cut);
    const std::string message = error_of([&] { (void)read_record(scratch / "cut.h5"); });
    EXPECT_THAT(message, HasSubstr("cut.h5")) << "cut at byte " << cut << " of " << whole.size();
  }
}

TEST(RecordFailure, FlippedBytesNeverCrashAndNeverChangeSamplesOrEventsSilently) {
  const ScratchFolder scratch;
  {
    RecordWriter writer(scratch / "r.h5");
    play(writer, 300);
  }
  const std::string whole = read_text(scratch / "r.h5");
  const Record good = read_record(scratch / "r.h5");
  int refused = 0, read = 0;
  for (std::size_t at = 0; at < whole.size(); at += 1 + whole.size() / 300) {
    std::string bent = whole;
    bent[at] = static_cast<char>(bent[at] ^ 0x5A);
    std::ofstream(scratch / "bent.h5", std::ios::binary) << bent;
    Record record;
    if (!error_of([&] { record = read_record(scratch / "bent.h5"); }).empty()) {
      ++refused;
      continue;
    }
    ++read;
    EXPECT_EQ(record.times_s, good.times_s) << "byte " << at;
    EXPECT_EQ(record.values, good.values) << "byte " << at;
    ASSERT_EQ(record.events.size(), good.events.size()) << "byte " << at;
    for (std::size_t i = 0; i < good.events.size(); ++i) {
      EXPECT_EQ(record.events[i].time_s, good.events[i].time_s) << "byte " << at;
      EXPECT_EQ(record.events[i].text, good.events[i].text) << "byte " << at;
    }
  }
  std::printf("records with one byte flipped: %d refused, %d read with samples and events intact\n", refused,
              read);
  EXPECT_GT(refused, 0);
}

TEST(RecordFailure, CallsOutOfOrderAreRefused) {
  const ScratchFolder scratch;
  RecordWriter writer(scratch / "r.h5");
  EXPECT_THAT(error_of([&] { writer.sample(0, {}); }), HasSubstr("begin()"));
  const Schema schema{{{"x", "1", "", {"a"}, {}}}};
  writer.begin({}, schema, Network{});
  const std::vector<double> one = {1}, two = {1, 2};
  writer.sample(5, one);
  EXPECT_THAT(error_of([&] { writer.sample(4, one); }), HasSubstr("times must not decrease"));
  EXPECT_THAT(error_of([&] { writer.sample(6, two); }), HasSubstr("a sample of 2 values"));
  LoggedEvent event;
  event.id = 7;
  EXPECT_THAT(error_of([&] { writer.event(event); }), HasSubstr("event 7"));
}

TEST(RecordFailure, ASchemaThatContradictsItselfIsRefusedWithEveryFault) {
  const ScratchFolder scratch;
  RecordWriter writer(scratch / "r.h5");
  const Schema schema{
      {{"x", "1", "", {"a"}, {}}, {"x", "1", "", {"a"}, {}}, {"a/b", "1", "", {"a", "b"}, {0}}}};
  EXPECT_THAT(
      error_of([&] { writer.begin({}, schema, Network{}); }),
      AllOf(HasSubstr("'x': recorded twice"), HasSubstr("'a/b'"), HasSubstr("1 indices for 2 elements")));
}

}  // namespace
}  // namespace ballast
