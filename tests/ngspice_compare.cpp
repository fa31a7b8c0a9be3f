// Every deck of tests/reference runs in ngspice and here, and gives the same answer; exported decks too.
#include <catch2/catch.hpp>

#include <algorithm>
#include <regex>

#include "tests/support/ngspice.hpp"
#include "tests/support/waveforms.hpp"

using namespace settle::testing;
namespace fs = std::filesystem;

namespace {

// What a deck asks for in its comment "* compare: ...".
struct Demand {
  double tolerance = 1e-3;
  std::string period_of;   // the vector of an autonomous oscillator, whose phase is arbitrary
  bool runs_only = false;  // the answer is random
  bool all_vectors = false;
};

Demand demand_of(const fs::path& deck) {
  const std::string text = file_text(deck);
  Demand demand;
  // ngspice saves the nodes of a difference, v(a) and v(b) for v(a,b).
  demand.all_vectors = text.find("\n.save") != std::string::npos && !std::regex_search(text, std::regex(R"(\n\.save.*\([^)]*,)"));
  std::smatch found;
  if (!std::regex_search(text, found, std::regex(R"(\n\* compare: (\S+) ?(\S*))"))) return demand;
  if (found[1] == "period") demand.period_of = found[2];
  else if (found[1] == "runs") demand.runs_only = true;
  else demand.tolerance = std::stod(found[1]);
  return demand;
}

const RawPlot& same_analysis(const std::vector<RawPlot>& plots, const RawPlot& wanted) {
  for (const RawPlot& plot : plots)
    if (plot.plotname == wanted.plotname) return plot;
  throw std::runtime_error("no plot '" + wanted.plotname + "'");
}

// Operating points and sweeps are solutions of equations, so little but the Newton tolerance is left; 1e-5 because the
// programs use constants of physics of different years (k/q differs by 1e-6, which an exponential multiplies by v/vt), unless
// the deck asks for less: a linear circuit has no such constants.
Deviation deviation(const RawPlot& reference, const RawPlot& other, const std::string& name, double& tolerance) {
  if (reference.plotname == "Transient Analysis") return over_time(reference, other, name);
  tolerance = tolerance < 1e-3 ? tolerance / 100 : std::max(1e-5, tolerance / 100);
  if (reference.plotname == "AC Analysis") tolerance = std::max(1e-4, tolerance);
  return by_point(reference, other, name, 1e-6);
}

void check_vector(const RawPlot& reference, const RawPlot& other, const std::string& name, const Demand& demand) {
  double tolerance = demand.tolerance;
  const Deviation found = demand.period_of.empty() ? deviation(reference, other, name, tolerance)
                                                   : by_period(reference, other, demand.period_of);
  INFO(found.plot << ", " << found.vector << ": error " << found.error << ", worst at " << found.where);
  CHECK(found.error <= tolerance);
}

void check_plot(const RawPlot& reference, const RawPlot& other, const Demand& demand) {
  if (demand.runs_only) {
    CHECK(other.points() > 10);
    return;
  }
  const std::size_t first = reference.plotname == "Operating Point" ? 0 : 1;  // the others begin with their scale
  std::size_t compared = 0;
  for (std::size_t k = first; k < reference.names.size(); ++k) {
    const std::string& name = reference.names[k];
    if (!has_column(other, name)) {
      INFO(reference.plotname << " has no vector " << name);
      CHECK_FALSE(demand.all_vectors);
      continue;
    }
    check_vector(reference, other, name, demand);
    ++compared;
  }
  CHECK(compared > 0);
}

void check_plots(const std::vector<RawPlot>& reference, const std::vector<RawPlot>& other, const Demand& demand) {
  for (const RawPlot& plot : reference) check_plot(plot, same_analysis(other, plot), demand);
}

const char* const reference = SETTLE_SOURCE_DIR "/tests/reference";
const char* const crossbars = SETTLE_SOURCE_DIR "/tests/reference/arrays";
const char* const shipped = SETTLE_SOURCE_DIR "/netlists";

// Decks whose name begins so; of many, every `stride`-th from `first`, to share them out among test processes.
std::vector<fs::path> decks(const std::string& prefix, std::size_t first = 0, std::size_t stride = 1, const char* folder = reference) {
  std::vector<fs::path> all, chosen;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".cir" && entry.path().filename().string().rfind(prefix, 0) == 0) all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  for (std::size_t k = first; k < all.size(); k += stride) chosen.push_back(all[k]);
  return chosen;
}

// ngspice has nothing like .program or .teach, so its circuits would be in other states; of other decks it must know one analysis.
std::vector<fs::path> comparable(std::vector<fs::path> all) {
  std::erase_if(all, [](const fs::path& deck) {
    const std::string text = file_text(deck);
    const auto has = [&](const char* word) { return text.find(std::string("\n.") + word) != std::string::npos; };
    return has("program") || has("teach") || !(has("tran ") || has("dc ") || has("op\n") || has("op ") || has("ac "));
  });
  return all;
}

