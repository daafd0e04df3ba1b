/// `ballast export`: a case or network file as PSS/E RAW and DYR.
#include <fmt/format.h>

#include "cases/reader/case.hpp"
#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "cli/psse_files.hpp"
#include "grid/raw_writer.hpp"
#include "grid/readers.hpp"
#include "models/dyr.hpp"

namespace ballast {
namespace {

struct Source {
  Network network;
  bool has_network = true;
  std::vector<DynamicRecord> records;
  bool has_records = true;
};

Source read_source(const std::filesystem::path& path) {
  Source source;
  Problems problems;
  std::string extension = path.extension().string();
  for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (extension == ".dyr") {
    source.has_network = false;
    source.records = read_dyr(path.string(), problems);
  } else if (extension == ".raw" || extension == ".m") {
    source.has_records = false;
    source.network = read_network(path.string(), problems);
  } else {
    const Case c = read_case(path);
    print_warnings(c.warnings);
    source.network = c.network;
    source.records = dynamic_records(c);
  }
  problems.throw_if_any();
  print_warnings(problems.warnings());
  return source;
}

}  // namespace

ExitCode export_command(const ExportArguments& arguments) {
  if (arguments.raw.empty() && arguments.dyr.empty())
    throw Error("ballast export", "nothing to write", "give --raw FILE, --dyr FILE or both");
  const Source source = read_source(arguments.path);
  if (!arguments.raw.empty() && !source.has_network)
    throw Error(arguments.path.string(), "a DYR file has no network for --raw",
                "name a case or a network file");
  if (!arguments.dyr.empty() && !source.has_records)
    throw Error(arguments.path.string(), "a network file has no dynamic data for --dyr",
                "name a case or a .dyr file");
  Problems problems;
  const std::string raw = arguments.raw.empty() ? "" : write_raw(source.network, arguments.version, problems);
  problems.throw_if_any();
  print_warnings(problems.warnings());
  if (!arguments.raw.empty()) {
    if (!write_file(arguments.raw, raw)) return ExitCode::CANNOT_WRITE;
    fmt::print("{}: RAW version {}, {} buses\n", arguments.raw.string(), arguments.version,
               source.network.buses.size() - source.network.three_windings.size());
  }
  if (!arguments.dyr.empty()) {
    if (!write_file(arguments.dyr, write_dyr(source.records))) return ExitCode::CANNOT_WRITE;
    fmt::print("{}: {} records\n", arguments.dyr.string(), source.records.size());
  }
  return ExitCode::OK;
}

}  // namespace ballast
