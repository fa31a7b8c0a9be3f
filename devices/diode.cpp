// Diode: SPICE's junction with series resistance, breakdown, recombination, high injection, side wall, depletion and diffusion charge.
// i = is (exp(v/nVt) - 1) at the junction; q = tt i + depletion charge.
#include "devices/bank.hpp"
#include "devices/junction.hpp"

namespace settle {
namespace {

struct Diode : DeviceBase, Thermal {
  using Shape = settle::Shape<3, 0, 1>;
  enum : std::size_t { anode, cathode, inner };
  static constexpr bool limits = true;

  double is = 1e-14, n = 1.0, rs = 0.0, trs1 = 0.0, trs2 = 0.0;
  double cjo = 0.0, vj = 1.0, mj = 0.5, fc = 0.5, tt = 0.0, ttt1 = 0.0, ttt2 = 0.0, tm1 = 0.0, tm2 = 0.0;
  double bv = not_given, ibv = 1e-3, nbv = not_given, tcv = 0.0;
  double ikf = not_given, ikr = not_given, isr = not_given, nr = 1.0;
  double jsw = not_given, ns = not_given, cjsw = 0.0, php = 1.0, mjsw = 0.33, fcs = 0.5;
  double eg = 1.11, xti = 3.0, kf = 0.0, af = 1.0;
  double area = 1.0, pj = 0.0, off = 0.0, ic = not_given;

  // At temperature and area:
  JunctionCurrent bottom, side;
  DepletionCharge bottom_charge, side_charge;
  double gs = 0.0, transit = 0.0, recombination = 0.0, recombination_vte = 0.05, knee = 0.0, reverse_knee = 0.0;
  double gmin = 1e-12, critical = 0.6;

  static Description<Diode> describe();
  void prepare(const Environment& e);

  int joined(std::size_t) const { return rs > 0.0 ? -1 : static_cast<int>(anode); }
  bool charged(std::size_t) const { return tt != 0.0 || cjo != 0.0 || cjsw * pj != 0.0; }

  static constexpr bool depends(std::size_t row, std::size_t unknown) {
    return row == anode ? unknown != cathode : row == inner || unknown != anode;
  }

  template <class T>
  T junction_current(const T& v) const {
    T i = bottom(v);
    if (recombination > 0.0 && re(v) >= -3.0 * bottom.vte) i += generation(v);
    if (side.is > 0.0) i += side(v);
    return high_injection(i) + gmin * v;
  }

  template <class T>
  Flow<T, Shape> flow(const Port<T, Shape>& port) const {
    const T v = port.v[inner] - port.v[cathode];
    const T i = junction_current(v), i_series = gs * (port.v[anode] - port.v[inner]);
    return {{i_series, -i, i - i_series}, {}, {transit * i + bottom_charge(v) + side_charge(v)}};
  }

  void add_noise(const Port<double, Shape>& at, const Environment& e, PortNoise& noise) const {
    noise.thermal(anode, inner, gs, kelvin(e), "rs");
    noise.shot(inner, cathode, at.v[inner] - at.v[cathode], [this](double v) { return junction_current(v); }, kelvin(e));
  }

  Formula formula() const;

  std::array<double, 3> limit(std::array<double, 3> v, const std::array<double, 3>& previous) const {
    const double before = previous[inner] - previous[cathode];
    double now = v[inner] - v[cathode];
    if (now < std::min(0.0, -bottom.breakdown + 10.0 * bottom.breakdown_vte))
      now = -bottom.breakdown - limited_junction(-(now + bottom.breakdown), -(before + bottom.breakdown), bottom.breakdown_vte, critical);
    else
      now = limited_junction(now, before, bottom.vte, critical);
    v[inner] = v[cathode] + now;
    return v;
  }

 private:
  double matched_breakdown(double voltage, double vt) const;
  std::string current_text(const std::string& v) const;

