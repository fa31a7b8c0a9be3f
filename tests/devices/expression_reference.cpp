// The reference page of expressions and waveforms says what the program's own tables say.
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "devices/waveform.hpp"
#include "sim/expression_function.hpp"

using namespace settle;

namespace {

std::string page() {
  std::ostringstream text;
  text << std::ifstream(SETTLE_SOURCE_DIR "/docs/netlist-expressions.md").rdbuf();
  return text.str();
}

/// A bar would end the cell of a table.
std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 6) text.replace(at, 1, "&#124;");
  return text;
}

}  // namespace

TEST_CASE("the reference page has every function with its meaning", "[devices][waveforms]") {
  const std::string text = page();
  for (const auto& [key, f] : Functions::all()) {
    const std::string meaning = f->refusal.empty() ? f->help : "not available: " + f->refusal;
    const std::string line = "| `" + key.substr(0, key.find('/')) + "(" + f->arguments + ")` | " + cell(meaning) + " | " +
                             (!f->refusal.empty() ? "" : f->holomorphic ? "yes" : "no") + " |";
    INFO(line);
    CHECK(text.find(line) != std::string::npos);
  }
}

TEST_CASE("the reference page has every waveform with its arguments", "[devices][waveforms]") {
  const std::string text = page();
  for (const auto& [name, kind] : Registry<WaveformKind>::all()) {
    const std::size_t section = text.find("### " + name + "\n\n" + kind->help());
    INFO(name);
    REQUIRE(section != std::string::npos);
    for (const WaveformParameter& p : kind->parameters()) {
      const std::string line = "| `" + p.name + "` | " + p.unit + " | " + (p.standard.empty() ? "required" : p.standard) + " | " + p.help + " |";
      INFO(line);
      CHECK(text.find(line, section) != std::string::npos);
    }
  }
}
