// .program on arrays: targets by crossing, faults, and half-selected neighbours against a transient of the same pulses.
#include <catch2/catch.hpp>

#include <cmath>

#include "tests/circuits/ran.hpp"

using namespace settle;
using settle::testing::Ran;

namespace {

const std::string hp = ".model m hp(ron=100 roff=16k d=10n mu=1e-14 window=0)\n";

std::vector<double> attempts(const Ran& ran, const std::string& column) { return ran.values("/program1", column, "attempt"); }

double fact(const Ran& ran, const std::string& name, std::size_t analysis = 0) {
  for (const Fact& f : ran.report.analyses.at(analysis).stats.facts)
    if (f.name == name) return f.value;
  throw std::runtime_error("no fact " + name);
}

const char* const driven = "V1 r[0] 0 0.1\nV2 r[1] 0 0.1\nR3 c[0] 0 1\nR4 c[1] 0 1\nR5 c[2] 0 1\n";

}  // namespace

TEST_CASE("every crossing of an array gets its own target", "[circuits][program]") {
  const Ran ran(driven + hp + "Ycrossbar xb r[0:1] c[0:2] m x0=0.3\n" +
                ".program xb target={80u+10u*row+5u*col} tolerance=0.02 set=1 reset=-1 width=20m rise=0\n.op\n"
                ".save @xb[0,0][x0] @xb[0,1][x0] @xb[0,2][x0] @xb[1,0][x0] @xb[1,1][x0] @xb[1,2][x0]");
  CHECK(fact(ran, "devices") == 6);
  CHECK(fact(ran, "converged") == 6);
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j) {
      const double x = ran.final("@xb[" + std::to_string(i) + "," + std::to_string(j) + "][x0]", 1), g = 1.0 / (100.0 * x + 16e3 * (1.0 - x));
      CHECK(g == Approx((80.0 + 10.0 * i + 5.0 * j) * 1e-6).epsilon(0.02));
    }
}

TEST_CASE("crossings and patterns of crossings are programmed by name, the others stay", "[circuits][program]") {
  const Ran ran(driven + hp + "Ycrossbar xb r[0:1] c[0:2] m x0=0.3\n" +
                ".program xb[*,1] target=100u tolerance=0.02 set=1 reset=-1 width=20m rise=0\n.program xb[1,2] target=95u tolerance=0.02 set=1 reset=-1 width=20m rise=0\n"
                ".op\n.save @xb[0,0][x0] @xb[0,1][x0] @xb[1,1][x0] @xb[1,2][x0]");
  CHECK(fact(ran, "devices", 0) == 2);
  CHECK(fact(ran, "devices", 1) == 1);
  CHECK(ran.final("@xb[0,0][x0]", 2) == 0.3);
  CHECK(ran.final("@xb[0,1][x0]", 2) == ran.final("@xb[1,1][x0]", 2));
  CHECK(ran.final("@xb[1,2][x0]", 2) > 0.3);
}

TEST_CASE("an array of plain conductances is set at once", "[circuits][program]") {
  const Ran ran(std::string(driven) + "Ycrossbar xb r[0:1] c[0:2] g=10u\n.program xb target={1u*(1+row+2*col)} tolerance=1e-12\n.op\n.save i(xb[1,2])");
  CHECK(fact(ran, "converged") == 6);
  CHECK(fact(ran, "energy") == 0.0);
  CHECK(ran.final("i(xb[1,2])", 1) == Approx(0.1 * 6e-6).epsilon(1e-4));  // 1 Ohm at the column
}

TEST_CASE("faulty crossings are left out and counted", "[circuits][program]") {
  const Ran ran(driven + hp + "Ycrossbar xb r[0:1] c[0:2] m x0=0.3 open=(0,1)\n.program xb target=80u tolerance=0.02 set=1 reset=-1 width=20m rise=0");
  CHECK(fact(ran, "devices") == 5);
  CHECK(fact(ran, "faulty crossings left out") == 1);
}

