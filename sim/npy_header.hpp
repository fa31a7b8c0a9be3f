// What stands in front of the numbers of an npy file (numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
#pragma once

#include <istream>
#include <string>
#include <string_view>

#include "sim/scalar.hpp"

namespace settle {

/// How a number lies in the file, and how it is read.
struct NpyType {
  std::string_view code;  ///< as NumPy writes it: "<f8", "|u1"
  std::size_t size;       ///< bytes
  double (*read)(const char*);
};

struct NpyHeader {
  NpyType type;
  bool fortran = false;  ///< columns first
  Index rows = 1, columns = 1;
  std::size_t length = 0;  ///< bytes in front of the numbers

  Index count() const { return rows * columns; }
};

constexpr std::string_view npy_magic = "\x93NUMPY";

/// Reads the head of a matrix or of a vector, which is one row, versions 1 to 3. Throws Error(Fault::file); `path` is for messages.
NpyHeader read_npy_header(const std::string& path, std::istream& in);

}  // namespace settle
