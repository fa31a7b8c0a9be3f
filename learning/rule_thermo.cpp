// rule=thermo: thermodynamic equilibrium propagation (Litman, Equilibrium Propagation Without Limits): noise makes the circuit visit states with probability
// exp(-(P + beta C)/T), P its co-content, T = T_e in W; with the free energy A(beta) = -T log Z, at any beta,
//   contrast  d(A(beta) - A(0))/dG / beta = (<dv^2>_beta - <dv^2>_0) / 2 beta
//   path      the same as -(1/T beta) int_0^beta Cov_b[C, dv^2/2] db, by Gauss and Legendre's points
#include <cmath>

#include "learning/co_content.hpp"
#include "learning/gibbs_phase.hpp"
#include "learning/rule.hpp"
#include "sim/blocking.hpp"

namespace settle {
namespace {

struct ThermoSettings {
  GibbsSettings gibbs;
  double beta = 0.0;
  Index path = 0;  // points; 0: the contrast
  bool common = false, from_zero = false;
};

/// Points and weights on [0, 1]: eigenvalues of Legendre's recurrence, and squares of the eigenvectors' first entries.
struct GaussLegendre {
  Eigen::VectorXd point, weight;
  explicit GaussLegendre(Index n) {
    Eigen::VectorXd beside(std::max<Index>(n - 1, 0));
    for (Index k = 0; k < beside.size(); ++k) beside[k] = static_cast<double>(k + 1) / std::sqrt(4.0 * static_cast<double>((k + 1) * (k + 1)) - 1.0);
    Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver;
    solver.computeFromTridiagonal(Eigen::VectorXd::Zero(n), beside);
    point = 0.5 * (1.0 + solver.eigenvalues().array());
    weight = solver.eigenvectors().row(0).transpose().array().square();
  }
};

/// Adds the mean over pieces of a walk, and its variance from their scatter.
void add(const Eigen::MatrixXd& pieces, const Estimate& sum) {
  const Vector<double> mean = pieces.rowwise().mean();
  sum.gradient += mean;
  if (!sum.variance) return;
  for (Index w = 0; w < pieces.rows(); ++w) {
    Blocking blocking(mean[w]);
    for (Index k = 0; k < pieces.cols(); ++k) blocking.add(pieces(w, k));
    (*sum.variance)[w] += std::pow(blocking.error_of_mean(), 2);
  }
}

class Thermo final : public Rule {
 public:
  explicit Thermo(const ThermoSettings& settings) : settings_(settings) {}

  void add_gradient(Stage& stage, Vector<double>& gradient) const override { add_estimate(stage, {gradient}); }
  void add_estimate(Stage& stage, const Estimate& sum) const override {
    require_co_content(stage, stage.rest());
    const GibbsPhases phases(stage, settings_.gibbs, settings_.beta, sum.variance != nullptr);
    const Block<double> x = settings_.path > 0 ? along_path(stage, phases, sum) : contrast(stage, phases, sum);
    require_co_content(stage, x);  // a circuit may be reciprocal at rest alone
  }

  std::string fault(const Stage& stage) const override { return no_energy_form(stage.weights()); }

 private:
  Block<double> beginning(const Stage& stage) const {
    if (!settings_.from_zero) return stage.rest();
    return Block<double>::Zero(stage.rest().rows(), 1);
  }

  /// With common noise both phases are one experiment done twice; otherwise the nudge begins where the free phase ended.
  Block<double> contrast(const Stage& stage, const GibbsPhases& phases, const Estimate& sum) const {
    Block<double> x = beginning(stage);
    const PhaseMeans free = phases.run(0.0, "free", sum.drawing, false, x);
    if (settings_.common) x = beginning(stage);
    const PhaseMeans nudged = phases.run(settings_.beta, settings_.common ? "free" : "nudged", sum.drawing, false, x);
    add((nudged.energy - free.energy) / settings_.beta, sum);
    return x;
  }

