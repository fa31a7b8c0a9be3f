// TRNOISE and TRRANDOM: seeded noise on a grid of times; every source draws from streams of its own name.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unsupported/Eigen/FFT>

#include "devices/waveform.hpp"
#include "sim/random.hpp"

namespace settle {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double most_samples = 2e6;  // the transforms of so many take 200 MB

/// Which cell of a grid a time lies in, with times of grid points in the cell to their right.
double cell(double t, double width) { return std::floor(t / width * (1.0 + 4.0 * std::numeric_limits<double>::epsilon())); }

/// The first multiple of `width` that is really after t.
double next_multiple(double t, double width) { return std::max(0.0, cell(t, width) + 1.0) * width; }

/// 1/f^alpha noise by fractional integration of white noise, doi:10.1109/5.381848, eq. 103-116.
std::vector<double> flicker(const Stream& stream, std::size_t count, double amplitude, double alpha) {
  std::size_t padded = 1;
  while (padded < 2 * count) padded *= 2;
  std::vector<double> filter(padded, 0.0), white(padded, 0.0);
  filter[0] = 1.0;
  for (std::size_t k = 0; k < count; ++k) {
    if (k > 0) filter[k] = filter[k - 1] * (0.5 * alpha + static_cast<double>(k) - 1.0) / static_cast<double>(k);
    white[k] = amplitude * stream.normal_at(k);
  }
  Eigen::FFT<double> fft;
  std::vector<std::complex<double>> f, w;
  fft.fwd(f, filter);
  fft.fwd(w, white);
  for (std::size_t k = 0; k < f.size(); ++k) w[k] *= f[k];
  fft.inv(white, w);
  white.resize(count);
  return white;
}

/// Times at which a random telegraph signal switches, up first.
std::vector<double> telegraph(Stream stream, double capture, double emission, double until) {
  std::vector<double> switches;
  for (double t = 0.0; t < until;) {
    t -= std::log(stream.uniform()) * (switches.size() % 2 ? emission : capture);
    switches.push_back(t);
  }
  return switches;
}

struct Noise : Waveform {
  double white = 0.0, step = 0.0, height = 0.0;
  Stream stream;
  std::vector<double> coloured;
  std::vector<double> switches;

  explicit Noise(Stream s) : stream(s) {}

  double value(double t) const override {
    const double k = step > 0.0 ? std::max(0.0, cell(t, step)) : 0.0;
    const double sampled = step > 0.0 ? sample(k) + (sample(k + 1.0) - sample(k)) * std::clamp(t / step - k, 0.0, 1.0) : 0.0;
    return sampled + level(t);
  }
  double slope(double t) const override {
    if (step <= 0.0 || t < 0.0) return 0.0;
    const double k = cell(t, step);
    return (sample(k + 1.0) - sample(k)) / step;
  }
  double next_breakpoint(double t) const override {
    const auto next = std::upper_bound(switches.begin(), switches.end(), t);
    return std::min(step > 0.0 ? next_multiple(t, step) : infinity, next == switches.end() ? infinity : *next);
  }
  double before(double breakpoint) const override {
    const bool switching = std::binary_search(switches.begin(), switches.end(), breakpoint);
    return switching ? value(breakpoint) - level(breakpoint) + (height - level(breakpoint)) : value(breakpoint);
  }

  /// The first sample is 0: noise begins at rest, so that it leaves the operating point alone.
  double sample(double k) const {
    if (k <= 0.0) return 0.0;
    const auto place = static_cast<std::uint64_t>(k);
    return white * stream.normal_at(place) + (place < coloured.size() ? coloured[place] : 0.0);
  }
  double level(double t) const {
    const auto passed = std::upper_bound(switches.begin(), switches.end(), t) - switches.begin();
    return passed % 2 ? height : 0.0;
  }
};

class NoiseKind : public WaveformKind {
  std::string help() const override { return "seeded noise: white and 1/f samples every nt joined by lines, and a random telegraph signal"; }
  std::vector<WaveformParameter> parameters() const override {
    return {{"na", "V or A", "", "standard deviation of the white samples"},
            {"nt", "s", "", "time between samples"},
            {"nalpha", "", "0", "exponent of 1/f noise, 0 < nalpha < 2; 0 for none"},
            {"namp", "V or A", "0", "amplitude of 1/f noise"},
            {"rtsam", "V or A", "0", "height of the random telegraph signal"},
            {"rtscapt", "s", "0", "its mean time at 0"},
            {"rtsemt", "s", "0", "its mean time at its height"}};
  }

