// The engine's own tests, with nothing but the engine: the file format, what checks refuse, that a scenario's
// bits do not depend on its lane, its neighbours or the threads, and that the CUDA backend's code has them
// too.
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>

#include "kernels/batch.hpp"
#include "kernels/batch_cuda.hpp"
#include "kernels/batch_lanes.hpp"
#include "kernels/host_machine.hpp"
#include "kernels/machine.hpp"
#include "kernels/problem_file.hpp"
#include "kernels/standalone/small_problem.hpp"
#include "kernels/store.hpp"

namespace ballast::batch {
namespace {

int failures = 0;
#define CHECK(claim)                                                  \
  do {                                                                \
    if (!(claim)) {                                                   \
      ++failures;                                                     \
      std::printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #claim); \
    }                                                                 \
  } while (false)

/// The message with which it is refused; "" when it is taken.
template <class Work>
std::string refusal(Work&& work) {
  try {
    work();
  } catch (const BadProblem& e) {
    return e.what();
  }
  return "";
}
std::string refusal_of(const Problem& p) {
  return refusal([&] { check_problem(p); });
}
std::string refusal_of(const std::vector<unsigned char>& bytes) {
  return refusal([&] { (void)problem_from(bytes, "x.bin"); });
}
bool says(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

/// The checksum of a file made anew, so that damage reaches what is behind it.
void seal(std::vector<unsigned char>& bytes) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (std::size_t i = 28; i < bytes.size(); ++i) hash = (hash ^ bytes[i]) * 0x100000001b3U;
  const std::uint64_t length = bytes.size() - 28;
  std::memcpy(bytes.data() + 12, &length, 8);
  std::memcpy(bytes.data() + 20, &hash, 8);
}

void a_problem_comes_back_as_it_went(const Problem& p) {
  const std::string path = (std::filesystem::temp_directory_path() /
                            ("ballast-selftest-" + std::to_string(std::random_device()())))
                               .string();
  save_problem(p, path);
  const Problem back = load_problem(path);
  std::filesystem::remove(path);
  CHECK(problem_bytes(back) == problem_bytes(p));
  CHECK(back.groups.size() == p.groups.size() && back.groups.back().model == p.groups.back().model);
  CHECK(back.rests.back().timer == p.rests.back().timer);  // with its infinities
  CHECK(!std::filesystem::exists(path + ".part"));
  CHECK(says(refusal([&] { (void)load_problem(path); }), "cannot be read"));
  bool failed = false;
  try {
    save_problem(p, "/nowhere/at/all.bin");
  } catch (const std::runtime_error&) {
    failed = true;
  }
  CHECK(failed);
}

void damaged_files_are_refused(const Problem& p) {
  const std::vector<unsigned char> sound = problem_bytes(p);
  for (std::size_t n = 0; n < sound.size(); n += 1 + n / 50)
    CHECK(
        !refusal_of(std::vector<unsigned char>(sound.begin(), sound.begin() + static_cast<long>(n))).empty());
  for (std::size_t i = 0; i < sound.size(); i += 1 + i / 100) {
    std::vector<unsigned char> bytes = sound;
    bytes[i] = static_cast<unsigned char>(bytes[i] ^ 1U << i % 8);
    CHECK(!refusal_of(bytes).empty());
  }
  std::vector<unsigned char> longer = sound;
  longer.push_back(0);
  CHECK(says(refusal_of(longer), "cut short or added to"));
  seal(longer);
  CHECK(says(refusal_of(longer), "more content"));
  std::vector<unsigned char> newer = sound;
  newer[8] = 99;
  CHECK(says(refusal_of(newer), "version 99"));
  CHECK(says(refusal_of(std::vector<unsigned char>{'R', 'A', 'W'}), "BALLASTB"));
  std::vector<unsigned char> endless(sound.begin(), sound.begin() + 28 + 6 * 8 + 10 * 4);
  for (int i = 0; i < 8; ++i) endless.push_back(0xff);
  seal(endless);
  CHECK(says(refusal_of(endless), "more than the rest of the file can hold"));
  // Any bytes under a right checksum: refused or sound, never a crash.
  std::mt19937_64 random(20);
  int refused = 0;
  constexpr int kTries = 4000;
  for (int k = 0; k < kTries; ++k) {
    std::vector<unsigned char> bytes = sound;
    const std::size_t first = 28 + random() % (bytes.size() - 28);
    for (std::size_t i = first; i < std::min(first + 1 + random() % 4, bytes.size()); ++i)
      bytes[i] = static_cast<unsigned char>(random());
    seal(bytes);
    if (!refusal_of(bytes).empty()) ++refused;
  }
  std::printf("damage under a right checksum: %d of %d refused, the others are other numbers\n", refused,
              kTries);
  CHECK(refused > kTries / 10);
}

void wrong_indices_are_named(const Problem& sound) {
  CHECK(refusal_of(sound).empty());
  const auto broken = [&](auto&& damage) {
    Problem p = sound;
    damage(p);
    return refusal_of(p);
  };
  CHECK(says(broken([](Problem& p) { p.groups[1].x_at[0] = p.states; }), "x_at is"));
  CHECK(says(broken([](Problem& p) { p.groups[1].in_at[0] = -1; }), "in_at is -1"));
  CHECK(says(broken([](Problem& p) { p.groups[0].model = "NOBODY"; }), "no model 'NOBODY'"));
  CHECK(says(broken([](Problem& p) { p.groups[0].parameters.pop_back(); }), "parameters has"));
  CHECK(says(broken([](Problem& p) { p.order[0].last = 2; }), "a span of parts"));
  CHECK(
      says(broken([](Problem& p) { p.injections[0].bus = 6; }), "bus of an injection is 6, outside 0 to 5"));
  CHECK(says(broken([](Problem& p) { p.branches[0].to = -7; }), "end of a branch is -7"));
  CHECK(says(broken([](Problem& p) { p.factor.bus[0] = 3; }), "factor.position"));
  CHECK(says(broken([](Problem& p) { std::swap(p.factor.branch[0][0], p.factor.branch[0][1]); }),
             "do not meet") ||
        says(broken([](Problem& p) { std::swap(p.factor.branch[0][0], p.factor.branch[0][1]); }),
             "is not where"));
  CHECK(says(broken([](Problem& p) {
               // Row 4 without the fill that eliminating bus 2 or 3 makes.
               FactorPattern& f = p.factor;
               const int at = f.row_start[3] + 1;
               f.column.erase(f.column.begin() + at);
               for (int i = 4; i <= p.buses; ++i) --f.row_start[i];
               for (int i = 0; i < p.buses; ++i)
                 if (f.diagonal[i] > at) --f.diagonal[i];
             }),
             "factor"));
  CHECK(says(broken([](Problem& p) { p.stiff[0].states[1] = 1000; }), "state of a stiff block is 1000"));
  CHECK(says(broken([](Problem& p) { p.stiff_entries = 5; }), "stiff_entries is 5 instead of 4"));
  CHECK(says(broken([](Problem& p) { p.rests[1].x.push_back(0); }), "x of a rest has"));
  CHECK(says(broken([](Problem& p) { p.rests[0].x[0] = std::nan(""); }), "x of a rest is"));
  CHECK(says(broken([](Problem& p) { p.rests.clear(); }), "no rest to start from"));
  CHECK(says(broken([](Problem& p) { p.actions[0].kind = 17; }), "kind of an action is 17"));
  CHECK(says(broken([](Problem& p) { p.scenarios[0].last_action = 1 << 30; }), "actions 0 to"));
  CHECK(says(broken([](Problem& p) { std::swap(p.actions[0], p.actions[1]); }), "due before the one before"));
  CHECK(says(broken([](Problem& p) { p.actions[0].fault = 3; }), "fault of an action is 3"));
  CHECK(says(broken([](Problem& p) { p.actions[0].residual = 0.5; }), "fault of an action is -1"));
  CHECK(says(broken([](Problem& p) { p.step_s = 0; }), "step_s is 0"));
  CHECK(says(broken([](Problem& p) { p.until_s = 1e9; }), "steps"));
  CHECK(says(broken([](Problem& p) { p.plants = 1 << 30; }), "plants"));
  CHECK(says(broken([](Problem& p) {
               for (int& s : p.groups[1].in_at) s = -1;
               for (int& s : p.groups[2].in_at) s = -1;
               for (int& s : p.groups[5].in_at) s = -1;
             }),
             "more"));
}

bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

bool same_extreme(const Extreme& a, const Extreme& b) {
  return same_bits(a.value, b.value) && same_bits(a.time_s, b.time_s) && a.bus == b.bus;
}
/// Everything but the bookkeeping of outputs that nobody reads.
bool same_run(const Result& a, const Result& b) {
  bool same = a.x.size() == b.x.size() && a.events.size() == b.events.size() && a.ending == b.ending &&
              a.steps == b.steps && a.rejected == b.rejected && same_bits(a.end_s, b.end_s);
  for (std::size_t i = 0; same && i < a.x.size(); ++i) same = same_bits(a.x[i], b.x[i]);
  for (std::size_t i = 0; same && i < a.signals.size(); ++i)
    same = same_bits(a.signals[i], b.signals[i]) || (std::isnan(a.signals[i]) && std::isnan(b.signals[i]));
  for (std::size_t k = 0; same && k < a.events.size(); ++k) {
    const Event& e = a.events[k];
    const Event& f = b.events[k];
    same = same_bits(e.time_s, f.time_s) && e.kind == f.kind && e.group == f.group && e.part == f.part &&
           e.index == f.index && e.mode_before == f.mode_before && e.mode_after == f.mode_after;
  }
  return same && same_extreme(a.voltage_min, b.voltage_min) && same_extreme(a.voltage_max, b.voltage_max) &&
         same_extreme(a.speed_min, b.speed_min) && same_extreme(a.speed_max, b.speed_max);
}

std::vector<Result> each_alone(const Problem& p) {
  std::vector<Result> results;
  for (std::size_t s = 0; s < p.scenarios.size(); ++s) results.push_back(run_alone(p, static_cast<int>(s)));
  return results;
}
int compare(const std::vector<Result>& got, const std::vector<Result>& alone, const char* what) {
  int same = 0;
  CHECK(got.size() == alone.size());
  for (std::size_t k = 0; k < got.size(); ++k) same += same_run(got[k], alone[k]) ? 1 : 0;
  std::printf("%s: %d of %zu scenarios have the bits of one alone\n", what, same, alone.size());
  return same;
}

void lanes_do_not_see_each_other(const Problem& p, const std::vector<Result>& alone) {
  Options options;
  options.threads = 2;
  CHECK(compare(run_cpu(p, options), alone, "cpu") == static_cast<int>(alone.size()));
  std::size_t events = 0;
  long rejected = 0;
  std::size_t completed = 0;
  for (const Result& r : alone) {
    events += r.events.size();
    rejected += r.rejected;
    completed += r.ending == Ending::COMPLETED ? 1 : 0;
  }
  std::printf("%zu of %zu completed, %zu events, %ld steps taken again\n", completed, alone.size(), events,
              rejected);
  CHECK(2 * completed > alone.size());
  CHECK(events > 10 * alone.size());
  CHECK(rejected > 0);
}

void the_code_of_the_device_gives_the_same_bits(const Problem& p, const std::vector<Result>& alone) {
  for (const int team : {1, 3})
    CHECK(compare(run_as_on_cuda(p, {}, team), alone, "code of the device on the host") ==
          static_cast<int>(alone.size()));
}

/// Enough short scenarios to fill one tile twice.
Problem many_short(const Problem& p) {
  Problem many = p;
  many.until_s = 0.2;
  while (many.scenarios.size() < 70) many.scenarios.push_back(many.scenarios[many.scenarios.size() % 7]);
  return many;
}
void lanes_that_end_are_filled_again(const Problem& p) {
  const Problem many = many_short(p);
  const auto one_tile = [](const FlatMemory& memory, int) { return make_host_machine(memory, kTile, 1); };
  CHECK(compare(run_on_machine(many, {}, 1, one_tile), each_alone(many), "70 scenarios in 32 lanes") == 70);
}

/// Fails after some launches, as a device may.
class Failing final : public Machine {
 public:
  explicit Failing(std::unique_ptr<Machine> sound) : sound_(std::move(sound)) {}
  [[nodiscard]] int lanes() const override { return sound_->lanes(); }
  void run(int steps) override {
    if (++launches_ > 7) throw MachineError("the device fell off the bus");
    sound_->run(steps);
  }
  void statuses(std::span<int> status) override { sound_->statuses(status); }
  void get(std::span<const int> lanes, std::span<double> columns, std::span<int> ints) override {
    sound_->get(lanes, columns, ints);
  }
  void put(std::span<const int> lanes, std::span<const double> columns, std::span<const int> ints) override {
    sound_->put(lanes, columns, ints);
  }