  Block<double> along_path(const Stage& stage, const GibbsPhases& phases, const Estimate& sum) const {
    const GaussLegendre points(settings_.path);
    Block<double> x = beginning(stage);
    for (Index k = 0; k < settings_.path; ++k) {
      const PhaseMeans at = phases.run(points.point[k] * settings_.beta, "path " + std::to_string(k), sum.drawing, true, x);
      const double cost = at.cost.mean();
      const Eigen::VectorXd energy = at.energy.rowwise().mean();
      // (C - <C>)(E - <E>), piece by piece.
      const Eigen::MatrixXd covariance = at.product - cost * at.energy - energy * (at.cost.array() - cost).matrix();
      add(-points.weight[k] / settings_.gibbs.temperature * covariance, sum);
    }
    return x;
  }

  ThermoSettings settings_;
};

class ThermoKind final : public RuleKind {
 public:
  std::string help() const override { return "thermodynamic equilibrium propagation: mean squares of noisy voltages with and without the nudge; the gradient of a free energy at any beta"; }
  std::vector<CardParameter> parameters() const override {
    return {{"beta=", "that of the cost", "", "strength of the nudge"},
            {"temperature=", "W", "", "T_e: current noise of one-sided density 4 T_e C into every node, C its capacitance; with noise=thermal the devices' temperature in K"},
            {"samples=", "", "1000", "steps that count, of every phase"},
            {"burn=", "", "10", "slowest time constants before them, in every phase"},
            {"dt=", "s", "a fifth of the fastest time constant", "step; explicit up to the fastest time constant, implicit beyond and where nodes have no capacitance"},
            {"path=", "", "0", "points of the path integral over beta (covariances of cost and squared voltages); 0: the contrast of two phases"},
            {"noise=", "", "injected", "injected: in proportion to capacitances, samples exp(-P/T_e); thermal: 4 k T g of the devices, samples something else (docs/rule-thermo.md)"},
            {"common=", "", "off", "on: the same noise in both phases, from the same start; a simulator's way to less scatter"},
            {"start=", "", "rest", "of the first phase: rest, or zero volts everywhere"},
            {"guard=", "", "on", "off: allows burn= below 10"}};
  }
  std::unique_ptr<Rule> make(CardOptions& options) const override {
    ThermoSettings settings;
    settings.beta = options.needed("beta");
    settings.gibbs.temperature = options.needed("temperature");
    settings.gibbs.samples = static_cast<long>(options.number("samples", 1000, {2, 1e9, true}));
    settings.gibbs.burn = options.number("burn", 10.0, {0.0, 1e6});
    settings.gibbs.step = options.number("dt", 0.0, {0.0, INFINITY, false, true});
    settings.path = static_cast<Index>(options.number("path", 0, {0, 64, true}));
    settings.gibbs.thermal = options.word("noise", {"injected", "thermal"}, 0) == 1;
    settings.common = options.word("common", {"off", "on"}, 0) == 1;
    settings.from_zero = options.word("start", {"rest", "zero"}, 0) == 1;
    const bool guard = options.word("guard", {"on", "off"}, 0) == 0;
    return sensible(options, settings, guard) ? std::make_unique<Thermo>(settings) : nullptr;
  }

 private:
  static bool sensible(CardOptions& options, const ThermoSettings& settings, bool guard) {
    const auto refuse = [&](const char* name, const std::string& text) { return options.refuse(name, text), false; };
    constexpr double least_burn = 10.0;
    if (!(settings.gibbs.temperature > 0.0))
      return options.given("temperature") ? refuse("temperature", "temperature= is T_e in W, above 0: at 0 nothing fluctuates; for rest states without noise take rule=ep") : false;
    if (settings.beta == 0.0) return options.given("beta") ? refuse("beta", "beta=0 nudges nothing") : false;
    if (guard && settings.gibbs.burn < least_burn)
      return refuse("burn", "burn=" + options.text("burn") + " leaves the free phase unsettled, and what is left of its relaxation, divided by beta, swamps the gradient (it may even turn it round); "
                            "take at least 10 time constants, or guard=off to see it");
    if (settings.path > 0 && settings.gibbs.thermal) return refuse("path", "path= divides by the temperature T_e of a Gibbs distribution, and thermal noise samples none; leave out path= or take noise=injected");
    if (settings.path > 0 && settings.common) return refuse("common", "common= is for the two phases of a contrast; path= has none, leave one of them out");
    return true;
  }
};

const Registered<RuleKind, ThermoKind> registered("thermo");

}  // namespace
}  // namespace settle
