// rule=fp: frequency propagation (Anisetti et al., 10.1162/neco_a_01648): an error current -gamma sin(w t) dC/dr, fixed at its value at rest, enters every
// output; each device sees its mean a and its sine coefficient b, and dC/dw is their product over gamma: for a conductance a_k b_k / gamma.
// Here the oscillation is slow: the circuit rests at every moment of it.
#include <cmath>
#include <numbers>

#include "learning/rule.hpp"
#include "learning/taught.hpp"

namespace settle {
namespace {

class FrequencyPropagation final : public ErrorRule {
 public:
  FrequencyPropagation(double gamma, int moments) : gamma_(gamma), moments_(moments) {}

  Measured measure(Stage& stage) const override {
    std::vector<NudgeTerm> terms;
    Given currents(0, 1);
    for (Index row = 0; row < stage.push().size(); ++row) {
      if (stage.push()[row] == 0.0) continue;
      terms.push_back(term_of(given_value(currents.rows()), stage.job().circuit));
      terms.back().row = row;
      currents.conservativeResize(currents.rows() + 1, 1);
      currents(currents.rows() - 1, 0) = stage.push()[row];
    }
    RestBranch<double> branch(stage.system(), std::move(terms), stage.rest(), &currents);
    Vector<double> sine = Vector<double>::Zero(stage.rest().rows());
    Block<double> mean = Block<double>::Zero(stage.rest().rows(), 1);
    for (int k = 0; k < moments_; ++k) {
      const double s = std::sin(2.0 * std::numbers::pi * (k + 0.5) / moments_);
      Block<double> x = branch.start();
      if (!branch.follow(x, 0.0, gamma_ * s))
        throw Error(Fault::simulation, "frequency propagation finds no rest state of " + stage.named() + " under so large an error current; take a smaller gamma");
      sine += 2.0 / moments_ * s * x.col(0);
      mean += x / moments_;
    }
    return {stage.read_at_activities(Vector<double>(sine / gamma_)), mean};
  }

 private:
  double gamma_;
  int moments_;
};

class FrequencyKind final : public RuleKind {
 public:
  std::string help() const override { return "frequency propagation: a slow sine of error current; mean and sine coefficient of every device's voltage multiplied"; }
  std::vector<CardParameter> parameters() const override {
    return {{"gamma=", "that of beta", "", "amplitude of the error current per dC/dr; exact for linear circuits, error of order gamma^2 otherwise"},
            {"moments=", "", "16", "of a period at which the circuit rests"}};
  }
  std::unique_ptr<Rule> make(CardOptions& options) const override {
    const double gamma = options.needed("gamma");
    const int moments = static_cast<int>(options.number("moments", 16, {4, 4096, true}));
    if (gamma == 0.0) return options.refuse("gamma", "gamma=0 nudges nothing"), nullptr;
    return std::make_unique<FrequencyPropagation>(gamma, moments);
  }
};

const Registered<RuleKind, FrequencyKind> registered("fp");

}  // namespace
}  // namespace settle
