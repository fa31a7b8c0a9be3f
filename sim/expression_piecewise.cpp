// Functions of expressions that compare or round: they look at real parts and are at best piecewise complex-differentiable.
#include <algorithm>
#include <cmath>

#include "sim/expression_define.hpp"
#include "sim/expression_tape.hpp"

namespace settle {
namespace {

using namespace define;

bool nan(double x) { return std::isnan(x); }
double sign_of(double x) { return nan(x) ? x : static_cast<double>((x > 0.0) - (x < 0.0)); }
/// At zero the slope is 1.
template <class T>
T magnitude(const T& x) {
  return re(x) < 0.0 ? -x : x;
}

/// |x|^y.
template <class T>
T power_of_magnitude(const T& x, const T& y) {
  if (zero(x)) return re(y) > 0.0 ? T(0.0) : zero(y) ? T(1.0) : not_a_number<T>();
  return power(magnitude(x), y);
}

template <class T, class Rounding>
T rounded(const T& x, Rounding rounding) {
  return T(rounding(re(x)));
}

template <class T>
T kept_between(const T& x, const T& a, const T& b) {
  const T& low = re(a) < re(b) ? a : b;
  const T& high = re(a) < re(b) ? b : a;
  return re(x) < re(low) ? low : re(x) > re(high) ? high : x;
}

template <class T>
T remainder_of(const T& x, const T& y) {
  if (re(y) == 0.0) return not_a_number<T>();
  return x - y * T(std::trunc(re(x) / re(y)));
}

/// The segment of x1, y1, x2, y2, ... that holds x, extended beyond the ends.
template <class T>
T segment(std::span<const T> p) {
  const std::size_t points = (p.size() - 1) / 2;
  if (points == 1) return p[2];
  std::size_t low = 0, high = points - 1;
  while (high - low > 1) {
    const std::size_t middle = (low + high) / 2;
    (re(p[1 + 2 * middle]) <= re(p[0]) ? low : high) = middle;
  }
  const T &x0 = p[1 + 2 * low], &y0 = p[2 + 2 * low], &x1 = p[1 + 2 * high], &y1 = p[2 + 2 * high];
  return y0 + (p[0] - x0) * ((y1 - y0) / (x1 - x0));
}

template <class T>
T clamped_segment(std::span<const T> p) {
  if (re(p[0]) <= re(p[1])) return p[2];
  if (re(p[0]) >= re(p[p.size() - 2])) return p[p.size() - 1];
  return segment(p);
}

template <bool Greatest, class T>
T extreme(std::span<const T> x) {
  T best = x[0];
  for (const T& y : x.subspan(1))
    if (nan(re(y)) || (Greatest ? re(y) > re(best) : re(y) < re(best))) best = y;
  return best;
}

template <class T>
T truth(const T& x, bool is) {
  return nan(re(x)) ? x : T(is ? 1.0 : 0.0);
}

#define SETTLE_ROUND(rounding) [](const auto& x) { return rounded(x, [](double y) { return rounding(y); }); }
#define SETTLE_TEST(comparison) [](const auto& x) { return truth(x, re(x) comparison); }

const auto half_step = [](const auto& x) { return nan(re(x)) ? x : std::decay_t<decltype(x)>(0.5 * (1.0 + sign_of(re(x)))); };
const auto sign_function = [](const auto& x) { return std::decay_t<decltype(x)>(sign_of(re(x))); };
const auto remaining = [](const auto& x, const auto& y) { return remainder_of(x, y); };

Function selection(std::string name, std::string help) {
  return {.name = std::move(name), .min_arguments = 3, .max_arguments = 3, .arguments = "condition, a, b", .help = std::move(help),
          .holomorphic = false, .selects = true, .refusal = {}};
}

Function tabulated(Function f) {
  f.tabulated = true;
  return piecewise(f);
}

[[maybe_unused]] const bool added = add({
    piecewise(fixed<1>("abs", "x", "magnitude", [](const auto& x) { return magnitude(x); })),
    piecewise(fixed<1>("sgn", "x", "sign: -1, 0 or 1", sign_function)),
    piecewise(fixed<1>("sign", "x", "the same as sgn", sign_function)),
    piecewise(fixed<2>("sign/2", "x, y", "|x| with the sign of y; 0 if y is 0",
                       [](const auto& x, const auto& y) { return magnitude(x) * sign_of(re(y)); })),
    piecewise(variadic<0>("min", 1, "x, ...", "smallest of its arguments", [](const auto& x) { return extreme<false>(x); })),
    piecewise(variadic<0>("max", 1, "x, ...", "greatest of its arguments", [](const auto& x) { return extreme<true>(x); })),
    piecewise(fixed<2>("pwr", "x, y", "|x|^y", [](const auto& x, const auto& y) { return power_of_magnitude(x, y); })),
    piecewise(fixed<2>("pwrs", "x, y", "|x|^y with the sign of x",
                       [](const auto& x, const auto& y) { return sign_of(re(x)) * power_of_magnitude(x, y); })),
    piecewise(fixed<1>("int", "x", "x without its fraction: int(-1.7) = -1", SETTLE_ROUND(std::trunc))),
    piecewise(fixed<1>("floor", "x", "greatest integer not above x", SETTLE_ROUND(std::floor))),
    piecewise(fixed<1>("ceil", "x", "smallest integer not below x", SETTLE_ROUND(std::ceil))),
    piecewise(fixed<1>("nint", "x", "nearest integer, halves to even: nint(2.5) = 2", SETTLE_ROUND(std::nearbyint))),
    piecewise(fixed<1>("round", "x", "nearest integer, halves away from zero: round(2.5) = 3", SETTLE_ROUND(std::round))),
    piecewise(fixed<2>("mod", "x, y", "remainder of x/y with the sign of x, the same as x % y", remaining)),
    piecewise(fixed<2>("fmod", "x, y", "the same as mod", remaining)),
    selection("if", "a if the condition is not 0, else b; the same as condition ? a : b"),
    selection("ternary_fcn", "the same as if"),
    piecewise(fixed<3>("limit", "x, a, b", "x kept between a and b (in either order)",
                       [](const auto& x, const auto& a, const auto& b) { return kept_between(x, a, b); })),
    piecewise(fixed<1>("stp", "x", "1 for x > 0, else 0", SETTLE_TEST(> 0.0))),
    piecewise(fixed<1>("u", "x", "unit step: 1 for x > 0, 0.5 at 0, else 0", half_step)),
    piecewise(fixed<1>("u2", "x", "x kept between 0 and 1",
                       [](const auto& x) { using T = std::decay_t<decltype(x)>; return kept_between(x, T(0.0), T(1.0)); })),
    piecewise(fixed<1>("uramp", "x", "x for x > 0, else 0",
                       [](const auto& x) { using T = std::decay_t<decltype(x)>; return nan(re(x)) || re(x) > 0.0 ? x : T(0.0); })),
    piecewise(fixed<1>("buf", "x", "1 for x > 0.5, else 0", SETTLE_TEST(> 0.5))),
    piecewise(fixed<1>("inv", "x", "0 for x > 0.5, else 1", SETTLE_TEST(<= 0.5))),
    piecewise(fixed<1>("eq0", "x", "1 for x = 0, else 0", SETTLE_TEST(== 0.0))),
    piecewise(fixed<1>("ne0", "x", "0 for x = 0, else 1", SETTLE_TEST(!= 0.0))),
    piecewise(fixed<1>("gt0", "x", "1 for x > 0, else 0", SETTLE_TEST(> 0.0))),
    piecewise(fixed<1>("ge0", "x", "1 for x >= 0, else 0", SETTLE_TEST(>= 0.0))),
    piecewise(fixed<1>("lt0", "x", "1 for x < 0, else 0", SETTLE_TEST(< 0.0))),
    piecewise(fixed<1>("le0", "x", "1 for x <= 0, else 0", SETTLE_TEST(<= 0.0))),
    tabulated(variadic<1>("table", 3, "x, x1, y1, x2, y2, ...", "straight lines through the points, constant beyond the ends",
                          [](const auto& p) { return clamped_segment(p); })),
    tabulated(variadic<1>("pwl", 3, "x, x1, y1, x2, y2, ...", "straight lines through the points, the outermost continued",
                          [](const auto& p) { return segment(p); })),
});

#undef SETTLE_ROUND
#undef SETTLE_TEST

}  // namespace
}  // namespace settle