 private:
  std::unique_ptr<Machine> sound_;
  int launches_ = 0;
};
void what_finished_before_a_failure_is_kept(const Problem& p) {
  const Problem many = many_short(p);
  std::vector<Result> kept;
  Options options;
  options.done = [&](Result&& r) { kept.push_back(std::move(r)); };
  std::string said;
  try {
    (void)run_on_machine(many, options, 1, [](const FlatMemory& memory, int) {
      return std::make_unique<Failing>(make_host_machine(memory, kTile, 1));
    });
  } catch (const MachineError& e) {
    said = e.what();
  }
  CHECK(says(said, "fell off the bus"));
  CHECK(!kept.empty() && kept.size() < many.scenarios.size());
  for (const Result& r : kept) CHECK(same_run(r, run_alone(many, r.scenario)));
  std::printf("%zu of %zu scenarios kept when the machine fails\n", kept.size(), many.scenarios.size());
}

/// All that an observer is shown, as one number.
class Witness final : public Observer {
 public:
  explicit Witness(std::uint64_t& sum) : sum_(sum) {}
  void begin(const Lane&, const Store<double>& store) override { see(store); }
  bool sample(const Store<double>& store) override {
    see(store);
    return store.t < 0.9;  // stops a scenario
  }
  void acting(int first, int last, const Store<double>&) override { mix(first + 1000 * last); }
  void moved(int group, int part, const Happening& what, int mode_before, Effect, const Reason&,
             const Store<double>& store) override {
    mix(group + 10 * part + 100 * what.index + 1000 * mode_before);
    see(store);
  }
  void obeying(const Store<double>& store) override { see(store); }
  void settled(const Lane&, const Store<double>& store, bool network) override {
    mix(network ? 1 : 2);
    see(store);
  }
  void end(const Result& result) override { mix(result.end_s); }

