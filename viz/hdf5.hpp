/// \file
/// The little of the HDF5 C API that records need: handles that close themselves, and return codes that
/// become ballast::Error with the path, the reason the library gives, and a remedy. Private to viz/.
#pragma once

#include <hdf5.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ballast::hdf5 {

/// Owns an HDF5 identifier.
template <herr_t (*Close)(hid_t)>
class Handle {
 public:
  Handle() = default;
  explicit Handle(hid_t id) : id_(id) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)) {}
  Handle& operator=(Handle&& other) noexcept {
    if (this != &other) {
      (void)reset();
      id_ = std::exchange(other.id_, H5I_INVALID_HID);
    }
    return *this;
  }
  ~Handle() { (void)reset(); }
  [[nodiscard]] hid_t get() const { return id_; }
  [[nodiscard]] bool valid() const { return id_ >= 0; }
  /// Closes now and says whether that worked (closing a file may write).
  herr_t reset() {
    const hid_t id = std::exchange(id_, H5I_INVALID_HID);
    return id >= 0 ? Close(id) : 0;
  }

 private:
  hid_t id_ = H5I_INVALID_HID;
};

using FileHandle = Handle<H5Fclose>;
using Group = Handle<H5Gclose>;
using Dataset = Handle<H5Dclose>;
using Space = Handle<H5Sclose>;
using Type = Handle<H5Tclose>;
using Attribute = Handle<H5Aclose>;
using Properties = Handle<H5Pclose>;

/// Keeps the library from printing its error stack while one of our calls is under way.
class Quiet {
 public:
  Quiet();
  ~Quiet();
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;

 private:
  H5E_auto2_t print_ = nullptr;
  void* data_ = nullptr;
};

/// Turns failed calls on one file into errors.
class Check {
 public:
  Check(const std::filesystem::path& path, bool writing) : path_(path.string()), writing_(writing) {}
  /// Returns `result` if it is not negative; `doing` completes the sentence "cannot ...".
  template <class Result>
  Result operator()(Result result, std::string_view doing) const {
    if (result < 0) fail(doing);
    return result;
  }
  [[noreturn]] void fail(std::string_view doing) const;

 private:
  std::string path_;
  bool writing_;
};

/// Texts have a fixed length: texts of variable length live in a part of the file without checksums, where
/// HDF5 1.10 crashes on a damaged byte.
[[nodiscard]] Type fixed_string_type(std::size_t bytes);
[[nodiscard]] Type variable_string_type();  ///< UTF-8; for what we write but never read

void write_attribute(hid_t object, const std::string& name, const std::string& value, const Check& check);
void write_attribute(hid_t object, const std::string& name, double value, const Check& check);
void write_attribute(hid_t object, const std::string& name, int value, const Check& check);
[[nodiscard]] std::string read_text_attribute(hid_t object, const std::string& name, const Check& check);
[[nodiscard]] double read_number_attribute(hid_t object, const std::string& name, const Check& check);
[[nodiscard]] std::vector<std::string> attribute_names(hid_t object, const Check& check);

/// One-dimensional tables with checksums, written once.
Dataset write_table(hid_t group, const std::string& name, const std::vector<std::string>& values,
                    const Check&);
Dataset write_table(hid_t group, const std::string& name, const std::vector<double>& values, const Check&);
Dataset write_table(hid_t group, const std::string& name, const std::vector<int>& values, const Check&);
/// For netCDF readers, which take only such texts as coordinates; without checksums.
Dataset write_variable_texts(hid_t group, const std::string& name, const std::vector<std::string>& values,
                             const Check&);
[[nodiscard]] std::vector<std::string> read_texts(hid_t group, const std::string& name, const Check& check);
[[nodiscard]] std::vector<double> read_numbers(hid_t group, const std::string& name, const Check& check);
[[nodiscard]] std::vector<int> read_integers(hid_t group, const std::string& name, const Check& check);
[[nodiscard]] std::vector<hsize_t> extent(hid_t dataset, const Check& check);

}  // namespace ballast::hdf5
