// Tables of numbers in delimited text: the first row tells the separator and whether there is a header.
#include "sim/csv_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <optional>

#include "sim/error.hpp"
#include "sim/matrix_file.hpp"
#include "sim/number.hpp"

namespace settle {
namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(blanks);
  return first == std::string_view::npos ? std::string_view() : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// A stretch of a line, without the blanks and the quotes round it.
struct Cell {
  std::string_view text;
  std::size_t column;  // from 1
};

Cell cell_of(std::string_view line, std::size_t begin, std::size_t end) {
  const std::string_view inner = trimmed(line.substr(begin, end - begin));
  const std::size_t column = inner.empty() ? begin + 1 : static_cast<std::size_t>(inner.data() - line.data()) + 1;
  const bool quoted = inner.size() >= 2 && inner.front() == '"' && inner.back() == '"';
  return {quoted ? inner.substr(1, inner.size() - 2) : inner, column + quoted};
}

/// Semicolons win over tabs, those over commas, those over blanks: what a comma separates may hold blanks, never the other way round.
char separator_of(std::string_view line) {
  for (const char mark : {';', '\t', ','})
    if (trimmed(line).find(mark) != std::string_view::npos) return mark;
  return ' ';
}

void split(std::string_view line, char separator, std::vector<Cell>& cells) {
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
std::optional<double> number_in(std::string_view text) {
  double value = 0.0;
  const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (read.ec == std::errc() && read.ptr == digits.data() + digits.size()) return value;
  const ParsedNumber parsed = parse_number(text);
  return parsed && !parsed.warning && parsed.length == text.size() ? std::optional(parsed.value) : std::nullopt;
}

std::string reason(std::string_view text, char separator) {
  if (text.empty()) return "an empty cell; every row needs a number in every column";
  const bool decimal_comma = separator != ',' && text.find(',') != std::string_view::npos;
  return fmt::format("'{}' is not a number{}", text, decimal_comma ? "; write a decimal point, 1.5 and not 1,5" : "; numbers are written 4.7e-6 or 4.7u");
}

class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path) {}

  CsvTable read() {
    require_file(path_);
    std::ifstream in(path_, std::ios::binary);
    for (std::string line; std::getline(in, line);) take(line);
    if (in.bad() || !in.eof()) throw Error(Fault::file, fmt::format("'{}' cannot be read to its end", path_));
    if (table_.lines.empty()) throw Error(Fault::file, fmt::format("{}: no row of numbers; expected is one row a line, such as 1e-6, 2e-6", path_));
    const auto rows = static_cast<Index>(table_.lines.size());
    table_.values = Eigen::Map<const Block<double>>(numbers_.data(), rows, static_cast<Index>(width_));
    return std::move(table_);
  }

 private:
  /// `column` counts bytes, the message characters.
  [[noreturn]] void fail(std::size_t column, const std::string& what) const {
    const std::string_view before = text_.substr(0, column - 1);
    const auto characters = std::count_if(before.begin(), before.end(), [](unsigned char c) { return (c & 0xC0) != 0x80; });
    throw Error(Fault::file, fmt::format("{}:{}:{}: {}", path_, line_, 1 + characters, what));
  }

  void take(std::string_view line) {
    if (++line_ == 1 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
    text_ = line;
    const bool whole = trimmed(line).starts_with('%');  // elsewhere it is the unit percent
    const std::size_t comment = whole ? line.find('%') : line.find('#');
    if (comment != std::string_view::npos) table_.comments.emplace_back(trimmed(line.substr(comment + 1)));
    line = line.substr(0, comment);
    if (trimmed(line).empty()) return;
    if (line.find('\0') != std::string_view::npos) fail(line.find('\0') + 1, "a zero byte: this is not a text file");
    if (width_ == 0) separator_ = separator_of(line);
    split(line, separator_, cells_);
    if (width_ > 0 || !is_header()) row();
  }

  /// Names all through; "nan" is no name.
  bool is_header() {
    for (const Cell& cell : cells_) {
      double value = 0.0;
      const auto read = std::from_chars(cell.text.data(), cell.text.data() + cell.text.size(), value);
      if (cell.text.empty() || read.ec == std::errc() || parse_number(cell.text).length > 0) return false;
    }
    name_columns();
    width_ = cells_.size();
    return true;
  }

  void name_columns() {
    for (const Cell& cell : cells_) table_.header.push_back(column_of(std::string(cell.text)));
  }

  /// NumPy's savetxt puts the header into a comment: the last one in front of the numbers, where it has as many names as they have columns.
  void name_from_comment() {
    if (width_ < 2 || !table_.header.empty() || table_.comments.empty()) return;
    const std::vector<Cell> first = cells_;
    split(table_.comments.back(), separator_, cells_);
    if (cells_.size() == width_) name_columns();
    cells_ = first;
  }

  void row() {
    if (width_ == 0) {
      width_ = cells_.size();
      name_from_comment();
    }
    if (cells_.size() != width_) {
      fail(cells_.back().column, fmt::format("{} value{} in this row, but {} in {}", cells_.size(), cells_.size() == 1 ? "" : "s", width_,
                                             table_.lines.empty() ? "the header" : fmt::format("line {}", table_.lines.front())));
    }
    for (const Cell& cell : cells_) {
      const std::optional<double> value = number_in(cell.text);
      if (!value) fail(cell.column, reason(cell.text, separator_));
      if (!std::isfinite(*value)) fail(cell.column, fmt::format("'{}': every value must be finite", cell.text));
      numbers_.push_back(*value);
    }
    table_.lines.push_back(line_);
  }

  const std::string& path_;
  std::string_view text_;  // the line at hand
  CsvTable table_;
  std::vector<double> numbers_;
  std::vector<Cell> cells_;
  std::size_t width_ = 0;
  char separator_ = ',';
  int line_ = 0;
};

}  // namespace

CsvTable read_csv(const std::string& path) { return Reader(path).read(); }

TableColumn column_of(const std::string& text) {
  const std::string whole(trimmed(text));
  const std::size_t open = whole.find_last_of("[(");
  const bool unit = open != std::string::npos && open > 0 && (whole.back() == ']' || whole.back() == ')');
  if (!unit) return {whole, ""};
  return {std::string(trimmed(whole.substr(0, open))), std::string(trimmed(whole.substr(open + 1, whole.size() - open - 2)))};
}

}  // namespace settle
