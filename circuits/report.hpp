// Report: what a run or a check found, as a page of text for people or one JSON document for programs.
#pragma once

#include <string>

#include "circuits/run.hpp"
#include "sim/error.hpp"

namespace settle {

struct ReportStyle {
  bool unicode = true;
  int width = 90;  // columns of the terminal
};

/// One screen: the circuit, a line and small pictures per analysis, measures, and where the trace is.
std::string text_report(const RunReport& report, const ReportStyle& style);
/// What a deck holds that was checked but not run.
std::string text_check(const std::string& title, const CircuitSummary& circuit, const Diagnostics& diagnostics);

/// Complex values are [re, im]; what is not a number is null.
std::string json_report(const RunReport& report, const Diagnostics& diagnostics);
std::string json_check(const std::string& deck, const CircuitSummary& circuit, const Diagnostics& diagnostics);
/// `report` holds what was finished; `diagnostics` may be null where the deck could not be read.
std::string json_failure(const std::string& deck, const std::string& text, const RunReport& report, const Diagnostics* diagnostics);

/// "6 resistor, 2 capacitor", the most frequent first.
std::string count_devices(const CircuitSummary& circuit);

}  // namespace settle
