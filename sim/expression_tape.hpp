// Tape: a parsed expression as a list of instructions, each on earlier results; evaluation is one loop, derivatives one sweep back.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "sim/dual.hpp"
#include "sim/expression_function.hpp"

namespace settle {

enum class Operation : std::uint8_t { add, subtract, multiply, divide, negate, integer_power, select, call };

/// Slots are numbered inputs first, then constants, then results of instructions.
struct Instruction {
  Operation operation = Operation::add;
  std::uint32_t a = 0, b = 0, c = 0;     // operand slots; select: condition, then, else; call: first place in `arguments`, number
  int exponent = 0;                      // of integer_power
  const Function* function = nullptr;    // of call
  std::uint32_t offset = 0, length = 1;  // in the text, for messages
};

/// Evaluates on T = double, Complex, Dual<double, K>, Dual<Complex, K>.
class Tape {
 public:
  std::uint32_t inputs = 0;
  std::vector<double> constants{0.0};
  std::vector<std::uint32_t> arguments;  // operand slots of all calls
  std::vector<Instruction> instructions;
  std::uint32_t result = 0;  // slot

  std::size_t slots() const { return inputs + constants.size() + instructions.size(); }

  /// `x` holds one number per input.
  template <class T>
  T eval(std::span<const T> x) const {
    thread_local std::vector<T> values;
    run(x, values);
    return values[result];
  }

  /// The value, and its derivative by every input.
  template <Scalar S>
  S gradient(std::span<const S> x, std::span<S> slopes) const;

  /// Every slot's value, for messages.
  template <class T>
  void run(std::span<const T> x, std::vector<T>& values) const;

 private:
  template <class T>
  T apply(const Instruction& i, const T* values) const;
  template <class T>
  T call(const Instruction& i, const T* values) const;
  template <Scalar S>
  void sweep_back(const Instruction& i, const S* values, const S& value, const S& adjoint, S* adjoints) const;
};

/// x/y; by zero it is a domain error, not infinity.
template <class T>
T quotient(const T& x, const T& y) {
  return y == T(0.0) ? T(std::numeric_limits<double>::quiet_NaN()) : x / y;
}
template <class S, int K>
Dual<S, K> quotient(const Dual<S, K>& x, const Dual<S, K>& y) {
  return y.value == S(0.0) ? Dual<S, K>(std::numeric_limits<double>::quiet_NaN()) : x / y;
}

template <class T>
T integer_power(const T& x, int n) {
  return n < 0 ? quotient(T(1.0), power(x, -n)) : power(x, n);
}

inline double call_function(const Function& f, std::span<const double> x) { return f.real(x); }
inline Complex call_function(const Function& f, std::span<const Complex> x) { return f.complex(x); }
inline double call_slopes(const Function& f, std::span<const double> x, std::span<double> slopes) { return f.real_slopes(x, slopes); }
inline Complex call_slopes(const Function& f, std::span<const Complex> x, std::span<Complex> slopes) { return f.complex_slopes(x, slopes); }

template <class S, int K>
Dual<S, K> call_function(const Function& f, std::span<const Dual<S, K>> x) {
  thread_local std::vector<S> values, slopes;
  values.resize(x.size()), slopes.resize(x.size());
  for (std::size_t j = 0; j < x.size(); ++j) values[j] = x[j].value;
  Dual<S, K> y(call_slopes(f, values, slopes));
  for (std::size_t j = 0; j < x.size(); ++j)
    for (int k = 0; k < K; ++k)
      if (x[j].slope[k] != S(0.0)) y.slope[k] += slopes[j] * x[j].slope[k];
  return y;
}

template <class T>
T Tape::call(const Instruction& i, const T* values) const {
  const std::uint32_t* slot = arguments.data() + i.a;
  if (i.b <= 4) {
    T x[4];
    for (std::uint32_t j = 0; j < i.b; ++j) x[j] = values[slot[j]];
    return call_function(*i.function, std::span<const T>(x, i.b));
  }
  std::vector<T> x(i.b);
  for (std::uint32_t j = 0; j < i.b; ++j) x[j] = values[slot[j]];
  return call_function(*i.function, std::span<const T>(x));
}

template <class T>
T Tape::apply(const Instruction& i, const T* v) const {
  switch (i.operation) {
    case Operation::add: return v[i.a] + v[i.b];
    case Operation::subtract: return v[i.a] - v[i.b];
    case Operation::multiply: return v[i.a] * v[i.b];
    case Operation::divide: return quotient(v[i.a], v[i.b]);
    case Operation::negate: return -v[i.a];
    case Operation::integer_power: return integer_power(v[i.a], i.exponent);
    case Operation::select: return std::isnan(re(v[i.a])) ? v[i.a] : re(v[i.a]) != 0.0 ? v[i.b] : v[i.c];
    case Operation::call: return call(i, v);
  }
  return T(0.0);
}

template <class T>
void Tape::run(std::span<const T> x, std::vector<T>& values) const {
  if (values.size() < slots()) values.resize(slots());
  T* next = std::copy_n(x.begin(), inputs, values.data());
  for (double constant : constants) *next++ = T(constant);
  for (const Instruction& i : instructions) *next++ = apply(i, values.data());
}

template <Scalar S>
void Tape::sweep_back(const Instruction& i, const S* v, const S& value, const S& adjoint, S* adjoints) const {
  switch (i.operation) {
    case Operation::add: adjoints[i.a] += adjoint; adjoints[i.b] += adjoint; return;
    case Operation::subtract: adjoints[i.a] += adjoint; adjoints[i.b] -= adjoint; return;
    case Operation::multiply: adjoints[i.a] += adjoint * v[i.b]; adjoints[i.b] += adjoint * v[i.a]; return;
    case Operation::divide: adjoints[i.a] += adjoint / v[i.b]; adjoints[i.b] -= adjoint * value / v[i.b]; return;
    case Operation::negate: adjoints[i.a] -= adjoint; return;
    case Operation::integer_power: adjoints[i.a] += adjoint * double(i.exponent) * integer_power(v[i.a], i.exponent - 1); return;
    case Operation::select: adjoints[re(v[i.a]) != 0.0 ? i.b : i.c] += adjoint; return;
    case Operation::call: break;
  }
  thread_local std::vector<S> x, slopes;
  x.resize(i.b), slopes.resize(i.b);
  for (std::uint32_t j = 0; j < i.b; ++j) x[j] = v[arguments[i.a + j]];
  call_slopes(*i.function, x, slopes);
  for (std::uint32_t j = 0; j < i.b; ++j)
    if (slopes[j] != S(0.0)) adjoints[arguments[i.a + j]] += adjoint * slopes[j];
}

template <Scalar S>
S Tape::gradient(std::span<const S> x, std::span<S> slopes) const {
  thread_local std::vector<S> values, adjoints;
  run(x, values);
  adjoints.assign(slots(), S(0.0));
  adjoints[result] = 1.0;
  const std::size_t first = inputs + constants.size();
  for (std::size_t k = instructions.size(); k-- > 0;) {
    const S adjoint = adjoints[first + k];
    // A branch not taken may hold NaN: it must not leak into a derivative that does not use it.
    if (adjoint != S(0.0)) sweep_back(instructions[k], values.data(), values[first + k], adjoint, adjoints.data());
  }
  std::copy_n(adjoints.begin(), inputs, slopes.begin());
  return values[result];
}

}  // namespace settle
