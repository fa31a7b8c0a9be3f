// Kind: a plug-in that knows one sort of device: how it is written, which parameters it has, and how to build its population.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "devices/crossings.hpp"
#include "devices/element.hpp"
#include "devices/field.hpp"
#include "devices/rows.hpp"
#include "devices/waveform.hpp"
#include "sim/error.hpp"
#include "sim/expression.hpp"
#include "sim/registry.hpp"

namespace settle {

/// Where a device's equations may be continued to complex voltages.
enum class Holomorphy {
  everywhere,  // analytic apart from poles and branch points
  piecewise,   // analytic in regions chosen by the real part
  nowhere      // compares, clips or takes magnitudes
};

/// How two terminals are tied together at DC, for checks of the structure before anything is solved.
struct Branch {
  enum class Tie { conducts, voltage, flux, current, charge };  // flux: an inductor, a short at DC
  Tie tie = Tie::conducts;
  int from = 0, to = 1;
};

/// An expression of a behavioural device with the rows its inputs are read from.
struct BoundExpression {
  Expression expression;
  std::vector<Index> plus;   // per input: row of the voltage or current; -1 for time and the like
  std::vector<Index> minus;  // per input: row subtracted; ground for v(a)
};

/// The sinusoidal excitation of a source in .ac.
struct SmallSignal {
  double magnitude = 0.0;
  double phase = 0.0;  // degrees
};

/// Fields given, by name.
using Values = std::map<std::string, double>;

/// A device's equations as expressions of v(<terminal>), v(<state>), v(<internal node>) and its fields, so that other programs can be told
/// of it. Empty for a device that cannot be said so.
struct Formula {
  struct Current {
    int from, to;      // terminals, then internal nodes
    std::string text;  // A
  };
  struct Charge {
    std::string name;
    int from, to;
    std::string text;  // C
  };
  struct State {
    std::string name;
    double initial, scale;  // scale: its usual size
    std::string drift;      // d state / dt
  };
  std::vector<Current> currents;
  std::vector<State> states;
  std::vector<Charge> charges = {};
  std::vector<std::string> nodes = {};  // internal ones
};

/// One device of the flat circuit, as the netlist gave it.
struct Instance {
  std::string name;                      // hierarchical, lower case
  Location where;
  std::vector<Index> rows;               // one per terminal
  Values values;                         // fields given, model and instance merged
  std::string model_type;                // "nmos"; "" without a model
  std::vector<BoundExpression> expressions;
  std::vector<std::string> references;   // devices whose current it reads, or that it couples
  std::shared_ptr<const Waveform> waveform;
  SmallSignal small_signal;
  int driven = -1;                       // voltage sources: the terminal whose node this source drives; -1: none
};

class Kind {
 public:
  virtual ~Kind() = default;

  std::string name;                       // "diode"; Y<name> reaches every kind
  std::string help;
  char letter = 0;                        // of its cards; 0: only as Y<name>
  std::vector<std::string> terminals;
  std::vector<std::string> model_types;   // of .model; empty: no model needed
  std::vector<int> levels;                // of .model level=; empty: any
  std::vector<Branch> branches;           // empty: every terminal conducts to the first
  std::string principal;                  // field a bare number sets; "" if none
  std::string weight;                     // field that sets its conductance, for arrays and programming; "" if none
  std::size_t written = 0;                // terminal that programming drives with pulses, the others at 0 V
  std::vector<Field> fields;
  Holomorphy holomorphy = Holomorphy::everywhere;
  std::optional<Holomorphy> held;         // of currents and charges while memory states are held; left out: the same
  std::string pieces;                     // where the pieces of a piecewise one meet; "" if there is no more to say
  int references = 0;                     // devices named behind the terminals, whose current it reads or that it couples
  bool drives = false;                    // a voltage source: may give a node's voltage outright
  int stage = 1;  // order of making: 0 publishes its current (V, L, E), 1 neither, 2 publishes and reads others (H), 3 reads only (F, W, K)

  /// Builds the population; asks `rows` for states and internal nodes. The element is prepared for `environment`.
  virtual std::unique_ptr<Element> make(std::span<const Instance> instances, Rows& rows, const Environment& environment) const = 0;
  /// The same at the crossings of an array; nullptr if this kind cannot stand there.
  virtual std::unique_ptr<Element> make(const Crossings&, Rows&, const Environment&) const { return nullptr; }

  /// Small-signal conductance between the first two terminals at zero volts (S) of one device with these values; memory states stand where
  /// they begin. Throws Error (usage) for a kind without a weight.
  virtual double conductance_of(const Values& values, const Environment& environment = {}) const;
  /// The value of the field `weight` that makes `conductance_of` this conductance (S); throws Error (netlist), without a place, that names the
  /// conductances in reach.
  virtual double weight_for(const Values& values, double conductance, const Environment& environment = {}) const;
  /// Values the field `weight` may take, the least and the largest.
  virtual std::array<double, 2> weight_range(const Values& values, const Environment& environment = {}) const;
  /// How these values contradict each other ("x0 = 2 lies outside 0 .. 1"); "" if they do not.
  virtual std::string fault(const Values&) const { return {}; }

  /// Where the currents and charges of a device with these values may be continued to complex voltages while its memory states are held.
  virtual Holomorphy while_held(const Values&) const { return held.value_or(holomorphy); }

  /// The equations of one device with these values and this type of model ("pmos").
  virtual Formula formula(const Values&, const std::string& /*type*/, const Environment&) const { return {}; }

  /// Index of a field, or npos.
  std::size_t field_index(std::string_view field) const {
    for (std::size_t k = 0; k < fields.size(); ++k)
      if (fields[k].name == field) return k;
    return std::string::npos;
  }
  /// The same for a name on a .model card: m of a diode is its grading there.
  std::size_t model_field_index(std::string_view field) const {
    for (std::size_t k = 0; k < fields.size(); ++k)
      if (fields[k].in_models == field) return k;
    return field_index(field);
  }
};

/// The row of the current of the device `instance` names k-th.
inline Index referenced_current(const Instance& instance, std::size_t k, const Rows& rows) {
  const std::string name = k < instance.references.size() ? instance.references[k] : "";
  const Index row = rows.current_of(name);
  if (row < 0)
    throw Error(Fault::netlist, "'" + instance.name + "' reads the current of '" + name + "', which is not a state of the circuit; "
                "put a voltage source of 0 V in series and name that");
  return row;
}

/// Why a device cannot be evaluated on complex voltages.
inline std::string refusal(const std::string& device, const Kind& kind) {
  return "device '" + device + "' (" + kind.name + ") is not complex-differentiable: it compares or clips its voltages; freeze it or "
         "replace it by a smooth device for runs with complex voltages";
}

}  // namespace settle
