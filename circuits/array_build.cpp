// From an array to its nodes, wires, capacitances and cells. The physics is that of expand(); here nothing has a name until somebody asks.
#include "circuits/array_build.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "devices/grid.hpp"
#include "devices/wires.hpp"

namespace settle {
namespace {

/// The rows of one family of wires: a node per crossing, or one per line.
struct Side {
  std::vector<Index> outer;  // per line
  std::vector<Index> line;   // per line, if ideal along it
  Index first = -1;          // of crossing (0, 0), if not
  bool wired() const { return first >= 0; }
};

class Builder {
 public:
  Builder(const FlatArray& array, Rows& rows, const Environment& environment, std::vector<std::unique_ptr<Element>>& elements)
      : array_(array), rows_(rows), environment_(environment), elements_(elements), m_(static_cast<Index>(array.rows.size())),
        n_(static_cast<Index>(array.columns.size())) {}

  void build(const std::function<Index(const std::string&)>& row_of, WireChains& chains) {
    row_ = side(array_.rows, row_of, array_.wires.row_resistance, array_.wires.drive_resistance, ".r");
    column_ = side(array_.columns, row_of, array_.wires.column_resistance, array_.wires.sense_resistance, ".c");
    if (array_.virtual_ground && !column_.wired() && array_.wires.sense_resistance == 0.0)
      std::fill(column_.line.begin(), column_.line.end(), Rows::ground);
    for (const std::string& gate : array_.gates) gate_.push_back(row_of(gate));
    wires();
    capacitances();
    cells();
    if (row_.wired())
      for (Index i = 0; i < m_; ++i) {
        auto& chain = chains.rows.emplace_back();
        for (Index j = 0; j < n_; ++j) chain.push_back(row_at(i, j));
      }
    if (column_.wired())
      for (Index j = 0; j < n_; ++j) {
        auto& chain = chains.columns.emplace_back();
        for (Index i = 0; i < m_; ++i) chain.push_back(column_at(i, j));
      }
  }

 private:
  Side side(const std::vector<std::string>& nodes, const std::function<Index(const std::string&)>& row_of, double along, double end, const char* ending) {
    Side side;
    for (const std::string& node : nodes) side.outer.push_back(row_of(node));
    const Index lines = static_cast<Index>(nodes.size());
    if (along > 0.0) {
      side.first = rows_.add_nodes({array_.name + ending, m_, n_});
    } else if (end > 0.0) {
      const Index first = rows_.add_nodes({array_.name + ending, lines});
      for (Index k = 0; k < lines; ++k) side.line.push_back(first + k);
    } else {
      side.line = side.outer;
    }
    return side;
  }

  Index row_at(Index i, Index j) const { return row_.wired() ? row_.first + i * n_ + j : row_.line[static_cast<std::size_t>(i)]; }
  Index column_at(Index i, Index j) const { return column_.wired() ? column_.first + i * n_ + j : column_.line[static_cast<std::size_t>(j)]; }

  void wires() {
    auto wires = std::make_unique<Wires>();
    row_wires(*wires);
    column_wires(*wires);
    if (wires->count() > 0) elements_.push_back(std::move(wires));
  }

  /// Segment (i, j) lies before node (i, j), segment (i, n) behind the last one.
  void row_wires(Wires& wires) {
    const ArrayWires& w = array_.wires;
    const double end = w.drive_resistance + w.row_resistance;
    const auto outer = [&](Index i) { return row_.outer[static_cast<std::size_t>(i)]; };
    const auto part = [&](const char* name, auto add) {
      wires.begin({array_.name + name, m_}, array_.where);
      for (Index i = 0; i < m_; ++i) add(i);
    };
    if (end > 0.0 && (array_.driven & FlatArray::first)) part(".rd", [&](Index i) { wires.add(outer(i), row_at(i, 0), 1.0 / end); });
    if (end > 0.0 && (array_.driven & FlatArray::last)) part(".re", [&](Index i) { wires.add(outer(i), row_at(i, n_ - 1), 1.0 / end); });
    if (row_.wired() && n_ > 1) {
      wires.begin({array_.name + ".rr", m_, n_ - 1}, array_.where);
      for (Index i = 0; i < m_; ++i)
        for (Index j = 0; j + 1 < n_; ++j) wires.add(row_at(i, j), row_at(i, j + 1), 1.0 / w.row_resistance);
    }
    if (w.row_load > 0.0) part(".rt", [&](Index i) { wires.add(row_at(i, array_.driven == FlatArray::last ? 0 : n_ - 1), Rows::ground, w.row_load); });
  }

