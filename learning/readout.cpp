// Following an output back through the sources that make it.
#include "learning/readout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "sim/error.hpp"

namespace settle {
namespace {

/// The source between a node and ground that gives its voltage, and with which sign; null for a node the circuit decides.
struct Maker {
  const FlatDevice* device = nullptr;
  double sign = 1.0;
};

Maker maker(const Netlist& netlist, const std::string& node) {
  for (const FlatDevice& device : netlist.devices)
    for (const Branch& branch : device.kind->branches) {
      if (branch.tie != Branch::Tie::voltage) continue;
      const std::string &from = device.nodes[static_cast<std::size_t>(branch.from)], &to = device.nodes[static_cast<std::size_t>(branch.to)];
      if (from == node && to == "0") return {&device, 1.0};
      if (to == node && from == "0") return {&device, -1.0};
      if (from == node || to == node)
        throw Error(Fault::netlist, fmt::format("the output '{}' floats on the source '{}' between '{}' and '{}'; take an output that is a node on its own or "
                                                "the output of a source to ground", node, device.name, from, to));
    }
  return {};
}

/// Slopes of a source's voltage by the nodes it reads.
std::map<std::string, double> slopes_at(const FlatDevice& device, double x) {
  std::map<std::string, double> slopes;
  const auto add = [&](const std::string& node, double slope) {
    if (!node.empty() && node != "0") slopes[node] += slope;
  };
  if (device.expressions.empty()) {  // E
    const auto given = device.values.find(device.kind->principal);
    const double gain = given == device.values.end() ? 1.0 : given->second;
    add(device.nodes[2], gain), add(device.nodes[3], -gain);
    return slopes;
  }
  const BehaviouralText& text = device.expressions.front();
  std::vector<double> inputs(text.inputs.size()), derivatives(text.inputs.size());
  for (std::size_t k = 0; k < inputs.size(); ++k) inputs[k] = x * (1.0 + 0.37 * static_cast<double>(k));
  text.expression.gradient<double>(inputs, derivatives);
  for (std::size_t k = 0; k < inputs.size(); ++k) add(text.inputs[k].plus, derivatives[k]), add(text.inputs[k].minus, -derivatives[k]);
  return slopes;
}

void require_voltages(const FlatDevice& device, const std::string& output) {
  const bool controlled = device.kind->name == "vcvs", behavioural = !device.expressions.empty();
  const bool voltages = controlled || (behavioural && std::all_of(device.expressions.front().inputs.begin(), device.expressions.front().inputs.end(),
                                                                   [](const InputSource& input) { return input.what == InputSource::What::voltage; }));
  if (!voltages)
    throw Error(Fault::netlist, fmt::format("the output '{}' is given by the source '{}' ({}), which is no function of node voltages, so no nudge can reach it",
                                            output, device.name, device.kind->name));
}

bool is_linear(const FlatDevice& device) {
  const auto a = slopes_at(device, 0.1), b = slopes_at(device, -0.3);
  return std::all_of(a.begin(), a.end(), [&](const auto& slope) { return std::abs(slope.second - b.at(slope.first)) <= 1e-12 * std::abs(slope.second); });
}

void follow(const Netlist& netlist, const std::string& node, double slope, int depth, std::vector<ReadoutShare>& shares) {
  constexpr int deepest = 20;
  if (depth > deepest) throw Error(Fault::netlist, fmt::format("the sources that make '{}' read each other in a circle", node));
  const Maker made = maker(netlist, node);
  if (!made.device) {
    for (ReadoutShare& share : shares)
      if (share.membrane == node) return void(share.slope += slope);
    return shares.push_back({node, slope});
  }
  require_voltages(*made.device, node);
  const std::map<std::string, double> read = slopes_at(*made.device, 0.1);
  if (read.size() == 1 && !maker(netlist, read.begin()->first).device)  // an activity: the nudge enters at its membrane as it is
    return follow(netlist, read.begin()->first, slope, depth + 1, shares);
  if (!is_linear(*made.device))
    throw Error(Fault::netlist, fmt::format("'{}' is a nonlinear function of several nodes (source '{}'), so a nudge has no one place to enter; make the output a "
                                            "node with a membrane of its own, or the source linear", node, made.device->name));
  for (const auto& [input, by] : read) follow(netlist, input, slope * made.sign * by, depth + 1, shares);
}

}  // namespace

std::vector<ReadoutShare> readout(const Netlist& netlist, const std::string& output) {
  std::vector<ReadoutShare> shares;
  follow(netlist, output, 1.0, 0, shares);
  return shares;
}

}  // namespace settle
