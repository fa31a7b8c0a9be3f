// Matrices in NumPy's npy format.
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <vector>

#include "sim/error.hpp"
#include "sim/matrix_file.hpp"
#include "sim/npy_header.hpp"
#include "sim/registry.hpp"

namespace settle {
namespace {

[[noreturn]] void fail(const std::string& path, const std::string& what) { throw Error(Fault::file, path + ": " + what); }

class Npy : public MatrixFormat {
 public:
  bool owns(std::string_view spec) const override { return ends_with(spec, ".npy"); }
  std::string_view pattern() const override { return "FILE.npy"; }

  NamedMatrix read(const std::string& spec) const override {
    require_file(spec);
    std::ifstream in(spec, std::ios::binary);
    const NpyHeader header = read_npy_header(spec, in);
    const std::size_t count = static_cast<std::size_t>(header.count());
    const std::size_t expected = count * header.type.size, found = std::filesystem::file_size(spec) - header.length;
    if (found != expected) {
      fail(spec, fmt::format("{} x {} numbers of {} bytes need {} bytes behind the header, but there are {}{}", header.rows, header.columns,
                             header.type.size, expected, found, found < expected ? ": the file is truncated" : ""));
    }
    std::vector<char> bytes(expected);
    if (!in.read(bytes.data(), static_cast<std::streamsize>(expected))) fail(spec, "cannot be read to its end");
    Block<double> values(header.rows, header.columns);
    const Index row_step = header.fortran ? 1 : header.columns, column_step = header.fortran ? header.rows : 1;
    for (Index row = 0; row < header.rows; ++row)
      for (Index column = 0; column < header.columns; ++column)
        values(row, column) = header.type.read(bytes.data() + static_cast<std::size_t>(row * row_step + column * column_step) * header.type.size);
    require_finite(spec, values);
    return {std::move(values)};
  }

  /// Version 1, doubles, rows first. The format has no place for a name or a unit.
  void write(const std::string& spec, const NamedMatrix& matrix) const override {
    const auto& values = matrix.values;
    std::string header = fmt::format("{{'descr': '<f8', 'fortran_order': False, 'shape': ({}, {}), }}", values.rows(), values.cols());
    header.append(63 - (npy_magic.size() + 4 + header.size()) % 64, ' ');  // the numbers begin at a multiple of 64 bytes
    header += '\n';
    const char sizes[4] = {1, 0, static_cast<char>(header.size() & 0xff), static_cast<char>(header.size() >> 8)};
    std::ofstream out(spec, std::ios::binary | std::ios::trunc);
    out << npy_magic;
    out.write(sizes, 4) << header;
    out.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size()) * 8);
    if (!out.flush()) throw Error(Fault::file, fmt::format("cannot write '{}': {}", spec, std::strerror(errno)));
  }
};

const Registered<MatrixFormat, Npy> registered("npy");

}  // namespace
}  // namespace settle
