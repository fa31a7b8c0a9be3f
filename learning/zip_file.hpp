// Members of a zip archive, stored or deflated: what NumPy's savez and savez_compressed write.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace settle {

struct ZipMember {
  std::string name;
  std::uint64_t at = 0;      ///< of its local header
  std::uint64_t packed = 0;  ///< bytes in the archive
  std::uint64_t size = 0;    ///< bytes of the content
  int method = 0;            ///< 0 stored, 8 deflated
};

/// From the directory at the archive's end. Throws Error(Fault::file) if the file is missing or no whole archive.
std::vector<ZipMember> zip_members(const std::string& path);

/// The first `most` bytes of a member's content. Throws Error(Fault::file) if there are fewer than it says.
std::vector<std::uint8_t> read_zip_member(const std::string& path, const ZipMember& member, std::uint64_t most = UINT64_MAX);

}  // namespace settle