 private:
  std::uint64_t& sum_;
  void mix(double v) { sum_ = (sum_ ^ std::bit_cast<std::uint64_t>(v)) * 0x100000001b3U; }
  void see(const Store<double>& store) {
    mix(store.t);
    mix(store.turned);
    for (const double x : store.x) mix(x);
    for (const int m : store.mode) mix(m);
    for (std::size_t k = 0; k < 12; ++k) mix(store.s[k]);
  }
};
void observers_see_the_same(const Problem& p) {
  std::vector<std::uint64_t> alone(p.scenarios.size(), 0);
  std::vector<std::uint64_t> together(p.scenarios.size(), 0);
  Options options;
  options.sample_every_s = 0.01;
  options.observe = [&](int s) { return std::make_unique<Witness>(alone[s]); };
  for (std::size_t s = 0; s < alone.size(); ++s)
    CHECK(run_alone(p, static_cast<int>(s), options).ending == Ending::STOPPED);
  options.observe = [&](int s) { return std::make_unique<Witness>(together[s]); };
  (void)run_as_on_cuda(p, options, 1);
  CHECK(alone == together);
}

void a_device_agrees_or_says_what_is_missing(const Problem& p, const std::vector<Result>& alone) {
  try {
    Options options;
    options.threads = 2;
    // Bits, unless the build lets nvcc fuse multiplications: then events and 1e-6.
    const std::vector<Result> got = run_cuda(p, options);
    (void)compare(got, alone, "cuda");
    double worst = 0;
    for (std::size_t k = 0; k < got.size(); ++k) {
      CHECK(got[k].events.size() == alone[k].events.size() && got[k].ending == alone[k].ending);
      for (std::size_t i = 0; i < alone[k].x.size(); ++i)
        worst = std::max(worst, std::abs(got[k].x[i] - alone[k].x[i]) / (1 + std::abs(alone[k].x[i])));
    }
    std::printf("cuda: states at the end differ by %.1e (tolerance 1e-6)\n", worst);
    CHECK(worst <= 1e-6);
  } catch (const MachineError& e) {
    std::printf("no device: %s\n", e.what());
    CHECK(says(e.what(), "cpu"));
  }
}

}  // namespace
}  // namespace ballast::batch

int main() {
  using namespace ballast::batch;
  const Problem problem = small_problem(16, 1.2);
  a_problem_comes_back_as_it_went(problem);
  damaged_files_are_refused(small_problem(3, 1.5));
  wrong_indices_are_named(problem);
  const std::vector<Result> alone = each_alone(problem);
  lanes_do_not_see_each_other(problem, alone);
  the_code_of_the_device_gives_the_same_bits(problem, alone);
  lanes_that_end_are_filled_again(problem);
  what_finished_before_a_failure_is_kept(problem);
  observers_see_the_same(problem);
  a_device_agrees_or_says_what_is_missing(problem, alone);
  std::printf(failures == 0 ? "all tests pass\n" : "%d checks fail\n", failures);
  return failures == 0 ? 0 : 1;
}
