/// Load records of a DYR file: names that stand for groups of loads, and the header of USRLOD.
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <utility>

#include "models/dyr.hpp"
#include "models/load_records.hpp"

namespace ballast {
namespace {

/// Where the two letters of the scope stand in the names of a model.
constexpr std::size_t kScopeAt = 4;
constexpr std::array<std::string_view, 3> kModels = {"CIM5BL", "CMLDBLU1", "CMLDBLU2"};
constexpr std::array<std::pair<std::string_view, LoadScope>, 5> kScopes = {{{"BL", LoadScope::ONE},
                                                                            {"OW", LoadScope::OWNER},
                                                                            {"ZN", LoadScope::ZONE},
                                                                            {"AR", LoadScope::AREA},
                                                                            {"AL", LoadScope::ALL}}};
/// The order of CMLDBLU1 is that of CMLDBLU2 without the last value.
constexpr std::string_view kFirstComposite = "CMLDBLU1";
constexpr std::string_view kComposite = "CMLDBLU2";

/// USRLOD: name, 12, IT, then the numbers of ICONs, CONs, states, variables and reserved ICONs, then the
/// ICONs.
constexpr std::size_t kUserHeader = 8;
constexpr std::size_t kIconCount = 3;

}  // namespace

std::optional<LoadModelName> load_model_name(std::string_view written) {
  for (const std::string_view model : kModels) {
    if (written.size() != model.size() || written.substr(0, kScopeAt) != model.substr(0, kScopeAt) ||
        written.substr(kScopeAt + 2) != model.substr(kScopeAt + 2))
      continue;
    for (const auto& [letters, scope] : kScopes)
      if (written.substr(kScopeAt, 2) == letters)
        return LoadModelName{model == kFirstComposite ? kComposite : model, scope};
  }
  return {};
}

void read_load_name(DynamicRecord& record) {
  const bool user = record.model == "USRLOD";
  const std::string written = user ? record.vendor_name : record.model;
  const std::optional<LoadModelName> name = load_model_name(written);
  if (!name) return;
  if (user) {
    int icons = 0;
    if (record.fields.size() > kIconCount) {
      const std::string& text = record.fields[kIconCount].text;
      (void)std::from_chars(text.data(), text.data() + text.size(), icons);
    }
    if (icons < 0 || record.fields.size() < kUserHeader + static_cast<std::size_t>(icons)) return;
    const auto end = record.fields.begin() + static_cast<std::ptrdiff_t>(kUserHeader) + icons;
    record.header.assign(record.fields.begin(), end);
    record.fields.erase(record.fields.begin(), end);
  }
  if (user || written != name->model) record.written_model = record.model;
  record.model = name->model;
  record.scope = name->scope;
}

std::string full_model_name(const DynamicRecord& record) {
  if (!record.header.empty()) return record.header.front().text;
  if (!record.written_model.empty()) return record.written_model;
  return is_vendor_record(record.model) ? fmt::format("{} '{}'", record.model, record.vendor_name)
                                        : record.model;
}

std::string record_label(const DynamicRecord& record) {
  const std::string model = full_model_name(record);
  switch (record.scope) {
    case LoadScope::ONE:
      return fmt::format("{} of bus {} '{}'", model, record.bus, record.id);
    case LoadScope::OWNER:
      return fmt::format("{} of owner {}", model, record.bus);
    case LoadScope::ZONE:
      return fmt::format("{} of zone {}", model, record.bus);
    case LoadScope::AREA:
      return fmt::format("{} of area {}", model, record.bus);
    case LoadScope::ALL:
      return fmt::format("{} of all loads", model);
  }
  return model;
}

}  // namespace ballast
