// rule=aep: asymmetric equilibrium propagation (Scurria et al., non-conservative equilibrium propagation): during the nudged phase the circuit also feels
// -2 A (r - r0), A the antisymmetric part of its Jacobian at rest, so that it responds with J^-T: an exact error signal of a circuit that is not
// reciprocal. Where arrays alone make J this is the transposed array for what changes, I = W r0 + W^T (r - r0).
#include <fmt/format.h>

#include "learning/asymmetry.hpp"
#include "learning/nudging.hpp"
#include "learning/rule.hpp"
#include "sim/symmetrized.hpp"

namespace settle {
namespace {

struct AepSettings {
  double beta = 0.0, kappa = 2.0, error = 0.0;
  int sides = 2, points = 0;  // points: of the circle; 0: on the real axis
};

/// Equilibria of the circuit with its asymmetry taken back: of the whole circuit, or of its small matrices where it has them.
template <Scalar S>
class Corrected {
 public:
  Corrected(const Stage& stage, const SparseMatrix& K) : stage_(stage), K_(K) {
    if (stage.reduced()) small_ = stage.reduced()->correction(K);
  }

  Block<S> at(S beta) {
    Block<S> x;
    if (small_ && stage_.reduced()->nudged(stage_.rest(), stage_.terms(), stage_.given(), beta, x, &*small_)) return x;
    if (!whole_) whole_ = std::make_unique<Whole>(stage_, K_);
    x = whole_->branch.start();
    if (!whole_->branch.follow(x, S(0.0), beta))
      throw Error(Fault::simulation, fmt::format("asymmetric equilibrium propagation finds no rest state at |beta| = {:.4g} of {}; take a smaller beta", std::abs(beta), stage_.named()));
    return x;
  }

 private:
  struct Whole {
    NudgedCircuit<S> circuit;
    Symmetrized<S> system;
    RestBranch<S> branch;
    Whole(const Stage& stage, const SparseMatrix& K)
        : circuit(stage.job().circuit, {.frozen = true}), system(circuit.free(), K, stage.rest().cast<S>()), branch(system, stage.terms(), stage.rest(), &stage.given()) {}
  };

  const Stage& stage_;
  const SparseMatrix& K_;
  std::optional<Reduced::Correction> small_;
  std::unique_ptr<Whole> whole_;
};

class Aep final : public ErrorRule {
 public:
  explicit Aep(AepSettings settings) : settings_(settings) {}

  Measured measure(Stage& stage) const override {
    const SparseMatrix K = asymmetry_of(stage, {0.5 * settings_.kappa, settings_.error});
    if (settings_.points > 0) {
      Corrected<Complex> corrected(stage, K);
      return read(stage, nudged_around([&](Complex beta) { return corrected.at(beta); }, settings_.beta, settings_.points));
    }
    Corrected<double> corrected(stage, K);
    return read(stage, nudged_once([&](double beta) { return corrected.at(beta); }, stage.rest(), settings_.beta, settings_.sides == 2));
  }

 private:
  static Measured read(const Stage& stage, const Nudging& nudging) { return {stage.read_at_activities(nudging.response), nudging.mean}; }

  AepSettings settings_;
};

class AepKind final : public RuleKind {
 public:
  std::string help() const override { return "asymmetric equilibrium propagation: nudged with -kappa A (r - r0) added, A measured at rest, so that a circuit that is not reciprocal answers with its error signal"; }
  std::vector<CardParameter> parameters() const override {
    return {{"beta=", "that of the cost", "", "strength of the nudge, or radius of the circle"},
            {"sides=", "", "2", "1 or 2, of a real nudge"},
            {"points=", "", "0", "points of a circle in the complex plane instead; the error is then of order beta^N"},
            {"kappa=", "", "2", "how much of A is taken back: 0 none (plain EP), 2 all"},
            {"error=", "", "0", "how well A is known: standard deviation of every entry, relative"}};
  }
  std::unique_ptr<Rule> make(CardOptions& options) const override {
    AepSettings settings;
    settings.beta = options.needed("beta");
    settings.sides = static_cast<int>(options.number("sides", 2, {1, 2, true}));
    settings.points = static_cast<int>(options.number("points", 0, {0, 1024, true}));
    settings.kappa = options.number("kappa", 2.0, {0.0, 2.0});
    settings.error = options.number("error", 0.0, {0.0, 10.0});
    if (settings.beta == 0.0) return options.refuse("beta", "beta=0 nudges nothing"), nullptr;
    if (settings.points == 1) return options.refuse("points", "a circle has at least 2 points; for one use sides=1"), nullptr;
    if (settings.points > 0 && options.given("sides")) return options.refuse("sides", "sides= belongs to a real nudge, points= to a circle; give one of them"), nullptr;
    return std::make_unique<Aep>(settings);
  }
  bool complex(CardOptions& options) const override { return options.given("points"); }
};

const Registered<RuleKind, AepKind> registered("aep");

}  // namespace
}  // namespace settle
