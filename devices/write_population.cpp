// A population of written devices: drawing, bounds, noise of reading, decay, diffusion, retention, drift.
#include "devices/write_population.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <thread>

namespace settle {
namespace {

constexpr std::size_t block_size = 4096;
constexpr std::int64_t longest_train = (std::int64_t{1} << 24) - 1;  // pulses have 24 bits of the random counter

/// One value for all, or one a device.
double of(const std::vector<double>& values, std::size_t device) { return values[values.size() > 1 ? device : 0]; }

}  // namespace

std::size_t block_count(std::size_t count) { return (count + block_size - 1) / block_size; }

void for_blocks(std::size_t count, int threads, const std::function<void(std::size_t, std::size_t, std::size_t)>& part) {
  const std::size_t blocks = block_count(count), workers = std::min<std::size_t>(static_cast<std::size_t>(std::max(threads, 1)), blocks);
  const auto work = [&](std::size_t worker) {
    for (std::size_t b = worker; b < blocks; b += workers) part(b, b * block_size, std::min(count, (b + 1) * block_size));
  };
  std::vector<std::jthread> helpers;
  for (std::size_t worker = 1; worker < workers; ++worker) helpers.emplace_back(work, worker);
  if (workers > 0) work(0);
}

WritePopulation::WritePopulation(const WriteHardware& hardware, std::size_t count, WriteKey key, bool spread,
                                 const std::function<void(WriteCell&, const Draws&)>& finish)
    : hardware_(hardware), count_(count), key_(std::move(key)) {
  const WriteHardware& h = hardware_;
  const bool differ = spread || h.d2d > 0.0 || h.up_down_d2d > 0.0 || h.wmin_d2d > 0.0 || h.wmax_d2d > 0.0 || h.corrupt > 0.0;
  cells_.resize(differ ? std::max<std::size_t>(count, 1) : 1);
  for (std::size_t k = 0; k < cells_.size(); ++k) {
    const Draws draws(key_, k);
    cells_[k] = draw_cell(h, draws);
    if (!cells_[k].stuck) finish(cells_[k], draws);
    settle_bounds(h, cells_[k]);
  }
  lifetime_ = drawn_spread(1.0, h.lifetime_d2d, drawn::lifetime);
  reset_ = drawn_spread(h.reset, h.reset_d2d, drawn::reset);
  diffusion_ = drawn_spread(h.diffusion, h.diffusion * h.diffusion_d2d, drawn::diffusion);
  if (h.write_noise > 0.0) noise_.assign(count, 0.0);
  if (h.drift > 0.0) age_.assign(count, h.drift_t0);
}

std::array<double, 2> WritePopulation::range(std::size_t device) const {
  return {conductance_of(hardware_, cell(device).low), conductance_of(hardware_, cell(device).high)};
}

void WritePopulation::start(std::span<double> g) {
  check(g.size(), g.size());
  std::fill(noise_.begin(), noise_.end(), 0.0);
  std::fill(age_.begin(), age_.end(), hardware_.drift_t0);
  for (std::size_t k = 0; k < count_; ++k) {
    const auto [low, high] = range(k);
    g[k] = std::clamp(g[k], low, high);
  }
}

void WritePopulation::rest(std::span<double> g, double seconds, int threads) {
  check(g.size(), g.size());
  const WriteHardware& h = hardware_;
  if (h.retention == 0.0 && h.drift == 0.0) return;
  for_blocks(count_, threads, [&](std::size_t, std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k) {
      if (cell(k).stuck) continue;
      double w = held(k, g[k]);
      if (h.retention > 0.0) {
        const double lifetime = h.retention * of(lifetime_, k), b = reset_of(k);
        w = lifetime > 0.0 ? b + (w - b) * std::exp(-seconds / lifetime) : b;
      }
      if (h.drift > 0.0) {
        w = weight_of(h, conductance_of(h, w) * std::pow(1.0 + seconds / age_[k], -h.drift));
        age_[k] += seconds;
      }
      g[k] = read(k, w);
    }
  });
}

