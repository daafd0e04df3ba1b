#include <chrono>
#include <cmath>
#include <new>
#include <stdexcept>
#include <string_view>
#include <thread>

#include <fmt/format.h>

#include "viz/record.hpp"
#include "viz/record_layout.hpp"

namespace ballast {
namespace {

using namespace hdf5;
using namespace record_layout;

const char* const kRunAgain = "run the case again to make a new record";

FileHandle open(const std::filesystem::path& path, const Check& check) {
  std::error_code unknown;
  if (!std::filesystem::exists(path, unknown))
    throw Error(path.string(), "no such file", "check the path; a run writes its record as record.h5");
  if (!std::filesystem::is_regular_file(path, unknown))
    throw Error(path.string(), "is not a file", "give the path of a record, such as results/record.h5");
  if (H5Fis_hdf5(path.c_str()) <= 0)
    throw Error(path.string(), "is not an HDF5 file, so not a record", "give a record.h5 written by a run");
  FileHandle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT));
  // A run that is under way, or was killed, has left its mark in the file; such files open in shared mode
  // only. There the library rereads what fails its checksum, by default so often and with such pauses that
  // damage looks like a hang.
  if (!file.valid()) {
    const Properties access(check(H5Pcreate(H5P_FILE_ACCESS), "prepare to read"));
    check(H5Pset_metadata_read_attempts(access.get(), 10), "prepare to read");
    file = FileHandle(H5Fopen(path.c_str(), H5F_ACC_RDONLY | H5F_ACC_SWMR_READ, access.get()));
  }
  if (!file.valid()) check.fail("open the record");
  return file;
}

void check_format(hid_t root, const std::filesystem::path& path, const Check& check) {
  if (H5Aexists(root, "format") <= 0 || read_text_attribute(root, "format", check) != kFormat)
    throw Error(path.string(), "is an HDF5 file, but not a record of this program",
                "give a record.h5 of a run");
  const int version = static_cast<int>(read_number_attribute(root, "format_version", check));
  if (version != kFormatVersion)
    throw Error(path.string(),
                fmt::format("record format {}, but this program reads format {}", version, kFormatVersion),
                "use the program version that wrote it");
}

Group open_group(hid_t parent, const std::string& name, const Check& check) {
  return Group(check(H5Gopen2(parent, name.c_str(), H5P_DEFAULT), "find group " + name));
}

RunInfo read_case(hid_t root, const Check& check) {
  const Group group = open_group(root, "case", check);
  RunInfo info;
  info.title = read_text_attribute(group.get(), "title", check);
  info.case_path = read_text_attribute(group.get(), "path", check);
  for (const std::string& text : read_texts(group.get(), "text", check)) info.case_text += text;
  const auto read_attributes = [&](const Group& part, auto& pairs) {
    for (const std::string& key : attribute_names(part.get(), check))
      pairs.emplace_back(key, read_text_attribute(part.get(), key, check));
  };
  read_attributes(open_group(group.get(), "versions", check), info.versions);
  const Group options = open_group(group.get(), "options", check);
  read_attributes(options, info.options);  // of records written before options were tables
  if (H5Lexists(options.get(), "name", H5P_DEFAULT) <= 0) return info;
  const std::vector<std::string> names = read_texts(options.get(), "name", check);
  const std::vector<std::string> values = read_texts(options.get(), "value", check);
  if (names.size() != values.size()) check.fail("read the options (names and values of different number)");
  for (std::size_t i = 0; i < names.size(); ++i) info.options.emplace_back(names[i], values[i]);
  return info;
}

[[noreturn]] void damaged(const std::filesystem::path& path, const std::string& what) {
  throw Error(path.string(), "the record is damaged: " + what, kRunAgain);
}

/// Columns of one table; all must have the same length.
template <class... Columns>
std::size_t common_length(const std::filesystem::path& path, const char* table, const Columns&... columns) {
  const std::size_t sizes[] = {columns.size()...};
  for (const std::size_t size : sizes)
    if (size != sizes[0]) damaged(path, fmt::format("columns of /network/{} have different lengths", table));
  return sizes[0];
}

