// Reading analyses, outputs, measures, options and initial conditions.
#include "circuits/commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuits/analysis.hpp"
#include "circuits/options.hpp"
#include "circuits/setting.hpp"
#include "circuits/step_card.hpp"
#include "circuits/value_names.hpp"
#include "sim/number.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

bool begins_value(std::string_view word) { return !word.empty() && std::string_view("0123456789.+-{'").find(word[0]) != std::string_view::npos; }

std::vector<std::string_view> known_nodes(const Netlist& netlist) {
  constexpr std::size_t enough = 20'000;
  return {netlist.nodes.begin(), netlist.nodes.begin() + static_cast<std::ptrdiff_t>(std::min(enough, netlist.nodes.size()))};
}

}  // namespace

/// A number or expression with its value; names are left as they are unless they are parameters.
Word Commands::word(const Card& card, std::string_view text) const {
  Word word{std::string(text), {}, card.where(text)};
  if (begins_value(text)) {
    if (const double value = top_.number(card, text); !std::isnan(value)) word.value = value;
  } else {
    word.value = top_.parameter(text);
  }
  return word;
}

/// As word(), but what is no number stays text without a complaint.
Word Commands::quiet_word(const Card& card, std::string_view text) const {
  Word word{std::string(text), whole_number(unquoted(text)), card.where(text)};
  if (word.value || (text.front() != '{' && text.front() != '\'')) return word;
  const ParsedExpression parsed =
      parse_expression(unquoted(text), ValueNames(top_, card, {}, ExpressionUse::parameter, text), ExpressionUse::parameter);
  if (parsed.problems.empty()) word.value = parsed.expression.constant();
  return word;
}

/// A name, a file or a list as written; the value besides if it is one number.
Word Commands::text_word(const Card& card, std::string_view text) const {
  Word word = quiet_word(card, text);
  if (!word.value) word.value = top_.parameter(text);
  const bool computed = word.value && (text.front() == '{' || text.front() == '\'');
  word.text = computed ? format_exact(*word.value) : std::string(card.line.original(unquoted(text)));
  return word;
}

bool Commands::is_analysis(std::string_view word) const {
  const auto& names = top_.elaboration().deck.analyses;
  return std::find(names.begin(), names.end(), word) != names.end();
}

void Commands::read_surroundings(const Overrides& overrides) {
  each({"options", "option", "opt"}, [&](const Card& card) { options(card); });
  Elaboration& elaboration = top_.elaboration();
  if (const auto it = netlist_.options.find("tnom"); it != netlist_.options.end()) elaboration.nominal_temperature = it->second.value.value_or(27.0);
  if (const auto it = netlist_.options.find("temp"); it != netlist_.options.end()) netlist_.temperature = it->second.value.value_or(27.0);
  each({"temp"}, [&](const Card& card) { temperature(card); });
  if (const auto it = overrides.find("temp"); it != overrides.end()) netlist_.temperature = it->second;
  elaboration.temperature = netlist_.temperature;
}

void Commands::options(const Card& card) {
  for (std::size_t k = 1; k < card.words.size(); ++k) {
    const std::string_view name_word = card.words[k];
    const std::string name(name_word);
    const bool assigned = k + 2 < card.words.size() && card.words[k + 1] == "=";
    Word value{name, {}, card.where(k)};
    if (assigned) {
      value = word(card, card.words[k + 2]);
      if (std::string_view(value.text).find_first_of("'\"{") == 0) value.text = unquoted(value.text);
      k += 2;
    }
    check_option(name, card.where(name_word), top_.elaboration().diagnostics);
    const auto [it, fresh] = netlist_.options.insert_or_assign(name, value);
    if (!fresh) top_.warning(value.where, fmt::format("option '{}' is set more than once; the last value counts", name));
  }
}

void Commands::temperature(const Card& card) {
  if (card.words.size() < 2) return top_.error(card.where(std::size_t{0}), "usage: .temp value [value ...], in degrees Celsius");
  StepCard step{StepCard::Target::temperature, "temp", "", {}, card.where(std::size_t{0})};
  for (std::size_t k = 1; k < card.words.size(); ++k)
    if (card.words[k] != "=") step.values.push_back(top_.number(card, card.words[k]));
  if (step.values.empty() || std::isnan(step.values[0])) return;
  if (step.values[0] <= -273.15) return top_.error(card.where(std::size_t{1}), "a temperature is in degrees Celsius and above -273.15");
  netlist_.temperature = step.values[0];
  if (step.values.size() > 1) netlist_.steps.push_back(std::move(step));
}

