// Delimited text taken apart line by line.
#include "sim/delimited.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "sim/number.hpp"

namespace settle {
namespace {

constexpr std::string_view blanks = " \t\r";

DelimitedCell cell_of(std::string_view line, std::size_t begin, std::size_t end) {
  const std::string_view inner = trimmed_cell(line.substr(begin, end - begin));
  const std::size_t column = inner.empty() ? begin + 1 : static_cast<std::size_t>(inner.data() - line.data()) + 1;
  const bool quoted = inner.size() >= 2 && inner.front() == '"' && inner.back() == '"';
  return {quoted ? inner.substr(1, inner.size() - 2) : inner, column + quoted};
}

}  // namespace

std::string_view trimmed_cell(std::string_view text) {
  const std::size_t first = text.find_first_not_of(blanks);
  return first == std::string_view::npos ? std::string_view() : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

char separator_of(std::string_view line) {
  for (const char mark : {';', '\t', ','})
    if (trimmed_cell(line).find(mark) != std::string_view::npos) return mark;
  return ' ';
}

void split_cells(std::string_view line, char separator, std::vector<DelimitedCell>& cells) {
  cells.clear();
  if (separator == ' ') {
    for (std::size_t at = line.find_first_not_of(blanks); at != std::string_view::npos;) {
      const std::size_t end = std::min(line.find_first_of(blanks, at), line.size());
      cells.push_back(cell_of(line, at, end));
      at = line.find_first_not_of(blanks, end);
    }
    return;
  }
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= line.size(); ++at) {
    if (at < line.size() && line[at] == '"') quoted = !quoted;
    if (at < line.size() && (quoted || line[at] != separator)) continue;
    cells.push_back(cell_of(line, begin, at));
    begin = at + 1;
  }
}

/// The plain case without a copy; SPICE's scale factors otherwise.
std::optional<double> number_in_cell(std::string_view text) {
  double value = 0.0;
  const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (read.ec == std::errc() && read.ptr == digits.data() + digits.size()) return value;
  const ParsedNumber parsed = parse_number(text);
  return parsed && !parsed.warning && parsed.length == text.size() ? std::optional(parsed.value) : std::nullopt;
}

std::string not_a_number(std::string_view text, char separator) {
  if (text.empty()) return "an empty cell; every row needs a number in every column";
  const bool decimal_comma = separator != ',' && text.find(',') != std::string_view::npos;
  return fmt::format("'{}' is not a number{}", text, decimal_comma ? "; write a decimal point, 1.5 and not 1,5" : "; numbers are written 4.7e-6 or 4.7u");
}

std::string place_in_file(const std::string& path, int line, std::string_view text, std::size_t column) {
  const std::string_view before = text.substr(0, column - 1);
  const auto characters = std::count_if(before.begin(), before.end(), [](unsigned char c) { return (c & 0xC0) != 0x80; });
  return fmt::format("{}:{}:{}", path, line, 1 + characters);
}

}  // namespace settle
