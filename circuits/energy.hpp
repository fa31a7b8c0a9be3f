// Energy: what each sort of device took up since the start, integrated along the trajectory.
#pragma once

#include <functional>

#include "circuits/probe.hpp"
#include "circuits/snapshot.hpp"

namespace settle {

/// Two-point Gauss quadrature of the power in every step (exact to third order in time). Supplied energy is negative.
class Energy {
 public:
  explicit Energy(const Circuit& circuit);

  std::vector<ProbeLabel> labels() const;
  const std::vector<double>& joules() const { return joules_; }
  void add(double from, double to, const std::function<Snapshot<double>(double)>& at);

 private:
  const Circuit& circuit_;
  std::vector<double> joules_;  // per element
};

}  // namespace settle
