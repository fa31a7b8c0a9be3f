// rule=aep: asymmetric equilibrium propagation (Scurria et al., non-conservative equilibrium propagation): during the nudged phase the circuit also feels
// -2 A (r - r0), A the antisymmetric part of its Jacobian at rest, so that it responds with J^-T: an exact error signal of a circuit that is not
// reciprocal. Where arrays alone make J this is the transposed array for what changes, I = W r0 + W^T (r - r0).
#include "learning/rule.hpp"

namespace settle {
namespace {

class AepKind final : public RuleKind {
 public:
  std::string help() const override { return "asymmetric equilibrium propagation: nudged with -kappa A (r - r0) added, A measured at rest, so that a circuit that is not reciprocal answers with its error signal"; }
  std::vector<CardParameter> parameters() const override {
    return {{"beta=", "that of the cost", "", "strength of the nudge, or radius of the circle"},
            {"sides=", "", "2", "1 or 2, of a real nudge"},
            {"points=", "", "0", "points of a circle in the complex plane instead; the error is then of order beta^N"},
            {"kappa=", "", "2", "how much of A is taken back: 0 none (plain EP), 2 all"},
            {"error=", "", "0", "how well A is known: standard deviation of every entry, relative"},
            read_noise_parameter()};
  }
  std::unique_ptr<Rule> make(CardOptions& options) const override {
    Nudge nudge{.beta = options.needed("beta")};
    nudge.centred = options.number("sides", 2, {1, 2, true}) == 2;
    nudge.points = static_cast<int>(options.number("points", 0, {0, 1024, true}));
    nudge.correction = {.factor = 0.5 * options.number("kappa", 2.0, {0.0, 2.0}), .error = options.number("error", 0.0, {0.0, 10.0})};
    nudge.read_noise = options.number("read_noise", 0.0, {0.0, INFINITY});
    if (nudge.beta == 0.0) return options.refuse("beta", "beta=0 nudges nothing"), nullptr;
    if (nudge.points == 1) return options.refuse("points", "a circle has at least 2 points; for one use sides=1"), nullptr;
    if (nudge.points > 0 && options.given("sides")) return options.refuse("sides", "sides= belongs to a real nudge, points= to a circle; give one of them"), nullptr;
    return std::make_unique<ResponseRule>(nudge);
  }
  bool complex(CardOptions& options) const override { return options.given("points"); }
};

const Registered<RuleKind, AepKind> registered("aep");

}  // namespace
}  // namespace settle
