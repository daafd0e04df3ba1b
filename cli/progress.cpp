#include "cli/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

namespace ballast {
namespace {

constexpr double kRedraw_s = 0.1;

std::string duration_text(double s) {
  if (s < 60) return fmt::format("{:.0f} s", s);
  if (s < 3600) return fmt::format("{:.0f} min {:02.0f} s", std::floor(s / 60), std::fmod(s, 60));
  return fmt::format("{:.0f} h {:02.0f} min", std::floor(s / 3600), std::fmod(s, 3600) / 60);
}

int terminal_columns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

ProgressLine::ProgressLine(bool wanted) : active_(wanted && isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine() {
  if (drawn_) std::fputs("\r\033[K", stderr);
}

void ProgressLine::show(const Progress& p) {
  if (!active_ || (last_wall_s_ >= 0 && p.wall_s - last_wall_s_ < kRedraw_s)) return;
  last_wall_s_ = p.wall_s;
  drawn_ = true;
  const double share = std::clamp(p.time_s / p.until_s, 0.0, 1.0);
  const std::string left =
      share > 0.01 ? fmt::format(", {} left", duration_text(p.wall_s * (1 - share) / share)) : "";
  const std::string text = fmt::format(" {:.2f} of {:g} s, step {:.2g} s, {} events{}", p.time_s, p.until_s,
                                       p.step_s, p.events, left);
  const int room = std::clamp(terminal_columns() - static_cast<int>(text.size()) - 4, 0, 40);
  const int full = static_cast<int>(share * room);
  fmt::print(stderr, "\r[{}{}]{}\033[K", std::string(full, '#'), std::string(room - full, '.'), text);
  std::fflush(stderr);
}

}  // namespace ballast
