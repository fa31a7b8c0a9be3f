// Training: the same seed gives the same numbers, a checkpoint continues to the bit, pairs keep their common mode, and what fails says where.
#include <cmath>
#include <filesystem>
#include <sstream>

#include "circuits/export_spice.hpp"
#include "tests/circuits/ran.hpp"

using namespace settle;
using settle::testing::Folder;
using settle::testing::Ran;

namespace {

/// Exclusive or on four sigmoid neurons with differential crossbars of buffered conductances.
std::string xor_deck(const std::string& cards, const std::string& crossbar = "") {
  return ".param tau=10n leak=100u\n.func phi(v) {1/(1+exp(-4*v+2))}\n.func start(i) {leak*sin(17*i+4)}\n.task xor\n.input vx[0:1] scale=2 offset=-1\n.target v(ro) low=0.1 high=0.9\n"
         "Vx[0:1] x[0:1] 0 0\nVone one 0 1\n"
         "Ycrossbar w1 x[0:1]+one u[0:3] " + crossbar + " w={leak*normal(0,1)} gbase={5*leak} coupling=forward ground=virtual\n"
         "Ycrossbar w2 r[0:3] uo " + crossbar + " w={start(row)} gbase={5*leak} coupling=forward ground=virtual\n"
         "Ycrossbar w3 one uo " + crossbar + " w=0 gbase={5*leak} coupling=forward ground=virtual\n"
         "Ycrossbar b2 ro u[0:3] " + crossbar + " w={start(col)} gbase={5*leak} coupling=forward ground=virtual\n"
         "C[i=0:3] u[i] 0 {leak*tau}\nR[i=0:3] u[i] 0 {1/leak}\nCo uo 0 {leak*tau}\nRo uo 0 {1/leak}\nB[i=0:3] r[i] 0 v=phi(v(u[i]))\nBo ro 0 v=phi(v(uo))\n" + cards;
}

const std::string adam = ".learn rule=hep beta={0.1*leak} optimizer=adam rate={0.1*leak}\n";

struct Trained {
  Folder& folder;
  RunReport report;
  Trained(Folder& in, const std::string& text, bool resume = false, std::uint64_t seed = 1, const std::string& name = "deck", int threads = 1) : folder(in) {
    RunRequest request;
    request.deck = in.file(name + ".cir", "a test\n" + text + "\n.end\n");
    request.trace = in.file(name + ".h5");
    request.resume = resume;
    request.seed = seed;
    request.threads = threads;
    const auto deck = load(request);
    INFO(diagnostics(*deck).render());
    run(*deck, request, report);
  }
  std::vector<double> column(const std::string& quantity, const std::string& label) const {
    std::vector<double> real;
    for (const auto& z : TraceReader(report.trace).array("train1", quantity).column(label)) real.push_back(z.real());
    return real;
  }
  double fact(const std::string& name) const {
    for (const Fact& f : report.analyses.at(0).stats.facts)
      if (f.name == name) return f.value;
    throw std::runtime_error("no fact " + name);
  }
};

std::string failure(const std::string& deck) {
  try {
    const Ran ran(deck);
  } catch (const Error& error) {
    return error.what();
  }
  return "no failure";
}

}  // namespace

TEST_CASE("a circuit learns exclusive or from its own equilibria", "[learning][training]") {
  Folder folder;
  const Trained trained(folder, xor_deck(adam + ".train epochs=200 batch=4\n"));
  CHECK(trained.fact("accuracy") == 100.0);
  CHECK(trained.fact("cost") < 0.01);  // outputs within 0.1 V of targets 0.8 V apart
}

TEST_CASE("the same seed trains to the same bits, another one does not", "[learning][training]") {
  Folder folder;
  const std::string deck = xor_deck(adam + ".train epochs=5 weights=on\n");
  const std::vector<double> once = Trained(folder, deck).column("weight", "w1[2,1]"), again = Trained(folder, deck, false, 1, "again").column("weight", "w1[2,1]"),
                            other = Trained(folder, deck, false, 2, "other").column("weight", "w1[2,1]");
  CHECK(once == again);
  CHECK(once != other);
}

