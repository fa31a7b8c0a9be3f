// An array's devices in the order of its crossings. Wires:
//   xb.rd[i] rows[i] to the first node of wire i, xb.re[i] to the last one; xb.rr[i,j] from r[i,j] to r[i,j+1]; xb.rt[i] to ground
//   xb.ct[j] columns[j] to the first node of wire j, xb.cs[j] to the last one; xb.cc[i,j] from c[i,j] to c[i+1,j]; xb.cl[j] to ground
#include "circuits/array_expand.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

namespace settle {
namespace {

class Expansion {
 public:
  explicit Expansion(const FlatArray& array) : array_(array), w_(array.wires), m_(array.rows.size()), n_(array.columns.size()) {}

  ArrayExpansion expand() {
    for (std::size_t i = 0; i < m_; ++i) row_wire(i);
    for (std::size_t j = 0; j < n_; ++j) column_wire(j);
    capacitances();
    layer(array_.cells, array_.name, {.into_row = array_.coupling == FlatArray::Coupling::passive});
    if (array_.coupling == FlatArray::Coupling::pair) layer(array_.back, array_.name + ".back", {.into_column = false});
    return std::move(result_);
  }

 private:
  /// Which wires get the current of a layer's devices; a buffer stands in for the other one.
  struct Sides {
    bool into_row = true, into_column = true;
  };

  std::string member(const char* what, std::size_t i) const { return fmt::format("{}.{}[{}]", array_.name, what, i); }
  std::string member(const char* what, std::size_t i, std::size_t j) const { return fmt::format("{}.{}[{},{}]", array_.name, what, i, j); }

  bool rows_have_nodes() const { return w_.row_resistance > 0.0; }
  bool columns_have_nodes() const { return w_.column_resistance > 0.0; }
  double row_end() const { return w_.drive_resistance + w_.row_resistance; }
  double column_end() const { return w_.sense_resistance + w_.column_resistance; }

  std::string row(std::size_t i, std::size_t j) const {
    return rows_have_nodes() ? member("r", i, j) : row_end() > 0.0 ? member("r", i) : array_.rows[i];
  }
  std::string column(std::size_t i, std::size_t j) const {
    const bool own = column_end() > 0.0 || array_.virtual_ground;
    return columns_have_nodes() ? member("c", i, j) : own ? member("c", j) : array_.columns[j];
  }

  FlatDevice& add(const Kind& kind, std::string name, std::vector<std::string> nodes) {
    for (const std::string& node : nodes)
      if (node != "0" && known_.insert(node).second) result_.nodes.push_back(node);
    FlatDevice device;
    device.kind = &kind;
    device.name = std::move(name);
    device.where = array_.where;
    device.node_where.assign(nodes.size(), array_.where);
    device.nodes = std::move(nodes);
    device.path = array_.path;
    return result_.devices.emplace_back(std::move(device));
  }
  FlatDevice& add(const char* kind, std::string name, std::vector<std::string> nodes) { return add(*Registry<Kind>::find(kind), std::move(name), std::move(nodes)); }
  void add(const char* kind, std::string name, const std::string& a, const std::string& b, double value) {
    FlatDevice& device = add(kind, std::move(name), {a, b});
    device.values[device.kind->principal] = value;
  }
  void resistor(std::string name, const std::string& a, const std::string& b, double ohms) { add("resistor", std::move(name), a, b, ohms); }

  void row_wire(std::size_t i) {
    if (row_end() > 0.0 && (array_.driven & FlatArray::first)) resistor(member("rd", i), array_.rows[i], row(i, 0), row_end());
    if (rows_have_nodes())
      for (std::size_t j = 0; j + 1 < n_; ++j) resistor(member("rr", i, j), row(i, j), row(i, j + 1), w_.row_resistance);
    if (row_end() > 0.0 && (array_.driven & FlatArray::last)) resistor(member("re", i), array_.rows[i], row(i, n_ - 1), row_end());
    if (w_.row_load > 0.0) resistor(member("rt", i), row(i, array_.driven == FlatArray::last ? 0 : n_ - 1), "0", 1.0 / w_.row_load);
  }

  void column_wire(std::size_t j) {
    const bool resists = column_end() > 0.0;
    if (columns_have_nodes())
      for (std::size_t i = 0; i + 1 < m_; ++i) resistor(member("cc", i, j), column(i, j), column(i + 1, j), w_.column_resistance);
    if (resists && (array_.sensed & FlatArray::first)) column_end("ct", 0, j);
    if (resists && (array_.sensed & FlatArray::last)) column_end("cs", m_ - 1, j);
    if (!resists && array_.virtual_ground) ideal_ground(j);
    if (w_.column_load > 0.0) resistor(member("cl", j), array_.columns[j], "0", 1.0 / w_.column_load);
  }

  /// What flows through the last resistance into a virtual ground flows, times the sign, into the column's node.
  void column_end(const char* what, std::size_t i, std::size_t j) {
    resistor(member(what, j), column(i, j), array_.virtual_ground ? "0" : array_.columns[j], column_end());
    if (!array_.virtual_ground) return;
    FlatDevice& mirror = add("vccs", fmt::format("{}.m{}[{}]", array_.name, what, j), {"0", array_.columns[j], column(i, j), "0"});
    mirror.values["gain"] = array_.sign[j] / column_end();
  }

  void ideal_ground(std::size_t j) {
    add("voltage", member("cv", j), column(0, j), "0", 0.0);
    FlatDevice& mirror = add("cccs", member("mcv", j), {"0", array_.columns[j]});
    mirror.references = {member("cv", j)};
    mirror.values["gain"] = array_.sign[j];
  }

