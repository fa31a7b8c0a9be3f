// Feed: what a lesson's sources bring to a circuit, for many samples at once: voltages of driven rows and currents into all, affine in the sources' dc
// values, whatever their devices are.
#pragma once

#include <span>
#include <vector>

#include "circuits/circuit.hpp"
#include "learning/lesson.hpp"

namespace settle {

class Feed {
 public:
  /// Both must outlive it.
  Feed(Circuit& circuit, const Lesson& lesson);
  /// Currents of this element are somebody else's business.
  void leave_out(const Element* element) { std::erase(feeding_, element); }
  const std::vector<const Element*>& feeding() const { return feeding_; }

  /// Driven rows, a column per sample; sources keep the values they have.
  Block<double> driven(std::span<const Index> samples) const;
  /// Currents into all rows while every unknown is at 0 V and driven rows are so.
  Block<double> currents(const Block<double>& driven, std::span<const Index> samples) const;
  /// Unknowns whose currents depend on a source of the lesson.
  std::vector<Index> reached() const;

 private:
  struct Gain {
    Index row, source;
    double per_unit;  // of the source's dc value
  };
  double dc(Index source) const;
  void find_gains();
  void find_feeding();

  Circuit& circuit_;
  const Lesson& lesson_;
  Modes modes_;
  std::vector<DeviceRef> source_;
  std::vector<Gain> volts_, amperes_;
  std::vector<const Element*> feeding_;  // elements that bring anything
};

}  // namespace settle
