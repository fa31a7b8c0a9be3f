// One dataset of a trace while it grows: a buffer of whole chunks in front of an HDF5 dataset.
#include "sim/trace_dataset.hpp"

#include <algorithm>

namespace settle {
namespace {

constexpr std::size_t smallest_chunk = 4096;  // bytes: below it the bookkeeping of a chunk outweighs what it holds
constexpr std::size_t smallest_deflated = 1024;

// Every chunk is written once and whole, so a chunk cache would only cost memory.
hdf5::Handle uncached() {
  hdf5::Handle list = hdf5::own(H5Pcreate(H5P_DATASET_ACCESS), "create dataset access list");
  hdf5::check(H5Pset_chunk_cache(list, 1, 0, 1.0), "turn off the chunk cache");
  return list;
}

}  // namespace

std::size_t chunk_rows(std::size_t row_bytes, std::size_t expected_rows) {
  const std::size_t bytes = std::max<std::size_t>(row_bytes, 1);
  std::size_t rows = std::clamp<std::size_t>((std::size_t{1} << 18) / bytes, 16, 4096);
  rows = std::min(rows, std::max<std::size_t>((std::size_t{1} << 26) / bytes, 1));
  return expected_rows > 0 ? std::min(rows, expected_rows) : rows;
}

std::size_t TraceShape::row_doubles() const {
  std::size_t result = complex ? 2 : 1;
  for (const hsize_t extent : row) result *= extent;
  return result;
}

hdf5::Handle TraceDataset::create(hid_t group, hid_t complex_type, std::size_t rows, std::size_t expected_rows,
                                  bool compress) const {
  const std::size_t bytes = rows * shape_.row_doubles() * sizeof(double);
  // A narrow dataset beside a wide one: a chunk takes several flushes, which only an unfiltered chunk stands without waste.
  const bool several = bytes < smallest_chunk && expected_rows != rows;
  const std::size_t flushes = several ? (smallest_chunk + bytes - 1) / bytes : 1;
  std::vector<hsize_t> extent = {0}, chunk = {rows * flushes};
  extent.insert(extent.end(), shape_.row.begin(), shape_.row.end());
  chunk.insert(chunk.end(), shape_.row.begin(), shape_.row.end());
  const auto properties = hdf5::chunked(chunk, compress && !several && bytes >= smallest_deflated);
  const hid_t type = shape_.complex ? complex_type : H5T_NATIVE_DOUBLE;
  return hdf5::create_dataset(group, shape_.name, type, hdf5::space_of(extent, true), properties);
}

void TraceDataset::append(const double* values) {
  for (const auto& run : shape_.runs) buffer_.insert(buffer_.end(), values + run.from, values + run.from + run.count);
}

void TraceDataset::write(hid_t file, const std::string& group, std::size_t written, std::size_t rows) {
  if (!dataset_.open()) {
    const std::string path = group + '/' + shape_.name;
    dataset_ = hdf5::own(H5Dopen2(file, path.c_str(), uncached()), "open dataset", path);
  }
  std::vector<hsize_t> extent = {written + rows}, start(1 + shape_.row.size(), 0), count = {rows};
  extent.insert(extent.end(), shape_.row.begin(), shape_.row.end());
  count.insert(count.end(), shape_.row.begin(), shape_.row.end());
  start[0] = written;
  hdf5::check(H5Dset_extent(dataset_, extent.data()), "extend dataset", shape_.name);
  const auto target = hdf5::space_of(extent);
  hdf5::check(H5Sselect_hyperslab(target, H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr), "select rows");
  const auto complex_memory = shape_.complex ? hdf5::complex_type() : hdf5::Handle();
  const hid_t memory = shape_.complex ? hid_t{complex_memory} : H5T_NATIVE_DOUBLE;
  hdf5::check(H5Dwrite(dataset_, memory, hdf5::space_of(count), target, H5P_DEFAULT, buffer_.data()), "write dataset", shape_.name);
  buffer_.clear();
}

void TraceDataset::publish() { hdf5::check(H5Dflush(dataset_), "flush dataset", shape_.name); }

void TraceDataset::release() {
  dataset_.close();
  buffer_ = {};
}

}  // namespace settle
