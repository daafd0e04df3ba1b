#include <sys/mman.h>
#include <unistd.h>

#include <bit>
#include <chrono>
#include <cmath>
#include <limits>
#include <set>

#include <fmt/format.h>
#include <hdf5_hl.h>

#include "viz/record.hpp"
#include "viz/record_layout.hpp"

namespace ballast {
namespace {

using namespace hdf5;
using namespace record_layout;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kBlockValues = 131072;  // 1 MiB of doubles gathered before they go to the library
constexpr hsize_t kChunkValues = 8192;        // 64 kiB: chunks below that waste time in bookkeeping
constexpr hsize_t kEventChunk = 64;           // rows

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::string dots_to_underscores(std::string text) {
  std::replace(text.begin(), text.end(), '.', '_');
  return text;
}

/// Keeps attributes and links in the object header, which has a checksum. The library's other form is meant
/// for many thousands, and HDF5 1.10 frees what it never allocated when it finds that form damaged.
void keep_compact(hid_t creation, bool group, const Check& check) {
  check(H5Pset_attr_phase_change(creation, 65535, 0), "choose how attributes are kept");
  if (group) check(H5Pset_link_phase_change(creation, 65535, 0), "choose how links are kept");
}

/// A dataset that grows along its first dimension.
struct Series {
  Dataset dataset;
  hsize_t columns = 0;   // 0: a plain vector
  hsize_t elements = 0;  // of the quantity; a quantity of none has one empty column
  hsize_t rows = 0;

  static Series create(hid_t group, const std::string& name, hid_t type, hsize_t chunk_rows, hsize_t columns,
                       const Check& check) {
    const int rank = columns == 0 ? 1 : 2;
    const hsize_t size[2] = {0, columns}, most[2] = {H5S_UNLIMITED, columns},
                  chunk[2] = {chunk_rows, columns};
    const Space space(check(H5Screate_simple(rank, size, most), "describe " + name));
    const Properties creation(H5Pcreate(H5P_DATASET_CREATE)), access(H5Pcreate(H5P_DATASET_ACCESS));
    check(H5Pset_chunk(creation.get(), rank, chunk), "set the chunk of " + name);
    check(H5Pset_shuffle(creation.get()), "set the filters of " + name);
    check(H5Pset_deflate(creation.get(), 1), "set the filters of " + name);
    check(H5Pset_obj_track_times(creation.get(), false), "set the times of " + name);
    keep_compact(creation.get(), false, check);
    const std::size_t bytes = chunk_rows * std::max<hsize_t>(columns, 1) * H5Tget_size(type);
    check(H5Pset_chunk_cache(access.get(), 521, std::max<std::size_t>(2 * bytes, 1U << 20U), 1.0),
          "set the cache of " + name);
    Series series;
    series.dataset = Dataset(
        check(H5Dcreate2(group, name.c_str(), type, space.get(), H5P_DEFAULT, creation.get(), access.get()),
              "create " + name));
    series.columns = columns;
    return series;
  }

