// Figures and claims in a trace: the group "figures".
#pragma once

#include "circuits/figure.hpp"
#include "sim/trace.hpp"
#include "sim/trace_reader.hpp"

namespace settle {

/// Before the trace is started: names, texts, steps, and room for what the run will find. Nothing without figures and claims.
void prepare_figures(Trace& trace, const FigureReport& outline);
/// What it found; some values may be missing.
void write_figures(Trace& trace, const FigureReport& report);
/// All of it again; empty if the trace has none.
FigureReport read_figures(const TraceReader& trace);

}  // namespace settle
