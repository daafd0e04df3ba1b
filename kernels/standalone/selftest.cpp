// The engine's own tests, with nothing but the engine: the file format, what checks refuse, and that a
// scenario's bits do not depend on its lane, its neighbours or the threads.
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>

#include "kernels/batch.hpp"
#include "kernels/problem_file.hpp"
#include "kernels/standalone/small_problem.hpp"

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
  std::vector<unsigned char> endless(sound.begin(), sound.begin() + 28 + 5 * 8 + 10 * 4);
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

void lanes_do_not_see_each_other(const Problem& p) {
  Options options;
  options.threads = 2;
  const std::vector<Result> together = run_cpu(p, options);
  int events = 0;
  int completed = 0;
  for (const Result& r : together) {
    const Result alone = run_alone(p, r.scenario);
    bool same = r.x.size() == alone.x.size() && r.events.size() == alone.events.size() &&
                r.ending == alone.ending && r.steps == alone.steps && same_bits(r.end_s, alone.end_s);
    for (std::size_t i = 0; same && i < r.x.size(); ++i) same = same_bits(r.x[i], alone.x[i]);
    for (std::size_t k = 0; same && k < r.events.size(); ++k)
      same = same_bits(r.events[k].time_s, alone.events[k].time_s) &&
             r.events[k].kind == alone.events[k].kind && r.events[k].group == alone.events[k].group &&
             r.events[k].mode_after == alone.events[k].mode_after;
    CHECK(same);
    events += static_cast<int>(r.events.size());
    completed += r.ending == Ending::COMPLETED ? 1 : 0;
  }
  std::printf("%zu scenarios, %d completed, %d events\n", together.size(), completed, events);
  CHECK(completed > static_cast<int>(together.size()) / 2);
  CHECK(events > 10 * static_cast<int>(together.size()));
}

}  // namespace
}  // namespace ballast::batch

int main() {
  using namespace ballast::batch;
  const Problem problem = small_problem(24, 1.5);
  a_problem_comes_back_as_it_went(problem);
  damaged_files_are_refused(small_problem(3, 1.5));
  wrong_indices_are_named(problem);
  lanes_do_not_see_each_other(problem);
  std::printf(failures == 0 ? "all tests pass\n" : "%d checks fail\n", failures);
  return failures == 0 ? 0 : 1;
}
