// Arithmetic of complex numbers as pairs of real expressions: (a + ib)(c + id) = (ac - bd) + i(ad + bc), written into one builder of tapes.
#pragma once

#include <string>
#include <vector>

#include "sim/expression_builder.hpp"

namespace settle {

/// Nodes of an ExpressionBuilder. `im` is the constant 0 for what is real.
struct Pair {
  ExpressionBuilder::Node re, im;
};

/// Real operations that drop zeros and ones, and complex ones made of them. Everything is blamed on the stretch of text set last.
class ComplexArithmetic {
 public:
  using Node = ExpressionBuilder::Node;

  explicit ComplexArithmetic(ExpressionBuilder& builder) : builder_(builder) {}
  void blame(Stretch where) { where_ = where; }

  Node number(double value) { return builder_.constant(value); }
  bool is(Node x, double value) const { return builder_.is_constant(x) && builder_.value(x) == value; }
  Node add(Node x, Node y);
  Node subtract(Node x, Node y);
  Node multiply(Node x, Node y);
  Node divide(Node x, Node y);
  Node negate(Node x);
  Node scaled(double factor, Node x) { return multiply(number(factor), x); }
  Node square(Node x) { return multiply(x, x); }
  Node select(Node condition, Node x, Node y) { return builder_.select(condition, x, y, where_); }
  /// A function of expressions by its name ("atan2"), or an operator by its sign ("<").
  Node call(const char* name, const std::vector<Node>& arguments);
  Node call(const Function& function, const std::vector<Node>& arguments) { return builder_.call(function, arguments, where_); }
  Node whole_power(Node x, int n);
  Node less(Node x, Node y) { return builder_.call(operator_function("<"), {x, y}, where_); }

  bool real(const Pair& z) const { return is(z.im, 0.0); }
  Pair real_number(double value) { return {number(value), number(0.0)}; }
  Pair real_value(Node x) { return {x, number(0.0)}; }
  Pair add(const Pair& x, const Pair& y) { return {add(x.re, y.re), add(x.im, y.im)}; }
  Pair subtract(const Pair& x, const Pair& y) { return {subtract(x.re, y.re), subtract(x.im, y.im)}; }
  Pair negate(const Pair& x) { return {negate(x.re), negate(x.im)}; }
  Pair multiply(const Pair& x, const Pair& y);
  Pair divide(const Pair& x, const Pair& y);
  Pair scaled(double factor, const Pair& x) { return {scaled(factor, x.re), scaled(factor, x.im)}; }
  Pair select(Node condition, const Pair& x, const Pair& y);
  Pair whole_power(const Pair& x, int n);
  /// |x|^2 and the angle in -pi .. pi.
  Node norm(const Pair& x) { return add(square(x.re), square(x.im)); }
  Node angle(const Pair& x) { return call("atan2", {x.im, x.re}); }
  /// i x and -i x.
  Pair turned(const Pair& x) { return {negate(x.im), x.re}; }
  Pair turned_back(const Pair& x) { return {x.im, negate(x.re)}; }

 private:
  ExpressionBuilder& builder_;
  Stretch where_;
};

/// A function of complex arguments by parts. Throws Error (netlist), without a place, for one whose parts are not known.
Pair complex_call(ComplexArithmetic& a, const Function& function, const std::vector<Pair>& arguments);

}  // namespace settle
