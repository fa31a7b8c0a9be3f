// The linter for complex voltages.
#include "circuits/holomorphy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace settle {
namespace {

std::string reason(const Kind& kind, Holomorphy how) {
  if (how == Holomorphy::nowhere) return kind.pieces.empty() ? "it compares or clips its voltages" : kind.pieces;
  return kind.pieces.empty() ? "which of its equations holds depends on real parts" : kind.pieces;
}

/// The first function of an expression that has no complex derivative; nothing for a smooth expression.
std::optional<std::string> offence(const Expression& expression) {
  const auto problem = expression.not_holomorphic();
  if (!problem) return {};
  return fmt::format("{} in '{}' has no complex derivative", problem->text, expression.text());
}

void add_device(const FlatDevice& device, std::vector<HolomorphyFinding>& findings) {
  for (const BehaviouralText& text : device.expressions)
    if (const auto why = offence(text.expression)) findings.push_back({device.name, device.kind->name, Holomorphy::nowhere, *why, device.where});
  if (!device.expressions.empty()) return;
  const Holomorphy how = device.kind->while_held(device.values);
  if (how != Holomorphy::everywhere) findings.push_back({device.name, device.kind->name, how, reason(*device.kind, how), device.where});
}

/// The worst of all crossings.
Holomorphy worst(const ArrayCells& cells, std::size_t crossings) {
  Values values = cells.values;
  Holomorphy how = cells.kind->while_held(values);
  if (how == Holomorphy::everywhere && cells.kind->held.value_or(cells.kind->holomorphy) == how) return how;
  for (std::size_t k = 0; k < (cells.varied.empty() ? 0 : crossings); ++k) {
    for (const auto& [field, list] : cells.varied) values[field] = list[k];
    how = std::max(how, cells.kind->while_held(values));
  }
  return how;
}

void add_array(const FlatArray& array, std::vector<HolomorphyFinding>& findings) {
  for (const auto& [ending, cells] : {std::pair{"", &array.cells}, {".back", &array.back}, {".sel", &array.selector}}) {
    if (!cells->kind) continue;
    const Holomorphy how = worst(*cells, array.crossings());
    if (how != Holomorphy::everywhere) findings.push_back({array.name + ending, cells->kind->name, how, reason(*cells->kind, how), array.where});
  }
}

}  // namespace

std::vector<HolomorphyFinding> holomorphy_findings(const Netlist& netlist) {
  std::vector<HolomorphyFinding> findings;
  for (const FlatDevice& device : netlist.devices) add_device(device, findings);
  for (const FlatArray& array : netlist.arrays) add_array(array, findings);
  return findings;
}

std::string text_of(const HolomorphyFinding& finding) {
  const char* how = finding.how == Holomorphy::piecewise ? "is complex-differentiable in pieces only" : "is not complex-differentiable";
  return fmt::format("'{}' ({}) {}: {}", finding.device, finding.kind, how, finding.why);
}

void require_holomorphic(const Netlist& netlist, Diagnostics& diagnostics) {
  const std::vector<HolomorphyFinding> findings = holomorphy_findings(netlist);
  const auto card_of = [](const HolomorphyFinding& f) { return std::tuple(f.where.file, f.where.line, f.where.column, f.how); };
  std::map<decltype(card_of(findings.front())), long> count;  // instances of one card differ by name only
  for (const HolomorphyFinding& finding : findings) ++count[card_of(finding)];
  for (const HolomorphyFinding& finding : findings) {
    const long alike = std::exchange(count[card_of(finding)], 0);
    if (alike == 0) continue;
    const std::string text = text_of(finding) + (alike > 1 ? fmt::format(" (and {} more of this card)", alike - 1) : "");
    if (finding.how == Holomorphy::piecewise)
      diagnostics.warning(finding.where, text + "; a run with complex voltages is right as long as none crosses from one piece to another");
    else
      diagnostics.error(finding.where, text + "; a run with complex voltages needs smooth equations: tanh() for limit(), x*tanh(k*x) for abs(x), an EKV transistor for a switch; or stay real with signal=cosine");
  }
}

}  // namespace settle
