// The ladder of Newton: plain, then gmin stepping, source stepping and pseudo-transient for the samples that need them.
#include "sim/newton.hpp"

#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "sim/newton_iteration.hpp"

namespace settle {
namespace {

constexpr int stages = 300;           // most sub-problems of one rung
constexpr double first_gmin = 1e-2;   // S
constexpr double last_gmin = 1e-13;   // S, below this the next try is without
constexpr double pseudo_capacitance = 1e-9;  // F, at every unknown with a diagonal entry
constexpr double pseudo_first = 1e-9, pseudo_last = 1e6;  // s

/// One sample on its way up the ladder.
template <Scalar S>
class Ladder {
 public:
  Ladder(NewtonIteration<S>& newton, const NewtonOptions& options, Block<S>& x, double t, Index sample)
      : newton_(newton), options_(options), x_(x), t_(t), sample_(sample), guess_(x.col(sample)) {}

  /// The name of the rung that reached the top, empty if none did.
  std::string climb() {
    if (gmin_stepping()) return "gmin stepping";
    if (source_stepping()) return "source stepping";
    if (pseudo_transient()) return "pseudo-transient";
    return {};
  }

  long iterations() const { return iterations_; }
  double last_update() const { return last_update_; }
  const std::string& tried() const { return tried_; }

 private:
  /// Tries one sub-problem; x comes back unchanged if it fails.
  bool attempt(const NewtonProblem<S>& problem) {
    const Vector<S> before = x_.col(sample_);
    const NewtonOutcome outcome = newton_.run(x_, problem, {sample_}).front();
    iterations_ += outcome.iterations;
    quick_ = outcome.iterations <= options_.iterations / 4;
    if (!outcome.converged) x_.col(sample_) = before;
    if (outcome.converged) last_update_ = outcome.last.back().ratio;
    return outcome.converged;
  }

  bool gmin_stepping() {
    x_.col(sample_) = guess_;
    double factor = 10.0, good = 0.0, gmin = first_gmin;
    for (int n = 0; n < stages; ++n) {
      if (attempt({.t = t_, .ease = {1.0, gmin}})) {
        if (gmin == 0.0) return true;
        good = gmin;
        if (quick_) factor = std::min(factor * std::sqrt(factor), 10.0);
      } else if (good == 0.0 || factor < 1.0001) {
        break;
      } else {
        factor = std::pow(factor, 0.25);
      }
      gmin = good / factor < last_gmin ? 0.0 : good / factor;
    }
    tried_ += fmt::format(", gmin stepping (stuck at {:.1e} S)", gmin);
    return false;
  }

  bool source_stepping() {
    x_.col(sample_).setZero();
    double good = 0.0, raise = 0.1;
    if (!attempt({.t = t_, .ease = {0.0, 0.0}})) {
      tried_ += ", source stepping (stuck at 0 %)";
      return false;
    }
    for (int n = 0; n < stages && raise > 1e-7; ++n) {
      const double sources = std::min(good + raise, 1.0);
      if (attempt({.t = t_, .ease = {sources, 0.0}})) {
        if (sources == 1.0) return true;
        good = sources;
        if (quick_) raise *= 2.0;
      } else {
        raise *= 0.25;
      }
    }
    tried_ += fmt::format(", source stepping (stuck at {:.3g} %)", 100.0 * good);
    return false;
  }

  bool pseudo_transient() {
    x_.col(sample_) = guess_;
    double h = pseudo_first;
    for (int n = 0; n < stages && h > 1e-6 * pseudo_first; ++n) {
      const Block<S> before = x_;
      if (attempt({.t = t_, .c = 1.0 / h, .pull = pseudo_capacitance / h, .x0 = &before})) {
        h *= quick_ ? 10.0 : 2.0;
        if (h > pseudo_last && attempt({.t = t_})) return true;
        h = std::min(h, pseudo_last);
      } else {
        h *= 0.125;
      }
    }
    tried_ += fmt::format(", pseudo-transient (stuck at steps of {:.1e} s)", h);
    return false;
  }

