/// \file
/// What viz/ is about: a run kept as an HDF5 file (RecordWriter), and a run read back (Record).
/// Everything else in this folder (metrics, summary, VTK, HTML report) takes a Record and nothing more.
/// docs/record-format.md describes the file.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "grid/error.hpp"
#include "grid/network.hpp"
#include "solver/recorder.hpp"

namespace ballast {

/// A bus as far as a map needs it.
struct MapBus {
  int number = 0;
  std::string name;
  double base_kV = 0;
  int area = 1;
  double generation_MW = 0;  ///< scheduled, in service
  double load_MW = 0;        ///< scheduled, in service, at 1 pu
  std::optional<Position> position;
};

/// A branch as far as a map needs it; `from` and `to` are positions in NetworkMap::buses.
struct MapBranch {
  int from = 0, to = 0;
  std::string id;
  std::string name;
  double R = 0, X = 0;  ///< pu on NetworkMap::base_MVA
  double rate_MVA = 0;  ///< 0 = no rating
  bool transformer = false;
  bool in_service = true;  ///< at the start
};

/// The network of a run, reduced to what pictures and tables of it need.
struct NetworkMap {
  std::string name;
  double base_MVA = 100;
  double frequency_Hz = 60;
  std::vector<MapBus> buses;
  std::vector<MapBranch> branches;
  std::vector<Position> places;  ///< [bus] what map_positions() found, where it was asked before; else empty
  /// "bus 2101 (NOVA-1)", or "" when there is no such bus.
  [[nodiscard]] std::string bus_label(int index) const;
};

[[nodiscard]] NetworkMap map_of(const Network& network);

/// A place on the map for every bus: its own, or one found by grid/layout.hpp.
[[nodiscard]] std::vector<Position> map_positions(const NetworkMap& map);

/// A run read back. A record of a run that was killed, or still runs, has status.outcome "running" and holds
/// what had reached the disk.
struct Record {
  std::filesystem::path path;
  RunInfo info;
  NetworkMap network;
  Schema schema;
  std::vector<double> times_s;              ///< non-decreasing; two equal times are before and after an event
  std::vector<std::vector<double>> values;  ///< per quantity: [sample * elements + element]
  std::vector<LoggedEvent> events;
  RunStatus status;
  std::optional<double> wall_time_s;  ///< of the run, when it ended

  [[nodiscard]] std::size_t samples() const { return times_s.size(); }
  /// Position of a quantity in schema.quantities, or nothing.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view quantity) const;
  [[nodiscard]] std::size_t elements(std::size_t quantity) const {
    return schema.quantities[quantity].elements.size();
  }
  [[nodiscard]] double at(std::size_t quantity, std::size_t sample, std::size_t element) const {
    return values[quantity][sample * elements(quantity) + element];
  }
};

struct RecordOptions {
  /// Wall-clock time between flushes, s: how much of a killed run may be lost.
  double flush_interval_s = 2.0;
};

/// Keeps a run as an HDF5 file that can be read at any moment, also while it grows or after a kill: the file
/// is written in single-writer-multiple-reader mode, and its attribute "status" says "running" until end().
class RecordWriter : public Recorder {
 public:
  explicit RecordWriter(std::filesystem::path path, RecordOptions options = {});
  ~RecordWriter() override;  ///< without end(): the record stays "running"
  RecordWriter(const RecordWriter&) = delete;
  RecordWriter& operator=(const RecordWriter&) = delete;

  void begin(const RunInfo& info, const Schema& schema, const Network& network) override;
  void sample(double time_s, std::span<const double> values) override;
  void event(const LoggedEvent& event) override;
  void end(const RunStatus& status) override;

 private:
  struct File;
  std::filesystem::path path_;
  RecordOptions options_;
  std::unique_ptr<File> file_;
};

/// Keeps a run in memory, for studies and tests that need no file.
class MemoryRecorder : public Recorder {
 public:
  void begin(const RunInfo& info, const Schema& schema, const Network& network) override;
  void sample(double time_s, std::span<const double> values) override;
  void event(const LoggedEvent& event) override;
  void end(const RunStatus& status) override;
  [[nodiscard]] const Record& record() const { return record_; }

 private:
  Record record_;
};

/// Tells a recorder a run once more, as it was.
void replay(const Record& record, Recorder& recorder);

/// Reads a record. `only`: the quantities wanted, empty for all. Throws Error for a missing, foreign,
/// truncated or damaged file.
[[nodiscard]] Record read_record(const std::filesystem::path& path,
                                 const std::vector<std::string>& only = {});

}  // namespace ballast
