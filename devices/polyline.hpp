// Polyline: straight lines through knots, on a loop if wanted; two knots at one time are a jump. PULSE and PWL are polylines.
#pragma once

#include <vector>

#include "devices/waveform.hpp"

namespace settle {

struct Knot {
  double time, value;
};

class Polyline : public Waveform {
 public:
  /// Which part of the line comes again: [from, time of the last knot], `cycles` times.
  struct Loop {
    double from;
    double cycles = std::numeric_limits<double>::infinity();
    double rest = 0.0;  // value after the last cycle
  };

  /// Knots with times that never fall. Before the first knot its value holds, after the last (without a loop) the last one's.
  Polyline(std::vector<Knot> knots, double delay);
  Polyline(std::vector<Knot> knots, double delay, Loop loop);

  double value(double t) const override;
  double slope(double t) const override;
  double next_breakpoint(double t) const override;
  double before(double breakpoint) const override;

 private:
  struct Place {
    double cycle;  // complete loops so far; a double, for there may be more than an int holds
    double time;   // on the knots' own clock
  };
  Place place(double t) const;
  std::size_t knots_until(double time) const;  // number of knots at or before
  double rounding(double t) const;
  bool over(const Place& at) const { return loops_ && at.cycle >= loop_.cycles; }
  double breakpoint(double cycle, std::size_t knot) const;

  std::vector<Knot> knots_;
  double delay_;
  bool loops_ = false;
  Loop loop_{};
  double period_ = 0.0;
  std::size_t again_ = 0;  // first knot after the loop's start
};

}  // namespace settle
