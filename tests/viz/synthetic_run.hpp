/// \file
/// A made-up run in which a dip sends a data center to its UPS: enough of everything for the tests of viz/.
#pragma once

#include <filesystem>

#include "viz/record.hpp"

namespace ballast::test {

/// Five buses in a ring with two generators and two data centers; bus 3 has no name, bus 5 no position.
[[nodiscard]] Network ring_network();
[[nodiscard]] RunInfo ring_info();
[[nodiscard]] Schema ring_schema(const Network& network);
/// The values at a time; deterministic, with some that have no short decimal form.
[[nodiscard]] std::vector<double> ring_values(const Schema& schema, double time_s, bool after);
[[nodiscard]] std::vector<LoggedEvent> ring_events();

/// Plays `samples` samples, one every 20 ms, and an event with two samples at 1 s, 1.1 s and 1.25 s.
void play(Recorder& recorder, int samples = 200);

/// A folder of its own for each test, removed afterwards.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

[[nodiscard]] std::string read_text(const std::filesystem::path& path);

/// What an action threw as ballast::Error, or "" when it threw nothing.
template <class Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace ballast::test
