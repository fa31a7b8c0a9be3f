// Numbers as netlists write them: mantissa, exponent, one scale factor, unit letters.
#include "sim/number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace settle {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
bool letter(char c) { return (lower(c) >= 'a' && lower(c) <= 'z') || static_cast<unsigned char>(c) >= 0x80; }

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

struct Scale {
  std::string_view letters;
  double factor;
};

// Longer ones first: "meg" and "mil" are not "m". The last three are the micro sign: UTF-8 (two code points) and Latin-1.
constexpr std::array<Scale, 14> scales{{{"meg", 1e6}, {"mil", 25.4e-6}, {"t", 1e12}, {"g", 1e9}, {"k", 1e3}, {"m", 1e-3}, {"u", 1e-6},
                                        {"n", 1e-9}, {"p", 1e-12}, {"f", 1e-15}, {"r", 1.0}, {"\xC2\xB5", 1e-6}, {"\xCE\xBC", 1e-6},
                                        {"\xB5", 1e-6}}};

Scale scale_of(std::string_view tail) {
  for (const Scale& scale : scales)
    if (tail.starts_with(scale.letters)) return scale;
  return {"", 1.0};
}

/// The length of digits, point and exponent at the start of `text`.
std::size_t mantissa_length(std::string_view text, bool& exponent) {
  std::size_t n = 0;
  const auto digits = [&] { while (n < text.size() && digit(text[n])) ++n; };
  digits();
  if (n < text.size() && text[n] == '.') ++n;
  digits();
  std::size_t e = n;
  exponent = false;
  if (e < text.size() && (lower(text[e]) == 'e' || lower(text[e]) == 'd')) {
    ++e;
    if (e < text.size() && (text[e] == '+' || text[e] == '-')) ++e;
    if (e < text.size() && digit(text[e])) {
      exponent = true;
      n = e;
      digits();
    }
  }
  return n;
}

std::size_t tail_length(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && (letter(text[n]) || digit(text[n]) || text[n] == '_' || text[n] == '.')) ++n;
  return n;
}

/// Scaling by the decimal exponent keeps 4.7k the double nearest to 4700.
double decimal(std::string mantissa, std::string_view scale_letters, double factor, bool& in_range) {
  std::replace_if(mantissa.begin(), mantissa.end(), [](char c) { return lower(c) == 'd'; }, 'e');
  const bool plain = mantissa.find_first_of("eE") == std::string::npos && scale_letters != "mil" && factor != 1.0;
  if (plain) mantissa += fmt::format("e{:.0f}", std::log10(factor));
  double value = 0.0;
  const auto read = std::from_chars(mantissa.data(), mantissa.data() + mantissa.size(), value);
  in_range = read.ec == std::errc() && std::isfinite(plain ? value : value * factor);
  return plain ? value : value * factor;
}

std::string garbage_text(std::string_view whole, std::string_view mantissa, std::string_view tail) {
  std::string hint;
  const std::string low = lowered(tail);
  if (mantissa == "0" && low.starts_with("x")) {
    unsigned long long value = 0;
    const auto read = std::from_chars(tail.data() + 1, tail.data() + tail.size(), value, 16);
    if (read.ec == std::errc() && read.ptr == tail.data() + tail.size()) hint = fmt::format("hexadecimal is not read; write {}", value);
  } else if (tail.find('_') != std::string_view::npos) {
    std::string joined(whole);
    std::erase(joined, '_');
    if (parse_number(joined)) hint = "write " + joined;
  } else if (tail.starts_with('.')) {
    hint = fmt::format("a number has one decimal point; write {}", mantissa);
  }
  if (hint.empty()) hint = "after a number only a scale factor (t g meg k m u n p f mil) and unit letters may stand";
  return fmt::format("'{}' is not a number; {}", whole, hint);
}

