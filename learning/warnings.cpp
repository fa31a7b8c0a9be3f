// What a run shows of broken holomorphy, in words.
#include "learning/warnings.hpp"

#include <fmt/format.h>

#include "sim/number.hpp"

namespace settle {
namespace {

constexpr double suspicious = 1e-6;     // share of negative frequencies, or of what the state misses itself by
constexpr Index most_unknowns = 300;    // up to here the radius is worked out unasked

}  // namespace

void warn_of_coarse_steps(const Job& job, const LockInRun& run) {
  if (run.coarse() == 0) return;
  job.diagnostics.warning(job.teaching->where, fmt::format("{} of {} steps were too long for a relative error of 1e-3: take more steps= per period, or, where the state jumps, a smaller beta", run.coarse(),
                                                           run.steps()));
}

void warn_of_broken_holomorphy(const Job& job, const RestPoint& rest, const LockInRun& run) {
  const Teaching& teaching = *job.teaching;
  const bool negative = run.negative_share() > suspicious, away = run.not_returned() > suspicious;
  if (rest.x().rows() <= most_unknowns) {
    RestBranch<Complex> branch(job.circuit, *job.teaching, rest.x());
    const Radius radius = radius_of_convergence(branch, rest, teaching.signal.beta);
    if (teaching.signal.beta > radius.radius)
      job.diagnostics.warning(teaching.where, fmt::format("|beta| = {} lies outside the radius of convergence, {}: {} at beta = {:.6g} {:+.6g}i {}; slow turns leave the branch of the rest "
                                                          "state there, and what is measured is no derivative. Take a smaller beta",
                                                          format_engineering(teaching.signal.beta, teaching.beta_unit), format_engineering(radius.radius, teaching.beta_unit), text_of(radius.kind),
                                                          radius.singularity.real(), radius.singularity.imag(), teaching.beta_unit));
  }
  if (negative)
    job.diagnostics.warning(teaching.where, fmt::format("{:.2g} of what moves turns backwards (negative frequencies), so the circuit is not complex-differentiable where it goes; "
                                                        "`settle check` names devices, `.betamap` shows how far beta may go", run.negative_share()));
  if (away)
    job.diagnostics.warning(teaching.where, fmt::format("after a whole turn the state misses itself by {:.2g} of what it moves: the start-up is not over (a larger discard=), or the state has "
                                                        "changed its branch (a smaller beta=)", run.not_returned()));
}

}  // namespace settle
