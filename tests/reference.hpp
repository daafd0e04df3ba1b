/// \file
/// Where tests find the reference data, which are not part of the project: the folder named by
/// BALLAST_REFERENCE_DIR, else ../shared/reference beside the source tree. A missing file skips the test,
/// naming it, unless the environment says BALLAST_REFERENCE=required: then it fails.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace ballast::testing {

inline std::string reference_path(const std::string& name) {
  const char* const folder = std::getenv("BALLAST_REFERENCE_DIR");
  const std::filesystem::path root =
      folder != nullptr ? folder : std::filesystem::path(BALLAST_SOURCE_DIR) / ".." / "shared" / "reference";
  return (root / name).lexically_normal().string();
}

inline bool reference_required() {
  const char* const wish = std::getenv("BALLAST_REFERENCE");
  return wish != nullptr && std::string(wish) == "required";
}

}  // namespace ballast::testing

/// First line of a test: leaves it when the file `name` (a std::string path is put into `path`) is not there.
#define BALLAST_NEEDS_REFERENCE(path, name)                                                     \
  const std::string path = ::ballast::testing::reference_path(name);                            \
  if (!std::filesystem::exists(path)) {                                                         \
    if (::ballast::testing::reference_required()) FAIL() << "reference file missing: " << path; \
    GTEST_SKIP() << "reference file missing: " << path;                                         \
  }                                                                                             \
  static_assert(true, "")
