// Many samples settled together against the same samples one by one: with .nodeset, which chooses among rest states, a circuit is solved sample by sample.
#include <fmt/format.h>

#include <cmath>

#include "learning/activation.hpp"
#include "tests/learning/gradients.hpp"

using namespace settle;
using settle::testing::Gradients;
using settle::testing::Ran;

namespace {

/// Two hidden layers with feedback arrays of their own, on five clusters of eight features.
std::string network(const std::string& more) {
  return ".param leak=100u\n.func phi(v) {1/(1+exp(-4*v+2))}\n.task clusters groups=3 samples=70 inputs=8\nVx[i=0:7] x[i] 0 0\n.input vx[0:7]\n.target v(ry[0:2]) low=0.1 high=0.9\n"
         "Vone one 0 1\n"
         "Ycrossbar f1 x[0:7] a[0:6] w={leak*0.9*cos(3*row+col*col)} gbase={leak} coupling=forward ground=virtual\n"
         "Ycrossbar f2 ra[0:6] b[0:4] w={leak*0.35*cos(2*row-col+0.3)} gbase={leak} coupling=forward ground=virtual\n"
         "Ycrossbar b2 rb[0:4] a[0:6] w={leak*0.25*cos(row+3*col)} gbase={leak} coupling=forward ground=virtual\n"
         "Ycrossbar f3 rb[0:4] y[0:2] w={leak*0.4*cos(row+col)} gbase={leak} coupling=forward ground=virtual\n"
         "Ycrossbar b3 ry[0:2] b[0:4] w={leak*0.3*cos(row-2*col)} gbase={leak} coupling=forward ground=virtual\n"
         "Ycrossbar o one a[0:6]+b[0:4]+y[0:2] w={leak*0.1*cos(col)} gbase={leak} coupling=forward ground=virtual\n"
         "Ca[i=0:6] a[i] 0 1p\nRa[i=0:6] a[i] 0 {1/leak}\nBa[i=0:6] ra[i] 0 v=phi(v(a[i]))\n"
         "Cb[i=0:4] b[i] 0 1p\nRb[i=0:4] b[i] 0 {1/leak}\nBb[i=0:4] rb[i] 0 v=0.5+0.5*tanh(2*v(b[i])-1)\n"
         "Cy[i=0:2] y[i] 0 1p\nRy[i=0:2] y[i] 0 {1/leak}\nBy[i=0:2] ry[i] 0 v=phi(v(y[i]))\n" +
         more;
}

const std::string one_by_one = ".nodeset v(a[0])=0\n";

double cost_of(const Ran& ran) {
  for (const Fact& fact : ran.report.analyses.at(0).stats.facts)
    if (fact.name == "cost") return fact.value;
  throw std::runtime_error("no cost");
}

double distance(const Gradients& a, const Gradients& b, const std::string& rule, const std::string& of_a = "") {
  double difference = 0.0, size = 0.0;
  for (const FactTable::Row& row : a.table("gradient dC/dw").rows) {
    const double x = a.of(row.name, of_a.empty() ? rule : of_a), y = b.of(row.name, rule);
    difference += (x - y) * (x - y), size += y * y;
  }
  return std::sqrt(difference / size);
}

Activation activation(const std::string& text) {
  const ParsedExpression phi = parse_expression(text, NoNames(), ExpressionUse::circuit);
  REQUIRE(phi.problems.empty());
  return Activation(phi.expression);
}

}  // namespace

TEST_CASE("samples settled together teach what they teach one by one", "[learning][crowd]") {
  const std::string rules = ".learn rule=exact homeostasis=2e6 name=kept\n.learn rule=ep beta=10u\n.learn rule=ep beta=10u sides=1 name=ep1\n.learn rule=hep beta=10u points=6\n.learn rule=hep beta=10u points=3 name=hep3\n"
                            ".learn rule=aep beta=10u\n.learn rule=aep beta=10u points=4 error=0.2 name=rough\n.learn rule=dyadic error=0.1\n.gradient samples=70\n";
  const Gradients together(network(rules)), alone(network(one_by_one + rules));
  CHECK(together.fact("cost") == Approx(alone.fact("cost")).epsilon(1e-11));
  CHECK(distance(together, alone, "exact") < 1e-10);
  // States settle to 1e-12 V of about 0.5 V; a nudge of a tenth of the leak makes 1e-11 of that.
  for (const char* rule : {"kept", "ep", "ep1", "hep", "hep3", "aep", "rough", "dyadic"}) {
    CAPTURE(rule);
    CHECK(distance(together, alone, rule) < 1e-9);
  }
  CHECK(together.cosine("ep") < 0.999);  // feedback of its own
  CHECK(together.cosine("aep") > 0.9999);
}

