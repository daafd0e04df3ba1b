#include "grid/numbers.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <string>

namespace ballast {

std::optional<double> parse_real(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  if (text.empty() || text.front() == '+') return std::nullopt;
  std::string plain(text);
  for (char& c : plain) {
    if (c == 'D' || c == 'd') c = 'e';
  }
  double value = 0;
  const char* const end = plain.data() + plain.size();
  const auto [stop, status] = std::from_chars(plain.data(), end, value);
  if (status != std::errc{} || stop != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<int> parse_integer(std::string_view text) {
  const std::optional<double> value = parse_real(text);
  if (!value || *value != std::floor(*value)) return std::nullopt;
  if (std::abs(*value) > static_cast<double>(std::numeric_limits<int>::max())) return std::nullopt;
  return static_cast<int>(*value);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

}  // namespace ballast
