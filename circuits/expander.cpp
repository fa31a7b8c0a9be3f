// Instances of subcircuits and arrays, down to single device cards.
#include "circuits/expander.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "circuits/array_card.hpp"
#include "circuits/device_card.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

constexpr int deepest_call = 100;

/// The word behind `Y<kind>`, or the first one: where a card's device has its name.
std::string_view name_word(const Card& card) {
  return card.words[0][0] == 'y' && card.words.size() > 1 ? card.words[1] : card.words[0];
}

}  // namespace

Expander::Expander(Elaboration& elaboration, Netlist& netlist) : elaboration_(elaboration), netlist_(netlist) {}

void Expander::expand(const Scope& scope) {
  for (const Card* card : scope.definition().devices) {
    if (full()) return;
    expand_card(*card, scope);
  }
}

void Expander::expand_card(const Card& card, const Scope& scope) {
  if (card.words[0] == "ycrossbar") return ArrayCard(*this, card, scope).read();
  const std::string_view word = name_word(card);
  if (word.find(':') == std::string_view::npos || !may_be_bus(word)) return read_member(card, scope, {});  // R[2,3] is a name
  const std::optional<Bus> bus = read_bus(scope, card, word, elaboration_.deck.most_instances);
  if (!bus) return;
  const std::size_t width = bus->width();
  for (std::size_t k = 0; k < width && !full(); ++k) {
    ArrayMember member{&*bus, k, {}};
    const std::vector<long> indices = bus->at(k);
    for (std::size_t r = 0; r < indices.size(); ++r)
      if (!bus->ranges[r].index.empty()) member.indices.emplace_back(bus->ranges[r].index, static_cast<double>(indices[r]));
    read_member(card, scope, member);
  }
}

void Expander::read_member(const Card& card, const Scope& scope, const ArrayMember& member) {
  if (!count_instance(card, scope)) return;
  if (card.words[0][0] == 'x') return subcircuit(card, scope, member);
  forget_uses();
  DeviceCard(*this, card, scope, member).read();
}

bool Expander::count_instance(const Card& card, const Scope& scope) {
  if (++instances_ < elaboration_.deck.most_instances) return true;
  if (!told_full_)
    scope.error(card.where(std::size_t{0}), fmt::format("the deck has more than {} devices and subcircuits", elaboration_.deck.most_instances));
  told_full_ = true;
  return false;
}

void Expander::add(FlatDevice device, const Scope& scope) {
  const std::size_t index = netlist_.devices.size();
  const auto [it, fresh] = device_by_name_.try_emplace(device.name, index);
  if (!fresh) {
    std::vector<Note> notes;
    if (it->second != std::string::npos) notes.push_back({netlist_.devices[it->second].where, fmt::format("'{}' was defined here first", device.name)});
    return scope.error(device.where, fmt::format("'{}' is already defined", device.name), std::move(notes));
  }
  for (Reference& r : new_references_) r.device = index, references_.push_back(r);
  for (InputUse& use : new_inputs_) use.device = index, inputs_.push_back(use);
  device.path = scope.path();
  netlist_.devices.push_back(std::move(device));
}

void Expander::add(FlatArray array, const Scope& scope) {
  if (!device_by_name_.try_emplace(array.name, std::string::npos).second) return scope.error(array.where, fmt::format("'{}' is already defined", array.name));
  array.path = scope.path();
  netlist_.arrays.push_back(std::move(array));
}

std::string Expander::add_node(std::string name, Location where) {
  if (name != "0" && netlist_.node_where.try_emplace(name, where).second) {
    netlist_.nodes.push_back(name);
    if (name == "gnd!" || name == "ground" || name == "00" || name == "vss!" || name == "gnda" || name == "agnd")
      elaboration_.diagnostics.warning(where, fmt::format("'{}' is an ordinary node; ground is called 0 or gnd", name));
  }
  return name;
}

void Expander::refer(const Scope& scope, std::string_view name, Location where, std::size_t place) {
  new_references_.push_back({0, place, &scope, scope.device(name), where});
}

std::vector<const Scope*> Expander::scopes(const Scope& top) const {
  std::vector<const Scope*> all{&top};
  for (const auto& scope : scopes_) all.push_back(scope.get());
  return all;
}

void Expander::subcircuit(const Card& card, const Scope& scope, const ArrayMember& member) {
  std::size_t end = 1;
  while (end < card.words.size() && card.words[end] != "params:" && !(end + 1 < card.words.size() && card.words[end + 1] == "=")) ++end;
  if (end < 2) return scope.error(card.where(std::size_t{0}), "usage: X<name> node... subckt [name=value...]");
  const std::string_view name = card.words[end - 1];
  const Definition* definition = scope.find_subcircuit(name);
  if (definition) return contains_itself(card, scope, *definition, name) ? void() : instantiate(card, scope, member, *definition, end - 1);
  std::vector<std::string_view> names;
  for (const Definition* d = &scope.definition(); d; d = d->outer)
    for (const auto& [known, body] : d->subcircuits) names.push_back(known);
  scope.error(card.where(name), fmt::format("unknown subcircuit '{}'{}", name, suggest(name, names)));
}

