// Writing a flat circuit for ngspice: title, options, devices, models, initial conditions, analyses, outputs.
#include "circuits/export_spice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "circuits/array_expand.hpp"
#include "circuits/export_spice_device.hpp"
#include "circuits/options.hpp"
#include "circuits/probe_text.hpp"
#include "circuits/setting.hpp"
#include "sim/error.hpp"
#include "sim/number.hpp"

namespace settle {
namespace {

class SpiceDeck {
 public:
  SpiceDeck(const Netlist& netlist, Diagnostics& diagnostics) : netlist_(netlist), diagnostics_(diagnostics), names_(netlist) {}

  std::string text() {
    std::string out = (netlist_.title.empty() ? "* a flat circuit" : netlist_.title) + "\n";
    out += options() + devices();
    out += models_.text() + conditions(".ic", netlist_.initial) + conditions(".nodeset", netlist_.guesses);
    for (const AnalysisCard& card : netlist_.analyses) out += analysis(card);
    if (netlist_.analyses.empty()) out += ".op\n";
    say_what_is_left_out();
    return out + outputs() + ".end\n";
  }

 private:
  std::string options() const {
    constexpr std::array known{"reltol", "abstol", "vntol", "chgtol", "gmin", "tnom", "itl1", "itl2", "itl4", "maxord", "rshunt"};
    std::string text = fmt::format(".options temp={}", format_exact(netlist_.temperature));
    for (const char* name : known)
      if (const auto it = netlist_.options.find(name); it != netlist_.options.end() && it->second.value)
        text += fmt::format(" {}={}", name, format_exact(*it->second.value));
    const auto method = netlist_.options.find("method");
    if (method != netlist_.options.end() && (method->second.text == "gear" || method->second.text == "trap")) text += " method=" + method->second.text;
    return text + "\n";
  }

  std::string devices() {
    const auto tnom = netlist_.options.find("tnom");
    const double nominal = tnom == netlist_.options.end() ? Options{}.tnom : tnom->second.value.value_or(Options{}.tnom);
    std::string text;
    for (const FlatDevice& device : netlist_.devices) {
      try {
        text += spice_card(device, names_, models_, {nominal, netlist_.temperature}) + "\n";
      } catch (const Error& error) {
        diagnostics_.error(device.where, fmt::format("'{}' ({}) cannot be exported: {}", device.name, device.kind->name, error.what()));
      }
    }
    return text;
  }

  std::string conditions(const char* card, const std::vector<std::pair<std::string, Word>>& list) const {
    std::string text;
    for (const auto& [node, word] : list) text += fmt::format("{} v({})={}\n", card, names_.node(node), format_exact(word.value.value_or(0.0)));
    return text;
  }

  std::string analysis(const AnalysisCard& card) {
    if (card.kind == "dc") return sweep(card);
    if (card.kind == "tran") return transient(card);
    if (card.kind == "noise") return noise(card);
    if (card.kind != "op" && card.kind != "ac") {
      diagnostics_.warning(card.where, fmt::format(".{} is left out: ngspice has no such analysis", card.kind));
      return "";
    }
    return "." + card.kind + words(card, 0) + "\n";
  }

  static std::string words(const AnalysisCard& card, std::size_t from) {
    std::string text;
    for (std::size_t k = from; k < card.words.size(); ++k) text += " " + (card.words[k].value ? format_exact(*card.words[k].value) : card.words[k].text);
    return text;
  }

  /// The first words are v and its nodes.
  std::string noise(const AnalysisCard& card) const {
    std::size_t source = 1;
    while (source + 1 < card.words.size() && card.words[source + 1].text != "dec" && card.words[source + 1].text != "oct" && card.words[source + 1].text != "lin") ++source;
    std::string nodes;
    for (std::size_t k = 1; k < source; ++k) nodes += (k > 1 ? "," : "") + names_.node(card.words[k].text);
    return fmt::format(".noise v({}) {}{}\n", nodes, names_.device(card.words[source].text), words(card, source + 1));
  }

