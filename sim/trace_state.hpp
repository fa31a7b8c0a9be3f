// What a trace holds while it is written. Internal to the trace.
#pragma once

#include <chrono>
#include <deque>

#include "sim/trace_file.hpp"
#include "sim/trace_lock.hpp"

namespace settle {

struct Trace::State {
  TraceFile file;
  FileLock alive;  ///< held while rows are written: others then see that the file is in use
  std::deque<TraceGroup> groups;
  Attributes late;
  std::vector<std::pair<std::string, Attributes>> late_tables;  ///< by group
  std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now(), last_status = begin;
  TraceProgress latest;
  bool closed = false;

  void finish_groups();
  void summarize(TraceEnd end, const std::string& message);
};

}  // namespace settle
