// Memory states in whole runs: operating points hold them, transients move them.
#include <catch2/catch.hpp>

#include "tests/circuits/ran.hpp"

using settle::testing::Ran;

namespace {

// At x = 0.5 the HP memristor's 100 Ohm and 16 kOhm make 8050 Ohm.
const std::string memristor = "V1 a 0 DC 1 AC 1\nYhp m1 a b m\nR1 b 0 8050\n.model m hp(ron=100 roff=16k)\n";

}  // namespace

TEST_CASE("an operating point holds a memory state at its initial value", "[circuits][memory]") {
  const Ran ran(memristor + ".op\n.save v(b) m1#x");
  REQUIRE(ran.final("x(m1)") == 0.5);
  REQUIRE(ran.final("v(b)") == Approx(0.5).epsilon(1e-9));
}

TEST_CASE("a sweep holds a memory state at every point", "[circuits][memory]") {
  const Ran ran(memristor + ".dc v1 -2 2 0.5\n.save v(b) m1#x");
  const std::vector<double> x = ran.values("/dc1", "x", "m1"), v = ran.values("/dc1", "v", "b");
  REQUIRE(x.size() == 9);
  for (std::size_t k = 0; k < x.size(); ++k) {
    REQUIRE(x[k] == 0.5);
    REQUIRE(v[k] == Approx(0.25 * static_cast<double>(k) - 1.0).epsilon(1e-9).margin(1e-12));
  }
}

TEST_CASE("a transient starts from the initial memory, with and without uic, and moves it", "[circuits][memory]") {
  for (const char* uic : {"", " uic"}) {
    const Ran ran(memristor + ".tran 1u 10m" + uic + "\n.save m1#x");
    const std::vector<double> x = ran.values("/tran1", "x", "m1");
    REQUIRE(x.front() == Approx(0.5).epsilon(1e-9));
    REQUIRE(x.back() > 0.50001);
  }
}

TEST_CASE("the initial memory can be stepped", "[circuits][memory]") {
  const Ran ran(memristor + ".step m1 list 0.25 0.75\n.op\n.save x(m1)");
  REQUIRE(ran.final("x(m1)", 0) == 0.25);
  REQUIRE(ran.final("x(m1)", 1) == 0.75);
}
