// Program report: attempts to the recorder, and what became of the devices in a few facts.
#pragma once

#include "circuits/program_plan.hpp"

namespace settle {

/// Columns of an attempt: device (place in the card's list), number, amplitude, width, conductance, target, energy and time so far.
std::vector<ProbeLabel> attempt_columns();

class ProgramReport {
 public:
  ProgramReport(const ProgramJob& job, Recorder& recorder) : job_(job), recorder_(recorder) {}

  void add(const ProgramTarget& target, const Verified& verified);
  /// Names the first devices that missed their targets, and what may help.
  void warn(Diagnostics& diagnostics) const;
  AnalysisStats stats() const;

 private:
  const ProgramJob& job_;
  Recorder& recorder_;
  long attempts_ = 0, writings_ = 0;
  std::size_t devices_ = 0, converged_ = 0;
  std::string worst_ = "none";
  double worst_miss_ = -1.0, joules_ = 0.0, seconds_ = 0.0;
  std::vector<std::string> missed_;  // the first few, in words
  bool backwards_ = false;
};

}  // namespace settle
