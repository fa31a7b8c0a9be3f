// Measures: `.measure` cards worked out while an analysis runs, point by point, in bounded memory.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "circuits/analysis.hpp"

namespace settle {

/// Result of one card: a value, or why there is none.
struct Measured {
  std::string name;
  std::optional<double> value;
  std::string unit;
  std::string failure;  // "v(out) never rises through 0.5 V"
};

/// The cards of one analysis of one circuit. It looks at its own probes, which are evaluated beside the recorded ones.
class Measures {
 public:
  /// Reads the netlist's cards for analysis `kind` ("tran"); what is wrong with them is reported.
  Measures(const Circuit& circuit, const Netlist& netlist, const std::string& kind, Diagnostics& diagnostics);
  ~Measures();

  /// What must be evaluated at every point, in this order.
  const Probes& probes() const;
  /// A point; the axis rises (or, in .dc, moves one way). Between points a signal is a straight line.
  void point(double axis, std::span<const double> values);
  void point(double axis, std::span<const Complex> values);  // .ac: magnitudes unless the card says otherwise
  std::vector<Measured> results() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace settle
