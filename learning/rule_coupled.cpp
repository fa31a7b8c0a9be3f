// rule=coupled: coupled learning (Stern et al., 10.1103/PhysRevX.11.021045): outputs are clamped to v + eta (target - v) by a source, and every conductance
// moves by (dv_free^2 - dv_clamped^2) / 2 eta. It descends a cost of its own, near the gradient times the outputs' conductance to their surroundings
// for small eta: of one output of a linear network exactly g_eff dC/dG.
#include "circuits/held.hpp"
#include "learning/rest_point.hpp"
#include "learning/rule.hpp"

namespace settle {
namespace {

class Coupled final : public ErrorRule {
 public:
  explicit Coupled(double eta) : eta_(eta) {}

  Measured measure(Stage& stage) const override {
    Block<double> clamped = stage.rest();
    for (double done = 0.0, step = 1.0; done < 1.0;) {
      Holds holds(clamped.rows());
      hold(stage, std::min(1.0, done + step), holds);
      Block<double> x = clamped;
      const Held<double> held(stage.system(), holds);
      holds.each([&](Index k, double value) { x(k, 0) = value; });
      if (settled(held, x)) clamped = x, done = std::min(1.0, done + step);
      else if ((step *= 0.5) < 1e-4) throw Error(Fault::simulation, "coupled learning finds no rest state of " + stage.named() + " with its outputs clamped; take a smaller eta");
    }
    const Vector<double> moved = (clamped - stage.rest()).col(0) / eta_;
    return {moved, 0.5 * (clamped + stage.rest())};
  }

  std::string fault(const Stage& stage) const override { return no_energy_form(stage.weights()); }

 private:
  /// dC/dr is output minus target, for the squared cost.
  void hold(const Stage& stage, double share, Holds& holds) const {
    for (const NudgeTerm& term : stage.terms()) {
      const double here = stage.rest()(term.row, 0);
      holds.hold(term.row, here - share * eta_ * value_of(term, stage.rest(), stage.given(), 0));
    }
  }

  static bool settled(const LimitedSystem<double>& system, Block<double>& x) {
    try {
      polish(system, x);
    } catch (const SingularMatrix&) {
      return false;
    }
    Block<double> f;
    system.rate(x, 0.0, f);
    return std::isfinite(f.norm()) && f.norm() <= 1e-9 * std::max(1e-300, x.norm());
  }

  double eta_;
};

class CoupledKind final : public RuleKind {
 public:
  std::string help() const override { return "coupled learning: outputs clamped a little towards their targets; squared voltages of the free and the clamped circuit compared"; }
  std::vector<CardParameter> parameters() const override { return {{"eta=", "", "0.1", "share of the way to the target"}}; }
  std::unique_ptr<Rule> make(CardOptions& options) const override { return std::make_unique<Coupled>(options.number("eta", 0.1, {0.0, 1.0, false, true})); }
};

const Registered<RuleKind, CoupledKind> registered("coupled");

}  // namespace
}  // namespace settle
