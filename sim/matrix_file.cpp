// Matrices in files: the format is chosen by the name of the file.
#include "sim/matrix_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>

#include "sim/error.hpp"
#include "sim/registry.hpp"

namespace settle {
namespace {

const MatrixFormat& format_of(const std::string& spec) {
  std::string known;
  for (const auto& [name, format] : Registry<MatrixFormat>::all()) {
    if (format->owns(spec)) return *format;
    known += (known.empty() ? "" : ", ") + std::string(format->pattern());
  }
  throw Error(Fault::usage, fmt::format("'{}' is not a kind of file that holds a matrix; known are {}", spec, known));
}

}  // namespace

NamedMatrix read_named_matrix(const std::string& spec) { return format_of(spec).read(spec); }

Block<double> read_matrix(const std::string& spec) { return read_named_matrix(spec).values; }

std::pair<Index, Index> matrix_shape(const std::string& spec) { return format_of(spec).shape(spec); }

std::pair<Index, Index> MatrixFormat::shape(const std::string& spec) const {
  const Block<double> values = read(spec).values;
  return {values.rows(), values.cols()};
}

void write_matrix(const std::string& spec, const Block<double>& values, const std::string& name, const std::string& unit) {
  format_of(spec).write(spec, {values, name, unit});
}

void require_matrix_format(const std::string& spec) { format_of(spec); }

void require_file(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_regular_file(path, ignored)) return;
  const bool folder = std::filesystem::is_directory(path, ignored);
  throw Error(Fault::file, fmt::format("'{}' {}", path, folder ? "is a folder; name a file in it" : "does not exist; paths count from the folder settle runs in"));
}

bool ends_with(std::string_view name, std::string_view ending) {
  const auto same = [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); };
  return name.size() >= ending.size() && std::equal(ending.begin(), ending.end(), name.end() - static_cast<std::ptrdiff_t>(ending.size()), same);
}

void require_finite(const std::string& spec, const Block<double>& values) {
  for (Index row = 0; row < values.rows(); ++row)
    for (Index column = 0; column < values.cols(); ++column)
      if (!std::isfinite(values(row, column)))
        throw Error(Fault::file, fmt::format("{}: the value at row {}, column {} (both from 0) is {}; every value must be finite", spec, row,
                                             column, values(row, column)));
}

}  // namespace settle
