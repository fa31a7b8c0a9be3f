// Finding learning devices, reading and setting them, and their gradient.
#include "learning/weights.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "circuits/probe_text.hpp"
#include "devices/kind.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

/// What learning changes of a device: its conductance, or else what a bare number on its card sets.
std::string learned_field(const Kind& kind) { return kind.weight.empty() ? kind.principal : kind.weight; }

/// "xb" of "xb[3,7]"; "" for a plain device.
std::string array_of(const std::string& device) { return device.ends_with(']') ? device.substr(0, device.rfind('[')) : ""; }

bool fits(const std::string& pattern, const std::string& device) { return pattern == device || glob(pattern, device) || (!array_of(device).empty() && glob(pattern, array_of(device))); }

/// How the devices of arrays and cards answer a requested change, by the name of the layer or device.
std::map<std::string, std::shared_ptr<const WriteSetting>> write_settings(const Netlist& netlist) {
  std::map<std::string, std::shared_ptr<const WriteSetting>> settings;
  for (const FlatDevice& device : netlist.devices) settings[device.name] = device.write;
  for (const FlatArray& array : netlist.arrays) settings[array.name] = array.cells.write, settings[array.name + ".back"] = array.back.write;
  return settings;
}

[[noreturn]] void found_none(const Circuit& circuit, const std::vector<std::string>& patterns, const std::vector<bool>& met) {
  std::vector<std::string> names;
  for (const auto& element : circuit.elements())
    for (Index k = 0; k < std::min<Index>(element->count(), 50); ++k) names.push_back(element->name(k));
  for (std::size_t p = 0; p < patterns.size(); ++p)
    if (!met[p])
      throw Error(Fault::netlist, fmt::format("'{}' is no device that can learn{}; devices learn by their conductance, gain, resistance or current", patterns[p],
                                              suggest(patterns[p], std::vector<std::string_view>(names.begin(), names.end()))));
  throw Error(Fault::netlist, "the circuit has no device with a conductance to be programmed, so nothing can learn; name devices with devices=g1,g2 (sources and resistors can learn too), "
                              "or use conductances: `Yconductance w1 a b g=1u`");
}

}  // namespace

void check_patterns(const std::vector<Word>& patterns, const Netlist& netlist, Diagnostics& diagnostics) {
  std::vector<std::string_view> names;
  for (const FlatDevice& device : netlist.devices) names.push_back(device.name);
  for (const FlatArray& array : netlist.arrays) names.push_back(array.name);
  for (const Word& word : patterns) {
    const std::string whole = array_of(word.text).empty() ? word.text : array_of(word.text);
    const auto met = [&](std::string_view name) { return glob(word.text, name) || glob(whole, name) || whole == std::string(name) + ".back"; };
    if (std::none_of(names.begin(), names.end(), met))
      diagnostics.error(word.where, fmt::format("'{}' fits no device or array of the deck{}", word.text, suggest(word.text, names)));
  }
}

Weights::Weights(const Netlist& netlist, Circuit& circuit, const Environment& environment, const std::vector<std::string>& patterns)
    : circuit_(circuit), environment_(environment) {
  const auto settings = write_settings(netlist);
  std::vector<bool> met(patterns.size());
  for (const auto& element : circuit.elements()) {
    const Kind& kind = element->kind();
    const std::string field = learned_field(kind);
    if (field.empty() || kind.field_index(field) == std::string::npos) continue;
    for (Index k = 0; k < element->count(); ++k) {
      const std::string name = element->name(k), array = array_of(name);
      bool wanted = patterns.empty() && !kind.weight.empty();
      for (std::size_t p = 0; p < patterns.size(); ++p)
        if (fits(patterns[p], name)) wanted = met[p] = true;
      if (!wanted) continue;
      const auto setting = settings.find(array.empty() ? name : array);
      const std::shared_ptr<const WriteSetting> write = setting == settings.end() ? nullptr : setting->second;
      const std::string group_name = array.empty() ? kind.name : array;
      if (groups_.empty() || groups_.back().element != element.get() || groups_.back().name != group_name || groups_.back().write != write) {
        const std::size_t index = kind.field_index(field);
        groups_.push_back({.name = group_name, .element = element.get(), .field = index, .converted = !kind.weight.empty() && kind.fields[index].unit != "S", .device = {}, .write = write, .first = count_});
      }
      groups_.back().device.push_back(k);
      ++count_;
    }
  }
  if (count_ == 0 || std::find(met.begin(), met.end(), false) != met.end()) found_none(circuit, patterns, met);
}

