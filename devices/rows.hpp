// Rows: the extended state of a circuit, [ground, driven nodes | free nodes, device states]; the right part is what is solved for.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "devices/lattice.hpp"
#include "devices/moment.hpp"
#include "sim/scalar.hpp"

namespace settle {

class Element;

/// One row. A node's rate is the current into it; a device state's rate is its drift.
struct Row {
  std::string name;        // "out", "l1#current"
  std::string unit;        // "V", "A", "C", ...
  double tolerance = 0.0;  // absolute, in the unit
  bool is_node = false;
  bool in_error = true;    // false: a step's error does not look at it
  bool memory = false;     // keeps its value unless written: operating points hold it (Element::put_initial says where)
  std::string describe() const { return is_node ? "node '" + name + "'" : "'" + name + "'"; }
};

/// Tolerances a circuit is built with (`.options`).
struct RowTolerances {
  double voltage = 1e-6;   // vntol, V
  double current = 1e-12;  // abstol, A
  double charge = 1e-14;   // chgtol, C
};

/// A device whose current is a row.
struct CurrentCarrier {
  Index row = -1;
  const Element* element = nullptr;
  Index device = 0;
};

/// Grows while elements are built: elements ask for state rows and modes, and find the current rows of named devices.
class Rows {
 public:
  static constexpr Index ground = 0;

  /// `fixed` nodes first (ground is one), then the free ones.
  Rows(std::vector<Row> nodes, Index fixed, RowTolerances tolerances)
      : row_(std::move(nodes)), fixed_(fixed), tolerances_(tolerances) {}

  Index fixed_count() const { return fixed_; }
  Index count() const { return static_cast<Index>(row_.size()) + in_lattices_; }
  Index unknowns() const { return count() - fixed_; }
  bool is_fixed(Index row) const { return row < fixed_; }
  /// All but the name.
  const Row& kind_of(Index row) const { return row_[static_cast<std::size_t>(place(row).row)]; }
  Row operator[](Index row) const {
    const Place at = place(row);
    Row found = row_[static_cast<std::size_t>(at.row)];
    if (at.lattice) found.name = at.lattice->name(at.member);
    return found;
  }
  const RowTolerances& tolerances() const { return tolerances_; }

  Index add(Row row) {
    row_.push_back(std::move(row));
    return count() - 1;
  }
  /// As many rows as the lattice has members, alike but for the name; returns the first.
  Index add(Lattice lattice, Row alike) {
    const Index first = count(), members = lattice.count();
    if (members == 0) return first;
    row_.push_back(std::move(alike));
    lattice_.push_back({first, members, static_cast<Index>(row_.size()) - 1, std::move(lattice)});
    in_lattices_ += members - 1;
    return first;
  }
  /// The row of that name among the lattices', or -1.
  Index find_in_lattices(std::string_view name) const {
    for (const LatticeRows& rows : lattice_)
      if (const Index member = rows.lattice.find(name); member >= 0) return rows.first + member;
    return -1;
  }
  /// Calls visit(name, row, all but the name) with every row of a lattice.
  template <class Visit>
  void each_in_lattices(Visit visit) const {
    for (const LatticeRows& rows : lattice_)
      for (Index k = 0; k < rows.members; ++k) visit(rows.lattice.name(k), rows.first + k, row_[static_cast<std::size_t>(rows.alike)]);
  }
  /// Calls `visit` with every row that has a name of its own.
  template <class Visit>
  void each_single(Visit visit) const {
    Index row = 0;
    auto next = lattice_.begin();
    for (std::size_t k = 0; k < row_.size(); ++k) {
      if (next != lattice_.end() && next->alike == static_cast<Index>(k)) {
        row += next->members, ++next;
        continue;
      }
      visit(row_[k], row++);
    }
  }
  /// An internal node of a device: its rate is a current.
  Index add_node(std::string name) { return add({std::move(name), "V", tolerances_.voltage, true, true}); }
  Index add_nodes(Lattice lattice) { return add(std::move(lattice), {"", "V", tolerances_.voltage, true, true}); }

  Index add_mode(char initial) {
    mode_.push_back(initial);
    return static_cast<Index>(mode_.size()) - 1;
  }
  const std::vector<char>& modes() const { return mode_; }

  /// Device `name` carries its current in a row; others (F, H, K, W, B) may refer to it.
  void publish_current(const std::string& name, const CurrentCarrier& carrier) { current_[name] = carrier; }
  /// The device of that name if its current is a row; nullptr otherwise.
  const CurrentCarrier* carrier(const std::string& name) const {
    const auto it = current_.find(name);
    return it == current_.end() ? nullptr : &it->second;
  }
  /// The row of the current of device `name`, or -1.
  Index current_of(const std::string& name) const {
    const CurrentCarrier* found = carrier(name);
    return found ? found->row : -1;
  }

 private:
  /// Rows `first` and on, described by the entry `alike` of row_.
  struct LatticeRows {
    Index first, members, alike;
    Lattice lattice;
  };
  struct Place {
    Index row;
    const Lattice* lattice;
    Index member;
  };
  Place place(Index row) const {
    Index skipped = 0;
    for (const LatticeRows& rows : lattice_) {
      if (row < rows.first) break;
      if (row < rows.first + rows.members) return {rows.alike, &rows.lattice, row - rows.first};
      skipped += rows.members - 1;
    }
    return {row - skipped, nullptr, 0};
  }

  std::vector<Row> row_;
  std::vector<LatticeRows> lattice_;
  Index in_lattices_ = 0;  // rows beyond the one entry each lattice has
  Index fixed_;
  RowTolerances tolerances_;
  std::vector<char> mode_;
  std::map<std::string, CurrentCarrier> current_;
};

}  // namespace settle
