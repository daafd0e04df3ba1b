/// `ballast explain`: a run told in sentences.
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "viz/run_story.hpp"

namespace ballast {

ExitCode explain_command(const ExplainArguments& arguments) {
  const bool folder = std::filesystem::is_directory(arguments.path);
  const Record record = read_record(folder ? arguments.path / "record.h5" : arguments.path);
  const RunStory run = tell_run(record);
  fmt::print("{}", arguments.dot ? cascade_dot(run.cascade, record.info.title) : story_text(record, run));
  return ExitCode::OK;
}

}  // namespace ballast
