// Positions and events of switches.
#include "devices/switches.hpp"

#include <cmath>

#include "sim/error.hpp"

namespace settle {

Switches::Switches(const Kind& kind, std::span<const Instance> instances, Rows& rows, const Environment& environment,
                   std::vector<SwitchControl> controls, std::string threshold, std::string hysteresis)
    : TwoTerminal(kind, instances, environment), threshold_(std::move(threshold)), hysteresis_(std::move(hysteresis)) {
  for (Index k = 0; k < count(); ++k) {
    const SwitchControl& control = controls[static_cast<std::size_t>(k)];
    position_.push_back({.control = control, .mode = rows.add_mode(value(k, "on") != 0.0 ? 1 : 0)});
    derive(k);
  }
}

void Switches::derive(Index k) {
  Position& p = position_[static_cast<std::size_t>(k)];
  p.g_on = 1.0 / value(k, "ron");
  p.g_off = 1.0 / value(k, "roff");
  const double threshold = value(k, threshold_), hysteresis = std::abs(value(k, hysteresis_));
  p.opens = threshold - hysteresis;
  p.closes = threshold + hysteresis;
}

void Switches::event_values(const Block<double>& x, const Moment& now, double* g) const {
  for (Index k = 0; k < count(); ++k) {
    const double control = x(at(k).control.plus, 0) - x(at(k).control.minus, 0);
    g[k] = closed(k, now, 0) ? at(k).opens - control : control - at(k).closes;
  }
}

void Switches::fire(Index event, Index sample, Modes& modes) const {
  char& mode = modes.at(at(event).mode, sample);
  mode = mode ? 0 : 1;
}

void Switches::refuse() const { throw Error(Fault::simulation, refusal(name(0), kind())); }

void describe_switch(Kind& kind, char quantity) {
  const std::string q(1, quantity), unit = quantity == 'v' ? "V" : "A";
  kind.branches = {{Branch::Tie::conducts, 0, 1}};
  kind.fields = {model_field("ron", "Ohm", "resistance when closed", 1.0, 1e-12),
                 model_field("roff", "Ohm", "resistance when open", 1e12, 1e-12),
                 model_field(q + "t", unit, "control at which it turns", 0.0),
                 model_field(q + "h", unit, "hysteresis: closes above " + q + "t + " + q + "h, opens below " + q + "t - " + q + "h", 0.0),
                 {"on", "", "1: closed at first, where the control leaves it free", 0.0, 0.0, 1.0}};
  kind.holomorphy = Holomorphy::nowhere;
  kind.pieces = "it jumps between two resistances";
}

}  // namespace settle
