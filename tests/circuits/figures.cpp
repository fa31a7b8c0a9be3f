// Figures and claims: taken from results of every kind, over seeds and steps, in the report, the document and the trace.
#include "circuits/figures.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "circuits/figure_source.hpp"
#include "circuits/figure_table.hpp"
#include "circuits/figure_text.hpp"
#include "circuits/figure_trace.hpp"
#include "circuits/report.hpp"
#include "tests/circuits/ran.hpp"
#include "tests/support/python.hpp"

using namespace settle;
using settle::testing::Ran;

namespace {

/// A divider: v(out) = vin / 2 whatever the seed, and v(noisy) that the seed moves.
const std::string divider = R"deck(.param vin=3 rise=2
V1 in 0 {vin}
R1 in out 1k
R2 out 0 1k
V2 noisy 0 {vin + normal(0, 0.1)}
R3 noisy 0 1k
.op
)deck";

const Figure& figure(const Ran& ran, const std::string& name) {
  const Figure* found = ran.report.figures.find(name);
  REQUIRE(found);
  return *found;
}

std::vector<FigureRow> rows(const Ran& ran, const std::string& name) { return ran.report.figures.rows(figure(ran, name)); }
double mean(const Ran& ran, const std::string& name) { return rows(ran, name).at(0).mean; }

