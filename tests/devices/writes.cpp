// Write models against closed forms: how far pulses and requests move a conductance without noise.
#include "tests/devices/writes.hpp"

#include <cmath>

#include "devices/write_neurosim.hpp"
#include "sim/error.hpp"
#include "tests/support/folder.hpp"

using namespace settle;
using namespace settle::testing;

namespace {

constexpr double rounding = 1e-12;

/// The conductance after each of so many pulses; the sign is the direction.
std::vector<double> train(Writer& writer, double g, int pulses) {
  std::vector<double> path{g};
  const int one[] = {pulses > 0 ? 1 : -1};
  for (int n = 0; n < std::abs(pulses); ++n) {
    writer.pulse({&g, 1}, one, static_cast<std::uint64_t>(n));
    path.push_back(g);
  }
  return path;
}

double requested(Writer& writer, double g, double change) {
  writer.write({&g, 1}, {&change, 1}, 0);
  return g;
}

}  // namespace

TEST_CASE("an ideal write adds what is asked, below zero too", "[devices][writes]") {
  const auto writer = make_writer("ideal", {});
  CHECK(requested(*writer, 1e-6, 0.25e-6) == 1e-6 + 0.25e-6);
  CHECK(requested(*writer, 1e-6, -3e-6) == 1e-6 - 3e-6);
}

TEST_CASE("a clamped write adds what is asked between its bounds", "[devices][writes]") {
  const auto writer = make_writer("clamped", {{"gmin", 1e-6}, {"gmax", 50e-6}});
  CHECK(requested(*writer, 10e-6, 0.25e-6) == Approx(10.25e-6).epsilon(rounding));
  CHECK(requested(*writer, 10e-6, 60e-6) == Approx(50e-6).epsilon(rounding));
  CHECK(requested(*writer, 10e-6, -60e-6) == Approx(1e-6).epsilon(rounding));
}

TEST_CASE("constant steps add up to the bound", "[devices][writes]") {
  const auto writer = make_writer("constant_step", plain({{"dw", 0.1}}));
  const auto path = train(*writer, 2.0, 12);
  for (int n = 0; n <= 12; ++n) CHECK(path[static_cast<std::size_t>(n)] == Approx(std::min(2.0 + 0.1 * n, 3.0)).epsilon(rounding));
  CHECK(requested(*writer, 2.0, 0.3) == Approx(2.3).epsilon(rounding));  // three pulses, whatever the rounding
  CHECK(requested(*writer, 2.0, -0.3) == Approx(1.7).epsilon(rounding));
}

TEST_CASE("linear steps approach b/gamma geometrically", "[devices][writes]") {
  const double dw = 0.02, gamma = 0.4;
  const auto writer = make_writer("linear_step", plain({{"dw", dw}, {"gamma_up", gamma}, {"gamma_down", gamma}}));
  const auto up = train(*writer, 2.0, 30), down = train(*writer, 2.0, -30);
  for (int n = 0; n <= 30; ++n) {
    const double w = (1.0 - std::pow(1.0 - gamma * dw, n)) / gamma;  // w' = w + dw (1 - gamma w) from w = 0
    CHECK(up[static_cast<std::size_t>(n)] == Approx(2.0 + w).epsilon(rounding));
    CHECK(down[static_cast<std::size_t>(n)] == Approx(2.0 - w).epsilon(rounding));
  }
}

TEST_CASE("soft bounds are approached geometrically and never passed", "[devices][writes]") {
  const double dw = 0.05, high = 1.25, low = -0.75;
  const auto writer = make_writer("soft_bounds", {{"gmin", 1.0}, {"gmax", 3.0}, {"wmin", low}, {"wmax", high}, {"dw", dw}});
  const auto up = train(*writer, 2.0, 100), down = train(*writer, 2.0, -100);
  for (int n = 0; n <= 100; ++n) {
    const double w0 = 0.25;  // g = 2 is the middle of -0.75 ... 1.25
    CHECK(up[static_cast<std::size_t>(n)] == Approx(3.0 - (high - w0) * std::pow(1.0 - dw / high, n)).epsilon(rounding));
    CHECK(down[static_cast<std::size_t>(n)] == Approx(1.0 + (w0 - low) * std::pow(1.0 + dw / low, n)).epsilon(rounding));
  }
}

