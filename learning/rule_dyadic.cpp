// rule=dyadic: dyadic equilibrium propagation (Scurria et al.): two copies of the circuit, s+- = m +- d/2, descend and climb E = -d.F(m) + beta C(m),
//   C m' = F(m),   C d' = J(m)^T d - beta dC/dr
// so that m rests where the free circuit does and d = beta lambda, exactly, whatever beta. The transposed connections are devices of their own: `error`
// is how far theirs are from the forward ones.
#include "learning/rule.hpp"

namespace settle {
namespace {

class Dyadic final : public SceneRule {
 public:
  explicit Dyadic(double error) : error_(error) {}
  /// (J_r + error)^T d = beta dC/dr, so lambda = d / beta whatever beta is.
  Measured measure_on(Scene& scene, std::uint64_t) const override { return scene.error_signal(error_); }

 private:
  double error_;
};

class DyadicKind final : public RuleKind {
 public:
  std::string help() const override { return "dyadic equilibrium propagation: the difference of two copies of the circuit, joined by transposed connections, rests at beta times the error signal"; }
  std::vector<CardParameter> parameters() const override {
    return {{"beta=", "that of the cost", "1", "strength of the nudge; the result does not depend on it"},
            {"error=", "", "0", "standard deviation of every transposed connection, relative to the forward one"}};
  }
  std::unique_ptr<Rule> make(CardOptions& options) const override {
    const double beta = options.number("beta", 1.0, {-INFINITY, INFINITY}), error = options.number("error", 0.0, {0.0, 10.0});
    if (beta == 0.0) return options.refuse("beta", "beta=0 nudges nothing"), nullptr;
    return std::make_unique<Dyadic>(error);
  }
};

const Registered<RuleKind, DyadicKind> registered("dyadic");

}  // namespace
}  // namespace settle
