// .covariance and the noise of devices against closed forms: kT/C, equipartition, Ornstein-Uhlenbeck processes, Nyquist's theorem.
#include "tests/circuits/noise_deck.hpp"

using namespace settle;
using namespace settle::testing;

namespace {

constexpr double exact = 1e-12;

/// The rms value at node a of a device across 1 pF.
double held_by(const std::string& device) { return variance(Ran(device + "\nCa a 0 1p\n.print covariance v(a)\n.covariance temp=26.85"), "v(a)"); }

}  // namespace

TEST_CASE("a sampled capacitor holds kT/C whatever the resistance", "[circuits][noise]") {
  for (const char* r : {"1", "1k", "1g"}) {
    const Ran ran(std::string("V1 in 0 1\nR1 in a ") + r + "\nC1 a 0 1p\n.print covariance v(a)\n.covariance temp=26.85");
    CHECK(row(ran, "noise", "v(a)").values[0] == Approx(std::sqrt(kT / 1e-12)).epsilon(exact));
    CHECK(row(ran, "noise", "v(a)").values[0] == Approx(64.36e-6).epsilon(1e-4));  // the usual table, 4 digits
    CHECK(row(ran, "noise", "v(a)").values[1] == Approx(1.0));
    CHECK(fact_of(ran, "variances over kT/C").text.rfind("1 at every node", 0) == 0);
  }
}

TEST_CASE("covariances of Ornstein-Uhlenbeck processes are exact", "[circuits][noise]") {
  struct Case {
    double A[4], S[3];  // S: of a, b, and between
  };
  for (const Case& c : {Case{{1, 1.5, 0, 1}, {2.125, 1.0, -.75}}, Case{{3, 2.5, 2, 4}, {117.0 / 196.0, 20.0 / 49.0, -31.0 / 98.0}}}) {  // exact fractions of A S + S A^T = 2
    const Ran ran(ornstein_uhlenbeck(c.A[0], c.A[1], c.A[2], c.A[3]) + ".print covariance v(a) v(b) v(a,b)\n.covariance");
    CHECK(variance(ran, "v(a)") == Approx(c.S[0]).epsilon(exact));
    CHECK(variance(ran, "v(b)") == Approx(c.S[1]).epsilon(exact));
    CHECK(variance(ran, "v(a,b)") == Approx(c.S[0] + c.S[1] - 2.0 * c.S[2]).epsilon(exact));
    CHECK(row(ran, "correlations", "v(a)").values[1] == Approx(c.S[2] / std::sqrt(c.S[0] * c.S[1])).epsilon(exact));
    CHECK(ran.values("covariance1", "covariance", "v(b)")[0] == Approx(c.S[2]).epsilon(exact));
    CHECK(ran.values("covariance1", "rms", "rms")[1] == Approx(std::sqrt(c.S[1])).epsilon(exact));
  }
}

TEST_CASE("thermal noise of a reciprocal network is kT over its capacitances, injected noise is T over its conductances", "[circuits][noise]") {
  const Ran ran(std::string(reciprocal_net) + ".print covariance v(n3) v(n4) v(n5)\n.covariance temp=26.85\n.covariance thermal=off inject=1\n.covariance thermal=off inject=3");
  const double C[] = {1.0, 2.0, 1.5}, inverse[] = {.427326199418893, .364963503649635, .694493657430374};  // diagonal of (-J)^-1 in exact fractions
  const char* const node[] = {"v(n3)", "v(n4)", "v(n5)"};
  for (int k = 0; k < 3; ++k) {
    CHECK(variance(ran, node[k], 0) == Approx(kT / C[k]).epsilon(exact));
    CHECK(variance(ran, node[k], 1) == Approx(inverse[k]).epsilon(exact));
    CHECK(variance(ran, node[k], 2) == Approx(3.0 * inverse[k]).epsilon(exact));
    for (int j = 0; j < k; ++j) CHECK(std::abs(row(ran, "correlations", node[k], 0).values[static_cast<std::size_t>(j)]) <= exact);
  }
  CHECK(row(ran, "correlations", "v(n3)", 1).values[1] == Approx(.145985401459854 / std::sqrt(inverse[0] * inverse[1])).epsilon(exact));
}

