// Windows as text, and what can be wrong with them.
#include "devices/memristor_state.hpp"

namespace settle {

std::string Window::window_text(const std::string& u, const std::string& upward, const Cutoff& cutoff) const {
  const std::string from = fmt::format("({} ? {} : {}-1)", upward, u, u), exponent = exact(p);
  const auto returning = [&](const std::string& f) { return fmt::format("(({} ? {}<0 : {}>1) ? -1 : 1)*{}", upward, u, u, f); };
  switch (static_cast<int>(window)) {
    case 1: return returning(fmt::format("(1-((2*{}-1)^2)^{})", u, exponent));
    case 2: return fmt::format("(1-({}^2)^{})", from, exponent);
    case 3: return returning(fmt::format("{}*(1-(({}-0.5)^2+0.75)^{})", exact(j), u, exponent));
    case 4:
      return fmt::format("exp(-exp(min(6.6,({} ? {}-{} : {}-{})/{})))", upward, u, exact(cutoff.off), exact(cutoff.on), u, exact(cutoff.width));
    case 5: return fmt::format("{}*(1-({}^2/4+0.75)^{})", exact(j), from, exponent);
    default: return Interval{0.0, 1.0, edge}.room_text(u, upward);
  }
}

std::string Window::window_fault(bool has_cutoff) const {
  if (window != std::round(window)) return fmt::format("window = {:g} is none of the windows 0 to 5", window);
  if (window == 4.0 && !has_cutoff) return "window = 4 (Kvatinsky) needs the lengths aon, aoff and wc, which only team and vteam have";
  return {};
}

}  // namespace settle
