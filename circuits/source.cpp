// Reading deck files: byte order marks, UTF-16, Latin-1 and foreign line ends all become plain UTF-8 lines.
#include "circuits/source.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <system_error>

#include <filesystem>

#include "sim/error.hpp"
#include "sim/utf8.hpp"

namespace settle {
namespace {

void append_utf8(std::string& out, unsigned code) {
  const auto put = [&](unsigned byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) return put(code);
  if (code < 0x800) return put(0xC0 | code >> 6), put(0x80 | (code & 0x3F));
  if (code < 0x10000) return put(0xE0 | code >> 12), put(0x80 | (code >> 6 & 0x3F)), put(0x80 | (code & 0x3F));
  put(0xF0 | code >> 18), put(0x80 | (code >> 12 & 0x3F)), put(0x80 | (code >> 6 & 0x3F)), put(0x80 | (code & 0x3F));
}

std::string from_utf16(std::string_view bytes, bool big_endian) {
  const auto unit = [&](std::size_t k) {
    const auto a = static_cast<unsigned char>(bytes[k]), b = static_cast<unsigned char>(bytes[k + 1]);
    return big_endian ? unsigned(a) << 8 | b : unsigned(b) << 8 | a;
  };
  std::string out;
  for (std::size_t k = 0; k + 1 < bytes.size(); k += 2) {
    unsigned code = unit(k);
    const bool pair = code >= 0xD800 && code < 0xDC00 && k + 3 < bytes.size();
    if (pair) code = 0x10000 + ((code - 0xD800) << 10) + ((unit(k + 2) - 0xDC00) & 0x3FF), k += 2;
    append_utf8(out, code);
  }
  return out;
}

/// LTspice writes UTF-16LE, sometimes without a mark: then every second byte of the first ones is zero.
bool looks_like_utf16le(std::string_view bytes) {
  if (bytes.size() < 8) return false;
  for (std::size_t k = 0; k < 8; k += 2)
    if (bytes[k] == 0 || bytes[k + 1] != 0) return false;
  return true;
}

std::string decoded(const std::string& bytes) {
  const std::string_view view = bytes;
  if (view.substr(0, 3) == "\xEF\xBB\xBF") return to_utf8(bytes.substr(3));
  if (view.substr(0, 2) == "\xFF\xFE") return from_utf16(view.substr(2), false);
  if (view.substr(0, 2) == "\xFE\xFF") return from_utf16(view.substr(2), true);
  if (looks_like_utf16le(view)) return from_utf16(view, false);
  return to_utf8(bytes);
}

std::string with_plain_line_ends(const std::string& text) {
  std::string out;
  out.reserve(text.size() + 1);
  for (std::size_t k = 0; k < text.size(); ++k) {
    if (text[k] != '\r') out.push_back(text[k]);
    else if (k + 1 == text.size() || text[k + 1] != '\n') out.push_back('\n');
  }
  return out;
}

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

int characters(std::string_view text, bool ascii) {
  return static_cast<int>(ascii ? static_cast<std::ptrdiff_t>(text.size()) : std::count_if(text.begin(), text.end(), starts_character));
}

}  // namespace

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return out;
}

std::string_view SourceFile::line(int number) const {
  if (number < 1 || static_cast<std::size_t>(number) > line_start.size()) return {};
  const std::size_t begin = line_start[static_cast<std::size_t>(number) - 1];
  return std::string_view(text).substr(begin, std::min(text.find('\n', begin), text.size()) - begin);
}

Location SourceFile::locate(std::size_t offset, std::size_t length) const {
  offset = std::min(offset, text.size());
  const auto after = std::upper_bound(line_start.begin(), line_start.end(), offset);
  const std::size_t begin = *(after - 1);
  const std::size_t line_end = after == line_start.end() ? text.size() : *after - 1;
  const std::size_t end = std::max(offset, std::min(offset + length, line_end));
  const std::string_view all = text;
  return {index, static_cast<int>(after - line_start.begin()), 1 + characters(all.substr(begin, offset - begin), ascii),
          std::max(1, characters(all.substr(offset, end - offset), ascii))};
}

const SourceFile& Sources::read(const std::string& path, Location included_from) {
  std::error_code unknown;
  if (std::filesystem::is_directory(path, unknown)) throw Error(Fault::file, "'" + path + "' is a folder, not a netlist");
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Error(Fault::file, "cannot read '" + path + "': " + std::generic_category().message(errno));
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return add(path, std::move(bytes).str(), included_from);
}

const SourceFile& Sources::add(std::string name, const std::string& bytes, Location included_from) {
  std::string text = with_plain_line_ends(decoded(bytes));
  SourceFile file{.name = std::move(name), .text = std::move(text), .lower = {}, .line_start = {0}, .included_from = included_from, .problem = {}};
  if (file.text.find('\0') != std::string::npos) {
    file.problem = "not a text file: it holds zero bytes";
    file.text.clear();
  }
  file.lower = lower_case(file.text);
  file.index = static_cast<int>(files_.size());
  for (std::size_t k = 0; k < file.text.size(); ++k) {
    if (file.text[k] == '\n') file.line_start.push_back(k + 1);
    if (static_cast<unsigned char>(file.text[k]) >= 0x80) file.ascii = false;
  }
  files_.push_back(std::move(file));
  return files_.back();
}

}  // namespace settle
