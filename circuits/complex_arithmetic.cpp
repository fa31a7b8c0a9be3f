// Sums, products, quotients and whole powers of pairs.
#include "circuits/complex_arithmetic.hpp"

#include <cstdlib>

namespace settle {

ComplexArithmetic::Node ComplexArithmetic::add(Node x, Node y) {
  if (is(x, 0.0)) return y;
  if (is(y, 0.0)) return x;
  return builder_.operate(Operation::add, x, y, where_);
}

ComplexArithmetic::Node ComplexArithmetic::subtract(Node x, Node y) {
  if (is(y, 0.0)) return x;
  if (is(x, 0.0)) return negate(y);
  return builder_.operate(Operation::subtract, x, y, where_);
}

ComplexArithmetic::Node ComplexArithmetic::multiply(Node x, Node y) {
  if (is(x, 0.0) || is(y, 0.0)) return number(0.0);
  if (is(x, 1.0)) return y;
  if (is(y, 1.0)) return x;
  return builder_.operate(Operation::multiply, x, y, where_);
}

ComplexArithmetic::Node ComplexArithmetic::divide(Node x, Node y) {
  if (is(x, 0.0) || is(y, 1.0)) return x;
  return builder_.operate(Operation::divide, x, y, where_);
}

ComplexArithmetic::Node ComplexArithmetic::negate(Node x) { return is(x, 0.0) ? x : builder_.negate(x, where_); }

ComplexArithmetic::Node ComplexArithmetic::call(const char* name, const std::vector<Node>& arguments) { return builder_.call(*Functions::find(name), arguments, where_); }

ComplexArithmetic::Node ComplexArithmetic::whole_power(Node x, int n) { return builder_.power(x, number(n), where_); }

Pair ComplexArithmetic::multiply(const Pair& x, const Pair& y) {
  return {subtract(multiply(x.re, y.re), multiply(x.im, y.im)), add(multiply(x.re, y.im), multiply(x.im, y.re))};
}

Pair ComplexArithmetic::divide(const Pair& x, const Pair& y) {
  if (real(y)) return {divide(x.re, y.re), divide(x.im, y.re)};
  const Node size = norm(y);
  return {divide(add(multiply(x.re, y.re), multiply(x.im, y.im)), size), divide(subtract(multiply(x.im, y.re), multiply(x.re, y.im)), size)};
}

Pair ComplexArithmetic::select(Node condition, const Pair& x, const Pair& y) {
  const Node im = real(x) && real(y) ? x.im : select(condition, x.im, y.im);
  return {select(condition, x.re, y.re), im};
}

/// Low powers by products. High ones by modulus and angle, since each squaring of a pair trebles a text in which nothing is shared.
Pair ComplexArithmetic::whole_power(const Pair& x, int n) {
  constexpr int highest_product = 4;
  if (real(x)) return real_value(whole_power(x.re, n));
  if (n < 0) return divide(real_number(1.0), whole_power(x, -n));
  if (n == 0) return real_number(1.0);
  if (n > highest_product) {
    const Node size = call("pwr", {norm(x), number(0.5 * n)}), turn = scaled(n, angle(x));
    return {multiply(size, call("cos", {turn})), multiply(size, call("sin", {turn}))};
  }
  if (n == 1) return x;
  const Pair half = whole_power(x, n / 2);
  const Pair whole{subtract(square(half.re), square(half.im)), scaled(2.0, multiply(half.re, half.im))};
  return n % 2 ? multiply(whole, x) : whole;
}

}  // namespace settle
