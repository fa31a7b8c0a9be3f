// What the equations of every registered device kind must hold: derivatives, balances, the promise of its holomorphy.
#include <catch2/catch.hpp>

#include "sim/error.hpp"
#include "tests/devices/typical.hpp"

using namespace settle;
using namespace settle::testing;

TEST_CASE("every kind's Jacobian is its rate's complex step", "[devices][conformance]") {
  for (const std::string& name : kinds()) {
    CAPTURE(name);
    const Bench bench = bench_of(name);
    std::mt19937 random(7);
    for (int trial = 0; trial < 40; ++trial) {
      const Block<double> x = random_point(bench, random, 0.0).real();
      Dense expected = Dense::Zero(bench.size(), bench.size());
      for (Index j = 1; j < bench.size(); ++j) {  // ground is no unknown
        if (real_only(bench)) {
          Block<double> up = x, down = x;
          up(j, 0) += 1e-4;
          down(j, 0) -= 1e-4;
          expected.col(j) = (bench.rate(up) - bench.rate(down)) / 2e-4;
        } else {
          Block<Complex> z = x.cast<Complex>();
          z(j, 0) += Complex(0.0, 1e-30);
          expected.col(j) = bench.rate(z).imag() / 1e-30;
        }
      }
      // Switches are linear in one position: the difference quotient is exact but for rounding.
      Dense J = bench.jacobian(x);
      J.col(0).setZero();
      REQUIRE(row_relative(J, expected) < (real_only(bench) ? 1e-10 : 1e-12));
    }
  }
}

TEST_CASE("the currents of every kind sum to zero over all nodes", "[devices][conformance]") {
  for (const std::string& name : kinds()) {
    CAPTURE(name);
    const Bench bench = bench_of(name);
    std::mt19937 random(11);
    std::vector<Index> nodes;
    for (Index row = 0; row < bench.size(); ++row)
      if (bench.rows()[row].is_node) nodes.push_back(row);
    const Dense mass = bench.mass();
    for (Index column = 0; column < bench.size(); ++column)
      REQUIRE(std::abs(mass(nodes, column).sum()) <= 1e-15 * mass(nodes, column).cwiseAbs().sum());
    for (int trial = 0; trial < 40; ++trial) {
      const Block<double> f = bench.rate(Block<double>(random_point(bench, random, 0.0).real()));
      REQUIRE(std::abs(f(nodes, 0).sum()) <= 1e-14 * f(nodes, 0).cwiseAbs().sum());
    }
  }
}

TEST_CASE("a holomorphic kind obeys Cauchy and Riemann, and its complex Jacobian is the derivative", "[devices][conformance]") {
  for (const std::string& name : kinds()) {
    CAPTURE(name);
    const Bench bench = bench_of(name);
    if (real_only(bench)) continue;
    const Block<double> start = bench.initial();
    std::mt19937 random(13);
    for (int trial = 0; trial < 25; ++trial) {
      const Block<Complex> z = random_point(bench, random, 0.02);
      // Central differences: an error of h^2/6 times the third derivative, (1/0.026 V)^2 relative for junctions: 1e-10/6*1.5e3 = 2.5e-8,
      // and rounding 1e-16/h.
      const double h = 1e-5;
      DenseComplex along = DenseComplex::Zero(bench.size(), bench.size()), across = along;
      for (Index j = 1; j < bench.size(); ++j) {
        const Row& row = bench.rows()[j];
        const double step = h * (row.memory ? std::abs(start(j, 0)) : row.unit == "C" ? 1e-9 : 1.0);
        Block<Complex> east = z, west = z, north = z, south = z;
        east(j, 0) += step, west(j, 0) -= step, north(j, 0) += Complex(0, step), south(j, 0) -= Complex(0, step);
        along.col(j) = (bench.rate(east) - bench.rate(west)) / (2.0 * step);
        across.col(j) = (bench.rate(north) - bench.rate(south)) / Complex(0, 2.0 * step);
      }
      DenseComplex J = bench.jacobian(z);
      J.col(0).setZero();
      // Currents of blocked junctions beside large ones leave rounding of 1e-16/h = 1e-11 of the row's currents.
      REQUIRE(row_relative(along, across) < 1e-6);
      REQUIRE(row_relative(J, along) < 1e-6);
    }
  }
}

