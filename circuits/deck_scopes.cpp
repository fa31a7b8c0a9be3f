// Deck reader, what is defined: subcircuits, models, parameters, functions, global nodes.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "circuits/deck_reader.hpp"
#include "devices/kind.hpp"
#include "devices/write.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t deepest_nesting = 50;  // of .subckt in .subckt

/// "f(x,y)" -> "f", {x, y}
std::pair<std::string_view, std::vector<std::string>> split_head(std::string_view head) {
  const std::size_t open = head.find('(');
  if (open == std::string_view::npos) return {head, {}};
  std::string_view inside = head.substr(open + 1);
  inside = inside.substr(0, inside.rfind(')'));
  std::vector<std::string> formals;
  for (std::string_view word : output_words(inside)) formals.emplace_back(word);
  return {trimmed_view(head.substr(0, open)), formals};
}

std::optional<long> whole(std::string_view text) {
  constexpr std::size_t digits = 7;
  long value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || text.size() > digits || read.ec != std::errc() || read.ptr != text.data() + text.size()) return {};
  return value;
}

/// in[0:2] is in[0], in[1], in[2], with `body` as the owner of their names; any other word is itself.
std::vector<std::string_view> nodes_of_bus(Definition& body, std::string_view word) {
  const std::size_t open = word.find('['), colon = word.find(':');
  if (open == std::string_view::npos || colon == std::string_view::npos || colon < open || word.back() != ']') return {word};
  const auto first = whole(word.substr(open + 1, colon - open - 1)), last = whole(word.substr(colon + 1, word.size() - colon - 2));
  if (!first || !last) return {word};
  std::vector<std::string_view> names;
  const long step = *last >= *first ? 1 : -1;
  for (long k = *first;; k += step) {
    names.push_back(body.bus_ports.emplace_back(fmt::format("{}[{}]", word.substr(0, open), k)));
    if (k == *last) return names;
  }
}

}  // namespace

void DeckReader::open_subcircuit(const Card& card) {
  auto body = std::make_unique<Definition>();
  body->card = &card;
  body->outer = &scope();
  if (card.words.size() < 2) diagnostics_.error(card.where(std::size_t{0}), "a name is missing: .subckt name node...");
  else body->name = card.words[1];
  std::size_t k = 2;
  for (; k < card.words.size() && card.words[k] != "params:" && !(k + 1 < card.words.size() && card.words[k + 1] == "="); ++k) {
    if (card.words[k] == "=") continue;
    add_port(*body, card, card.words[k]);
  }
  if (k < card.words.size()) {
    if (card.words[k] == "params:") ++k;
    std::vector<std::string_view> strays;
    if (k < card.words.size())
      for (const Assignment& a : read_assignments(card.rest(card.words[k].data()), &strays)) body->formals.push_back({a.name, a.value, &card});
    for (std::string_view stray : strays) diagnostics_.error(card.where(stray), "a parameter of a subckt needs a default: name=value");
  }
  Definition* const inside = body.get();
  const auto [place, fresh] = scope().subcircuits.try_emplace(card.words.size() > 1 ? card.words[1] : std::string_view(), std::move(body));
  if (!fresh) {
    diagnostics_.warning(card.where(std::size_t{1}), fmt::format("subcircuit '{}' is already defined; this second definition is not used", place->first),
                       {{place->second->card->where(std::size_t{1}), fmt::format("'{}' was defined here first", place->first)}});
    discarded_.push_back(std::move(body));
  }
  if (open_.size() == deepest_nesting)
    diagnostics_.error(card.where(std::size_t{0}), fmt::format(".subckt is nested deeper than {} levels; is a .ends missing?", deepest_nesting));
  open_.push_back(inside);
}

/// A port, or the ports of a bus with whole numbers for bounds.
void DeckReader::add_port(Definition& body, const Card& card, std::string_view word) {
  for (const std::string_view port : nodes_of_bus(body, word)) {
    if (std::find(body.ports.begin(), body.ports.end(), port) != body.ports.end())
      diagnostics_.error(card.where(word), fmt::format("subckt '{}' has two ports '{}'", body.name, port));
    if (port == "0" || port == "gnd") diagnostics_.error(card.where(word), "ground is known everywhere and cannot be a port");
    body.ports.push_back(port);
  }
}

void DeckReader::close_subcircuit(const Card& card) {
  if (open_.size() == 1) return diagnostics_.error(card.where(std::size_t{0}), ".ends without .subckt");
  const Definition& closing = scope();
  if (card.words.size() > 1 && card.words[1] != closing.name)
    diagnostics_.warning(card.where(std::size_t{1}), fmt::format("this .ends names '{}', but the open subckt is '{}'", card.words[1], closing.name),
                       {{closing.card->where(std::size_t{0}), fmt::format("'{}' begins here", closing.name)}});
  open_.pop_back();
}

void DeckReader::close_all_above(std::size_t depth) {
  for (; open_.size() > depth; open_.pop_back())
    diagnostics_.error(scope().card->where(std::size_t{0}), fmt::format("subckt '{}' is never closed with .ends", scope().name));
}

