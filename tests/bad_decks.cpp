// Every deck of tests/bad gets the right messages at the right lines and columns, and no others.
#include <catch2/catch.hpp>

#include <algorithm>
#include <regex>
#include <sstream>

#include "tests/support/ngspice.hpp"

using namespace settle::testing;
namespace fs = std::filesystem;

namespace {

const char* const folder = SETTLE_SOURCE_DIR "/tests/bad";

struct Message {
  std::string file, severity, text;  // of an expectation: "" for the deck itself; phrases with " | " between them
  std::size_t line = 0, column = 0;
  std::string source, caret;         // the two lines below a message
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// "* expect [file:]line:column severity phrase [| phrase ...]", in the deck, or beside it where the deck is not to be touched.
std::vector<Message> expectations(const fs::path& deck) {
  const fs::path beside = fs::path(deck).replace_extension(".expect");
  static const std::regex form(R"(\* expect (?:([^:]+):)?(\d+):(\d+) (\w+) (.*))");
  std::vector<Message> wanted;
  for (const std::string& line : lines_of(file_text(fs::exists(beside) ? beside : deck))) {
    std::smatch part;
    if (line.rfind("* expect", 0) != 0) continue;
    if (!std::regex_match(line, part, form)) throw std::runtime_error("cannot read '" + line + "' of " + deck.string());
    wanted.push_back({part[1], part[4], lower(part[5]), std::stoul(part[2]), std::stoul(part[3]), "", ""});
  }
  return wanted;
}

std::vector<Message> messages(const std::string& printed) {
  static const std::regex form(R"((.*?):(\d+):(\d+): (error|warning|note): (.*))");
  const std::vector<std::string> lines = lines_of(printed);
  std::vector<Message> found;
  for (std::size_t k = 0; k < lines.size(); ++k) {
    std::smatch part;
    if (!std::regex_match(lines[k], part, form)) continue;
    found.push_back({part[1], part[4], lower(part[5]), std::stoul(part[2]), std::stoul(part[3]),
                     k + 1 < lines.size() ? lines[k + 1] : "", k + 2 < lines.size() ? lines[k + 2] : ""});
  }
  return found;
}

bool has_phrases(const std::string& text, std::string phrases) {
  for (std::size_t end = 0; end != std::string::npos;) {
    end = phrases.find(" | ");
    if (text.find(phrases.substr(0, end)) == std::string::npos) return false;
    if (end != std::string::npos) phrases.erase(0, end + 3);
  }
  return true;
}

bool fits(const Message& found, const Message& wanted, const fs::path& deck) {
  const std::string file = wanted.file.empty() ? deck.filename().string() : wanted.file;
  return fs::path(found.file).filename() == file && found.line == wanted.line && found.column == wanted.column &&
         found.severity == wanted.severity && has_phrases(found.text, wanted.text);
}

// UTF-8 continuation bytes take no column.
std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

void check_excerpt(const Message& found) {
  INFO(found.source << "\n" << found.caret);
  const std::vector<std::string> lines = lines_of(file_text(found.file));
  if (found.line > lines.size()) {
    FAIL_CHECK("line " << found.line << " of " << found.file << " does not exist");
    return;
  }
  const std::string& line = lines[found.line - 1];
  const std::size_t indent = found.source.find(line), caret = found.caret.find('^');
  CHECK(indent != std::string::npos);
  CHECK(caret != std::string::npos);
  if (indent == std::string::npos || caret == std::string::npos) return;
  CHECK(characters(found.caret.substr(0, caret)) == characters(found.source.substr(0, indent)) + found.column - 1);
}

// "* arguments --dual-rail": what the command is given besides.
std::string arguments_of(const fs::path& deck) {
  std::smatch found;
  const std::string text = file_text(deck);
  return std::regex_search(text, found, std::regex(R"(\n\* arguments (.*))")) ? " " + found[1].str() : "";
}

std::size_t count(const std::vector<Message>& list, const std::string& severity) {
  return static_cast<std::size_t>(std::count_if(list.begin(), list.end(), [&](const Message& m) { return m.severity == severity; }));
}

void check_deck(const fs::path& deck) {
  const std::vector<Message> wanted = expectations(deck);
  const Outcome outcome = run_command(SETTLE_PROGRAM " check " + quoted(deck) + arguments_of(deck));
  const std::vector<Message> found = messages(outcome.err);
  INFO(deck.filename().string() << " printed\n" << outcome.err);
  CHECK(outcome.status == (count(wanted, "error") > 0 ? 3 : 0));
  CHECK(count(found, "error") == count(wanted, "error"));
  if (count(wanted, "error") == 0) CHECK(count(found, "warning") == count(wanted, "warning"));
  const bool has_excerpt = !fs::exists(fs::path(deck).replace_extension(".expect"));
  for (const Message& want : wanted) {
    INFO("expected " << want.line << ":" << want.column << " " << want.severity << " " << want.text);
    const auto match = std::find_if(found.begin(), found.end(), [&](const Message& m) { return fits(m, want, deck); });
    CHECK(match != found.end());
    if (match != found.end() && has_excerpt) check_excerpt(*match);
  }
}

std::vector<fs::path> bad_decks() {
  std::vector<fs::path> all;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".cir") all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace

TEST_CASE("a broken deck gets every message at its line and column and no other", "[bad]") {
  const std::vector<fs::path> decks = bad_decks();
  REQUIRE(decks.size() > 100);
  for (const fs::path& deck : decks) check_deck(deck);
}

TEST_CASE("strict checking turns warnings into errors", "[bad]") {
  for (const char* name : {"options_unknown.cir", "device_parameter_unknown.cir", "subckt_parameter_unknown.cir"}) {
    const Outcome outcome = run_command(SETTLE_PROGRAM " check --strict " + quoted(fs::path(folder) / name));
    INFO(name << " printed\n" << outcome.err);
    CHECK(outcome.status == 3);
    CHECK(count(messages(outcome.err), "error") == 1);
  }
}

TEST_CASE("good decks get no error", "[bad][netlists]") {
  for (const char* good : {SETTLE_SOURCE_DIR "/tests/reference", SETTLE_SOURCE_DIR "/netlists"})
    for (const auto& entry : fs::directory_iterator(good)) {
      if (entry.path().extension() != ".cir") continue;
      const Outcome outcome = run_command(SETTLE_PROGRAM " check " + quoted(entry.path()));
      INFO(entry.path().string() << " printed\n" << outcome.err);
      CHECK(outcome.status == 0);
    }
}