bool has(const std::string& text, const std::string& part) {
  UNSCOPED_INFO(text);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("figures are taken from facts, tables, measures and last values, and from each other", "[figures]") {
  const Ran ran(R"deck(C1 a 0 1n
R1 a 0 {1/100u}
I1 0 a 50u
C2 b 0 1n
R2 b 0 {1/100u}
G1 0 b a 0 20u
.stability
.op
.tran 1u 100u uic
.measure tran top max v(a)
.figure slow of="stability1: Slowest time constant" unit=us
.figure states of="stability1: states"
.figure end of="tran1: v(a)"
.figure top of="tran1: top" unit=mV
.figure rest of="op1: v(a)" text="rest voltage" published="0.5, by hand"
.figure gap of={100*abs(end-rest)/rest} unit=%
.claim "the circuit comes to rest" {gap < 1 && states == 2}
.claim "it overshoots" {top > 600}
.claim "nobody knows" {log(rest - 1) > 0}
)deck");
  CHECK(mean(ran, "slow") == Approx(10.0));  // us: 1 nF * 10 kOhm
  CHECK(figure(ran, "slow").unit == "us");
  CHECK(mean(ran, "states") == 2.0);
  CHECK(mean(ran, "rest") == Approx(0.5));
  CHECK(figure(ran, "rest").unit == "V");
  CHECK(mean(ran, "top") == Approx(500.0).epsilon(1e-2));
  CHECK(mean(ran, "gap") < 1.0);
  const auto& claims = ran.report.figures.claims;
  CHECK(claims.at(0).verdict == Verdict::holds);
  CHECK(claims.at(1).verdict == Verdict::fails);
  CHECK(has(claims.at(1).why, "top = "));
  CHECK(claims.at(2).verdict == Verdict::undecided);
  CHECK(has(claims.at(2).why, "log"));
  const std::string text = text_report(ran.report, {false, 90});
  for (const char* shown : {"rest voltage", "published 0.5, by hand", "holds: the circuit comes to rest", "does not hold: it overshoots (top = ", "cannot be decided: nobody knows: "}) CHECK(has(text, shown));
}

TEST_CASE("an entry of a table is named by its row and column, and by its table where that is not enough", "[figures]") {
  AnalysisResult result;
  result.name = "gradient1";
  result.finished = true;
  result.stats.facts = {{"ep: angle", 3.0, "deg"}, {"verdict", 0.0, "", "symmetric"}, {"  at beta", 7.0, "1"}};
  result.stats.tables = {{"against the exact one", "rule", {{"cosine"}, {"angle", "deg"}}, {{"ep", {0.5, 60.0}}, {"aep", {1.0, std::nan("")}}}},
                         {"by layer", "rule", {{"cosine"}, {"norm", "V"}}, {{"ep", {0.25, 2.0}}}}};
  CHECK(find_number(result, "ep / angle").value == 60.0);
  CHECK(find_number(result, "ep / angle").unit == "deg");
  CHECK(find_number(result, "EP / Norm").value == 2.0);
  CHECK(find_number(result, "by layer / ep / cosine").value == 0.25);
  CHECK(find_number(result, "ep: angle").value == 3.0);
  CHECK(find_number(result, "at beta").unit.empty());
  CHECK(has(find_number(result, "ep / cosine").failure, "against the exact one / ep / cosine"));
  CHECK(has(find_number(result, "aep / angle").failure, "is empty"));
  CHECK(has(find_number(result, "verdict").failure, "symmetric"));
  const std::string unknown = find_number(result, "accuracy").failure;
  for (const char* there : {"'ep: angle'", "'by layer'", "rows ep, aep", "columns cosine, norm"}) CHECK(has(unknown, there));
}

TEST_CASE("a unit may be that of the result, with another prefix, or per cent", "[figures]") {
  CHECK(conversion("", "%") == 100.0);
  CHECK(conversion("s", "ns") == 1e9);
  CHECK(conversion("ms", "s") == 1e-3);
  CHECK(conversion("%", "%") == 1.0);
  CHECK(conversion("V", "") == 1.0);
  CHECK(!conversion("V", "A"));
}

TEST_CASE("over seeds a figure is a mean with a sample's standard deviation", "[figures]") {
  const Ran ran(divider + R"deck(.step seed 1 4 1
.figure noisy of="op1: v(noisy)"
.figure out of="op1: v(out)"
.figure above of={noisy - 2*out}
.figure third of="op1: v(noisy)" at="seed=3"
)deck");
  const std::vector<double> values = figure(ran, "noisy").values;
  REQUIRE(values.size() == 4);
  double sum = 0.0, square = 0.0;
  for (const double v : values) sum += v;
  for (const double v : values) square += (v - sum / 4.0) * (v - sum / 4.0);
  const FigureRow row = rows(ran, "noisy").at(0);
  CHECK(rows(ran, "noisy").size() == 1);
  CHECK(row.mean == Approx(sum / 4.0).epsilon(1e-12));
  CHECK(row.deviation == Approx(std::sqrt(square / 3.0)).epsilon(1e-12));
  CHECK(row.deviation > 0.0);
  CHECK(row.seeds == 4);
  CHECK(rows(ran, "out").at(0).deviation == Approx(0.0).margin(1e-12));
  CHECK(rows(ran, "above").at(0).deviation == Approx(row.deviation));  // seed by seed
  CHECK(rows(ran, "third").at(0).seeds == 1);
  CHECK(mean(ran, "third") == values[2]);
}

TEST_CASE("other steps are lines of a figure unless at= picks one, and a claim must hold on every line", "[figures]") {
  const std::string text = divider + R"deck(.step vin list 1 2 4
.step seed 1 2 1
.figure out of="op1: v(out)" text="half"
.figure noisy of="op1: v(noisy)"
.figure least of="op1: v(out)" at="vin=1"
.figure most of="op1: v(out)" at="vin={2*rise}"
.figure ratio of={out/least}
.figure off of={noisy-vin}
.figure growth of={most/least}
.claim "the output is positive" {out > 0}
.claim "the output is above one" {out >= 1}
.claim "four times the input is four times the output" {abs(growth-4) < 1e-6}
)deck";
  const Ran ran(text);
  REQUIRE(rows(ran, "out").size() == 3);
  for (std::size_t k = 0; k < 3; ++k) {
    CHECK(rows(ran, "out")[k].at == std::vector<double>{std::vector<double>{1, 2, 4}[k]});
    CHECK(rows(ran, "out")[k].mean == Approx(std::vector<double>{0.5, 1, 2}[k]));
    CHECK(rows(ran, "ratio")[k].mean == Approx(std::vector<double>{1, 2, 4}[k]));
    CHECK(rows(ran, "noisy")[k].seeds == 2);
    CHECK(std::abs(rows(ran, "off")[k].mean) < 0.4);  // 4 deviations of one draw
  }
  CHECK(rows(ran, "least").size() == 1);
  CHECK(mean(ran, "growth") == Approx(4.0));
  const auto& claims = ran.report.figures.claims;
  CHECK(claims.at(0).verdict == Verdict::holds);
  CHECK(claims.at(1).verdict == Verdict::fails);
  CHECK(has(claims.at(1).why, "at vin=1: out = 0.5"));
  CHECK(claims.at(2).verdict == Verdict::holds);

  SECTION("the same whatever the threads") {
    const Ran two(text, 2);
    CHECK(figure(two, "noisy").values == figure(ran, "noisy").values);
  }
  SECTION("the trace keeps all of it") {
    const FigureReport kept = read_figures(TraceReader(ran.report.trace));
    CHECK(kept.parameters == ran.report.figures.parameters);
    CHECK(kept.steps == ran.report.figures.steps);
    REQUIRE(kept.figures.size() == ran.report.figures.figures.size());
    for (std::size_t k = 0; k < kept.figures.size(); ++k) {
      const Figure &now = kept.figures[k], &then = ran.report.figures.figures[k];
      CHECK(std::tie(now.name, now.text, now.unit, now.published, now.of, now.at, now.over, now.values) ==
            std::tie(then.name, then.text, then.unit, then.published, then.of, then.at, then.over, then.values));
    }
    REQUIRE(kept.claims.size() == 3);
    CHECK(kept.claims[1].verdict == Verdict::fails);
    CHECK(kept.claims[1].why == claims[1].why);
    CHECK(kept.claims[1].expression == "out >= 1");
  }
  SECTION("the page has a line for every step") {
    const std::string page = figure_page({{ran.report.trace, ran.report.trace}, "Twice"});
    for (const char* line : {"# Twice\n", "## a test\n", "[deck.cir](deck.cir): 2 seeds (1, 2)", "- **holds**: the output is positive\n", "- **does not hold**: the output is above one: at vin=1: out = 0.5\n",
                             "| `vin` | half [V] | op1: v(noisy) [V] |", "| 1 | 0.5 ± 0 |", "| [a test](deck.cir) | 2 of 3 | 2 |", "| op1: v(out) | 2 ± 0 |  | V |"})
      CHECK(has(page, line));
  }
  SECTION("Python reads them by name, and its reader of signals leaves them alone") {
    if (!testing::have_python("h5py")) return;
    CHECK(testing::run_python("import h5py, sys\nf = h5py.File(sys.argv[1])['figures']\nk = list(f['figure'].asstr()).index('growth')\n"
                              "print(round(f['mean'][k, 0], 9), f.attrs['unit out'], f['stepped'][2].tolist(), f['verdict'][:].tolist())", ran.report.trace) ==
          "4.0 b'V' [4.0, 1.0] [1, 2, 1]\n");
    CHECK_FALSE(has(testing::run_python("import subprocess, sys\nsubprocess.run([sys.executable] + sys.argv[1:], check=True)", SETTLE_SOURCE_DIR "/docs/read_trace.py " + ran.report.trace), "figures"));
  }
  SECTION("programs get the same") {
    const auto document = nlohmann::json::parse(json_report(ran.report, diagnostics(*ran.deck)));
    CHECK(document["figures"][0]["lines"][1]["at"]["vin"] == 2.0);
    CHECK(document["figures"][0]["lines"][1]["mean"].get<double>() == Approx(1.0));
    CHECK(document["figures"][0]["values"].size() == 6);
    CHECK(document["claims"][1]["verdict"] == "does not hold");
  }
}

