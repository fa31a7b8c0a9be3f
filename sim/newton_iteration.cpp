// Newton's iteration, sample by sample on one matrix.
#include "sim/newton_iteration.hpp"

#include <cmath>

#include "sim/dual.hpp"

namespace settle {
namespace {

constexpr std::size_t remembered = 5;
constexpr double least_damping = 1.0 / 64.0;

std::vector<int> diagonal_entries(const Pattern& pattern) {
  std::vector<int> entries(static_cast<std::size_t>(pattern.size), -1);
  for (int j = 0; j < pattern.size; ++j)
    for (int e = pattern.start[j]; e < pattern.start[j + 1]; ++e)
      if (pattern.row[e] == j) entries[j] = e;
  return entries;
}

}  // namespace

template <Scalar S>
NewtonIteration<S>::NewtonIteration(const System<S>& system, const NewtonOptions& options)
    : system_(system),
      limiting_(dynamic_cast<const LimitedSystem<S>*>(&system)),
      options_(options),
      linear_(system, 1),
      diagonal_(diagonal_entries(system.pattern())),
      tolerance_(system.size()),
      f_(system.size()),
      dx_(system.size()) {
  for (Index i = 0; i < system.size(); ++i) tolerance_[i] = system.tolerance(i);
}

template <Scalar S>
std::vector<NewtonOutcome> NewtonIteration<S>::run(Block<S>& x, const NewtonProblem<S>& problem, const std::vector<Index>& samples) {
  std::vector<NewtonOutcome> outcomes(samples.size());
  std::vector<Walk> walks(samples.size());
  std::size_t open = samples.size();
  for (int n = 0; n < options_.iterations && open > 0; ++n) {
    if (options_.interrupted && options_.interrupted()) throw Error(Fault::interrupted, "interrupted during Newton's iteration");
    if (!limiting_) system_.rate(x, problem.t, rate_);
    if (problem.c != 0.0) {
      moved_ = x - *problem.x0;
      linear_.mass_times(moved_, inertia_);
    }
    linear_.shift(problem.c);
    for (std::size_t k = 0; k < samples.size(); ++k) {
      if (walks[k].done) continue;
      step(x, problem, samples[k], walks[k], outcomes[k]);
      open -= walks[k].done;
    }
  }
  return outcomes;
}

template <Scalar S>
void NewtonIteration<S>::step(Block<S>& x, const NewtonProblem<S>& problem, Index sample, Walk& walk, NewtonOutcome& outcome) {
  ++outcome.iterations;
  const bool limited = evaluate(x, problem, sample, walk);
  for (Index i = 0; i < f_.size(); ++i)
    if (!finite(f_[i])) {
      outcome.broken = "the equation of " + system_.name(i) + " gives a number that is not finite";
      outcome.last.push_back({i, INFINITY, INFINITY});
      walk.done = true;
      return;
    }
  dx_ = f_;
  try {
    linear_.solve(0, dx_);
  } catch (const SingularMatrix& e) {
    outcome.broken = e.what();
    outcome.last.push_back({e.unknown(), INFINITY, INFINITY});
    walk.done = true;
    return;
  }
  damp(x, sample, limited, walk);
  x.col(sample) += walk.damping * dx_;
  const NewtonOutcome::Update update = worst(x, sample);
  if (outcome.last.size() == remembered) outcome.last.erase(outcome.last.begin());
  outcome.last.push_back(update);
  outcome.residual = std::abs(f_[update.unknown]);
  const bool close = !limited && walk.damping == 1.0 && update.ratio <= 1.0;
  outcome.converged = walk.done = close && walk.close;  // the second one polishes: Newton squares what the first left over
  walk.close = close;
}

/// f_ and J of the problem; true while a device was limited.
template <Scalar S>
bool NewtonIteration<S>::evaluate(const Block<S>& x, const NewtonProblem<S>& problem, Index sample, Walk& walk) {
  bool limited = false;
  Vector<S>& J = linear_.jacobian(0);
  if (limiting_) {
    limited = limiting_->limited(x, problem.t, sample, problem.ease, walk.memory, f_, J);
  } else {
    f_ = rate_.col(sample);
    system_.jacobian(x, problem.t, sample, J);
  }
  if (problem.g) f_ += problem.g->col(sample);
  if (problem.c != 0.0) f_ -= problem.c * inertia_.col(sample);
  if (problem.pull != 0.0) add_pull(x, problem, sample);
  return limited;
}

/// Pulls each unknown towards x0 with the sign its own equation has, so that no pivot is cancelled.
template <Scalar S>
void NewtonIteration<S>::add_pull(const Block<S>& x, const NewtonProblem<S>& problem, Index sample) {
  Vector<S>& J = linear_.jacobian(0);
  for (Index i = 0; i < f_.size(); ++i) {
    const int e = diagonal_[static_cast<std::size_t>(i)];
    if (e < 0) continue;
    const double pull = re(J[e]) > 0.0 ? -problem.pull : problem.pull;
    J[e] -= pull;
    f_[i] -= pull * (x(i, sample) - (*problem.x0)(i, sample));
  }
}

/// Halves the steps of an iteration that turns back and forth without getting anywhere; devices that limit need no help.
template <Scalar S>
void NewtonIteration<S>::damp(const Block<S>& x, Index sample, bool limited, Walk& walk) const {
  double now = 0.0, before = 0.0, along = 0.0;
  for (Index i = 0; i < dx_.size() && walk.dx.size() > 0; ++i) {
    const double s = 1.0 / scale(x, i, sample);
    now += std::norm(s * dx_[i]);
    before += std::norm(s * walk.dx[i]);
    along += re(s * dx_[i]) * re(s * walk.dx[i]);
  }
  const bool to_and_fro = !limited && along < 0.0 && now > 0.25 * before && now > 1.0;
  walk.damping = to_and_fro ? std::max(0.5 * walk.damping, least_damping) : std::min(2.0 * walk.damping, 1.0);
  walk.dx = dx_;
}

template <Scalar S>
double NewtonIteration<S>::scale(const Block<S>& x, Index unknown, Index sample) const {
  return options_.reltol * std::abs(x(unknown, sample)) + tolerance_[unknown];
}

template <Scalar S>
NewtonOutcome::Update NewtonIteration<S>::worst(const Block<S>& x, Index sample) const {
  NewtonOutcome::Update found;
  for (Index i = 0; i < dx_.size(); ++i) {
    const double size = std::abs(dx_[i]), ratio = size / scale(x, i, sample);
    if (!(ratio <= found.ratio)) found = {i, size, std::isfinite(ratio) ? ratio : INFINITY};
  }
  return found;
}

template class NewtonIteration<double>;
template class NewtonIteration<Complex>;

}  // namespace settle
