// Relaxation: a circuit let go until it is still, what it did on the way, and when each unknown came near its rest for good.
#pragma once

#include <array>
#include <functional>
#include <vector>

#include "sim/integrate.hpp"
#include "sim/still.hpp"

namespace settle {

/// How far every unknown went, and what it did lately.
class Travel {
 public:
  explicit Travel(const Block<double>& start) : lowest_(start.col(0)), highest_(start.col(0)), last_(start.col(0)) { forget(); }

  void add(const Block<double>& x);
  /// Lately begins now.
  void forget();

  /// Largest distance from `rest` it ever had.
  double way(Index k, double rest) const { return std::max({highest_[k] - rest, rest - lowest_[k], 0.0}); }
  double lowest(Index k) const { return lowest_[k]; }
  double highest(Index k) const { return highest_[k]; }
  double excursion(Index k) const { return highest_[k] - lowest_[k]; }
  double late_lowest(Index k) const { return late_lowest_[k]; }
  double late_highest(Index k) const { return late_highest_[k]; }
  int late_turns(Index k) const { return turns_[static_cast<std::size_t>(k)]; }

 private:
  Vector<double> lowest_, highest_, last_, late_lowest_, late_highest_;
  std::vector<int> turns_, direction_;
};

struct RelaxOptions {
  IntegrateOptions integrate;
  double tolerance = 1e-3;     // share of each unknown's way
  double quiet_from = 0.0;     // no rest before this time: sources still move
  double limit = 0.0;          // s
  double horizon = 0.0;        // s, for Still
  std::function<void(const Step<double>&)> each_step = {};
};

struct Relaxed {
  bool still = false;
  double t = 0.0;              // when it was still, or gave up
  double half = 0.0;           // since when Travel's "lately" counts
  StepCounts counts;
  Travel travel;
};

/// Integrates until what is left to go is below a tenth of `tolerance` of every unknown's way (or of its absolute tolerance), or until the
/// limit. x ends there.
Relaxed relax(const System<double>& system, Block<double>& x, const RelaxOptions& options, const Breakpoints& breakpoints, Events<double>* events);

/// Follows a relaxation whose end is known: after which time each unknown stays within its band about the rest state.
class Arrivals final : public Observer<double> {
 public:
  Arrivals(Vector<double> rest, Vector<double> band) : rest_(std::move(rest)), band_(std::move(band)), time_(static_cast<std::size_t>(rest_.size()), 0.0) {}

  void start(double t, const Block<double>& x) override;
  void step(const Step<double>& step) override;
  /// Time of the last arrival; 0 for an unknown that never was outside.
  double time(Index k) const { return time_[static_cast<std::size_t>(k)]; }

 private:
  static constexpr int parts = 4;       // of a step, looked at for an excursion between its ends
  static constexpr int halvings = 10;   // until a straight line finds the crossing

  bool outside(Index k, const Block<double>& x) const { return std::abs(x(k, 0) - rest_[k]) > band_[k]; }
  void locate(const Step<double>& step, double a, const Block<double>& xa, double b, const Block<double>& xb, const std::vector<Index>& arriving, int depth);

  Vector<double> rest_, band_;
  std::vector<double> time_;
  Block<double> x_;
};

}  // namespace settle
