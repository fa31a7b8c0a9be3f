// Device: one device's equations, written once for any number type. A model file defines a struct like this and registers it:
//
//   struct Diode : DeviceBase {
//     using Shape = settle::Shape<2, 0, 1>;                        // ports, internal states, charges
//     double is = 1e-14, ...;                                       // parameters, plain members
//     static Description<Diode> describe();                         // name, letter, terminals, fields, ...
//     void prepare(const Environment&);                             // optional: what depends on temperature
//     template <class T> Flow<T, Shape> flow(const Port<T, Shape>&) const;
//   };
//   const RegisteredDevice<Diode> registered("diode");
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "devices/kind.hpp"
#include "devices/noise.hpp"
#include "sim/dual.hpp"

namespace settle {

/// Ports (terminals first, then internal nodes), internal states (a row M x' = drift each), charges (dq/dt flows between two ports),
/// controls (currents of other devices it reads).
template <int Ports, int States = 0, int Charges = 0, int Controls = 0>
struct Shape {
  static constexpr std::size_t ports = Ports, states = States, charges = Charges, controls = Controls;
};

/// What a device sees: the voltages of its ports, its states, the currents it reads, the time.
template <class T, class Shape>
struct Port {
  std::array<T, Shape::ports> v{};
  std::array<T, Shape::states> state{};
  std::array<T, Shape::controls> control{};
  double t = 0.0;
};

/// What it answers. Currents flow from the node into the device.
template <class T, class Shape>
struct Flow {
  std::array<T, Shape::ports> current{};   // A
  std::array<T, Shape::states> drift{};    // mass * d state / dt
  std::array<T, Shape::charges> charge{};  // C
};

template <class D>
struct MemberField {
  Field field;
  double D::*member;
};

/// A charge sits between two ports; its current enters the device at `from` and leaves it at `to`.
struct ChargePorts {
  const char* name;  // "q", "qbd"
  int from, to;
};

struct StateName {
  const char* name;
  const char* unit;
  double tolerance = 0.0;   // in the unit; 0: what the circuit's options say for volts, amperes or coulombs
  bool algebraic = false;   // 0 = drift: its row has no mass, and a step's error does not look at it
  bool memory = false;      // keeps its value unless written (a memristor's x): operating points hold it at initial(state)
};

/// All that is not an equation.
template <class D>
struct Description {
  std::string help;
  char letter = 0;
  std::vector<std::string> terminals;
  std::vector<std::string> internal_nodes = {};  // names of the ports behind the terminals
  std::vector<StateName> states = {};            // a state in amperes is the device's current, which others may read
  std::vector<ChargePorts> charges = {};
  std::vector<std::string> model_types = {};
  std::vector<int> levels = {};
  std::vector<Branch> branches = {};  // empty: every terminal conducts to the first
  std::string principal = {};
  std::string weight = {};            // the field that sets its conductance ("g", "x0"); see DeviceBase::weight_range
  std::size_t written = 0;            // terminal that programming drives with pulses, the others at 0 V
  std::vector<MemberField<D>> fields;
  Holomorphy holomorphy = Holomorphy::everywhere;
  std::optional<Holomorphy> held = {};  // of currents and charges while memory states are held; left out: the same
  std::string pieces = {};              // where the pieces of a piecewise one meet ("at -3 n Vt")
  bool linear = false;
};

/// Defaults for what most devices do not need; a device shadows what it does.
struct DeviceBase {
  double m = 1.0;     // identical devices in parallel

  void prepare(const Environment&) {}
  void adopt(const std::string& /*model type*/) {}                    // "pmos" turns the polarity
  bool charged(std::size_t /*charge*/) const { return true; }         // false: that charge is identically zero
  int joined(std::size_t /*port*/) const { return -1; }               // an internal port that coincides with that terminal
  double mass(std::size_t /*state*/) const { return 1.0; }            // of a state's row, unless it is algebraic
  double initial(std::size_t /*state*/) const { return 0.0; }         // where a memory state starts, and operating points hold it
  double tolerance(std::size_t /*state*/) const { return 0.0; }       // of a state, in its unit; 0: what its StateName says
  Formula formula() const { return {}; }                              // its equations as text
  std::string fault() const { return {}; }                            // how its parameters contradict each other; "" if they do not
  /// Values the field called `weight` may take; NaN: as far as the field's own bounds go. Its conductance must be monotone there.
  std::array<double, 2> weight_range() const { return {not_given, not_given}; }
  bool seamless() const { return false; }                             // true: with these parameters the pieces are one function, states held
  static constexpr bool limits = false;                               // true: has `limit(v, previous)`
  static constexpr bool conducts = true;                              // false: all currents are zero, only charges move
  /// False if a row (a port's current, then a state's drift, then a charge) never depends on an unknown (port, state, control):
  /// such entries of the Jacobian are not even stored.
  static constexpr bool depends(std::size_t /*row*/, std::size_t /*unknown*/) { return true; }
};

/// The temperature of one device.
struct Thermal {
  double temp = not_given;  // degrees Celsius; by default the circuit's plus dtemp
  double dtemp = 0.0;
  double tnom = not_given;  // degrees Celsius, at which its parameters were measured

  double kelvin(const Environment& e) const { return temp == temp ? zero_celsius + temp : e.temperature + dtemp; }
  double nominal(const Environment& e) const { return tnom == tnom ? zero_celsius + tnom : e.nominal; }
  double above_nominal(const Environment& e) const { return kelvin(e) - nominal(e); }
};

template <class D>
std::vector<MemberField<D>> thermal_fields() {
  return {{{"temp", "degC", "temperature of this device; by default that of the circuit plus dtemp"}, &Thermal::temp},
          {{"dtemp", "K", "temperature above that of the circuit", 0.0}, &Thermal::dtemp},
          {model_field("tnom", "degC", "temperature the parameters were measured at; by default the option tnom", not_given), &Thermal::tnom}};
}

template <class D>
MemberField<D> multiplicity_field() {
  return {{"m", "", "identical devices in parallel", 1.0, 0.0}, &DeviceBase::m};
}

template <class D>
std::vector<MemberField<D>> join(std::vector<MemberField<D>> a, const std::vector<MemberField<D>>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// A device that says itself which noise currents it has: `void add_noise(const Port<double, Shape>&, const Environment&, PortNoise&) const`.
/// Of the others those with a weight are conductors, with the thermal noise of their small-signal conductance.
template <class D>
concept Noisy = requires(const D& d, const Port<double, typename D::Shape>& at, const Environment& e, PortNoise& noise) { d.add_noise(at, e, noise); };

template <class D>
concept Device = std::derived_from<D, DeviceBase> && requires(const D& d, D& mutable_d, const Environment& e) {
  typename D::Shape;
  { D::describe() } -> std::same_as<Description<D>>;
  mutable_d.prepare(e);
};

}  // namespace settle
