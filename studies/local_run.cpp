#include "studies/local_run.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

namespace ballast {
namespace {

constexpr int kRounds = 3;  ///< a journal line damaged on the disk makes its scenario run again, so often

}  // namespace

LocalRun::LocalRun(const Sweep& sweep, const SweepOptions& options)
    : sweep_(sweep),
      options_(options),
      on_device_(options.backend == Backend::CUDA),
      first_(prepare_shared(sweep, 0)),
      first_key_(case_key(sweep, 0)) {}

LocalRun::End LocalRun::run(const std::vector<int>& scenarios, JournalFolder& journals,
                            std::map<int, ScenarioResult>& found, const RunWatch& watch) {
  journals_ = &journals;
  watch_ = &watch;
  own_journal_.reset();
  for (int round = 0;; ++round) {
    std::vector<int> missing;
    std::copy_if(scenarios.begin(), scenarios.end(), std::back_inserter(missing),
                 [&](int k) { return !found.contains(k); });
    if (missing.empty()) return End::DONE;
    if (round == kRounds)
      throw Error(journals.path().string(), "results are missing from the journals again and again",
                  "check that the disk works");
    const bool batch = options_.backend != Backend::IDA && round == 0;
    End end = End::DONE;
    try {
      end = batch ? run_batch(missing) : run_queue(missing);
    } catch (const JournalError& error) {
      fmt::print(stderr, "error: {}\n", error.what());
      end = End::UNWRITTEN;
    }
    for (auto& [scenario, result] : journals.read(sweep_.fingerprint).results)
      found.try_emplace(scenario, std::move(result));
    if (end != End::DONE) return end;
  }
}

/// Runs what the batch engine takes; the rest is for the next round.
LocalRun::End LocalRun::run_batch(const std::vector<int>& scenarios) {
  const Journal journal(journals_->new_name(), sweep_.fingerprint, sweep_.sync);
  const bool all =
      run_batches({sweep_, options_, journal, *first_, first_key_, *watch_, on_device_}, scenarios);
  return all ? End::DONE : End::STOPPED;
}

void LocalRun::fill_queue(const std::vector<int>& scenarios) {
  queue_.clear();
  keys_.clear();
  for (const int k : scenarios) {
    const std::string key = case_key(sweep_, k);
    auto [place, is_new] = queue_.try_emplace(key);
    if (is_new) keys_.push_back(key);
    place->second.push_back({k, 1});
  }
}

/// The group whose next scenario a worker takes: its own, else one that nobody works on, else the longest.
std::deque<WorkOrder>* LocalRun::group_for(const Process& worker) {
  if (const auto own = queue_.find(worker.key); own != queue_.end() && !own->second.empty())
    return &own->second;
  std::deque<WorkOrder>* longest = nullptr;
  for (const std::string& key : keys_) {
    std::deque<WorkOrder>& group = queue_[key];
    if (group.empty()) continue;
    const bool claimed = std::any_of(workers_.begin(), workers_.end(),
                                     [&](const Process& w) { return w.busy && w.key == key; });
    if (!claimed) return &group;
    if (longest == nullptr || group.size() > longest->size()) longest = &group;
  }
  return longest;
}

LocalRun::End LocalRun::run_queue(const std::vector<int>& scenarios) {
  fill_queue(scenarios);
  workers_.assign(std::min(static_cast<std::size_t>(std::max(options_.jobs, 1)), scenarios.size()), {});
  End end = End::DONE;
  try {
    for (Process& worker : workers_) {
      start(worker);
      give(worker);
    }
    while (end == End::DONE &&
           std::any_of(workers_.begin(), workers_.end(), [](const Process& w) { return w.busy; })) {
      if (!listen())
        end = End::UNWRITTEN;
      else if (!watch_->going())
        end = End::STOPPED;
    }
  } catch (...) {
    end_workers(true);
    throw;
  }
  end_workers(end != End::DONE);
  return end;
}

void LocalRun::start(Process& worker) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    throw Error("", fmt::format("no socket for a worker: {}", std::strerror(errno)), "use fewer --jobs");
  const std::filesystem::path journal = journals_->new_name();
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

void LocalRun::give(Process& worker) {
  std::deque<WorkOrder>* group = group_for(worker);
  worker.busy = group != nullptr;
  if (group == nullptr) return;
  worker.order = group->front();
  group->pop_front();
  worker.key = case_key(sweep_, worker.order.scenario);
  // A worker that has just died is found out by listen().
  (void)::send(worker.socket, &worker.order, sizeof worker.order, MSG_NOSIGNAL);
}

/// False when a result could not be written.
bool LocalRun::listen() {
  std::vector<pollfd> sockets;
  for (const Process& worker : workers_) sockets.push_back({worker.busy ? worker.socket : -1, POLLIN, 0});
  if (::poll(sockets.data(), sockets.size(), 100) <= 0) return true;
  for (std::size_t w = 0; w < workers_.size(); ++w) {
    if (sockets[w].revents == 0) continue;
    Process& worker = workers_[w];
    Report report{};
    const ssize_t size = ::recv(worker.socket, &report, sizeof report, MSG_DONTWAIT);
    if (size == sizeof report) {
      if (report.unwritten != 0) return false;
      watch_->ended(static_cast<Ending>(report.ending));
      give(worker);
    } else if (size >= 0 || (errno != EAGAIN && errno != EINTR)) {
      replace(worker);
    }
  }
  return true;
}

/// A worker died: its scenario is tried once more, by another.
void LocalRun::replace(Process& worker) {
  int status = 0;
  ::close(worker.socket);
  waitpid(worker.pid, &status, 0);
  const WorkOrder lost = worker.order;
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
      own_journal_ = std::make_unique<Journal>(journals_->new_name(), sweep_.fingerprint, sweep_.sync);
    own_journal_->append(crashed_result(sweep_, lost.scenario, why, kAttempts));
    watch_->ended(Ending::CRASHED);
  }
  start(worker);
  give(worker);
}

void LocalRun::end_workers(bool at_once) {
  for (Process& worker : workers_) {
    if (worker.socket < 0) continue;
    if (at_once) ::kill(worker.pid, SIGKILL);
    ::close(worker.socket);
    waitpid(worker.pid, nullptr, 0);
    worker.socket = -1;
  }
}

}  // namespace ballast
