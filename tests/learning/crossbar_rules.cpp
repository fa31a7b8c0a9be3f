// Rules on a wired crossbar of memristors: the adjoint against the deck itself with one device changed, rules against the adjoint.
#include <cmath>

#include "tests/circuits/ran.hpp"

using namespace settle;
using settle::testing::Folder;

namespace {

/// A passive crossbar whose columns end in diodes: reciprocal, nonlinear, with wires that have resistance and capacitance.
struct Crossbar {
  Folder folder;
  RunReport report;
  explicit Crossbar(const std::string& cards, const std::vector<std::pair<std::string, double>>& set = {}) {
    RunRequest request;
    request.deck = folder.file("deck.cir", "a test\nV[i=0:2] in[i] 0 {0.3+0.2*i}\n.model mem hp(ron=1k roff=100k)\n.model dio d(is=1n)\n"
                                           "Ycrossbar xb in[0:2] out[0:1] mem x0={0.2+0.1*row+0.25*col} rrow=20 rcol=30 crow=1f ccol=1f\nR[i=0:1] out[i] 0 5k\nD[i=0:1] out[i] 0 dio\nC[i=0:1] out[i] 0 1p\n"
                                           ".teach v(out[0])=0.15 v(out[1])=0.05 beta=1u\n" + cards + ".end\n");
    request.trace = folder.file("deck.h5");
    request.set = set;
    const auto deck = load(request);
    INFO(diagnostics(*deck).render());
    run(*deck, request, report);
  }
  double cost() const { return report.analyses.at(0).stats.facts.at(0).value; }
  const std::vector<double>& row(const std::string& title, const std::string& name) const {
    for (const FactTable& t : report.analyses.at(0).stats.tables)
      if (t.title.rfind(title, 0) == 0)
        for (const FactTable::Row& r : t.rows)
          if (r.name == name) return r.values;
    throw std::runtime_error("no row " + name);
  }
};

const std::string rules = ".learn xb rule=ep beta=1u sides=1 name=one\n.learn xb rule=ep beta=1u\n.learn xb rule=hep beta=10u points=8\n.learn xb rule=aep beta=1u\n.learn xb rule=dyadic\n"
                          ".learn xb rule=fp gamma=1u\n.gradient\n";

}  // namespace

TEST_CASE("the adjoint gradient of a wired memristor is the slope of the cost over its state", "[learning][rules]") {
  const Crossbar at(rules);
  constexpr double x = 0.2 + 0.1 + 0.25, h = 1e-3, ron = 1e3, roff = 1e5;  // xb[1,1]
  const auto cost = [&](double by) { return Crossbar(".learn xb rule=exact name=e\n.learn xb rule=ep beta=1u\n.gradient\n", {{"xb[1,1]:x0", x + by}}).cost(); };
  const double slope = (8.0 * (cost(h) - cost(-h)) - (cost(2.0 * h) - cost(-2.0 * h))) / (12.0 * h);
  const double per_state = (roff - ron) / std::pow(ron * x + roff * (1.0 - x), 2);  // dg/dx
  CHECK(at.row("gradient dC/dw", "xb[1,1]")[1] * per_state == Approx(slope).epsilon(1e-7));  // value, exact, ...
}

TEST_CASE("every rule agrees with the adjoint on a wired crossbar of memristors", "[learning][rules]") {
  const Crossbar at(rules);
  const auto error = [&](const char* rule) { return at.row("gradients against", rule)[3]; };
  // beta / g_out with g_out near 0.3 mS: one-sided of that order, centred its square, eight points its eighth power.
  CHECK(error("one") < 1e-2);
  CHECK(error("ep") < 1e-4);
  CHECK(error("hep") < 1e-8);
  CHECK(error("aep") < 1e-4);
  CHECK(error("dyadic") < 1e-9);
  CHECK(error("fp") < 1e-4);
}