// What ngspice makes of the flat circuit that this program exports.
std::vector<RawPlot> run_exported(const fs::path& deck) {
  const Scratch scratch;
  const fs::path flat = scratch / "flat.cir";
  const Outcome outcome = run_command(SETTLE_PROGRAM " export " + quoted(deck) + " --to ngspice -o " + quoted(flat));
  if (outcome.status != 0) throw std::runtime_error("the export failed: " + outcome.err);
  return run_ngspice(flat);
}

// The crossings' names as the export writes them: a comma separates words in ngspice.
std::vector<RawPlot> run_crossbars(const fs::path& deck) {
  std::vector<RawPlot> plots = run_settle(deck);
  for (RawPlot& plot : plots)
    for (std::string& name : plot.names) std::replace(name.begin(), name.end(), ',', '_');
  return plots;
}

using Run = std::vector<RawPlot> (*)(const fs::path&);

void compare(const std::vector<fs::path>& chosen, Run expected, Run other) {
  if (!have_ngspice()) {
    WARN("SKIPPED: ngspice is not installed, so nothing was compared (apt-get install ngspice)");
    return;
  }
  REQUIRE(!chosen.empty());
  for (const fs::path& deck : chosen) {
    INFO(deck.string());
    try {
      check_plots(expected(deck), other(deck), demand_of(deck));
    } catch (const std::exception& error) {
      FAIL_CHECK(error.what());
    }
  }
}

// Without the integrals, which ngspice keeps in a plot of their own.
std::vector<RawPlot> run_spectra(const fs::path& deck) {
  std::vector<RawPlot> plots = run_ngspice(deck);
  std::erase_if(plots, [](const RawPlot& plot) { return plot.plotname == "Integrated Noise"; });
  return plots;
}

void compare_runs(const std::vector<fs::path>& chosen) { compare(chosen, run_ngspice, run_settle); }
void compare_export(const std::vector<fs::path>& chosen) { compare(chosen, run_ngspice, run_exported); }

}  // namespace

TEST_CASE("operating points are those of ngspice", "[ngspice][op]") { compare_runs(decks("op_")); }
TEST_CASE("sweeps are those of ngspice", "[ngspice][dc]") { compare_runs(decks("dc_")); }
TEST_CASE("small-signal responses are those of ngspice", "[ngspice][ac]") { compare_runs(decks("ac_")); }
TEST_CASE("noise spectra are those of ngspice", "[ngspice][noise]") {
  compare(decks("noise_"), run_spectra, run_settle);
  compare(decks("noise_"), run_spectra, [](const fs::path& deck) {
    std::vector<RawPlot> plots = run_exported(deck);
    std::erase_if(plots, [](const RawPlot& plot) { return plot.plotname == "Integrated Noise"; });
    return plots;
  });
}
TEST_CASE("a deck with all analyses gives all answers of ngspice", "[ngspice][all]") { compare_runs(decks("all_")); }
TEST_CASE("waveforms are those of ngspice, first part", "[ngspice][tran]") { compare_runs(decks("tran_", 0, 3)); }
TEST_CASE("waveforms are those of ngspice, second part", "[ngspice][tran]") { compare_runs(decks("tran_", 1, 3)); }
TEST_CASE("waveforms are those of ngspice, third part", "[ngspice][tran]") { compare_runs(decks("tran_", 2, 3)); }
TEST_CASE("exported static decks mean the same to ngspice", "[ngspice][export]") {
  for (const char* prefix : {"op_", "dc_", "ac_", "all_"}) compare_export(decks(prefix));
}
TEST_CASE("exported transient decks mean the same to ngspice, first part", "[ngspice][export]") { compare_export(decks("tran_", 0, 2)); }
TEST_CASE("exported transient decks mean the same to ngspice, second part", "[ngspice][export]") { compare_export(decks("tran_", 1, 2)); }
TEST_CASE("devices that ngspice lacks, exported as B sources, do the same there", "[ngspice][export][devices]") {
  compare(decks("", 0, 1, SETTLE_SOURCE_DIR "/tests/reference/devices"), run_exported, run_settle);
}
TEST_CASE("crossbars mean the same to ngspice once exported, at rest", "[ngspice][export][array]") {
  for (const char* prefix : {"op_", "dc_"}) compare(decks(prefix, 0, 1, crossbars), run_exported, run_crossbars);
}
TEST_CASE("crossbars mean the same to ngspice once exported, over time", "[ngspice][export][array]") {
  compare(decks("tran_", 0, 1, crossbars), run_exported, run_crossbars);
}
TEST_CASE("shipped decks mean the same to ngspice once exported", "[ngspice][netlists]") {
  compare(comparable(decks("", 0, 1, shipped)), run_exported, run_crossbars);
}
