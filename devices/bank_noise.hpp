// The noise currents of a banked device: its own, or those of a conductor.
#pragma once

#include "devices/bank.hpp"

namespace settle {

template <Device D>
void Bank<D>::add_noise(const Block<double>& x, const Moment& now, const Environment& environment, std::vector<NoiseSource>& sources) const {
  if (!Noisy<D> && kind_.weight.empty()) return;
  for (std::size_t k = 0; k < device_.size(); ++k) {
    PortNoise noise;
    if constexpr (Noisy<D>)
      device_[k].add_noise(gather<double>(place_[k], x, 0, now.t), environment, noise);
    else
      noise.thermal(0, 1, slopes<double>(k, x, 0, now.t).current[0].slope[0], environment.temperature);
    for (const PortNoise::Current& i : noise.currents())
      sources.push_back({.device = static_cast<Index>(k), .what = i.what, .from = into(k, i.from), .to = into(k, i.to), .density = device_[k].m * i.density,
                         .out = gain(k, i.from), .in = gain(k, i.to)});
  }
}

}  // namespace settle