TEST_CASE("threads do not change a training", "[learning][training]") {
  Folder folder;
  const std::string deck = ".task linear inputs=3 outputs=2 samples=40\n.input vx[0:2]\n.target v(y[0:1])\nVx[0:2] x[0:2] 0 0\nYcrossbar w x[0:2] u[0:1] w={10u*normal(0,1)} gbase=100u coupling=forward ground=virtual\n"
                           "C[i=0:1] u[i] 0 1p\nR[i=0:1] u[i] 0 10k\nB[i=0:1] y[i] 0 v=tanh(v(u[i]))\n.learn rule=hep beta=1u rate=1n\n.train epochs=3 batch=20 weights=on\n";
  const Trained one(folder, deck, false, 1, "one", 1), three(folder, deck, false, 1, "three", 3);
  for (const char* device : {"w[0,0]", "w[2,3]"}) CHECK(one.column("weight", device) == three.column("weight", device));
  CHECK(one.column("cost", "all samples") == three.column("cost", "all samples"));
}

TEST_CASE("threads do not change a training whose samples go on from each other", "[learning][training]") {
  Folder folder;
  const std::string deck = ".task linear inputs=2 outputs=1 samples=24\n.input vx[0:1]\n.target v(y)\nVx[0:1] x[0:1] 0 0\nYcrossbar w x[0:1] u w={10u*normal(0,1)} gbase=100u coupling=forward ground=virtual\n"
                           "C1 u 0 1p\nR1 u 0 10k\nB1 y 0 v=tanh(v(u))\n.learn rule=chep beta=1u period=400n from=last rate=1n\n.train epochs=2 batch=24 weights=on\n";
  const Trained one(folder, deck, false, 1, "one", 1), three(folder, deck, false, 1, "three", 3);
  CHECK(one.column("weight", "w[1,0]") == three.column("weight", "w[1,0]"));
}

TEST_CASE("of several rest states learning sees the one .ic chooses", "[learning][training]") {
  const auto cost = [](const char* start) {
    const Ran ran(std::string("C1 u 0 1\nR1 u 0 1\nB1 r 0 v=tanh(2*v(u))\nG1 0 u r 0 1\n.teach v(r)=0.5 beta=1m\n.ic v(u)=") + start + "\n.learn g1 rule=ep beta=1m\n.gradient\n");
    return ran.report.analyses.at(0).stats.facts.at(0).value;
  };
  const double r = .95750402407727;  // r = tanh(2 r), by Newton's iteration
  CHECK(cost("1") == Approx(0.5 * std::pow(r - 0.5, 2)).epsilon(1e-12));
  CHECK(cost("-1") == Approx(0.5 * std::pow(-r - 0.5, 2)).epsilon(1e-12));
}

TEST_CASE("a training continues from its checkpoint to the bit", "[learning][training]") {
  Folder folder;
  const auto deck = [&](int epochs, const std::string& file) {
    return xor_deck(adam + ".train epochs=" + std::to_string(epochs) + " batch=2 weights=on checkpoint=\"" + folder.file(file) + "\"\n", "write=pulsed") + ".model pulsed soft_bounds(dw=0.01 c2c=0.3 write_noise=0.1 gmin=1u gmax=1m)\n";
  };
  const Trained whole(folder, deck(8, "a.h5"), false, 1, "whole");
  { const Trained first(folder, deck(3, "b.h5"), false, 1, "first"); }
  const Trained rest(folder, deck(8, "b.h5"), true, 1, "rest");
  for (const char* device : {"w1[0,0]", "w2[3,1]", "b2[0,7]"}) CHECK(whole.column("weight", device) == rest.column("weight", device));
  CHECK(whole.column("cost", "all samples") == rest.column("cost", "all samples"));
  CHECK_FALSE(std::filesystem::exists(folder.file("b.h5.new")));
}

