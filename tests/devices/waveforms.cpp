// Waveforms against their formulas, their slopes against differences, their breakpoints against what jumps.
#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

#include "devices/waveform.hpp"

using namespace settle;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr TimeWindow window{1e-5, 1e-3};

std::shared_ptr<const Waveform> made(std::string_view kind, std::vector<double> values, std::map<std::string, double> options = {}) {
  return make_waveform(kind, {.values = std::move(values), .options = std::move(options), .window = window, .seed = 1, .name = "v1"});
}

std::vector<double> breakpoints(const Waveform& w, double from, double until) {
  std::vector<double> times;
  for (double t = w.next_breakpoint(from); t <= until; t = w.next_breakpoint(t)) {
    if (!times.empty() && t <= times.back()) FAIL("a breakpoint came again");
    times.push_back(t);
  }
  return times;
}

void check_times(const std::vector<double>& times, const std::vector<double>& expected) {
  REQUIRE(times.size() == expected.size());
  for (std::size_t k = 0; k < times.size(); ++k) CHECK(times[k] == Approx(expected[k]).epsilon(1e-14));
}

struct Sample {
  std::string kind;
  std::vector<double> values;
  std::map<std::string, double> options;
};

std::vector<Sample> samples() {
  return {{"pulse", {0, 1, 1e-4, 5e-5, 5e-5, 1e-4, 3e-4, 2}, {}},
          {"pulse", {-1, 2, 0, 1e-5, 2e-5, 1e-4, 5e-5}, {}},
          {"pulse", {0, 1}, {}},
          {"sin", {1, 2, 1e4, 2e-4, 500, 30}, {}},
          {"exp", {0, 1, 2e-4, 1e-4, 5e-4, 3e-5}, {}},
          {"sffm", {0.1, 2, 1e4, 3, 1e3, 30, 50}, {}},
          {"am", {2, 0.3, 1e3, 1e4, 1e-4, 30, 50}, {}},
          {"pwl", {0, 0, 2e-4, 1, 4e-4, 0.5}, {{"r", 1e-4}, {"td", 1e-4}}},
          {"pwl", {1e-4, 0, 2e-4, 0, 2e-4, 1, 5e-4, 3}, {}},
          {"trnoise", {1, 1e-5, 1, 0.5, 2, 1e-4, 5e-5}, {}},
          {"trrandom", {2, 1e-5, 1e-4, 1, 0.5}, {}}};
}

}  // namespace

TEST_CASE("slopes are right-sided derivatives, and between breakpoints nothing jumps", "[devices][waveforms]") {
  for (const Sample& s : samples()) {
    INFO(s.kind);
    const auto w = made(s.kind, s.values, s.options);
    std::vector<double> places = breakpoints(*w, -1e-4, 1.5e-3);
    places.insert(places.begin(), -1e-4);
    for (std::size_t k = 0; k + 1 < places.size(); ++k) {
      const double a = places[k], gap = places[k + 1] - a, h = std::min(1e-4 * gap, 1e-9);
      const double steep = (w->value(a + h) - w->value(a)) / h;
      // First-order difference: h/2 times the curvature, at most slope^2-like scales of the smooth kinds.
      const double curvature = 2.0 * std::pow(2.0 * std::numbers::pi * 1.4e4, 2) * 2.6;
      CHECK(std::abs(w->slope(a) - steep) < h * curvature + 1e-6 * std::abs(steep) + 1e-13 / h);
      CHECK(std::abs(w->before(places[k + 1]) - w->value(places[k + 1] - 1e-7 * gap)) < 1e-2 * gap * 1e-7 * curvature + 1e-6 * (std::abs(steep) * gap + 1.0));
    }
  }
}

TEST_CASE("breakpoints are never missed and never returned twice, even at late times", "[devices][waveforms]") {
  const auto clock = made("pulse", {0, 1, 0.1e-6, 1e-9, 1e-9, 4e-9, 1e-8});
  for (const double from : {0.0, 1e-3, 1.0}) {
    double t = clock->next_breakpoint(from);
    for (int k = 0; k < 4000; ++k) {
      const double next = clock->next_breakpoint(t);
      REQUIRE(next > t);
      // Corners are 1, 4, 1 and 4 ns apart, up to the rounding of the time itself.
      REQUIRE(std::min(std::abs(next - t - 1e-9), std::abs(next - t - 4e-9)) < 1e-15 * from + 1e-20 + 4e-16 * next);
      t = next;
    }
  }
}

