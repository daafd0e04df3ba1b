#include "grid/readers.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace ballast {
namespace {

bool load(const std::string& path, std::string* text, Problems& problems) {
  std::error_code status;
  if (std::filesystem::is_directory(path, status)) {
    problems.add(path, "this is a folder, not a file", "name a .raw, .m or .seq file");
    return false;
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    problems.add(path, "the file cannot be opened", "check the path and the permissions");
    return false;
  }
  text->assign(std::istreambuf_iterator<char>(file), {});
  return true;
}

using TextReader = Network (*)(std::string_view, const std::string&, Problems&);

Network read_with(TextReader reader, const std::string& path, Problems& problems) {
  std::string text;
  return load(path, &text, problems) ? reader(text, path, problems) : Network{};
}

}  // namespace

Network read_matpower(const std::string& path, Problems& problems) {
  return read_with(read_matpower_text, path, problems);
}

Network read_raw(const std::string& path, Problems& problems) {
  return read_with(read_raw_text, path, problems);
}

void read_seq(const std::string& path, Network& network, Problems& problems) {
  std::string text;
  if (load(path, &text, problems)) read_seq_text(text, path, network, problems);
}

Network read_network(const std::string& path, Problems& problems) {
  std::string extension = std::filesystem::path(path).extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (extension == ".raw") return read_raw(path, problems);
  if (extension == ".m") return read_matpower(path, problems);
  problems.add(path, "unknown kind of network file '" + extension + "'",
               "give a PSS/E .raw or a MATPOWER .m file");
  return {};
}

Network read_network(const std::string& path) {
  Problems problems;
  Network network = read_network(path, problems);
  problems.throw_if_any();
  return network;
}

}  // namespace ballast