TEST_CASE("a network that is not reciprocal breaks equipartition", "[circuits][noise]") {
  const std::string net = "V1 n1 0 1\nV2 n2 0 -0.5\nR13 n1 n3 1\nR23 n2 n3 {1/.5}\nR14 n1 n4 {1/.7}\nR24 n2 n4 {1/1.2}\nR50 n5 0 {1/.4}\nC3 n3 0 1\nC4 n4 0 2\nC5 n5 0 1.5\n"
                          "R34 n3 n4 {1/.95}\nR35 n3 n5 {1/.45}\nR45 n4 n5 {1/1.2}\nG34 0 n3 n3 n4 .15\nG43 0 n4 n3 n4 .15\nG35 0 n3 n5 n3 .15\nG53 0 n5 n5 n3 .15\nG45 0 n4 n4 n5 .3\nG54 0 n5 n4 n5 .3\n";
  const Ran ran(net + ".print covariance v(n3) v(n4) v(n5)\n.covariance temp=26.85");
  CHECK(variance(ran, "v(n3)") == Approx(kT * .99938450214379).epsilon(exact));   // the Lyapunov equation in exact fractions
  CHECK(variance(ran, "v(n4)") == Approx(kT * .519605600260812).epsilon(exact));
  CHECK(variance(ran, "v(n5)") == Approx(kT * .619454262256679).epsilon(exact));
  CHECK(fact_of(ran, "variances over kT/C").text.find("no thermal equilibrium") != std::string::npos);
}

TEST_CASE("every passive device in equilibrium leaves kT/C on a capacitor", "[circuits][noise]") {
  // Nyquist's theorem, whatever a device is made of, as long as nothing biases it.
  for (const char* device : {"R1 a 0 3k", "Yconductance y1 a 0 g=2u", "D1 a 0 dd\n.model dd d is=1e-9 n=1.3", "Yhp h1 a 0 x0=0.3", "Yecram e1 a 0 0 x0=0.4", "S1 a 0 0 0 s\n.model s sw ron=10 roff=1k vt=1",
                             "V1 g 0 1\nM1 a g 0 0 n w=10u l=1u\n.model n nmos level=1 vto=0.5 kp=50u is=1e-30", "V1 g 0 1\nM1 a g 0 0 n w=10u l=1u\n.model n nmos level=44 vto=0.5 kp=50u",
                             "V1 g 0 0.2\nM1 a g 0 0 n w=10u l=1u\n.model n nmos level=44 vto=0.5 kp=50u"}) {
    INFO(device);
    // gmin, 1 pS across junctions, is no device and has no noise: of these conductances of 0.2 uS and more it takes 5e-6.
    CHECK(held_by(device) == Approx(kT / 1e-12).epsilon(1e-5));
  }
}

TEST_CASE("noise of a biased junction is shot noise, of a saturated channel 8/3 kT gm", "[circuits][noise]") {
  // Forward current 1 mA: <v^2> = 2 q I / (2 * 2 g C) with g = I/(n Vt) once I is far above is: n kT / 2C.
  CHECK(held_by("I1 0 a 1m\nD1 a 0 dd\n.model dd d is=1e-14 n=1.5") == Approx(1.5 * kT / 2e-12).epsilon(1e-6));  // is/I = 1e-11, gmin/g = 4e-11, gmin v/I = 1e-9
  // A stage that is loaded by a noiseless 1 k: <v^2> = 4 kT (2/3 gm) R / 4C, gm = kp w/l (1.2 - 0.7).
  const double gm = 50e-6 * 10.0 * 0.5;
  CHECK(held_by("V1 g 0 1.2\nV2 d 0 3\nR1 d a 1k noise=0\nM1 a g 0 0 n w=10u l=1u\n.model n nmos level=1 vto=0.7 kp=50u\n.options tnom=26.85") == Approx(kT * (2.0 / 3.0) * gm * 1e3 / 1e-12).epsilon(1e-6));
}

