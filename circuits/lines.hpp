// Lines: physical lines become logical ones: comments and blank lines are gone, continuations joined, every character still knows its place.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/diagnostics.hpp"
#include "circuits/source.hpp"

namespace settle {

/// A card over several lines: where each piece of its text comes from.
struct JoinedText {
  struct Piece {
    std::size_t offset;   // in text
    std::size_t in_file;
  };
  std::string text;
  std::vector<Piece> pieces;
};

/// A logical line, in lower case. Views into it can be traced back to the file.
struct Line {
  const SourceFile* file = nullptr;
  std::string_view text;
  const JoinedText* joined = nullptr;  // nullptr: text is a part of file->lower
  int number = 0;                      // of the first physical line, and where it begins in the file
  std::size_t begin = 0;

  /// `part` must be a view into `text`.
  Location where(std::string_view part) const;
  /// `part` in the user's own capitals: for file names and messages.
  std::string_view original(std::string_view part) const;
  /// The whole line.
  Location where() const { return where(text); }

 private:
  std::size_t in_file(const char* place) const;
};

/// Takes a file apart into logical lines.
class LineReader {
 public:
  /// `keep` owns what had to be joined. With `titled` the first line is left out.
  LineReader(const SourceFile& file, bool titled, std::deque<JoinedText>& keep, Diagnostics& diagnostics);

  /// False at the end of the file.
  bool next(Line& line);

 private:
  bool next_physical(std::string_view& text);
  bool continued(std::string_view& text, bool forced);
  void join(Line& line, std::string_view more);

  const SourceFile& file_;
  std::deque<JoinedText>& keep_;
  Diagnostics& diagnostics_;
  std::size_t place_ = 0, begin_ = 0;  // of the next line, of the last one taken
  int number_ = 0;                     // of the last one taken
  bool first_ = true;
};

}  // namespace settle