TEST_CASE("a kind that is nowhere holomorphic refuses complex voltages and names the device", "[devices][conformance]") {
  int refused = 0;
  for (const std::string& name : kinds()) {
    const Bench bench = bench_of(name);
    if (!real_only(bench)) continue;
    ++refused;
    CAPTURE(name);
    const Block<Complex> z = Block<Complex>::Zero(bench.size(), 1);
    REQUIRE_THROWS_WITH(bench.rate(z), Catch::Contains("'d1'") && Catch::Contains(name));
  }
  REQUIRE(refused >= 2);
}

TEST_CASE("where nothing is limited, the limited linearization is rate and Jacobian", "[devices][conformance]") {
  for (const std::string& name : kinds()) {
    CAPTURE(name);
    const Bench bench = bench_of(name);
    std::mt19937 random(17);
    for (int trial = 0; trial < 20; ++trial) {
      const Block<double> x = random_point(bench, random, 0.0).real();
      std::vector<double> memory(static_cast<std::size_t>(bench.element().memory()) + 1, not_given);
      for (int pass = 0; pass < 2; ++pass) {
        Block<double> f = Block<double>::Zero(bench.size(), 1);
        PlaceRecorder recorder;
        Stamps<double> record(recorder);
        REQUIRE_FALSE(bench.element().add_limited(x, bench.moment(), memory.data(), f, record));
        REQUIRE(row_relative(f, bench.rate(x)) < 1e-12);
        PlaceRecorder plain;
        Stamps<double> record_plain(plain);
        bench.element().add_jacobian(x, bench.moment(), record_plain);
        REQUIRE(recorder.places() == plain.places());
      }
    }
  }
}

TEST_CASE("a limited linearization is the tangent at the limited voltages", "[devices][conformance]") {
  for (const std::string& name : kinds()) {
    CAPTURE(name);
    const Bench bench = bench_of(name);
    if (bench.element().memory() == 0) continue;
    Block<double> low = Block<double>::Zero(bench.size(), 1), high = low;
    for (Index row = 1; row < bench.size(); ++row) high(row, 0) = bench.rows()[row].is_node ? 8.0 * static_cast<double>(row % 3) : 0.0;
    std::vector<double> memory(static_cast<std::size_t>(bench.element().memory()), not_given);
    const auto linearized = [&](const Block<double>& x, std::vector<double> remembered, Dense& J) {
      Block<double> f = Block<double>::Zero(bench.size(), 1);
      J = bench.stamped<double>([&](Stamps<double>& stamps) {
        std::vector<double> copy = remembered;
        f.setZero();
        bench.element().add_limited(x, bench.moment(), copy.data(), f, stamps);
      });
      return f;
    };
    Dense J;
    PlaceRecorder recorder;
    Stamps<double> record(recorder);
    Block<double> ignored = low;
    bench.element().add_limited(low, bench.moment(), memory.data(), ignored, record);
    const Block<double> f = linearized(high, memory, J);
    REQUIRE(f.allFinite());
    // The limited voltages are what an unlimited element would be evaluated at: f there = f + J (u - high).
    bench.element().add_limited(high, bench.moment(), memory.data(), ignored, record);
    Block<double> u = high;
    for (Index row = 1; row <= static_cast<Index>(memory.size()); ++row) u(row, 0) = memory[static_cast<std::size_t>(row) - 1];
    const Block<double> tangent = f + J * (u - high);
    REQUIRE(row_relative(Dense(tangent.transpose()), Dense(bench.rate(u).transpose())) < 1e-9);
  }
}

TEST_CASE("every kind's time slope is the derivative of its rate by time", "[devices][conformance]") {
  for (const std::string& name : kinds()) {
    CAPTURE(name);
    Bench bench = bench_of(name);
    std::mt19937 random(19);
    const Block<double> x = random_point(bench, random, 0.0).real();
    Block<double> slope = Block<double>::Zero(bench.size(), 1);
    bench.element().add_time_slope(x, bench.moment(), slope);
    const double t = bench.moment().t, h = 1e-8;  // sines of 1 kHz: (2 pi 1e3 h)^2 / 6 = 7e-10
    bench.moment().t = t + h;
    const Block<double> later = bench.rate(x);
    bench.moment().t = t - h;
    const Block<double> earlier = bench.rate(x);
    REQUIRE(row_relative(slope, Block<double>((later - earlier) / (2.0 * h))) < 1e-7);
  }
}
