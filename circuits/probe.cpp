// Probes: requests of a deck, wildcards worked out, bound to rows and devices.
#include "circuits/probe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numbers>

#include "circuits/probe_text.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

class VoltageProbe final : public Probe {
 public:
  VoltageProbe(ProbeLabel label, Index plus, Index minus) : Probe(std::move(label)), plus_(plus), minus_(minus) {}
  double value(const Solution<double>& at, Index sample) const override { return difference(at, sample); }
  Complex value(const Solution<Complex>& at, Index sample) const override { return difference(at, sample); }
  Complex small(const Solution<double>&, const Solution<Complex>& deviation) const override { return difference(deviation, 0); }

 private:
  template <Scalar S>
  S difference(const Solution<S>& at, Index sample) const {
    return at.x()(plus_, sample) - at.x()(minus_, sample);
  }
  Index plus_, minus_;
};

class QuantityProbe final : public Probe {
 public:
  QuantityProbe(ProbeLabel label, DeviceRef device, std::size_t quantity) : Probe(std::move(label)), device_(device), quantity_(quantity) {}
  double value(const Solution<double>& at, Index sample) const override { return device_.element->observe(device_.index, quantity_, at, sample); }
  Complex value(const Solution<Complex>& at, Index sample) const override { return device_.element->observe(device_.index, quantity_, at, sample); }
  Complex small(const Solution<double>& rest, const Solution<Complex>& deviation) const override {
    return device_.element->observe_small(device_.index, quantity_, rest, deviation);
  }

 private:
  DeviceRef device_;
  std::size_t quantity_;
};

class FieldProbe final : public Probe {
 public:
  FieldProbe(ProbeLabel label, DeviceRef device, std::size_t field) : Probe(std::move(label)), device_(device), field_(field) {}
  double value(const Solution<double>&, Index) const override { return device_.element->field(device_.index, field_); }
  Complex value(const Solution<Complex>&, Index) const override { return device_.element->field(device_.index, field_); }
  Complex small(const Solution<double>&, const Solution<Complex>&) const override { return device_.element->field(device_.index, field_); }

 private:
  DeviceRef device_;
  std::size_t field_;
};

/// vm, vdb, vp, vr, vi and the like: one real number of a complex amplitude.
class PartProbe final : public Probe {
 public:
  using Part = double (*)(const Complex&);
  PartProbe(ProbeLabel label, std::unique_ptr<const Probe> inner, Part part) : Probe(std::move(label)), inner_(std::move(inner)), part_(part) {}
  double value(const Solution<double>& at, Index sample) const override { return part_(inner_->value(at, sample)); }
  Complex value(const Solution<Complex>& at, Index sample) const override { return part_(inner_->value(at, sample)); }
  Complex small(const Solution<double>& rest, const Solution<Complex>& deviation) const override { return part_(inner_->small(rest, deviation)); }

 private:
  std::unique_ptr<const Probe> inner_;
  Part part_;
};

struct NamedPart {
  const char* suffix;
  PartProbe::Part part;
  const char* unit;  // nullptr: the probe's own
};
constexpr NamedPart parts[] = {
    {"db", [](const Complex& z) { return 20.0 * std::log10(std::abs(z)); }, "dB"},
    {"m", [](const Complex& z) { return std::abs(z); }, nullptr},
    {"p", [](const Complex& z) { return std::arg(z) * 180.0 / std::numbers::pi; }, "deg"},
    {"r", [](const Complex& z) { return z.real(); }, nullptr},
    {"i", [](const Complex& z) { return z.imag(); }, nullptr},
};

class ExpressionProbe final : public Probe {
 public:
  ExpressionProbe(ProbeLabel label, Expression expression, Probes inputs)
      : Probe(std::move(label)), expression_(std::move(expression)), inputs_(std::move(inputs)) {}
  double value(const Solution<double>& at, Index sample) const override { return evaluate(at, sample); }
  Complex value(const Solution<Complex>& at, Index sample) const override { return evaluate(at, sample); }
  /// The expression of the amplitudes, as SPICE's .print does it.
  Complex small(const Solution<double>& rest, const Solution<Complex>& deviation) const override {
    std::vector<Complex> values;
    for (const auto& input : inputs_) values.push_back(input ? input->small(rest, deviation) : deviation.moment().t);
    return expression_.eval<Complex>(values);
  }

 private:
  template <Scalar S>
  S evaluate(const Solution<S>& at, Index sample) const {
    std::vector<S> values;
    for (const auto& input : inputs_) values.push_back(input ? input->value(at, sample) : S(at.moment().t));
    return expression_.eval<S>(values);
  }
  Expression expression_;
  Probes inputs_;  // nullptr: the time
};

/// Builds probes of one circuit from requests, and says what is wrong with them.
class Maker {
 public:
  Maker(const Circuit& circuit, Diagnostics& diagnostics) : circuit_(circuit), diagnostics_(diagnostics) {}

