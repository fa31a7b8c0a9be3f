// Figures: each from its analysis at every step, then the formulas, then the claims about means.
#include "circuits/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "circuits/bench.hpp"
#include "circuits/figure_source.hpp"

namespace settle {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

struct FormulaValue {
  double value = none;
  std::string failure;
};

FormulaValue evaluate(const std::string& formula, const FigureNames& names) {
  const ParsedExpression parsed = parse_expression(formula, names, ExpressionUse::parameter);
  if (!parsed.problems.empty()) return {none, parsed.problems.front().text};
  return {parsed.expression.constant().value_or(none), "the formula has no value"};
}

class Evaluation {
 public:
  Evaluation(const Netlist& netlist, const std::vector<AnalysisResult>& results) : netlist_(netlist), results_(results), report_(outline_of_figures(netlist)) {}

  FigureReport report() && {
    const Sources nowhere;
    Diagnostics quiet(nowhere);
    std::size_t figure = 0, claim = 0;
    for (const AnalysisCard& card : netlist_.settings)
      if (card.kind == "figure")
        if (const auto read = read_figure(card, netlist_, quiet)) fill(report_.figures[figure++], *read);
    for (const AnalysisCard& card : netlist_.settings)
      if (card.kind == "claim")
        if (const auto read = read_claim(card, netlist_, quiet)) decide(report_.claims[claim++]);
    return std::move(report_);
  }

 private:
  void fill(Figure& figure, const FigureCard& card) {
    card.formula.empty() ? take(figure, card) : compute(figure, card);
    pick(figure, card.picks);
    known_.push_back(figure.name);
  }

