// The trace of a run: one HDF5 file, a group per analysis, self-describing, followed live and safe against kill -9.
#pragma once

#include <complex>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sim/trace_attribute.hpp"

namespace settle {

/// How a run came about; everything that is needed to repeat it.
struct Provenance {
  std::string version = {}, commit = {}, compiler = {}, simd = {};
  std::string command_line = {}, host = {}, start_time = {};  ///< start in ISO 8601, UTC
  std::uint64_t seed = 0;
  int threads = 1;
  std::string settings = {};  ///< parameters given on the command line, "n=3 r=4700"
  std::string title = {}, deck_path = {}, deck_text = {};
  std::vector<std::pair<std::string, std::string>> included_files = {};  ///< path and text
};

struct TraceOptions {
  bool compress = true;  ///< shuffle and deflate; without it rows reach live readers every second, not only in whole chunks
};

/// What the rows of a group run over.
struct TraceAxis {
  std::string name, unit, long_name;  ///< "time", "s", "time"
};

/// One recorded signal. Columns that share quantity and unit form one dataset, in the order given.
struct TraceColumn {
  std::string quantity, unit;       ///< name of the dataset, "v", and "V"
  std::string label, label_axis;    ///< "out" on the axis "node"
  std::string long_name = {};       ///< of the quantity: "node voltage"
};

struct TraceLayout {
  TraceAxis axis;
  std::vector<TraceColumn> columns;
  bool complex = false;
  std::size_t samples = 1;        ///< more than one adds the axis "sample"
  std::size_t expected_rows = 0;  ///< where it is known, short groups cost no more than their rows; 0 is unknown
  Attributes attributes = {};     ///< of the group: kind, card, stepped parameters
};

/// Numbers of a fixed extent beside the analyses, "effective/resistor/value": what the devices of a run were, crossing by crossing or by name.
struct TraceTable {
  struct Axis {
    std::string name;
    std::vector<std::string> labels;  ///< its length is theirs
  };
  std::string path;                 ///< group and dataset
  std::vector<Axis> axes;           ///< outermost first; tables of one group share the axes of one name
  std::string unit, long_name;
  std::vector<std::string> flags = {};  ///< not empty: small whole numbers with these meanings, from 0 on
  Attributes attributes = {};
};

/// The rows of one analysis. One thread at a time; different groups may be written by different threads.
class TraceGroup {
 public:
  TraceGroup(TraceGroup&&) noexcept;
  ~TraceGroup();
  /// Values of all columns of the first sample, then of the next; as many as columns x samples.
  void append(double axis, std::span<const double> values);
  void append(double axis, std::span<const std::complex<double>> values);
  /// An attribute of the group, written when the trace is closed.
  void set(const std::string& name, Attribute value);
  /// Writes what is still buffered and frees the buffers; nothing can be appended afterwards.
  void finish();
  std::size_t rows() const;
  const std::string& path() const;

 private:
  friend class Trace;
  struct State;
  explicit TraceGroup(std::unique_ptr<State> state);
  void append_row(double axis, const double* values, std::size_t count);
  std::unique_ptr<State> state_;
};

enum class TraceEnd { finished, failed, interrupted };

/// Where a run is, for those who watch the file.
struct TraceProgress {
  double fraction = 0, position = 0, step = 0;  ///< 0..1; value of the axis; size of the last step
  std::int64_t steps = 0;
};

/// Order of calls: every group(), start(), append to the groups, close(). Closes itself, as failed, if need be.
class Trace {
 public:
  /// Throws Error(Fault::file) where the file cannot be written or would destroy something that is no trace.
  Trace(const std::string& path, const Provenance& provenance, TraceOptions options = {});
  ~Trace();
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;

  /// A new group, "tran1" or "tran1/step0001"; lives as long as the trace.
  TraceGroup& group(const std::string& name, TraceLayout layout);
  /// A new table, full of NaN (flags: 0) until written.
  void table(const TraceTable& table);
  /// A list of texts beside the tables, "effective/mismatch".
  void texts(const std::string& path, const std::vector<std::string>& texts);
  /// Attributes of a group of tables.
  void describe(const std::string& path, const Attributes& attributes);
  /// Room for attributes of such a group that are known last.
  void reserve(const std::string& path, std::size_t bytes);
  /// Attributes of a group of tables, written when the trace is closed.
  void describe_last(const std::string& path, const Attributes& attributes);
  /// The part `index` of a table along its outermost axis; the whole of it if `values` are that many. Possible at any time, from any thread.
  void write(const std::string& path, std::size_t index, std::span<const double> values);
  /// From here on the file can be followed, survives a kill, and takes no more groups.
  void start();
  /// Cheap enough for every step: written at most five times a second.
  void progress(const TraceProgress& progress);
  /// An attribute of the file, written when the trace is closed.
  void set(const std::string& name, Attribute value);
  /// Writes everything buffered, the summary and how the run ended.
  void close(TraceEnd end = TraceEnd::finished, const std::string& message = {});
  const std::string& path() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace settle
