// Showing diagnostics: file:line:column, the line, a caret under the words meant, and how the place was reached.
#include "circuits/diagnostics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace settle {
namespace {

constexpr int shown_columns = 150;  // of a long line, around the caret
constexpr std::size_t kept = 1000;  // diagnostics of any kind; more are only counted

const char* word(Severity severity) {
  return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "note";
}

const char* paint(Severity severity) {
  return severity == Severity::error ? "\033[1;31m" : severity == Severity::warning ? "\033[1;35m" : "\033[1;36m";
}

/// One entry per character; tabs and control characters become blanks, so that the caret line matches.
std::vector<std::string> shown_characters(std::string_view line) {
  std::vector<std::string> out;
  for (char c : line) {
    const bool continues = (static_cast<unsigned char>(c) & 0xC0) == 0x80 && !out.empty();
    if (continues) out.back().push_back(c);
    else out.emplace_back(1, static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c);
  }
  return out;
}

}  // namespace

void Diagnostics::add(Diagnostic diagnostic) {
  const Location& at = diagnostic.where;
  if (!known_.insert(fmt::format("{}:{}:{}:{}", at.file, at.line, at.column, diagnostic.text)).second) return;
  errors_ += diagnostic.severity == Severity::error;
  warnings_ += diagnostic.severity == Severity::warning;
  const bool beyond = diagnostic.severity == Severity::error ? errors_ > shown_errors : all_.size() >= kept;
  if (!beyond) all_.push_back(std::move(diagnostic));
}

std::string Diagnostics::place(Location where) const {
  if (where.file < 0 || static_cast<std::size_t>(where.file) >= sources_->size()) return "";
  return fmt::format("{}:{}:{}", (*sources_)[where.file].name, where.line, where.column);
}

std::string Diagnostics::excerpt(Location where, bool color) const {
  const std::vector<std::string> line = shown_characters((*sources_)[where.file].line(where.line));
  const int length = static_cast<int>(line.size()), caret = where.column - 1;
  if (length == 0) return "";
  const int first = length <= shown_columns ? 0 : std::clamp(caret - shown_columns / 2, 0, length - shown_columns);
  const int last = std::min(length, first + shown_columns);
  std::string text = first > 0 ? "... " : "", under(text.size(), ' ');
  for (int k = first; k < last; ++k) text += line[static_cast<std::size_t>(k)];
  if (last < length) text += " ...";
  under.append(static_cast<std::size_t>(std::max(0, caret - first)), ' ');
  const int tildes = std::min(where.length, last - caret) - 1;
  std::string mark(static_cast<std::size_t>(std::max(1, tildes + 1)), '~');
  mark[0] = '^';
  if (color) mark = "\033[1;32m" + mark + "\033[0m";
  return fmt::format("    {}\n    {}{}\n", text, under, mark);
}

std::string Diagnostics::render(const Diagnostic& diagnostic, bool color) const {
  const auto head = [&](Severity severity, Location where, const std::string& text) {
    const std::string at = place(where);
    const std::string kind = color ? fmt::format("{}{}:\033[0m", paint(severity), word(severity)) : fmt::format("{}:", word(severity));
    return fmt::format("{}{}{} {}\n", at, at.empty() ? "" : ": ", kind, text);
  };
  std::string out = head(diagnostic.severity, diagnostic.where, diagnostic.text);
  if (!place(diagnostic.where).empty()) out += excerpt(diagnostic.where, color);
  for (const Note& note : diagnostic.notes) out += head(Severity::note, note.where, note.text);
  for (Location at = diagnostic.where; !place(at).empty();) {
    at = (*sources_)[at.file].included_from;
    if (!place(at).empty()) out += head(Severity::note, at, "included from here");
  }
  return out;
}

std::string Diagnostics::render(bool color) const {
  std::vector<const Diagnostic*> sorted;
  for (const Diagnostic& diagnostic : all_) sorted.push_back(&diagnostic);
  const auto order = [](const Diagnostic* d) { return std::tuple(d->where.file, d->where.line, d->where.column); };
  std::stable_sort(sorted.begin(), sorted.end(), [&](auto a, auto b) { return order(a) < order(b); });
  std::string out;
  for (const Diagnostic* diagnostic : sorted) out += render(*diagnostic, color);
  if (errors_ > shown_errors) out += fmt::format("... and {} more errors\n", errors_ - shown_errors);
  return out;
}

}  // namespace settle
