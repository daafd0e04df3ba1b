#include "studies/sweep_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "grid/error.hpp"
#include "studies/journal.hpp"
#include "studies/origin.hpp"

namespace ballast {

namespace fs = std::filesystem;

std::vector<fs::path> JournalFolder::files() const {
  std::vector<fs::path> all;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_)) all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  return all;
}

void JournalFolder::begin_session() {
  for (const fs::path& file : files()) session_ = std::max(session_, std::atoi(file.filename().c_str()));
  ++session_;
  files_ = 0;
}

fs::path JournalFolder::new_name() { return folder_ / fmt::format("{:04}-{:03}.jsonl", session_, ++files_); }

JournalFolder::Content JournalFolder::read(const std::string& fingerprint) const {
  Content all;
  for (const fs::path& file : files()) {
    JournalContent one = read_journal(file);
    all.damaged += one.damaged;
    if (one.fingerprint.empty()) continue;  // killed before the first line was whole
    all.another = all.another || one.fingerprint != fingerprint;
    for (ScenarioResult& r : one.results) all.results.try_emplace(r.scenario, std::move(r));
  }
  return all;
}

SweepFolder::SweepFolder(const fs::path& folder, bool resume)
    : folder_(folder), journals_(folder / "journal") {
  try {
    if (fs::exists(folder) && !fs::is_directory(folder))
      throw Error(folder.string(), "the output folder is a file", "name another folder with -o");
    fs::create_directories(folder);
    check(resume);
    fs::create_directories(folder / "journal");
    fs::create_directories(folder / "records");
  } catch (const fs::filesystem_error& error) {
    throw Error(folder.string(), fmt::format("the output folder cannot be used: {}", error.code().message()),
                "check the path and its permissions, or name another folder with -o");
  }
  lock_ = ::open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock_ < 0 || !take_lock()) {
    const bool taken = lock_ >= 0 && errno == EWOULDBLOCK;
    const std::string reason = std::strerror(errno);
    if (lock_ >= 0) ::close(lock_);
    throw Error(folder.string(),
                taken ? "another sweep is running in this folder" : "cannot lock the folder: " + reason,
                taken ? "wait for it, or name another folder with -o" : "check its permissions");
  }
  journals_.begin_session();
}

SweepFolder::~SweepFolder() {
  if (lock_ >= 0) ::close(lock_);
}

/// Waits a moment for the processes of a sweep that has just been killed.
bool SweepFolder::take_lock() const {
  for (int k = 0; k < 40; ++k) {
    if (::flock(lock_, LOCK_EX | LOCK_NB) == 0) return true;
    if (errno != EWOULDBLOCK && errno != EINTR) return false;
    ::usleep(50000);
  }
  return false;
}

void SweepFolder::check(bool resume) const {
  static const std::vector<std::string> kOurs{"journal",
                                              "records",
                                              "lock",
                                              "results.h5",
                                              "results.csv",
                                              "timing.csv",
                                              kOriginFile,
                                              "report.html",
                                              "report.html.partial",
                                              "results.h5.partial",
                                              "results.csv.partial",
                                              "timing.csv.partial"};
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_)) {
    const std::string name = entry.path().filename().string();
    if (std::find(kOurs.begin(), kOurs.end(), name) == kOurs.end())
      throw Error(folder_.string(), fmt::format("the folder holds '{}', which is no result of a sweep", name),
                  "nothing was changed; name another folder with -o");
    if (!resume)
      throw Error(folder_.string(), "the folder holds a sweep already",
                  "go on with it by --resume, or name another folder with -o");
  }
}

}  // namespace ballast
