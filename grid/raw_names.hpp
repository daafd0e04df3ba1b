/// \file
/// Names and identifiers as a PSS/E record can hold them. Internal to grid/.
#pragma once

#include <map>
#include <string>

#include "grid/error.hpp"

namespace ballast::raw {

/// Cuts names to the width of their field and keeps count of what that loses. Widths: PSS/E program operation
/// manual, from memory: 12 characters, from version 34 on 40 for branches, transformers, DC lines and FACTS
/// devices; identifiers 2.
class NameFields {
 public:
  explicit NameFields(int version) : version_(version) {}
  /// Of a bus, an area, a zone, an owner.
  [[nodiscard]] std::string name(const char* what, const std::string& text) { return cut(what, text, 12); }
  /// Of a branch, a transformer, a DC line, a FACTS device.
  [[nodiscard]] std::string long_name(const char* what, const std::string& text) {
    return cut(what, text, version_ >= 34 ? 40 : 12);
  }
  /// A name by which other programs tell devices of a kind apart: two that are equal once cut are an error.
  [[nodiscard]] std::string unique_name(const char* what, const std::string& text, Problems& problems);
  /// An identifier is written as it is, since cut it could be that of a neighbour.
  [[nodiscard]] const std::string& id(const char* what, const std::string& text);
  /// One warning for each kind of name that lost something, with the first.
  void report(const std::string& where, Problems& problems) const;

 private:
  struct Lost {
    int count = 0;
    std::string first;
  };
  [[nodiscard]] std::string cut(const char* what, const std::string& text, std::size_t width);

  int version_;
  std::map<std::string, Lost> lost_;                                 ///< by what is lost
  std::map<std::string, std::map<std::string, std::string>> taken_;  ///< by kind: as written, whole
};

}  // namespace ballast::raw
