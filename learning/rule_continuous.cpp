// rule=chep: continuous-time holomorphic equilibrium propagation (Laborieux et al., arXiv:2309.02214): no phases. The teaching signal turns, the circuit
// follows by its own dynamics, lock-in averages run over whole periods: lambda is the first harmonic in phase over |beta|, the presynaptic state the mean.
//   rotating          beta exp(i w t): exact but for (w tau)^2
//   cosine            beta cos(w t), real voltages: twice the first harmonic, error of order beta^2 besides
//   cosine-corrected  a1 - 3 a3 + 5 a5 of the harmonics, and a0 - a2 + a4
#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "learning/rule.hpp"
#include "sim/newton.hpp"
#include "sim/uniform.hpp"

namespace settle {
namespace {

struct ContinuousSettings {
  double beta = 0.0, period = 0.0;  // period in s
  long periods = 1, discard = 1, steps = 64;
  enum class Mode { rotating, cosine, corrected } mode = Mode::rotating;
};

/// Harmonics 0 .. 5 of the state over whole periods.
class Harmonics {
 public:
  static constexpr int highest = 5;
  explicit Harmonics(Index size) : sum_(static_cast<std::size_t>(highest + 1), Vector<Complex>::Zero(size)), backward_(Vector<Complex>::Zero(size)) {}
  template <Scalar S>
  void add(const Block<S>& x, double angle, double share) {
    for (int h = 0; h <= highest; ++h) sum_[static_cast<std::size_t>(h)] += share * std::polar(1.0, -h * angle) * x.col(0).template cast<Complex>();
    backward_ += share * std::polar(1.0, angle) * x.col(0).template cast<Complex>();
  }
  /// What turns against the nudge, as a share of what turns with it: on the branch of the rest state nothing does.
  double backward() const { return backward_.norm() / std::max(sum_[1].norm(), 1e-300); }
  const Vector<Complex>& operator[](int h) const { return sum_[static_cast<std::size_t>(h)]; }

 private:
  std::vector<Vector<Complex>> sum_;
  Vector<Complex> backward_;
};

class Continuous final : public ErrorRule {
 public:
  using Mode = ContinuousSettings::Mode;
  explicit Continuous(ContinuousSettings settings) : settings_(settings) {}

  Measured measure(Stage& stage) const override { return settings_.mode == Mode::rotating ? turn<Complex>(stage) : turn<double>(stage); }

 private:
  template <Scalar S>
  Measured turn(Stage& stage) const {
    const Signal signal{.shape = settings_.mode == Mode::rotating ? Signal::Shape::rotating : Signal::Shape::cosine, .beta = settings_.beta, .period = settings_.period};
    const NudgedCircuit<S> circuit(stage.job().circuit, stage.lesson().teaching, Strength<S>(signal), {.frozen = true}, &stage.given());
    const double h = signal.period / static_cast<double>(settings_.steps);
    Block<S> x = stage.rest().cast<S>();
    restart(circuit.system(), x, 0.0, 1e-9 * h, {.reltol = 1e-10});
    UniformSteps<S> uniform(circuit.system(), "rodas5p", h);
    uniform.go(x, settings_.discard * settings_.steps, [](long, const Block<S>&) {});
    Harmonics harmonics(x.rows());
    const long total = settings_.periods * settings_.steps;
    uniform.go(x, total, [&](long k, const Block<S>& at) { harmonics.add(at, 2.0 * std::numbers::pi * static_cast<double>(k % settings_.steps) / static_cast<double>(settings_.steps), 1.0 / static_cast<double>(total)); });
    if (!x.allFinite()) throw Error(Fault::simulation, "the voltages of " + stage.named() + " run away under the turning nudge; take a smaller beta or a longer period");
    guard(stage, x);
    if (std::same_as<S, Complex>) guard(stage, harmonics);
    return read(stage, harmonics);
  }

