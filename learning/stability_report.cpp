// The report of `.stability`.
#include "learning/stability_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <numbers>

#include "sim/number.hpp"

namespace settle {
namespace {

constexpr double degrees = 180.0 / std::numbers::pi;

std::string dominated_by(const Mode& mode, const Circuit& circuit) {
  std::vector<std::string> nodes;
  for (const auto& [node, share] : mode.nodes)
    if (share >= 0.05 || nodes.empty()) nodes.push_back(fmt::format("{} {:.0f} %", circuit.rows()[circuit.rows().fixed_count() + node].name, 100.0 * share));
  return fmt::format("{}", fmt::join(nodes, ", "));
}

FactTable::Row mode_row(const Mode& mode, std::size_t number, const Circuit& circuit) {
  const double frequency = std::abs(mode.value.imag()) / (2.0 * std::numbers::pi);
  return {std::to_string(number), {mode.time_constant(), frequency > 0.0 ? frequency : NAN, mode.value.real(), mode.value.imag()}, dominated_by(mode, circuit)};
}

/// "g12, g13 and 4 more", or "nothing".
std::string few(const std::vector<std::string>& names) {
  constexpr std::size_t most = 4;
  if (names.empty()) return "nothing directly";
  const std::vector<std::string> first(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(most, names.size())));
  return fmt::format("{}{}", fmt::join(first, ", "), names.size() > most ? fmt::format(" and {} more", names.size() - most) : "");
}

/// Angles of the planes in which the response is turned, largest first.
std::string rotation_text(const std::vector<double>& angles) {
  if (angles.front() * degrees < 1e-6) return "not at all";
  std::vector<std::string> first;
  for (std::size_t k = 0; k < std::min<std::size_t>(4, angles.size()); ++k) first.push_back(fmt::format("{:.4f}", degrees * angles[k]));
  return fmt::format("{}{} degrees{}", fmt::join(first, ", "), angles.size() > first.size() ? fmt::format(" and {} more", angles.size() - first.size()) : "",
                     angles.front() > 0.5 * std::numbers::pi ? "; beyond 90 it may point away from the error signal" : "");
}

std::string stable_text(const StabilityFindings& findings) {
  const Spectrum& spectrum = findings.spectrum;
  if (spectrum.grows()) {
    const Mode& mode = spectrum.modes.front();
    return fmt::format("NO: a mode grows with a time constant of {}{}, {}", format_engineering(1.0 / mode.value.real(), "s"),
                       mode.value.imag() != 0.0 ? fmt::format(" at {}", format_engineering(std::abs(mode.value.imag()) / (2.0 * std::numbers::pi), "Hz")) : "",
                       dominated_by(mode, findings.circuit));
  }
  if (!spectrum.modes.empty() && spectrum.modes.front().value.real() == 0.0) return "undecided: a mode neither grows nor decays";
  if (spectrum.complete) return "yes";
  if (findings.symmetry && findings.symmetry->definite) return "yes: every displacement is driven back (-S is positive definite)";
  return fmt::format("as far as its {} slowest modes tell", spectrum.modes.size());
}

}  // namespace

void report_modes(const StabilityFindings& findings, std::size_t shown, AnalysisStats& stats) {
  const Spectrum& spectrum = findings.spectrum;
  stats.facts.push_back({"stable", 0.0, "", stable_text(findings)});
  if (spectrum.modes.empty()) return;
  const Mode& slowest = spectrum.modes.front();
  stats.facts.push_back({"slowest time constant", slowest.time_constant(), "s"});
  if (spectrum.complete) {
    const auto fastest = std::max_element(spectrum.modes.begin(), spectrum.modes.end(), [](const Mode& a, const Mode& b) { return std::abs(a.value.real()) < std::abs(b.value.real()); });
    stats.facts.push_back({"fastest time constant", fastest->time_constant(), "s"});
  }
  stats.facts.push_back({"states", static_cast<double>(spectrum.states)});
  FactTable table{.title = spectrum.complete ? "modes, slowest first" : fmt::format("the {} slowest of {} modes", spectrum.modes.size(), spectrum.states),
                  .of = "mode", .columns = {{"time constant", "s"}, {"frequency", "Hz"}, {"real part", "rad/s"}, {"imaginary part", "rad/s"}}, .rows = {}, .shown = shown};
  for (std::size_t k = 0; k < spectrum.modes.size(); ++k) table.rows.push_back(mode_row(spectrum.modes[k], k + 1, findings.circuit));
  stats.tables.push_back(std::move(table));
}

