// Functions of expressions that are complex-differentiable away from their branch cuts.
#include <cmath>
#include <numbers>

#include "sim/expression_define.hpp"
#include "sim/expression_tape.hpp"

namespace settle {
namespace {

using namespace define;

/// ngspice clips exp to 1e99, which leaves Newton without a slope; from the same place on this continues linearly.
constexpr double exp_limit = 227.9559242;

template <class T>
T checked_log(const T& x) {
  using std::log;
  return zero(x) ? not_a_number<T>() : log(x);
}

/// x^y with the derivatives exp(y log x) loses at x = 0.
double real_power(double x, double y) { return x == 0.0 && y < 0.0 ? not_a_number<double>() : std::pow(x, y); }
Complex real_power(const Complex& x, const Complex& y) {
  const double n = y.real();
  if (y.imag() == 0.0 && n == std::floor(n) && std::abs(n) < 1024.0) return integer_power(x, static_cast<int>(n));
  if (x == 0.0) return n > 0.0 ? Complex(0.0) : not_a_number<Complex>();
  return std::exp(y * std::log(x));
}
template <class S>
Dual<S, 2> real_power(const Dual<S, 2>& x, const Dual<S, 2>& y) {
  using std::log;
  const S f = real_power(x.value, y.value);
  const S by_x = y.value == S(0.0) ? S(0.0) : y.value * real_power(x.value, y.value - 1.0);
  // Where the logarithm does not exist the exponent is a fixed integer, or x = 0.
  const S by_y = x.value == S(0.0) || (std::same_as<S, double> && re(x.value) < 0.0) ? S(0.0) : f * log(x.value);
  Dual<S, 2> z(f);
  for (int k = 0; k < 2; ++k) z.slope[k] = (zero(x.slope[k]) ? S(0.0) : by_x * x.slope[k]) + (zero(y.slope[k]) ? S(0.0) : by_y * y.slope[k]);
  return z;
}

template <class T>
T angle(const T& y, const T& x) {
  using std::atan;
  if (zero(x) && zero(y)) return T(0.0);
  if (std::abs(re(x)) < std::abs(re(y))) return T(std::copysign(std::numbers::pi / 2, re(y))) - atan(x / y);
  return re(x) < 0.0 ? atan(y / x) + T(std::copysign(std::numbers::pi, re(y))) : atan(y / x);
}

template <class T>
T hypotenuse(const T& x, const T& y) {
  using std::sqrt;
  return zero(x) && zero(y) ? T(0.0) : sqrt(x * x + y * y);
}

#define SETTLE_PLAIN(name) [](const auto& x) { using std::name; return name(x); }

const auto tangent = [](const auto& x) { using std::tan; return tan(x); };
const auto natural_log = [](const auto& x) { return checked_log(x); };
const auto any_power = [](const auto& x, const auto& y) { return real_power(x, y); };

[[maybe_unused]] const bool added = add({
    fixed<1>("sin", "x", "sine of x in radians", SETTLE_PLAIN(sin)),
    fixed<1>("cos", "x", "cosine of x in radians", SETTLE_PLAIN(cos)),
    fixed<1>("tan", "x", "tangent of x in radians", tangent),
    fixed<1>("asin", "x", "angle whose sine is x, -1 <= x <= 1", SETTLE_PLAIN(asin)),
    fixed<1>("acos", "x", "angle whose cosine is x, -1 <= x <= 1", SETTLE_PLAIN(acos)),
    fixed<1>("atan", "x", "angle whose tangent is x", SETTLE_PLAIN(atan)),
    fixed<1>("arctan", "x", "the same as atan", SETTLE_PLAIN(atan)),
    fixed<2>("atan2", "y, x", "angle of the point (x, y), -pi to pi", [](const auto& y, const auto& x) { return angle(y, x); }),
    fixed<1>("sinh", "x", "hyperbolic sine", SETTLE_PLAIN(sinh)),
    fixed<1>("cosh", "x", "hyperbolic cosine", SETTLE_PLAIN(cosh)),
    fixed<1>("tanh", "x", "hyperbolic tangent", SETTLE_PLAIN(tanh)),
    fixed<1>("asinh", "x", "inverse of sinh", SETTLE_PLAIN(asinh)),
    fixed<1>("acosh", "x", "inverse of cosh, x >= 1", SETTLE_PLAIN(acosh)),
    fixed<1>("atanh", "x", "inverse of tanh, -1 < x < 1", SETTLE_PLAIN(atanh)),
    fixed<1>("exp", "x", "e to the x; above 1e99 continued linearly, so that it never overflows", [](const auto& x) { return limited_exp(x, exp_limit); }),
    fixed<1>("ln", "x", "natural logarithm, x > 0", natural_log),
    fixed<1>("log", "x", "natural logarithm, x > 0 (Xyce: decimal)", natural_log),
    fixed<1>("log10", "x", "decimal logarithm, x > 0",
             [](const auto& x) { return checked_log(x) * (1.0 / std::numbers::ln10); }),
    fixed<1>("sqrt", "x", "square root, x >= 0", SETTLE_PLAIN(sqrt)),
    fixed<1>("sqr", "x", "x squared", [](const auto& x) { return x * x; }),
    fixed<2>("pow", "x, y", "x to the y, the same as x^y and x**y; of a negative x only integer powers exist", any_power),
    fixed<2>("hypot", "x, y", "square root of x^2 + y^2", [](const auto& x, const auto& y) { return hypotenuse(x, y); }),
});

#undef SETTLE_PLAIN

const std::string no_memory =
    "an expression has no memory; charge a capacitor with a B source (C x 0 1, B 0 x i=...) and use its voltage v(x)";

[[maybe_unused]] const bool also_refused = add({
    refused("ddt", "x", "the time derivative is not evaluated inside expressions; drive a capacitor with the quantity and measure its current"),
    refused("sdt", "x", no_memory),
    refused("idt", "x", no_memory),
    refused("idtmod", "x", no_memory),
    refused("delay", "x, td", "an expression cannot look back in time; build the delay from R and C"),
    refused("absdelay", "x, td", "an expression cannot look back in time; build the delay from R and C"),
});

}  // namespace
}  // namespace settle
