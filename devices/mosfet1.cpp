// MOSFET level 1: parameters, what they become at temperature, step limits.
#include "devices/mosfet1.hpp"

#include "devices/bank.hpp"
#include "devices/mosfet_limits.hpp"

namespace settle {
namespace {

constexpr double permittivity = 8.854187817e-12;  // F/m, of vacuum
constexpr double oxide_permittivity = 3.9 * permittivity, silicon_permittivity = 11.7 * permittivity;
constexpr double intrinsic_density = 1.45e16;  // 1/m^3, of silicon at 300 K

double given(double value, double otherwise) { return value == value ? value : otherwise; }

}  // namespace

bool Mosfet1::charged(std::size_t charge) const {
  if (oxide > 0.0) return true;
  const bool at_drain = cgdo != 0.0, at_source = cgso != 0.0;
  if (charge == gate_charge) return at_drain || at_source || cgbo != 0.0;
  if (charge == drain_charge) return at_drain || bottom_drain.at_zero_bias() != 0.0 || side_drain.at_zero_bias() != 0.0;
  return at_source || bottom_source.at_zero_bias() != 0.0 || side_source.at_zero_bias() != 0.0;
}

void Mosfet1::prepare(const Environment& e) {
  gmin = m > 0.0 ? e.gmin / m : 0.0;  // one for all, as in SPICE
  const auto series = [&](double ohms, double squares) {
    const double r = given(ohms, given(rsh, 0.0) * squares);
    return r > 0.0 ? 1.0 / r : 0.0;
  };
  g_drain = series(rd, nrd);
  g_source = series(rs, nrs);
  prepare_threshold(nominal(e), kelvin(e));
  prepare_bulk(nominal(e), kelvin(e));
}

void Mosfet1::prepare_threshold(double t0, double t) {
  using Law = JunctionTemperature;
  const double length = l - 2.0 * ld, per_area = tox > 0.0 ? oxide_permittivity / tox : 0.0;
  const double doping = given(nsub, 0.0) * 1e6, gap0 = Law::band_gap(t0);
  double phi0 = given(phi, 0.6), gamma0 = given(gamma, 0.0), vt0 = given(vto, 0.0);
  if (per_area > 0.0 && doping > intrinsic_density) {
    phi0 = given(phi, std::max(0.1, 2.0 * Law::thermal_voltage(t0) * std::log(doping / intrinsic_density)));
    gamma0 = given(gamma, std::sqrt(2.0 * silicon_permittivity * elementary_charge * doping) / per_area);
    const double gate_work = tpg == 0.0 ? 3.2 : 3.25 + 0.5 * gap0 - polarity * tpg * 0.5 * gap0;
    const double flat_band = gate_work - (3.25 + 0.5 * gap0 + polarity * 0.5 * phi0) - nss * 1e4 * elementary_charge / per_area;
    vt0 = given(vto, flat_band + polarity * (gamma0 * std::sqrt(phi0) + phi0));
  }
  const double kp0 = given(kp, per_area > 0.0 ? u0 * 1e-4 * per_area : 2e-5);

  const double ratio = t / t0;
  beta = kp0 / (ratio * std::sqrt(ratio)) * w / length;
  body = gamma0;
  surface = Law(t0, t).potential(phi0);
  threshold = polarity * (vt0 + 0.5 * (gap0 - Law::band_gap(t))) - gamma0 * std::sqrt(phi0) + 0.5 * (surface - phi0);
  oxide = per_area * length * w;
}

void Mosfet1::prepare_bulk(double t0, double t) {
  using Law = JunctionTemperature;
  const Law law(t0, t);
  const double vt = Law::thermal_voltage(t);
  const double growth = std::exp(Law::band_gap(t0) / Law::thermal_voltage(t0) - Law::band_gap(t) / vt);
  const bool by_area = js > 0.0 && ad > 0.0 && as > 0.0;
  bulk_drain.is = growth * (by_area ? js * ad : is);
  bulk_source.is = growth * (by_area ? js * as : is);
  bulk_drain.vte = bulk_source.vte = vt;

  const double vj = law.potential(pb), bottom = law.capacitance_factor(pb, mj), side = law.capacitance_factor(pb, mjsw);
  const double per_area = given(cj, 0.0);
  bottom_drain = {bottom * given(cbd, per_area * ad), vj, mj, fc};
  bottom_source = {bottom * given(cbs, per_area * as), vj, mj, fc};
  side_drain = {side * cjsw * pd, vj, mjsw, fc};
  side_source = {side * cjsw * ps, vj, mjsw, fc};
}

/// The channel's charge as a resistor (Klaassen and Prins 1967): 8/3 k T gm in saturation, as SPICE has it, and 4 k T gds at vds = 0, where
/// SPICE has none.
void Mosfet1::add_noise(const Port<double, Shape>& at, const Environment& e, PortNoise& noise) const {
  const auto& v = at.v;
  const double vgs = polarity * (v[gate] - v[inner_source]), vds = polarity * (v[inner_drain] - v[inner_source]), vbs = polarity * (v[bulk] - v[inner_source]);
  const Bias<double> b = vds >= 0.0 ? bias(vgs, vds, vbs) : bias(vgs - vds, -vds, vbs - vds);
  noise.thermal(drain, inner_drain, g_drain, kelvin(e), "rd");
  noise.thermal(source, inner_source, g_source, kelvin(e), "rs");
  const double a = std::max(b.overdrive, 0.0), d = std::max(a - b.vds, 0.0), overdrive = a > 0.0 ? (a * a + a * d + d * d) / (a + d) : 0.0;
  noise.thermal(inner_drain, inner_source, 2.0 / 3.0 * beta * (1.0 + lambda * b.vds) * overdrive, kelvin(e), "channel");
}

std::array<double, 6> Mosfet1::limit(std::array<double, 6> v, const std::array<double, 6>& previous) const {
  const auto between = [this](const std::array<double, 6>& u, std::size_t a, std::size_t b) { return polarity * (u[a] - u[b]); };
  double vgs = between(v, gate, inner_source), vds = between(v, inner_drain, inner_source), vbs = between(v, bulk, inner_source);
  const double gs = between(previous, gate, inner_source), ds = between(previous, inner_drain, inner_source);
  const double bs = between(previous, bulk, inner_source);
  const double turn_on = threshold + body * std::sqrt(surface);
  if (ds >= 0.0) {
    const double vgd = vgs - vds;
    vgs = limited_gate(vgs, gs, turn_on);
    vds = limited_drain(vgs - vgd, ds);
  } else {
    const double vgd = limited_gate(vgs - vds, gs - ds, turn_on);
    vds = -limited_drain(-(vgs - vgd), -ds);
    vgs = vgd + vds;
  }
  if (vds >= 0.0)
    vbs = limited_junction(vbs, bs, bulk_source.vte, critical_voltage(bulk_source.is, bulk_source.vte));
  else
    vbs = vds + limited_junction(vbs - vds, bs - ds, bulk_drain.vte, critical_voltage(bulk_drain.is, bulk_drain.vte));
  v[gate] = v[inner_source] + polarity * vgs;
  v[inner_drain] = v[inner_source] + polarity * vds;
  v[bulk] = v[inner_source] + polarity * vbs;
  return v;
}

namespace {

std::vector<MemberField<Mosfet1>> model_fields() {
  using M = Mosfet1;
  return {{model_field("vto", "V", "threshold at zero bulk bias; 0, or from nsub, tox, nss and tpg", not_given), &M::vto},
          {model_field("kp", "A/V^2", "transconductance; 2e-5, or u0 eps/tox", not_given, 0.0), &M::kp},
          {model_field("gamma", "V^0.5", "body effect; 0, or from nsub and tox", not_given, 0.0), &M::gamma},
          {model_field("phi", "V", "surface potential; 0.6, or from nsub", not_given, 0.05), &M::phi},
          {model_field("lambda", "1/V", "channel length modulation", 0.0), &M::lambda},
          {model_field("rd", "Ohm", "drain resistance; by default rsh nrd", not_given, 0.0), &M::rd},
          {model_field("rs", "Ohm", "source resistance; by default rsh nrs", not_given, 0.0), &M::rs},
          {model_field("rsh", "Ohm", "sheet resistance of drain and source", not_given, 0.0), &M::rsh},
          {model_field("is", "A", "saturation current of a bulk junction", 1e-14, 1e-300), &M::is},
          {model_field("js", "A/m^2", "the same per area; counts if ad and as are given", 0.0, 0.0), &M::js},
          {model_field("pb", "V", "built-in potential of the bulk junctions", 0.8, 0.05), &M::pb},
          {model_field("cbd", "F", "zero-bias capacitance bulk to drain; by default cj ad", not_given, 0.0), &M::cbd},
          {model_field("cbs", "F", "zero-bias capacitance bulk to source; by default cj as", not_given, 0.0), &M::cbs},
          {model_field("cj", "F/m^2", "zero-bias bottom capacitance per area", not_given, 0.0), &M::cj},
          {model_field("mj", "", "its grading coefficient", 0.5, 0.0, 0.95), &M::mj},
          {model_field("cjsw", "F/m", "zero-bias side wall capacitance per length", 0.0, 0.0), &M::cjsw},
          {model_field("mjsw", "", "its grading coefficient", 0.5, 0.0, 0.95), &M::mjsw},
          {model_field("fc", "", "fraction of pb up to which capacitances follow their law", 0.5, 0.0, 0.95), &M::fc},
          {model_field("cgso", "F/m", "overlap capacitance gate to source per width", 0.0), &M::cgso},
          {model_field("cgdo", "F/m", "overlap capacitance gate to drain per width", 0.0), &M::cgdo},
          {model_field("cgbo", "F/m", "overlap capacitance gate to bulk per length", 0.0), &M::cgbo},
          {model_field("tox", "m", "oxide thickness; without it the channel holds no charge", not_given, 1e-10), &M::tox},
          {model_field("nsub", "1/cm^3", "doping of the substrate", not_given, 0.0), &M::nsub},
          {model_field("nss", "1/cm^2", "surface state density", 0.0), &M::nss},
          {model_field("tpg", "", "gate: 1 doped against the substrate, -1 as the substrate, 0 aluminium", 1.0, -1.0, 1.0), &M::tpg},
          {model_field("u0", "cm^2/Vs", "mobility", 600.0, 0.0), &M::u0},
          {model_field("ld", "m", "lateral diffusion: the channel is l - 2 ld", 0.0), &M::ld},
          {model_field("kf", "", "flicker noise coefficient", 0.0), &M::kf},
          {model_field("af", "", "flicker noise exponent", 1.0), &M::af}};
}

std::vector<MemberField<Mosfet1>> instance_fields() {
  using M = Mosfet1;
  return {{{"l", "m", "drawn length", 1e-4, 1e-12}, &M::l},
          {{"w", "m", "width", 1e-4, 1e-12}, &M::w},
          {{"ad", "m^2", "area of the drain", 0.0, 0.0}, &M::ad},
          {{"as", "m^2", "area of the source", 0.0, 0.0}, &M::as},
          {{"pd", "m", "perimeter of the drain", 0.0, 0.0}, &M::pd},
          {{"ps", "m", "perimeter of the source", 0.0, 0.0}, &M::ps},
          {{"nrd", "", "squares of the drain", 1.0, 0.0}, &M::nrd},
          {{"nrs", "", "squares of the source", 1.0, 0.0}, &M::nrs},
          {{"off", "", "accepted from SPICE decks; the search for an operating point starts without current anyway", 0.0, 0.0, 1.0}, &M::off},
          multiplicity_field<M>()};
}

const RegisteredDevice<Mosfet1> registered("mosfet1");

}  // namespace

Description<Mosfet1> Mosfet1::describe() {
  return {.help = "MOS transistor, Shichman-Hodges (level 1), with charge-conserving channel charge",
          .letter = 'm',
          .terminals = {"d", "g", "s", "b"},
          .internal_nodes = {"drain", "source"},
          .charges = {{"qg", gate, bulk}, {"qd", inner_drain, bulk}, {"qs", inner_source, bulk}},
          .model_types = {"nmos", "pmos"},
          .levels = {1},
          .branches = {{Branch::Tie::conducts, drain, source}, {Branch::Tie::conducts, drain, bulk}},
          .fields = join(join(model_fields(), instance_fields()), thermal_fields<Mosfet1>()),
          .holomorphy = Holomorphy::piecewise,
          .pieces = "cut-off, triode and saturation meet where the gate voltage passes the threshold and where the drain saturates"};
}

}  // namespace settle
