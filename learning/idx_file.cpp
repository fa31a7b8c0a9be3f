// Reading IDX files, plain or gzip.
#include "learning/idx_file.hpp"

#include <fmt/format.h>

#include "learning/byte_file.hpp"
#include "sim/error.hpp"

namespace settle {
namespace {

constexpr std::uint8_t unsigned_byte = 0x08;

[[noreturn]] void fail(const std::string& path, std::size_t byte, const std::string& what) { throw Error(Fault::file, fmt::format("{}: byte {}: {}", path, byte, what)); }

void check_magic(const std::string& path, const std::vector<std::uint8_t>& head, std::size_t dimensions) {
  if (head.size() < 4) fail(path, head.size(), "the file ends before its header of 4 bytes; expected is an IDX file such as train-images-idx3-ubyte.gz");
  if (head[0] != 0 || head[1] != 0)
    fail(path, 0, fmt::format("it begins with {:02x} {:02x}, but an IDX file with 00 00; expected is a file such as train-images-idx3-ubyte, plain or gzip", head[0], head[1]));
  if (head[2] != unsigned_byte) fail(path, 2, fmt::format("values are of type 0x{:02x}; only unsigned bytes, 0x08, are read", head[2]));
  if (head[3] < dimensions || (dimensions == 1 && head[3] != 1))
    fail(path, 3, dimensions == 1 ? fmt::format("{} dimensions, but labels have 1; is this the file of the images?", head[3])
                                  : fmt::format("{} dimension{}, but images have 2 or more; is this the file of the labels?", head[3], head[3] == 1 ? "" : "s"));
}

}  // namespace

Index IdxHeader::size() const {
  Index product = 1;
  for (std::size_t k = 1; k < shape.size(); ++k) product *= shape[k];
  return product;
}

IdxHeader read_idx_header(const std::string& path, std::size_t dimensions) {
  const std::vector<std::uint8_t> head = read_bytes(path, 4 + 4 * 255);
  check_magic(path, head, dimensions);
  IdxHeader header{{}, 4 + 4 * static_cast<std::size_t>(head[3])};
  if (head.size() < header.bytes) fail(path, head.size(), fmt::format("the file ends within its header of {} bytes", header.bytes));
  constexpr double most_values = 1e7;  // of an item
  double values = 1.0;
  for (std::size_t at = 4; at < header.bytes; at += 4) {
    header.shape.push_back(static_cast<Index>(head[at]) << 24 | head[at + 1] << 16 | head[at + 2] << 8 | head[at + 3]);
    if (at > 4) values *= static_cast<double>(header.shape.back());
    if (header.shape.back() < 1 || values > most_values) fail(path, at, fmt::format("a dimension of {} makes {:g} values an item, which is no data set", header.shape.back(), values));
  }
  return header;
}

std::vector<std::uint8_t> read_idx(const std::string& path, const IdxHeader& header, Index most) {
  const std::size_t wanted = header.bytes + static_cast<std::size_t>(std::min(most, header.items()) * header.size());
  std::vector<std::uint8_t> bytes = read_bytes(path, wanted);
  if (bytes.size() < wanted)
    fail(path, bytes.size(), fmt::format("the file ends here, but {} items of {} bytes behind a header of {} make {} bytes", header.items(), header.size(), header.bytes,
                                         header.bytes + static_cast<std::size_t>(header.items() * header.size())));
  bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(header.bytes));
  return bytes;
}

}  // namespace settle
