#include "viz/file_output.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "grid/error.hpp"

namespace ballast {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, int reason) {
  const char* remedy = "check that the disk works, then run again";
  if (reason == ENOSPC || reason == EDQUOT) remedy = "free space on that disk, or write elsewhere";
  if (reason == EFBIG) remedy = "raise the file size limit (ulimit -f)";
  if (reason == ENOENT) remedy = "create the folder first";
  if (reason == EACCES || reason == EPERM || reason == EROFS)
    remedy = "check the permissions, or write elsewhere";
  throw Error(path.string(), std::string("cannot write: ") + std::strerror(reason), remedy);
}

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

void write_whole_file(const std::filesystem::path& path, std::string_view content) {
  std::filesystem::path partial = path;
  partial += ".partial";
  std::unique_ptr<std::FILE, Close> file(std::fopen(partial.c_str(), "wb"));
  if (!file) fail(path, errno);
  bool good = std::fwrite(content.data(), 1, content.size(), file.get()) == content.size();
  good = good && std::fflush(file.get()) == 0;
  int reason = errno;
  good = std::fclose(file.release()) == 0 && good;
  if (good && std::rename(partial.c_str(), path.c_str()) != 0) {
    good = false;
    reason = errno;
  }
  if (good) return;
  std::remove(partial.c_str());
  fail(path, reason);
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) fail(folder, failed.value());
}

}  // namespace ballast