void Commands::read_analyses() {
  for (const Card* card : top_.elaboration().deck.commands)
    if (is_analysis(card->words[0].substr(1))) analysis(*card);
}

void Commands::read_settings() {
  const auto& names = top_.elaboration().deck.settings;
  for (const Card* card : top_.elaboration().deck.commands)
    if (std::find(names.begin(), names.end(), card->words[0].substr(1)) != names.end()) setting(*card);
}

void Commands::read_steps() {
  each({"step"}, [&](const Card& card) { read_step(card, top_, netlist_); });
}

void Commands::read_mismatches() {
  each({"mismatch"}, [&](const Card& card) { read_mismatch(card, top_, netlist_); });
}

void Commands::analysis(const Card& card) {
  AnalysisCard analysis{std::string(card.words[0].substr(1)), {}, {}, card.where(std::size_t{0}), &card, {}};
  const Analysis* known = Registry<Analysis>::find(analysis.kind);
  for (std::size_t k = 1; k < card.words.size(); ++k) {
    if (k + 2 < card.words.size() && card.words[k + 1] == "=") {
      const bool later = known && known->completes(card.words[k]);
      analysis.options.emplace_back(card.words[k], later ? Word{std::string(card.words[k + 2]), {}, card.where(card.words[k + 2])} : word(card, card.words[k + 2]));
      k += 2;
    } else if (card.words[k] == "=") {
      top_.error(card.where(k), "there is no name or no value at this '='");
    } else {
      analysis.words.push_back(word(card, card.words[k]));
    }
  }
  netlist_.analyses.push_back(std::move(analysis));
}

/// As an analysis, but v(out) is one word.
void Commands::setting(const Card& card) {
  AnalysisCard setting{std::string(card.words[0].substr(1)), {}, {}, card.where(std::size_t{0}), &card, {}};
  const Setting* known = Registry<Setting>::find(setting.kind);
  const std::vector<std::string_view> words = known && known->reads_card() ? std::vector<std::string_view>() : output_words(card.rest(card.words[0].end()));
  for (std::size_t k = 0; k < words.size(); ++k) {
    if (k + 2 < words.size() && words[k + 1] == "=") {
      const std::string_view name = words[k];
      const bool text = known && known->keeps_text(name);
      std::string_view value = words[k += 2];
      while (text && k + 1 < words.size() && words[k + 1].begin() == value.end() + 1 && *value.end() == ',') value = {value.begin(), words[++k].end()};
      setting.options.emplace_back(name, text ? text_word(card, value) : word(card, value));
    } else if (words[k] == "=") {
      top_.error(card.where(words[k]), "there is no name or no value at this '='");
    } else {
      setting.words.push_back(word(card, words[k]));
    }
  }
  netlist_.settings.push_back(std::move(setting));
}

TimeWindow Commands::window() const {
  for (const AnalysisCard& card : netlist_.analyses) {
    if (card.kind != "tran" || card.words.empty() || !card.words[0].value) continue;
    const double first = *card.words[0].value;
    const bool both = card.words.size() > 1 && card.words[1].value;
    const double stop = both ? *card.words[1].value : first;
    return {both && first > 0.0 ? first : stop / 1000.0, stop};
  }
  return {};
}

void Commands::read_outputs() {
  each({"save", "print", "plot", "probe"}, [&](const Card& card) { outputs(card); });
  each({"meas", "measure"}, [&](const Card& card) { measure(card); });
  each({"save_array"}, [&](const Card& card) { save_array(card); });
}

void Commands::outputs(const Card& card) {
  std::vector<std::string_view> words = output_words(card.rest(card.words[0].end()));
  OutputRequest request{"", "", {}};
  const bool chooses = card.words[0] == ".print" || card.words[0] == ".plot";
  if (!words.empty() && chooses && is_analysis(words[0])) {
    request.analysis = words[0];
    words.erase(words.begin());
  }
  if (words.empty() && card.words[0] != ".probe") top_.warning(card.where(std::size_t{0}), fmt::format("{} names nothing", card.words[0]));
  for (std::size_t k = 0; k < words.size(); ++k) {
    if (k + 2 < words.size() && words[k + 1] == "=") {  // format=, file= of other programs
      top_.warning(card.where(words[k]), fmt::format("'{}=' has no effect here", words[k]));
      k += 2;
      continue;
    }
    if (words[k].front() == '(' || words[k] == "=") continue;  // limits of a line printer plot
    request.text = words[k];
    request.where = card.where(words[k]);
    netlist_.outputs.push_back(request);
  }
}

