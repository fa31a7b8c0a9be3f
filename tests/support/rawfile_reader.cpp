// Reads SPICE rawfiles: header lines up to "Binary:" or "Values:", then the points, then the next plot.
#include "tests/support/rawfile_reader.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace settle::testing {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) fail("cannot be opened");
    text_.assign(std::istreambuf_iterator<char>(in), {});
  }

  std::vector<RawPlot> plots() {
    std::vector<RawPlot> result;
    while (skip_space(), at_ < text_.size()) result.push_back(plot());
    return result;
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw std::runtime_error("rawfile '" + path_ + "': " + why + " (byte " + std::to_string(at_) + ")");
  }

  void skip_space() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }

  std::string line() {
    if (at_ >= text_.size()) fail("ends inside a header");
    const auto end = std::min(text_.find('\n', at_), text_.size());
    std::string result = text_.substr(at_, end - at_);
    at_ = std::min(end + 1, text_.size());
    return result;
  }

  RawPlot plot() {
    RawPlot result;
    std::size_t variables = 0, points = 0;
    for (;;) {
      const std::string header = line();
      const auto colon = header.find(':');
      if (colon == std::string::npos) fail("expected 'Key: value', found '" + header.substr(0, 40) + "'");
      const std::string key = lower(header.substr(0, colon));
      const auto start = header.find_first_not_of(" \t", colon + 1);
      const std::string value = start == std::string::npos ? "" : header.substr(start);
      if (key == "title") result.title = value;
      if (key == "plotname") result.plotname = value;
      if (key == "flags") set_flags(result, value);
      if (key == "no. variables") variables = std::stoul(value);
      if (key == "no. points") points = std::stoul(value);
      if (key == "variables") read_variables(result, variables);
      if (key == "binary") return read_binary(result, points), result;
      if (key == "values") return read_text(result, points), result;
    }
  }

  void set_flags(RawPlot& plot, const std::string& flags) const {
    plot.complex = lower(flags).find("complex") != std::string::npos;
    if (flags.find("unpadded") != std::string::npos) fail("columns of different lengths are not supported");
  }

  void read_variables(RawPlot& plot, std::size_t count) {
    for (std::size_t k = 0; k < count; ++k) {
      std::istringstream in(line());
      std::string index, name, type;
      if (!(in >> index >> name >> type)) fail("expected 'index name type'");
      plot.names.push_back(name);
      plot.types.push_back(type);
    }
    plot.columns.resize(count);
  }

  void read_binary(RawPlot& plot, std::size_t points) {
    const std::size_t size = plot.complex ? 16 : 8;
    if (text_.size() - at_ < points * plot.columns.size() * size) fail("holds fewer points than its header says");
    for (std::size_t point = 0; point < points; ++point) {
      for (std::size_t k = 0; k < plot.columns.size(); ++k) {
        double value[2] = {0, 0};
        std::memcpy(value, text_.data() + at_, size);
        at_ += size;
        store(plot, k, value[0], value[1]);
      }
    }
  }

  void read_text(RawPlot& plot, std::size_t points) {
    for (std::size_t point = 0; point < points; ++point) {
      if (static_cast<std::size_t>(number()) != point) fail("expected point " + std::to_string(point));
      for (std::size_t k = 0; k < plot.columns.size(); ++k) {
        const double re = number();
        store(plot, k, re, plot.complex && at_ < text_.size() && text_[at_] == ',' ? (++at_, number()) : 0.0);
      }
    }
  }

  double number() {
    skip_space();
    double value = 0;
    const char* const first = text_.data() + at_;
    const auto [end, error] = std::from_chars(first, text_.data() + text_.size(), value);
    if (error == std::errc::invalid_argument) fail("expected a number");
    at_ += static_cast<std::size_t>(end - first);
    return value;
  }

  // ngspice leaves the imaginary part of the sweep variable uninitialised.
  static void store(RawPlot& plot, std::size_t k, double re, double im) {
    const bool scale = plot.types[k] == "frequency" || plot.types[k] == "time";
    plot.columns[k].emplace_back(re, scale ? 0.0 : im);
  }

  std::string path_, text_;
  std::size_t at_ = 0;
};

}  // namespace

const std::vector<std::complex<double>>& RawPlot::column(const std::string& name) const {
  std::string known;
  for (std::size_t k = 0; k < names.size(); ++k) {
    if (lower(names[k]) == lower(name)) return columns[k];
    known += ' ' + names[k];
  }
  throw std::runtime_error("plot '" + plotname + "' has no column '" + name + "'; it has" + known);
}

std::vector<double> RawPlot::real(const std::string& name) const {
  std::vector<double> result;
  for (const auto& value : column(name)) result.push_back(value.real());
  return result;
}

std::vector<RawPlot> read_rawfile(const std::string& path) { return Reader(path).plots(); }

}  // namespace settle::testing
