// Recording: one analysis's points on their way to the trace, the rawfile, the measures and the digest.
#pragma once

#include "circuits/raw_plot.hpp"
#include "circuits/bench.hpp"
#include "circuits/run.hpp"
#include "sim/trace.hpp"

namespace settle {

/// Makes a small picture of a column out of any number of points: values at equal parts of the run.
class Digest {
 public:
  static constexpr std::size_t parts = 48;
  explicit Digest(ProbeLabel label) { column_.label = std::move(label); }
  void add(double fraction, Complex value, bool magnitude);
  ColumnDigest take() && { return std::move(column_); }

 private:
  ColumnDigest column_;
  bool empty_ = true;
};

/// Which points are written; measures and summaries see all.
struct Thinning {
  int every = 1;
  double from = 0.0, to = 0.0;  // of the axis
};

struct RecordingTargets {
  TraceGroup* trace = nullptr;
  RawFile* raw = nullptr;       // may be null; its plot has begun
  std::string kind;             // of the analysis
  Thinning thinning;
  Measures* measures = nullptr;
  std::size_t recorded = 0;     // of a point's values: recorded probes, then those of the measures, then extra columns
  std::size_t measured = 0;
  std::function<void(double)> progress;
  std::function<bool()> interrupted;
};

class Recording final : public Recorder {
 public:
  Recording(RecordingTargets targets, std::vector<ProbeLabel> columns);
  void record(double axis, std::span<const double> values) override { take(axis, values); }
  void record(double axis, std::span<const Complex> values) override { take(axis, values); }
  void progress(double fraction) override;
  bool interrupted() const override { return targets_.interrupted && targets_.interrupted(); }

  /// Moves what is known of the columns into a result.
  void finish(AnalysisResult& result) &&;

 private:
  template <Scalar S>
  void take(double axis, std::span<const S> values);

  RecordingTargets targets_;
  std::vector<Digest> digests_;
  double fraction_ = 0.0, first_ = 0.0, last_ = 0.0;
  bool any_ = false;
  long points_ = 0;
};

}  // namespace settle
