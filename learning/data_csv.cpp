// Tables of text: one sample a row, columns by name or number, classes as words or numbers.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>

#include "learning/csv_columns.hpp"
#include "learning/data_options.hpp"
#include "learning/dataset.hpp"
#include "sim/delimited.hpp"
#include "sim/error.hpp"
#include "sim/matrix_file.hpp"
#include "sim/number.hpp"

namespace settle {
namespace {

enum class Header { automatic, yes, no };

/// What a card says of a table.
struct Table {
  std::string path;
  Header header = Header::automatic;
  CsvColumns columns;
};

/// Numbers before words, each in their order.
struct ByValue {
  bool operator()(const std::string& a, const std::string& b) const {
    const auto x = number_in_cell(a), y = number_in_cell(b);
    if (x && y && *x != *y) return *x < *y;
    return x.has_value() != y.has_value() ? x.has_value() : a < b;
  }
};

class TableReader {
 public:
  explicit TableReader(const Table& table) : table_(table) {}

  DataSet read() {
    require_file(table_.path);
    std::ifstream in(table_.path, std::ios::binary);
    for (std::string line; std::getline(in, line);) take(line);
    if (in.bad() || !in.eof()) throw Error(Fault::file, fmt::format("'{}' cannot be read to its end", table_.path));
    if (rows_ == 0) throw Error(Fault::file, fmt::format("{}: no sample; expected is one a line, such as 5.1,3.5,1.4,0.2,setosa", table_.path));
    return data_set();
  }

 private:
  /// `column` counts bytes.
  [[noreturn]] void fail(std::size_t column, const std::string& what) const {
    throw Error(Fault::file, fmt::format("{}: {}", place_in_file(table_.path, line_, text_, column), what));
  }

  void take(std::string_view line) {
    if (++line_ == 1 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
    text_ = line;
    const std::string_view inside = trimmed_cell(line);
    if (inside.empty() || inside.front() == '#' || inside.front() == '%') return;
    if (line.find('\0') != std::string_view::npos) fail(line.find('\0') + 1, "a zero byte: this is not a text file");
    if (width_ == 0) separator_ = separator_of(line);
    split_cells(line, separator_, cells_);
    if (width_ > 0) return row();
    begin();
    if (!headed_) row();
  }

  /// The first line tells the width and may name the columns: words all through, unless the card says so.
  void begin() {
    const auto is_number = [](const DelimitedCell& cell) { return number_in_cell(cell.text).has_value(); };
    headed_ = table_.header == Header::yes || (table_.header == Header::automatic && std::none_of(cells_.begin(), cells_.end(), is_number));
    width_ = cells_.size();
    if (headed_)
      for (const DelimitedCell& cell : cells_) names_.emplace_back(cell.text);
    first_line_ = line_;
    places_ = find_columns(table_.columns, names_, width_, table_.path);
  }

  void row() {
    if (cells_.size() != width_) fail(cells_.back().column, fmt::format("{} value{} in this row, but {} in line {}", cells_.size(), cells_.size() == 1 ? "" : "s", width_, first_line_));
    for (const std::size_t k : places_.inputs) inputs_.push_back(number(cells_[k]));
    for (const std::size_t k : places_.targets) targets_.push_back(number(cells_[k]));
    if (places_.labels != std::string::npos) label(cells_[places_.labels]);
    ++rows_;
  }

  double number(const DelimitedCell& cell) const {
    const auto value = number_in_cell(cell.text);
    if (!value) fail(cell.column, not_a_number(cell.text, separator_) + (rows_ == 0 && !headed_ ? "; header=yes says that this row names the columns" : "; inputs= and targets= choose columns of numbers"));
    if (!std::isfinite(*value)) fail(cell.column, fmt::format("'{}': every value must be finite", cell.text));
    return *value;
  }

  void label(const DelimitedCell& cell) {
    if (cell.text.empty()) fail(cell.column, "an empty cell; every row needs a class");
    const auto [it, fresh] = classes_.try_emplace(std::string(cell.text), static_cast<int>(classes_.size()));
    labels_.push_back(it->second);
  }

  std::vector<std::string> names_of(const std::vector<std::size_t>& places, const std::string& stem) const {
    if (names_.empty()) return numbered_names(stem, static_cast<Index>(places.size()));
    std::vector<std::string> names;
    for (const std::size_t k : places) names.push_back(names_[k]);
    return names;
  }

  DataSet data_set() {
    DataSet data{{names_of(places_.inputs, "x"), names_of(places_.targets, "y"), {}, table_.path, rows_}, {}, {}};
    data.train.inputs = Eigen::Map<const Eigen::MatrixXd>(inputs_.data(), data.features(), rows_);
    data.train.targets = Eigen::Map<const Eigen::MatrixXd>(targets_.data(), data.targets(), rows_);
    std::vector<int> sorted(classes_.size());  // place in order by order of appearance
    for (const auto& [name, seen] : classes_) {
      sorted[static_cast<std::size_t>(seen)] = static_cast<int>(data.classes.size());
      data.classes.push_back(name);
    }
    for (const int seen : labels_) data.train.labels.push_back(sorted[static_cast<std::size_t>(seen)]);
    return data;
  }

  const Table& table_;
  std::string_view text_;  // the line at hand
  std::vector<DelimitedCell> cells_;
  std::vector<std::string> names_;
  CsvPlaces places_;
  std::vector<double> inputs_, targets_;
  std::vector<int> labels_;
  std::map<std::string, int, ByValue> classes_;
  std::size_t width_ = 0;
  Index rows_ = 0;
  bool headed_ = false;
  char separator_ = ',';
  int line_ = 0, first_line_ = 0;
};

class CsvData final : public DataReader {
 public:
  explicit CsvData(Table table) : table_(std::move(table)) {}
  DataOutline outline() const override { return TableReader(table_).read(); }
  DataSet load(Index, Index) const override { return TableReader(table_).read(); }

 private:
  Table table_;
};

class Csv final : public DataSource {
 public:
  std::string help() const override { return "a table of text, one sample a row; commas, semicolons, tabs or blanks separate, and the first row may name the columns"; }
  std::vector<CardParameter> parameters() const override {
    return {{"file=", "", "required", "the table"},
            {"inputs=", "", "all other columns", "columns of the features: names, numbers from 0 or ranges, inputs=0:3 or inputs=sepal_length,petal_length"},
            {"targets=", "", "", "columns of numbers to be met; or"},
            {"labels=", "", "", "the column of the class, a word or a number; classes are sorted"},
            {"header=", "", "auto", "yes, no, or auto: the first row names the columns if it holds no number"}};
  }
  std::unique_ptr<const DataReader> reader(DataOptions& options) const override {
    Table table{options.file("file"), {}, {options.list("inputs"), options.list("targets"), options.text("labels")}};
    table.header = static_cast<Header>(options.word("header", {"auto", "yes", "no"}, 0));
    if (table.columns.targets.empty() == table.columns.labels.empty())
      options.error(table.columns.labels.empty() ? "targets" : "labels", "one of targets= (columns of numbers to be met) and labels= (the column of the class) is needed");
    return options.failed() ? nullptr : std::make_unique<CsvData>(std::move(table));
  }
};

const Registered<DataSource, Csv> registered("csv");

}  // namespace
}  // namespace settle
