// Reports as JSON documents.
#include <cmath>
#include <nlohmann/json.hpp>

#include "circuits/figure_json.hpp"
#include "circuits/report.hpp"

namespace settle {
namespace {

using Json = nlohmann::ordered_json;

/// File names may be in any encoding; a document is UTF-8.
std::string text_of(const Json& document) { return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

const char* word(Severity severity) {
  return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "note";
}

Json diagnostic(const Diagnostics& diagnostics, const Diagnostic& d) {
  const bool placed = !diagnostics.place(d.where).empty();
  Json entry{{"file", placed ? Json(diagnostics.sources()[d.where.file].name) : Json(nullptr)},
             {"line", placed ? Json(d.where.line) : Json(nullptr)},
             {"column", placed ? Json(d.where.column) : Json(nullptr)},
             {"severity", word(d.severity)},
             {"message", d.text}};
  return entry;
}

Json all(const Diagnostics& diagnostics) {
  Json list = Json::array();
  for (const Diagnostic& d : diagnostics.all()) list.push_back(diagnostic(diagnostics, d));
  return list;
}

Json warnings(const Diagnostics& diagnostics) {
  Json list = Json::array();
  for (const Diagnostic& d : diagnostics.all())
    if (d.severity == Severity::warning) list.push_back(diagnostic(diagnostics, d));
  return list;
}

Json final_values(const AnalysisResult& result) {
  Json values = Json::object();
  for (const ColumnDigest& column : result.columns)
    values[column.label.name] = result.complex ? Json::array({number(column.final.real()), number(column.final.imag())}) : number(column.final.real());
  return values;
}

Json stats(const AnalysisStats& stats) {
  return {{"points", stats.points}, {"steps", stats.steps}, {"rejected", stats.rejected}, {"factorizations", stats.factorizations}, {"seconds", stats.seconds}};
}

Json rows_of(const FactTable& table) {
  Json rows = Json::array();
  for (const FactTable::Row& row : table.rows) {
    Json entry{{table.of, row.name}};
    for (std::size_t k = 0; k < table.columns.size(); ++k) entry[table.columns[k].name] = number(row.values[k]);
    if (!row.note.empty()) entry["note"] = row.note;
    rows.push_back(std::move(entry));
  }
  return rows;
}

Json analysis(const AnalysisResult& result) {
  Json steps = Json::object(), measures = Json::object(), failures = Json::object();
  for (const auto& [name, value] : result.step) steps[name] = number(value);
  for (const Measured& m : result.measures) {
    measures[m.name] = m.value ? number(*m.value) : Json(nullptr);
    if (!m.value) failures[m.name] = m.failure;
  }
  Json entry{{"name", result.name}, {"kind", result.kind}, {"step", steps}, {"final", final_values(result)}, {"measures", measures}};
  if (!failures.empty()) entry["failures"] = failures;
  for (const Fact& fact : result.stats.facts)  // with a unit and a text people read the text, programs get the number
    entry["facts"][fact.name] = fact.text.empty() || !fact.unit.empty() ? number(fact.value) : Json(fact.text);
  for (const FactTable& table : result.stats.tables) entry["tables"][table.title] = rows_of(table);
  entry["stats"] = stats(result.stats);
  return entry;
}

Json circuit_summary(const CircuitSummary& circuit) {
  Json devices = Json::object();
  for (const auto& [kind, count] : circuit.devices) devices[kind] = count;
  Json arrays = Json::object();
  for (const ArraySummary& array : circuit.arrays)
    arrays[array.name] = {{"rows", array.rows}, {"columns", array.columns}, {"kind", array.kind}, {"faults", array.faults}};
  return {{"nodes", circuit.nodes},     {"driven", circuit.driven}, {"unknowns", circuit.unknowns}, {"algebraic", circuit.algebraic},
          {"devices", devices},         {"arrays", arrays},         {"floating", circuit.floating}};
}

Json holomorphy(const std::vector<HolomorphyFinding>& findings, const Diagnostics& diagnostics) {
  Json list = Json::array();
  bool nowhere = false;
  for (const HolomorphyFinding& finding : findings) {
    const bool placed = !diagnostics.place(finding.where).empty();
    nowhere = nowhere || finding.how == Holomorphy::nowhere;
    list.push_back({{"device", finding.device},
                    {"kind", finding.kind},
                    {"holomorphic", finding.how == Holomorphy::piecewise ? "in pieces" : "nowhere"},
                    {"why", finding.why},
                    {"file", placed ? Json(diagnostics.sources()[finding.where.file].name) : Json(nullptr)},
                    {"line", placed ? Json(finding.where.line) : Json(nullptr)},
                    {"column", placed ? Json(finding.where.column) : Json(nullptr)}});
  }
  return {{"everywhere", findings.empty()}, {"usable", !nowhere}, {"findings", list}};
}

}  // namespace

std::string json_report(const RunReport& report, const Diagnostics& diagnostics) {
  Json analyses = Json::array();
  for (const AnalysisResult& result : report.analyses) analyses.push_back(analysis(result));
  Json document{{"deck", report.deck}, {"trace", report.trace}, {"seed", report.seed}, {"analyses", analyses}};
  add_figures(document, report.figures);
  document["warnings"] = warnings(diagnostics);
  return text_of(document);
}

std::string json_check(const std::string& deck, const CircuitSummary& circuit, const Diagnostics& diagnostics) {
  return text_of({{"deck", deck},
                  {"circuit", diagnostics.has_errors() ? Json(nullptr) : circuit_summary(circuit)},
                  {"complex_differentiable", diagnostics.has_errors() ? Json(nullptr) : holomorphy(circuit.not_holomorphic, diagnostics)},
                  {"errors", diagnostics.errors()},
                  {"diagnostics", all(diagnostics)}});
}

std::string json_failure(const std::string& deck, const std::string& text, const RunReport& report, const Diagnostics* diagnostics) {
  Json document{{"deck", deck}, {"error", text}, {"diagnostics", diagnostics ? all(*diagnostics) : Json::array()}};
  if (report.trace.empty()) return text_of(document);
  Json analyses = Json::array();
  for (const AnalysisResult& result : report.analyses) analyses.push_back(analysis(result));
  document.update({{"trace", report.trace}, {"seed", report.seed}, {"analyses", analyses}});
  add_figures(document, report.figures);
  return text_of(document);
}

}  // namespace settle
