#include "grid/raw_names.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ballast::raw {

std::string NameFields::cut(const char* what, const std::string& text, std::size_t width) {
  const auto lose = [&](std::string how) {
    Lost& lost = lost_[std::move(how)];
    if (lost.count++ == 0) lost.first = text;
  };
  if (text.find('\'') != std::string::npos && text.find('"') != std::string::npos)
    lose(fmt::format("{} names hold both kinds of quotes: the double ones are left out", what));
  if (text.size() <= width) return text;
  lose(fmt::format("{} names are longer than the {} characters that version {} holds and are cut", what,
                   width, version_));
  std::size_t end = width;  // not inside a character of several bytes
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

std::string NameFields::unique_name(const char* what, const std::string& text, Problems& problems) {
  std::string written = long_name(what, text);
  const auto [other, first] = taken_[what].try_emplace(written, text);
  if (!first && other->second != text)
    problems.add(fmt::format("{} '{}'", what, text),
                 fmt::format("cut to '{}', its name is that of '{}'", written, other->second),
                 "give them names that differ in their first characters, or write a later version");
  return written;
}

const std::string& NameFields::id(const char* what, const std::string& text) {
  if (text.size() > 2) {
    Lost& lost = lost_[fmt::format(
        "{} identifiers are longer than the 2 characters of the format; they are written as they are, which "
        "other programs may cut",
        what)];
    if (lost.count++ == 0) lost.first = text;
  }
  return text;
}

void NameFields::report(const std::string& where, Problems& problems) const {
  for (const auto& [what, lost] : lost_)
    problems.warn(where, fmt::format("{} {} (first '{}')", lost.count, what, lost.first));
}

}  // namespace ballast::raw
