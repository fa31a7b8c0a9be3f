// SPICE rawfiles: an ASCII header whose number of points is filled in at the end, then the points, row by row.
#include "sim/rawfile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <iterator>
#include <stdexcept>

#include "sim/error.hpp"

namespace settle {
namespace {

constexpr int count_width = 20;  // digits of any 64-bit number; readers stop at the blanks behind it

std::string one_word(std::string text) {
  for (char& c : text) c = std::isspace(static_cast<unsigned char>(c)) ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::string one_line(std::string text) {
  std::replace_if(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return text;
}

std::string now() {
  const std::time_t time = std::time(nullptr);
  std::tm local{};
  localtime_r(&time, &local);
  char text[64];
  return {text, std::strftime(text, sizeof text, "%a %b %e %H:%M:%S  %Y", &local)};
}

}  // namespace

RawFile::RawFile(const std::string& path, Format format)
    : path_(path), format_(format), out_(path, std::ios::binary | std::ios::trunc) {
  check();
}

RawFile::~RawFile() {
  try {
    close();
  } catch (const std::exception&) {
    // A destructor has nobody to tell; close() is there for those who want to know.
  }
}

void RawFile::check() {
  if (!out_) throw Error(Fault::file, fmt::format("cannot write the rawfile '{}': {}", path_, std::strerror(errno)));
}

void RawFile::plot(const std::string& title, const std::string& plotname, bool complex, const std::vector<RawVariable>& variables) {
  end_plot();
  complex_ = complex;
  variables_ = variables.size();
  points_ = 0;
  out_ << "Title: " << one_line(title) << "\nDate: " << now() << "\nPlotname: " << one_line(plotname)
       << "\nFlags: " << (complex ? "complex" : "real") << "\nNo. Variables: " << variables.size() << "\nNo. Points: ";
  count_at_ = out_.tellp();
  out_ << fmt::format("{:<{}}", 0, count_width) << "\nVariables:\n";
  for (std::size_t k = 0; k < variables.size(); ++k) {
    out_ << '\t' << k << '\t' << one_word(variables[k].name) << '\t' << one_word(variables[k].type) << '\n';
  }
  out_ << (format_ == Format::binary ? "Binary:\n" : "Values:\n");
  check();
}

void RawFile::begin_point(bool complex, std::size_t count) {
  if (count_at_ == std::streampos(-1) || complex != complex_ || count != variables_) {
    throw std::logic_error(fmt::format("rawfile plot takes {} {} values a point", variables_, complex_ ? "complex" : "real"));
  }
  if (format_ == Format::text) out_ << ' ' << points_;
  ++points_;
}

void RawFile::point(std::span<const double> values) {
  begin_point(false, values.size());
  if (format_ == Format::binary) {
    out_.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size_bytes()));
  } else {
    for (const double value : values) out_ << fmt::format("\t{:.16e}\n", value);
    out_ << '\n';
  }
}

void RawFile::point(std::span<const std::complex<double>> values) {
  begin_point(true, values.size());
  if (format_ == Format::binary) {
    out_.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size_bytes()));
  } else {
    for (const auto& value : values) out_ << fmt::format("\t{:.16e},{:.16e}\n", value.real(), value.imag());
    out_ << '\n';
  }
}

void RawFile::end_plot() {
  if (count_at_ == std::streampos(-1)) return;
  out_.seekp(count_at_);
  out_ << fmt::format("{:<{}}", points_, count_width);
  out_.seekp(0, std::ios::end);
  count_at_ = -1;
  check();
}

void RawFile::close() {
  if (!out_.is_open()) return;
  end_plot();
  out_.close();
  check();
}

}  // namespace settle