  /// ngspice wants a print interval, and knows `noop` as uic.
  static std::string transient(AnalysisCard card) {
    std::size_t numbers = 0;
    for (Word& word : card.words) {
      if (word.value) ++numbers;
      else if (word.text == "noop") word.text = "uic";
    }
    constexpr double parts = 1000.0;
    if (numbers == 1) card.words.insert(card.words.begin(), Word{"", *card.words[0].value / parts, card.where});
    else if (numbers > 1 && card.words[0].value == 0.0) card.words[0].value = *card.words[1].value / parts;
    return ".tran" + words(card, 0) + "\n";
  }

  std::string sweep(const AnalysisCard& card) {
    std::string text = ".dc";
    for (std::size_t k = 0; k + 3 < card.words.size(); k += 4) {
      text += " " + swept(card.words[k]);
      for (std::size_t j = 1; j < 4; ++j) text += " " + format_exact(card.words[k + j].value.value_or(0.0));
    }
    return text + "\n";
  }

  std::string swept(const Word& word) {
    if (word.text == "temp") return "temp";
    for (const FlatDevice& device : netlist_.devices)
      if (device.name == word.text && std::string_view("vir").find(spice_letter(device)) != std::string_view::npos) return names_.device(device.name);
    diagnostics_.error(word.where, fmt::format("a sweep of '{}' cannot be exported: in ngspice .dc moves sources, resistors and temp only", word.text));
    return word.text;
  }

  /// Each name once; differences are saved as their two nodes.
  std::string outputs() {
    std::set<std::string> saved;
    std::string text;
    for (const OutputRequest& request : netlist_.outputs)
      for (const std::string& vector : vectors(request))
        if (saved.insert(vector).second) text += ".save " + vector + "\n";
    return text;
  }

  std::vector<std::string> vectors(const OutputRequest& request) {
    const ProbeText probe = split_probe(request.text);
    std::vector<std::string> found;
    if (probe.form == ProbeText::Form::function && probe.function == "v") {
      for (const std::string& node : netlist_.nodes)
        if (wanted(probe, node)) found.push_back(fmt::format("v({})", names_.node(node)));
    } else if (probe.form == ProbeText::Form::function && probe.function == "i") {
      for (const FlatDevice& device : netlist_.devices)
        if (spice_letter(device) && wanted(probe, device.name)) found.push_back(fmt::format("i({})", names_.device(device.name)));
    }
    if (found.empty()) diagnostics_.warning(request.where, fmt::format("'{}' is left out: ngspice cannot save it under that name", request.text));
    return found;
  }

  static bool wanted(const ProbeText& probe, const std::string& name) {
    return std::any_of(probe.arguments.begin(), probe.arguments.end(), [&](const std::string& pattern) { return glob(pattern, name); });
  }

  void say_what_is_left_out() {
    for (const AnalysisCard& setting : netlist_.settings)
      if (!Registry<Setting>::find(setting.kind)->changes_circuit()) diagnostics_.note(setting.where, fmt::format(".{} is left out: it is about learning", setting.kind));
      else diagnostics_.error(setting.where, fmt::format(".{} cannot be exported to ngspice, which has no complex voltages; write the circuit with two real rails: --dual-rail", setting.kind));
    for (const FlatDevice& device : netlist_.devices)
      if (device.kind->name == "noise") diagnostics_.warning(device.where, fmt::format("the noise of '{}' is left out: ngspice has no such source", device.name));
    for (const StepCard& step : netlist_.steps)
      diagnostics_.warning(step.where, fmt::format("the steps of '{}' are left out: ngspice has no .step; export one deck per value with --set", step.name));
    for (const MeasureCard& measure : netlist_.measures) diagnostics_.note(measure.where, fmt::format("the measure '{}' is left out", measure.name));
  }

  const Netlist& netlist_;
  Diagnostics& diagnostics_;
  SpiceNames names_;
  SpiceModels models_;
};

}  // namespace

std::string export_ngspice(Netlist netlist, Diagnostics& diagnostics) {
  expand_arrays(netlist);
  return SpiceDeck(netlist, diagnostics).text();
}

}  // namespace settle
