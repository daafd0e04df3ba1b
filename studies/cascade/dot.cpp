/// The cascade for Graphviz.
#include <fmt/format.h>

#include "studies/cascade/cascade.hpp"

namespace ballast {
namespace {

std::string quoted(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return result;
}

}  // namespace

std::string cascade_dot(const Cascade& cascade, const std::string& title) {
  std::string dot = fmt::format(
      "digraph cascade {{\n  label=\"{}\"; labelloc=t; fontname=\"Helvetica\"; rankdir=LR;\n"
      "  node [shape=box, style=\"rounded,filled\", fillcolor=\"white\", fontname=\"Helvetica\", "
      "fontsize=10];\n"
      "  edge [fontname=\"Helvetica\", fontsize=8, color=\"gray40\", fontcolor=\"gray30\"];\n",
      quoted(title));
  for (std::size_t k = 0; k < cascade.steps.size(); ++k) {
    const CascadeStep& s = cascade.steps[k];
    std::string label = fmt::format("{:.3f} s", s.first_s);
    if (s.last_s > s.first_s) label += fmt::format(" to {:.3f} s", s.last_s);
    if (s.island > 0) label += fmt::format(", island {}", s.island);
    label += "\\n" + quoted(s.what);
    const double lost = s.load_lost_MW + s.generation_lost_MW;
    if (s.load_lost_MW >= 0.05) label += fmt::format("\\n-{:.1f} MW of load", s.load_lost_MW);
    if (s.generation_lost_MW >= 0.05)
      label += fmt::format("\\n-{:.1f} MW of generation", s.generation_lost_MW);
    if (s.returned_MW >= 0.05) label += fmt::format("\\n+{:.1f} MW", s.returned_MW);
    dot += fmt::format("  s{} [label=\"{}\", fillcolor=\"{}\"];\n", k, label,
                       lost >= 0.05            ? "#f8d0cc"
                       : s.cause < 0           ? "#dce6f4"
                       : s.returned_MW >= 0.05 ? "#d6ecd2"
                                               : "white");
    if (s.cause >= 0) dot += fmt::format("  s{} -> s{} [label=\"{}\"];\n", s.cause, k, quoted(s.how));
  }
  return dot + "}\n";
}

}  // namespace ballast
