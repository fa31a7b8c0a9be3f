// Tables of gradients.
#include "learning/gradient_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace settle {
namespace {

std::vector<FactTable::Column> agreement_columns() { return {{"cosine"}, {"angle", "deg"}, {"magnitude"}, {"relative error"}, {"wrong signs"}}; }

double degrees(const Agreement& a) { return 180.0 / std::numbers::pi * std::acos(std::clamp(a.cosine, -1.0, 1.0)); }

std::vector<double> agreement_values(const Agreement& a) {
  return {a.cosine, degrees(a), a.ratio, a.error, static_cast<double>(a.signs)};
}

/// True if the rule draws at random (a standard error that is not known counts).
bool drawn(const Vector<double>& variance) { return !variance.isZero(0.0); }

/// Of rules that draw at random the last column says how much of the relative error that explains.
FactTable by_rule(const GradientFindings& findings) {
  FactTable table{.title = "gradients against the exact one", .of = "rule", .columns = agreement_columns(), .rows = {}, .shown = 24};
  const bool any = std::any_of(findings.variances.begin(), findings.variances.end(), drawn);
  if (any) table.columns.push_back({"statistical error"});
  for (std::size_t k = 1; k < findings.names.size(); ++k) {
    table.rows.push_back({findings.names[k], agreement_values(agreement(findings.gradients[k], findings.gradients[0])), {}});
    if (any) table.rows.back().values.push_back(std::sqrt(findings.variances[k].sum()) / findings.gradients[0].norm());
  }
  return table;
}

FactTable by_group(const GradientFindings& findings) {
  FactTable table{.title = "the same by array and kind", .of = "devices", .columns = agreement_columns(), .rows = {}, .shown = 24};
  for (const Weights::Group& group : findings.weights.groups())
    for (std::size_t k = 1; k < findings.names.size(); ++k) {
      const auto part = [&](std::size_t which) { return findings.gradients[which].segment(group.first, group.count()); };
      table.rows.push_back({fmt::format("{} {}", group.name, findings.names[k]), agreement_values(agreement(part(k), part(0))), {}});
    }
  return table;
}

/// Those the exact gradient wants to move most.
FactTable by_device(const GradientFindings& findings) {
  FactTable table{.title = "gradient dC/dw", .of = "device", .columns = {{"value", ""}}, .rows = {}};
  std::vector<bool> scatters;
  for (std::size_t k = 0; k < findings.names.size(); ++k) {
    scatters.push_back(drawn(findings.variances[k]));
    table.columns.push_back({findings.names[k], ""});
    if (scatters[k]) table.columns.push_back({findings.names[k] + " +-", ""});
  }
  const Weights& weights = findings.weights;
  const Vector<double> values = weights.values();
  std::vector<Index> order(static_cast<std::size_t>(weights.count()));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return std::abs(findings.gradients[0][a]) > std::abs(findings.gradients[0][b]); });
  for (const Index w : order) {
    FactTable::Row row{weights.name(w), {values[w]}, "per " + weights.unit(weights.group_of(w))};
    for (std::size_t k = 0; k < findings.names.size(); ++k) {
      row.values.push_back(findings.gradients[k][w]);
      if (scatters[k]) row.values.push_back(std::sqrt(findings.variances[k][w]));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::string verdict(const GradientFindings& findings) {
  if (!findings.symmetrizer) return "the Jacobian is not symmetric, and no factor per neuron makes it so: only a rule that corrects for the asymmetry is exact";
  if (trivial(*findings.symmetrizer)) return "the Jacobian is symmetric in activity coordinates: responses are error signals";
  const auto [least, most] = std::minmax_element(findings.symmetrizer->begin(), findings.symmetrizer->end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return fmt::format("fixable by rates: the Jacobian is symmetric up to a factor per neuron, {:.4g} ({}) to {:.4g} ({}); rates in proportion make the response exact", least->second, least->first,
                     most->second, most->first);
}

}  // namespace

Agreement agreement(const Eigen::Ref<const Vector<double>>& measured, const Eigen::Ref<const Vector<double>>& exact) {
  const double a = measured.norm(), b = exact.norm();
  Agreement result{.cosine = a > 0.0 && b > 0.0 ? measured.dot(exact) / (a * b) : NAN, .ratio = b > 0.0 ? a / b : NAN, .error = b > 0.0 ? (measured - exact).norm() / b : NAN, .signs = 0};
  for (Index k = 0; k < exact.size(); ++k) result.signs += measured[k] * exact[k] < 0.0;
  return result;
}

void report_gradients(const GradientFindings& findings, bool devices, AnalysisStats& stats) {
  stats.facts.push_back({"cost", findings.cost, ""});
  stats.facts.push_back({"devices", static_cast<double>(findings.weights.count()), ""});
  if (findings.skipped >= 0) stats.facts.push_back({"samples skipped", static_cast<double>(findings.skipped), ""});
  if (findings.looks > 0.0) {
    const double symmetry = findings.symmetry / findings.looks;
    stats.facts.push_back({"symmetry |S|/(|S|+|A|)", symmetry, "1", fmt::format("{:.6f}", symmetry)});
    if (std::isfinite(findings.asymmetry)) stats.facts.push_back({"between neurons |A|/|S|", findings.asymmetry / findings.looks, "1"});
    stats.facts.push_back({"verdict", 0.0, "", verdict(findings)});
  }
  for (std::size_t k = 1; k < findings.names.size(); ++k)  // for tables of .step and measures of studies
    stats.facts.push_back({fmt::format("{}: angle", findings.names[k]), degrees(agreement(findings.gradients[k], findings.gradients[0])), "deg"});
  stats.tables.push_back(by_rule(findings));
  if (findings.weights.groups().size() > 1) stats.tables.push_back(by_group(findings));
  if (devices) stats.tables.push_back(by_device(findings));
}

}  // namespace settle
