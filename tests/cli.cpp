// The command line as a user meets it: exit codes, streams, messages, JSON, and reference pages that say what the program says.
#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "tests/support/folder.hpp"
#include "tests/support/ngspice.hpp"

using namespace settle::testing;
using Json = nlohmann::json;

namespace {

const std::string divider = R"(divider
.param top=1k
V1 in 0 10
R1 in out {top}
R2 out 0 1k
.op
)";

const std::string charging = R"(charging
V1 in 0 PULSE(0 1 0 1n 1n 1)
R1 in out 1k
C1 out 0 1n
.tran 10n 5u
.ac dec 5 1k 1meg
.measure tran half WHEN v(out)=0.5
.measure tran never WHEN v(out)=2
)";

Outcome command(const std::string& arguments) { return run_command(SETTLE_PROGRAM " " + arguments); }

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a run prints a summary on standard output and nothing on standard error", "[cli]") {
  const Folder folder;
  const Outcome outcome = command("run " + folder.file("d.cir", divider) + " -o " + folder.file("d.h5"));
  INFO(outcome.err);
  CHECK(outcome.status == 0);
  CHECK(outcome.err.empty());
  for (const char* part : {"divider\n", "3 devices: 2 resistor, 1 voltage", "op1", "v(out)", "5 V", "d.h5"}) {
    INFO(outcome.out << "\nlacks " << part);
    CHECK(has(outcome.out, part));
  }
  CHECK(std::filesystem::exists(folder.file("d.h5")));
}

TEST_CASE("the JSON of a run has every key and the solution", "[cli]") {
  const Folder folder;
  const std::string deck = folder.file("c.cir", charging);
  const Outcome outcome = command("run " + deck + " --json --seed 7 -o " + folder.file("c.h5"));
  INFO(outcome.err);
  REQUIRE(outcome.status == 0);
  const Json report = Json::parse(outcome.out);
  CHECK(report.at("deck") == deck);
  CHECK(report.at("trace") == folder.file("c.h5"));
  CHECK(report.at("seed") == 7);
  CHECK(report.at("warnings").is_array());
  REQUIRE(report.at("analyses").size() == 2);
  const Json& tran = report.at("analyses").at(0);
  CHECK(tran.at("name") == "tran1");
  CHECK(tran.at("kind") == "tran");
  CHECK(tran.at("step") == Json::object());
  CHECK(tran.at("final").at("v(out)").get<double>() == Approx(1.0 - std::exp(-5.0)).margin(2e-3));  // reltol is 1e-3
  CHECK(tran.at("measures").at("half").get<double>() == Approx(1e-6 * std::log(2.0)).epsilon(5e-3));
  CHECK(tran.at("measures").at("never").is_null());
  CHECK(tran.at("failures").at("never").is_string());
  for (const char* key : {"points", "steps", "rejected", "factorizations", "seconds"}) CHECK(tran.at("stats").at(key).is_number());
  CHECK(report.at("analyses").at(1).at("final").at("v(out)").size() == 2);  // complex
}

TEST_CASE("a parameter set on the command line wins over the deck's", "[cli]") {
  const Folder folder;
  const std::string deck = folder.file("d.cir", divider), rest = " --json -o " + folder.file("d.h5");
  for (const std::string& words : {"run " + deck + " --set top=3k" + rest, "run --set top=3k " + deck + rest, "run --set TOP=3000 " + deck + rest}) {
    const Outcome outcome = command(words);
    INFO(words << "\n" << outcome.err);
    REQUIRE(outcome.status == 0);
    CHECK(Json::parse(outcome.out).at("analyses").at(0).at("final").at("v(out)").get<double>() == Approx(2.5));
  }
}

TEST_CASE("steps are one table of the summary", "[cli]") {
  const Folder folder;
  const std::string deck = folder.file("s.cir", divider + ".step param top list 1k 3k 9k\n");
  const Outcome outcome = command("run " + deck + " -o " + folder.file("s.h5"));
  INFO(outcome.out << outcome.err);
  CHECK(outcome.status == 0);
  for (const char* part : {"3 steps", "5 V", "2.5 V", "1 V"}) CHECK(has(outcome.out, part));
}

TEST_CASE("quiet runs print nothing", "[cli]") {
  const Folder folder;
  const Outcome outcome = command("run " + folder.file("d.cir", divider) + " --quiet -o " + folder.file("d.h5"));
  CHECK(outcome.status == 0);
  CHECK(outcome.out.empty());
  CHECK(outcome.err.empty());
}

