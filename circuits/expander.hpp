// Expander: walks the instances of a deck and appends flat devices to a netlist.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "circuits/bus.hpp"
#include "circuits/models.hpp"
#include "circuits/netlist.hpp"
#include "circuits/scope.hpp"
#include "circuits/write_models.hpp"

namespace settle {

/// Which member of an array is being read.
struct ArrayMember {
  const Bus* bus = nullptr;  // nullptr: not an array
  std::size_t member = 0;
  std::vector<IndexValue> indices;  // named ones
};

class Expander {
 public:
  Expander(Elaboration& elaboration, Netlist& netlist);

  /// Everything below the top level.
  void expand(const Scope& top);
  /// Names of nodes and devices that expressions and references use, once all devices are known.
  void resolve();

  /// `name` as used in a scope, or through the instances in between ("x1.in"); "" if there is no such node.
  std::string find_node(const std::string& flat) const;

  /// `top` and all scopes in it.
  std::vector<const Scope*> scopes(const Scope& top) const;

  /// For readers of device cards.
  void add(FlatDevice device, const Scope& scope);
  void add(FlatArray array, const Scope& scope);
  std::string add_node(std::string name, Location where);
  /// To be checked at the end: device `reader` uses the current of `name`.
  void refer(const Scope& scope, std::string_view name, Location where, std::size_t place);
  void read_inputs(BehaviouralText& text, const Scope& scope, const Card& card, const ArrayMember& member, std::string_view source);
  /// Drops what refer() and read_inputs() noted since the last add().
  void forget_uses() { new_inputs_.clear(), new_references_.clear(); }
  bool full() const { return instances_ >= elaboration_.deck.most_instances; }
  Models& models() { return models_; }
  WriteModels& writes() { return writes_; }
  Elaboration& elaboration() { return elaboration_; }
  TimeWindow window;  // of .tran, for defaults of waveforms

 private:
  struct Reference {
    std::size_t device, place;
    const Scope* scope;
    std::string name;
    Location where;
  };
  struct GivenNode {
    std::string name;
    Location where;
  };
  struct InputUse {
    std::size_t device, expression, input;
    bool minus;
    const Scope* scope;
    Location where;
  };

  void expand_card(const Card& card, const Scope& scope);
  void read_member(const Card& card, const Scope& scope, const ArrayMember& member);
  void subcircuit(const Card& card, const Scope& scope, const ArrayMember& member);
  void instantiate(const Card& card, const Scope& scope, const ArrayMember& member, const Definition& definition, std::size_t name_word);
  std::vector<GivenNode> nodes_of(const Card& card, const Scope& scope, const ArrayMember& member, std::size_t end) const;
  void give_values(Scope& inside, const Card& card, const Scope& scope, const ArrayMember& member, std::size_t first_word);
  bool contains_itself(const Card& card, const Scope& scope, const Definition& definition, std::string_view name) const;
  bool count_instance(const Card& card, const Scope& scope);
  void resolve_reference(const Reference& reference);
  void resolve_input(const InputUse& use);
  void resolve_current(InputSource& input, const InputUse& use);
  const FlatDevice* find_device(const std::string& flat) const;
  std::vector<std::string_view> nearby_names(const Scope& scope, bool devices) const;

  Elaboration& elaboration_;
  Netlist& netlist_;
  Models models_;
  WriteModels writes_;
  std::vector<std::unique_ptr<Scope>> scopes_;
  std::unordered_map<std::string, std::size_t> device_by_name_;
  std::vector<Reference> references_;
  std::vector<InputUse> inputs_;
  std::vector<InputUse> new_inputs_;       // of the device being read
  std::vector<Reference> new_references_;
  std::size_t instances_ = 0;
  bool told_full_ = false;
};

/// What a word of an array's card names for one member: its place in a bus, or an index expression worked out.
std::string local_name(const Scope& scope, const Card& card, std::string_view word, const ArrayMember& member);
std::string name_of_member(const Scope& scope, const Card& card, const ArrayMember& member);

}  // namespace settle
