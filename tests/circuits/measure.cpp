// Measures against closed forms, and what they say when there is nothing to measure.
#include <catch2/catch.hpp>

#include <cmath>
#include <functional>
#include <map>
#include <numbers>

#include "tests/circuits/measure_cards.hpp"

using namespace settle;
using settle::testing::Cards;
using std::numbers::pi;

namespace {

using Curve = std::function<double(double)>;

/// A .tran with points at the given times.
Cards transient(const std::vector<std::string>& cards, const std::vector<double>& times, const std::map<std::string, Curve>& signals) {
  Cards bench("tran", cards);
  INFO(bench.messages());
  REQUIRE(bench.messages() == "");
  for (double t : times) {
    std::map<std::string, double> values;
    for (const auto& [name, f] : signals) values[name] = f(t);
    bench.point<double>(t, values);
  }
  return bench;
}

std::vector<double> even(double last, std::size_t n) {
  std::vector<double> t;
  for (std::size_t k = 0; k <= n; ++k) t.push_back(last * static_cast<double>(k) / static_cast<double>(n));
  return t;
}

/// Straight lines through the points.
Curve lines(std::vector<std::pair<double, double>> points) {
  return [points](double t) {
    for (std::size_t k = 1; k < points.size(); ++k)
      if (t <= points[k].first) {
        const auto [t0, a0] = points[k - 1];
        const auto [t1, a1] = points[k];
        return a0 + (a1 - a0) * (t - t0) / (t1 - t0);
      }
    return points.back().second;
  };
}

std::string problem(const std::string& card, const std::string& kind = "tran") { return Cards(kind, {card}).messages(); }
std::string failure(const std::string& card, const std::vector<double>& times, const Curve& a) {
  const Cards bench = transient({card}, times, {{"v(a)", a}});
  const Measured m = bench.result(card.substr(0, card.find(' ')));
  CHECK_FALSE(m.value);
  return m.failure;
}

using Catch::Contains;
constexpr double rounding = 1e-12;

}  // namespace

TEST_CASE("windows over straight lines are exact between points", "[circuits][measure]") {
  // A ramp v = t from 0 to 10 s with points every second; the windows end between points.
  const Cards m = transient({"mean avg v(a) from=2.5 to=7.25", "sum integ v(a) from=2.5 to=7.25", "size rms v(a) from=2.5 to=7.25", "low min v(a) from=2.5",
                             "high max v(a) to=7.25", "swing pp v(a) from=2.5 to=7.25", "where max_at v(a) from=1.5 to=7.25", "first min_at v(a) from=1.5",
                             "all avg v(a)"},
                            even(10, 10), {{"v(a)", [](double t) { return t; }}});
  CHECK(m.value("mean") == Approx(0.5 * (2.5 + 7.25)).epsilon(rounding));
  CHECK(m.value("sum") == Approx(0.5 * (7.25 * 7.25 - 2.5 * 2.5)).epsilon(rounding));
  CHECK(m.value("size") == Approx(std::sqrt((std::pow(7.25, 3) - std::pow(2.5, 3)) / 3 / 4.75)).epsilon(rounding));
  CHECK(m.value("low") == 2.5);
  CHECK(m.value("high") == 7.25);
  CHECK(m.value("swing") == 4.75);
  CHECK(m.value("where") == 7.25);
  CHECK(m.value("first") == 1.5);
  CHECK(m.value("all") == Approx(5.0).epsilon(rounding));
  CHECK(m.result("sum").unit == "V s");
  CHECK(m.result("mean").unit == "V");
  CHECK(m.result("where").unit == "s");
}

