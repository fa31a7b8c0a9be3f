// Circuits with two rails against the same circuits with complex voltages, here and in ngspice; mismatch between rails; messages.
#include "circuits/dual_rail.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <regex>

#include "circuits/loaded.hpp"
#include "sim/trace_reader.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/ngspice.hpp"

using namespace settle;
using namespace settle::testing;

namespace {

/// A transient as samples of complex voltages; on two rails v(x) + i v(x_q).
struct Moved {
  std::vector<double> times;
  std::map<std::string, std::vector<Complex>> columns;
};

struct Read {
  Folder folder;
  RunRequest request;
  std::shared_ptr<LoadedDeck> deck;

  Read(const std::string& text, bool two_rails) {
    request.deck = folder.file("deck.cir", text);
    request.trace = folder.file("deck.h5");
    if (two_rails) request.rewriting = dual_rail;
    deck = load(request);
  }
  std::string messages() const { return diagnostics(*deck).render(); }
  TraceReader ran() {
    INFO(messages());
    RunReport report;
    settle::run(*deck, request, report);
    return TraceReader(report.trace);
  }
};

std::string shipped(const std::string& name) { return std::string(SETTLE_SOURCE_DIR "/netlists/dual_rail_") + name + ".cir"; }
std::string replaced(const std::string& text, const std::string& from, const std::string& to) { return std::regex_replace(text, std::regex(from), to); }

Moved moved(const std::string& text, bool two_rails, const std::vector<std::string>& nodes) {
  Read read(text, two_rails);
  const TraceReader trace = read.ran();
  Moved result{trace.axis("tran1"), {}};
  const auto voltages = trace.array("tran1", "v");
  for (const std::string& node : nodes) {
    std::vector<Complex> column;
    for (const auto& z : voltages.column(node)) column.push_back(z);
    if (two_rails) {
      const auto quadrature = voltages.column(node + "_q");
      for (std::size_t k = 0; k < column.size(); ++k) column[k] += Complex(0.0, 1.0) * quadrature[k];
    }
    result.columns[node] = std::move(column);
  }
  return result;
}

struct Difference {
  double scale = 0.0, most = 0.0;
  long points = 0;
  double relative() const { return most / scale; }
};

/// At the times both have: the multiples of the print interval.
Difference difference(const Moved& a, const Moved& b, const std::string& node) {
  Difference d;
  std::size_t j = 0;
  const double close = 1e-11 * a.times.back();
  for (std::size_t k = 0; k < a.times.size(); ++k) {
    d.scale = std::max(d.scale, std::abs(a.columns.at(node)[k]));
    while (j + 1 < b.times.size() && b.times[j] < a.times[k] - close) ++j;
    if (std::abs(b.times[j] - a.times[k]) > close) continue;
    d.most = std::max(d.most, std::abs(a.columns.at(node)[k] - b.columns.at(node)[j]));
    ++d.points;
  }
  return d;
}

Complex between(const Moved& a, const std::string& node, double t) {
  const std::size_t k = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(std::upper_bound(a.times.begin(), a.times.end(), t) - a.times.begin(), 1, static_cast<std::ptrdiff_t>(a.times.size()) - 1));
  const auto& v = a.columns.at(node);
  return v[k - 1] + (v[k] - v[k - 1]) * (t - a.times[k - 1]) / (a.times[k] - a.times[k - 1]);
}

const std::map<std::string, std::vector<std::string>> circuits{{"sigmoid", {"r[1]", "r[3]", "r[4]"}},
                                                               {"tanh", {"r1", "r2", "b"}},
                                                               {"diode", {"a", "b", "out"}},
                                                               {"ekv", {"d1", "d2", "g1", "g2"}},
                                                               {"crossbar", {"r[1]", "r[2]", "u[1]", "u[3]"}}};

Moved ngspice_dual(const std::string& deck, const std::vector<std::string>& nodes) {
  const Scratch scratch;
  const auto flat = scratch / "flat.cir";
  const Outcome outcome = run_command(SETTLE_PROGRAM " export --dual-rail " + settle::testing::quoted(deck) + " -o " + settle::testing::quoted(flat));
  if (outcome.status != 0) throw std::runtime_error("the export failed: " + outcome.err);
  const RawPlot plot = run_ngspice(flat).front();
  Moved result{plot.real("time"), {}};
  for (const std::string& node : nodes) {
    const std::vector<double> re = plot.real("v(" + node + ")"), im = plot.real("v(" + node + "_q)");
    for (std::size_t k = 0; k < re.size(); ++k) result.columns[node].emplace_back(re[k], im[k]);
  }
  return result;
}

const char* const neuron = R"(a neuron
C1 u 0 1
R1 u 0 1
I1 0 u 0.5
B1 r 0 v=tanh(v(u))
)";

}  // namespace

// Both runs err by about the tolerance of the integrator, 1e-8 of the signals per step; a hundred times that is allowed for a whole run.
TEST_CASE("two real rails move as the complex voltages do", "[circuits][dual_rail]") {
  for (const auto& [name, nodes] : circuits) {
    const std::string text = replaced(file_text(shipped(name)), "reltol=1e-6", "reltol=1e-8");
    const Moved complex = moved(text, false, nodes), dual = moved(text, true, nodes);
    for (const std::string& node : nodes) {
      const Difference d = difference(complex, dual, node);
      CAPTURE(name, node, d.scale, d.most, d.points);
      CHECK(d.points >= 200);
      CHECK(d.relative() <= 1e-6);
    }
  }
}

