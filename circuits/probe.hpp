// Probes: what a user may look at, v(a), v(a,b), i(dev), p(dev), any state or parameter, or an expression of them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "circuits/circuit.hpp"
#include "circuits/diagnostics.hpp"

namespace settle {

/// How a probe is named in output: `v(out)` is row "out" of the quantity "v", whose rows are nodes.
struct ProbeLabel {
  std::string name;      // "v(out)"
  std::string quantity;  // "v"
  std::string unit;      // "V"
  std::string label;     // "out"
  std::string axis;      // "node"
};

/// Immutable, bound to one circuit.
class Probe {
 public:
  explicit Probe(ProbeLabel label) : label_(std::move(label)) {}
  virtual ~Probe() = default;
  const ProbeLabel& label() const { return label_; }

  virtual double value(const Solution<double>& at, Index sample) const = 0;
  virtual Complex value(const Solution<Complex>& at, Index sample) const = 0;
  /// Complex amplitude for a small deviation about a rest state.
  virtual Complex small(const Solution<double>& rest, const Solution<Complex>& deviation) const = 0;

 private:
  ProbeLabel label_;
};

using Probes = std::vector<std::shared_ptr<const Probe>>;

/// The probes the deck asks of an analysis ("tran"); all node voltages if it asks for none. Requests that name nothing are errors.
Probes make_probes(const Circuit& circuit, const Netlist& netlist, const std::string& analysis, Diagnostics& diagnostics);

/// One probe from its text; nullptr and an error if it cannot be.
std::shared_ptr<const Probe> make_probe(const Circuit& circuit, const OutputRequest& request, Diagnostics& diagnostics);

}  // namespace settle
