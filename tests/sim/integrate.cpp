// integrate: breakpoints, events, observers, interruption, and Odeint driving a stepper of ours.
#include "sim/integrate.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "sim/error.hpp"
#include "tests/support/written_system.hpp"

using namespace settle;

namespace {

/// RC low-pass of time constant 1 driven by `drive`.
WrittenSystem<double> low_pass(std::function<double(double)> drive) {
  WrittenSystem<double> s;
  s.M = Eigen::MatrixXd::Identity(1, 1);
  s.f = [drive](const Vector<double>& x, double t, Index) -> Vector<double> { return Vector<double>::Constant(1, drive(t) - x[0]); };
  s.J = [](const Vector<double>&, double, Index) -> Eigen::MatrixXd { return Eigen::MatrixXd::Constant(1, 1, -1.0); };
  s.is_linear = true;
  s.names = {"node 'out'"};
  s.ready();
  return s;
}

struct Recorder : Observer<double> {
  std::vector<double> ends, starts;
  std::vector<double> sampled_error;
  std::function<double(double)> exact;
  void start(double t, const Block<double>&) override { starts.push_back(t); }
  void step(const Step<double>& step) override {
    ends.push_back(step.to);
    Block<double> y;
    for (double u : {0.25, 0.5, 0.75, 1.0}) {
      if (!exact) continue;
      const double t = u == 1.0 ? step.to : step.from + u * (step.to - step.from);
      step.at(t, y);
      sampled_error.push_back(std::abs(y(0, 0) - exact(t)));
    }
  }
};

const Breakpoints none;

/// Sets the unknown back to 0 when it reaches a level.
struct Level : Events<double> {
  double level;
  std::vector<double> fired;
  explicit Level(double at) : level(at) {}
  Index count() const override { return 1; }
  void evaluate(double, const Block<double>& x, Vector<double>& g) override { g[0] = x(0, 0) - level; }
  void fire(Index, double t, Block<double>& x) override {
    fired.push_back(t);
    x(0, 0) = 0.0;
  }
};

const std::vector<std::string> methods{"rodas4p", "rodas5p", "trbdf2", "trap", "be", "dopri5"};

}  // namespace

TEST_CASE("every method follows a charging capacitor within its tolerance, between steps too", "[sim][integrate]") {
  for (const std::string& method : methods) {
    INFO(method);
    const auto s = low_pass([](double) { return 1.0; });
    Block<double> x = Block<double>::Zero(1, 1);
    Recorder record;
    record.exact = [](double t) { return 1.0 - std::exp(-t); };
    integrate(s, x, {0.0, 3.0}, {.method = method, .reltol = 1e-4}, none, record);
    CHECK(record.ends.back() == 3.0);
    CHECK(*std::max_element(record.sampled_error.begin(), record.sampled_error.end()) < 30e-4);  // errors of the steps add up
  }
}

TEST_CASE("a source that jumps at a breakpoint is met exactly and does not slow the run", "[sim][integrate]") {
  for (const std::string& method : methods) {
    INFO(method);
    const auto s = low_pass([](double t) { return t < 1.0 ? 0.0 : 1.0; });
    Block<double> x = Block<double>::Zero(1, 1);
    Recorder record;
    const Breakpoints one = [](double t) { return t < 1.0 ? 1.0 : std::numeric_limits<double>::infinity(); };
    const StepCounts counts = integrate(s, x, {0.0, 2.0}, {.method = method, .reltol = 1e-6}, one, record);
    CHECK(std::count(record.ends.begin(), record.ends.end(), 1.0) == 1);
    CHECK(record.starts == std::vector<double>{0.0, 1.0});
    CHECK(x(0, 0) == Approx(1.0 - std::exp(-1.0)).epsilon(method == "be" ? 1e-3 : 1e-4));
    CHECK(counts.rejected < 10);
  }
}

TEST_CASE("a jump that nobody announced is stepped over without hanging", "[sim][integrate]") {
  for (const std::string& method : methods) {
    INFO(method);
    const auto s = low_pass([](double t) { return t < 1.0 / 3.0 ? 0.0 : 1.0; });
    Block<double> x = Block<double>::Zero(1, 1);
    Recorder record;
    const StepCounts counts = integrate(s, x, {0.0, 1.0}, {.method = method, .reltol = 1e-4}, none, record);
    CHECK(x(0, 0) == Approx(1.0 - std::exp(-2.0 / 3.0)).epsilon(0.01));
    CHECK(counts.steps + counts.rejected < 2000);
  }
}

TEST_CASE("an event stops the step where its function crosses zero", "[sim][integrate]") {
  for (const std::string& method : methods) {
    INFO(method);
    const auto s = low_pass([](double) { return 1.0; });
    Block<double> x = Block<double>::Zero(1, 1);
    Recorder record;
    Level level(0.5);
    integrate(s, x, {0.0, 2.5}, {.method = method, .reltol = 1e-6}, none, record, &level);
    REQUIRE(level.fired.size() == 3);
    for (int k = 0; k < 3; ++k) CHECK(level.fired[static_cast<std::size_t>(k)] == Approx((k + 1) * std::log(2.0)).epsilon(method == "be" ? 2e-3 : 1e-4));
    CHECK(record.starts.size() == 4);
  }
}

TEST_CASE("an inconsistent start is made consistent", "[sim][integrate]") {
  WrittenSystem<double> s;
  s.M = Eigen::MatrixXd{{1.0, 0.0}, {0.0, 0.0}};
  s.f = [](const Vector<double>& x, double, Index) -> Vector<double> { return Vector<double>{{-x[1], x[1] - std::exp(x[0])}}; };
  s.J = [](const Vector<double>& x, double, Index) -> Eigen::MatrixXd { return Eigen::MatrixXd{{0.0, -1.0}, {-std::exp(x[0]), 1.0}}; };
  s.ready();
  Block<double> x(2, 1);
  x << 0.5, -7.0;  // x' = -exp(x): exp(-x) = exp(-0.5) + t
  Recorder record;
  integrate(s, x, {0.0, 1.0}, {.reltol = 1e-7}, none, record);
  CHECK(x(0, 0) == Approx(-std::log(std::exp(-0.5) + 1.0)).epsilon(1e-5));
  CHECK(x(1, 0) == Approx(std::exp(x(0, 0))).epsilon(1e-9));
}

TEST_CASE("NaN ends the run with the unknown's name and the time", "[sim][integrate]") {
  const auto s = low_pass([](double t) { return t > 0.75 ? NAN : 1.0; });
  Block<double> x = Block<double>::Zero(1, 1);
  Recorder record;
  CHECK_THROWS_WITH(integrate(s, x, {0.0, 1.0}, {}, none, record), Catch::Contains("node 'out'") && Catch::Contains("t = 0.7"));
}

TEST_CASE("a run can be interrupted after any step", "[sim][integrate]") {
  const auto s = low_pass([](double) { return 1.0; });
  Block<double> x = Block<double>::Zero(1, 1);
  Recorder record;
  IntegrateOptions options;
  options.consistent = true;
  options.interrupted = [&] { return record.ends.size() == 3; };
  try {
    integrate(s, x, {0.0, 1.0}, options, none, record);
    FAIL("the run should have been interrupted");
  } catch (const Error& e) {
    CHECK(e.fault() == Fault::interrupted);
  }
  CHECK(record.ends.size() == 3);
}