TEST_CASE("a figure without a value says why, and so does what needs it", "[figures]") {
  const Ran ran(divider + R"deck(.figure wrong of="op1: v(output)"
.figure other of="op1: v(out)" unit=A
.figure after of={2*wrong}
.claim "it is large" {after > 1}
)deck");
  CHECK(has(figure(ran, "wrong").failure, "op1 has no 'v(output)'; it has "));
  CHECK(has(figure(ran, "wrong").failure, "'v(out)'"));
  CHECK(has(figure(ran, "other").failure, "cannot be shown in A"));
  CHECK(has(figure(ran, "after").failure, "it needs 'wrong'"));
  CHECK(ran.report.figures.claims.at(0).verdict == Verdict::undecided);
  CHECK(has(text_report(ran.report, {false, 90}), "wrong: no value: op1 has no"));
  CHECK(has(figure_page({{ran.report.trace}, ""}), "| no value |"));
}

TEST_CASE("an interrupted run keeps the figures it has and says so", "[figures]") {
  testing::Folder folder;
  RunRequest request;
  request.deck = folder.file("deck.cir", "stopped\n" + divider + R"deck(.tran 1u 1m
.step seed 1 3 1
.figure out of="op1: v(out)"
.figure last of="tran1: v(out)"
.figure twice of={2*out}
.claim "it ran" {last > 0}
.end
)deck");
  request.trace = folder.file("deck.h5");
  bool enough = false;
  request.progress = [&](double, const std::string& analysis) { enough = analysis == "op1"; };
  request.interrupted = [&] { return enough; };
  const auto deck = load(request);
  RunReport report;
  CHECK_THROWS_AS(run(*deck, request, report), Error);
  const FigureReport kept = read_figures(TraceReader(request.trace));
  REQUIRE(kept.figures.size() == 3);
  CHECK(kept.missing(kept.figures[0]) == "values are missing, the first at seed=2: op1 was not run");
  CHECK(has(kept.missing(kept.figures[2]), "it needs 'out'"));
  CHECK(kept.row(kept.figures[0], 0).seeds == 1);
  CHECK(kept.row(kept.figures[1], 0).seeds == 0);
  CHECK(has(kept.figures[1].failure, "did not finish"));
  CHECK(kept.claims.at(0).verdict == Verdict::undecided);
  const std::string page = figure_page({{request.trace}, ""});
  CHECK(has(page, "did not finish (interrupted"));
  CHECK(has(page, "(1 of 3 seeds)"));
}

