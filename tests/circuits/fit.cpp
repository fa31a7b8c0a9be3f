// Fitting: parameters that made noisy data come back within the standard errors that are printed with them.
#include "circuits/fit.hpp"

#include <fmt/format.h>

#include <cmath>

#include "devices/write_neurosim.hpp"
#include "sim/error.hpp"
#include "sim/matrix_file.hpp"
#include "sim/random.hpp"
#include "tests/circuits/deck_text.hpp"
#include "tests/devices/writes.hpp"
#include "tests/support/folder.hpp"

using namespace settle;
using namespace settle::testing;

namespace {

/// So many pulses up, then down, of a model without noise, measured with noise of so many siemens.
std::string measured_path(Writer& writer, double g, int up, int down, double noise, bool directions) {
  Stream stream(3, "measurement");
  std::string text = directions ? "pulse,g [uS],direction\n" : "pulse,g [uS]\n";
  for (int n = 0; n <= up + down; ++n) {
    const int direction = n <= up ? 1 : -1;
    const int pulse[] = {direction};
    if (n > 0) writer.pulse({&g, 1}, pulse, 0);
    text += fmt::format("{},{:.9g}{}\n", n, 1e6 * (g + noise * stream.normal()), directions ? fmt::format(",{}", direction) : "");
  }
  return text;
}

const FittedParameter& parameter(const FitReport& report, const std::string& name) {
  for (const FittedParameter& p : report.parameters)
    if (p.name == name) return p;
  FAIL("not fitted: " << name << "\n" << fit_text(report, false, 80));
  throw std::logic_error(name);
}

/// Four standard errors hold 99.994 % of normal draws; an error of more than `most` of the value would say nothing.
void check_recovered(const FitReport& report, const std::string& name, double truth, double most) {
  const FittedParameter& p = parameter(report, name);
  INFO(fit_text(report, false, 80));
  CHECK(std::abs(p.value - truth) < 4.0 * p.error);
  CHECK(p.error < most * std::abs(truth));
}

std::string error_of(const FitRequest& request) {
  try {
    fit(request);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("soft bounds come back from a noisy path up and down", "[circuits][fit]") {
  const Folder folder;
  const auto writer = make_writer("soft_bounds", {{"gmin", 2e-6}, {"gmax", 40e-6}, {"dw", 0.04}, {"up_down", 0.25}});
  for (const bool directions : {false, true}) {
    const FitReport report = fit({.kind = "soft_bounds", .file = folder.file("path.csv", measured_path(*writer, 3e-6, 120, 120, 0.2e-6, directions))});
    CHECK(report.converged);
    check_recovered(report, "gmin", 2e-6, 0.2);
    check_recovered(report, "gmax", 40e-6, 0.02);
    check_recovered(report, "dw", 0.04, 0.05);
    check_recovered(report, "up_down", 0.25, 0.2);
    CHECK(std::abs(report.rms - 0.2e-6) < 4.0 * 0.2e-6 / std::sqrt(2.0 * 241));  // standard error of a standard deviation
    CHECK((report.notes.find("until pulse") != std::string::npos) == !directions);
  }
}

TEST_CASE("NeuroSim's labels come back from potentiation and depression", "[circuits][fit]") {
  const Folder folder;
  const auto writer = make_writer("neurosim", {{"gmin", 2e-6}, {"gmax", 40e-6}, {"nl_ltp", 2.4}, {"nl_ltd", -4.88}});
  const FitReport report = fit({.kind = "neurosim", .file = folder.file("path.csv", measured_path(*writer, 2e-6, 100, 100, 0.3e-6, true))});
  check_recovered(report, "nl_ltp", 2.4, 0.1);
  check_recovered(report, "nl_ltd", -4.88, 0.1);
  check_recovered(report, "gmax", 40e-6, 0.05);
}

TEST_CASE("what the data do not show is left alone and said", "[circuits][fit]") {
  const Folder folder;
  const auto writer = make_writer("soft_bounds", {{"gmin", 2e-6}, {"gmax", 40e-6}, {"dw", 0.04}});
  const FitReport report = fit({.kind = "soft_bounds", .file = folder.file("up.csv", measured_path(*writer, 3e-6, 150, 0, 0.1e-6, false))});
  CHECK(report.notes.find("all pulses are taken to be up") != std::string::npos);
  CHECK(report.notes.find("not determined by these data") != std::string::npos);
  check_recovered(report, "gmax", 40e-6, 0.05);
}

TEST_CASE("a diode comes back from noisy points", "[circuits][fit]") {
  const Folder folder;
  const double is = 3e-13, n = 1.4, vt = 1.380649e-23 * 300.15 / 1.602176634e-19;
  Stream stream(1, "diode");
  std::string text = "v [mV];i (uA)\n";
  for (int k = 0; k <= 60; ++k) {
    const double v = 0.3 + 0.005 * k, i = is * std::expm1(v / (n * vt));
    text += fmt::format("{};{:.9g}\n", 1e3 * v, 1e6 * i * (1.0 + 0.01 * stream.normal()));
  }
  const FitReport report = fit({.kind = "diode", .file = folder.file("iv.csv", text), .relative = true});
  check_recovered(report, "is", is, 0.1);
  check_recovered(report, "n", n, 0.01);
  CHECK(report.card.starts_with(".model fit d("));
  const DeckText deck("D1 a 0 fit\nV1 a 0 0.5\n" + report.card);
  CHECK(deck.clean());
  CHECK(deck.value("d1", "n") == Approx(parameter(report, "n").value).epsilon(1e-5));  // six digits of the card
}

TEST_CASE("a memristor comes back from a sweep through its own equations", "[circuits][fit]") {
  // Michigan model, integrated here by the classical Runge-Kutta method in steps of 1 ms
  const double w0 = 0.2, alpha = 0.5e-6, beta = 0.5, gamma = 6e-6, delta = 1.6, lambda = 4.5, eta1 = 0.008, eta2 = 4.0, tau = 10.0, h = 1e-3;
  const auto voltage = [](double t) { return t < 1.0 ? t : t < 3.0 ? 2.0 - t : t - 4.0; };  // a triangle of 1 V in 4 s
  const auto drift = [&](double w, double t) { return lambda * (eta1 * std::sinh(eta2 * voltage(t)) - w / tau); };
  Stream stream(2, "sweep");
  double w = w0;
  std::string text = "t [s],v [V],i [uA]\n";
  for (int k = 0; k <= 4000; ++k) {
    const double t = h * k, v = voltage(t), i = (1.0 - w) * alpha * -std::expm1(-beta * v) + w * gamma * std::sinh(delta * v);
    if (k % 40 == 0) text += fmt::format("{},{:.9g},{:.9g}\n", t, v, 1e6 * (i + 2e-8 * stream.normal()));
    const double k1 = drift(w, t), k2 = drift(w + 0.5 * h * k1, t + 0.5 * h), k3 = drift(w + 0.5 * h * k2, t + 0.5 * h), k4 = drift(w + h * k3, t + h);
    w += h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
  }
  const Folder folder;
  const FitReport report = fit({.kind = "umich", .file = folder.file("sweep.csv", text), .fixed = {{"w0", w0}}, .free = {"gamma", "delta", "eta1"}});
  check_recovered(report, "gamma", gamma, 0.1);
  check_recovered(report, "delta", delta, 0.05);
  check_recovered(report, "eta1", eta1, 0.1);
}

TEST_CASE("fixed, started and chosen parameters are obeyed", "[circuits][fit]") {
  const Folder folder;
  const auto writer = make_writer("soft_bounds", {{"gmin", 2e-6}, {"gmax", 40e-6}, {"dw", 0.04}});
  const std::string file = folder.file("path.csv", measured_path(*writer, 3e-6, 60, 60, 0.0, true));
  const FitReport report = fit({.kind = "soft_bounds", .file = file, .name = "mine", .fixed = {{"gmin", 2e-6}, {"up_down", 0.0}}, .start = {{"dw", 0.01}}, .free = {"gmax", "dw"}});
  CHECK(report.parameters.size() == 3);  // and the first conductance
  CHECK(parameter(report, "gmax").value == Approx(40e-6).epsilon(1e-6));  // data of nine digits
  CHECK(parameter(report, "dw").value == Approx(0.04).epsilon(1e-6));
  CHECK(report.card.starts_with(".model mine soft_bounds(gmin=2e-06 gmax=4e-05 dw=0.04"));
  write_fit(folder.file("fit.npy"), report);
  const Block<double> columns = read_matrix(folder.file("fit.npy"));
  CHECK(columns.rows() == 121);
  CHECK((columns.col(1) - columns.col(2)).cwiseAbs().maxCoeff() < 1e-6 * 40e-6);
}

TEST_CASE("what cannot be fitted is told", "[circuits][fit]") {
  const Folder folder;
  const std::string path = folder.file("path.csv", "pulse,g [uS]\n0,1\n1,2\n2,3\n3,3.5\n4,3.7\n");
  CHECK_THAT(error_of({.kind = "soft_bound", .file = path}), Catch::Contains("did you mean 'soft_bounds'?"));
  CHECK_THAT(error_of({.kind = "ideal", .file = path}), Catch::Contains("no step that pulses would show"));
  CHECK_THAT(error_of({.kind = "vccs", .file = path}), Catch::Contains("a device with two terminals"));
  CHECK_THAT(error_of({.kind = "diode", .file = path}), Catch::Contains("no column 'v'") && Catch::Contains("'pulse', 'g'"));
  CHECK_THAT(error_of({.kind = "soft_bounds", .file = path, .fixed = {{"dv", 1.0}}}), Catch::Contains("no parameter 'dv'") && Catch::Contains("did you mean 'dw'?"));
  CHECK_THAT(error_of({.kind = "soft_bounds", .file = path, .start = {{"dw", -1.0}}}), Catch::Contains("out of range"));
  CHECK_THAT(error_of({.kind = "soft_bounds", .file = folder.file("a.csv", "pulse,g [V]\n0,1\n1,2\n2,3\n3,4\n")}), Catch::Contains("is in V, but S is expected"));
  CHECK_THAT(error_of({.kind = "soft_bounds", .file = folder.file("b.csv", "pulse,g\n0,1\n1,2\n0,3\n3,4\n")}), Catch::Contains("b.csv:4: the pulse number goes from 1 to 0"));
  CHECK_THAT(error_of({.kind = "soft_bounds", .file = folder.file("c.csv", "pulse,g\n0,1\n1,-2\n2,3\n3,4\n")}), Catch::Contains("c.csv:3: a conductance of -2 S"));
  CHECK_THAT(error_of({.kind = "soft_bounds", .file = folder.file("d.csv", "pulse,g\n0,1\n1,1\n2,1\n3,1\n")}), Catch::Contains("all values of g are the same"));
  CHECK_THAT(error_of({.kind = "soft_bounds", .file = folder.file("e.csv", "pulse,g\n0,1\n1,2\n")}), Catch::Contains("2 rows of data; at least 4"));
}
