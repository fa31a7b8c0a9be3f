// rule=ep: equilibrium propagation (Scellier and Bengio, 10.3389/fncom.2017.00024): lambda ~ (r_beta - r_0) / beta, or centred
// (r_beta - r_-beta) / 2 beta (Laborieux et al., 10.3389/fnins.2021.633674).
//   vector form  dC/dw = -lambda^T df/dw at rest
//   energy form  dC/dG = (dv_beta^2 - dv_0^2) / 2 beta of a two-terminal conductance: the same pairing at the mean of both states
#include "learning/nudging.hpp"
#include "learning/rule.hpp"

namespace settle {
namespace {

/// A difference of squares is the difference times twice the mean of both states.
class EpEnergy final : public ErrorRule {
 public:
  EpEnergy(double beta, bool centred) : beta_(beta), centred_(centred) {}

  Measured measure(Stage& stage) const override {
    Block<double> there;
    const Nudging nudging = nudged_once([&](double beta) { return beta == beta_ ? there = stage.nudged(beta) : stage.nudged(beta); }, stage.rest(), beta_, centred_);
    return {nudging.response, there - (centred_ ? 1.0 : 0.5) * beta_ * nudging.response};
  }

  /// Co-content is a function of the voltages across two-terminal devices.
  std::string fault(const Stage& stage) const override {
    const std::string fault = no_energy_form(stage.weights());
    return fault.empty() ? fault : "with form=energy " + fault + "; use form=vector";
  }

 private:
  double beta_;
  bool centred_;
};

class EpKind final : public RuleKind {
 public:
  std::string help() const override { return "equilibrium propagation with a real nudge: the difference of two rest states, one-sided or centred"; }
  std::vector<CardParameter> parameters() const override {
    return {{"beta=", "that of the cost", "", "strength of the nudge; negative pushes away from the target"},
            {"sides=", "", "2", "1: against the free state, error of order beta; 2: between +beta and -beta, error of order beta^2"},
            {"form=", "", "vector", "vector: -lambda^T df/dw at rest; energy: the difference of squared voltages across two-terminal conductances"},
            read_noise_parameter()};
  }
  std::unique_ptr<Rule> make(CardOptions& options) const override {
    const double beta = options.needed("beta");
    const bool centred = options.number("sides", 2, {1, 2, true}) == 2;
    const bool energy = options.word("form", {"vector", "energy"}, 0) == 1;
    const double noise = options.number("read_noise", 0.0, {0.0, INFINITY});
    if (beta == 0.0) return options.refuse("beta", "beta=0 nudges nothing"), nullptr;
    if (energy && noise > 0.0) return options.refuse("read_noise", "read_noise= is that of form=vector"), nullptr;
    if (energy) return std::make_unique<EpEnergy>(beta, centred);
    return std::make_unique<ResponseRule>(Nudge{.beta = beta, .centred = centred, .read_noise = noise});
  }
};

const Registered<RuleKind, EpKind> registered("ep");

}  // namespace
}  // namespace settle
