// Terminal: what standard error and output can show, and a line of progress that stays out of files and pipes.
#pragma once

#include <chrono>
#include <mutex>
#include <string>

namespace settle {

/// True if colour is welcome on this descriptor: a terminal that is not dumb, and NO_COLOR is empty.
bool shows_color(int descriptor);
/// True if the locale's characters are UTF-8.
bool shows_unicode();
/// Columns of the terminal behind this descriptor; 90 where there is none.
int terminal_width(int descriptor);

/// At most ten times a second; nothing at all unless standard error is a terminal. Any thread may update it.
class ProgressLine {
 public:
  ProgressLine();
  ~ProgressLine() { clear(); }
  void update(double fraction, const std::string& what);
  /// Takes the line off the screen, for good.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;

  std::mutex mutex_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point next_;
  bool active_ = false, shown_ = false;
};

/// "12 s", "3 min 20 s", "5 h 2 min"
std::string duration_text(double seconds);

}  // namespace settle
