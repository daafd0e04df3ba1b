/// \file
/// Taking reports apart.
#pragma once

#include <cstring>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace ballast::test {

/// What stands between `open` and the next `close` after it.
inline std::string between(const std::string& text, const std::string& open, const std::string& close) {
  const auto from = text.find(open) + open.size();
  return text.substr(from, text.find(close, from) - from);
}

inline nlohmann::json data_of(const std::string& html) {
  return nlohmann::json::parse(between(html, "<script type=\"application/json\" id=\"data\">", "</script>"));
}

inline std::string decoded(const std::string& base64) {
  static const std::string kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned buffer = 0;
  int bits = 0;
  for (const char c : base64) {
    if (c == '=') break;
    buffer = buffer << 6U | static_cast<unsigned>(kDigits.find(c));
    if ((bits += 6) >= 8) bytes += static_cast<char>(buffer >> (bits -= 8) & 255U);
  }
  return bytes;
}

template <class Value>
std::vector<Value> array_of(const std::string& base64) {
  const std::string bytes = decoded(base64);
  std::vector<Value> values(bytes.size() / sizeof(Value));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(Value));
  return values;
}

}  // namespace ballast::test
