// What is exported means the same to ngspice, also where ngspice has no such function or device; what cannot be exported is refused by name.
#include <catch2/catch.hpp>

#include "tests/support/folder.hpp"
#include "tests/support/ngspice.hpp"
#include "tests/support/waveforms.hpp"

using namespace settle::testing;

namespace {

Outcome exported(const std::string& deck, const std::string& arguments = "") {
  return run_command(SETTLE_PROGRAM " export '" + deck + "' --to ngspice " + arguments);
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("functions and devices that ngspice lacks are rewritten in what it has", "[circuits][export][ngspice]") {
  if (!have_ngspice()) {
    WARN("SKIPPED: ngspice is not installed, so nothing was compared (apt-get install ngspice)");
    return;
  }
  const std::string deck = SETTLE_SOURCE_DIR "/tests/circuits/export_functions.cir";
  const Folder folder;
  const std::string flat = folder.file("flat.cir");
  const Outcome outcome = exported(deck, "-o '" + flat + "'");
  INFO(outcome.err);
  REQUIRE(outcome.status == 0);
  const RawPlot here = run_settle(deck).at(0), there = run_ngspice(flat).at(0);
  for (const std::string& name : here.names) {
    INFO(name);
    REQUIRE(has_column(there, name));
    const double mine = here.real(name).at(0), other = there.real(name).at(0);
    CHECK(mine == Approx(other).epsilon(1e-5).margin(1e-9));  // constants of physics of different years: 1e-6
  }
  CHECK(here.names.size() == 30);
}

TEST_CASE("the exported names begin with the letter ngspice needs, and stay unique", "[circuits][export]") {
  const Folder folder;
  const Outcome outcome = exported(folder.file("n.cir", R"(names
V1 a 0 1
R.x1.r1 a 0 1k
X1 a s
.subckt s in
R1 in 0 1k
D1 in 0 dd
D2 in 0 dd
.model dd d is=1e-15
.ends
.model dd d is=1e-13
D3 a 0 dd
.op
)"));
  INFO(outcome.out << outcome.err);
  CHECK(outcome.status == 0);
  for (const char* part : {"\nr.r.x1.r1 a 0 1000\n", "\nr.x1.r1 a 0 1000\n", "\nd.x1.d1 a 0 dd\n", "\nd.x1.d2 a 0 dd\n", "\nd3 a 0 dd_2\n",
                           ".model dd d(level=1 is=1e-15)\n", ".model dd_2 d(level=1 is=1e-13)\n"})
    CHECK(has(outcome.out, part));
}

TEST_CASE("what ngspice cannot say is refused with the name of the device", "[circuits][export]") {
  const Folder folder;
  const Outcome random = exported(folder.file("r.cir", "random\nV1 a 0 1\nB1 b 0 v=v(a)*gauss(v(a),0.1,3)\nR1 b 0 1k\n.op\n"));
  INFO(random.err);
  CHECK(random.status == 3);
  CHECK(has(random.err, "r.cir:3:1: error: 'b1'"));
  CHECK(random.out.empty());
  const Outcome sweep = exported(folder.file("s.cir", "sweep\n.param x=1\nV1 a 0 {x}\nR1 a 0 1k\n.dc x 0 1 0.1\n"));
  INFO(sweep.err);
  CHECK(sweep.status == 3);
  CHECK(has(sweep.err, "a sweep of 'x'"));
}
