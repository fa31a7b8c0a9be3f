// Rawfiles: what ngspice writes is read, what is written ngspice loads.
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "sim/error.hpp"
#include "sim/rawfile.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/rawfile_reader.hpp"

namespace {

using namespace settle;
using namespace settle::testing;

bool have_ngspice() {
  static const bool found = std::system("command -v ngspice >/dev/null 2>&1") == 0;
  if (!found) WARN("SKIPPED: ngspice is not installed");
  return found;
}

const char* const divider = R"(a divider with a capacitor
V1 in 0 DC 2 AC 1 PULSE(0 2 0 1n 1n 1u 2u)
R1 in out 1k
R2 out 0 1k
C1 out 0 1p
.op
.ac dec 2 1 1meg
.tran 10n 100n
.end
)";

}  // namespace

TEST_CASE("the binary file of an ngspice batch run is read with all its plots", "[sim][rawfile]") {
  if (!have_ngspice()) return;
  const Folder folder;
  const auto deck = folder.file("d.cir", divider), raw = folder.file("d.raw");
  REQUIRE(std::system(("ngspice -b -r " + raw + " " + deck + " >/dev/null 2>&1").c_str()) == 0);
  const auto plots = read_rawfile(raw);
  REQUIRE(plots.size() == 3);
  for (const auto& plot : plots) {
    CAPTURE(plot.plotname);
    CHECK(plot.complex == (plot.plotname == "AC Analysis"));
    CHECK(plot.points() == plot.column("v(out)").size());
  }
}

TEST_CASE("the text and the binary file of one ngspice run hold the same numbers", "[sim][rawfile]") {
  if (!have_ngspice()) return;
  const Folder folder;
  const auto text = folder.file("t.raw"), binary = folder.file("b.raw");
  const std::string body = std::string(divider).substr(0, std::string(divider).find(".op"));
  const auto deck = folder.file("d.cir", body + ".control\nac dec 2 1 1meg\nset filetype=ascii\nwrite " + text +
                                             "\nset filetype=binary\nwrite " + binary + "\nquit\n.endc\n.end\n");
  std::system(("ngspice -b " + deck + " >/dev/null 2>&1").c_str());
  const auto a = read_rawfile(text).at(0), b = read_rawfile(binary).at(0);
  REQUIRE(a.names == b.names);
  REQUIRE(a.points() == 13);  // 6 decades, 2 points each, both ends
  for (std::size_t k = 0; k < a.columns.size(); ++k) {
    for (std::size_t i = 0; i < a.points(); ++i) {
      CHECK(std::abs(a.columns[k][i] - b.columns[k][i]) <= 1e-15 * std::abs(b.columns[k][i]));  // %.15e
    }
  }
  CHECK(std::abs(b.column("v(out)")[0] - 0.5) < 1e-5);
}

namespace {

const std::vector<RawVariable> real_columns = {{"time", "time"}, {"v(out)", "voltage"}, {"i(v1)", "current"}};
const std::vector<RawVariable> complex_columns = {{"frequency", "frequency"}, {"V(Out)", "voltage"}};

// Numbers without a short decimal form, so that digits lost on the way show.
void write_two_plots(const std::string& path, RawFile::Format format) {
  RawFile raw(path, format);
  raw.plot("two plots\nof a test", "Transient Analysis", false, real_columns);
  for (int k = 0; k < 300; ++k) raw.point(std::vector<double>{k * 1e-9, k / 3.0, -k / 7.0});
  raw.plot("two plots", "AC Analysis", true, complex_columns);
  for (int k = 0; k < 20; ++k) raw.point(std::vector<std::complex<double>>{{k + 1.0, 0}, {1.0 / (k + 3), -k / 7.0}});
  raw.close();
}

std::string ngspice(const Folder& folder, const std::string& commands) {
  const auto script = folder.file("load.cir", "a deck\n.control\nset numdgt=16\n" + commands + "quit 0\n.endc\n.end\n");
  const auto printed = folder.file("printed.txt");
  std::system(("ngspice -b " + script + " >" + printed + " 2>&1").c_str());
  std::ifstream in(printed);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("rawfiles come back to the last bit, binary and text, plot after plot", "[sim][rawfile]") {
  const Folder folder;
  for (const auto format : {RawFile::Format::binary, RawFile::Format::text}) {
    const auto path = folder.file("r.raw");
    write_two_plots(path, format);
    const auto plots = read_rawfile(path);
    REQUIRE(plots.size() == 2);
    CHECK(plots[0].title == "two plots of a test");
    CHECK(plots[0].names == std::vector<std::string>{"time", "v(out)", "i(v1)"});
    REQUIRE(plots[0].points() == 300);
    for (int k = 0; k < 300; ++k) CHECK(plots[0].real("i(v1)")[k] == -k / 7.0);
    REQUIRE(plots[1].complex);
    REQUIRE(plots[1].points() == 20);
    for (int k = 0; k < 20; ++k) CHECK(plots[1].column("v(out)")[k] == std::complex<double>(1.0 / (k + 3), -k / 7.0));
  }
}

TEST_CASE("ngspice loads a rawfile with a real and a complex plot", "[sim][rawfile]") {
  if (!have_ngspice()) return;
  const Folder folder;
  const auto path = folder.file("r.raw"), copy = folder.file("copy.raw");
  write_two_plots(path, RawFile::Format::binary);
  const auto printed = ngspice(folder, "load " + path + "\nprint length(v(out))\nsetplot previous\nprint length(v(out))\n"
                                       "print v(out)[299]\nwrite " + copy + " all\n");
  CAPTURE(printed);
  CHECK_THAT(printed, Catch::Contains("length(v(out)) = 2.0000000000000000e+01"));
  CHECK_THAT(printed, Catch::Contains("length(v(out)) = 3.0000000000000000e+02"));
  CHECK_THAT(printed, Catch::Contains("v(out)[299] = 9.9666666666666671e+01"));  // 299/3 to 17 digits
  const auto rewritten = read_rawfile(copy).at(0);
  CHECK(rewritten.real("v(out)") == read_rawfile(path).at(0).real("v(out)"));
}

TEST_CASE("ngspice loads a complex transient", "[sim][rawfile]") {
  if (!have_ngspice()) return;
  const Folder folder;
  const auto path = folder.file("c.raw");
  {
    RawFile raw(path);
    raw.plot("holomorphic", "Transient Analysis", true, {{"time", "time"}, {"v(out)", "voltage"}});
    for (int k = 0; k < 9; ++k) raw.point(std::vector<std::complex<double>>{k * 1e-6, {1.0 * k, 0.5}});
  }
  const auto printed = ngspice(folder, "load " + path + "\nprint real(v(out))[8] imag(v(out))[8]\n");
  CAPTURE(printed);
  CHECK_THAT(printed, Catch::Contains("real(v(out))[8] = 8.0000000000000000e+00"));
  CHECK_THAT(printed, Catch::Contains("imag(v(out))[8] = 5.0000000000000000e-01"));
}

TEST_CASE("a rawfile that cannot be written is an error with its path", "[sim][rawfile]") {
  CHECK_THROWS_WITH(RawFile("/nowhere/x.raw"), Catch::Contains("/nowhere/x.raw") && Catch::Contains("No such file"));
  RawFile full("/dev/full");
  full.plot("full", "Operating Point", false, {{"v(a)", "voltage"}});
  full.point(std::vector<double>{1.0});
  CHECK_THROWS_AS(full.close(), Error);
}
