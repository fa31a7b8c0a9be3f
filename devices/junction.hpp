// Junction: current, depletion charge and temperature laws of a pn junction, as SPICE has them; shared by diodes and MOS bulks.
#pragma once

#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "devices/formula_text.hpp"
#include "devices/moment.hpp"
#include "sim/dual_chain.hpp"

namespace settle {

/// i = is (exp(v / vte) - 1); below -3 vte a cubic tail to -is; below -breakdown an exponential of slope breakdown_vte.
struct JunctionCurrent {
  double is = 1e-14;                                          // A
  double vte = 0.02585;                                       // V, emission coefficient times thermal voltage
  double breakdown = std::numeric_limits<double>::infinity(); // V
  double breakdown_vte = 0.02585;                             // V

  template <class T>
  T operator()(const T& v) const {
    return chained(std::array<T, 1>{v}, [this](const auto& u) { return std::array{at(u[0])}; })[0];
  }

  /// The same as an expression of one.
  std::string text(const std::string& v) const {
    const std::string tail = fmt::format("{}*(1+({}/{})^3)", exact(-is), exact(3.0 * vte / std::numbers::e), v);
    const std::string reverse = std::isinf(breakdown) ? tail
                                                      : fmt::format("({} < {} ? {}*{} : {})", v, exact(-breakdown), exact(-is),
                                                                    limited_exp_text(fmt::format("(-({}+{})/{})", v, exact(breakdown), exact(breakdown_vte))), tail);
    return fmt::format("({} >= {} ? {}*({}-1) : {})", v, exact(-3.0 * vte), exact(is), limited_exp_text(fmt::format("({}/{})", v, exact(vte))), reverse);
  }

 private:
  template <class T>
  T at(const T& v) const {
    if (re(v) >= -3.0 * vte) return is * expm1_limited(v / vte);
    if (re(v) < -breakdown) return -is * limited_exp(-(v + breakdown) / breakdown_vte);
    const T tail = 3.0 * vte / (v * std::numbers::e);
    return -is * (1.0 + tail * tail * tail);
  }
  template <class T>
  static T expm1_limited(const T& x) {
    return re(x) > 1.0 ? limited_exp(x) - 1.0 : expm1(x);
  }
};

/// Charge of C(v) = c (1 - v / vj)^-m, continued from fc vj on by a straight line C(v).
class DepletionCharge {
 public:
  DepletionCharge() = default;
  DepletionCharge(double c, double vj, double m, double fc)
      : c_(c), vj_(vj), m_(m), knee_(fc * vj), at_knee_(vj / (1.0 - m) * (1.0 - std::pow(1.0 - fc, 1.0 - m))),
        steepness_(std::pow(1.0 - fc, -1.0 - m)), offset_(1.0 - fc * (1.0 + m)) {}

  double at_zero_bias() const { return c_; }  // F
  double potential() const { return vj_; }
  double grading() const { return m_; }

  template <class T>
  T operator()(const T& v) const {
    using std::exp, std::log;
    if (c_ == 0.0) return T(0.0);
    if (re(v) < knee_) return (c_ * vj_ / (1.0 - m_)) * (1.0 - exp((1.0 - m_) * log(1.0 - v / vj_)));
    return c_ * (at_knee_ + steepness_ * (offset_ * (v - knee_) + 0.5 * m_ / vj_ * (v * v - knee_ * knee_)));
  }

  /// The same as an expression of one.
  std::string text(const std::string& v) const {
    if (c_ == 0.0) return "0";
    const std::string below = fmt::format("{}*(1-(1-{}/{})^{})", exact(c_ * vj_ / (1.0 - m_)), v, exact(vj_), exact(1.0 - m_));
    const std::string above = fmt::format("{0}+{1}*({2}*({3}-{4})+{5}*({3}*{3}-{6}))", exact(c_ * at_knee_), exact(c_ * steepness_), exact(offset_), v, exact(knee_),
                                          exact(0.5 * m_ / vj_), exact(knee_ * knee_));
    return fmt::format("({} < {} ? {} : {})", v, exact(knee_), below, above);
  }

 private:
  double c_ = 0.0, vj_ = 1.0, m_ = 0.5, knee_ = 0.5, at_knee_ = 0.0, steepness_ = 1.0, offset_ = 0.0;
};

/// How SPICE carries junction parameters of silicon from the temperature they were measured at to another.
class JunctionTemperature {
 public:
  JunctionTemperature(double nominal, double actual) : nominal_(nominal), actual_(actual) {}

  static double thermal_voltage(double kelvin) { return boltzmann * kelvin / elementary_charge; }
  static double band_gap(double kelvin) { return 1.16 - 7.02e-4 * kelvin * kelvin / (kelvin + 1108.0); }  // eV

  /// The built-in potential at the actual temperature.
  double potential(double vj) const { return shift(actual_) + ratio(actual_) * at_reference(vj); }

  /// The factor on a depletion capacitance of built-in potential `vj` (nominal) and grading `m`.
  double capacitance_factor(double vj, double m) const {
    const double vr = at_reference(vj), old_gain = (vj - vr) / vr, new_gain = (potential(vj) - vr) / vr;
    return (1.0 + m * (4e-4 * (actual_ - reference) - new_gain)) / (1.0 + m * (4e-4 * (nominal_ - reference) - old_gain));
  }

 private:
  static constexpr double reference = zero_celsius + 27.0;
  static constexpr double reference_gap = 1.1150877;  // eV, band_gap(reference)

  static double ratio(double kelvin) { return kelvin / reference; }
  static double shift(double kelvin) {
    const double arg = -band_gap(kelvin) / (2.0 * boltzmann * kelvin) + reference_gap / (2.0 * boltzmann * reference);
    return -2.0 * thermal_voltage(kelvin) * (1.5 * std::log(ratio(kelvin)) + elementary_charge * arg);
  }
  double at_reference(double vj) const { return (vj - shift(nominal_)) / ratio(nominal_); }

  double nominal_, actual_;  // K
};

/// The voltage above which a junction's exponential outruns Newton steps.
inline double critical_voltage(double is, double vte) { return vte * std::log(vte / (std::numbers::sqrt2 * is)); }

/// SPICE's step limit of a rising junction voltage: above the critical voltage the current, not the voltage, takes Newton's step.
inline double limited_junction(double v, double previous, double vte, double critical) {
  if (v <= critical || v - previous <= 2.0 * vte) return v;
  return previous > 0.0 ? previous + vte * std::log1p((v - previous) / vte) : vte * std::log(v / vte);
}

}  // namespace settle
