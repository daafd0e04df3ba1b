#include "studies/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>

#include "studies/fingerprint.hpp"

namespace ballast {
namespace {

using Json = nlohmann::json;

/// An open file that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  ~Descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

[[noreturn]] void fail(const std::filesystem::path& path, const char* doing) {
  const int reason = errno;
  throw JournalError(path.string(), fmt::format("cannot {}: {}", doing, std::strerror(reason)),
                     reason == ENOSPC ? "free space on that disk, then go on with --resume"
                                      : "check the path and its permissions");
}

/// JSON has no infinities and no NaN.
Json number_json(double value) {
  if (std::isnan(value)) return nullptr;
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return value;
}

Cell number_cell(const Json& json) {
  if (json.is_null()) return std::numeric_limits<double>::quiet_NaN();
  if (json.is_string()) {
    const double infinity = std::numeric_limits<double>::infinity();
    return json.get<std::string>() == "inf" ? infinity : -infinity;
  }
  return json.get<double>();
}

std::string line_of(const std::string& payload) {
  return fmt::format("{:08x} {}\n", crc32(payload), payload);
}

/// The payload of a line whose checksum is right.
std::optional<std::string> checked(const std::string& line) {
  if (line.size() < 10 || line[8] != ' ') return std::nullopt;
  std::string payload = line.substr(9);
  if (fmt::format("{:08x}", crc32(payload)) != line.substr(0, 8)) return std::nullopt;
  return payload;
}

}  // namespace

std::string result_text(const ScenarioResult& r) {
  Json cells = Json::array();
  for (const Cell& cell : r.cells) {
    if (const auto* text = std::get_if<std::string>(&cell))
      cells.push_back({{"text", *text}});
    else
      cells.push_back(number_json(std::get<double>(cell)));
  }
  const Json json = {{"scenario", r.scenario}, {"ending", static_cast<int>(r.ending)},
                     {"message", r.message},   {"cells", std::move(cells)},
                     {"cpu_s", r.cpu_s},       {"wall_s", r.wall_s},
                     {"attempts", r.attempts}, {"engine", r.engine}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<ScenarioResult> parse_result(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    ScenarioResult r;
    r.scenario = json.at("scenario").get<int>();
    const int ending = json.at("ending").get<int>();
    if (r.scenario < 0 || ending < 0 || ending >= kEndings) return std::nullopt;
    r.ending = static_cast<Ending>(ending);
    r.message = json.at("message").get<std::string>();
    for (const Json& cell : json.at("cells"))
      r.cells.push_back(cell.is_object() ? Cell(cell.at("text").get<std::string>()) : number_cell(cell));
    r.cpu_s = json.at("cpu_s").get<double>();
    r.wall_s = json.at("wall_s").get<double>();
    r.attempts = json.at("attempts").get<int>();
    r.engine = json.at("engine").get<std::string>();
    return r;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

Journal::Journal(std::filesystem::path path, const std::string& fingerprint, bool sync)
    : path_(std::move(path)), sync_(sync) {
  const Descriptor file(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (file.get() < 0) fail(path_, "make the journal");
  write_lines(line_of(Json{{"sweep", fingerprint}}.dump()));
}

void Journal::append(const ScenarioResult& result) const { write_lines(line_of(result_text(result))); }

void Journal::append(const std::vector<ScenarioResult>& results) const {
  std::string lines;
  for (const ScenarioResult& result : results) lines += line_of(result_text(result));
  if (!lines.empty()) write_lines(std::move(lines));
}

void Journal::write_lines(std::string line) const {
  const Descriptor file(::open(path_.c_str(), O_RDWR | O_APPEND | O_CLOEXEC));
  if (file.get() < 0) fail(path_, "open the journal");
  // A process killed while it wrote leaves a line without end: the next one begins on a line of its own.
  char last = '\n';
  if (const off_t size = ::lseek(file.get(), 0, SEEK_END);
      size > 0 && ::pread(file.get(), &last, 1, size - 1) == 1 && last != '\n')
    line.insert(line.begin(), '\n');
  std::size_t written = 0;
  while (written < line.size()) {
    const ssize_t n = ::write(file.get(), line.data() + written, line.size() - written);
    if (n < 0 && errno != EINTR) fail(path_, "write the journal");
    if (n > 0) written += static_cast<std::size_t>(n);
  }
  if (sync_ && ::fdatasync(file.get()) != 0) fail(path_, "bring the journal to the disk");
}

JournalContent read_journal(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(path.string(), "the journal cannot be read", "check its permissions");
  JournalContent content;
  std::string line;
  for (bool first = true; std::getline(file, line); first = false) {
    const bool whole = !file.eof();  // a last line without end was cut off
    const std::optional<std::string> payload = whole ? checked(line) : std::nullopt;
    if (!payload) {
      if (!line.empty()) ++content.damaged;
      continue;
    }
    if (first) {
      const Json json = Json::parse(*payload, nullptr, false);
      if (json.is_object() && json.contains("sweep") && json["sweep"].is_string())
        content.fingerprint = json["sweep"].get<std::string>();
    } else if (auto result = parse_result(*payload)) {
      content.results.push_back(std::move(*result));
    } else {
      ++content.damaged;
    }
  }
  return content;
}

}  // namespace ballast