TEST_CASE("ngspice moves the exported rails as the complex voltages move here", "[circuits][dual_rail][ngspice]") {
  if (!have_ngspice()) {
    WARN("SKIPPED: ngspice is not installed, so nothing was compared (apt-get install ngspice)");
    return;
  }
  for (const auto& [name, nodes] : circuits) {
    const Moved complex = moved(replaced(file_text(shipped(name)), "reltol=1e-6", "reltol=1e-8"), false, nodes), dual = ngspice_dual(shipped(name), nodes);
    for (const std::string& node : nodes) {
      double scale = 0.0, most = 0.0, where = 0.0;
      for (const Complex& v : complex.columns.at(node)) scale = std::max(scale, std::abs(v));
      for (std::size_t k = 0; k < dual.times.size(); ++k) {
        const double off = std::abs(dual.columns.at(node)[k] - between(complex, node, dual.times[k]));
        if (off > most) most = off, where = dual.times[k];
      }
      CAPTURE(name, node, scale, most, where, dual.times.size());
      CHECK(dual.times.back() == Approx(complex.times.back()).epsilon(1e-9));
      CHECK(most <= 1e-4 * scale);
    }
  }
}

TEST_CASE("without a teaching signal the second rail is silent", "[circuits][dual_rail]") {
  const Moved dual = moved(std::string(neuron) + ".tran 0.1 5\n.end\n", true, {"u", "r"});
  for (const auto& [node, column] : dual.columns)
    for (const Complex& v : column) REQUIRE(v.imag() == 0.0);
}

TEST_CASE("linear devices of every kind, charges and memory are built twice", "[circuits][dual_rail]") {
  const std::string text = R"(everything linear, a behavioural charge and a memristor
V1 in 0 1
R1 in a 1k
L1 a b 1m
L2 c 0 1m
K1 L1 L2 0.5
R2 b 0 1k
R3 c 0 1k
C1 b 0 1u ic=0
E1 e 0 b 0 2
R4 e f 1k
C2 f 0 1u
G1 0 f c 0 1m
VS f h 0
R5 h 0 1k
F1 0 c VS 0.1
H1 k 0 VS 100
R6 k b 10k
Cq f 0 q={1u*v(f)+0.1u*v(f)^3}
Ym umich f 0 w0=0.5
.model umich umich
.teach v(b)=0.2 signal=rotating beta=0.5m period=20m
.options reltol=1e-8
.tran 0.1m 40m
.end
)";
  const std::string card = replaced(text, "Ym umich f 0 w0=0.5\n.model umich umich", "Yumich m1 f 0 w0=0.5");
  const Moved complex = moved(card, false, {"a", "b", "c", "f"}), dual = moved(card, true, {"a", "b", "c", "f"});
  for (const auto& [node, column] : complex.columns) {
    const Difference d = difference(complex, dual, node);
    CAPTURE(node, d.scale, d.most);
    CHECK(d.relative() <= 1e-6);
  }
}

TEST_CASE("names that are taken get another ending, and that is said", "[circuits][dual_rail]") {
  Read read(std::string(neuron) + "R2 u_q 0 1\nR3 u_q u 1\n.op\n.save v(u)\n.end\n", true);
  CHECK_THAT(read.messages(), Catch::Contains("'u_q' has the name that its twin on the quadrature rail would have") && Catch::Contains("'_q2'"));
  CHECK(netlist(*read.deck).node_where.count("u_q2") == 1);
}

TEST_CASE("what two rails cannot be is refused with the device's name", "[circuits][dual_rail]") {
  const auto messages = [](const std::string& cards) { return Read(std::string(neuron) + cards + "\n.op\n.end\n", true).messages(); };
  CHECK_THAT(messages("B2 x 0 v=abs(v(u))\nR2 x 0 1"), Catch::Contains("'b2' (behavioural_voltage) is not complex-differentiable"));
  CHECK_THAT(messages("M1 r u 0 0 nm\n.model nm nmos(level=1)"), Catch::Contains("'m1' (mosfet1)"));
  CHECK_THAT(messages(".rails gain=0.01 gian=2"), Catch::Contains(".rails has no option 'gian'; did you mean 'gain'?"));
  CHECK_THAT(messages(".rails spread=2"), Catch::Contains("spread=2 is out of range"));
  CHECK_THAT(messages(".teach v(r)=1 beta=0.1 signal=rotating period=50\n.lockin"), Catch::Contains(".lockin is left out"));
  CHECK_THAT(Read(std::string(neuron) + ".rails gain=0.01\n.op\n.end\n", false).messages(), Catch::Contains(".rails has no effect on a circuit with one rail"));
}

TEST_CASE("rails that differ in gain and phase answer in proportion", "[circuits][dual_rail]") {
  const std::string deck = replaced(file_text(shipped("sigmoid")), "reltol=1e-6", "reltol=1e-8");
  const auto last = [&](const std::string& card) {
    const Moved run = moved(replaced(deck, "\\.save", card + "\n.save"), true, {"r[4]"});
    return run.columns.at("r[4]").back();
  };
  const Complex equal = last("*"), one = last(".rails gain=0.01 quadrature=1"), half = last(".rails gain=0.005 quadrature=0.5");
  CHECK(std::abs(one - equal) > 1e-5);
  CHECK(std::abs((one - equal) - 2.0 * (half - equal)) < 0.05 * std::abs(one - equal));  // quadratic in errors of 1 and 2 percent
  CHECK(last(".rails spread=0.01") != equal);
}
