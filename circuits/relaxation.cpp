// Relaxation: integrating until still.
#include "circuits/relaxation.hpp"

#include <algorithm>
#include <cmath>

namespace settle {

void Travel::add(const Block<double>& x) {
  const Vector<double> now = x.col(0);
  lowest_ = lowest_.cwiseMin(now), highest_ = highest_.cwiseMax(now);
  late_lowest_ = late_lowest_.cwiseMin(now), late_highest_ = late_highest_.cwiseMax(now);
  for (Index k = 0; k < now.size(); ++k) {
    const int direction = now[k] > last_[k] ? 1 : now[k] < last_[k] ? -1 : 0;
    int& before = direction_[static_cast<std::size_t>(k)];
    if (direction * before < 0) ++turns_[static_cast<std::size_t>(k)];
    if (direction != 0) before = direction;
  }
  last_ = now;
}

void Travel::forget() {
  late_lowest_ = late_highest_ = last_;
  turns_.assign(static_cast<std::size_t>(last_.size()), 0);
  direction_.assign(turns_.size(), 0);
}

namespace {

class UntilStill final : public Observer<double> {
 public:
  UntilStill(const System<double>& system, const Block<double>& x, const RelaxOptions& options)
      : system_(system), options_(options), still_(system), tolerance_(x.rows()), travel_(x) {}

  void start(double t, const Block<double>& x) override {
    travel_.add(x);
    look(t, x);
  }
  void step(const Step<double>& step) override {
    if (step.from < half_ && step.to >= half_) travel_.forget();
    for (int part = 1; part < 4; ++part) {  // swings between a step's ends count
      step.at(step.from + 0.25 * part * (step.to - step.from), between_);
      travel_.add(between_);
    }
    travel_.add(step.x);
    if (options_.each_step) options_.each_step(step);
    look(step.to, step.x);
  }
  bool done() const override { return quiet_; }

  Relaxed result(const StepCounts& counts) && { return {quiet_, t_, half_, counts, std::move(travel_)}; }

 private:
  void look(double t, const Block<double>& x) {
    t_ = t;
    if (t < options_.quiet_from) return;
    for (Index k = 0; k < x.rows(); ++k)
      tolerance_[k] = 0.1 * std::max(options_.tolerance * std::max(travel_.excursion(k), 1e-9 * std::abs(x(k, 0))), system_.tolerance(k));
    quiet_ = still_.at(x, t, tolerance_, options_.horizon).share <= 1.0;
  }

  const System<double>& system_;
  const RelaxOptions& options_;
  Still<double> still_;
  Vector<double> tolerance_;
  Travel travel_;
  Block<double> between_;
  double half_ = 0.5 * (options_.quiet_from + options_.limit), t_ = 0.0;
  bool quiet_ = false;
};

}  // namespace

Relaxed relax(const System<double>& system, Block<double>& x, const RelaxOptions& options, const Breakpoints& breakpoints, Events<double>* events) {
  UntilStill until(system, x, options);
  const StepCounts counts = integrate<double>(system, x, {0.0, options.limit}, options.integrate, breakpoints, until, events);
  return std::move(until).result(counts);
}

void Arrivals::start(double t, const Block<double>& x) {
  for (Index k = 0; k < rest_.size(); ++k)
    if (outside(k, x)) time_[static_cast<std::size_t>(k)] = t;
}

void Arrivals::step(const Step<double>& step) {
  Block<double> before, after;
  step.at(step.from, before);
  for (int part = 1; part <= parts; ++part) {
    const double a = step.from + (part - 1) * (step.to - step.from) / parts, b = part == parts ? step.to : step.from + part * (step.to - step.from) / parts;
    step.at(b, after);
    std::vector<Index> arriving;
    for (Index k = 0; k < rest_.size(); ++k) {
      if (outside(k, after)) time_[static_cast<std::size_t>(k)] = b;
      else if (outside(k, before)) arriving.push_back(k);
    }
    if (!arriving.empty()) locate(step, a, before, b, after, arriving, halvings);
    before = after;
  }
}

/// Halves a..b for all that arrive in it at once; a leaf takes the distance for a straight line.
void Arrivals::locate(const Step<double>& step, double a, const Block<double>& xa, double b, const Block<double>& xb, const std::vector<Index>& arriving, int depth) {
  if (depth == 0) {
    for (Index k : arriving) {
      const double from = std::abs(xa(k, 0) - rest_[k]), to = std::abs(xb(k, 0) - rest_[k]);
      time_[static_cast<std::size_t>(k)] = a + (b - a) * (from > to ? (from - band_[k]) / (from - to) : 1.0);
    }
    return;
  }
  const double m = 0.5 * (a + b);
  Block<double> middle;
  step.at(m, middle);
  std::vector<Index> early, late;
  for (Index k : arriving) (outside(k, middle) ? late : early).push_back(k);
  if (!early.empty()) locate(step, a, xa, m, middle, early, depth - 1);
  if (!late.empty()) locate(step, m, middle, b, xb, late, depth - 1);
}

}  // namespace settle
