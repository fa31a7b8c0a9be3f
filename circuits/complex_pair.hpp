// The expression of a behavioural source as two of real voltages: f(u + i w) = re(u, w) + i im(u, w), w on the quadrature rail.
#pragma once

#include <string>

#include "circuits/complex_arithmetic.hpp"
#include "circuits/netlist.hpp"
#include "circuits/rail_names.hpp"

namespace settle {

class ComplexPair {
 public:
  /// `offset` (V) is added to every voltage read from the quadrature rail.
  explicit ComplexPair(const RailNames& names, double offset = 0.0) : names_(names), offset_(offset) {}
  ComplexPair(const ComplexPair&) = delete;
  ComplexPair& operator=(const ComplexPair&) = delete;

  ComplexArithmetic& arithmetic() { return arithmetic_; }
  /// The parts of an expression. Throws Error (netlist), without a place, for a function whose parts are not known.
  Pair parts(const BehaviouralText& text);
  /// A node's voltage, real: the one of exactly this name.
  ComplexArithmetic::Node voltage(const std::string& node) { return builder_.input(Input::Kind::voltage, {node}, {}); }
  /// The expression behind a part; `text` is what messages quote, beginning with the text the parts were made of.
  BehaviouralText finish(ComplexArithmetic::Node part, const std::string& text) const;

 private:
  Pair input(const InputSource& from);
  Pair apply(const Tape& tape, const Instruction& i, const std::vector<Pair>& slot);

  const RailNames& names_;
  double offset_;
  ExpressionBuilder builder_;
  ComplexArithmetic arithmetic_{builder_};
};

}  // namespace settle
