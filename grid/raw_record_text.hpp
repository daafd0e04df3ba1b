/// \file
/// One record of a PSS/E file as text: fields with commas between them. Internal to grid/.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

namespace ballast::raw {

class RecordText {
 public:
  template <class... Fields>
  explicit RecordText(const Fields&... fields) {
    (add(fields), ...);
  }
  RecordText& add(int value) { return put(fmt::format("{}", value)); }
  RecordText& add(bool value) { return put(value ? "1" : "0"); }
  /// All digits; a limit that is infinite becomes 9999, which the format uses for that.
  RecordText& add(double value) {
    return put(fmt::format("{}", std::isinf(value) ? std::copysign(9999.0, value) : value));
  }
  /// Quoted; with the other kind of quotes when the text contains one.
  RecordText& add(std::string_view text) {
    const char quote = text.find('\'') == std::string_view::npos ? '\'' : '"';
    std::string plain(text);
    std::erase_if(plain, [quote](char c) { return c == quote || c == '\n' || c == '\r'; });
    return put(quote + plain + quote);
  }
  RecordText& add(const std::string& text) { return add(std::string_view(text)); }
  RecordText& add(const char* text) { return add(std::string_view(text)); }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  RecordText& put(const std::string& field) {
    if (!text_.empty()) text_ += ',';
    text_ += field;
    return *this;
  }

  std::string text_;
};

}  // namespace ballast::raw
