// What crossings are at the end of an analysis, in files.
#include "sim/matrix_file.hpp"
#include "tests/circuits/ran.hpp"

using namespace settle;
using settle::testing::Folder;
using settle::testing::Ran;

TEST_CASE("conductances and currents of an array are saved as matrices", "[circuits][array]") {
  const Folder folder;
  const std::string g = folder.file("g.npy"), i = folder.file("i.csv");
  const Ran ran("V[i=0:2] in[i] 0 {1+i}\nYcrossbar xb in[0:2] out[0:1] g={1u*(1+row+3*col)} ground=virtual\nR[0:1] out[0:1] 0 1k\n.op\n.save_array xb g=\"" + g + "\" i=\"" + i + "\"");
  const Block<double> conductance = read_matrix(g), current = read_matrix(i);
  REQUIRE((conductance.rows() == 3 && conductance.cols() == 2));
  for (int row = 0; row < 3; ++row)
    for (int column = 0; column < 2; ++column) {
      CHECK(conductance(row, column) == Approx(1e-6 * (1 + row + 3 * column)).epsilon(1e-14));
      CHECK(current(row, column) == Approx(conductance(row, column) * (1 + row)).epsilon(1e-12));
    }
}

TEST_CASE("memristors of an array keep what a pulse wrote, and their conductance says so", "[circuits][array]") {
  const Folder folder;
  const std::string g = folder.file("state.h5") + ":/xb/g", x = folder.file("x.csv"), g0 = folder.file("g0.csv");
  // HP: r = ron x + roff (1 - x)
  const Ran ran("V[i=0:1] in[i] 0 PULSE(0 {0.5+0.5*i} 0 1u 1u 1m)\n.model m hp(ron=100 roff=16k)\nYcrossbar xb in[0:1] out[0:1] m x0={0.1+0.1*row+0.2*col}\nVo[0:1] out[0:1] 0 0\n"
                ".op\n.tran 1u 2m\n.save_array tran xb g=\"" + g + "\" x=\"" + x + "\"\n.save_array op xb g=\"" + g0 + "\"\n.save xb[1,0]#x");
  const Block<double> at_end = read_matrix(g), state = read_matrix(x), before = read_matrix(g0);
  for (int row = 0; row < 2; ++row)
    for (int column = 0; column < 2; ++column) {
      const double start = 0.1 + 0.1 * row + 0.2 * column;
      CHECK(before(row, column) == Approx(1.0 / (100 * start + 16e3 * (1 - start))).epsilon(1e-12));
      CHECK(state(row, column) > start);
      CHECK(at_end(row, column) == Approx(1.0 / (100 * state(row, column) + 16e3 * (1 - state(row, column)))).epsilon(1e-12));
    }
  CHECK(state(1, 0) == Approx(ran.final("x(xb[1,0])", 1)).epsilon(1e-14));
}

TEST_CASE("every step saves its arrays under a name of its own", "[circuits][array]") {
  const Folder folder;
  const Ran ran(".param a=1u\nV1 in 0 1\nYcrossbar xb in out g={a*(1+col)}\nR1 out 0 1k\n.op\n.step param a list 1u 2u\n.save_array xb g=\"" + folder.file("g.csv") + "\"");
  CHECK(read_matrix(folder.file("g_step0001.csv"))(0, 0) == Approx(1e-6));
  CHECK(read_matrix(folder.file("g_step0002.csv"))(0, 0) == Approx(2e-6));
}

TEST_CASE("a drifted cell of an array conducts what the card says", "[circuits][array]") {
  const Ran ran("V1 in 0 1m\nYcrossbar xb in out pcm g=20u age=100\nVo out 0 0\n.op\n.save g(xb[0,0])");
  CHECK(ran.final("g(xb[0,0])") == Approx(20e-6).epsilon(1e-12));
}