std::optional<std::string> doubtful_tail(std::string_view whole, std::string_view tail) {
  const std::string low = lowered(tail);
  if (tail.starts_with('a') || low.starts_with("x"))
    return fmt::format("'{}' is not a scale factor, so '{}' is read without it; write {}", tail.front(), whole,
                       tail.front() == 'a' ? "e-18 if you mean atto" : "meg if you mean 1e6");
  if (low.starts_with("farad")) return fmt::format("the f of '{}' is read as femto (1e-15); leave the unit out", whole);
  if (tail.starts_with('M') && (low.starts_with("mohm") || low.starts_with("mhz")))
    return fmt::format("the M of '{}' is read as milli (1e-3); write meg if you mean 1e6", whole);
  return {};
}

/// 4k7 is 4.7k: a plain whole number, a scale letter and nothing but digits.
bool infix(std::string_view mantissa, const Scale& scale, std::string_view rest) {
  return !scale.letters.empty() && std::all_of(mantissa.begin(), mantissa.end(), digit) && !rest.empty() &&
         std::all_of(rest.begin(), rest.end(), digit);
}

}  // namespace

ParsedNumber parse_number(std::string_view text) {
  ParsedNumber out;
  const std::size_t sign = !text.empty() && (text[0] == '+' || text[0] == '-');
  const std::string_view body = text.substr(sign);
  if (body.empty() || !(digit(body[0]) || (body[0] == '.' && body.size() > 1 && digit(body[1])))) return out;
  bool exponent = false;
  const std::string_view mantissa = body.substr(0, mantissa_length(body, exponent));
  const std::string_view tail = body.substr(mantissa.size(), tail_length(body.substr(mantissa.size())));
  const std::string low = lowered(tail);
  const std::string_view whole = text.substr(0, sign + mantissa.size() + tail.size());
  const Scale scale = scale_of(low);
  const std::string_view rest = tail.substr(scale.letters.size());
  out.length = whole.size();
  std::string digits(mantissa);
  if (!exponent && infix(mantissa, scale, rest)) {
    out.infix_scale = true;
    digits += fmt::format(".{}", rest);
    out.warning = fmt::format("'{}' is read as {}{}", whole, digits, scale.letters == "r" ? "" : scale.letters);
  } else if (!std::all_of(tail.begin(), tail.end(), letter)) {
    out.problem = garbage_text(whole, mantissa, tail);
  } else if (low == "e") {
    out.problem = fmt::format("the exponent of '{}' has no digits", whole);
  } else if (!tail.empty()) {
    out.warning = doubtful_tail(whole, tail);
  }
  bool in_range = true;
  out.value = decimal(digits, scale.letters, scale.factor, in_range);
  if (text[0] == '-') out.value = -out.value;
  if (!in_range && !out.problem) out.problem = fmt::format("'{}' is beyond the range of double precision", whole);
  return out;
}

std::optional<double> whole_number(std::string_view text) {
  const ParsedNumber number = parse_number(text);
  if (!number || number.length != text.size() || number.infix_scale) return {};
  return number.value;
}

std::string format_engineering(double value, std::string_view unit, int digits) {
  constexpr std::array<std::string_view, 10> prefixes{"f", "p", "n", "u", "m", "", "k", "M", "G", "T"};
  const std::string space = unit.empty() ? "" : " ";
  if (value == 0.0 || !std::isfinite(value)) return fmt::format("{}{}{}", value == 0.0 ? 0.0 : value, space, unit);
  // Rounding first, so that 999.99 becomes 1 k and not 1000.
  const std::string rounded = fmt::format("{:.{}e}", value, digits - 1);
  const int exponent = std::stoi(rounded.substr(rounded.find('e') + 1));
  const int group = static_cast<int>(std::floor(exponent / 3.0));
  if (group < -5 || group > 4) return fmt::format("{:.{}g}{}{}", value, digits, space, unit);
  double mantissa = 0.0;
  const std::string shifted = fmt::format("{}{}", rounded.substr(0, rounded.find('e') + 1), exponent - 3 * group);
  std::from_chars(shifted.data(), shifted.data() + shifted.size(), mantissa);
  const std::string_view prefix = prefixes[static_cast<std::size_t>(group + 5)];
  return fmt::format("{:.{}g}{}{}{}", mantissa, std::max(digits, 3), prefix.empty() ? space : " ", prefix, unit);
}

std::string format_exact(double value) {
  std::array<char, 32> text;
  const auto written = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), written.ptr};
}

}  // namespace settle