  void fail(Figure& figure, std::size_t step, const std::string& why) {
    if (!figure.failure.empty()) return;
    std::vector<std::size_t> all(report_.parameters.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    const std::string place = report_.place(all, step);
    figure.failure = (place.empty() ? "" : "at " + place + ": ") + why;
  }

  const AnalysisResult* result(const std::string& analysis, std::size_t step) const {
    const auto wanted = [&](const AnalysisResult& result) {
      if (result.name != analysis || result.step.size() != report_.parameters.size()) return false;
      for (std::size_t k = 0; k < result.step.size(); ++k)
        if (result.step[k].second != report_.steps[step][k]) return false;
      return true;
    };
    const auto found = std::find_if(results_.begin(), results_.end(), wanted);
    return found == results_.end() ? nullptr : &*found;
  }

  /// A figure of an analysis, at every step.
  void take(Figure& figure, const FigureCard& card) {
    std::string unit = figure.unit;
    for (std::size_t p = 0; p < report_.parameters.size(); ++p)
      if (report_.distinct({p}).size() > 1) figure.over.push_back(p);
    for (std::size_t s = 0; s < report_.steps.size(); ++s) {
      const AnalysisResult* from = result(card.analysis, s);
      if (!from) { fail(figure, s, fmt::format("{} was not run", card.analysis)); continue; }
      const SourcedNumber number = find_number(*from, card.label);
      if (std::isnan(number.value)) { fail(figure, s, number.failure); continue; }
      const std::optional<double> factor = conversion(number.unit, unit);
      if (!factor) { fail(figure, s, fmt::format("'{}' is in {}, which cannot be shown in {}", card.label, number.unit, unit)); continue; }
      figure.values[s] = *factor * number.value;
      if (unit.empty()) figure.unit = number.unit;
    }
  }

  /// Parameters of the deck, those of the step, and the figures above with what `value` gives for them.
  template <class Value>
  FigureNames names(std::size_t step, Value value) const {
    FigureNames names(netlist_.parameters);
    for (std::size_t p = 0; p < report_.parameters.size(); ++p) names.set(report_.parameters[p], report_.steps[step][p]);
    for (const std::string& name : known_) names.set(name, value(*report_.find(name)));
    return names;
  }

  /// The first of the figures in use for which `value` gives none.
  template <class Value>
  std::string missing(const FigureNames& names, Value value) const {
    for (const std::string& name : names.used())
      if (const Figure* figure = report_.find(name); figure && std::isnan(value(*figure)))
        return fmt::format("it needs '{}', which has no value{}", name, figure->failure.empty() ? "" : ": " + figure->failure);
    return "";
  }

  void compute(Figure& figure, const FigureCard& card) {
    for (std::size_t s = 0; s < report_.steps.size(); ++s) {
      const auto here = [s](const Figure& other) { return other.values[s]; };
      const FigureNames known = names(s, here);
      const FormulaValue found = evaluate(card.formula, known);
      figure.values[s] = found.value;
      if (s == 0) figure.over = parameters_of(known);
      if (std::isnan(found.value)) {
        const std::string why = missing(known, here);
        why.empty() ? fail(figure, s, found.failure) : void(figure.failure = figure.failure.empty() ? why : figure.failure);
      }
    }
  }

  /// What the figures and parameters that were used vary with.
  std::vector<std::size_t> parameters_of(const FigureNames& names) const {
    std::vector<std::size_t> over;
    for (std::size_t p = 0; p < report_.parameters.size(); ++p) {
      const bool varies = std::any_of(names.used().begin(), names.used().end(), [&](const std::string& name) {
        const Figure* figure = report_.find(name);
        return name == report_.parameters[p] || (figure && std::count(figure->over.begin(), figure->over.end(), p) > 0);
      });
      if (varies && report_.distinct({p}).size() > 1) over.push_back(p);
    }
    return over;
  }

  /// Values of the picked steps everywhere.
  void pick(Figure& figure, const std::vector<std::pair<std::size_t, double>>& picks) {
    const std::vector<double> all = figure.values;
    for (std::size_t s = 0; s < report_.steps.size() && !picks.empty(); ++s) {
      std::vector<double> wanted = report_.steps[s];
      for (const auto& [parameter, value] : picks) wanted[parameter] = value;
      const auto found = std::find(report_.steps.begin(), report_.steps.end(), wanted);
      figure.values[s] = found == report_.steps.end() ? none : all[static_cast<std::size_t>(found - report_.steps.begin())];
    }
    for (const auto& pair : picks) std::erase(figure.over, pair.first);
  }

  void decide(Claim& claim) {
    std::vector<std::size_t> over = parameters_of(means(claim, 0));
    std::erase_if(over, [&](std::size_t p) { return report_.parameters[p] == "seed"; });
    claim.verdict = Verdict::holds;
    for (const std::size_t step : report_.distinct(over)) {
      const FigureNames known = means(claim, step);
      const std::string lacking = missing(known, [&](const Figure& figure) { return report_.row(figure, step).mean; }), place = over.empty() ? "" : "at " + report_.place(over, step) + ": ";
      const FormulaValue found = lacking.empty() ? evaluate(claim.expression, known) : FormulaValue{none, lacking};
      if (std::isnan(found.value)) {
        claim.verdict = Verdict::undecided;
        claim.why = place + found.failure;
        return;
      }
      if (found.value != 0.0 || claim.verdict == Verdict::fails) continue;
      claim.verdict = Verdict::fails;
      claim.why = place + told(known, step);
    }
    if (claim.verdict == Verdict::holds && over.empty()) claim.why = told(means(claim, 0), 0);
  }

  /// The names of a claim at a step, asked for what the claim uses.
  FigureNames means(const Claim& claim, std::size_t step) const {
    FigureNames known = names(step, [&](const Figure& figure) { return report_.row(figure, step).mean; });
    evaluate(claim.expression, known);
    return known;
  }

  /// "aep = 87.3, ep = 61.2"
  std::string told(const FigureNames& names, std::size_t step) const {
    std::string text;
    for (const std::string& name : names.used())
      if (const Figure* figure = report_.find(name)) text += fmt::format("{}{} = {:.5g}", text.empty() ? "" : ", ", name, report_.row(*figure, step).mean);
    return text;
  }

  const Netlist& netlist_;
  const std::vector<AnalysisResult>& results_;
  FigureReport report_;
  std::vector<std::string> known_;  // figures that have been filled
};

}  // namespace

FigureReport outline_of_figures(const Netlist& netlist) {
  FigureReport report;
  const Sources nowhere;
  Diagnostics quiet(nowhere);
  for (const AnalysisCard& card : netlist.settings) {
    if (card.kind == "figure")
      if (auto read = read_figure(card, netlist, quiet)) report.figures.push_back({read->name, read->text, read->unit, read->published, read->of, read->at, {}, {}, {}});
    if (card.kind == "claim")
      if (auto read = read_claim(card, netlist, quiet)) report.claims.push_back({read->text, read->formula, {}, {}});
  }
  for (const StepCard& card : netlist.steps) report.parameters.push_back(name_of(card));
  for (const StepPoint& point : step_points(netlist)) {
    report.steps.emplace_back();
    for (const auto& [name, value] : point.values) report.steps.back().push_back(value);
  }
  for (Figure& figure : report.figures) figure.values.assign(report.steps.size(), none);
  return report;
}

FigureReport figures_of(const Netlist& netlist, const std::vector<AnalysisResult>& results) { return Evaluation(netlist, results).report(); }

}  // namespace settle
