// Deck: a netlist as cards, read once. Scopes hold what is defined in them; nothing is evaluated yet.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "circuits/diagnostics.hpp"
#include "circuits/lexer.hpp"
#include "sim/expression.hpp"

namespace settle {

/// name=value on some card.
struct DefinedValue {
  std::string_view name;
  std::string_view value;
  const Card* card = nullptr;
};

/// `.model name type name=value...`
struct ModelCard {
  std::string_view name, type;
  std::vector<Assignment> values;
  const Card* card = nullptr;
};

struct FunctionCard {
  UserFunction function;
  std::string_view name;
  const Card* card = nullptr;
};

/// The body of a subcircuit, or the deck's own top level.
struct Definition {
  std::string name;                       // "" for the top level
  const Card* card = nullptr;             // .subckt
  std::vector<std::string_view> ports;
  std::deque<std::string> bus_ports;      // what those of a bus are called: in[0], in[1], ...
  std::vector<DefinedValue> formals;      // parameters with their defaults
  std::vector<DefinedValue> parameters;   // .param
  std::vector<const Card*> devices;
  std::vector<const Card*> conditions;    // .ic and .nodeset
  std::unordered_map<std::string_view, ModelCard> models;
  std::unordered_map<std::string_view, FunctionCard> functions;
  std::unordered_map<std::string_view, std::unique_ptr<Definition>> subcircuits;
  const Definition* outer = nullptr;
};

/// Views point into the Sources it was read from and into `joined`.
struct Deck {
  std::string title;
  const Sources* sources = nullptr;
  std::deque<JoinedText> joined;
  std::deque<Card> cards;
  std::unique_ptr<Definition> top;
  std::vector<const Card*> commands;               // dot cards that speak of the whole deck, in order
  std::unordered_set<std::string_view> globals;    // nodes
  std::size_t most_instances = 0;                  // ReadOptions
  std::vector<std::string> analyses, settings;
  bool includes = true;
};

struct ReadOptions {
  std::vector<std::string> analyses{"op", "dc", "tran", "ac"};  // words of analysis cards
  std::vector<std::string> settings;                            // words of cards that set a scene for analyses
  bool includes = true;                                         // false: .include and .lib of files are errors
  std::size_t most_instances = 5'000'000;                       // devices and subcircuits; more are an error
};

/// Reads a deck from a file. Throws Error(Fault::file) if that file cannot be read; everything else is a diagnostic.
Deck read_deck(const std::string& path, Sources& sources, Diagnostics& diagnostics, const ReadOptions& options = {});

/// Reads a deck from memory; `name` stands for the file's name, and for its folder where files are included.
Deck read_deck_text(const std::string& name, const std::string& text, Sources& sources, Diagnostics& diagnostics, const ReadOptions& options = {});

}  // namespace settle