TEST_CASE("a checkpoint of another training is refused", "[learning][training]") {
  Folder folder;
  { const Trained first(folder, xor_deck(adam + ".train epochs=1 checkpoint=\"" + folder.file("c.h5") + "\"\n")); }
  CHECK_THROWS_WITH(Trained(folder, xor_deck(".learn rule=exact rate=1u\n.train epochs=2 checkpoint=\"" + folder.file("c.h5") + "\"\n"), true), Catch::Contains("another training"));
  folder.file("d.h5", "no checkpoint");
  CHECK_THROWS_WITH(Trained(folder, xor_deck(adam + ".train epochs=2 checkpoint=\"" + folder.file("d.h5") + "\"\n"), true), Catch::Contains("d.h5"));
}

TEST_CASE("a differential pair keeps its common mode while it learns", "[learning][training]") {
  Folder folder;
  const Trained trained(folder, xor_deck(".learn rule=exact rate=1n\n.train epochs=20 weights=on\n"));
  const std::vector<double> plus = trained.column("weight", "w2[1,0]"), minus = trained.column("weight", "w2[1,1]");
  for (std::size_t k = 0; k < plus.size(); ++k) CHECK(plus[k] + minus[k] == Approx(1e-3).epsilon(1e-12));  // twice gbase
  CHECK(std::abs(plus.back() - plus.front()) > 1e-9);
}

TEST_CASE("pulsed devices learn within their bounds and count their pulses", "[learning][training]") {
  Folder folder;
  const Trained trained(folder, xor_deck(".learn rule=hep beta={0.1*leak} optimizer=sign rate=20u\n.train epochs=5 weights=on\n.model pulsed soft_bounds(dw=0.01 gmin=1u gmax=1m)\n", "write=pulsed"));
  for (const double g : trained.column("weight", "w1[0,0]")) CHECK((g >= 1e-6 && g <= 1e-3));
  CHECK(trained.column("pulses_up", "all samples").back() > 0.0);
  CHECK(trained.column("write_energy", "all samples").back() >= 0.0);
}

TEST_CASE("trained values run in another deck and can be exported", "[learning][training]") {
  Folder folder;
  const Trained trained(folder, xor_deck(adam + ".train epochs=50 batch=4 save=\"" + folder.file("Trained.csv") + "\"\n.op\n"));
  RunRequest request;
  request.deck = folder.file("run.cir", "a test\n" + xor_deck(".weights file=\"Trained.csv\"\n.op\n") + "\n.end\n");
  request.trace = folder.file("run.h5");
  const auto deck = load(request);
  RunReport report;
  run(*deck, request, report);
  const auto output = [](const AnalysisResult& op) {
    for (const ColumnDigest& c : op.columns)
      if (c.label.name == "v(ro)") return c.final.real();
    return std::nan("");
  };
  // The training leaves the sources at its last sample; the operating point shows the deck's own.
  const Trained same(folder, xor_deck(".weights file=\"Trained.csv\"\n" + adam + ".train epochs=1\n"), false, 1, "same");
  CHECK(std::isfinite(output(report.analyses.at(0))));
  CHECK(same.column("cost", "all samples").front() < 0.1);
  Diagnostics quiet = diagnostics(*deck);
  CHECK(export_ngspice(netlist(*deck), quiet).find("w1") != std::string::npos);
}

TEST_CASE("a training that cannot go on says at which sample, epoch and update", "[learning][training]") {
  const std::string text = failure(xor_deck(".learn rule=chep beta={50*leak} period=1u rate=1n\n.train epochs=5\n"));
  CHECK_THAT(text, Catch::Contains("epoch 1") && Catch::Contains("sample") && Catch::Contains("beta"));
}
