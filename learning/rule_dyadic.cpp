// rule=dyadic: dyadic equilibrium propagation (Scurria et al.): two copies of the circuit, s+- = m +- d/2, descend and climb E = -d.F(m) + beta C(m),
//   C m' = F(m),   C d' = J(m)^T d - beta dC/dr
// so that m rests where the free circuit does and d = beta lambda, exactly, whatever beta. The transposed connections are devices of their own: `error`
// is how far theirs are from the forward ones.
#include <Eigen/LU>

#include "learning/activity.hpp"
#include "learning/rule.hpp"
#include "sim/random.hpp"

namespace settle {
namespace {

class Dyadic final : public ErrorRule {
 public:
  Dyadic(double beta, double error) : beta_(beta), error_(error) {}

  /// d of the neurons, in the voltages of membranes against the currents of activities: (J_r + error)^T d = beta c.
  Measured measure(Stage& stage) const override {
    const ActivityModel model(stage.job().netlist, stage.dynamics(), stage.rest(), 0.0);
    if (const Index saturated = model.saturated(); saturated >= 0)
      throw Error(Fault::simulation, "the activity of neuron '" + model.name(saturated) + "' is saturated and does not move with its membrane, so dyadic equilibrium propagation has no path back through it at " + stage.named());
    Eigen::MatrixXd back = Eigen::MatrixXd(model.activity()).transpose();
    const Stream stream(stage.job().seed, "learning.dyadic");
    if (error_ > 0.0)
      for (Index k = 0; k < back.size(); ++k)
        if (k / back.rows() != k % back.rows()) back.data()[k] *= 1.0 + error_ * stream.normal_at(static_cast<std::uint64_t>(k));
    Eigen::VectorXd c(model.count());
    for (Index k = 0; k < model.count(); ++k) c[k] = beta_ * stage.push()[model.membrane_unknown(k)];
    const Eigen::VectorXd d = back.partialPivLu().solve(c);
    Vector<double> lambda = Vector<double>::Zero(stage.rest().rows());
    for (Index k = 0; k < model.count(); ++k) lambda[model.membrane_unknown(k)] = d[k] / beta_;
    return {std::move(lambda), stage.rest()};
  }

 private:
  double beta_, error_;
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
    return std::make_unique<Dyadic>(beta, error);
  }
};

const Registered<RuleKind, DyadicKind> registered("dyadic");

}  // namespace
}  // namespace settle