  NewtonIteration<S>& newton_;
  const NewtonOptions& options_;
  Block<S>& x_;
  double t_;
  Index sample_;
  Vector<S> guess_;
  long iterations_ = 0;
  double last_update_ = 0.0;
  bool quick_ = false;
  std::string tried_;
};

template <Scalar S>
std::string where(const System<S>& system, Index unknown, Index sample) {
  return system.samples() == 1 ? system.name(unknown) : fmt::format("{} (sample {})", system.name(unknown), sample);
}

template <Scalar S>
[[noreturn]] void fail(const System<S>& system, const std::string& what, Index sample, const NewtonOutcome& outcome,
                       const std::string& tried, const std::string& advice) {
  const Index unknown = outcome.last.empty() ? 0 : outcome.last.back().unknown;
  std::string text = fmt::format("no {} in {} Newton steps: ", what, outcome.iterations);
  if (outcome.broken.empty())
    text += fmt::format("{:.2g} left at {}", outcome.residual, where(system, unknown, sample));
  else
    text += outcome.broken + (system.samples() == 1 ? "" : fmt::format(" (sample {})", sample));
  for (const NewtonOutcome::Update& step : outcome.last)
    if (std::isfinite(step.size))
      text += fmt::format("\n  {} moved by {:.2g}, {:.2g} times its tolerance", system.name(step.unknown), step.size, step.ratio);
  text += "\n  tried: plain Newton" + tried + "\n  try: " + advice;
  throw NoEquilibrium(unknown, sample, text);
}

std::vector<Index> all_samples(Index count) {
  std::vector<Index> samples(static_cast<std::size_t>(count));
  for (Index k = 0; k < count; ++k) samples[static_cast<std::size_t>(k)] = k;
  return samples;
}

void note(NewtonReport& report, const NewtonOutcome& outcome) {
  report.iterations += outcome.iterations;
  if (outcome.converged) report.last_update = std::max(report.last_update, outcome.last.back().ratio);
}

}  // namespace

template <Scalar S>
NewtonReport equilibrium(const LimitedSystem<S>& system, Block<S>& x, double t, const NewtonOptions& options) {
  if (system.size() == 0) return {};  // every node is driven
  NewtonIteration<S> newton(system, options);
  NewtonReport report;
  const Block<S> guess = x;
  const std::vector<NewtonOutcome> outcomes = newton.run(x, {.t = t}, all_samples(system.samples()));
  for (Index k = 0; k < system.samples(); ++k) {
    const NewtonOutcome& outcome = outcomes[static_cast<std::size_t>(k)];
    note(report, outcome);
    if (outcome.converged) continue;
    x.col(k) = guess.col(k);
    Ladder<S> ladder(newton, options, x, t, k);
    const std::string rung = options.ladder ? ladder.climb() : "";
    report.iterations += ladder.iterations();
    report.last_update = std::max(report.last_update, ladder.last_update());
    if (rung.empty()) {
      x = guess;
      fail(system, "equilibrium", k, outcome, ladder.tried(),
           "a better guess of the state, more Newton steps, or devices with less extreme parameters near the unknowns above");
    }
    report.strategy = rung;
  }
  report.factorizations = newton.factorizations();
  return report;
}

template <Scalar S>
NewtonReport restart(const System<S>& system, Block<S>& x, double t, double h, const NewtonOptions& options) {
  if (system.size() == 0) return {};
  NewtonIteration<S> newton(system, options);
  NewtonReport report;
  const Block<S> before = x;
  const std::vector<NewtonOutcome> outcomes = newton.run(x, {.t = t, .c = 1.0 / h, .x0 = &before}, all_samples(system.samples()));
  for (Index k = 0; k < system.samples(); ++k) {
    const NewtonOutcome& outcome = outcomes[static_cast<std::size_t>(k)];
    note(report, outcome);
    if (outcome.converged) continue;
    x = before;
    fail(system, fmt::format("consistent state at t = {:.6g} s", t), k, outcome, "",
         "initial values that obey the circuit's algebraic equations, or a small capacitance at the unknowns above");
  }
  report.factorizations = newton.factorizations();
  return report;
}

template NewtonReport equilibrium(const LimitedSystem<double>&, Block<double>&, double, const NewtonOptions&);
template NewtonReport equilibrium(const LimitedSystem<Complex>&, Block<Complex>&, double, const NewtonOptions&);
template NewtonReport restart(const System<double>&, Block<double>&, double, double, const NewtonOptions&);
template NewtonReport restart(const System<Complex>&, Block<Complex>&, double, double, const NewtonOptions&);

}  // namespace settle
