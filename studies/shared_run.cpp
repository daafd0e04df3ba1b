#include "studies/shared_run.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <sstream>
#include <thread>

#include "studies/batch_problem.hpp"

namespace ballast {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using End = LocalRun::End;

// What ranks say to each other: a word, then what belongs to it.
constexpr const char* kReady = "ready ";      // and the fingerprint: give me a chunk
constexpr const char* kResults = "results ";  // lines of the journal: give me the next
constexpr const char* kFailed = "failed ";    // why: I can do no more
constexpr const char* kAlive = "alive";
constexpr const char* kRun = "run ";  // numbers of scenarios
constexpr const char* kEnd = "end";
constexpr const char* kAbandon = "abandon";  // the same, and a rank is lost

constexpr auto kLook = std::chrono::milliseconds(2);  ///< between two looks for messages

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// What follows the word, if the text begins with it.
std::optional<std::string> after(const std::string& text, std::string_view word) {
  if (!text.starts_with(word)) return {};
  return text.substr(word.size());
}

/// Runs chunks on a thread of its own, so that this one can listen.
class Helper {
 public:
  explicit Helper(LocalRun& local)
      : local_(local),
        scratch_(fs::temp_directory_path() / fmt::format("ballast-rank-{}", getpid())),
        thread_([this] { work(); }) {}
  ~Helper() {
    stop_ = true;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      ending_ = true;
    }
    wake_.notify_one();
    thread_.join();
    std::error_code none;
    fs::remove_all(scratch_, none);
  }
  Helper(const Helper&) = delete;
  Helper& operator=(const Helper&) = delete;

  void give(std::vector<int> chunk) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      chunk_ = std::move(chunk);
    }
    wake_.notify_one();
  }
  /// kResults or kFailed when a chunk has come to its end.
  [[nodiscard]] std::optional<std::string> answer() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return std::exchange(answer_, {});
  }

 private:
  LocalRun& local_;
  fs::path scratch_;  ///< journals of one chunk
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<int> chunk_;
  std::optional<std::string> answer_;
  bool ending_ = false;
  std::atomic<bool> stop_ = false;
  std::thread thread_;  // last: it uses the others

  void work() {
    for (;;) {
      std::vector<int> chunk;
      {
        std::unique_lock<std::mutex> lock(mutex_);
        wake_.wait(lock, [this] { return ending_ || !chunk_.empty(); });
        if (ending_) return;
        chunk = std::exchange(chunk_, {});
      }
      std::string answer;
      try {
        answer = run(chunk);
      } catch (const std::exception& error) {
        answer = kFailed + std::string(error.what());
      }
      if (stop_) return;
      const std::lock_guard<std::mutex> lock(mutex_);
      answer_ = std::move(answer);
    }
  }

  std::string run(const std::vector<int>& chunk) {
    fs::remove_all(scratch_);
    fs::create_directories(scratch_);
    JournalFolder journals(scratch_);
    std::map<int, ScenarioResult> found;
    if (local_.run(chunk, journals, found, {[](Ending) {}, [this] { return !stop_; }}) == End::UNWRITTEN)
      return fmt::format("{}results cannot be written in {}", kFailed, scratch_.string());
    std::string lines = kResults;
    for (const auto& [scenario, result] : found) lines += result_text(result) + '\n';
    return lines;
  }
};

/// Rank 0's view of the ranks.
class Giver {
 public:
  Giver(const Sweep& sweep, const SweepOptions& options, LocalRun& local, const RunWatch& watch,
        JournalFolder& journals, std::map<int, ScenarioResult>& found)
      : sweep_(sweep),
        options_(options),
        team_(*options.team),
        watch_(watch),
        found_(found),
        journal_(journals.new_name(), sweep.fingerprint, sweep.sync),
        ranks_(static_cast<std::size_t>(team_.size())),
        helper_(local) {}

  ~Giver() {
    if (std::any_of(ranks_.begin(), ranks_.end(), [](const Rank& r) { return r.state == Rank::LOST; }))
      team_.abandon();
  }
  Giver(const Giver&) = delete;
  Giver& operator=(const Giver&) = delete;

  End run(const std::vector<int>& scenarios) {
    std::vector<int> missing;
    std::copy_if(scenarios.begin(), scenarios.end(), std::back_inserter(missing),
                 [&](int k) { return !found_.contains(k); });
    missing_ = missing.size();
    for (const std::vector<int>& group : groups_at_rest(sweep_, missing))
      queue_.insert(queue_.end(), group.begin(), group.end());
    give(0);
    while (missing_ > 0) {
      while (const auto message = team_.receive()) take(message->from, message->text);
      if (const auto answer = helper_.answer()) take(0, *answer);
      look_after_ranks();
      if (!watch_.going()) return End::STOPPED;
      if (ranks_.front().state == Rank::GONE && std::all_of(ranks_.begin(), ranks_.end(), [](const Rank& r) {
            return r.state == Rank::GONE || r.state == Rank::LOST;
          }))
        return End::UNWRITTEN;
      std::this_thread::sleep_for(kLook);
    }
    return End::DONE;
  }

 private:
  struct Rank {
    enum { UNHEARD, WAITS, WORKS, LOST, GONE } state = UNHEARD;
    std::vector<int> chunk;
    Clock::time_point heard;
  };

  const Sweep& sweep_;
  const SweepOptions& options_;
  Team& team_;
  const RunWatch& watch_;
  std::map<int, ScenarioResult>& found_;
  Journal journal_;
  std::vector<Rank> ranks_;
  Helper helper_;
  std::deque<int> queue_;
  std::size_t missing_ = 0;
  bool lost_one_ = false;  ///< a late result may be of a scenario that waits again
  Clock::time_point signed_{};