TEST_CASE("a training in single precision ends where one in double does, but for rounding", "[learning][crowd]") {
  const auto end = [](const std::string& options, int threads = 1) {
    return cost_of(Ran(network(".learn rule=ep beta=10u rate=2n\n.train epochs=6 batch=32 " + options + "\n"), threads));
  };
  const double cost = end("");
  CHECK(end("precision=single") == Approx(cost).epsilon(1e-4));  // 4e-7 V over a nudge of .1: 4e-6 of the response, some updates
  CHECK(end("", 2) == cost);
  CHECK(end("precision=single", 2) == end("precision=single"));
}

TEST_CASE("a training together follows a training one by one", "[learning][crowd]") {
  for (const char* rule : {"exact", "hep beta=10u", "aep beta=10u", "dyadic"}) {
    CAPTURE(rule);
    const std::string train = fmt::format(".learn rule={} rate=2n homeostasis=1e5 clip=4k\n.train epochs=4 batch=30\n", rule);
    CHECK(cost_of(Ran(network(train))) == Approx(cost_of(Ran(network(one_by_one + train)))).epsilon(1e-8));
  }
}

TEST_CASE("noise of readings scatters a response by sigma over beta root N", "[learning][crowd]") {
  // Gradients of biases, which see 1 V, are means over samples of lambda: what the noise adds to them is that of lambda over the root of 70.
  constexpr double beta = 1e-5, sigma = 1e-4;
  constexpr int seeds = 30;
  for (const std::string& more : {std::string(), one_by_one}) {
    for (const auto& [points, expected] : {std::pair(0, sigma / (beta * std::sqrt(2.0))), std::pair(1, std::sqrt(2.0) * sigma / beta), std::pair(6, sigma / (beta * std::sqrt(6.0)))}) {
      const std::string rule = points == 0 ? "ep beta=10u" : points == 1 ? "ep beta=10u sides=1" : "hep beta=10u points=6";
      double sum = 0.0, count = 0.0;
      for (int seed = 1; seed <= seeds; ++seed) {
        const Gradients g(network(more + fmt::format(".options seed={2}\n.learn o rule={0} name=quiet\n.learn o rule={0} read_noise={1} name=noisy\n.gradient samples=70\n", rule, sigma, seed)));
        for (const FactTable::Row& row : g.table("gradient dC/dw").rows) {
          const double by = g.of(row.name, "noisy") - g.of(row.name, "quiet");
          sum += by * by, count += 1.0;
        }
      }
      CAPTURE(points, more.empty());
      // Two conductances share a number, so count / 2 are independent: a standard error of 1 / sqrt(count).
      CHECK(std::abs(std::sqrt(sum / count * 70.0) / expected - 1.0) < 4.0 / std::sqrt(count));
    }
  }
}

TEST_CASE("clip= shortens the error signals of samples, each by itself", "[learning][crowd]") {
  const auto moved = [](const std::string& more, const std::string& clip) {
    return cost_of(Ran(network(more + ".learn o rule=exact rate=1n " + clip + "\n.train epochs=1 batch=0\n")));
  };
  CHECK(moved("", "clip=500") == Approx(moved(one_by_one, "clip=500")).epsilon(1e-10));
  // Where all are longer, half the length is half the step.
  const double rest = moved("", "clip=1e-9"), step = moved("", "clip=1") - rest, half = moved("", "clip=0.5") - rest;
  CHECK(half == Approx(0.5 * step).epsilon(1e-3));
  CHECK(moved("", "clip=1e9") == moved("", ""));
}

TEST_CASE("a logistic function is recognized however it is written, and nothing else is", "[learning][crowd]") {
  for (const char* text : {"1/(1+exp(-4*v(u)+2))", "tanh(v(u))", "0.3*tanh(v(u)/0.12-1)+0.1", "2-1/(1+exp(v(u)))", "1/(1+exp(-3*(v(u)-0.2)))*0.9"}) {
    CAPTURE(text);
    CHECK(activation(text).is_logistic());
  }
  for (const char* text : {"v(u)", "v(u)^3", "max(v(u),0)", "atan(v(u))", "v(u)/sqrt(1+v(u)^2)", "tanh(v(u))+0.001*tanh(3*v(u))", "sin(v(u))", "exp(-v(u)^2)"}) {
    CAPTURE(text);
    CHECK_FALSE(activation(text).is_logistic());
  }
}

TEST_CASE("precision=single says which circuits it is for", "[learning][crowd]") {
  CHECK_THROWS_WITH(Ran(network(one_by_one + ".learn rule=ep beta=10u rate=2n\n.train epochs=1 precision=single\n")), Catch::Contains("settle together"));
}