TEST_CASE("cells and wires of crossbars are noisy as resistors are", "[circuits][noise]") {
  // Rows driven, columns with 1 pF: a column's cells are conductances to driven nodes.
  const Ran ideal("V[i=1:3] r[i] 0 0.1\nCc[j=1:2] c[j] 0 1p\nYcrossbar xb r[1:3] c[1:2] g=10u\n.print covariance v(c[1]) v(c[2])\n.covariance temp=26.85");
  CHECK(variance(ideal, "v(c[1])") == Approx(kT / 1e-12).epsilon(exact));
  CHECK(std::abs(row(ideal, "correlations", "v(c[1])").values[1]) <= exact);
  CHECK(row(ideal, "shares", "xb[0,0]").values[0] == Approx(1.0 / 3.0).epsilon(exact));
  // One crossing into a virtual ground: 4 k T G arrives at the output with the current G v, whatever lies in series, and 1 k noiseless with 1 pF make kT G R/C of it.
  for (const char* wires : {"", " rcol=10k", " rrow=20k rdrive=5k", " rcol=10k rrow=20k rsense=3k"}) {
    INFO(wires);
    const Ran ran(std::string("V1 in 0 1\nR1 out 0 1k noise=0\nC1 out 0 1p\nYcrossbar xv in out g=10u ground=virtual") + wires + "\n.print covariance v(out)\n.covariance temp=26.85");
    const double gain = std::abs(row(ran, "noise", "v(out)").values[1]);
    CHECK(variance(ran, "v(out)") == Approx(kT * gain / 1e-12).epsilon(1e-9));
  }
}

TEST_CASE("what has no finite variance is refused with its name", "[circuits][noise]") {
  const char* const chain = "V1 in 0 1\nR1 in m 1k\nR2 m a 1k\nC1 a 0 1p\n";
  const std::string massless = refusal_of(std::string(chain) + ".covariance");
  CHECK(massless.find("'v(m)' has an infinite variance: node 'm' has no capacitance") != std::string::npos);
  CHECK(variance(Ran(std::string(chain) + ".print covariance v(a)\n.covariance temp=26.85"), "v(a)") == Approx(kT / 1e-12).epsilon(exact));
  CHECK(refusal_of(std::string(chain) + ".print covariance i(C1)\n.covariance").find("follows the slopes of voltages") != std::string::npos);
  CHECK(refusal_of("R1 a 0 1k\nC1 a 0 1p\nG1 0 a a 0 2m\n.covariance").find("a mode grows with a time constant of 1 ns, most of it at node 'a'") != std::string::npos);
  CHECK(refusal_of("L1 a 0 1u\nC1 a 0 1p\nYnoise n1 a 0 density=1p\n.covariance").find("neither grows nor decays") != std::string::npos);
  CHECK(refusal_of("R1 a 0 1k noise=0\nC1 a 0 1p\n.covariance").find("finds no noise in this circuit") != std::string::npos);
}

TEST_CASE("shares of the variance go by conductance and temperature", "[circuits][noise]") {
  // 4 k T_j g_j: 1 mS at 300 K, 3 mS at 600 K: shares 1/7 and 6/7 of kT/C 7/4.
  const Ran ran("R1 a 0 1k\nR2 a 0 {1k/3} temp={600-273.15}\nC1 a 0 1p\n.covariance temp=26.85");
  CHECK(variance(ran, "v(a)") == Approx(1.75 * kT / 1e-12).epsilon(exact));
  CHECK(row(ran, "shares", "r1").values[0] == Approx(1.0 / 7.0).epsilon(exact));
  CHECK(row(ran, "shares", "r2").values[0] == Approx(6.0 / 7.0).epsilon(exact));
  CHECK(row(ran, "noise", "v(a)").note == "by r2 86 %, r1 14 %");
}

TEST_CASE("spectral densities are those of an RC low pass, and integrate to kT/C", "[circuits][noise]") {
  const Ran ran("V1 in 0 AC 1\nR1 in a 1k temp=26.85\nC1 a 0 1p\n.noise v(a) V1 dec 20 1 1e14");
  const std::vector<double> f = ran.axis("noise1"), density = ran.values("noise1", "onoise_spectrum", "output"), input = ran.values("noise1", "inoise_spectrum", "input");
  const double corner = 1.0 / (2.0 * std::acos(-1.0) * 1e-9);
  for (std::size_t k = 0; k < f.size(); ++k) {
    CHECK(density[k] == Approx(std::sqrt(4.0 * kT * 1e3 / (1.0 + f[k] * f[k] / (corner * corner)))).epsilon(1e-12));
    CHECK(input[k] == Approx(std::sqrt(4.0 * kT * 1e3)).epsilon(1e-10));  // the gain's square falls to 1e-12
  }
  // Power laws between 20 points a decade: where the slope bends the error of a piece is (ln 10/20)^2/12 of its curvature, at most 1/2.
  CHECK(fact_of(ran, "onoise_total").value == Approx(std::sqrt(kT / 1e-12)).epsilon(5e-4));
}
