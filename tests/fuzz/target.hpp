/// \file
/// One reader under test: each <reader>.cpp of this folder defines read_input(). target.cpp hands it to
/// libFuzzer, replay.cpp feeds it the kept corpus.
#pragma once

#include <cstdlib>
#include <string_view>

#include "grid/error.hpp"

namespace ballast::testing {

/// Reads one input; returns when what came of it is in order. An exception that leaves it is a finding.
void read_input(std::string_view text);

/// Every problem says what is wrong ("and 12 more ..." has no place); otherwise the program aborts, which
/// libFuzzer reports.
inline void require_clear(const Problems& problems) {
  for (const auto* list : {&problems.errors(), &problems.warnings()})
    for (const Problem& p : *list)
      if (p.what.empty()) std::abort();
}

}  // namespace ballast::testing
