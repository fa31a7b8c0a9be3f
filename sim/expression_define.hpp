// Defining functions of expressions: from one generic lambda to its real, complex and differentiated forms.
#pragma once

#include <initializer_list>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "sim/dual.hpp"
#include "sim/expression_function.hpp"

namespace settle::define {

/// F takes N numbers of one type.
template <class F, int N>
struct Fixed {
  template <class T>
  static T value(std::span<const T> x) {
    return [&]<std::size_t... k>(std::index_sequence<k...>) { return F{}(x[k]...); }(std::make_index_sequence<N>());
  }
  template <class S>
  static S slopes(std::span<const S> x, std::span<S> d) {
    using D = Dual<S, N>;
    const D y = [&]<std::size_t... k>(std::index_sequence<k...>) {
      return F{}(D::variable(x[k], static_cast<int>(k))...);
    }(std::make_index_sequence<N>());
    for (std::size_t k = 0; k < N; ++k) d[k] = y.slope[k];
    return y.value;
  }
};

/// F takes a span of any length; derivatives by the first `Active` arguments, all if 0.
template <class F, std::size_t Active>
struct Variadic {
  template <class T>
  static T value(std::span<const T> x) {
    return F{}(x);
  }
  template <class S>
  static S slopes(std::span<const S> x, std::span<S> d) {
    std::vector<Dual<S, 1>> dual(x.begin(), x.end());
    for (std::size_t k = 0; k < x.size(); ++k) {
      d[k] = 0.0;
      if (Active && k >= Active) continue;
      dual[k].slope[0] = 1.0;
      d[k] = F{}(std::span<const Dual<S, 1>>(dual)).slope[0];
      dual[k].slope[0] = 0.0;
    }
    return F{}(x);
  }
};

template <class Form>
Function with_forms(Function f) {
  f.real = Form::template value<double>;
  f.complex = Form::template value<Complex>;
  f.real_slopes = Form::template slopes<double>;
  f.complex_slopes = Form::template slopes<Complex>;
  return f;
}

/// N numbers, the draw included.
template <int N, class F>
Function fixed(std::string name, std::string arguments, std::string help, F, Draw draw = Draw::none) {
  Function f{.name = std::move(name), .arguments = std::move(arguments), .help = std::move(help), .draw = draw, .refusal = {}};
  f.min_arguments = f.max_arguments = N - (draw != Draw::none);
  return with_forms<Fixed<F, N>>(f);
}

template <std::size_t Active, class F>
Function variadic(std::string name, int least, std::string arguments, std::string help, F) {
  Function f{.name = std::move(name), .arguments = std::move(arguments), .help = std::move(help), .refusal = {}};
  f.min_arguments = least;
  f.max_arguments = Function::any;
  return with_forms<Variadic<F, Active>>(f);
}

/// Known from other simulators, but not here.
inline Function refused(std::string name, std::string arguments, std::string why) {
  return {.name = std::move(name), .max_arguments = Function::any, .arguments = std::move(arguments), .help = "not available", .refusal = std::move(why)};
}

inline Function piecewise(Function f) {
  f.holomorphic = false;
  return f;
}

inline bool add(std::initializer_list<Function> functions) {
  for (const Function& f : functions) Functions::add(f.name, std::make_unique<Function>(f));
  return true;
}

template <class T>
T not_a_number() {
  return T(std::numeric_limits<double>::quiet_NaN());
}

/// True for the exact zero of any number type.
inline bool zero(double x) { return x == 0.0; }
inline bool zero(const Complex& x) { return x == 0.0; }
template <class S, int K>
bool zero(const Dual<S, K>& x) {
  return zero(x.value);
}

}  // namespace settle::define
