// Long-channel EKV MOSFET (Enz, Krummenacher, Vittoz 1995, doi:10.1007/BF01239381), one expression from weak to strong inversion:
// i = Is [F(vp - vs) - F(vp - vd)], F(u) = ln^2(1 + exp(u / 2 Ut)), Is = 2 n beta Ut^2, all voltages from the bulk.
#include "devices/bank.hpp"
#include "devices/formula_text.hpp"
#include "devices/junction.hpp"
#include "devices/mosfet_limits.hpp"

namespace settle {
namespace {

struct Ekv : DeviceBase, Thermal {
  using Shape = settle::Shape<4, 0, 3>;
  enum : std::size_t { drain, gate, source, bulk };
  static constexpr bool limits = true;

  double vto = 0.5, kp = 5e-5, n = 1.3, gamma = not_given, phi = 0.7, is = not_given, w = 1e-5, l = 1e-5;
  double tcv = 1e-3, bex = -1.5, cgso = 0.0, cgdo = 0.0, cgbo = 0.0;
  double polarity = 1.0;

  // At temperature:
  double ut = 0.02585, specific = 1e-6, threshold = 0.5, slope = 1.3;

  static Description<Ekv> describe();
  void adopt(const std::string& type) { polarity = type == "pmos" ? -1.0 : 1.0; }
  bool charged(std::size_t charge) const { return std::array{cgso, cgdo, cgbo}[charge] != 0.0; }

  static constexpr bool depends(std::size_t row, std::size_t unknown) {
    if (row == 4) return unknown == gate || unknown == source;
    if (row == 5) return unknown == gate || unknown == drain;
    if (row == 6) return unknown == gate || unknown == bulk;
    return row == drain || row == source;
  }

  void prepare(const Environment& e) {
    const double t = kelvin(e), t0 = nominal(e);
    ut = JunctionTemperature::thermal_voltage(t);
    threshold = polarity * vto - tcv * (t - t0);
    slope = gamma == gamma ? 1.0 + gamma / (2.0 * std::sqrt(phi)) : n;
    const double beta = kp * std::pow(t / t0, bex) * w / l;
    specific = is == is ? is : 2.0 * slope * beta * ut * ut;
  }

  /// Pinch-off voltage. With body effect it ends at -phi far below threshold; softplus keeps the root's argument positive there.
  template <class T>
  T pinch_off(const T& vg) const {
    using std::sqrt;
    if (!(gamma == gamma)) return (vg - threshold) / slope;
    const T raised = ut * softplus(T((vg - threshold + phi + gamma * std::sqrt(phi)) / ut));
    return raised - phi - gamma * (sqrt(raised + 0.25 * gamma * gamma) - 0.5 * gamma);
  }
  std::string pinch_off_text(const std::string& vg) const {
    if (!(gamma == gamma)) return fmt::format("(({}-{})/{})", vg, exact(threshold), exact(slope));
    const std::string raised = fmt::format("({}*{})", exact(ut), softplus_text(fmt::format("(({}-{})/{})", vg, exact(threshold - phi - gamma * std::sqrt(phi)), exact(ut))));
    return fmt::format("({0}-{1}-{2}*(sqrt({0}+{3})-{4}))", raised, exact(phi), exact(gamma), exact(0.25 * gamma * gamma), exact(0.5 * gamma));
  }
  template <class T>
  T inverted(const T& u) const {
    const T f = softplus(T(u / (2.0 * ut)));
    return f * f;
  }

  template <class T>
  Flow<T, Shape> flow(const Port<T, Shape>& port) const {
    const auto from_bulk = [&](std::size_t k) -> T { return polarity * (port.v[k] - port.v[bulk]); };
    const T vp = pinch_off(from_bulk(gate));
    const T i = (polarity * specific) * (inverted(T(vp - from_bulk(source))) - inverted(T(vp - from_bulk(drain))));
    const auto overlap = [&](double c, std::size_t k) -> T { return c * (port.v[gate] - port.v[k]); };
    return {{i, T(0.0), -i, T(0.0)}, {}, {overlap(cgso * w, source), overlap(cgdo * w, drain), overlap(cgbo * l, bulk)}};
  }