TEST_CASE("steps up and down are equal at the symmetry point, and alternating pulses end there", "[devices][writes]") {
  const double dw = 0.01, up_down = 0.3, high = 1.0, low = -0.6;
  const auto writer = make_writer("soft_bounds", {{"gmin", 1.0}, {"gmax", 2.6}, {"wmin", low}, {"wmax", high}, {"dw", dw}, {"up_down", up_down}});
  const double a = dw, d = dw * (1.0 - up_down), point = (a - d) / (a / high - d / low);
  const double g = 1.0 + (point - low);  // g = 1 + w - wmin
  CHECK(writer->mean_step(0, g, true) == Approx(-writer->mean_step(0, g, false)).epsilon(rounding));
  double alternating = 1.2;
  for (std::uint64_t n = 0; n < 2000; ++n) {
    const int one[] = {n % 2 == 0 ? 1 : -1};
    writer->pulse({&alternating, 1}, one, n);
  }
  CHECK(std::abs(alternating - g) < dw);  // one pulse, at most, from the point
}

TEST_CASE("weights counted from the symmetry point have it at zero", "[devices][writes]") {
  const auto writer = make_writer("soft_bounds", plain({{"dw", 0.01}, {"up_down", -0.4}, {"centre", 1.0}}));
  CHECK(writer->mean_step(0, 2.0, true) == Approx(-writer->mean_step(0, 2.0, false)).epsilon(rounding));
  const auto range = writer->range(0);
  CHECK(range[1] - range[0] == Approx(2.0).epsilon(rounding));
}

TEST_CASE("exponential steps follow their recursion", "[devices][writes]") {
  // reram_es without noise and spread: a = b = -0.5, gamma = 5, A_up = -1.18445, A_down = -0.081404, dw = 0.00135, up_down = 0.259359
  const auto writer = make_writer("reram_es", plain({{"d2d", 0}, {"up_down_d2d", 0}, {"wmin_d2d", 0}, {"wmax_d2d", 0}, {"c2c", 0}, {"write_noise", 0}}));
  const auto up = train(*writer, 1.0, 500), down = train(*writer, 3.0, -500);
  double w = -1.0, v = 1.0;
  for (std::size_t n = 1; n <= 500; ++n) {
    w = std::min(w + 0.00135 * (1.0 + 1.18445 * std::exp(5.0 * (-0.5 * w - 0.5))), 1.0);
    v = std::max(v - 0.00135 * (1.0 - 0.259359) * (1.0 + 0.081404 * std::exp(-5.0 * (-0.5 * v - 0.5))), -1.0);
    CHECK(up[n] == Approx(2.0 + w).epsilon(rounding));
    CHECK(down[n] == Approx(2.0 + v).epsilon(rounding));
  }
}

TEST_CASE("power steps follow their recursion, exponent one is a geometric approach", "[devices][writes]") {
  const double dw = 0.04;
  const auto square = make_writer("pow_step", plain({{"dw", dw}, {"gamma_up", 2.0}, {"gamma_down", 1.0}}));
  const auto up = train(*square, 1.0, 50), down = train(*square, 3.0, -50);
  double left = 1.0;
  for (std::size_t n = 1; n <= 50; ++n) {
    left -= dw / 2.0 * left * left;
    CHECK(up[n] == Approx(3.0 - 2.0 * left).epsilon(rounding));
    CHECK(down[n] == Approx(1.0 + 2.0 * std::pow(1.0 - dw / 2.0, static_cast<double>(n))).epsilon(rounding));
  }
}