bool Expander::contains_itself(const Card& card, const Scope& scope, const Definition& definition, std::string_view name) const {
  std::vector<std::string> chain{std::string(name)};
  int depth = 0;
  for (const Scope* s = &scope; s; s = s->caller(), ++depth) {
    if (s->caller()) chain.insert(chain.begin(), s->definition().name);
    if (&s->definition() == &definition) {
      scope.error(card.where(std::size_t{0}), fmt::format("subcircuit '{}' contains itself: {}", name, fmt::join(chain, " -> ")));
      return true;
    }
  }
  if (depth > deepest_call) scope.error(card.where(name), fmt::format("subcircuits are nested deeper than {} levels", deepest_call));
  return depth > deepest_call;
}

/// A bus stands for all its nodes, unless the card is an array itself: then for one per member.
std::vector<Expander::GivenNode> Expander::nodes_of(const Card& card, const Scope& scope, const ArrayMember& member, std::size_t end) const {
  std::vector<GivenNode> nodes;
  for (std::size_t k = 1; k < end; ++k) {
    const std::string_view word = card.words[k];
    const std::optional<Bus> bus = member.bus || !may_be_bus(word) ? std::nullopt : read_bus(scope, card, word, elaboration_.deck.most_instances);
    if (!bus) nodes.push_back({local_name(scope, card, word, member), card.where(k)});
    for (std::size_t n = 0; bus && n < bus->width(); ++n) nodes.push_back({bus->name(n), card.where(k)});
  }
  return nodes;
}

void Expander::instantiate(const Card& card, const Scope& scope, const ArrayMember& member, const Definition& definition, std::size_t name_word_place) {
  const std::vector<GivenNode> nodes = nodes_of(card, scope, member, name_word_place);
  const std::size_t given = nodes.size();
  if (given != definition.ports.size()) {
    const std::string names = definition.ports.empty() ? "none" : fmt::format("{}", fmt::join(definition.ports, " "));
    return scope.error(card.where(std::size_t{0}), fmt::format("'{}' has {} nodes, but subckt '{}' has {} ports: {}", card.words[0], given, definition.name,
                                                              definition.ports.size(), names),
                       {{definition.card->where(std::size_t{1}), fmt::format("subckt '{}' is defined here", definition.name)}});
  }
  const std::string name = name_of_member(scope, card, member);
  scopes_.push_back(std::make_unique<Scope>(elaboration_, definition, &scope, name + ".", card.where(std::size_t{0})));
  Scope& inside = *scopes_.back();
  inside.multiplier = scope.multiplier;
  for (std::size_t k = 0; k < given; ++k) {
    std::string node = add_node(scope.node(nodes[k].name), nodes[k].where);
    netlist_.ports.emplace(inside.prefix() + std::string(definition.ports[k]), node);
    inside.connect(definition.ports[k], std::move(node));
  }
  if (!device_by_name_.try_emplace(name, std::string::npos).second)
    scope.error(card.where(std::size_t{0}), fmt::format("'{}' is already defined", name));
  give_values(inside, card, scope, member, name_word_place + 1);
  inside.evaluate_all();
  expand(inside);
}

void Expander::give_values(Scope& inside, const Card& card, const Scope& scope, const ArrayMember& member, std::size_t first_word) {
  if (first_word >= card.words.size()) return;
  std::vector<std::string_view> strays;
  CardValues values{read_assignments(card.rest(card.words[first_word].data()), &strays), {}};
  for (std::string_view stray : strays)
    if (stray != "params:") scope.error(card.where(stray), fmt::format("'{}' is not of the form name=value", stray));
  const std::string owner = name_of_member(scope, card, member);
  for (const Assignment& a : values.list) {
    const double value = scope.number(card, a.value, {.card_values = &values, .indices = &member.indices, .owner = owner, .field = a.name});
    const bool known = inside.give(a.name, value);
    if (a.name == "m") {
      if (value <= 0.0) scope.error(card.where(a.value), fmt::format("m = {:g}: the number of parallel instances must be positive", value));
      else inside.multiplier *= value;
    } else if (!known) {
      std::vector<std::string_view> names;
      for (const DefinedValue& formal : inside.definition().formals) names.push_back(formal.name);
      for (const DefinedValue& parameter : inside.definition().parameters) names.push_back(parameter.name);
      const std::string all = names.empty() ? "; it has none" : suggest(a.name, names);
      scope.warning(card.where(a.name), fmt::format("subckt '{}' has no parameter '{}', so it is ignored{}", inside.definition().name, a.name, all));
    }
  }
}

std::string name_of_member(const Scope& scope, const Card& card, const ArrayMember& member) {
  return scope.device(member.bus ? member.bus->name(member.member) : name_word(card));
}

std::string local_name(const Scope& scope, const Card& card, std::string_view word, const ArrayMember& member) {
  if (!member.bus || !may_be_bus(word)) return std::string(word);
  if (word.find(':') == std::string_view::npos)
    return member.indices.empty() ? std::string(word) : indexed_name(scope, card, word, member.indices);
  const std::optional<Bus> bus = read_bus(scope, card, word, scope.elaboration().deck.most_instances);
  if (!bus) return "0";
  const std::size_t width = bus->width(), wanted = member.bus->width();
  if (width != wanted && width != 1) {
    scope.error(card.where(word), fmt::format("bus '{}' has {} nodes, but the array '{}' has {} members", word, width, name_word(card), wanted));
    return "0";
  }
  return bus->name(width == 1 ? 0 : member.member);
}

}  // namespace settle
