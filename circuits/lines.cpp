// Comments, continuations and the way back from a character to its file.
#include "circuits/lines.hpp"

#include <algorithm>

namespace settle {
namespace {

bool blank(char c) { return c == ' ' || c == '\t' || c == '\f' || c == '\v'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

/// Cuts a tail comment: ';', '//', or '$' between blanks; not inside quotes.
std::string_view without_tail(std::string_view text) {
  if (text.find_first_of(";$/") == std::string_view::npos) return text;
  char quote = 0;
  for (std::size_t k = 0; k < text.size(); ++k) {
    const char c = text[k], next = k + 1 < text.size() ? text[k + 1] : ' ';
    if (quote) {
      if (c == quote) quote = 0;
    } else if ((c == '"' || c == '\'') && text.find(c, k + 1) != std::string_view::npos) {
      quote = c;
    } else if (c == ';' || (c == '/' && next == '/') || (c == '$' && blank(next) && (k == 0 || blank(text[k - 1])))) {
      return text.substr(0, k);
    }
  }
  return text;
}

bool ends_with_backslashes(std::string_view text) { return text.size() >= 2 && text.substr(text.size() - 2) == "\\\\"; }

}  // namespace

std::size_t Line::in_file(const char* place) const {
  if (!joined) return static_cast<std::size_t>(place - file->lower.data());
  const auto offset = static_cast<std::size_t>(place - joined->text.data());
  auto piece = std::upper_bound(joined->pieces.begin(), joined->pieces.end(), offset, [](std::size_t o, const auto& p) { return o < p.offset; });
  --piece;
  return piece->in_file + (offset - piece->offset);
}

Location Line::where(std::string_view part) const {
  const std::size_t offset = in_file(part.data());
  // One line of plain characters needs no search.
  if (!joined && file->ascii)
    return {file->index, number, static_cast<int>(offset - begin) + 1, std::max(1, static_cast<int>(part.size()))};
  return file->locate(offset, part.size());
}

std::string_view Line::original(std::string_view part) const {
  return std::string_view(file->text).substr(in_file(part.data()), part.size());
}

LineReader::LineReader(const SourceFile& file, bool titled, std::deque<JoinedText>& keep, Diagnostics& diagnostics)
    : file_(file), keep_(keep), diagnostics_(diagnostics) {
  if (titled) ++number_;
  if (titled) place_ = file.line_start.size() > 1 ? file.line_start[1] : file.text.size();
}

/// The next line that is neither blank nor a comment, without its tail comment.
bool LineReader::next_physical(std::string_view& text) {
  const std::string_view all = file_.lower;
  while (place_ < all.size()) {
    const std::size_t end = std::min(all.find('\n', place_), all.size());
    begin_ = place_;
    ++number_;
    text = trimmed(all.substr(place_, end - place_));
    place_ = end + 1;
    if (text.empty() || text.front() == '*') continue;
    text = trimmed(without_tail(text));
    if (!text.empty()) return true;
  }
  return false;
}

/// The next line if it continues the one before; otherwise the reader stays where it is.
bool LineReader::continued(std::string_view& text, bool forced) {
  const std::size_t before = place_;
  const int number_before = number_;
  if (next_physical(text)) {
    if (text.front() == '+') {
      text = trimmed(text.substr(1));
      return true;
    }
    if (forced) return true;
  }
  place_ = before;
  number_ = number_before;
  return false;
}

void LineReader::join(Line& line, std::string_view more) {
  if (!line.joined) {
    keep_.push_back({std::string(line.text), {{0, static_cast<std::size_t>(line.text.data() - file_.lower.data())}}});
    line.joined = &keep_.back();
  }
  JoinedText& joined = keep_.back();
  joined.text.push_back(' ');
  joined.pieces.push_back({joined.text.size(), static_cast<std::size_t>(more.data() - file_.lower.data())});
  joined.text.append(more);
  line.text = joined.text;
}

bool LineReader::next(Line& line) {
  line = Line{&file_, {}, nullptr, 0, 0};
  do {
    if (!next_physical(line.text)) return false;
    line.number = number_;
    line.begin = begin_;
    if (line.text.front() == '+' && first_) {
      diagnostics_.warning(line.where(line.text.substr(0, 1)), "'+' continues a card, but there is none before it; this line is not read");
      line.text = {};
    }
  } while (line.text.empty());
  first_ = false;
  for (std::string_view more;;) {
    const bool forced = ends_with_backslashes(line.text);
    if (forced && line.joined) keep_.back().text.resize(keep_.back().text.size() - 2), line.text = keep_.back().text;
    else if (forced) line.text.remove_suffix(2);
    if (!continued(more, forced)) break;
    join(line, more);
  }
  line.text = trimmed(line.text);
  return true;
}

}  // namespace settle
