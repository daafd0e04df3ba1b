/// \file
/// Names and types inside a record file, shared by its writer and its reader. docs/record-format.md explains
/// them. Private to viz/.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "solver/recorder.hpp"
#include "viz/hdf5.hpp"

namespace ballast::record_layout {

inline constexpr const char* kFormat = "ballast-record";
inline constexpr int kFormatVersion = 1;
inline constexpr const char* kRunning = "running";

/// One row of /events. Texts have a fixed length because a file that is read while it grows cannot hold
/// others; a longer text ends in an ellipsis.
struct EventRow {
  std::int32_t id, cause, bus, island;
  double time_s, value, threshold, duration_s, power_MW;
  char kind[64];
  char device[128];
  char text[512];
  char quantity[64];
  char cause_text[256];
};

template <std::size_t N>
void put(char (&field)[N], const std::string& text) {
  std::size_t length = std::min(text.size(), N);
  if (text.size() > N) {
    constexpr std::string_view kEllipsis = "…";
    length = N - kEllipsis.size();
    while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U)
      --length;  // whole characters
    std::copy(kEllipsis.begin(), kEllipsis.end(), field + length);
  }
  std::copy_n(text.begin(), length, field);
}

template <std::size_t N>
std::string get(const char (&field)[N]) {
  return {field, std::find(field, field + N, '\0')};
}

inline hdf5::Type event_type() {
  hdf5::Type type(H5Tcreate(H5T_COMPOUND, sizeof(EventRow)));
  const auto add = [&](const char* name, std::size_t offset, hid_t member) {
    H5Tinsert(type.get(), name, offset, member);
  };
  const auto add_text = [&](const char* name, std::size_t offset, std::size_t size) {
    const hdf5::Type text = hdf5::fixed_string_type(size);
    add(name, offset, text.get());
  };
  add("id", offsetof(EventRow, id), H5T_NATIVE_INT32);
  add("time_s", offsetof(EventRow, time_s), H5T_NATIVE_DOUBLE);
  add_text("kind", offsetof(EventRow, kind), sizeof(EventRow::kind));
  add_text("device", offsetof(EventRow, device), sizeof(EventRow::device));
  add_text("text", offsetof(EventRow, text), sizeof(EventRow::text));
  add_text("quantity", offsetof(EventRow, quantity), sizeof(EventRow::quantity));
  add("value", offsetof(EventRow, value), H5T_NATIVE_DOUBLE);
  add("threshold", offsetof(EventRow, threshold), H5T_NATIVE_DOUBLE);
  add("duration_s", offsetof(EventRow, duration_s), H5T_NATIVE_DOUBLE);
  add("power_MW", offsetof(EventRow, power_MW), H5T_NATIVE_DOUBLE);
  add("island", offsetof(EventRow, island), H5T_NATIVE_INT32);
  add("bus", offsetof(EventRow, bus), H5T_NATIVE_INT32);
  add("cause", offsetof(EventRow, cause), H5T_NATIVE_INT32);
  add_text("cause_text", offsetof(EventRow, cause_text), sizeof(EventRow::cause_text));
  return type;
}

}  // namespace ballast::record_layout
