// Bytes of a file, plain or packed by gzip: the content tells, not the name.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace settle {

/// The first `most` bytes. Throws Error(Fault::file) if the file is missing or its packing is broken.
std::vector<std::uint8_t> read_bytes(const std::string& path, std::size_t most = SIZE_MAX);

/// Bytes of the content: of a plain file without reading it.
std::size_t count_bytes(const std::string& path);

}  // namespace settle
