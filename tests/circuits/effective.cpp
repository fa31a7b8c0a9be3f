// Effective values: what a trace says its devices were, and what `settle info` makes of it.
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuits/effective_report.hpp"
#include "circuits/effective.hpp"
#include "circuits/run.hpp"
#include "sim/error.hpp"
#include "sim/trace_reader.hpp"
#include "tests/support/folder.hpp"

using namespace settle;
using settle::testing::Folder;

namespace {

/// A deck run, and its trace opened.
struct Recorded {
  Folder folder;
  std::string path = folder.file("deck.h5");

  explicit Recorded(const std::string& text, std::uint64_t seed = 1, int threads = 1) {
    RunRequest request;
    request.deck = folder.file("deck.cir", "a test\n" + text + "\n.op\n.end\n");
    request.trace = path;
    request.seed = seed;
    request.threads = threads;
    const auto deck = load(request);
    INFO(diagnostics(*deck).render());
    RunReport report;
    run(*deck, request, report);
  }
  /// Numbers of one device and field over the steps.
  std::vector<double> of(const std::string& kind, const std::string& table, const std::string& device, const std::string& field) const {
    const TraceReader trace(path);
    const std::string group = "/effective/" + kind;
    const std::vector<std::string> devices = trace.texts(group + "/device"), fields = trace.texts(group + "/field");
    const TraceNumbers numbers = trace.numbers(group + "/" + table);
    const auto row = std::find(devices.begin(), devices.end(), device) - devices.begin(), column = std::find(fields.begin(), fields.end(), field) - fields.begin();
    std::vector<double> found;
    const std::size_t block = devices.size() * fields.size();
    for (std::size_t k = static_cast<std::size_t>(row) * fields.size() + static_cast<std::size_t>(column); k < numbers.values.size(); k += block)
      found.push_back(numbers.values[k]);
    return found;
  }
  std::string info(const std::string& name) const { return describe_effective(TraceReader(path), name); }
};

/// Through R1 and R2 in series flows what the trace says they are.
double current_of(const Recorded& run, std::size_t step = 0) {
  return 1.0 / (run.of("resistor", "value", "r1", "r")[step] + run.of("resistor", "value", "r2", "r")[step]);
}

const std::string divider = "V1 a 0 1\nR1 a b 1k tc1=0\nR2 b 0 {load}\n.param load=2k\n.save i(v1)\n";

}  // namespace

TEST_CASE("the trace holds the values the circuit was solved with", "[circuits][effective]") {
  const Recorded run(divider + ".mismatch r1 r dev=10%");
  CHECK(run.of("resistor", "nominal", "r1", "r").at(0) == 1e3);
  CHECK(run.of("resistor", "value", "r1", "r").at(0) != 1e3);
  CHECK(run.of("resistor", "value", "r2", "r").at(0) == 2e3);
  CHECK(run.of("resistor", "mismatch", "r1", "r").at(0) == 0.0);
  CHECK(run.of("resistor", "mismatch", "r2", "r").at(0) == -1.0);
  const double solved = TraceReader(run.path).array("/op1", "i").column("v1").at(0).real();
  CHECK(-solved == Approx(current_of(run)).epsilon(1e-12));
  REQUIRE(TraceReader(run.path).texts("/effective/mismatch").size() == 1);
  CHECK(TraceReader(run.path).texts("/effective/mismatch")[0].find(":7:1: .mismatch r1 r dev=10%") != std::string::npos);
  CHECK(TraceReader(run.path).groups().size() == 1);  // tables are no analyses
}

TEST_CASE("every step writes the values of its own circuit, on any number of threads", "[circuits][effective]") {
  const std::string deck = divider + ".mismatch r* r dev=10%\n.step load 1k 3k 1k\n.step seed 1 4 1";
  const Recorded one(deck), two(deck, 1, 2), seven(deck, 1, 7);
  const TraceReader trace(one.path);
  REQUIRE(one.of("resistor", "value", "r1", "r").size() == 12);
  for (std::size_t k = 0; k < 12; ++k) {
    INFO("step " << k);
    const double solved = trace.array(fmt::format("/op1/step{:04}", k + 1), "i").column("v1").at(0).real();
    CHECK(-solved == Approx(current_of(one, k)).epsilon(1e-12));
    CHECK(one.of("resistor", "nominal", "r2", "r")[k] == 1e3 * static_cast<double>(k % 3 + 1));
    CHECK(one.of("resistor", "value", "r1", "r")[k] == one.of("resistor", "value", "r1", "r")[k / 3 * 3]);  // the same chip at every load
  }
  for (const Recorded* other : {&two, &seven})
    for (const char* device : {"r1", "r2"}) CHECK(one.of("resistor", "value", device, "r") == other->of("resistor", "value", device, "r"));
  CHECK(one.of("resistor", "value", "r1", "r")[9] == Recorded(divider + ".mismatch r* r dev=10%", 4).of("resistor", "value", "r1", "r")[0]);
}

