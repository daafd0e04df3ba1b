/// The coordinator of a sweep.
#include "studies/run_sweep.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <deque>
#include <map>

#include "studies/batch_backend.hpp"
#include "studies/journal.hpp"
#include "studies/origin.hpp"
#include "studies/worker.hpp"

namespace ballast {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr int kRounds = 3;  ///< a journal line damaged on the disk makes its scenario run again, so often

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// The folder of a sweep, held against other processes.
class SweepFolder {
 public:
  SweepFolder(const fs::path& folder, bool resume) : folder_(folder) {
    try {
      if (fs::exists(folder) && !fs::is_directory(folder))
        throw Error(folder.string(), "the output folder is a file", "name another folder with -o");
      fs::create_directories(folder);
      check(resume);
      fs::create_directories(folder / "journal");
      fs::create_directories(folder / "records");
    } catch (const fs::filesystem_error& error) {
      throw Error(folder.string(),
                  fmt::format("the output folder cannot be used: {}", error.code().message()),
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
    for (const fs::path& file : journals()) session_ = std::max(session_, std::atoi(file.filename().c_str()));
    ++session_;
  }
  ~SweepFolder() {
    if (lock_ >= 0) ::close(lock_);
  }
  SweepFolder(const SweepFolder&) = delete;
  SweepFolder& operator=(const SweepFolder&) = delete;

  [[nodiscard]] std::vector<fs::path> journals() const {
    std::vector<fs::path> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder_ / "journal"))
      files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
  }
  /// A name that no journal has.
  [[nodiscard]] fs::path new_journal() {
    return folder_ / "journal" / fmt::format("{:04}-{:03}.jsonl", session_, ++files_);
  }

 private:
  fs::path folder_;
  int lock_ = -1;
  int session_ = 0;
  int files_ = 0;

  /// Waits a moment for the processes of a sweep that has just been killed.
  [[nodiscard]] bool take_lock() const {
    for (int k = 0; k < 40; ++k) {
      if (::flock(lock_, LOCK_EX | LOCK_NB) == 0) return true;
      if (errno != EWOULDBLOCK && errno != EINTR) return false;
      ::usleep(50000);
    }
    return false;
  }

  void check(bool resume) const {
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
        throw Error(folder_.string(),
                    fmt::format("the folder holds '{}', which is no result of a sweep", name),
                    "nothing was changed; name another folder with -o");
      if (!resume)
        throw Error(folder_.string(), "the folder holds a sweep already",
                    "go on with it by --resume, or name another folder with -o");
    }
  }
};

class Coordinator {
 public:
  Coordinator(const Sweep& sweep, const SweepOptions& options)
      : sweep_(sweep), options_(options), folder_(options.folder, options.resume) {}

  SweepRun run() {
    prepare_first();
    read_journals(true);
    try {
      write_origin(options_.folder, sweep_);
    } catch (const Error& error) {
      fmt::print(stderr, "error: {}\n", error.what());
      run_.unwritten = true;
      return std::move(run_);
    }
    run_.resumed = static_cast<int>(found_.size());
    failures_ = static_cast<int>(std::count_if(found_.begin(), found_.end(),
                                               [](const auto& r) { return is_failure(r.second.ending); }));
    bool going = true;
    for (int round = 0; round < kRounds && going; ++round) {
      fill_queue();
      if (queue_.empty()) break;
      const bool batch = options_.backend == Backend::CPU && round == 0;
      going = batch ? run_batch() : run_queue();
      read_journals(false);
    }
    run_.complete = static_cast<int>(found_.size()) == sweep_.scenarios;
    if (going && !run_.complete)
      throw Error(options_.folder.string(), "results are missing from the journals again and again",
                  "check that the disk works");
    run_.this_session = static_cast<int>(found_.size()) - run_.resumed;
    for (auto& [scenario, result] : found_) run_.results.push_back(std::move(result));
    run_.wall_s = seconds_since(start_);
    return std::move(run_);
  }

 private:
  struct Process {
    pid_t pid = -1;
    int socket = -1;
    std::string key;  ///< of the case it has at rest
    bool busy = false;
    Order order{};
  };

