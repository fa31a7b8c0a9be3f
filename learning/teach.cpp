// .teach: which outputs should be where, and how a signal nudges them there: -beta(t) dC/dr into the membrane of every output r.
#include "learning/taught.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/setting.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

constexpr const char* card_usage = ".teach v(node)=target [v(node)=target ...] beta=value [name=value ...]";

/// "v(out)" is about the node "out"; "" if the word is not of that form.
std::string about(std::string_view word, std::string_view function) {
  const bool fits = word.size() > function.size() + 2 && word.substr(0, function.size()) == function && word[function.size()] == '(' && word.back() == ')';
  return fits ? std::string(word.substr(function.size() + 1, word.size() - function.size() - 2)) : "";
}

class TeachCard {
 public:
  TeachCard(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) : card_(card), netlist_(netlist), diagnostics_(diagnostics) {}

  std::optional<Taught> read() {
    for (const Word& word : card_.words) fail(word.where, fmt::format("unexpected '{}' on .teach; usage: {}", word.text, card_usage));
    for (const auto& [name, word] : card_.options)
      if (const std::string node = about(name, "v"); !node.empty()) output(node, word);
    for (const auto& [name, word] : card_.options)
      if (about(name, "v").empty()) option(name, word);
    if (taught_.outputs.empty() && !failed_) fail(card_.where, fmt::format("no output is named; usage: {}", card_usage));
    check_signal();
    if (failed_) return {};
    if (const std::string fault = cost().fault(taught_.outputs); !fault.empty()) return fail(cost_where_, fault), std::nullopt;
    return std::move(taught_);
  }

 private:
  void fail(Location where, const std::string& text) { failed_ = true, diagnostics_.error(where, text); }
  const Cost& cost() const { return *Registry<Cost>::find(taught_.cost); }

  std::optional<double> number(const std::string& name, const Word& word) {
    if (!word.value) fail(word.where, fmt::format("{}={} is not a number", name, word.text));
    return word.value;
  }

  bool known_node(const std::string& node, Location where) {
    if (netlist_.node_where.count(node)) return true;
    std::vector<std::string_view> nodes(netlist_.nodes.begin(), netlist_.nodes.end());
    fail(where, fmt::format("there is no node '{}'{}", node, suggest(node, nodes)));
    return false;
  }

  void output(const std::string& node, const Word& word) {
    if (!known_node(node, word.where)) return;
    for (const CostOutput& other : taught_.outputs)
      if (other.node == node) return fail(word.where, fmt::format("v({}) has two targets", node));
    if (const auto target = number("v(" + node + ")", word)) taught_.outputs.push_back({node, *target});
  }

  void option(const std::string& name, const Word& word) {
    if (const std::string node = about(name, "weight"); !node.empty()) return weight(node, word);
    if (const std::string node = about(name, "membrane"); !node.empty()) return membrane(node, word);
    if (name == "cost") return choose_cost(word);
    if (name == "signal") return choose_shape(word);
    const std::vector<std::pair<std::string, double Signal::*>> numbers{
        {"beta", &Signal::beta}, {"g", &Signal::beta}, {"period", &Signal::period}};
    for (const auto& [known, member] : numbers)
      if (known == name) {
        if (given_.emplace(name, word.where).second == false) return fail(word.where, fmt::format("{}= is given twice", name));
        if (const auto value = number(name, word)) taught_.signal.*member = *value;
        return;
      }
    if (name == "points") return choose_points(word);
    fail(word.where, fmt::format(".teach has no option '{}'{}; usage: {}", name,
                                 suggest(name, std::vector<std::string>{"cost", "signal", "beta", "g", "period", "points"}), card_usage));
  }

  CostOutput* find_output(const std::string& option, const std::string& node, Location where) {
    for (CostOutput& o : taught_.outputs)
      if (o.node == node) return &o;
    fail(where, fmt::format("{}({}) is about a node without a target; write v({})=target too", option, node, node));
    return nullptr;
  }
  void weight(const std::string& node, const Word& word) {
    CostOutput* o = find_output("weight", node, word.where);
    const auto value = o ? number("weight(" + node + ")", word) : std::nullopt;
    if (value && *value < 0.0) return fail(word.where, "a weight must not be negative: the output would flee its target");
    if (value) o->weight = *value;
  }
  void membrane(const std::string& node, const Word& word) {
    if (find_output("membrane", node, word.where) && known_node(word.text, word.where)) taught_.membranes[node] = word.text;
  }
  void choose_cost(const Word& word) {
    cost_where_ = word.where;
    taught_.cost = word.text;
    if (Registry<Cost>::find(word.text)) return;
    std::string known;
    for (const auto& [name, unused] : Registry<Cost>::all()) known += (known.empty() ? "" : ", ") + name;
    fail(word.where, fmt::format("unknown cost '{}'; there are {}", word.text, known));
    taught_.cost = "squared";
  }
  void choose_shape(const Word& word) {
    std::string known;
    for (const auto& [name, shape] : signal_shapes()) {
      if (name == word.text) return void(taught_.signal.shape = shape);
      known += (known.empty() ? "" : ", ") + name;
    }
    fail(word.where, fmt::format("unknown signal '{}'; there are {}", word.text, known));
  }
  void choose_points(const Word& word) {
    const auto value = number("points", word);
    if (value && (*value < 1.0 || *value > 1024.0 || *value != std::floor(*value))) return fail(word.where, "points= is a whole number from 1 to 1024");
    if (value) taught_.signal.points = static_cast<int>(*value);
    given_.emplace("points", word.where);
  }

