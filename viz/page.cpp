#include "viz/page.hpp"

#include <algorithm>
#include <cstdint>

namespace ballast::page {

std::string escaped(std::string_view text) {
  std::string result;
  result.reserve(text.size() + text.size() / 8);
  for (const char c : text) switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  return result;
}

std::string harmless(std::string_view json) {
  std::string text;
  text.reserve(json.size() + 1024);
  for (const char c : json) switch (c) {
      case '<':
        text += "\\u003c";
        break;
      case '>':
        text += "\\u003e";
        break;
      case '&':
        text += "\\u0026";
        break;
      default:
        text += c;
    }
  return text;
}

std::string base64(const void* data, std::size_t bytes) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const auto* in = static_cast<const unsigned char*>(data);
  std::string out;
  out.reserve((bytes + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes; i += 3) {
    const std::size_t left = std::min<std::size_t>(3, bytes - i);
    std::uint32_t triple = 0;
    for (std::size_t k = 0; k < 3; ++k) triple = triple << 8U | (k < left ? in[i + k] : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += k <= left ? kDigits[triple >> (18 - 6 * k) & 63U] : '=';
  }
  return out;
}

std::string filled(std::string_view page, const Values& values) {
  std::string result;
  while (true) {
    const auto open = page.find("{{");
    result += page.substr(0, open);
    if (open == std::string_view::npos) return result;
    const auto close = page.find("}}", open);
    result += values.at(std::string(page.substr(open + 2, close - open - 2)));
    page.remove_prefix(close + 2);
  }
}

}  // namespace ballast::page
