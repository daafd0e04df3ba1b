#include "viz/hdf5.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

#include "grid/error.hpp"

namespace ballast::hdf5 {
namespace {

/// What the library's error stack says: its innermost sentence, and the system's error number if one is
/// named.
struct Reason {
  std::string text;
  int system_error = 0;
};

herr_t innermost(unsigned depth, const H5E_error2_t* error, void* data) {
  Reason& reason = *static_cast<Reason*>(data);
  const std::string text = error->desc != nullptr ? error->desc : "";
  if (depth == 0) reason.text = text;
  const std::string marker = "errno = ";  // how the file drivers report a system error
  if (const auto at = text.find(marker); at != std::string::npos) {
    reason.system_error = std::atoi(text.c_str() + at + marker.size());
    reason.text = std::strerror(reason.system_error);
  }
  return 0;
}

std::string remedy_for(int system_error, bool writing) {
  switch (system_error) {
    case ENOSPC:
      return "free space on that disk, write elsewhere, or record fewer quantities";
    case EFBIG:
      return "raise the file size limit (ulimit -f), or record fewer quantities";
    case EDQUOT:
      return "your disk quota is used up: free space, or write elsewhere";
    case EACCES:
    case EPERM:
      return "check the permissions of the file and its folder";
    case EROFS:
      return "the file system is read-only: write elsewhere";
    case ENOENT:
      return writing ? "create the folder first" : "check the path";
    case EISDIR:
      return "give the name of a file, not of a folder";
    case EAGAIN:
      return "another program has this file open for writing: close it first";
    default:
      break;
  }
  return writing ? "check that the disk works, then run again"
                 : "the file is damaged or incomplete: run the case again to make a new record";
}

/// A vector of elements in one chunk with a checksum.
Dataset write_elements(hid_t group, const std::string& name, const void* values, hsize_t count,
                       hid_t file_type, hid_t memory_type, bool checked, const Check& check) {
  const Space space(check(H5Screate_simple(1, &count, nullptr), "describe table " + name));
  const Properties creation(check(H5Pcreate(H5P_DATASET_CREATE), "describe table " + name));
  check(H5Pset_obj_track_times(creation.get(), false),
        "describe table " + name);  // equal tables, equal bytes
  if (checked && count > 0) {
    check(H5Pset_chunk(creation.get(), 1, &count), "describe table " + name);
    check(H5Pset_fletcher32(creation.get()), "describe table " + name);
  }
  Dataset dataset(
      check(H5Dcreate2(group, name.c_str(), file_type, space.get(), H5P_DEFAULT, creation.get(), H5P_DEFAULT),
            "create table " + name));
  if (count > 0)
    check(H5Dwrite(dataset.get(), memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), "write table " + name);
  return dataset;
}

template <class Value>
std::vector<Value> read_values(hid_t group, const std::string& name, hid_t memory_type, const Check& check) {
  const Dataset dataset(check(H5Dopen2(group, name.c_str(), H5P_DEFAULT), "find table " + name));
  const std::vector<hsize_t> size = extent(dataset.get(), check);
  if (size.size() != 1) check.fail("read table " + name + " (it has not one dimension)");
  std::vector<Value> values(size[0]);
  if (!values.empty())
    check(H5Dread(dataset.get(), memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()),
          "read table " + name);
  return values;
}

void write_scalar(hid_t object, const std::string& name, hid_t file_type, hid_t memory_type,
                  const void* value, const Check& check) {
  const Space space(check(H5Screate(H5S_SCALAR), "describe attribute " + name));
  const bool exists = check(H5Aexists(object, name.c_str()), "look for attribute " + name) > 0;
  const Attribute attribute(
      check(exists ? H5Aopen(object, name.c_str(), H5P_DEFAULT)
                   : H5Acreate2(object, name.c_str(), file_type, space.get(), H5P_DEFAULT, H5P_DEFAULT),
            "create attribute " + name));
  check(H5Awrite(attribute.get(), memory_type, value), "write attribute " + name);
}

}  // namespace

Quiet::Quiet() {
  // We close what we open. Left to itself, the library retries at exit what a full disk or a damaged file
  // made fail, gives up, and prints its identifiers. This call counts only before the library's first use.
  static const herr_t once = H5dont_atexit();
  static_cast<void>(once);
  H5Eget_auto2(H5E_DEFAULT, &print_, &data_);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

Quiet::~Quiet() { H5Eset_auto2(H5E_DEFAULT, print_, data_); }

void Check::fail(std::string_view doing) const {
  Reason reason;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, innermost, &reason);
  std::string what = fmt::format("cannot {}", doing);
  if (!reason.text.empty()) what += ": " + reason.text;
  throw Error(path_, what, remedy_for(reason.system_error, writing_));
}

Type variable_string_type() {
  Type type(H5Tcopy(H5T_C_S1));
  H5Tset_size(type.get(), H5T_VARIABLE);
  H5Tset_cset(type.get(), H5T_CSET_UTF8);
  return type;
}

Type fixed_string_type(std::size_t bytes) {
  Type type(H5Tcopy(H5T_C_S1));
  H5Tset_size(type.get(), bytes);
  H5Tset_strpad(type.get(), H5T_STR_NULLPAD);
  H5Tset_cset(type.get(), H5T_CSET_UTF8);
  return type;
}

void write_attribute(hid_t object, const std::string& name, const std::string& value, const Check& check) {
  // Another value may have another length: the attribute is made anew.
  if (check(H5Aexists(object, name.c_str()), "look for attribute " + name) > 0)
    check(H5Adelete(object, name.c_str()), "replace attribute " + name);
  const Type type = fixed_string_type(std::max<std::size_t>(value.size(), 1));
  const char empty = 0;
  write_scalar(object, name, type.get(), type.get(), value.empty() ? &empty : value.data(), check);
}

void write_attribute(hid_t object, const std::string& name, double value, const Check& check) {
  write_scalar(object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &value, check);
}

void write_attribute(hid_t object, const std::string& name, int value, const Check& check) {
  write_scalar(object, name, H5T_STD_I32LE, H5T_NATIVE_INT, &value, check);
}

std::string read_text_attribute(hid_t object, const std::string& name, const Check& check) {
  const Attribute attribute(check(H5Aopen(object, name.c_str(), H5P_DEFAULT), "find attribute " + name));
  const Type stored(check(H5Aget_type(attribute.get()), "read attribute " + name));
  if (H5Tget_class(stored.get()) != H5T_STRING || H5Tis_variable_str(stored.get()) != 0)
    check.fail("read attribute " + name + " (it is no text of fixed length)");
  std::string value(H5Tget_size(stored.get()), '\0');
  const Type type = fixed_string_type(value.size());
  check(H5Aread(attribute.get(), type.get(), value.data()), "read attribute " + name);
  value.resize(std::min(value.find('\0'), value.size()));
  return value;
}

double read_number_attribute(hid_t object, const std::string& name, const Check& check) {
  const Attribute attribute(check(H5Aopen(object, name.c_str(), H5P_DEFAULT), "find attribute " + name));
  double value = 0;
  check(H5Aread(attribute.get(), H5T_NATIVE_DOUBLE, &value), "read attribute " + name);
  return value;
}

std::vector<std::string> attribute_names(hid_t object, const Check& check) {
  std::vector<std::string> names;
  hsize_t at = 0;
  const auto collect = [](hid_t, const char* name, const H5A_info_t*, void* data) -> herr_t {
    static_cast<std::vector<std::string>*>(data)->emplace_back(name);
    return 0;
  };
  check(H5Aiterate2(object, H5_INDEX_CRT_ORDER, H5_ITER_INC, &at, collect, &names), "list the attributes");
  return names;
}

Dataset write_table(hid_t group, const std::string& name, const std::vector<std::string>& values,
                    const Check& check) {
  std::size_t longest = 1;
  for (const std::string& value : values) longest = std::max(longest, value.size());
  std::string bytes(longest * values.size(), '\0');
  for (std::size_t i = 0; i < values.size(); ++i) values[i].copy(bytes.data() + i * longest, longest);
  const Type type = fixed_string_type(longest);
  return write_elements(group, name, bytes.data(), values.size(), type.get(), type.get(), true, check);
}

Dataset write_table(hid_t group, const std::string& name, const std::vector<double>& values,
                    const Check& check) {
  return write_elements(group, name, values.data(), values.size(), H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, true,
                        check);
}

Dataset write_table(hid_t group, const std::string& name, const std::vector<int>& values,
                    const Check& check) {
  return write_elements(group, name, values.data(), values.size(), H5T_STD_I32LE, H5T_NATIVE_INT, true,
                        check);
}

Dataset write_variable_texts(hid_t group, const std::string& name, const std::vector<std::string>& values,
                             const Check& check) {
  std::vector<const char*> texts;
  texts.reserve(values.size());
  for (const std::string& value : values) texts.push_back(value.c_str());
  const Type type = variable_string_type();
  return write_elements(group, name, texts.data(), texts.size(), type.get(), type.get(), false, check);
}

std::vector<std::string> read_texts(hid_t group, const std::string& name, const Check& check) {
  const Dataset dataset(check(H5Dopen2(group, name.c_str(), H5P_DEFAULT), "find table " + name));
  const Type stored(check(H5Dget_type(dataset.get()), "read table " + name));
  const std::vector<hsize_t> size = extent(dataset.get(), check);
  if (size.size() != 1 || H5Tget_class(stored.get()) != H5T_STRING || H5Tis_variable_str(stored.get()) != 0)
    check.fail("read table " + name + " (it is no list of texts of fixed length)");
  const std::size_t longest = H5Tget_size(stored.get());
  std::string bytes(longest * size[0], '\0');
  const Type type = fixed_string_type(longest);
  if (size[0] > 0)
    check(H5Dread(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()),
          "read table " + name);
  std::vector<std::string> values;
  values.reserve(size[0]);
  for (std::size_t at = 0; at < bytes.size(); at += longest) {
    const std::string text = bytes.substr(at, longest);
    values.push_back(text.substr(0, text.find('\0')));
  }
  return values;
}

std::vector<double> read_numbers(hid_t group, const std::string& name, const Check& check) {
  return read_values<double>(group, name, H5T_NATIVE_DOUBLE, check);
}

std::vector<int> read_integers(hid_t group, const std::string& name, const Check& check) {
  return read_values<int>(group, name, H5T_NATIVE_INT, check);
}

std::vector<hsize_t> extent(hid_t dataset, const Check& check) {
  const Space space(check(H5Dget_space(dataset), "read the size of a table"));
  const int rank = check(H5Sget_simple_extent_ndims(space.get()), "read the size of a table");
  std::vector<hsize_t> size(static_cast<std::size_t>(rank));
  if (rank > 0)
    check(H5Sget_simple_extent_dims(space.get(), size.data(), nullptr), "read the size of a table");
  return size;
}

}  // namespace ballast::hdf5
