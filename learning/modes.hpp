// Modes: the eigenvalues of a circuit linearized at rest, slowest first, each with the nodes in which it shows most.
#pragma once

#include <string>
#include <vector>

#include "circuits/dynamics.hpp"

namespace settle {

struct Mode {
  Complex value;                     // 1/s
  std::vector<std::pair<Index, double>> nodes;  // unknowns of nodes with their share of the mode, the largest first
  double time_constant() const { return value.real() == 0.0 ? std::numeric_limits<double>::infinity() : -1.0 / value.real(); }  // s, negative: it grows
};

struct Spectrum {
  std::vector<Mode> modes;           // slowest first; growing ones before all others
  bool complete = true;              // all of them; otherwise the slowest, by shift and invert
  Index states = 0;
  double worst_residual = 0.0;       // of an incomplete spectrum, relative
  bool grows() const { return !modes.empty() && modes.front().value.real() > 0.0; }
};

/// About the unknowns x at time t; memory states are held. Beyond `dense_most` states only the `wanted` slowest modes.
Spectrum spectrum_of(const Dynamics<double>& dynamics, const Block<double>& x, double t, int wanted, Index dense_most = 1000);

}  // namespace settle
