// i = Is [F(vp - vs) - F(vp - vd)], F(u) = ln^2(1 + exp(u / 2 Ut)), as devices/ekv.cpp has it, in text that follows the temperature.
#include "circuits/export_spice_ekv.hpp"

#include <fmt/format.h>

#include <cmath>

#include "devices/moment.hpp"
#include "sim/number.hpp"

namespace settle {
namespace {

class EkvText {
 public:
  EkvText(const FlatDevice& device, const SpiceNames& names, double nominal) : device_(device), names_(names) {
    const double fixed = value("temp"), above = value("dtemp"), own = value("tnom");
    t_ = fixed == fixed ? number(zero_celsius + fixed) : fmt::format("(temper+{})", number(zero_celsius + (above == above ? above : 0.0)));
    t0_ = number(zero_celsius + (own == own ? own : nominal));
    ut_ = fmt::format("({}*{})", format_exact(boltzmann / elementary_charge), t_);
    polarity_ = device.model_type == "pmos" ? "(-1)" : "1";
  }

  std::string cards() const {
    const std::string name = names_.device(device_.name), vp = pinch_off();
    std::string text = fmt::format("{} {} {} i={{{}*{}*{}*({}-{})}}", name, node(drain), node(source), number(value("m")), polarity_, specific(),
                                   inverted(vp, from_bulk(source)), inverted(vp, from_bulk(drain)));
    const double w = value("w"), l = value("l"), m = value("m");
    for (const auto& [suffix, farads, k] : {std::tuple{"gs", value("cgso") * w, source}, {"gd", value("cgdo") * w, drain}, {"gb", value("cgbo") * l, bulk}})
      if (farads != 0.0) text += fmt::format("\nc.{}.{} {} {} {}", name, suffix, node(gate), node(k), format_exact(farads * m));
    return text;
  }

 private:
  enum : std::size_t { drain, gate, source, bulk };

  double value(const std::string& field) const {
    const auto it = device_.values.find(field);
    return it == device_.values.end() ? device_.kind->fields[device_.kind->field_index(field)].initial : it->second;
  }
  static std::string number(double x) { return x < 0.0 ? fmt::format("({})", format_exact(x)) : format_exact(x); }
  const std::string& node(std::size_t k) const { return names_.node(device_.nodes[k]); }
  std::string from_bulk(std::size_t k) const { return fmt::format("({}*v({},{}))", polarity_, node(k), node(bulk)); }
  bool body_effect() const { return value("gamma") == value("gamma"); }

  std::string threshold() const { return fmt::format("({}*{}-{}*({}-{}))", polarity_, number(value("vto")), number(value("tcv")), t_, t0_); }
  double slope() const { return body_effect() ? 1.0 + value("gamma") / (2.0 * std::sqrt(value("phi"))) : value("n"); }

  std::string specific() const {
    const double is = value("is");
    if (is == is) return number(is);
    return fmt::format("({}*pow({}/{},{})*{}*{})", number(2.0 * slope() * value("kp") * value("w") / value("l")), t_, t0_, number(value("bex")), ut_, ut_);
  }

  /// ln(1 + exp(x)) without overflow.
  static std::string softplus(const std::string& x) { return fmt::format("(max({0},0)+ln(1+exp(-abs({0}))))", x); }

  std::string pinch_off() const {
    if (!body_effect()) return fmt::format("(({}-{})/{})", from_bulk(gate), threshold(), number(slope()));
    const double gamma = value("gamma"), phi = value("phi");
    const std::string above = fmt::format("(({}-{}+{})/{})", from_bulk(gate), threshold(), number(phi + gamma * std::sqrt(phi)), ut_);
    const std::string raised = fmt::format("({}*{})", ut_, softplus(above));
    return fmt::format("({0}-{1}-{2}*(sqrt({0}+{3})-{4}))", raised, number(phi), number(gamma), number(0.25 * gamma * gamma), number(0.5 * gamma));
  }

  std::string inverted(const std::string& vp, const std::string& v) const {
    const std::string f = softplus(fmt::format("(({}-{})/(2*{}))", vp, v, ut_));
    return fmt::format("({0}*{0})", f);
  }

  const FlatDevice& device_;
  const SpiceNames& names_;
  std::string t_, t0_, ut_, polarity_;
};

}  // namespace

std::string spice_ekv(const FlatDevice& device, const SpiceNames& names, double nominal) { return EkvText(device, names, nominal).cards(); }

}  // namespace settle
