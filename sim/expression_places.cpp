// Random numbers of expressions by place: z = normal_at(seed, key, i, j) is the same wherever it is written, so an array may have the numbers of
// another one, transposed or turned.
#include <cmath>
#include <limits>

#include "sim/expression_define.hpp"
#include "sim/random.hpp"

namespace settle {
namespace {

using namespace define;

constexpr double most = 0x1p31;

bool counts(double x) { return x >= 0.0 && x < most && x == std::floor(x); }

/// The number of place (i, j); it has no value unless all four are whole and not negative.
template <class Draw>
double at_place(double seed, double key, double i, double j, Draw draw) {
  if (!counts(seed) || !counts(key) || !counts(i) || !counts(j)) return std::numeric_limits<double>::quiet_NaN();
  const auto whole = [](double x) { return static_cast<std::uint64_t>(x); };
  return draw(Stream(whole(seed), "place", "", whole(key)), (whole(i) << 32) | whole(j));
}

const auto normal = [](const Stream& stream, std::uint64_t k) { return stream.normal_at(k); };
const auto uniform = [](const Stream& stream, std::uint64_t k) { return stream.uniform_at(k); };

template <class Draw>
Function placed(std::string name, std::string help, Draw) {
  Function f = piecewise(fixed<4>(std::move(name), "seed, key, i, j", std::move(help), [](const auto& seed, const auto& key, const auto& i, const auto& j) {
    return std::decay_t<decltype(i)>(at_place(re(seed), re(key), re(i), re(j), Draw{}));
  }));
  f.fixed_law = true;
  return f;
}

[[maybe_unused]] const bool added = add({
    placed("normal_at", "standard normal number of place (i, j) of table `key`, the same wherever it is written; whole numbers, not negative", normal),
    placed("uniform_at", "uniform number within 0 ... 1 of place (i, j) of table `key`, the same wherever it is written", uniform),
});

}  // namespace
}  // namespace settle
