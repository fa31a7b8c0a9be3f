// Independent: the drive of an independent source, its DC value, waveform and small-signal amplitude.
#pragma once

#include <numbers>

#include "devices/kind.hpp"

namespace settle {

class Independent {
 public:
  explicit Independent(const Instance& instance) : waveform_(instance.waveform), small_signal_(instance.small_signal) {}

  /// `dc` is NaN if it was not given: the waveform then starts from its value at time zero.
  double value(double dc, const Moment& now) const { return now.sources * (now.transient && waveform_ ? waveform_->value(now.t) : rest(dc)); }
  double slope(const Moment& now) const { return now.transient && waveform_ ? now.sources * waveform_->slope(now.t) : 0.0; }
  Complex amplitude() const { return std::polar(small_signal_.magnitude, small_signal_.phase * std::numbers::pi / 180.0); }

  double next_breakpoint(double t) const { return waveform_ ? waveform_->next_breakpoint(t) : std::numeric_limits<double>::infinity(); }
  double shortest_period() const { return waveform_ ? waveform_->fastest() : std::numeric_limits<double>::infinity(); }

 private:
  double rest(double dc) const { return dc == dc ? dc : waveform_ ? waveform_->value(0.0) : 0.0; }

  std::shared_ptr<const Waveform> waveform_;
  SmallSignal small_signal_;
};

/// Of all sources of a population.
inline double next_breakpoint(const std::vector<Independent>& sources, double t) {
  double next = std::numeric_limits<double>::infinity();
  for (const Independent& source : sources) next = std::min(next, source.next_breakpoint(t));
  return next;
}
inline double shortest_period(const std::vector<Independent>& sources) {
  double shortest = std::numeric_limits<double>::infinity();
  for (const Independent& source : sources) shortest = std::min(shortest, source.shortest_period());
  return shortest;
}

}  // namespace settle