TEST_CASE("measures of a finely sampled sine approach its closed forms", "[circuits][measure]") {
  // Straight lines between points err by (w h)^2 / 8 at most: 2e-6 with 1600 points per period.
  const double w = 2 * pi, tolerance = 4e-6;
  const Cards m = transient({"size rms v(a) from=0 to=3", "half integ v(a) from=0 to=0.5", "period trig v(a) val=0 rise=1 targ v(a) val=0 rise=2", "slope deriv v(a) when v(a)=0.5 rise=1",
                             "quarter when v(a)=0.5 fall=2", "cosine find v(b) when v(a)=0.5 fall=last", "energy integ v(a)*v(a) from=0 to=1"},
                            even(3, 4800), {{"v(a)", [=](double t) { return std::sin(w * t); }}, {"v(b)", [=](double t) { return std::cos(w * t); }}});
  CHECK(m.value("size") == Approx(std::sqrt(0.5)).epsilon(tolerance));
  CHECK(m.value("half") == Approx(1 / pi).epsilon(tolerance));
  CHECK(m.value("period") == Approx(1.0).epsilon(tolerance));
  CHECK(m.value("quarter") == Approx(1 + 5.0 / 12).epsilon(tolerance));
  CHECK(m.value("cosine") == Approx(-std::sqrt(0.75)).epsilon(tolerance));
  CHECK(m.value("energy") == Approx(0.5).epsilon(tolerance));
  CHECK(m.value("slope") == Approx(w * std::sqrt(0.75)).epsilon(w / 3200));  // the slope of a chord errs by half its length times the curvature
  CHECK(m.result("slope").unit == "V/s");
}

TEST_CASE("an exponential charges with its time constant", "[circuits][measure]") {
  const double tau = 1e-3;
  const Cards m = transient({"tau when v(a)='1-exp(-1)'", "rise trig v(a) val=0.1 rise=1 targ v(a) val=0.9 rise=1", "settled find v(a) at=5m", "slope deriv v(a) at=1m"},
                            even(10e-3, 10000), {{"v(a)", [=](double t) { return 1 - std::exp(-t / tau); }}});
  CHECK(m.value("tau") == Approx(tau).epsilon(1e-6));
  CHECK(m.value("rise") == Approx(tau * std::log(9.0)).epsilon(1e-6));
  CHECK(m.value("settled") == Approx(1 - std::exp(-5.0)).epsilon(1e-7));
  CHECK(m.value("slope") == Approx(std::exp(-1.0) / tau).epsilon(1e-6));  // at a point: second order
}

TEST_CASE("crossings are counted as a person counts them", "[circuits][measure]") {
  // Up through 1, touches 1 from above, down, flat on the level, down below, touches it from below.
  const std::vector<std::pair<double, double>> corners{{0, 0}, {1, 2}, {2, 1}, {3, 2}, {4, 1}, {5, 1}, {6, 0}, {7, 1}, {8, 0}, {9, 2}};
  const Cards m = transient({"r1 when v(a)=1 rise=1", "f1 when v(a)=1 fall=1", "r2 when v(a)=1 rise=2", "f2 when v(a)=1 fall=2", "r3 when v(a)=1 rise=3", "last when v(a)=1 cross=last",
                             "c4 when v(a)=1 cross=4", "lastfall when v(a)=1 fall=last", "later when v(a)=1 rise=1 td=0.75", "edge when v(a)=1 rise=1 td=0.5"},
                            even(9, 9), {{"v(a)", lines(corners)}});
  CHECK(m.value("r1") == 0.5);
  CHECK(m.value("f1") == 2.0);   // reaching the level is crossing it
  CHECK(m.value("r2") == 2.0);   // and leaving it again is crossing it back
  CHECK(m.value("f2") == 4.0);   // the flat stretch counts once, where it begins
  CHECK(m.value("r3") == 7.0);
  CHECK(m.value("c4") == 4.0);
  CHECK(m.value("lastfall") == 7.0);
  CHECK(m.value("last") == 8.5);
  CHECK(m.value("later") == 2.0);
  CHECK(m.value("edge") == 0.5);  // a crossing at the very start of the window belongs to it
}

TEST_CASE("a signal that starts on the level has not crossed it", "[circuits][measure]") {
  const Cards m = transient({"r when v(a)=0 rise=1", "f when v(a)=0 fall=1"}, even(4, 4), {{"v(a)", lines({{0, 0}, {1, 1}, {2, -1}, {3, 1}, {4, 1}})}});
  CHECK(m.value("f") == 1.5);
  CHECK(m.value("r") == 2.5);
}

