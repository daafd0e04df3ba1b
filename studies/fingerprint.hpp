/// \file
/// Short sums of data. Private to studies/.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ballast {

/// CRC-32 as in zlib and Ethernet (polynomial 0xEDB88320, reflected).
[[nodiscard]] std::uint32_t crc32(std::string_view data);

/// FNV-1a over 64 bits of texts, each with its length, so that no two lists of texts run together.
class Fingerprint {
 public:
  void add(std::string_view text);
  /// 16 hexadecimal digits.
  [[nodiscard]] std::string text() const;

 private:
  void mix(std::string_view bytes);
  std::uint64_t hash_ = 0xcbf29ce484222325ULL;
};

/// Sum of the program that runs: its file, so that another build of the same version counts as another
/// program. Empty where the system does not show the file.
[[nodiscard]] std::string program_sum();

}  // namespace ballast
