// The walk over lines and files.
#include "circuits/deck_reader.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "circuits/dot_words.hpp"
#include "sim/error.hpp"
#include "sim/number.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

constexpr std::size_t most_files = 10'000;

std::string_view first_word(std::string_view text) { return text.substr(0, text.find_first_of(" \t=,(")); }

}  // namespace

DeckReader::DeckReader(Sources& sources, Diagnostics& diagnostics, const ReadOptions& options)
    : sources_(sources), diagnostics_(diagnostics), options_(options) {
  deck_.sources = &sources;
  deck_.most_instances = options.most_instances;
  deck_.analyses = options.analyses;
  deck_.settings = options.settings;
  deck_.includes = options.includes;
  deck_.top = std::make_unique<Definition>();
  open_.push_back(deck_.top.get());
}

Deck DeckReader::read(const SourceFile& file) {
  if (!file.problem.empty()) diagnostics_.error({file.index, 1, 1}, file.problem);
  else if (file.text.find_first_not_of(" \t\n") == std::string::npos) diagnostics_.error({file.index, 1, 1}, "the deck is empty");
  read_title(file);
  read_file(file, true, "");
  return std::move(deck_);
}

/// The first line is the title whatever it says; one that reads like a card was probably meant as one.
void DeckReader::read_title(const SourceFile& file) {
  deck_.title = file.line(1);
  const Line line{&file, std::string_view(file.lower).substr(0, deck_.title.size()), nullptr, 1, 0};
  const std::string_view text = trimmed_view(line.text);
  if (text.empty()) return;
  Diagnostics quiet(sources_);
  const Card card = read_card({&file, text, nullptr, 1, 0}, quiet);
  if (card.words.empty()) return;
  const bool dot = text[0] == '.' && is_dot_word(text.substr(1, first_word(text).size() - 1), options_);
  const bool device = std::string_view("rclvidmegfhbxk").find(text[0]) != std::string_view::npos && card.words.size() >= 4 &&
                      card.words[0].size() < 9 && (text[0] == 'x' ? false : whole_number(card.words[3]).has_value());
  if (dot || device)
    diagnostics_.warning(card.where(std::size_t{0}), "the first line is the title, so this card is not read; put a title line before it");
}

void DeckReader::read_file(const SourceFile& file, bool titled, std::string_view wanted, Location wanted_where) {
  LineReader lines(file, titled, deck_.joined, diagnostics_);
  const std::size_t depth = open_.size();
  Section section{wanted, wanted.empty(), false, {}};
  Line line;
  while (lines.next(line)) {
    const std::string_view word = first_word(line.text);
    if (in_control_block(word, line) || in_other_section(word, line, section)) continue;
    if (word == ".end") {
      after_end(lines, line);
      break;
    }
    read_line(line);
  }
  if (in_control_) diagnostics_.error(control_, "this .control block has no .endc, so the rest of the file is skipped");
  in_control_ = false;
  if (!wanted.empty() && !section.found)
    diagnostics_.error(wanted_where, fmt::format("'{}' has no section '{}'{}", file.name, wanted, suggest(wanted, section.seen)));
  close_all_above(depth);
}

bool DeckReader::in_control_block(std::string_view word, const Line& line) {
  if (in_control_) {
    if (word == ".endc") in_control_ = false;
    return true;
  }
  if (word != ".control") return false;
  in_control_ = true;
  control_ = line.where(word);
  if (!told_of_control_) diagnostics_.warning(control_, "the .control block is skipped: settle runs the dot cards of the deck, not scripts");
  told_of_control_ = true;
  return true;
}

/// Inside a library file, lines outside the wanted section are skipped. `.lib name` opens a section, `.lib file name` refers to one.
bool DeckReader::in_other_section(std::string_view word, const Line& line, Section& section) {
  if (section.wanted.empty()) return false;
  if (word == ".lib") {
    Diagnostics quiet(sources_);
    const Card card = read_card(line, quiet);
    if (card.words.size() != 2) return !section.reading;
    section.seen.push_back(unquoted(card.words[1]));
    section.reading = section.seen.back() == section.wanted;
    section.found = section.found || section.reading;
    return true;
  }
  if (word != ".endl") return !section.reading;
  section.reading = false;
  return true;
}

void DeckReader::after_end(LineReader& lines, const Line& end) {
  Line more;
  const bool told = !lines.next(more);
  if (!told) diagnostics_.warning(more.where(), "text after .end is not read", {{end.where(), ".end is here"}});
}

void DeckReader::read_line(const Line& line) {
  deck_.cards.push_back(read_card(line, diagnostics_));
  const Card& card = deck_.cards.back();
  if (card.words.empty()) return;
  const char first = card.words[0][0];
  if (first == '.') return read_dot_card(card);
  if (first < 'a' || first > 'z') {
    const char* hint = first == '#' ? "; comments begin with * or ;" : first == '\\' || first == '/' ? "; a continued line begins with +" : "";
    diagnostics_.error(card.where(std::size_t{0}), fmt::format("a card begins with the letter of a device or with a dot, not with '{}'{}",
                                                               card.line.original(card.words[0].substr(0, 1)), hint));
    return;
  }
  scope().devices.push_back(&card);
}

