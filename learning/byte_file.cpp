// Reading through zlib, which leaves a file that is not packed as it is.
#include "learning/byte_file.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "sim/error.hpp"
#include "sim/matrix_file.hpp"

namespace settle {
namespace {

using Packed = std::unique_ptr<gzFile_s, int (*)(gzFile)>;

Packed open(const std::string& path) {
  require_file(path);
  Packed file(gzopen(path.c_str(), "rb"), gzclose);
  if (!file) throw Error(Fault::file, fmt::format("'{}' cannot be opened", path));
  gzbuffer(file.get(), 1 << 17);
  return file;
}

/// Up to `room` bytes; 0 at the end.
std::size_t read(gzFile file, const std::string& path, std::uint8_t* to, std::size_t room, std::size_t behind) {
  const int count = gzread(file, to, static_cast<unsigned>(std::min<std::size_t>(room, 1 << 24)));
  int problem = Z_OK;
  const char* const text = gzerror(file, &problem);
  if (count < 0 || problem == Z_BUF_ERROR)
    throw Error(Fault::file, fmt::format("{}: the gzip packing is broken or cut off behind byte {} of the content ({}); fetch the file again", path, behind + static_cast<std::size_t>(std::max(count, 0)), text));
  return static_cast<std::size_t>(count);
}

}  // namespace

std::vector<std::uint8_t> read_bytes(const std::string& path, std::size_t most) {
  const Packed file = open(path);
  std::vector<std::uint8_t> bytes;
  for (std::size_t filled = 0; filled < most;) {
    bytes.resize(std::min(most, std::max<std::size_t>(2 * filled, 1 << 16)));
    const std::size_t count = read(file.get(), path, bytes.data() + filled, bytes.size() - filled, filled);
    filled += count;
    if (count == 0 || filled == most) return bytes.resize(filled), bytes;
  }
  return bytes;
}

std::size_t count_bytes(const std::string& path) {
  const Packed file = open(path);
  if (gzdirect(file.get())) return std::filesystem::file_size(path);
  return read_bytes(path).size();
}

}  // namespace settle
