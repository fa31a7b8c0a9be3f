// A function that expressions may call: one table entry, written once for real, complex and dual numbers.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "sim/registry.hpp"
#include "sim/scalar.hpp"

namespace settle {

/// What a call draws from the random stream when it is parsed; the draw becomes a hidden last argument.
enum class Draw { none, uniform, normal };

struct Function {
  std::string name;
  int min_arguments = 1;
  int max_arguments = 1;  // `any` for no limit
  std::string arguments;  // "x, a, b" for the reference
  std::string help;
  bool holomorphic = true;
  bool selects = false;      // if(): only the chosen branch counts
  bool tabulated = false;    // all arguments but the first are constants: x1, y1, x2, y2, ... with rising x
  Draw draw = Draw::none;
  bool fixed_law = false;    // a distribution without derivatives by its parameters, which must not depend on the circuit
  std::string refusal;  // not empty: known, but cannot be evaluated; why, and what to use instead

  double (*real)(std::span<const double>) = nullptr;
  Complex (*complex)(std::span<const Complex>) = nullptr;
  /// The value, and the derivative by every argument.
  double (*real_slopes)(std::span<const double>, std::span<double>) = nullptr;
  Complex (*complex_slopes)(std::span<const Complex>, std::span<Complex>) = nullptr;

  static constexpr int any = 1 << 20;
};

/// By name; a second form with another number of arguments is called name/count ("limit/2").
using Functions = Registry<Function>;

/// The form of a function for so many arguments; if there is none, the main form; nullptr for an unknown name.
const Function* find_function(std::string_view name, int arguments);
/// "2 or 3 arguments", over all forms.
std::string argument_counts(std::string_view name);

/// The functions behind < <= > >= == != && || ! and %, by their sign; not in the registry, for they cannot be called by name.
const Function& operator_function(std::string_view sign);

}  // namespace settle
