// Memristor state: what keeps a memory state in its interval, window functions, and a few functions with continuations.
//
// Windows multiply the drift of a state u in 0 .. 1. Their numbers are those of Xyce's wt=, with 5 beside them:
//   0 none         1                                              the drift fades over `edge` before the bound it moves to
//   1 Joglekar     1 - (2u - 1)^2p                                10.1088/0143-0807/30/4/001
//   2 Biolek       1 - (u - stp(-i))^2p                           Radioengineering 18 (2009) 210
//   3 Prodromakis  j (1 - [(u - 1/2)^2 + 3/4]^p)                  10.1109/TED.2011.2158004
//   4 Kvatinsky    exp(-exp((u - aoff)/wc)), exp(-exp(-(u - aon)/wc))   10.1109/TCSI.2012.2215714
//   5 Zha          j (1 - [(u - stp(-i))^2/4 + 3/4]^p)            10.1109/TCAD.2015.2459043
// Here i > 0 means a drift towards 1. Windows 1 and 3 vanish at both bounds and change sign behind them, so a state that rounding put
// there would run away; behind a bound their sign is chosen so that the state returns.
#pragma once

#include <fmt/format.h>

#include "devices/device.hpp"
#include "devices/formula_text.hpp"

namespace settle {

/// x^y for x >= 0, zero for x < 0; by multiplication if y is a small integer.
template <class T>
T positive_power(const T& x, double y) {
  using std::exp, std::log;
  if (re(x) <= 0.0) return T(0.0);
  return y == std::round(y) && std::abs(y) <= 64.0 ? power(x, static_cast<int>(y)) : exp(y * log(x));
}

/// (x^2)^p for any sign of x.
template <class T>
T even_power(const T& x, double p) {
  return p == std::round(p) && p <= 32.0 ? power(x, 2 * static_cast<int>(p)) : positive_power(T(x * x), p);
}

/// sinh continued linearly where it exceeds e^80, so that Newton steps never overflow.
template <class T>
T limited_sinh(const T& x) {
  using std::sinh;
  return re(x) > 80.0 ? 0.5 * limited_exp(x) : re(x) < -80.0 ? -0.5 * limited_exp(-x) : sinh(x);
}

/// exp(-exp(x)) without overflow.
template <class T>
T double_exponential(const T& x) {
  using std::exp;
  return re(x) > 6.6 ? T(0.0) : exp(-exp(x));  // exp(-735) is the smallest number there is
}

/// An interval a state cannot leave: its drift fades linearly over a share `edge` of the interval before the bound it moves to, and
/// would point back behind it. Away from that bound it drifts at full speed.
struct Interval {
  double lower = 0.0, upper = 1.0, edge = 1e-3;

  /// The factor on a drift; `upward` if it points to the upper bound.
  template <class T>
  T room(const T& x, bool upward) const {
    const T share = (upward ? upper - x : x - lower) / (edge * (upper - lower));
    return re(share) < 1.0 ? share : T(1.0);
  }
  template <class T>
  T held(const T& drift, const T& x) const {
    return drift * room(x, re(drift) > 0.0);
  }
  /// The factor as an expression; `upward` is one that is true for an upward drift.
  std::string room_text(const std::string& x, const std::string& upward) const {
    return fmt::format("min(1,({} ? {}-{} : {}-{})/{})", upward, exact(upper), x, x, exact(lower), exact(edge * (upper - lower)));
  }
};

/// Kvatinsky's parameters in units of u.
struct Cutoff {
  double on = 0.0, off = 1.0, width = 1.0;
};

/// The fields of a window, for a device to inherit.
struct Window {
  double window = 1.0, p = 1.0, j = 1.0, edge = 1e-3;

  template <class T>
  T windowed(const T& u, bool upward, const Cutoff& cutoff = {}) const {
    const T from = upward ? u : u - 1.0;
    switch (static_cast<int>(window)) {
      case 1: return returning(u, upward, T(1.0 - even_power(T(2.0 * u - 1.0), p)));
      case 2: return 1.0 - even_power(from, p);
      case 3: return returning(u, upward, T(j * (1.0 - positive_power(T((u - 0.5) * (u - 0.5) + 0.75), p))));
      case 4: return double_exponential(upward ? T((u - cutoff.off) / cutoff.width) : T((cutoff.on - u) / cutoff.width));
      case 5: return j * (1.0 - positive_power(T(0.25 * from * from + 0.75), p));
      default: return Interval{0.0, 1.0, edge}.room(u, upward);
    }
  }

  /// The window as an expression.
  std::string window_text(const std::string& u, const std::string& upward, const Cutoff& cutoff = {}) const;
  /// What is wrong with the fields, or "".
  std::string window_fault(bool has_cutoff) const;

 private:
  template <class T>
  static T returning(const T& u, bool upward, const T& f) {
    const bool turned = upward ? re(u) < 0.0 : re(u) > 1.0;
    return turned ? T(-f) : f;
  }
};

template <class D>
std::vector<MemberField<D>> window_fields(double standard, bool has_cutoff) {
  const std::string list = has_cutoff ? "0 none, 1 Joglekar, 2 Biolek, 3 Prodromakis, 4 Kvatinsky, 5 Zha" : "0 none, 1 Joglekar, 2 Biolek, 3 Prodromakis, 5 Zha";
  return {{in_models("wt", model_field("window", "", "window of the drift: " + list, standard, 0.0, 5.0)), &Window::window},
          {model_field("p", "", "exponent of windows 1, 2, 3 and 5; the larger, the flatter", 1.0, 0.01, 1e3), &Window::p},
          {model_field("j", "", "height of windows 3 and 5", 1.0, 0.0), &Window::j},
          {model_field("edge", "", "share of the interval over which the drift fades at a bound without a window", 1e-3, 1e-9, 0.5), &Window::edge}};
}

}  // namespace settle
