// Binding: which source gets which feature, and which output is to meet which target: pin = scale * value + offset, in the pin's own unit.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "learning/dataset.hpp"

namespace settle {

/// The dc value of an independent source (V or A) is scale * feature + offset.
struct BoundInput {
  std::string device;
  Index feature = 0;
  double scale = 1.0, offset = 0.0;
  Location where;
};

/// The node should be at scale * target + offset (V).
struct BoundTarget {
  std::string node;
  Index target = 0;
  double scale = 1.0, offset = 0.0;
  double weight = 1.0;      // in the cost
  std::string membrane;     // where its nudge enters; "": as `readout` finds it
  Location where;
};

struct Binding {
  std::vector<BoundInput> inputs;    // in the order of the cards
  std::vector<BoundTarget> targets;
};

/// What the deck's .input and .target cards say about data of this shape (a DataSet is an outline, too). Nothing without a `.task`, or
/// after an error was reported.
std::optional<Binding> binding_of(const Netlist& netlist, const DataOutline& outline, Diagnostics& diagnostics);

/// Reports everything wrong with .task, .input and .target; reads no more than headers.
void check_binding(const Netlist& netlist, Diagnostics& diagnostics);

/// What every bound source is set to, and what every bound output should be: one row each, one column a sample.
Eigen::MatrixXd source_values(const Binding& binding, const Samples& samples);
Eigen::MatrixXd output_targets(const Binding& binding, const Samples& samples);

}  // namespace settle
