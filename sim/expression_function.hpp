// A function that expressions may call: one table entry, written once for real, complex and dual numbers.
#pragma once

#include <span>
#include <string>

#include "sim/registry.hpp"
#include "sim/scalar.hpp"

namespace settle {

/// What a call draws from the random stream when it is parsed; the draw becomes a hidden last argument.
enum class Draw { none, uniform, normal };

struct Function {
  int min_arguments = 1;
  int max_arguments = 1;  // `any` for no limit
  std::string arguments;  // "x, a, b" for the reference
  std::string help;
  bool holomorphic = true;
  Draw draw = Draw::none;
  std::string refusal;  // not empty: known, but cannot be evaluated; why, and what to use instead

  double (*real)(std::span<const double>) = nullptr;
  Complex (*complex)(std::span<const Complex>) = nullptr;
  /// The value, and the derivative by every argument.
  double (*real_slopes)(std::span<const double>, std::span<double>) = nullptr;
  Complex (*complex_slopes)(std::span<const Complex>, std::span<Complex>) = nullptr;

  static constexpr int any = 1 << 20;
};

using Functions = Registry<Function>;

}  // namespace settle
