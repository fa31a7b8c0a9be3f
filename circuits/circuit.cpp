// Circuit: from flat devices to rows, elements and the places of M and df/dx.
#include "circuits/circuit.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace settle {
namespace {

/// Devices whose current somebody reads keep it as a state, so their node cannot be driven.
std::set<std::string> read_currents(const Netlist& netlist) {
  std::set<std::string> names;
  for (const FlatDevice& device : netlist.devices) {
    names.insert(device.references.begin(), device.references.end());
    for (const BehaviouralText& text : device.expressions)
      for (const InputSource& input : text.inputs)
        if (input.what == InputSource::What::current) names.insert(input.plus);
  }
  return names;
}

/// Nodes whose voltage sources give directly, nearest to ground first: the tree of sources that hangs on ground.
std::vector<Drive> driven_nodes(const Netlist& netlist) {
  const std::set<std::string> read = read_currents(netlist);
  std::multimap<std::string, std::size_t> at_node;
  for (std::size_t k = 0; k < netlist.devices.size(); ++k) {
    const FlatDevice& device = netlist.devices[k];
    if (!device.kind->drives || read.count(device.name)) continue;
    for (int terminal : {0, 1}) at_node.emplace(device.nodes[static_cast<std::size_t>(terminal)], k);
  }
  std::vector<Drive> drives;
  std::set<std::string> known{"0"};
  std::vector<std::string> front{"0"};
  for (std::size_t next = 0; next < front.size(); ++next) {
    const auto [begin, end] = at_node.equal_range(front[next]);
    for (auto it = begin; it != end; ++it) {
      const FlatDevice& source = netlist.devices[it->second];
      const int terminal = source.nodes[0] == front[next] ? 1 : 0;
      const std::string& node = source.nodes[static_cast<std::size_t>(terminal)];
      if (!known.insert(node).second) continue;
      drives.push_back({it->second, terminal});
      front.push_back(node);
    }
  }
  return drives;
}

}  // namespace

Circuit::Circuit(const Netlist& netlist, const RowTolerances& tolerances, const Environment& environment) : nodes_(netlist.nodes) {
  order_nodes(netlist, tolerances);
  make_elements(netlist, environment);
  make_pattern();
}

void Circuit::order_nodes(const Netlist& netlist, const RowTolerances& tolerances) {
  std::vector<Row> rows{{"0", "V", tolerances.voltage, true, false}};
  row_by_name_["0"] = Rows::ground;
  const auto add = [&](const std::string& node) {
    if (!row_by_name_.emplace(node, static_cast<Index>(rows.size())).second) return;
    rows.push_back({node, "V", tolerances.voltage, true, true});
  };
  const std::vector<Drive> drives = driven_nodes(netlist);
  for (const Drive& drive : drives) {
    const FlatDevice& source = netlist.devices[drive.device];
    add(source.nodes[static_cast<std::size_t>(drive.terminal)]);
    driving_.push_back(drive);
  }
  const Index fixed = static_cast<Index>(rows.size());
  for (const std::string& node : netlist.nodes) add(node);
  rows_ = std::make_unique<Rows>(std::move(rows), fixed, tolerances);
}

namespace {

BoundExpression bound_to(const BehaviouralText& text, const std::unordered_map<std::string, Index>& row, const Rows& rows) {
  BoundExpression bound{text.expression, {}, {}};
  for (const InputSource& input : text.inputs) {
    Index plus = -1, minus = Rows::ground;
    if (input.what == InputSource::What::voltage) {
      plus = row.at(input.plus);
      if (!input.minus.empty()) minus = row.at(input.minus);
    } else if (input.what == InputSource::What::current) {
      plus = rows.current_of(input.plus);
      if (plus < 0) throw Error(Fault::netlist, "the current of '" + input.plus + "' is not a state of the circuit; read it through a 0 V source in series");
    }
    bound.plus.push_back(plus);
    bound.minus.push_back(minus);
  }
  return bound;
}

}  // namespace