TEST_CASE("usage errors are status 2, with the word that was meant", "[cli]") {
  const Folder folder;
  const std::string deck = folder.file("d.cir", divider);
  const std::vector<std::pair<std::string, std::string>> cases{{"", "subcommand"},
                                                               {"rn " + deck, "did you mean 'run'?"},
                                                               {"run " + deck + " --thread 2", "did you mean '--threads'?"},
                                                               {"run " + deck + " --threads 0", "1"},
                                                               {"run", "a deck is missing"},
                                                               {"run " + deck + " --set top=4q7", "name=value"},
                                                               {"run " + deck + " --set top", "name=value"},
                                                               {"list devics", "did you mean 'devices'?"},
                                                               {"list waveforms plse", "did you mean 'pulse'?"},
                                                               {"export " + deck + " --to spectre", "ngspice"}};
  for (const auto& [words, part] : cases) {
    const Outcome outcome = command(words);
    INFO("settle " << words << "\n" << outcome.err);
    CHECK(outcome.status == 2);
    CHECK(has(outcome.err, part));
    CHECK(outcome.out.empty());
  }
}

TEST_CASE("netlist errors are status 3, missing files status 4", "[cli]") {
  const Folder folder;
  const std::string bad = folder.file("b.cir", "bad\nR1 a 0 1kk5\nV1 a 0 1\n.op\n");
  for (const char* verb : {"run ", "check "}) {
    const Outcome outcome = command(verb + bad);
    INFO(outcome.err);
    CHECK(outcome.status == 3);
    CHECK(has(outcome.err, "b.cir:2:8: error:"));
    CHECK(command(verb + folder.file("none.cir")).status == 4);
  }
  CHECK(command("info " + bad).status == 4);
  CHECK(command("repair " + folder.file("none.h5")).status == 4);
}

TEST_CASE("with JSON, errors are a document too", "[cli]") {
  const Folder folder;
  const Outcome outcome = command("check --json " + folder.file("b.cir", "bad\nR1 a 0 1kk5\nV1 a 0 1\n.op\n"));
  CHECK(outcome.status == 3);
  const Json report = Json::parse(outcome.out);
  CHECK(report.at("error").is_string());
  const Json& first = report.at("diagnostics").at(0);
  CHECK(first.at("line") == 2);
  CHECK(first.at("column") == 8);
  CHECK(first.at("severity") == "error");
  CHECK(has(first.at("file").get<std::string>(), "b.cir"));
}

TEST_CASE("a trace tells what it holds and needs no repair", "[cli]") {
  const Folder folder;
  REQUIRE(command("run " + folder.file("d.cir", divider) + " --quiet -o " + folder.file("d.h5")).status == 0);
  CHECK(has(command("info " + folder.file("d.h5")).out, "divider"));
  CHECK(has(command("repair " + folder.file("d.h5")).out, "nothing to repair"));
}

TEST_CASE("a signal ends a run with status 130 and a trace that is closed", "[cli]") {
  const Folder folder;
  const std::string deck = folder.file("l.cir", "long\nV1 in 0 SIN(0 1 1meg)\nR1 in out 1k\nC1 out 0 1n\n.tran 1n 10\n"), trace = folder.file("l.h5");
  const Outcome outcome = run_command(SETTLE_PROGRAM " run " + deck + " -o " + trace + " & sleep 1; kill -TERM $!; wait $!");
  INFO(outcome.err);
  CHECK(outcome.status == 130);
  CHECK(has(command("info " + trace).out, "interrupted"));
}

TEST_CASE("the version names compiler and libraries", "[cli]") {
  const Outcome outcome = command("--version");
  CHECK(outcome.status == 0);
  for (const char* part : {"settle 0.", "SIMD", "Eigen 3.", "HDF5 1.", "KLU", "Boost", "CLI11"}) CHECK(has(outcome.out, part));
}

TEST_CASE("the reference pages are what the program lists", "[cli][docs]") {
  for (const char* topic : {"devices", "analyses", "waveforms", "functions", "options", "writes", "methods", "crossbar", "datasets"}) {
    const std::string page = SETTLE_SOURCE_DIR "/docs/" + std::string(topic) + ".md";
    INFO("refresh it: settle list " << topic << " --markdown > docs/" << topic << ".md");
    const std::string listed = command("list " + std::string(topic) + " --markdown").out;
    CHECK(listed.size() > 100);
    CHECK(listed == file_text(page));
  }
}
