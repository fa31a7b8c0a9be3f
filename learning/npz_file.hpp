// Arrays in NumPy's npz archives: a zip of npy files, one an array.
#pragma once

#include "learning/zip_file.hpp"
#include "sim/npy_header.hpp"

namespace settle {

/// An array without its numbers; those of a vector are one row.
struct NpzArray {
  std::string path, name;
  ZipMember member;
  NpyHeader header;

  std::string place() const { return path + ":" + name; }
};

/// Throws Error(Fault::file) with the names there are if the archive has no such array. An array in columns first is refused unless it is a vector.
NpzArray open_npz(const std::string& path, const std::string& name);
bool npz_has(const std::string& path, const std::string& name);
/// Bytes of the first `count` numbers, as they lie in the file.
std::vector<std::uint8_t> read_npz(const NpzArray& array, Index count);

}  // namespace settle
