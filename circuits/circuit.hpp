// Circuit: devices connected. It owns every element, knows every row by name, and where in M and df/dx each element stamps.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "circuits/array_build.hpp"
#include "circuits/netlist.hpp"
#include "circuits/places.hpp"
#include "devices/element.hpp"
#include "devices/rows.hpp"
#include "sim/pattern.hpp"

namespace settle {

/// One device of a circuit.
struct DeviceRef {
  Element* element = nullptr;
  Index index = 0;
  std::string name() const { return element->name(index); }
};

/// A voltage source whose terminal `terminal` drives its node.
struct Drive {
  std::size_t device;  // of the netlist
  int terminal;
};

/// Values of a matrix over all rows: entries of the pattern (unknowns only), then the border, then one slot for whatever touches ground.
class Circuit {
 public:
  Circuit(const Netlist& netlist, const RowTolerances& tolerances, const Environment& environment);
  Circuit(const Circuit&) = delete;

  const Rows& rows() const { return *rows_; }
  const std::vector<std::unique_ptr<Element>>& elements() const { return element_; }
  const std::vector<std::string>& nodes() const { return nodes_; }  // in deck order, without ground

  /// Row of a node or of a device's state; -1 if there is none of that name.
  Index find_row(std::string_view name) const;
  /// The device of that name; element is null if there is none.
  DeviceRef find_device(std::string_view name) const;
  /// All devices of the deck's own cards, in their order; those of arrays are in elements().
  const std::vector<DeviceRef>& devices() const { return devices_; }
  /// Calls visit(device) for all devices of arrays.
  template <class Visit>
  void each_in_arrays(Visit visit) const {
    for (std::size_t e = of_cards_; e < element_.size(); ++e)
      for (Index k = 0; k < element_[e]->count(); ++k) visit(DeviceRef{element_[e].get(), k});
  }

  const Pattern& pattern() const { return pattern_; }
  Index slots() const { return slots_; }
  const std::vector<Border>& border() const { return border_; }
  /// M over the pattern and the border.
  const Vector<double>& mass() const { return mass_; }
  /// True if every element is linear.
  bool linear() const { return linear_; }

  /// Adds df/dx of one sample (all rows in `x`) over pattern and border: of the linear elements, or of the others.
  template <Scalar S>
  void add_jacobian(const Block<S>& x, const Moment& now, bool linear_part, Vector<S>& values) const;
  /// Where element `k` stamps its Jacobian.
  template <Scalar S>
  Stamps<S> stamps(std::size_t k, Vector<S>& values) const {
    return Stamps<S>(jacobian_slots_, first_slot_[k], values.data());
  }

  /// Derives everything that depends on temperature.
  void prepare(const Environment& environment);
  /// To be called after a field was set.
  void refresh() { fill_mass(); }

 private:
  void order_nodes(const Netlist& netlist, const RowTolerances& tolerances);
  void make_elements(const Netlist& netlist, const Environment& environment);
  void make_pattern();
  std::shared_ptr<const Lines> lines() const;
  void fill_mass();

  std::unique_ptr<Rows> rows_;
  std::vector<std::string> nodes_;
  std::vector<Drive> driving_;  // in the order of dependence
  std::vector<std::unique_ptr<Element>> element_;
  std::size_t of_cards_ = 0;  // elements of device cards; those behind them belong to arrays
  std::vector<DeviceRef> devices_;
  WireChains chains_;
  std::unordered_map<std::string, Index> row_by_name_;
  std::unordered_map<std::string, DeviceRef> device_by_name_;

  Pattern pattern_;
  std::vector<Border> border_;
  Index slots_ = 0;
  std::vector<int> jacobian_slots_, mass_slots_;
  std::vector<std::size_t> first_slot_;  // per element
  Vector<double> mass_;
  bool linear_ = true;
};

}  // namespace settle
