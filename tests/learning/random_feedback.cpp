// rule=random_feedback: errors of the outputs sent to every membrane by fixed random connections, lambda = -z (I + B) dC/dr.
#include "learning/rule.hpp"
#include "sim/random.hpp"

namespace settle {
namespace {

class RandomFeedback final : public ErrorRule {
 public:
  RandomFeedback(double impedance, double spread) : impedance_(impedance), spread_(spread) {}

  Measured measure(Stage& stage) const override {
    const Vector<double>& error = stage.push();  // dC/dr, in the rows of the outputs' membranes
    const Stream connection(stage.job().seed, "rule.random_feedback");
    Vector<double> lambda = -impedance_ * error;
    for (Index j = 0; j < error.size(); ++j)
      for (Index i = 0; error[j] != 0.0 && i < error.size(); ++i)
        lambda[i] -= impedance_ * spread_ * connection.normal_at(static_cast<std::uint64_t>(i * error.size() + j)) * error[j];
    return {lambda, stage.rest()};
  }

 private:
  double impedance_, spread_;
};

class RandomFeedbackKind final : public RuleKind {
 public:
  std::string help() const override { return "errors of the outputs sent to every membrane by fixed random connections"; }
  std::vector<CardParameter> parameters() const override {
    return {{"impedance=", "Ohm", "", "of an output's membrane, from its leak"}, {"spread=", "", "1", "standard deviation of the connections"}};
  }
  std::unique_ptr<Rule> make(CardOptions& options) const override {
    const double impedance = options.needed("impedance");
    const double spread = options.number("spread", 1.0, {0.0, 100.0});
    if (!(impedance > 0.0)) return options.refuse("impedance", "impedance= must be above 0 Ohm"), nullptr;
    return std::make_unique<RandomFeedback>(impedance, spread);
  }
};

const Registered<RuleKind, RandomFeedbackKind> registered("random_feedback");

}  // namespace
}  // namespace settle