  /// Recombination in the depletion layer, which narrows as v grows.
  template <class T>
  T generation(const T& v) const {
    using std::exp, std::log;
    const T width = 1.0 - v / bottom_charge.potential();
    return recombination * expm1(v / recombination_vte) * exp(0.5 * bottom_charge.grading() * log(width * width + 0.005));
  }
  template <class T>
  T high_injection(const T& i) const {
    using std::sqrt;
    if (knee > 0.0 && re(i) > 1e-18) return i / (1.0 + sqrt(i / knee));
    if (reverse_knee > 0.0 && re(i) < -1e-18) return i / (1.0 + sqrt(-i / reverse_knee));
    return i;
  }
};

/// SPICE moves the breakdown voltage so that the reverse branches meet at (bv, ibv); its tolerance and iteration are part of the model.
double Diode::matched_breakdown(double voltage, double vt) const {
  constexpr double tolerance = 1e-3;
  const double current = ibv, nvt = bottom.breakdown_vte, leak = bottom.is;
  if (current < leak * voltage / vt) return voltage;
  double x = voltage - nvt * std::log1p(current / leak);
  for (int k = 0; k < 25; ++k) {
    x = voltage - nvt * std::log(current / leak + 1.0 - x / vt);
    const double reached = leak * (std::exp((voltage - x) / nvt) - 1.0 + x / vt);
    if (std::abs(reached - current) <= tolerance * current) break;
  }
  return x;
}

void Diode::prepare(const Environment& e) {
  const double t = kelvin(e), t0 = nominal(e), dt = t - t0, vt = JunctionTemperature::thermal_voltage(t);
  const JunctionTemperature law(t0, t);
  gmin = m > 0.0 ? e.gmin / m : 0.0;  // one for all, as in SPICE
  const auto growth = [&](double emission) { return std::exp(((t / t0 - 1.0) * eg / vt + xti * std::log(t / t0)) / emission); };
  const double side_n = ns == ns ? ns : n, around = jsw == jsw ? jsw * pj * growth(side_n) : 0.0;
  bottom.is = is * area * growth(n) + (ns == ns ? 0.0 : around);
  bottom.vte = n * vt;
  side = {ns == ns ? around : 0.0, side_n * vt};
  recombination = isr == isr ? isr * area * growth(nr) : 0.0;
  recombination_vte = nr * vt;
  knee = ikf == ikf ? ikf * area : 0.0;
  reverse_knee = ikr == ikr ? ikr * area : 0.0;
  bottom.breakdown_vte = (nbv == nbv ? nbv : n) * vt;
  bottom.breakdown = bv == bv ? matched_breakdown(bv - tcv * dt, vt) : std::numeric_limits<double>::infinity();
  side.breakdown = bottom.breakdown;
  side.breakdown_vte = bottom.breakdown_vte;
  critical = critical_voltage(bottom.is, bottom.vte);

  const double grading = std::min(0.9, mj * (1.0 + (tm1 + tm2 * dt) * dt));
  bottom_charge = {cjo * area * law.capacitance_factor(vj, grading), law.potential(vj), grading, fc};
  side_charge = {cjsw * pj * law.capacitance_factor(php, mjsw), law.potential(php), mjsw, fcs};
  transit = tt * (1.0 + (ttt1 + ttt2 * dt) * dt);
  gs = rs > 0.0 ? area / (rs * (1.0 + (trs1 + trs2 * dt) * dt)) : 0.0;
}

std::string Diode::current_text(const std::string& v) const {
  std::string i = bottom.text(v);
  if (recombination > 0.0)
    i += fmt::format("+({0} >= {1} ? {2}*(exp({0}/{3})-1)*exp({4}*ln((1-{0}/{5})^2+0.005)) : 0)", v, exact(-3.0 * bottom.vte), exact(recombination),
                     exact(recombination_vte), exact(0.5 * bottom_charge.grading()), exact(bottom_charge.potential()));
  if (side.is > 0.0) i += "+" + side.text(v);
  const std::string sum = "(" + i + ")";
  if (reverse_knee > 0.0) i = fmt::format("({0} < -1e-18 ? {0}/(1+sqrt(-{0}/{1})) : {0})", sum, exact(reverse_knee));
  if (knee > 0.0) i = fmt::format("({0} > 1e-18 ? {0}/(1+sqrt({0}/{1})) : {2})", sum, exact(knee), i);
  return fmt::format("{}+{}*{}", i, exact(gmin), v);
}

/// Without series resistance the junction lies between the terminals.
Formula Diode::formula() const {
  const int from = gs > 0.0 ? inner : anode;
  const std::string v = gs > 0.0 ? "v(internal,c)" : "v(a,c)", i = current_text(v);
  Formula formula{{{from, cathode, i}}, {}};
  if (gs > 0.0) formula.currents.push_back({anode, inner, fmt::format("{}*v(a,internal)", exact(gs))}), formula.nodes.push_back("internal");
  if (charged(0)) formula.charges.push_back({"q", from, cathode, fmt::format("{}*({})+{}+{}", exact(transit), i, bottom_charge.text(v), side_charge.text(v))});
  return formula;
}

/// Currents at DC.
std::vector<MemberField<Diode>> conduction_fields() {
  using D = Diode;
  return {{model_field("is", "A", "saturation current", 1e-14, 1e-300), &D::is},
          {model_field("n", "", "emission coefficient", 1.0, 1e-3), &D::n},
          {model_field("rs", "Ohm", "series resistance", 0.0, 0.0), &D::rs},
          {model_field("bv", "V", "reverse breakdown voltage; by default none", not_given, 0.0), &D::bv},
          {model_field("ibv", "A", "current at the breakdown voltage", 1e-3, 1e-300), &D::ibv},
          {model_field("nbv", "", "emission coefficient in breakdown; by default n", not_given, 1e-3), &D::nbv},
          {model_field("ikf", "A", "forward knee current; by default none", not_given, 0.0), &D::ikf},
          {model_field("ikr", "A", "reverse knee current; by default none", not_given, 0.0), &D::ikr},
          {model_field("isr", "A", "recombination saturation current; by default none", not_given, 0.0), &D::isr},
          {model_field("nr", "", "recombination emission coefficient; 1 as in ngspice, PSpice has 2", 1.0, 1e-3), &D::nr},
          {model_field("jsw", "A/m", "side wall saturation current per length", not_given, 0.0), &D::jsw},
          {model_field("ns", "", "side wall emission coefficient; by default the side wall counts as area", not_given, 1e-3), &D::ns},
          {{"area", "", "factor on the area", 1.0, 1e-12}, &D::area},
          {{"pj", "", "length of the side wall", 0.0, 0.0}, &D::pj},
          {{"off", "", "accepted from SPICE decks; the search for an operating point starts without current anyway", 0.0, 0.0, 1.0}, &D::off}};
}

/// Charges, temperature, noise.
std::vector<MemberField<Diode>> other_fields() {
  using D = Diode;
  return {{model_field("trs1", "1/K", "linear temperature coefficient of rs", 0.0), &D::trs1},
          {model_field("trs2", "1/K^2", "quadratic temperature coefficient of rs", 0.0), &D::trs2},
          {model_field("cjo", "F", "junction capacitance at zero bias", 0.0, 0.0), &D::cjo},
          {model_field("vj", "V", "built-in potential", 1.0, 1e-3), &D::vj},
          {in_models("m", model_field("mj", "", "grading coefficient", 0.5, 0.0, 0.9)), &D::mj},
          {model_field("tm1", "1/K", "linear temperature coefficient of the grading", 0.0), &D::tm1},
          {model_field("tm2", "1/K^2", "quadratic temperature coefficient of the grading", 0.0), &D::tm2},
          {model_field("fc", "", "fraction of vj up to which the capacitance follows its law", 0.5, 0.0, 0.95), &D::fc},
          {model_field("tt", "s", "transit time", 0.0, 0.0), &D::tt},
          {model_field("ttt1", "1/K", "linear temperature coefficient of tt", 0.0), &D::ttt1},
          {model_field("ttt2", "1/K^2", "quadratic temperature coefficient of tt", 0.0), &D::ttt2},
          {model_field("tcv", "V/K", "temperature coefficient of bv", 0.0), &D::tcv},
          {model_field("cjsw", "F/m", "side wall capacitance at zero bias per length", 0.0, 0.0), &D::cjsw},
          {model_field("php", "V", "side wall built-in potential", 1.0, 1e-3), &D::php},
          {model_field("mjsw", "", "side wall grading coefficient", 0.33, 0.0, 0.9), &D::mjsw},
          {model_field("fcs", "", "as fc, of the side wall", 0.5, 0.0, 0.95), &D::fcs},
          {model_field("eg", "eV", "activation energy of is", 1.11, 0.1), &D::eg},
          {model_field("xti", "", "temperature exponent of is", 3.0), &D::xti},
          {model_field("kf", "", "flicker noise coefficient", 0.0), &D::kf},
          {model_field("af", "", "flicker noise exponent", 1.0), &D::af},
          {{"ic", "V", "initial voltage of a transient with uic"}, &D::ic},
          multiplicity_field<D>()};
}

Description<Diode> Diode::describe() {
  return {.help = "junction diode",
          .letter = 'd',
          .terminals = {"a", "c"},
          .internal_nodes = {"internal"},
          .charges = {{"q", inner, cathode}},
          .model_types = {"d"},
          .levels = {1},
          .principal = "area",
          .fields = join(join(conduction_fields(), other_fields()), thermal_fields<Diode>()),
          .holomorphy = Holomorphy::piecewise,
          .pieces = "its current is an exponential above -3 n Vt and a power of the voltage below, its charge changes shape at fc vj"};
}

const RegisteredDevice<Diode> registered("diode");

}  // namespace
}  // namespace settle