void DeckReader::read_dot_card(const Card& card) {
  const std::string_view word = card.words[0].substr(1);
  if (word == "include" || word == "inc" || word == "incl") return include(card);
  if (word == "lib") return library(card);
  if (word == "subckt" || word == "macro") return open_subcircuit(card);
  if (word == "ends" || word == "eom") return close_subcircuit(card);
  if (word == "model") return model(card);
  if (word == "param" || word == "params" || word == "parameter" || word == "parameters" || word == "csparam") return parameters(card);
  if (word == "func" || word == "function") return function(card);
  if (word == "global") return globals(card);
  if (word == "title") return void(deck_.title = card.line.original(trimmed_view(card.rest(card.words[0].end()))));
  if (word == "ic" || word == "nodeset") return scope().conditions.push_back(&card);
  command(card);
}

void DeckReader::command(const Card& card) {
  const std::string_view word = card.words[0].substr(1);
  if (word == "endl" || word == "endc") return;
  if (is_ignored_dot_word(word)) return diagnostics_.note(card.where(std::size_t{0}), fmt::format(".{} has no meaning here and is ignored", word));
  if (!is_command(word, options_)) return unknown_dot_card(card, word);
  if (open_.size() > 1)
    diagnostics_.warning(card.where(std::size_t{0}), fmt::format(".{} speaks of the whole deck; move it out of subckt '{}'", word, scope().name));
  deck_.commands.push_back(&card);
}

void DeckReader::unknown_dot_card(const Card& card, std::string_view word) {
  const std::string reason = why_unsupported(word);
  if (!reason.empty()) return diagnostics_.error(card.where(std::size_t{0}), fmt::format(".{} is not supported: {}", word, reason));
  const std::vector<std::string_view> known = dot_words(options_);
  const std::string nearest = nearest_name(word, known);
  diagnostics_.error(card.where(std::size_t{0}), fmt::format("unknown command '.{}'{}", word, did_you_mean(nearest.empty() ? "" : "." + nearest)));
}

void DeckReader::include(const Card& card) {
  if (card.words.size() < 2) return diagnostics_.error(card.where(std::size_t{0}), "a file name is missing: .include \"file\"");
  const std::string_view rest = trimmed_view(card.rest(card.words[1].data()));
  read_included(card, rest.front() == '"' || rest.front() == '\'' ? card.words[1] : rest, "");
}

void DeckReader::library(const Card& card) {
  if (card.words.size() == 2) {
    const std::string_view name = card.words[1];
    if (unquoted(name) != name || name.find_first_of("./\\") != std::string_view::npos) return read_included(card, name, "");
    return diagnostics_.error(card.where(std::size_t{0}), "sections belong into a file of their own that is read with .lib file section");
  }
  if (card.words.size() != 3) return diagnostics_.error(card.where(std::size_t{0}), "usage: .lib file section");
  read_included(card, card.words[1], unquoted(card.words[2]));
}

/// Beside the including file first, then where the program runs.
std::string DeckReader::find_file(const Card& card, std::string_view name) const {
  namespace fs = std::filesystem;
  const fs::path path{std::string(card.line.original(unquoted(name)))};
  if (path.is_absolute()) return path.string();
  const fs::path beside = fs::path(card.line.file->name).parent_path() / path;
  std::error_code unknown;
  return fs::exists(beside, unknown) || !fs::exists(path, unknown) ? beside.string() : path.string();
}

bool DeckReader::includes_itself(const Card& card, const std::string& path) const {
  std::error_code unknown;
  for (const SourceFile* file = card.line.file;; file = &sources_[file->included_from.file]) {
    if (file->name == path || std::filesystem::equivalent(file->name, path, unknown)) return true;
    if (file->included_from.file < 0) return false;
  }
}

void DeckReader::read_included(const Card& card, std::string_view name, std::string_view section) {
  if (!options_.includes) return diagnostics_.error(card.where(name), "files cannot be included here");
  const std::string path = find_file(card, name);
  // A library may take one of its own sections from another.
  if (section.empty() && includes_itself(card, path)) return diagnostics_.error(card.where(name), fmt::format("'{}' includes itself", path));
  if (sources_.size() >= most_files) return diagnostics_.error(card.where(name), fmt::format("more than {} files are included", most_files));
  constexpr int deepest = 60;
  int depth = 0;
  for (const SourceFile* file = card.line.file; file->included_from.file >= 0; file = &sources_[file->included_from.file]) ++depth;
  if (depth >= deepest) return diagnostics_.error(card.where(name), fmt::format("files are included {} deep; does one include itself?", depth));
  try {
    const SourceFile& file = sources_.read(path, card.where(name));
    if (!file.problem.empty()) return diagnostics_.error(card.where(name), fmt::format("'{}' is {}", path, file.problem));
    read_file(file, false, section, section.empty() ? Location{} : card.where(section));
  } catch (const Error& error) {
    diagnostics_.error(card.where(name), error.what());
  }
}

Deck read_deck(const std::string& path, Sources& sources, Diagnostics& diagnostics, const ReadOptions& options) {
  return DeckReader(sources, diagnostics, options).read(sources.read(path));
}

Deck read_deck_text(const std::string& name, const std::string& text, Sources& sources, Diagnostics& diagnostics, const ReadOptions& options) {
  return DeckReader(sources, diagnostics, options).read(sources.add(name, text));
}

}  // namespace settle