TEST_CASE("signals cross each other where their lines meet", "[circuits][measure]") {
  const Cards m = transient({"meet when v(a)=v(b)", "there find v(b) when v(a)=v(b)", "d when 'v(a)-v(b)' = 0", "x trig at=1 targ v(a)=v(b) cross=1"}, even(3, 3),
                            {{"v(a)", [](double t) { return t; }}, {"v(b)", [](double t) { return 3 - t; }}});
  CHECK(m.value("meet") == 1.5);
  CHECK(m.value("there") == 1.5);
  CHECK(m.value("d") == 1.5);
  CHECK(m.value("x") == 0.5);
}

TEST_CASE("a place that is a point is found exactly", "[circuits][measure]") {
  const std::vector<double> times{0, 0.1, 0.2, 0.30000000000000004, 0.9999999999999999};
  const Cards m = transient({"start find v(a) at=0", "point find v(a) at=0.1", "mid find v(a) at=0.15", "end find v(a) at=1", "kink deriv v(a) at=0.1", "all avg v(a) from=0 to=1",
                             "zero avg v(a) from=0.15 to=0.15", "begins deriv v(a) at=0"},
                            times, {{"v(a)", [](double t) { return t <= 0.1 ? 10 * t : 1.0; }}});
  CHECK(m.value("start") == 0.0);
  CHECK(m.value("point") == 1.0);
  CHECK(m.value("mid") == 1.0);
  CHECK(m.value("end") == 1.0);
  CHECK(m.value("kink") == Approx(5.0).epsilon(rounding));  // between the slopes 10 and 0
  CHECK(m.value("begins") == Approx(10.0).epsilon(rounding));
  CHECK(m.value("all") == Approx(0.95).epsilon(rounding));
  CHECK(m.value("zero") == 1.0);
}

TEST_CASE("windows may open and close with events", "[circuits][measure]") {
  // A triangle between 0 and 2 with corners at whole seconds.
  const Curve triangle = [](double t) { return 2 * (1 - std::abs(std::fmod(t, 2.0) - 1)); };
  const Cards m = transient({"high avg v(a) trig v(a) val=1 rise=1 targ v(a) val=1 fall=1", "area integ v(a) trig v(a)=1 rise=1 targ v(a)=1 fall=last", "tail max v(b) trig v(a) val=1 fall=last",
                             "head max v(b) targ v(a) val=1 fall=1", "inner integ v(a) trig at=0.25 targ at=0.75", "lastone avg v(a) trig v(a) val=1 rise=last targ v(a) val=1 fall=last"},
                            even(6, 6), {{"v(a)", triangle}, {"v(b)", [](double t) { return t; }}});
  CHECK(m.value("high") == Approx(1.5).epsilon(rounding));
  CHECK(m.value("area") == Approx(2 * (1.5 + 0.5) + 1.5).epsilon(rounding));  // from 0.5 to 5.5
  CHECK(m.value("tail") == 6.0);
  CHECK(m.value("head") == 1.5);
  CHECK(m.value("inner") == Approx(0.5).epsilon(rounding));
  CHECK(m.value("lastone") == Approx(1.5).epsilon(rounding));
}

TEST_CASE("measures build on each other in any order", "[circuits][measure]") {
  const Cards m = transient({"third param='2*second+vdd'", "second param = 'peak/2'", "peak max v(a)", "half when v(a)='peak/2'", "width trig v(a) val='peak/2' rise=1 targ v(a)='peak/2' fall=last",
                             "short {peak*10}", "bare v(a) at=1", "mean avg v(a) from=0 to=width"},
                            even(4, 8), {{"v(a)", lines({{0, 0}, {2, 8}, {4, 0}})}});
  CHECK(m.value("peak") == 8.0);
  CHECK(m.value("second") == 4.0);
  CHECK(m.value("third") == 10.0);
  CHECK(m.value("half") == 1.0);
  CHECK(m.value("width") == 2.0);
  CHECK(m.value("short") == 80.0);
  CHECK(m.value("bare") == 4.0);
  CHECK(m.value("mean") == 4.0);
}

