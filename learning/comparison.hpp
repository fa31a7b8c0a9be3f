// Comparison: what rules measure on some samples beside the exact gradient, and how symmetric and how slow the circuit is at rest there.
#pragma once

#include <cmath>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "learning/pupils.hpp"
#include "learning/symmetrizer.hpp"

namespace settle {

struct Comparison {
  struct Sum {
    Vector<double> gradient, variance;  // over samples; variance: squares of standard errors
  };
  Sum exact;
  std::vector<Sum> rules;
  double cost = 0.0;      // mean
  double symmetry = 0.0, asymmetry = 0.0, looks = 0.0;  // sums of |S|/(|S|+|A|) and of |A|/|S| off the diagonal, over `looks` samples
  double slowest = NAN;   // s, time constant at rest of the samples looked at
  std::optional<Symmetrizer> symmetrizer;  // factors per neuron that explain the asymmetry of all samples looked at
  Index skipped = 0;      // samples a rule had no answer for
};

struct ComparisonSettings {
  std::uint64_t round = 0;  // of random numbers
  bool skip = false;        // leave out samples a rule has no answer for
  bool homeostasis = true;  // counts as part of its rule
  bool time_constants = false;
};

/// Sums over samples; Jacobians are looked at of all of them, or of the first few where many settle together. Throws SampleError where one has no answer. `progress` is told the share done, and throws to stop.
Comparison compare(Pupils& pupils, std::span<const Learning* const> rules, std::span<const Index> samples, const ComparisonSettings& settings, const std::function<void(double)>& progress = {});

}  // namespace settle
