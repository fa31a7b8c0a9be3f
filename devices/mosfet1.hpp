// MOSFET level 1 (Shichman and Hodges 1968, doi:10.1109/JSSC.1968.1049902) as SPICE has it, with a charge-conserving channel:
// source and drain share the channel's charge after Ward and Dutton (1978, doi:10.1109/JSSC.1978.1051123).
// SPICE has Meyer's capacitances instead, which are no derivatives of charges and let charge leak over a cycle; the DC currents are equal.
#pragma once

#include "devices/device.hpp"
#include "devices/junction.hpp"

namespace settle {

struct Mosfet1 : DeviceBase, Thermal {
  using Shape = settle::Shape<6, 0, 3>;
  enum : std::size_t { drain, gate, source, bulk, inner_drain, inner_source };
  enum : std::size_t { gate_charge, drain_charge, source_charge };
  static constexpr bool limits = true;

  double vto = not_given, kp = not_given, gamma = not_given, phi = not_given, lambda = 0.0;
  double tox = not_given, nsub = not_given, nss = 0.0, tpg = 1.0, u0 = 600.0, ld = 0.0;
  double rd = not_given, rs = not_given, rsh = not_given;
  double is = 1e-14, js = 0.0, pb = 0.8, mj = 0.5, mjsw = 0.5, fc = 0.5;
  double cbd = not_given, cbs = not_given, cj = not_given, cjsw = 0.0, cgso = 0.0, cgdo = 0.0, cgbo = 0.0;
  double kf = 0.0, af = 1.0;
  double l = 1e-4, w = 1e-4, ad = 0.0, as = 0.0, pd = 0.0, ps = 0.0, nrd = 1.0, nrs = 1.0, off = 0.0;

  double polarity = 1.0;  // -1: p channel; all voltages below are times polarity

  // At temperature:
  double beta = 0.0, threshold = 0.0, surface = 0.6, body = 0.0;  // A/V^2; V: at zero bulk bias without the body term; V; sqrt(V)
  double g_drain = 0.0, g_source = 0.0;                           // S; 0: no series resistance
  double oxide = 0.0;                                             // F, gate to channel
  JunctionCurrent bulk_drain, bulk_source;
  DepletionCharge bottom_drain, bottom_source, side_drain, side_source;
  double gmin = 1e-12;

  static Description<Mosfet1> describe();
  void prepare(const Environment& e);
  void adopt(const std::string& type) { polarity = type == "pmos" ? -1.0 : 1.0; }

  int joined(std::size_t port) const {
    if (port == inner_drain) return g_drain > 0.0 ? -1 : static_cast<int>(drain);
    return g_source > 0.0 ? -1 : static_cast<int>(source);
  }
  bool charged(std::size_t charge) const;

  static constexpr bool depends(std::size_t row, std::size_t unknown) {
    switch (row) {
      case drain: return unknown == drain || unknown == inner_drain;
      case source: return unknown == source || unknown == inner_source;
      case gate: return false;
      case bulk: return unknown >= bulk;
      case inner_drain: return unknown != source;
      case inner_source: return unknown != drain;
      default: return unknown != drain && unknown != source;  // charges
    }
  }

  template <class T>
  Flow<T, Shape> flow(const Port<T, Shape>& port) const;
  void add_noise(const Port<double, Shape>& at, const Environment& e, PortNoise& noise) const;
  std::array<double, 6> limit(std::array<double, 6> v, const std::array<double, 6>& previous) const;

 private:
  /// Voltages that the channel depends on, seen from whichever end is the source.
  template <class T>
  struct Bias {
    T vds, overdrive, body_root;  // body_root: sqrt(surface - vbs), continued by its tangent for forward bulk bias
  };
  template <class T>
  Bias<T> bias(const T& vgs, const T& vds, const T& vbs) const;
  /// Current from drain to source and the charges of gate, drain and source, of an n channel, either way round.
  template <class T>
  std::array<T, 4> channel(const T& vgs, const T& vds, const T& vbs) const;
  template <class T>
  T channel_current(const Bias<T>& b) const;
  /// Charges of gate, drain and source for vds >= 0.
  template <class T>
  std::array<T, 3> channel_charges(const Bias<T>& b) const;