  /// Appends `count` rows; consecutive rows in memory are `stride` values apart, the first value at `offset`.
  void append(const void* data, hid_t type, hsize_t count, hsize_t stride, hsize_t offset,
              const Check& check) {
    const int rank = columns == 0 ? 1 : 2;
    const hsize_t size[2] = {rows + count, columns}, start[2] = {rows, 0}, block[2] = {count, columns};
    check(H5Dset_extent(dataset.get(), size), "extend the record");
    rows += count;
    if (columns > 0 && elements == 0) return;
    const Space file(check(H5Dget_space(dataset.get()), "extend the record"));
    check(H5Sselect_hyperslab(file.get(), H5S_SELECT_SET, start, nullptr, block, nullptr),
          "extend the record");
    const hsize_t memory_size[2] = {count, stride}, memory_start[2] = {0, offset};
    const Space memory(check(H5Screate_simple(rank, memory_size, nullptr), "extend the record"));
    check(H5Sselect_hyperslab(memory.get(), H5S_SELECT_SET, memory_start, nullptr, block, nullptr),
          "extend the record");
    check(H5Dwrite(dataset.get(), type, memory.get(), file.get(), H5P_DEFAULT, data), "write samples");
  }
};

Group create_group(hid_t parent, const std::string& name, const Check& check) {
  const Properties creation(H5Pcreate(H5P_GROUP_CREATE));
  check(H5Pset_attr_creation_order(creation.get(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED),
        "create group " + name);
  check(H5Pset_link_creation_order(creation.get(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED),
        "create group " + name);
  keep_compact(creation.get(), true, check);
  return Group(check(H5Gcreate2(parent, name.c_str(), H5P_DEFAULT, creation.get(), H5P_DEFAULT),
                     "create group " + name));
}

template <class Items, class Field>
auto column(const Items& items, Field field) {
  std::vector<std::decay_t<decltype(field(items.front()))>> values;
  values.reserve(items.size());
  for (const auto& item : items) values.push_back(field(item));
  return values;
}

void write_case(hid_t file, const RunInfo& info, const Check& check) {
  const Group group = create_group(file, "case", check);
  write_attribute(group.get(), "title", info.title, check);
  write_attribute(group.get(), "path", info.case_path, check);
  write_table(group.get(), "text", std::vector<std::string>{info.case_text}, check);
  const Group versions = create_group(group.get(), "versions", check);
  for (const auto& [name, version] : info.versions) write_attribute(versions.get(), name, version, check);
  // Hundreds of blocks with drawn settings are thousands of options: too many for attributes.
  const Group options = create_group(group.get(), "options", check);
  write_table(options.get(), "name", column(info.options, [](const auto& option) { return option.first; }),
              check);
  write_table(options.get(), "value", column(info.options, [](const auto& option) { return option.second; }),
              check);
}

void write_network(hid_t file, const NetworkMap& map, const Check& check) {
  const Group group = create_group(file, "network", check);
  write_attribute(group.get(), "name", map.name, check);
  write_attribute(group.get(), "base_MVA", map.base_MVA, check);
  write_attribute(group.get(), "frequency_Hz", map.frequency_Hz, check);
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  const Group bus = create_group(group.get(), "bus", check);
  const auto put_bus = [&](const char* name, auto field) {
    write_table(bus.get(), name, column(map.buses, field), check);
  };
  put_bus("number", [](const MapBus& b) { return b.number; });
  put_bus("name", [](const MapBus& b) { return b.name; });
  put_bus("base_kV", [](const MapBus& b) { return b.base_kV; });
  put_bus("area", [](const MapBus& b) { return b.area; });
  put_bus("generation_MW", [](const MapBus& b) { return b.generation_MW; });
  put_bus("load_MW", [](const MapBus& b) { return b.load_MW; });
  put_bus("x", [](const MapBus& b) { return b.position ? b.position->x : kNone; });
  put_bus("y", [](const MapBus& b) { return b.position ? b.position->y : kNone; });
  const Group branch = create_group(group.get(), "branch", check);
  const auto put_branch = [&](const char* name, auto field) {
    write_table(branch.get(), name, column(map.branches, field), check);
  };
  put_branch("from", [](const MapBranch& b) { return b.from; });
  put_branch("to", [](const MapBranch& b) { return b.to; });
  put_branch("id", [](const MapBranch& b) { return b.id; });
  put_branch("name", [](const MapBranch& b) { return b.name; });
  put_branch("R", [](const MapBranch& b) { return b.R; });
  put_branch("X", [](const MapBranch& b) { return b.X; });
  put_branch("rate_MVA", [](const MapBranch& b) { return b.rate_MVA; });
  put_branch("transformer", [](const MapBranch& b) { return b.transformer ? 1 : 0; });
  put_branch("in_service", [](const MapBranch& b) { return b.in_service ? 1 : 0; });
}

void check_schema(const Schema& schema, const std::string& path) {
  Problems problems;
  std::set<std::string> names;
  for (const Quantity& quantity : schema.quantities) {
    const std::string where = fmt::format("{}: quantity '{}'", path, quantity.name);
    if (quantity.name.empty() || quantity.name.find('/') != std::string::npos)
      problems.add(where, "a quantity's name is not empty and has no '/'", "use a dotted name: bus.voltage");
    if (!names.insert(quantity.name).second) problems.add(where, "recorded twice", "record it once");
    if (!quantity.indices.empty() && quantity.indices.size() != quantity.elements.size())
      problems.add(
          where, fmt::format("{} indices for {} elements", quantity.indices.size(), quantity.elements.size()),
          "give one index per element, or none");
  }
  problems.throw_if_any();
}

EventRow row_of(const LoggedEvent& event) {
  EventRow row{};
  row.id = event.id;
  row.cause = event.cause;
  row.bus = event.bus;
  row.island = event.island;
  row.time_s = event.time_s;
  row.value = event.value;
  row.threshold = event.threshold;
  row.duration_s = event.duration_s;
  row.power_MW = event.power_MW;
  put(row.kind, event.kind);
  put(row.device, event.device);
  put(row.text, event.text);
  put(row.quantity, event.quantity);
  put(row.cause_text, event.cause_text);
  return row;
}

}  // namespace

struct RecordWriter::File {
  Check check;
  FileHandle file;
  Series time, event_table;
  std::vector<Series> series;  // one per quantity
  Type event = event_type();
  std::size_t width = 0;               // values per sample
  std::size_t block = 0;               // samples gathered before they are written
  std::vector<double> times, samples;  // gathered
  std::vector<EventRow> events;        // gathered
  hsize_t logged = 0;                  // events so far
  double last_time_s = -std::numeric_limits<double>::infinity();
  Clock::time_point started = Clock::now(), flushed = started;
  bool ended = false;
  std::string failure;  // why the file can take no more

  explicit File(const std::filesystem::path& path) : check(path, true) {}

  void create(const std::filesystem::path& path, const RunInfo& info, const Schema& schema,
              const NetworkMap& map);
  void create_series(const Schema& schema);
  void write_gathered();
  void close();
  void abandon();
};

void RecordWriter::File::create(const std::filesystem::path& path, const RunInfo& info, const Schema& schema,
                                const NetworkMap& map) {
  const Properties access(H5Pcreate(H5P_FILE_ACCESS)), creation(H5Pcreate(H5P_FILE_CREATE));
  check(H5Pset_libver_bounds(access.get(), H5F_LIBVER_LATEST, H5F_LIBVER_LATEST), "choose the file version");
  check(H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG), "choose how the file closes");
  keep_compact(creation.get(), true, check);
  file = FileHandle(
      check(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation.get(), access.get()), "create the record"));
  const hid_t root = file.get();
  write_attribute(root, "format", std::string(kFormat), check);
  write_attribute(root, "format_version", kFormatVersion, check);
  write_attribute(root, "status", std::string(kRunning), check);
  write_attribute(root, "end_time_s", std::numeric_limits<double>::quiet_NaN(), check);
  write_attribute(root, "wall_time_s", std::numeric_limits<double>::quiet_NaN(), check);
  write_case(root, info, check);
  write_network(root, map, check);
  create_series(schema);
  event_table = Series::create(root, "events", event.get(), kEventChunk, 0, check);
  check(H5Fflush(root, H5F_SCOPE_GLOBAL), "write the head of the record");
  check(H5Fstart_swmr_write(root), "open the record to readers");
}

void RecordWriter::File::create_series(const Schema& schema) {
  const hid_t root = file.get();
  width = schema.size();
  block = std::bit_floor(std::clamp<std::size_t>(kBlockValues / std::max<std::size_t>(width, 1), 8, 1024));
  time = Series::create(root, "time", H5T_IEEE_F64LE, std::max<hsize_t>(block, 4096), 0, check);
  write_attribute(time.dataset.get(), "units", std::string("s"), check);
  write_attribute(time.dataset.get(), "long_name", std::string("simulated time"), check);
  check(H5DSset_scale(time.dataset.get(), "time"), "make time a dimension scale");

  const Group group = create_group(root, "quantity", check);
  const Group index = create_group(root, "index", check);
  // Quantities of the same elements share the scale that names them: bus.voltage and bus.angle share
  // /bus_name.
  struct Scale {
    std::string name;
    const std::vector<std::string>* elements;
    Dataset dataset;
  };
  const Group names = create_group(root, "elements", check);
  std::vector<Scale> scales;
  for (const Quantity& quantity : schema.quantities) {
    if (!quantity.indices.empty()) write_table(index.get(), quantity.name, quantity.indices, check);
    const hsize_t columns = std::max<hsize_t>(quantity.elements.size(), 1);
    hsize_t rows = block;
    while (rows * columns < kChunkValues) rows *= 2;
    Series one = Series::create(group.get(), quantity.name, H5T_IEEE_F64LE, rows, columns, check);
    one.elements = quantity.elements.size();
    const hid_t id = one.dataset.get();
    write_attribute(id, "units", quantity.unit, check);
    write_attribute(id, "long_name", quantity.meaning, check);
    // All dimensions have scales or none: readers of netCDF refuse mixtures.
    if (!quantity.elements.empty())
      check(H5DSattach_scale(id, time.dataset.get(), 0), "attach time to " + quantity.name);
    const std::string kind = quantity.name.substr(0, quantity.name.find('.'));
    auto scale = std::find_if(scales.begin(), scales.end(),
                              [&](const Scale& known) { return *known.elements == quantity.elements; });
    if (scale == scales.end()) {
      const bool taken =
          std::any_of(scales.begin(), scales.end(), [&](const Scale& known) { return known.name == kind; });
      const std::string name = taken ? dots_to_underscores(quantity.name) : kind;
      const std::string axis = name + "_name";
      write_table(names.get(), name, quantity.elements, check);
      scales.push_back(
          {name, &quantity.elements, write_variable_texts(root, axis, quantity.elements, check)});
      scale = scales.end() - 1;
      check(H5DSset_scale(scale->dataset.get(), axis.c_str()), "make names a dimension scale");
    }
    write_attribute(id, "elements", scale->name, check);
    if (!quantity.elements.empty())
      check(H5DSattach_scale(id, scale->dataset.get(), 1), "attach names to " + quantity.name);
    series.push_back(std::move(one));
  }
}

/// Times go last: a reader counts the times and then finds at least as many values.
void RecordWriter::File::write_gathered() {
  const hsize_t count = times.size();
  if (count > 0) {
    hsize_t offset = 0;
    for (Series& one : series) {
      one.append(samples.data(), H5T_NATIVE_DOUBLE, count, width, offset, check);
      offset += one.elements;
    }
    time.append(times.data(), H5T_NATIVE_DOUBLE, count, count, 0, check);
  }
  if (!events.empty()) event_table.append(events.data(), event.get(), events.size(), events.size(), 0, check);
  times.clear();
  samples.clear();
  events.clear();
}

void RecordWriter::File::close() {
  series.clear();
  time.dataset.reset();
  event_table.dataset.reset();
  check(file.reset(), "close the record");
}

/// Lets go of the file as it is on the disk. Closing it would first write what could not be written, break
/// off half-way and leave a file that no one can open; so the library may write the rest to memory that is
/// thrown away.
void RecordWriter::File::abandon() {
  void* handle = nullptr;
  if (file.valid() && H5Fget_vfd_handle(file.get(), H5P_DEFAULT, &handle) >= 0 && handle != nullptr) {
    const int memory = memfd_create("abandoned record", MFD_CLOEXEC);
    if (memory >= 0) {
      (void)dup2(memory, *static_cast<int*>(handle));
      (void)::close(memory);
    }
  }
  series.clear();
  time.dataset.reset();
  event_table.dataset.reset();
  file.reset();
}

namespace {

/// Runs one step on the file; after a failure the file takes no more and stays "running".
template <class File, class Step>
void guarded(File& file, const std::string& path, Step step) {
  if (!file.failure.empty())
    throw Error(path, "the record takes no more after an earlier failure: " + file.failure,
                "mend that, then run again");
  const Quiet quiet;
  try {
    step();
  } catch (const Error& error) {
    file.failure = error.problems().front().what;
    file.abandon();
    throw;
  }
}

}  // namespace

RecordWriter::RecordWriter(std::filesystem::path path, RecordOptions options)
    : path_(std::move(path)), options_(options) {}

RecordWriter::~RecordWriter() {
  if (!file_ || file_->ended || !file_->failure.empty()) return;
  const Quiet quiet;
  try {
    file_->write_gathered();
    file_->close();
  } catch (const Error&) {
    file_->abandon();  // a destructor cannot complain; the record stays "running"
  }
}

void RecordWriter::begin(const RunInfo& info, const Schema& schema, const Network& network) {
  check_schema(schema, path_.string());
  const Quiet quiet;  // also the first word to the library
  file_ = std::make_unique<File>(path_);
  guarded(*file_, path_.string(), [&] { file_->create(path_, info, schema, map_of(network)); });
}

void RecordWriter::sample(double time_s, std::span<const double> values) {
  if (!file_) throw Error(path_.string(), "a sample before begin()", "call begin() first");
  File& file = *file_;
  if (values.size() != file.width)
    throw Error(path_.string(),
                fmt::format("a sample of {} values at {} s, but the schema has {}", values.size(), time_s,
                            file.width),
                "sample what the schema says");
  if (!(time_s >= file.last_time_s))
    throw Error(path_.string(), fmt::format("a sample at {} s after one at {} s", time_s, file.last_time_s),
                "times must not decrease");
  guarded(file, path_.string(), [&] {
    file.last_time_s = time_s;
    file.times.push_back(time_s);
    file.samples.insert(file.samples.end(), values.begin(), values.end());
    const bool full = file.times.size() >= file.block;
    // Each flush costs rewritten chunks, so a long run flushes less often: at most once per 5 % of its wall
    // time.
    const double due = std::max(options_.flush_interval_s, 0.05 * seconds_since(file.started));
    const bool flush = seconds_since(file.flushed) >= due;
    if (full || flush) file.write_gathered();
    if (flush) {
      file.check(H5Fflush(file.file.get(), H5F_SCOPE_GLOBAL), "flush the record");
      file.flushed = Clock::now();
    }
  });
}

void RecordWriter::event(const LoggedEvent& event) {
  if (!file_) throw Error(path_.string(), "an event before begin()", "call begin() first");
  if (event.id != static_cast<int>(file_->logged) || event.cause >= event.id)
    throw Error(path_.string(),
                fmt::format("event {} ('{}', cause {}) where event {} was due", event.id, event.kind,
                            event.cause, file_->logged),
                "number events from 0 in order; a cause comes before its effect");
  guarded(*file_, path_.string(), [&] {
    file_->events.push_back(row_of(event));
    ++file_->logged;
  });
}

void RecordWriter::end(const RunStatus& status) {
  if (!file_) throw Error(path_.string(), "end() before begin()", "call begin() first");
  File& file = *file_;
  guarded(file, path_.string(), [&] {
    const double wall_s = seconds_since(file.started);
    file.write_gathered();
    file.close();
    // Everything is in the file: only now may it say how the run ended.
    file.file =
        FileHandle(file.check(H5Fopen(path_.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), "open the record again"));
    write_attribute(file.file.get(), "end_time_s", status.end_time_s, file.check);
    write_attribute(file.file.get(), "wall_time_s", wall_s, file.check);
    const std::string outcome = status.completed         ? "completed"
                                : status.outcome.empty() ? "failed"
                                                         : status.outcome;
    write_attribute(file.file.get(), "status", outcome, file.check);
    file.check(file.file.reset(), "close the record");
    file.ended = true;
  });
}

}  // namespace ballast
