// PULSE and PWL: waveforms made of straight lines.
#include <fmt/format.h>

#include <cmath>

#include "devices/polyline.hpp"

namespace settle {
namespace {

class Pulse : public WaveformKind {
  std::string help() const override { return "trapezoidal pulses: v1, rise to v2 after td, hold for pw, fall back, again every per"; }

  std::vector<WaveformParameter> parameters() const override {
    return {{"v1", "V or A", "", "value before and between pulses"},
            {"v2", "V or A", "", "value of the pulse"},
            {"td", "s", "0", "delay of the first pulse"},
            {"tr", "s", "tstep", "rise time; 0 means tstep"},
            {"tf", "s", "tstep", "fall time; 0 means tstep"},
            {"pw", "s", "tstop", "time at v2; 0 means tstop"},
            {"per", "s", "one pulse", "period; 0 means one pulse only"},
            {"np", "", "unlimited", "number of pulses; 0 means unlimited"}};
  }

  std::shared_ptr<const Waveform> make(const WaveformArguments& a) const override {
    for (std::size_t k = 3; k < a.values.size(); ++k)
      if (a.values[k] < 0.0)
        throw WaveformError(static_cast<int>(k), fmt::format("{} of pulse is {}; it must not be negative", parameters()[k].name, a.values[k]));
    const double v1 = a.values[0], v2 = a.values[1], delay = a.given(2, 0.0), period = a.given(6, 0.0);
    const double rise = a.nonzero(3, a.window.tstep), fall = a.nonzero(4, a.window.tstep), width = a.nonzero(5, a.window.tstop);
    std::vector<Knot> knots{{0.0, v1}, {rise, v2}, {rise + width, v2}, {rise + width + fall, v1}};
    if (period == 0.0) return std::make_shared<Polyline>(std::move(knots), delay);
    check_interval(6, "per of pulse", period, a);
    fit(knots, period);
    const Polyline::Loop loop{0.0, a.nonzero(7, std::numeric_limits<double>::infinity()), v1};
    return std::make_shared<Polyline>(std::move(knots), delay, loop);
  }

  /// Ends the knots exactly at the period: a shorter pulse rests there, a longer one is cut.
  static void fit(std::vector<Knot>& knots, double period) {
    const double same = 1e-12 * period;
    while (knots.size() > 1 && knots[knots.size() - 2].time >= period - same) knots.pop_back();
    Knot& last = knots.back();
    if (std::abs(last.time - period) <= same) {
      last.time = period;
    } else if (last.time < period) {
      knots.push_back({period, last.value});
    } else {
      const Knot& a = knots[knots.size() - 2];
      last = {period, a.value + (last.value - a.value) * (period - a.time) / (last.time - a.time)};
    }
  }
};

class PiecewiseLinear : public WaveformKind {
  std::string help() const override { return "straight lines through points (t, v); two points at one time are a jump"; }

  std::vector<WaveformParameter> parameters() const override {
    return {{"t1", "s", "", "time of the first point; its value holds before"}, {"v1", "V or A", "", "value of the first point"}};
  }
  std::vector<WaveformParameter> options() const override {
    return {{"r", "s", "-1", "the part from this time to the last point comes again and again; -1 for no repetition"},
            {"td", "s", "0", "delay of the whole waveform"}};
  }
  bool open_ended() const override { return true; }

  std::shared_ptr<const Waveform> make(const WaveformArguments& a) const override {
    std::vector<Knot> knots = points(a.values);
    const double repeat = a.option("r", -1.0), delay = a.option("td", 0.0);
    if (repeat == -1.0) return std::make_shared<Polyline>(std::move(knots), delay);
    if (!(repeat >= knots.front().time && repeat < knots.back().time))
      throw WaveformError(-1, fmt::format("r={} of pwl must lie between its first and its last time, {} <= r < {}", repeat, knots.front().time,
                                          knots.back().time));
    check_interval(-1, "the repeated part of pwl", knots.back().time - repeat, a);
    return std::make_shared<Polyline>(std::move(knots), delay, Polyline::Loop{.from = repeat});
  }

  static std::vector<Knot> points(const std::vector<double>& list) {
    if (list.size() % 2)
      throw WaveformError(static_cast<int>(list.size()) - 1, fmt::format("pwl takes pairs of time and value, but t{} = {} has no value",
                                                                         list.size() / 2 + 1, list.back()));
    std::vector<Knot> knots;
    for (std::size_t k = 0; k < list.size(); k += 2) {
      if (!knots.empty() && list[k] < knots.back().time)
        throw WaveformError(static_cast<int>(k), fmt::format("times of pwl must not fall: t{} = {} comes after t{} = {}", k / 2 + 1, list[k],
                                                             k / 2, knots.back().time));
      knots.push_back({list[k], list[k + 1]});
    }
    return knots;
  }
};

const Registered<WaveformKind, Pulse> pulse("pulse");
const Registered<WaveformKind, PiecewiseLinear> pwl("pwl");

}  // namespace
}  // namespace settle