  std::shared_ptr<const Waveform> make(const WaveformArguments& a) const override {
    auto w = std::make_shared<Noise>(Stream(a.seed, "trnoise white", a.name));
    w->white = a.values[0], w->step = a.values[1], w->height = a.given(4, 0.0);
    const double alpha = a.given(2, 0.0), amplitude = a.given(3, 0.0);
    if (w->step < 0.0 || (w->step == 0.0 && (w->white != 0.0 || amplitude != 0.0)))
      throw WaveformError(1, fmt::format("nt of trnoise is {}; the time between samples must be positive", w->step));
    if (w->step > 0.0) check_interval(1, "nt of trnoise", w->step, a);
    if (alpha < 0.0 || alpha >= 2.0) throw WaveformError(2, fmt::format("nalpha of trnoise is {}; it must lie in 0 <= nalpha < 2", alpha));
    if (alpha > 0.0 && amplitude != 0.0)
      w->coloured = flicker(Stream(a.seed, "trnoise flicker", a.name), samples(3, a.window.tstop / w->step), amplitude, alpha);
    if (w->height != 0.0) w->switches = switch_times(a);
    return w;
  }

  static std::vector<double> switch_times(const WaveformArguments& a) {
    const double capture = a.given(5, 0.0), emission = a.given(6, 0.0);
    if (!(capture > 0.0 && emission > 0.0))
      throw WaveformError(capture > 0.0 ? 6 : 5, "the telegraph signal of trnoise needs positive mean times rtscapt and rtsemt");
    samples(4, 2.0 * a.window.tstop / (capture + emission));
    return telegraph(Stream(a.seed, "trnoise telegraph", a.name), capture, emission, a.window.tstop);
  }

  static std::size_t samples(int argument, double count) {
    if (count > most_samples)
      throw WaveformError(argument, fmt::format("this trnoise needs {:.1e} samples until tstop; at most {:.0e} are kept, so take longer times", count, most_samples));
    return static_cast<std::size_t>(count) + 2;
  }
};

struct Steps : Waveform {
  int type = 1;
  double width = 1.0, delay = 0.0, p1 = 1.0, p2 = 0.0;
  Stream stream;

  explicit Steps(Stream s) : stream(s) {}

  double value(double t) const override { return t < delay ? p2 : level(cell(t - delay, width)); }
  double slope(double) const override { return 0.0; }
  double next_breakpoint(double t) const override {
    if (t < delay) return delay;
    const double rounding = 4.0 * std::numeric_limits<double>::epsilon() * t;
    double k = cell(t - delay, width) + 1.0;
    while (delay + k * width <= t + rounding) k += 1.0;
    return delay + k * width;
  }
  double before(double breakpoint) const override {
    const double k = cell(breakpoint - delay + 0.25 * width, width);
    return k <= 0.0 ? p2 : level(k - 1.0);
  }

  double level(double cell_number) const {
    const auto k = static_cast<std::uint64_t>(std::max(0.0, cell_number));
    switch (type) {
      case 1: return p1 * (2.0 * stream.uniform_at(k) - 1.0) + p2;
      case 2: return p1 * stream.normal_at(k) + p2;
      case 3: return -p1 * std::log(stream.uniform_at(k)) + p2;
      default: return poisson(k) + p2;
    }
  }
  /// The cell's own uniform number, looked up in the distribution.
  double poisson(std::uint64_t k) const {
    const double u = stream.uniform_at(k);
    double probability = std::exp(-p1), sum = probability, n = 0.0;
    while (sum < u && n < 1000.0) {
      n += 1.0;
      probability *= p1 / n;
      sum += probability;
    }
    return n;
  }
};

class StepsKind : public WaveformKind {
  std::string help() const override { return "a new seeded random value every ts, held in between; p2 before td"; }
  std::vector<WaveformParameter> parameters() const override {
    return {{"type", "", "", "1 uniform within -p1 ... p1, 2 normal with deviation p1, 3 exponential with mean p1, 4 Poisson with mean p1 <= 500"},
            {"ts", "s", "", "time between values"},
            {"td", "s", "0", "time of the first value"},
            {"p1", "V or A", "1", "width, deviation or mean"},
            {"p2", "V or A", "0", "added to every value"}};
  }
  std::shared_ptr<const Waveform> make(const WaveformArguments& a) const override {
    auto w = std::make_shared<Steps>(Stream(a.seed, "trrandom", a.name));
    const double type = a.values[0];
    if (type != 1.0 && type != 2.0 && type != 3.0 && type != 4.0)
      throw WaveformError(0, fmt::format("type of trrandom is {}; it must be 1 (uniform), 2 (normal), 3 (exponential) or 4 (Poisson)", type));
    if (!(a.values[1] > 0.0)) throw WaveformError(1, fmt::format("ts of trrandom is {}; it must be positive", a.values[1]));
    check_interval(1, "ts of trrandom", a.values[1], a);
    w->type = static_cast<int>(type), w->width = a.values[1], w->delay = a.given(2, 0.0), w->p1 = a.given(3, 1.0), w->p2 = a.given(4, 0.0);
    if (w->type == 4 && !(w->p1 > 0.0 && w->p1 <= 500.0))
      throw WaveformError(3, fmt::format("p1 of a Poisson trrandom is {}; it must lie in 0 < p1 <= 500", w->p1));
    return w;
  }
};

const Registered<WaveformKind, NoiseKind> noise("trnoise");
const Registered<WaveformKind, StepsKind> steps("trrandom");

}  // namespace
}  // namespace settle
