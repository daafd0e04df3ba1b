// The machine's peak of fused multiply-adds, which throughputs are compared with.
//
//     bench_fma_peak [--threads K]
//
// Twelve independent chains per thread in registers: two units of four cycles' latency want eight.
#include <fmt/format.h>
#include <immintrin.h>
#include <omp.h>
#include <CLI/CLI.hpp>

#include <chrono>

namespace {

constexpr int kChains = 12;
constexpr long kRounds = 20'000'000;

[[gnu::target("avx2,fma")]] double four_wide() {
  __m256d sum[kChains];
  for (int c = 0; c < kChains; ++c) sum[c] = _mm256_set1_pd(c);
  const __m256d by = _mm256_set1_pd(0.999999);
  for (long r = 0; r < kRounds; ++r)
    for (int c = 0; c < kChains; ++c) sum[c] = _mm256_fmadd_pd(sum[c], by, by);
  double total = 0;
  for (int c = 0; c < kChains; ++c) total += sum[c][0];
  return total;
}

[[gnu::target("avx512f")]] double eight_wide() {
  __m512d sum[kChains];
  for (int c = 0; c < kChains; ++c) sum[c] = _mm512_set1_pd(c);
  const __m512d by = _mm512_set1_pd(0.999999);
  for (long r = 0; r < kRounds; ++r)
    for (int c = 0; c < kChains; ++c) sum[c] = _mm512_fmadd_pd(sum[c], by, by);
  double total = 0;
  for (int c = 0; c < kChains; ++c) total += sum[c][0];
  return total;
}

void measure(const char* name, int width, int threads, double (*work)()) {
  double kept = 0;
  const auto start = std::chrono::steady_clock::now();
#pragma omp parallel num_threads(threads) reduction(+ : kept)
  kept += work();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  fmt::print("{}: {:.1f} GFLOP/s on {} threads ({:.3g})\n", name,
             2e-9 * width * kChains * static_cast<double>(kRounds) * threads / seconds, threads, kept);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("The machine's peak of fused multiply-adds");
  int threads = 1;
  app.add_option("--threads", threads);
  CLI11_PARSE(app, argc, argv);
  measure("AVX2", 4, threads, &four_wide);
  if (__builtin_cpu_supports("avx512f")) measure("AVX-512", 8, threads, &eight_wide);
  return 0;
}
