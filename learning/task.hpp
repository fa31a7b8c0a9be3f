// The task of a deck: the data its `.task` card names.
#pragma once

#include <memory>
#include <optional>

#include "learning/dataset.hpp"

namespace settle {

/// Features, targets and classes, from headers alone where the format has them. Nothing without a `.task`, or after an error was reported.
std::optional<DataOutline> task_outline(const Netlist& netlist, Diagnostics& diagnostics);

/// The samples. Decks that ask for the same (files unchanged, same seed) share one copy; it is read when first asked for. nullptr without a
/// `.task`, or after an error was reported; a file that is broken further in is an Error(Fault::file).
std::shared_ptr<const DataSet> load_task(const Netlist& netlist, Diagnostics& diagnostics);

/// The deck's `.task` card; nullptr without one.
const AnalysisCard* task_card(const Netlist& netlist);

}  // namespace settle
