// Expressions of netlists: text, parsed once to a flat tape that evaluates on double, complex and dual numbers.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/expression_tape.hpp"
#include "sim/random.hpp"

namespace settle {

/// Something wrong (or doubtful) with a stretch of an expression's text.
struct Problem {
  std::size_t offset = 0;
  std::size_t length = 1;
  std::string text;
};

/// A quantity an expression is a function of; its number is its place in `Expression::inputs()`.
struct Input {
  enum class Kind { voltage, current, device_quantity, time, temperature, frequency };
  Kind kind;
  std::vector<std::string> names;  // lower case: {node} or {plus, minus}; {device}; {device, parameter}; none
  std::size_t offset = 0;          // of its first use in the text
  std::size_t length = 1;
};

/// `.func name(formals) {body}`.
struct UserFunction {
  std::vector<std::string> formals;  // lower case
  std::string body;
};

/// What the surroundings of an expression know. Names arrive in lower case.
class Names {
 public:
  virtual ~Names() = default;
  /// NaN for a parameter whose own error has been reported, so that it is reported once.
  virtual std::optional<double> parameter(std::string_view name) const = 0;
  virtual const UserFunction* function(std::string_view) const { return nullptr; }
  /// Names for "did you mean".
  virtual std::vector<std::string> known() const { return {}; }
  /// Where gauss(), unif(), ... draw, each textual use once when it is parsed; without one they are errors.
  virtual Stream* random() const { return nullptr; }
};

/// Nothing but numbers, constants and functions.
class NoNames : public Names {
 public:
  std::optional<double> parameter(std::string_view) const override { return {}; }
};

/// A parameter's expression has no voltages, currents or time in it.
enum class ExpressionUse { parameter, circuit };

class Expression {
 public:
  Expression() = default;
  Expression(std::string text, Tape tape, std::vector<Input> inputs);

  const std::string& text() const { return text_; }
  const std::vector<Input>& inputs() const { return inputs_; }
  const Tape& tape() const { return tape_; }
  /// Its value if it depends on nothing.
  std::optional<double> constant() const;

  /// T = double, Complex, Dual<double, K>, Dual<Complex, K>; one number per input. A domain error (1/0, log(-1)) is NaN.
  template <class T>
  T eval(std::span<const T> inputs) const {
    return tape_.eval<T>(inputs);
  }
  /// The value, and its derivative by every input in one reverse sweep.
  template <Scalar S>
  S gradient(std::span<const S> inputs, std::span<S> slopes) const {
    return tape_.gradient<S>(inputs, slopes);
  }

  /// What made the value NaN at these inputs: "log(-0.5) has no real value"; nothing if it is a number.
  std::optional<Problem> locate_nan(std::span<const double> inputs) const;
  /// The first function that is not complex-differentiable ("abs" at offset 4); nothing for a holomorphic expression.
  std::optional<Problem> not_holomorphic() const;
  bool holomorphic() const { return !not_holomorphic(); }

 private:
  std::string text_;
  Tape tape_;
  std::vector<Input> inputs_;
};

struct ParsedExpression {
  Expression expression;  // NaN if there are problems
  std::vector<Problem> problems;
  std::vector<Problem> warnings;
};

/// Finds as many problems as it can; offsets count bytes of `text`.
ParsedExpression parse_expression(std::string_view text, const Names& names, ExpressionUse use);

}  // namespace settle
