// What a training records every epoch, and what it reports at the end.
#pragma once

#include "circuits/probe.hpp"
#include "learning/training.hpp"

namespace settle {

/// Columns of the trace.
struct TrainTrace {
  bool compared = false, weights = false;
  int bins = 0;

  std::vector<ProbeLabel> labels(const Weights& all, const Lessons& lessons) const;
  /// One number per label.
  std::vector<double> values(Training& training, const Lessons& lessons, const EpochReport& report) const;
};

void report_training(Training& training, const Lessons& lessons, const std::string& ended, AnalysisStats& stats);

}  // namespace settle