TEST_CASE("a low-pass has its bandwidth and its phase", "[circuits][measure]") {
  const double corner = 1e3;
  Cards m("ac", {"peak max v(out)", "f3 when vdb(out)=-3.0103", "bw when v(out)='peak/sqrt(2)' fall=last", "phase find vp(out) at=1k", "real find vr(out) at=1k", "imag find vi(out) at=1k",
                 "db find db(v(out)/v(a)) at=1k", "ph find ph(v(out)) at=1k", "neg find re(-v(a)) at=1k", "diff find mag(v(a)-v(out)) at=1k"});
  REQUIRE(m.messages() == "");
  for (int k = 0; k <= 8000; ++k) {
    const double f = std::pow(10.0, k / 2000.0) * 10;  // 10 Hz to 100 kHz, a point on 1 kHz
    const Complex h = 1.0 / Complex(1.0, f / corner);
    m.point<Complex>(f, {{"v(out)", h}, {"v(a)", 1.0}, {"vdb(out)", 20 * std::log10(std::abs(h))}, {"vp(out)", std::arg(h) * 180 / pi}, {"vr(out)", h.real()}, {"vi(out)", h.imag()}});
  }
  CHECK(m.value("f3") == Approx(corner).epsilon(1e-5));
  CHECK(m.value("bw") == Approx(corner * std::sqrt(1 + 2e-4)).epsilon(1e-6));  // the peak is that of 10 Hz: 1/sqrt(1 + 1e-4)
  CHECK(m.value("phase") == Approx(-45.0).epsilon(1e-9));
  CHECK(m.value("ph") == Approx(-45.0).epsilon(1e-9));
  CHECK(m.value("real") == Approx(0.5).epsilon(1e-9));
  CHECK(m.value("imag") == Approx(-0.5).epsilon(1e-9));
  CHECK(m.value("db") == Approx(-20 * std::log10(std::sqrt(2.0))).epsilon(1e-9));
  CHECK(m.value("neg") == Approx(-1.0).epsilon(rounding));
  CHECK(m.value("diff") == Approx(std::sqrt(0.5)).epsilon(1e-9));
  CHECK(m.result("f3").unit == "Hz");
  CHECK(m.result("phase").unit == "deg");
  CHECK(m.result("db").unit == "dB");
}

TEST_CASE("sweeps may run down, and start again", "[circuits][measure]") {
  Cards m("dc", {"at find v(a) at=1.5", "area integ v(a) from=0.5 to=2.5", "top max_at v(a)", "n when v(a)=1.5 cross=2"});
  REQUIRE(m.messages() == "");
  for (int sweep = 0; sweep < 2; ++sweep)
    for (double x : {3.0, 2.0, 1.0, 0.0}) m.point<double>(x, {{"v(a)", x}});
  CHECK(m.value("at") == 1.5);
  CHECK(m.value("area") == Approx(2 * 3.0).epsilon(rounding));  // both sweeps; the way back between them is none of them
  CHECK(m.value("top") == 3.0);
  CHECK(m.value("n") == 1.5);
}

TEST_CASE("an operating point is measured at its only point", "[circuits][measure]") {
  Cards m("op", {"x find v(a)", "twice param='2*x'", "top max v(a,b)"});
  REQUIRE(m.messages() == "");
  m.point<double>(0.0, {{"v(a)", 1.5}, {"v(a,b)", 0.5}});
  CHECK(m.value("x") == 1.5);
  CHECK(m.value("twice") == 3.0);
  CHECK(m.value("top") == 0.5);
}

