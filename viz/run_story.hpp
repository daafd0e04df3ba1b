/// \file
/// What happened in a run, why, and what became of its islands: for summary.json, the report, cascade.dot and
/// `ballast explain`.
#pragma once

#include <string>
#include <vector>

#include "studies/cascade/cascade.hpp"
#include "studies/cascade/islands.hpp"
#include "studies/cascade/story.hpp"
#include "viz/record.hpp"

namespace ballast {

struct RunStory {
  Cascade cascade;
  std::vector<IslandStory> islands;  ///< none when "island" was not recorded
  Story story;
};
/// Throws Error when the events of the record are no graph of causes (see cascade_of).
[[nodiscard]] RunStory tell_run(const Record& record);

/// The story as plain text, lines of at most 110 characters.
[[nodiscard]] std::string story_text(const Record& record, const RunStory& run);

/// Graphviz. Throws Error when it cannot be written.
void write_cascade(const Record& record, const RunStory& run, const std::filesystem::path& path);

}  // namespace ballast
