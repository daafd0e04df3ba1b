/// \file
/// What every HTML page of ours is put together with. Private to viz/.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace ballast::page {

/// Text as HTML shows it: & < > " ' become entities.
[[nodiscard]] std::string escaped(std::string_view text);

/// JSON inside a script element must not end it, nor open a comment.
[[nodiscard]] std::string harmless(std::string_view json);

[[nodiscard]] std::string base64(const void* data, std::size_t bytes);

using Values = std::map<std::string, std::string, std::less<>>;
/// Puts values in place of {{names}}, in one pass: what a value contains is not looked at again.
[[nodiscard]] std::string filled(std::string_view page, const Values& values);

}  // namespace ballast::page
