// Reading zip archives: APPNOTE.TXT 4.3 (pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT), sizes beyond 4 GB by its extra field 1.
#include "learning/zip_file.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>

#include "sim/error.hpp"
#include "sim/matrix_file.hpp"

namespace settle {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint32_t local_mark = 0x04034b50, directory_mark = 0x02014b50, end_mark = 0x06054b50, beyond = 0xffffffff;
constexpr std::size_t end_length = 22, entry_length = 46, local_length = 30;

[[noreturn]] void fail(const std::string& path, const std::string& what) { throw Error(Fault::file, path + ": " + what); }

/// Little-endian, of 2, 4 or 8 bytes.
std::uint64_t number(const std::uint8_t* at, int bytes) {
  std::uint64_t value = 0;
  for (int k = bytes; k-- > 0;) value = value << 8 | at[k];
  return value;
}

struct Archive {
  explicit Archive(const std::string& name) : path(name) {
    require_file(path);
    in.open(path, std::ios::binary);
    size = std::filesystem::file_size(path);
  }

  Bytes read(std::uint64_t at, std::uint64_t count) {
    if (at > size || count > size - at) fail(path, fmt::format("the archive is cut off: bytes {} to {} are wanted of {}; fetch the file again", at, at + count, size));
    Bytes bytes(count);
    in.clear();
    in.seekg(static_cast<std::streamoff>(at));
    if (!in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(count))) fail(path, fmt::format("bytes {} to {} cannot be read", at, at + count));
    return bytes;
  }

  std::string path;
  std::ifstream in;
  std::uint64_t size = 0;
};

std::string beginning(Archive& archive) {
  const Bytes head = archive.read(0, std::min<std::uint64_t>(archive.size, 4));
  if (head.size() >= 4 && number(head.data(), 4) == local_mark) return "it begins like one but its end is missing: cut off? fetch the file again";
  if (!head.empty() && head[0] == 0x80) return "it looks like a Python pickle; read are the npz files of the same data";
  return "read are npz files, zip archives of arrays";
}

/// The record that ends an archive; only a comment may follow it.
Bytes end_record(Archive& archive) {
  const std::uint64_t searched = std::min<std::uint64_t>(archive.size, end_length + 0xffff);
  const Bytes tail = archive.read(archive.size - searched, searched);
  for (std::size_t at = tail.size() >= end_length ? tail.size() - end_length + 1 : 0; at-- > 0;)
    if (number(&tail[at], 4) == end_mark) return {tail.begin() + static_cast<std::ptrdiff_t>(at), tail.end()};
  fail(archive.path, "no zip archive: " + beginning(archive));
}

/// What does not fit 32 bits stands in the extra field 1, in this order.
void widen(ZipMember& member, const std::uint8_t* extra, std::size_t length) {
  while (length >= 4) {
    const std::size_t kind = number(extra, 2), size = std::min<std::size_t>(number(extra + 2, 2), length - 4);
    std::size_t at = 4;
    for (std::uint64_t* const value : {&member.size, &member.packed, &member.at})
      if (kind == 1 && *value == beyond && at + 8 <= size + 4) *value = number(extra + at, 8), at += 8;
    extra += size + 4, length -= size + 4;
  }
}

/// Where a member's bytes begin: its local header has a name and an extra field of its own.
std::uint64_t content_of(Archive& archive, const ZipMember& member) {
  const Bytes local = archive.read(member.at, local_length);
  if (number(local.data(), 4) != local_mark) fail(archive.path, fmt::format("byte {}: '{}' does not begin here as the directory says; fetch the file again", member.at, member.name));
  if (number(&local[6], 2) & 1) fail(archive.path, fmt::format("'{}' is encrypted", member.name));
  return member.at + local_length + number(&local[26], 2) + number(&local[28], 2);
}

Bytes inflated(Archive& archive, const ZipMember& member, std::uint64_t at, std::uint64_t wanted) {
  const auto broken = [&](std::uint64_t done) { fail(archive.path, fmt::format("'{}': the packing is broken behind byte {} of {}; fetch the file again", member.name, done, member.size)); };
  constexpr std::uint64_t most_per_byte = 1032;  // of deflate
  if (member.size / most_per_byte > member.packed) fail(archive.path, fmt::format("'{}': {} bytes cannot hold {}; fetch the file again", member.name, member.packed, member.size));
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) fail(archive.path, "zlib cannot be started");
  const std::unique_ptr<z_stream, int (*)(z_stream*)> ended(&stream, inflateEnd);
  Bytes content(wanted), packed;
  std::uint64_t taken = 0, done = 0;
  while (done < wanted) {
    if (stream.avail_in == 0) {
      packed = archive.read(at + taken, std::min<std::uint64_t>(member.packed - taken, 1 << 20));
      taken += packed.size();
      stream.next_in = packed.data(), stream.avail_in = static_cast<unsigned>(packed.size());
    }
    const auto room = static_cast<unsigned>(std::min<std::uint64_t>(wanted - done, 1 << 24));
    stream.next_out = content.data() + done, stream.avail_out = room;
    const int state = inflate(&stream, Z_NO_FLUSH);
    done += room - stream.avail_out;
    if ((state != Z_OK && state != Z_STREAM_END) || (done < wanted && (state == Z_STREAM_END || (stream.avail_in == 0 && taken == member.packed)))) broken(done);
  }
  return content;
}

}  // namespace

std::vector<ZipMember> zip_members(const std::string& path) {
  Archive archive(path);
  const Bytes end = end_record(archive);
  const std::uint64_t length = number(&end[12], 4), begin = number(&end[16], 4), count = number(&end[10], 2);
  if (begin == beyond || count == 0xffff) fail(path, "an archive beyond 4 GB is not read; save its arrays in several files");
  const Bytes directory = archive.read(begin, length);
  std::vector<ZipMember> members;
  for (std::size_t at = 0; members.size() < count;) {
    const auto need = [&](std::size_t bytes) {
      if (bytes > directory.size() - at) fail(path, fmt::format("its directory has {} of {} members; fetch the file again", members.size(), count));
    };
    need(entry_length);
    const std::uint8_t* const entry = &directory[at];
    if (number(entry, 4) != directory_mark) fail(path, fmt::format("byte {}: no entry of the archive's directory; fetch the file again", begin + at));
    const std::size_t name = number(entry + 28, 2), extra = number(entry + 30, 2), whole = entry_length + name + extra + number(entry + 32, 2);
    need(whole);
    ZipMember member{std::string(reinterpret_cast<const char*>(entry) + entry_length, name), number(entry + 42, 4), number(entry + 20, 4), number(entry + 24, 4), static_cast<int>(number(entry + 10, 2))};
    widen(member, entry + entry_length + name, extra);
    members.push_back(std::move(member));
    at += whole;
  }
  return members;
}

std::vector<std::uint8_t> read_zip_member(const std::string& path, const ZipMember& member, std::uint64_t most) {
  Archive archive(path);
  const std::uint64_t at = content_of(archive, member), wanted = std::min(most, member.size);
  if (member.method == 0) return archive.read(at, std::min(wanted, member.packed));
  if (member.method == 8) return inflated(archive, member, at, wanted);
  fail(path, fmt::format("'{}' is packed by method {}; read are stored (0) and deflated (8), as numpy.savez and savez_compressed write them", member.name, member.method));
}

}  // namespace settle