  void column_wires(Wires& wires) {
    const ArrayWires& w = array_.wires;
    const double end = w.sense_resistance + w.column_resistance;
    const auto part = [&](const char* name, auto add) {
      wires.begin({array_.name + name, n_}, array_.where);
      for (Index j = 0; j < n_; ++j) add(j);
    };
    const auto end_at = [&](Index i, Index j) {
      const Index outer = column_.outer[static_cast<std::size_t>(j)];
      wires.add(column_at(i, j), array_.virtual_ground ? Rows::ground : outer, 1.0 / end);
      if (array_.virtual_ground) wires.mirror(column_at(i, j), outer, sign(j) / end);
    };
    if (column_.wired() && m_ > 1) {
      wires.begin({array_.name + ".cc", m_ - 1, n_}, array_.where);
      for (Index i = 0; i + 1 < m_; ++i)
        for (Index j = 0; j < n_; ++j) wires.add(column_at(i, j), column_at(i + 1, j), 1.0 / w.column_resistance);
    }
    if (end > 0.0 && (array_.sensed & FlatArray::first)) part(".ct", [&](Index j) { end_at(0, j); });
    if (end > 0.0 && (array_.sensed & FlatArray::last)) part(".cs", [&](Index j) { end_at(m_ - 1, j); });
    if (w.column_load > 0.0) part(".cl", [&](Index j) { wires.add(column_.outer[static_cast<std::size_t>(j)], Rows::ground, w.column_load); });
  }

  double sign(Index j) const { return array_.sign.empty() ? 1.0 : array_.sign[static_cast<std::size_t>(j)]; }

  /// Capacitors between a(k) and b(k), named by a lattice.
  template <class A, class B>
  void capacitors(Lattice names, double c, A a, B b) {
    if (c == 0.0 || names.count() == 0) return;
    Crossings all{.names = std::move(names), .where = array_.where, .rows = {{}, {}}, .into = {}, .gain = {}, .values = {{"c", c}}, .varied = {}, .model_type = {}};
    for (Index k = 0; k < all.names.count(); ++k) {
      all.rows[0].push_back(a(k));
      all.rows[1].push_back(b(k));
    }
    add(*Registry<Kind>::find("capacitor"), all);
  }

  /// An ideal line has the capacitance of all its segments.
  void capacitances() {
    const ArrayWires& w = array_.wires;
    const auto ground = [](Index) { return Rows::ground; };
    const double rows = row_.wired() ? 1.0 : static_cast<double>(n_), columns = column_.wired() ? 1.0 : static_cast<double>(m_);
    const auto node = [&](auto at) { return [this, at](Index k) { return (this->*at)(k / n_, k % n_); }; };
    const auto row = node(&Builder::row_at), column = node(&Builder::column_at);
    const auto row_line = [&](Index i) { return row_at(i, 0); };
    const auto column_line = [&](Index j) { return column_at(0, j); };
    const std::string& name = array_.name;
    if (row_.wired()) {
      capacitors({name + ".crow", m_, n_}, w.row_capacitance, row, ground);
      capacitors({name + ".ccrow", m_ - 1, n_}, w.row_coupling, row, [&](Index k) { return row(k + n_); });
    } else {
      capacitors({name + ".crow", m_}, rows * w.row_capacitance, row_line, ground);
      capacitors({name + ".ccrow", m_ - 1}, rows * w.row_coupling, row_line, [&](Index i) { return row_line(i + 1); });
    }
    if (column_.wired()) {
      capacitors({name + ".ccol", m_, n_}, w.column_capacitance, column, ground);
      capacitors({name + ".cccol", m_, n_ - 1}, w.column_coupling, [&](Index k) { return column_at(k / (n_ - 1), k % (n_ - 1)); },
                 [&](Index k) { return column_at(k / (n_ - 1), k % (n_ - 1) + 1); });
    } else {
      capacitors({name + ".ccol", n_}, columns * w.column_capacitance, column_line, ground);
      capacitors({name + ".cccol", n_ - 1}, columns * w.column_coupling, column_line, [&](Index j) { return column_line(j + 1); });
    }
    capacitors({name + ".ccross", m_, n_}, w.crossing_capacitance, row, column);
  }

