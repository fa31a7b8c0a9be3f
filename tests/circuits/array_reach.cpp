// What the crossings of an array can conduct, and one crossing set by its name.
#include <catch2/catch.hpp>

#include "tests/circuits/ran.hpp"

using namespace settle;
using settle::testing::Ran;

namespace {

/// 0.1 V through one crossing and 50 Ohm to ground: the voltage at the column.
double column(const std::string& kind, const std::string& options) {
  return Ran("V0 a 0 0.1\n.model mm " + kind + "(ron=50 roff=1000)\nYcrossbar xb a o mm " + options + "\nRo o 0 50\n.op").final("v(o)");
}
double divided(double conductance) { return 0.1 * 50.0 / (50.0 + 1.0 / conductance); }

}  // namespace

TEST_CASE("memristors whose state has units of length take conductances and stick at their own ends", "[circuits][array]") {
  for (const char* kind : {"vteam", "team"}) {
    INFO(kind);
    CHECK(column(kind, "g=2m") == Approx(divided(2e-3)).epsilon(1e-9));
    CHECK(column(kind, "x0=1n stuck_on=(0,0)") == Approx(divided(1.0 / 50.0)).epsilon(1e-9));
    CHECK(column(kind, "x0=1n stuck_off=(0,0)") == Approx(divided(1.0 / 1000.0)).epsilon(1e-9));
  }
}

TEST_CASE("one crossing is stepped by its name, the others stay", "[circuits][array]") {
  const Ran ran("V[0:1] in[0:1] 0 1\nYcrossbar xb in[0:1] o[0:1] g=10u\nVo[0:1] o[0:1] 0 0\n.step xb[1,0]:g list 20u 30u\n.op\n.save i(xb[*,*])");
  for (std::size_t step : {0u, 1u}) {
    CHECK(ran.final("i(xb[1,0])", step) == Approx(step == 0 ? 20e-6 : 30e-6).epsilon(1e-12));
    for (const char* other : {"i(xb[0,0])", "i(xb[0,1])", "i(xb[1,1])"}) CHECK(ran.final(other, step) == Approx(10e-6).epsilon(1e-12));
  }
}

TEST_CASE("a device named with two indices is a device", "[circuits][buses]") {
  CHECK(Ran("V0 a 0 1\nR[2,3] a 0 1k\n.op\n.save i(v0)").final("i(v0)") == Approx(-1e-3).epsilon(1e-12));
}