  /// The charge at an end of the channel, in units of specific/ut as gms and gmd are.
  double end_charge(double u) const {
    const double f = softplus(u / (2.0 * ut));
    return -f * std::expm1(-f);
  }
  /// The channel's charge as a resistor: 4 k T gds at vds = 0, 8/3 k T gms in strong inversion, 2 q i in weak.
  void add_noise(const Port<double, Shape>& at, const Environment& e, PortNoise& noise) const {
    const auto from_bulk = [&](std::size_t k) { return polarity * (at.v[k] - at.v[bulk]); };
    const double vp = pinch_off(from_bulk(gate)), s = 0.5 + end_charge(vp - from_bulk(source)), d = 0.5 + end_charge(vp - from_bulk(drain));
    noise.thermal(drain, source, specific / ut * 0.5 * (4.0 / 3.0 * (s * s + s * d + d * d) / (s + d) - 1.0), kelvin(e), "channel");
  }
  Formula formula() const {
    const auto inverted_text = [this](const std::string& vp, const char* v) { return softplus_text(fmt::format("(({}-{}*{})/{})", vp, exact(polarity), v, exact(2.0 * ut))) + "^2"; };
    const std::string vp = pinch_off_text(fmt::format("{}*v(g,b)", exact(polarity)));
    Formula formula{{{drain, source, fmt::format("{}*({}-{})", exact(polarity * specific), inverted_text(vp, "v(s,b)"), inverted_text(vp, "v(d,b)"))}}, {}};
    if (charged(0)) formula.charges.push_back({"qgs", gate, source, fmt::format("{}*v(g,s)", exact(cgso * w))});
    if (charged(1)) formula.charges.push_back({"qgd", gate, drain, fmt::format("{}*v(g,d)", exact(cgdo * w))});
    if (charged(2)) formula.charges.push_back({"qgb", gate, bulk, fmt::format("{}*v(g,b)", exact(cgbo * l))});
    return formula;
  }

  std::array<double, 4> limit(std::array<double, 4> v, const std::array<double, 4>& previous) const {
    const auto from_source = [this](const std::array<double, 4>& u, std::size_t k) { return polarity * (u[k] - u[source]); };
    const double vgs = limited_gate(from_source(v, gate), from_source(previous, gate), threshold);
    v[gate] = v[source] + polarity * vgs;
    return v;
  }
};

Description<Ekv> Ekv::describe() {
  using E = Ekv;
  return {.help = "MOS transistor, long-channel EKV, holomorphic from weak to strong inversion",
          .letter = 'm',
          .terminals = {"d", "g", "s", "b"},
          .charges = {{"qgs", gate, source}, {"qgd", gate, drain}, {"qgb", gate, bulk}},
          .model_types = {"nmos", "pmos"},
          .levels = {44, 260},
          .branches = {{Branch::Tie::conducts, drain, source}},
          .fields = join<E>({{model_field("vto", "V", "threshold", 0.5), &E::vto},
                             {model_field("kp", "A/V^2", "transconductance", 5e-5, 0.0), &E::kp},
                             {model_field("n", "", "slope factor, if gamma is not given", 1.3, 1.0), &E::n},
                             {model_field("gamma", "V^0.5", "body effect; the slope factor is then 1 + gamma / (2 sqrt(phi))", not_given, 0.0), &E::gamma},
                             {model_field("phi", "V", "surface potential, used with gamma", 0.7, 0.05), &E::phi},
                             {model_field("is", "A", "specific current; by default 2 n kp w/l Ut^2", not_given, 0.0), &E::is},
                             {model_field("tcv", "V/K", "fall of the threshold with temperature", 1e-3), &E::tcv},
                             {model_field("bex", "", "temperature exponent of kp", -1.5), &E::bex},
                             {model_field("cgso", "F/m", "overlap capacitance gate to source per width", 0.0), &E::cgso},
                             {model_field("cgdo", "F/m", "overlap capacitance gate to drain per width", 0.0), &E::cgdo},
                             {model_field("cgbo", "F/m", "overlap capacitance gate to bulk per length", 0.0), &E::cgbo},
                             {{"w", "m", "width", 1e-5, 1e-12}, &E::w},
                             {{"l", "m", "length", 1e-5, 1e-12}, &E::l},
                             multiplicity_field<E>()},
                            thermal_fields<E>())};
}

const RegisteredDevice<Ekv> registered("ekv");

}  // namespace
}  // namespace settle
