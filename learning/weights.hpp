// Weights: the devices a circuit learns with, as one vector of conductances, and the only way from an error signal to their gradient.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "circuits/circuit.hpp"
#include "circuits/diagnostics.hpp"

namespace settle {

struct WriteSetting;

class Weights {
 public:
  /// Devices of one element that are alike: a layer of an array, or plain devices of one kind.
  struct Group {
    std::string name;  // "xb", or the kind of plain devices
    Element* element = nullptr;
    std::size_t field = 0;
    bool converted = false;      // the weight is the small-signal conductance (S) this field gives
    std::vector<Index> device;   // of the element
    std::shared_ptr<const WriteSetting> write = {};  // null: not said
    Index first = 0;             // of its weights among all
    Index count() const { return static_cast<Index>(device.size()); }
    /// All devices of the element, in their order, by the field itself.
    bool whole() const { return count() == element->count() && !converted; }
  };

  /// Devices that fit a pattern (a name, an array, `*` for anything); without patterns all that have a conductance to be programmed. Throws
  /// Error (netlist), without a place, if there are none.
  Weights(const Netlist& netlist, Circuit& circuit, const Environment& environment, const std::vector<std::string>& patterns);

  Index count() const { return count_; }
  const std::vector<Group>& groups() const { return groups_; }
  const Group& group_of(Index weight) const;
  std::string name(Index weight) const;
  std::string unit(const Group& group) const;

  Vector<double> values() const;
  /// The circuit has these from now on; systems built on it before do not know.
  void set(const Vector<double>& values);
  /// What the weight may be.
  std::array<double, 2> range(Index weight) const;

  /// Adds lambda^T df/dw to `gradient`; x and lambda have all rows, lambda zero where nothing is solved for.
  /// `wanted`: per group, whether to; null: all.
  template <Scalar S>
  void add_pullback(const Block<S>& x, const Moment& now, const Block<S>& lambda, Vector<S>& gradient, const std::vector<char>* wanted = nullptr) const;

 private:
  Values values_of(const Group& group, Index device) const;
  double conductance_slope(const Group& group, Index device) const;

  Circuit& circuit_;
  Environment environment_;
  std::vector<Group> groups_;
  Index count_ = 0;
};

/// Reports patterns that fit no device of the netlist at the words that have them.
void check_patterns(const std::vector<Word>& patterns, const Netlist& netlist, Diagnostics& diagnostics);

extern template void Weights::add_pullback(const Block<double>&, const Moment&, const Block<double>&, Vector<double>&, const std::vector<char>*) const;
extern template void Weights::add_pullback(const Block<Complex>&, const Moment&, const Block<Complex>&, Vector<Complex>&, const std::vector<char>*) const;

}  // namespace settle
