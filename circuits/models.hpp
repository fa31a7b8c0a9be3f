// Models: `.model` cards matched with the kinds of devices they describe, evaluated once per scope.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "circuits/scope.hpp"
#include "devices/kind.hpp"

namespace settle {

struct Model {
  const Kind* kind = nullptr;  // nullptr: an error was reported
  bool foreign = false;        // a model of another sort of device
  std::string name, type;
  std::map<std::string, double> values;
};

/// Place of a field under its own name, an alias, or what model cards call it; npos if there is none.
std::size_t find_field(const Kind& kind, std::string_view name, bool in_model);

/// "at least 1 Ohm", "0 V to 1 V": the bounds of a field.
std::string range_text(const Field& field);

/// All kinds whose cards begin with a letter.
const std::vector<const Kind*>& kinds_of(char letter);

/// All kinds a model of that type may describe: "memristor" stands for many.
const std::vector<const Kind*>& kinds_of_type(std::string_view type);

/// One name=value of a device or model, with the places of both words.
struct GivenField {
  std::string_view sort;   // of the owner, for messages: "model ", or nothing for a device
  std::string_view owner;
  std::string_view name, value_text;
  const Card& card;
  double value;
};

/// Sets a field after checking its name and bounds.
void set_field(const Scope& scope, const Kind& kind, const GivenField& given, std::map<std::string, double>& values);

class Models {
 public:
  /// The model called `word` in `scope` for a device of one of `kinds`; nullptr if there is none of that name.
  const Model* find(const Scope& scope, const Card& card, std::string_view word, const std::vector<const Kind*>& kinds);

 private:
  Model read(const ModelCard& card, const Scope& home, const std::vector<const Kind*>& kinds) const;
  const Kind* choose(const ModelCard& card, const Scope& home, const std::vector<const Kind*>& kinds, bool& foreign) const;

  std::map<std::tuple<const ModelCard*, const Scope*, const Kind*>, Model> known_;
};

}  // namespace settle
