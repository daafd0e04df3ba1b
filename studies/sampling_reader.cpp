/// [sampling]: how the axes that follow distributions are drawn together.
#include <fmt/format.h>

#include "studies/sweep_parts.hpp"

namespace ballast {

std::optional<Sampling> read_sampling(Section& root, int limit) {
  using Method = Sampling::Method;
  using Scramble = Sampling::Scramble;
  auto s = root.section_if("sampling");
  if (!s) return {};
  s->relabel("[sampling]");
  const std::size_t before = s->problems().errors().size();
  Sampling sampling;
  const std::string method =
      s->choice("method", {"random", "latin-hypercube", "sobol"}, "random, latin-hypercube or sobol");
  sampling.method = method == "sobol"             ? Method::SOBOL
                    : method == "latin-hypercube" ? Method::LATIN_HYPERCUBE
                                                  : Method::RANDOM;
  const int samples = s->whole("samples", 1, 1e6, "how many");
  sampling.seed = s->whole_if("seed", 0, 1e9).value_or(sampling.seed);
  const std::string scramble = s->choice("scramble", {"owen", "shift", "none"}, "");
  sampling.scramble = scramble == "none"    ? Scramble::NONE
                      : scramble == "shift" ? Scramble::SHIFT
                                            : Scramble::OWEN;
  if (s->has("scramble") && sampling.method != Method::SOBOL)
    s->problem("scramble", fmt::format("only Sobol' points are scrambled, not method = \"{}\"", method),
               "remove it, or take method = \"sobol\"");
  if (samples > limit)
    s->problem("samples", fmt::format("{} samples are more than the limit of {} scenarios", samples, limit),
               "raise limit in [sweep], or take fewer");
  s->finish();
  if (s->problems().errors().size() == before) sampling.samples = samples;
  return sampling;
}

}  // namespace ballast