void report_symmetry(const StabilityFindings& findings, AnalysisStats& stats) {
  if (!findings.model) return stats.facts.push_back({"symmetry", 0.0, "", "not defined: " + findings.undefined});
  stats.facts.push_back({"neurons", static_cast<double>(findings.model->count())});
  if (!findings.symmetry) {
    const Index saturated = findings.model->saturated();
    stats.facts.push_back({"symmetry", 0.0, "", findings.model->count() == 0 ? std::string("no node has a capacitance") :
                           fmt::format("not defined: the activity of neuron '{}' is saturated and does not move with its membrane", findings.model->name(saturated))});
    return;
  }
  const Symmetry& symmetry = *findings.symmetry;
  stats.facts.push_back({"symmetry |S|/(|S|+|A|)", symmetry.measure, "1", fmt::format("{:.6f}", symmetry.measure)});
  stats.facts.push_back({"|S|", symmetry.symmetric, "S"});
  stats.facts.push_back({"|A|", symmetry.antisymmetric, "S"});
  if (!symmetry.definite) stats.facts.push_back({"response turned by", 0.0, "", "no rotation: -S is not positive definite here"});
  else if (!symmetry.rotations.empty())
    stats.facts.push_back({"response turned by", degrees * symmetry.rotations.front(), "deg", rotation_text(symmetry.rotations)});
  if (const auto bound = turning_bound(findings.model->activity()); bound && *bound > 0.0) stats.facts.push_back({"2 |A| / l_min(-S)", degrees * *bound, "deg"});
  if (symmetry.pairs.empty()) return;
  FactTable table{.title = "most asymmetric pairs of neurons, currents into the first per volt of the second and back", .of = "pair", .columns = {{"into first", "S"}, {"into second", "S"}}, .rows = {}, .shown = 6};
  for (const AsymmetricPair& pair : symmetry.pairs) {
    const Neuron& a = findings.model->neurons().all()[static_cast<std::size_t>(pair.first)];
    const Neuron& b = findings.model->neurons().all()[static_cast<std::size_t>(pair.second)];
    table.rows.push_back({fmt::format("{} {}", findings.circuit.rows()[a.membrane].name, findings.circuit.rows()[b.membrane].name), {pair.into_first, pair.into_second},
                          fmt::format("by {}; back by {}", few(devices_between(findings.circuit, findings.netlist, a, b)), few(devices_between(findings.circuit, findings.netlist, b, a)))});
  }
  stats.tables.push_back(std::move(table));
}

void report_alignment(const StabilityFindings& findings, AnalysisStats& stats) {
  if (!findings.alignment) return;
  const Alignment& alignment = *findings.alignment;
  stats.facts.push_back({"response against error", alignment.cosine, "1", fmt::format("cosine {:.6f}, angle {:.4f} degrees", alignment.cosine, degrees * alignment.angle())});
  FactTable table{.title = "response dr/dbeta and error signal lambda", .of = "neuron", .columns = {{"response"}, {"error signal"}}, .rows = {}};
  for (Index k = 0; k < findings.model->count(); ++k) table.rows.push_back({findings.model->name(k), {alignment.response[k], alignment.error_signal[k]}});
  stats.tables.push_back(std::move(table));
}

}  // namespace settle
