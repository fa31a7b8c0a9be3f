// C = -sum w y ln p with p = softmax of the outputs in volts, and dC/dv_k = p_k sum w y - w_k y_k: beta is a current (A).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "learning/cost.hpp"
#include "sim/number.hpp"

namespace settle {
namespace {

/// 1/p of the k-th output: sum_j exp(v_j - v_k), which does not overflow where p is not tiny.
std::string inverse(const std::vector<CostOutput>& outputs, std::size_t k) {
  std::string text = "1";
  for (std::size_t j = 0; j < outputs.size(); ++j)
    if (j != k) text += fmt::format("+exp(v({},{}))", outputs[j].node, outputs[k].node);
  return "(" + text + ")";
}

class CrossEntropy final : public Cost {
 public:
  std::string help() const override { return "cross entropy of the targets, probabilities that sum to 1, with the softmax of the outputs in volts"; }
  std::string beta_unit() const override { return "A"; }
  std::string fault(const std::vector<CostOutput>& outputs) const override {
    double sum = 0.0;
    const bool given = std::any_of(outputs.begin(), outputs.end(), [](const CostOutput& o) { return o.given >= 0; });
    for (const CostOutput& o : outputs) {
      if (given) continue;
      if (o.target < 0.0 || o.target > 1.0) return fmt::format("the target {:g} of '{}' is no probability; it lies in 0 .. 1", o.target, o.node);
      sum += o.target;
    }
    if (outputs.size() < 2) return "cross entropy compares at least two outputs";
    return !given && std::abs(sum - 1.0) > 1e-9 ? fmt::format("the targets are probabilities and must sum to 1, not to {:g}", sum) : "";
  }
  std::string value(const std::vector<CostOutput>& outputs) const override {
    std::string text = "0";
    for (std::size_t k = 0; k < outputs.size(); ++k)
      if (outputs[k].given >= 0 || outputs[k].target != 0.0) text += fmt::format("+{}*({})*ln{}", format_exact(outputs[k].weight), target_text(outputs[k]), inverse(outputs, k));
    return text;
  }
  std::string slope(const std::vector<CostOutput>& outputs, std::size_t k) const override {
    std::string sum;
    for (const CostOutput& o : outputs) sum += fmt::format("{}{}*({})", sum.empty() ? "" : "+", format_exact(o.weight), target_text(o));
    return fmt::format("({})/{}-{}*({})", sum, inverse(outputs, k), format_exact(outputs[k].weight), target_text(outputs[k]));
  }
};

const Registered<Cost, CrossEntropy> registered("cross_entropy");

}  // namespace
}  // namespace settle