  void add(const Kind& kind, const Crossings& crossings) {
    if (crossings.count() == 0) return;
    auto element = kind.make(crossings, rows_, environment_);
    if (!element) throw Error(Fault::netlist, fmt::format("'{}': a {} cannot stand at the crossings of an array", array_.name, kind.name));
    elements_.push_back(std::move(element));
  }

  /// What stands at the crossings, and where its current goes.
  struct Layer {
    const ArrayCells& cells;
    std::string name;
    bool into_row, into_column;
    bool at_column = true;  // false: a selector stands between
  };

  void cells() {
    const bool passive = array_.coupling == FlatArray::Coupling::passive;
    layer({array_.cells, array_.name, passive, true});
    if (array_.coupling == FlatArray::Coupling::pair) layer({array_.back, array_.name + ".back", true, false});
  }

  void layer(const Layer& layer) {
    if (array_.selector.kind) return selected(layer);
    if (layer.cells.kind->name == "conductance") return grid(layer);
    const auto row = [&](Index k) { return row_at(k / n_, k % n_); };
    const auto column = [&](Index k) { return column_at(k / n_, k % n_); };
    bank(layer, row, column);
  }

  void grid(const Layer& layer) {
    GridPlan plan{.names = {layer.name, m_, n_}, .where = array_.where, .row = {row_.line, row_.first}, .column = {column_.line, column_.first},
                  .into = {}, .sign = {}, .into_row = layer.into_row, .into_column = layer.into_column, .values = layer.cells.values, .conductance = {}};
    if (senses_ground()) plan.into = column_.outer, plan.sign = array_.sign;
    const std::string& weight = layer.cells.kind->weight;
    if (const auto varied = layer.cells.varied.find(weight); varied != layer.cells.varied.end()) {
      plan.conductance = varied->second;
    } else {
      const auto given = layer.cells.values.find(weight);
      const double g = given != layer.cells.values.end() ? given->second : layer.cells.kind->fields[layer.cells.kind->field_index(weight)].initial;
      plan.conductance.assign(array_.crossings(), g);
    }
    for (const ArrayFault& fault : array_.faults) plan.conductance[fault.crossing] = fault.conductance;
    elements_.push_back(std::make_unique<Grid>(*layer.cells.kind, std::move(plan)));
  }

  bool senses_ground() const { return array_.virtual_ground && !column_.wired() && column_.line.front() == Rows::ground; }

  /// Healthy devices of the layer's own kind, faulty ones as conductances.
  template <class A, class B>
  void bank(const Layer& layer, A a, B b) {
    std::vector<Index> healthy, faulty;
    auto fault = array_.faults.begin();
    for (Index k = 0; k < m_ * n_; ++k) {
      const bool bad = fault != array_.faults.end() && static_cast<Index>(fault->crossing) == k;
      (bad ? faulty : healthy).push_back(k);
      if (bad) ++fault;
    }
    add_chosen(*layer.cells.kind, layer, healthy, a, b);
    if (faulty.empty()) return;
    ArrayCells broken;
    for (const ArrayFault& f : array_.faults) broken.varied["g"].resize(array_.crossings()), broken.varied["g"][f.crossing] = f.conductance;
    add_chosen(*Registry<Kind>::find("conductance"), {broken, layer.name, layer.into_row, layer.into_column, layer.at_column}, faulty, a, b);
  }
  template <class A, class B>
  void add_chosen(const Kind& kind, const Layer& layer, const std::vector<Index>& places, A a, B b) {
    Crossings all = chosen(layer, places, a, b);
    deliver(layer, places, all);
    add(kind, all);
  }

