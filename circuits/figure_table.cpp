// A page of Markdown from traces: for each deck its claims, and its figures beside their published values.
#include "circuits/figure_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <filesystem>

#include "circuits/figure_text.hpp"
#include "circuits/figure_trace.hpp"

namespace settle {
namespace {

constexpr const char* sign = "±";

/// What a trace says of a deck.
struct DeckRun {
  std::string title, file, settings, version, status, message;
  double seconds = 0.0;
  std::int64_t threads = 1;
  std::string seed;
  FigureReport figures;
};

template <class T>
T attribute(const TraceReader& trace, const std::string& name, T otherwise) {
  for (const auto& [key, value] : trace.attributes())
    if (const T* found = std::get_if<T>(&value); found && key == name) return *found;
  return otherwise;
}

DeckRun deck_run(const std::string& path) {
  const TraceReader trace(path);
  return {.title = trace.text("title"),
          .file = std::filesystem::path(trace.text("netlist_path")).filename().string(),
          .settings = trace.text("settings"),
          .version = fmt::format("{} ({})", trace.text("version"), trace.text("commit")),
          .status = trace.unfinished() ? "killed" : trace.text("status"),
          .message = trace.text("status_message"),
          .seconds = attribute(trace, "wall_seconds", 0.0),
          .threads = attribute(trace, "threads", std::int64_t{1}),
          .seed = fmt::format("{}", attribute(trace, "seed", std::int64_t{1})),
          .figures = read_figures(trace)};
}

/// A bar would end a cell, a line break the table.
std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 6) text.replace(at, 1, "&#124;");
  for (char& c : text)
    if (c == '\n') c = ' ';
  return text;
}

std::string line(const std::vector<std::string>& cells) {
  std::string text = "|";
  for (const std::string& each : cells) text += " " + cell(each) + " |";
  return text + "\n";
}

std::string head(const std::vector<std::string>& cells, std::size_t left) {
  std::string text = line(cells) + "|";
  for (std::size_t c = 0; c < cells.size(); ++c) text += c < left ? "---|" : "---:|";
  return text + "\n";
}

std::string duration(double seconds) {
  if (seconds < 60.0) return fmt::format("{:.3g} s", seconds);
  const long whole = std::lround(seconds);
  return fmt::format("{} min {} s", whole / 60, whole % 60);
}

std::string seeds_text(const FigureReport& report, const std::string& seed) {
  for (std::size_t p = 0; p < report.parameters.size(); ++p) {
    if (report.parameters[p] != "seed") continue;
    std::vector<std::string> seeds;
    for (const std::size_t step : report.distinct({p})) seeds.push_back(fmt::format("{:g}", report.steps[step][p]));
    return fmt::format("{} seed{} ({})", seeds.size(), seeds.size() == 1 ? "" : "s", fmt::join(seeds, ", "));
  }
  return "seed " + seed;
}

/// A number of a table; how many seeds where that is not all.
std::string value(const FigureReport& report, const Figure& figure, const FigureRow& row, double factor) {
  if (row.seeds == 0) return "no value";
  const bool over_seeds = figure.over.size() > report.stepped(figure).size();
  return rounded(row, factor, sign) + (over_seeds && row.seeds != report.seeds() ? fmt::format(" ({} of {} seeds)", row.seeds, report.seeds()) : "");
}

/// One line per figure, one column per step.
std::string table_by_figure(const FigureReport& report, const std::vector<const Figure*>& figures) {
  const std::vector<std::size_t> over = report.stepped(*figures.front());
  std::vector<std::string> names{"figure"};
  for (const std::size_t step : report.distinct(over)) names.push_back(over.empty() ? "ours" : report.place(over, step));
  names.insert(names.end(), {"published", "unit"});
  std::string text = head(names, 1), failures;
  for (const Figure* figure : figures) {
    const std::vector<FigureRow> rows = report.rows(*figure);
    const ShownUnit shown = shown_unit(figure->unit, rows);
    std::vector<std::string> cells{figure->text};
    for (const FigureRow& row : rows) cells.push_back(value(report, *figure, row, shown.factor));
    cells.insert(cells.end(), {figure->published, shown.unit});
    text += line(cells);
    if (!figure->failure.empty()) failures += fmt::format("- {}: {}\n", figure->text, report.missing(*figure));
  }
  return text + (failures.empty() ? "" : "\n" + failures);
}

