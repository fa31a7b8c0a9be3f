// The open file of a trace, shared by its groups. Internal to the trace.
#pragma once

#include <chrono>
#include <string>

#include "sim/hdf5.hpp"
#include "sim/trace.hpp"
#include "sim/trace_dataset.hpp"

namespace settle {

struct TraceFile {
  /// Publishing a finished group costs a walk through all groups, so many short ones are published together.
  void publish_finished();

  std::string path;
  TraceOptions options;
  hdf5::Handle handle;
  bool started = false;
  bool unpublished = false;
  std::chrono::steady_clock::time_point last_publish = {};
};

struct TraceGroup::State {
  State(TraceFile& owner, std::string group_path, TraceLayout description);
  void flush();
  void write();

  TraceFile& file;
  std::string path;
  TraceLayout layout;
  std::vector<TraceDataset> datasets;  ///< the axis comes last: its length says how many rows are complete
  std::size_t chunk = 0, written = 0, buffered = 0;
  std::chrono::steady_clock::time_point last_flush = {};
  Attributes late;
  bool finished = false;
};

}  // namespace settle
