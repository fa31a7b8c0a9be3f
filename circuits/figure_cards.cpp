// The words of `.figure` and `.claim` cards, and everything about them that can be wrong before a run.
#include "circuits/figure_cards.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "circuits/diagnostics.hpp"
#include "circuits/lexer.hpp"
#include "circuits/source.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

/// "; did you mean 'x'?", or else all there are.
template <class Names>
std::string hint(std::string_view word, const Names& names, const std::string& what) {
  const std::string nearest = suggest(word, names);
  return nearest.empty() ? fmt::format("; {} {}", what, names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "))) : nearest;
}

bool formula_begins(std::string_view value) { return !value.empty() && (value.front() == '{' || value.front() == '\''); }

/// A text in the user's capitals; one that goes on behind a + stays in lower case.
std::string written(const Card& card, std::string_view part) {
  const std::string text(card.line.original(part));
  return lower_case(text) == part ? text : std::string(part);
}

std::vector<std::string_view> words_of(const AnalysisCard& card) { return output_words(card.card->rest(card.card->words[0].end())); }

/// Names of the deck's figures, up to the card `before`; null for all.
std::vector<std::string_view> figures_before(const Netlist& netlist, const Card* before) {
  std::vector<std::string_view> names;
  for (const AnalysisCard& other : netlist.settings) {
    if (other.card == before) break;
    if (other.kind != "figure") continue;
    if (const auto words = words_of(other); !words.empty()) names.push_back(words[0]);
  }
  return names;
}

/// Names of analyses as results have them: train1, train2, ...
std::vector<std::string> analyses_of(const Netlist& netlist) {
  std::vector<std::string> names;
  std::map<std::string, int> count;
  for (const AnalysisCard& card : netlist.analyses) names.push_back(fmt::format("{}{}", card.kind, ++count[card.kind]));
  return names.empty() ? std::vector<std::string>{"op1"} : names;
}

/// What both cards need: messages at places, formulas that are understood.
class CardReader {
 public:
  CardReader(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) : card_(*card.card), netlist_(netlist), diagnostics_(diagnostics), words_(words_of(card)) {}

 protected:
  void fail(std::string_view part, const std::string& text) { failed_ = true, diagnostics_.error(card_.where(part), text); }
  void fail_card(const std::string& text) { fail(card_.words[0], text); }

  /// The formula inside braces or quotes, or as it stands.
  std::string formula(std::string_view value, const std::vector<std::string_view>& figures) {
    const std::string_view inside = unquoted(value);
    FigureNames names(netlist_.parameters);
    for (const std::string_view name : figures) names.set(std::string(name), std::numeric_limits<double>::quiet_NaN());
    const ParsedExpression parsed = parse_expression(inside, names, ExpressionUse::parameter);
    for (const Problem& problem : parsed.problems) {
      const std::size_t begin = std::min(problem.offset, inside.size());
      const bool unknown = problem.text.starts_with("unknown parameter");
      const bool guessed = problem.text.find("did you mean") != std::string::npos;
      fail(inside.substr(begin, problem.length), problem.text + (unknown && !guessed ? hint("", figures, "figures it can see:") : ""));
    }
    return std::string(inside);
  }

  const Card& card_;
  const Netlist& netlist_;
  Diagnostics& diagnostics_;
  std::vector<std::string_view> words_;
  bool failed_ = false;
};

class FigureReader : CardReader {
 public:
  using CardReader::CardReader;

  std::optional<FigureCard> read() {
    if (words_.empty() || words_[0] == "=" || !is_name(words_[0])) return fail_card(fmt::format("a figure begins with its name; usage: {}", figure_usage)), std::nullopt;
    figure_.name = words_[0];
    check_name();
    for (std::size_t k = 1; k < words_.size(); k += 3) {
      if (k + 2 >= words_.size() || words_[k + 1] != "=") return fail(words_[k], fmt::format("'{}' is not of the form name=value; usage: {}", words_[k], figure_usage)), std::nullopt;
      option(words_[k], words_[k + 2]);
    }
    if (!seen_.count("of")) fail_card(fmt::format("figure '{}' does not say what it is taken from; usage: {}", figure_.name, figure_usage));
    if (figure_.text.empty()) figure_.text = figure_.of;
    return failed_ ? std::nullopt : std::optional(std::move(figure_));
  }

 private:
  void check_name() {
    const auto above = figures_before(netlist_, &card_);
    if (std::find(above.begin(), above.end(), words_[0]) != above.end()) fail(words_[0], fmt::format("there are two figures '{}'", words_[0]));
    if (netlist_.parameters.count(figure_.name)) fail(words_[0], fmt::format("'{}' is a parameter of the deck; a figure needs a name of its own, for formulas may use both", words_[0]));
  }

  void option(std::string_view name, std::string_view value) {
    static const std::vector<std::string_view> known{"of", "at", "unit", "published", "text"};
    if (!seen_.insert(name).second) return fail(name, fmt::format("{}= is given twice", name));
    if (name == "of") return of(value);
    if (name == "at") return at(value);
    std::string* const text = name == "unit" ? &figure_.unit : name == "published" ? &figure_.published : name == "text" ? &figure_.text : nullptr;
    if (!text) return fail(name, fmt::format(".figure has no option '{}'{}", name, hint(name, known, "it takes")));
    *text = written(card_, unquoted(value));
  }

  void of(std::string_view value) {
    const std::string_view inside = unquoted(value);
    figure_.of = written(card_, inside);
    if (formula_begins(value)) return void(figure_.formula = formula(value, figures_before(netlist_, &card_)));
    const std::size_t colon = inside.find(':');
    if (colon == std::string_view::npos) return fail(value, fmt::format("of= is \"analysis: label\", such as \"{}: cost\", or {{a formula}} of other figures", analyses_of(netlist_).front()));
    const std::string_view analysis = trimmed_view(inside.substr(0, colon)), label = trimmed_view(inside.substr(colon + 1));
    const std::vector<std::string> known = analyses_of(netlist_);
    if (std::find(known.begin(), known.end(), analysis) == known.end())
      fail(analysis.empty() ? value : analysis, fmt::format("the deck has no analysis '{}'{}", analysis, hint(analysis, known, "it has")));
    if (label.empty()) fail(value, fmt::format("which number of {}? of=\"{}: label\"", analysis, analysis));
    figure_.analysis = analysis;
    figure_.label = label;
  }

  void at(std::string_view value) {
    const std::string_view inside = unquoted(value);
    figure_.at = written(card_, inside);
    const std::vector<std::string_view> words = output_words(inside);
    if (words.empty()) return fail(value, "at= picks steps: at=\"lambda=1 angle=90\"");
    for (std::size_t k = 0; k < words.size(); k += 3) {
      if (k + 2 >= words.size() || words[k + 1] != "=") return fail(words[k], fmt::format("'{}' is not of the form parameter=value", words[k]));
      pick(words[k], words[k + 2]);
    }
  }

  void pick(std::string_view name, std::string_view value) {
    std::vector<std::string> names;
    for (const StepCard& step : netlist_.steps) names.push_back(name_of(step));
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
      return fail(name, fmt::format("the deck does not step '{}'{}", name, hint(name, names, "it steps")));
    const auto number = static_cast<std::size_t>(found - names.begin());
    const std::optional<double> wanted = pick_value(value);
    if (!wanted) return;
    const std::vector<double>& values = netlist_.steps[number].values;
    const auto near = [&](double each) { return std::abs(each - *wanted) <= 1e-9 * std::max(std::abs(each), std::abs(*wanted)); };
    const auto step = std::find_if(values.begin(), values.end(), near);
    if (step == values.end()) return fail(value, fmt::format("'{}' is never {}; its values are {:.6g}", name, value, fmt::join(values, ", ")));
    figure_.picks.emplace_back(number, *step);
  }

  std::optional<double> pick_value(std::string_view value) {
    const ParsedExpression parsed = parse_expression(unquoted(value), FigureNames(netlist_.parameters), ExpressionUse::parameter);
    if (parsed.problems.empty()) return parsed.expression.constant();
    fail(value, parsed.problems.front().text);
    return {};
  }

  FigureCard figure_;
  std::set<std::string_view> seen_;
};

class ClaimReader : CardReader {
 public:
  using CardReader::CardReader;

  std::optional<ClaimCard> read() {
    const bool quoted = !words_.empty() && (words_[0].front() == '"' || words_[0].front() == '\'');
    if (!quoted) return fail_card(fmt::format("a claim begins with its text in quotes; usage: {}", claim_usage)), std::nullopt;
    if (words_.size() < 2) return fail_card(fmt::format("what must be true for this claim to hold? usage: {}", claim_usage)), std::nullopt;
    ClaimCard claim{written(card_, unquoted(words_[0])), formula(trimmed_view(card_.rest(words_[1].data())), figures_before(netlist_, nullptr))};
    return failed_ ? std::nullopt : std::optional(std::move(claim));
  }
};

}  // namespace

std::optional<double> FigureNames::parameter(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return {};
  used_.insert(found->first);
  return found->second;
}

std::vector<std::string> FigureNames::known() const {
  std::vector<std::string> names;
  for (const auto& [name, value] : values_) names.push_back(name);
  return names;
}

std::optional<FigureCard> read_figure(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) { return FigureReader(card, netlist, diagnostics).read(); }
std::optional<ClaimCard> read_claim(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) { return ClaimReader(card, netlist, diagnostics).read(); }

}  // namespace settle
