// Matrices in NumPy's npy format, versions 1 to 3 (numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
#include <fmt/format.h>

#include <array>
#include <bit>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <regex>
#include <vector>

#include "sim/error.hpp"
#include "sim/matrix_file.hpp"
#include "sim/registry.hpp"

namespace settle {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are copied as they lie in the file");

constexpr std::string_view magic = "\x93NUMPY";

template <class T>
double number(const char* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return static_cast<double>(value);
}

struct NumberType {
  std::string_view code;
  std::size_t size;
  double (*read)(const char*);
};

constexpr std::array<NumberType, 11> types{{{"<f8", 8, number<double>}, {"<f4", 4, number<float>}, {"<i8", 8, number<std::int64_t>},
                                            {"<i4", 4, number<std::int32_t>}, {"<i2", 2, number<std::int16_t>}, {"|i1", 1, number<std::int8_t>},
                                            {"<u8", 8, number<std::uint64_t>}, {"<u4", 4, number<std::uint32_t>}, {"<u2", 2, number<std::uint16_t>},
                                            {"|u1", 1, number<std::uint8_t>}, {"|b1", 1, number<std::uint8_t>}}};

[[noreturn]] void fail(const std::string& path, const std::string& what) { throw Error(Fault::file, path + ": " + what); }

/// What stands in front of the numbers.
struct Header {
  NumberType type;
  bool fortran = false;
  Index rows = 1, columns = 1;
  std::size_t length = 0;  // bytes in front of the numbers
};

NumberType type_of(const std::string& path, const std::string& code) {
  for (const NumberType& type : types)
    if (type.code == code) return type;
  fail(path, fmt::format("numbers of type '{}' are not read; save with array.astype('<f8')", code));
}

std::string field(const std::string& path, const std::string& text, const std::string& name, const std::string& pattern) {
  std::smatch found;
  if (std::regex_search(text, found, std::regex("['\"]" + name + "['\"]\\s*:\\s*" + pattern))) return found[1];
  fail(path, fmt::format("the npy header has no readable '{}': {}", name, text.substr(0, text.find('\n'))));
}

void set_shape(const std::string& path, const std::string& text, Header& header) {
  if (text.find('-') != std::string::npos || std::regex_search(text, std::regex("[0-9]{16}"))) fail(path, fmt::format("no file can hold the shape ({})", text));
  std::vector<std::uint64_t> extents;
  const std::regex digits("[0-9]{1,15}");
  for (std::sregex_iterator at(text.begin(), text.end(), digits), end; at != end; ++at) extents.push_back(std::stoull(at->str()));
  if (extents.empty() || extents.size() > 2) {
    fail(path, fmt::format("an array of shape ({}) has {} dimensions; expected is a matrix (2) or a row (1)", text, extents.size()));
  }
  header.columns = static_cast<Index>(extents.back());
  header.rows = extents.size() == 2 ? static_cast<Index>(extents.front()) : 1;
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max() / 16);
  if (extents.front() > 0 && extents.back() > most / extents.front()) fail(path, fmt::format("no file can hold the shape ({})", text));
  if (header.rows == 0 || header.columns == 0) fail(path, fmt::format("the array of shape ({}) is empty", text));
}

Header read_header(const std::string& path, std::istream& in) {
  std::array<char, 12> start{};
  in.read(start.data(), 10);
  if (in.gcount() < 10 || std::string_view(start.data(), magic.size()) != magic) fail(path, "not an npy file: it does not begin with \\x93NUMPY");
  const int version = start[6];
  if (version < 1 || version > 3) fail(path, fmt::format("npy version {} is not read; known are 1, 2 and 3", version));
  const std::size_t ahead = version == 1 ? 10 : 12;
  if (version > 1) in.read(start.data() + 10, 2);
  const auto length = static_cast<std::size_t>(version == 1 ? number<std::uint16_t>(start.data() + 8) : number<std::uint32_t>(start.data() + 8));
  if (length > (1u << 20)) fail(path, fmt::format("an npy header of {} bytes", length));
  std::string text(length, '\0');
  in.read(text.data(), static_cast<std::streamsize>(length));
  if (!in) fail(path, fmt::format("truncated: the header should have {} bytes", length));
  Header header{.type = type_of(path, field(path, text, "descr", "['\"]([^'\"]*)['\"]"))};
  header.fortran = field(path, text, "fortran_order", "(True|False)") == "True";
  set_shape(path, field(path, text, "shape", "\\(([^)]*)\\)"), header);
  header.length = ahead + length;
  return header;
}

class Npy : public MatrixFormat {
 public:
  bool owns(std::string_view spec) const override { return ends_with(spec, ".npy"); }
  std::string_view pattern() const override { return "FILE.npy"; }

  NamedMatrix read(const std::string& spec) const override {
    require_file(spec);
    std::ifstream in(spec, std::ios::binary);
    const Header header = read_header(spec, in);
    const std::size_t count = static_cast<std::size_t>(header.rows) * static_cast<std::size_t>(header.columns);
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
    header.append(63 - (magic.size() + 4 + header.size()) % 64, ' ');  // the numbers begin at a multiple of 64 bytes
    header += '\n';
    const char sizes[4] = {1, 0, static_cast<char>(header.size() & 0xff), static_cast<char>(header.size() >> 8)};
    std::ofstream out(spec, std::ios::binary | std::ios::trunc);
    out << magic;
    out.write(sizes, 4) << header;
    out.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size()) * 8);
    if (!out.flush()) throw Error(Fault::file, fmt::format("cannot write '{}': {}", spec, std::strerror(errno)));
  }
};

const Registered<MatrixFormat, Npy> registered("npy");

}  // namespace
}  // namespace settle