  void capacitor(std::string name, const std::string& a, const std::string& b, double farads) {
    if (farads > 0.0 && a != b) add("capacitor", std::move(name), a, b, farads);
  }

  /// An ideal line is one node and has the capacitance of all its segments.
  void capacitances() {
    const double along_row = static_cast<double>(n_), along_column = static_cast<double>(m_);
    if (!rows_have_nodes())
      for (std::size_t i = 0; i < m_; ++i) {
        capacitor(member("crow", i), row(i, 0), "0", along_row * w_.row_capacitance);
        if (i + 1 < m_) capacitor(member("ccrow", i), row(i, 0), row(i + 1, 0), along_row * w_.row_coupling);
      }
    if (!columns_have_nodes())
      for (std::size_t j = 0; j < n_; ++j) {
        capacitor(member("ccol", j), column(0, j), "0", along_column * w_.column_capacitance);
        if (j + 1 < n_) capacitor(member("cccol", j), column(0, j), column(0, j + 1), along_column * w_.column_coupling);
      }
    for (std::size_t i = 0; i < m_; ++i)
      for (std::size_t j = 0; j < n_; ++j) capacitances(i, j);
  }

  void capacitances(std::size_t i, std::size_t j) {
    const std::string r = row(i, j), c = column(i, j);
    if (rows_have_nodes()) {
      capacitor(member("crow", i, j), r, "0", w_.row_capacitance);
      if (i + 1 < m_) capacitor(member("ccrow", i, j), r, row(i + 1, j), w_.row_coupling);
    }
    if (columns_have_nodes()) {
      capacitor(member("ccol", i, j), c, "0", w_.column_capacitance);
      if (j + 1 < n_) capacitor(member("cccol", i, j), c, column(i, j + 1), w_.column_coupling);
    }
    capacitor(member("ccross", i, j), r, c, w_.crossing_capacitance);
  }

  void layer(const ArrayCells& cells, const std::string& stem, Sides sides) {
    auto fault = array_.faults.begin();
    for (std::size_t k = 0; k < array_.crossings(); ++k) {
      const bool faulty = fault != array_.faults.end() && fault->crossing == k;
      crossing(cells, stem, sides, k, faulty ? &*fault++ : nullptr);
    }
  }

  /// Cell from the row to the column, or to the middle node in front of the selector: drain at the middle, source at the column, body at ground.
  void crossing(const ArrayCells& cells, const std::string& stem, Sides sides, std::size_t k, const ArrayFault* fault) {
    const std::size_t i = k / n_, j = k % n_;
    const std::string index = fmt::format("[{},{}]", i, j), far = sides.into_column ? column(i, j) : buffered("bc", column(i, j), i, j, columns_have_nodes());
    const std::string near = sides.into_row ? row(i, j) : buffered("br", row(i, j), i, j, rows_have_nodes());
    const bool selected = array_.selector.kind != nullptr;
    cell(cells, stem + index, near, selected ? stem + ".m" + index : far, k, fault);
    if (!selected) return;
    std::vector<std::string> nodes{stem + ".m" + index, far};
    if (!array_.gates.empty()) nodes = {stem + ".m" + index, array_.gates[i], far};
    nodes.resize(array_.selector.kind->terminals.size(), "0");
    set(array_.selector, add(*array_.selector.kind, stem + ".sel" + index, nodes), k);
  }

  void cell(const ArrayCells& cells, const std::string& name, const std::string& a, const std::string& b, std::size_t k, const ArrayFault* fault) {
    if (fault) add("conductance", name, a, b, fault->conductance);
    else set(cells, add(*cells.kind, name, {a, b}), k);
  }

  static void set(const ArrayCells& cells, FlatDevice& device, std::size_t k) {
    device.model = cells.model;
    device.model_type = cells.model_type;
    device.values = cells.values;
    for (const auto& [field, values] : cells.varied) device.values[field] = values[k];
  }

  /// A node that follows a line's node and can supply any current.
  std::string buffered(const char* what, const std::string& node, std::size_t i, std::size_t j, bool each) {
    const std::size_t line = what[1] == 'r' ? i : j;
    const std::string name = each ? member(what, i, j) : member(what, line);
    if (node == "0") return "0";
    if (buffered_.insert(name).second) {
      const std::string source = each ? fmt::format("{}.e{}[{},{}]", array_.name, what, i, j) : fmt::format("{}.e{}[{}]", array_.name, what, line);
      add("vcvs", source, {name, "0", node, "0"}).values["gain"] = 1.0;
    }
    return name;
  }

  const FlatArray& array_;
  const ArrayWires& w_;
  std::size_t m_, n_;
  ArrayExpansion result_;
  std::unordered_set<std::string> known_, buffered_;
};

}  // namespace

ArrayExpansion expand(const FlatArray& array) { return Expansion(array).expand(); }

void expand_arrays(Netlist& netlist) {
  for (const FlatArray& array : netlist.arrays) {
    ArrayExpansion expansion = expand(array);
    for (const std::string& node : expansion.nodes)
      if (netlist.node_where.try_emplace(node, array.where).second) netlist.nodes.push_back(node);
    netlist.devices.insert(netlist.devices.end(), std::make_move_iterator(expansion.devices.begin()), std::make_move_iterator(expansion.devices.end()));
  }
  netlist.arrays.clear();
}

}  // namespace settle