double WritePopulation::held(std::size_t device, double g) const {
  return weight_of(hardware_, g) - (noise_.empty() ? 0.0 : noise_[device]);
}

double WritePopulation::shown(std::size_t device, double w, bool written, const UpdateNoise& noise) {
  if (written && !age_.empty()) age_[device] = hardware_.drift_t0;
  if (written && !noise_.empty() && !cell(device).stuck) noise_[device] = hardware_.write_noise * hardware_.dw * noise.reading(device);
  return read(device, w);
}

double WritePopulation::read(std::size_t device, double w) {
  if (noise_.empty()) return conductance_of(hardware_, w);
  noise_[device] = std::max(noise_[device], weight_of(hardware_, 0.0) - w);
  return conductance_of(hardware_, w + noise_[device]);
}

std::vector<double> WritePopulation::drawn_spread(double centre, double deviation, std::uint64_t parameter) const {
  if (!(deviation > 0.0)) return {centre};
  const Stream stream(key_.seed, "write.device", key_.name, parameter);
  std::vector<double> values(std::max<std::size_t>(count_, 1));
  for (std::size_t k = 0; k < values.size(); ++k) values[k] = centre + deviation * stream.normal_at(k);
  return values;
}

double WritePopulation::reset_of(std::size_t device) const { return std::clamp(of(reset_, device), cell(device).low, cell(device).high); }

double WritePopulation::forget(std::size_t device, double w, const UpdateNoise& noise) const {
  const WriteHardware& h = hardware_;
  const WriteCell& c = cell(device);
  if (c.stuck) return c.low;
  if (h.lifetime > 0.0) {
    const double lifetime = h.lifetime * of(lifetime_, device), b = reset_of(device);
    w = lifetime > 1.0 ? b + (w - b) * (1.0 - 1.0 / lifetime) : b;
  }
  if (h.diffusion > 0.0) w += std::abs(of(diffusion_, device)) * noise.walk(device);
  return std::clamp(w, c.low, c.high);
}

Train WritePopulation::train_of(std::size_t device, double pulses, const UpdateNoise& noise) const {
  const WriteHardware& h = hardware_;
  const double most = h.pulses > 0.0 ? std::floor(h.pulses) : static_cast<double>(longest_train);
  const double exact = std::min(pulses, most);
  const double whole = std::floor(exact * (1.0 + 1e-12));  // 3 steps of 0.1 are three pulses
  switch (static_cast<Rounding>(static_cast<int>(h.rounding))) {
    case Rounding::stochastic: return {static_cast<std::int64_t>(whole) + (noise.rounding(device) < exact - whole ? 1 : 0)};
    case Rounding::nearest: return {std::llround(exact)};
    case Rounding::down: return {static_cast<std::int64_t>(whole)};
    case Rounding::none: break;
  }
  return {static_cast<std::int64_t>(whole), std::max(exact - whole, 0.0)};
}

double WritePopulation::on_level(std::size_t device, double w, const UpdateNoise& noise) const {
  const WriteHardware& h = hardware_;
  const WriteCell& c = cell(device);
  if (h.levels < 2.0 || c.low == c.high) return w;
  const double spacing = (c.high - c.low) / (std::floor(h.levels) - 1.0), place = (w - c.low) / spacing;
  const auto rounding = static_cast<Rounding>(static_cast<int>(h.rounding));
  const double slack = 1e-9;  // of a level: rounding errors make no step
  const double level = rounding == Rounding::stochastic ? std::floor(place + slack) + (noise.level(device) < place + slack - std::floor(place + slack) - slack)
                       : rounding == Rounding::down     ? std::floor(place + slack)
                                                        : std::round(place);
  return std::min(c.low + level * spacing, c.high);
}

void WritePopulation::check(std::size_t conductances, std::size_t requests) const {
  if (conductances != count_ || requests != count_) throw std::logic_error("a writer is for one conductance and one request a device");
}

}  // namespace settle
