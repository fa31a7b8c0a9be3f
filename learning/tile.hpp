// Tile: some samples side by side while they settle. Complex states are two planes next to each other, real parts and imaginary parts; what fills a plane
// up to whole vectors are copies of its last sample.
#pragma once

#include <algorithm>
#include <vector>

#include "sim/panels.hpp"

namespace settle {

template <class Real>
struct Tile {
  using Array = Eigen::Array<Real, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

  Index samples = 0, plane = 0, planes = 1;
  Array b, u, r;                  // places by width: what flows in, membranes, activities
  Array pull, give, give_across;  // outputs by plane: the nudge's current at 0 V; how far a membrane gives way to a current, as a complex number

  Tile() = default;
  Tile(Index places, Index outputs, Index samples_, Index planes_) : samples(samples_), plane((samples_ + Panels<Real>::vector - 1) / Panels<Real>::vector * Panels<Real>::vector), planes(planes_) {
    for (Array* each : {&b, &u, &r}) each->setZero(places, width());
    for (Array* each : {&pull, &give, &give_across}) each->setZero(outputs, plane);
  }
  Index width() const { return plane * planes; }

  /// Some of the samples, in a tile of their own.
  Tile of(const std::vector<Index>& chosen) const {
    Tile part(b.rows(), pull.rows(), static_cast<Index>(chosen.size()), planes);
    for (Index k = 0; k < part.plane; ++k) {
      const Index from = chosen[static_cast<std::size_t>(std::min(k, part.samples - 1))];
      for (Index p = 0; p < planes; ++p)
        for (const auto member : {&Tile::b, &Tile::u, &Tile::r}) (part.*member).col(p * part.plane + k) = (this->*member).col(p * plane + from);
      for (const auto member : {&Tile::pull, &Tile::give, &Tile::give_across}) (part.*member).col(k) = (this->*member).col(from);
    }
    return part;
  }
  /// Their states back.
  void put(const Tile& part, const std::vector<Index>& chosen) {
    for (Index k = 0; k < part.samples; ++k)
      for (Index p = 0; p < planes; ++p)
        for (const auto member : {&Tile::u, &Tile::r}) (this->*member).col(p * plane + chosen[static_cast<std::size_t>(k)]) = (part.*member).col(p * part.plane + k);
  }
  /// Fills planes up.
  void pad() {
    for (Index k = samples; k < plane; ++k) {
      for (Index p = 0; p < planes; ++p)
        for (const auto member : {&Tile::b, &Tile::u, &Tile::r}) (this->*member).col(p * plane + k) = (this->*member).col(p * plane + samples - 1);
      for (const auto member : {&Tile::pull, &Tile::give, &Tile::give_across}) (this->*member).col(k) = (this->*member).col(samples - 1);
    }
  }
};

}  // namespace settle