  void check_signal() {
    using Shape = Signal::Shape;
    const Signal& signal = taught_.signal;
    const auto given = [&](const char* name) { return given_.count(name) > 0; };
    if (!given("beta") && !given("g")) fail(card_.where, fmt::format("how strong is the nudge? beta= is missing ({}); `.betamap` finds how large it may be", cost().beta_unit()));
    if (given("beta") && given("g")) fail(given_["g"], "g= is another name of beta=; give one of them");
    if (given("g") && (!cost().is_conductance() || signal.shape != Shape::constant))
      fail(given_["g"], "g=, a conductance from each output to a voltage at its target, is a constant nudge of the squared cost; use beta= for others");
    const bool repeats = signal.oscillates() || signal.shape == Shape::points;
    if (signal.oscillates() && !given("period")) fail(card_.where, "a signal that oscillates needs period=, in seconds; `.stability` says how slow the circuit is, `.frequency` how slow the signal must be");
    if (given("period") && !(signal.period > 0.0)) fail(given_["period"], "period= must be above 0 s");
    if (given("period") && !repeats) fail(given_["period"], "period= has no effect on a constant signal; write signal=rotating, cosine or points");
    if (given("points") && signal.shape != Shape::points) fail(given_["points"], "points= belongs to signal=points");
    if (signal.shape == Shape::points && !given("points")) fail(card_.where, "signal=points needs points=, how many points of the circle are held");
    if (repeats && signal.beta < 0.0) fail(card_.where, "beta= is a radius here and must not be negative");
  }

  const AnalysisCard& card_;
  const Netlist& netlist_;
  Diagnostics& diagnostics_;
  Taught taught_;
  std::map<std::string, Location> given_;
  Location cost_where_;
  bool failed_ = false;  // diagnostics count an error once, however often a card is read
};

class Teach final : public Setting {
 public:
  std::string help() const override {
    return "nudges outputs towards targets during .tran and the measuring analyses: the current -beta(t) dC/dr flows into the membrane of every output r; other analyses "
           "see the circuit at rest, without it";
  }
  std::string usage() const override { return card_usage; }
  std::vector<CardParameter> parameters() const override {
    std::string costs, shapes;
    for (const auto& [name, cost] : Registry<Cost>::all()) costs += fmt::format("{}{}: {} (beta in {})", costs.empty() ? "" : "; ", name, cost->help(), cost->beta_unit());
    return {{"v(node)=", "V", "", "an output and its target (with cross_entropy the probability of its class)"},
            {"weight(node)=", "", "1", "of that output in the cost"},
            {"membrane(node)=", "", "found from the sources that make the output", "the node its nudge enters"},
            {"cost=", "", "squared", costs},
            {"signal=", "", "constant", "constant: beta held; points: N points of the circle |beta|, each held for period; rotating: beta exp(i w t), complex voltages; "
                                        "cosine: beta cos(w t), one rail"},
            {"beta=", "", "", "strength of the nudge; of signals that turn or swing, the radius"},
            {"g=", "S", "", "the same for cost=squared with a constant signal: a conductance from the output to its target"},
            {"period=", "s", "", "of one turn or swing; of points, how long each is held"},
            {"points=", "", "", "N of signal=points"}};
  }
  void check(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) const override { teaching(card, netlist, diagnostics); }

  std::optional<Teaching> teaching(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) const override {
    const std::optional<Taught> taught = TeachCard(card, netlist, diagnostics).read();
    if (!taught) return {};
    try {
      return teaching_of(*taught, netlist, card.where);
    } catch (const Error& error) {
      diagnostics.error(card.where, error.what());
      return {};
    }
  }
};

const Registered<Setting, Teach> registered("teach");

}  // namespace
}  // namespace settle