NetworkMap read_network(hid_t root, const std::filesystem::path& path, const Check& check) {
  const Group group = open_group(root, "network", check);
  NetworkMap map;
  map.name = read_text_attribute(group.get(), "name", check);
  map.base_MVA = read_number_attribute(group.get(), "base_MVA", check);
  map.frequency_Hz = read_number_attribute(group.get(), "frequency_Hz", check);

  const Group bus = open_group(group.get(), "bus", check);
  const auto number = read_integers(bus.get(), "number", check),
             area = read_integers(bus.get(), "area", check);
  const auto name = read_texts(bus.get(), "name", check);
  const auto kV = read_numbers(bus.get(), "base_kV", check), x = read_numbers(bus.get(), "x", check),
             y = read_numbers(bus.get(), "y", check), load = read_numbers(bus.get(), "load_MW", check),
             generation = read_numbers(bus.get(), "generation_MW", check);
  const std::size_t buses = common_length(path, "bus", number, area, name, kV, x, y, load, generation);
  for (std::size_t i = 0; i < buses; ++i) {
    MapBus one{number[i], name[i], kV[i], area[i], generation[i], load[i], std::nullopt};
    if (std::isfinite(x[i]) && std::isfinite(y[i])) one.position = Position{x[i], y[i]};
    map.buses.push_back(std::move(one));
  }

  const Group branch = open_group(group.get(), "branch", check);
  const auto from = read_integers(branch.get(), "from", check), to = read_integers(branch.get(), "to", check),
             transformer = read_integers(branch.get(), "transformer", check),
             in_service = read_integers(branch.get(), "in_service", check);
  const auto id = read_texts(branch.get(), "id", check), label = read_texts(branch.get(), "name", check);
  const auto rate = read_numbers(branch.get(), "rate_MVA", check), R = read_numbers(branch.get(), "R", check),
             X = read_numbers(branch.get(), "X", check);
  const std::size_t branches =
      common_length(path, "branch", from, to, transformer, in_service, id, label, rate, R, X);
  const auto is_bus = [&](int index) { return index >= 0 && index < static_cast<int>(buses); };
  for (std::size_t i = 0; i < branches; ++i) {
    if (!is_bus(from[i]) || !is_bus(to[i])) damaged(path, fmt::format("branch {} ends at no bus", i));
    map.branches.push_back(
        {from[i], to[i], id[i], label[i], R[i], X[i], rate[i], transformer[i] != 0, in_service[i] != 0});
  }
  return map;
}

std::vector<std::string> names_in(hid_t group, const Check& check) {
  std::vector<std::string> names;
  const auto collect = [](hid_t, const char* name, const H5L_info_t*, void* data) -> herr_t {
    static_cast<std::vector<std::string>*>(data)->emplace_back(name);
    return 0;
  };
  check(H5Literate(group, H5_INDEX_CRT_ORDER, H5_ITER_INC, nullptr, collect, &names), "list the quantities");
  return names;
}

/// The first `samples` rows. A growing record may hold more values than times.
std::vector<double> read_rows(hid_t dataset, std::size_t samples, std::size_t columns,
                              const std::string& quantity, const Check& check) {
  std::vector<double> values(samples * columns);
  if (values.empty()) return values;
  const hsize_t start[2] = {0, 0}, block[2] = {samples, columns};
  const Space file(check(H5Dget_space(dataset), "read " + quantity));
  check(H5Sselect_hyperslab(file.get(), H5S_SELECT_SET, start, nullptr, block, nullptr), "read " + quantity);
  const Space memory(check(H5Screate_simple(2, block, nullptr), "read " + quantity));
  check(H5Dread(dataset, H5T_NATIVE_DOUBLE, memory.get(), file.get(), H5P_DEFAULT, values.data()),
        "read " + quantity);
  return values;
}

void check_indices(const Quantity& quantity, const NetworkMap& map, const std::filesystem::path& path) {
  const bool of_branches = quantity.name.starts_with("branch.");
  const int count = static_cast<int>(of_branches ? map.branches.size() : map.buses.size());
  for (const int index : quantity.indices)
    if (index < 0 || index >= count)
      damaged(path, fmt::format("quantity {} refers to {} {}, but there are {}", quantity.name,
                                of_branches ? "branch" : "bus", index, count));
}

void read_quantities(hid_t root, const std::vector<std::string>& only, const Check& check, Record& record) {
  const Group group = open_group(root, "quantity", check), index = open_group(root, "index", check),
              names = open_group(root, "elements", check);
  std::vector<std::string> wanted = names_in(group.get(), check);
  if (!only.empty()) {
    for (const std::string& name : only)
      if (std::find(wanted.begin(), wanted.end(), name) == wanted.end()) {
        const std::string near = nearest(name, wanted);
        throw Error(record.path.string(), fmt::format("has no quantity '{}'", name),
                    near.empty() ? "ask for a recorded quantity" : fmt::format("did you mean '{}'?", near));
      }
    wanted = only;
  }
  std::size_t samples = record.times_s.size();
  std::vector<Dataset> datasets;
  for (const std::string& name : wanted) {
    Dataset dataset(check(H5Dopen2(group.get(), name.c_str(), H5P_DEFAULT), "open quantity " + name));
    const std::vector<hsize_t> size = extent(dataset.get(), check);
    if (size.size() != 2) damaged(record.path, "quantity " + name + " has not two dimensions");
    if (size[0] < samples && record.status.outcome != kRunning)
      damaged(record.path, fmt::format("quantity {} has {} samples, but there are {} times", name, size[0],
                                       record.times_s.size()));
    samples = std::min<std::size_t>(samples, size[0]);
    Quantity quantity;
    quantity.name = name;
    quantity.unit = read_text_attribute(dataset.get(), "units", check);
    quantity.meaning = read_text_attribute(dataset.get(), "long_name", check);
    quantity.elements = read_texts(names.get(), read_text_attribute(dataset.get(), "elements", check), check);
    if (std::max<std::size_t>(quantity.elements.size(), 1) != size[1])
      damaged(record.path, fmt::format("quantity {} has {} names for {} columns", name,
                                       quantity.elements.size(), size[1]));
    if (H5Lexists(index.get(), name.c_str(), H5P_DEFAULT) > 0)
      quantity.indices = read_integers(index.get(), name, check);
    if (!quantity.indices.empty() && quantity.indices.size() != quantity.elements.size())
      damaged(record.path, "quantity " + name + " has not one index per element");
    check_indices(quantity, record.network, record.path);
    record.schema.quantities.push_back(std::move(quantity));
    datasets.push_back(std::move(dataset));
  }
  record.times_s.resize(samples);
  for (std::size_t q = 0; q < wanted.size(); ++q)
    record.values.push_back(read_rows(datasets[q].get(), samples, record.elements(q), wanted[q], check));
}

