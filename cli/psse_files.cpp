#include "cli/psse_files.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "cli/messages.hpp"
#include "models/registry.hpp"

namespace ballast {
namespace {

/// Circuit of the branch that a plant's meter measures; "1" without one.
std::string circuit_of(const Plant& plant, const Network& network) {
  for (const Part& part : plant.parts)
    if (part.branch >= 0) return network.branches[static_cast<std::size_t>(part.branch)].id;
  return "1";
}

}  // namespace

std::vector<DynamicRecord> dynamic_records(const Case& c) {
  std::vector<DynamicRecord> records;
  std::vector<Problem> left_out;
  for (const Plant& plant : c.plants) {
    const Bus& bus = c.network.buses[static_cast<std::size_t>(plant.bus)];
    const std::string start = std::to_string(bus.number) + "-";
    const bool static_load = plant.kind == "load" && is_static_load(plant.parts.front().model);
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
      records.push_back(std::move(record));
    }
  }
  print_warnings(left_out);
  return records;
}

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

}  // namespace ballast
