// rule=exact: lambda = J^-T dC/dx by a transposed solve of the circuit's own Jacobian: the yardstick, and a training rule too.
#include "learning/rule.hpp"

namespace settle {
namespace {

class Exact final : public SceneRule {
 public:
  Measured measure_on(Scene& scene, std::uint64_t) const override { return scene.error_signal(); }
};

class ExactKind final : public RuleKind {
 public:
  std::string help() const override { return "the adjoint, lambda = J^-T dC/dx: exact, and not something a circuit can do"; }
  std::vector<CardParameter> parameters() const override { return {}; }
  std::unique_ptr<Rule> make(CardOptions&) const override { return std::make_unique<Exact>(); }
};

const Registered<RuleKind, ExactKind> registered("exact");

}  // namespace
}  // namespace settle