/// One line per step, one column per figure.
std::string table_by_step(const FigureReport& report, const std::vector<const Figure*>& figures) {
  const std::vector<std::size_t> over = report.stepped(*figures.front()), steps = report.distinct(over);
  std::vector<std::string> names, published(over.size());
  std::vector<std::vector<std::string>> lines(steps.size());
  if (!over.empty()) published[0] = "published";
  for (const std::size_t parameter : over) names.push_back("`" + report.parameters[parameter] + "`");
  for (std::size_t k = 0; k < steps.size(); ++k)
    for (const std::size_t parameter : over) lines[k].push_back(fmt::format("{:.6g}", report.steps[steps[k]][parameter]));
  std::string failures;
  bool any_published = false;
  for (const Figure* figure : figures) {
    const std::vector<FigureRow> rows = report.rows(*figure);
    const ShownUnit shown = shown_unit(figure->unit, rows);
    names.push_back(figure->text + (shown.unit.empty() ? "" : " [" + shown.unit + "]"));
    for (std::size_t k = 0; k < rows.size(); ++k) lines[k].push_back(value(report, *figure, rows[k], shown.factor));
    published.push_back(figure->published);
    any_published = any_published || !figure->published.empty();
    if (!figure->failure.empty()) failures += fmt::format("- {}: {}\n", figure->text, report.missing(*figure));
  }
  std::string text = head(names, 0);
  for (const auto& cells : lines) text += line(cells);
  if (any_published) text += line(published);
  return text + (failures.empty() ? "" : "\n" + failures);
}

std::string claims_text(const std::vector<Claim>& claims) {
  std::string text;
  for (const Claim& claim : claims) {
    const std::string why = claim.why.empty() || claim.verdict == Verdict::holds ? "" : ": " + claim.why;
    text += fmt::format("- **{}**: {}{}\n", text_of(claim.verdict), claim.text, why);
  }
  return text.empty() ? "" : text + "\n";
}

std::string run_line(const DeckRun& run) {
  const std::string settings = run.settings.empty() ? "" : fmt::format(", with `--set {}`", run.settings);
  const std::string end = run.status == "finished" ? "" : fmt::format(" **This run did not finish ({}{}{}): what follows is what it had.**", run.status, run.message.empty() ? "" : ": ", run.message);
  return fmt::format("[{0}]({0}){1}: {2}, {3} with {4} thread{5}, settle {6}.{7}\n\n", run.file, settings, seeds_text(run.figures, run.seed), duration(run.seconds), run.threads, run.threads == 1 ? "" : "s", run.version, end);
}

std::string section(const DeckRun& run) {
  std::string text = fmt::format("\n## {}\n\n{}", run.title, run_line(run)) + claims_text(run.figures.claims);
  if (run.figures.empty()) return text + "The trace has no figures; the deck needs `.figure` cards.\n";
  bool first = true;
  for (const auto& group : by_steps(run.figures)) {
    text += (first ? "" : "\n") + (figures_are_lines(run.figures, group) ? table_by_figure(run.figures, group) : table_by_step(run.figures, group));
    first = false;
  }
  return text;
}

std::string summary(const std::vector<DeckRun>& runs) {
  std::string text = head({"deck", "claims that hold", "seeds", "runtime"}, 1);
  for (const DeckRun& run : runs) {
    std::size_t holding = 0;
    for (const Claim& claim : run.figures.claims) holding += claim.verdict == Verdict::holds ? 1 : 0;
    text += line({fmt::format("[{}]({})", run.title, run.file), fmt::format("{} of {}", holding, run.figures.claims.size()), std::to_string(run.figures.seeds()), duration(run.seconds)});
  }
  return text;
}

}  // namespace

std::string figure_page(const FigurePage& page) {
  std::vector<DeckRun> runs;
  for (const std::string& trace : page.traces) runs.push_back(deck_run(trace));
  std::string text = fmt::format("# {}\n\n", page.title.empty() ? "Figures" : page.title);
  text += "`settle table` wrote this page from the traces of the runs. *Ours* is the mean over seeds ± the standard deviation of one seed, or the number of the only seed; "
          "*published* is what the source says. A claim is decided by the means.\n\n";
  text += summary(runs);
  for (const DeckRun& run : runs) text += section(run);
  return text;
}

}  // namespace settle
