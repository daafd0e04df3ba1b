/// \file
/// Where the reading of a file ends that is no file of its kind: an error takes a hundred times the memory of
/// the few bytes that cause it. Shared by the readers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "grid/error.hpp"

namespace ballast {

constexpr std::size_t kMostErrors = 1000;  ///< of one file, but for those of the record that passes it

/// True, with one last problem that says so, when there are kMostErrors or more.
[[nodiscard]] inline bool too_many_errors(Problems& problems, const Place& place) {
  constexpr std::string_view kWhat = "a thousand errors so far; the rest of the file is not read";
  if (problems.errors().size() < kMostErrors) return false;
  const auto& all = problems.errors();
  if (std::none_of(all.begin(), all.end(), [&](const Problem& p) { return p.what == kWhat; }))
    problems.add(place.text(), std::string(kWhat), "correct these first, if this is the right file at all");
  return true;
}

}  // namespace ballast
