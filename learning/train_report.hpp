// What a training records every epoch, and what it reports at the end.
#pragma once

#include <optional>

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

/// The gradient's angle to the exact one and the circuit's symmetry, at the first and the last epoch that compared them.
class Compared {
 public:
  void add(const EpochReport& report);
  void report(AnalysisStats& stats) const;

 private:
  std::optional<EpochReport> first_, last_;
};

void report_training(Training& training, const Lessons& lessons, const std::string& ended, AnalysisStats& stats);

}  // namespace settle