TEST_CASE("half-selected devices move as in a transient of the same pulse", "[circuits][program]") {
  struct Case {
    const char* scheme;
    const char *row, *column;  // of the unselected lines, as a share of the amplitude
  };
  for (const auto& [scheme, row, column] : {Case{"half", "0.5", "0.5"}, Case{"third", "{1/3}", "{2/3}"}}) {
    INFO(scheme);
    const std::string cells = "Ycrossbar xb r[0:1] c[0:2] m x0={0.3+0.05*row+0.03*col} rrow=100 rcol=150 crow=100p ccol=150p rdrive=50 rsense=20\n.options reltol=1e-8\n" + hp;
    const std::string saved = ".save @xb[0,0][x0] @xb[0,1][x0] @xb[0,2][x0] @xb[1,0][x0] @xb[1,1][x0] @xb[1,2][x0]";
    const Ran programmed(driven + cells + ".program xb[1,0] target=1m pulses=1 passes=1 set=2 reset=-2 width=20m rise=1m scheme=" + scheme + "\n.op\n" + saved);
    const auto source = [](const std::string& name, const std::string& share) {
      return "V" + name + " " + name + " 0 PWL(0 0 1m {2*" + share + "} 21m {2*" + share + "} 22m 0)\n";
    };
    const Ran moved(source("r[0]", row) + source("r[1]", "1") + "Vc0 c[0] 0 0\n" + source("c[1]", column) + source("c[2]", column) + cells +
                    ".tran 1m 22m\n.save xb[0,0]#x xb[0,1]#x xb[0,2]#x xb[1,0]#x xb[1,1]#x xb[1,2]#x");
    for (int i = 0; i < 2; ++i)
      for (int j = 0; j < 3; ++j) {
        const std::string name = "xb[" + std::to_string(i) + "," + std::to_string(j) + "]";
        INFO(name);
        const double start = 0.3 + 0.05 * i + 0.03 * j;
        CHECK(programmed.final("@" + name + "[x0]", 1) - start == Approx(moved.final("x(" + name + ")") - start).epsilon(1e-5).margin(1e-9));
      }
    CHECK(programmed.final("@xb[1,0][x0]", 1) > 0.305);
    CHECK(programmed.final("@xb[1,1][x0]", 1) > 0.38);
  }
}

TEST_CASE("several passes undo what neighbours did", "[circuits][program]") {
  const std::string cells = driven + hp + "Ycrossbar xb r[0:1] c[0:2] m x0=0.3\n";
  const auto program = [&](const std::string& passes) {
    return Ran(cells + ".program xb target=100u tolerance=0.01 set=0.5 reset=-0.5 width=10m rise=0 scheme=half pulses=300 passes=" + passes);
  };
  const Ran once = program("1"), often = program("20");
  CHECK(fact(once, "converged") < 6);
  CHECK(fact(often, "converged") == 6);
  CHECK(fact(often, "worst error") <= 0.01);
}

TEST_CASE("the shipped deck programs what its head comment claims", "[circuits][program]") {
  settle::testing::Folder folder;
  RunRequest request;
  request.deck = SETTLE_SOURCE_DIR "/netlists/program_verify.cir";
  request.trace = folder.file("programmed.h5");
  RunReport report;
  const auto deck = load(request);
  run(*deck, request, report);
  INFO(diagnostics(*deck).render());
  const auto current = [&](std::size_t analysis, std::size_t column) { return report.analyses.at(analysis).columns.at(column).final.real(); };
  for (std::size_t k : {0u, 2u})
    for (const Fact& f : report.analyses.at(k).stats.facts)
      if (f.name == "converged") CHECK(f.value == 16);
  CHECK(current(1, 0) == Approx(12.8e-6).epsilon(0.02));
  CHECK(current(1, 1) == Approx(12.8e-6).epsilon(0.02));
  CHECK(current(3, 0) == Approx(17.6e-6).epsilon(0.02));
  CHECK(current(3, 1) == Approx(8.0e-6).epsilon(0.02));
}
