// A figure: its texts, the lines it has, and its value at every step of the run.
#include "circuits/figure_json.hpp"

#include <cmath>

#include "circuits/figure_text.hpp"

namespace settle {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json line(const FigureReport& report, const Figure& figure, const FigureRow& row) {
  Json at = Json::object();
  const std::vector<std::size_t> stepped = report.stepped(figure);
  for (std::size_t k = 0; k < stepped.size(); ++k) at[report.parameters[stepped[k]]] = row.at[k];
  return {{"at", at}, {"mean", number(row.mean)}, {"deviation", number(row.deviation)}, {"seeds", row.seeds}};
}

Json values(const FigureReport& report, const Figure& figure) {
  Json list = Json::array();
  for (std::size_t s = 0; s < report.steps.size(); ++s) {
    Json step = Json::object();
    for (std::size_t p = 0; p < report.parameters.size(); ++p) step[report.parameters[p]] = report.steps[s][p];
    list.push_back({{"step", step}, {"value", number(figure.values[s])}});
  }
  return list;
}

Json figure_of(const FigureReport& report, const Figure& figure) {
  Json lines = Json::array();
  for (const FigureRow& row : report.rows(figure)) lines.push_back(line(report, figure, row));
  Json entry{{"name", figure.name}, {"text", figure.text}, {"unit", figure.unit}, {"published", figure.published}, {"of", figure.of}, {"at", figure.at}};
  entry["lines"] = lines;
  entry["values"] = values(report, figure);
  if (!figure.failure.empty()) entry["failure"] = figure.failure;
  return entry;
}

}  // namespace

void add_figures(Json& document, const FigureReport& report) {
  for (const Figure& figure : report.figures) document["figures"].push_back(figure_of(report, figure));
  for (const Claim& claim : report.claims)
    document["claims"].push_back({{"text", claim.text}, {"expression", claim.expression}, {"verdict", text_of(claim.verdict)}, {"why", claim.why}});
}

}  // namespace settle
