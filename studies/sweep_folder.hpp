/// \file
/// The folder of a sweep's results, and folders of journals. Private to studies/.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "studies/result.hpp"

namespace ballast {

/// Journals (journal.hpp) side by side, named <session>-<file>.jsonl.
class JournalFolder {
 public:
  /// What the journals of a sweep say.
  struct Content {
    std::map<int, ScenarioResult> results;  ///< by scenario; the first line about one counts
    std::size_t damaged = 0;                ///< lines that do not count
    bool another = false;                   ///< a journal of another sweep is among them
  };

  explicit JournalFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}
  /// Names from here on are those of a new session.
  void begin_session();
  /// A name that no journal has.
  [[nodiscard]] std::filesystem::path new_name();
  /// Throws Error for a journal that cannot be read.
  [[nodiscard]] Content read(const std::string& fingerprint) const;
  [[nodiscard]] const std::filesystem::path& path() const { return folder_; }

 private:
  std::filesystem::path folder_;
  int session_ = 0;
  int files_ = 0;
  [[nodiscard]] std::vector<std::filesystem::path> files() const;
};

/// A folder of results, held against other processes.
class SweepFolder {
 public:
  /// Throws Error for a folder that cannot be used: foreign files, no permission, another sweep in progress,
  /// or, unless it is to be resumed, one that holds a sweep.
  SweepFolder(const std::filesystem::path& folder, bool resume);
  ~SweepFolder();
  SweepFolder(const SweepFolder&) = delete;
  SweepFolder& operator=(const SweepFolder&) = delete;
  [[nodiscard]] JournalFolder& journals() { return journals_; }

 private:
  std::filesystem::path folder_;
  int lock_ = -1;
  JournalFolder journals_;
  [[nodiscard]] bool take_lock() const;
  void check(bool resume) const;
};

}  // namespace ballast