void Circuit::make_elements(const Netlist& netlist, const Environment& environment) {
  std::map<std::pair<int, std::string>, std::vector<std::size_t>> members;  // by stage and kind
  std::map<std::size_t, int> driven_terminal;
  for (const Drive& drive : driving_) {
    driven_terminal[drive.device] = drive.terminal;
    const Kind& kind = *netlist.devices[drive.device].kind;
    members[{kind.stage, kind.name}].push_back(drive.device);  // in the order of dependence, before the others
  }
  for (std::size_t k = 0; k < netlist.devices.size(); ++k)
    if (!driven_terminal.count(k)) members[{netlist.devices[k].kind->stage, netlist.devices[k].kind->name}].push_back(k);

  devices_.resize(netlist.devices.size());
  for (const auto& [key, list] : members) {
    std::vector<Instance> instances;
    for (std::size_t k : list) {
      const FlatDevice& device = netlist.devices[k];
      Instance instance{.name = device.name, .where = device.where, .rows = {}, .values = device.values, .model_type = device.model_type,
                        .expressions = {}, .references = device.references, .waveform = device.waveform, .small_signal = device.small_signal};
      for (const std::string& node : device.nodes) instance.rows.push_back(row_by_name_.at(node));
      for (const BehaviouralText& text : device.expressions) instance.expressions.push_back(bound_to(text, row_by_name_, *rows_));
      const auto driven = driven_terminal.find(k);
      if (driven != driven_terminal.end()) instance.driven = driven->second;
      instances.push_back(std::move(instance));
    }
    const Kind& kind = *netlist.devices[list.front()].kind;
    element_.push_back(kind.make(instances, *rows_, environment));
    for (std::size_t i = 0; i < list.size(); ++i) devices_[list[i]] = {element_.back().get(), static_cast<Index>(i)};
  }
  of_cards_ = element_.size();
  for (const FlatArray& array : netlist.arrays)
    build_array(array, [&](const std::string& node) { return row_by_name_.at(node); }, *rows_, environment, element_, chains_);
  for (const DeviceRef& device : devices_) device_by_name_.emplace(device.name(), device);
  rows_->each_single([&](const Row& row, Index at) { row_by_name_.emplace(row.name, at); });
}

void Circuit::make_pattern() {
  const Block<double> rest = Block<double>::Zero(rows_->count(), 1);
  const Modes modes(rows_->modes(), 1);
  PlaceRecorder mass_places, jacobian_places;
  Stamps<double> mass(mass_places), jacobian(jacobian_places);
  for (const auto& element : element_) {
    first_slot_.push_back(jacobian_places.places().size());
    element->add_mass(mass);
    element->add_jacobian(rest, Moment{.modes = &modes}, jacobian);
    linear_ = linear_ && element->linear();
  }

  PlacePlan plan = plan_places({&mass_places.places(), &jacobian_places.places()}, rows_->count(), rows_->fixed_count());
  pattern_ = std::move(plan.pattern);
  pattern_.lines = lines();
  border_ = std::move(plan.border);
  slots_ = plan.slots;
  mass_slots_ = std::move(plan.slot_of[0]);
  jacobian_slots_ = std::move(plan.slot_of[1]);
  fill_mass();
}

/// The arrays' wires, as far as they have nodes that are solved for.
std::shared_ptr<const Lines> Circuit::lines() const {
  if (chains_.rows.empty() && chains_.columns.empty()) return nullptr;
  auto lines = std::make_shared<Lines>();
  const auto fill = [&](const std::vector<std::vector<Index>>& chains, Lines::Family& family) {
    for (const std::vector<Index>& chain : chains) {
      for (Index row : chain) family.unknown.push_back(static_cast<int>(row - rows_->fixed_count()));
      family.start.push_back(static_cast<int>(family.unknown.size()));
    }
  };
  fill(chains_.rows, lines->rows);
  fill(chains_.columns, lines->columns);
  return lines;
}

void Circuit::fill_mass() {
  mass_ = Vector<double>::Zero(slots_);
  Stamps<double> fill(mass_slots_, 0, mass_.data());
  for (const auto& element : element_) element->add_mass(fill);
}

template <Scalar S>
void Circuit::add_jacobian(const Block<S>& x, const Moment& now, bool linear_part, Vector<S>& values) const {
  for (std::size_t k = 0; k < element_.size(); ++k) {
    if (element_[k]->linear() != linear_part) continue;
    Stamps<S> J = stamps(k, values);
    element_[k]->add_jacobian(x, now, J);
  }
}
template void Circuit::add_jacobian(const Block<double>&, const Moment&, bool, Vector<double>&) const;
template void Circuit::add_jacobian(const Block<Complex>&, const Moment&, bool, Vector<Complex>&) const;

Index Circuit::find_row(std::string_view name) const {
  const auto it = row_by_name_.find(std::string(name));
  return it == row_by_name_.end() ? rows_->find_in_lattices(name) : it->second;
}

DeviceRef Circuit::find_device(std::string_view name) const {
  if (const auto it = device_by_name_.find(std::string(name)); it != device_by_name_.end()) return it->second;
  for (const auto& element : element_)
    if (const Index device = element->find(name); device >= 0) return {element.get(), device};
  return {};
}

void Circuit::prepare(const Environment& environment) {
  for (const auto& element : element_) element->prepare(environment);
  fill_mass();
}

}  // namespace settle
