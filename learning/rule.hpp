// Rule: a plug-in that turns what a circuit does under a nudge into a gradient of its devices. Deterministic rules are ways to obtain the
// error signal lambda; the gradient is then always -lambda^T df/dw.
#pragma once

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>

#include "circuits/card_options.hpp"
#include "learning/stage.hpp"

namespace settle {

/// What a rule that draws at random adds to.
struct Estimate {
  Vector<double>& gradient;
  Vector<double>* variance = nullptr;  // squares of standard errors; null: nobody asks
  std::uint64_t drawing = 0;           // another one for every sample and update: other random numbers
  double clip = INFINITY;              // longest error signal of a sample, of rules that measure one
};

class Rule {
 public:
  virtual ~Rule() = default;
  /// Adds dC/dw of the sample on stage, as this rule measures it.
  virtual void add_gradient(Stage& stage, Vector<double>& gradient) const = 0;
  /// The same with its statistical error; a rule that draws nothing has none.
  virtual void add_estimate(Stage& stage, const Estimate& sum) const { add_gradient(stage, sum.gradient); }
  /// True if a sample's gradient depends on the one before, so that samples cannot be shared between threads.
  virtual bool in_sequence() const { return false; }
  /// Why the rule cannot work on this circuit, by device name; "" if it can. Nothing has been solved yet.
  virtual std::string fault(const Stage&) const { return {}; }
};

/// A rule that measures lambda, and the presynaptic state it is paired with.
class ErrorRule : public Rule {
 public:
  using Measured = ErrorSignal;
  virtual Measured measure(Stage& stage) const = 0;
  void add_gradient(Stage& stage, Vector<double>& gradient) const final { add_estimate(stage, {gradient}); }
  void add_estimate(Stage& stage, const Estimate& sum) const override { add(stage, measure(stage), sum); }

 protected:
  static void add(const Stage& stage, Measured measured, const Estimate& sum) {
    clip(measured, sum.clip);
    stage.add_gradients(measured.x, measured.lambda, sum.gradient);
  }
};

/// A rule that asks for no more than any scene can tell, so that many samples answer it at once. `drawing` is for random numbers, another one for every
/// round of samples.
class SceneRule : public ErrorRule {
 public:
  virtual Measured measure_on(Scene& scene, std::uint64_t drawing) const = 0;
  Measured measure(Stage& stage) const final { return measure_on(stage, 0); }
  void add_estimate(Stage& stage, const Estimate& sum) const final { add(stage, measure_on(stage, sum.drawing - static_cast<std::uint64_t>(stage.sample())), sum); }
};

/// A rule that is a way to nudge, and takes the circuit's response for its error signal.
class ResponseRule final : public SceneRule {
 public:
  explicit ResponseRule(const Nudge& nudge) : nudge_(nudge) {}
  Measured measure_on(Scene& scene, std::uint64_t drawing) const override {
    Nudge nudge = nudge_;
    nudge.drawing = drawing;
    return scene.response(nudge);
  }

 private:
  Nudge nudge_;
};

/// What read_noise= means, for rules that read states.
CardParameter read_noise_parameter();

/// Why squared voltages across devices are no gradient, by device name: one is not linear or has more than two terminals. "" if they are.
std::string no_energy_form(const Weights& weights);

/// Lives in Registry<RuleKind> under the name of `.learn rule=`.
class RuleKind {
 public:
  virtual ~RuleKind() = default;
  virtual std::string help() const = 0;
  virtual std::vector<CardParameter> parameters() const = 0;
  /// Reads its options of the card; the cost's unit of beta is for messages. nullptr after an error was reported.
  virtual std::unique_ptr<Rule> make(CardOptions& options) const = 0;
  /// True if voltages leave the real axis, so that every device must be complex-differentiable.
  virtual bool complex(CardOptions& /*options*/) const { return false; }
};

}  // namespace settle
