/// \file
/// What a sweep has found out so far, safe against a kill at any moment: text files that only grow, one line
/// per finished scenario, each with its checksum. Private to studies/.
///
/// A line is eight hexadecimal digits (CRC-32 of what follows the blank), a blank, and a JSON object. The
/// first line of a file names the sweep by its fingerprint. A line that is cut off or damaged does not count:
/// its scenario runs again.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "grid/error.hpp"
#include "studies/result.hpp"

namespace ballast {

/// One line per result, and back. Numbers survive with every bit.
[[nodiscard]] std::string result_text(const ScenarioResult& result);
/// Nothing for a text that is none.
[[nodiscard]] std::optional<ScenarioResult> parse_result(const std::string& text);

/// A journal cannot be written: no space, no permission.
class JournalError : public Error {
 public:
  using Error::Error;
};

/// Appends to one file. Processes may take turns, but only one may write at a time.
class Journal {
 public:
  /// Makes the file with its first line. Throws JournalError.
  Journal(std::filesystem::path path, const std::string& fingerprint, bool sync);
  /// When it returns the line is in the file, and on the disk if `sync`. Throws JournalError.
  void append(const ScenarioResult& result) const;
  /// Several with one write.
  void append(const std::vector<ScenarioResult>& results) const;

 private:
  void write_lines(std::string lines) const;
  std::filesystem::path path_;
  bool sync_;
};

struct JournalContent {
  std::string fingerprint;  ///< "" when the first line is damaged
  std::vector<ScenarioResult> results;
  std::size_t damaged = 0;  ///< lines that do not count
};
/// Throws Error when the file cannot be read.
[[nodiscard]] JournalContent read_journal(const std::filesystem::path& path);

}  // namespace ballast