std::vector<LoggedEvent> read_events(hid_t root, const NetworkMap& map, const std::filesystem::path& path,
                                     const Check& check) {
  const Dataset dataset(check(H5Dopen2(root, "events", H5P_DEFAULT), "find the events"));
  const std::vector<hsize_t> size = extent(dataset.get(), check);
  if (size.size() != 1) damaged(path, "the event table has not one dimension");
  std::vector<EventRow> rows(size[0]);
  const Type type = event_type();
  if (!rows.empty())
    check(H5Dread(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, rows.data()), "read the events");
  std::vector<LoggedEvent> events;
  for (const EventRow& row : rows) {
    if (row.id != static_cast<int>(events.size()) || row.cause >= row.id)
      damaged(path, fmt::format("event {} is out of order", row.id));
    if (row.bus >= static_cast<int>(map.buses.size()))
      damaged(path, fmt::format("event {} is at no bus", row.id));
    events.push_back({row.id, row.time_s, get(row.kind), get(row.device), get(row.text), get(row.quantity),
                      row.value, row.threshold, row.duration_s, row.power_MW, row.island, row.bus, row.cause,
                      get(row.cause_text)});
  }
  return events;
}

Record read_all(const std::filesystem::path& path, const std::vector<std::string>& only) {
  const Quiet quiet;
  const Check check(path, false);
  const FileHandle file = open(path, check);
  const hid_t root = file.get();
  check_format(root, path, check);
  Record record;
  record.path = path;
  record.info = read_case(root, check);
  record.network = read_network(root, path, check);
  record.status.outcome = read_text_attribute(root, "status", check);
  record.status.completed = record.status.outcome == "completed";
  record.times_s = read_numbers(root, "time", check);
  read_quantities(root, only, check, record);
  record.events = read_events(root, record.network, path, check);
  const double end_s = read_number_attribute(root, "end_time_s", check);
  record.status.end_time_s = std::isfinite(end_s)     ? end_s
                             : record.times_s.empty() ? 0
                                                      : record.times_s.back();
  const double wall_s = read_number_attribute(root, "wall_time_s", check);
  if (std::isfinite(wall_s)) record.wall_time_s = wall_s;
  return record;
}

/// Written within the last seconds, and with the mark of a run that is under way.
bool is_being_written(const std::filesystem::path& path) {
  std::error_code unknown;
  const auto age =
      std::filesystem::file_time_type::clock::now() - std::filesystem::last_write_time(path, unknown);
  return !unknown && age < std::chrono::seconds(5) &&
         !FileHandle(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT)).valid();
}

/// A run that has just lost the processor in the middle of a write leaves a checksum that is wrong for the
/// moment: a file written within the last seconds is read again, a few times, with pauses.
Record read_while_it_grows(const std::filesystem::path& path, const std::vector<std::string>& only) {
  for (int attempt = 1;; ++attempt) {
    try {
      return read_all(path, only);
    } catch (const Error& error) {
      const bool torn = std::string_view(error.what()).find("checksum") != std::string_view::npos;
      if (!torn || attempt == 5 || !is_being_written(path)) throw;
      std::this_thread::sleep_for(std::chrono::milliseconds(40));
    }
  }
}

}  // namespace

Record read_record(const std::filesystem::path& path, const std::vector<std::string>& only) {
  try {
    return read_while_it_grows(path, only);
  } catch (const std::bad_alloc&) {
    throw Error(path.string(), "the record does not fit into memory, or is damaged",
                "read fewer quantities, or run the case again");
  } catch (const std::length_error&) {
    damaged(path, "a table has an impossible size");
  }
}

}  // namespace ballast