TEST_CASE("settle info says what a device was and which card made it so", "[circuits][effective]") {
  const Recorded run(divider + ".mismatch r1 r dev=10%");
  const std::string r1 = run.info("r1"), r2 = run.info("r2");
  CHECK(r1.find("r1 (resistor)") == 0);
  CHECK(r1.find("1 kOhm") != std::string::npos);
  CHECK(r1.find(".mismatch r1 r dev=10%") != std::string::npos);
  CHECK(r2.find("2 kOhm") != std::string::npos);
  CHECK(r2.find(".mismatch") == std::string::npos);
  CHECK_THROWS_WITH(run.info("r7"), Catch::Contains("no device and no array 'r7'; did you mean"));
}

TEST_CASE("an array conducts what the trace says of its crossings", "[circuits][effective]") {
  for (const std::string model : {"", "film"}) {  // conductances, and memristors whose state stands for g
    INFO("model " << model);
    const Recorded run("V[0:3] in[0:3] 0 0.1\nYcrossbar xb in[0:3] out[0:2] " + model + " g={20u+2u*row}\nVs[0:2] out[0:2] 0 0\n.model film hp(ron=10k roff=100k)\n"
                       ".save i(vs[*])\n.mismatch xb g dev=10%");
    const TraceReader trace(run.path);
    const TraceNumbers field = trace.numbers(model.empty() ? "/arrays/xb/g" : "/arrays/xb/x0");
    REQUIRE(field.shape == std::vector<std::size_t>{4, 3});
    for (std::size_t j = 0; j < 3; ++j) {
      double sum = 0.0, nominal = 0.0;
      for (std::size_t i = 0; i < 4; ++i) {
        const double value = field.values[3 * i + j];
        sum += 0.1 * (model.empty() ? value : 1.0 / (1e4 * value + 1e5 * (1.0 - value)));
        nominal += 0.1 * (20e-6 + 2e-6 * static_cast<double>(i));
      }
      const double solved = trace.array("/op1", "i").column(fmt::format("vs[{}]", j)).at(0).real();
      CHECK(solved == Approx(sum).epsilon(1e-9));
      CHECK(std::abs(sum / nominal - 1.0) < 0.3);  // four standard deviations of a mean of four would be 0.2
      CHECK(sum != Approx(nominal).epsilon(1e-4));
    }
  }
}

TEST_CASE("arrays are tables by row and column, with their faults", "[circuits][effective]") {
  Folder folder;
  const std::string path = folder.file("t.h5");
  Sources sources;
  Diagnostics diagnostics(sources);
  Netlist netlist;
  FlatArray array;
  array.name = "xb", array.rows = {"a", "b"}, array.columns = {"p", "q", "s"}, array.coupling = FlatArray::Coupling::pair;
  array.cells = {.kind = Registry<Kind>::find("resistor"), .model = "", .model_type = "", .values = {{"r", 1e3}, {"tc1", 0.0}}, .varied = {}, .write = nullptr};
  array.back = array.cells;
  array.back.varied["r"] = {1, 2, 3, 4, 5, 6};
  array.faults = {{4, ArrayFault::Sort::open, 0.0}};
  netlist.arrays = {array};
  MismatchCard card;
  card.target = "xb", card.field = "r", card.dev = {0.1, true}, card.text = ".mismatch xb r dev=10%";
  netlist.mismatches = {card};
  apply_mismatch(netlist, diagnostics);
  {
    Trace trace(path, {});
    const EffectiveValues values(trace, netlist, 2, diagnostics);
    trace.start();
    values.write(netlist, 1);
  }
  const TraceReader trace(path);
  const TraceNumbers r = trace.numbers("/arrays/xb/r"), back = trace.numbers("/arrays/xb/back/r_nominal"), fault = trace.numbers("/arrays/xb/fault");
  CHECK(r.shape == std::vector<std::size_t>{2, 2, 3});
  CHECK(std::isnan(r.values[0]));  // the first step never came
  for (std::size_t k = 0; k < 6; ++k) {
    CHECK(r.values[6 + k] == netlist.arrays[0].cells.varied["r"][k]);
    CHECK(back.values[6 + k] == static_cast<double>(k + 1));
    CHECK(fault.values[6 + k] == (k == 4 ? 3.0 : 0.0));
  }
  CHECK(r.unit == "Ohm");
  CHECK(fault.flags == "none stuck_on stuck_off open shorted");
  CHECK(trace.texts("/arrays/xb/column") == array.columns);
  const std::string text = describe_effective(trace, "xb"), one = describe_effective(trace, "xb[1,1]");
  CHECK(text.find(".mismatch xb r dev=10%") != std::string::npos);
  CHECK(text.find("coupling pair") != std::string::npos);
  CHECK(text.find("1 open") != std::string::npos);
  CHECK(one.find("open") != std::string::npos);
  CHECK_THROWS_WITH(describe_effective(trace, "xb[2,0]"), Catch::Contains("2 rows and 3 columns"));
}
