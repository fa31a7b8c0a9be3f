// A file of trained values: a line per device with its name, the parameter learning changed, and its value in the parameter's unit.
#pragma once

#include <string>
#include <vector>

#include "learning/weights.hpp"

namespace settle {

struct TrainedValue {
  std::string device, field;
  double value = 0.0;
  std::size_t line = 0;
};

/// Throws Error (file).
void write_weights(const std::string& file, const Weights& weights);
/// Throws Error (file) with the line that is wrong.
std::vector<TrainedValue> read_weights(const std::string& file);

}  // namespace settle