TEST_CASE("a measure without a result says why", "[circuits][measure]") {
  const Curve low = [](double t) { return 430 * t; };  // 0 to 0.43 V in 1 ms
  const Curve wave = [](double t) { return std::sin(2e3 * pi * t); };
  const std::vector<double> ms = even(1e-3, 1000);
  CHECK(failure("x when v(a)=0.5 rise=1", ms, low) == "v(a) never rises through 500 mV between 0 s and 1 ms; it stays in 0 V .. 430 mV");
  CHECK_THAT(failure("x trig v(a) val=0.1 rise=1 targ v(a) val=0.5 rise=1", ms, low), Contains("TARG: v(a) never rises through 500 mV"));
  CHECK_THAT(failure("x when v(a)=0.2 fall=1", ms, low), Contains("v(a) never falls through 200 mV between 0 s and 1 ms; it rises through once"));
  CHECK_THAT(failure("x when v(a)=0.5 rise=3", ms, wave), Contains("v(a) rises through 500 mV only once, not 3 times"));
  CHECK_THAT(failure("x when v(a)=0.5 td=5m", ms, wave), Contains("nothing was simulated behind 5 ms; the run goes from 0 s to 1 ms"));
  CHECK_THAT(failure("x find v(a) at=2m", ms, wave), Contains("2 ms lies outside the run, which goes from 0 s to 1 ms"));
  CHECK_THAT(failure("x avg v(a) from=0 to=2m", ms, wave), Contains("reaches outside the run"));
  CHECK_THAT(failure("x avg v(a) trig v(a)=0.5 fall=1 targ v(a)=0.5 rise=1", ms, wave), Contains("before it begins"));
  CHECK_THAT(failure("x avg 'log(v(a))'", ms, low), Contains("does not have a value everywhere"));
  const Cards chain = transient({"x when v(a)=0.5", "y param='2*x'", "low min v(a)", "over param='1/low'"}, ms, {{"v(a)", low}});
  CHECK(chain.result("y").failure == "it needs 'x', which has no value");
  CHECK_THAT(chain.result("over").failure, Contains("'1/low' is not a number"));
}

TEST_CASE("extremes look at what there is of a window", "[circuits][measure]") {
  const Cards m = transient({"x max v(a) from=0.5 to=100"}, even(1, 2), {{"v(a)", [](double t) { return t; }}});
  CHECK(m.value("x") == 1.0);
}

TEST_CASE("mistakes in cards are pointed at", "[circuits][measure]") {
  CHECK_THAT(problem("m1 maxx v(a)"), Contains("deck.cir:1:4: error: unknown measure function 'maxx'; did you mean 'max'?"));
  CHECK_THAT(problem("m1 foo v(a)"), Contains("unknown measure function 'foo'; TRIG ... TARG, WHEN"));
  CHECK_THAT(problem("m1 trig v(a) val=0.5 rise=1"), Contains("deck.cir:1:1: error") && Contains("TRIG without a TARG"));
  CHECK_THAT(problem("m1 trig v(a) targ v(a) val=1"), Contains("deck.cir:1:9: error: TRIG v(a) has no level; write TRIG v(a) VAL=0.5"));
  CHECK_THAT(problem("m1 max v(outt)"), Contains("deck.cir:1:10: error: no node 'outt'") && Contains("did you mean 'out'?"));
  CHECK_THAT(problem("m1 max v(a) form=1"), Contains("deck.cir:1:13: error: 'form' is not expected here; did you mean 'from'?"));
  CHECK_THAT(problem("m1 avg v(a) from=2 to=1"), Contains("deck.cir:1:18: error: the window ends at 1 before it begins at 2"));
  CHECK_THAT(problem("m1 when v(a)=0.5 rise=0"), Contains("deck.cir:1:23: error: '0' is not a number of crossings"));
  CHECK_THAT(problem("m1 find v(a)"), Contains("does not say where; add AT=value or WHEN"));
  CHECK_THAT(problem("m1 when v(a)="), Contains("ends where a level or a signal behind '=' is expected"));
  CHECK_THAT(problem("m1 param='2*vddd'"), Contains("deck.cir:1:13: error: unknown parameter 'vddd'; did you mean 'vdd'?"));
  CHECK_THAT(problem("m1 param='1/(vdd-2)'"), Contains("deck.cir:1:12: error: division by zero"));
  CHECK_THAT(problem("m1 param='2*m1'"), Contains("measure 'm1' needs m1, and so in the end itself"));
  CHECK_THAT(problem("m1"), Contains("does not say what is to be measured"));
  CHECK_THAT(problem("m1 max v(*)"), Contains("one signal"));
  CHECK_THAT(problem("m1 max time", "ac"), Contains("'time' means nothing in a measure of .ac"));
  CHECK_THAT(problem("m1 avg v(a) from=0 to=1 trig at=1"), Contains("either by FROM and TO or by TRIG and TARG"));
}
