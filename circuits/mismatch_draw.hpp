// What one `.mismatch` makes of a nominal value: the first of a device's draws that lies within the bounds.
#pragma once

#include <algorithm>
#include <cmath>

#include "circuits/mismatch.hpp"
#include "sim/random.hpp"

namespace settle {

/// A draw of one value.
struct MismatchDraw {
  double value = std::numeric_limits<double>::quiet_NaN();  // not a number: none of many draws was within
  bool inside = false;
  double z = 0.0;  // the standard number behind it
};

class MismatchLaw {
 public:
  static constexpr std::uint64_t most_draws = 10'000;

  /// `lower` and `upper` are the field's own bounds; `lot` names those who share y.
  MismatchLaw(const MismatchCard& card, double lower, double upper, std::uint64_t seed, std::string_view lot)
      : card_(card), lower_(std::max(lower, card.lower)), upper_(std::min(upper, card.upper)), lot_(shared(seed, lot)) {}

  double lower() const { return lower_; }
  double upper() const { return upper_; }

  /// The k-th standard number of a stream: normal, or uniform within -1 ... 1.
  double standard(const Stream& stream, std::uint64_t k) const {
    return card_.law == MismatchCard::Law::uniform ? 2.0 * stream.uniform_at(k) - 1.0 : stream.normal_at(k);
  }

  /// `next(k)` is the k-th standard number of the device, `area` is w l m in m^2.
  template <class Next>
  MismatchDraw draw(double nominal, double area, Next next) const {
    const double s = std::hypot(scaled(card_.dev, nominal), card_.area.size == 0.0 ? 0.0 : scaled(card_.area, nominal) / std::sqrt(area));
    const double t = scaled(card_.lot, nominal);
    for (std::uint64_t k = 0; k < most_draws; ++k) {
      const double z = next(k);
      if (std::abs(z) > card_.truncate) continue;
      const double x = card_.law == MismatchCard::Law::lognormal ? nominal * std::exp(s * z + t * lot_) : nominal + s * z + t * lot_;
      if (!std::isfinite(x)) return {x, false, z};
      const bool turned = parts_of_nominal() && x * nominal <= 0.0 && nominal != 0.0;
      if (!turned && x >= lower_ && x <= upper_) return {x, true, z};
      if (card_.outside == MismatchCard::Outside::clip && std::clamp(x, lower_, upper_) * nominal > 0.0) return {std::clamp(x, lower_, upper_), true, z};
      if (card_.outside != MismatchCard::Outside::resample) return {x, false, z};
    }
    return {};
  }

 private:
  /// Percentages of a resistance must not make it negative.
  bool parts_of_nominal() const {
    const auto part = [](const Spread& spread) { return spread.relative || spread.size == 0.0; };
    return part(card_.dev) && part(card_.lot) && part(card_.area);
  }

  double scaled(const Spread& spread, double nominal) const {
    const bool of_nominal = spread.relative && card_.law != MismatchCard::Law::lognormal;
    return of_nominal ? spread.size * std::abs(nominal) : spread.size;
  }

  double shared(std::uint64_t seed, std::string_view lot) const {
    const Stream stream(seed, "mismatch lot", lot);
    std::uint64_t k = 0;
    while (std::abs(standard(stream, k)) > card_.truncate) ++k;
    return standard(stream, k);
  }

  const MismatchCard& card_;
  double lower_, upper_;
  double lot_;  // y
};

}  // namespace settle
