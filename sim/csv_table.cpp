// Tables of numbers in delimited text: the first row tells the separator and whether there is a header.
#include "sim/csv_table.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <fstream>
#include <optional>

#include "sim/delimited.hpp"
#include "sim/error.hpp"
#include "sim/matrix_file.hpp"
#include "sim/number.hpp"

namespace settle {
namespace {

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
    throw Error(Fault::file, fmt::format("{}: {}", place_in_file(path_, line_, text_, column), what));
  }

  void take(std::string_view line) {
    if (++line_ == 1 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
    text_ = line;
    const bool whole = trimmed_cell(line).starts_with('%');  // elsewhere it is the unit percent
    const std::size_t comment = whole ? line.find('%') : line.find('#');
    if (comment != std::string_view::npos) table_.comments.emplace_back(trimmed_cell(line.substr(comment + 1)));
    line = line.substr(0, comment);
    if (trimmed_cell(line).empty()) return;
    if (line.find('\0') != std::string_view::npos) fail(line.find('\0') + 1, "a zero byte: this is not a text file");
    if (width_ == 0) separator_ = separator_of(line);
    split_cells(line, separator_, cells_);
    if (width_ > 0 || !is_header()) row();
  }

  /// Names all through; "nan" is no name.
  bool is_header() {
    for (const DelimitedCell& cell : cells_) {
      double value = 0.0;
      const auto read = std::from_chars(cell.text.data(), cell.text.data() + cell.text.size(), value);
      if (cell.text.empty() || read.ec == std::errc() || parse_number(cell.text).length > 0) return false;
    }
    name_columns();
    width_ = cells_.size();
    return true;
  }

  void name_columns() {
    for (const DelimitedCell& cell : cells_) table_.header.push_back(column_of(std::string(cell.text)));
  }

  /// NumPy's savetxt puts the header into a comment: the last one in front of the numbers, where it has as many names as they have columns.
  void name_from_comment() {
    if (width_ < 2 || !table_.header.empty() || table_.comments.empty()) return;
    const std::vector<DelimitedCell> first = cells_;
    split_cells(table_.comments.back(), separator_, cells_);
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
    for (const DelimitedCell& cell : cells_) {
      const std::optional<double> value = number_in_cell(cell.text);
      if (!value) fail(cell.column, not_a_number(cell.text, separator_));
      if (!std::isfinite(*value)) fail(cell.column, fmt::format("'{}': every value must be finite", cell.text));
      numbers_.push_back(*value);
    }
    table_.lines.push_back(line_);
  }

  const std::string& path_;
  std::string_view text_;  // the line at hand
  CsvTable table_;
  std::vector<double> numbers_;
  std::vector<DelimitedCell> cells_;
  std::size_t width_ = 0;
  char separator_ = ',';
  int line_ = 0;
};

}  // namespace

CsvTable read_csv(const std::string& path) { return Reader(path).read(); }

TableColumn column_of(const std::string& text) {
  const std::string whole(trimmed_cell(text));
  const std::size_t open = whole.find_last_of("[(");
  const bool unit = open != std::string::npos && open > 0 && (whole.back() == ']' || whole.back() == ')');
  if (!unit) return {whole, ""};
  return {std::string(trimmed_cell(whole.substr(0, open))), std::string(trimmed_cell(whole.substr(open + 1, whole.size() - open - 2)))};
}

}  // namespace settle
