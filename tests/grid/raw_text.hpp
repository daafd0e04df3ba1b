/// \file
/// RAW texts for the tests: a complete file around the records of one section.
#pragma once

#include <map>
#include <string>

namespace ballast::testing {

/// Records by section name ("bus", "load", "fixed shunt", "generator", "branch", "transformer", "area",
/// "two-terminal dc", "vsc dc", "correction", "multi-terminal dc", "facts", "switched shunt", "gne",
/// "induction").
using Sections = std::map<std::string, std::string>;

inline Sections two_bus_sections() {
  return {
      {"bus", "1,'ONE',230.0,3,1,1,1,1.02,0.0\n2,'TWO',138.0,1,1,1,1,1.0,0.0\n"},
      {"load", "2,'1',1,1,1,50.0,20.0,0,0,0,0,1\n"},
      {"generator", "1,'1',50.0,0.0,100.0,-100.0,1.02,0,120.0,0.0,0.25,0,0,1.0,1,100.0,100.0,0.0,1,1.0\n"},
      {"branch", "1,2,'1',0.01,0.1,0.02,100,0,0,0,0,0,0,1,1,0,1,1\n"}};
}

/// The file, RAW version 33 (or `header`).
inline std::string raw_file(const Sections& sections,
                            const std::string& header = "0,100.0,33,0,0,60.0 / test\n") {
  std::string text = header + "TITLE\n\n";
  for (const char* name : {"bus", "load", "fixed shunt", "generator", "branch", "transformer", "area",
                           "two-terminal dc", "vsc dc", "correction", "multi-terminal dc", "multi-section",
                           "zone", "transfer", "owner", "facts", "switched shunt", "gne", "induction"}) {
    const auto found = sections.find(name);
    if (found != sections.end()) text += found->second;
    text += "0 / END OF " + std::string(name) + "\n";
  }
  return text + "Q\n";
}

}  // namespace ballast::testing
