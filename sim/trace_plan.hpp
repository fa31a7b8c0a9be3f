// From a list of columns to the datasets and dimension scales of a group. Internal to the trace.
#pragma once

#include "sim/trace.hpp"
#include "sim/trace_dataset.hpp"

namespace settle {

struct TracePlan {
  struct Labels {
    std::string name;
    std::vector<std::string> texts;
  };
  struct Dataset {
    TraceShape shape;
    std::string unit, long_name;
    std::size_t labels;  ///< index of its label axis
  };
  std::string axis;  ///< name of the axis dataset: no dataset has it
  std::vector<Labels> labels;
  std::vector<Dataset> datasets;
};

TracePlan plan_trace(const TraceLayout& layout);

}  // namespace settle
