// Runs a batch problem from a file and says how fast.
//
//     ballast-batch PROBLEM.bin [--backend cpu|cuda] [--threads N] [--only 0,7,20-29] [--repeat K]
//     ballast-batch --small N PROBLEM.bin       writes the test problem with N scenarios instead
//
// Exit codes: 0 done, 1 a scenario did not complete, 2 wrong use, 3 the problem or the machine is at fault.
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <numeric>
#include <string>
#include <string_view>

#include "kernels/batch.hpp"
#include "kernels/batch_cuda.hpp"
#include "kernels/machine.hpp"
#include "kernels/problem_file.hpp"
#include "kernels/standalone/small_problem.hpp"

namespace {

using namespace ballast::batch;

struct WrongUse : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Wanted {
  std::string file, backend = "cpu";
  int repeat = 1, small = 0;
  Options options;
};

int number(std::string_view text, const char* of) {
  int v = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), v);
  if (error != std::errc() || end != text.data() + text.size() || v < 0)
    throw WrongUse(std::string(of) + ": '" + std::string(text) + "' is no whole number");
  return v;
}

/// "0,7,20-29"
std::vector<int> list(std::string_view text) {
  std::vector<int> all;
  while (!text.empty()) {
    const std::string_view item = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), item.size() + 1));
    const std::size_t dash = item.find('-');
    const int first = number(item.substr(0, dash), "--only");
    const int last = dash == std::string_view::npos ? first : number(item.substr(dash + 1), "--only");
    for (int i = first; i <= last; ++i) all.push_back(i);
  }
  return all;
}

Wanted read(int argc, char** argv) {
  Wanted w;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const auto value = [&]() -> std::string_view {
      if (++i == argc) throw WrongUse(std::string(word) + " needs a value");
      return argv[i];
    };
    if (word == "--backend")
      w.backend = value();
    else if (word == "--threads")
      w.options.threads = number(value(), "--threads");
    else if (word == "--only")
      w.options.only = list(value());
    else if (word == "--repeat")
      w.repeat = number(value(), "--repeat");
    else if (word == "--small")
      w.small = number(value(), "--small");
    else if (word.starts_with("--") || !w.file.empty())
      throw WrongUse("'" + std::string(word) + "' is not understood");
    else
      w.file = word;
  }
  if (w.file.empty()) throw WrongUse("no problem file");
  return w;
}

/// What a run gave, whatever the order in which its scenarios ended.
struct Tally {
  std::array<long, 5> endings{};  ///< by Ending
  long steps = 0, rejected = 0, events = 0;
  std::uint64_t checksum = 0;

  [[nodiscard]] long scenarios() const { return std::accumulate(endings.begin(), endings.end(), 0L); }
  void add(const Result& r) {
    ++endings[static_cast<std::size_t>(r.ending)];
    steps += r.steps;
    rejected += r.rejected;
    events += static_cast<long>(r.events.size());
    std::uint64_t hash = 0xcbf29ce484222325U;
    const auto mix = [&](double v) {
      std::uint64_t bits = 0;
      std::memcpy(&bits, &v, sizeof bits);
      hash = (hash ^ bits) * 0x100000001b3U;
      hash ^= hash >> 29;
    };
    mix(r.scenario);
    mix(r.end_s);
    for (const double x : r.x) mix(x);
    for (const Event& e : r.events) mix(e.time_s);
    for (const Extreme& e : {r.voltage_min, r.voltage_max, r.speed_min, r.speed_max}) mix(e.value);
    checksum += hash;
  }
};

Tally run_once(const Problem& problem, const Wanted& w) {
  Tally tally;
  std::mutex adding;
  Options options = w.options;
  options.done = [&](Result&& r) {
    const std::lock_guard<std::mutex> lock(adding);
    tally.add(r);
  };
  try {
    if (w.backend == "cpu")
      (void)run_cpu(problem, options);
    else if (w.backend == "cuda")
      (void)run_cuda(problem, options);
    else
      throw WrongUse("--backend is cpu or cuda, not '" + w.backend + "'");
  } catch (const MachineError&) {
    if (const long done = tally.scenarios(); done > 0) std::printf("%ld scenarios had finished\n", done);
    throw;
  }
  return tally;
}

int run(const Wanted& w) {
  const Problem problem = load_problem(w.file);
  for (const int s : w.options.only)
    if (s >= static_cast<int>(problem.scenarios.size()))
      throw WrongUse("--only: there is no scenario " + std::to_string(s) + ", only 0 to " +
                     std::to_string(problem.scenarios.size() - 1));
  std::printf("%s: %d buses, %d states, %zu scenarios from %g s to %g s, steps of %g ms\n", w.file.c_str(),
              problem.buses, problem.states, problem.scenarios.size(), problem.start_s, problem.until_s,
              1e3 * problem.step_s);
  bool completed = true;
  for (int k = 0; k < w.repeat; ++k) {
    const auto start = std::chrono::steady_clock::now();
    const Tally t = run_once(problem, w);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const long scenarios = t.scenarios();
    std::printf(
        "%s: %ld scenarios in %.3f s, %.1f per s; %ld lane-steps (%ld taken again), %.1f ns each; %ld "
        "events\n",
        w.backend.c_str(), scenarios, seconds, static_cast<double>(scenarios) / seconds, t.steps, t.rejected,
        1e9 * seconds / static_cast<double>(std::max(1L, t.steps)), t.events);
    const auto ended = [&](Ending why) { return t.endings[static_cast<std::size_t>(why)]; };
    std::printf("completed %ld, no solution %ld, not finite %ld, no rest %ld; checksum %016llx\n",
                ended(Ending::COMPLETED), ended(Ending::NO_SOLUTION), ended(Ending::NOT_FINITE),
                ended(Ending::NO_REST), static_cast<unsigned long long>(t.checksum));
    completed = completed && t.endings[0] == scenarios;
  }
  return completed ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Wanted w = read(argc, argv);
    if (w.small > 0) {
      save_problem(small_problem(w.small, 2), w.file);
      return 0;
    }
    return run(w);
  } catch (const WrongUse& e) {
    std::fprintf(
        stderr,
        "ballast-batch: %s\nballast-batch PROBLEM.bin [--backend cpu|cuda] [--threads N] [--only 0,7,20-29] "
        "[--repeat K]\n",
        e.what());
    return 2;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "ballast-batch: %s\n", e.what());
    return 3;
  }
}