TEST_CASE("many figures at few steps have a line each, few figures a line per step", "[figures]") {
  FigureReport report;
  report.parameters = {"angle"};
  report.steps = {{0.0}, {90.0}};
  const auto add = [&](const std::string& name) { report.figures.push_back({name, "text of " + name, "%", "1, ref", "", "", {0}, {1.5, 2.5}, ""}); };
  for (const char* name : {"a", "b", "c", "d"}) add(name);
  CHECK(has(figures_text(report, {false, 90}), "  angle  a/%  b/%  c/%  d/%\n      0  1.5  1.5  1.5  1.5\n     90  2.5  2.5  2.5  2.5\n  a: text of a; published 1, ref\n"));
  add("e");
  CHECK(has(figures_text(report, {false, 90}), "angle=0  angle=90\n  a  text of a      1.5       2.5  %  published 1, ref\n"));
}

TEST_CASE("figures are rounded to two digits of their deviation", "[figures]") {
  const auto shown = [](double mean, double deviation) { return rounded({{}, mean, deviation, 3}, 1.0, "+-"); };
  CHECK(shown(87.7123, 0.2345) == "87.71 +- 0.23");
  CHECK(shown(87.7123, 12.3) == "88 +- 12");
  CHECK(shown(8771.23, 123.0) == "8770 +- 120");
  CHECK(shown(1.0, 0.0996) == "1.00 +- 0.10");
  CHECK(shown(1.234567e-7, 2.3e-9) == "(1.235 +- 0.023)e-7");
  CHECK(shown(0.5, std::nan("")) == "0.5");
  CHECK(shown(0.999733, std::nan("")) == "0.9997");
  CHECK(shown(12771.3, std::nan("")) == "12770");
  CHECK(shown(100.0, 0.0) == "100 +- 0");
  CHECK(rounded({{}, std::nan(""), std::nan(""), 0}, 1.0, "+-") == "none");
  CHECK(shown_unit("s", {{{}, 1.2e-8, 0.0, 1}}).unit == "ns");
  CHECK(shown_unit("%", {{{}, 1.2e-8, 0.0, 1}}).unit == "%");
}
