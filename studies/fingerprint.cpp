#include "studies/fingerprint.hpp"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <iterator>

namespace ballast {
namespace {

constexpr std::array<std::uint32_t, 256> crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t n = 0; n < 256; ++n) {
    std::uint32_t c = n;
    for (int bit = 0; bit < 8; ++bit) c = (c & 1U) != 0 ? 0xEDB88320U ^ (c >> 1U) : c >> 1U;
    table[n] = c;
  }
  return table;
}

}  // namespace

std::uint32_t crc32(std::string_view data) {
  static constexpr std::array<std::uint32_t, 256> kTable = crc_table();
  std::uint32_t c = 0xFFFFFFFFU;
  for (const char byte : data) c = kTable[(c ^ static_cast<unsigned char>(byte)) & 0xFFU] ^ (c >> 8U);
  return c ^ 0xFFFFFFFFU;
}

void Fingerprint::mix(std::string_view bytes) {
  for (const char byte : bytes) {
    hash_ ^= static_cast<unsigned char>(byte);
    hash_ *= 0x100000001b3ULL;
  }
}

void Fingerprint::add(std::string_view text) {
  mix(fmt::format("{}:", text.size()));
  mix(text);
}

std::string Fingerprint::text() const { return fmt::format("{:016x}", hash_); }

std::string program_sum() {
  static const std::string sum = [] {
    std::ifstream file("/proc/self/exe", std::ios::binary);
    if (!file) return std::string();
    Fingerprint all;
    all.add(std::string(std::istreambuf_iterator<char>(file), {}));
    return all.text();
  }();
  return sum;
}

}  // namespace ballast
