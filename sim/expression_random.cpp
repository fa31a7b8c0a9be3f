// Monte-Carlo functions of expressions; z is the number drawn when the call was parsed, so a value stays put during a run.
#include <algorithm>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <limits>
#include <numbers>

#include "sim/expression_define.hpp"

namespace settle {
namespace {

using namespace define;

/// A uniform draw spread to (-1, 1).
template <class T>
T centred(const T& z) {
  return 2.0 * z - T(1.0);
}

const auto spread = [](const auto& x, const auto& z) { return x * centred(z); };
const auto plain_draw = [](const auto& z) { return z; };

/// Distributions by their usual parameters; those that make no sense have no value.
const auto between = [](const auto& lo, const auto& hi, const auto& z) {
  using T = std::decay_t<decltype(z)>;
  return re(hi) < re(lo) ? not_a_number<T>() : lo + (hi - lo) * z;
};
const auto between_decades = [](const auto& lo, const auto& hi, const auto& z) {
  using T = std::decay_t<decltype(z)>;
  using std::exp, std::log;
  return !(re(lo) > 0.0) || re(hi) < re(lo) ? not_a_number<T>() : T(lo * exp(z * log(hi / lo)));
};
const auto normal = [](const auto& mean, const auto& sd, const auto& z) {
  using T = std::decay_t<decltype(z)>;
  return re(sd) < 0.0 ? not_a_number<T>() : mean + sd * z;
};
const auto lognormal = [](const auto& median, const auto& sigma, const auto& z) {
  using T = std::decay_t<decltype(z)>;
  using std::exp;
  return !(re(median) > 0.0) || re(sigma) < 0.0 ? not_a_number<T>() : median * exp(sigma * z);
};

double below(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

/// A standard normal number between a and b from a uniform one.
double cut_normal(double a, double b, double u) {
  if (a > 0.0) return -cut_normal(-b, -a, 1.0 - u);  // on this side no digits are lost
  const double first = below(a), part = below(b) - first;
  if (!(part > 0.0)) return std::numeric_limits<double>::quiet_NaN();
  const double p = std::clamp(first + u * part, std::numeric_limits<double>::min(), 1.0 - 0x1p-53);
  return std::clamp(-std::numbers::sqrt2 * boost::math::erfc_inv(2.0 * p), a, b);
}

const auto normal_within = [](const auto& mean, const auto& sd, const auto& lo, const auto& hi, const auto& u) {
  using T = std::decay_t<decltype(u)>;
  if (!(re(sd) > 0.0) || !(re(lo) < re(hi))) return not_a_number<T>();
  return T(re(mean) + re(sd) * cut_normal(re((lo - mean) / sd), re((hi - mean) / sd), re(u)));
};
const auto lognormal_within = [](const auto& median, const auto& sigma, const auto& lo, const auto& hi, const auto& u) {
  using T = std::decay_t<decltype(u)>;
  if (!(re(median) > 0.0) || !(re(sigma) > 0.0) || re(lo) < 0.0 || !(re(lo) < re(hi))) return not_a_number<T>();
  const double a = std::log(re(lo) / re(median)) / re(sigma), b = std::log(re(hi) / re(median)) / re(sigma);
  return T(re(median) * std::exp(re(sigma) * cut_normal(a, b, re(u))));
};

Function fixed_law(Function function) {
  function.fixed_law = true;
  return function;
}

[[maybe_unused]] const bool added = add({
    fixed<4>("gauss", "nominal, relative, sigmas", "normal around nominal; nominal*relative is that many sigmas",
             [](const auto& x, const auto& rel, const auto& n, const auto& z) { return x + x * rel / n * z; }, Draw::normal),
    fixed<2>("gauss/1", "sigma", "normal around 0 with standard deviation sigma", [](const auto& s, const auto& z) { return s * z; }, Draw::normal),
    fixed<4>("agauss", "nominal, absolute, sigmas", "normal around nominal; absolute is that many sigmas",
             [](const auto& x, const auto& dev, const auto& n, const auto& z) { return x + dev / n * z; }, Draw::normal),
    fixed<3>("unif", "nominal, relative", "uniform within nominal*(1 -+ relative)",
             [](const auto& x, const auto& rel, const auto& z) { return x + x * rel * centred(z); }, Draw::uniform),
    fixed<3>("aunif", "nominal, absolute", "uniform within nominal -+ absolute",
             [](const auto& x, const auto& dev, const auto& z) { return x + dev * centred(z); }, Draw::uniform),
    fixed<3>("mc", "nominal, tolerance", "the same as unif",
             [](const auto& x, const auto& rel, const auto& z) { return x + x * rel * centred(z); }, Draw::uniform),
    fixed<3>("limit/2", "nominal, absolute", "nominal + absolute or nominal - absolute, either with probability 1/2",
             [](const auto& x, const auto& dev, const auto& z) { return re(z) > 0.5 ? x + dev : x - dev; }, Draw::uniform),
    fixed<2>("flat", "x", "uniform within -x ... x", spread, Draw::uniform),
    fixed<1>("rand", "", "uniform within 0 ... 1", plain_draw, Draw::uniform),
    fixed<3>("uniform", "lo, hi", "uniform within lo ... hi", between, Draw::uniform),
    fixed<3>("loguniform", "lo, hi", "log-uniform within lo ... hi, both positive: its logarithm is uniform", between_decades, Draw::uniform),
    fixed<3>("normal", "mean, sd", "normal with that mean and standard deviation", normal, Draw::normal),
    fixed_law(fixed<5>("normal/4", "mean, sd, lo, hi", "normal, but only what lies within lo ... hi", normal_within, Draw::uniform)),
    fixed<3>("lognormal", "median, sigma", "lognormal: sigma is the standard deviation of its natural logarithm", lognormal, Draw::normal),
    fixed_law(fixed<5>("lognormal/4", "median, sigma, lo, hi", "lognormal, but only what lies within lo ... hi", lognormal_within, Draw::uniform)),
    fixed<1>("random", "", "uniform within 0 ... 1", plain_draw, Draw::uniform),
});

}  // namespace
}  // namespace settle
