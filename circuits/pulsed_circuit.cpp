// Pulsed circuit: every part of a pulse is a straight line of the drivers' voltage, integrated on its own.
#include "circuits/pulsed_circuit.hpp"

#include <cmath>
#include <numbers>

#include "circuits/held.hpp"
#include "circuits/slope.hpp"
#include "sim/newton.hpp"

namespace settle {

/// The voltage the drivers share, a straight line in time from the beginning of a part.
class PulsedCircuit::Line {
 public:
  void lead(double from, double to, double seconds) { from_ = from, slope_ = (to - from) / seconds; }
  void hold(double volts) { from_ = volts, slope_ = 0.0; }
  double value(double t) const { return from_ + slope_ * t; }
  double slope() const { return slope_; }

 private:
  double from_ = 0.0, slope_ = 0.0;
};

class PulsedCircuit::Drive final : public Waveform {
 public:
  explicit Drive(std::shared_ptr<const Line> line) : line_(std::move(line)) {}
  double value(double t) const override { return factor * line_->value(t); }
  double slope(double) const override { return factor * line_->slope(); }
  double next_breakpoint(double) const override { return std::numeric_limits<double>::infinity(); }
  double factor = 0.0;

 private:
  std::shared_ptr<const Line> line_;
};

/// The energy the drivers deliver: Gauss' two points in every step.
class PulsedCircuit::EnergyMeter final : public Observer<double> {
 public:
  EnergyMeter(const PulsedCircuit& owner, const Dynamics<double>& dynamics) : owner_(owner), dynamics_(dynamics), slope_(dynamics) {}
  void start(double, const Block<double>&) override {}
  void step(const Step<double>& step) override {
    slope_.resolution(step.to - step.from);
    const double middle = 0.5 * (step.from + step.to), half = 0.5 * (step.to - step.from);
    for (double side : {-1.0, 1.0}) {
      const double t = middle + side * half / std::numbers::sqrt3;
      step.at(t, x_);
      joules_ += half * power(t);
    }
  }
  double joules() const { return joules_; }

 private:
  double power(double t) {
    Snapshot<double>::Slope slope;
    if (owner_.charges_) slope = [this, t] { return slope_.at(x_, t); };
    const Snapshot<double> now(dynamics_, x_, t, std::move(slope));
    double delivered = 0.0;
    for (const DeviceRef& driver : owner_.driver_) delivered -= driver.element->observe(driver.index, power_, now, 0);
    return delivered;
  }

  static constexpr std::size_t power_ = 1;  // "p" of every two-terminal device
  const PulsedCircuit& owner_;
  const Dynamics<double>& dynamics_;
  ConsistentSlope<double> slope_;
  Block<double> x_;
  double joules_ = 0.0;
};

PulsedCircuit::PulsedCircuit(Netlist netlist, const std::vector<std::string>& driven, const PulsedSetup& setup) : setup_(setup), line_(std::make_shared<Line>()) {
  for (const std::string& node : driven) {
    drive_.push_back(std::make_shared<Drive>(line_));
    FlatDevice source;
    source.kind = Registry<Kind>::find("voltage");
    source.name = "driver of " + node;
    source.nodes = {node, "0"};
    source.waveform = drive_.back();
    netlist.devices.push_back(std::move(source));
  }
  circuit_ = std::make_unique<Circuit>(netlist, setup.tolerances, setup.environment);
  for (const std::string& node : driven) driver_.push_back(circuit_->find_device("driver of " + node));
  charges_ = stores_charge();
  begin();
}

void PulsedCircuit::set_factor(std::size_t driver, double factor) { drive_[driver]->factor = factor; }

void PulsedCircuit::begin() {
  const Rows& rows = circuit_->rows();
  Block<double> all = Block<double>::Zero(rows.count(), 1);
  for (const auto& element : circuit_->elements()) element->put_initial(all);
  x_ = all.bottomRows(rows.unknowns());
}

/// Capacitances need slopes for the drivers' currents.
bool PulsedCircuit::stores_charge() const {
  const Rows& rows = circuit_->rows();
  const Pattern& pattern = circuit_->pattern();
  for (Index k = 0; k < pattern.entries(); ++k)
    if (circuit_->mass()[k] != 0.0 && rows.kind_of(rows.fixed_count() + pattern.row[static_cast<std::size_t>(k)]).is_node) return true;
  for (const Border& entry : circuit_->border())
    if (circuit_->mass()[entry.slot] != 0.0) return true;
  return false;
}

double PulsedCircuit::apply(const Pulse& pulse) {
  double joules = 0.0;
  if (pulse.rise > 0.0) joules += part(0.0, pulse.volts, pulse.rise, false);
  if (pulse.width > 0.0) joules += part(pulse.volts, pulse.volts, pulse.width, pulse.rise == 0.0);
  if (pulse.rise > 0.0) joules += part(pulse.volts, 0.0, pulse.rise, false);
  if (pulse.wait > 0.0) joules += part(0.0, 0.0, pulse.wait, pulse.rise == 0.0);
  return joules;
}

double PulsedCircuit::part(double from, double to, double seconds, bool jumps) {
  line_->lead(from, to, seconds);
  Dynamics<double> dynamics(*circuit_, 1, true);
  EnergyMeter meter(*this, dynamics);
  IntegrateOptions how = setup_.integration;
  how.h_max = std::min(how.h_max, seconds / 10.0);
  how.consistent = !jumps;
  integrate<double>(dynamics, x_, {0.0, seconds}, how, {}, meter);
  return meter.joules();
}

Block<double> PulsedCircuit::rest(double volts) {
  line_->hold(volts);
  const Dynamics<double> dynamics(*circuit_, 1, true);
  const Rows& rows = circuit_->rows();
  Holds memory(rows.unknowns());
  for (Index row = rows.fixed_count(); row < rows.count(); ++row)
    if (rows.kind_of(row).memory) memory.hold(row - rows.fixed_count(), x_(row - rows.fixed_count(), 0));
  Block<double> x = x_;
  if (x.rows() > 0) equilibrium<double>(Held<double>(dynamics, memory), x, 0.0, {.reltol = setup_.integration.reltol});
  return x;
}

double PulsedCircuit::observe(const DeviceRef& device, const std::string& quantity, const Block<double>& rest) const {
  const Dynamics<double> dynamics(*circuit_, 1, true);
  const Snapshot<double> now(dynamics, rest, 0.0);
  const std::vector<Quantity> known = device.element->quantities(device.index);
  for (std::size_t k = 0; k < known.size(); ++k)
    if (known[k].name == quantity) return device.element->observe(device.index, k, now, 0);
  throw std::logic_error(device.name() + " has no " + quantity);
}

double PulsedCircuit::voltage(const DeviceRef& device, const Block<double>& rest) const {
  const Dynamics<double> dynamics(*circuit_, 1, true);
  const Block<double> all = dynamics.extended(rest, dynamics.moment(0.0));
  const std::vector<Index> rows = device.element->rows(device.index);
  return all(rows[0], 0) - all(rows[1], 0);
}

}  // namespace settle