  /// The more is left the larger; never so small that it leaves lanes or workers idle.
  [[nodiscard]] std::size_t chunk_size() const {
    const auto jobs = static_cast<std::size_t>(std::max(options_.jobs, 1));
    std::size_t least = jobs;
    std::size_t most = 16 * jobs;
    if (options_.backend == Backend::CPU) least = 8 * jobs, most = 2048;
    if (options_.backend == Backend::CUDA) least = 1024, most = 16384;
    return std::min(queue_.size(), std::clamp(queue_.size() / (4 * ranks_.size()), least, most));
  }

  void give(int rank) {
    Rank& r = ranks_[static_cast<std::size_t>(rank)];
    r.chunk.clear();
    r.state = queue_.empty() ? Rank::WAITS : Rank::WORKS;
    if (queue_.empty()) return;
    for (std::size_t size = chunk_size(); size > 0; --size, queue_.pop_front())
      r.chunk.push_back(queue_.front());
    if (rank == 0) return helper_.give(r.chunk);
    std::string numbers = kRun;
    for (const int k : r.chunk) numbers += fmt::format("{} ", k);
    team_.send(rank, numbers);
  }

  void take(int rank, const std::string& text) {
    Rank& r = ranks_[static_cast<std::size_t>(rank)];
    r.heard = Clock::now();
    if (r.state == Rank::GONE) return;
    if (const auto fingerprint = after(text, kReady)) {
      if (*fingerprint == sweep_.fingerprint) return give(rank);
      lose(rank, "has another program, sweep or case than rank 0 and takes no part", Rank::GONE);
    } else if (const auto lines = after(text, kResults)) {
      keep(*lines);
      if (r.state == Rank::LOST) fmt::print(stderr, "rank {} is back\n", rank);
      give(rank);
    } else if (const auto why = after(text, kFailed)) {
      lose(rank, "can do no more: " + *why, Rank::GONE);
    }
  }

  /// Results that are new go to the journal.
  void keep(const std::string& lines) {
    std::istringstream stream(lines);
    std::vector<ScenarioResult> fresh;
    for (std::string line; std::getline(stream, line);)
      if (auto result = parse_result(line); result && !found_.contains(result->scenario))
        fresh.push_back(std::move(*result));
    journal_.append(fresh);
    for (ScenarioResult& result : fresh) {
      watch_.ended(result.ending);
      --missing_;
      found_.emplace(result.scenario, std::move(result));
    }
    if (lost_one_) std::erase_if(queue_, [this](int k) { return found_.contains(k); });
  }

  /// Its chunk goes to others.
  void lose(int rank, const std::string& why, decltype(Rank::state) state) {
    Rank& r = ranks_[static_cast<std::size_t>(rank)];
    fmt::print(stderr, "warning: rank {} {}\n", rank, why);
    r.state = state;
    lost_one_ = true;
    queue_.insert(queue_.begin(), r.chunk.begin(), r.chunk.end());
    r.chunk.clear();
    for (std::size_t k = 0; k < ranks_.size(); ++k)
      if (ranks_[k].state == Rank::WAITS && !queue_.empty()) give(static_cast<int>(k));
  }

  void look_after_ranks() {
    if (seconds_since(signed_) < kSign_s) return;
    signed_ = Clock::now();
    for (int k = 1; k < team_.size(); ++k) {
      const Rank& r = ranks_[static_cast<std::size_t>(k)];
      if (r.state == Rank::WORKS && seconds_since(r.heard) > kLost_s)
        lose(k, fmt::format("has been silent for {:g} s; its unfinished chunk goes to others", kLost_s),
             Rank::LOST);
      if (r.state == Rank::WORKS || r.state == Rank::WAITS) team_.send(k, kAlive);
    }
  }
};

}  // namespace

End run_shared(const Sweep& sweep, const SweepOptions& options, LocalRun& local,
               const std::vector<int>& scenarios, const RunWatch& watch, JournalFolder& journals,
               std::map<int, ScenarioResult>& found) {
  try {
    return Giver(sweep, options, local, watch, journals, found).run(scenarios);
  } catch (const JournalError& error) {
    fmt::print(stderr, "error: {}\n", error.what());
    return End::UNWRITTEN;
  }
}

void serve_shared(const Sweep& sweep, Team& team, LocalRun& local) {
  team.send(0, kReady + sweep.fingerprint);
  Helper helper(local);
  Clock::time_point signed_at = Clock::now();
  std::optional<Clock::time_point> heard;
  for (;;) {
    while (const auto message = team.receive()) {
      heard = Clock::now();
      if (message->text == kAbandon) team.abandon();
      if (message->text == kAbandon || message->text == kEnd) return;
      if (const auto numbers = after(message->text, kRun)) {
        std::istringstream stream(*numbers);
        std::vector<int> chunk;
        for (int k = 0; stream >> k;) chunk.push_back(k);
        helper.give(std::move(chunk));
      }
    }
    if (const auto answer = helper.answer()) team.send(0, *answer);
    if (seconds_since(signed_at) > kSign_s) {
      team.send(0, kAlive);
      signed_at = Clock::now();
    }
    if (heard && seconds_since(*heard) > kAlone_s) return team.abandon();
    std::this_thread::sleep_for(kLook);
  }
}

void end_team(Team& team) {
  for (int k = 1; k < team.size(); ++k) team.send(k, team.abandoned() ? kAbandon : kEnd);
}

}  // namespace ballast
