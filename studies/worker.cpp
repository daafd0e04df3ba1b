#include "studies/worker.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <new>

#include "studies/journal.hpp"

namespace ballast {
namespace {

namespace fs = std::filesystem;

/// Exit codes of a scenario's process; one that finished adds its Ending to FINISHED.
enum ChildExit { UNWRITTEN = 3, FAULT = 4, OUT_OF_MEMORY = 5, FINISHED = 100 };

void limit(int resource, rlim_t value) {
  rlimit both{};
  if (getrlimit(static_cast<__rlimit_resource>(resource), &both) != 0) return;
  both.rlim_cur = std::min(value, both.rlim_max);
  setrlimit(static_cast<__rlimit_resource>(resource), &both);
}

class Worker {
 public:
  explicit Worker(const WorkerTask& task)
      : task_(task), journal_(task.journal, task.sweep.fingerprint, task.sweep.sync) {}

  /// Runs one order to its end: a result in the journal, or nothing when that cannot be written.
  Report run(const WorkOrder& order) {
    const std::string key = case_key(task_.sweep, order.scenario);
    if (key != task_.first_key && (!own_ || key != own_key_)) {
      own_.reset();
      own_ = prepare_shared(task_.sweep, order.scenario);
      own_key_ = key;
    }
    SharedCase& shared = key == task_.first_key ? *task_.first : *own_;
    std::string why;
    int attempts = 0;
    for (int attempt = order.attempt; attempt <= kAttempts; ++attempt) {
      attempts = attempt;
      const pid_t child = fork();
      if (child < 0)
        return unwritten(order, fmt::format("no process can be started: {}", std::strerror(errno)));
      if (child == 0) run_and_exit(order.scenario, attempt, shared);
      int status = 0;
      while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
      }
      const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
      if (code == UNWRITTEN) return {order.scenario, 0, 1};
      if (code >= FINISHED && code < FINISHED + kEndings) return {order.scenario, code - FINISHED, 0};
      why = WIFSIGNALED(status)     ? fmt::format("its process was ended by signal {} ({})", WTERMSIG(status),
                                                  strsignal(WTERMSIG(status)))
            : code == OUT_OF_MEMORY ? "its process ran out of memory"
                                    : fmt::format("its process ended with code {}", code);
      if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) {
        why = fmt::format("more than cpu_limit_s = {:g} s of processor time", task_.sweep.cpu_limit_s);
        break;
      }
    }
    return record_crash(order, why, attempts);
  }

 private:
  const WorkerTask& task_;
  pid_t pid_ = getpid();
  Journal journal_;
  std::unique_ptr<SharedCase> own_;
  std::string own_key_;
  static constexpr const char* kPartial = ".partial";

  static Report unwritten(const WorkOrder& order, const std::string& why) {
    fmt::print(stderr, "error: {}\n", why);
    return {order.scenario, 0, 1};
  }

  [[nodiscard]] fs::path record_path(int scenario) const {
    if (task_.sweep.keep.which == KeepRecords::Which::NONE || !task_.options.make_record) return {};
    ScenarioResult asked;
    asked.scenario = scenario;
    if (task_.sweep.keep.which == KeepRecords::Which::LISTED && !keeps_record(task_.sweep.keep, asked))
      return {};
    return task_.options.folder / "records" / fmt::format("{:06}.h5", scenario);
  }
  void settle_record(const fs::path& path, const ScenarioResult& result) const {
    if (path.empty()) return;
    std::error_code none;
    if (keeps_record(task_.sweep.keep, result))
      fs::rename(path.string() + kPartial, path, none);
    else
      fs::remove(path.string() + kPartial, none);
  }

  /// The process of one scenario.
  [[noreturn]] void run_and_exit(int scenario, int attempt, SharedCase& shared) const {
    die_with(pid_);
    ::close(task_.socket);
    limit(RLIMIT_CORE, 0);
    if (std::isfinite(task_.sweep.cpu_limit_s))
      limit(RLIMIT_CPU, static_cast<rlim_t>(std::ceil(task_.sweep.cpu_limit_s)));
    int ending = 0;
    try {
      if (task_.options.before_scenario) task_.options.before_scenario(scenario, attempt);
      const fs::path record = record_path(scenario);
      ScenarioResult result = run_scenario(task_.sweep, scenario, shared,
                                           record.empty() ? record : fs::path(record.string() + kPartial),
                                           task_.options.make_record)
                                  .result;
      result.attempts = attempt;
      settle_record(record, result);
      journal_.append(result);
      ending = static_cast<int>(result.ending);
    } catch (const Error& error) {
      fmt::print(stderr, "error: {}\n", error.what());
      _exit(UNWRITTEN);
    } catch (const std::bad_alloc&) {
      _exit(OUT_OF_MEMORY);
    } catch (const std::exception& error) {
      fmt::print(stderr, "scenario {}: {}\n", scenario, error.what());
      _exit(FAULT);
    }
    _exit(FINISHED + ending);
  }

  Report record_crash(const WorkOrder& order, const std::string& why, int attempts) const {
    const ScenarioResult result = crashed_result(task_.sweep, order.scenario, why, attempts);
    settle_record(record_path(order.scenario), result);
    try {
      journal_.append(result);
    } catch (const Error& error) {
      return unwritten(order, error.what());
    }
    return {order.scenario, static_cast<int>(Ending::CRASHED), 0};
  }
};

}  // namespace

ScenarioResult crashed_result(const Sweep& sweep, int scenario, std::string why, int attempts) {
  ScenarioResult result;
  result.scenario = scenario;
  result.ending = Ending::CRASHED;
  result.message = std::move(why);
  result.cells = empty_cells(sweep);
  result.attempts = attempts;
  return result;
}

void die_with(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);  // it went before we asked
}

int work(const WorkerTask& task) {
  die_with(task.coordinator);
  std::signal(SIGINT, SIG_IGN);  // the coordinator decides
  try {
    Worker worker(task);
    WorkOrder order{};
    for (;;) {
      const ssize_t size = ::recv(task.socket, &order, sizeof order, 0);
      if (size < 0 && errno == EINTR) continue;
      if (size != sizeof order) return 0;
      const Report report = worker.run(order);
      if (::send(task.socket, &report, sizeof report, MSG_NOSIGNAL) != sizeof report) return 0;
      if (report.unwritten != 0) return 3;
    }
  } catch (const Error& error) {
    fmt::print(stderr, "error: {}\n", error.what());
    const Report report{-1, 0, 1};
    (void)::send(task.socket, &report, sizeof report, MSG_NOSIGNAL);
    return 3;
  } catch (const std::exception& error) {
    // Must not reach the coordinator's code, which this process has a copy of: it ends the other workers.
    fmt::print(stderr, "a process of the sweep ends: {}\n", error.what());
    return FAULT;
  }
}

}  // namespace ballast
