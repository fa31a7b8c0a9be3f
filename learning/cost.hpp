// Cost: a plug-in that says, as expressions of output voltages, what a circuit is taught to make small and how an output is pushed for it.
#pragma once

#include <string>
#include <vector>

#include "sim/registry.hpp"

namespace settle {

/// One output of a circuit and where it should be.
struct CostOutput {
  std::string node;
  double target = 0.0;
  double weight = 1.0;
  int given = -1;  // the target is this one of the values given with every sample, and `target` is not used
};

/// The target in a cost's expression: its number, or an input that stands for the given value.
std::string target_text(const CostOutput& output);

/// Lives in Registry<Cost> under the name of `.teach cost=`.
class Cost {
 public:
  virtual ~Cost() = default;
  virtual std::string help() const = 0;
  /// Unit of beta, so that beta times the push is a current.
  virtual std::string beta_unit() const = 0;
  /// True if the push is that of a conductance beta to a voltage, the target.
  virtual bool is_conductance() const { return false; }
  /// Why these targets cannot be met by this cost; "" if they can.
  virtual std::string fault(const std::vector<CostOutput>&) const { return {}; }
  /// C of v(node), an analytic expression.
  virtual std::string value(const std::vector<CostOutput>& outputs) const = 0;
  /// dC/dv(node) of the k-th output, likewise.
  virtual std::string slope(const std::vector<CostOutput>& outputs, std::size_t k) const = 0;
};

}  // namespace settle