TEST_CASE("a pulse has its corners, its number and its rest", "[devices][waveforms]") {
  const auto w = made("pulse", {0, 1, 1e-4, 5e-5, 5e-5, 1e-4, 3e-4, 2});
  check_times(breakpoints(*w, 0, 1), {1e-4, 1.5e-4, 2.5e-4, 3e-4, 4e-4, 4.5e-4, 5.5e-4, 6e-4, 7e-4});
  // ngspice 39, tran 0.01m 1m: v(115u) = 0.3, v(265u) = 0.7, v(407u) = 0.14, v(703u) = 0
  CHECK(w->value(1.15e-4) == Approx(0.3).epsilon(1e-12));
  CHECK(w->value(2.65e-4) == Approx(0.7).epsilon(1e-12));
  CHECK(w->value(4.07e-4) == Approx(0.14).epsilon(1e-12));
  CHECK(w->value(7.03e-4) == 0.0);
}

TEST_CASE("a pulse takes its defaults from the time window", "[devices][waveforms]") {
  const auto w = made("pulse", {0, 1});  // tr = tstep, pw = tstop, no period
  check_times(breakpoints(*w, -1, 1), {0, 1e-5, 1.01e-3, 1.02e-3});
  CHECK(w->value(0.5e-5) == Approx(0.5));
  CHECK(w->value(1e-3) == 1.0);
  const auto zero = made("pulse", {0, 1, 0, 0, 0, 1e-4, 3e-4});
  CHECK(zero->slope(0.0) == Approx(1e5));
}

TEST_CASE("a pulse longer than its period is cut there", "[devices][waveforms]") {
  const auto w = made("pulse", {0, 1, 0, 1e-5, 1e-5, 1e-4, 5e-5});
  CHECK(w->before(5e-5) == 1.0);
  CHECK(w->value(5e-5) == 0.0);
  CHECK(w->slope(5e-5) == Approx(1e5));
}

TEST_CASE("pwl repeats, is delayed, and jumps where two points share a time", "[devices][waveforms]") {
  const auto w = made("pwl", {0, 0, 2e-4, 1, 4e-4, 0.5}, {{"r", 2e-4}, {"td", 1e-4}});
  // ngspice 39 with the same source: v(115u) = 0.075, v(495u) = 0.5125, v(507u) = 0.9825, v(901u) = 0.9975
  CHECK(w->value(1.15e-4) == Approx(0.075).epsilon(1e-12));
  CHECK(w->value(4.95e-4) == Approx(0.5125).epsilon(1e-12));
  CHECK(w->value(5.07e-4) == Approx(0.9825).epsilon(1e-12));
  CHECK(w->value(9.01e-4) == Approx(0.9975).epsilon(1e-12));
  CHECK(w->before(5e-4) == 0.5);
  CHECK(w->value(5e-4) == 1.0);

  const auto jump = made("pwl", {1e-4, -1, 2e-4, 0, 2e-4, 1, 3e-4, 2});
  CHECK(jump->value(0.0) == -1.0);
  CHECK(jump->before(2e-4) == 0.0);
  CHECK(jump->value(2e-4) == 1.0);
  CHECK(jump->value(1.0) == 2.0);
  check_times(breakpoints(*jump, 0, 1), {1e-4, 2e-4, 3e-4});
}

