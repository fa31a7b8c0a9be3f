// rule=hep: holomorphic equilibrium propagation (Laborieux and Zenke, arXiv:2209.00530): with beta at N points of a circle of radius r,
//   lambda ~ (1 / N r) sum_k r*(r w^k) w^-k  and  the presynaptic state is the mean, both exact but for r^N inside the radius of convergence.
//   energy form  dC/dG = Re (1 / N r) sum_k 1/2 dv_k^2 w^-k: the square is complex, without conjugate
#include "learning/nudging.hpp"
#include "learning/rule.hpp"

namespace settle {
namespace {

class HepEnergy final : public Rule {
 public:
  HepEnergy(double beta, int points) : beta_(beta), points_(points) {}

  /// dv^2 / 2 about the free state, whose own square the weights cancel: driven nodes do not move.
  void add_gradient(Stage& stage, Vector<double>& gradient) const override {
    each_point(beta_, points_, [&](Complex beta, double share) {
      const Block<Complex> x = stage.nudged(beta), moved = x - stage.rest().cast<Complex>();
      stage.add_gradient(Block<Complex>(x - 0.5 * moved), Vector<Complex>(share / beta * moved.col(0)), gradient);
    });
  }

  std::string fault(const Stage& stage) const override {
    const std::string fault = no_energy_form(stage.weights());
    return fault.empty() ? fault : "with form=energy " + fault + "; use form=vector";
  }

 private:
  double beta_;
  int points_;
};

class HepKind final : public RuleKind {
 public:
  std::string help() const override { return "holomorphic equilibrium propagation: rest states with beta at N points of a circle in the complex plane"; }
  std::vector<CardParameter> parameters() const override {
    return {{"beta=", "that of the cost", "", "radius of the circle; the error is of order beta^N inside the radius of convergence (.betamap)"},
            {"points=", "", "6", "N, at least 2"},
            {"form=", "", "vector", "vector: response times mean; energy: complex squares of voltages across two-terminal conductances"},
            read_noise_parameter()};
  }
  std::unique_ptr<Rule> make(CardOptions& options) const override {
    const double beta = options.needed("beta");
    const int points = static_cast<int>(options.number("points", 6, {2, 1024, true}));
    const bool energy = options.word("form", {"vector", "energy"}, 0) == 1;
    const double noise = options.number("read_noise", 0.0, {0.0, INFINITY});
    if (!(beta > 0.0)) return options.refuse("beta", "beta= is the radius of a circle, above 0"), nullptr;
    if (energy && noise > 0.0) return options.refuse("read_noise", "read_noise= is that of form=vector"), nullptr;
    if (energy) return std::make_unique<HepEnergy>(beta, points);
    return std::make_unique<ResponseRule>(Nudge{.beta = beta, .points = points, .read_noise = noise});
  }
  bool complex(CardOptions&) const override { return true; }
};

const Registered<RuleKind, HepKind> registered("hep");

}  // namespace
}  // namespace settle
