#include "studies/sample_points.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "models/datacenter/random.hpp"
#include "studies/sobol.hpp"

namespace ballast {
namespace {

using Method = Sampling::Method;
using Scramble = Sampling::Scramble;

constexpr int kDigits = 32;

/// Random numbers of one axis: streams follow from its name (FNV-1a) and a purpose.
class AxisRandom {
 public:
  AxisRandom(int seed, const std::string& axis, const char* purpose) : seed_(seed) {
    std::uint32_t hash = 2166136261U;
    const auto take = [&](char c) { hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U; };
    for (const char c : axis) take(c);
    take('\n');
    for (const char* c = purpose; *c != 0; ++c) take(*c);
    stream_ = static_cast<int>(hash >> 1);
  }
  [[nodiscard]] std::uint64_t bits(double counter) const { return random_bits(seed_, stream_, counter); }
  [[nodiscard]] double uniform(double counter) const { return random_uniform(seed_, stream_, counter); }
  /// 0 to n - 1, each as likely as the others: bits beyond the last whole multiple of n are drawn again.
  [[nodiscard]] std::uint64_t below(std::uint64_t n) {
    const std::uint64_t excess = (UINT64_MAX % n + 1) % n;
    for (;;) {
      const std::uint64_t b = bits(next_++);
      if (b <= UINT64_MAX - excess) return b % n;
    }
  }

 private:
  double seed_;
  int stream_;
  double next_ = 0;
};

/// Strictly inside (0, 1): sums with rounding could reach 1.
double inside(double u) { return std::clamp(u, 0x1p-54, 1 - 0x1p-53); }

std::vector<double> latin_hypercube(const Sampling& s, const std::string& axis) {
  std::vector<int> stratum(static_cast<std::size_t>(s.samples));
  std::iota(stratum.begin(), stratum.end(), 0);
  AxisRandom order(s.seed, axis, "order");
  for (std::size_t k = stratum.size(); k > 1; --k) std::swap(stratum[k - 1], stratum[order.below(k)]);
  const AxisRandom place(s.seed, axis, "place");
  std::vector<double> points;
  for (std::size_t k = 0; k < stratum.size(); ++k)
    points.push_back(inside((stratum[k] + place.uniform(static_cast<double>(k))) / s.samples));
  return points;
}

/// A. B. Owen, Randomly permuted (t,m,s)-nets and (t,s)-sequences (1995), in base 2: each digit is flipped by
/// a random bit of its own for every value of the digits before it.
std::uint32_t owen_scrambled(std::uint32_t digits, const AxisRandom& random) {
  std::uint32_t scrambled = 0;
  for (int k = 0; k < kDigits; ++k) {
    // A node of the binary tree: a one, then the digits before this one.
    const std::uint64_t node =
        (1ULL << k) | (k == 0 ? 0 : static_cast<std::uint64_t>(digits) >> (kDigits - k));
    const std::uint32_t flip = static_cast<std::uint32_t>(random.bits(static_cast<double>(node)) >> 63);
    scrambled = (scrambled << 1) | (((digits >> (kDigits - 1 - k)) & 1U) ^ flip);
  }
  return scrambled;
}

std::vector<double> sobol(const Sampling& s, const std::string& axis, int dimension) {
  const AxisRandom scramble(s.seed, axis, "scramble");
  const AxisRandom rest(s.seed, axis, "rest");
  const auto shift = static_cast<std::uint32_t>(scramble.bits(0) >> kDigits);
  std::vector<double> points;
  for (int k = 0; k < s.samples; ++k) {
    const auto point = static_cast<std::uint64_t>(k);
    switch (s.scramble) {
      case Scramble::OWEN:  // digits beyond the 32nd are random numbers of each point's own
        points.push_back(
            inside((owen_scrambled(sobol_digits(point, dimension), scramble) + rest.uniform(k)) * 0x1p-32));
        break;
      case Scramble::SHIFT:
        points.push_back(((sobol_digits(point, dimension) ^ shift) + 0.5) * 0x1p-32);
        break;
      case Scramble::NONE:
        points.push_back(sobol_digits(point + 1, dimension) * 0x1p-32);
        break;
    }
  }
  return points;
}

}  // namespace

std::vector<double> sample_points(const Sampling& sampling, const std::string& axis, int dimension) {
  if (sampling.method == Method::LATIN_HYPERCUBE) return latin_hypercube(sampling, axis);
  if (sampling.method == Method::SOBOL) return sobol(sampling, axis, dimension);
  const AxisRandom random(sampling.seed, axis, "random");
  std::vector<double> points;
  for (int k = 0; k < sampling.samples; ++k) points.push_back(random.uniform(k));
  return points;
}

}  // namespace ballast
