// Chain rule: a function of few arguments takes as many derivatives as it has arguments, however many unknowns lie behind them.
#pragma once

#include <tuple>

#include "sim/dual.hpp"

namespace settle {

/// f(x), an array of values, for N arguments that depend on K > N unknowns. `f` takes and returns arrays of any number type.
template <class S, int K, std::size_t N, class F>
auto chained(const std::array<Dual<S, K>, N>& x, const F& f) {
  std::array<Dual<S, static_cast<int>(N)>, N> argument;
  for (std::size_t n = 0; n < N; ++n) argument[n] = Dual<S, static_cast<int>(N)>::variable(x[n].value, static_cast<int>(n));
  const auto y = f(argument);
  std::array<Dual<S, K>, std::tuple_size_v<decltype(f(argument))>> result;
  for (std::size_t m = 0; m < result.size(); ++m) {
    result[m].value = y[m].value;
    for (std::size_t n = 0; n < N; ++n)
      for (std::size_t k = 0; k < K; ++k) result[m].slope[k] += y[m].slope[n] * x[n].slope[k];
  }
  return result;
}

/// Plain numbers have no derivatives to save.
template <Scalar S, std::size_t N, class F>
auto chained(const std::array<S, N>& x, const F& f) {
  return f(x);
}

}  // namespace settle
