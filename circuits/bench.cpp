// Bench: from a deck and a point of its steps to a circuit, ready for every analysis.
#include "circuits/bench.hpp"

#include <fmt/format.h>

#include "circuits/array_save.hpp"
#include "circuits/elaborate.hpp"
#include "circuits/setting.hpp"

namespace settle {

std::vector<StepPoint> step_points(const Netlist& netlist) {
  std::vector<StepPoint> points{{}};
  for (auto card = netlist.steps.rbegin(); card != netlist.steps.rend(); ++card) {  // the outermost first
    std::vector<StepPoint> more;
    for (const StepPoint& point : points)
      for (double value : card->values) {
        StepPoint next = point;
        next.values.insert(next.values.begin(), {name_of(*card), value});
        more.push_back(std::move(next));
      }
    points = std::move(more);
  }
  return points;
}

namespace {

void set_devices(Netlist& netlist, const std::vector<DeviceSetting>& settings) {
  for (const DeviceSetting& setting : settings) {
    for (FlatDevice& device : netlist.devices)
      if (device.name == setting.device) device.values[setting.field] = setting.value;
    for (FlatArray& array : netlist.arrays)
      if (const ArrayDevice device = find_device(array, setting.device); device.cells)
        vary(array, *device.cells, setting.field)[device.crossing] = setting.value;
  }
}

void add_shunts(Netlist& netlist) {
  const auto shunt = netlist.options.find("rshunt");
  if (shunt == netlist.options.end() || !(shunt->second.value.value_or(0.0) > 0.0)) return;
  for (const std::string& node : netlist.nodes) {
    FlatDevice resistor;
    resistor.kind = Registry<Kind>::find("resistor");
    resistor.name = "rshunt#" + node;
    resistor.where = shunt->second.where;
    resistor.nodes = {node, "0"};
    resistor.node_where = {shunt->second.where, shunt->second.where};
    resistor.values["r"] = *shunt->second.value;
    netlist.devices.push_back(std::move(resistor));
  }
}

}  // namespace

void finish_netlist(Netlist& netlist, const std::vector<DeviceSetting>& settings, const Rewriting& rewriting, Diagnostics& diagnostics) {
  set_devices(netlist, settings);
  apply_mismatch(netlist, diagnostics);
  for (const AnalysisCard& card : netlist.settings) Registry<Setting>::find(card.kind)->apply(card, netlist, diagnostics);
  add_shunts(netlist);
  if (rewriting) rewriting(netlist, diagnostics);
}

struct Bench::Variant {
  std::unique_ptr<Bench> bench;
  View view;
  std::unique_ptr<Job> job;
};

Bench::Bench(const BenchSetup& setup, const StepPoint& step, Diagnostics& diagnostics) : setup_(setup), step_(step) {
  const Netlist unstepped = step.values.empty() ? Netlist{} : elaborate(setup.deck, setup.set, diagnostics, setup.seed);
  Overrides overrides = setup.set;
  for (std::size_t k = 0; k < step.values.size(); ++k)
    if (unstepped.steps[k].target != StepCard::Target::device_field) overrides[unstepped.steps[k].name] = step.values[k].second;
  netlist_ = elaborate(setup.deck, overrides, diagnostics, setup.seed);
  finish_netlist(netlist_, stepped(unstepped), setup_.rewriting, diagnostics);
  options_ = options_of(netlist_, diagnostics);
  if (auto teaching = teaching_of(netlist_, diagnostics)) teaching_ = std::make_shared<const Teaching>(std::move(*teaching));
  if (diagnostics.has_errors()) throw Error(Fault::netlist, "the netlist has errors");
  if (!(netlist_.temperature > -zero_celsius))
    throw Error(Fault::netlist, fmt::format("a temperature of {:g} degrees Celsius lies below absolute zero (-273.15)", netlist_.temperature));
  environment_ = environment_of(netlist_, options_);
  circuit_ = std::make_unique<Circuit>(netlist_, tolerances_of(options_), environment_);
  set_programmed();
}

/// The fields of devices that are set at this step, those of the command line first.
std::vector<DeviceSetting> Bench::stepped(const Netlist& unstepped) const {
  std::vector<DeviceSetting> settings = setup_.devices;
  for (std::size_t k = 0; k < step_.values.size(); ++k) {
    const StepCard& card = unstepped.steps[k];
    if (card.target == StepCard::Target::device_field) settings.push_back({card.name, card.field, step_.values[k].second});
  }
  return settings;
}

/// A parameter may have changed which devices there are.
void Bench::set_programmed() {
  if (setup_.programmed.empty()) return;
  for (const DeviceSetting& setting : setup_.programmed)
    if (const DeviceRef device = circuit_->find_device(setting.device); device.element)
      if (const std::size_t field = device.element->kind().field_index(setting.field); field != std::string::npos)
        device.element->set_field(device.index, field, setting.value);
  circuit_->refresh();
}

Bench::View Bench::view(const std::string& kind, Diagnostics& diagnostics) {
  check_array_saves(netlist_, *circuit_, diagnostics);
  View view;
  const Analysis* analysis = Registry<Analysis>::find(kind);
  if (analysis && (!analysis->probed() || !analysis->records_probes())) {
    static const Netlist nothing;
    view.measures = std::make_unique<Measures>(*circuit_, nothing, kind, diagnostics);
    if (analysis->probed()) view.probes = make_probes(*circuit_, netlist_, kind, diagnostics);
    return view;
  }
  view.probes = make_probes(*circuit_, netlist_, kind, diagnostics);
  view.recorded = view.probes.size();
  view.measures = std::make_unique<Measures>(*circuit_, netlist_, kind, diagnostics);
  view.measured = view.measures->probes().size();
  view.probes.insert(view.probes.end(), view.measures->probes().begin(), view.measures->probes().end());
  return view;
}

Job Bench::job(const View& view, const std::string& kind, Diagnostics& diagnostics) {
  const auto with_parameter = [this, kind, &diagnostics](const std::string& parameter, double value) -> Job& {
    BenchSetup setup = setup_;
    setup.set[parameter] = value;
    auto variant = std::make_shared<Variant>();
    variant->bench = std::make_unique<Bench>(setup, step_, diagnostics);
    variant->view = variant->bench->view(kind, diagnostics);
    variant->job = std::make_unique<Job>(variant->bench->job(variant->view, kind, diagnostics));
    variant_ = std::move(variant);
    return *variant_->job;
  };
  const auto keep = [this](const DeviceRef& device, std::size_t field, double value) {
    device.element->set_field(device.index, field, value);
    setup_.programmed.push_back({device.name(), device.element->kind().fields[field].name, value});
  };
  return {netlist_, options_, environment_, *circuit_, view.probes, diagnostics, with_parameter, {}, netlist_.seed, setup_.threads, teaching_, setup_.resume, keep};
}

}  // namespace settle
