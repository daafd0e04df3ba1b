/// \file
/// Tables compared bit for bit.
#pragma once

#include <bit>
#include <cstdint>
#include <string>

#include "studies/table.hpp"

namespace ballast::testing {

/// Every bit of a table as text.
inline std::string bits(const Table& table) {
  std::string text;
  for (const TableColumn& c : table.columns) {
    text += c.name + ":";
    for (const std::string& t : c.texts) text += t + ";";
    for (const double n : c.numbers) text += std::to_string(std::bit_cast<std::uint64_t>(n)) + ";";
  }
  return text;
}

}  // namespace ballast::testing