  template <class A, class B>
  Crossings chosen(const Layer& layer, const std::vector<Index>& places, A a, B b) const {
    Crossings all{.names = {layer.name, m_, n_}, .where = array_.where, .rows = {{}, {}}, .into = {}, .gain = {}, .values = layer.cells.values, .varied = {},
                  .model_type = layer.cells.model_type};
    if (static_cast<Index>(places.size()) < m_ * n_) all.names.chosen = std::make_shared<const std::vector<Index>>(places);
    for (Index k : places) {
      all.rows[0].push_back(a(k));
      all.rows[1].push_back(b(k));
    }
    for (const auto& [field, values] : layer.cells.varied) {
      auto& some = all.varied[field];
      for (Index k : places) some.push_back(values[static_cast<std::size_t>(k)]);
    }
    return all;
  }

  /// Buffered sides get no current; a virtual ground's currents go to the outer nodes.
  void deliver(const Layer& layer, const std::vector<Index>& places, Crossings& all) const {
    const std::size_t last = column_terminal(all);
    const bool elsewhere = layer.at_column && layer.into_column && senses_ground();
    if (layer.into_row && layer.into_column && !elsewhere) return;
    all.into.resize(all.rows.size());
    if (!layer.into_row) all.into[0].assign(places.size(), Rows::ground);
    if (!layer.into_column) all.into[last].assign(places.size(), Rows::ground);
    if (!elsewhere) return;
    for (Index k : places) {
      all.into[last].push_back(column_.outer[static_cast<std::size_t>(k % n_)]);
      all.gain.push_back(sign(k % n_));
    }
  }
  static std::size_t column_terminal(const Crossings& all) { return all.rows.size() == 2 ? 1 : 2; }

  /// Cell to the middle node, selector from there to the column: drain at the middle, source at the column, body at ground.
  void selected(const Layer& layer) {
    const Index middle = rows_.add_nodes({layer.name + ".m", m_, n_});
    const auto row = [&](Index k) { return row_at(k / n_, k % n_); };
    const auto column = [&](Index k) { return column_at(k / n_, k % n_); };
    const auto between = [&](Index k) { return middle + k; };
    bank({layer.cells, layer.name, layer.into_row, true, false}, row, between);
    selectors({array_.selector, layer.name + ".sel", true, layer.into_column}, between, column);
  }

  template <class A, class B>
  void selectors(const Layer& layer, A between, B column) {
    std::vector<Index> places(array_.crossings());
    for (std::size_t k = 0; k < places.size(); ++k) places[k] = static_cast<Index>(k);
    Crossings all = chosen(layer, places, between, column);
    if (!gate_.empty()) {
      all.rows.insert(all.rows.begin() + 1, std::vector<Index>());
      for (Index k : places) all.rows[1].push_back(gate_[static_cast<std::size_t>(k / n_)]);
      while (all.rows.size() < layer.cells.kind->terminals.size()) all.rows.push_back(std::vector<Index>(places.size(), Rows::ground));
    }
    deliver(layer, places, all);
    add(*layer.cells.kind, all);
  }

  const FlatArray& array_;
  Rows& rows_;
  const Environment& environment_;
  std::vector<std::unique_ptr<Element>>& elements_;
  Index m_, n_;
  Side row_, column_;
  std::vector<Index> gate_;
};

}  // namespace

void build_array(const FlatArray& array, const std::function<Index(const std::string&)>& row_of, Rows& rows, const Environment& environment,
                 std::vector<std::unique_ptr<Element>>& elements, WireChains& chains) {
  Builder(array, rows, environment, elements).build(row_of, chains);
}

}  // namespace settle