TEST_CASE("a table of a straight line gives linear steps", "[devices][writes]") {
  const Folder folder;
  const auto file = folder.file("steps.csv", "place,up,down\n0,1.5,0.5\n0.3,1.2,0.8\n1,0.5,1.5\n");  // 1 -+ w/2 over w = 2 place - 1
  const auto table = make_writer("piecewise", plain({{"dw", 0.03}}), 1, {1, "x1"}, {{"file", file}});
  const auto line = make_writer("linear_step", plain({{"dw", 0.03}, {"gamma_up", 0.5}, {"gamma_down", 0.5}}));
  for (const int direction : {40, -40}) {
    const auto a = train(*table, 2.1, direction), b = train(*line, 2.1, direction);
    for (std::size_t n = 0; n < a.size(); ++n) CHECK(a[n] == Approx(b[n]).epsilon(rounding));
  }
  CHECK_THROWS_WITH(make_writer("piecewise", plain()), Catch::Contains("file=TABLE"));
  CHECK_THROWS_WITH(make_writer("piecewise", plain(), 1, {1, "x1"}, {{"file", folder.file("two.csv", "0,1\n1,1\n")}}), Catch::Contains("2 x 2"));
  CHECK_THROWS_WITH(make_writer("piecewise", plain(), 1, {1, "x1"}, {{"file", folder.file("half.csv", "0,1,1\n0.5,1,1\n")}}), Catch::Contains("from 0 to 1"));
}

TEST_CASE("the label of nonlinearity is NeuroSim's", "[devices][writes]") {
  // getParamA of NeuroSim's formula.cpp: label, normalized A, given to six decimals
  for (const auto& [label, a] : {std::pair{0.01, 126.268958}, {0.60, 2.097877}, {1.0, 1.251653}, {2.40, 0.499181}, {4.88, 0.200303}, {9.0, 0.022810}}) {
    INFO(label);
    CHECK(1.0 / neurosim_shape(label) == Approx(a).epsilon(1e-6).margin(1e-6));  // rounded there, from a curve of finitely many points
    CHECK(neurosim_shape(-label) == -neurosim_shape(label));
  }
  CHECK(neurosim_shape(0.0) == 0.0);
}

TEST_CASE("Ag:a-Si follows NeuroSim's curves of potentiation and depression", "[devices][writes]") {
  // NeuroSim: Gmax 3.8462e-8 S, Gmin 3.0769e-9 S, 97 and 100 levels, NL 2.4 and -4.88; A = paramA * levels, B = (Gmax - Gmin) / (1 - exp(-levels / A))
  const double gmin = 3.0769e-9, gmax = 3.8462e-8;
  const auto writer = make_writer("ag_si", {{"c2c", 0.0}});
  const auto curve = [&](double pulses, double levels, double shape) {
    const double a = levels / shape;
    return gmin + (gmax - gmin) / (1.0 - std::exp(-levels / a)) * (1.0 - std::exp(-pulses / a));
  };
  const auto up = train(*writer, gmin, 97), down = train(*writer, gmax, -100);
  for (int n = 0; n <= 97; ++n) CHECK(up[static_cast<std::size_t>(n)] == Approx(curve(n, 97, neurosim_shape(2.4))).epsilon(1e-11));  // 97 roundings
  for (int n = 0; n <= 100; ++n) CHECK(down[static_cast<std::size_t>(n)] == Approx(curve(100 - n, 100, neurosim_shape(-4.88))).epsilon(1e-11));
  CHECK(up.back() == Approx(gmax).epsilon(1e-11));
  CHECK(down.back() == Approx(gmin).epsilon(1e-10));
}

TEST_CASE("no more pulses than allowed, no weight between levels", "[devices][writes]") {
  const auto few = make_writer("constant_step", plain({{"dw", 0.01}, {"pulses", 5}}));
  CHECK(requested(*few, 2.0, 0.5) == Approx(2.05).epsilon(rounding));
  const auto levels = make_writer("clamped", plain({{"levels", 5}, {"rounding", 1}}));  // -1, -0.5, 0, 0.5, 1
  CHECK(requested(*levels, 2.0, 0.3) == Approx(2.5).epsilon(rounding));
  CHECK(requested(*levels, 2.0, 0.2) == Approx(2.0).epsilon(rounding));
  const auto lower = make_writer("clamped", plain({{"levels", 5}, {"rounding", 2}}));
  CHECK(requested(*lower, 2.0, 0.4) == Approx(2.0).epsilon(rounding));
}