  void prepare_threshold(double nominal, double kelvin);
  void prepare_bulk(double nominal, double kelvin);
};

template <class T>
Mosfet1::Bias<T> Mosfet1::bias(const T& vgs, const T& vds, const T& vbs) const {
  using std::sqrt;
  const double root = std::sqrt(surface);
  T s = re(vbs) <= 0.0 ? sqrt(surface - vbs) : root - vbs / (2.0 * root);
  if (re(s) < 0.0) s = T(0.0);
  return {vds, vgs - (threshold + body * s), s};
}

template <class T>
T Mosfet1::channel_current(const Bias<T>& b) const {
  if (re(b.overdrive) <= 0.0) return T(0.0);
  const T gain = beta * (1.0 + lambda * b.vds);
  return re(b.overdrive) <= re(b.vds) ? 0.5 * gain * b.overdrive * b.overdrive : gain * b.vds * (b.overdrive - 0.5 * b.vds);
}

template <class T>
std::array<T, 3> Mosfet1::channel_charges(const Bias<T>& b) const {
  using std::sqrt;
  if (re(b.overdrive) <= 0.0) {
    // Accumulation below flat band, depletion above: y is the gate's voltage over flat band.
    const T y = b.overdrive + b.body_root * (b.body_root + body);
    if (re(y) <= 0.0) return {oxide * y, T(0.0), T(0.0)};
    if (body == 0.0) return {T(0.0), T(0.0), T(0.0)};
    return {oxide * 2.0 * body * y / (body + sqrt(body * body + 4.0 * y)), T(0.0), T(0.0)};
  }
  const T a = b.overdrive, d = re(b.vds) < re(a) ? a - b.vds : T(0.0);  // overdrives at the source's and the drain's end
  const T sum = a + d, share = oxide * (2.0 / 15.0) / (sum * sum);
  const T at_drain = -share * (3.0 * d * d * d + 6.0 * d * d * a + 4.0 * d * a * a + 2.0 * a * a * a);
  const T at_source = -share * (3.0 * a * a * a + 6.0 * a * a * d + 4.0 * a * d * d + 2.0 * d * d * d);
  return {oxide * body * b.body_root - at_drain - at_source, at_drain, at_source};
}

template <class T>
std::array<T, 4> Mosfet1::channel(const T& vgs, const T& vds, const T& vbs) const {
  const bool forward = re(vds) >= 0.0;
  const Bias<T> b = forward ? bias(vgs, vds, vbs) : bias(T(vgs - vds), T(-vds), T(vbs - vds));
  const T i = channel_current(b);
  std::array<T, 3> q{T(0.0), T(0.0), T(0.0)};
  if (oxide > 0.0) q = channel_charges(b);
  if (forward) return {i, q[gate_charge], q[drain_charge], q[source_charge]};
  return {-i, q[gate_charge], q[source_charge], q[drain_charge]};
}

template <class T>
Flow<T, Mosfet1::Shape> Mosfet1::flow(const Port<T, Shape>& port) const {
  const auto& v = port.v;
  const T vgs = polarity * (v[gate] - v[inner_source]), vds = polarity * (v[inner_drain] - v[inner_source]);
  const T vbs = polarity * (v[bulk] - v[inner_source]), vbd = vbs - vds, vgd = vgs - vds;
  auto [i, q_gate, q_drain, q_source] =
      chained(std::array<T, 3>{vgs, vds, vbs}, [this](const auto& u) { return channel(u[0], u[1], u[2]); });
  i *= polarity;
  const T i_drain = g_drain * (v[drain] - v[inner_drain]), i_source = g_source * (v[source] - v[inner_source]);
  const T i_bulk_drain = polarity * (bulk_drain(vbd) + gmin * vbd), i_bulk_source = polarity * (bulk_source(vbs) + gmin * vbs);

  Flow<T, Shape> out;
  out.current = {i_drain, T(0.0), i_source, i_bulk_drain + i_bulk_source, i - i_bulk_drain - i_drain, -i - i_bulk_source - i_source};

  const T overlap_drain = cgdo * w * vgd, overlap_source = cgso * w * vgs;
  q_gate += overlap_drain + overlap_source + cgbo * (l - 2.0 * ld) * (vgs - vbs);
  q_drain -= overlap_drain + bottom_drain(vbd) + side_drain(vbd);
  q_source -= overlap_source + bottom_source(vbs) + side_source(vbs);
  out.charge = {polarity * q_gate, polarity * q_drain, polarity * q_source};
  return out;
}

}  // namespace settle
