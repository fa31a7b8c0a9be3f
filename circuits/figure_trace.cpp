// Tables, lists of texts and last attributes that figures and claims are kept in.
#include "circuits/figure_trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace settle {
namespace {

constexpr const char* verdicts[] = {"undecided", "holds", "fails"};

template <class Items, class Text>
std::vector<std::string> all(const Items& items, Text text) {
  std::vector<std::string> texts;
  for (const auto& item : items) texts.push_back(text(item));
  return texts;
}

std::vector<std::string> numbered(std::size_t count) {
  std::vector<std::string> labels;
  for (std::size_t k = 1; k <= count; ++k) labels.push_back(std::to_string(k));
  return labels;
}

/// A line of names and values for every step.
std::vector<std::string> places(const FigureReport& report) {
  std::vector<std::size_t> parameters(report.parameters.size());
  for (std::size_t k = 0; k < parameters.size(); ++k) parameters[k] = k;
  std::vector<std::string> lines;
  for (std::size_t s = 0; s < report.steps.size(); ++s) lines.push_back(report.place(parameters, s));
  return lines;
}

std::string joined(const FigureReport& report, const std::vector<std::size_t>& over) {
  std::string text;
  for (const std::size_t parameter : over) text += (text.empty() ? "" : " ") + report.parameters[parameter];
  return text;
}

/// Mean, deviation and number of seeds at the step of every value.
struct Statistics {
  std::vector<double> mean, deviation, seeds;
};

Statistics statistics(const FigureReport& report, const Figure& figure) {
  Statistics result;
  for (std::size_t s = 0; s < report.steps.size(); ++s) {
    const FigureRow row = report.row(figure, s);
    result.mean.push_back(row.mean);
    result.deviation.push_back(row.deviation);
    result.seeds.push_back(static_cast<double>(row.seeds));
  }
  return result;
}

std::string text_of(const Attributes& attributes, const std::string& name) {
  for (const auto& [key, value] : attributes)
    if (const auto* text = std::get_if<std::string>(&value); text && key == name) return *text;
  return "";
}

}  // namespace

void prepare_figures(Trace& trace, const FigureReport& outline) {
  if (outline.empty()) return;
  const TraceTable::Axis steps{"step", places(outline)}, parameters{"parameter", outline.parameters};
  const TraceTable::Axis figures{"figure", all(outline.figures, [](const Figure& f) { return f.name; })};
  if (!outline.figures.empty()) {
    trace.table({.path = "figures/value", .axes = {figures, steps}, .unit = "", .long_name = "value of a figure at a step; its unit is an attribute of the group"});
    trace.table({.path = "figures/mean", .axes = {figures, steps}, .unit = "", .long_name = "mean over the seeds of a step"});
    trace.table({.path = "figures/deviation", .axes = {figures, steps}, .unit = "", .long_name = "standard deviation over seeds, of a sample"});
    trace.table({.path = "figures/seeds", .axes = {figures, steps}, .unit = "", .long_name = "seeds with a value"});
    trace.texts("figures/text", all(outline.figures, [](const Figure& f) { return f.text; }));
    trace.texts("figures/of", all(outline.figures, [](const Figure& f) { return f.of; }));
    trace.texts("figures/at", all(outline.figures, [](const Figure& f) { return f.at; }));
    trace.texts("figures/published", all(outline.figures, [](const Figure& f) { return f.published; }));
  }
  if (!outline.parameters.empty()) {
    trace.table({.path = "figures/stepped", .axes = {steps, parameters}, .unit = "", .long_name = "values of the stepped parameters"});
    for (std::size_t s = 0; s < outline.steps.size(); ++s) trace.write("figures/stepped", s, outline.steps[s]);
  }
  if (!outline.claims.empty()) {
    const TraceTable::Axis claims{"claim", all(outline.claims, [](const Claim& c) { return c.text; })};
    trace.table({.path = "figures/verdict", .axes = {claims}, .unit = "", .long_name = "of a claim", .flags = {std::begin(verdicts), std::end(verdicts)}});
    trace.texts("figures/expression", all(outline.claims, [](const Claim& c) { return c.expression; }));
  }
  trace.reserve("figures", std::min<std::size_t>(32'000, 256 * (outline.figures.size() + outline.claims.size())));
}

void write_figures(Trace& trace, const FigureReport& report) {
  Attributes last;
  for (std::size_t k = 0; k < report.figures.size(); ++k) {
    const Figure& figure = report.figures[k];
    const Statistics found = statistics(report, figure);
    trace.write("figures/value", k, figure.values);
    trace.write("figures/mean", k, found.mean);
    trace.write("figures/deviation", k, found.deviation);
    trace.write("figures/seeds", k, found.seeds);
    last.emplace_back("unit " + figure.name, figure.unit);
    last.emplace_back("over " + figure.name, joined(report, figure.over));
    if (!figure.failure.empty()) last.emplace_back("failure " + figure.name, figure.failure);
  }
  for (std::size_t k = 0; k < report.claims.size(); ++k) {
    trace.write("figures/verdict", k, std::vector<double>{static_cast<double>(report.claims[k].verdict)});
    if (!report.claims[k].why.empty()) last.emplace_back(fmt::format("why claim {}", k + 1), report.claims[k].why);
  }
  if (!last.empty()) trace.describe_last("figures", last);
}

FigureReport read_figures(const TraceReader& trace) {
  FigureReport report;
  const std::vector<std::string> members = trace.members("/figures");
  const auto has = [&](const char* name) { return std::find(members.begin(), members.end(), name) != members.end(); };
  if (members.empty()) return report;
  const Attributes last = trace.attributes("/figures");
  if (has("parameter")) {
    report.parameters = trace.texts("/figures/parameter");
    const TraceNumbers stepped = trace.numbers("/figures/stepped");
    for (std::size_t s = 0; s < stepped.shape[0]; ++s) report.steps.emplace_back(stepped.values.begin() + static_cast<std::ptrdiff_t>(s * stepped.shape[1]), stepped.values.begin() + static_cast<std::ptrdiff_t>((s + 1) * stepped.shape[1]));
  } else {
    report.steps.emplace_back();
  }
  if (has("figure")) {
    const auto names = trace.texts("/figures/figure"), texts = trace.texts("/figures/text"), of = trace.texts("/figures/of"), at = trace.texts("/figures/at"), published = trace.texts("/figures/published");
    const TraceNumbers values = trace.numbers("/figures/value");
    for (std::size_t k = 0; k < names.size(); ++k) {
      Figure figure{names[k], texts[k], text_of(last, "unit " + names[k]), published[k], of[k], at[k], {}, {}, text_of(last, "failure " + names[k])};
      const auto first = values.values.begin() + static_cast<std::ptrdiff_t>(k * report.steps.size());
      figure.values.assign(first, first + static_cast<std::ptrdiff_t>(report.steps.size()));
      const std::string over = " " + text_of(last, "over " + names[k]) + " ";
      for (std::size_t p = 0; p < report.parameters.size(); ++p)
        if (over.find(" " + report.parameters[p] + " ") != std::string::npos) figure.over.push_back(p);
      report.figures.push_back(std::move(figure));
    }
  }
  if (has("claim")) {
    const auto texts = trace.texts("/figures/claim"), expressions = trace.texts("/figures/expression");
    const TraceNumbers found = trace.numbers("/figures/verdict");
    for (std::size_t k = 0; k < texts.size(); ++k)
      report.claims.push_back({texts[k], expressions[k], static_cast<Verdict>(static_cast<int>(found.values[k])), text_of(last, fmt::format("why claim {}", k + 1))});
  }
  return report;
}

}  // namespace settle