TEST_CASE("rounding is to the nearest, downwards or not at all where asked", "[devices][writes]") {
  for (const auto& [rule, expected] : {std::pair{1.0, 2.3}, {2.0, 2.2}, {3.0, 2.26}}) {
    INFO(rule);
    CHECK(requested(*make_writer("constant_step", plain({{"dw", 0.1}, {"rounding", rule}})), 2.0, 0.26) == Approx(expected).epsilon(rounding));
  }
}

TEST_CASE("what an update costs is counted", "[devices][writes]") {
  const auto writer = make_writer("constant_step", plain({{"dw", 0.1}, {"vup", 3}, {"vdown", -2}, {"tup", 1e-6}, {"tdown", 2e-6}, {"energy", 1e-9}}), 3);
  std::vector<double> g{2.0, 2.0, 2.0};
  const WriteTally tally = writer->write(g, std::vector<double>{0.2, -0.1, 0.0}, 0);
  CHECK(tally.up == 2);
  CHECK(tally.down == 1);
  CHECK(tally.energy == Approx(9.0 * (2.0 + 2.1) * 1e-6 + 4.0 * 2.0 * 2e-6 + 3e-9).epsilon(rounding));  // v^2 g t of each
  CHECK(tally.time == Approx(4e-6).epsilon(rounding));
  CHECK(tally.longest == Approx(2e-6).epsilon(rounding));
}

TEST_CASE("a device forgets exponentially, in updates or in time", "[devices][writes]") {
  const auto updates = make_writer("constant_step", plain({{"lifetime", 50}, {"reset", 0.2}}));
  double g = 2.8;
  for (std::uint64_t n = 0; n < 100; ++n) updates->write({&g, 1}, std::vector<double>{0.0}, n);
  CHECK(g == Approx(2.2 + 0.6 * std::pow(1.0 - 1.0 / 50, 100)).epsilon(rounding));
  const auto time = make_writer("constant_step", plain({{"retention", 1e4}, {"reset", 0.2}}));
  g = 2.8;
  for (int n = 0; n < 4; ++n) time->rest({&g, 1}, 2500.0);
  CHECK(g == Approx(2.2 + 0.6 * std::exp(-1.0)).epsilon(rounding));
}

TEST_CASE("drift is a power of the time since the last write", "[devices][writes]") {
  const auto writer = make_writer("constant_step", plain({{"dw", 0.1}, {"drift", 0.05}, {"drift_t0", 20}}));
  std::vector<double> g{2.5};
  writer->start(g);
  for (const double seconds : {80.0, 900.0, 1000.0}) writer->rest(g, seconds);
  CHECK(g[0] == Approx(2.5 * std::pow(2000.0 / 20.0, -0.05)).epsilon(rounding));
  const int one[] = {1};
  writer->pulse(g, one, 0);
  const double fresh = g[0];
  writer->rest(g, 180.0);
  CHECK(g[0] == Approx(fresh * std::pow(200.0 / 20.0, -0.05)).epsilon(rounding));
}

TEST_CASE("values that contradict each other are told", "[devices][writes]") {
  CHECK_THROWS_WITH(make_writer("constant_step", {{"gmin", 2e-6}, {"gmax", 1e-6}}), Catch::Contains("gmax (1e-06 S) must be above gmin (2e-06 S)"));
  CHECK_THROWS_WITH(make_writer("constant_step", {{"wmin", 1}, {"wmax", 1}}), Catch::Contains("wmax"));
  CHECK_THROWS_WITH(make_writer("soft_bounds", {{"wmin", 0.5}, {"wmax", 1}}), Catch::Contains("wmin below 0"));
  CHECK_THROWS_WITH(make_writer("constant_step", {{"levels", 1}}), Catch::Contains("levels=1"));
  CHECK_THROWS_WITH(make_writer("constant_step", {{"lifetime", 0.5}}), Catch::Contains("less than one update"));
}
