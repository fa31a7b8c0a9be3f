// Optimizer: a plug-in that turns gradients into requested changes of weights; what a device then does is its write model's business.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "circuits/card_options.hpp"
#include "sim/scalar.hpp"

namespace settle {

class Optimizer {
 public:
  virtual ~Optimizer() = default;
  /// Requested changes for this gradient, one rate per weight.
  virtual Vector<double> change(const Vector<double>& gradient, const Vector<double>& rate) = 0;
  /// All it remembers, for checkpoints: to be stored and restored as they are.
  virtual std::vector<Vector<double>*> memory() { return {}; }
};

/// Lives in Registry<OptimizerKind> under the name of `optimizer=`.
class OptimizerKind {
 public:
  virtual ~OptimizerKind() = default;
  virtual std::string help() const = 0;
  virtual std::vector<CardParameter> parameters() const = 0;
  /// Makes optimizers for so many weights; reads its options once. nullptr after an error was reported.
  virtual std::function<std::unique_ptr<Optimizer>(Index weights)> read(CardOptions& options) const = 0;
};

}  // namespace settle
