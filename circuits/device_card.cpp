// What the cards of all devices share: letter, nodes, kind, values.
#include "circuits/device_card.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <cmath>

#include "sim/suggest.hpp"

namespace settle {
namespace {

/// Letters of SPICE that stand for nothing here.
constexpr std::array<std::pair<char, const char*>, 9> foreign{{{'q', "bipolar transistors"},
                                                              {'j', "junction field-effect transistors"},
                                                              {'z', "MESFETs"},
                                                              {'t', "transmission lines"},
                                                              {'o', "lossy transmission lines"},
                                                              {'u', "distributed RC lines"},
                                                              {'a', "code models"},
                                                              {'n', "Verilog-A devices"},
                                                              {'p', "coupled transmission lines"}}};

}  // namespace

bool mentions_circuit(std::string_view text) {
  const auto in_name = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.'; };
  for (std::size_t k = 0; k < text.size(); ++k) {
    if (k > 0 && in_name(text[k - 1])) continue;
    std::size_t end = k;
    while (end < text.size() && in_name(text[end])) ++end;
    const std::string_view name = text.substr(k, end - k);
    while (end < text.size() && text[end] == ' ') ++end;
    if (name == "time" || ((name == "v" || name == "i") && end < text.size() && text[end] == '(')) return true;
  }
  return false;
}

DeviceCard::DeviceCard(Expander& expander, const Card& card, const Scope& scope, const ArrayMember& member)
    : expander_(expander), card_(card), scope_(scope), member_(member) {
  device_.name = name_of_member(scope, card, member);
  device_.where = card.where(std::size_t{0});
  for (std::size_t k = 0; k + 2 < card.words.size(); ++k)
    if (card.words[k + 1] == "=") values_.list.push_back({card.words[k], card.words[k + 2]});
}

void DeviceCard::read() {
  if (card_.words[0][0] == 'y') return read_extension();
  read_letter(card_.words[0][0]);
}

void DeviceCard::read_letter(char letter) {
  const std::vector<const Kind*>& kinds = kinds_of(letter);
  switch (letter) {
    case 'v':
    case 'i': return source();
    case 'e':
    case 'g': return controlled_by_voltage(letter == 'e');
    case 'f':
    case 'h': return controlled_by_current(letter == 'h');
    case 'b': return behavioural();
    case 'k': return coupling();
    default: break;
  }
  if (!kinds.empty()) return plain(kinds);
  for (const auto& [foreign_letter, what] : foreign)
    if (foreign_letter == letter)
      return scope_.error(device_.where, fmt::format("'{}': {} are not supported; devices without a letter of their own are written Y<kind> name node...",
                                                     card_.words[0], what));
  scope_.error(device_.where, fmt::format("no device begins with '{}'", letter));
}

/// `Y<kind> name nodes...`: any registered kind; one that has a letter is read as its letter is. `Y<type>` leaves the kind to the model.
void DeviceCard::read_extension() {
  const std::string_view name = card_.words[0].substr(1);
  const Kind* kind = Registry<Kind>::find(name);
  if (const std::vector<const Kind*>& family = kinds_of_type(name); !kind && !family.empty()) return read_family(family);
  if (!kind) {
    std::vector<std::string_view> names{"crossbar"};
    for (const auto& [known, k] : Registry<Kind>::all()) names.push_back(known);
    return scope_.error(device_.where, fmt::format("unknown kind of device '{}'{}", name, suggest(name, names)));
  }
  if (card_.words.size() < 2) return scope_.error(device_.where, fmt::format("a name is missing: y{} name {}", name, fmt::join(kind->terminals, " ")));
  device_.where = card_.where(std::size_t{1});
  next_ = 2;
  const std::vector<const Kind*> only{kind};
  const bool by_letter = kind->letter && std::string_view("viefghk").find(kind->letter) != std::string_view::npos;
  if (by_letter) read_letter(kind->letter);
  else if (name.substr(0, 11) == "behavioural") value_expression_of(*kind);
  else plain(only);
}

void DeviceCard::read_family(const std::vector<const Kind*>& family) {
  if (card_.words.size() < 2) return scope_.error(device_.where, fmt::format("a name is missing: {} name {} model", card_.words[0], fmt::join(family.front()->terminals, " ")));
  device_.where = card_.where(std::size_t{1});
  next_ = 2;
  plain(family);
}

bool DeviceCard::choose_kind(const std::string& name) {
  device_.kind = Registry<Kind>::find(name);
  if (!device_.kind) scope_.error(device_.where, fmt::format("this program was built without the device '{}'", name));
  return device_.kind != nullptr;
}

std::string DeviceCard::describe() const {
  return fmt::format("'{}'{}", device_.name, device_.kind ? " (" + device_.kind->name + ")" : "");
}

/// Takes `count` nodes; `names` say in messages what they are.
bool DeviceCard::nodes(std::size_t count, const std::vector<std::string>& names) {
  for (std::size_t k = 0; k < count; ++k) {
    if (done() || at_assignment() || peek() == "=") {
      scope_.error(device_.where, fmt::format("'{}' has {} of {} nodes; it needs {}", device_.name, k, count, fmt::join(names, " ")));
      return false;
    }
    if (const std::size_t open = peek().find('['); open != std::string_view::npos && peek().find(':', open) != std::string_view::npos && peek().back() != ']') {
      fail(peek(), fmt::format("the bus '{}' is not closed with ']'", peek()));
      return false;
    }
    device_.node_where.push_back(card_.where(next_));
    std::string node = scope_.node(local_name(scope_, card_, take(), member_));
    device_.nodes.push_back(expander_.add_node(std::move(node), device_.node_where.back()));
  }
  return true;
}

void DeviceCard::take_references(std::size_t count) {
  for (std::size_t k = 0; k < count; ++k) {
    if (done() || at_assignment()) {
      scope_.error(device_.where, fmt::format("'{}' needs the name of the voltage source whose current controls it", device_.name));
      failed_ = true;
      return;
    }
    refer(take());
  }
}

void DeviceCard::refer(std::string_view word) {
  expander_.refer(scope_, local_name(scope_, card_, word, member_), card_.where(word), device_.references.size());
  device_.references.emplace_back(word);
}

ValueContext DeviceCard::value_context(std::string_view field) const {
  const bool infix = std::string_view("rcl").find(card_.words[0][0]) != std::string_view::npos;
  return {.card_values = &values_, .indices = member_.indices.empty() ? nullptr : &member_.indices, .owner = device_.name, .field = field, .infix = infix};
}

double DeviceCard::number(std::string_view text, std::string_view field) { return scope_.number(card_, text, value_context(field)); }

/// `name` may be a word that is not on the card: the field a bare number sets.
void DeviceCard::set(std::string_view name, std::string_view text) { set(name, text, number(text, name)); }

void DeviceCard::set(std::string_view name, std::string_view text, double value) {
  set_field(scope_, *device_.kind, {"", device_.name, name, text, card_, value}, device_.values);
  if (name == "r" && device_.kind->name == "resistor" && value == 0.0) replace_zero_resistance(card_.where(text));
}

void DeviceCard::replace_zero_resistance(Location where) {
  scope_.warning(where, fmt::format("{} of 0 Ohm is replaced by 1 mOhm, as in ngspice; for an ideal short join the nodes or use a 0 V source", describe()));
  device_.values["r"] = 1e-3;
}

/// m= of the instances around.
void DeviceCard::multiply() {
  if (scope_.multiplier == 1.0) return;
  if (device_.kind->field_index("m") == std::string::npos) {
    if (device_.kind->name.find("voltage") == std::string::npos)
      scope_.warning(device_.where, fmt::format("{} cannot be multiplied by m = {:g} of its subcircuit", describe(), scope_.multiplier));
    return;
  }
  const auto [m, fresh] = device_.values.try_emplace("m", 1.0);
  m->second *= scope_.multiplier;
}

void DeviceCard::finish() {
  if (failed_ || !device_.kind) return;
  if (const std::string fault = device_.kind->fault(device_.values); !fault.empty()) return scope_.error(device_.where, fmt::format("{}: {}", describe(), fault));
  multiply();
  expander_.add(std::move(device_), scope_);
}

}  // namespace settle
