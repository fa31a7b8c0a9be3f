// Rawfiles: what ngspice writes is read, what is written ngspice loads.
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <unistd.h>

#include "tests/support/rawfile_reader.hpp"

namespace {

namespace fs = std::filesystem;
using settle::testing::read_rawfile;

struct Folder {
  fs::path path = fs::temp_directory_path() / ("settle_raw_" + std::to_string(getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  std::string file(const std::string& name, const std::string& text = "") const {
    if (!text.empty()) std::ofstream(path / name) << text;
    return path / name;
  }
};

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
