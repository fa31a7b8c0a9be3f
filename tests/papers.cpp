// Every deck of netlists/papers, run with its quick setting: its claims hold. A test of its own for each, so that a failure has its name.
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>

#include "circuits/figure_text.hpp"
#include "circuits/report.hpp"
#include "circuits/run.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/ngspice.hpp"

using namespace settle;
namespace fs = std::filesystem;

namespace {

const char* const folder = SETTLE_SOURCE_DIR "/netlists/papers";
const char* const package = "dataset-fashion-mnist";


std::string read(const fs::path& file) { return fs::exists(file) ? testing::file_text(file) : ""; }

std::vector<fs::path> decks() {
  std::vector<fs::path> all;
  if (fs::exists(folder))
    for (const auto& entry : fs::directory_iterator(folder))
      if (entry.path().extension() == ".cir") all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  return all;
}

bool has_its_data(const fs::path& deck) { return read(deck).find("fashion_mnist") == std::string::npos || fs::exists("/usr/share/datasets/fashion-mnist"); }

RunReport quick_run(const fs::path& deck) {
  const testing::Folder own;
  RunRequest request;
  request.deck = deck;
  request.trace = own.file("deck.h5");
  request.set = {{"quick", 1.0}};
  const auto loaded = load(request);
  INFO(diagnostics(*loaded).render());
  RunReport report;
  run(*loaded, request, report);
  return report;
}

class QuickRun final : public Catch::ITestInvoker {
 public:
  explicit QuickRun(fs::path deck) : deck_(std::move(deck)) {}
  void invoke() const override {
    if (!has_its_data(deck_)) {
      WARN("SKIPPED: " << deck_.filename().string() << " needs Debian's package " << package << " (apt-get install " << package << ")");
      return;
    }
    const RunReport report = quick_run(deck_);
    INFO(figures_text(report.figures, {false, 100}));
    CHECK_FALSE(report.figures.figures.empty());
    CHECK_FALSE(report.figures.claims.empty());
    for (const Figure& figure : report.figures.figures) {
      INFO(figure.name << ": " << figure.failure);
      CHECK(figure.failure.empty());
    }
    for (const Claim& claim : report.figures.claims) {
      INFO(claim.text << ": " << claim.why);
      CHECK(claim.verdict == Verdict::holds);
    }
  }

 private:
  fs::path deck_;
};

struct Registration {
  Registration() {
    for (const fs::path& deck : decks())
      Catch::AutoReg(new QuickRun(deck), CATCH_INTERNAL_LINEINFO, Catch::StringRef(), Catch::NameAndTags("the claims of " + deck.filename().string() + " hold in quick", "[papers]"));
  }
} const registration;

}  // namespace

TEST_CASE("the page of the papers mentions every deck", "[papers]") {
  const std::string page = read(fs::path(folder) / "README.md");
  for (const fs::path& deck : decks()) {
    INFO("netlists/papers/run " << deck.stem().string() << " writes the page");
    CHECK(page.find("(" + deck.filename().string() + ")") != std::string::npos);
  }
}

TEST_CASE("every deck of the papers has a quick setting and says what it claims", "[papers]") {
  for (const fs::path& deck : decks()) {
    INFO(deck.filename().string());
    const std::string text = read(deck);
    for (const char* needed : {"quick=0", ".figure ", ".claim "}) CHECK(text.find(needed) != std::string::npos);
  }
}

TEST_CASE("netlists/papers/run runs decks, goes on where one fails, and writes the page from what there is", "[papers]") {
  const testing::Folder own;
  fs::copy_file(fs::path(folder) / "run", own.path / "run");
  const std::string body = "\n.param quick=0\nV1 a 0 {2-quick}\nR1 a 0 1k\n.op\n.figure x of=\"op1: v(a)\" text=\"what came out\"\n.claim \"it is one\" {x == 1}\n";
  own.file("good.cir", "A good deck" + body);
  own.file("better.cir", "A better deck" + body);
  own.file("worse.cir", "A worse deck\nR1 a\n" + body);
  const std::string traces = testing::quoted(own.path / "traces"), program = "SETTLE=" SETTLE_PROGRAM " " + testing::quoted(own.path / "run") + " -o " + traces;
  const testing::Outcome all = testing::run_command(program + " --set quick=1 --quiet");
  INFO(all.out << all.err);
  CHECK(all.status == 1);
  CHECK(all.err.find("failed: worse") != std::string::npos);
  const std::string page = read(own.path / "README.md");
  INFO(page);
  for (const char* there : {"# Papers", "[A better deck](better.cir) | 1 of 1", "[A good deck](good.cir) | 1 of 1", "with `--set quick=1`", "- **holds**: it is one", "| what came out | 1 |  | V |"})
    CHECK(page.find(there) != std::string::npos);
  CHECK(page.find("A better deck") < page.find("A good deck"));
  CHECK(page.find("A worse deck") == std::string::npos);
  const testing::Outcome one = testing::run_command(program + " good --quiet");
  CHECK(one.status == 0);
  const std::string again = read(own.path / "README.md");
  INFO(again);
  CHECK(again.find("- **does not hold**: it is one: x = 2") != std::string::npos);
  CHECK(again.find("[A better deck](better.cir) | 1 of 1") != std::string::npos);
}
