// C = 1/2 sum w (v - target)^2, in V^2: beta is a conductance (S) from the output to its target.
#include <fmt/format.h>

#include "learning/cost.hpp"
#include "sim/number.hpp"

namespace settle {
namespace {

class Squared final : public Cost {
 public:
  std::string help() const override { return "half the squared distance of every output from its target, C = 1/2 sum w (v - target)^2"; }
  std::string beta_unit() const override { return "S"; }
  bool is_conductance() const override { return true; }
  std::string value(const std::vector<CostOutput>& outputs) const override {
    std::string text;
    for (const CostOutput& o : outputs) text += fmt::format("{}0.5*({})*(v({})-({}))^2", text.empty() ? "" : "+", format_exact(o.weight), o.node, target_text(o));
    return text;
  }
  std::string slope(const std::vector<CostOutput>& outputs, std::size_t k) const override {
    const CostOutput& o = outputs[k];
    return fmt::format("({})*(v({})-({}))", format_exact(o.weight), o.node, target_text(o));
  }
};

const Registered<Cost, Squared> registered("squared");

}  // namespace
}  // namespace settle
