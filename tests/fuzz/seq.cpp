/// Any text read as the PSS/E SEQ file of one small network with an element of every kind ends in sequence
/// data or in problems, never in an exception.
#include "grid/readers.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/grid/every_section.hpp"

void ballast::testing::read_input(std::string_view text) {
  static const Network network = [] {
    Problems problems;
    return read_raw_text(every_section(33), "network.raw", problems);
  }();
  Network with_sequence = network;
  Problems problems;
  read_seq_text(text, "input.seq", with_sequence, problems);
  require_clear(problems);
}
