// Reading npz archives.
#include "learning/npz_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "sim/error.hpp"

namespace settle {
namespace {

const ZipMember* find(const std::vector<ZipMember>& members, const std::string& name) {
  const auto found = std::find_if(members.begin(), members.end(), [&](const ZipMember& member) { return member.name == name + ".npy"; });
  return found == members.end() ? nullptr : &*found;
}

std::string names_of(const std::vector<ZipMember>& members) {
  std::string names;
  for (std::size_t k = 0; k < std::min<std::size_t>(members.size(), 10); ++k) {
    const std::string& name = members[k].name;
    names += (names.empty() ? "" : ", ") + (name.ends_with(".npy") ? name.substr(0, name.size() - 4) : name);
  }
  return members.empty() ? "it is empty" : fmt::format("it has {}{}", names, members.size() > 10 ? ", ..." : "");
}

}  // namespace

bool npz_has(const std::string& path, const std::string& name) { return find(zip_members(path), name) != nullptr; }

NpzArray open_npz(const std::string& path, const std::string& name) {
  const std::vector<ZipMember> members = zip_members(path);
  const ZipMember* const member = find(members, name);
  if (!member) {
    const bool archives = std::any_of(members.begin(), members.end(), [](const ZipMember& m) { return m.name.ends_with(".npz"); });
    throw Error(Fault::file, fmt::format("{}: no array '{}'; {}{}", path, name, names_of(members), archives ? "; unpack it" : ""));
  }
  NpzArray array{path, name, *member, {}};
  constexpr std::uint64_t head = 1 << 16;
  const std::vector<std::uint8_t> bytes = read_zip_member(path, *member, head);
  std::istringstream in(std::string(bytes.begin(), bytes.end()));
  array.header = read_npy_header(array.place(), in);
  if (array.header.fortran && array.header.rows > 1) throw Error(Fault::file, array.place() + ": the array lies columns first; save numpy.ascontiguousarray(array)");
  const std::uint64_t wanted = array.header.length + static_cast<std::uint64_t>(array.header.count()) * array.header.type.size;
  if (wanted != member->size)
    throw Error(Fault::file, fmt::format("{}: {} x {} numbers of {} bytes make {} bytes with the header, but there are {}", array.place(), array.header.rows, array.header.columns, array.header.type.size, wanted, member->size));
  return array;
}

std::vector<std::uint8_t> read_npz(const NpzArray& array, Index count) {
  const std::size_t wanted = array.header.length + static_cast<std::size_t>(std::min(count, array.header.count())) * array.header.type.size;
  std::vector<std::uint8_t> bytes = read_zip_member(array.path, array.member, wanted);
  if (bytes.size() < wanted) throw Error(Fault::file, fmt::format("{}: {} bytes are wanted, but there are {}; fetch the file again", array.place(), wanted, bytes.size()));
  bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(array.header.length));
  return bytes;
}

}  // namespace settle
