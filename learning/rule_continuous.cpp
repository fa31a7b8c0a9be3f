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
  bool guard = true, from_last = false;
  enum class Mode { rotating, cosine, corrected } mode = Mode::rotating;
};

/// Harmonics -1 .. 5 of the state over whole periods.
class Harmonics {
 public:
  static constexpr int lowest = -1, highest = 5;
  explicit Harmonics(Index size) : sum_(static_cast<std::size_t>(highest - lowest + 1), Vector<Complex>::Zero(size)) {}
  template <Scalar S>
  void add(const Block<S>& x, double angle, double share) {
    for (int h = lowest; h <= highest; ++h) sum_[static_cast<std::size_t>(h - lowest)] += share * std::polar(1.0, -h * angle) * x.col(0).template cast<Complex>();
  }
  const Vector<Complex>& operator[](int h) const { return sum_[static_cast<std::size_t>(h - lowest)]; }

 private:
  std::vector<Vector<Complex>> sum_;
};

class Continuous final : public ErrorRule {
 public:
  using Mode = ContinuousSettings::Mode;
  explicit Continuous(ContinuousSettings settings) : settings_(settings) {}

  bool in_sequence() const override { return settings_.from_last; }
  Measured measure(Stage& stage) const override { return settings_.mode == Mode::rotating ? turn<Complex>(stage) : turn<double>(stage); }

 private:
  template <Scalar S>
  Measured turn(Stage& stage) const {
    const Signal signal{.shape = settings_.mode == Mode::rotating ? Signal::Shape::rotating : Signal::Shape::cosine, .beta = settings_.beta, .period = settings_.period};
    const NudgedCircuit<S> circuit(stage.job().circuit, stage.lesson().teaching, Strength<S>(signal), {.frozen = true}, &stage.given());
    const double h = signal.period / static_cast<double>(settings_.steps);
    Block<S> x = start<S>(stage);
    restart(circuit.system(), x, 0.0, 1e-9 * h, {.reltol = 1e-10});
    UniformSteps<S> uniform(circuit.system(), "rodas5p", h);
    uniform.go(x, settings_.discard * settings_.steps, [](long, const Block<S>&) {});
    Harmonics harmonics(x.rows());
    const long total = settings_.periods * settings_.steps;
    const Block<S> before = x;
    double moved = 0.0;
    uniform.go(x, total, [&](long k, const Block<S>& at) {
      harmonics.add(at, 2.0 * std::numbers::pi * static_cast<double>(k % settings_.steps) / static_cast<double>(settings_.steps), 1.0 / static_cast<double>(total));
      moved = std::max(moved, static_cast<double>((at - before).norm()));
    });
    if (!x.allFinite()) throw Error(Fault::simulation, "the voltages of " + stage.named() + " run away under the turning nudge; take a smaller beta or a longer period");
    if (settings_.from_last) stage.left() = x.template cast<Complex>();
    if (settings_.guard) guard(stage, static_cast<double>((x - before).norm()), moved, harmonics);
    return read(stage, harmonics);
  }

  /// Memory states and the like stand where they do at rest; voltages where the sample before left them, as a chip's do.
  template <Scalar S>
  Block<S> start(Stage& stage) const {
    if (!settings_.from_last || stage.left().rows() != stage.rest().rows()) return stage.rest().cast<S>();
    if constexpr (std::same_as<S, double>) return stage.left().real();
    else return stage.left();
  }

  /// What is no response to a nudge inside the radius of convergence: a state that misses itself after whole periods, one that turns backwards.
  void guard(const Stage& stage, double missed, double moved, const Harmonics& y) const {
    constexpr double suspicious = 0.05;
    if (missed > suspicious * moved)
      throw Error(Fault::simulation, fmt::format("under the turning nudge {} misses itself by {:.2g} of what it moves: its start-up is not over (a larger discard= or period=), or it has left its branch (a smaller beta=; .betamap shows the "
                                                 "radius of convergence). guard=off goes on all the same", stage.named(), missed / moved));
    const double forward = y[1].norm(), backward = y[-1].norm();
    if (settings_.mode == Mode::rotating && backward > suspicious * forward)
      throw Error(Fault::simulation, fmt::format("under the turning nudge {:.2g} of {} turns backwards, so beta= lies outside the radius of convergence (.betamap), or a device is not complex-differentiable (settle check). "
                                                 "guard=off goes on all the same", backward / forward, stage.named()));
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
            {"from=", "", "rest", "rest: every sample begins at its rest state; last: where the sample before was left, as on a chip, so that discard= must cover the settling"},
            {"guard=", "", "on", "stop where the state does not come back after a turn, or turns backwards: on or off"},
            {"mode=", "", "rotating", "rotating (complex voltages), cosine (one rail), cosine-corrected (by the odd harmonics)"}};
  }
  std::unique_ptr<Rule> make(CardOptions& options) const override {
    ContinuousSettings settings;
    settings.beta = options.needed("beta");
    settings.period = options.needed("period");
    settings.periods = static_cast<long>(options.number("periods", 1, {1, 1e9, true}));
    settings.discard = static_cast<long>(options.number("discard", 1, {0, 1e9, true}));
    settings.steps = static_cast<long>(options.number("steps", 64, {16, 1e6, true}));
    settings.from_last = options.word("from", {"rest", "last"}, 0) == 1;
    settings.guard = options.word("guard", {"on", "off"}, 0) == 0;
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
