// Functions of a complex argument by parts, in forms that neither overflow where the function does not nor lose digits near the real axis.
// Inverse functions after Kahan (Branch cuts for complex elementary functions, 1987).
#include <fmt/format.h>

#include <map>
#include <numbers>
#include <string_view>

#include "circuits/complex_arithmetic.hpp"
#include "sim/error.hpp"

namespace settle {
namespace {

using A = ComplexArithmetic;
using Node = A::Node;
using Pairs = std::vector<Pair>;

/// e^p (cos q + i sin q); e^p is the exp() of expressions, which never overflows.
Pair exponential(A& a, const Pair& z) {
  const Node size = a.call("exp", {z.re});
  return {a.multiply(size, a.call("cos", {z.im})), a.multiply(size, a.call("sin", {z.im}))};
}

/// ln|z| + i arg z
Pair logarithm(A& a, const Pair& z) { return {a.scaled(0.5, a.call("ln", {a.norm(z)})), a.angle(z)}; }

Node mixed(A& a, const char* circular, const char* hyperbolic, Node x, Node y) { return a.multiply(a.call(circular, {x}), a.call(hyperbolic, {y})); }

Pair sine(A& a, const Pair& z) { return {mixed(a, "sin", "cosh", z.re, z.im), mixed(a, "cos", "sinh", z.re, z.im)}; }
Pair cosine(A& a, const Pair& z) { return {mixed(a, "cos", "cosh", z.re, z.im), a.negate(mixed(a, "sin", "sinh", z.re, z.im))}; }
Pair hyperbolic_sine(A& a, const Pair& z) { return a.turned_back(sine(a, a.turned(z))); }
Pair hyperbolic_cosine(A& a, const Pair& z) { return cosine(a, a.turned(z)); }

/// (sinh 2p + i sin 2q) / (cosh 2p + cos 2q), numerator and denominator divided by cosh 2p.
Pair hyperbolic_tangent(A& a, const Pair& z) {
  const Node decay = a.call("exp", {a.scaled(-2.0, a.call("abs", {z.re}))}), angle = a.scaled(2.0, z.im);
  const Node small = a.divide(a.scaled(2.0, decay), a.add(a.number(1.0), a.square(decay)));  // 1 / cosh 2p
  const Node size = a.add(a.number(1.0), a.multiply(small, a.call("cos", {angle})));
  return {a.divide(a.call("tanh", {a.scaled(2.0, z.re)}), size), a.divide(a.multiply(small, a.call("sin", {angle})), size)};
}
Pair tangent(A& a, const Pair& z) { return a.turned_back(hyperbolic_tangent(a, a.turned(z))); }

/// The larger part from (|z| + |p|)/2, the other by division, so that neither is a difference.
Pair root(A& a, const Pair& z) {
  constexpr double tiny = 1e-150;
  const Node half = a.scaled(0.5, a.add(a.call("sqrt", {a.norm(z)}), a.call("abs", {z.re})));
  const Node large = a.call("sqrt", {half}), twice = a.scaled(2.0, a.call("max", {large, a.number(tiny)}));
  const Node left = a.less(z.re, a.number(0.0)), below = a.less(z.im, a.number(0.0));
  return {a.select(left, a.divide(a.call("abs", {z.im}), twice), large),
          a.select(left, a.select(below, a.negate(large), large), a.divide(z.im, twice))};
}

Pair plus(A& a, double x, const Pair& z) { return {a.add(a.number(x), z.re), z.im}; }

Pair arc_sine(A& a, const Pair& z) {
  const Pair low = root(a, plus(a, 1.0, a.negate(z))), high = root(a, plus(a, 1.0, z));
  return {a.call("atan2", {z.re, a.subtract(a.multiply(low.re, high.re), a.multiply(low.im, high.im))}),
          a.call("asinh", {a.subtract(a.multiply(low.re, high.im), a.multiply(low.im, high.re))})};
}
Pair arc_cosine(A& a, const Pair& z) {
  const Pair low = root(a, plus(a, 1.0, a.negate(z))), high = root(a, plus(a, 1.0, z));
  return {a.scaled(2.0, a.call("atan2", {low.re, high.re})), a.call("asinh", {a.subtract(a.multiply(high.re, low.im), a.multiply(high.im, low.re))})};
}
Pair area_sine(A& a, const Pair& z) { return a.turned_back(arc_sine(a, a.turned(z))); }
Pair area_cosine(A& a, const Pair& z) {
  const Pair low = root(a, plus(a, -1.0, z)), high = root(a, plus(a, 1.0, z));
  return {a.call("asinh", {a.add(a.multiply(low.re, high.re), a.multiply(low.im, high.im))}), a.scaled(2.0, a.call("atan2", {low.im, high.re}))};
}
/// 1/4 ln(((1 + p)^2 + q^2)/((1 - p)^2 + q^2)) + i/2 arg((1 - p)(1 + p) - q^2 + 2iq), the logarithm as an area tangent
Pair area_tangent(A& a, const Pair& z) {
  const Node one = a.number(1.0), size = a.add(one, a.norm(z));
  const Node real = a.scaled(0.5, a.call("atanh", {a.divide(a.scaled(2.0, z.re), size)}));
  const Node across = a.subtract(a.multiply(a.subtract(one, z.re), a.add(one, z.re)), a.square(z.im));
  return {real, a.scaled(0.5, a.call("atan2", {a.scaled(2.0, z.im), across}))};
}
Pair arc_tangent(A& a, const Pair& z) { return a.turned_back(area_tangent(a, a.turned(z))); }

/// As the function itself: which form holds is decided by real parts.
Pair angle_of(A& a, const Pair& y, const Pair& x) {
  const Node zero = a.number(0.0);
  const auto half_turns = [&](double turns) { return a.select(a.less(y.re, zero), a.number(-turns * std::numbers::pi), a.number(turns * std::numbers::pi)); };
  const Pair steep = a.subtract(a.real_value(half_turns(0.5)), arc_tangent(a, a.divide(x, y))), flat = arc_tangent(a, a.divide(y, x));
  const Pair back = a.add(flat, a.real_value(half_turns(1.0)));
  return a.select(a.less(a.call("abs", {x.re}), a.call("abs", {y.re})), steep, a.select(a.less(x.re, zero), back, flat));
}

/// |z|^y (cos y arg z + i sin y arg z) for a real power y, else e^(w ln z)
Pair power(A& a, const Pair& z, const Pair& w) {
  if (!a.real(w)) return exponential(a, a.multiply(w, a.real(z) ? a.real_value(a.call("ln", {z.re})) : logarithm(a, z)));
  const Node size = a.call("pwr", {a.norm(z), a.scaled(0.5, w.re)}), turn = a.multiply(w.re, a.angle(z));
  return {a.multiply(size, a.call("cos", {turn})), a.multiply(size, a.call("sin", {turn}))};
}

using Form = Pair (*)(A&, const Pairs&);
template <Pair (*form)(A&, const Pair&)>
Pair of_one(A& a, const Pairs& z) { return form(a, z[0]); }

const std::map<std::string_view, Form>& forms() {
  static const std::map<std::string_view, Form> table{
      {"abs", [](A& a, const Pairs& z) { return a.select(a.less(z[0].re, a.number(0.0)), a.negate(z[0]), z[0]); }},
      {"acos", of_one<arc_cosine>},
      {"acosh", of_one<area_cosine>},
      {"arctan", of_one<arc_tangent>},
      {"asin", of_one<arc_sine>},
      {"asinh", of_one<area_sine>},
      {"atan", of_one<arc_tangent>},
      {"atan2", [](A& a, const Pairs& z) { return angle_of(a, z[0], z[1]); }},
      {"atanh", of_one<area_tangent>},
      {"cos", of_one<cosine>},
      {"cosh", of_one<hyperbolic_cosine>},
      {"exp", of_one<exponential>},
      {"hypot", [](A& a, const Pairs& z) { return root(a, a.add(a.whole_power(z[0], 2), a.whole_power(z[1], 2))); }},
      {"ln", of_one<logarithm>},
      {"log", of_one<logarithm>},
      {"log10", [](A& a, const Pairs& z) { return a.scaled(1.0 / std::numbers::ln10, logarithm(a, z[0])); }},
      {"pow", [](A& a, const Pairs& z) { return power(a, z[0], z[1]); }},
      {"sin", of_one<sine>},
      {"sinh", of_one<hyperbolic_sine>},
      {"sqr", [](A& a, const Pairs& z) { return a.whole_power(z[0], 2); }},
      {"sqrt", of_one<root>},
      {"tan", of_one<tangent>},
      {"tanh", of_one<hyperbolic_tangent>}};
  return table;
}

bool compares(const Function& f) {
  for (const char* sign : {"<", "<=", ">", ">=", "==", "!=", "&&", "||", "!"})
    if (&operator_function(sign) == &f) return true;
  return false;
}

}  // namespace

Pair complex_call(ComplexArithmetic& a, const Function& function, const std::vector<Pair>& arguments) {
  bool real = true;
  std::vector<Node> parts;
  for (const Pair& z : arguments) real = real && a.real(z), parts.push_back(z.re);
  if (real || compares(function)) return a.real_value(a.call(function, parts));
  const auto form = forms().find(function.name);
  if (form == forms().end())
    throw Error(Fault::netlist, fmt::format("{}({}) of a voltage that turns in the complex plane has no parts that two rails could carry", function.name, function.arguments));
  return form->second(a, arguments);
}

}  // namespace settle
