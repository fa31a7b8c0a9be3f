// Monte-Carlo functions of expressions; z is the number drawn when the call was parsed, so a value stays put during a run.
#include <cmath>

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
    fixed<1>("random", "", "uniform within 0 ... 1", plain_draw, Draw::uniform),
});

}  // namespace
}  // namespace settle
