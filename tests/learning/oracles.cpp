// The shipped oracles: rest states, responses and errors of estimates to the digits of independent computations.
#include "circuits/run.hpp"
#include "tests/support/folder.hpp"
#include "sim/trace_reader.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>

namespace settle {
namespace {

using testing::Folder;

/// A shipped deck, with other values of its parameters.
struct Shipped {
  Folder folder;
  RunReport report;
  std::string warnings;

  explicit Shipped(const std::string& name, std::vector<std::pair<std::string, double>> set = {}, const std::vector<std::string>& cards = {}) {
    std::ifstream in(std::string(SETTLE_SOURCE_DIR "/netlists/") + name);
    std::string text, line;
    while (std::getline(in, line)) {
      const bool analysis = line.rfind(".lockin", 0) == 0 || line.rfind(".points", 0) == 0 || line.rfind(".frequency", 0) == 0 || line.rfind(".betamap", 0) == 0 || line.rfind(".tran", 0) == 0;
      if (line == ".end")
        for (const std::string& card : cards) text += card + "\n";
      if (!analysis || cards.empty()) text += line + "\n";
    }
    RunRequest request;
    request.deck = folder.file("deck.cir", text);
    request.trace = folder.file("deck.h5");
    request.set = std::move(set);
    const auto deck = load(request);
    INFO(diagnostics(*deck).render());
    run(*deck, request, report);
    warnings = diagnostics(*deck).render();
  }
  const FactTable::Row& row(const std::string& table, const std::string& name) const {
    for (const AnalysisResult& result : report.analyses)
      for (const FactTable& t : result.stats.tables)
        if (t.title.rfind(table, 0) == 0)
          for (const FactTable::Row& r : t.rows)
            if (r.name.rfind(name, 0) == 0) return r;
    throw std::runtime_error("no row " + name + " in " + table);
  }
  double fact(const std::string& name) const {
    for (const AnalysisResult& result : report.analyses)
      for (const Fact& f : result.stats.facts)
        if (f.name == name) return f.value;
    throw std::runtime_error("no fact " + name);
  }
};

// An independent Newton iteration in double precision gave the four digits below; the last one may be rounded either way.
void check_digits(double value, double expected, int digits) {
  CAPTURE(value, expected);
  CHECK(std::abs(value - expected) <= 0.501 * std::pow(10.0, std::floor(std::log10(std::abs(expected))) + 1 - digits));
}

constexpr const char* errors = "error of the response";

}  // namespace

TEST_CASE("N points on a circle err by the N-th power of beta, to the digits of an independent computation", "[learning][points]") {
  const Shipped o1("oracle_o1.cir", {}, {".points 1 2 3 4 6 8 12"});
  // Errors at beta = 0.1 and 0.05 S by independent Newton iterations on the same four equations.
  const std::vector<std::tuple<std::string, double, double>> expected{{"1 point", 6.340e-2, 3.604e-2}, {"2 points", 1.689e-2, 4.347e-3}, {"3 points", 2.402e-3, 2.978e-4},
                                                                      {"4 points", 7.378e-4, 4.602e-5}, {"6 points", 3.153e-5, 4.928e-7}, {"8 points", 1.661e-6, 6.488e-9}};
  for (const auto& [name, full, half] : expected) {
    INFO(name);
    const auto& values = o1.row(errors, name).values;
    check_digits(values[0], full, 4);
    check_digits(values[1], half, 4);
  }
  for (const int n : {2, 3, 4, 6, 8, 12}) CHECK(std::abs(o1.row(errors, std::to_string(n) + " points").values[2] - n) < 0.05);  // theory: slope N
  check_digits(o1.row(errors, "2 points").values[3], 7.18e-3, 3);  // errors of the mean, likewise independent
  check_digits(o1.row(errors, "4 points").values[3], 2.19e-4, 3);
  check_digits(o1.row(errors, "8 points").values[3], 5.81e-7, 3);
  check_digits(o1.row(errors, "slow cosine").values[0], 1.27e-2, 3);  // 3/4 a3 beta^2 + ...
  check_digits(o1.row(errors, "slow cosine").values[1], 3.27e-3, 3);
  CHECK(std::abs(o1.row(errors, "slow cosine, corrected to 3").values[2] - 4.0) < 0.1);  // the next term is beta^4
}

TEST_CASE("the response at rest is J^-1 g, node by node", "[learning][points]") {
  const Shipped o1("oracle_o1.cir", {}, {".points 12"});
  const double rest[] = {.781406838843, .289211504567, .210544936493, .641247252060};  // independent Newton iteration
  const double q[] = {.004681967294, .545923185409, .659083167069, -.334481256795};    // independent linear solution
  for (int k = 0; k < 4; ++k) {
    const auto& values = o1.row("response", "v(r[" + std::to_string(k + 1)).values;
    check_digits(values[0], rest[k], 12);
    CHECK(values[1] == Approx(q[k]).margin(6e-13));
  }
}

TEST_CASE("a turning nudge measures the linear response exactly whatever its size inside the radius", "[learning][lockin]") {
  for (const double beta : {0.1, 0.3, 0.34}) {
    const Shipped o1("oracle_o1.cir", {{"beta", beta}}, {".lockin periods=1 steps=512"});
    CAPTURE(beta);
    for (int k = 1; k <= 4; ++k) {
      const auto& values = o1.row("response", "v(r[" + std::to_string(k)).values;
      CHECK(std::abs(values[1] - values[0]) < 1e-12);  // the mean is the rest state: no negative powers of beta
      CHECK(std::abs(values[2] - values[5]) < 1e-9);   // D (J - i w C)^-1 c
    }
    CHECK(o1.fact("negative frequencies") < 1e-9);
    CHECK(o1.warnings.empty());
  }
}

TEST_CASE("a measured response errs by the square of the frequency", "[learning][frequency]") {
  const Shipped o1("oracle_o1.cir", {}, {".frequency 10 1000 3 periods=1"});
  const auto& table = o1.report.analyses.front().stats.tables.front();
  check_digits(table.rows[0].values[1], 5.515e-1, 4);  // period 10 s, independent integration
  check_digits(table.rows[1].values[1], 9.153e-3, 4);  // 100 s
  check_digits(table.rows[2].values[1], 9.194e-5, 4);  // 1000 s
  CHECK(std::abs(std::log10(table.rows[1].values[1] / table.rows[2].values[1]) - 2.0) < 0.05);
  const Shipped slow("oracle_o1.cir", {}, {".frequency 125.66370614359172 251.32741228718345 2 periods=1"});  // w = 0.05, 0.025
  const auto& rows = slow.report.analyses.front().stats.tables.front().rows;
  check_digits(rows[0].values[1], 5.81e-3, 3);   // independent
  check_digits(rows[0].values[3], 1.23e-4, 3);   // Richardson over w = 0.05 and 0.1, independent
  check_digits(rows[1].values[3], 7.8e-6, 2);
}

TEST_CASE("the radius of convergence is that of the nearest fold", "[learning][betamap]") {
  const Shipped o1("oracle_o1.cir", {}, {".betamap points=3"});
  CHECK(o1.fact("radius of convergence") == Approx(.351521371).epsilon(2e-9));  // Newton on F = 0, det J = 0, independent
  const Shipped o2("oracle_o2.cir", {}, {".betamap points=3"});
  CHECK(o2.fact("radius of convergence") == Approx(1.4398979591836734).epsilon(1e-8));  // the pole at -1/R, R by hand
}

TEST_CASE("beyond the radius a turning nudge says so", "[learning][lockin]") {
  const Shipped o1("oracle_o1.cir", {{"beta", 0.4}, {"period", 1000.0}}, {".lockin periods=1"});
  CHECK(o1.warnings.find("outside the radius of convergence, 351.5 mS") != std::string::npos);
  CHECK(o1.warnings.find("negative frequencies") != std::string::npos);
}

TEST_CASE("a linear circuit's points err by a geometric series", "[learning][points]") {
  const double R = 1.0 / 1.4398979591836734, r = 0.2;  // resistance of the output, from the conductances by hand
  const Shipped o2("oracle_o2.cir", {}, {".points 2 4 6", ".lockin periods=1"});
  for (const int n : {2, 4, 6}) CHECK(o2.row(errors, std::to_string(n) + " points").values[0] == Approx(std::abs(1.0 / (1.0 - std::pow(-r * R, n)) - 1.0)).epsilon(1e-6));
  check_digits(o2.row("response", "v(5)").values[1], .017383258437, 10);
  double in_phase[] = {.00497580174, .005323860744, .017099822634}, quadrature[] = {-.000891571289, -.001022915422, -.002116073709};  // (J - i w C)^-1 c at w = 0.1 by hand
  for (int k = 0; k < 3; ++k) {
    const FactTable& table = o2.report.analyses[1].stats.tables.front();
    CHECK(table.rows[static_cast<std::size_t>(k)].values[2] == Approx(in_phase[k]).margin(1e-9));
    CHECK(table.rows[static_cast<std::size_t>(k)].values[3] == Approx(quadrature[k]).margin(1e-9));
  }
}

TEST_CASE("the published toy network gives the published gradients", "[learning][points]") {
  const Shipped toy("hep_toy.cir", {}, {".points 1 2 3 4 6 12"});
  const double h[] = {.9704174, .9061064, .9069118, .1054681, .9668205, .8528295, .7429050, .1212290};  // equilibria published with the paper, printed to 1e-7
  const double bias[] = {.0561598, -.0365620, .0619511, -.0269699, -.0257365, .4774743, .1606763, -.1608816};  // dL/db of both layers, likewise
  for (int layer = 1; layer <= 2; ++layer)
    for (int k = 1; k <= 4; ++k) {
      const auto& values = toy.row("response", "v(h" + std::to_string(layer) + "[" + std::to_string(k)).values;
      const std::size_t place = static_cast<std::size_t>(4 * (layer - 1) + k - 1);
      CHECK(values[0] == Approx(h[place]).margin(1e-6));
      CHECK(values[1] == Approx(-bias[place]).margin(2e-6));  // symmetric weights: the response is minus the gradient
      CHECK(values[2] == Approx(values[1]).margin(1e-9));
    }
}

}  // namespace settle
