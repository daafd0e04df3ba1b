// Runs a batch problem from a file and says how fast.
//
//     ballast-batch PROBLEM.bin [--backend cpu|cuda] [--device N] [--threads N]
//                   [--only 0,7,20-29] [--repeat K] [--results FILE.csv]
//     ballast-batch --small N PROBLEM.bin       writes the test problem with N scenarios instead
//
// The table of results has a line for each scenario; buses count from 0 in the order of the network file, and
// state_sum is a sum over every bit of the last state, so that runs can be compared.
//
// Exit codes: 0 done, 1 a scenario did not complete, 2 wrong use, 3 the problem or the machine is at fault.
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <mutex>
#include <numeric>
#include <string>
#include <string_view>

#include "kernels/batch.hpp"
#include "kernels/batch_cuda.hpp"
#include "kernels/problem_file.hpp"
#include "kernels/standalone/small_problem.hpp"

namespace {

using namespace ballast::batch;

struct WrongUse : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Wanted {
  std::string file, backend = "cpu", results;
  int repeat = 1, small = 0, device = 0;
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
    else if (word == "--device")
      w.device = number(value(), "--device");
    else if (word == "--only")
      w.options.only = list(value());
    else if (word == "--repeat")
      w.repeat = number(value(), "--repeat");
    else if (word == "--results")
      w.results = value();
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

/// Over every bit that a scenario came to.
std::uint64_t sum_of(const Result& r) {
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
  return hash;
}

const char* name_of(Ending ending) {
  switch (ending) {
    case Ending::COMPLETED:
      return "completed";
    case Ending::STOPPED:
      return "stopped";
    case Ending::NO_SOLUTION:
      return "no solution";
    case Ending::NOT_FINITE:
      return "not finite";
    case Ending::NO_REST:
      return "no rest";
  }
  return "";
}

constexpr const char* kResultHeader =
    "scenario,ending,end_time_s,steps,rejected,events,voltage_min_pu,voltage_min_bus,voltage_min_time_s,"
    "voltage_max_pu,voltage_max_bus,voltage_max_time_s,speed_min_pu,speed_min_time_s,speed_max_pu,"
    "speed_max_time_s,voltage_end_min_pu,voltage_end_min_bus,state_sum\n";

/// The lowest voltage at the end of a bus that has one.
Extreme lowest_at_end(const Result& r, int buses) {
  Extreme lowest;
  for (int b = 0; b < buses; ++b) {
    const double V = std::hypot(r.signals[2 * b], r.signals[2 * b + 1]);
    if (V > 0 && (lowest.bus < 0 || V < lowest.value)) lowest = {V, r.end_s, b};
  }
  return lowest;
}

std::string result_line(const Result& r, int buses) {
  const Extreme end = lowest_at_end(r, buses);
  std::array<char, 512> line{};
  std::snprintf(
      line.data(), line.size(),
      "%d,%s,%.17g,%ld,%ld,%zu,%.17g,%d,%.17g,%.17g,%d,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g,%d,%016llx\n",
      r.scenario, name_of(r.ending), r.end_s, r.steps, r.rejected, r.events.size(), r.voltage_min.value,
      r.voltage_min.bus, r.voltage_min.time_s, r.voltage_max.value, r.voltage_max.bus, r.voltage_max.time_s,
      r.speed_min.value, r.speed_min.time_s, r.speed_max.value, r.speed_max.time_s, end.value, end.bus,
      static_cast<unsigned long long>(sum_of(r)));
  return line.data();
}

/// What a run gave, whatever the order in which its scenarios ended.
struct Tally {
  std::array<long, 5> endings{};  ///< by Ending
  long steps = 0, rejected = 0, events = 0;
  std::uint64_t checksum = 0;
  int lines_of = 0;                  ///< buses; 0: no table of results is asked for
  std::map<int, std::string> lines;  ///< of that table

  [[nodiscard]] long scenarios() const { return std::accumulate(endings.begin(), endings.end(), 0L); }
  void add(const Result& r) {
    ++endings[static_cast<std::size_t>(r.ending)];
    steps += r.steps;
    rejected += r.rejected;
    events += static_cast<long>(r.events.size());
    checksum += sum_of(r);
    if (lines_of > 0) lines[r.scenario] = result_line(r, lines_of);
  }
};

void write_results(const Tally& tally, const std::string& path) {
  if (path.empty()) return;
  std::ofstream file(path);
  file << kResultHeader;
  for (const auto& [scenario, line] : tally.lines) file << line;
  file.close();
  if (!file)
    throw std::runtime_error(path + ": cannot be written; check the folder and the space on its disk");
}

Tally run_once(const Problem& problem, const Wanted& w) {
  Tally tally;
  if (!w.results.empty()) tally.lines_of = problem.buses;
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
      (void)run_cuda(problem, options, w.device);
    else
      throw WrongUse("--backend is cpu or cuda, not '" + w.backend + "'");
  } catch (const MachineError&) {
    if (const long done = tally.scenarios(); done > 0) std::printf("%ld scenarios had finished\n", done);
    write_results(tally, w.results);
    throw;
  }
  write_results(tally, w.results);
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
    std::fprintf(stderr,
                 "ballast-batch: %s\nballast-batch PROBLEM.bin [--backend cpu|cuda] [--device N] "
                 "[--threads N] [--only 0,7,20-29] [--repeat K] [--results FILE.csv]\n",
                 e.what());
    return 2;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "ballast-batch: %s\n", e.what());
    return 3;
  }
}
