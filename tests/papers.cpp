// Every deck of netlists/papers, run with its quick setting: its claims hold. A test of its own for each, so that a failure has its name.
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "circuits/figure_text.hpp"
#include "circuits/report.hpp"
#include "circuits/run.hpp"
#include "tests/support/folder.hpp"

using namespace settle;
namespace fs = std::filesystem;

namespace {

const char* const folder = SETTLE_SOURCE_DIR "/netlists/papers";
const char* const package = "dataset-fashion-mnist";

std::string text_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

std::vector<fs::path> decks() {
  std::vector<fs::path> all;
  if (fs::exists(folder))
    for (const auto& entry : fs::directory_iterator(folder))
      if (entry.path().extension() == ".cir") all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  return all;
}

bool has_its_data(const fs::path& deck) { return text_of(deck).find("fashion_mnist") == std::string::npos || fs::exists("/usr/share/datasets/fashion-mnist"); }

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
  const std::string page = text_of(fs::path(folder) / "README.md");
  for (const fs::path& deck : decks()) {
    INFO("netlists/papers/run " << deck.stem().string() << " writes the page");
    CHECK(page.find("(" + deck.filename().string() + ")") != std::string::npos);
  }
}

TEST_CASE("every deck of the papers has a quick setting and says what it claims", "[papers]") {
  for (const fs::path& deck : decks()) {
    INFO(deck.filename().string());
    const std::string text = text_of(deck);
    for (const char* needed : {"quick=0", ".figure ", ".claim "}) CHECK(text.find(needed) != std::string::npos);
  }
}