  const Sweep& sweep_;
  const SweepOptions& options_;
  SweepFolder folder_;
  Clock::time_point start_ = Clock::now();
  std::unique_ptr<SharedCase> first_;
  std::string first_key_;
  std::map<int, ScenarioResult> found_;
  std::vector<std::string> keys_;  ///< in the order of their first scenarios
  std::map<std::string, std::deque<Order>> queue_;
  std::vector<Process> workers_;
  std::unique_ptr<Journal> own_journal_;  ///< for scenarios over which a worker died
  int failures_ = 0, done_ = 0;
  SweepRun run_;

  void prepare_first() {
    first_ = prepare_shared(sweep_, 0);
    first_key_ = case_key(sweep_, 0);
    if (!first_->problem.empty()) {
      if (first_key_.empty()) throw Error("the base case", first_->problem);
      const PreparedCase base = prepare(sweep_.base_case);  // throws when that cannot rest either
      check_metrics(sweep_, *base.system);
      run_.columns = figure_columns(sweep_, *base.system);
      return;
    }
    check_metrics(sweep_, *first_->ready.system);
    run_.columns = figure_columns(sweep_, *first_->ready.system);
  }

  void read_journals(bool at_start) {
    run_.damaged_lines = 0;
    for (const fs::path& file : folder_.journals()) {
      JournalContent content = read_journal(file);
      run_.damaged_lines += content.damaged;
      if (content.fingerprint.empty()) continue;  // killed before the first line was whole
      if (content.fingerprint != sweep_.fingerprint && at_start)
        throw Error(
            options_.folder.string(),
            "the folder holds the results of another sweep: the sweep file, its case, a network file or the "
            "program (another build of it, too) has changed",
            "name another folder with -o, or resume with the program that began it");
      for (ScenarioResult& r : content.results)
        if (r.scenario < sweep_.scenarios && r.cells.size() == run_.columns.size())
          found_.try_emplace(r.scenario, std::move(r));
    }
  }

  void fill_queue() {
    queue_.clear();
    keys_.clear();
    for (int k = 0; k < sweep_.scenarios; ++k) {
      if (found_.contains(k)) continue;
      const std::string key = case_key(sweep_, k);
      auto [place, is_new] = queue_.try_emplace(key);
      if (is_new) keys_.push_back(key);
      place->second.push_back({k, 1});
    }
    done_ = static_cast<int>(found_.size());
  }

  /// The group whose next scenario a worker takes: its own, else one that nobody works on, else the longest.
  std::deque<Order>* group_for(const Process& worker) {
    if (const auto own = queue_.find(worker.key); own != queue_.end() && !own->second.empty())
      return &own->second;
    std::deque<Order>* longest = nullptr;
    for (const std::string& key : keys_) {
      std::deque<Order>& group = queue_[key];
      if (group.empty()) continue;
      const bool claimed = std::any_of(workers_.begin(), workers_.end(),
                                       [&](const Process& w) { return w.busy && w.key == key; });
      if (!claimed) return &group;
      if (longest == nullptr || group.size() > longest->size()) longest = &group;
    }
    return longest;
  }

  /// Runs what the batch engine takes; the rest stays in the queue for the next round.
  bool run_batch() {
    std::vector<int> scenarios;
    for (const auto& [key, group] : queue_)
      for (const Order& order : group) scenarios.push_back(order.scenario);
    std::sort(scenarios.begin(), scenarios.end());
    const Journal journal(folder_.new_journal(), sweep_.fingerprint, sweep_.sync);
    return run_batches(
        {sweep_, options_, journal, *first_, first_key_,
         [this](Ending ending) {
           count(ending);
           if (options_.progress)
             options_.progress({done_, sweep_.scenarios, failures_, run_.resumed, seconds_since(start_)});
         }},
        scenarios);
  }

  /// Runs everything in the queue; false when interrupted or when results cannot be written.
  bool run_queue() {
    std::size_t waiting = 0;
    for (const auto& [key, group] : queue_) waiting += group.size();
    workers_.assign(std::min<std::size_t>(static_cast<std::size_t>(std::max(options_.jobs, 1)), waiting), {});
    bool going = true;
    try {
      for (Process& worker : workers_) {
        start(worker);
        give(worker);
      }
      while (going &&
             std::any_of(workers_.begin(), workers_.end(), [](const Process& w) { return w.busy; })) {
        going = listen() && !(options_.interrupted && options_.interrupted());
        if (options_.progress)
          options_.progress({done_, sweep_.scenarios, failures_, run_.resumed, seconds_since(start_)});
      }
    } catch (...) {
      end_workers(true);
      throw;
    }
    end_workers(!going);
    return going;
  }

