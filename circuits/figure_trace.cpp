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

/// A trace's figures.
class FigureReader {
 public:
  explicit FigureReader(const TraceReader& trace) : trace_(trace), members_(trace.members("/figures")) {}

  FigureReport read() {
    if (members_.empty()) return {};
    last_ = trace_.attributes("/figures");
    read_steps();
    if (has("figure")) read_figures();
    if (has("claim")) read_claims();
    return std::move(report_);
  }

 private:
  bool has(const char* name) const { return std::find(members_.begin(), members_.end(), name) != members_.end(); }
  std::vector<std::string> texts(const std::string& name) const { return trace_.texts("/figures/" + name); }

  void read_steps() {
    if (!has("parameter")) return report_.steps.emplace_back(), void();
    report_.parameters = texts("parameter");
    const TraceNumbers stepped = trace_.numbers("/figures/stepped");
    for (std::size_t s = 0; s < stepped.shape[0]; ++s) report_.steps.push_back(row(stepped, s, stepped.shape[1]));
  }

  static std::vector<double> row(const TraceNumbers& table, std::size_t k, std::size_t width) {
    const auto first = table.values.begin() + static_cast<std::ptrdiff_t>(k * width);
    return {first, first + static_cast<std::ptrdiff_t>(width)};
  }

  void read_figures() {
    const auto names = texts("figure"), says = texts("text"), of = texts("of"), at = texts("at"), published = texts("published");
    const TraceNumbers values = trace_.numbers("/figures/value");
    for (std::size_t k = 0; k < names.size(); ++k) {
      Figure figure{names[k], says[k], text_of(last_, "unit " + names[k]), published[k], of[k], at[k], {}, row(values, k, report_.steps.size()), text_of(last_, "failure " + names[k])};
      const std::string over = " " + text_of(last_, "over " + names[k]) + " ";
      for (std::size_t p = 0; p < report_.parameters.size(); ++p)
        if (over.find(" " + report_.parameters[p] + " ") != std::string::npos) figure.over.push_back(p);
      report_.figures.push_back(std::move(figure));
    }
  }

  void read_claims() {
    const auto says = texts("claim"), expressions = texts("expression");
    const TraceNumbers found = trace_.numbers("/figures/verdict");
    for (std::size_t k = 0; k < says.size(); ++k)
      report_.claims.push_back({says[k], expressions[k], static_cast<Verdict>(static_cast<int>(found.values[k])), text_of(last_, fmt::format("why claim {}", k + 1))});
  }

  const TraceReader& trace_;
  std::vector<std::string> members_;
  Attributes last_;
  FigureReport report_;
};

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

FigureReport read_figures(const TraceReader& trace) { return FigureReader(trace).read(); }

}  // namespace settle
