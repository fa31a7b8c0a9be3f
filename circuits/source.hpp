// Sources: the files a deck is made of, kept as text so that any message can show the line it speaks of.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "sim/location.hpp"

namespace settle {

/// One file as UTF-8 with \n at line ends, whatever it was written in.
struct SourceFile {
  std::string name;                     // as it was opened
  std::string text;
  std::string lower;                    // `text` with ASCII letters in lower case, byte for byte
  std::vector<std::size_t> line_start;  // byte offsets
  Location included_from;               // file < 0: the deck itself
  int index = 0;
  bool ascii = true;
  std::string problem;                  // why it cannot be used, e.g. a binary file; the text is then empty

  std::string_view line(int number) const;
  /// The place of bytes [offset, offset + length); cut at the end of the line.
  Location locate(std::size_t offset, std::size_t length) const;
};

/// Owns all files; references stay valid.
class Sources {
 public:
  /// Reads a file. Throws Error(Fault::file) if it cannot be read.
  const SourceFile& read(const std::string& path, Location included_from = {});
  /// Takes a text as if it were a file of that name.
  const SourceFile& add(std::string name, const std::string& bytes, Location included_from = {});

  std::size_t size() const { return files_.size(); }
  const SourceFile& operator[](int file) const { return files_[static_cast<std::size_t>(file)]; }
  const std::deque<SourceFile>& files() const { return files_; }

 private:
  std::deque<SourceFile> files_;
};

/// ASCII letters in lower case.
std::string lower_case(std::string_view text);

}  // namespace settle
