// The part of a report that shows many `.step` runs of one analysis as one table.
#pragma once

#include <string>
#include <vector>

#include "circuits/report.hpp"

namespace settle {

using StepResults = std::vector<const AnalysisResult*>;

/// The results of a report, those of the same analysis together, both in the order they ran.
std::vector<StepResults> by_analysis(const RunReport& report);

/// A row per step: its values, then the measures, or without any the facts that differ, or without those the last values of the first columns.
std::string step_table(const StepResults& results, const ReportStyle& style);

}  // namespace settle