  void add(const OutputRequest& request, Probes& probes) {
    const ProbeText text = split_probe(request.text);
    if (text.form == ProbeText::Form::expression) return add_if(expression(request, text.arguments[0]), probes);
    if (text.form == ProbeText::Form::unknown)
      return error(request, fmt::format("'{}' is not something to look at; write v(node), v(a,b), i(device), p(device), @device[parameter], "
                                        "state(device) or {{expression}}", request.text));
    if (text.arguments[0].find('*') != std::string::npos) return wildcard(request, text, probes);
    if (const std::vector<std::string> members = bus_members(text.arguments[0]); !members.empty()) {
      for (const std::string& member : members) add_if(single(request, {text.form, text.function, {member}}), probes);
      return;
    }
    add_if(single(request, text), probes);
  }

  std::shared_ptr<const Probe> one(const OutputRequest& request) {
    Probes probes;
    add(request, probes);
    return probes.size() == 1 ? probes[0] : nullptr;
  }

 private:
  void error(const OutputRequest& request, const std::string& text) { diagnostics_.error(request.where, text); }
  /// At a name within the request, if it stands there as it is.
  void error(const OutputRequest& request, const std::string& name, const std::string& text) {
    const std::size_t open = request.text.find_first_of("(@"), offset = request.text.find(name, open == std::string::npos ? 0 : open + 1);
    if (offset == std::string::npos) return error(request, text);
    const auto characters = [](std::string_view s) {
      return static_cast<int>(std::count_if(s.begin(), s.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
    };
    Location where = request.where;
    where.column += characters(std::string_view(request.text).substr(0, offset));
    where.length = std::max(1, characters(name));
    diagnostics_.error(where, text);
  }
  static void add_if(std::shared_ptr<const Probe> probe, Probes& probes) {
    if (probe) probes.push_back(std::move(probe));
  }

  static constexpr std::size_t most = 1 << 21;  // signals, each with a name: about 1 GB
  void wildcard(const OutputRequest& request, const ProbeText& text, Probes& probes) {
    const std::size_t before = probes.size();
    const bool voltages = text.function == "v";
    const auto matches = [&](const std::string& name) { return glob(text.arguments[0], name); };
    if (voltages) {
      for (const std::string& node : circuit_.nodes())
        if (matches(node)) probes.push_back(voltage("v", {node}, request));
      circuit_.rows().each_in_lattices([&](const std::string& name, Index, const Row& row) {
        if (row.is_node && probes.size() < most && matches(name)) probes.push_back(voltage("v", {name}, request));
      });
    } else {
      const auto add = [&](const DeviceRef& device) {
        if (probes.size() < most && matches(device.name())) add_if(shown(request, text, device), probes);
      };
      for (const DeviceRef& device : circuit_.devices()) add(device);
      circuit_.each_in_arrays(add);
    }
    if (probes.size() >= most)
      return error(request, fmt::format("'{}' and what else is saved are more than {} signals; name fewer, such as v(xb.r[0:63,0])", request.text, most));
    if (probes.size() == before)
      diagnostics_.warning(request.where, fmt::format("'{}' matches no {}", request.text, voltages ? "node" : "device"));
  }

  /// What a wildcard shows of a device, if the device has it.
  std::unique_ptr<const Probe> shown(const OutputRequest& request, const ProbeText& text, const DeviceRef& device) {
    const std::size_t field = device.element->kind().field_index(text.function);
    if (text.form == ProbeText::Form::field && field != std::string::npos) return field_probe(device, field);
    return has(device, text.function) ? quantity(request, text.function, device) : nullptr;
  }

  static std::unique_ptr<const Probe> field_probe(const DeviceRef& device, std::size_t field) {
    const Field& f = device.element->kind().fields[field];
    return std::make_unique<FieldProbe>(ProbeLabel{"@" + device.name() + "[" + f.name + "]", "param_" + f.name, f.unit, device.name(), "device"}, device, field);
  }

  std::unique_ptr<const Probe> single(const OutputRequest& request, const ProbeText& text) {
    if (text.form == ProbeText::Form::field) return field_or_quantity(request, text);
    if (text.function == "v") return voltage("v", text.arguments, request);
    const std::string base = text.function.substr(0, 1);
    const DeviceRef named = circuit_.find_device(text.arguments[0]);
    if (base == "v" || (base == "i" && named.element && !has(named, text.function)))
      for (const NamedPart& part : parts)
        if (text.function.substr(1) == part.suffix) return part_of(request, text, part);
    const DeviceRef device = device_named(request, text.arguments[0]);
    return device.element ? quantity(request, text.function, device) : nullptr;
  }

  std::unique_ptr<const Probe> part_of(const OutputRequest& request, const ProbeText& text, const NamedPart& part) {
    ProbeText inner = text;
    inner.function = text.function.substr(0, 1);
    auto probe = single(request, inner);
    if (!probe) return nullptr;
    ProbeLabel label = probe->label();
    label.name = request.text;
    label.quantity = text.function;
    if (part.unit) label.unit = part.unit;
    return std::make_unique<PartProbe>(label, std::move(probe), part.part);
  }

  std::unique_ptr<const Probe> voltage(const std::string& quantity, const std::vector<std::string>& nodes, const OutputRequest& request) {
    Index row[2] = {Rows::ground, Rows::ground};
    std::string label;
    for (std::size_t k = 0; k < nodes.size() && k < 2; ++k) {
      row[k] = circuit_.find_row(nodes[k]);
      if (row[k] < 0) {
        error(request, nodes[k], fmt::format("no node '{}' for {}{}", nodes[k], request.text, suggest(nodes[k], circuit_.nodes())));
        return nullptr;
      }
      label += (k ? "," : "") + nodes[k];
    }
    return std::make_unique<VoltageProbe>(ProbeLabel{quantity + "(" + label + ")", quantity, "V", label, "node"}, row[0], row[1]);
  }

  DeviceRef device_named(const OutputRequest& request, const std::string& name) {
    const DeviceRef device = circuit_.find_device(name);
    if (device.element) return device;
    std::vector<std::string> names;
    for (const DeviceRef& known : circuit_.devices()) names.push_back(known.name());
    error(request, name, fmt::format("no device '{}' for {}{}", name, request.text, suggest(name, names)));
    return {};
  }

  static bool has(const DeviceRef& device, const std::string& quantity) {
    for (const Quantity& q : device.element->quantities(device.index))
      if (q.name == quantity) return true;
    return false;
  }

  std::unique_ptr<const Probe> quantity(const OutputRequest& request, const std::string& wanted, const DeviceRef& device) {
    const std::vector<Quantity> known = device.element->quantities(device.index);
    for (std::size_t k = 0; k < known.size(); ++k)
      if (known[k].name == wanted)
        return std::make_unique<QuantityProbe>(
            ProbeLabel{wanted + "(" + device.name() + ")", wanted, known[k].unit, device.name(), wanted == "i" ? "branch" : "device"}, device, k);
    std::string names;
    for (const Quantity& q : known) names += (names.empty() ? "" : ", ") + q.name;
    error(request, fmt::format("device '{}' ({}) has no '{}'; it shows {}", device.name(), device.element->kind().name, wanted, names));
    return nullptr;
  }

  std::unique_ptr<const Probe> field_or_quantity(const OutputRequest& request, const ProbeText& text) {
    const DeviceRef device = device_named(request, text.arguments[0]);
    if (!device.element) return nullptr;
    const Kind& kind = device.element->kind();
    const std::size_t field = kind.field_index(text.function);
    if (field != std::string::npos) return field_probe(device, field);
    if (has(device, text.function)) return quantity(request, text.function, device);
    std::vector<std::string> names;
    for (const Field& f : kind.fields) names.push_back(f.name);
    error(request, fmt::format("device '{}' ({}) has no parameter '{}'{}; `settle list devices {}` shows them", device.name(), kind.name,
                               text.function, suggest(text.function, names), kind.name));
    return nullptr;
  }

  std::unique_ptr<const Probe> expression(const OutputRequest& request, const std::string& text) {
    ParsedExpression parsed = parse_expression(text, NoNames(), ExpressionUse::circuit);
    for (const Problem& problem : parsed.problems) error(request, fmt::format("{} in '{}'", problem.text, text));
    if (!parsed.problems.empty()) return nullptr;
    Probes inputs;
    for (const Input& input : parsed.expression.inputs()) {
      OutputRequest part{"", request.analysis, request.where};
      switch (input.kind) {
        case Input::Kind::voltage: part.text = "v(" + input.names[0] + (input.names.size() > 1 ? "," + input.names[1] : "") + ")"; break;
        case Input::Kind::current: part.text = "i(" + input.names[0] + ")"; break;
        case Input::Kind::device_quantity: part.text = "@" + input.names[0] + "[" + input.names[1] + "]"; break;
        case Input::Kind::time: inputs.push_back(nullptr); continue;
        default: error(request, "an output expression may use v(), i(), @device[parameter] and time"); return nullptr;
      }
      auto probe = one(part);
      if (!probe) return nullptr;
      inputs.push_back(std::move(probe));
    }
    return std::make_unique<ExpressionProbe>(ProbeLabel{request.text, "expression", "1", text, "expression"}, std::move(parsed.expression), std::move(inputs));
  }

  const Circuit& circuit_;
  Diagnostics& diagnostics_;
};

}  // namespace

Probes make_probes(const Circuit& circuit, const Netlist& netlist, const std::string& analysis, Diagnostics& diagnostics) {
  Probes probes;
  Maker maker(circuit, diagnostics);
  bool asked = false;
  for (const OutputRequest& request : netlist.outputs) {
    if (!request.analysis.empty() && request.analysis != analysis) continue;
    asked = true;
    maker.add(request, probes);
  }
  if (!asked) maker.add({"v(*)", "", {}}, probes);
  Probes unique;
  std::unordered_map<std::string, bool> seen;
  for (auto& probe : probes)
    if (seen.emplace(probe->label().name, true).second) unique.push_back(std::move(probe));
  return unique;
}

std::shared_ptr<const Probe> make_probe(const Circuit& circuit, const OutputRequest& request, Diagnostics& diagnostics) {
  return Maker(circuit, diagnostics).one(request);
}

}  // namespace settle
