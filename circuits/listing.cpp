// The reference as text in columns, or as Markdown.
#include "circuits/listing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "circuits/report_sparkline.hpp"
#include "sim/error.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

constexpr std::size_t columns = 5;
using Cells = std::array<std::string, columns>;

Cells cells_of(const ListingRow& row) { return {row.name, row.unit, row.standard, row.range, row.help}; }

/// The rows of a table behind its heads, and which columns say anything.
struct Table {
  std::vector<Cells> lines;
  std::array<bool, columns> used{};
  std::array<std::size_t, columns> width{};

  Table(const Cells& heads, const std::vector<ListingRow>& rows) : lines{heads} {
    for (const ListingRow& row : rows) lines.push_back(cells_of(row));
    for (std::size_t c = 0; c < columns; ++c)
      for (std::size_t k = 1; k < lines.size(); ++k) used[c] = used[c] || !lines[k][c].empty();
    for (std::size_t c = 0; c < columns; ++c)
      for (const Cells& line : lines) width[c] = std::max(width[c], columns_of(line[c]));
  }
};

/// Text broken at blanks; the lines after the first begin with `indent` blanks.
std::string wrapped(const std::string& text, std::size_t indent, std::size_t width) {
  std::istringstream words(text);
  std::string out;
  std::size_t at = indent;
  for (std::string word; words >> word;) {
    const std::size_t length = columns_of(word);
    if (at > indent && at + 1 + length > width) {
      out += "\n" + std::string(indent, ' ');
      at = indent;
    } else if (at > indent) {
      out += ' ';
      ++at;
    }
    out += word;
    at += length;
  }
  return out;
}

std::string text_table(const Table& table, std::size_t width) {
  std::string text;
  for (const Cells& line : table.lines) {
    std::string row = "  ";
    for (std::size_t c = 0; c + 1 < columns; ++c)
      if (table.used[c]) row += padded(line[c], table.width[c] + 2);
    const std::size_t indent = columns_of(row);
    text += row + wrapped(line[columns - 1], indent, std::max(width, indent + 30)) + "\n";
  }
  return text;
}

/// A bar would end a cell.
std::string escaped(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 6) text.replace(at, 1, "&#124;");
  return text;
}

std::string markdown_table(const Table& table) {
  std::string text, rule = "|";
  for (std::size_t k = 0; k < table.lines.size(); ++k) {
    text += '|';
    for (std::size_t c = 0; c < columns; ++c) {
      if (!table.used[c]) continue;
      const std::string cell = escaped(table.lines[k][c]);
      text += k > 0 && c == 0 ? fmt::format(" `{}` |", cell) : fmt::format(" {} |", cell);
      if (k == 0) rule += "---|";
    }
    text += '\n';
    if (k == 0) text += rule + '\n';
  }
  return text;
}

std::string entry_text(const ListingTopic& topic, const ListingEntry& entry, std::size_t width) {
  std::string text = fmt::format("{}: {}\n", entry.name, wrapped(entry.help, 2, width));
  if (!entry.usage.empty()) text += fmt::format("  {}\n", entry.usage);
  for (const std::string& fact : entry.facts) text += fmt::format("  {}\n", fact);
  return entry.rows.empty() ? text : text + text_table(Table(topic.heads, entry.rows), width);
}

std::string entry_markdown(const ListingTopic& topic, const ListingEntry& entry) {
  std::string text = fmt::format("## {}\n\n{}\n", entry.name, entry.help);
  if (!entry.usage.empty()) text += fmt::format("\n    {}\n", entry.usage);
  if (!entry.facts.empty()) text += '\n';
  for (const std::string& fact : entry.facts) text += fmt::format("- {}\n", fact);
  return entry.rows.empty() ? text : text + "\n" + markdown_table(Table(topic.heads, entry.rows));
}

std::vector<ListingRow> all_rows(const std::vector<ListingEntry>& entries) {
  std::vector<ListingRow> rows;
  for (const ListingEntry& entry : entries) rows.insert(rows.end(), entry.rows.begin(), entry.rows.end());
  return rows;
}

std::string page_text(const ListingTopic& topic, const std::vector<ListingEntry>& entries, std::size_t width) {
  if (topic.single) return text_table(Table(topic.heads, all_rows(entries)), width);
  std::string text;
  for (const ListingEntry& entry : entries) text += (text.empty() ? "" : "\n") + entry_text(topic, entry, width);
  return text;
}

std::string page_markdown(const ListingTopic& topic, const std::vector<ListingEntry>& entries) {
  std::string text = fmt::format("# {}\n\n{} This page is what `settle list {} --markdown` prints.\n", topic.title, topic.intro, topic.name);
  if (topic.single) return text + "\n" + markdown_table(Table(topic.heads, all_rows(entries)));
  for (const ListingEntry& entry : entries) text += "\n" + entry_markdown(topic, entry);
  return text;
}

const ListingTopic& find_topic(const std::string& name) {
  std::vector<std::string_view> names;
  std::string known;
  for (const ListingTopic& topic : listing_topics()) {
    if (topic.name == name) return topic;
    names.push_back(topic.name);
    known += (known.empty() ? "" : ", ") + topic.name;
  }
  throw Error(Fault::usage, fmt::format("there is no list of '{}'; there are {}{}", name, known, suggest(name, names)));
}

/// A function may have several forms.
std::vector<ListingEntry> entries_called(const ListingTopic& topic, const std::string& name) {
  std::vector<ListingEntry> entries = topic.entries();
  std::vector<std::string_view> names;
  std::vector<ListingEntry> found;
  for (const ListingEntry& entry : entries) {
    names.push_back(entry.name);
    if (entry.name == name) found.push_back(entry);
  }
  if (found.empty()) throw Error(Fault::usage, fmt::format("'{}' is not among the {}{}", name, topic.name, suggest(name, names)));
  return found;
}

}  // namespace

std::string listing(const std::string& topic_name, const std::string& name, ListingForm form, std::size_t width) {
  const ListingTopic& topic = find_topic(topic_name);
  const std::vector<ListingEntry> entries = name.empty() ? topic.entries() : entries_called(topic, name);
  return form == ListingForm::markdown ? page_markdown(topic, entries) : page_text(topic, entries, width);
}

}  // namespace settle