/// `.save_array [analysis] array quantity="file" ...`
void Commands::save_array(const Card& card) {
  const std::vector<std::string_view>& words = card.words;
  std::size_t k = 1;
  ArraySave save{"", "", "", "", card.where(std::size_t{0}), {}, {}, {}};
  if (words.size() > k && is_analysis(words[k])) save.analysis = words[k++];
  if (words.size() < k + 4) return top_.error(save.where, "usage: .save_array [analysis] array quantity=\"file\" ...");
  save.array_where = card.where(k);
  save.array = words[k++];
  for (; k < words.size(); k += 3) {
    if (k + 2 >= words.size() || words[k + 1] != "=") return top_.error(card.where(k), fmt::format("'{}' is not of the form quantity=\"file\"", words[k]));
    save.quantity = words[k];
    save.quantity_where = card.where(k);
    save.file = card.line.original(unquoted(words[k + 2]));
    save.file_where = card.where(k + 2);
    netlist_.array_saves.push_back(save);
  }
}

void Commands::measure(const Card& card) {
  std::vector<std::string_view> words = output_words(card.rest(card.words[0].end()));
  MeasureCard measure{"", "", {}, card.where(std::size_t{0})};
  if (!words.empty() && is_analysis(words[0])) {
    measure.analysis = words[0];
    const auto same = [&](const AnalysisCard& analysis) { return analysis.kind == words[0]; };
    if (std::none_of(netlist_.analyses.begin(), netlist_.analyses.end(), same))
      top_.warning(card.where(words[0]), fmt::format("the deck has no .{} for this measure, which is left out", words[0]));
    words.erase(words.begin());
  }
  if (words.empty()) return top_.error(measure.where, "usage: .measure [analysis] name what...");
  measure.name = words[0];
  for (std::size_t k = 1; k < words.size(); ++k) measure.words.push_back(quiet_word(card, words[k]));
  for (const MeasureCard& other : netlist_.measures)
    if (other.name == measure.name && other.analysis == measure.analysis)
      top_.error(card.where(words[0]), fmt::format("there are two measures '{}'", measure.name), {{other.where, "the first one is here"}});
  netlist_.measures.push_back(std::move(measure));
}

void Commands::read_conditions(const Scope& scope, const Expander& expander, Netlist& netlist) {
  for (const Card* card : scope.definition().conditions) {
    const bool initial = card->words[0] == ".ic";
    const std::vector<std::string_view> words = output_words(card->rest(card->words[0].end()));
    if (words.empty()) scope.error(card->where(std::size_t{0}), fmt::format("usage: {} v(node)=value ...", card->words[0]));
    for (std::size_t k = 0; k < words.size(); k += 3) {
      const bool complete = k + 2 < words.size() && words[k + 1] == "=";
      const bool voltage = words[k].size() > 3 && words[k].substr(0, 2) == "v(" && words[k].back() == ')';
      if (!complete || !voltage) {
        const bool current = words[k].substr(0, 2) == "i(";
        scope.error(card->where(words[k]), current ? "a current is set on the inductor itself: ic=value"
                                                   : fmt::format("'{}' is not of the form v(node)=value", words[k]));
        break;
      }
      const std::string_view name = trimmed_view(words[k].substr(2, words[k].size() - 3));
      const std::string owner = fmt::format("node {}", scope.node(name));
      const double value = scope.number(*card, words[k + 2], {.owner = owner, .field = card->words[0]});
      std::string node = expander.find_node(scope.node(name));
      if (node.empty()) node = expander.find_node(std::string(name));
      if (node.empty()) {
        scope.warning(card->where(name), fmt::format("unknown node '{}', so {} cannot set it{}", name, card->words[0], suggest(name, known_nodes(netlist))));
      } else if (node == "0") {
        scope.warning(card->where(name), "ground stays at 0 V");
      } else if (!std::isnan(value)) {
        (initial ? netlist.initial : netlist.guesses).emplace_back(node, Word{std::string(words[k + 2]), value, card->where(words[k + 2])});
      }
    }
  }
}

}  // namespace settle