  /// After whole periods the state is where it would be at any other time of the same phase: near its rest.
  template <Scalar S>
  void guard(const Stage& stage, const Block<S>& x) const {
    const Block<S> rest = stage.rest().cast<S>();
    const Vector<double> q = stage.solve(stage.push());
    const double moved = (x - rest).norm(), expected = settings_.beta * q.norm();
    constexpr double too_far = 3.0;
    if (moved > too_far * expected && moved > 1e-9 * rest.norm())
      throw Error(Fault::simulation, "under the turning nudge the state of " + stage.named() + " has left its branch: it is " + std::to_string(moved / expected) +
                                         " times as far from rest as a small nudge would move it. Take a smaller beta (.betamap shows the radius of convergence)");
  }

  /// A turning nudge makes positive frequencies only, as long as rest states are an analytic function of it.
  static void guard(const Stage& stage, const Harmonics& harmonics) {
    constexpr double too_much = 0.05;
    if (harmonics.backward() > too_much)
      throw Error(Fault::simulation, fmt::format("under the turning nudge the voltages of {} turn backwards, too, by {:.3g} of what turns with it: beta= is beyond the radius of convergence (.betamap shows it), or the start-up is not over. "
                                                 "Take a smaller beta, a longer period or more discard= periods", stage.named(), harmonics.backward()));
  }

  Measured read(const Stage& stage, const Harmonics& y) const {
    Vector<double> response, mean;
    switch (settings_.mode) {
      case Mode::rotating: response = y[1].real(), mean = y[0].real(); break;
      case Mode::cosine: response = 2.0 * y[1].real(), mean = y[0].real(); break;
      case Mode::corrected:
        response = (2.0 * (y[1] - 3.0 * y[3] + 5.0 * y[5])).real();
        mean = (y[0] - 2.0 * y[2] + 2.0 * y[4]).real();
        break;
    }
    return {stage.read_at_activities(Vector<double>(response / settings_.beta)), Block<double>(mean)};
  }

  ContinuousSettings settings_;
};

class ContinuousKind final : public RuleKind {
 public:
  std::string help() const override { return "continuous-time holomorphic equilibrium propagation: the nudge turns without phases, lock-in averages over its periods are the error signal"; }
  std::vector<CardParameter> parameters() const override {
    return {{"beta=", "that of the cost", "", "radius of the circle, or amplitude"},
            {"period=", "s", "", "of a turn; the error falls with its square (.frequency shows it)"},
            {"periods=", "", "1", "averaged"},
            {"discard=", "", "1", "periods of start-up; let them cover 8 of the slowest time constants"},
            {"steps=", "", "64", "per period"},
            {"mode=", "", "rotating", "rotating (complex voltages), cosine (one rail), cosine-corrected (by the odd harmonics)"}};
  }
  std::unique_ptr<Rule> make(CardOptions& options) const override {
    ContinuousSettings settings;
    settings.beta = options.needed("beta");
    settings.period = options.needed("period");
    settings.periods = static_cast<long>(options.number("periods", 1, {1, 1e9, true}));
    settings.discard = static_cast<long>(options.number("discard", 1, {0, 1e9, true}));
    settings.steps = static_cast<long>(options.number("steps", 64, {16, 1e6, true}));
    settings.mode = static_cast<ContinuousSettings::Mode>(options.word("mode", {"rotating", "cosine", "cosine-corrected"}, 0));
    if (!(settings.beta > 0.0)) return options.refuse("beta", "beta= is a radius, above 0"), nullptr;
    if (!(settings.period > 0.0)) return options.refuse("period", "period= must be above 0 s"), nullptr;
    return std::make_unique<Continuous>(settings);
  }
  bool complex(CardOptions& options) const override { return options.text("mode").empty() || options.text("mode") == "rotating"; }
};

const Registered<RuleKind, ContinuousKind> registered("chep");

}  // namespace
}  // namespace settle
