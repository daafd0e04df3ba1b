/// `ballast export`: a case or network file as PSS/E RAW and DYR.
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "cases/reader/case.hpp"
#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "grid/raw_writer.hpp"
#include "grid/readers.hpp"
#include "models/dyr.hpp"
#include "models/registry.hpp"

namespace ballast {
namespace {

struct Source {
  Network network;
  bool has_network = true;
  std::vector<DynamicRecord> records;
  bool has_records = true;
};

/// Circuit of the branch that a plant's meter measures; "1" without one.
std::string circuit_of(const Plant& plant, const Network& network) {
  for (const Part& part : plant.parts)
    if (part.branch >= 0) return network.branches[static_cast<std::size_t>(part.branch)].id;
  return "1";
}

/// Machines and dynamic loads of a case as DYR records; everything else of a case has no standard record.
void add_records(const Case& c, Source& source) {
  std::vector<Problem> left_out;
  for (const Plant& plant : c.plants) {
    const Bus& bus = c.network.buses[static_cast<std::size_t>(plant.bus)];
    const std::string start = std::to_string(bus.number) + "-";
    const bool static_load = plant.kind == "load" && plant.parts.front().model == kStaticLoad;
    const bool has_records = plant.kind == "machine" || (plant.kind == "load" && !static_load);
    if (!has_records || plant.name.rfind(start, 0) != 0) {
      if (plant.kind != "load")
        left_out.push_back({plant.place.text(),
                            fmt::format("{} '{}' has no DYR record and is left out", plant.kind, plant.name),
                            ""});
      continue;
    }
    for (const Part& part : plant.parts) {
      const ModelInfo* model = find_model(part.model);
      if (model == nullptr || model->role == Role::MEASUREMENT) continue;  // meters come from their controls
      const auto count = static_cast<std::size_t>(model->record_parameters);
      DynamicRecord record = make_record(bus.number, part.model, plant.name.substr(start.size()),
                                         std::span(part.parameters).first(count));
      for (std::size_t k = 0; k < count; ++k)
        if (model->parameters[k].is_name) record.fields[k].text = circuit_of(plant, c.network);
      source.records.push_back(std::move(record));
    }
  }
  print_warnings(left_out);
}

Source read_source(const std::filesystem::path& path) {
  Source source;
  Problems problems;
  std::string extension = path.extension().string();
  for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (extension == ".dyr") {
    source.has_network = false;
    source.records = read_dyr(path.string(), problems);
  } else if (extension == ".raw" || extension == ".m") {
    source.has_records = false;
    source.network = read_network(path.string(), problems);
  } else {
    const Case c = read_case(path);
    print_warnings(c.warnings);
    source.network = c.network;
    add_records(c, source);
  }
  problems.throw_if_any();
  print_warnings(problems.warnings());
  return source;
}

/// Under another name until it is whole, so that nothing half-written looks finished.
bool write_file(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::path part = path;
  part += ".part";
  std::ofstream file(part, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  std::error_code failed;
  if (file) std::filesystem::rename(part, path, failed);
  if (file && !failed) return true;
  fmt::print(stderr, "error: {}: cannot be written: {}\n", path.string(),
             failed ? failed.message() : std::strerror(errno));
  std::filesystem::remove(part, failed);
  return false;
}

}  // namespace

ExitCode export_command(const ExportArguments& arguments) {
  if (arguments.raw.empty() && arguments.dyr.empty())
    throw Error("ballast export", "nothing to write", "give --raw FILE, --dyr FILE or both");
  const Source source = read_source(arguments.path);
  if (!arguments.raw.empty() && !source.has_network)
    throw Error(arguments.path.string(), "a DYR file has no network for --raw",
                "name a case or a network file");
  if (!arguments.dyr.empty() && !source.has_records)
    throw Error(arguments.path.string(), "a network file has no dynamic data for --dyr",
                "name a case or a .dyr file");
  Problems problems;
  const std::string raw = arguments.raw.empty() ? "" : write_raw(source.network, arguments.version, problems);
  problems.throw_if_any();
  print_warnings(problems.warnings());
  if (!arguments.raw.empty()) {
    if (!write_file(arguments.raw, raw)) return ExitCode::CANNOT_WRITE;
    fmt::print("{}: RAW version {}, {} buses\n", arguments.raw.string(), arguments.version,
               source.network.buses.size() - source.network.three_windings.size());
  }
  if (!arguments.dyr.empty()) {
    if (!write_file(arguments.dyr, write_dyr(source.records))) return ExitCode::CANNOT_WRITE;
    fmt::print("{}: {} records\n", arguments.dyr.string(), source.records.size());
  }
  return ExitCode::OK;
}

}  // namespace ballast
