// The open file of a trace, shared by its groups. Internal to the trace.
#pragma once

#include <string>

#include "sim/hdf5.hpp"
#include "sim/trace.hpp"
#include "sim/trace_dataset.hpp"

namespace settle {

struct TraceFile {
  std::string path;
  TraceOptions options;
  hdf5::Handle handle;
  bool started = false;
};

struct TraceGroup::State {
  State(TraceFile& owner, std::string group_path, TraceLayout description);
  void flush();

  TraceFile& file;
  std::string path;
  TraceLayout layout;
  std::vector<TraceDataset> datasets;  ///< the axis comes last: its length says how many rows are complete
  std::size_t chunk = 0, written = 0, buffered = 0;
  double last_flush = 0;
  Attributes late;
  bool finished = false;
};

}  // namespace settle