TEST_CASE("smooth waveforms have the formulas of ngspice", "[devices][waveforms]") {
  const double pi = std::numbers::pi, d = pi / 180;
  const auto sine = made("SINE", {1, 2, 1e3, 2e-4, 500, 30}), bare = made("sin", {0, 1}), rising = made("exp", {0, 1});
  const auto modulated = made("sffm", {0.1, 2, 1e4, 3, 1e3, 30, 50}), am = made("am", {2, 0.3, 1e3, 1e4, 1e-4});
  const auto grown = [](double u) { return u > 0 ? 1 - std::exp(-u / 1e-5) : 0.0; };
  for (double t = 0; t < 1e-3; t += 1.7e-5) {
    const double u = t - 2e-4, m = t - 1e-4;
    CHECK(sine->value(t) == Approx(1 + (u < 0 ? 1.0 : 2 * std::sin(2e3 * pi * u + 30 * d) * std::exp(-500 * u))).epsilon(1e-12));
    CHECK(bare->value(t) == Approx(std::sin(2e3 * pi * t)).margin(1e-13));  // freq = 1/tstop
    CHECK(rising->value(t) == Approx(grown(t - 1e-5) - grown(t - 2e-5)).margin(1e-15));  // td1 = tau = tstep, td2 = td1 + tstep: run in ngspice 39
    CHECK(modulated->value(t) == Approx(0.1 + 2 * std::sin(2e4 * pi * t + 30 * d + 3 * std::sin(2e3 * pi * t + 50 * d))).epsilon(1e-11));
    CHECK(am->value(t) == Approx(m < 0 ? 0.0 : 2 * (0.3 + std::sin(2e3 * pi * m)) * std::sin(2e4 * pi * m)).epsilon(1e-11).margin(1e-12));
  }
  CHECK(sine->fastest() == Approx(1e-3));
  CHECK(modulated->fastest() == Approx(1 / 1.3e4));
  CHECK(rising->fastest() == infinity);
}

TEST_CASE("noise depends on seed and name, not on what was asked before", "[devices][waveforms]") {
  const auto noise = [](std::uint64_t seed, std::string name) {
    return make_waveform("trnoise", {.values = {1, 1e-5, 1, 0.5, 1, 1e-4, 1e-4}, .options = {}, .window = window, .seed = seed, .name = std::move(name)});
  };
  CHECK(noise(1, "v1")->value(5.55e-4) == noise(1, "v1")->value(5.55e-4));
  CHECK(noise(1, "v1")->value(5.55e-4) != noise(1, "v2")->value(5.55e-4));
  CHECK(noise(1, "v1")->value(5.55e-4) != noise(2, "v1")->value(5.55e-4));
  CHECK(noise(1, "v1")->value(0.0) == 0.0);
}

TEST_CASE("white noise has its deviation and telegraph noise its share of time", "[devices][waveforms]") {
  constexpr int n = 20'000;
  const auto at = [](std::vector<double> values) { return make_waveform("trnoise", {.values = std::move(values), .options = {}, .window = {1e-6, n * 1e-6}, .seed = 3, .name = "v1"}); };
  const auto white = at({2, 1e-6}), telegraph = at({0, 1e-6, 0, 0, 1, 3e-5, 1e-5});
  double sum = 0, squares = 0, up = 0;
  for (int k = 1; k < n; ++k) {
    const double x = white->value(k * 1e-6);
    sum += x, squares += x * x, up += telegraph->value(k * 1e-6);
  }
  CHECK(std::abs(sum / n) < 4 * 2 / std::sqrt(n));
  CHECK(std::abs(squares / n - 4) < 4 * 4 * std::sqrt(2.0 / n));
  // A share p = 1/4 of the time, seen over T with correlation time c = 7.5 us: variance 2 p (1-p) c / T.
  CHECK(std::abs(up / n - 0.25) < 4 * std::sqrt(2 * 0.25 * 0.75 * 7.5e-6 / (n * 1e-6)));
}

TEST_CASE("coloured noise has the covariance of its filter", "[devices][waveforms]") {
  constexpr int n = 2000, runs = 400;
  double same = 0, neighbour = 0;
  for (int seed = 0; seed < runs; ++seed) {
    const auto w = make_waveform("trnoise", {.values = {0, 1e-6, 1, 1}, .options = {}, .window = {1e-6, n * 1e-6}, .seed = static_cast<std::uint64_t>(seed), .name = "v1"});
    same += w->value(10e-6) * w->value(10e-6), neighbour += w->value(10e-6) * w->value(11e-6);
  }
  double h[12] = {1.0}, expected_same = 0, expected_neighbour = 0;
  for (int k = 1; k < 12; ++k) h[k] = h[k - 1] * (0.5 + k - 1) / k;
  for (int k = 0; k <= 10; ++k) expected_same += h[k] * h[k], expected_neighbour += h[k] * h[k + 1];
  const double error = 4 * expected_same * std::sqrt(2.0 / runs);
  CHECK(std::abs(same / runs - expected_same) < error);
  CHECK(std::abs(neighbour / runs - expected_neighbour) < error);
}

