// Turning, watching, and reading responses off harmonics.
#include "learning/lock_in_run.hpp"

#include <fmt/format.h>

#include <cmath>

#include "sim/newton.hpp"
#include "sim/uniform.hpp"

namespace settle {
namespace {

/// Whole periods of start-up; a response that turns needs one, and the circuit eight of its slowest time constants.
long periods_to_discard(const RestPoint& rest, const Signal& signal, const LockInSettings& settings) {
  const double seconds = settings.discard >= 0.0 ? settings.discard : std::max(signal.period, 8.0 * rest.slowest());
  return static_cast<long>(std::ceil(seconds / signal.period * (1.0 - 1e-12)));
}

template <Scalar S>
Complex as_complex(const S& value) { return value; }

}  // namespace

void LockInRun::go(const RestPoint& rest, const Recorder& recorder, const std::function<void(long)>& period) {
  signal_.complex() ? move<Complex>(rest, recorder, period) : move<double>(rest, recorder, period);
}

template <Scalar S>
void LockInRun::move(const RestPoint& rest, const Recorder& recorder, const std::function<void(long)>& period) {
  NudgedCircuit<S> circuit(job_.circuit, *job_.teaching, Strength<S>(signal_), {.frozen = true});
  const double h = signal_.period / static_cast<double>(settings_.steps);
  Block<S> x = rest.x().template cast<S>();
  restart(circuit.system(), x, 0.0, 1e-9 * h, {.reltol = 1e-10});
  UniformSteps<S> uniform(circuit.system(), settings_.method, h);
  discarded_ = periods_to_discard(rest, signal_, settings_);
  const long total = discarded_ + settings_.periods;
  const double turn = 2.0 * std::numbers::pi / static_cast<double>(settings_.steps);
  for (std::size_t k = 0; k < job_.probes.size(); ++k)
    watched_.push_back({LockIn(settings_.harmonics, settings_.steps),
                        settings_.lowpass > 0.0 ? std::optional<FilteredLockIn>({settings_.lowpass, h, turn}) : std::nullopt});
  Block<S> before;
  long coarse_at_start = 0;
  for (long p = 0; p < total; ++p) {
    if (p == discarded_) coarse_at_start = uniform.counts().coarse;
    if (recorder.interrupted()) throw Error(Fault::interrupted, fmt::format("interrupted in period {} of {}", p + 1, total));
    before = x;
    double moved = 0.0;
    uniform.go(x, settings_.steps, [&](long, const Block<S>& at) {
      if (p < discarded_) return;
      if (p == total - 1) moved = std::max(moved, static_cast<double>((at - before).norm()));
      const Snapshot<S> point(circuit.dynamics(), at, 0.0);
      for (std::size_t k = 0; k < watched_.size(); ++k) {
        const Complex value = as_complex(job_.probes[k]->value(point, 0));
        watched_[k].harmonics.add(value);
        if (watched_[k].filter) watched_[k].filter->add(value);
      }
    });
    if (p == total - 1 && moved > 0.0) not_returned_ = static_cast<double>((x - before).norm()) / moved;
    if (p >= discarded_ && period) period(p - discarded_ + 1);
  }
  steps_ = uniform.counts().steps;
  coarse_ = uniform.counts().coarse - coarse_at_start;
}

/// A cosine's harmonics are those of a polynomial in cos(w t), sum c_h T_h; its slope at 0 is c1 - 3 c3 + 5 c5 - ..., its value c0 - c2 + ...
Complex LockInRun::response(std::size_t k, LockInMode mode) const {
  const LockIn& y = watched_[k].harmonics;
  if (mode == LockInMode::rotating) return y.harmonic(1) / signal_.beta;
  Complex sum = 2.0 * y.harmonic(1);
  if (mode == LockInMode::cosine_corrected)
    for (int h = 3; h <= y.highest(); h += 2) sum += (h % 4 == 1 ? 2.0 : -2.0) * static_cast<double>(h) * y.harmonic(h);
  return sum / signal_.beta;
}

Complex LockInRun::rest(std::size_t k, LockInMode mode) const {
  const LockIn& y = watched_[k].harmonics;
  Complex sum = y.harmonic(0);
  if (mode == LockInMode::cosine_corrected)
    for (int h = 2; h <= y.highest(); h += 2) sum += (h % 4 == 0 ? 2.0 : -2.0) * y.harmonic(h);
  return sum;
}

double LockInRun::response_uncertainty(std::size_t k) const {
  return (signal_.complex() ? 1.0 : 2.0) * watched_[k].harmonics.uncertainty(1) / signal_.beta;
}

double LockInRun::negative_share() const {
  double negative = 0.0, all = 0.0;
  for (const Watched& w : watched_)
    for (int h = 1; h <= w.harmonics.highest(); ++h) {
      negative += std::norm(w.harmonics.harmonic(-h));
      all += std::norm(w.harmonics.harmonic(h)) + std::norm(w.harmonics.harmonic(-h));
    }
  return all > 0.0 ? std::sqrt(negative / all) : 0.0;
}

}  // namespace settle
