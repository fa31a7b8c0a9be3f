// What `.stability` says on the terminal and in the document for programs.
#pragma once

#include "circuits/analysis.hpp"
#include "learning/alignment.hpp"
#include "learning/modes.hpp"
#include "learning/symmetry.hpp"

namespace settle {

struct StabilityFindings {
  const Circuit& circuit;
  const Netlist& netlist;
  const Spectrum& spectrum;
  const ActivityModel* model = nullptr;  // null where the neurons do not determine the rest of the circuit,
  std::string undefined = {};            // for this reason
  std::optional<Symmetry> symmetry;      // nothing where activity coordinates do not exist
  std::optional<Alignment> alignment;    // nothing without a teaching
};

void report_modes(const StabilityFindings& findings, std::size_t shown, AnalysisStats& stats);
void report_symmetry(const StabilityFindings& findings, AnalysisStats& stats);
void report_alignment(const StabilityFindings& findings, AnalysisStats& stats);

}  // namespace settle
