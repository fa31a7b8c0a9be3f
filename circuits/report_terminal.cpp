// Asking the terminal, and drawing progress on it.
#include "circuits/report_terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace settle {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

bool is_terminal(int descriptor) { return isatty(descriptor) == 1 && environment("TERM") != "dumb"; }

}  // namespace

bool shows_color(int descriptor) { return is_terminal(descriptor) && environment("NO_COLOR").empty(); }

bool shows_unicode() {
  // The first that is set decides, as in setlocale.
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string locale = environment(name);
    if (locale.empty()) continue;
    std::transform(locale.begin(), locale.end(), locale.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
  }
  return false;
}

int terminal_width(int descriptor) {
  constexpr int standard = 90, least = 60, most = 120;
  winsize size{};
  if (isatty(descriptor) != 1 || ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return standard;
  return std::clamp<int>(size.ws_col, least, most);
}

std::string duration_text(double seconds) {
  const long whole = std::lround(std::clamp(seconds, 0.0, 1e9));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

ProgressLine::ProgressLine() : next_(start_ + std::chrono::milliseconds(200)), active_(is_terminal(STDERR_FILENO)) {}

void ProgressLine::update(double fraction, const std::string& what) {
  const std::lock_guard lock(mutex_);
  const Clock::time_point now = Clock::now();
  if (!active_ || now < next_) return;
  next_ = now + std::chrono::milliseconds(100);
  const double spent = std::chrono::duration<double>(now - start_).count();
  const std::string left = fraction > 0.0 ? ", " + duration_text(spent * (1.0 - fraction) / fraction) + " left" : "";
  std::fputs(fmt::format("\r\033[2K{}  {:.0f} %{}", what, 100.0 * fraction, left).c_str(), stderr);
  std::fflush(stderr);
  shown_ = true;
}

void ProgressLine::clear() {
  const std::lock_guard lock(mutex_);
  active_ = false;
  if (!shown_) return;
  std::fputs("\r\033[2K", stderr);
  std::fflush(stderr);
  shown_ = false;
}

}  // namespace settle
