// IDX, the format of MNIST: two zero bytes, a type, the number of dimensions, each as a big-endian word of 32 bits, then the values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/scalar.hpp"

namespace settle {

struct IdxHeader {
  std::vector<Index> shape;
  std::size_t bytes = 0;  ///< of the header

  Index items() const { return shape.front(); }
  /// Values of one item.
  Index size() const;
};

/// Reads a header of unsigned bytes with `dimensions` dimensions or more. Throws Error(Fault::file) with the byte that is wrong.
IdxHeader read_idx_header(const std::string& path, std::size_t dimensions);
/// The values of the first `most` items, each size() bytes.
std::vector<std::uint8_t> read_idx(const std::string& path, const IdxHeader& header, Index most);

}  // namespace settle