TEST_CASE("random steps have the distribution of their type", "[devices][waveforms]") {
  constexpr int n = 20'000;
  struct Case { double type, p1, p2, mean, variance, fourth; };
  for (const Case& c : {Case{1, 2, 1, 1, 4.0 / 3, 1.8}, Case{2, 2, 1, 1, 4, 3}, Case{3, 2, 1, 3, 4, 9}, Case{4, 3, 1, 4, 3, 3 + 1.0 / 3}}) {
    const auto w = make_waveform("trrandom", {.values = {c.type, 1, 0, c.p1, c.p2}, .options = {}, .window = {1, n}, .seed = 2, .name = "v1"});
    double sum = 0, squares = 0;
    for (int k = 0; k < n; ++k) {
      const double x = w->value(k + 0.5) - c.mean;
      sum += x, squares += x * x;
    }
    CHECK(std::abs(sum / n) < 4 * std::sqrt(c.variance / n));
    CHECK(std::abs(squares / n - c.variance) < 4 * c.variance * std::sqrt((c.fourth - 1) / n));
  }
}

TEST_CASE("a wrong argument list is refused with the argument's name and place", "[devices][waveforms]") {
  struct Case { Sample sample; int argument; std::string message; };
  for (const Case& c : std::vector<Case>{{{"pulse", {0}, {}}, -1, "'v2'"},
                                         {{"pulse", {0, 1, 0, -1e-6}, {}}, 3, "tr of pulse"},
                                         {{"pulse", {0, 1, 0, 1, 1, 1, 1, 1, 1}, {}}, 8, "at most 8 arguments, but has 9"},
                                         {{"pulse", {0, 1, 0, 0, 0, 0, 1e-20}, {}}, 6, "per of pulse"},
                                         {{"pwl", {0, 0, 1, 1, 0.5, 2}, {}}, 4, "t3 = 0.5 comes after t2 = 1"},
                                         {{"pwl", {0, 0, 1}, {}}, 2, "t2 = 1 has no value"},
                                         {{"pwl", {0, 0, 1, 1}, {{"r", 2.0}}}, -1, "r=2"},
                                         {{"pwl", {0, 0, 1, 1}, {{"tdd", 2.0}}}, -1, "did you mean 'td'?"},
                                         {{"puls", {0, 1}, {}}, -1, "did you mean 'pulse'?"},
                                         {{"exp", {0, 1, 1, -1}, {}}, 3, "tau1"},
                                         {{"sin", {0, infinity}, {}}, 1, "not a finite number"},
                                         {{"trnoise", {1, 0}, {}}, 1, "nt of trnoise"},
                                         {{"trrandom", {5, 1}, {}}, 0, "type of trrandom"}}) {
    INFO(c.message);
    try {
      made(c.sample.kind, c.sample.values, c.sample.options);
      FAIL("accepted");
    } catch (const WaveformError& error) {
      INFO(error.what());
      CHECK(error.argument() == c.argument);
      CHECK(std::string(error.what()).find(c.message) != std::string::npos);
    }
  }
}

TEST_CASE("every kind describes itself", "[devices][waveforms]") {
  for (const auto& [name, kind] : Registry<WaveformKind>::all()) {
    INFO(name);
    CHECK(!kind->help().empty());
    bool optional = false;
    for (const WaveformParameter& p : kind->parameters()) {
      CHECK((!p.name.empty() && !p.help.empty()));
      CHECK((!optional || !p.standard.empty()));  // required ones come first
      optional = optional || !p.standard.empty();
    }
  }
}
