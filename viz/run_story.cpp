#include "viz/run_story.hpp"

#include <fmt/format.h>

#include <sstream>

#include "viz/file_output.hpp"

namespace ballast {
namespace {

constexpr std::size_t kWidth = 110;

std::string wrapped(const std::string& text) {
  std::istringstream words(text);
  std::string result, line, word;
  while (words >> word) {
    if (!line.empty() && line.size() + 1 + word.size() > kWidth) {
      result += line + '\n';
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return result + line + '\n';
}

}  // namespace

RunStory tell_run(const Record& record) {
  RunStory run;
  run.cascade = cascade_of(record.events);
  IslandWatch watch;
  replay(record, watch);
  run.islands = watch.islands();
  run.story = story_of(run.cascade, run.islands, record.status, record.events);
  return run;
}

std::string story_text(const Record& record, const RunStory& run) {
  std::string text = wrapped(record.info.title) + '\n';
  for (const std::string& chain : run.story.chains) text += wrapped(chain) + '\n';
  for (const std::string& island : run.story.islands) text += wrapped(island);
  return text + (run.story.islands.empty() ? "" : "\n") + wrapped(run.story.sum);
}

void write_cascade(const Record& record, const RunStory& run, const std::filesystem::path& path) {
  write_whole_file(path, cascade_dot(run.cascade, record.info.title));
}

}  // namespace ballast
