// Reading npy headers.
#include "sim/npy_header.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <regex>
#include <vector>

#include "sim/error.hpp"

namespace settle {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are copied as they lie in the file");

template <class T>
double number(const char* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return static_cast<double>(value);
}

constexpr std::array<NpyType, 11> types{{{"<f8", 8, number<double>}, {"<f4", 4, number<float>}, {"<i8", 8, number<std::int64_t>},
                                            {"<i4", 4, number<std::int32_t>}, {"<i2", 2, number<std::int16_t>}, {"|i1", 1, number<std::int8_t>},
                                            {"<u8", 8, number<std::uint64_t>}, {"<u4", 4, number<std::uint32_t>}, {"<u2", 2, number<std::uint16_t>},
                                            {"|u1", 1, number<std::uint8_t>}, {"|b1", 1, number<std::uint8_t>}}};

[[noreturn]] void fail(const std::string& path, const std::string& what) { throw Error(Fault::file, path + ": " + what); }

NpyType type_of(const std::string& path, const std::string& code) {
  for (const NpyType& type : types)
    if (type.code == code) return type;
  fail(path, fmt::format("numbers of type '{}' are not read; save with array.astype('<f8')", code));
}

std::string field(const std::string& path, const std::string& text, const std::string& name, const std::string& pattern) {
  std::smatch found;
  if (std::regex_search(text, found, std::regex("['\"]" + name + "['\"]\\s*:\\s*" + pattern))) return found[1];
  fail(path, fmt::format("the npy header has no readable '{}': {}", name, text.substr(0, text.find('\n'))));
}

void set_shape(const std::string& path, const std::string& text, NpyHeader& header) {
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

}  // namespace

NpyHeader read_npy_header(const std::string& path, std::istream& in) {
  std::array<char, 12> start{};
  in.read(start.data(), 10);
  if (in.gcount() < 10 || std::string_view(start.data(), npy_magic.size()) != npy_magic) fail(path, "not an npy file: it does not begin with \\x93NUMPY");
  const int version = start[6];
  if (version < 1 || version > 3) fail(path, fmt::format("npy version {} is not read; known are 1, 2 and 3", version));
  const std::size_t ahead = version == 1 ? 10 : 12;
  if (version > 1) in.read(start.data() + 10, 2);
  const auto length = static_cast<std::size_t>(version == 1 ? number<std::uint16_t>(start.data() + 8) : number<std::uint32_t>(start.data() + 8));
  if (length > (1u << 20)) fail(path, fmt::format("an npy header of {} bytes", length));
  std::string text(length, '\0');
  in.read(text.data(), static_cast<std::streamsize>(length));
  if (!in) fail(path, fmt::format("truncated: the header should have {} bytes", length));
  NpyHeader header{.type = type_of(path, field(path, text, "descr", "['\"]([^'\"]*)['\"]"))};
  header.fortran = field(path, text, "fortran_order", "(True|False)") == "True";
  set_shape(path, field(path, text, "shape", "\\(([^)]*)\\)"), header);
  header.length = ahead + length;
  return header;
}

}  // namespace settle