void DeckReader::model(const Card& card) {
  if (card.words.size() < 3) return diagnostics_.error(card.where(card.words.size()), "usage: .model name type(name=value ...)");
  ModelCard model{card.words[1], card.words[2], {}, &card};
  if (model.type == "=") return diagnostics_.error(card.where(model.type), "the type is missing: .model name type(name=value ...)");
  for (std::size_t k = 3; k < card.words.size(); ++k) {
    const bool assigned = k + 2 < card.words.size() && card.words[k + 1] == "=" && card.words[k + 2] != "=";
    if (assigned) {
      model.values.push_back({card.words[k], card.words[k + 2]});
      k += 2;
    } else {
      diagnostics_.error(card.where(k), fmt::format("'{}' is not a parameter with a value: name=value", card.words[k]));
    }
  }
  check_model_type(card, model.type);
  const auto [place, fresh] = scope().models.try_emplace(model.name, std::move(model));
  // The same model from a library that is read twice is no mistake.
  if (!fresh && place->second.card->line.text != card.line.text)
    diagnostics_.warning(card.where(std::size_t{1}), fmt::format("model '{}' is already defined; this second definition is not used", place->first),
                       {{place->second.card->where(std::size_t{1}), fmt::format("'{}' was defined here first", place->first)}});
}

/// A library may hold models of devices that do not exist here; a type that exists nowhere is a slip of the pen.
void DeckReader::check_model_type(const Card& card, std::string_view type) {
  static constexpr std::array foreign{"npn"sv, "pnp"sv, "lpnp"sv, "njf"sv, "pjf"sv, "nmf"sv, "pmf"sv, "nhfet"sv, "phfet"sv, "urc"sv, "ltra"sv, "txl"sv,
                                      "cpl"sv, "vdmos"sv, "core"sv, "d"sv, "nmos"sv, "pmos"sv, "sw"sv, "csw"sv, "ako"sv, "r"sv, "c"sv, "l"sv};
  std::vector<std::string_view> known = write_names();
  for (const auto& [name, kind] : Registry<Kind>::all()) known.insert(known.end(), kind->model_types.begin(), kind->model_types.end());
  const auto has = [&](const auto& list) { return std::find(list.begin(), list.end(), type) != list.end(); };
  if (!has(known) && !has(foreign))
    diagnostics_.error(card.where(type), fmt::format("unknown type of model '{}'{}", type, suggest(type, known)));
}

void DeckReader::parameters(const Card& card) {
  if (card.words.size() == 1) return diagnostics_.warning(card.where(std::size_t{0}), "an empty .param card");
  std::vector<std::string_view> strays;
  for (const Assignment& a : read_assignments(card.rest(card.words[0].end()), &strays)) {
    if (a.name.find('(') != std::string_view::npos) {
      define_function(card, a.name, a.value);
    } else if (a.value.empty()) {
      diagnostics_.error(card.where(a.name), fmt::format("parameter '{}' has no value", a.name));
    } else {
      scope().parameters.push_back({a.name, a.value, &card});
    }
  }
  for (std::string_view stray : strays)
    if (stray != "params:") diagnostics_.error(card.where(stray), fmt::format("'{}' is not of the form name=value", stray));
}

/// `.func f(x,y) {body}`, `.func f(x,y) = body`, `.func f(x,y)=(body)`.
void DeckReader::function(const Card& card) {
  const std::string_view rest = trimmed_view(card.rest(card.words[0].end()));
  const std::size_t close = rest.find(')');
  if (rest.empty() || !is_name(rest.substr(0, rest.find_first_of("( \t"))) || close == std::string_view::npos)
    return diagnostics_.error(card.where(std::size_t{0}), "usage: .func name(x, y) {expression}");
  std::string_view body = trimmed_view(rest.substr(close + 1));
  if (!body.empty() && body.front() == '=') body = trimmed_view(body.substr(1));
  define_function(card, rest.substr(0, close + 1), body);
}

void DeckReader::define_function(const Card& card, std::string_view head, std::string_view body) {
  auto [name, formals] = split_head(head);
  for (const std::string& formal : formals)
    if (!is_name(formal)) diagnostics_.error(card.where(head), fmt::format("'{}' cannot be the name of an argument", formal));
  if (unquoted(body).empty()) return diagnostics_.error(card.where(head), fmt::format("function '{}' has no body: {} = expression", name, head));
  FunctionCard function{{std::move(formals), std::string(unquoted(body))}, name, &card};
  const auto [place, fresh] = scope().functions.try_emplace(name, std::move(function));
  if (!fresh)
    diagnostics_.warning(card.where(head), fmt::format("function '{}' is defined twice; the first one counts", name),
                         {{place->second.card->where(place->second.name), "it was defined here first"}});
}

void DeckReader::globals(const Card& card) {
  for (std::size_t k = 1; k < card.words.size(); ++k)
    for (const std::string_view node : nodes_of_bus(*deck_.top, card.words[k])) deck_.globals.insert(node);
  if (card.words.size() == 1) diagnostics_.error(card.where(std::size_t{0}), "usage: .global node...");
}

}  // namespace settle
