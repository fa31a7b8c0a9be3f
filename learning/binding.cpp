// Putting .input and .target cards together.
#include "learning/binding.hpp"

#include <fmt/format.h>

#include <map>

#include "learning/binding_cards.hpp"
#include "learning/members.hpp"
#include "learning/task.hpp"
#include "sim/error.hpp"

namespace settle {
namespace {

const std::string& name_of(const BoundInput& bound) { return bound.device; }
const std::string& name_of(const BoundTarget& bound) { return bound.node; }

/// Nothing can be in two places at once.
template <class Bound>
void refuse_twice(const std::vector<Bound>& all, const std::string& what, Diagnostics& diagnostics) {
  std::map<std::string, Location> seen;
  for (const Bound& bound : all)
    if (const auto [it, fresh] = seen.emplace(name_of(bound), bound.where); !fresh)
      diagnostics.error(bound.where, fmt::format("'{}' is bound to two {}", name_of(bound), what), {{it->second, "first here"}});
}

template <class Bound>
void append(std::vector<Bound>& all, std::vector<Bound> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// With errors in `found`.
Binding read_all(const Netlist& netlist, const DataOutline* outline, Diagnostics& found) {
  const BoundNames names(netlist);
  Binding binding;
  std::size_t inputs = 0, targets = 0;
  for (const AnalysisCard& card : netlist.settings) {
    if (card.kind == "input") append(binding.inputs, read_inputs({card, names, outline, found})), ++inputs;
    if (card.kind == "target") append(binding.targets, read_targets({card, names, outline, found})), ++targets;
  }
  refuse_twice(binding.inputs, "features", found);
  refuse_twice(binding.targets, "targets", found);
  const Location where = task_card(netlist)->where;
  const std::string has = outline ? fmt::format("the data have {} feature{} and {} target{}", outline->features(), outline->features() == 1 ? "" : "s", outline->targets(), outline->targets() == 1 ? "" : "s") : "";
  if (inputs == 0) found.error(where, fmt::format("no source shows the data; write .input with the sources, such as .input vin[0:3]{}{}", has.empty() ? "" : "; ", has));
  if (targets == 0) found.error(where, fmt::format("no output meets the data; write .target with the outputs, such as .target v(out){}{}", has.empty() ? "" : "; ", has));
  return binding;
}

std::optional<Binding> reported(const Netlist& netlist, const DataOutline* outline, Diagnostics& diagnostics) {
  if (!task_card(netlist)) return {};
  Diagnostics found(diagnostics.sources());
  Binding binding = read_all(netlist, outline, found);
  for (const Diagnostic& d : found.all())
    if (d.severity == Severity::error) diagnostics.error(d.where, d.text, d.notes);
  return found.has_errors() ? std::nullopt : std::optional(std::move(binding));
}

std::string numbers(Index available) { return available == 1 ? "0" : fmt::format("0 to {}", available - 1); }

}  // namespace

std::vector<Index> bound_indices(const BindingCard& card, const Word* option, std::size_t count, const Binds& binds) {
  const auto fail = [&](const std::string& text) { card.diagnostics.error(option ? option->where : card.card.words[0].where, text); };
  const auto say = [](auto n, const std::string& one, const std::string& many) { return fmt::format("{} {}", n, n == 1 ? one : many); };
  const std::string have = fmt::format("{} has {}", card.outline->source, say(binds.available, binds.value, binds.values));
  std::vector<Index> which;
  try {
    which = index_list(option ? option->text : fmt::format("0:{}", binds.available - 1), card.names.netlist());
  } catch (const Error& error) {
    return fail(fmt::format("{}=: {}", binds.values, error.what())), std::vector<Index>{};
  }
  for (const Index k : which)
    if (k < 0 || k >= binds.available) return fail(fmt::format("there is no {} {}; {}, {}", binds.value, k, have, numbers(binds.available))), std::vector<Index>{};
  if (which.size() == count) return which;
  const std::string pins = say(count, binds.pin, binds.pins);
  if (option) fail(fmt::format("{}={} names {} for {}; {}", binds.values, option->text, say(which.size(), binds.value, binds.values), pins, have));
  else if (static_cast<Index>(count) < binds.available) fail(fmt::format("{}, but {}; {}= chooses some of them, such as {}=0{}", pins, have, binds.values, binds.values, count > 1 ? fmt::format(":{}", count - 1) : ""));
  else fail(fmt::format("{}, but {}", pins, have));
  return {};
}

void check_has_task(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) {
  if (!task_card(netlist)) diagnostics.error(card.where, fmt::format(".{} binds the circuit to data, but the deck has no .task; `settle list datasets` shows what there is", card.kind));
}

std::optional<Binding> binding_of(const Netlist& netlist, const DataOutline& outline, Diagnostics& diagnostics) { return reported(netlist, &outline, diagnostics); }

void check_binding(const Netlist& netlist, Diagnostics& diagnostics) {
  const std::optional<DataOutline> outline = task_outline(netlist, diagnostics);
  reported(netlist, outline ? &*outline : nullptr, diagnostics);
}

Eigen::MatrixXd source_values(const Binding& binding, const Samples& samples) {
  Eigen::MatrixXd values(static_cast<Index>(binding.inputs.size()), samples.count());
  for (Index k = 0; k < values.rows(); ++k) {
    const BoundInput& b = binding.inputs[static_cast<std::size_t>(k)];
    values.row(k) = (b.scale * samples.inputs.row(b.feature)).array() + b.offset;
  }
  return values;
}

Eigen::MatrixXd output_targets(const Binding& binding, const Samples& samples) {
  Eigen::MatrixXd values(static_cast<Index>(binding.targets.size()), samples.count());
  for (Index k = 0; k < values.rows(); ++k) {
    const BoundTarget& b = binding.targets[static_cast<std::size_t>(k)];
    values.row(k) = (b.scale * samples.targets.row(b.target)).array() + b.offset;
  }
  return values;
}

}  // namespace settle
