// One dataset of a trace while it grows: a buffer of whole chunks in front of an HDF5 dataset. Internal to the trace.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "sim/hdf5.hpp"

namespace settle {

/// Rows in a chunk: about 256 KiB of the widest dataset, but 16 to 4096, no more than expected, and never above 64 MiB.
std::size_t chunk_rows(std::size_t row_bytes, std::size_t expected_rows);

/// Consecutive numbers of an appended row that lie together in a dataset's row too.
struct TraceRun {
  std::size_t from, count;
};

struct TraceShape {
  std::string name;                 ///< of the dataset in its group
  std::vector<hsize_t> row;         ///< shape of one row; empty for the axis
  std::vector<TraceRun> runs;       ///< where a row's doubles are taken from, in order
  bool complex = false;
  std::size_t row_doubles() const;
};

class TraceDataset {
 public:
  explicit TraceDataset(TraceShape shape) : shape_(std::move(shape)) {}

  /// Creates the empty dataset, flushed every `rows` rows, in the group; returns it for its attributes and scales.
  hdf5::Handle create(hid_t group, hid_t complex_type, std::size_t rows, std::size_t expected_rows, bool compress) const;
  void append(const double* values);
  /// Writes the buffer behind the `written` rows there are.
  void write(hid_t file, const std::string& group, std::size_t written, std::size_t rows);
  /// Makes what was written visible to live readers and safe from a kill.
  void publish();
  void release();

 private:
  TraceShape shape_;
  std::vector<double> buffer_;
  hdf5::Handle dataset_;
};

}  // namespace settle