  void start(Process& worker) {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
      throw Error("", fmt::format("no socket for a worker: {}", std::strerror(errno)), "use fewer --jobs");
    const fs::path journal = folder_.new_journal();
    const pid_t coordinator = getpid();
    std::fflush(nullptr);
    const pid_t pid = fork();
    if (pid < 0)
      throw Error("", fmt::format("no process for a worker: {}", std::strerror(errno)), "use fewer --jobs");
    if (pid == 0) {
      ::close(ends[0]);
      for (const Process& other : workers_)
        if (other.socket >= 0) ::close(other.socket);
      _exit(work({sweep_, options_, ends[1], journal, first_.get(), first_key_, coordinator}));
    }
    ::close(ends[1]);
    worker.pid = pid;
    worker.socket = ends[0];
    worker.key = first_key_;
    worker.busy = false;
  }

  void give(Process& worker) {
    std::deque<Order>* group = group_for(worker);
    worker.busy = group != nullptr;
    if (group == nullptr) return;
    worker.order = group->front();
    group->pop_front();
    worker.key = case_key(sweep_, worker.order.scenario);
    // A worker that has just died is found out by listen().
    (void)::send(worker.socket, &worker.order, sizeof worker.order, MSG_NOSIGNAL);
  }

  bool listen() {
    std::vector<pollfd> sockets;
    for (const Process& worker : workers_) sockets.push_back({worker.busy ? worker.socket : -1, POLLIN, 0});
    if (::poll(sockets.data(), sockets.size(), 100) <= 0) return true;
    for (std::size_t w = 0; w < workers_.size(); ++w) {
      if (sockets[w].revents == 0) continue;
      Process& worker = workers_[w];
      Report report{};
      const ssize_t size = ::recv(worker.socket, &report, sizeof report, MSG_DONTWAIT);
      if (size == sizeof report) {
        if (report.unwritten != 0) {
          run_.unwritten = true;
          return false;
        }
        count(static_cast<Ending>(report.ending));
        give(worker);
      } else if (size >= 0 || (errno != EAGAIN && errno != EINTR)) {
        replace(worker);
      }
    }
    return true;
  }

  void count(Ending ending) {
    ++done_;
    if (is_failure(ending)) ++failures_;
  }

  /// A worker died: its scenario is tried once more, by another.
  void replace(Process& worker) {
    int status = 0;
    ::close(worker.socket);
    waitpid(worker.pid, &status, 0);
    const Order lost = worker.order;
    worker.socket = -1;
    if (lost.attempt < kAttempts) {
      queue_[case_key(sweep_, lost.scenario)].push_front({lost.scenario, lost.attempt + 1});
    } else {
      const std::string why =
          WIFSIGNALED(status)
              ? fmt::format("the process that prepared it was ended by signal {} ({})", WTERMSIG(status),
                            strsignal(WTERMSIG(status)))
              : fmt::format("the process that prepared it ended with code {}", WEXITSTATUS(status));
      if (!own_journal_)
        own_journal_ = std::make_unique<Journal>(folder_.new_journal(), sweep_.fingerprint, sweep_.sync);
      own_journal_->append(crashed_result(sweep_, lost.scenario, why, kAttempts));
      count(Ending::CRASHED);
    }
    start(worker);
    give(worker);
  }

  void end_workers(bool at_once) {
    for (Process& worker : workers_) {
      if (worker.socket < 0) continue;
      if (at_once) ::kill(worker.pid, SIGKILL);
      ::close(worker.socket);
      waitpid(worker.pid, nullptr, 0);
      worker.socket = -1;
    }
  }
};

}  // namespace

SweepRun run_sweep(const Sweep& sweep, const SweepOptions& options) {
  if (options.backend == Backend::IDA) return Coordinator(sweep, options).run();
  // Results of another engine are other results.
  Sweep own = sweep;
  own.fingerprint += "-cpu";
  return Coordinator(own, options).run();
}

}  // namespace ballast
