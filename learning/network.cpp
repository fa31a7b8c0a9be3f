// Recognizing a circuit of membranes and activities, and reading its matrices from its elements.
#include "learning/network.hpp"

#include <algorithm>

#include "circuits/dynamics.hpp"
#include "devices/grid.hpp"

namespace settle {
namespace {

constexpr Index most_neurons = 1500;

std::size_t at(Index k) { return static_cast<std::size_t>(k); }

/// The source that makes an activity of one membrane and nothing else: `v(r,0) = phi(v(u))`; null for a device of another form.
const Expression* activity_of(const FlatDevice& device, std::string& activity, std::string& membrane) {
  const bool plain = device.kind->name == "behavioural_voltage" && device.nodes[1] == "0" && device.expressions.size() == 1 && device.expressions[0].inputs.size() == 1;
  if (!plain) return nullptr;
  const InputSource& input = device.expressions[0].inputs[0];
  if (input.what != InputSource::What::voltage || !(input.minus.empty() || input.minus == "0")) return nullptr;
  activity = device.nodes[0], membrane = input.plus;
  return &device.expressions[0].expression;
}

}  // namespace

std::optional<Network> Network::of(const Netlist& netlist, const Neurons& neurons, const Circuit& circuit) {
  const Index fixed = circuit.rows().fixed_count();
  for (const auto& element : circuit.elements())
    if (!element->linear() && element->kind().name != "behavioural_voltage") return {};
  Network network;
  network.unknowns = circuit.rows().unknowns();
  network.neuron_at_.assign(at(network.unknowns), -1);
  for (const Neuron& neuron : neurons.all()) {
    network.neuron_at_[at(neuron.membrane - fixed)] = network.count();
    network.membrane.push_back(neuron.membrane - fixed), network.activity.push_back(-1), network.current.push_back(-1), network.phi.emplace_back();
  }
  Index known = network.count();
  for (const FlatDevice& device : netlist.devices) {
    if (device.kind->name != "behavioural_voltage") continue;
    std::string activity, membrane;
    const Expression* phi = activity_of(device, activity, membrane);
    const Index row = phi ? circuit.find_row(membrane) : -1;
    const Index neuron = row >= fixed ? network.neuron_at_[at(row - fixed)] : -1;
    if (neuron < 0 || network.activity[at(neuron)] >= 0) return {};
    network.activity[at(neuron)] = circuit.find_row(activity) - fixed;
    network.phi[at(neuron)] = *phi;
    network.current[at(neuron)] = circuit.find_row(device.name + "#current") - fixed;
    known += 2;  // the activity and the current of its source
  }
  if (known != network.unknowns || network.count() == 0 || network.count() > most_neurons) return {};
  network.find_entries(circuit);
  network.take(circuit);
  for (Index n = 0; n < network.count(); ++n)
    if (network.current[at(n)] >= 0)
      for (int k = circuit.pattern().start[at(network.current[at(n)])]; k < circuit.pattern().start[at(network.current[at(n)]) + 1]; ++k)
        if (network.neuron_at_[at(circuit.pattern().row[at(k)])] >= 0) return {};  // a current of a source flows into a membrane
  return network;
}

/// Where membranes' currents depend on membranes, and on activities, and whose currents they are.
void Network::find_entries(const Circuit& circuit) {
  const Index fixed = circuit.rows().fixed_count();
  neuron_of_activity_.assign(at(unknowns), -1);
  for (Index n = 0; n < count(); ++n)
    if (activity[at(n)] >= 0) neuron_of_activity_[at(activity[at(n)])] = n;
  const Modes modes(circuit.rows().modes(), 1);
  const Block<double> nothing = Block<double>::Zero(circuit.rows().count(), 1);
  for (std::size_t k = 0; k < circuit.elements().size(); ++k) {
    if (!circuit.elements()[k]->linear()) continue;
    PlaceRecorder recorder;
    Stamps<double> places(recorder);
    circuit.elements()[k]->add_jacobian(nothing, Moment{.modes = &modes}, places);
    if (std::none_of(recorder.places().begin(), recorder.places().end(), [&](const Place& place) { return place.row >= fixed && place.column >= fixed; })) continue;
    const auto* grid = dynamic_cast<const Grid*>(circuit.elements()[k].get());
    const auto product = grid ? grid->product() : std::nullopt;
    const bool plain = product && std::all_of(product->read.begin(), product->read.end(), [&](Index row) { return row >= fixed && neuron_of_activity_[at(row - fixed)] >= 0; }) &&
                       std::all_of(product->into.begin(), product->into.end(), [&](Index row) { return row >= fixed && neuron_at_[at(row - fixed)] >= 0; });
    (plain ? products_ : joining_).push_back(k);
  }
  const Pattern& p = circuit.pattern();
  for (Index j = 0; j < p.size; ++j)
    for (int k = p.start[at(j)]; k < p.start[at(j) + 1]; ++k) {
      const Index row = neuron_at_[at(p.row[at(k)])];
      if (row < 0) continue;
      if (neuron_at_[at(j)] >= 0) in_A_.push_back({k, row, neuron_at_[at(j)]});
      else if (neuron_of_activity_[at(j)] >= 0) in_W_.push_back({k, row, neuron_of_activity_[at(j)]});
    }
}

bool Network::only_leaks() const {
  for (const Entry& e : in_A_)
    if (e.row != e.column) return false;
  return (A.diagonal().array() < 0.0).all();
}

Eigen::MatrixXd Network::links() const {
  Eigen::MatrixXd links = Eigen::MatrixXd::Zero(count(), count());
  for (const Entry& e : in_W_) links(e.row, e.column) = 1.0;
  return links;
}

void Network::take(const Circuit& circuit) {
  Vector<double> values = Vector<double>::Zero(circuit.slots());
  const Modes modes(circuit.rows().modes(), 1);
  const Block<double> nothing = Block<double>::Zero(circuit.rows().count(), 1);
  for (const std::size_t k : joining_) {
    Stamps<double> J = circuit.stamps(k, values);
    circuit.elements()[k]->add_jacobian(nothing, Moment{.modes = &modes}, J);
  }
  A.setZero(count(), count()), W.setZero(count(), count());
  for (const Entry& e : in_A_) A(e.row, e.column) += values[e.slot];
  for (const Entry& e : in_W_) W(e.row, e.column) += values[e.slot];
  for (const std::size_t k : products_) add_product(*static_cast<const Grid&>(*circuit.elements()[k]).product(), circuit.rows().fixed_count());
}

void Network::add_product(const GridProduct& product, Index fixed) {
  for (Index row = 0; row < product.g.rows(); ++row) {
    const Index from = neuron_of_activity_[at(product.read[at(row)] - fixed)];
    for (Index column = 0; column < product.g.cols(); ++column)
      W(neuron_at_[at(product.into[at(column)] - fixed)], from) += (product.sign.empty() ? 1.0 : product.sign[at(column)]) * product.g(row, column);
  }
}

}  // namespace settle