const Weights::Group& Weights::group_of(Index weight) const {
  return *std::find_if(groups_.rbegin(), groups_.rend(), [&](const Group& group) { return group.first <= weight; });
}

std::string Weights::name(Index weight) const {
  const Group& group = group_of(weight);
  return group.element->name(group.device[static_cast<std::size_t>(weight - group.first)]);
}

std::string Weights::unit(const Group& group) const { return group.converted ? "S" : group.element->kind().fields[group.field].unit; }

Values Weights::values_of(const Group& group, Index device) const {
  Values values;
  const std::vector<Field>& fields = group.element->kind().fields;
  for (std::size_t f = 0; f < fields.size(); ++f)
    if (const double value = group.element->field(device, f); value == value) values[fields[f].name] = value;
  return values;
}

Vector<double> Weights::values() const {
  Vector<double> all(count_);
  for (const Group& group : groups_)
    for (Index k = 0; k < group.count(); ++k) {
      const Index device = group.device[static_cast<std::size_t>(k)];
      all[group.first + k] = group.converted ? group.element->kind().conductance_of(values_of(group, device), environment_) : group.element->field(device, group.field);
    }
  return all;
}

void Weights::set(const Vector<double>& values) {
  for (const Group& group : groups_) {
    if (group.whole()) {
      group.element->set_fields(group.field, {values.data() + group.first, static_cast<std::size_t>(group.count())});
      continue;
    }
    for (Index k = 0; k < group.count(); ++k) {
      const Index device = group.device[static_cast<std::size_t>(k)];
      const double value = values[group.first + k];
      group.element->set_field(device, group.field, group.converted ? group.element->kind().weight_for(values_of(group, device), value, environment_) : value);
    }
  }
  circuit_.refresh();
}

std::array<double, 2> Weights::range(Index weight) const {
  const Group& group = group_of(weight);
  const Kind& kind = group.element->kind();
  const Field& field = kind.fields[group.field];
  if (kind.weight.empty()) return {field.lower, field.upper};
  Values values = values_of(group, group.device[static_cast<std::size_t>(weight - group.first)]);
  std::array<double, 2> range = kind.weight_range(values, environment_);
  if (group.converted)
    for (double& end : range) values[field.name] = end, end = kind.conductance_of(values, environment_);
  return {std::min(range[0], range[1]), std::max(range[0], range[1])};
}

/// dg/dw of the field, by a difference of five points.
double Weights::conductance_slope(const Group& group, Index device) const {
  const Kind& kind = group.element->kind();
  Values values = values_of(group, device);
  double& w = values[kind.fields[group.field].name];
  const double here = w, h = 1e-3 * (std::abs(here) > 0.0 ? std::abs(here) : 1.0);
  const auto at = [&](double by) { return w = here + by, kind.conductance_of(values, environment_); };
  return (8.0 * (at(h) - at(-h)) - (at(2.0 * h) - at(-2.0 * h))) / (12.0 * h);
}

template <Scalar S>
void Weights::add_pullback(const Block<S>& x, const Moment& now, const Block<S>& lambda, Vector<S>& gradient, const std::vector<char>* wanted) const {
  std::vector<S> of_element;
  const Element* done = nullptr;
  std::size_t done_field = 0;
  const auto refuse = [](const Group& group) {
    throw Error(Fault::netlist, fmt::format("'{}' ({}) cannot learn: how its current depends on {} is not known", group.element->name(0), group.element->kind().name,
                                            group.element->kind().fields[group.field].name));
  };
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const Group& group = groups_[g];
    if (wanted && !(*wanted)[g]) continue;
    if (group.whole()) {
      if (!group.element->add_pullback(group.field, x, now, lambda, gradient.data() + group.first)) refuse(group);
      continue;
    }
    if (done != group.element || done_field != group.field) {  // groups of one element follow each other
      of_element.assign(static_cast<std::size_t>(group.element->count()), S(0.0));
      if (!group.element->add_pullback(group.field, x, now, lambda, of_element.data())) refuse(group);
      done = group.element, done_field = group.field;
    }
    for (Index k = 0; k < group.count(); ++k) {
      const Index device = group.device[static_cast<std::size_t>(k)];
      const S slope = of_element[static_cast<std::size_t>(device)];
      gradient[group.first + k] += group.converted ? slope / conductance_slope(group, device) : slope;
    }
  }
}

template void Weights::add_pullback(const Block<double>&, const Moment&, const Block<double>&, Vector<double>&, const std::vector<char>*) const;
template void Weights::add_pullback(const Block<Complex>&, const Moment&, const Block<Complex>&, Vector<Complex>&, const std::vector<char>*) const;

}  // namespace settle
