// Scope: one instance of a definition: the values of its parameters, evaluated when first asked for, and the nodes its ports are tied to.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "circuits/deck.hpp"
#include "sim/expression.hpp"

namespace settle {

/// Values of top-level parameters that replace those of the deck.
using Overrides = std::map<std::string, double>;

class Scope;

/// What one elaboration shares between its scopes.
struct Elaboration {
  const Deck& deck;
  Diagnostics& diagnostics;
  std::uint64_t seed = 0;
  double temperature = 27.0;                                   // degrees Celsius
  double nominal_temperature = 27.0;
  std::vector<std::pair<const Scope*, std::string_view>> evaluating;  // parameters under way, outermost first
};

/// A value of an index variable of an array, `i` in R[i=0:9].
using IndexValue = std::pair<std::string_view, double>;

/// The name=value pairs of one card; each is evaluated once when another one refers to it.
struct CardValues {
  std::vector<Assignment> list;
  mutable std::vector<std::optional<double>> known;
};

/// Around one value: other values of the same card, indices of an array, and whom random numbers belong to.
struct ValueContext {
  const CardValues* card_values = nullptr;
  const std::vector<IndexValue>* indices = nullptr;
  std::string_view owner = {};  // full name: "x1.r1", "param x1.w", "model nm"
  std::string_view field = {};  // of the owner; "" for what the place on the card says
  bool infix = false;  // 4k7 is fine
};

class Scope final : public Names {
 public:
  /// `prefix` goes before all names inside: "x1.x3.". `call` is the X card.
  Scope(Elaboration& elaboration, const Definition& definition, const Scope* caller, std::string prefix, Location call);

  /// A parameter's value from outside; it wins over the definition. False if the definition does not know the name.
  bool give(std::string_view name, double value);
  void connect(std::string_view port, std::string node) { ports_.emplace(port, std::move(node)); }
  /// Evaluates what nothing has asked for, so that every mistake is found.
  void evaluate_all() const;

  const Definition& definition() const { return definition_; }
  const Scope* caller() const { return caller_; }
  const std::string& prefix() const { return prefix_; }
  Elaboration& elaboration() const { return elaboration_; }
  double multiplier = 1.0;  // m= of all instances around
  int depth = 0;

  std::string node(std::string_view name) const;
  std::string device(std::string_view name) const { return prefix_ + std::string(name); }

  /// The scope, from here outwards through the callers, in which the definition `of` was instantiated.
  const Scope& home(const Definition& of) const;
  const Definition* find_subcircuit(std::string_view name) const;
  std::pair<const ModelCard*, const Scope*> find_model(std::string_view name) const;

  /// A number, {expression}, 'expression' or parameter; NaN after an error was reported.
  double number(const Card& card, std::string_view text, const ValueContext& context = {}) const;
  /// May contain voltages, currents and time. A constant one has no inputs.
  Expression expression(const Card& card, std::string_view text, const ValueContext& context = {}) const;

  /// Messages with the instances around.
  void error(Location where, const std::string& text, std::vector<Note> notes = {}) const;
  void warning(Location where, const std::string& text, std::vector<Note> notes = {}) const;
  /// Instance names, outermost first.
  std::vector<std::string> path() const;

  std::optional<double> parameter(std::string_view name) const override;
  const UserFunction* function(std::string_view name) const override;
  std::vector<std::string> known() const override;
  /// All parameters of this scope with their values.
  std::map<std::string, double> values() const;

 private:
  struct Parameter {
    const DefinedValue* defined = nullptr;  // nullptr: given
    mutable double value = 0.0;
    mutable enum class State { fresh, evaluating, known } state = State::fresh;
  };

  void define(const DefinedValue& value);
  double value_of(std::string_view name, const Parameter& parameter) const;
  void report_cycle(std::string_view name, const Parameter& parameter) const;
  ParsedExpression parsed(const Card& card, std::string_view text, const ValueContext& context, ExpressionUse use) const;
  void add_trace(std::vector<Note>& notes) const;

  Elaboration& elaboration_;
  const Definition& definition_;
  const Scope* caller_;
  std::string prefix_;
  Location call_;
  std::unordered_map<std::string_view, Parameter> parameters_;
  std::unordered_map<std::string_view, std::string> ports_;
};

bool is_ground(std::string_view node);

}  // namespace settle
