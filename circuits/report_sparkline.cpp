// Sparklines, and text in columns.
#include "circuits/report_sparkline.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace settle {
namespace {

constexpr std::array<const char*, 8> blocks{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array<const char*, 8> letters{"_", ".", ":", "-", "=", "+", "*", "#"};

/// Rounding noise of a constant is not worth a picture.
bool flat(double low, double high) { return !(high - low > 1e-9 * std::max(std::abs(low), std::abs(high))); }

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

std::string sparkline(std::span<const double> curve, double low, double high, std::size_t cells, bool unicode) {
  if (curve.empty()) return std::string(cells, ' ');
  const auto& marks = unicode ? blocks : letters;
  std::string line;
  for (std::size_t k = 0; k < cells; ++k) {
    // The first and the last cell show the first and the last value.
    const double y = curve[cells < 2 ? curve.size() - 1 : k * (curve.size() - 1) / (cells - 1)];
    const double height = flat(low, high) ? 0.0 : std::clamp((y - low) / (high - low), 0.0, 1.0);
    line += std::isfinite(y) ? marks[static_cast<std::size_t>(std::lround(height * (marks.size() - 1)))] : " ";
  }
  return line;
}

std::size_t columns_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); }));
}

std::string padded(const std::string& text, std::size_t width, bool right) {
  const std::size_t has = columns_of(text);
  const std::string fill(has < width ? width - has : 0, ' ');
  return right ? fill + text : text + fill;
}

std::string shortened(const std::string& text, std::size_t width) {
  if (columns_of(text) <= width || width < 3) return text;
  std::size_t end = 0;
  for (std::size_t column = 0; end < text.size(); ++end)
    if (!continues(text[end]) && column++ == width - 2) break;
  return text.substr(0, end) + "..";
}

}  // namespace settle
